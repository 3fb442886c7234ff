import {
  CodecError,
  constant,
  type Format,
  format,
  fromHex,
  type Infer,
  lengthPrefixed,
  octets,
  optionalAtEnd,
  type Reader,
  rest,
  struct,
  u8,
  type Writer,
} from '#base/codec/index.ts';
import { mobileIdentity } from './mobile-identity.ts';

/** Protocol discriminators (TS 24.007 11.2.3.1.1); the high nibble of the first octet is the transaction identifier or zero. */
const CALL_CONTROL = 0x3;
/** The one of mobility management. */
export const MOBILITY_MANAGEMENT = 0x5;
const SHORT_MESSAGE = 0x9;
/** Transaction identifier flag: the message goes to the side that began the transaction (TS 24.007 11.2.3.1.3). */
const TO_ORIGINATOR = 0x80;

const lv = <T>(inner: Format<T>) => lengthPrefixed(u8, inner);
const tlv = <T>(tag: number, inner: Format<T>) =>
  format(
    (reader) => {
      const at = reader.position;
      const found = reader.u8();
      if (found !== tag)
        throw reader.error(`expected information element ${tag.toString(16)}, got ${found.toString(16)}`, at);
      return lv(inner).read(reader);
    },
    (writer: Writer, value: T) => {
      writer.u8(tag);
      lv(inner).write(writer, value);
    },
  );

/** Location area identification (TS 24.008 10.5.1.3): MCC and MNC swapped (3), location area code (2). */
const locationArea = octets(5);
const cause = u8;

/**
 * Causes of a reject (TS 24.008 10.5.3.6). `illegalMe` is the network's answer to a prohibited IMEI; the two failures are the
 * mobile's answers to a false AUTN.
 */
export const REJECT_CAUSE = {
  imsiUnknownInHlr: 0x02,
  illegalMs: 0x03,
  imeiNotAccepted: 0x05,
  illegalMe: 0x06,
  networkFailure: 0x11,
  macFailure: 0x14,
  synchFailure: 0x15,
  congestion: 0x16,
  serviceOptionNotSupported: 0x20,
} as const;

/** CM service types (TS 24.008 10.5.3.3), low nibble; the high nibble is the key sequence number. */
export const CM_SERVICE = { call: 1, emergencyCall: 2, shortMessage: 4 } as const;

