import {
  type EquipmentNumber,
  isEquipmentNumber,
  type MixKey,
  mixedHalves,
  type Tag,
  unmix,
} from './equipment-number.ts';
import {
  flipOf,
  type Geometry,
  geometryOf,
  isAfter,
  isBefore,
  MAX_PAGES,
  nextAddress,
  PAGE_SLOTS,
  placeIn,
  previousAddress,
  SHARD_SPAN,
  SHARDS,
  shardOf,
  slotAddress,
  stepOf,
  touchSlots,
} from './shard.ts';
import { COUNT, type EquipmentIndexHandle, keyOf, PAGES, VERSION } from './shared.ts';

/** What a search gives when the writer was in its way, or the shard has grown since: look again. */
const AGAIN = -1;
/** Searches before the reader sleeps for a millisecond, so that a writer on the same core can end what it began. */
const SPINS = 1000;
/** Sleeps over one change before the reader gives up: a writer needs a fraction of one. */
const SLEEPS = 500;
/** Numbers of `lookupMany` whose memory is asked for before the first is looked at. */
const BATCH = 128;
/** Stands for the shard of what is no equipment number. */
const NO_SHARD = -1;

/** A change was begun by a writer that is no more: the index cannot be read and must be loaded again. */
export class EquipmentIndexError extends Error {
  override readonly name = 'EquipmentIndexError';
}

/** A shard as it was at one moment: `words` are its slots in order. */
export interface ShardImage {
  readonly pages: number;
  readonly count: number;
  readonly words: Int32Array;
}

/** Looks equipment numbers up in shared memory. Any number of threads may, while one writes; see shared.ts for why no answer is wrong. */
export class EquipmentReader {
  /** What another thread attaches to. */
  readonly handle: EquipmentIndexHandle;
  readonly #control: Int32Array;
  readonly #key: MixKey;
  /** The pages by which this thread reads each shard, and what follows from a number of pages. */
  readonly #pages = new Uint16Array(SHARDS);
  readonly #reciprocals = new Float64Array(MAX_PAGES + 1);
  readonly #divisors = new Int32Array(MAX_PAGES + 1);
  readonly #steps = new Int32Array(MAX_PAGES + 1);
  #slots: Int32Array;
  readonly #shards = new Int16Array(BATCH);
  readonly #places = new Float64Array(BATCH);
  readonly #addresses = new Int32Array(BATCH);
  readonly #seen = new Int32Array(1);

  constructor(handle: EquipmentIndexHandle) {
    this.handle = handle;
    this.#control = new Int32Array(handle.control);
    this.#key = keyOf(this.#control);
    // A view of fixed length: V8 reads one that follows its buffer's growth several times slower.
    this.#slots = new Int32Array(handle.slots, 0, handle.slots.byteLength >>> 2);
    for (let shard = 0; shard < SHARDS; shard++) this.#learn(shard);
  }

