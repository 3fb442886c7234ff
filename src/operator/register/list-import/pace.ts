import type { Clock } from '#base/port/index.ts';

/** A step that took longer is too long, one that took less than the other is shorter than it must be; milliseconds. */
const TOO_LONG = 40;
const TOO_SHORT = 15;
const FEWEST = 100;
const FIRST = 1000;

/** How many rows are worked on without a breath: as many as a database, however busy it is, does in a few hundredths of a second. */
export class Pace {
  readonly #clock: Clock;
  readonly #most: number;
  #rows: number;

  /** At most `most` rows. */
  constructor(clock: Clock, most: number) {
    [this.#clock, this.#most, this.#rows] = [clock, most, Math.min(FIRST, most)];
  }

  /** Rows of the next step. */
  get rows(): number {
    return this.#rows;
  }

  /** Does a step, and learns from how long it took. */
  step<T>(work: () => T): T {
    const begun = this.#clock.now();
    const result = work();
    const took = this.#clock.now() - begun;
    if (took > TOO_LONG) this.#rows = Math.max(FEWEST, this.#rows >> 1);
    else if (took < TOO_SHORT) this.#rows = Math.min(this.#most, this.#rows << 1);
    return result;
  }
}
