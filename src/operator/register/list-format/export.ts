import type { Imei } from '#base/identity/index.ts';
import { csvField } from '../csv.ts';
import type { ListEntry, ListName } from '../list-entry.ts';
import { compactDate, isoDate } from './list-date.ts';
import type { Change, ListRecord } from './list-line.ts';
import { OPEN5GS_STATUS } from './open5gs.ts';
import { pyhssRows } from './pyhss-rows.ts';

/** Formats that lists are written in; each is read again by the reader of the format named beside it. */
export const EXPORT_FORMATS = {
  /** Every column. */
  csv: 'csv',
  'dirbs-black-list': 'dirbs-black-list',
  /** With change_type, in one file. For the three files of DIRBS choose the full list and a change. */
  'dirbs-black-list-delta': 'dirbs-black-list',
  'dirbs-barred-tac': 'dirbs-barred-tac',
  'dirbs-exceptions': 'dirbs-exceptions',
  'dirbs-notifications': 'dirbs-notifications',
  /** JSON lines. */
  open5gs: 'open5gs',
  /** A JSON array. */
  pyhss: 'pyhss',
} as const;
/** A format that lists are written in. */
export type ListExportFormat = keyof typeof EXPORT_FORMATS;

/** A record to be written; our own CSV also says whose it is. */
export type ExportRecord = ListRecord & { readonly source?: string; readonly author?: string };

/** How a list is written. */
export interface ListExportOptions {
  /** Only records of this change, for files that say by their name what they do. Without: all but removals, as a full list has none. */
  readonly change?: Change;
  /** The list of records that name none. Default: black. */
  readonly list?: ListName;
  /** Digits of an IMEI in DIRBS files: 15 with its check digit (their generate_check_digit). Default: 14. */
  readonly imeiDigits?: 14 | 15;
  /** Told of each record that the format cannot say. */
  readonly onLeftOut?: (record: ExportRecord) => void;
}

/** A record and what it is in the format: undefined when that cannot say it. */
type Written = readonly string[] | undefined;

interface ExportWriter {
  readonly begin: string;
  readonly end: string;
  /** Between two pieces. */
  readonly between: string;
  /** Removals are written even when no change is asked for. */
  readonly saysChange: boolean;
  readonly write: (record: ExportRecord, options: Required<Pick<ListExportOptions, 'list' | 'imeiDigits'>>) => Written;
}

/** The record of an entry of a list. */
export const entryRecord = (entry: ListEntry): ExportRecord => ({
  about: 'imei',
  imei: entry.imei,
  change: 'add',
  list: entry.list,
  reason: entry.reason,
  note: entry.note,
  caseReference: entry.caseReference,
  reportedAt: entry.addedAt,
  expiresAt: entry.expiresAt,
  source: entry.source,
  author: entry.author,
});

/** A list as text, piece by piece; what a format cannot say is left out, and onLeftOut told. */
export function* exportList(
  records: Iterable<ExportRecord>,
  format: ListExportFormat,
  options: ListExportOptions = {},
): Generator<string> {
  const writer = WRITERS[format];
  const wanted = { list: options.list ?? 'black', imeiDigits: options.imeiDigits ?? 14 } as const;
  yield writer.begin;
  let isFirst = true;
  for (const record of records) {
    if (
      options.change === undefined ? !writer.saysChange && record.change === 'remove' : record.change !== options.change
    )
      continue;
    const pieces = writer.write(record, wanted);
    if (pieces === undefined) options.onLeftOut?.(record);
    for (const piece of pieces ?? []) {
      yield isFirst ? piece : writer.between + piece;
      isFirst = false;
    }
  }
  yield writer.end;
}

