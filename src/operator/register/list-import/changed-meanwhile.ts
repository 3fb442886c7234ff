import type { ChangeFeed } from '#operator/database/index.ts';

/** Changes read from the feed at a time. */
const MOST_CHANGES = 1000;

/** IMEIs whose entries somebody changed one by one since an import began to compare: what it found of them is no longer so. */
export class ChangedMeanwhile {
  readonly #feed: ChangeFeed;
  readonly #imeis = new Set<number>();
  #sequence: number;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
    this.#sequence = feed.newest();
  }

  /** All up to now. Inside a transaction that has the writer's place: up to its end. */
  imeis(): ReadonlySet<number> {
    for (;;) {
      const changes = this.#feed.after(this.#sequence, MOST_CHANGES);
      // A batch is of another source: two of one source are not written beside each other.
      for (const { kind, key, batch } of changes)
        if (kind === 'imei' && batch === undefined) this.#imeis.add(Number(key));
      this.#sequence = changes.at(-1)?.sequence ?? this.#sequence;
      if (changes.length < MOST_CHANGES) return this.#imeis;
    }
  }
}
