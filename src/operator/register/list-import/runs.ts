import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { type Database, flag, integer, nullable, oneOf, type RowOf, text } from '#operator/database/index.ts';
import { LISTS, type ListName } from '../list-entry.ts';
import { checkTexts } from '../lists.ts';
import { REGISTER_REFUSALS } from '../refusals.ts';
import { ABANDONED_MILLISECONDS, type BatchPorts, endBatch } from './batch.ts';
import type { ImportProgress, ImportResult } from './options.ts';

/** How reading a file ended. `failed`: by an error; `cutOff`: its process died. */
export const RUN_OUTCOMES = [
  'applied',
  'dryRun',
  'refused',
  'waiting',
  'malformed',
  'cancelled',
  'failed',
  'cutOff',
] as const satisfies readonly (ImportResult['outcome'] | 'failed' | 'cutOff')[];
/** What an import does one after another. */
export const RUN_PHASES = ['reading', 'comparing', 'writing'] as const satisfies readonly ImportProgress['phase'][];

/** A file that is read, compared and written, by whatever process; or was so lately. */
export interface ImportRun {
  readonly run: number;
  /** Rises with every change of any run. */
  readonly version: number;
  readonly at: number;
  readonly list: ListName;
  readonly source: string;
  readonly author: string;
  readonly name: string;
  readonly isDryRun: boolean;
  readonly phase: ImportProgress['phase'];
  /** Lines read, or entries compared or written. */
  readonly done: number;
  /** Of so many, where that is known. */
  readonly of: number | undefined;
  /** Octets of the file read so far. */
  readonly octets: number;
  /** The batch that it writes, from when it does. */
  readonly batch: number | undefined;
  /** Undefined while it goes on. */
  readonly outcome: (typeof RUN_OUTCOMES)[number] | undefined;
  readonly endedAt: number | undefined;
  readonly cancelledBy: string | undefined;
  readonly cancelReason: string | undefined;
}

/** What people see of imports under way, and how they end one. */
export interface ImportRuns {
  /** Those under way and those that ended lately, the newest first, at most `most` (100). */
  newest(most: number): readonly ImportRun[];
  find(run: number): ImportRun | undefined;
  /** The newest that wrote this batch. */
  ofBatch(batch: number): ImportRun | undefined;
  /** The newest version of any; 0 before the first. */
  version(): number;
  /** As they are now, those that changed after this version, in the order of their versions. */
  changedAfter(version: number, most: number): readonly ImportRun[];
  /** Ends one under way: nothing of it counts. Throws RangeError when it has ended, or counts already. */
  cancel(what: { readonly run: number; readonly author: string; readonly reason: string }): void;
  /** Notes the end of those whose process died. */
  endAbandoned(): void;
}

/** Runs that are kept; what is under way is never forgotten. */
const MOST_KEPT = 100;
const COLUMNS = `id AS run, version, at, touched_at, list, source, author, name, dry_run AS is_dry_run, phase, done, total AS of_lines, octets, batch,
  outcome, ended_at, cancelled_by, cancel_reason`;
const ROW = {
  ...{ run: integer, version: integer, at: integer, touchedAt: integer, list: oneOf(...LISTS), source: text },
  ...{ author: text, name: text, isDryRun: flag, phase: oneOf(...RUN_PHASES), done: integer },
  ...{ ofLines: nullable(integer), octets: integer, batch: nullable(integer) },
  ...{ outcome: nullable(oneOf(...RUN_OUTCOMES)), endedAt: nullable(integer) },
  ...{ cancelledBy: nullable(text), cancelReason: nullable(text) },
};
const NEXT_VERSION = '(SELECT coalesce(max(version), 0) + 1 FROM import_run)';

/** A run as others see it: one that was not heard of for too long has lost its process. */
function runOf({ touchedAt, ofLines, ...row }: RowOf<typeof ROW>, now: number): ImportRun {
  const outcome = row.outcome ?? (touchedAt + ABANDONED_MILLISECONDS > now ? undefined : 'cutOff');
  return { ...row, of: ofLines, outcome };
}

