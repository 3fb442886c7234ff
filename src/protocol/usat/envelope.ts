import {
  COMPREHENSION_REQUIRED,
  CodecError,
  comprehensionTlvSet,
  enumeration,
  type Format,
  format,
  many,
  optional,
  type Reader,
  required,
  u8,
  type Writer,
} from '#base/codec/index.ts';
import {
  DEVICE,
  deviceIdentities,
  must,
  type ReaderStatus,
  raw,
  readerStatus,
  someRaw,
  TAG,
  timerIdentifier,
  timerValue,
} from './element.ts';

/** Events that SET UP EVENT LIST names and EVENT DOWNLOAD reports (TS 102 223 8.25, TS 31.111 8.25). */
export const EVENT = {
  mtCall: 0x00,
  callConnected: 0x01,
  callDisconnected: 0x02,
  locationStatus: 0x03,
  userActivity: 0x04,
  idleScreenAvailable: 0x05,
  cardReaderStatus: 0x06,
  languageSelection: 0x07,
  dataAvailable: 0x09,
  channelStatus: 0x0a,
  accessTechnologyChange: 0x0b,
  networkRejection: 0x12,
  imsRegistration: 0x17,
  dataConnectionStatus: 0x1d,
} as const;

/**
 * What the terminal tells the UICC in the data of ENVELOPE (TS 102 223 7, TS 31.111 7). Addresses are TON/NPI and
 * swapped digits; octet strings are copies.
 */
export type Envelope =
  | { readonly type: 'SMS-PP DOWNLOAD'; readonly address?: Uint8Array; readonly tpdu: Uint8Array }
  | {
      readonly type: 'CALL CONTROL';
      /** What is being set up: a dialled number, a supplementary service string or a USSD string. */
      readonly address?: Uint8Array;
      readonly supplementaryService?: Uint8Array;
      readonly ussd?: Uint8Array;
      /** Bearer capabilities, one or two. */
      readonly capabilities: readonly Uint8Array[];
      readonly subaddress?: Uint8Array;
      readonly location?: Uint8Array;
    }
  | {
      readonly type: 'MO SHORT MESSAGE CONTROL';
      readonly serviceCentre: Uint8Array;
      readonly destination: Uint8Array;
      readonly location?: Uint8Array;
    }
  | { readonly type: 'TIMER EXPIRATION'; readonly timer: number; readonly seconds: number }
  | { readonly type: 'EVENT DOWNLOAD'; readonly event: 'cardReaderStatus'; readonly reader: ReaderStatus }
  | {
      readonly type: 'EVENT DOWNLOAD';
      readonly event: 'locationStatus';
      readonly status: 'normal' | 'limited' | 'none';
      readonly location?: Uint8Array;
    }
  | {
      readonly type: 'EVENT DOWNLOAD';
      readonly event: 'networkRejection';
      /** Location area (2G, 3G) or tracking area (EPS), as received. */
      readonly location?: Uint8Array;
      readonly trackingArea?: Uint8Array;
      readonly accessTechnology?: number;
      readonly updateAttachType?: number;
      /** Cause of the reject message: 6 is "illegal ME" (TS 24.008 10.5.3.6, TS 24.301 9.9.3.9). */
      readonly rejectionCause?: number;
    }
  | { readonly type: 'EVENT DOWNLOAD'; readonly event: 'userActivity' }
  | { readonly type: 'EVENT DOWNLOAD'; readonly event: 'idleScreenAvailable' }
  /** An event without a declaration here: its objects as they stand, device identities first. */
  | { readonly type: 'EVENT DOWNLOAD'; readonly event: 'UNKNOWN'; readonly code: number; readonly objects: Uint8Array }
  /** An envelope without a declaration here: its octets as they stand. */
  | { readonly type: 'UNKNOWN'; readonly tag: number; readonly objects: Uint8Array };

type EventDownload = Extract<Envelope, { readonly type: 'EVENT DOWNLOAD' }>;
type Event = EventDownload['event'];
type OfEvent<E extends Event> = Extract<EventDownload, { readonly event: E }>;

/** Tags of the envelopes (TS 101 220 7.2, BER-TLV). */
const ENVELOPE = {
  'SMS-PP DOWNLOAD': 0xd1,
  'CALL CONTROL': 0xd4,
  'MO SHORT MESSAGE CONTROL': 0xd5,
  'EVENT DOWNLOAD': 0xd6,
  'TIMER EXPIRATION': 0xd7,
} as const;

const DEVICES = required(must(TAG.deviceIdentities), deviceIdentities);
const LOCATION = optional(TAG.location, raw);
const FROM_NETWORK = { source: DEVICE.network, destination: DEVICE.uicc };
const FROM_TERMINAL = { source: DEVICE.terminal, destination: DEVICE.uicc };
const FROM_DISPLAY = { source: DEVICE.display, destination: DEVICE.uicc };

/** Reads and writes values of one type; a method table, because each entry has a type of its own. */
interface Declaration<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

