import type { Random } from '#base/port/index.ts';
import { type EquipmentNumber, isEquipmentNumber, type MixKey, mix, type Tag } from './equipment-number.ts';
import { EquipmentIndexError, EquipmentReader, geometries, placeOf } from './equipment-reader.ts';
import {
  flipOf,
  type Geometry,
  grownPages,
  isAfter,
  MAX_LOAD,
  nextAddress,
  PAGE_SLOTS,
  pagesFor,
  previousAddress,
  SHARD_SPAN,
  SHARDS,
  slotAddress,
  stepOf,
  touchSlots,
} from './shard.ts';
import {
  COUNT,
  type EquipmentIndexHandle,
  keyOf,
  MAX_CAPACITY,
  PAGES,
  shareMemory,
  takeLevels,
  VERSION,
} from './shared.ts';

/** What became of a change; `full`: refused, for the index was made for fewer entries (make a larger one from the lists). */
export type ChangeOutcome = 'changed' | 'unchanged' | 'full';

/** Numbers that `load` sorts by shard at a time. */
const LOAD_BATCH = 1 << 20;
/** Numbers whose memory `load` asks for before it takes the first of them. */
const TOUCHED_TOGETHER = 128;

/** Where a number stands, or would: the end of its search. */
interface Standing {
  readonly address: number;
  readonly slot: number;
  /** The slot's value but for the tag. */
  readonly value: number;
  readonly displacement: number;
  readonly isHeld: boolean;
}

/** The writer's side of an index; one thread may have it at a time, and it reads as well. */
export class EquipmentIndex extends EquipmentReader {
  readonly #control: Int32Array;
  readonly #key: MixKey;
  #slots: Int32Array;
  readonly #addresses = new Int32Array(TOUCHED_TOGETHER);
  readonly #seen = new Int32Array(1);

  constructor(handle: EquipmentIndexHandle) {
    super(handle);
    this.#control = new Int32Array(handle.control);
    this.#key = keyOf(this.#control);
    this.#slots = new Int32Array(handle.slots, 0, handle.slots.byteLength >>> 2);
  }

  /**
   * Gives a number a tag; 0 takes it out. Every reader sees it as soon as this returns.
   * @throws RangeError for what is no 14-digit number or no tag
   */
  set(equipment: EquipmentNumber, tag: Tag): ChangeOutcome {
    if (tag !== (tag & 3)) throw new RangeError(`equipment index: expected a tag of 0 to 3, got ${tag}`);
    return this.#setMixed(this.#mixed(equipment), tag);
  }

  /** Takes a number out. @throws RangeError for what is no 14-digit number */
  remove(equipment: EquipmentNumber): ChangeOutcome {
    return this.#setMixed(this.#mixed(equipment), 0);
  }

  /**
   * Gives many numbers one tag, in any order; several times as fast as one by one. `reserve` first when it is known how many come.
   * @throws RangeError for what is no 14-digit number; numbers before it may have been taken
   */
  load(equipment: Float64Array, tag: Exclude<Tag, 0>): ChangeOutcome {
    let outcome: ChangeOutcome = 'unchanged';
    for (let start = 0; start < equipment.length; start += LOAD_BATCH) {
      const mixed = equipment.slice(start, start + LOAD_BATCH);
      for (let i = 0; i < mixed.length; i++) mixed[i] = this.#mixed(mixed[i]!);
      const ordered = byShard(mixed);
      for (let at = 0; at < ordered.length; at++) {
        if (at % TOUCHED_TOGETHER === 0) this.#touch(ordered.subarray(at, at + TOUCHED_TOGETHER));
        const change = this.#setMixed(ordered[at]!, tag);
        if (change === 'full') return 'full';
        if (change === 'changed') outcome = 'changed';
      }
    }
    return outcome;
  }

  /** Asks for the memory in which these numbers will be looked for. */
  #touch(mixed: Float64Array): void {
    for (let i = 0; i < mixed.length; i++) {
      const shard = (mixed[i]! / SHARD_SPAN) | 0;
      const home = ((mixed[i]! - shard * SHARD_SPAN) * this.#geometryOf(shard).reciprocal) | 0;
      this.#addresses[i] = slotAddress(shard, home);
    }
    this.#seen[0] = touchSlots(this.#slots, this.#addresses, mixed.length);
  }

