import { Imei, Tac } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError, type Said } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type Audit, type AuditSubjectCode } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { LIST_REASONS, LISTS, type ListName, type ListReason } from './list-entry.ts';
import { type Approved, approvedBy, checkTexts, OWN_SOURCE } from './lists.ts';
import { REGISTER_REFUSALS } from './refusals.ts';

/** IMEIs from one to another, both included; as a TAC its 8 digits and all serial numbers. */
export interface ImeiRange {
  readonly first: Imei;
  readonly last: Imei;
}

const SERIAL_DIGITS = 6;

/** All IMEIs of a TAC. */
export function rangeOfTac(tac: Tac): ImeiRange {
  return {
    first: Imei.parse(tac.digits + '0'.repeat(SERIAL_DIGITS)),
    last: Imei.parse(tac.digits + '9'.repeat(SERIAL_DIGITS)),
  };
}

/** The TAC whose IMEIs a range holds, no more and no fewer; undefined for any other range. */
export function tacOfRange({ first, last }: ImeiRange): Tac | undefined {
  const tac = first.equipment.slice(0, 8);
  const isWhole = first.equipment === `${tac}000000` && last.equipment === `${tac}999999`;
  return isWhole ? Tac.parse(tac) : undefined;
}

/** A range as audit entries name it: `TAC 35342009`, `35342009000000 to 35342009499999`. */
export function rangeSubject(range: ImeiRange): Said<AuditSubjectCode> {
  const tac = tacOfRange(range);
  return tac === undefined
    ? AUDIT_SUBJECTS.say('range', { first: range.first.equipment, last: range.last.equipment })
    : AUDIT_SUBJECTS.say('tac', { tac: tac.digits });
}

/** Throws RangeError when the first IMEI is above the last. */
export function checkImeis({ first, last }: ImeiRange): void {
  if (first.number > last.number)
    throw new RefusalError(
      REGISTER_REFUSALS.say('rangeBackwards', { first: first.equipment, last: last.equipment }),
      'range',
    );
}

/** An entry about a range. */
export interface RangeEntry extends ImeiRange {
  readonly id: number;
  readonly list: ListName;
  readonly reason: ListReason;
  readonly note: string;
  readonly caseReference: string;
  readonly author: string;
  readonly source: string;
  readonly addedAt: number;
  readonly expiresAt: number | undefined;
  readonly batch: number | undefined;
}

/** What a person gives to list a range. */
export interface NewRangeEntry extends ImeiRange, Approved {
  readonly list: ListName;
  readonly reason: ListReason;
  readonly author: string;
  readonly note?: string;
  readonly caseReference?: string;
  readonly source?: string;
  readonly expiresAt?: number;
  readonly batch?: number;
}

/** The entries about ranges. Each change is durable, in the feed and in the audit log when it returns. */
export interface Ranges {
  /** Entries that hold this IMEI and count at `at` (default now), the narrowest first. */
  about(imei: Imei, at?: number): readonly RangeEntry[];
  /** Lists a range, or changes the entry of the same range, list and source. Throws RangeError. */
  add(entry: NewRangeEntry): void;
  /** Takes a range off a list; false when that source had not put it there. */
  remove(what: ImeiRange & Approved & { list: ListName; author: string; reason: string; source?: string }): boolean;
  /** Entries above this number, at most `most`, in the order of their making. */
  page(after: number, most: number): readonly RangeEntry[];
  count(): number;
}

const COLUMNS =
  'id, first_imei, last_imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch';
const ROW = {
  id: integer,
  firstImei: integer,
  lastImei: integer,
  list: oneOf(...LISTS),
  source: text,
  reason: oneOf(...LIST_REASONS),
  note: text,
  caseReference: text,
  author: text,
  addedAt: integer,
  expiresAt: nullable(integer),
  batch: nullable(integer),
};
const MOST_PER_PAGE = 10_000;
/** Ranges that hold one IMEI and are looked at, the narrowest ones. */
const MOST_ABOUT_ONE = 64;

/** The ranges of this database. */
export function openRanges(options: { database: Database; audit: Audit; clock: Clock; feed: ChangeFeed }): Ranges {
  const { database, audit, clock, feed } = options;
  const about = database.query(
    `SELECT ${COLUMNS} FROM range_entry WHERE first_imei <= ?1 AND last_imei >= ?1 AND (expires_at IS NULL OR expires_at > ?2)
     ORDER BY last_imei - first_imei, list, source LIMIT ?3`,
    ROW,
  );
  const put = database.command(
    `INSERT INTO range_entry (first_imei, last_imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (first_imei, last_imei, list, source) DO UPDATE SET reason = excluded.reason, note = excluded.note,
       case_reference = excluded.case_reference, author = excluded.author, added_at = excluded.added_at,
       expires_at = excluded.expires_at, batch = excluded.batch`,
  );
  const take = database.command(
    'DELETE FROM range_entry WHERE first_imei = ? AND last_imei = ? AND list = ? AND source = ?',
  );
  const paged = database.query(`SELECT ${COLUMNS} FROM range_entry WHERE id > ? ORDER BY id LIMIT ?`, ROW);
  const count = database.query('SELECT count(*) AS number FROM range_entry', { number: integer });
  // Every UICC whose proved IMEI lies in it must have its last order thought over.
  const reconsider = database.command(
    `INSERT INTO reconsideration (imei) SELECT DISTINCT proved_imei FROM uicc_state WHERE proved_imei BETWEEN ? AND ?
     ON CONFLICT (imei) DO NOTHING`,
  );
  const changed = (range: ImeiRange, author: string, detail: Readonly<Record<string, string | number | null>>) => {
    reconsider.run(range.first.number, range.last.number);
    feed.note({ kind: 'range', key: range.first.equipment, lastKey: range.last.equipment });
    audit.append({ kind: 'list', author, subject: rangeSubject(range), detail });
  };
  return {
    about: (imei, at = clock.now()) => about.all(imei.number, at, MOST_ABOUT_ONE).map(entryOf),
    add(entry) {
      const { first, last, list, reason, author, note = '', caseReference = '', source = OWN_SOURCE } = entry;
      const { expiresAt, batch } = entry;
      checkTexts({ author, note, caseReference, source });
      checkImeis({ first, last });
      if (expiresAt !== undefined && expiresAt <= clock.now())
        throw new RefusalError(REGISTER_REFUSALS.say('expiryPassed'), 'expiry');
      database.transaction(() => {
        put.run(
          ...[
            first.number,
            last.number,
            list,
            source,
            reason,
            note,
            caseReference,
            author,
            clock.now(),
            expiresAt,
            batch,
          ],
        );
        const said = { list, reason, note, caseReference, source, expiresAt: expiresAt ?? null };
        changed({ first, last }, author, { change: 'added', ...said, ...approvedBy(entry) });
      });
    },
    remove: ({ first, last, list, author, reason, source = OWN_SOURCE, ...approved }) =>
      database.transaction(() => {
        checkTexts({ author, reason });
        if (take.run(first.number, last.number, list, source).changes === 0) return false;
        changed({ first, last }, author, { change: 'removed', list, source, reason, ...approvedBy(approved) });
        return true;
      }),
    page: (after, most) => paged.all(after, Math.min(most, MOST_PER_PAGE)).map(entryOf),
    count: () => count.only().number,
  };
}

function entryOf({
  firstImei,
  lastImei,
  ...row
}: Omit<RangeEntry, 'first' | 'last'> & { readonly firstImei: number; readonly lastImei: number }): RangeEntry {
  return { ...row, first: Imei.fromNumber(firstImei), last: Imei.fromNumber(lastImei) };
}
