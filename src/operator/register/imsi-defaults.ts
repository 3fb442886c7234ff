import type { Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, oneOf, text } from '#operator/database/index.ts';
import { type Approved, approvedBy, checkTexts } from './lists.ts';
import { REGISTER_REFUSALS } from './refusals.ts';
import { UNKNOWN_ANSWERS, type UnknownAnswer } from './register-settings.ts';

/** Digits of a prefix: from a country (MCC) over a network (MCC and MNC) to ten subscribers of it (TS 23.003 clause 2.2). */
const SHORTEST_PREFIX = 3;
const LONGEST_PREFIX = 14;
/** Prefixes at most: what the largest registers take (facts/eir.md 1.2). */
const MOST_DEFAULTS = 100_000;
const MOST_PER_PAGE = 1000;
/** The change feed's name of the table, a setting among the settings. */
export const IMSI_DEFAULTS_KEY = 'imsiDefault';

/** What subscribers get whose handset nothing is known of, by the first digits of their IMSI. */
export interface ImsiDefault {
  readonly prefix: string;
  readonly answer: UnknownAnswer;
  readonly note: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

/** The defaults by IMSI prefix; the longest prefix of an IMSI counts. Each change is durable and in the audit log when it returns. */
export interface ImsiDefaults {
  /** The one that counts for this subscriber. */
  about(imsi: Imsi): ImsiDefault | undefined;
  /** Makes or replaces one. Throws RangeError for what is no prefix, a note too long, and one too many. */
  set(wanted: Omit<ImsiDefault, 'addedAt'> & Approved): void;
  /** Takes one away; false when there was none. */
  remove(what: { readonly prefix: string; readonly author: string; readonly reason: string } & Approved): boolean;
  /** In ascending order of their digits, from behind `after`, at most `most` (1000). */
  page(after: string, most: number): readonly ImsiDefault[];
  each(): IterableIterator<Pick<ImsiDefault, 'prefix' | 'answer'>>;
}

/** Throws RangeError for what is no prefix of an IMSI. */
export function checkPrefix(prefix: string): void {
  if (!/^\d+$/.test(prefix) || prefix.length < SHORTEST_PREFIX || prefix.length > LONGEST_PREFIX)
    throw new RefusalError(
      REGISTER_REFUSALS.say('badPrefix', { least: SHORTEST_PREFIX, most: LONGEST_PREFIX, came: prefix.slice(0, 40) }),
      'prefix',
    );
}

/** The defaults in this database. */
export function openImsiDefaults(options: {
  database: Database;
  audit: Audit;
  clock: Clock;
  feed: ChangeFeed;
}): ImsiDefaults {
  const { database, audit, clock, feed } = options;
  const row = { prefix: text, answer: oneOf(...UNKNOWN_ANSWERS), note: text, author: text, addedAt: integer };
  const select = (where: string) =>
    database.query(`SELECT prefix, answer, note, author, added_at FROM imsi_default ${where}`, row);
  const lengths = Array.from({ length: LONGEST_PREFIX - SHORTEST_PREFIX + 1 }, (_, more) => SHORTEST_PREFIX + more);
  const longest = select(`WHERE prefix IN (${lengths.map(() => '?').join(', ')}) ORDER BY length(prefix) DESC LIMIT 1`);
  const one = select('WHERE prefix = ?');
  const page = select('WHERE prefix > ? ORDER BY prefix LIMIT ?');
  const every = database.query('SELECT prefix, answer FROM imsi_default', { prefix: row.prefix, answer: row.answer });
  const count = database.query('SELECT count(*) AS number FROM imsi_default', { number: integer });
  const put = database.command(
    `INSERT INTO imsi_default (prefix, answer, note, author, added_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (prefix)
     DO UPDATE SET answer = excluded.answer, note = excluded.note, author = excluded.author, added_at = excluded.added_at`,
  );
  const take = database.command('DELETE FROM imsi_default WHERE prefix = ?');
  const told = (prefix: string, author: string, detail: Readonly<Record<string, string | null>>) => {
    feed.note({ kind: 'setting', key: IMSI_DEFAULTS_KEY });
    audit.append({ kind: 'setting', author, subject: AUDIT_SUBJECTS.say('imsiPrefix', { prefix }), detail });
  };
  return {
    about: (imsi) => longest.first(...lengths.map((length) => imsi.digits.slice(0, length))),
    set: ({ prefix, answer, note, author, ...approved }) =>
      database.transaction(() => {
        checkPrefix(prefix);
        checkTexts({ author, note });
        const before = one.first(prefix)?.answer ?? null;
        if (before === null && count.only().number >= MOST_DEFAULTS)
          throw new RefusalError(REGISTER_REFUSALS.say('tooManyDefaults', { most: MOST_DEFAULTS }), 'prefix');
        put.run(prefix, answer, note, author, clock.now());
        told(prefix, author, { value: answer, before, note, ...approvedBy(approved) });
      }),
    remove: ({ prefix, author, reason, ...approved }) =>
      database.transaction(() => {
        checkTexts({ author, reason });
        const before = one.first(prefix)?.answer;
        if (before === undefined) return false;
        take.run(prefix);
        told(prefix, author, { value: null, before, reason, ...approvedBy(approved) });
        return true;
      }),
    page: (after, most) => page.all(after, Math.min(most, MOST_PER_PAGE)),
    each: () => every.each(),
  };
}
