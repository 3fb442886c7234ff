import type { CardMemory } from '#handset/card/index.ts';
import { MEMORY_KEY } from './memory-key.ts';

/** How a USIM judges sequence numbers (TS 33.102 C.2). */
export interface SequenceRules {
  /** Bits of IND, the low end of SQN = SEQ | IND: 0 to 5 (C.1.1.1). */
  readonly indBits: number;
  /** The most that SEQ may be above the highest one (C.2.1); no limit when not given. */
  readonly delta?: number;
  /** How far SEQ must not be below the highest one (C.2.2); no limit when not given. */
  readonly ageLimit?: number;
  /** SEQ that counts as accepted under each IND, from IND 0 on, before any was; 0 where none is given. */
  readonly initial?: readonly number[];
}

/** SEQ has at most so many bits (TS 33.102 C.3.2: 48 without those of IND). */
export const SEQ_BITS = 43;

/** Most bits of IND, so most indexes are kept for: a number each. */
export const MOST_IND_BITS = 5;
/** Octets of a stored SQN. */
export const SQN_OCTETS = 6;

function numberOf(octets: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < octets.length; i++) value = value * 256 + (octets[i] as number);
  return value;
}

function sqnOctets(sqn: number): Uint8Array {
  const octets = new Uint8Array(SQN_OCTETS);
  let left = sqn;
  for (let i = SQN_OCTETS - 1; i >= 0; i--) {
    octets[i] = left % 256;
    left = Math.floor(left / 256);
  }
  return octets;
}

/** The highest SQN that was accepted under each value of IND (TS 33.102 C.2.2), in a card's memory. */
export class SequenceArray {
  readonly #memory: CardMemory;
  readonly #rules: SequenceRules;
  readonly #indexes: number;
  /** SQN_MS, once it was looked for. */
  #highest: number | undefined;

  constructor(memory: CardMemory, rules: SequenceRules) {
    this.#memory = memory;
    this.#rules = rules;
    this.#indexes = 2 ** rules.indBits;
  }

  /** True when an SQN may be accepted: no jump too far, not too old, and above the last one of its index (C.2.1, C.2.2). */
  isFresh(sqn: number): boolean {
    const { delta, ageLimit } = this.#rules;
    if (delta !== undefined || ageLimit !== undefined) {
      const ahead = this.#seq(sqn) - this.#seq(this.highest());
      if (delta !== undefined && ahead > delta) return false;
      if (ageLimit !== undefined && -ahead >= ageLimit) return false;
    }
    return this.#seq(sqn) > this.#seq(this.#last(sqn % this.#indexes));
  }

  /** The change of memory that accepts an SQN; `accepted` is told when it is made. */
  accepting(sqn: number): readonly [key: number, content: Uint8Array] {
    return [MEMORY_KEY.sequenceNumber + (sqn % this.#indexes), sqnOctets(sqn)];
  }

  /** An SQN was accepted, and the memory holds it. */
  accepted(sqn: number): void {
    this.#highest = Math.max(this.highest(), sqn);
  }

  /** SQN_MS: the highest that was accepted under any index. */
  highest(): number {
    if (this.#highest !== undefined) return this.#highest;
    let highest = 0;
    for (let i = 0; i < this.#indexes; i++) highest = Math.max(highest, this.#last(i));
    this.#highest = highest;
    return highest;
  }

  #seq(sqn: number): number {
    return Math.floor(sqn / this.#indexes);
  }

  #last(index: number): number {
    const stored = this.#memory.get(MEMORY_KEY.sequenceNumber + index);
    return stored === undefined ? (this.#rules.initial?.[index] ?? 0) * this.#indexes : numberOf(stored);
  }
}
