import type { Io } from './io.ts';

/** One line on a terminal that tells how far a command is. */
export interface Progress {
  /** So much is done, of so much where that is known. */
  at(done: number, of?: number): void;
  /** What is done now, when it changes. */
  phase(name: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Before this much time nobody wonders. */
const QUIET_MILLISECONDS = 1000;
const REWRITE_MILLISECONDS = 200;
const CLEAR = '\r\u001b[K';

const SILENT: Progress = { at: () => {}, phase: () => {}, end: () => {} };

/** Digits in groups of three. */
const grouped = (count: number): string => String(Math.floor(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

/** Seconds as people say them. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3600)} h`;
}

/** What is done, how fast, and what remains, in one line. */
export function progressText(
  name: string,
  unit: string,
  { done, of, milliseconds }: { readonly done: number; readonly of?: number; readonly milliseconds: number },
): string {
  const rate = milliseconds === 0 ? 0 : (done * 1000) / milliseconds;
  const share = of === undefined ? '' : ` of ${grouped(of)} (${of === 0 ? 100 : Math.floor((100 * done) / of)} %)`;
  const left = of === undefined || rate === 0 || done >= of ? '' : `, ${duration((of - done) / rate)} left`;
  return `${name}: ${grouped(done)}${share} ${unit}, ${grouped(rate)}/s${left}`;
}

/**
 * The progress of something that may take over a second: one line of standard error, rewritten five times a second, from the second second on.
 * Nothing when standard error is no terminal, or when only errors are to be told.
 */
export function progressOf(io: Io, name: string, unit: string): Progress {
  if (io.showsProgress !== true || io.logLevel === 'error' || io.logLevel === 'warn') return SILENT;
  const begun = io.clock.now();
  let [current, since, shownAt] = [name, begun, 0];
  return {
    at(done, of) {
      const now = io.clock.now();
      if (now - begun < QUIET_MILLISECONDS || now - shownAt < REWRITE_MILLISECONDS) return;
      shownAt = now;
      const facts = { done, ...(of !== undefined && { of }), milliseconds: now - since };
      io.warn(`${CLEAR}${progressText(current, unit, facts)}`);
    },
    phase(next) {
      if (next === current) return;
      [current, since] = [next, io.clock.now()];
    },
    end() {
      if (shownAt !== 0) io.warn(CLEAR);
      shownAt = 0;
    },
  };
}

/** Rows as they pass, counted. The line is gone when the last has passed. */
export function* counted<T>(progress: Progress, rows: Iterable<T>, of?: number): Generator<T> {
  let done = 0;
  try {
    for (const row of rows) {
      yield row;
      // The clock costs more than most rows.
      if ((++done & 0xff) === 0) progress.at(done, of);
    }
  } finally {
    progress.end();
  }
}
