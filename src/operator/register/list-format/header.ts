import { fieldsOf, LONGEST_LINE, MalformedFile, separatorOf } from '../csv.ts';
import { type FileProblem, fileProblem } from '../file-problem.ts';
import { type LineProblem, lineProblem } from '../line-problem.ts';
import {
  COLUMNS,
  type Column,
  type FileOptions,
  FORMAT_COLUMNS,
  type Places,
  type RowFormat,
  type RowLayout,
  rowLayout,
  rulesOf,
} from './row-layout.ts';

/** Column names that a message shows. */
const MOST_NAMES_SHOWN = 30;

/** The first line of a file: its separator and fields. */
export interface FirstLine {
  readonly number: number;
  readonly separator: string;
  readonly fields: readonly string[];
}

/** The layout of a file, and whether its first line was a header. */
export interface OpenedLayout {
  readonly layout: RowLayout;
  readonly hasHeader: boolean;
}

/** The fields of a first line. Throws MalformedFile when it is no line of a CSV file. */
export function firstLineOf(number: number, text: string, separator = separatorOf(text)): FirstLine {
  const fields = fieldsIn(text, separator);
  if ('code' in fields) throw new MalformedFile(fileProblem('firstLine', { line: number }), { problem: fields });
  return { number, separator, fields };
}

/** The fields of a line that is not too long, or what is wrong with it. */
export const fieldsIn = (text: string, separator: string): readonly string[] | LineProblem =>
  text.length > LONGEST_LINE ? lineProblem('lineLong', { most: LONGEST_LINE }) : fieldsOf(text, separator);

/** A column's name as it is compared: small letters, `_` for spaces. */
export const plainName = (name: string): string => name.trim().toLowerCase().replaceAll(' ', '_');

/** The names of columns for a message: `'imei', 'colour'`. */
export function namesShown(fields: readonly string[]): string {
  const shown = fields.slice(0, MOST_NAMES_SHOWN).map((field, index) => `${index + 1} '${field.trim().slice(0, 40)}'`);
  return fields.length > shown.length ? `${shown.join(', ')} … (+${fields.length - shown.length})` : shown.join(', ');
}

/** Where known columns stand. Throws MalformedFile when one stands there twice. */
export function placesOf(first: FirstLine): Places {
  const names = first.fields.map(plainName);
  const places: Partial<Record<Column, number>> = {};
  for (const [column, aliases] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const found = names.flatMap((name, place) => (aliases.includes(name) ? [place] : []));
    if (found.length > 1)
      throw new MalformedFile(fileProblem('columnTwice', { line: first.number, column, count: found.length }));
    if (found[0] !== undefined) places[column] = found[0];
  }
  return places;
}

/** The layout of a file of a format by its first line. Throws MalformedFile when it is no file of this format. */
export function openRows(format: RowFormat, first: FirstLine, options: FileOptions): OpenedLayout {
  const { needs, order } = FORMAT_COLUMNS[format];
  const rules = rulesOf(format, options);
  const named = placesOf(first);
  const isThere = (group: readonly Column[]) => group.some((column) => named[column] !== undefined);
  if (needs.every(isThere)) return { layout: rowLayout(first.separator, named, rules), hasHeader: true };
  const isHeader = Object.keys(named).length > 0;
  if (isHeader || !beginsWithNumber(first.fields[0] ?? '', format))
    throw new MalformedFile(columnsMissing(needs, first));
  const places = Object.fromEntries(orderOf(order, first).map((column, place) => [column, place]));
  return { layout: rowLayout(first.separator, places, rules), hasHeader: false };
}

/** Columns without which it is no file of its format: one, one of two, or two. */
function columnsMissing(needs: readonly (readonly Column[])[], { number: line, fields }: FirstLine): FileProblem {
  const columns = namesShown(fields);
  const [[column = 'imei', either] = [], [both] = []] = needs;
  if (either !== undefined) return fileProblem('columnMissingEither', { line, column, other: either, columns });
  if (both !== undefined) return fileProblem('columnMissingBoth', { line, column, other: both, columns });
  return fileProblem('columnMissing', { line, column, columns });
}

/** Pairs of the pairing system of DIRBS have no MSISDN: imei, imsi, change_type. */
function orderOf(order: readonly Column[], { fields }: FirstLine): readonly Column[] {
  const isShort = order[2] === 'msisdn' && fields.length === 3 && /^\s*(add|remove)\s*$/i.test(fields[2] ?? '');
  return isShort ? order.filter((column) => column !== 'msisdn') : order;
}

/** A first line that is no header must itself begin with an IMEI or TAC, or at least digits: else the file is something else. */
export function beginsWithNumber(field: string, format: RowFormat): boolean {
  const digits = field
    .trim()
    .replace(/^imei(sv)?-/i, '')
    .replaceAll(/[ -]/g, '');
  return format === 'dirbs-barred-tac' ? /^\d{6,8}$/.test(digits) : /\d{10}/.test(digits);
}