/** The imports under way in this database. */
export function openImportRuns(ports: BatchPorts): ImportRuns {
  const { database, clock, audit } = ports;
  const select = (rest: string) => database.query(`SELECT ${COLUMNS} FROM import_run ${rest}`, ROW);
  const newest = select('ORDER BY id DESC LIMIT ?');
  const one = select('WHERE id = ?');
  const ofBatch = select('WHERE batch = ? ORDER BY id DESC LIMIT 1');
  const changed = select('WHERE version > ? ORDER BY version LIMIT ?');
  const version = database.query('SELECT coalesce(max(version), 0) AS version FROM import_run', { version: integer });
  const cancel = database.command(
    `UPDATE import_run SET version = ${NEXT_VERSION}, cancelled_by = ?, cancel_reason = ?, outcome = ?, ended_at = ? WHERE id = ?`,
  );
  const abandoned = database.command(
    `UPDATE import_run SET version = ${NEXT_VERSION}, outcome = 'cutOff', ended_at = ? WHERE id = ?`,
  );
  const under = select('WHERE outcome IS NULL ORDER BY id');
  const seen = (row: RowOf<typeof ROW> | undefined) => row && runOf(row, clock.now());
  return {
    newest: (most) => newest.all(Math.min(most, MOST_KEPT)).map((row) => runOf(row, clock.now())),
    find: (run) => seen(one.first(run)),
    ofBatch: (batch) => seen(ofBatch.first(batch)),
    version: () => version.only().version,
    changedAfter: (after, most) => changed.all(after, most).map((row) => runOf(row, clock.now())),
    cancel: ({ run, author, reason }) =>
      database.transaction(() => {
        checkTexts({ author, reason });
        const found = seen(one.first(run));
        if (found === undefined || found.outcome !== undefined || found.cancelledBy !== undefined)
          throw new RefusalError(REGISTER_REFUSALS.say(endedWords(found)), `run ${run}`);
        // Whoever reads the file finds this, stops, and says then that it has ended.
        cancel.run(author, reason, undefined, undefined, run);
        if (found.batch !== undefined) endBatch(ports, found.batch, 'cancelled', 0);
        const { list, source, isDryRun, phase, batch = null } = found;
        const detail = { change: 'import cancelled', reason, run, batch, list, source, dryRun: isDryRun, phase };
        audit.append({ kind: 'list', author, subject: found.name, detail });
      }),
    endAbandoned() {
      const isDead = ({ touchedAt }: RowOf<typeof ROW>) => touchedAt + ABANDONED_MILLISECONDS <= clock.now();
      if (!under.all().some(isDead)) return;
      database.transaction(() => {
        for (const { run } of under.all().filter(isDead)) abandoned.run(clock.now(), run);
      });
    },
  };
}

const endedWords = (found: ImportRun | undefined) =>
  found === undefined
    ? 'importRunIsMissing'
    : found.outcome === 'applied'
      ? 'importCounts'
      : found.outcome === undefined
        ? 'importRunIsCancelled'
        : 'importRunHasEnded';

/** Somebody wants this import to end. */
export class ImportCancelled extends Error {
  readonly by: string;
  readonly reason: string;

  constructor(by: string, reason: string) {
    super(`cancelled by ${by}: ${reason}`);
    this.name = 'ImportCancelled';
    this.by = by;
    this.reason = reason;
  }
}

/** How often a run says how far it is, and hears whether it is to go on; milliseconds. */
const TOLD_MILLISECONDS = 500;

