// Every hop of the laboratory, kept by exchange and described: octets, what they say, what seals hide, what was altered.
// Standards: the formats are those of protocol/; what a hop is called is of lab/ladder.
// Must never: be on the way of what it sees, keep without a bound, or be given to anything but the laboratory's own cards.
export { type Alteration, describeHop, type HopDescription } from './describe-hop.ts';
export {
  type Exchange,
  type ExchangeKind,
  ExchangeLog,
  type ExchangeLogLimits,
  type ExchangeOutcome,
  type Hop,
} from './exchange-log.ts';
export { type HopMeaning, hopMeaning, MEANING_CODES } from './hop-meaning.ts';
export { HOP_NAMES, hopName } from './hop-name.ts';
export { OCTET_MEANINGS, type OctetMeaning, saidMeaning } from './octet-meaning.ts';
export { OCTET_NAMES } from './octet-name.ts';
export type { OctetNode } from './octet-tree.ts';
export type { BrokenSeal, OctetSheet } from './sheet.ts';
export { type OpenedOctets, watchedAes } from './watched-aes.ts';
