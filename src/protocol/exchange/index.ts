// Hops kept by exchange and described: octets, what they say, what seals hide, what was altered, by standard names and clauses.
// Standards: the formats are those of the other rooms of protocol/; names of TS 102 221, TS 102 223, TS 31.102, TS 31.111, GPC 2.3.1 with Amendments D and F.
// Must never: be on the way of what it sees, keep without a bound, or hold a key: what seals hide is told to it by who may open them.
export { type HopName, supportHop, uiccHop } from './apdu-name.ts';
export { type Alteration, describeHop, type HopDescription } from './describe-hop.ts';
export {
  EXCHANGE_KINDS,
  EXCHANGE_OUTCOMES,
  type Exchange,
  type ExchangeKind,
  ExchangeLog,
  type ExchangeLogLimits,
  type ExchangeOutcome,
  type Hop,
} from './exchange-log.ts';
export { HOP_DETAILS } from './hop-detail.ts';
export { type HopMeaning, hopMeaning, MEANING_CODES } from './hop-meaning.ts';
export { HOP_NAMES, hopName } from './hop-name.ts';
export { OCTET_MEANINGS, type OctetMeaning, saidMeaning } from './octet-meaning.ts';
export { OCTET_NAMES } from './octet-name.ts';
export type { OctetNode } from './octet-tree.ts';
export type { BrokenSeal, OctetSheet, OpenedOctets } from './sheet.ts';
export { tellsTheStory } from './story.ts';
