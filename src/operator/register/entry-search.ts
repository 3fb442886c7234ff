import { Imei } from '#base/identity/index.ts';
import { type Database, integer, type Parameter, type Query, type RowOf, text } from '#operator/database/index.ts';
import { ENTRY_COLUMNS, ENTRY_ROW, type EntryRow, entryOf, RUNNING_BATCHES, STANDS } from './entry-row.ts';
import type { ListEntry, ListName, ListReason } from './list-entry.ts';
import { IN_GROUP, numberGroups } from './number-group.ts';

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

/** Entries that fit a filter, found along an index whatever is asked. */
export interface EntrySearch {
  /**
   * Entries in ascending order of IMEI: the first ones above an IMEI, or the last ones below one. At most `most`, and what else is there of
   * the IMEI that the page would end in.
   */
  page(filter: EntryFilter, from: PageFrom, most: number): readonly ListEntry[];
  /**
   * The IMEI of the entry behind so many that fit, counted from there; undefined when there are not so many. What an import under way took
   * away is passed by. Of one source and reason, case or import it steps along an index: some ten milliseconds for a million.
   */
  behind(filter: EntryFilter, from: PageFrom, skipped: number): Imei | undefined;
  /** How many fit. Counts along an index: some ten milliseconds for a million. */
  count(filter: EntryFilter): number;
}

const KEY = { imei: integer, source: text };
type Key = RowOf<typeof KEY>;
/** Entries of one stream read at a time, at least. */
const CHUNK = 16;
const HIGHEST = 99_999_999_999_999;

/** Entries that stand beside each other in an index, in order of IMEI. */
interface Stream {
  readonly where: string;
  readonly values: readonly Parameter[];
}

const ORDER = { up: 'ORDER BY imei, source', down: 'ORDER BY imei DESC, source DESC' } as const;
type Step = keyof typeof ORDER;

