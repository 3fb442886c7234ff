import type { Imei } from '#base/identity/index.ts';
import { type CsvLine, fieldsOf, LONGEST_LINE, linesOf, MalformedFile, separatorOf } from './csv.ts';
import { type ListReason, LONGEST_TEXT, reasonOf } from './list-entry.ts';
import { listImei } from './list-imei.ts';

/** What one good line of a list file asks for. */
export interface ListLine {
  readonly number: number;
  readonly imei: Imei;
  readonly change: 'add' | 'remove';
  /** False when its status says that the case is not decided: such a line lists nothing. */
  readonly inForce: boolean;
  /** Missing: the file has no such column, or an empty one. */
  readonly reason: ListReason | undefined;
  readonly note: string;
  readonly caseReference: string;
  readonly reportedAt: number | undefined;
  readonly expiresAt: number | undefined;
}

/** A line that cannot be used. */
export interface BadLine {
  readonly number: number;
  readonly problem: string;
}

/** Known columns, each under the names that DIRBS-Core, its exports and others give it (facts/eir.md 8). */
const COLUMNS = {
  imei: ['imei', 'approved_imei', 'golden_imei', 'pei'],
  reported: ['reporting_date', 'block_date', 'date'],
  status: ['status'],
  change: ['change_type', 'change'],
  reason: ['reason', 'reasons'],
  caseReference: ['case_reference', 'case', 'case_id'],
  expires: ['expires', 'expires_at', 'expiry', 'expiry_date'],
} as const;
type ColumnName = keyof typeof COLUMNS;
type Columns = Readonly<Partial<Record<ColumnName, number>>>;

/** Columns of a file without a header line: those of the DIRBS stolen list and its delta (facts/users.md 5.1). */
const WITHOUT_HEADER: Columns = { imei: 0, reported: 1, status: 2, change: 3 };

/** Statuses that list an IMEI: DIRBS says "blacklist or empty"; the others are what exports of other registers say. */
const IN_FORCE = new Set([
  '',
  'blacklist',
  'blacklisted',
  'black',
  'blocked',
  'prohibited',
  'stolen',
  'lost',
  'greylisted',
  'whitelisted',
]);

/** The lines of a list file in order: each as a change, or as a bad line with the reason. Throws MalformedFile when it is no list. */
export async function* listLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<ListLine | BadLine> {
  let separator = '';
  let columns: Columns = {};
  for await (const line of linesOf(chunks)) {
    const isFirst = separator === '';
    if (isFirst) separator = separatorOf(line.text);
    const read = csvLine(line, separator);
    if (isFirst) {
      const header = 'fields' in read ? headerOf(read.fields) : undefined;
      columns = header ?? withoutHeader(read);
      if (header !== undefined) continue;
    }
    yield 'problem' in read ? read : changeOf(read.number, read.fields, columns);
  }
  if (separator === '') throw new MalformedFile('expected a header line and lines with an IMEI, got an empty file');
}

function csvLine(line: { readonly number: number; readonly text: string }, separator: string): CsvLine {
  if (line.text.length > LONGEST_LINE)
    return { number: line.number, problem: `expected at most ${LONGEST_LINE} characters` };
  const fields = fieldsOf(line.text, separator);
  return typeof fields === 'string' ? { number: line.number, problem: fields } : { number: line.number, fields };
}

/** Where each known column stands, or undefined when these are not the names of columns. */
function headerOf(fields: readonly string[]): Columns | undefined {
  const names = fields.map((field) => field.trim().toLowerCase().replaceAll(' ', '_'));
  const columns: Partial<Record<ColumnName, number>> = {};
  for (const [column, aliases] of Object.entries(COLUMNS) as [ColumnName, readonly string[]][]) {
    const places = names.flatMap((name, place) => (aliases.includes(name) ? [place] : []));
    if (places.length > 1) throw new MalformedFile(`line 1: expected one column '${column}', got ${places.length}`);
    if (places[0] !== undefined) columns[column] = places[0];
  }
  return columns.imei === undefined ? undefined : columns;
}

/** A first line that is no header must itself hold an IMEI, or at least digits in its place: else the file is something else. */
function withoutHeader(line: CsvLine): Columns {
  if ('problem' in line) throw new MalformedFile(`line ${line.number}: ${line.problem}`);
  const first = line.fields[0] ?? '';
  if (!/\d{10}/.test(first.replaceAll(/[ -]/g, '')))
    throw new MalformedFile(
      `line ${line.number}: expected a header with a column 'imei', or an IMEI first; got '${first.slice(0, 40)}'`,
    );
  return WITHOUT_HEADER;
}

function changeOf(number: number, fields: readonly string[], columns: Columns): ListLine | BadLine {
  const field = (column: ColumnName) => (fields[columns[column] ?? -1] ?? '').trim();
  const found = listImei(field('imei'));
  if ('problem' in found) return { number, problem: `imei: ${found.problem}` };
  const reportedAt = dateOf(field('reported'));
  if (Number.isNaN(reportedAt)) return { number, problem: badDate('reporting_date', field('reported')) };
  const expiresAt = dateOf(field('expires'));
  if (Number.isNaN(expiresAt)) return { number, problem: badDate('expires', field('expires')) };
  const change = changeNamed(field('change').toLowerCase());
  if (change === undefined)
    return { number, problem: `change_type: expected add, remove or update, got '${field('change').slice(0, 20)}'` };
  const note = field('reason').slice(0, LONGEST_TEXT);
  return {
    number,
    imei: found.imei,
    change,
    inForce: change === 'remove' || IN_FORCE.has(field('status').toLowerCase()),
    reason: note === '' ? undefined : reasonOf(note),
    note,
    caseReference: field('caseReference').slice(0, LONGEST_TEXT),
    reportedAt,
    expiresAt,
  };
}

/** DIRBS delta: an update replaces what stands there, as an addition does. */
function changeNamed(name: string): 'add' | 'remove' | undefined {
  if (name === '' || name === 'add' || name === 'update') return 'add';
  return name === 'remove' ? 'remove' : undefined;
}

const badDate = (column: string, got: string) =>
  `${column}: expected a date YYYYMMDD (or YYYY-MM-DD) from 2000 on, or nothing; got '${got.slice(0, 20)}'`;

/** Milliseconds since 1970 of a date (midnight UTC) or of a date and time in UTC; undefined when empty, NaN when it is none of the calendar. */
function dateOf(written: string): number | undefined {
  if (written === '') return undefined;
  const parts = /^(20\d\d)-?(\d\d)-?(\d\d)(T[0-9:.]+Z)?$/.exec(written);
  if (parts === null) return Number.NaN;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  return parts[4] === undefined ? date.getTime() : Date.parse(written);
}
