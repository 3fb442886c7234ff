import { Imei } from '#base/identity/index.ts';
import { type Database, integer, type Parameter, type Query, type RowOf, text } from '#operator/database/index.ts';
import type { EntryCensus } from './entry-census.ts';
import {
  AWAY,
  AWAY_COLUMNS,
  ENTRY_COLUMNS,
  ENTRY_ROW,
  type EntryRow,
  entryOf,
  RUNNING_BATCHES,
  STANDS,
} from './entry-row.ts';
import type { ListEntry, ListName, ListReason } from './list-entry.ts';

/** Which entries of a list; what is left out is not looked at. */
export interface EntryFilter {
  readonly list: ListName;
  /** IMEIs from one to another, bounds included, as numbers. */
  readonly first?: number;
  readonly last?: number;
  readonly source?: string;
  readonly reason?: ListReason;
  readonly caseReference?: string;
  /** The import they came with. */
  readonly batch?: number;
}

/** From where on a page goes: upwards from an IMEI, or downwards to one; bounds excluded. */
export type PageFrom = { readonly above: number } | { readonly below: number };

/** IMEIs from one to another, bounds included, as numbers. */
export interface ImeiBounds {
  readonly first: number;
  readonly last: number;
}

/** Entries in ascending order of IMEI. */
export interface EntryPage {
  readonly entries: readonly ListEntry[];
  /** Where it stopped looking before it was full: there may be more on its other side. */
  readonly lookedTo?: Imei;
}

/** Entries that fit a filter. */
export interface EntrySearch {
  /**
   * The first ones above an IMEI, or the last ones below one. At most `most`, and what else is there of the IMEI that the page would end in.
   * Goes where the census says that there are some; while that is being counted it looks at MOST_LOOKED entries, and says how far it came.
   */
  page(filter: EntryFilter, from: PageFrom, most: number): EntryPage;
  /**
   * The IMEI of the entry behind so many that fit, counted from there; undefined when there are not so many. What an import under way took
   * away is passed by.
   */
  behind(filter: EntryFilter, from: PageFrom, skipped: number): Imei | undefined;
  /** How many fit. Of a case or an import along an index: some ten milliseconds for a million. */
  count(filter: EntryFilter): number;
}

/** The highest number that an IMEI can be. */
export const HIGHEST_IMEI = 99_999_999_999_999;
/** Entries that are looked at together where nobody knows yet where those that fit stand. */
const SLICE = 20_000;
/** Entries that one page looks at so: some ten milliseconds. */
const MOST_LOOKED = 200_000;

/** Whether the census knows it: by what it does not, entries are found along an index. */
export const isCensused = ({ caseReference, batch }: EntryFilter): boolean =>
  caseReference === undefined && batch === undefined;

const ORDER = { up: 'ORDER BY imei, source', down: 'ORDER BY imei DESC, source DESC' } as const;
type Step = keyof typeof ORDER;

/** A condition on entries, and what stands in its places. */
interface Condition {
  readonly where: string;
  readonly values: readonly Parameter[];
}

const WITHIN = 'imei >= ? AND imei <= ?';
const KEY = { imei: integer, source: text };
type Key = RowOf<typeof KEY>;

