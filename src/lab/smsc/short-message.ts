import { CodecError, concat } from '#base/codec/index.ts';
import { type Message, messageOctets, messageOf } from '#protocol/smpp/index.ts';
import {
  alphabetOf,
  ofOctets,
  packSeptets,
  type SmsAddress,
  type SmsSubmit,
  smsDeliver,
  timestampOf,
  type UserData,
  unpackSeptets,
} from '#protocol/sms/index.ts';

/** A short message as the SMSC holds it: neither of the air nor of SMPP. */
export interface ShortMessage {
  readonly from: SmsAddress;
  readonly to: SmsAddress;
  readonly protocolIdentifier: number;
  readonly dataCoding: number;
  readonly userData: UserData;
  /** When the SMSC took it, in milliseconds since 1970: TP-SCTS. */
  readonly acceptedAt: number;
}

/** esm_class: the user data begins with a header (SMPP 3.4 5.2.12). */
const UDHI = 0x40;

/** Types of number in the order of their codes, which SMPP (3.4 5.2.5) and TS 23.040 9.1.2.5 share. */
const TYPES_OF_NUMBER = [
  'unknown',
  'international',
  'national',
  'networkSpecific',
  'subscriber',
  'alphanumeric',
  'abbreviated',
] as const;

function addressOfSmpp(ton: number, npi: number, value: string): SmsAddress {
  return { typeOfNumber: TYPES_OF_NUMBER[ton] ?? 'unknown', numberingPlan: npi & 15, value };
}

const tonOf = ({ typeOfNumber }: SmsAddress): number =>
  typeOfNumber === 'reserved' ? 0 : TYPES_OF_NUMBER.indexOf(typeOfNumber);

/** Septets that a user data header of so many octets takes, fill bits included (TS 23.040 9.2.3.24). */
const headerSeptets = (octets: number): number => Math.ceil((octets * 8) / 7);
const fillBits = (octets: number): number => headerSeptets(octets) * 7 - octets * 8;

function headerOf(octets: Uint8Array, hasHeader: boolean): Uint8Array {
  const length = hasHeader ? (octets[0] ?? 0) + 1 : 0;
  if (length > octets.length)
    throw new CodecError('user data header', 0, `expected ${length} octets, got ${octets.length}`);
  return octets.subarray(0, length);
}

/** User data of short_message: text of the default alphabet stands there one septet an octet, on the air it is packed. */
function userDataOf(shortMessage: Uint8Array, dataCoding: number, hasHeader: boolean): UserData {
  if (alphabetOf(dataCoding) !== 'default') return ofOctets(shortMessage, hasHeader);
  const header = headerOf(shortMessage, hasHeader);
  const septets = shortMessage.subarray(header.length);
  const packed = ofOctets(concat(header, packSeptets(septets, fillBits(header.length))), hasHeader);
  return { ...packed, length: headerSeptets(header.length) + septets.length };
}

function shortMessageOctets({ userData, dataCoding }: ShortMessage): Uint8Array {
  if (alphabetOf(dataCoding) !== 'default') return userData.octets;
  const header = headerOf(userData.octets, userData.hasHeader);
  const count = Math.max(0, userData.length - headerSeptets(header.length));
  return concat(header, unpackSeptets(userData.octets.subarray(header.length), count, fillBits(header.length)));
}

/** The message of a submit_sm. Throws CodecError when its user data does not fit 140 octets. */
export function messageOfSmpp(message: Message, acceptedAt: number): ShortMessage {
  return {
    from: addressOfSmpp(message.source_addr_ton, message.source_addr_npi, message.source_addr),
    to: addressOfSmpp(message.dest_addr_ton, message.dest_addr_npi, message.destination_addr),
    protocolIdentifier: message.protocol_id,
    dataCoding: message.data_coding,
    userData: userDataOf(messageOctets(message), message.data_coding, (message.esm_class & UDHI) !== 0),
    acceptedAt,
  };
}

/** The message of an SMS-SUBMIT that `from` sent. */
export function messageOfSubmit(from: SmsAddress, tpdu: SmsSubmit, acceptedAt: number): ShortMessage {
  const { destination: to, protocolIdentifier, dataCoding, userData } = tpdu;
  return { from, to, protocolIdentifier, dataCoding, userData, acceptedAt };
}

/** The message as deliver_sm. */
export function smppOf(message: ShortMessage): Message {
  const { from, to } = message;
  return messageOf({
    source_addr_ton: tonOf(from),
    source_addr_npi: from.numberingPlan,
    source_addr: from.value,
    dest_addr_ton: tonOf(to),
    dest_addr_npi: to.numberingPlan,
    destination_addr: to.value,
    esm_class: message.userData.hasHeader ? UDHI : 0,
    protocol_id: message.protocolIdentifier,
    data_coding: message.dataCoding,
    short_message: shortMessageOctets(message),
  });
}

/** The message as SMS-DELIVER. Throws CodecError for an address that the air cannot carry. */
export function deliverOf(message: ShortMessage, moreMessages: boolean): Uint8Array {
  return smsDeliver.encode({
    type: 'SMS-DELIVER',
    moreMessages,
    loopPrevention: false,
    statusReport: false,
    replyPath: false,
    originator: message.from,
    protocolIdentifier: message.protocolIdentifier,
    dataCoding: message.dataCoding,
    timestamp: timestampOf(message.acceptedAt),
    userData: message.userData,
  });
}
