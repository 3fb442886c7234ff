// Files into lists: staged, compared, shown, and written as one batch that counts when it is whole; and batches taken back.
// Standards: facts/eir.md 8 (DIRBS guards), TS 22.016 4; the formats are list-format's.
// Must never: change another source's entries, show a part of a batch to a check, or lose what a batch took away.

export {
  ABANDONED_MILLISECONDS,
  BATCH_STATES,
  type BatchPorts,
  type BatchState,
  beginUndo,
  type ImportedFile,
  importedFiles,
} from './batch.ts';
export { type ImportPorts, importList } from './import.ts';
export { type ImportKeeper, openImportKeeper } from './keeper.ts';
export {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type HitHandset,
  type ImportEffect,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  type NormalisationCount,
  type ProblemCount,
} from './options.ts';
export { type ImportRun, type ImportRuns, openImportRuns, RUN_OUTCOMES, RUN_PHASES } from './runs.ts';
export { settleAbandoned } from './settling.ts';
export { StagedImeis } from './staged-imeis.ts';
export { type UndoEffect, undoEffect } from './undo-effect.ts';
export { proposeUndo, type UndoProposal, undoImport } from './undoing.ts';
export { usersOf } from './users.ts';
