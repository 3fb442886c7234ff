import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type Audit, type ProgramAuthor } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { ENTRY_COLUMNS } from '../entry-row.ts';
import { LISTS, type ListName, type ListReason } from '../list-entry.ts';
import { type Approved, approvedBy, checkTexts } from '../lists.ts';
import type { PairRuleKind, PairRules } from '../pair-rules.ts';
import type { Ranges } from '../ranges.ts';
import { REGISTER_REFUSALS } from '../refusals.ts';

/** What works on batches. */
export interface BatchPorts {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly feed: ChangeFeed;
  readonly ranges: Ranges;
  readonly pairRules: PairRules;
}

/** A file that was imported. */
export interface ImportedFile {
  readonly batch: number;
  readonly at: number;
  readonly list: ListName;
  readonly source: string;
  readonly author: string;
  readonly name: string;
  /** `running`: being written, or cut off; such a batch counts for nothing, and the next import takes it back. */
  readonly state: 'running' | 'done' | 'undone';
  readonly added: number;
  readonly removed: number;
  readonly updated: number;
  readonly bad: number;
}

/** A range entry or pair rule that a batch took away, as it is kept for the batch's undoing. */
export type RemovedRule =
  | {
      readonly about: 'range';
      readonly first: string;
      readonly last: string;
      readonly list: ListName;
      readonly reason: ListReason;
      readonly note: string;
      readonly caseReference: string;
      readonly author: string;
      readonly source: string;
      readonly expiresAt?: number;
    }
  | {
      readonly about: 'pair';
      readonly kind: PairRuleKind;
      readonly first: string;
      readonly last: string;
      readonly firstImsi: string;
      readonly lastImsi: string;
      readonly note: string;
      readonly caseReference: string;
      readonly author: string;
      readonly source: string;
      readonly expiresAt?: number;
    };

/** A batch that was not written to for so long has lost its process. */
export const ABANDONED_MILLISECONDS = 15_000;
const LAST_IMEI = '9'.repeat(14);
/** 14 digits as the change feed names an IMEI. */
export const feedKey = (imei: number): string => String(imei).padStart(14, '0');

/** The newest imported files. */
export function importedFiles(database: Database, most: number): readonly ImportedFile[] {
  return database
    .query(
      'SELECT id AS batch, at, list, source, author, name, state, added, removed, updated, bad FROM list_batch ORDER BY id DESC LIMIT ?',
      {
        batch: integer,
        at: integer,
        list: oneOf(...LISTS),
        source: text,
        author: text,
        name: text,
        state: oneOf('running', 'done', 'undone'),
        added: integer,
        removed: integer,
        updated: integer,
        bad: integer,
      },
    )
    .all(most);
}

/**
 * Takes back what an import did: what it added goes, what it removed or replaced returns as it was. Entries changed since by someone else
 * stay. Returns how many entries changed; throws RangeError when there is no such batch, it was undone before, or another one is being written.
 */
export function undoImport(
  ports: BatchPorts,
  what: { readonly batch: number; readonly author: string; readonly reason: string } & Approved,
): number {
  const { database, audit, feed } = ports;
  const { batch, author, reason } = what;
  checkTexts({ author, reason });
  return database.transaction(() => {
    // What a batch that is being written, or was cut off, has taken from this one stands in its history: it would come back after the undoing.
    clearAbandoned(ports);
    const state = database.query('SELECT state FROM list_batch WHERE id = ?', { state: text }).first(batch)?.state;
    if (state !== 'done') throw standsNoMore(batch, state);
    noteProofs(database, batch);
    const { gone, back } = takeBack(database, batch);
    const rules = takeRulesBack(ports, batch, author, reason);
    // All that it touched: which numbers those were, its history knows.
    feed.note({ kind: 'imei', key: feedKey(0), lastKey: LAST_IMEI, batch });
    const detail = { change: 'undone', reason, gone, back, rules, ...approvedBy(what) };
    audit.append({ kind: 'list', author, subject: AUDIT_SUBJECTS.say('batch', { batch }), detail });
    return gone + back + rules;
  });
}

