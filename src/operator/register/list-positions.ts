import type { Imei } from '#base/identity/index.ts';
import type { ChangeFeed } from '#operator/database/index.ts';
import type { EntryCensus } from './entry-census.ts';
import { type EntryFilter, type EntrySearch, HIGHEST_IMEI, isCensused } from './entry-search.ts';
import type { ListName } from './list-entry.ts';

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

/** Filters whose length is remembered. */
const MOST_TOTALS = 32;

/** The positions of this database. */
export function openListPositions(options: {
  readonly feed: ChangeFeed;
  readonly search: EntrySearch;
  readonly census: EntryCensus;
}): ListPositions {
  const { search, feed, census } = options;
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
    const last = Math.min(imei - 1, filter.last ?? HIGHEST_IMEI);
    return search.count({ ...filter, last });
  };

  /** Where no other is found: an entry that a batch under way took away may be all there is. */
  const lastOf = (filter: EntryFilter) => search.page(filter, { below: HIGHEST_IMEI + 1 }, 1).entries.at(-1)?.imei;

  /** The entry of a row, from the nearer end. */
  const counted = (filter: EntryFilter, row: number) => {
    const total = totalOf(filter);
    const back = total - 1 - row;
    const found =
      back < row
        ? search.behind(filter, { below: HIGHEST_IMEI + 1 }, Math.max(0, back))
        : search.behind(filter, { above: -1 }, row);
    const imei = found ?? lastOf(filter);
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
      const imei = search.behind(filter, { above: lower }, skip) ?? lastOf(filter);
      return imei && { imei, ...ends.rowOf(imei.number), isExact };
    },
  };
}
