import { MalformedFile, separatorOf } from '../csv.ts';
import type { FileRefusal } from '../file-problem.ts';
import { DETECT_OCTETS, detectFormat } from './detect.ts';
import type { FormatGuess } from './format-guess.ts';
import { fieldsIn, placesOf } from './header.ts';
import type { ListFormat } from './read.ts';
import type { Column, Places } from './row-layout.ts';

/** A column that a mapping can name (`mapping-text.ts`). */
export const MAPPED_COLUMNS = [
  'imei',
  'tac',
  'imsi',
  'msisdn',
  'reason',
  'note',
  'caseReference',
  'date',
  'expires',
  'list',
  'remove',
] as const;
/** A column that a mapping can name. */
export type MappedColumn = (typeof MAPPED_COLUMNS)[number];

/** What the first octets of a file say about it, for whoever chooses how it is read. */
export interface FileProposal {
  /** The format that the file itself names; undefined when it names none, and `problem` says what was expected. */
  readonly format: ListFormat | undefined;
  readonly why: FormatGuess | undefined;
  readonly problem: FileRefusal | undefined;
  /** Whether the first line is taken for names of columns. */
  readonly hasHeader: boolean;
  /** The first lines as fields; none of a file that is not rows. */
  readonly rows: readonly (readonly string[])[];
  /** Which column (from 1) is what, as far as names or contents tell. */
  readonly columns: Readonly<Partial<Record<MappedColumn, number>>>;
}

const MOST_ROWS = 10;
const MOST_OF_FIELD = 80;
/** What a mapping calls a column that the header names otherwise. */
const NAMES: Readonly<Partial<Record<Column, MappedColumn>>> = {
  reported: 'date',
  expires: 'expires',
  change: 'remove',
};

/** A file that names no format may still be rows: these are shown, and what each column seems to be. */
export function proposeFile(firstOctets: Uint8Array): FileProposal {
  const octets = firstOctets.subarray(0, DETECT_OCTETS);
  const found = detectFormat(octets);
  const format = 'format' in found ? found.format : undefined;
  const rows = octets.includes(0) ? [] : rowsOf(new TextDecoder().decode(octets));
  const columns = columnsOf(rows);
  const hasHeader = rows[0] !== undefined && !rows[0].some((field) => /^\d{8,17}$/.test(field.trim()));
  return {
    ...{ format, rows, columns, hasHeader },
    why: 'why' in found ? found.why : undefined,
    problem: 'said' in found ? found : undefined,
  };
}

/** The first lines; the last one may be cut where the octets end, and is left out when there are others. */
function rowsOf(text: string): readonly (readonly string[])[] {
  if (/^\s*[[{<]/.test(text)) return [];
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  const separator = separatorOf(whole[0] ?? '');
  return whole.slice(0, MOST_ROWS).flatMap((line) => {
    const fields = fieldsIn(line, separator);
    return 'code' in fields ? [] : [fields.map((field) => field.slice(0, MOST_OF_FIELD))];
  });
}

function columnsOf(rows: readonly (readonly string[])[]): Readonly<Partial<Record<MappedColumn, number>>> {
  const columns: Partial<Record<MappedColumn, number>> = {};
  const [header = []] = rows;
  for (const [column, place] of Object.entries(namedPlaces(header)) as [Column, number][]) {
    const name = NAMES[column] ?? MAPPED_COLUMNS.find((one) => one === column);
    if (name !== undefined) columns[name] = place + 1;
  }
  if (columns.imei === undefined && columns.tac === undefined) {
    const place = header.findIndex((_, at) => looksLikeImei(rows, at));
    if (place >= 0) columns.imei = place + 1;
  }
  return columns;
}

/** Places by the names in a header; none when a name stands there twice. */
function namedPlaces(fields: readonly string[]): Places {
  try {
    return placesOf({ number: 1, separator: ',', fields });
  } catch (error) {
    if (error instanceof MalformedFile) return {};
    throw error;
  }
}

/** Most fields below the first line are 14 to 16 digits. */
function looksLikeImei(rows: readonly (readonly string[])[], at: number): boolean {
  const fields = rows.length > 1 ? rows.slice(1) : rows;
  const like = fields.filter((row) => /^\d{14,16}$/.test((row[at] ?? '').replaceAll(/[\s-]/g, '')));
  return fields.length > 0 && like.length > fields.length / 2;
}
