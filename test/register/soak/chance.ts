import { seededRandom } from '#base/port/index.ts';

/** Chance that a seed decides. */
export class Chance {
  readonly #random;

  constructor(seed: string) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    const [a = 0, b = 0, c = 0] = this.#random.octets(3);
    return (a * 65_536 + b * 256 + c) % limit;
  }

  /** True in so many of a hundred cases. */
  percent(cases: number): boolean {
    return this.below(100) < cases;
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }
}
