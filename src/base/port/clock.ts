/** Wall time as the only source of dates and deadlines. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is set: for tests and replays. `startMs` is milliseconds since 1970. */
export function fixedClock(startMs: number): Clock & { advance(milliseconds: number): void } {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(milliseconds) {
      nowMs += milliseconds;
    },
  };
}
