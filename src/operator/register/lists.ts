import type { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, oneOf } from '#operator/database/index.ts';
import type { EntryCensus } from './entry-census.ts';
import { AWAY, AWAY_COLUMNS, ENTRY_COLUMNS, ENTRY_ROW, entryOf, RUNNING_BATCHES, STANDS } from './entry-row.ts';
import { type EntrySearch, openEntrySearch } from './entry-search.ts';
import { LISTS, type ListEntry, type ListName, type ListReason, LONGEST_TEXT } from './list-entry.ts';
import { REGISTER_REFUSALS } from './refusals.ts';

/** The end of an INSERT of an entry that may stand there already. */
export const REPLACING_ENTRY = `ON CONFLICT (imei, list, source) DO UPDATE SET reason = excluded.reason, note = excluded.note,
  case_reference = excluded.case_reference, author = excluded.author, added_at = excluded.added_at, expires_at = excluded.expires_at,
  batch = excluded.batch`;

/** What a person gives to list one IMEI. */
export interface NewEntry extends Approved {
  readonly imei: Imei;
  readonly list: ListName;
  readonly reason: ListReason;
  readonly author: string;
  readonly note?: string;
  readonly caseReference?: string;
  /** Default `operator`. */
  readonly source?: string;
  readonly expiresAt?: number;
}

/** Who agreed to a change as the second person; for the audit log. */
export interface Approved {
  readonly approvedBy?: string;
}

/** How many entries a list holds, and how many of them still count. */
export interface ListCount {
  readonly list: ListName;
  readonly entries: number;
  readonly expired: number;
}

/** The source of entries that people make one by one. */
export const OWN_SOURCE = 'operator';

/** The entries of all lists. Each change is durable and in the audit log when it returns. */
export interface Lists {
  /** The entries about one IMEI that count at `at` (default now), the most severe list first. */
  about(imei: Imei, at?: number): readonly ListEntry[];
  /** All entries about one IMEI, also expired ones. */
  all(imei: Imei): readonly ListEntry[];
  /** Lists an IMEI, or changes its entry of the same list and source. Throws RangeError for an expiry in the past or a text too long. */
  add(entry: NewEntry): void;
  /** Takes an IMEI off a list; false when that source had not put it there. */
  remove(what: { imei: Imei; list: ListName; author: string; reason: string; source?: string } & Approved): boolean;
  /** How long each list is: reads all entries. */
  counts(): readonly ListCount[];
  /** How many entries of each list do not count any more. */
  expired(): readonly { readonly list: ListName; readonly number: number }[];
  /** Entries by a filter, in pages. */
  readonly search: EntrySearch;
  /** Entries in ascending order of IMEI, from above `after`, at most `most`: for reading a long list to its end. */
  page(list: ListName, after: Imei | undefined, most: number): readonly ListEntry[];
  /** Every entry of a list in ascending order of IMEI. Do not change the lists meanwhile. */
  each(list: ListName): IterableIterator<ListEntry>;
}