const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\r\n`;

const rows = (columns: readonly string[], write: ExportWriter['write'], saysChange = false): ExportWriter => ({
  begin: csvLine(columns),
  end: '',
  between: '',
  saysChange,
  write,
});

const imeiText = (imei: Imei, digits: 14 | 15): string => (digits === 15 ? imei.withCheckDigit : imei.equipment);
/** The reason in the words of its source, or else the closed one. */
const reasonText = ({ note, reason }: ExportRecord): string => (note === '' ? (reason ?? '') : note);

/** The fields of an entry of the black list: imei, block_date, reasons. */
function blackFields(record: ExportRecord, list: ListName, digits: 14 | 15): readonly string[] | undefined {
  if (record.about !== 'imei' || (record.list ?? list) !== 'black') return undefined;
  return [imeiText(record.imei, digits), compactDate(record.reportedAt), reasonText(record)];
}

/** The fields of a pair of one handset and one subscriber: imei, imsi, msisdn. */
function pairFields(record: ExportRecord, kinds: readonly string[], digits: 14 | 15): readonly string[] | undefined {
  if (record.about !== 'pair' || !kinds.includes(record.kind)) return undefined;
  const { first, last, firstImsi, lastImsi, msisdn } = record;
  if (!first.equals(last) || firstImsi.digits !== lastImsi.digits) return undefined;
  return [imeiText(first, digits), firstImsi.digits, msisdn?.digits ?? ''];
}

const FULL_COLUMNS = [
  ...['imei', 'last_imei', 'tac', 'imsi', 'last_imsi', 'msisdn', 'about', 'list', 'change_type', 'reporting_date'],
  ...['reason', 'note', 'case_reference', 'expires', 'source', 'author'],
];

function fullFields(record: ExportRecord): readonly string[] {
  return [
    ...subjectFields(record),
    record.list ?? '',
    record.change,
    isoDate(record.reportedAt),
    record.reason ?? '',
    record.note,
    record.caseReference,
    isoDate(record.expiresAt),
    record.source ?? '',
    record.author ?? '',
  ];
}

/** imei, last_imei, tac, imsi, last_imsi, msisdn, about. */
function subjectFields(record: ExportRecord): readonly string[] {
  switch (record.about) {
    case 'imei':
      return [record.imei.equipment, '', '', '', '', '', 'imei'];
    case 'tac':
      return ['', '', record.tac.digits, '', '', '', 'tac'];
    case 'range':
      return [record.first.equipment, record.last.equipment, '', '', '', '', 'range'];
    case 'pair': {
      const { first, last, firstImsi, lastImsi, msisdn, kind } = record;
      const lastImei = first.equals(last) ? '' : last.equipment;
      const imsiEnd = firstImsi.digits === lastImsi.digits ? '' : lastImsi.digits;
      return [first.equipment, lastImei, '', firstImsi.digits, imsiEnd, msisdn?.digits ?? '', kind];
    }
  }
}

/** Open5GS compares texts and has no ranges, no prefixes: pei with all 15 digits; of pairs it knows allowed ones. */
function open5gsLine(record: ExportRecord, list: ListName): string | undefined {
  if (record.about === 'imei')
    return JSON.stringify({ pei: `imei-${record.imei.withCheckDigit}`, status: OPEN5GS_STATUS[record.list ?? list] });
  const pair = pairFields(record, ['allow'], 15);
  if (pair === undefined) return undefined;
  return JSON.stringify({ pei: `imei-${pair[0]}`, supi: `imsi-${pair[1]}`, status: OPEN5GS_STATUS.white });
}

const WRITERS: Readonly<Record<ListExportFormat, ExportWriter>> = {
  csv: rows(FULL_COLUMNS, (record) => [csvLine(fullFields(record))], true),
  'dirbs-black-list': rows(['imei', 'block_date', 'reasons'], (record, { list, imeiDigits }) =>
    lineOf(blackFields(record, list, imeiDigits)),
  ),
  'dirbs-black-list-delta': rows(
    ['imei', 'block_date', 'reasons', 'change_type'],
    (record, { list, imeiDigits }) => lineOf(blackFields(record, list, imeiDigits), record.change),
    true,
  ),
  'dirbs-barred-tac': rows(['tac'], (record, { list }) =>
    record.about === 'tac' && (record.list ?? list) === 'black' ? lineOf([record.tac.digits]) : undefined,
  ),
  'dirbs-exceptions': rows(['imei', 'imsi', 'msisdn'], (record, { imeiDigits }) =>
    // A lock is no exception: who reads it as one would permit what it forbids to all others.
    lineOf(pairFields(record, ['allow'], imeiDigits)),
  ),
  'dirbs-notifications': rows(['imei', 'imsi', 'msisdn', 'block_date', 'reasons'], (record, { imeiDigits }) =>
    lineOf(pairFields(record, ['notify'], imeiDigits), compactDate(record.reportedAt), reasonText(record)),
  ),
  open5gs: {
    begin: '',
    end: '',
    between: '',
    saysChange: false,
    write: (record, { list }) => {
      const line = open5gsLine(record, list);
      return line === undefined ? undefined : [`${line}\n`];
    },
  },
  pyhss: {
    begin: '[\n',
    end: '\n]\n',
    between: ',\n',
    saysChange: false,
    write: (record, { list }) => pyhssRows(record, list)?.map((row) => JSON.stringify(row)),
  },
};

function lineOf(fields: readonly string[] | undefined, ...more: readonly string[]): Written {
  return fields === undefined ? undefined : [csvLine([...fields, ...more])];
}
