import {
  bitFlag,
  bitNames,
  bits,
  CodecError,
  comprehensionTlvSet,
  listOf,
  optional,
  required,
  rest,
  struct,
  u8,
} from '#base/codec/index.ts';
import { ALPHA, declare, NO_OBJECTS, NO_QUALIFIER, named, plain, TO_READER, to } from './command-declaration.ts';
import { LOOK } from './display-element.ts';
import {
  cardReader,
  DEVICE,
  duration,
  must,
  octetPair,
  raw,
  readerDevice,
  someRaw,
  TAG,
  timerIdentifier,
  timerValue,
} from './element.ts';

/** What PROVIDE LOCAL INFORMATION asks for: its qualifier (TS 102 223 8.6). */
export const LOCAL_INFORMATION = {
  location: 0x00,
  imei: 0x01,
  networkMeasurement: 0x02,
  dateTime: 0x03,
  language: 0x04,
  timingAdvance: 0x05,
  accessTechnology: 0x06,
  esn: 0x07,
  imeiSv: 0x08,
  searchMode: 0x09,
  batteryState: 0x0a,
} as const;
/** What PROVIDE LOCAL INFORMATION asks for. */
export type LocalInformation = keyof typeof LOCAL_INFORMATION;

/** What REFRESH makes the terminal do: its qualifier (TS 102 223 8.6, TS 31.111 8.6). */
export const REFRESH_MODE = {
  initialisationAndFullFileChange: 0x00,
  fileChange: 0x01,
  initialisationAndFileChange: 0x02,
  initialisation: 0x03,
  uiccReset: 0x04,
  applicationReset: 0x05,
  sessionReset: 0x06,
  steeringOfRoaming: 0x07,
} as const;
/** What REFRESH makes the terminal do. */
export type RefreshMode = keyof typeof REFRESH_MODE;

/** Files of a REFRESH (TS 102 223 8.18): how many, and their paths one after another, each from 3F00 or 7FFF on. */
const files = struct({ count: u8, paths: rest(0, 240) });

const TIMER_ACTION = { start: 0, deactivate: 1, getValue: 2 } as const;
const READER_QUESTION = { status: 0, identifier: 1 } as const;

/** GET READER STATUS asks the terminal about all readers, or one reader about itself (TS 102 223 6.4.19). */
type GetReaderStatus = { readonly type: 'GET READER STATUS'; readonly number: number } & (
  | { readonly ask: 'status' }
  | { readonly ask: 'identifier'; readonly reader: number }
);
/** TIMER MANAGEMENT: only a start has a value (TS 102 223 6.4.21). */
type TimerManagement = { readonly type: 'TIMER MANAGEMENT'; readonly number: number; readonly timer: number } & (
  | { readonly action: 'start'; readonly seconds: number }
  | { readonly action: 'deactivate' | 'getValue' }
);

const TERMINAL = to(DEVICE.terminal);

/** Commands about the terminal itself, its timers and its other card readers (TS 102 223 6.6.1 to 6.6.4, 6.6.15 to 6.6.21). */
export const TERMINAL_COMMANDS = {
  'PERFORM CARD APDU': plain(
    'PERFORM CARD APDU',
    TO_READER,
    NO_QUALIFIER,
    comprehensionTlvSet({ apdu: required(must(TAG.commandApdu), someRaw) }),
  ),
  'POWER ON CARD': plain('POWER ON CARD', TO_READER, NO_QUALIFIER, NO_OBJECTS),
  'POWER OFF CARD': plain('POWER OFF CARD', TO_READER, NO_QUALIFIER, NO_OBJECTS),
  'GET READER STATUS': declare(
    'GET READER STATUS',
    NO_OBJECTS,
    (_, { details, destination }, reader): GetReaderStatus => {
      const ask = named(READER_QUESTION, details.qualifier, reader);
      const common = { type: 'GET READER STATUS', number: details.number } as const;
      if (ask === 'status') return { ...common, ask };
      const asked = cardReader(destination);
      if (asked === undefined)
        throw new CodecError('device identities', 0, `expected a card reader 10 to 17, got ${destination}`);
      return { ...common, ask, reader: asked };
    },
    (command) => ({
      qualifier: READER_QUESTION[command.ask],
      destination: command.ask === 'status' ? DEVICE.terminal : readerDevice(command.reader),
      objects: {},
    }),
  ),
  'PROVIDE LOCAL INFORMATION': plain(
    'PROVIDE LOCAL INFORMATION',
    TERMINAL,
    bits(1, { information: bitNames(0, 8, LOCAL_INFORMATION) }),
    NO_OBJECTS,
  ),
  'SET UP EVENT LIST': plain(
    'SET UP EVENT LIST',
    TERMINAL,
    NO_QUALIFIER,
    comprehensionTlvSet({ events: required(must(TAG.eventList), listOf(u8, 64)) }),
  ),
  'POLL INTERVAL': plain(
    'POLL INTERVAL',
    TERMINAL,
    NO_QUALIFIER,
    comprehensionTlvSet({ interval: required(must(TAG.duration), duration) }),
  ),
  'POLLING OFF': plain('POLLING OFF', TERMINAL, NO_QUALIFIER, NO_OBJECTS),
  'MORE TIME': plain('MORE TIME', TERMINAL, NO_QUALIFIER, NO_OBJECTS),
  'TIMER MANAGEMENT': declare(
    'TIMER MANAGEMENT',
    comprehensionTlvSet({
      timer: required(must(TAG.timerIdentifier), timerIdentifier),
      seconds: optional(must(TAG.timerValue), timerValue),
    }),
    ({ timer, seconds }, { details }, reader): TimerManagement => {
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
  REFRESH: plain(
    'REFRESH',
    TERMINAL,
    bits(1, { mode: bitNames(0, 8, REFRESH_MODE) }),
    comprehensionTlvSet({
      files: optional(must(TAG.fileList), files),
      aid: optional(must(TAG.aid), rest(5, 16)),
      alphaIdentifier: ALPHA,
      ...LOOK,
      /** For steering of roaming: PLMNs with access technology, five octets each. */
      plmnList: optional(must(TAG.plmnList), raw),
    }),
  ),
  'RUN AT COMMAND': plain(
    'RUN AT COMMAND',
    TERMINAL,
    NO_QUALIFIER,
    comprehensionTlvSet({ alphaIdentifier: ALPHA, atCommand: required(must(TAG.atCommand), someRaw), ...LOOK }),
  ),
  /** `specific`: the language named, or with none the user's own again; otherwise this is the language of now. */
  'LANGUAGE NOTIFICATION': plain(
    'LANGUAGE NOTIFICATION',
    TERMINAL,
    bits(1, { isSpecific: bitFlag(0) }),
    comprehensionTlvSet({ language: optional(must(TAG.language), octetPair) }),
  ),
};
