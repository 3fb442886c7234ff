/** Counts things that are alike by a key, of which there are few. */
export class Tally<T> {
  readonly #counts = new Map<string, { readonly what: T; count: number }>();

  /** One more of this key; `what` is kept of the first one, and returned. */
  add(key: string, what: () => T): T {
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.count++;
      return known.what;
    }
    const first = what();
    this.#counts.set(key, { what: first, count: 1 });
    return first;
  }

  /** What was counted, the most frequent first. */
  counts(): readonly (T & { readonly count: number })[] {
    return [...this.#counts.values()]
      .map(({ what, count }) => ({ ...what, count }))
      .toSorted((a, b) => b.count - a.count);
  }
}