/** The messages by name: first octet(s) that identify them, and what follows (clauses of TS 24.008, TS 24.011). */
const MESSAGES = {
  /** 9.2.15: type and key sequence, LAI, classmark 1, identity. */
  locationUpdatingRequest: [
    MOBILITY_MANAGEMENT,
    0x08,
    struct({ typeAndKeySequence: u8, locationArea, classmark: u8, identity: lv(mobileIdentity) }),
  ],
  /** 9.2.13. */
  locationUpdatingAccept: [MOBILITY_MANAGEMENT, 0x02, struct({ locationArea })],
  /** 9.2.14. */
  locationUpdatingReject: [MOBILITY_MANAGEMENT, 0x04, struct({ cause })],
  /** 9.2.12. */
  imsiDetachIndication: [MOBILITY_MANAGEMENT, 0x01, struct({ classmark: u8, identity: lv(mobileIdentity) })],
  /** 9.2.2: RAND, and AUTN in element 20. */
  authenticationRequest: [
    MOBILITY_MANAGEMENT,
    0x12,
    struct({ keySequence: u8, rand: octets(16), autn: tlv(0x20, octets(16)) }),
  ],
  /** 9.2.3: four octets of RES, the others in element 21. */
  authenticationResponse: [
    MOBILITY_MANAGEMENT,
    0x14,
    struct({ res: octets(4), extension: optionalAtEnd(tlv(0x21, rest(1, 12))) }),
  ],
  /** 9.2.3a: MAC failure, or synch failure with AUTS in element 22. */
  authenticationFailure: [MOBILITY_MANAGEMENT, 0x1c, struct({ cause, auts: optionalAtEnd(tlv(0x22, octets(14))) })],
  /** 9.2.1. */
  authenticationReject: [MOBILITY_MANAGEMENT, 0x11, struct({})],
  /** 9.2.10. */
  identityRequest: [MOBILITY_MANAGEMENT, 0x18, struct({ identityType: u8 })],
  /** 9.2.11. */
  identityResponse: [MOBILITY_MANAGEMENT, 0x19, struct({ identity: lv(mobileIdentity) })],
  /** 9.2.9: service type and key sequence, classmark 2, identity. */
  cmServiceRequest: [
    MOBILITY_MANAGEMENT,
    0x24,
    struct({ service: u8, classmark: lv(octets(3)), identity: lv(mobileIdentity) }),
  ],
  /** 9.2.5. */
  cmServiceAccept: [MOBILITY_MANAGEMENT, 0x21, struct({})],
  /** 9.2.6. */
  cmServiceReject: [MOBILITY_MANAGEMENT, 0x22, struct({ cause })],
  /** 9.3.23.2: bearer capability 04, called party BCD number 5E. */
  setup: [CALL_CONTROL, 0x05, struct({ bearer: tlv(0x04, rest(1, 14)), called: tlv(0x5e, rest(2, 41)) })],
  /** 9.3.8: no number: an emergency call is routed by where it is made. */
  emergencySetup: [CALL_CONTROL, 0x0e, struct({ bearer: optionalAtEnd(tlv(0x04, rest(1, 9))) })],
  /** 9.3.3. */
  callProceeding: [CALL_CONTROL | TO_ORIGINATOR, 0x02, struct({})],
  /** 9.3.5.1. */
  connect: [CALL_CONTROL | TO_ORIGINATOR, 0x07, struct({})],
  /** 9.3.6. */
  connectAcknowledge: [CALL_CONTROL, 0x0f, struct({})],
  /** 9.3.18: cause in element 08. */
  release: [CALL_CONTROL, 0x2d, struct({ cause: optionalAtEnd(tlv(0x08, rest(2, 30))) })],
  /** 9.3.19: from the side that did not begin the call. */
  releaseComplete: [CALL_CONTROL | TO_ORIGINATOR, 0x2a, struct({ cause: optionalAtEnd(tlv(0x08, rest(2, 30))) })],
  /** TS 24.011 7.2.1, begun by the mobile. */
  cpDataUplink: [SHORT_MESSAGE, 0x01, struct({ rpdu: lv(rest(2, 248)) })],
  /** TS 24.011 7.2.1, begun by the network, seen by the mobile on the network's transaction. */
  cpDataDownlink: [SHORT_MESSAGE | TO_ORIGINATOR, 0x01, struct({ rpdu: lv(rest(2, 248)) })],
  /** TS 24.011 7.2.2. */
  cpAck: [SHORT_MESSAGE, 0x04, struct({})],
  /** TS 24.011 7.2.2, the other way. */
  cpAckDownlink: [SHORT_MESSAGE | TO_ORIGINATOR, 0x04, struct({})],
} as const satisfies Record<string, readonly [number, number, Format<unknown>]>;

type Messages = typeof MESSAGES;
/** Names of the layer 3 messages this network and these handsets use. */
export type NasMessageName = keyof Messages;
/** A layer 3 message of TS 24.008 or TS 24.011, by name with its elements. */
export type NasMessage = {
  readonly [N in NasMessageName]: { readonly name: N } & Infer<Messages[N][2]>;
}[NasMessageName];
/** The message of one name. */
export type NasMessageOf<N extends NasMessageName> = Extract<NasMessage, { readonly name: N }>;

const byHeader = new Map<number, [NasMessageName, Format<unknown>]>();
for (const [name, [discriminator, type, body]] of Object.entries(MESSAGES))
  byHeader.set(discriminator * 256 + type, [name as NasMessageName, body]);

