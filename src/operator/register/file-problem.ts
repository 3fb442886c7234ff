import { type Said, sentences } from '#base/sentence/index.ts';
import { type Problem, problemWords } from './line-problem.ts';

const AS_CSV = 'save it as "CSV UTF-8"';
const GOT_COLUMNS = 'got the columns {columns}';
const CUT_OFF = 'got the end of the file; is it cut off?';

/** Why a file is no list, or stops being one: nothing of it is used. The codes are for programs and do not change. */
export const FILE_PROBLEMS = sentences({
  // By the first octets
  zip: 'expected a list as CSV or JSON, got a ZIP archive or a spreadsheet (.xlsx): unpack it, or save it as "CSV UTF-8"',
  gzip: 'expected a list as CSV or JSON, got a gzip archive: unpack it',
  spreadsheet: `expected a list as CSV or JSON, got a spreadsheet (.xls): ${AS_CSV}`,
  pdf: 'expected a list as CSV or JSON, got a PDF: ask for the list as CSV',
  utf16: `expected a list as CSV or JSON, got UTF-16 text: ${AS_CSV}`,
  markup: 'expected a list as CSV or JSON, got XML or HTML',
  zeros: 'expected text, got octets 00 (packed, or saved as UTF-16?)',
  empty: 'expected a list, got an empty file',
  emptyRows: 'expected a header line and lines with an IMEI, got an empty file',
  emptyRecords: 'expected JSON records, got an empty file',
  recordsUnknown: 'expected JSON records with "pei" (Open5GS) or "match_response_code" (PyHSS), got {names}',
  recordsNone: 'expected JSON records with "pei" (Open5GS) or "match_response_code" (PyHSS), got no record',
  columnsUnknown: `expected a list with a column 'imei' or 'tac', or IMEIs first; ${GOT_COLUMNS}; say which column is which`,
  tacsBesideOthers:
    "expected 'tac' alone or with 'change_type', got other columns beside it, as in the GSMA list of allocated TACs; if they are to be listed, say which column is which",
  pairsBesideOthers:
    "expected IMEIs, or pairs of 'imei' and 'imsi', got both with other columns; choose 'csv' to list the IMEIs, or say which column is which to make pairs",
  // By the first line
  firstLine: 'line {line}',
  columnTwice: "line {line}: expected one column '{column}', got {count}",
  columnMissing: `line {line}: expected a header with a column '{column}', or a number first; ${GOT_COLUMNS}`,
  columnMissingEither: `line {line}: expected a header with a column '{column}' or '{other}', or a number first; ${GOT_COLUMNS}`,
  columnMissingBoth: `line {line}: expected a header with a column '{column}' and '{other}', or a number first; ${GOT_COLUMNS}`,
  columnNotOnce: `line {line}: expected a header with one column '{column}', ${GOT_COLUMNS}`,
  // By the mapping
  mappingNoImei: "column mapping: expected a column for 'imei' or 'tac', got neither",
  mappingNumber: `line {line}: expected a column {number} for '{what}' (from 1); ${GOT_COLUMNS}`,
  mappingNeedsNumber: `line {line}: expected a column number for '{what}', as the file has no header; ${GOT_COLUMNS}`,
  mappingName: `line {line}: expected one column '{name}' for '{what}'; ${GOT_COLUMNS}`,
  datePatternLong: 'column mapping: expected a date pattern of at most {most} characters',
  datePattern: "column mapping: expected a date pattern with YYYY, MM or Mon, and DD once each, got '{pattern}'",
  // In the middle
  zerosAfterLine: 'after line {line}: expected text, got octets 00: not a CSV file (packed, or saved as UTF-16?)',
  notUtf8AfterLine: 'after line {line}: expected UTF-8 text, got other octets; save the file as "CSV UTF-8"',
  zerosAfterElement: 'after element {element}: expected JSON text, got octets 00 (saved as UTF-16?)',
  notUtf8AfterElement: 'after element {element}: expected UTF-8 text, got other octets',
  elementCut: `element {element}: expected its end, ${CUT_OFF}`,
  arrayCut: `after element {element}: expected ']', ${CUT_OFF}`,
  afterArray: "after element {element}: expected the end of the file after ']'",
  strayBracket: "after element {element}: expected a record, got ']'",
  // At the end
  noLineUsable: 'no line can be used; the first: line {line}',
  // The table of allocated TACs
  tacNoHeader: "TAC table: expected a header with a column 'tac' in the first lines, got none",
  tacMany: 'TAC table: expected at most {most} TACs',
  tacNone: 'TAC table: expected lines with a TAC of 8 digits, got none',
});

/** Why a file is no list. */
export type FileProblemCode = (typeof FILE_PROBLEMS.codes)[number];
/** Why a file is no list, as it is said. */
export type FileProblem = Said<FileProblemCode>;
/** Says why a file is no list. */
export const fileProblem: typeof FILE_PROBLEMS.say = FILE_PROBLEMS.say;

/** Why a file is refused. */
export interface FileRefusal {
  readonly said: FileProblem;
  /** What is wrong with the line that `said` names, where that is why. */
  readonly line?: Problem | undefined;
}

/** The same in English. */
export const refusalWords = ({ said, line }: FileRefusal): string =>
  `${FILE_PROBLEMS.words(said)}${line === undefined ? '' : `: ${problemWords(line)}`}`;
