import {
  COMPREHENSION_REQUIRED,
  CodecError,
  comprehensionTlvSet,
  concat,
  type Format,
  listOf,
  many,
  map,
  NO_OCTETS,
  octets,
  optional,
  partOf,
  required,
  struct,
  u8,
  u16,
} from '#base/codec/index.ts';
import {
  type BearerDescription,
  bearerDescription,
  type ChannelStatus,
  channelStatus,
  type OtherAddress,
  otherAddress,
} from './channel-element.ts';
import {
  answeredTextValue,
  type CommandDetails,
  commandDetailsValue,
  DEVICE,
  type Duration,
  deviceIdentities,
  duration,
  must,
  type ReaderStatus,
  raw,
  readerStatus,
  TAG,
  timerIdentifier,
  timerValue,
} from './element.ts';
import type { TextString } from './text-string.ts';

/** Longest data of TERMINAL RESPONSE in octets: a short command APDU. A C-APDU must be cut so that its answer fits. */
export const LONGEST_TERMINAL_RESPONSE = 255;

/**
 * What the terminal answers to a proactive command (TS 102 223 6.8): the details it echoes, the general result
 * (GENERAL_RESULT) with additional information, and what the command asked for. Octet strings may be views of the
 * octets given to the decoder.
 */
export interface TerminalResponse {
  readonly details: CommandDetails;
  readonly general: number;
  readonly additional: Uint8Array;
  /** PERFORM CARD APDU: data and SW1 SW2. */
  readonly responseApdu?: Uint8Array;
  /** POWER ON CARD: the answer to reset. */
  readonly atr?: Uint8Array;
  /** GET READER STATUS: one for each reader. */
  readonly readers?: readonly ReaderStatus[];
  readonly readerIdentifier?: Uint8Array;
  /** PROVIDE LOCAL INFORMATION: 8 octets, see base/identity. */
  readonly imei?: Uint8Array;
  /** PROVIDE LOCAL INFORMATION: 9 octets, see base/identity. */
  readonly imeiSv?: Uint8Array;
  /** MCC, MNC, area code, cell, as TS 31.111 8.13 codes them. */
  readonly location?: Uint8Array;
  readonly networkMeasurement?: Uint8Array;
  /** Seven octets of date, time and time zone (TS 102 223 8.39). */
  readonly dateTime?: Uint8Array;
  /** Two octets, ISO 639-1. */
  readonly language?: Uint8Array;
  readonly timingAdvance?: Uint8Array;
  readonly accessTechnology?: Uint8Array;
  readonly batteryState?: number;
  readonly searchMode?: number;
  readonly timer?: number;
  /** TIMER MANAGEMENT: seconds left. */
  readonly seconds?: number;
  /** POLL INTERVAL: the interval the terminal chose. */
  readonly interval?: Duration;
  /** GET INKEY, GET INPUT, SEND USSD. For a yes or no: coding scheme 04 and the octet 01 or 00. */
  readonly text?: TextString;
  /** SELECT ITEM: the number of the item. */
  readonly item?: number;
  readonly atResponse?: Uint8Array;
  /** PROVIDE LOCAL INFORMATION: BCCH channels that were measured (TS 31.111 8.29). */
  readonly bcchChannels?: Uint8Array;
  readonly esn?: Uint8Array;
  /** OPEN CHANNEL, GET CHANNEL STATUS: one for each channel. */
  readonly channels?: readonly ChannelStatus[];
  /** OPEN CHANNEL: the bearer and the buffer as they became. */
  readonly bearer?: BearerDescription;
  readonly bufferSize?: number;
  readonly localAddress?: OtherAddress;
  /** RECEIVE DATA. */
  readonly channelData?: Uint8Array;
  /** RECEIVE DATA: octets that still wait; SEND DATA: room left in the buffer; 255 is that much or more. */
  readonly channelDataLength?: number;
}

