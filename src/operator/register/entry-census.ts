import { type ChangeFeed, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { AWAY, STANDS } from './entry-row.ts';
import { type EntryFilter, HIGHEST_IMEI, type ImeiBounds } from './entry-search.ts';
import { LIST_REASONS, LISTS, type ListName } from './list-entry.ts';

/** Entries of a section when it is made. */
const STANDARD_SECTION = 1024;
/** Times this many entries, above which sections are made anew. */
const LARGEST_SECTION = 4;
/** Sections counted at one time: some milliseconds. */
const STEPS = 12;
const CHANGES = 1000;

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

const KIND_COUNT = { list: oneOf(...LISTS), source: text, reason: oneOf(...LIST_REASONS), number: integer };

interface CensusPorts {
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly section?: number;
}

/**
 * All entries, counted in sections of their IMEIs: how many there are of each list, source and reason. It is kept in memory (some octets for
 * a thousand entries), and counted again where the change feed says that something changed.
 */
export class EntryCensus {
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

  /** Of this database, whose changes the feed tells; `section`: entries of a section when it is made, default STANDARD_SECTION. */
  constructor({ database, feed, section = STANDARD_SECTION }: CensusPorts) {
    this.#feed = feed;
    this.#section = section;
    this.#ends = database.query(
      'SELECT imei FROM list_entry WHERE imei > ? AND imei <= ? ORDER BY imei LIMIT 1 OFFSET ?',
      { imei: integer },
    );
    const kinds = 'SELECT list, source, reason, count(*) AS number FROM';
    const these = 'imei > ? AND imei <= ? GROUP BY list, source, reason';
    this.#standing = database.query(`${kinds} list_entry WHERE ${STANDS} AND ${these}`, KIND_COUNT);
    this.#away = database.query(`${kinds} list_history WHERE ${AWAY} AND ${these}`, KIND_COUNT);
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

  /** How many entries each list has; undefined until everything was counted once. */
  entries(): ReadonlyMap<ListName, number> | undefined {
    if (this.#sections === undefined) return undefined;
    const found = new Map<ListName, number>(LISTS.map((list) => [list, 0]));
    for (const { kinds } of this.#sections)
      for (const { list, number } of kinds) found.set(list, (found.get(list) ?? 0) + number);
    return found;
  }

  /**
   * Where entries of a filter may stand, in ascending order: outside of these there is none. Undefined while everything is being counted:
   * then they may stand anywhere.
   */
  ranges({ first = 0, last = HIGHEST_IMEI, ...filter }: EntryFilter): readonly ImeiBounds[] | undefined {
    this.#follow();
    if (this.#sections === undefined || this.#counting !== undefined) return undefined;
    const fits = fitting(filter);
    const found: ImeiBounds[] = [];
    for (const [at, { lower, upper, kinds }] of this.#sections.entries()) {
      const bounds = { first: Math.max(first, lower + 1), last: Math.min(last, upper) };
      if (bounds.first > bounds.last || (!this.#changed.has(at) && !kinds.some(fits))) continue;
      const before = found.at(-1);
      if (before?.last === bounds.first - 1) found.splice(-1, 1, { first: before.first, last: bounds.last });
      else found.push(bounds);
    }
    return found;
  }

  /** The rows of a filter, from its first IMEI to its last. */
  ends({ first = 0, last = HIGHEST_IMEI, ...filter }: EntryFilter) {
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
        return { lower: HIGHEST_IMEI, skip: 0 };
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
    for (let lower = -1; lower < HIGHEST_IMEI; ) {
      const upper = this.#ends.first(lower, HIGHEST_IMEI, this.#section - 1)?.imei ?? HIGHEST_IMEI;
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
      if ((sections[middle]?.upper ?? HIGHEST_IMEI) < imei) low = middle + 1;
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
