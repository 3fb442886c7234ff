// What this process of the operator took part in, hop by hop: messages, packets, verdicts, receipts, checks, in memory, newest kept.
// Standards: SMPP 3.4, TS 102 225, TS 22.016 5; what a hop is called and says is of protocol/exchange.
// Must never: write what it sees anywhere, keep without a bound or after an erasure, show a key, or slow the gateway down.
export {
  type Exchanges,
  type ExchangesOptions,
  type OrderSeen,
  openExchanges,
  type ProofSeen,
  type ReportSeen,
  STANDARD_HOPS,
} from './exchanges.ts';
export { managementPacketBody, packetBody } from './packet-body.ts';
export type { Whose } from './pdu-follower.ts';
