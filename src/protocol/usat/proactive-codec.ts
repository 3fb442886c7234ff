import { CodecError, concat, type Format, partOf, tagged } from '#base/codec/index.ts';
import { LOCAL_INFORMATION, type LocalInformation } from './command-terminal.ts';
import { COMMAND_TYPE, type CommandDetails, cardReader, DEVICE, must, TAG } from './element.ts';
import { commandObjects, declaredDetails, type ProactiveCommand } from './proactive-command.ts';

/** Tag of a proactive command (TS 101 220 7.2, BER-TLV). */
const PROACTIVE_COMMAND = 0xd0;

/** Longest proactive command in octets: what one FETCH brings (TS 102 223 6.6, TS 102 221 11.2.2). */
export const LONGEST_PROACTIVE_COMMAND = 256;

/** The proactive command as declared, for every type: what the quick paths below must equal. */
export const declaredProactiveCommand: Format<ProactiveCommand> = tagged(PROACTIVE_COMMAND, commandObjects);

// Three commands go over the interface at every power-on, for the proof of an IMEI, and DISPLAY TEXT when it fails. They have quick
// paths that read and write the usual order of octets directly; anything unusual goes through the declaration.

const DETAILS_TAG = must(TAG.commandDetails);
const DEVICES_TAG = must(TAG.deviceIdentities);
const APDU_TAG = must(TAG.commandApdu);
const TEXT_TAG = must(TAG.textString);
/** Octets of command details and device identities. */
const HEAD = 9;
const NAMES: readonly (LocalInformation | undefined)[] = nameList(LOCAL_INFORMATION);

function nameList<N extends string>(codes: Readonly<Record<N, number>>): readonly (N | undefined)[] {
  const names: (N | undefined)[] = [];
  for (const name in codes) names[codes[name]] = name;
  return names;
}

/**
 * The proactive command in the octets that FETCH brought, up to `end`. Octet strings of the result may be views. Throws CodecError
 * when they do not follow TS 102 223 6.6; `commandDetails` then still tells what to answer.
 */
export function decodeProactiveCommand(octets: Uint8Array, end: number = octets.length): ProactiveCommand {
  return quickDecode(octets, end) ?? declaredProactiveCommand.decode(partOf(octets, 0, end));
}

/**
 * The octets of a proactive command, ready for FETCH, and behind them as many octets 00 as the answer to FETCH needs for its status word.
 * Throws CodecError when a value does not fit, or over 256 octets.
 */
export function encodeProactiveCommand(command: ProactiveCommand, trailerLength = 0): Uint8Array {
  const octets =
    quickEncode(command, trailerLength) ??
    concat(declaredProactiveCommand.encode(command), new Uint8Array(trailerLength));
  const length = octets.length - trailerLength;
  if (length > LONGEST_PROACTIVE_COMMAND)
    throw new CodecError('proactive command', 0, `expected at most 256 octets, got ${length}: split its content`);
  return octets;
}

/**
 * The command details in the octets of a proactive command, up to `end`, as the terminal echoes them: also of one that
 * `decodeProactiveCommand` refused (the answer is then 31, 32 or 36). Undefined when not even they can be read.
 */
export function commandDetails(octets: Uint8Array, end: number = octets.length): CommandDetails | undefined {
  if (octets[0] !== PROACTIVE_COMMAND) return undefined;
  const at = octets[1] === 0x81 ? 3 : 2;
  if (end < at + HEAD || ((octets[at] as number) | 0x80) !== DETAILS_TAG || octets[at + 1] !== 3) return undefined;
  return { number: octets[at + 2] as number, type: octets[at + 3] as number, qualifier: octets[at + 4] as number };
}

/** The command details that a command is sent with. */
export function detailsOf(command: ProactiveCommand): CommandDetails {
  if (command.type === 'PERFORM CARD APDU')
    return { number: command.number, type: COMMAND_TYPE['PERFORM CARD APDU'], qualifier: 0 };
  return declaredDetails(command);
}

/**
 * Those commands in their usual form: tags with comprehension flag, at most one object behind the head. Otherwise
 * undefined.
 */
function quickDecode(octets: Uint8Array, end: number): ProactiveCommand | undefined {
  if (end < 2 + HEAD || octets[0] !== PROACTIVE_COMMAND) return undefined;
  let at = 2;
  let inside = octets[1] as number;
  if (inside >= 0x80) {
    if (inside !== 0x81) return undefined;
    inside = octets[2] as number;
    at = 3;
  }
  if (at + inside !== end || inside < HEAD || octets[at] !== DETAILS_TAG || octets[at + 1] !== 3) return undefined;
  if (octets[at + 5] !== DEVICES_TAG || octets[at + 6] !== 2) return undefined;
  const number = octets[at + 2] as number;
  const qualifier = octets[at + 4] as number;
  switch (octets[at + 3]) {
    case COMMAND_TYPE['PERFORM CARD APDU']:
      return quickCardApdu(octets, at + HEAD, end, number, octets[at + 8] as number);
    case COMMAND_TYPE['POWER ON CARD']: {
      const reader = cardReader(octets[at + 8] as number);
      return inside !== HEAD || reader === undefined ? undefined : { type: 'POWER ON CARD', number, reader };
    }
    case COMMAND_TYPE['PROVIDE LOCAL INFORMATION']: {
      const information = NAMES[qualifier];
      if (inside !== HEAD || information === undefined) return undefined;
      return { type: 'PROVIDE LOCAL INFORMATION', number, information };
    }
    case COMMAND_TYPE['DISPLAY TEXT']:
      return quickText(octets, at + HEAD, end, number, qualifier);
    default:
      return undefined;
  }
}