/** The lists of this database, by this census of their entries. */
export function openLists(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly feed: ChangeFeed;
  readonly census: EntryCensus;
}): Lists {
  const { database, audit, clock, feed, census } = options;
  const select = (where: string) => database.query(`SELECT ${ENTRY_COLUMNS} FROM listed ${where}`, ENTRY_ROW);
  // 'black', 'grey', 'white': the alphabet happens to be the order of severity.
  const current = select('WHERE imei = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY list, source');
  const every = select('WHERE imei = ? ORDER BY list, source');
  // The two halves of the view one by one: SQLite stops each of them at its limit.
  const paged = database.query(
    `SELECT ${ENTRY_COLUMNS} FROM list_entry WHERE list = ? AND imei > ? AND ${STANDS} ORDER BY imei, list, source LIMIT ?`,
    ENTRY_ROW,
  );
  const pagedAway = database.query(
    `SELECT ${AWAY_COLUMNS} FROM list_history WHERE list = ? AND imei > ? AND ${AWAY} ORDER BY imei LIMIT ?`,
    ENTRY_ROW,
  );
  const whole = select('WHERE list = ? ORDER BY imei, list, source');
  const put = database.command(
    `INSERT INTO list_entry (${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${REPLACING_ENTRY}`,
  );
  const take = database.command('DELETE FROM list_entry WHERE imei = ? AND list = ? AND source = ?');
  // What a batch that is being written keeps for the case that it is taken back: a person's change stands against that too.
  const takeKept = database.command(
    `DELETE FROM list_history WHERE imei = ? AND list = ? AND source = ? AND batch IN (${RUNNING_BATCHES})`,
  );
  const numbers = { list: oneOf(...LISTS), number: integer };
  const count = database.query('SELECT list, count(*) AS number FROM listed GROUP BY list', numbers);
  // Along the index of those that expire at all.
  const countExpired = database.query(
    'SELECT list, count(*) AS number FROM listed WHERE expires_at <= ? GROUP BY list',
    numbers,
  );
  const expired: Lists['expired'] = () => {
    const found = new Map(countExpired.all(clock.now()).map(({ list, number }) => [list, number]));
    return LISTS.map((list) => ({ list, number: found.get(list) ?? 0 }));
  };
  const reconsider = reconsideration(database);

  return {
    about: (imei, at = clock.now()) => current.all(imei.number, at).map(entryOf),
    all: (imei) => every.all(imei.number).map(entryOf),
    add(entry) {
      const { imei, list, reason, author, note = '', caseReference = '', source = OWN_SOURCE, expiresAt } = entry;
      const now = clock.now();
      checkTexts({ author, note, caseReference, source });
      if (expiresAt !== undefined && expiresAt <= now)
        throw new RefusalError(REGISTER_REFUSALS.say('expiryPassed'), 'expiry');
      const said = { list, reason, note, caseReference, source, expiresAt: expiresAt ?? null };
      const detail = { change: 'added', ...said, ...approvedBy(entry) };
      database.transaction(() => {
        put.run(imei.number, list, source, reason, note, caseReference, author, now, expiresAt, undefined);
        takeKept.run(imei.number, list, source);
        reconsider(imei.number);
        feed.note({ kind: 'imei', key: imei.equipment });
        audit.append({ kind: 'list', author, subject: imei.equipment, detail });
      });
    },
    remove: ({ imei, list, author, reason, source = OWN_SOURCE, ...approved }) =>
      database.transaction(() => {
        checkTexts({ author, reason });
        if (!every.all(imei.number).some((entry) => entry.list === list && entry.source === source)) return false;
        take.run(imei.number, list, source);
        takeKept.run(imei.number, list, source);
        reconsider(imei.number);
        feed.note({ kind: 'imei', key: imei.equipment });
        audit.append({
          kind: 'list',
          author,
          subject: imei.equipment,
          detail: { change: 'removed', list, source, reason, ...approvedBy(approved) },
        });
        return true;
      }),
    expired,
    counts() {
      const found = new Map(count.all().map(({ list, number }) => [list, number]));
      return expired().map(({ list, number }) => ({ list, entries: found.get(list) ?? 0, expired: number }));
    },
    search: openEntrySearch(database, census),
    page(list, after, most) {
      const limit = Math.min(most, MOST_PER_PAGE);
      const above = after?.number ?? -1;
      const away = pagedAway.all(list, above, limit);
      const standing = paged.all(list, above, limit);
      const both = away.length === 0 ? standing : [...standing, ...away].toSorted((a, b) => a.imei - b.imei);
      return both.slice(0, limit).map(entryOf);
    },
    *each(list) {
      for (const row of whole.each(list)) yield entryOf(row);
    },
  };
}

/** Entries of one page at most. */
const MOST_PER_PAGE = 1000;

/** Notes that an IMEI's entries changed, when a UICC has proved it: the gateway then thinks its last order over. */
export function reconsideration(database: Database): (imei: number) => void {
  const note = database.command(
    `INSERT INTO reconsideration (imei)
     SELECT proved_imei FROM uicc_state WHERE proved_imei = ? LIMIT 1 ON CONFLICT (imei) DO NOTHING`,
  );
  return (imei) => {
    note.run(imei);
  };
}

/** The second person as an audit entry names him; nothing where none was asked. */
export const approvedBy = ({ approvedBy: name }: Approved): { readonly approvedBy?: string } =>
  name === undefined ? {} : { approvedBy: name };

/** Throws RangeError for an author that is empty and for texts that are too long. */
export function checkTexts(texts: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(texts)) {
    if (value.length > LONGEST_TEXT)
      throw new RefusalError(REGISTER_REFUSALS.say('textTooLong', { most: LONGEST_TEXT, came: value.length }), name);
    if ((name === 'author' || name === 'source') && value.trim() === '')
      throw new RefusalError(REGISTER_REFUSALS.say('nameMissing'), name);
  }
}
