// Command and response APDUs, class byte and logical channels, status words.
// Standards: ISO/IEC 7816-3 12.1, ISO/IEC 7816-4 5, ETSI TS 102 221 10, GPC 2.3.1 11.
// Must never: treat a status word as an error of the program, or as a proof: error words are not protected.
export type { Card, Transmit } from './card.ts';
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
  LONGEST_COMMAND_DATA,
  LONGEST_RESPONSE_DATA,
} from './command.ts';
export { isNormal, isProtectedStatus, responseApdu, responseData, SW, statusWord } from './response.ts';
