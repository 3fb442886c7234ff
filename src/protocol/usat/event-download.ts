import {
  COMPREHENSION_REQUIRED,
  comprehensionTlvSet,
  enumeration,
  type Format,
  listOf,
  map,
  octets,
  optional,
  type Reader,
  required,
  u8,
  type Writer,
} from '#base/codec/index.ts';
import { type ChannelStatus, channelStatus, type OtherAddress, otherAddress } from './channel-element.ts';
import {
  DEVICE,
  deviceIdentities,
  must,
  octetPair,
  type ReaderStatus,
  raw,
  readerStatus,
  someRaw,
  TAG,
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
  browserTermination: 0x08,
  dataAvailable: 0x09,
  channelStatus: 0x0a,
  accessTechnologyChange: 0x0b,
  displayParametersChanged: 0x0c,
  searchModeChange: 0x0e,
  browsingStatus: 0x0f,
  framesInformationChange: 0x10,
  networkRejection: 0x12,
  imsRegistration: 0x17,
  dataConnectionStatus: 0x1d,
} as const;

/** Which end did it: the terminal (near) or the network (far). */
type End = 'near' | 'far';

/**
 * An event that the terminal reports in ENVELOPE (TS 102 223 7.5, TS 31.111 7.5). Addresses are TON/NPI and swapped digits; transactions are
 * transaction identifiers as layer 3 codes them.
 */
export type EventDownload = { readonly type: 'EVENT DOWNLOAD' } & (
  | {
      readonly event: 'mtCall';
      readonly transaction: number;
      readonly address?: Uint8Array;
      readonly subaddress?: Uint8Array;
    }
  | { readonly event: 'callConnected'; readonly by: End; readonly transaction: number }
  | {
      readonly event: 'callDisconnected';
      readonly by: End;
      readonly transactions: readonly number[];
      /** Cause of TS 24.008 10.5.4.11; empty: a radio link time-out. */
      readonly cause?: Uint8Array;
    }
  | {
      readonly event: 'locationStatus';
      readonly status: 'normal' | 'limited' | 'none';
      readonly location?: Uint8Array;
    }
  | { readonly event: 'userActivity' }
  | { readonly event: 'idleScreenAvailable' }
  | { readonly event: 'cardReaderStatus'; readonly reader: ReaderStatus }
  | { readonly event: 'languageSelection'; readonly language: Uint8Array }
  | { readonly event: 'browserTermination'; readonly cause: 'userTermination' | 'error' }
  | { readonly event: 'dataAvailable'; readonly channel: ChannelStatus; readonly length: number }
  | { readonly event: 'channelStatus'; readonly channel: ChannelStatus; readonly remoteAddress?: OtherAddress }
  | { readonly event: 'accessTechnologyChange'; readonly accessTechnology: number }
  | { readonly event: 'displayParametersChanged'; readonly parameters: Uint8Array }
  | { readonly event: 'searchModeChange'; readonly mode: 'manual' | 'automatic' }
  | { readonly event: 'browsingStatus'; readonly status: Uint8Array }
  | { readonly event: 'framesInformationChange'; readonly frames: Uint8Array }
  | {
      readonly event: 'networkRejection';
      /** Location area (2G, 3G) or tracking area (EPS), as received. */
      readonly location?: Uint8Array;
      readonly trackingArea?: Uint8Array;
      readonly accessTechnology?: number;
      readonly updateAttachType?: number;
      /** Cause of the reject message: 6 is "illegal ME" (TS 24.008 10.5.3.6, TS 24.301 9.9.3.9). */
      readonly rejectionCause?: number;
    }
  /** An event without a declaration here: its objects as they stand, device identities first. */
  | { readonly event: 'UNKNOWN'; readonly code: number; readonly objects: Uint8Array }
);

type Event = EventDownload['event'];
type OfEvent<E extends Event> = Extract<EventDownload, { readonly event: E }>;

/** Reads and writes values of one type; a method table, because each entry has a type of its own. */
export interface EnvelopeDeclaration<T> {
  read(reader: Reader): T;
  write(writer: Writer, value: T): void;
}

