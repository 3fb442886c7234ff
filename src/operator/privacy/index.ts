// Personal data: what is kept of whom and for how long, all of it given out to whom it is about, and erased where that may be.
// Standards: none of its own; RFC 7254 8 says why an IMEI is personal data. Places are the tables of operator/database.
// Must never: erase without a trace in the audit log, forget a place where identities stand, or hold others up while it works.
export { ERASURE_REMAINS, type ErasureOrder, type ErasureRecord } from './erasure.ts';
export { PLACES, type Place } from './places.ts';
export { openPrivacy, type Privacy } from './privacy.ts';
export { REMAINS_REASONS, type RemainsReason } from './remains.ts';
export {
  admitsRetention,
  RETENTION_RULES,
  type RetentionName,
  type RetentionRun,
} from './retention.ts';
export { maskedSubject, SUBJECT_IDENTITIES, type Subject, type SubjectIdentity, type SubjectKeys } from './subject.ts';
