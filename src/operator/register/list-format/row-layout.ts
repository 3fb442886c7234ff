import { type ListName, type ListReason, reasonOf } from '../list-entry.ts';
import type { LostZeros } from './file-imei.ts';
import { type DateReader, plainDate } from './list-date.ts';
import type { Change, PairKind } from './list-line.ts';

/** Known columns, each under the names that DIRBS-Core, its exports, ours and others give it (facts of DIRBS-Core 14). */
export const COLUMNS = {
  imei: ['imei', 'approved_imei', 'golden_imei', 'pei'],
  lastImei: ['last_imei', 'imei_to', 'to_imei'],
  tac: ['tac'],
  imsi: ['imsi'],
  lastImsi: ['last_imsi'],
  msisdn: ['msisdn'],
  about: ['about'],
  list: ['list'],
  change: ['change_type', 'change'],
  status: ['status'],
  reported: ['reporting_date', 'block_date', 'date'],
  reason: ['reason', 'reasons'],
  note: ['note'],
  caseReference: ['case_reference', 'case', 'case_id'],
  expires: ['expires', 'expires_at', 'expiry', 'expiry_date'],
} as const;
/** A known column. */
export type Column = keyof typeof COLUMNS;
/** A known column, or the one that tells lines to be passed over. */
export type Place = Column | 'ignore';
/** Where each column stands, from 0. */
export type Places = Readonly<Partial<Record<Place, number>>>;

/** The number of each column in a layout's order; a number is found faster than a name, millions of times. */
export const AT = {
  imei: 0,
  lastImei: 1,
  tac: 2,
  imsi: 3,
  lastImsi: 4,
  msisdn: 5,
  about: 6,
  list: 7,
  change: 8,
  status: 9,
  reported: 10,
  reason: 11,
  note: 12,
  caseReference: 13,
  expires: 14,
  ignore: 15,
} as const satisfies Readonly<Record<Place, number>>;

/** The formats that are rows of known columns. */
export const ROW_FORMATS = [
  'csv',
  'dirbs-stolen',
  'dirbs-black-list',
  'dirbs-barred',
  'dirbs-barred-tac',
  'dirbs-pairing',
  'dirbs-exceptions',
  'dirbs-notifications',
] as const;
/** A format of rows of known columns. */
export type RowFormat = (typeof ROW_FORMATS)[number];

/** Whom the rows of a format are about; `any`: the row itself says it. */
export type RowSubject = 'imei' | 'tac' | 'pair' | 'any';

interface FormatColumns {
  readonly subject: RowSubject;
  /** Columns of a file without a header line. */
  readonly order: readonly Column[];
  /** Columns without which a header is none of this format; one of each group. */
  readonly needs: readonly (readonly Column[])[];
}

/** DIRBS-Core 14.1: its lists, and in the last column what their deltas add. */
export const FORMAT_COLUMNS: Readonly<Record<RowFormat, FormatColumns>> = {
  csv: { subject: 'any', order: ['imei'], needs: [['imei', 'tac']] },
  'dirbs-stolen': { subject: 'imei', order: ['imei', 'reported', 'status', 'change'], needs: [['imei']] },
  'dirbs-black-list': { subject: 'imei', order: ['imei', 'reported', 'reason', 'change'], needs: [['imei']] },
  'dirbs-barred': { subject: 'imei', order: ['imei', 'change'], needs: [['imei']] },
  'dirbs-barred-tac': { subject: 'tac', order: ['tac', 'change'], needs: [['tac']] },
  'dirbs-pairing': { subject: 'pair', order: ['imei', 'imsi', 'msisdn', 'change'], needs: [['imei'], ['imsi']] },
  'dirbs-exceptions': { subject: 'pair', order: ['imei', 'imsi', 'msisdn', 'change'], needs: [['imei'], ['imsi']] },
  'dirbs-notifications': {
    subject: 'pair',
    order: ['imei', 'imsi', 'msisdn', 'reported', 'reason'],
    needs: [['imei'], ['imsi']],
  },
};

/** How the words of a row are understood. */
export interface RowRules {
  readonly subject: RowSubject;
  readonly pairKind: PairKind;
  readonly lostZeros: LostZeros;
  readonly reportedDate: DateReader;
  readonly expiryDate: DateReader;
  /** Undefined: no such change. */
  readonly changeOf: (word: string) => Change | undefined;
  /** Undefined: no such list. */
  readonly listOf: (word: string) => ListName | undefined;
  readonly reasonOf: (word: string) => ListReason;
  /** Lines with one of these words in the column `ignore` are no entries. */
  readonly ignored: ReadonlySet<string>;
}

/** Where the columns of a file stand and what their words mean. */
export interface RowLayout {
  readonly separator: string;
  readonly places: Places;
  /** The places by the numbers of AT; -1: there is no such column. */
  readonly order: Int8Array;
  readonly rules: RowRules;
}

/** A layout of columns that stand at these places. */
export function rowLayout(separator: string, places: Places, rules: RowRules): RowLayout {
  const order = Int8Array.from(Object.keys(AT), (place) => places[place as Place] ?? -1);
  return { separator, places, order, rules };
}

/** What a person may say about a file beside its format. */
export interface FileOptions {
  /** What a line does that does not say it: a delta of DIRBS in three files says it in the name of the file. Default: add. */
  readonly change?: Change;
  /** What pairs mean. Default: allow, as for DIRBS, where a pair beats the black list and binds nobody else. */
  readonly pairs?: 'allow' | 'lock';
  /** Digits the IMEIs had before they lost leading zeros; default: such numbers are bad lines. */
  readonly lostZeros?: 14 | 15;
}

const LIST_WORDS: ReadonlyMap<string, ListName> = new Map([
  ['black', 'black'],
  ['blacklist', 'black'],
  ['blacklisted', 'black'],
  ['prohibited', 'black'],
  ['grey', 'grey'],
  ['gray', 'grey'],
  ['greylist', 'grey'],
  ['greylisted', 'grey'],
  ['tracking', 'grey'],
  ['white', 'white'],
  ['whitelist', 'white'],
  ['whitelisted', 'white'],
  ['permitted', 'white'],
]);

/** The list that a word names. */
export const listNamed = (word: string): ListName | undefined => LIST_WORDS.get(word.toLowerCase());

/** The rules of a format's own words. */
export function rulesOf(format: RowFormat, options: FileOptions): RowRules {
  return {
    subject: FORMAT_COLUMNS[format].subject,
    pairKind: format === 'dirbs-notifications' ? 'notify' : (options.pairs ?? 'allow'),
    lostZeros: options.lostZeros,
    reportedDate: plainDate,
    expiryDate: plainDate,
    changeOf: (word) => changeNamed(word, options.change ?? 'add'),
    listOf: listNamed,
    reasonOf,
    ignored: new Set(),
  };
}

function changeNamed(word: string, otherwise: Change): Change | undefined {
  switch (word.toLowerCase()) {
    case '':
      return otherwise;
    case 'add':
      return 'add';
    case 'remove':
      return 'remove';
    case 'update':
      return 'update';
    default:
      return undefined;
  }
}
