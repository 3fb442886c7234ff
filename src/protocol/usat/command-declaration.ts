import {
  COMPREHENSION_REQUIRED,
  CodecError,
  comprehensionTlvSet,
  type Format,
  format,
  listOf,
  octets,
  optional,
  type Reader,
  required,
  rest,
  struct,
  u8,
  type Writer,
} from '#base/codec/index.ts';
import {
  COMMAND_TYPE,
  type CommandDetails,
  cardReader,
  commandDetailsValue,
  DEVICE,
  deviceIdentities,
  duration,
  must,
  raw,
  readerDevice,
  someRaw,
  TAG,
  textStringValue,
  timerIdentifier,
  timerValue,
} from './element.ts';
import { LOCAL_INFORMATION, type ProactiveCommand, REFRESH_MODE } from './proactive-command.ts';

const TIMER_ACTION = { start: 0, deactivate: 1, getValue: 2 } as const;
const READER_QUESTION = { status: 0, identifier: 1 } as const;

/** Command details and destination: what every command begins with. */
interface Head {
  readonly details: CommandDetails;
  readonly destination: number;
}

/**
 * How the commands of one type are read behind their head, and written whole. Methods, so that a table can hold all
 * types.
 */
interface Declaration<C extends ProactiveCommand> {
  read(reader: Reader, head: Head): C;
  write(writer: Writer, command: C): void;
  details(command: C): CommandDetails;
}

type Of<T extends ProactiveCommand['type']> = Extract<ProactiveCommand, { readonly type: T }>;

/** Reads one object of a known tag, whatever its comprehension flag. */
function readObject<T>(reader: Reader, tag: number, name: string, value: Format<T>): T {
  reader.field = name;
  const at = reader.position;
  const found = reader.u8() & ~COMPREHENSION_REQUIRED;
  if (found !== tag) throw reader.error(`expected tag ${tag}, got ${found.toString(16)}`, at);
  return reader.within(reader.u8(), (inner) => value.read(inner));
}

function writeHead(writer: Writer, details: CommandDetails, destination: number): void {
  writer.field = 'command details';
  if (details.number < 1 || details.number > 0xfe)
    throw writer.error(`expected a command number 1 to 254, got ${details.number}`);
  writer.u8(must(TAG.commandDetails));
  writer.u8(3);
  commandDetailsValue.write(writer, details);
  writer.field = 'device identities';
  writer.u8(must(TAG.deviceIdentities));
  writer.u8(2);
  deviceIdentities.write(writer, { source: DEVICE.uicc, destination });
}

/**
 * Declares the commands of a type: `objects` are what stands behind the head; `read` makes the command of them, `write`
 * takes it apart again into qualifier, destination and objects.
 */
function declare<T extends Exclude<ProactiveCommand['type'], 'UNKNOWN'>, O>(
  type: T,
  objects: Format<O>,
  read: (objects: O, head: Head, reader: Reader) => Of<T>,
  write: (command: Of<T>) => { readonly qualifier?: number; readonly destination?: number; readonly objects: O },
): Declaration<Of<T>> {
  const code = COMMAND_TYPE[type];
  const detailsFor = ({ number }: ProactiveCommand, qualifier = 0): CommandDetails => ({
    number,
    type: code,
    qualifier,
  });
  return {
    read: (reader, head) => read(objects.read(reader), head, reader),
    write(writer, command) {
      const parts = write(command);
      writeHead(writer, detailsFor(command, parts.qualifier), parts.destination ?? DEVICE.terminal);
      objects.write(writer, parts.objects);
    },
    details: (command) => detailsFor(command, write(command).qualifier),
  };
}

/** The name of a code, for a qualifier that has no other place. Throws CodecError at the qualifier. */
function named<N extends string>(codes: Readonly<Record<N, number>>, qualifier: number, reader: Reader): N {
  for (const name in codes) if (codes[name] === qualifier) return name;
  throw new CodecError('command qualifier', reader.position, `expected one of ${Object.keys(codes)}, got ${qualifier}`);
}

function readerOf(head: Head, reader: Reader): number {
  const number = cardReader(head.destination);
  if (number === undefined)
    throw new CodecError(
      'device identities',
      reader.position,
      `expected a card reader 10 to 17, got ${head.destination}`,
    );
  return number;
}

const NO_OBJECTS = comprehensionTlvSet({});
const ALPHA = optional(must(TAG.alphaIdentifier), raw);
const FILES = struct({ count: u8, paths: rest(0, 240) });

