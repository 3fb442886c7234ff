import {
  bitFlag,
  bitNumber,
  bits,
  COMPREHENSION_REQUIRED,
  enumeration,
  type Format,
  format,
  type Infer,
  map,
  octets,
  rest,
  struct,
  u8,
} from '#base/codec/index.ts';
import type { TextString } from './text-string.ts';

/** Tags of the elements (TS 101 220 7.2, COMPREHENSION-TLV), without the comprehension-required flag. */
export const TAG = {
  commandDetails: 0x01,
  deviceIdentities: 0x02,
  result: 0x03,
  duration: 0x04,
  alphaIdentifier: 0x05,
  address: 0x06,
  capabilityConfiguration: 0x07,
  subaddress: 0x08,
  supplementaryService: 0x09,
  ussd: 0x0a,
  smsTpdu: 0x0b,
  cellBroadcastPage: 0x0c,
  textString: 0x0d,
  tone: 0x0e,
  item: 0x0f,
  itemIdentifier: 0x10,
  responseLength: 0x11,
  fileList: 0x12,
  location: 0x13,
  imei: 0x14,
  helpRequest: 0x15,
  networkMeasurement: 0x16,
  defaultText: 0x17,
  nextActions: 0x18,
  eventList: 0x19,
  cause: 0x1a,
  locationStatus: 0x1b,
  transactionIdentifier: 0x1c,
  bcchChannels: 0x1d,
  icon: 0x1e,
  itemIcons: 0x1f,
  cardReaderStatus: 0x20,
  cardAtr: 0x21,
  commandApdu: 0x22,
  responseApdu: 0x23,
  timerIdentifier: 0x24,
  timerValue: 0x25,
  dateTime: 0x26,
  atCommand: 0x28,
  atResponse: 0x29,
  bcRepeat: 0x2a,
  immediateResponse: 0x2b,
  dtmf: 0x2c,
  language: 0x2d,
  timingAdvance: 0x2e,
  aid: 0x2f,
  browserIdentity: 0x30,
  url: 0x31,
  bearers: 0x32,
  provisioningFile: 0x33,
  browserTermination: 0x34,
  bearerDescription: 0x35,
  channelData: 0x36,
  channelDataLength: 0x37,
  channelStatus: 0x38,
  bufferSize: 0x39,
  cardReaderIdentifier: 0x3a,
  transport: 0x3c,
  otherAddress: 0x3e,
  accessTechnology: 0x3f,
  displayParameters: 0x40,
  esn: 0x46,
  networkAccessName: 0x47,
  textAttribute: 0x50,
  itemTextAttributes: 0x51,
  imeiSv: 0x62,
  batteryState: 0x63,
  browsingStatus: 0x64,
  searchMode: 0x65,
  framesInformation: 0x67,
  frame: 0x68,
  plmnList: 0x72,
  updateAttachType: 0x74,
  rejectionCause: 0x75,
  trackingArea: 0x7d,
} as const;

/** A tag as it is written: with the comprehension-required flag. */
export const must = (tag: number): number => tag | COMPREHENSION_REQUIRED;

/** Device identities (TS 102 223 8.7). Additional card readers 0 to 7 are 10 to 17: see `cardReader`. */
export const DEVICE = {
  keypad: 0x01,
  display: 0x02,
  earpiece: 0x03,
  uicc: 0x81,
  terminal: 0x82,
  network: 0x83,
} as const;

const FIRST_READER = 0x10;
const READERS = 8;
const BEFORE_CHANNELS = 0x20;
const CHANNELS = 7;

/**
 * The number 0 to 7 of an additional card reader's device identity; undefined when the device is none (TS 102 223 8.7).
 */
export function cardReader(device: number): number | undefined {
  const reader = device - FIRST_READER;
  return reader >= 0 && reader < READERS ? reader : undefined;
}

/** Device identity of additional card reader `reader`; NaN, which no writer takes, unless it is 0 to 7. */
export function readerDevice(reader: number): number {
  return reader >= 0 && reader < READERS && Number.isInteger(reader) ? FIRST_READER + reader : Number.NaN;
}

/** The number 1 to 7 of a channel's device identity; undefined when the device is none (TS 102 223 8.7). */
export function channelOf(device: number): number | undefined {
  const channel = device - BEFORE_CHANNELS;
  return channel >= 1 && channel <= CHANNELS ? channel : undefined;
}

/** Device identity of channel `channel`; NaN, which no writer takes, unless it is 1 to 7. */
export function channelDevice(channel: number): number {
  return channel >= 1 && channel <= CHANNELS && Number.isInteger(channel) ? BEFORE_CHANNELS + channel : Number.NaN;
}