  /** The tag of an equipment number; 0 when it is in no list, or is no 14-digit number. */
  lookup(equipment: EquipmentNumber): Tag {
    if (!isEquipmentNumber(equipment)) return 0;
    const { high, low } = mixedHalves(equipment, this.#key);
    return this.#lookupMixed(shardOf(high), placeIn(high, low));
  }

  /** The tags of many numbers, to `out` at the same places: twice as fast as one by one, for memory answers several questions at once. */
  lookupMany(equipment: Float64Array, out: Uint8Array): void {
    if (out.length < equipment.length)
      throw new RangeError(
        `lookupMany: expected room for ${equipment.length} tags, got ${out.length}: give a longer array`,
      );
    const [shards, places] = [this.#shards, this.#places];
    for (let start = 0; start < equipment.length; start += BATCH) {
      const count = Math.min(BATCH, equipment.length - start);
      for (let i = 0; i < count; i++) {
        const number = equipment[start + i]!;
        const { high, low } = mixedHalves(number, this.#key);
        shards[i] = isEquipmentNumber(number) ? shardOf(high) : NO_SHARD;
        places[i] = placeIn(high, low);
      }
      this.#touch(count);
      for (let i = 0; i < count; i++)
        out[start + i] = shards[i] === NO_SHARD ? 0 : this.#lookupMixed(shards[i]!, places[i]!);
    }
  }

  /** How many numbers are in the index. */
  get size(): number {
    let size = 0;
    for (let shard = 0; shard < SHARDS; shard++) size += Atomics.load(this.#control, COUNT + shard);
    return size;
  }

  /** Octets of memory taken. */
  memory(): number {
    return this.handle.control.byteLength + this.handle.slots.byteLength;
  }

  /** Every number with its tag, in no order. A change meanwhile is in it or not, each shard as it was at one moment. */
  *entries(): Generator<readonly [EquipmentNumber, Tag]> {
    for (let shard = 0; shard < SHARDS; shard++) {
      const { pages, words } = this.image(shard);
      const { divisor, bits } = geometryOf(pages);
      for (let slot = 0; slot < words.length; slot++) {
        const word = words[slot]!;
        if (word === 0) continue;
        const place = placeOf(word, slot, divisor, bits);
        yield [unmix(shard * SHARD_SPAN + place, this.#key), (word & 3) as Tag];
      }
    }
  }

  /** A shard as it is at one moment between two changes. */
  image(shard: number): ShardImage {
    for (let tries = 0; ; tries++) {
      const version = Atomics.load(this.#control, VERSION + shard);
      const { pages } = this.#settled(shard);
      const words = new Int32Array(pages * PAGE_SLOTS);
      let address = slotAddress(shard, 0);
      for (let slot = 0; slot < words.length; slot++, address = nextAddress(address))
        words[slot] = Atomics.load(this.#slots, address);
      const count = Atomics.load(this.#control, COUNT + shard);
      const isSame = Atomics.load(this.#control, VERSION + shard) === version;
      if (isSame && (version & 1) === 0) return { pages, count, words };
      this.#pause(shard, tries);
    }
  }

  /** Asks for the memory of the batch. */
  #touch(count: number): void {
    const addresses = this.#addresses;
    for (let i = 0; i < count; i++) {
      const shard = Math.max(0, this.#shards[i]!);
      const home = (this.#places[i]! * this.#reciprocals[this.#pages[shard]!]!) | 0;
      addresses[i] = slotAddress(shard, home);
    }
    this.#seen[0] = touchSlots(this.#slots, addresses, count);
  }

  #lookupMixed(shard: number, place: number): Tag {
    for (let tries = 0; ; tries++) {
      const found = this.#search(shard, place);
      if (found !== AGAIN) return found as Tag;
      this.#pause(shard, tries);
      this.#learn(shard);
    }
  }

  #search(shard: number, place: number): number {
    const pages = this.#pages[shard]!;
    const slots = this.#slots;
    const home = (place * this.#reciprocals[pages]!) | 0;
    let address = slotAddress(shard, home);
    let word = slots[address]!;
    const step = this.#steps[pages]!;
    const flip = flipOf(step);
    // The remainder: what is left of 35 bits fits 32, and so does the difference taken in 32.
    let wanted = flip | (((place | 0) - Math.imul(home, this.#divisors[pages]!)) << 2);
    if (word === 0) return this.#miss(shard, address, wanted, step, pages);
    while ((word ^ flip) < wanted) {
      wanted -= step;
      address = nextAddress(address);
      // Only slots that are being laid out anew lead past the end.
      if (address >= slots.length) return AGAIN;
      word = slots[address]!;
    }
    if (isAfter(word, wanted, flip)) return this.#miss(shard, address, wanted, step, pages);
    const proof = Atomics.load(slots, address);
    const isProved = proof === word && Atomics.load(this.#control, PAGES + shard) === pages;
    return isProved ? proof & 3 : AGAIN;
  }

  #miss(shard: number, address: number, wanted: number, step: number, pages: number): number {
    const control = this.#control;
    const flip = flipOf(step);
    const version = Atomics.load(control, VERSION + shard);
    if ((version & 1) === 1) return AGAIN;
    if (!isAfter(Atomics.load(this.#slots, address), wanted, flip)) return AGAIN;
    // In the home slot `wanted` is at least `flip`; before that the number cannot stand.
    if (wanted < flip) {
      const before = Atomics.load(this.#slots, previousAddress(address));
      if (!isBefore(before, wanted + step, flip)) return AGAIN;
    }
    if (Atomics.load(control, PAGES + shard) !== pages) return AGAIN;
    return Atomics.load(control, VERSION + shard) === version ? 0 : AGAIN;
  }

  #learn(shard: number): void {
    const { pages, divisor, reciprocal, bits } = this.#settled(shard);
    this.#reciprocals[pages] = reciprocal;
    this.#divisors[pages] = divisor;
    this.#steps[pages] = stepOf(bits);
    this.#pages[shard] = pages;
  }

  /** How a shard reads now; the slots that this needs are in view afterwards. */
  #settled(shard: number): Geometry {
    for (let tries = 0; ; tries++) {
      const pages = Atomics.load(this.#control, PAGES + shard);
      if (pages !== 0) {
        // The memory grew before a shard came to say that it uses it.
        const length = this.handle.slots.byteLength >>> 2;
        if (length !== this.#slots.length) this.#slots = new Int32Array(this.handle.slots, 0, length);
        return geometries(pages);
      }
      this.#pause(shard, tries);
    }
  }

  /** Lets the writer end what it began. */
  #pause(shard: number, tries: number): void {
    if (tries < SPINS) return;
    const word = VERSION + shard;
    const version = Atomics.load(this.#control, word);
    if ((version & 1) === 0) return;
    for (let sleeps = 0; sleeps < SLEEPS; sleeps++)
      if (Atomics.wait(this.#control, word, version, 1) !== 'timed-out') return;
    throw new EquipmentIndexError(
      `equipment index: expected a change of shard ${shard} to end, it has not in ${SLEEPS} ms: its writer has stopped, load the index again`,
    );
  }
}

/** The place in its shard of the number that a slot holds. */
export const placeOf = (word: number, slot: number, divisor: number, bits: number): number => {
  const home = slot - (word >>> (bits + 2));
  return home * divisor + ((word >>> 2) & ((1 << bits) - 1));
};

const known: Geometry[] = [];

/** `geometryOf`, each made once: shards of one size share it. */
export function geometries(pages: number): Geometry {
  known[pages] ??= geometryOf(pages);
  return known[pages];
}

/** The reader's side of an index: in any thread that was given the handle. */
export const attachEquipmentIndex = (handle: EquipmentIndexHandle): EquipmentReader => new EquipmentReader(handle);
