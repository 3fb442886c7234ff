import type { Imsi } from '#base/identity/index.ts';
import type { UnknownAnswer } from '../register-settings.ts';

/** The defaults by IMSI prefix as plain data between threads. */
export type PlainImsiDefaults = readonly (readonly [prefix: string, answer: UnknownAnswer])[];

/** Finds the default of the longest prefix: one look-up for each length that there is. */
export class ImsiDefaultTable {
  readonly #answers: ReadonlyMap<string, UnknownAnswer>;
  /** The longest first. */
  readonly #lengths: readonly number[];

  constructor(plain: PlainImsiDefaults) {
    this.#answers = new Map(plain);
    this.#lengths = [...new Set(plain.map(([prefix]) => prefix.length))].toSorted((a, b) => b - a);
  }

  /** The default for this subscriber; undefined: the one of the interface counts. */
  answer({ digits }: Imsi): UnknownAnswer | undefined {
    for (const length of this.#lengths) {
      const answer = digits.length < length ? undefined : this.#answers.get(digits.slice(0, length));
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}
