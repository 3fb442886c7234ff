import { type Said, sentences } from '#base/sentence/index.ts';

/** What entries are about that has no name, number or digits of its own. */
export const AUDIT_SUBJECTS = sentences({
  alarm: 'alarm {number}',
  batch: 'batch {batch}',
  certificate: 'certificate {serial}',
  database: 'database',
  fleet: 'fleet',
  imsiPrefix: 'IMSI {prefix}',
  maker: 'maker {identifier}',
  makers: 'makers',
  olderThanKept: 'what is older than kept',
  person: 'a person',
  range: '{first} to {last}',
  run: 'run {run}',
  tac: 'TAC {tac}',
  tacTable: 'TAC table',
  webhook: 'webhook {webhook}',
});
/** The codes of what entries are about. */
export type AuditSubjectCode = (typeof AUDIT_SUBJECTS.codes)[number];

/** What an entry is about: a name, a number, digits; or one of these sentences. */
export type AuditSubject = string | Said<AuditSubjectCode>;

/** Reasons that the operator itself gives for a change of users. */
export const AUDIT_REASONS = sentences({
  byTheUser: 'by the user',
  firstLink: 'first link',
  asProviderSays: 'as the OpenID provider says',
});

/** The codes of reasons. */
export type AuditReasonCode = (typeof AUDIT_REASONS.codes)[number];

/** Why the chain does not hold at an entry. */
export const AUDIT_FAULTS = sentences({
  detailChanged: 'its detail was changed',
  changedOrInserted: 'it was changed or inserted',
  missing: 'entry {entry} is missing',
  notTheNoted: 'it is not the entry that was noted',
  cut: 'the log was cut: entry {entry} was noted and is gone',
});
/** The codes of faults. */
export type AuditFaultCode = (typeof AUDIT_FAULTS.codes)[number];