const objects = comprehensionTlvSet({
  details: required(must(TAG.commandDetails), commandDetailsValue),
  devices: required(must(TAG.deviceIdentities), deviceIdentities),
  result: required(must(TAG.result), struct({ general: u8, additional: raw })),
  interval: optional(must(TAG.duration), duration),
  text: optional(must(TAG.textString), answeredTextValue),
  item: optional(must(TAG.itemIdentifier), u8),
  location: optional(must(TAG.location), raw),
  imei: optional(must(TAG.imei), octets(8)),
  networkMeasurement: optional(must(TAG.networkMeasurement), raw),
  bcchChannels: optional(must(TAG.bcchChannels), raw),
  // Terminals send one object for each reader, or one object with an octet for each; both are read.
  readers: many(TAG.cardReaderStatus, listOf(readerStatus, 8)),
  atr: optional(TAG.cardAtr, raw),
  responseApdu: optional(TAG.responseApdu, raw),
  timer: optional(must(TAG.timerIdentifier), timerIdentifier),
  seconds: optional(must(TAG.timerValue), timerValue),
  dateTime: optional(must(TAG.dateTime), octets(7)),
  atResponse: optional(must(TAG.atResponse), raw),
  language: optional(must(TAG.language), octets(2)),
  timingAdvance: optional(must(TAG.timingAdvance), octets(2)),
  readerIdentifier: optional(TAG.cardReaderIdentifier, raw),
  accessTechnology: optional(TAG.accessTechnology, raw),
  esn: optional(must(TAG.esn), octets(4)),
  imeiSv: optional(must(TAG.imeiSv), octets(9)),
  batteryState: optional(must(TAG.batteryState), u8),
  searchMode: optional(must(TAG.searchMode), u8),
  channels: many(must(TAG.channelStatus), channelStatus),
  bearer: optional(TAG.bearerDescription, bearerDescription),
  bufferSize: optional(TAG.bufferSize, u16),
  channelData: optional(must(TAG.channelData), raw),
  channelDataLength: optional(must(TAG.channelDataLength), u8),
  localAddress: optional(TAG.otherAddress, otherAddress),
});

const FROM_TERMINAL = { source: DEVICE.terminal, destination: DEVICE.uicc };

/** TERMINAL RESPONSE as declared, with everything it may carry: what the quick paths below must equal. */
export const declaredTerminalResponse: Format<TerminalResponse> = map(
  objects,
  ({ devices: _, result, readers, channels, ...others }): TerminalResponse => ({
    ...others,
    general: result.general,
    additional: result.additional,
    ...(readers.length > 0 && { readers: readers.flat() }),
    ...(channels.length > 0 && { channels }),
  }),
  ({ general, additional, readers, channels = [], ...others }: TerminalResponse) => ({
    ...others,
    devices: FROM_TERMINAL,
    result: { general, additional },
    readers: (readers ?? []).map((reader) => [reader]),
    channels,
  }),
);

/** The response in the data of TERMINAL RESPONSE. Throws CodecError when it does not follow TS 102 223 6.8. */
export function decodeTerminalResponse(data: Uint8Array): TerminalResponse {
  return quickDecode(data) ?? declaredTerminalResponse.decode(data);
}

/**
 * The data of TERMINAL RESPONSE, behind as many octets 00 as its command needs for a header. Throws CodecError when a value does not fit,
 * or over 255 octets.
 */
export function encodeTerminalResponse(response: TerminalResponse, headerLength = 0): Uint8Array {
  const octets =
    quickEncode(response, headerLength) ??
    concat(new Uint8Array(headerLength), declaredTerminalResponse.encode(response));
  const length = octets.length - headerLength;
  if (length > LONGEST_TERMINAL_RESPONSE)
    throw new CodecError('TERMINAL RESPONSE', 0, `expected at most 255 octets, got ${length}: ask for less at once`);
  return octets;
}

// Quick paths for the three answers that prove an IMEI: an ATR, a response APDU, the terminal's own IMEI; and for a bare result.

