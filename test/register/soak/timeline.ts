/** One value that a fact has had, from when it was asked for. */
export interface Version<T> {
  /** Undefined: the fact does not stand. */
  readonly value: T | undefined;
  /** When the change was given to the process that makes it: it may be seen from here on. */
  readonly begunAt: number;
  /** When it was acknowledged; undefined while nobody knows whether it was made. */
  acknowledgedAt: number | undefined;
}

/** How long a version that nobody may see any more is kept, to say how late an answer was. */
const KEPT_MILLISECONDS = 60_000;

/** What one fact (an entry, a range, a rule, a setting) was over time. Times are milliseconds since 1970. */
export class Timeline<T> {
  #versions: Version<T>[];

  constructor(first: T | undefined) {
    const always = Number.NEGATIVE_INFINITY;
    this.#versions = [{ value: first, begunAt: always, acknowledgedAt: always }];
  }

  /** The newest value that was acknowledged. */
  get current(): T | undefined {
    return this.#versions.findLast(({ acknowledgedAt }) => acknowledgedAt !== undefined)?.value;
  }

  /** True while a change of it is neither acknowledged nor withdrawn. */
  get isOpen(): boolean {
    return this.#versions.some(({ acknowledgedAt }) => acknowledgedAt === undefined);
  }

  begin(value: T | undefined, at: number): Version<T> {
    const version: Version<T> = { value, begunAt: at, acknowledgedAt: undefined };
    this.#versions.push(version);
    return version;
  }

  acknowledge(version: Version<T>, at: number): void {
    version.acknowledgedAt = at;
    this.#versions = this.#versions.filter((_, i) => (this.#replacedAt(i) ?? at) > at - KEPT_MILLISECONDS);
  }

  /** It was not made. */
  withdraw(version: Version<T>): void {
    this.#versions = this.#versions.filter((one) => one !== version);
  }

  /** What it may have been for somebody who saw it between `from` and `until`: what was replaced before `from` is not among it. */
  possible(from: number, until: number): readonly (T | undefined)[] {
    if (this.#versions.length === 1) return [this.#versions[0]?.value];
    return this.#versions
      .filter(({ begunAt }, i) => begunAt <= until && (this.#replacedAt(i) ?? from) >= from)
      .map(({ value }) => value);
  }

  /** When it last changed, or may have: acknowledged, or begun and still open. */
  get changedAt(): number {
    return Math.max(...this.#versions.map(({ begunAt, acknowledgedAt }) => acknowledgedAt ?? begunAt));
  }

  #replacedAt(at: number): number | undefined {
    const later = this.#versions.slice(at + 1).flatMap(({ acknowledgedAt }) => acknowledgedAt ?? []);
    return later.length === 0 ? undefined : Math.min(...later);
  }
}