/** The search in this database, by this census of it. */
export function openEntrySearch(database: Database, census: EntryCensus): EntrySearch {
  const kept = prepared(database);
  const running = database.query(`${RUNNING_BATCHES} LIMIT 1`, { id: integer });
  /** Looked at for each entry only while an import is under way. */
  const standing = () => (running.first() === undefined ? '' : ` AND ${STANDS}`);
  const sliceEnd = {
    up: database.query(`SELECT imei FROM list_entry WHERE ${WITHIN} ORDER BY imei LIMIT 1 OFFSET ?`, { imei: integer }),
    down: database.query(`SELECT imei FROM list_entry WHERE ${WITHIN} ORDER BY imei DESC LIMIT 1 OFFSET ?`, {
      imei: integer,
    }),
  };

  /** So many entries at a time, until enough were looked at; gives where it stopped, undefined at the end. */
  function* slices({ first, last }: ImeiBounds, step: Step): Generator<ImeiBounds, number | undefined> {
    let [low, high] = [first, last];
    for (let looked = 0; looked < MOST_LOOKED && low <= high; looked += SLICE) {
      const end = sliceEnd[step].first(low, high, SLICE - 1)?.imei ?? (step === 'up' ? high : low);
      yield step === 'up' ? { first: low, last: end } : { first: end, last: high };
      if (step === 'up') low = end + 1;
      else high = end - 1;
    }
    return low > high ? undefined : step === 'up' ? low - 1 : high + 1;
  }

  /** Where entries that fit may stand, in the order of the step; undefined when nobody knows yet. */
  const rangesOf = (filter: EntryFilter, bounds: ImeiBounds, step: Step): readonly ImeiBounds[] | undefined => {
    if (bounds.first > bounds.last) return [];
    const { caseReference = '', batch, reason } = filter;
    if (caseReference !== '' || (batch !== undefined && reason === undefined)) return [bounds];
    const ranges = census.ranges({ ...filter, ...bounds });
    return step === 'up' ? ranges : ranges?.toReversed();
  };

  /** The same, or what can be looked at in one go; gives where it stopped looking. */
  function* places(filter: EntryFilter, bounds: ImeiBounds, step: Step): Generator<ImeiBounds, number | undefined> {
    const ranges = rangesOf(filter, bounds, step);
    if (ranges === undefined) return yield* slices(bounds, step);
    yield* ranges;
    return undefined;
  }

  /** What stands, place by place, until there are enough; what else there is of the last IMEI comes with it. */
  const found = (filter: EntryFilter, bounds: ImeiBounds, step: Step, most: number) => {
    const { where, values } = conditionOf(filter);
    const rows = kept.rows(`list_entry WHERE ${where}${standing()} AND ${WITHIN} ${ORDER[step]} LIMIT ?`);
    const all: EntryRow[] = [];
    const looking = places(filter, bounds, step);
    for (let place = looking.next(); ; place = looking.next()) {
      if (place.done === true) return { rows: all, lookedTo: place.value };
      const { first, last } = place.value;
      // Two sources of an IMEI are not cut apart: an IMEI has few.
      const read = rows.all(...values, first, last, most - all.length + 1);
      const end = read.length > most - all.length ? read.at(-1)?.imei : undefined;
      all.push(...read.filter(({ imei }) => imei !== end));
      if (end !== undefined) all.push(...rows.all(...values, end, end, Number.MAX_SAFE_INTEGER));
      if (all.length >= most) return { rows: all, lookedTo: undefined };
    }
  };

  /** What batches under way took away: it counts until they are done. */
  const away = (filter: EntryFilter, { first, last }: ImeiBounds, step: Step, most: number): readonly EntryRow[] => {
    if (running.first() === undefined) return [];
    const { where, values } = awayCondition(filter);
    return kept.away(`${where} AND ${WITHIN} ${ORDER[step]} LIMIT ?`).all(...values, first, last, most);
  };

  return {
    page(filter, from, most) {
      const step: Step = 'above' in from ? 'up' : 'down';
      const bounds = boundsOf(filter, from);
      const { rows, lookedTo } = found(filter, bounds, step, most);
      const looked =
        lookedTo === undefined
          ? bounds
          : step === 'up'
            ? { ...bounds, last: lookedTo }
            : { ...bounds, first: lookedTo };
      const both = [...rows, ...away(filter, looked, step, most)].toSorted(
        step === 'up' ? ascending : (a, b) => ascending(b, a),
      );
      const page = wholeImeis(both, most);
      const entries = (step === 'up' ? page : page.toReversed()).map(entryOf);
      return lookedTo === undefined || page.length >= most
        ? { entries }
        : { entries, lookedTo: Imei.fromNumber(lookedTo) };
    },
    behind(filter, from, skipped) {
      const step: Step = 'above' in from ? 'up' : 'down';
      const { where, values } = conditionOf(filter);
      const fitting = `list_entry WHERE ${where}${standing()} AND ${WITHIN}`;
      const nth = kept.keys(`${fitting} ${ORDER[step]} LIMIT 1 OFFSET ?`);
      const bounds = boundsOf(filter, from);
      let left = skipped;
      for (const { first, last } of rangesOf(filter, bounds, step) ?? [bounds]) {
        const key = nth.first(...values, first, last, left);
        if (key !== undefined) return Imei.fromNumber(key.imei);
        left -= kept.count(fitting).only(...values, first, last).number;
      }
      return undefined;
    },
    count(filter) {
      const bounds = boundsOf(filter, { above: -1 });
      const { where, values } = conditionOf(filter);
      const standingOnes = kept.count(`list_entry WHERE ${where}${standing()} AND ${WITHIN}`);
      let count = 0;
      for (const { first, last } of rangesOf(filter, bounds, 'up') ?? [bounds])
        count += standingOnes.only(...values, first, last).number;
      if (running.first() === undefined) return count;
      const gone = awayCondition(filter);
      return (
        count +
        kept.count(`list_history WHERE ${gone.where} AND ${WITHIN}`).only(...gone.values, bounds.first, bounds.last)
          .number
      );
    },
  };
}