/** A declaration from the objects of an envelope and the two directions between them and the value. */
function declare<T, O>(objects: Format<O>, read: (objects: O) => T, write: (value: T) => O): Declaration<T> {
  return {
    read: (reader) => read(objects.read(reader)),
    write: (writer, value) => objects.write(writer, write(value)),
  };
}

const EVENT_DECLARED: { readonly [E in Exclude<Event, 'UNKNOWN'>]: Declaration<OfEvent<E>> } = {
  cardReaderStatus: declare(
    comprehensionTlvSet({ devices: DEVICES, reader: required(must(TAG.cardReaderStatus), readerStatus) }),
    ({ reader }): OfEvent<'cardReaderStatus'> => ({ type: 'EVENT DOWNLOAD', event: 'cardReaderStatus', reader }),
    ({ reader }) => ({ devices: FROM_TERMINAL, reader }),
  ),
  locationStatus: declare(
    comprehensionTlvSet({
      devices: DEVICES,
      status: required(must(TAG.locationStatus), enumeration(u8, { normal: 0, limited: 1, none: 2 })),
      location: LOCATION,
    }),
    ({ devices: _, ...objects }): OfEvent<'locationStatus'> => ({
      type: 'EVENT DOWNLOAD',
      event: 'locationStatus',
      ...objects,
    }),
    (value) => ({ ...value, devices: FROM_TERMINAL }),
  ),
  networkRejection: declare(
    comprehensionTlvSet({
      devices: DEVICES,
      location: LOCATION,
      trackingArea: optional(TAG.trackingArea, raw),
      accessTechnology: optional(must(TAG.accessTechnology), u8),
      updateAttachType: optional(must(TAG.updateAttachType), u8),
      rejectionCause: optional(must(TAG.rejectionCause), u8),
    }),
    ({ devices: _, ...objects }): OfEvent<'networkRejection'> => ({
      type: 'EVENT DOWNLOAD',
      event: 'networkRejection',
      ...objects,
    }),
    (value) => ({ ...value, devices: FROM_NETWORK }),
  ),
  userActivity: declare(
    comprehensionTlvSet({ devices: DEVICES }),
    (): OfEvent<'userActivity'> => ({ type: 'EVENT DOWNLOAD', event: 'userActivity' }),
    () => ({ devices: FROM_TERMINAL }),
  ),
  idleScreenAvailable: declare(
    comprehensionTlvSet({ devices: DEVICES }),
    (): OfEvent<'idleScreenAvailable'> => ({ type: 'EVENT DOWNLOAD', event: 'idleScreenAvailable' }),
    () => ({ devices: FROM_DISPLAY }),
  ),
};

const EVENT_NAMES = new Map<number, keyof typeof EVENT_DECLARED>();
for (const event in EVENT_DECLARED) {
  const name = event as keyof typeof EVENT_DECLARED;
  EVENT_NAMES.set(EVENT[name], name);
}

/** The event list with one event always comes first (TS 102 223 7.5). */
const eventDownload: Declaration<EventDownload> = {
  read(reader) {
    reader.field = 'event list';
    const at = reader.position;
    if ((reader.u8() | COMPREHENSION_REQUIRED) !== must(TAG.eventList) || reader.u8() !== 1)
      throw reader.error('expected an event list with one event', at);
    const code = reader.u8();
    const name = EVENT_NAMES.get(code);
    if (name === undefined) return { type: 'EVENT DOWNLOAD', event: 'UNKNOWN', code, objects: reader.rest().slice() };
    return EVENT_DECLARED[name].read(reader);
  },
  write(writer, value) {
    writer.u8(must(TAG.eventList));
    writer.u8(1);
    writer.uint(1, value.event === 'UNKNOWN' ? value.code : EVENT[value.event]);
    if (value.event === 'UNKNOWN') writer.put(value.objects);
    // Found by the event itself, so it gets only values of its own event.
    else (EVENT_DECLARED[value.event] as Declaration<EventDownload>).write(writer, value);
  },
};

type OfType<T extends Envelope['type']> = Extract<Envelope, { readonly type: T }>;