  /** Lays every shard out for its share of `entries`, so that none has to grow on the way there. False: more than the index was made for. */
  reserve(entries: number): boolean {
    const pages = pagesFor(entries);
    for (let shard = 0; shard < SHARDS; shard++)
      if (this.#geometryOf(shard).pages < pages && !this.#grow(shard, pages)) return false;
    return true;
  }

  #mixed(equipment: EquipmentNumber): number {
    if (!isEquipmentNumber(equipment))
      throw new RangeError(`equipment index: expected an integer of at most 14 digits, got ${equipment}`);
    return mix(equipment, this.#key);
  }

  #geometryOf(shard: number): Geometry {
    return geometries(this.#control[PAGES + shard]!);
  }

  #setMixed(mixed: number, tag: Tag): ChangeOutcome {
    const shard = (mixed / SHARD_SPAN) | 0;
    const place = mixed - shard * SHARD_SPAN;
    for (;;) {
      const geometry = this.#geometryOf(shard);
      const standing = this.#find(shard, place, geometry);
      if (standing.isHeld) return this.#retag(shard, standing, tag, geometry);
      if (tag === 0) return 'unchanged';
      const count = this.#control[COUNT + shard]!;
      const isRoomy = count < geometry.homes * MAX_LOAD || !this.#grow(shard, grownPages(geometry.pages));
      if (isRoomy && this.#insert(shard, standing, tag, geometry)) return 'changed';
      if (isRoomy && !this.#grow(shard, grownPages(geometry.pages))) return 'full';
    }
  }

  #find(shard: number, place: number, { divisor, reciprocal, bits }: Geometry): Standing {
    const slots = this.#slots;
    const home = (place * reciprocal) | 0;
    const step = stepOf(bits);
    const flip = flipOf(step);
    let wanted = flip | ((place - home * divisor) << 2);
    let address = slotAddress(shard, home);
    let slot = home;
    for (; slots[address] !== 0 && (slots[address]! ^ flip) < wanted; slot++) {
      wanted -= step;
      address = nextAddress(address);
    }
    const isHeld = !isAfter(slots[address]!, wanted, flip);
    return { address, slot, value: wanted ^ flip, displacement: slot - home, isHeld };
  }

  #retag(shard: number, { address, value }: Standing, tag: Tag, geometry: Geometry): ChangeOutcome {
    if (tag === 0) this.#takeOut(shard, address, geometry);
    else if ((this.#slots[address]! & 3) === tag) return 'unchanged';
    else Atomics.store(this.#slots, address, value | tag);
    return 'changed';
  }

  /** Puts an entry where its search ended, and what stood there and after it one slot on. False: there is no room in reach. */
  #insert(
    shard: number,
    { address, slot, value, displacement }: Standing,
    tag: Tag,
    { pages, bits, reach }: Geometry,
  ): boolean {
    const slots = this.#slots;
    if (displacement >= reach) return false;
    let end = address;
    // The last slot of a shard stays empty: every search ends there.
    let room = pages * PAGE_SLOTS - 1 - slot;
    for (; slots[end] !== 0; end = nextAddress(end), room--) if (slots[end]! >>> (bits + 2) >= reach - 1) return false;
    if (room <= 0) return false;
    const version = this.#begin(shard);
    const step = 1 << (bits + 2);
    while (end !== address) {
      const before = previousAddress(end);
      Atomics.store(slots, end, slots[before]! + step);
      end = before;
    }
    Atomics.store(slots, address, value | tag);
    this.#end(shard, version, 1);
    return true;
  }

  /** Takes the entry at an address out, and moves those after it back by one slot as long as they are displaced. */
  #takeOut(shard: number, address: number, { bits }: Geometry): void {
    const slots = this.#slots;
    const version = this.#begin(shard);
    const step = 1 << (bits + 2);
    let hole = address;
    for (;;) {
      const next = nextAddress(hole);
      const word = slots[next]!;
      if (word >>> (bits + 2) === 0) break;
      Atomics.store(slots, hole, word - step);
      hole = next;
    }
    Atomics.store(slots, hole, 0);
    this.#end(shard, version, -1);
  }

  /** Begins a change that moves entries. */
  #begin(shard: number): number {
    const version = this.#control[VERSION + shard]!;
    if ((version & 1) === 1)
      throw new EquipmentIndexError(
        `equipment index: shard ${shard} is being changed: expected one writer, there is another`,
      );
    Atomics.store(this.#control, VERSION + shard, version + 1);
    return version;
  }

  #end(shard: number, version: number, more: number): void {
    const count = COUNT + shard;
    if (more !== 0) Atomics.store(this.#control, count, this.#control[count]! + more);
    Atomics.store(this.#control, VERSION + shard, version + 2);
  }

  /** Lays a shard out over at least so many pages. False: there is no memory for that. */
  #grow(shard: number, least: number): boolean {
    for (let pages = least; ; pages++) {
      if (!this.#hasLevel(pages)) return false;
      const words = this.#laidOut(shard, geometries(pages));
      if (words === undefined) continue;
      const version = this.#begin(shard);
      Atomics.store(this.#control, PAGES + shard, 0);
      let address = slotAddress(shard, 0);
      for (let slot = 0; slot < words.length; slot++, address = nextAddress(address))
        Atomics.store(this.#slots, address, words[slot]!);
      Atomics.store(this.#control, PAGES + shard, pages);
      this.#end(shard, version, 0);
      return true;
    }
  }

  /** Takes memory for page `pages` of every shard, unless that is more than was reserved. */
  #hasLevel(pages: number): boolean {
    const { slots } = this.handle;
    if (!takeLevels(slots, pages)) return false;
    if (this.#slots.length !== slots.byteLength >>> 2) this.#slots = new Int32Array(slots, 0, slots.byteLength >>> 2);
    return true;
  }

  /** A shard's slots under another geometry, or undefined when an entry would be out of reach. Entries stand in order, so one pass does. */
  #laidOut(shard: number, to: Geometry): Int32Array | undefined {
    const from = this.#geometryOf(shard);
    const words = new Int32Array(to.pages * PAGE_SLOTS);
    let address = slotAddress(shard, 0);
    let free = 0;
    for (let slot = 0; slot < from.pages * PAGE_SLOTS; slot++, address = nextAddress(address)) {
      const word = this.#slots[address]!;
      if (word === 0) continue;
      const place = placeOf(word, slot, from.divisor, from.bits);
      const home = (place * to.reciprocal) | 0;
      const at = Math.max(free, home);
      if (at - home >= to.reach || at >= words.length - 1) return undefined;
      words[at] = ((((at - home) << to.bits) | (place - home * to.divisor)) << 2) | (word & 3);
      free = at + 1;
    }
    return words;
  }
}

/** Mixed numbers ordered by shard: a counting sort. */
function byShard(mixed: Float64Array): Float64Array {
  const starts = new Uint32Array(SHARDS + 1);
  for (let i = 0; i < mixed.length; i++) starts[((mixed[i]! / SHARD_SPAN) | 0) + 1]!++;
  for (let shard = 0; shard < SHARDS; shard++) starts[shard + 1]! += starts[shard]!;
  const ordered = new Float64Array(mixed.length);
  for (let i = 0; i < mixed.length; i++) ordered[starts[(mixed[i]! / SHARD_SPAN) | 0]!++] = mixed[i]!;
  return ordered;
}

/** How large an index is, and where its key comes from. */
export interface EquipmentIndexOptions {
  /** The most entries it will hold; address space is reserved for these, memory is taken as they come. 1 to 1,500,000,000. */
  readonly capacity: number;
  readonly random: Random;
}

/** An empty index. @throws RangeError for a capacity outside the limits, or when the system has no address space for it */
export function createEquipmentIndex({ capacity, random }: EquipmentIndexOptions): EquipmentIndex {
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY)
    throw new RangeError(`equipment index: expected a capacity of 1 to ${MAX_CAPACITY} entries, got ${capacity}`);
  const key = keyOf(new Int32Array(random.octets(16).slice().buffer));
  return new EquipmentIndex(shareMemory(capacity, pagesFor(0), key));
}

/** The writer's side of an index that another thread made and writes no more. */
export const takeOverEquipmentIndex = (handle: EquipmentIndexHandle): EquipmentIndex => new EquipmentIndex(handle);
