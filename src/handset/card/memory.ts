import { crc32, crc32Before } from '#base/crypto/index.ts';
import type { NonVolatile } from '#base/port/index.ts';

/** Records and their new values; undefined removes one. */
export type Changes = ReadonlyArray<readonly [key: number, value: Uint8Array | undefined]>;

/**
 * A card's memory: records by a number of two octets, changed several at a time or not at all. Killed at any octet of any write it
 * comes back as it was before the change or as it is after it, never between.
 */
export interface CardMemory {
  /** The record, or undefined. It is the memory's own, and good until the next change: never write into it. */
  get(key: number): Uint8Array | undefined;
  /**
   * Changes all these records at once; back when they are safe. The values are copied, and may not be records of this memory. Throws
   * CardMemoryFull with nothing changed, and CardMemoryError once a write failed: what stands on the medium then shows only when it is
   * opened again.
   */
  commit(changes: Changes): void;
  /** Octets that the records may still grow by; a new record takes 5 besides its own. */
  readonly free: number;
}

/** The records would not fit: 6A84 or 6581 to whoever asked. Nothing was changed. */
export class CardMemoryFull extends Error {
  override readonly name = 'CardMemoryFull';
}

/** The octets are no card memory that this version can read, or the medium failed. */
export class CardMemoryError extends Error {
  override readonly name = 'CardMemoryError';
}

// Two banks. Each begins with a header; transactions follow, one after another, until erased octets (FF).
//   header:      "ASSA" | version (1) | generation (4) | CRC-32 of these 9 octets
//   transaction: length of body (3) | body | CRC-32 of (generation, place, length, body)
//   body:        ( key (2) | length (3), FFFFFF: removed | value ) ...
// The header of a new bank is written last: until it stands, the old bank is the memory. The check of a transaction covers where it
// stands, so that octets left by an earlier, torn one can never be taken for the next.
const MAGIC = [0x41, 0x53, 0x53, 0x41] as const;
const VERSION = 1;
const HEADER = 13;
const LENGTH = 3;
const CHECK = 4;
const ENTRY = 5;
const REMOVED = 0xffffff;
const ERASED = 0xff;
const HIGHEST_KEY = 0xffff;
/** Generation and place stand before a transaction while its check is computed; they are not written. */
const WHERE = 8;
/** Above this, a call out of V8 checks faster. */
const MOST_OCTETS_BY_TABLE = 256;

interface Bank {
  readonly start: number;
  readonly generation: number;
}

// Where banks are built. One for all memories too.
let newBank = new Uint8Array(0);

// Where transactions are built. One for all memories: every commit runs to its end before another begins.
let work = new Uint8Array(1024);

function readNumber(octets: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (octets[at + i] as number);
  return value;
}

function write24(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 16;
  octets[at + 1] = value >>> 8;
  octets[at + 2] = value;
}

function write32(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24;
  write24(octets, at + 1, value);
}

function sameCheck(octets: Uint8Array, at: number, check: Uint8Array): boolean {
  for (let i = 0; i < CHECK; i++) if (octets[at + i] !== check[i]) return false;
  return true;
}

const entryLength = (value: Uint8Array | undefined) => (value === undefined ? ENTRY : ENTRY + value.length);

function headerOf(generation: number): Uint8Array {
  const header = new Uint8Array(HEADER);
  header.set(MAGIC);
  header[MAGIC.length] = VERSION;
  write32(header, MAGIC.length + 1, generation);
  header.set(crc32(header.subarray(0, HEADER - CHECK)), HEADER - CHECK);
  return header;
}

/**
 * Builds a transaction of `size` octets in `work`, behind WHERE octets that its check covers too. Throws CardMemoryError for a key that
 * two octets cannot hold.
 */
function buildTransaction(changes: Iterable<Changes[number]>, size: number, generation: number, place: number): void {
  if (work.length < WHERE + size) work = new Uint8Array(2 * (WHERE + size));
  write32(work, 0, generation);
  write32(work, 4, place);
  write24(work, WHERE, size - LENGTH - CHECK);
  let at = WHERE + LENGTH;
  for (const [key, value] of changes) {
    if (!(key >= 0 && key <= HIGHEST_KEY))
      throw new CardMemoryError(`card memory: expected a key of two octets, got ${key}`);
    work[at] = key >> 8;
    work[at + 1] = key;
    write24(work, at + 2, value === undefined ? REMOVED : value.length);
    at += ENTRY;
    if (value !== undefined) {
      work.set(value, at);
      at += value.length;
    }
  }
  if (at < MOST_OCTETS_BY_TABLE) write32(work, at, crc32Before(work, at));
  else work.set(crc32(work.subarray(0, at)), at);
}

/**
 * Opens the memory on a block of non-volatile octets, fresh ones included. Throws CardMemoryError when a later version wrote it (use that
 * version), when it is damaged (restore it; it is not erased), and when it is too small for a single record.
 */
export function cardMemory(medium: NonVolatile): CardMemory {
  return new JournalledMemory(medium);
}

class JournalledMemory implements CardMemory {
  readonly #medium: NonVolatile;
  readonly #bankSize: number;
  readonly #records = new Map<number, Uint8Array>();
  /** Octets that a snapshot of all records takes. */
  #live = 0;
  #bank: Bank = { start: 0, generation: 0 };
  /** Where the next transaction goes, from the start of the bank. */
  #end = HEADER;
  /** True while a write is on its way, and for ever after one that failed: the medium may hold the old or the new. */
  #isUncertain = false;

