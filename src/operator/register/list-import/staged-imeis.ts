import { breathe } from './breathe.ts';

const FIRST_ROOM = 4096;
const RADIX_BITS = 16;
const RADIX = 2 ** RADIX_BITS;
/** Digits of 16 bits in a number of 14 decimal digits. */
const PASSES = 3;
/** Lines looked at between two looks at what else there is to do. */
const SORTED_TOGETHER = 250_000;

/**
 * What a file says about single IMEIs, 12 octets a line: the 14-digit number and a word that stands for all else. Lines are added in the order of
 * the file and settled once: in ascending order, one for each IMEI, the last line of the file that names it.
 */
export class StagedImeis {
  #keys = new Float64Array(FIRST_ROOM);
  #words = new Uint32Array(FIRST_ROOM);
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** One more line. `word` is any number of 32 bits. */
  add(imei: number, word: number): void {
    if (this.#length === this.#keys.length) this.#grow();
    this.#keys[this.#length] = imei;
    this.#words[this.#length++] = word;
  }

  key(at: number): number {
    return this.#keys[at] as number;
  }
  *keys(): Generator<number> {
    for (let at = 0; at < this.#length; at++) yield this.key(at);
  }
  word(at: number): number {
    return this.#words[at] as number;
  }

  /** True when this number is among them; after `settle` only. */
  has(imei: number): boolean {
    let low = 0;
    let high = this.#length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.key(middle) <= imei) low = middle;
      else high = middle - 1;
    }
    return this.#length > 0 && this.key(low) === imei;
  }

  /** Sorts and keeps the last line of each IMEI; gives how many lines were repeated. Nobody may add or ask meanwhile. */
  async settle(): Promise<number> {
    await this.#sort();
    let kept = 0;
    await this.#each((at) => {
      if (at + 1 < this.#length && this.key(at + 1) === this.key(at)) return;
      this.#keys[kept] = this.key(at);
      this.#words[kept++] = this.word(at);
    });
    const repeated = this.#length - kept;
    this.#length = kept;
    return repeated;
  }

  /** Every place in its order, so many between two breaths. */
  async #each(look: (at: number) => void): Promise<void> {
    for (let from = 0; from < this.#length; from += SORTED_TOGETHER) {
      const end = Math.min(this.#length, from + SORTED_TOGETHER);
      for (let at = from; at < end; at++) look(at);
      await breathe();
    }
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }

  /** By digits of 16 bits from the lowest on: stable, and linear where sorting by comparison takes ten times as long. */
  async #sort(): Promise<void> {
    let [keys, words] = [this.#keys, this.#words];
    let [toKeys, toWords] = [new Float64Array(keys.length), new Uint32Array(words.length)];
    for (let pass = 0; pass < PASSES; pass++) {
      const divisor = RADIX ** pass;
      const starts = new Uint32Array(RADIX + 1);
      await this.#each((at) => {
        starts[digitOf(keys[at] as number, divisor) + 1]!++;
      });
      for (let digit = 0; digit < RADIX; digit++) starts[digit + 1]! += starts[digit] as number;
      await this.#each((at) => {
        const key = keys[at] as number;
        const to = starts[digitOf(key, divisor)]!++;
        toKeys[to] = key;
        toWords[to] = words[at] as number;
      });
      [keys, toKeys] = [toKeys, keys];
      [words, toWords] = [toWords, words];
    }
    [this.#keys, this.#words] = [keys, words];
  }
}

const digitOf = (key: number, divisor: number): number => Math.floor(key / divisor) % RADIX;