function boundsOf({ first = 0, last = HIGHEST_IMEI }: EntryFilter, from: PageFrom): ImeiBounds {
  return 'above' in from
    ? { first: Math.max(first, from.above + 1), last }
    : { first, last: Math.min(last, from.below - 1) };
}

const ascending = (a: Key, b: Key): number => a.imei - b.imei || (a.source < b.source ? -1 : 1);

/** Names of the filter, and of the columns they are about. */
const STANDING_NAMES = {
  list: 'list',
  source: 'source',
  reason: 'reason',
  caseReference: 'case_reference',
  batch: 'batch',
};
const AWAY_NAMES = { ...STANDING_NAMES, batch: 'entry_batch' };

function conditionOf(filter: EntryFilter, columns: typeof STANDING_NAMES = STANDING_NAMES): Condition {
  const given = (Object.keys(columns) as (keyof typeof columns)[]).filter((name) => filter[name] !== undefined);
  const words = given.map((name) => `${columns[name]} = ?`);
  // The index of cases has those that are one.
  if (filter.caseReference !== undefined && filter.caseReference !== '') words.push("case_reference <> ''");
  return { where: words.join(' AND '), values: given.map((name) => filter[name]) };
}

function awayCondition(filter: EntryFilter): Condition {
  const { where, values } = conditionOf(filter, AWAY_NAMES);
  return { where: `${AWAY} AND ${where}`, values };
}

/** The first of them, until there are enough and an IMEI ends. */
function wholeImeis<Of extends Key>(keys: Iterable<Of>, most: number): readonly Of[] {
  const found: Of[] = [];
  for (const key of keys) {
    if (found.length >= most && found.at(-1)?.imei !== key.imei) break;
    found.push(key);
  }
  return found;
}

/** Statements are made when they are first asked. */
function prepared(database: Database) {
  const made = new Map<string, unknown>();
  const once = <Q>(sql: string, make: () => Q): Q => {
    const found = (made.get(sql) as Q | undefined) ?? make();
    made.set(sql, found);
    return found;
  };
  return {
    keys(rest: string): Query<Key> {
      const sql = `SELECT imei, source FROM ${rest}`;
      return once(sql, () => database.query(sql, KEY));
    },
    rows(rest: string): Query<EntryRow> {
      const sql = `SELECT ${ENTRY_COLUMNS} FROM ${rest}`;
      return once(sql, () => database.query(sql, ENTRY_ROW));
    },
    away(rest: string): Query<EntryRow> {
      const sql = `SELECT ${AWAY_COLUMNS} FROM list_history WHERE ${rest}`;
      return once(sql, () => database.query(sql, ENTRY_ROW));
    },
    count(rest: string): Query<{ readonly number: number }> {
      const sql = `SELECT count(*) AS number FROM ${rest}`;
      return once(sql, () => database.query(sql, { number: integer }));
    },
  };
}
