// Short messages: transfer PDUs, addresses, user data headers, the GSM 7-bit alphabet, concatenation.
// Standards: 3GPP TS 23.040 9.2, TS 23.038, and TS 31.115 4 for where the identifiers of secured packets stand.
// Must never: keep state of its own between messages, or trust a length, a reference or a sender that came from outside.
export {
  addressOf,
  addressText,
  diallingNumber,
  ISDN_PLAN,
  internationalAddress,
  type SmsAddress,
  smsAddress,
  type TypeOfNumber,
} from './address.ts';
export {
  DEFAULT_REASSEMBLY_LIMITS,
  NO_OPEN_MESSAGES,
  type Reassembly,
  type ReassemblyLimits,
  type ReassemblyOutcome,
  reassemble,
  type Segment,
  type Segmentation,
  segments,
} from './concatenation.ts';
export { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './default-alphabet.ts';
export { TIMESTAMP_LENGTH, timeOf, timestampOf } from './timestamp.ts';
export {
  type Carrier,
  decodeTpdu,
  encodeTpdu,
  type SmsDeliver,
  type SmsDeliverReport,
  type SmsStatusReport,
  type SmsSubmit,
  type SmsSubmitReport,
  type SmsTpdu,
  smsDeliver,
  smsSubmit,
} from './tpdu.ts';
export { textOfUcs2, ucs2Octets } from './ucs2.ts';
export {
  type Alphabet,
  alphabetOf,
  DATA_CODING,
  LONGEST_USER_DATA,
  messageClassOf,
  octetUserData,
  ofOctets,
  PROTOCOL_IDENTIFIER,
  splitUserData,
  textOfUserData,
  textUserData,
  type UserData,
} from './user-data.ts';
export {
  type Concatenation,
  concatenationElement,
  concatenationOf,
  ELEMENT,
  type InformationElement,
  userDataHeader,
} from './user-data-header.ts';
