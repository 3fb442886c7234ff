import type { Clock } from '#base/port/index.ts';
import { AUDIT_SUBJECTS, type Audit, type ProgramAuthor } from '#operator/audit/index.ts';
import { type Database, integer, text } from '#operator/database/index.ts';
import { ROWS_AT_ONCE } from './places.ts';

const DAY = 24 * 3_600_000;

interface RetentionRule {
  readonly standard: string;
  /** What a value may be, in words. */
  readonly expected: string;
  readonly most: number;
  /** What is kept so long. */
  readonly what: string;
}

const rule = (what: string, standard: number, most = 36_500): RetentionRule => ({
  ...{ what, most, standard: String(standard) },
  expected: `whole days from 1 to ${most}`,
});

/** How long what is kept, in days. */
export const RETENTION_RULES = {
  'retention.reports': rule('reports of UICCs, as they came', 365),
  'retention.sightings': rule('who was seen with which IMEI, from when it was last seen', 365),
  'retention.events': rule('changed IMEIs and duplicates', 30, 30),
  'retention.auditDetails': rule('details of the audit log; who did what and when stays', 1825),
  'retention.packets': rule('orders to UICCs that are done, with their packets', 90),
} as const satisfies Readonly<Record<string, RetentionRule>>;
/** A setting of how long something is kept. */
export type RetentionName = keyof typeof RETENTION_RULES;

/** True for a value that such a setting may have. */
export const admitsRetention = (name: RetentionName, value: string): boolean =>
  /^[1-9]\d{0,4}$/.test(value) && Number(value) <= RETENTION_RULES[name].most;

/** What one run erased, by setting. */
export interface RetentionRun {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly erased: Readonly<Record<RetentionName, number>>;
}

/** The oldest rows of a table whose numbers rise with time: those that are too old, up to the first that is not. */
function* eraseOldest(database: Database, table: string, key: string, before: number): Generator<number> {
  const erase = database.command(
    `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM
       (SELECT * FROM ${table} ORDER BY ${key} LIMIT ${ROWS_AT_ONCE}) AS oldest WHERE at < ?)`,
  );
  for (;;) {
    const { changes } = erase.run(before);
    yield changes;
    if (changes < ROWS_AT_ONCE) return;
  }
}

/** Orders that are done; those under way stay, however old, and are passed by. */
function* erasePackets(database: Database, before: number): Generator<number> {
  const page = database.query('SELECT id, at, state FROM outbox WHERE id > ? ORDER BY id LIMIT ?', {
    id: integer,
    at: integer,
    state: text,
  });
  const erase = database.command(
    "DELETE FROM outbox WHERE id > ? AND id <= ? AND at < ? AND state IN ('acknowledged', 'failed', 'superseded')",
  );
  for (let from = 0; ; ) {
    const rows = page.all(from, ROWS_AT_ONCE);
    const last = rows.at(-1);
    if (last === undefined || (rows[0]?.at ?? before) >= before) return;
    yield erase.run(from, last.id, before).changes;
    from = last.id;
  }
}

/** Pairs of IMEI and IMSI, in the order of their key: they have no order of time. */
function* eraseSightings(database: Database, before: number): Generator<number> {
  const page = database.query(
    'SELECT imei, imsi FROM observation WHERE (imei, imsi) > (?, ?) ORDER BY imei, imsi LIMIT ?',
    { imei: integer, imsi: text },
  );
  const erase = database.command(
    'DELETE FROM observation WHERE (imei, imsi) > (?, ?) AND (imei, imsi) <= (?, ?) AND last_at < ?',
  );
  for (let [imei, imsi] = [-1, '']; ; ) {
    const last = page.all(imei, imsi, ROWS_AT_ONCE).at(-1);
    if (last === undefined) return;
    yield erase.run(imei, imsi, last.imei, last.imsi, before).changes;
    ({ imei, imsi } = last);
  }
}

/** Erases what is older than `daysOf` says, in small steps; what it yields between them is of no meaning. Gives what went. */
export function* retentionSteps(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly daysOf: (name: RetentionName) => number;
}): Generator<void, RetentionRun> {
  const { database, audit, clock, daysOf } = options;
  const before = (name: RetentionName) => clock.now() - daysOf(name) * DAY;
  function* details(): Generator<number> {
    for (;;) {
      const erased = audit.eraseBefore(before('retention.auditDetails'), ROWS_AT_ONCE);
      if (erased === undefined) return;
      yield erased;
    }
  }
  const parts: Readonly<Record<RetentionName, Generator<number>>> = {
    'retention.reports': eraseOldest(database, 'report', 'id', before('retention.reports')),
    'retention.sightings': eraseSightings(database, before('retention.sightings')),
    'retention.events': eraseOldest(database, 'operator_event', 'sequence', before('retention.events')),
    'retention.auditDetails': details(),
    'retention.packets': erasePackets(database, before('retention.packets')),
  };
  const erased = {} as Record<RetentionName, number>;
  for (const [name, steps] of Object.entries(parts) as [RetentionName, Generator<number>][]) {
    erased[name] = 0;
    for (const some of steps) {
      erased[name] += some;
      yield;
    }
  }
  if (Object.values(erased).some((rows) => rows > 0))
    audit.append({
      kind: 'erasure',
      author: 'retention' satisfies ProgramAuthor,
      subject: AUDIT_SUBJECTS.say('olderThanKept'),
      detail: erased,
    });
  return { at: clock.now(), erased };
}