/** Takes back batches whose process died in their middle. Throws RangeError when one is still being written. */
export function clearAbandoned({ database, audit, clock }: BatchPorts): void {
  const running = database.query("SELECT id, name, touched_at FROM list_batch WHERE state = 'running' ORDER BY id", {
    id: integer,
    name: text,
    touchedAt: integer,
  });
  for (const { id, name, touchedAt } of running.all()) {
    const left = touchedAt + ABANDONED_MILLISECONDS - clock.now();
    if (left > 0)
      throw new RefusalError(REGISTER_REFUSALS.say('importUnderWay', { id, name, seconds: Math.ceil(left / 1000) }));
    database.transaction(() => {
      const { gone, back } = takeBack(database, id);
      const detail = { change: 'taken back, its process died', gone, back };
      audit.append({
        kind: 'list',
        author: 'register' satisfies ProgramAuthor,
        subject: AUDIT_SUBJECTS.say('batch', { batch: id }),
        detail,
      });
    });
  }
}

/** UICCs whose proved IMEI a batch touched must have their last order thought over. */
export function noteProofs(database: Database, batch: number): void {
  database
    .command(
      `INSERT INTO reconsideration (imei) SELECT DISTINCT proved_imei FROM uicc_state WHERE proved_imei IS NOT NULL AND (
         EXISTS (SELECT 1 FROM list_entry WHERE list_entry.batch = ?1 AND list_entry.imei = uicc_state.proved_imei) OR
         EXISTS (SELECT 1 FROM list_history WHERE list_history.batch = ?1 AND list_history.imei = uicc_state.proved_imei))
       ON CONFLICT (imei) DO NOTHING`,
    )
    .run(batch);
}

function takeBack(database: Database, batch: number): { readonly gone: number; readonly back: number } {
  const newest = database.query('SELECT max(id) AS id FROM list_history', { id: nullable(integer) }).only().id ?? 0;
  // What goes is kept too: every node's memory has to learn which numbers that were.
  database
    .command(
      `INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch)
       SELECT CAST(?1 AS BIGINT), ${ENTRY_COLUMNS} FROM list_entry WHERE batch = ?1`,
    )
    .run(batch);
  const gone = database.command('DELETE FROM list_entry WHERE batch = ?').run(batch).changes;
  const back = database
    .command(
      `INSERT INTO list_entry (${ENTRY_COLUMNS})
       SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch
       FROM list_history WHERE batch = ? AND id <= ? ORDER BY id ON CONFLICT (imei, list, source) DO NOTHING`,
    )
    .run(batch, newest).changes;
  database.command("UPDATE list_batch SET state = 'undone' WHERE id = ?").run(batch);
  return { gone, back };
}

function takeRulesBack(
  { database, ranges, pairRules, clock }: BatchPorts,
  batch: number,
  author: string,
  reason: string,
): number {
  let changed = 0;
  for (const entry of everyPage((after) => ranges.page(after, 1000)))
    if (entry.batch === batch && ranges.remove({ ...entry, author, reason })) changed++;
  for (const rule of everyPage((after) => pairRules.page(after, 1000)))
    if (rule.batch === batch && pairRules.remove({ ...rule, author, reason })) changed++;
  const kept = database.query('SELECT removed_rules FROM list_batch WHERE id = ?', { removedRules: text }).only(batch);
  for (const removed of JSON.parse(kept.removedRules) as readonly RemovedRule[]) {
    const { expiresAt } = removed;
    if (expiresAt !== undefined && expiresAt <= clock.now()) continue;
    const bounds = { first: Imei.parse(removed.first), last: Imei.parse(removed.last) };
    if (removed.about === 'range') ranges.add({ ...removed, ...bounds });
    else
      pairRules.add({
        ...removed,
        ...bounds,
        firstImsi: Imsi.parse(removed.firstImsi),
        lastImsi: Imsi.parse(removed.lastImsi),
      });
    changed++;
  }
  return changed;
}

function* everyPage<T extends { readonly id: number }>(page: (after: number) => readonly T[]): Generator<T> {
  for (let after = 0; ; ) {
    const rows = page(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** The error of an import that does not stand, by its state; undefined when there is none. */
export function standsNoMore(batch: number, state: string | undefined): RefusalError {
  const why = state === undefined ? 'importIsMissing' : state === 'running' ? 'importIsRunning' : 'importIsUndone';
  return new RefusalError(REGISTER_REFUSALS.say(why), `batch ${batch}`);
}
