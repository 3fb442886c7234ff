import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { changeFeed, type Database, integer, nullable, text } from '#operator/database/index.ts';
import type { Evidence } from '#operator/evidence/index.ts';
import { isOfSubject } from './export.ts';
import { eraseIn, PLACES, ROWS_AT_ONCE } from './places.ts';
import type { RemainsReason } from './remains.ts';
import { maskedSubject, type Subject, type SubjectKeys, textsOf } from './subject.ts';

/** An erasure that two people agreed to. */
export interface ErasureOrder {
  readonly subject: Subject;
  readonly author: string;
  readonly approvedBy: string;
  readonly reason: string;
  /** Number of the proposal that was approved. */
  readonly proposal: number;
}

/** An erasure and what became of it; times are milliseconds since 1970. */
export interface ErasureRecord {
  readonly id: number;
  readonly at: number;
  /** Masked. */
  readonly subject: string;
  readonly author: string;
  readonly approvedBy: string;
  readonly reason: string;
  /** When it was finished; undefined while it goes on. */
  readonly doneAt: number | undefined;
  /** Rows erased, events made nameless, and details of the audit log erased. */
  readonly erased: number;
}

/** What an erasure leaves, and why: told to whoever asks for one. */
export const ERASURE_REMAINS: readonly { readonly what: string; readonly why: RemainsReason }[] = [
  ...PLACES.flatMap(({ table, stays }) => (stays === undefined ? [] : [{ what: table, why: stays }])),
  { what: 'audit_entry', why: 'chainHolds' },
  { what: 'backups', why: 'olderCopies' },
];

const NOBODY = '000000000000000';

const ROW = {
  id: integer,
  at: integer,
  subject: text,
  author: text,
  approvedBy: text,
  reason: text,
  doneAt: nullable(integer),
  erased: integer,
};

/** The erasures of a database: ordered at once, done step by step, and taken up again after a restart. */
export function openErasures(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly evidence: Pick<Evidence, 'flush' | 'erased'>;
  readonly keysOf: (subject: Subject) => SubjectKeys;
}) {
  const { database, audit, clock, evidence, keysOf } = options;
  const columns = 'id, at, subject, author, approved_by, reason, done_at, erased';
  const put = database.command(
    `INSERT INTO erasure (at, subject, keys, proposal, author, approved_by, reason, erased) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
  );
  const next = database.query(`SELECT ${columns}, keys FROM erasure WHERE keys IS NOT NULL ORDER BY id LIMIT 1`, {
    ...ROW,
    keys: text,
  });
  const newest = database.query(`SELECT ${columns} FROM erasure ORDER BY id DESC LIMIT ?`, ROW);
  const finish = database.command('UPDATE erasure SET keys = NULL, done_at = ?, erased = ? WHERE id = ?');

  const feed = changeFeed(database, clock);
  const provers = database.query('SELECT imsi FROM uicc_state WHERE proved_imei = ? OR claimed_imei = ?', {
    imsi: text,
  });

  /** All steps of one erasure; each yields how much it erased. */
  function* steps(keys: SubjectKeys): Generator<number> {
    // Sightings that wait in memory, here or in other processes, would be written behind the erasure.
    evidence.erased.begin(keys);
    const judged = keys.imei === undefined ? [] : provers.all(keys.imei, keys.imei).map(({ imsi }) => imsi);
    for (const place of PLACES) yield* eraseIn(database, place, keys);
    // The memory of register nodes follows: nothing is proved of these any more.
    for (const imsi of keys.imsi === undefined ? judged : [keys.imsi]) feed.note({ kind: 'subscriber', key: imsi });
    yield* eraseEvents(database, keys);
    for (let from = 0; ; ) {
      const { to, erased } = audit.eraseNaming(textsOf(keys), from, ROWS_AT_ONCE);
      yield erased;
      if (to === from) return;
      from = to;
    }
  }

  /** All or nothing: what is seen from now on may be kept again. */
  const finished = (keys: SubjectKeys, work: () => void) =>
    database.overwriting(() =>
      database.transaction(() => {
        work();
        evidence.erased.end(keys, clock.now());
      }),
    );

  return {
    order: ({ subject, author, approvedBy, reason, proposal }: ErasureOrder): void => {
      const keys = keysOf(subject);
      // The words of people name the subject too, and this row stays.
      const words = textsOf(keys).reduce((text, name) => text.replaceAll(name, '…'), reason);
      put.run(clock.now(), maskedSubject(subject), JSON.stringify(keys), proposal, author, approvedBy, words);
    },
    newest: (most: number): readonly ErasureRecord[] => newest.all(Math.min(most, 1000)),
    /** Works on the oldest that is not done; yields after each step. Gives how many were done. */
    *work(): Generator<void, number> {
      let done = 0;
      for (let row = next.first(); row !== undefined; row = next.first()) {
        const { id, subject, approvedBy, reason } = row;
        const keys = JSON.parse(row.keys) as SubjectKeys;
        const work = steps(keys);
        let erased = 0;
        for (let step = database.overwriting(() => work.next()); step.done !== true; ) {
          erased += step.value;
          yield;
          step = database.overwriting(() => work.next());
        }
        done++;
        finished(keys, () => {
          finish.run(clock.now(), erased, id);
          const detail = { reason, entries: erased, erasure: id };
          audit.append({ kind: 'erasure', author: approvedBy, subject, detail });
        });
      }
      return done;
    },
  };
}

/** Events keep their numbers, for their readers know them without a gap; they name nobody any more. */
function* eraseEvents(database: Database, keys: SubjectKeys): Generator<number> {
  const page = database.query(
    'SELECT sequence, imsi, imei, detail FROM operator_event WHERE sequence > ? ORDER BY sequence LIMIT ?',
    { sequence: integer, imsi: nullable(text), imei: integer, detail: text },
  );
  const change = database.command(
    "UPDATE operator_event SET imsi = ?, imei = 0, detail = ?, order_key = 'erased' WHERE sequence = ?",
  );
  const undeliver = database.command('DELETE FROM webhook_delivery WHERE sequence = ?');
  for (
    let rows = page.all(0, ROWS_AT_ONCE);
    rows.length > 0;
    rows = page.all(rows.at(-1)?.sequence ?? 0, ROWS_AT_ONCE)
  ) {
    const found = rows.filter((row) => isOfSubject(row, keys));
    database.transaction(() => {
      for (const { sequence, imsi, detail } of found) {
        change.run(imsi === undefined ? undefined : NOBODY, nameless(detail), sequence);
        undeliver.run(sequence);
      }
    });
    yield found.length;
  }
}

function nameless(detail: string): string {
  const kept = JSON.parse(detail) as Record<string, unknown>;
  if ('from' in kept) kept['from'] = 0;
  if (kept['genuine'] !== undefined) kept['genuine'] = NOBODY;
  if (kept['argument'] !== undefined) kept['argument'] = 'erased';
  return JSON.stringify(kept);
}
