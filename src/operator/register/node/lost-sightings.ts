import type { Clock } from '#base/port/index.ts';

/** How often it is said at most. */
const TELL_MILLISECONDS = 10_000;

/** Tells of sightings that the database did not take. While it is away they come fifty times a second: they are told together. */
export class LostSightings {
  readonly #clock: Clock;
  readonly #news: (text: string) => void;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, news: (text: string) => void) {
    [this.#clock, this.#news] = [clock, news];
  }

  /** So many more were not recorded. */
  add(sightings: number, because: string): void {
    this.#untold += sightings;
    const now = this.#clock.now();
    if (Math.abs(now - this.#toldAt) < TELL_MILLISECONDS) return;
    this.#news(`register: ${this.#untold} sightings were not recorded: ${because}`);
    [this.#untold, this.#toldAt] = [0, now];
  }
}
