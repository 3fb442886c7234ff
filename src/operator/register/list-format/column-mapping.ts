import { MalformedFile } from '../csv.ts';
import { fileProblem } from '../file-problem.ts';
import { type ListName, type ListReason, reasonOf } from '../list-entry.ts';
import { type FirstLine, namesShown, type OpenedLayout, plainName } from './header.ts';
import { type DateReader, patternDate, plainDate } from './list-date.ts';
import type { Change } from './list-line.ts';
import { type FileOptions, listNamed, type Place, type RowRules, rowLayout, rulesOf } from './row-layout.ts';

/** A column by its name in the header, or by its number from 1. */
export type ColumnRef = string | number;

/** A column of dates, and how they are written: see patternDate. Default: YYYYMMDD or ISO 8601. */
export interface DateColumn {
  readonly column: ColumnRef;
  readonly pattern?: string;
}

/** A column and the words in it that mean something; capitals make no difference. */
export interface WordColumn {
  readonly column: ColumnRef;
  readonly values: readonly string[];
}

/** A column and what each of its words stands for; capitals make no difference. */
export interface CodeColumn<T> {
  readonly column: ColumnRef;
  readonly values: Readonly<Record<string, T>>;
}

/** Where a person says that the columns of a foreign file stand (GSMA and other registers). */
export interface ColumnMapping {
  /** Needed, or `tac`. With both, a line without an IMEI is about its TAC. */
  readonly imei?: ColumnRef;
  /** The end of a range that begins in `imei`. */
  readonly lastImei?: ColumnRef;
  readonly tac?: ColumnRef;
  /** Makes every line a pair. */
  readonly imsi?: ColumnRef;
  readonly lastImsi?: ColumnRef;
  readonly msisdn?: ColumnRef;
  readonly note?: ColumnRef;
  readonly caseReference?: ColumnRef;
  /** Words of the file, or codes with their meaning. */
  readonly reason?: ColumnRef | CodeColumn<ListReason>;
  readonly date?: DateColumn;
  readonly expires?: DateColumn;
  readonly list?: ColumnRef | CodeColumn<ListName>;
  /** Lines with one of these words remove; all others add (or do what the file as a whole does). */
  readonly remove?: WordColumn;
  /** Lines with one of these words are no entries: a header record, a trailer record. */
  readonly ignore?: WordColumn;
  /** Default: the first line names the columns. Without, columns have numbers only. */
  readonly header?: boolean;
  /** Default: what the first line uses most. */
  readonly separator?: ',' | ';' | '\t' | '|';
}

/** The layout that a mapping gives a file by its first line. Throws MalformedFile naming the columns there are. */
export function openMapped(mapping: ColumnMapping, first: FirstLine, options: FileOptions): OpenedLayout {
  if (mapping.imei === undefined && mapping.tac === undefined) throw new MalformedFile(fileProblem('mappingNoImei'));
  const hasHeader = mapping.header ?? true;
  const wanted: Partial<Record<Place, ColumnRef | undefined>> = {
    imei: mapping.imei,
    lastImei: mapping.lastImei,
    tac: mapping.tac,
    imsi: mapping.imsi,
    lastImsi: mapping.lastImsi,
    msisdn: mapping.msisdn,
    note: mapping.note,
    caseReference: mapping.caseReference,
    reason: columnOf(mapping.reason),
    reported: mapping.date?.column,
    expires: mapping.expires?.column,
    list: columnOf(mapping.list),
    change: mapping.remove?.column,
    ignore: mapping.ignore?.column,
  };
  const places: Partial<Record<Place, number>> = {};
  for (const [place, ref] of Object.entries(wanted) as [Place, ColumnRef | undefined][])
    if (ref !== undefined) places[place] = placeOf(ref, place, first, hasHeader);
  return { layout: rowLayout(first.separator, places, mappedRules(mapping, options)), hasHeader };
}

const columnOf = (mapped: ColumnRef | CodeColumn<unknown> | undefined): ColumnRef | undefined =>
  typeof mapped === 'object' ? mapped.column : mapped;

function placeOf(ref: ColumnRef, what: Place, { number, fields }: FirstLine, hasHeader: boolean): number {
  const there = { line: number, what, columns: namesShown(fields) };
  if (typeof ref === 'number') {
    if (Number.isInteger(ref) && ref >= 1 && ref <= fields.length) return ref - 1;
    throw new MalformedFile(fileProblem('mappingNumber', { ...there, number: ref }));
  }
  if (!hasHeader) throw new MalformedFile(fileProblem('mappingNeedsNumber', there));
  const name = plainName(ref);
  const found = fields.flatMap((field, place) => (plainName(field) === name ? [place] : []));
  if (found.length !== 1 || found[0] === undefined)
    throw new MalformedFile(fileProblem('mappingName', { ...there, name: ref.slice(0, 40) }));
  return found[0];
}

function mappedRules(mapping: ColumnMapping, options: FileOptions): RowRules {
  const others: Change = options.change ?? 'add';
  const removing = wordsOf(mapping.remove);
  const lists = codesOf(mapping.list);
  const reasons = codesOf(mapping.reason);
  return {
    ...rulesOf('csv', options),
    subject: mapping.imsi !== undefined ? 'pair' : mapping.imei === undefined ? 'tac' : 'any',
    reportedDate: dateReader(mapping.date),
    expiryDate: dateReader(mapping.expires),
    changeOf: (word) => (removing.has(word.toLowerCase()) ? 'remove' : others),
    listOf: lists === undefined ? listNamed : (word) => lists.get(word.toLowerCase()),
    reasonOf: reasons === undefined ? reasonOf : (word) => reasons.get(word.toLowerCase()) ?? reasonOf(word),
    ignored: wordsOf(mapping.ignore),
  };
}

const wordsOf = (mapped: WordColumn | undefined): ReadonlySet<string> =>
  new Set(mapped?.values.map((word) => word.trim().toLowerCase()));

function codesOf<T>(mapped: ColumnRef | CodeColumn<T> | undefined): ReadonlyMap<string, T> | undefined {
  if (typeof mapped !== 'object') return undefined;
  return new Map(Object.entries(mapped.values).map(([word, value]) => [word.trim().toLowerCase(), value]));
}

function dateReader(mapped: DateColumn | undefined): DateReader {
  if (mapped?.pattern === undefined) return plainDate;
  const reader = patternDate(mapped.pattern);
  if ('code' in reader) throw new MalformedFile(reader);
  return reader;
}
