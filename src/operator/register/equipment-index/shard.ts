import { LOW } from './equipment-number.ts';

/** How many parts the index has; each is rehashed alone. */
export const SHARDS = 4096;
/** Slots of a page: 1 KiB. A shard grows by pages. */
export const PAGE_SLOTS = 256;
const PAGE_SHIFT = 8;
/** Octets of a page. */
export const PAGE_OCTETS: number = PAGE_SLOTS * 4;
/** Slots from a page of a shard to its next: one page of every shard lies between. */
export const STRIDE = SHARDS * PAGE_SLOTS;
/** Octets of a level: one page of every shard. */
export const LEVEL_OCTETS = STRIDE * 4;

/** How many mixed numbers share a shard: 2^47 / SHARDS. */
export const SHARD_SPAN = 2 ** 35;
/** Fewest pages of a shard: with fewer, the remainder would leave too few bits for the displacement. */
export const MIN_PAGES = 3;
/** Most pages of a shard: 2^31 slots in all, the last that 32-bit arithmetic reaches. */
export const MAX_PAGES = 2047;

/** Bits of a slot above the tag. */
const KEY_BITS = 30;
const MOST_TAG = 3;
/** Slots after the last home slot for what is displaced there. */
const TAIL = 64;
/** A shard fuller than this grows. */
export const MAX_LOAD = 0.92;
/** Growth by a sixteenth: a shard is 87 to 92 % full, and an entry is moved 16 times in all. */
const GROWTH = 1 / 16;

/**
 * How a shard of so many pages reads: a number's place in the shard (35 bits) = home * divisor + remainder.
 * A slot is 0 (empty) or displacement << (bits + 2) | remainder << 2 | tag; the displacement is the distance from the home slot.
 */
export interface Geometry {
  readonly pages: number;
  /** How many home slots there are. */
  readonly homes: number;
  readonly divisor: number;
  /** Not less than 1 / divisor and hardly more: `place * reciprocal`, rounded down, is exactly place / divisor, rounded down. */
  readonly reciprocal: number;
  /** Bits of the remainder, 16 to 26. */
  readonly bits: number;
  /** No entry is displaced as far as this; so a search has ended by then, and what it looked for still fits 30 bits. */
  readonly reach: number;
}

/** The geometry of a shard of `pages` pages. */
export function geometryOf(pages: number): Geometry {
  const slots = pages * PAGE_SLOTS;
  const homes = slots - TAIL;
  const divisor = Math.ceil(SHARD_SPAN / homes);
  const bits = 32 - Math.clz32(divisor - 1);
  // The quotient is below 2^19, the error of it below 2^-31; a quotient that is no integer lies at least 2^-26 below the next one.
  const reciprocal = (1 / divisor) * (1 + Number.EPSILON);
  return { pages, homes, divisor, reciprocal, bits, reach: 2 ** (KEY_BITS - bits) - 1 };
}

// How a number compares with what stands in a slot, in one comparison of signed 32-bit integers. In the order of numbers, displacement counts
// against home: of two entries in one slot, the one that is displaced further has the smaller home. So the bits of the displacement are
// complemented but for the uppermost, which as the sign counts the other way already: `word ^ flip`. What the slot would say if it held the
// number, read in the same way and without a tag, is `wanted`; in each slot further on it is less by `step`. It is exact, not modulo 2^32.
// An empty slot reads as `flip`: more than `wanted` everywhere but in the home slot, where it has to be asked for.

/** What one more slot from home adds to a slot's value. */
export const stepOf = (bits: number): number => 4 << bits;
/** The bits of the displacement, but for the uppermost. */
export const flipOf = (step: number): number => -step & 0x7fffffff;

/** Whether what stands here comes after the number looked for, or nothing stands here. */
export const isAfter = (word: number, wanted: number, flip: number): boolean =>
  word === 0 || (word ^ flip) > wanted + MOST_TAG;

/** Whether something stands here, and comes before the number looked for. */
export const isBefore = (word: number, wanted: number, flip: number): boolean => word !== 0 && (word ^ flip) < wanted;

/** Which shard a mixed number is in, from its upper half: the uppermost 12 bits of 47. */
export const shardOf = (high: number): number => high >>> 11;
/** Its place there, from both halves: the other 35 bits. */
export const placeIn = (high: number, low: number): number => (high & 0x7ff) * LOW + low;

/** The index in the slots of all shards of slot `slot` of shard `shard`. */
export const slotAddress = (shard: number, slot: number): number =>
  (slot >>> PAGE_SHIFT) * STRIDE + shard * PAGE_SLOTS + (slot & (PAGE_SLOTS - 1));

/** The address of the slot after that at `address`. */
export const nextAddress = (address: number): number => {
  const next = address + 1;
  return (next & (PAGE_SLOTS - 1)) === 0 ? next + STRIDE - PAGE_SLOTS : next;
};

/** The address of the slot before that at `address`, which is not a shard's first. */
export const previousAddress = (address: number): number =>
  (address & (PAGE_SLOTS - 1)) === 0 ? address - 1 - STRIDE + PAGE_SLOTS : address - 1;

/** Slots from home to where most searches have ended; the tail of a shard is longer. */
const AHEAD = 8;

/**
 * Asks for the memory of some home slots, and of those a little further on: reads that wait for none of the others. Gives something of what
 * it read, to be kept where the compiler cannot see that nobody needs it, or it would read nothing.
 */
export function touchSlots(slots: Int32Array, addresses: Int32Array, count: number): number {
  // A loop of few instructions, so that the processor has many of these reads under way.
  let seen = 0;
  for (let i = 0; i < count; i++) seen ^= slots[addresses[i]!]! ^ slots[addresses[i]! + AHEAD]!;
  return seen;
}

/** Pages with which every shard holds its share of `entries`, chance included (five standard deviations), at a load of 0.9. */
export function pagesFor(entries: number): number {
  const share = entries / SHARDS;
  const slots = (share + 3 * Math.sqrt(share)) / MAX_LOAD + TAIL;
  return Math.max(MIN_PAGES, Math.ceil(slots / PAGE_SLOTS));
}

/** The pages after growth by one step. */
export const grownPages = (pages: number): number => pages + Math.max(1, Math.floor(pages * GROWTH));
