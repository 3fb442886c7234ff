// Who ordered, listed and judged what, and why: an append-only log whose entries are chained by a MAC, also the feed of events.
// Standards: AES-256-CMAC (SP 800-38B) over each entry and the value of the one before.
// Must never: change or remove an entry, or put a key or a PIN in one. Erasing a detail for privacy leaves the chain whole.
export {
  AUDIT_KINDS,
  type Audit,
  type AuditDetail,
  type AuditEntry,
  type AuditFault,
  type AuditKind,
  type AuditSaid,
  type AuditSearch,
  openAudit,
} from './audit.ts';
export { PROGRAM_AUTHORS, type ProgramAuthor } from './authors.ts';
export {
  AUDIT_FAULTS,
  AUDIT_REASONS,
  AUDIT_SUBJECTS,
  type AuditReasonCode,
  type AuditSubject,
  type AuditSubjectCode,
} from './sentences.ts';
