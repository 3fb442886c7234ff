import type { Clock } from '#base/port/index.ts';
import { type Database, DatabaseError, integer, text } from '#operator/database/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';

/** What is answered to a check. */
export const ANSWERS = ['permitted', 'tracking', 'prohibited', 'unknown', 'unavailable'] as const;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths that are counted by, in milliseconds, and how long such rows are kept: what is longer ago is known in longer steps only. */
export const STEPS = {
  tenSeconds: { milliseconds: 10 * SECOND, keptFor: HOUR },
  minute: { milliseconds: MINUTE, keptFor: 3 * DAY },
  hour: { milliseconds: HOUR, keptFor: 400 * DAY },
} as const;
/** A length that is counted by. */
export type ActivityStep = keyof typeof STEPS;

/** How long counts wait in memory for the others, in milliseconds. */
const GATHER_MILLISECONDS = 2000;
/** Slots that wait at most, while the database is away. */
const MOST_WAITING = 10_000;
const PRUNE_MILLISECONDS = MINUTE;

/** How often something happened in one step of time. */
export interface ActivitySum {
  /** When the step began, milliseconds since 1970. */
  readonly from: number;
  readonly counter: string;
  readonly number: number;
}

/** Counts by time, of every process of this database together. */
export interface Activity {
  /** Counts what just happened; costs no write. `counter`: `answer.permitted`, `report.attested` … */
  add(counter: string, times?: number): void;
  /** Writes what waits. A database that is gone keeps it waiting. */
  flush(): void;
  /** Sums from `from` (included) to `to` (not included), in order of time. */
  sums(step: ActivityStep, from: number, to: number): readonly ActivitySum[];
  /** Writes what waits, and ends. */
  close(): Promise<void>;
}

/** The counts in this database. */
export function openActivity(options: { database: Database; clock: Clock; scheduler: Scheduler }): Activity {
  return new Counts(options);
}

class Counts implements Activity {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #put;
  readonly #take;
  readonly #read;
  /** `<begin of the ten seconds> <counter>` to the number. */
  #waiting = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #prunedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor({ database, clock, scheduler }: { database: Database; clock: Clock; scheduler: Scheduler }) {
    this.#database = database;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#put = database.command(
      `INSERT INTO activity (step, from_at, counter, number) VALUES (?, ?, ?, ?)
       ON CONFLICT (step, from_at, counter) DO UPDATE SET number = activity.number + excluded.number`,
    );
    this.#take = database.command('DELETE FROM activity WHERE step = ? AND from_at < ?');
    this.#read = database.query(
      'SELECT from_at, counter, number FROM activity WHERE step = ? AND from_at >= ? AND from_at < ? ORDER BY from_at, counter',
      { fromAt: integer, counter: text, number: integer },
    );
  }

  add(counter: string, times = 1): void {
    if (times <= 0) return;
    const slot = `${floor(this.#clock.now(), STEPS.tenSeconds.milliseconds)} ${counter}`;
    const before = this.#waiting.get(slot);
    if (before === undefined && this.#waiting.size >= MOST_WAITING) return;
    this.#waiting.set(slot, (before ?? 0) + times);
    this.#later();
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#waiting.size === 0) return;
    try {
      this.#write();
      this.#waiting = new Map();
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      this.#later();
    }
  }

  sums(step: ActivityStep, from: number, to: number): readonly ActivitySum[] {
    const { milliseconds } = STEPS[step];
    return this.#read
      .all(milliseconds, from, to)
      .map(({ fromAt, counter, number }) => ({ from: fromAt, counter, number }));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.flush();
  }

  #later(): void {
    if (this.#isClosed) return;
    this.#cancel ??= this.#scheduler.after(GATHER_MILLISECONDS, () => this.flush());
  }

  #write(): void {
    const now = this.#clock.now();
    this.#database.transaction(() => {
      for (const [slot, number] of this.#waiting) {
        const [at = '', counter = ''] = slot.split(' ');
        for (const { milliseconds } of Object.values(STEPS))
          this.#put.run(milliseconds, floor(Number(at), milliseconds), counter, number);
      }
      if (now - this.#prunedAt < PRUNE_MILLISECONDS) return;
      for (const { milliseconds, keptFor } of Object.values(STEPS)) this.#take.run(milliseconds, now - keptFor);
    });
    if (now - this.#prunedAt >= PRUNE_MILLISECONDS) this.#prunedAt = now;
  }
}

const floor = (at: number, step: number): number => Math.floor(at / step) * step;
