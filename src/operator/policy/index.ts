// What to answer a UICC that reported (104), and why: a pure decision over the report, the register's word and the evidence.
// Standards: none of its own; the orders are those of protocol/imei-lock, the outcomes those of facts/threats.md 3.5.
// Must never: read a clock or a database, block for silence, or answer without a reason a person can read.
export { type AnswerFacts, answerTo, imeiOf, orderCommand } from './answer.ts';
export { LONGEST_PERSON_TEXT, personText, textOctets } from './person-text.ts';
export {
  type Commanded,
  changedOrder,
  commandedOrder,
  decide,
  type PolicyDecision,
  type PolicyFacts,
} from './policy.ts';
export { type KnownHandset, type Service, serviceUnder } from './service.ts';
