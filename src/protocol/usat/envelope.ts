import {
  CodecError,
  comprehensionTlvSet,
  enumeration,
  type Format,
  format,
  type Infer,
  many,
  octets,
  optional,
  required,
  u8,
} from '#base/codec/index.ts';
import { type CellBroadcastPage, cellBroadcastPage } from './cell-broadcast.ts';
import { must, raw, someRaw, TAG, textStringValue, timerIdentifier, timerValue } from './element.ts';
import {
  DEVICES,
  declareEnvelope,
  type EnvelopeDeclaration,
  type EventDownload,
  eventDownload,
  FROM,
  from,
  LOCATION,
} from './event-download.ts';
import type { TextString } from './text-string.ts';

/**
 * What the terminal tells the UICC in the data of ENVELOPE (TS 102 223 7, TS 31.111 7). Addresses are TON/NPI and
 * swapped digits; octet strings are copies.
 */
export type Envelope =
  | { readonly type: 'SMS-PP DOWNLOAD'; readonly address?: Uint8Array; readonly tpdu: Uint8Array }
  | { readonly type: 'CELL BROADCAST DOWNLOAD'; readonly page: CellBroadcastPage }
  /** The person chose an item of the menu, or wants help about it. */
  | { readonly type: 'MENU SELECTION'; readonly item: number; readonly isHelpRequested: boolean }
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
  | { readonly type: 'USSD DOWNLOAD'; readonly ussd: TextString }
  | EventDownload
  /** An envelope without a declaration here: its octets as they stand. */
  | { readonly type: 'UNKNOWN'; readonly tag: number; readonly objects: Uint8Array };

/** Tags of the envelopes (TS 101 220 7.2, BER-TLV). */
const ENVELOPE = {
  'SMS-PP DOWNLOAD': 0xd1,
  'CELL BROADCAST DOWNLOAD': 0xd2,
  'MENU SELECTION': 0xd3,
  'CALL CONTROL': 0xd4,
  'MO SHORT MESSAGE CONTROL': 0xd5,
  'EVENT DOWNLOAD': 0xd6,
  'TIMER EXPIRATION': 0xd7,
  'USSD DOWNLOAD': 0xd9,
} as const;

type OfType<T extends Envelope['type']> = Extract<Envelope, { readonly type: T }>;

/** Declares an envelope whose members are its objects. */
function plain<T extends Envelope['type'], O extends object>(
  type: T,
  objects: Format<O>,
): EnvelopeDeclaration<{ readonly type: T } & O> {
  return declareEnvelope(
    objects,
    (read) => ({ type, ...read }),
    (value) => value,
  );
}