/** The search in this database. */
export function openEntrySearch(database: Database): EntrySearch {
  const kept = prepared(database);
  const kinds = openKinds(database);
  const running = database.query(`${RUNNING_BATCHES} LIMIT 1`, { id: integer });
  /** Looked at for each entry only while an import is under way. */
  const standing = () => (running.first() === undefined ? '' : ` AND ${STANDS}`);
  const sourceOf = database.query('SELECT source FROM list_batch WHERE id = ?', { source: text });
  const rowsOf = database.query(
    `SELECT ${ENTRY_COLUMNS} FROM list_entry WHERE list = ? AND imei ${IN_GROUP}`,
    ENTRY_ROW,
  );

  /** Each in an index that has everything the filter asks about. */
  const streamsOf = (filter: EntryFilter): readonly Stream[] => {
    const { list, source, reason, caseReference = '', batch } = filter;
    if (caseReference !== '')
      return [streamOf("case_reference = ? AND case_reference <> '' AND list = ?", [caseReference, list], filter)];
    if (batch === undefined) return kinds.of(list, source, reason).map((kind) => kindStream(list, kind, filter));
    const own = sourceOf.first(batch)?.source;
    if (own === undefined || (source !== undefined && source !== own)) return [];
    if (reason === undefined)
      return [streamOf('batch = ? AND list = ?', [batch, list], { ...filter, batch: undefined })];
    return [kindStream(list, { source: own, reason }, filter)];
  };

  /** Keys of a stream from a bound on, chunk by chunk; no chunk ends between two sources of an IMEI. */
  function* keysOf(stream: Stream, bounds: Bounds, step: Step, together: number): Generator<Key> {
    const keys = kept.keys(`${stream.where}${standing()} AND imei >= ? AND imei <= ? ${ORDER[step]} LIMIT ?`);
    let { first, last } = bounds;
    while (first <= last) {
      const found = keys.all(...stream.values, first, last, together);
      const end = found.at(-1)?.imei;
      if (end === undefined) return;
      if (found.length < together) return yield* found;
      yield* found.filter(({ imei }) => imei !== end);
      yield* keys.all(...stream.values, end, end, Number.MAX_SAFE_INTEGER);
      if (step === 'up') first = end + 1;
      else last = end - 1;
    }
  }

  const allKeys = (streams: readonly Stream[], bounds: Bounds, step: Step, most: number): Iterable<Key> => {
    const together = Math.max(CHUNK, Math.ceil((1.5 * most) / Math.max(1, streams.length)));
    return merged(
      streams.map((stream) => keysOf(stream, bounds, step, together)),
      step,
    );
  };

  /** What batches under way took away: it counts until they are done. */
  const away = (filter: EntryFilter, { first, last }: Bounds, step: Step, most: number): readonly EntryRow[] => {
    if (running.first() === undefined) return [];
    const { where, values } = awayStream(filter);
    return kept.away(`${where} AND imei >= ? AND imei <= ? ${ORDER[step]} LIMIT ?`).all(...values, first, last, most);
  };

  const rowsAt = (list: ListName, keys: readonly Key[]): readonly EntryRow[] => {
    const wanted = new Set(keys.map(nameOf));
    const imeis = new Set(keys.map(({ imei }) => imei));
    const rows = [...numberGroups(imeis)].flatMap(({ places }) => rowsOf.all(list, ...places));
    return rows.filter((row) => wanted.has(nameOf(row)));
  };

  return {
    page(filter, from, most) {
      const step: Step = 'above' in from ? 'up' : 'down';
      const bounds = boundsOf(filter, from);
      const keys = allKeys(streamsOf(filter), bounds, step, most);
      const found = rowsAt(filter.list, wholeImeis(keys, most));
      const both = [...found, ...away(filter, bounds, step, most)].toSorted(
        step === 'up' ? ascending : (a, b) => ascending(b, a),
      );
      const page = wholeImeis(both, most);
      return (step === 'up' ? page : page.toReversed()).map(entryOf);
    },
    behind(filter, from, skipped) {
      const step: Step = 'above' in from ? 'up' : 'down';
      const bounds = boundsOf(filter, from);
      const streams = streamsOf(filter);
      const [only] = streams;
      if (streams.length === 1 && only !== undefined) {
        const keys = kept.keys(
          `${only.where}${standing()} AND imei >= ? AND imei <= ? ${ORDER[step]} LIMIT 1 OFFSET ?`,
        );
        const found = keys.first(...only.values, bounds.first, bounds.last, skipped);
        return found && Imei.fromNumber(found.imei);
      }
      let left = skipped;
      for (const { imei } of allKeys(streams, bounds, step, skipped + 1))
        if (left-- === 0) return Imei.fromNumber(imei);
      return undefined;
    },
    count(filter) {
      const { first, last } = boundsOf(filter, { above: -1 });
      const bounded = ({ where, values }: Stream) =>
        [`${where} AND imei >= ? AND imei <= ?`, [...values, first, last]] as const;
      let count = 0;
      for (const [where, values] of streamsOf(filter).map(bounded))
        count += kept.count(`list_entry WHERE ${where}${standing()}`).only(...values).number;
      if (running.first() === undefined) return count;
      const [where, values] = bounded(awayStream(filter));
      return count + kept.count(`list_history WHERE ${where}`).only(...values).number;
    },
  };
}

interface Bounds {
  readonly first: number;
  readonly last: number;
}

function boundsOf({ first = 0, last = HIGHEST }: EntryFilter, from: PageFrom): Bounds {
  return 'above' in from
    ? { first: Math.max(first, from.above + 1), last }
    : { first, last: Math.min(last, from.below - 1) };
}

const nameOf = ({ imei, source }: Key): string => `${imei} ${source}`;
const ascending = (a: Key, b: Key): number => a.imei - b.imei || (a.source < b.source ? -1 : 1);

/** A condition with what else the filter asks for. */
function streamOf(
  where: string,
  values: readonly Parameter[],
  filter: Partial<Record<keyof EntryFilter, Parameter>>,
): Stream {
  const more = (['source', 'reason', 'batch'] as const).flatMap((name) =>
    filter[name] === undefined ? [] : [[name, filter[name]] as const],
  );
  // No case is no case that could be looked up.
  const withoutCase = filter.caseReference === '' ? ["case_reference = ''"] : [];
  return {
    where: [where, ...more.map(([name]) => `${name} = ?`), ...withoutCase].join(' AND '),
    values: [...values, ...more.map(([, value]) => value)],
  };
}

