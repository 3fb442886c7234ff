// One record per hop: who sent which octets to whom, under which name, in which step 101 to 104; kept, joined, sent as GSMTAP, written as pcapng.
// Standards: GSMTAP (osmocom, UDP port 4729), pcapng (draft-ietf-opsawg-pcapng), RFC 791, RFC 768.
// Must never: change what it sees, fail a run because nobody listens, or cost anything while `enabled` is false.
export { GSMTAP_PORT, gsmtapPackets } from './gsmtap.ts';
export { type GsmtapUdp, gsmtapUdp } from './gsmtap-udp.ts';
export { type PcapngFile, pcapngFile, pcapngOctets } from './pcapng.ts';
export {
  type CollectingTrace,
  collectingTrace,
  silentTrace,
  type Trace,
  type TraceParty,
  type TraceProtocol,
  type TraceRecord,
  teeTrace,
} from './record.ts';