const DECLARED: { readonly [T in Exclude<ProactiveCommand['type'], 'UNKNOWN'>]: Declaration<Of<T>> } = {
  'PERFORM CARD APDU': declare(
    'PERFORM CARD APDU',
    comprehensionTlvSet({ apdu: required(must(TAG.commandApdu), someRaw) }),
    ({ apdu }, head, reader) => ({
      type: 'PERFORM CARD APDU',
      number: head.details.number,
      reader: readerOf(head, reader),
      apdu,
    }),
    ({ reader, apdu }) => ({ destination: readerDevice(reader), objects: { apdu } }),
  ),
  'POWER ON CARD': declare(
    'POWER ON CARD',
    NO_OBJECTS,
    (_, head, reader) => ({ type: 'POWER ON CARD', number: head.details.number, reader: readerOf(head, reader) }),
    ({ reader }) => ({ destination: readerDevice(reader), objects: {} }),
  ),
  'POWER OFF CARD': declare(
    'POWER OFF CARD',
    NO_OBJECTS,
    (_, head, reader) => ({ type: 'POWER OFF CARD', number: head.details.number, reader: readerOf(head, reader) }),
    ({ reader }) => ({ destination: readerDevice(reader), objects: {} }),
  ),
  'GET READER STATUS': declare(
    'GET READER STATUS',
    NO_OBJECTS,
    (_, head, reader) => {
      const ask = named(READER_QUESTION, head.details.qualifier, reader);
      const common = { type: 'GET READER STATUS', number: head.details.number } as const;
      return ask === 'status' ? { ...common, ask } : { ...common, ask, reader: readerOf(head, reader) };
    },
    (command) => ({
      qualifier: READER_QUESTION[command.ask],
      destination: command.ask === 'status' ? DEVICE.terminal : readerDevice(command.reader),
      objects: {},
    }),
  ),
  'PROVIDE LOCAL INFORMATION': declare(
    'PROVIDE LOCAL INFORMATION',
    NO_OBJECTS,
    (_, { details }, reader) => ({
      type: 'PROVIDE LOCAL INFORMATION',
      number: details.number,
      information: named(LOCAL_INFORMATION, details.qualifier, reader),
    }),
    ({ information }) => ({ qualifier: LOCAL_INFORMATION[information], objects: {} }),
  ),
  'DISPLAY TEXT': declare(
    'DISPLAY TEXT',
    comprehensionTlvSet({
      text: required(must(TAG.textString), textStringValue),
      immediate: optional(must(TAG.immediateResponse), octets(0)),
      duration: optional(must(TAG.duration), duration),
    }),
    ({ text, immediate, duration }, { details }) => ({
      type: 'DISPLAY TEXT',
      number: details.number,
      priority: (details.qualifier & 0x01) !== 0 ? 'high' : 'normal',
      cleared: (details.qualifier & 0x80) !== 0 ? 'byUser' : 'afterDelay',
      text,
      immediateResponse: immediate !== undefined,
      ...(duration && { duration }),
    }),
    (command) => ({
      qualifier: (command.priority === 'high' ? 0x01 : 0) | (command.cleared === 'byUser' ? 0x80 : 0),
      destination: DEVICE.display,
      objects: {
        text: command.text,
        ...(command.immediateResponse && { immediate: new Uint8Array(0) }),
        ...(command.duration && { duration: command.duration }),
      },
    }),
  ),
  'SEND SHORT MESSAGE': declare(
    'SEND SHORT MESSAGE',
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      address: optional(must(TAG.address), someRaw),
      tpdu: required(must(TAG.smsTpdu), someRaw),
    }),
    (objects, { details }) => ({
      type: 'SEND SHORT MESSAGE',
      number: details.number,
      packing: (details.qualifier & 0x01) !== 0,
      ...objects,
    }),
    ({ packing, ...objects }) => ({ qualifier: packing ? 1 : 0, destination: DEVICE.network, objects }),
  ),
  'SET UP CALL': declare(
    'SET UP CALL',
    comprehensionTlvSet({ alphaIdentifier: ALPHA, address: required(must(TAG.address), someRaw) }),
    (objects, { details }) => ({ type: 'SET UP CALL', number: details.number, ...objects }),
    ({ alphaIdentifier, address }) => ({
      destination: DEVICE.network,
      objects: alphaIdentifier ? { alphaIdentifier, address } : { address },
    }),
  ),
  'SET UP EVENT LIST': declare(
    'SET UP EVENT LIST',
    comprehensionTlvSet({ events: required(must(TAG.eventList), listOf(u8, 64)) }),
    ({ events }, { details }) => ({ type: 'SET UP EVENT LIST', number: details.number, events }),
    ({ events }) => ({ objects: { events } }),
  ),
  'POLL INTERVAL': declare(
    'POLL INTERVAL',
    comprehensionTlvSet({ interval: required(must(TAG.duration), duration) }),
    ({ interval }, { details }) => ({ type: 'POLL INTERVAL', number: details.number, interval }),
    ({ interval }) => ({ objects: { interval } }),
  ),
  'POLLING OFF': declare(
    'POLLING OFF',
    NO_OBJECTS,
    (_, head) => ({ type: 'POLLING OFF', number: head.details.number }),
    () => ({ objects: {} }),
  ),
  'MORE TIME': declare(
    'MORE TIME',
    NO_OBJECTS,
    (_, head) => ({ type: 'MORE TIME', number: head.details.number }),
    () => ({ objects: {} }),
  ),
  'TIMER MANAGEMENT': declare(
    'TIMER MANAGEMENT',
    comprehensionTlvSet({
      timer: required(must(TAG.timerIdentifier), timerIdentifier),
      seconds: optional(must(TAG.timerValue), timerValue),
    }),
    ({ timer, seconds }, { details }, reader) => {
      const action = named(TIMER_ACTION, details.qualifier & 3, reader);
      const common = { type: 'TIMER MANAGEMENT', number: details.number, timer } as const;
      if (action !== 'start') return { ...common, action };
      if (seconds === undefined) throw new CodecError('timer value', reader.position, 'expected, but missing');
      return { ...common, action, seconds };
    },
    (command) => ({
      qualifier: TIMER_ACTION[command.action],
      objects: { timer: command.timer, ...(command.action === 'start' && { seconds: command.seconds }) },
    }),
  ),
  REFRESH: declare(
    'REFRESH',
    comprehensionTlvSet({ files: optional(must(TAG.fileList), FILES), aid: optional(must(TAG.aid), rest(5, 16)) }),
    (objects, { details }, reader) => ({
      type: 'REFRESH',
      number: details.number,
      mode: named(REFRESH_MODE, details.qualifier, reader),
      ...objects,
    }),
    ({ mode, ...objects }) => ({ qualifier: REFRESH_MODE[mode], objects }),
  ),
  'RUN AT COMMAND': declare(
    'RUN AT COMMAND',
    comprehensionTlvSet({ alphaIdentifier: ALPHA, atCommand: required(must(TAG.atCommand), someRaw) }),
    (objects, { details }) => ({ type: 'RUN AT COMMAND', number: details.number, ...objects }),
    (objects) => ({ objects }),
  ),
  'PLAY TONE': declare(
    'PLAY TONE',
    comprehensionTlvSet({
      alphaIdentifier: ALPHA,
      tone: optional(must(TAG.tone), u8),
      duration: optional(must(TAG.duration), duration),
    }),
    (objects, { details }) => ({
      type: 'PLAY TONE',
      number: details.number,
      qualifier: details.qualifier,
      ...objects,
    }),
    ({ qualifier, ...objects }) => ({ qualifier, destination: DEVICE.earpiece, objects }),
  ),
};

