/** Registers: 2^8, an error of about 1.04/16 = 6.5 %. */
const INDEX_BITS = 8;
const REGISTERS = 1 << INDEX_BITS;
/** Correction of the estimate for 256 registers. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
const TWO_32 = 2 ** 32;

/** A well mixed 32-bit value of another one: neighbours come out unrelated. */
function mixed(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * How many different whole numbers (below 2^53) were added, in 256 octets (Flajolet, Fusy, Gandouet, Meunier 2007: HyperLogLog). Nothing
 * can be taken out.
 */
export class DistinctCount {
  readonly #registers = new Uint8Array(REGISTERS);

  /** Adds a number; true when the estimate may be another now. One that was added before changes nothing. */
  add(value: number): boolean {
    const low = value % TWO_32;
    const high = Math.floor(value / TWO_32);
    const index = mixed(mixed(low) + Math.imul(high, 0x9e3779b1)) & (REGISTERS - 1);
    // The rank comes from other bits than the index.
    const rank = Math.clz32(mixed(mixed(low ^ 0x5bd1e995) ^ Math.imul(high + 1, 0x85ebca6b))) + 1;
    if (rank <= (this.#registers[index] as number)) return false;
    this.#registers[index] = rank;
    return true;
  }

  /** Numbers added to this one or to `other`, estimated. */
  estimate(other?: DistinctCount): number {
    let sum = 0;
    let empty = 0;
    for (let index = 0; index < REGISTERS; index++) {
      const own = this.#registers[index] as number;
      const rank = other === undefined ? own : Math.max(own, other.#registers[index] as number);
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    // Few numbers leave registers empty, and those tell more.
    if (raw <= 2.5 * REGISTERS && empty > 0) return Math.round(REGISTERS * Math.log(REGISTERS / empty));
    return Math.round(raw);
  }
}