const DECLARED: { readonly [T in keyof typeof ENVELOPE]: Declaration<OfType<T>> } = {
  'SMS-PP DOWNLOAD': declare(
    comprehensionTlvSet({
      devices: DEVICES,
      address: optional(TAG.address, someRaw),
      tpdu: required(must(TAG.smsTpdu), someRaw),
    }),
    ({ devices: _, ...objects }): OfType<'SMS-PP DOWNLOAD'> => ({ type: 'SMS-PP DOWNLOAD', ...objects }),
    (value) => ({ ...value, devices: FROM_NETWORK }),
  ),
  'CALL CONTROL': declare(
    comprehensionTlvSet({
      devices: DEVICES,
      address: optional(must(TAG.address), someRaw),
      supplementaryService: optional(must(TAG.supplementaryService), someRaw),
      ussd: optional(must(TAG.ussd), someRaw),
      capabilities: many(TAG.capabilityConfiguration, raw),
      subaddress: optional(TAG.subaddress, raw),
      location: LOCATION,
    }),
    ({ devices: _, ...objects }): OfType<'CALL CONTROL'> => ({ type: 'CALL CONTROL', ...objects }),
    (value) => ({ ...value, devices: FROM_TERMINAL }),
  ),
  'MO SHORT MESSAGE CONTROL': declare(
    // Two addresses of the same tag, in this order: RP-destination and TP-destination (TS 31.111 7.3.2.2).
    comprehensionTlvSet({ devices: DEVICES, addresses: many(must(TAG.address), someRaw), location: LOCATION }),
    ({ addresses, location }): OfType<'MO SHORT MESSAGE CONTROL'> => {
      const [serviceCentre, destination] = addresses;
      if (serviceCentre === undefined || destination === undefined || addresses.length > 2)
        throw new CodecError('address', 0, `expected two addresses, got ${addresses.length}`);
      return { type: 'MO SHORT MESSAGE CONTROL', serviceCentre, destination, ...(location && { location }) };
    },
    ({ serviceCentre, destination, location }) => ({
      devices: FROM_TERMINAL,
      addresses: [serviceCentre, destination],
      ...(location && { location }),
    }),
  ),
  'EVENT DOWNLOAD': eventDownload,
  'TIMER EXPIRATION': declare(
    comprehensionTlvSet({
      devices: DEVICES,
      timer: required(must(TAG.timerIdentifier), timerIdentifier),
      seconds: required(must(TAG.timerValue), timerValue),
    }),
    ({ timer, seconds }): OfType<'TIMER EXPIRATION'> => ({ type: 'TIMER EXPIRATION', timer, seconds }),
    (value) => ({ ...value, devices: FROM_TERMINAL }),
  ),
};

const BY_TAG = new Map<number, Declaration<Envelope>>();
// Each declaration gets only envelopes of its own type: they are found by their tag.
for (const type in DECLARED) {
  const name = type as keyof typeof DECLARED;
  BY_TAG.set(ENVELOPE[name], DECLARED[name] as Declaration<Envelope>);
}

const envelope: Format<Envelope> = format(
  (reader) => {
    reader.field = 'envelope';
    const tag = reader.u8();
    const first = reader.u8();
    if (first > 0x81) throw reader.error('expected a length of at most 2 octets', reader.position - 1);
    const declaration = BY_TAG.get(tag);
    return reader.within(first === 0x81 ? reader.u8() : first, (inside) =>
      declaration === undefined ? { type: 'UNKNOWN', tag, objects: inside.rest().slice() } : declaration.read(inside),
    );
  },
  (writer, value) => {
    writer.uint(1, value.type === 'UNKNOWN' ? value.tag : ENVELOPE[value.type]);
    writer.withBerLength((inside) => {
      if (value.type === 'UNKNOWN') inside.put(value.objects);
      else (DECLARED[value.type] as Declaration<Envelope>).write(inside, value);
    });
  },
);

/** Longest data of ENVELOPE in octets: a short command APDU. */
const LONGEST_ENVELOPE = 255;

/** The envelope in the data of ENVELOPE. Throws CodecError when it does not follow TS 102 223 7. */
export function decodeEnvelope(data: Uint8Array): Envelope {
  return envelope.decode(data);
}

/** The data of ENVELOPE. Throws CodecError when a value does not fit, or over 255 octets. */
export function encodeEnvelope(value: Envelope): Uint8Array {
  const data = envelope.encode(value);
  if (data.length > LONGEST_ENVELOPE)
    throw new CodecError('ENVELOPE', 0, `expected at most ${LONGEST_ENVELOPE} octets, got ${data.length}`);
  return data;
}

/** What the UICC says to a call or a short message (TS 31.111 7.3.1.6); `objects` say what was changed. */
export interface CallControlAnswer {
  readonly decision: 'allowed' | 'notAllowed' | 'allowedWithModifications';
  readonly objects: Uint8Array;
}

const answer: Format<CallControlAnswer> = format(
  (reader) => {
    if (reader.remaining === 0) return { decision: 'allowed', objects: reader.rest() };
    reader.field = 'call control result';
    const decision = decisions.read(reader);
    return { decision, objects: reader.within(reader.u8(), (inner) => inner.rest().slice()) };
  },
  (writer, { decision, objects }) => {
    decisions.write(writer, decision);
    writer.uint(1, objects.length);
    writer.put(objects);
  },
);
const decisions = enumeration(u8, { allowed: 0, notAllowed: 1, allowedWithModifications: 2 });

/**
 * The response data of ENVELOPE (CALL CONTROL) and (MO SHORT MESSAGE CONTROL); no data at all means allowed (TS 31.111
 * 7.3.1.6).
 */
export const callControlAnswer: Format<CallControlAnswer> = answer;