const BY_CODE = new Map<number, Declaration<ProactiveCommand>>();
// Each declaration gets only commands of its own type: they are found by the code of the type.
for (const type in DECLARED) {
  const name = type as keyof typeof DECLARED;
  BY_CODE.set(COMMAND_TYPE[name], DECLARED[name] as Declaration<ProactiveCommand>);
}

/** Tag of a proactive command (TS 101 220 7.2, BER-TLV). */
export const PROACTIVE_COMMAND = 0xd0;

/** Command details, then device identities: always the first two, in this order (TS 102 223 6.6). */
function readHead(reader: Reader): Head {
  const details = readObject(reader, TAG.commandDetails, 'command details', commandDetailsValue);
  const devices = readObject(reader, TAG.deviceIdentities, 'device identities', deviceIdentities);
  return { details, destination: devices.destination };
}

/** The inside of the proactive command BER-TLV, declared for every type. */
export const commandObjects: Format<ProactiveCommand> = format(
  (reader) => {
    const head = readHead(reader);
    const declaration = BY_CODE.get(head.details.type);
    if (declaration !== undefined) return declaration.read(reader, head);
    const { number, type: code, qualifier } = head.details;
    return { type: 'UNKNOWN', number, code, qualifier, destination: head.destination, objects: reader.rest().slice() };
  },
  (writer, command) => {
    if (command.type === 'UNKNOWN') {
      const { number, code, qualifier, destination, objects } = command;
      writeHead(writer, { number, type: code, qualifier }, destination);
      writer.put(objects);
    } else (DECLARED[command.type] as Declaration<ProactiveCommand>).write(writer, command);
  },
);

/** The command details that a command is sent with. */
export function declaredDetails(command: ProactiveCommand): CommandDetails {
  if (command.type === 'UNKNOWN') return { number: command.number, type: command.code, qualifier: command.qualifier };
  return (DECLARED[command.type] as Declaration<ProactiveCommand>).details(command);
}
