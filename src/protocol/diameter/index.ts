// Diameter for an equipment register: messages, the side of a peer that is connected to, a listener, and the application S13 / S13'.
// Standards: RFC 6733 (base protocol), RFC 3539 3.4 (watchdog), TS 29.272 6 and 7 (ME-Identity-Check).
// Must never: let a stranger in, answer a request in part or twice differently, send anything on, or hold more than its limits.
export type { PeerOptions } from './admission.ts';
export { capabilitiesRequest, disconnectRequest, watchdogAnswer, watchdogRequest } from './answer.ts';
export { type Avp, type AvpBudget, AvpFault, avp, avps, readAvps } from './avp.ts';
export {
  type CapabilitiesExchangeRequest,
  CEA,
  CER,
  DPA,
  DPR,
  DWA,
  DWR,
  ECA,
  ECR,
  ERROR_ANSWER,
  type MeIdentityCheckRequest,
} from './command.ts';
export type { MessageWatcher, PeerNews } from './connection.ts';
export { APPLICATION, AVP, COMMAND, EQUIPMENT_STATUS, NO_STATE_MAINTAINED, VENDOR_3GPP } from './dictionary.ts';
export { ME_IDENTITY_OUTCOMES, type MeIdentityOutcome } from './eca-writer.ts';
export { FLAG, HEADER_LENGTH, type Header, header, headerAt, messageOctets } from './header.ts';
export {
  DIAMETER_LIMITS,
  type DiameterCounts,
  type DiameterLimits,
  type DiameterListener,
  type DiameterListenerOptions,
  type DiameterTls,
  listenDiameter,
} from './listener.ts';
export type { LocalNode } from './local-node.ts';
export { MessageStream } from './message-stream.ts';
export { PEER_TIMES, type PeerTimes } from './peer-state.ts';
export { EQUIPMENT_UNKNOWN, RESULT, resultCodeName } from './result-code.ts';
export type { MeIdentityCheck, S13Peer } from './s13.ts';