/** Octets before the general result: command details, device identities, tag and length of the result. */
const BEFORE_RESULT = 11;

/** Without the comprehension flag, which terminals set or leave as they like. */
const tagAt = (data: Uint8Array, at: number): number => (data[at] as number) & ~COMPREHENSION_REQUIRED;

function quickDecode(data: Uint8Array): TerminalResponse | undefined {
  if (data.length < BEFORE_RESULT + 1) return undefined;
  if (tagAt(data, 0) !== TAG.commandDetails || data[1] !== 3) return undefined;
  if (tagAt(data, 5) !== TAG.deviceIdentities || data[6] !== 2) return undefined;
  const resultLength = data[10] as number;
  const at = BEFORE_RESULT + resultLength;
  if (tagAt(data, 9) !== TAG.result || resultLength === 0 || resultLength > 0x7f || at > data.length) return undefined;
  const details = { number: data[2] as number, type: data[3] as number, qualifier: data[4] as number };
  const general = data[BEFORE_RESULT] as number;
  const additional = resultLength === 1 ? NO_OCTETS : partOf(data, BEFORE_RESULT + 1, at);
  if (at === data.length) return { details, general, additional };
  let value = at + 2;
  let length = data[at + 1] as number;
  if (length === 0x81) {
    length = data[at + 2] as number;
    value = at + 3;
  } else if (length > 0x7f) return undefined;
  if (value + length !== data.length) return undefined;
  switch (tagAt(data, at)) {
    case TAG.responseApdu:
      return { details, general, additional, responseApdu: partOf(data, value) };
    case TAG.cardAtr:
      return { details, general, additional, atr: partOf(data, value) };
    case TAG.imei:
      return length === 8 ? { details, general, additional, imei: partOf(data, value) } : undefined;
    default:
      return undefined;
  }
}

/** True when nothing but details, result and this one octet string is in the response. */
function hasOnly(response: TerminalResponse, octetString: Uint8Array | undefined): boolean {
  let members = 0;
  for (const _ in response) members++;
  return members === (octetString === undefined ? 3 : 4);
}

function quickEncode(response: TerminalResponse, start: number): Uint8Array | undefined {
  const { details, general, additional, responseApdu, atr, imei } = response;
  const value = responseApdu ?? atr ?? imei;
  if (additional.length > 0x7e || !hasOnly(response, value)) return undefined;
  if (imei !== undefined && imei.length !== 8) return undefined;
  if ((details.number | details.type | details.qualifier | general) >> 8 !== 0) return undefined;
  const at = start + BEFORE_RESULT + 1 + additional.length;
  if (value === undefined) return withResult(new Uint8Array(at), start, details, general, additional);
  const length = value.length;
  const from = at + (length < 0x80 ? 2 : 3);
  if (length > 0xff) return undefined;
  const data = withResult(new Uint8Array(from + length), start, details, general, additional);
  data[at] = imei !== undefined ? must(TAG.imei) : atr !== undefined ? TAG.cardAtr : TAG.responseApdu;
  if (length > 0x7f) data[at + 1] = 0x81;
  data[from - 1] = length;
  data.set(value, from);
  return data;
}

/** Writes command details, device identities and result into `data` from `start` on. */
function withResult(
  data: Uint8Array,
  start: number,
  details: CommandDetails,
  general: number,
  additional: Uint8Array,
): Uint8Array {
  data[start] = must(TAG.commandDetails);
  data[start + 1] = 3;
  data[start + 2] = details.number;
  data[start + 3] = details.type;
  data[start + 4] = details.qualifier;
  data[start + 5] = must(TAG.deviceIdentities);
  data[start + 6] = 2;
  data[start + 7] = DEVICE.terminal;
  data[start + 8] = DEVICE.uicc;
  data[start + 9] = must(TAG.result);
  data[start + 10] = 1 + additional.length;
  data[start + BEFORE_RESULT] = general;
  if (additional.length > 0) data.set(additional, start + BEFORE_RESULT + 1);
  return data;
}