const DECLARED: { readonly [T in keyof typeof ENVELOPE]: EnvelopeDeclaration<OfType<T>> } = {
  'SMS-PP DOWNLOAD': plain(
    'SMS-PP DOWNLOAD',
    from(
      FROM.network,
      comprehensionTlvSet({
        devices: DEVICES,
        address: optional(TAG.address, someRaw),
        tpdu: required(must(TAG.smsTpdu), someRaw),
      }),
    ),
  ),
  'CELL BROADCAST DOWNLOAD': plain(
    'CELL BROADCAST DOWNLOAD',
    from(
      FROM.network,
      comprehensionTlvSet({ devices: DEVICES, page: required(must(TAG.cellBroadcastPage), cellBroadcastPage) }),
    ),
  ),
  'MENU SELECTION': declareEnvelope(
    comprehensionTlvSet({
      devices: DEVICES,
      item: required(must(TAG.itemIdentifier), u8),
      help: optional(TAG.helpRequest, octets(0)),
    }),
    ({ item, help }): OfType<'MENU SELECTION'> => ({
      type: 'MENU SELECTION',
      item,
      isHelpRequested: help !== undefined,
    }),
    ({ item, isHelpRequested }) => ({
      devices: FROM.keypad,
      item,
      ...(isHelpRequested && { help: new Uint8Array(0) }),
    }),
  ),
  'CALL CONTROL': plain(
    'CALL CONTROL',
    from(
      FROM.terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        address: optional(must(TAG.address), someRaw),
        supplementaryService: optional(must(TAG.supplementaryService), someRaw),
        ussd: optional(must(TAG.ussd), someRaw),
        capabilities: many(TAG.capabilityConfiguration, raw),
        subaddress: optional(TAG.subaddress, raw),
        location: LOCATION,
      }),
    ),
  ),
  'MO SHORT MESSAGE CONTROL': declareEnvelope(
    // Two addresses of the same tag, in this order: RP-destination and TP-destination (TS 31.111 7.3.2.2).
    comprehensionTlvSet({ devices: DEVICES, addresses: many(must(TAG.address), someRaw), location: LOCATION }),
    ({ addresses, location }): OfType<'MO SHORT MESSAGE CONTROL'> => {
      const [serviceCentre, destination] = addresses;
      if (serviceCentre === undefined || destination === undefined || addresses.length > 2)
        throw new CodecError('address', 0, `expected two addresses, got ${addresses.length}`);
      return { type: 'MO SHORT MESSAGE CONTROL', serviceCentre, destination, ...(location && { location }) };
    },
    ({ serviceCentre, destination, location }) => ({
      devices: FROM.terminal,
      addresses: [serviceCentre, destination],
      ...(location && { location }),
    }),
  ),
  'EVENT DOWNLOAD': eventDownload,
  'TIMER EXPIRATION': plain(
    'TIMER EXPIRATION',
    from(
      FROM.terminal,
      comprehensionTlvSet({
        devices: DEVICES,
        timer: required(must(TAG.timerIdentifier), timerIdentifier),
        seconds: required(must(TAG.timerValue), timerValue),
      }),
    ),
  ),
  'USSD DOWNLOAD': plain(
    'USSD DOWNLOAD',
    from(FROM.network, comprehensionTlvSet({ devices: DEVICES, ussd: required(must(TAG.ussd), textStringValue) })),
  ),
};

const BY_TAG = new Map<number, EnvelopeDeclaration<Envelope>>();
// Each declaration gets only envelopes of its own type: they are found by their tag.
for (const type in DECLARED) {
  const name = type as keyof typeof DECLARED;
  BY_TAG.set(ENVELOPE[name], DECLARED[name] as EnvelopeDeclaration<Envelope>);
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
      else (DECLARED[value.type] as EnvelopeDeclaration<Envelope>).write(inside, value);
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

const decisions = enumeration(u8, { allowed: 0, notAllowed: 1, allowedWithModifications: 2 });

/** What the UICC puts in place of what was to be set up (TS 31.111 7.3.1.6, 7.3.2.3); what is missing stays as it was. */
export const callControlChange = comprehensionTlvSet({
  /** Of a call; of a short message the service centre, then the destination. */
  addresses: many(must(TAG.address), someRaw),
  supplementaryService: optional(must(TAG.supplementaryService), someRaw),
  ussd: optional(must(TAG.ussd), someRaw),
  capability: optional(must(TAG.capabilityConfiguration), raw),
  subaddress: optional(must(TAG.subaddress), raw),
  alphaIdentifier: optional(must(TAG.alphaIdentifier), raw),
  /** Which bearer is tried first when two are given. */
  bcRepeat: optional(must(TAG.bcRepeat), u8),
});
/** What the UICC puts in place of what was to be set up. */
export type CallControlChange = Infer<typeof callControlChange>;

/** What the UICC says to a call or a short message (TS 31.111 7.3.1.6). */
export interface CallControlAnswer {
  readonly decision: 'allowed' | 'notAllowed' | 'allowedWithModifications';
  readonly change: CallControlChange;
}

const NO_CHANGE: CallControlChange = { addresses: [] };

/**
 * The response data of ENVELOPE (CALL CONTROL) and (MO SHORT MESSAGE CONTROL); no data at all means allowed (TS 31.111
 * 7.3.1.6).
 */
export const callControlAnswer: Format<CallControlAnswer> = format(
  (reader) => {
    if (reader.remaining === 0) return { decision: 'allowed', change: NO_CHANGE };
    reader.field = 'call control result';
    const decision = decisions.read(reader);
    if (reader.remaining === 0) return { decision, change: NO_CHANGE };
    return { decision, change: reader.within(reader.u8(), (inner) => callControlChange.read(inner)) };
  },
  (writer, { decision, change }) => {
    decisions.write(writer, decision);
    writer.withFixedLength(u8.write, (inside) => callControlChange.write(inside, change));
  },
);
