/** Intervals of numbers, bounds included, each with what it stands for; finds all that hold a number. */
export class IntervalIndex<T> {
  readonly #firsts: Float64Array;
  /** The highest last number of this interval and all before it: where it lies below a number, none before holds it. */
  readonly #reach: Float64Array;
  readonly #intervals: readonly { readonly first: number; readonly last: number; readonly value: T }[];

  constructor(intervals: readonly { readonly first: number; readonly last: number; readonly value: T }[]) {
    this.#intervals = intervals.toSorted((a, b) => a.first - b.first);
    this.#firsts = Float64Array.from(this.#intervals, ({ first }) => first);
    let reach = Number.NEGATIVE_INFINITY;
    this.#reach = Float64Array.from(this.#intervals, ({ last }) => {
      reach = Math.max(reach, last);
      return reach;
    });
  }

  get isEmpty(): boolean {
    return this.#intervals.length === 0;
  }

  /** What the intervals that hold this number stand for. */
  holding(number: number): readonly T[] {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] as number) <= number) low = middle + 1;
      else high = middle;
    }
    const found: T[] = [];
    for (let at = low - 1; at >= 0 && (this.#reach[at] as number) >= number; at--) {
      const interval = this.#intervals[at];
      if (interval !== undefined && interval.last >= number) found.push(interval.value);
    }
    return found;
  }
}
