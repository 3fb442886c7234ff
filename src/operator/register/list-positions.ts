import type { Imei } from '#base/identity/index.ts';
import { type ChangeFeed, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { RUNNING_BATCHES, STANDS } from './entry-row.ts';
import type { EntryFilter, EntrySearch } from './entry-search.ts';
import { LIST_REASONS, LISTS, type ListName } from './list-entry.ts';

/** Where something stands among the entries that fit a filter. */
export interface Position {
  /** Its number; the first one is 0. */
  readonly row: number;
  /** How many fit. */
  readonly total: number;
  /** False while changes are still being counted: then both are those of some seconds ago. */
  readonly isExact: boolean;
}

/**
 * Which row of a list an IMEI stands in, and which IMEI stands in a row, at any length: entries are counted in sections of the key, which
 * are kept in memory (some octets for a thousand entries) and counted again where the change feed says that something changed.
 */
export interface ListPositions {
  /** The number of the first entry from this IMEI on; undefined until everything was counted once. */
  rowOf(filter: EntryFilter, imei: Imei): Position | undefined;
  /** The IMEI that stands in a row, or the last one, and the number of its first entry; undefined while nothing is counted, and for no entries. */
  at(filter: EntryFilter, row: number): (Position & { readonly imei: Imei }) | undefined;
  /** How many entries each list has; undefined until everything was counted once, or while changes are being counted. */
  entries(): ReadonlyMap<ListName, number> | undefined;
  /** Counts some of what has changed; true when nothing is left to count. */
  count(): boolean;
}

/** Entries of a section when it is made. */
const STANDARD_SECTION = 1024;
/** Times this many entries, above which sections are made anew. */
const LARGEST_SECTION = 4;
/** Sections counted at one time: some milliseconds. */
const STEPS = 12;
const CHANGES = 1000;
/** Filters whose length is remembered. */
const MOST_TOTALS = 32;
const HIGHEST = 99_999_999_999_999;

/** Entries of one list, source and reason within a section. */
interface KindCount {
  readonly list: ListName;
  readonly source: string;
  readonly reason: string;
  readonly number: number;
}

/** IMEIs above `lower` up to `upper`, and what stands there. */
interface Section {
  readonly lower: number;
  readonly upper: number;
  readonly kinds: readonly KindCount[];
}

/** The positions of this database. */
export function openListPositions(options: {
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly search: EntrySearch;
  /** Entries of a section when it is made; default STANDARD_SECTION. */
  readonly section?: number;
}): ListPositions {
  const { database, search, feed, section = STANDARD_SECTION } = options;
  const census = new Census(database, feed, section);
  const totals = new Map<string, number>();

  /** Counted along an index, and remembered until something changes. */
  const totalOf = (filter: EntryFilter): number => {
    const name = JSON.stringify([feed.newest(), filter]);
    const total = totals.get(name) ?? search.count(filter);
    totals.delete(name);
    totals.set(name, total);
    for (const oldest of totals.keys()) if (totals.size > MOST_TOTALS) totals.delete(oldest);
    return total;
  };
  const below = (filter: EntryFilter, imei: number): number => {
    const last = Math.min(imei - 1, filter.last ?? HIGHEST);
    return search.count({ ...filter, last });
  };

  /** The entry of a row, from the nearer end. */
  const counted = (filter: EntryFilter, row: number) => {
    const total = totalOf(filter);
    const back = total - 1 - row;
    const imei =
      back < row
        ? search.behind(filter, { below: HIGHEST + 1 }, Math.max(0, back))
        : search.behind(filter, { above: -1 }, row);
    return imei && { imei, row: below(filter, imei.number), total, isExact: true };
  };

  return {
    entries: () => (census.count() ? census.entries() : undefined),
    count: () => census.count(),
    rowOf(filter, imei) {
      if (!isCensused(filter)) return { row: below(filter, imei.number), total: totalOf(filter), isExact: true };
      const isExact = census.count();
      const ends = census.ends(filter);
      return ends && { ...ends.rowOf(imei.number), isExact };
    },
    at(filter, row) {
      if (!isCensused(filter)) return counted(filter, row);
      const isExact = census.count();
      const ends = census.ends(filter);
      if (ends === undefined) return undefined;
      const { lower, skip } = ends.place(Math.min(row, Math.max(0, ends.total - 1)));
      const imei =
        search.behind(filter, { above: lower }, skip) ?? search.page(filter, { below: HIGHEST + 1 }, 1).at(-1)?.imei;
      return imei && { imei, ...ends.rowOf(imei.number), isExact };
    },
  };
}

/** Whether the sections know it: by what they do not, entries are counted along an index. */
const isCensused = ({ caseReference, batch }: EntryFilter): boolean =>
  caseReference === undefined && batch === undefined;

const KIND_COUNT = { list: oneOf(...LISTS), source: text, reason: oneOf(...LIST_REASONS), number: integer };

/** All entries, counted in sections of their IMEIs. */
class Census {
  readonly #feed: ChangeFeed;
  readonly #section: number;
  readonly #ends;
  readonly #standing;
  readonly #away;
  readonly #running;
  /** Undefined until everything was counted once. */
  #sections: Section[] | undefined;
  #changed = new Set<number>();
  /** A count of everything that is under way. */
  #counting: Generator<void, Section[]> | undefined;
  /** The change that is counted already. */
  #seen = 0;

  constructor(database: Database, feed: ChangeFeed, section: number) {
    this.#feed = feed;
    this.#section = section;
    this.#ends = database.query(
      'SELECT imei FROM list_entry WHERE imei > ? AND imei <= ? ORDER BY imei LIMIT 1 OFFSET ?',
      { imei: integer },
    );
    const kinds = 'SELECT list, source, reason, count(*) AS number FROM';
    const these = 'imei > ? AND imei <= ? GROUP BY list, source, reason';
    this.#standing = database.query(`${kinds} list_entry WHERE ${STANDS} AND ${these}`, KIND_COUNT);
    this.#away = database.query(`${kinds} list_history WHERE batch IN (${RUNNING_BATCHES}) AND ${these}`, KIND_COUNT);
    this.#running = database.query(`SELECT min(id) AS id FROM list_batch WHERE state = 'running'`, {
      id: nullable(integer),
    });
  }

  /** Counts some sections; true when all of them are as the lists are. */
  count(): boolean {
    this.#follow();
    for (let step = 0; step < STEPS; step++) if (!this.#step()) return true;
    return this.#counting === undefined && this.#changed.size === 0;
  }

  entries(): ReadonlyMap<ListName, number> | undefined {
    if (this.#sections === undefined) return undefined;
    const found = new Map<ListName, number>(LISTS.map((list) => [list, 0]));
    for (const { kinds } of this.#sections)
      for (const { list, number } of kinds) found.set(list, (found.get(list) ?? 0) + number);
    return found;
  }

  /** The rows of a filter, from its first IMEI to its last. */
  ends({ first = 0, last = HIGHEST, ...filter }: EntryFilter) {
    const sections = this.#sections;
    if (sections === undefined) return undefined;
    const fits = fitting(filter);
    const below = (imei: number) => this.#below(sections, fits, imei);
    const base = below(first);
    const total = Math.max(0, below(last + 1) - base);
    return {
      total,
      rowOf: (imei: number) => ({ row: Math.min(total, Math.max(0, below(imei) - base)), total }),
      /** Above which IMEI, and behind how many, a row stands. */
      place(row: number) {
        let left = row + base;
        for (const { lower, kinds } of sections) {
          const number = sum(kinds, fits);
          if (left < number) return lower < first ? { lower: first - 1, skip: row } : { lower, skip: left };
          left -= number;
        }
        return { lower: HIGHEST, skip: 0 };
      },
    };
  }

  /** How many that fit stand below an IMEI. */
  #below(sections: readonly Section[], fits: (kind: KindCount) => boolean, imei: number): number {
    let number = 0;
    for (const { lower, upper, kinds } of sections) {
      if (upper < imei) number += sum(kinds, fits);
      else return number + (imei > lower + 1 ? sum(this.#kinds(lower, imei - 1), fits) : 0);
    }
    return number;
  }

  /** Which sections changed, or that all have to be made anew. */
  #follow(): void {
    if (this.#sections === undefined && this.#counting === undefined) this.#restart();
    // Changes are looked at when the sections are there: a count that is under way may or may not have seen them.
    if (this.#sections === undefined || this.#counting !== undefined) return;
    if (this.#feed.oldest() > this.#seen + 1) {
      this.#restart();
      return;
    }
    for (let changes = this.#feed.after(this.#seen, CHANGES); changes.length > 0; ) {
      for (const { sequence, kind, key, lastKey } of changes) {
        this.#seen = sequence;
        if (kind !== 'imei') continue;
        // A file may have changed them all: sections of equal length are made again.
        if (key !== lastKey) {
          this.#restart();
          return;
        }
        this.#changed.add(this.#sectionOf(Number(key)));
      }
      changes = this.#feed.after(this.#seen, CHANGES);
    }
  }

  #restart(): void {
    this.#seen = this.#feed.newest();
    this.#changed.clear();
    this.#counting = this.#everything();
  }

  /** Counts a section; false when there is none to count. */
  #step(): boolean {
    if (this.#counting !== undefined) {
      const next = this.#counting.next();
      if (next.done !== true) return true;
      this.#sections = next.value;
      this.#counting = undefined;
      this.#follow();
      return true;
    }
    const [at] = this.#changed;
    const section = at === undefined ? undefined : this.#sections?.[at];
    if (at === undefined || section === undefined) return false;
    this.#changed.delete(at);
    const kinds = this.#kinds(section.lower, section.upper);
    if (sum(kinds, () => true) > LARGEST_SECTION * this.#section) this.#restart();
    else this.#sections?.splice(at, 1, { ...section, kinds });
    return true;
  }

  *#everything(): Generator<void, Section[]> {
    const made: Section[] = [];
    for (let lower = -1; lower < HIGHEST; ) {
      const upper = this.#ends.first(lower, HIGHEST, this.#section - 1)?.imei ?? HIGHEST;
      made.push({ lower, upper, kinds: this.#kinds(lower, upper) });
      lower = upper;
      yield;
    }
    return made;
  }

  #kinds(lower: number, upper: number): readonly KindCount[] {
    const standing = this.#standing.all(lower, upper);
    return this.#running.only().id === undefined ? standing : [...standing, ...this.#away.all(lower, upper)];
  }

  /** The number of the section that an IMEI belongs to. */
  #sectionOf(imei: number): number {
    const sections = this.#sections ?? [];
    let [low, high] = [0, sections.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sections[middle]?.upper ?? HIGHEST) < imei) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const fitting =
  ({ list, source, reason }: EntryFilter) =>
  (kind: KindCount): boolean =>
    kind.list === list &&
    (source === undefined || kind.source === source) &&
    (reason === undefined || kind.reason === reason);

const sum = (kinds: readonly KindCount[], fits: (kind: KindCount) => boolean): number =>
  kinds.reduce((number, kind) => (fits(kind) ? number + kind.number : number), 0);