/** The run of one import, as its own process tells of it. */
export class OwnRun {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #run: number;
  #last: Pick<ImportProgress, 'phase' | 'done' | 'of' | 'octets'> = {
    phase: 'reading',
    done: 0,
    of: undefined,
    octets: 0,
  };
  #toldAt: number;

  constructor(
    { database, clock }: Pick<BatchPorts, 'database' | 'clock'>,
    file: Pick<ImportRun, 'list' | 'source' | 'author' | 'name' | 'isDryRun'>,
  ) {
    [this.#database, this.#clock, this.#toldAt] = [database, clock, clock.now()];
    this.#run = database.transaction(() => {
      const { version, number } = database
        .query('SELECT coalesce(max(version), 0) + 1 AS version, coalesce(max(id), 0) + 1 AS number FROM import_run', {
          ...{ version: integer, number: integer },
        })
        .only();
      // The newest stays, so that numbers and versions only rise.
      database.command('DELETE FROM import_run WHERE outcome IS NOT NULL AND id <= ?').run(number - MOST_KEPT);
      const { list, source, author, name, isDryRun } = file;
      database
        .command(
          `INSERT INTO import_run (id, version, at, touched_at, list, source, author, name, dry_run, phase, done, octets)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'reading', 0, 0)`,
        )
        .run(number, version, this.#toldAt, this.#toldAt, list, source, author, name, isDryRun);
      return number;
    });
  }

  /** How far it is; written a few times a second. Throws ImportCancelled when somebody wants it to end. */
  tell(progress: Pick<ImportProgress, 'phase' | 'done' | 'of' | 'octets'>): void {
    const isNews = progress.phase !== this.#last.phase;
    this.#last = progress;
    if (isNews || this.#clock.now() - this.#toldAt >= TOLD_MILLISECONDS) this.touch();
  }

  /** Says that it lives, when it has not for a while. Throws ImportCancelled. */
  live(): void {
    this.tell(this.#last);
  }

  /** Says that it lives. Throws ImportCancelled. */
  touch(): void {
    const { phase, done, of, octets } = this.#last;
    this.#toldAt = this.#clock.now();
    this.#database.transaction(() => {
      this.check();
      this.#database
        .command(
          `UPDATE import_run SET version = ${NEXT_VERSION}, touched_at = ?, phase = ?, done = ?, total = ?, octets = ? WHERE id = ?`,
        )
        .run(this.#toldAt, phase, done, of, octets, this.#run);
    });
  }

  /** Throws ImportCancelled when somebody wants it to end. Joins a transaction: until its end nobody does. */
  check(): void {
    const cancelled = this.#cancelled();
    if (cancelled !== undefined) throw cancelled;
  }

  /** It writes this batch from now on. Joins a transaction. */
  writes(batch: number): void {
    this.check();
    this.#database
      .command(`UPDATE import_run SET version = ${NEXT_VERSION}, batch = ? WHERE id = ?`)
      .run(batch, this.#run);
  }

  /** It has ended so. Joins a transaction. */
  end(outcome: NonNullable<ImportRun['outcome']>): void {
    const { phase, done, of, octets } = this.#last;
    this.#database
      .command(
        `UPDATE import_run SET version = ${NEXT_VERSION}, outcome = ?, ended_at = ?, phase = ?, done = ?, total = ?, octets = ? WHERE id = ?`,
      )
      .run(outcome, this.#clock.now(), phase, done, of, octets, this.#run);
  }

  /** Who cancelled it, when somebody did. */
  #cancelled(): ImportCancelled | undefined {
    const { cancelledBy, cancelReason = '' } =
      this.#database
        .query('SELECT cancelled_by, cancel_reason FROM import_run WHERE id = ?', {
          ...{ cancelledBy: nullable(text), cancelReason: nullable(text) },
        })
        .first(this.#run) ?? {};
    return cancelledBy === undefined ? undefined : new ImportCancelled(cancelledBy, cancelReason);
  }

  /** The same chunks; while none comes, it is said that it lives, and heard whether it is to go on. Throws ImportCancelled. */
  async *watched(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
    let isAtEnd = false;
    try {
      for (;;) {
        const coming = Promise.resolve(iterator.next());
        // Whoever waits hears of it; when it was cancelled, nobody does.
        coming.catch(() => {});
        const next = await this.#waiting(coming);
        isAtEnd = next.done === true;
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      // What comes of a file that is not wanted any more is not waited for.
      if (!isAtEnd) void Promise.resolve(iterator.return?.()).catch(() => {});
    }
  }

  async #waiting<T>(coming: Promise<T>): Promise<T> {
    for (;;) {
      const { promise: waited, resolve } = Promise.withResolvers<'waited'>();
      const timer = setTimeout(() => resolve('waited'), TOLD_MILLISECONDS);
      try {
        const next = await Promise.race([coming, waited]);
        if (next !== 'waited') return next as T;
      } finally {
        clearTimeout(timer);
      }
      this.touch();
    }
  }
}
