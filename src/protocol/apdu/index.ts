// Command and response APDUs, class byte and logical channels, status words; the answer to reset and the protocols it offers.
// Standards: ISO/IEC 7816-3 8.2, 12.1, ISO/IEC 7816-4 5, ETSI TS 102 221 10, GPC 2.3.1 11.
// Must never: treat a status word as an error of the program, or as a proof: error words are not protected.
export { type AnswerToReset, answerToReset, atrOffering, type InterfaceGroup } from './answer-to-reset.ts';
export type { Card, ProtocolOffer, Transmit } from './card.ts';
export {
  classForMac,
  HIGHEST_LOGICAL_CHANNEL,
  isProprietary,
  isSecureMessaging,
  logicalChannel,
  onChannel,
} from './class.ts';
export {
  type CommandApdu,
  commandApdu,
  decodeCommand,
  encodeCommand,
  isExtendedCommand,
  LONGEST_COMMAND_DATA,
  LONGEST_EXTENDED_RESPONSE_DATA,
  LONGEST_RESPONSE_DATA,
} from './command.ts';
export { isNormal, isProtectedStatus, responseApdu, responseData, SW, statusWord } from './response.ts';
export { STATUS_MEANINGS, STATUS_WORDS, type StatusCode, type StatusMeaning, statusMeaning } from './status-meaning.ts';
