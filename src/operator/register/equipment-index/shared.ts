import type { MixKey } from './equipment-number.ts';
import { LEVEL_OCTETS, MAX_PAGES, pagesFor, SHARDS } from './shard.ts';

// The shared words, and why a reader is never wrong.
//
// One thread writes. Everything that decides an answer is read by Atomics.load and written by Atomics.store: such accesses are sequentially
// consistent (ECMA-262 29), all of them lie in one order that agrees with the order of every thread, so the argument may speak of "before".
// The search reads slots plainly, without order; what it finds is only a hint of where to look, and is proved by the ordered reads after it.
//
// Each shard has three words. PAGES says how its slots read; it only ever grows, and is 0 while the slots are being laid out anew.
// VERSION is odd while the writer moves entries or takes one in or out. COUNT is how many there are.
//
// A hit: the reader loads the slot, and then PAGES. If PAGES is what the search went by, it had that value when the slot was loaded, for it
// never comes back. Under one value of PAGES a slot says by itself which number it holds, so the number was held, with that tag, at the moment
// of the load. (While entries move by one slot, some stand twice and none stands nowhere; a number taken out is overwritten first.)
//
// A miss: the reader loads VERSION (even), the slot where the search ended, the slot before it, PAGES, and VERSION again (the same). So nothing
// moved in between, and both slots belong to one settled state of the shard. There, entries stand in the order of their numbers, without a gap
// between an entry and its home. The slot before holds a smaller number (or the end is the home itself, before which the number cannot
// stand), and the slot at the end holds a larger one or none; so the number stands nowhere.
// VERSION returns to the same value only after 2^31 changes of one shard between two neighbouring loads.
//
// Otherwise the search begins again. A hit needs no quiet; a miss waits for one change of one shard of 4,096, or for its new layout (a fraction of
// a millisecond). A thread that the system stops between two loads loses time, never the right answer.

/** Words before the shards': the permutation's key. */
const KEY_WORDS = 4;
/** Which word of a shard is what. The words of a kind lie together: a hit reads PAGES alone, and all of these fit a core's nearest cache. */
export const PAGES = KEY_WORDS;
export const VERSION = PAGES + SHARDS;
export const COUNT = VERSION + SHARDS;
const CONTROL_WORDS = COUNT + SHARDS;

/** An index as it goes to a worker (structured clone): both hold the same memory afterwards. */
export interface EquipmentIndexHandle {
  /** The permutation's key and three words of each shard. */
  readonly control: SharedArrayBuffer;
  /** Slots: page 0 of every shard, page 1 of every shard … Grows in place by one such level. */
  readonly slots: SharedArrayBuffer;
}

/** The most entries that any index can be made for. */
export const MAX_CAPACITY = 1_500_000_000;

/** Fresh memory for at most `capacity` entries. Address space is reserved for all of them, memory taken as they come. */
export function shareMemory(capacity: number, pages: number, key: MixKey): EquipmentIndexHandle {
  // One step of growth above the need, so that a shard may be larger than the others.
  const most = Math.min(MAX_PAGES, Math.max(pages, pagesFor(capacity)) + 2 + (pagesFor(capacity) >> 3));
  const control = new SharedArrayBuffer(CONTROL_WORDS * 4);
  const words = new Int32Array(control);
  words.set([key.a, key.b, key.c, key.d]);
  for (let shard = 0; shard < SHARDS; shard++) words[PAGES + shard] = pages;
  const slots = new SharedArrayBuffer(pages * LEVEL_OCTETS, { maxByteLength: most * LEVEL_OCTETS });
  touch(slots, 0);
  return { control, slots };
}

/** Takes memory for `pages` pages of every shard, and writes it on. False: that is more than was reserved. */
export function takeLevels(slots: SharedArrayBuffer, pages: number): boolean {
  const before = slots.byteLength;
  if (!takeUntouched(slots, pages)) return false;
  touch(slots, before);
  return true;
}

/** As `takeLevels`, for who writes to all of it in order at once. */
export function takeUntouched(slots: SharedArrayBuffer, pages: number): boolean {
  const octets = pages * LEVEL_OCTETS;
  if (octets > slots.maxByteLength) return false;
  if (octets > slots.byteLength) slots.grow(octets);
  return true;
}

/**
 * Writes fresh slots from octet `from` on once, in order: the system then gives neighbouring memory for neighbouring addresses, which the
 * processor translates several at a time. Lookups in memory that was first touched in the shards' order took a third longer.
 */
function touch(slots: SharedArrayBuffer, from: number): void {
  new Uint8Array(slots, from, slots.byteLength - from).fill(0);
}

/** The permutation's key. */
export const keyOf = (control: Int32Array): MixKey => ({
  a: control[0]!,
  b: control[1]!,
  c: control[2]!,
  d: control[3]!,
});
