export { exportLines } from './list-export.ts';
export {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type ImportEffect,
  type ImportOptions,
  type ImportResult,
  importList,
  undoImport,
} from './list-import.ts';
export { OWN_SOURCE, openLists } from './lists.ts';