/** Entries of one source for one reason. */
const kindStream = (list: ListName, { source, reason }: Kind, { batch, caseReference }: EntryFilter): Stream =>
  streamOf("list = ? AND source = ? AND reason = ? AND reason <> ''", [list, source, reason], { batch, caseReference });

function awayStream({ list, batch, ...filter }: EntryFilter): Stream {
  const { where, values } = streamOf(`batch IN (${RUNNING_BATCHES}) AND list = ?`, [list], filter);
  const more = [
    ...(filter.caseReference === undefined ? [] : [['case_reference = ?', filter.caseReference] as const]),
    ...(batch === undefined ? [] : [['entry_batch = ?', batch] as const]),
  ];
  return {
    where: [where, ...more.map(([words]) => words)].join(' AND '),
    values: [...values, ...more.map(([, value]) => value)],
  };
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

/** All streams as one, in their common order. */
function* merged(streams: readonly Generator<Key>[], step: Step): Generator<Key> {
  const heads = streams.flatMap((stream) => {
    const { value } = stream.next();
    return value === undefined ? [] : [{ stream, key: value as Key }];
  });
  const isBefore = step === 'up' ? (a: Key, b: Key) => ascending(a, b) < 0 : (a: Key, b: Key) => ascending(a, b) > 0;
  while (heads.length > 0) {
    let nearest = 0;
    for (let at = 1; at < heads.length; at++)
      if (isBefore((heads[at] as { key: Key }).key, (heads[nearest] as { key: Key }).key)) nearest = at;
    const head = heads[nearest] as (typeof heads)[number];
    yield head.key;
    const next = head.stream.next();
    if (next.done === true) heads.splice(nearest, 1);
    else head.key = next.value;
  }
}

interface Kind {
  readonly source: string;
  readonly reason: ListReason;
}

/** Which sources and reasons there are: each is one step in the index, however many entries it has. */
function openKinds(database: Database) {
  const nextSource = database.query(
    "SELECT source FROM list_entry WHERE list = ? AND source > ? AND reason <> '' ORDER BY source LIMIT 1",
    { source: text },
  );
  const nextReason = database.query(
    "SELECT reason FROM list_entry WHERE list = ? AND source = ? AND reason > ? AND reason <> '' ORDER BY reason LIMIT 1",
    { reason: ENTRY_ROW.reason },
  );
  const reasonsOf = (list: ListName, source: string): readonly ListReason[] => {
    const found: ListReason[] = [];
    for (let next = nextReason.first(list, source, ''); next !== undefined; ) {
      found.push(next.reason);
      next = nextReason.first(list, source, next.reason);
    }
    return found;
  };
  const sourcesOf = (list: ListName): readonly string[] => {
    const found: string[] = [];
    for (let next = nextSource.first(list, ''); next !== undefined; next = nextSource.first(list, next.source))
      found.push(next.source);
    return found;
  };
  return {
    of(list: ListName, source: string | undefined, reason: ListReason | undefined): readonly Kind[] {
      const sources = source === undefined ? sourcesOf(list) : [source];
      return sources.flatMap((one) =>
        (reason === undefined ? reasonsOf(list, one) : [reason]).map((why) => ({ source: one, reason: why })),
      );
    },
  };
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
      const sql = `SELECT imei, source FROM list_entry WHERE ${rest}`;
      return once(sql, () => database.query(sql, KEY));
    },
    away(rest: string): Query<EntryRow> {
      const columns = ENTRY_COLUMNS.replace('batch', 'entry_batch AS batch');
      const sql = `SELECT ${columns} FROM list_history WHERE ${rest}`;
      return once(sql, () => database.query(sql, ENTRY_ROW));
    },
    count(rest: string): Query<{ readonly number: number }> {
      const sql = `SELECT count(*) AS number FROM ${rest}`;
      return once(sql, () => database.query(sql, { number: integer }));
    },
  };
}
