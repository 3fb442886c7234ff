/** The newest of things that are numbered from 1 without a gap; the oldest makes room. What is taken out leaves its number unused. */
export class Ring<T extends { readonly number: number }> {
  readonly #most: number;
  readonly #slots: (T | undefined)[] = [];
  #newest = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Number of the newest that was put in; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** Puts in the thing with the next number; what it took the place of. */
  push(thing: T): T | undefined {
    this.#newest = thing.number;
    const at = (thing.number - 1) % this.#most;
    const before = this.#slots[at];
    this.#slots[at] = thing;
    return before;
  }

  /** The thing with this number; undefined when it is not kept. */
  get(number: number): T | undefined {
    const found = this.#slots[(number - 1) % this.#most];
    return found?.number === number ? found : undefined;
  }

  /** Takes one out. */
  remove(number: number): void {
    if (this.get(number) !== undefined) this.#slots[(number - 1) % this.#most] = undefined;
  }

  /** Those above this number, oldest first. */
  *after(number: number): Generator<T> {
    for (let at = Math.max(number + 1, this.#newest - this.#most + 1, 1); at <= this.#newest; at++) {
      const found = this.get(at);
      if (found !== undefined) yield found;
    }
  }

  /** Those below this number, newest first. */
  *before(number: number): Generator<T> {
    const oldest = Math.max(1, this.#newest - this.#most + 1);
    for (let at = Math.min(number - 1, this.#newest); at >= oldest; at--) {
      const found = this.get(at);
      if (found !== undefined) yield found;
    }
  }
}