/** A declaration from the objects of an envelope and the two directions between them and the value. */
export function declareEnvelope<T, O>(
  objects: Format<O>,
  read: (objects: O) => T,
  write: (value: T) => O,
): EnvelopeDeclaration<T> {
  return {
    read: (reader) => read(objects.read(reader)),
    write: (writer, value) => objects.write(writer, write(value)),
  };
}

/** Device identities, which every envelope has. */
export const DEVICES = required(must(TAG.deviceIdentities), deviceIdentities);
/** Location information as it came. */
export const LOCATION = optional(TAG.location, raw);
/** Where envelopes come from. */
export const FROM = {
  network: { source: DEVICE.network, destination: DEVICE.uicc },
  terminal: { source: DEVICE.terminal, destination: DEVICE.uicc },
  display: { source: DEVICE.display, destination: DEVICE.uicc },
  keypad: { source: DEVICE.keypad, destination: DEVICE.uicc },
} as const;

const endOf = ({ source }: { readonly source: number }): End => (source === DEVICE.network ? 'far' : 'near');
const fromEnd = (end: End) => (end === 'far' ? FROM.network : FROM.terminal);

type Devices = { readonly source: number; readonly destination: number };

/** Objects that always come from one device: their device identities are left out of the value. */
export function from<O extends { readonly devices: Devices }>(
  devices: Devices,
  objects: Format<O>,
): Format<Omit<O, 'devices'>> {
  return map(
    objects,
    ({ devices: _, ...others }) => others,
    // Nothing but the devices was left out.
    (value) => ({ ...value, devices }) as O,
  );
}

/** Declares an event whose members are its objects. */
function event<E extends Event, O extends object>(
  name: E,
  objects: Format<O>,
): EnvelopeDeclaration<{ readonly type: 'EVENT DOWNLOAD'; readonly event: E } & O> {
  return declareEnvelope(
    objects,
    (read) => ({ type: 'EVENT DOWNLOAD', event: name, ...read }),
    (value) => value,
  );
}

const { network, terminal, display } = FROM;
const CHANNEL = required(must(TAG.channelStatus), channelStatus);

const TRANSACTION = required(must(TAG.transactionIdentifier), u8);

