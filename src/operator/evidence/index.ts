// How each IMEI is known: proofs and reports of UICCs, claims of the network, pairings, contradictions, and which of several claimants is genuine.
// Standards: none of its own; the levels are those of the design, the threats T02, T07, T10, T12, T15, T19, T21 of facts/threats.md.
// Must never: prohibit anybody by itself, take a claim for a proof, forget a contradiction, or let a flood of claims write to the disk.

export type {
  AlarmAct,
  AlarmCount,
  AlarmFilter,
  AlarmPlace,
  Alarms,
} from './alarms.ts';
export type { Claimant, Cluster, ClusterPlace } from './clusters.ts';
export {
  type DeviceFilter,
  type DevicePage,
  type DevicePlace,
  type Devices,
  type SilentPage,
  VERDICTS,
  type Verdict,
  verdictOf,
} from './devices.ts';
export {
  admitsDuplicateSetting,
  DUPLICATE_RULES,
  type DuplicateSettingName,
  type DuplicateSettings,
} from './duplicate-settings.ts';
export type { ErasedSubjects } from './erased-subjects.ts';
export {
  type Evidence,
  openEvidence,
  type Pairing,
  type RecordedReport,
  type ReportToRecord,
  type StoredReport,
} from './evidence.ts';
export {
  FINDING_KINDS,
  FINDING_SEVERITY,
  FINDING_STATES,
  type Finding,
  type FindingKind,
  type FindingState,
  type NewFinding,
  SEVERITIES,
  type Severity,
} from './finding.ts';
export { FINDING_SENTENCES, type FindingCode, type FindingSaid, ORDER_FAILURES } from './finding-sentences.ts';
export type { GenuineBecause } from './genuine.ts';
export { EVIDENCE_LEVELS, type EvidenceLevel, levelOf } from './level.ts';
export type { EvidenceSearch, ImeiUsed } from './search.ts';
export type { ClaimDetails, Duplicate, DuplicateCause, EvidenceWatcher, Position, Sighting } from './sighting.ts';
export type { Standing } from './standing.ts';
