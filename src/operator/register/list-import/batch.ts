import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type Audit, type ProgramAuthor } from '#operator/audit/index.ts';
import {
  type ChangeFeed,
  type Database,
  integer,
  nullable,
  oneOf,
  type RowOf,
  text,
} from '#operator/database/index.ts';
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

/** What became of a batch, or becomes of it. Only `done` counts. */
export const BATCH_STATES = ['running', 'done', 'undoing', 'undone', 'cancelled', 'cutOff'] as const;
/**
 * `running`: being written. `undoing`: does not count any more, what stands of it is being taken back. `cancelled`: by a person, before it
 * counted. `cutOff`: what wrote it died, or failed; it is taken back by whoever looks after batches next.
 */
export type BatchState = (typeof BATCH_STATES)[number];

/** A file that was imported. */
export interface ImportedFile {
  readonly batch: number;
  readonly at: number;
  readonly list: ListName;
  readonly source: string;
  readonly author: string;
  readonly name: string;
  readonly state: BatchState;
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

const UNSETTLED = "SELECT id, name FROM list_batch WHERE state = 'running' AND ended IS NOT NULL LIMIT 1";

/** Why a batch that was begun counts no more. */
export type BatchEnding = 'undone' | 'cancelled' | 'cutOff';

/** How a batch stands by what is kept of it. */
const KEPT_STATE = {
  state: oneOf('running', 'done', 'undone'),
  ended: nullable(oneOf('undone', 'cancelled', 'cutOff')),
  touchedAt: integer,
};

function stateOf({ state, ended, touchedAt }: RowOf<typeof KEPT_STATE>, now: number): BatchState {
  if (state === 'done') return 'done';
  if (ended === 'cancelled' || ended === 'cutOff') return ended;
  if (state === 'undone') return 'undone';
  if (ended === 'undone') return 'undoing';
  return touchedAt + ABANDONED_MILLISECONDS > now ? 'running' : 'cutOff';
}

const importedColumns = {
  ...{ batch: integer, at: integer, list: oneOf(...LISTS), source: text, author: text, name: text, ...KEPT_STATE },
  ...{ added: integer, removed: integer, updated: integer, bad: integer },
};

/** The newest imported files; those below the number `before` where it is given. */
export function importedFiles(
  { database, clock }: Pick<BatchPorts, 'database' | 'clock'>,
  most: number,
  before: number = Number.MAX_SAFE_INTEGER,
): readonly ImportedFile[] {
  const now = clock.now();
  return database
    .query(
      `SELECT id AS batch, at, list, source, author, name, state, ended, touched_at, added, removed, updated, bad
       FROM list_batch WHERE id < ? ORDER BY id DESC LIMIT ?`,
      importedColumns,
    )
    .all(before, most)
    .map(({ state, ended, touchedAt, ...file }) => ({ ...file, state: stateOf({ state, ended, touchedAt }, now) }));
}

/**
 * Begins to take back what an import did: from now on it counts for nothing, and what it removed or replaced counts again, but for entries
 * changed since by someone else. What stands of it in the tables is then for `settleBatches`. Joins a transaction. Throws RangeError when
 * there is no such batch, it was undone before, or another one is being written.
 */
export function beginUndo(
  ports: BatchPorts,
  what: { readonly batch: number; readonly author: string; readonly reason: string } & Approved,
): void {
  const { database, audit, feed } = ports;
  const { batch, author, reason } = what;
  checkTexts({ author, reason });
  database.transaction(() => {
    // What a batch that is being written, or was cut off, has taken from this one stands in its history: it would come back after the undoing.
    endAbandoned(ports);
    const [found] = importedFiles(ports, 1, batch + 1);
    if (found?.batch !== batch || found.state !== 'done')
      throw standsNoMore(batch, found?.batch === batch ? found.state : undefined);
    // Of this one something may stand in the history of another that is not taken back yet: nodes would not learn which numbers those are, and what
    // the one gives back would go with the other.
    const unsettled = database.query(UNSETTLED, { id: integer, name: text }).first();
    if (unsettled !== undefined)
      throw new RefusalError(REGISTER_REFUSALS.say('importUnderWay', { ...unsettled, seconds: 1 }));
    const rules = takeRulesBack(ports, batch, author, reason);
    endBatch(ports, batch, 'undone', rules);
    // All that it touched: which numbers those were, its entries and its history know.
    feed.note({ kind: 'imei', key: feedKey(0), lastKey: LAST_IMEI, batch });
    const detail = { change: 'undone', reason, rules, ...approvedBy(what) };
    audit.append({ kind: 'list', author, subject: AUDIT_SUBJECTS.say('batch', { batch }), detail });
  });
}

/** From now on a batch counts for nothing; `taken`: what was taken back of it already. Joins a transaction. */
export function endBatch({ database, clock }: BatchPorts, batch: number, ending: BatchEnding, taken: number): void {
  database
    .command(
      "UPDATE list_batch SET state = 'running', ended = ?, taken_back = ?, touched_at = ?, noted_to = ? WHERE id = ?",
    )
    .run(ending, taken, clock.now(), ending === 'undone' ? -1 : undefined, batch);
}

/** Ends batches whose process died in their middle. Joins a transaction. Throws RangeError when one is still being written, unless one may. */
export function endAbandoned(ports: BatchPorts, mayLive = false): void {
  const { database, audit, clock } = ports;
  const running = database.query(
    "SELECT id, name, touched_at FROM list_batch WHERE state = 'running' AND ended IS NULL ORDER BY id",
    { id: integer, name: text, touchedAt: integer },
  );
  for (const { id, name, touchedAt } of running.all()) {
    const left = touchedAt + ABANDONED_MILLISECONDS - clock.now();
    if (left > 0 && mayLive) continue;
    if (left > 0)
      throw new RefusalError(REGISTER_REFUSALS.say('importUnderWay', { id, name, seconds: Math.ceil(left / 1000) }));
    endBatch(ports, id, 'cutOff', 0);
    const detail = { change: 'taken back, its process died' };
    audit.append({
      kind: 'list',
      author: 'register' satisfies ProgramAuthor,
      subject: AUDIT_SUBJECTS.say('batch', { batch: id }),
      detail,
    });
  }
}

/** True while a batch is being written, or was cut off and nobody has noticed. */
export const isAnyBegun = (database: Database): boolean =>
  database
    .query("SELECT id FROM list_batch WHERE state = 'running' AND ended IS NULL LIMIT 1", { id: integer })
    .first() !== undefined;

/** True while something stands in the tables of batches that count no more. */
export const isUnsettled = (database: Database): boolean =>
  database.query(UNSETTLED, { id: integer, name: text }).first() !== undefined;

function takeRulesBack(
  { database, ranges, pairRules, clock }: BatchPorts,
  batch: number,
  author: string,
  reason: string,
): number {
  let changed = 0;
  const has = (table: 'range_entry' | 'pair_rule') =>
    database.query(`SELECT id FROM ${table} WHERE batch = ? LIMIT 1`, { id: integer }).first(batch) !== undefined;
  for (const entry of has('range_entry') ? everyPage((after) => ranges.page(after, 1000)) : [])
    if (entry.batch === batch && ranges.remove({ ...entry, author, reason })) changed++;
  for (const rule of has('pair_rule') ? everyPage((after) => pairRules.page(after, 1000)) : [])
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
export function standsNoMore(batch: number, state: BatchState | undefined): RefusalError {
  const why = state === undefined ? 'importIsMissing' : state === 'running' ? 'importIsRunning' : 'importIsUndone';
  return new RefusalError(REGISTER_REFUSALS.say(why), `batch ${batch}`);
}
