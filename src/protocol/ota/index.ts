// Secured packets over the air ("SCP80"): commands with keys and counters, proofs of receipt, their way into short messages.
// Standards: ETSI TS 102 225 5, 6; 3GPP TS 31.115 4; ETSI TS 102 226 5.2. AES only: triple DES can be read, never written.
// Must never: use a deciphered octet before its check is right, say why a check failed, protect an answer to a forgery.

export {
  COMMAND_HEADER_LENGTH,
  type CommandHeader,
  decodeCommandHeader,
  PACKET_CHECK_LENGTH,
} from './command-header.ts';
export {
  type CommandMessage,
  type CommandReceiver,
  commandPacketLength,
  type OpenedCommand,
  openCommand,
  securedCommand,
} from './command-packet.ts';
export { COUNTER_LIMIT, type CounterStore } from './counter.ts';
export type { OtaKeys, PacketContent } from './packet-body.ts';
export { type ReadingKeys, readCommand, readResponse } from './packet-reading.ts';
export { packetToSegments, type SecuredPacket, securedPacketOf } from './packet-segment.ts';
export { POR_STATUS, type PorStatus } from './por-status.ts';
export {
  type CompactResponse,
  compactResponse,
  type ExpandedResponse,
  type RemoteResponse,
  readRemoteResponse,
  writeExpandedResponse,
} from './remote-response.ts';
export {
  type BadFormat,
  MOST_REMOTE_COMMANDS,
  type RemoteFormat,
  type RemoteScript,
  readRemoteScript,
  writeRemoteScript,
} from './remote-script.ts';
export {
  decodeResponseHeader,
  type OpenedResponse,
  openResponse,
  type ResponseHeader,
  type ResponseMessage,
  securedResponse,
  unprotectedRefusal,
  wantsProof,
} from './response-packet.ts';
export {
  type CheckAlgorithm,
  type CipherAlgorithm,
  type CommandProtection,
  type CounterMode,
  type Integrity,
  MINIMUM_SECURITY_LEVEL,
  NO_PROOF,
  PROOF_BY_DELIVER_REPORT,
  PROOF_BY_SUBMIT,
  type ProofRequest,
  type SecurityLevel,
  type WritableProof,
} from './security-parameters.ts';
