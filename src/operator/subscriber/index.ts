// The operator's UICCs (31): who they are, their keys, counters and sequence numbers, and what a new one is personalised with.
// Standards: TS 33.102 6.3 and C.3 (vectors, SQN), TS 33.501 6.12 (SUCI), TS 102 225 5.1.4 (counters), GPC Amendment F (OCE certificates).
// Must never: give out an SQN or a counter twice, take a report's counter twice, or leave a key unwrapped in the database.
export type { CardPersonalisation, LockPolicy, SequenceRules } from './card-personalisation.ts';
export { FLEET_POLICY, STANDARD_POLICY, STANDARD_SEQUENCE } from './card-personalisation.ts';
export type { CertificateAuthority } from './certificate-authority.ts';
export { SUCI_SCHEMES, type SuciScheme } from './home-network-keys.ts';
export type { IssuerKeys } from './issuer-keys.ts';
export type { KeySetHistory, KeySetState, PacketKeySet } from './packet-keys.ts';
export type { AlgorithmName } from './subscriber-algorithm.ts';
export {
  type CardOrder,
  type GsmTriplet,
  openSubscribers,
  policyOf,
  type Subscriber,
  SubscriberError,
  type Subscribers,
} from './subscribers.ts';
export { asRoot, type RootHolders, sameRoot, type TrustCounts, type Trusts } from './trusts.ts';
