import type { Clock } from '#base/port/index.ts';

/** The only door to waiting: as Clock is to time, so that a test or a replay waits for nothing. */
export interface Scheduler {
  /** Runs `run` once after `milliseconds`; the function returned takes it back. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The machine's timers. */
export const systemScheduler: Scheduler = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Planned {
  readonly at: number;
  readonly run: () => void;
}

/** A clock and scheduler whose time moves only by `advance`, which runs what falls due, in order: for tests and replays. */
export function manualScheduler(startMs: number): Clock & Scheduler & { advance(milliseconds: number): void } {
  let now = startMs;
  const planned = new Set<Planned>();
  const firstUntil = (end: number) => {
    let first: Planned | undefined;
    for (const one of planned) if (one.at <= end && (first === undefined || one.at < first.at)) first = one;
    return first;
  };
  return {
    now: () => now,
    after(milliseconds, run) {
      const one = { at: now + milliseconds, run };
      planned.add(one);
      return () => planned.delete(one);
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (let next = firstUntil(end); next !== undefined; next = firstUntil(end)) {
        planned.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}
