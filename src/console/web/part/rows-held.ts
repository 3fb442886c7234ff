/** A page of rows, and where the next one begins; undefined at the end. */
export interface ScrollPage<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
  /** Where it stands, when that is known: the number of its first row (the first of all is 0), and how many there are. */
  readonly place?: { readonly row: number; readonly total: number; readonly isExact: boolean } | undefined;
}

/** What to read: rows behind or before one that is there, from a place that was kept, from a row number on, or what is there once more. */
export type Wanted<Row> =
  | { readonly after: Row | undefined }
  | { readonly before: Row }
  | { readonly from: string }
  | { readonly row: number }
  | { readonly again: Row };

/** Rows beside each other that are in the page; what is far away is let go, and read again when it comes back. */
export interface RowsHeld<Row> {
  /** The number of the first of them. */
  readonly first: number;
  readonly rows: readonly Row[];
  readonly next: string | undefined;
  /** Nothing follows. */
  readonly isEnd: boolean;
  /** Undefined where pages do not say their place: then rows are read from the first to the last, and none is let go. */
  readonly total: number | undefined;
  readonly isExact: boolean;
}

/** None yet. */
export const NO_ROWS: RowsHeld<never> = {
  ...{ first: 0, rows: [], next: undefined },
  ...{ isEnd: false, total: undefined, isExact: false },
};

/** Rows kept at most, where others can be read again. */
const MOST_KEPT = 2400;
/** Rows before one that is jumped to, which are read with it. */
const AROUND = 60;
/** As far away as this, what lies between is not worth reading. */
const FAR = 200;

/** Rows in view. */
interface Seen {
  readonly first: number;
  readonly last: number;
}

const isFarFrom = ({ first, rows }: RowsHeld<unknown>, seen: Seen): boolean =>
  seen.first > first + rows.length + FAR || seen.last < first - FAR;

/** What to read next, so that what is in view is there. */
export function wantedOf<Row>(held: RowsHeld<Row>, seen: Seen): Wanted<Row> | undefined {
  const { first, rows, isEnd, total } = held;
  // A place behind all rows: the last ones.
  if (rows.length === 0 && first > 0) return { row: Math.max(0, first - FAR) };
  if (rows.length === 0) return isEnd ? undefined : { after: undefined };
  if (total !== undefined && isFarFrom(held, seen)) return { row: Math.max(0, seen.first - AROUND) };
  if (seen.first < first && first > 0 && rows[0] !== undefined) return { before: rows[0] };
  return seen.last >= first + rows.length && !isEnd ? { after: rows.at(-1) } : undefined;
}

/** The rows with a page that was read, and by how many rows what was there has moved: others came or went above it meanwhile. */
export function withPage<Row>(
  held: RowsHeld<Row>,
  wanted: Wanted<Row>,
  { rows: read, next, place }: ScrollPage<Row>,
  keyOf: (row: Row) => string,
): { readonly rows: RowsHeld<Row>; readonly by: number } {
  const numbers = { total: place?.total, isExact: place?.isExact ?? false };
  if ('before' in wanted) {
    const first = place?.row ?? Math.max(0, held.first - read.length);
    const kept = held.rows.slice(0, MOST_KEPT - read.length);
    const isCut = kept.length < held.rows.length;
    const end = isCut ? { next: undefined, isEnd: false } : {};
    const rows = { ...held, ...numbers, first, rows: [...read, ...kept], ...end };
    return { rows, by: first + read.length - held.first };
  }
  const isEnd = next === undefined;
  if ('after' in wanted && wanted.after !== undefined) {
    const all = [...held.rows, ...read];
    const cut = place === undefined ? 0 : Math.max(0, all.length - MOST_KEPT);
    const begin = place === undefined || read.length === 0 ? held.first : place.row - held.rows.length;
    const first = begin + cut;
    const total = place === undefined ? held.total : isEnd ? begin + all.length : place.total;
    return {
      rows: { first, rows: all.slice(cut), next, isEnd, ...numbers, total },
      by: begin - held.first,
    };
  }
  const first = place?.row ?? 0;
  const rows = { first, rows: read, next, isEnd, ...numbers };
  if (!('again' in wanted)) return { rows, by: 0 };
  const before = held.first + held.rows.findIndex((row) => keyOf(row) === keyOf(wanted.again));
  return { rows, by: first - before };
}