const DECLARED: { readonly [E in Exclude<Event, 'UNKNOWN'>]: EnvelopeDeclaration<OfEvent<E>> } = {
  mtCall: event(
    'mtCall',
    from(
      network,
      comprehensionTlvSet({
        devices: DEVICES,
        transaction: TRANSACTION,
        address: optional(TAG.address, someRaw),
        subaddress: optional(TAG.subaddress, raw),
      }),
    ),
  ),
  callConnected: declareEnvelope(
    comprehensionTlvSet({ devices: DEVICES, transaction: TRANSACTION }),
    ({ devices, transaction }): OfEvent<'callConnected'> => ({
      type: 'EVENT DOWNLOAD',
      event: 'callConnected',
      by: endOf(devices),
      transaction,
    }),
    ({ by, transaction }) => ({ devices: fromEnd(by), transaction }),
  ),
  callDisconnected: declareEnvelope(
    comprehensionTlvSet({
      devices: DEVICES,
      transactions: required(must(TAG.transactionIdentifier), listOf(u8, 16)),
      cause: optional(TAG.cause, raw),
    }),
    ({ devices, ...others }): OfEvent<'callDisconnected'> => ({
      type: 'EVENT DOWNLOAD',
      event: 'callDisconnected',
      by: endOf(devices),
      ...others,
    }),
    ({ by, ...others }) => ({ ...others, devices: fromEnd(by) }),
  ),
  locationStatus: event(
    'locationStatus',
    from(
      terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        status: required(must(TAG.locationStatus), enumeration(u8, { normal: 0, limited: 1, none: 2 })),
        location: LOCATION,
      }),
    ),
  ),
  userActivity: event('userActivity', from(terminal, comprehensionTlvSet({ devices: DEVICES }))),
  idleScreenAvailable: event('idleScreenAvailable', from(display, comprehensionTlvSet({ devices: DEVICES }))),
  cardReaderStatus: event(
    'cardReaderStatus',
    from(
      terminal,
      comprehensionTlvSet({ devices: DEVICES, reader: required(must(TAG.cardReaderStatus), readerStatus) }),
    ),
  ),
  languageSelection: event(
    'languageSelection',
    from(terminal, comprehensionTlvSet({ devices: DEVICES, language: required(must(TAG.language), octetPair) })),
  ),
  browserTermination: event(
    'browserTermination',
    from(
      terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        cause: required(must(TAG.browserTermination), enumeration(u8, { userTermination: 0, error: 1 })),
      }),
    ),
  ),
  dataAvailable: event(
    'dataAvailable',
    from(
      terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        channel: CHANNEL,
        length: required(must(TAG.channelDataLength), u8),
      }),
    ),
  ),
  channelStatus: event(
    'channelStatus',
    from(
      terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        channel: CHANNEL,
        remoteAddress: optional(TAG.otherAddress, otherAddress),
      }),
    ),
  ),
  accessTechnologyChange: event(
    'accessTechnologyChange',
    from(
      terminal,
      comprehensionTlvSet({ devices: DEVICES, accessTechnology: required(must(TAG.accessTechnology), u8) }),
    ),
  ),
  displayParametersChanged: event(
    'displayParametersChanged',
    from(
      terminal,
      comprehensionTlvSet({ devices: DEVICES, parameters: required(must(TAG.displayParameters), octets(3)) }),
    ),
  ),
  searchModeChange: event(
    'searchModeChange',
    from(
      terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        mode: required(must(TAG.searchMode), enumeration(u8, { manual: 0, automatic: 1 })),
      }),
    ),
  ),
  browsingStatus: event(
    'browsingStatus',
    from(terminal, comprehensionTlvSet({ devices: DEVICES, status: required(must(TAG.browsingStatus), raw) })),
  ),
  framesInformationChange: event(
    'framesInformationChange',
    from(terminal, comprehensionTlvSet({ devices: DEVICES, frames: required(must(TAG.framesInformation), raw) })),
  ),
  networkRejection: event(
    'networkRejection',
    from(
      network,
      comprehensionTlvSet({
        devices: DEVICES,
        location: LOCATION,
        trackingArea: optional(TAG.trackingArea, raw),
        accessTechnology: optional(must(TAG.accessTechnology), u8),
        updateAttachType: optional(must(TAG.updateAttachType), u8),
        rejectionCause: optional(must(TAG.rejectionCause), u8),
      }),
    ),
  ),
};

const NAMES = new Map<number, keyof typeof DECLARED>();
for (const event in DECLARED) {
  const name = event as keyof typeof DECLARED;
  NAMES.set(EVENT[name], name);
}

/** EVENT DOWNLOAD: the event list with one event always comes first (TS 102 223 7.5). */
export const eventDownload: EnvelopeDeclaration<EventDownload> = {
  read(reader) {
    reader.field = 'event list';
    const at = reader.position;
    if ((reader.u8() | COMPREHENSION_REQUIRED) !== must(TAG.eventList) || reader.u8() !== 1)
      throw reader.error('expected an event list with one event', at);
    const code = reader.u8();
    const name = NAMES.get(code);
    if (name === undefined) return { type: 'EVENT DOWNLOAD', event: 'UNKNOWN', code, objects: reader.rest().slice() };
    return DECLARED[name].read(reader);
  },
  write(writer, value) {
    writer.u8(must(TAG.eventList));
    writer.u8(1);
    writer.uint(1, value.event === 'UNKNOWN' ? value.code : EVENT[value.event]);
    if (value.event === 'UNKNOWN') writer.put(value.objects);
    // Found by the event itself, so it gets only values of its own event.
    else (DECLARED[value.event] as EnvelopeDeclaration<EventDownload>).write(writer, value);
  },
};
