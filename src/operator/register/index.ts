// The equipment register (7): lists of IMEIs, files in and out, and the decision about an IMEI that weighs lists against evidence.
// Standards: TS 22.016 4 and 5 (lists, check), TS 29.511 (Permitted, Tracking, Prohibited), DIRBS-Core 14 list files.
// Must never: block a country by one file, compare an IMEI by other than its 14 digits, or give an answer without its reasons.
export { type AccessChange, type UserProposal, withoutSecret } from './access-change.ts';
export type {
  AccessChanges,
  Approvals,
  ApprovalVerdict,
  ApprovedFleet,
  FileApproval,
  NewSetting,
  Proposable,
  Proposal,
  ProposedChange,
} from './approval.ts';
export { MalformedFile } from './csv.ts';
export {
  type Decision,
  type EquipmentStatus,
  REASON_SENTENCES,
  REASON_TEXT,
  REGISTER_MODES,
  type Reason,
  type ReasonCode,
  type ReasonSaid,
  type ReasonSentence,
  type RegisterMode,
  reasonFor,
} from './decision.ts';
export type { EntryFilter, EntrySearch, PageFrom } from './entry-search.ts';
export {
  attachEquipmentIndex,
  createEquipmentIndex,
  type EquipmentIndex,
  type EquipmentIndexHandle,
  type EquipmentReader,
  readSnapshot,
  takeOverEquipmentIndex,
  writeSnapshot,
} from './equipment-index/index.ts';
export { type EquipmentNumber, equipmentNumber } from './equipment-number.ts';
export { FILE_PROBLEMS, type FileRefusal, refusalWords } from './file-problem.ts';
export { type FleetChange, type FleetNumbers, isMoreThan, rulesText } from './fleet-change.ts';
export { type EquipmentAnswer, type EquipmentCheck, type EquipmentQuestion, FRONTS, type Front } from './front.ts';
export { type GsupProxy, type GsupProxyOptions, listenGsup } from './gsup/index.ts';
export { IMPORT_REFUSALS, type ImportRefusal } from './import-refusal.ts';
export type { ImsiDefault, ImsiDefaults } from './imsi-defaults.ts';
export { LINE_PROBLEMS, type LineProblem, type LineProblemCode, type Problem, problemWords } from './line-problem.ts';
export {
  type EntryChange,
  type ErasureChange,
  type FileChange,
  type ListChange,
  type MakerChange,
  type SettingChange,
  subjectOf,
  type UndoChange,
  type UndoNumbers,
} from './list-change.ts';
export { LIST_REASONS, LISTS, type ListEntry, type ListName, type ListReason } from './list-entry.ts';
export {
  BAD_LINE_HEADING,
  type BadLine,
  badLineReport,
  badLineRow,
  type ColumnMapping,
  DETECT_OCTETS,
  EXPORT_FORMATS,
  type ExportRecord,
  entryRecord,
  exportList,
  type FileProposal,
  FORMAT_GUESSES,
  LIST_FORMATS,
  type ListExportFormat,
  type ListFormat,
  MAPPED_COLUMNS,
  type MappedColumn,
  mappingText,
  NORMALISATIONS,
  parseMapping,
  proposeFile,
  type ReportRow,
} from './list-format/index.ts';
export { type GeneratedFile, type GeneratedRun, type ListGeneration, NOTICE_DAYS } from './list-generation/index.ts';
export { type ListImei, listImei } from './list-imei.ts';
export {
  BATCH_STATES,
  type BatchState,
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type HitHandset,
  type ImportEffect,
  type ImportedFile,
  type ImportKeeper,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  type ImportRun,
  type ImportRuns,
  RUN_OUTCOMES,
  RUN_PHASES,
  type UndoEffect,
  type UndoProposal,
} from './list-import/index.ts';
export type { ListPositions, Position } from './list-positions.ts';
export { type ListCount, type Lists, type NewEntry, OWN_SOURCE } from './lists.ts';
export {
  equipmentStatusService,
  listenN5gEir,
  listenN5gEirFast,
  type N5gEir,
  type N5gEirOptions,
  openN5gEir,
} from './n5g-eir/index.ts';
export {
  type Answering,
  answering,
  type FrontAddress,
  type FrontSettings,
  type FrontTls,
  ImageLoader,
  type LoaderSources,
  type NodeStatus,
  openRegisterNode,
  RegisterImage,
  type RegisterNode,
  type RegisterNodeOptions,
  ruleOfPlain,
  type StatusAddress,
} from './node/index.ts';
export { type ImsiRange, type NewPairRule, PAIR_RULES, type PairRule, type PairRuleKind } from './pair-rules.ts';
export { newUserProposal, openPeopleChanges, userChangeProposal } from './people-changes.ts';
export { type ImeiRange, type NewRangeEntry, type RangeEntry, rangeOfTac, tacOfRange } from './ranges.ts';
export { REGISTER_REFUSALS } from './refusals.ts';
export { type CheckQuestion, openRegister, type Register } from './register.ts';
export {
  SETTING_NAMES,
  type SettingName,
  settingExpects,
  UNKNOWN_ANSWERS,
  type UnknownAnswer,
} from './register-settings.ts';
export { listenS13, type S13Front, type S13Options } from './s13/index.ts';
export type { ChangedHandset, SettingPreview } from './setting-preview.ts';