/** Where the value of the object at `at` begins, when it has this tag, is not empty and ends at `end`; otherwise 0. */
function lastValue(octets: Uint8Array, at: number, end: number, tag: number): number {
  if (octets[at] !== tag) return 0;
  const length = octets[at + 1] as number;
  if (length === 0) return 0;
  if (length < 0x80) return at + 2 + length === end ? at + 2 : 0;
  return length === 0x81 && at + 3 + (octets[at + 2] as number) === end && at + 3 < end ? at + 3 : 0;
}

function quickCardApdu(
  octets: Uint8Array,
  at: number,
  end: number,
  number: number,
  device: number,
): ProactiveCommand | undefined {
  const value = lastValue(octets, at, end, APDU_TAG);
  const reader = cardReader(device);
  if (value === 0 || reader === undefined) return undefined;
  return { type: 'PERFORM CARD APDU', number, reader, apdu: partOf(octets, value, end) };
}

function quickText(
  octets: Uint8Array,
  at: number,
  end: number,
  number: number,
  qualifier: number,
): ProactiveCommand | undefined {
  const value = lastValue(octets, at, end, TEXT_TAG);
  if (value === 0) return undefined;
  return {
    type: 'DISPLAY TEXT',
    number,
    priority: (qualifier & 0x01) !== 0 ? 'high' : 'normal',
    cleared: (qualifier & 0x80) !== 0 ? 'byUser' : 'afterDelay',
    text: { codingScheme: octets[value] as number, octets: partOf(octets, value + 1, end) },
    immediateResponse: false,
  };
}

/** Nothing but a text, which is not the null text. */
function isBareText(command: Extract<ProactiveCommand, { readonly type: 'DISPLAY TEXT' }>): boolean {
  const { text, immediateResponse, duration, icon, textAttribute, frame } = command;
  return text.octets.length > 0 && !immediateResponse && !duration && !icon && !textAttribute && frame === undefined;
}

/** Those commands in their usual form. Values that do not fit go to the declaration, which refuses them. */
function quickEncode(command: ProactiveCommand, trailerLength: number): Uint8Array | undefined {
  const { number } = command;
  if ((number & 0xff) !== number || number === 0 || number === 0xff) return undefined;
  switch (command.type) {
    case 'PERFORM CARD APDU': {
      const { reader, apdu } = command;
      const length = apdu.length;
      if ((reader & 7) !== reader || length === 0 || length > 0xff) return undefined;
      const octets = headed(number, COMMAND_TYPE['PERFORM CARD APDU'], 0, 0x10 + reader, length, trailerLength);
      const value = octets.length - trailerLength - length;
      octets.set(apdu, value);
      return withTag(octets, value, APDU_TAG, length);
    }
    case 'POWER ON CARD': {
      const { reader } = command;
      if ((reader & 7) !== reader) return undefined;
      return headed(number, COMMAND_TYPE['POWER ON CARD'], 0, 0x10 + reader, 0, trailerLength);
    }
    case 'PROVIDE LOCAL INFORMATION':
      return headed(
        number,
        COMMAND_TYPE['PROVIDE LOCAL INFORMATION'],
        LOCAL_INFORMATION[command.information],
        DEVICE.terminal,
        0,
        trailerLength,
      );
    case 'DISPLAY TEXT': {
      const { text } = command;
      const length = text.octets.length + 1;
      if (!isBareText(command) || length > 0xff || text.codingScheme > 0xff) return undefined;
      const qualifier = (command.priority === 'high' ? 0x01 : 0) | (command.cleared === 'byUser' ? 0x80 : 0);
      const octets = headed(number, COMMAND_TYPE['DISPLAY TEXT'], qualifier, DEVICE.display, length, trailerLength);
      const value = octets.length - trailerLength - length;
      octets[value] = text.codingScheme;
      octets.set(text.octets, value + 1);
      return withTag(octets, value, TEXT_TAG, length);
    }
    default:
      return undefined;
  }
}

/**
 * D0, length, command details and device identities, with room behind for one object whose value has `value` octets; 0
 * is none; and for the trailer.
 */
function headed(
  number: number,
  type: number,
  qualifier: number,
  destination: number,
  value: number,
  trailerLength: number,
): Uint8Array {
  const inside = HEAD + (value === 0 ? 0 : value < 0x80 ? 2 + value : 3 + value);
  const at = inside < 0x80 ? 2 : 3;
  const octets = new Uint8Array(at + inside + trailerLength);
  octets[0] = PROACTIVE_COMMAND;
  if (at === 3) octets[1] = 0x81;
  octets[at - 1] = inside;
  octets[at] = DETAILS_TAG;
  octets[at + 1] = 3;
  octets[at + 2] = number;
  octets[at + 3] = type;
  octets[at + 4] = qualifier;
  octets[at + 5] = DEVICES_TAG;
  octets[at + 6] = 2;
  octets[at + 7] = DEVICE.uicc;
  octets[at + 8] = destination;
  return octets;
}

/** Puts tag and length in front of the value of `length` octets that begins at `value`. */
function withTag(octets: Uint8Array, value: number, tag: number, length: number): Uint8Array {
  octets[value - 1] = length;
  if (length < 0x80) octets[value - 2] = tag;
  else {
    octets[value - 2] = 0x81;
    octets[value - 3] = tag;
  }
  return octets;
}