/** Command types by the name of the command (TS 102 223 9.4). */
export const COMMAND_TYPE = {
  REFRESH: 0x01,
  'MORE TIME': 0x02,
  'POLL INTERVAL': 0x03,
  'POLLING OFF': 0x04,
  'SET UP EVENT LIST': 0x05,
  'SET UP CALL': 0x10,
  'SEND SS': 0x11,
  'SEND USSD': 0x12,
  'SEND SHORT MESSAGE': 0x13,
  'SEND DTMF': 0x14,
  'LAUNCH BROWSER': 0x15,
  'PLAY TONE': 0x20,
  'DISPLAY TEXT': 0x21,
  'GET INKEY': 0x22,
  'GET INPUT': 0x23,
  'SELECT ITEM': 0x24,
  'SET UP MENU': 0x25,
  'PROVIDE LOCAL INFORMATION': 0x26,
  'TIMER MANAGEMENT': 0x27,
  'SET UP IDLE MODE TEXT': 0x28,
  'PERFORM CARD APDU': 0x30,
  'POWER ON CARD': 0x31,
  'POWER OFF CARD': 0x32,
  'GET READER STATUS': 0x33,
  'RUN AT COMMAND': 0x34,
  'LANGUAGE NOTIFICATION': 0x35,
  'OPEN CHANNEL': 0x40,
  'CLOSE CHANNEL': 0x41,
  'RECEIVE DATA': 0x42,
  'SEND DATA': 0x43,
  'GET CHANNEL STATUS': 0x44,
} as const;
/** Name of a proactive command. */
export type CommandName = keyof typeof COMMAND_TYPE;

/**
 * Command details (TS 102 223 8.6): the terminal echoes them in its response. `number` is 01 to FE, `type` a
 * COMMAND_TYPE.
 */
export const commandDetailsValue = struct({ number: u8, type: u8, qualifier: u8 });
/** Command details (TS 102 223 8.6): number of the command, code of its type, qualifier. */
export type CommandDetails = Infer<typeof commandDetailsValue>;

/** Device identities (TS 102 223 8.7). */
export const deviceIdentities = struct({ source: u8, destination: u8 });

/** Duration (TS 102 223 8.8): `interval` 1 to 255 of a unit. */
export const duration = struct({
  unit: enumeration(u8, { minutes: 0, seconds: 1, tenthsOfSecond: 2 }),
  interval: u8,
});
/** Duration (TS 102 223 8.8). */
export type Duration = Infer<typeof duration>;

const NULL_TEXT_SCHEME = 0x04;

/** Text string (TS 102 223 8.15): empty, or coding scheme and text. The null text of 8-bit coding is an empty one. */
export const textStringValue: Format<TextString> = format(
  (reader) =>
    reader.remaining === 0
      ? { codingScheme: NULL_TEXT_SCHEME, octets: reader.rest() }
      : { codingScheme: reader.u8(), octets: reader.rest() },
  (writer, { codingScheme, octets: text }) => {
    if (codingScheme === NULL_TEXT_SCHEME && text.length === 0) return;
    writer.uint(1, codingScheme);
    writer.put(text);
  },
);

/** Text string of a TERMINAL RESPONSE: a text the person left empty has a coding scheme all the same (TS 102 384 27.22.4.3). */
export const answeredTextValue: Format<TextString> = format(textStringValue.read, (writer, text) => {
  writer.uint(1, text.codingScheme);
  writer.put(text.octets);
});

/** Card reader status (TS 102 223 8.33): one octet for one reader. */
export const readerStatus = bits(1, {
  reader: bitNumber(0, 3),
  isRemovable: bitFlag(3),
  isPresent: bitFlag(4),
  isId1Size: bitFlag(5),
  hasCard: bitFlag(6),
  isPowered: bitFlag(7),
});
/** Card reader status (TS 102 223 8.33). */
export type ReaderStatus = Infer<typeof readerStatus>;

const SECONDS_A_DAY = 86_400;
const LAST_TIMER = 8;

const pairOf = (value: number): number => ((value % 10) << 4) | Math.floor(value / 10);
const ofPair = (octet: number): number => (octet & 15) * 10 + (octet >> 4);

/** Timer value (TS 102 223 8.38): hours, minutes, seconds in semi-octets; here whole seconds, less than a day. */
export const timerValue: Format<number> = map(
  octets(3),
  (value, reader) => {
    for (const octet of value)
      if ((octet & 15) > 9 || octet >> 4 > 9) throw reader.error('expected decimal digits', reader.position - 3);
    const [hours, minutes, seconds] = [...value].map(ofPair) as [number, number, number];
    if (hours > 23 || minutes > 59 || seconds > 59)
      throw reader.error(`expected less than 24:00:00, got ${hours}:${minutes}:${seconds}`, reader.position - 3);
    return (hours * 60 + minutes) * 60 + seconds;
  },
  (seconds, writer) => {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds >= SECONDS_A_DAY)
      throw writer.error(`expected 0 to ${SECONDS_A_DAY - 1} seconds, got ${seconds}`);
    return Uint8Array.of(
      pairOf(Math.floor(seconds / 3600)),
      pairOf(Math.floor(seconds / 60) % 60),
      pairOf(seconds % 60),
    );
  },
);

/** Timer identifier (TS 102 223 8.37): 1 to 8. */
export const timerIdentifier: Format<number> = map(
  u8,
  (timer, reader) => {
    if (timer < 1 || timer > LAST_TIMER)
      throw reader.error(`expected a timer 1 to 8, got ${timer}`, reader.position - 1);
    return timer;
  },
  (timer, writer) => {
    if (timer < 1 || timer > LAST_TIMER) throw writer.error(`expected a timer 1 to 8, got ${timer}`);
    return timer;
  },
);

/** Two octets: a language of ISO 639-1 (TS 102 223 8.45). */
export const octetPair: Format<Uint8Array> = octets(2);

/** Octets that this room carries and does not look into. */
export const raw: Format<Uint8Array> = rest(0, 255);
/** The same, at least one octet. */
export const someRaw: Format<Uint8Array> = rest(1, 255);