  constructor(medium: NonVolatile) {
    this.#medium = medium;
    this.#bankSize = medium.size >> 1;
    const least = HEADER + LENGTH + ENTRY + CHECK + 1;
    if (this.#bankSize < least)
      throw new CardMemoryError(`card memory: expected at least ${2 * least} octets, got ${medium.size}`);
    const [first, second] = [this.#bankAt(0), this.#bankAt(this.#bankSize)];
    const newest = first && second ? (first.generation > second.generation ? first : second) : (first ?? second);
    if (newest !== undefined) this.#replay(newest);
    else if (this.#isUnused()) this.#startBank(0, 1, 0);
    else throw new CardMemoryError('card memory: expected a bank with a sound header, got two damaged ones');
  }

  get free(): number {
    return this.#bankSize - HEADER - LENGTH - CHECK - this.#live;
  }

  get(key: number): Uint8Array | undefined {
    return this.#records.get(key);
  }

  commit(changes: Changes): void {
    if (this.#isUncertain)
      throw new CardMemoryError('card memory: a write failed before: open the memory again to see what it holds');
    let size = LENGTH + CHECK;
    for (let i = 0; i < changes.length; i++) size += entryLength((changes[i] as Changes[number])[1]);
    if (this.#end + size > this.#bankSize) {
      this.#compact(changes);
      return;
    }
    buildTransaction(changes, size, this.#bank.generation, this.#end);
    this.#isUncertain = true;
    this.#medium.write(this.#bank.start + this.#end, work.subarray(WHERE, WHERE + size));
    this.#medium.flush();
    this.#isUncertain = false;
    this.#end += size;
    this.#apply(changes);
  }

  #bankAt(start: number): Bank | undefined {
    const octets = this.#medium.read(start, HEADER);
    if (MAGIC.some((octet, i) => octets[i] !== octet)) return undefined;
    if (!sameCheck(octets, HEADER - CHECK, crc32(octets.subarray(0, HEADER - CHECK)))) return undefined;
    const version = octets[MAGIC.length] as number;
    if (version !== VERSION)
      throw new CardMemoryError(
        `card memory: expected version ${VERSION}, got ${version}: open it with the version of Assay that wrote it`,
      );
    return { start, generation: readNumber(octets, MAGIC.length + 1, 4) };
  }

  /** Fresh, or killed while the very first header was written or erased again: nothing was acknowledged then. */
  #isUnused(): boolean {
    const first = headerOf(1);
    return (
      this.#medium.read(0, HEADER).every((octet, i) => octet === ERASED || octet === first[i]) &&
      this.#medium.read(this.#bankSize, HEADER).every((octet) => octet === ERASED)
    );
  }

  /** Reads every whole transaction of a bank; what stands behind the last one is a torn write, and is left behind with its bank. */
  #replay(bank: Bank): void {
    this.#bank = bank;
    const where = new Uint8Array(WHERE);
    write32(where, 0, bank.generation);
    const octets = this.#medium.read(bank.start, this.#bankSize);
    let at = HEADER;
    for (;;) {
      const body = at + LENGTH;
      const end = body <= octets.length ? body + readNumber(octets, at, LENGTH) : octets.length;
      write32(where, 4, at);
      if (end + CHECK > octets.length || !sameCheck(octets, end, crc32(where, octets.subarray(at, end)))) break;
      for (let entry = body; entry < end; ) entry = this.#replayEntry(octets, entry);
      at = end + CHECK;
    }
    this.#end = at;
    if (octets.subarray(at).some((octet) => octet !== ERASED)) this.#compact([]);
  }

  #replayEntry(octets: Uint8Array, at: number): number {
    const key = readNumber(octets, at, 2);
    const length = readNumber(octets, at + 2, 3);
    const from = at + ENTRY;
    const to = length === REMOVED ? from : from + length;
    this.#set(key, length === REMOVED ? undefined : octets.slice(from, to));
    return to;
  }

  #apply(changes: Changes): void {
    for (let i = 0; i < changes.length; i++) {
      const [key, value] = changes[i] as Changes[number];
      const old = this.#records.get(key);
      // A counter that moves, mostly: no new memory.
      if (old !== undefined && old.length === value?.length) old.set(value);
      else this.#set(key, value?.slice());
    }
  }

  #set(key: number, value: Uint8Array | undefined): void {
    const old = this.#records.get(key);
    if (old !== undefined) this.#live -= entryLength(old);
    if (value === undefined) this.#records.delete(key);
    else {
      this.#live += entryLength(value);
      this.#records.set(key, value);
    }
  }

  /** Erases a bank and makes it the memory, with the `size` octets of transaction in `work`: the header last. */
  #startBank(start: number, generation: number, size: number): void {
    if (newBank.length < this.#bankSize) newBank = new Uint8Array(this.#bankSize);
    const bank = newBank.subarray(0, this.#bankSize).fill(ERASED);
    bank.set(work.subarray(WHERE, WHERE + size), HEADER);
    this.#isUncertain = true;
    this.#medium.write(start, bank);
    this.#medium.flush();
    this.#medium.write(start, headerOf(generation));
    this.#medium.flush();
    this.#isUncertain = false;
    this.#bank = { start, generation };
    this.#end = HEADER + size;
  }

  /** Moves all records, with these changes, to the other bank. */
  #compact(changes: Changes): void {
    const next = new Map(this.#records);
    for (const [key, value] of changes) {
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    let size = LENGTH + CHECK;
    for (const value of next.values()) size += entryLength(value);
    if (HEADER + size > this.#bankSize)
      throw new CardMemoryFull(
        `card memory: expected at most ${this.#bankSize - HEADER} octets of records, got ${size}`,
      );
    const generation = this.#bank.generation + 1;
    buildTransaction(next, size, generation, HEADER);
    this.#startBank(this.#bank.start === 0 ? this.#bankSize : 0, generation, size);
    this.#apply(changes);
  }
}