/** Longest layer 3 message, in octets (TS 44.006: N201 allows 251). */
export const LONGEST_NAS_MESSAGE = 251;
/** The two sequence number bits above the type of an uplink message (TS 24.007 11.2.3.2.3) are not part of its name. */
export const TYPE_BITS = 0x3f;

function readMessage(reader: Reader): NasMessage {
  reader.field = 'protocol discriminator and message type';
  if (reader.remaining > LONGEST_NAS_MESSAGE)
    throw reader.error(`expected at most ${LONGEST_NAS_MESSAGE} octets, got ${reader.remaining}`);
  const header = reader.u8() * 256 + (reader.u8() & TYPE_BITS);
  const row = byHeader.get(header);
  if (row === undefined)
    throw new CodecError(
      reader.field,
      0,
      `expected a message of TS 24.008 or TS 24.011, got ${header.toString(16).padStart(4, '0')}`,
    );
  // The table pairs each name with the format of its elements; the union is built from the same table.
  return { name: row[0], ...(row[1].read(reader) as object) } as NasMessage;
}

/** A layer 3 message as declared, for every type: what the quick paths of attach-message.ts must equal. */
export const declaredNasMessage: Format<NasMessage> = format(readMessage, (writer, message) => {
  const [discriminator, type, body] = MESSAGES[message.name];
  writer.u8(discriminator);
  writer.u8(type);
  (body as Format<unknown>).write(writer, message);
});

/** Bearer capability for speech, full rate or half rate (TS 24.008 10.5.4.5). */
export const SPEECH: Uint8Array = fromHex('60020081');
/** Cause "normal call clearing", user's side (TS 24.008 10.5.4.11). */
export const NORMAL_CLEARING: Uint8Array = fromHex('E090');

const NO_ADDRESS = constant(fromHex('00'));
const rpAddress = lv(rest(1, 11));
const rpUser = lv(rest(1, 233));

/** RPDUs of TS 24.011 7.3: message type, reference, then addresses and the TPDU. Even types go from mobile to network. */
const RELAY = {
  dataUplink: [0x00, struct({ reference: u8, originator: NO_ADDRESS, destination: rpAddress, tpdu: rpUser })],
  dataDownlink: [0x01, struct({ reference: u8, originator: rpAddress, destination: NO_ADDRESS, tpdu: rpUser })],
  ackUplink: [0x02, struct({ reference: u8, tpdu: optionalAtEnd(tlv(0x41, rest(0, 233))) })],
  ackDownlink: [0x03, struct({ reference: u8, tpdu: optionalAtEnd(tlv(0x41, rest(0, 233))) })],
  errorUplink: [0x04, struct({ reference: u8, cause: lv(rest(1, 2)) })],
  errorDownlink: [0x05, struct({ reference: u8, cause: lv(rest(1, 2)) })],
} as const satisfies Record<string, readonly [number, Format<unknown>]>;

type Relay = typeof RELAY;
/** A relay protocol message between mobile and service centre (TS 24.011 7.3). */
export type RelayMessage = { readonly [N in keyof Relay]: { readonly name: N } & Infer<Relay[N][1]> }[keyof Relay];

const relayByType = new Map(
  Object.entries(RELAY).map(([name, [type, body]]) => [type as number, [name, body as Format<unknown>] as const]),
);

/** An RPDU (TS 24.011 7.3). Example: `00 01 00 04 91 214365 05 …` sends a TPDU to service centre 123456. */
export const relayMessage: Format<RelayMessage> = format(
  (reader) => {
    reader.field = 'RP message type';
    const type = reader.u8();
    const row = relayByType.get(type);
    if (row === undefined) throw reader.error(`expected 0 to 5, got ${type}`, 0);
    return { name: row[0], ...(row[1].read(reader) as object) } as RelayMessage;
  },
  (writer, message) => {
    const [type, body] = RELAY[message.name];
    writer.u8(type);
    (body as Format<unknown>).write(writer, message);
  },
);
