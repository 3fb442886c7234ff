// List file formats of the equipment register: DIRBS, plain and mapped CSV, Open5GS and PyHSS records, read and written as streams.
// Standards: DIRBS-Core 14.1 list files, RFC 4180 (CSV), RFC 8259 (JSON), TS 23.003 6.2 (IMEI), TS 29.511 (equipment status).
// Must never: hold more of a file than the piece at hand, change a value without saying so, or guess what a line means.
export { BAD_LINE_HEADING, badLineReport, badLineRow, type ReportRow } from './bad-line-report.ts';
export type { CodeColumn, ColumnMapping, ColumnRef, DateColumn, WordColumn } from './column-mapping.ts';
export { DETECT_OCTETS, type DetectedFormat, detectFormat } from './detect.ts';
export {
  DELTA_NAMES,
  type DirbsDelta,
  type DirbsFileName,
  dirbsFileName,
  dirbsFileNameText,
} from './dirbs-file-name.ts';
export {
  EXPORT_FORMATS,
  type ExportRecord,
  entryRecord,
  exportList,
  type ListExportFormat,
  type ListExportOptions,
} from './export.ts';
export { type FileProposal, MAPPED_COLUMNS, type MappedColumn, proposeFile } from './file-proposal.ts';
export { FORMAT_GUESSES, type FormatGuess } from './format-guess.ts';
export { compactDate } from './list-date.ts';
export {
  type BadLine,
  badLine,
  CHANGES,
  type Change,
  type ImeiSubject,
  LINE_SHOWN,
  type LineFacts,
  type ListLine,
  type ListRecord,
  PAIR_KINDS,
  type PairKind,
  type PairSubject,
  type RangeSubject,
  type RecordFacts,
  type Subject,
  type TacSubject,
} from './list-line.ts';
export { mappingText, parseMapping } from './mapping-text.ts';
export { NORMALISATIONS, type Normalisation, type NormalisationCode } from './normalisation.ts';
export {
  type AnyLine,
  type Chunks,
  LIST_FORMATS,
  type ListFormat,
  listLineBatches,
  listLines,
  type ReadOptions,
} from './read.ts';
export type { FileOptions } from './row-layout.ts';
