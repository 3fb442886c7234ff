import { CodecError, type Format, format, NO_OCTETS, partOf } from '#base/codec/index.ts';

/**
 * A command APDU (ISO/IEC 7816-3 12.1.3). `le` is the number of octets wanted, 1 to 256 (coded 00); absent in cases 1 and 3. `data` has 0
 * to 255 octets. With extended lengths (`isExtended`) `le` goes to 65,536 (coded 0000) and `data` to 65,535 octets.
 */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  readonly le?: number;
  /** Lc and Le stood, or are to stand, in the extended form. */
  readonly isExtended?: true;
}

/** Longest data field of a short command, in octets. */
export const LONGEST_COMMAND_DATA = 255;
/** Longest data field of a short response, in octets; also the Le that is coded 00. */
export const LONGEST_RESPONSE_DATA = 256;

/** The extended Le that is coded 0000. */
export const LONGEST_EXTENDED_RESPONSE_DATA = 65_536;

const HEADER = 4;
/** 00, and two octets of length. */
const EXTENDED_LENGTH = 3;
const LONGEST_EXTENDED_DATA = 0xffff;

/** Whether the octets are a command with extended lengths: 00 at Lc with more behind it (ISO/IEC 7816-3 12.1.3). */
export function isExtendedCommand(octets: Uint8Array): boolean {
  return octets.length > HEADER + 1 && octets[HEADER] === 0;
}

/**
 * The command in these octets: cases 1 to 4, short or extended. The data is only to be read (`partOf`). Throws CodecError when lengths do
 * not fit.
 */
export function decodeCommand(octets: Uint8Array): CommandApdu {
  const length = octets.length;
  if (length < HEADER) throw new CodecError('command header', length, `expected 4 octets, got ${length}`);
  const cla = octets[0] as number;
  const ins = octets[1] as number;
  const p1 = octets[2] as number;
  const p2 = octets[3] as number;
  if (length === HEADER) return { cla, ins, p1, p2, data: NO_OCTETS };
  const p3 = octets[4] as number;
  if (length === HEADER + 1) return { cla, ins, p1, p2, data: NO_OCTETS, le: p3 === 0 ? LONGEST_RESPONSE_DATA : p3 };
  if (p3 === 0) return { cla, ins, p1, p2, ...extendedBody(octets) };
  const end = HEADER + 1 + p3;
  if (length !== end && length !== end + 1)
    throw new CodecError('Lc', HEADER, `expected ${length - HEADER - 1} or one less, got ${p3}`);
  const data = partOf(octets, HEADER + 1, end);
  if (length === end) return { cla, ins, p1, p2, data };
  const le = octets[end] as number;
  return { cla, ins, p1, p2, data, le: le === 0 ? LONGEST_RESPONSE_DATA : le };
}

const extendedLe = (octets: Uint8Array, at: number) =>
  ((octets[at] as number) << 8) | (octets[at + 1] as number) || LONGEST_EXTENDED_RESPONSE_DATA;

/** What follows the header in the extended cases: 00 Le Le; 00 Lc Lc data; 00 Lc Lc data Le Le. */
function extendedBody(octets: Uint8Array): Pick<CommandApdu, 'data' | 'le' | 'isExtended'> {
  const left = octets.length - HEADER - EXTENDED_LENGTH;
  if (left < 0) throw new CodecError('Lc', HEADER, `expected two octets of extended length, got ${2 + left}`);
  if (left === 0) return { data: NO_OCTETS, le: extendedLe(octets, HEADER + 1), isExtended: true };
  const lc = ((octets[HEADER + 1] as number) << 8) | (octets[HEADER + 2] as number);
  if (lc === 0 || (left !== lc && left !== lc + 2))
    throw new CodecError('Lc', HEADER, `expected ${left} or two less, and more than 0, got ${lc}`);
  const end = HEADER + EXTENDED_LENGTH + lc;
  const data = partOf(octets, HEADER + EXTENDED_LENGTH, end);
  return left === lc ? { data, isExtended: true } : { data, le: extendedLe(octets, end), isExtended: true };
}

/**
 * The octets of a command. Throws CodecError when data is longer than 255 octets or Le is outside 1 to 256; with extended lengths, 65,535
 * and 65,536.
 */
export function encodeCommand(command: CommandApdu): Uint8Array {
  const { data, le, isExtended = false } = command;
  const mostData = isExtended ? LONGEST_EXTENDED_DATA : LONGEST_COMMAND_DATA;
  const mostLe = isExtended ? LONGEST_EXTENDED_RESPONSE_DATA : LONGEST_RESPONSE_DATA;
  if (data.length > mostData)
    throw new CodecError('Lc', HEADER, `expected at most ${mostData} octets of data, got ${data.length}`);
  if (le !== undefined && (le < 1 || le > mostLe))
    throw new CodecError('Le', HEADER, `expected 1 to ${mostLe}, got ${le}`);
  const octets = isExtended ? extendedOctets(command) : shortOctets(command);
  octets[0] = command.cla;
  octets[1] = command.ins;
  octets[2] = command.p1;
  octets[3] = command.p2;
  return octets;
}

function shortOctets({ data, le }: CommandApdu): Uint8Array {
  const body = data.length === 0 ? 0 : data.length + 1;
  const octets = new Uint8Array(HEADER + body + (le === undefined ? 0 : 1));
  if (body > 0) {
    octets[HEADER] = data.length;
    octets.set(data, HEADER + 1);
  }
  if (le !== undefined) octets[HEADER + body] = le;
  return octets;
}

/** A command without data and Le has no length to extend. */
function extendedOctets({ data, le }: CommandApdu): Uint8Array {
  const body = data.length === 0 ? 0 : data.length + EXTENDED_LENGTH;
  const leAt = HEADER + Math.max(body, 1);
  const octets = new Uint8Array(le === undefined ? HEADER + body : leAt + 2);
  if (body > 0) {
    octets[HEADER + 1] = data.length >> 8;
    octets[HEADER + 2] = data.length;
    octets.set(data, HEADER + EXTENDED_LENGTH);
  }
  if (le !== undefined) {
    octets[leAt] = le >> 8;
    octets[leAt + 1] = le;
  }
  return octets;
}

/** The command APDU as a declared format: for tables, property tests and nesting. */
export const commandApdu: Format<CommandApdu> = format(
  (reader) => decodeCommand(reader.rest()),
  (writer, command) => writer.put(encodeCommand(command)),
);
