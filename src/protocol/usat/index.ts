// USIM Application Toolkit: proactive commands, TERMINAL RESPONSE, ENVELOPE and TERMINAL PROFILE, both directions of each.
// Standards: ETSI TS 102 223 5, 6.6, 6.8, 7, 8; 3GPP TS 31.111; ETSI TS 101 220 7.2 (tags).
// Must never: decide anything, or read into an APDU that it carries: to the toolkit a C-APDU is octets.

export { alphaIdentifier, textOfAlpha } from './alpha-identifier.ts';
export type { CellBroadcastPage } from './cell-broadcast.ts';
export {
  BEARER_TYPE,
  type BearerDescription,
  type ChannelStatus,
  type OtherAddress,
  type TransportLevel,
} from './channel-element.ts';
export { LOCAL_INFORMATION, type LocalInformation, REFRESH_MODE, type RefreshMode } from './command-terminal.ts';
export type { MenuItem } from './display-element.ts';
export {
  COMMAND_TYPE,
  type CommandDetails,
  type CommandName,
  cardReader,
  DEVICE,
  type Duration,
  type ReaderStatus,
  readerStatus,
  TAG as TOOLKIT_TAG,
} from './element.ts';
export {
  type CallControlAnswer,
  type CallControlChange,
  callControlAnswer,
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
} from './envelope.ts';
export { EVENT, type EventDownload } from './event-download.ts';
export {
  commandDetails,
  decodeProactiveCommand,
  detailsOf,
  encodeProactiveCommand,
  LONGEST_PROACTIVE_COMMAND,
} from './proactive-codec.ts';
export type { ProactiveCommand } from './proactive-command.ts';
export { CARD_READER_PROBLEM, GENERAL_RESULT, type ResultClass, resultClass, TERMINAL_PROBLEM } from './result.ts';
export {
  supports,
  TERMINAL_FEATURE,
  type TerminalFeature,
  terminalFeatures,
  terminalProfile,
} from './terminal-profile.ts';
export {
  decodeTerminalResponse,
  encodeTerminalResponse,
  LONGEST_TERMINAL_RESPONSE,
  type TerminalResponse,
} from './terminal-response.ts';
export { CODING_SCHEME, type TextString, textOf, textString } from './text-string.ts';
