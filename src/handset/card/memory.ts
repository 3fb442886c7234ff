import { crc32 } from '#base/crypto/index.ts';
import type { NonVolatile } from '#base/port/index.ts';
import { BODY, CHECKED_ONLY, LENGTH, type TransactionSeal, WHERE } from './transaction-seal.ts';

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
//   transaction: length of body (3) | body, as its seal leaves it | check of the seal over (generation, place, length, body)
//   body:        ( key (2) | length (3), FFFFFF: removed | value ) ...
// The header of a new bank is written last: until it stands, the old bank is the memory. The check of a transaction covers where it
// stands, so that octets left by an earlier, torn one can never be taken for the next.
const MAGIC = [0x41, 0x53, 0x53, 0x41] as const;
const HEADER = 13;
const HEADER_CHECK = 4;
const ENTRY = 5;
const REMOVED = 0xffffff;
const ERASED = 0xff;
const HIGHEST_KEY = 0xffff;
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

/** Whether all octets from `at` on are as erasing leaves them. */
function isErased(octets: Uint8Array, at: number): boolean {
  for (let i = at; i < octets.length; i++) if (octets[i] !== ERASED) return false;
  return true;
}

const entryLength = (value: Uint8Array | undefined) => (value === undefined ? ENTRY : ENTRY + value.length);

function headerOf(version: number, generation: number): Uint8Array {
  const header = new Uint8Array(HEADER);
  header.set(MAGIC);
  header[MAGIC.length] = version;
  write32(header, MAGIC.length + 1, generation);
  header.set(crc32(header.subarray(0, HEADER - HEADER_CHECK)), HEADER - HEADER_CHECK);
  return header;
}

/** The version that a header names; undefined when it is no sound header. */
function versionOf(header: Uint8Array): number | undefined {
  if (MAGIC.some((octet, i) => header[i] !== octet)) return undefined;
  const check = crc32(header.subarray(0, HEADER - HEADER_CHECK));
  return check.every((octet, i) => header[HEADER - HEADER_CHECK + i] === octet) ? header[MAGIC.length] : undefined;
}

/**
 * Builds a transaction of `size` octets in `work`, behind WHERE octets that its check covers too. Throws CardMemoryError for a key that
 * two octets cannot hold.
 */
function buildTransaction(
  changes: Changes,
  size: number,
  generation: number,
  place: number,
  seal: TransactionSeal,
): void {
  if (work.length < WHERE + size) work = new Uint8Array(2 * (WHERE + size));
  write32(work, 0, generation);
  write32(work, 4, place);
  write24(work, WHERE, size - LENGTH - seal.octets);
  let at = BODY;
  for (let i = 0; i < changes.length; i++) {
    const [key, value] = changes[i] as Changes[number];
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
  seal.close(work, at);
}

/**
 * Opens the memory on a block of non-volatile octets, fresh ones included. Without a seal its octets are checked and readable; see
 * imageSeal. Throws CardMemoryError when another seal or a later version wrote it, when it is damaged (restore it; it is not erased), when
 * the seal knows of a newer state, and when it is too small for a single record.
 */
export function cardMemory(medium: NonVolatile, seal: TransactionSeal = CHECKED_ONLY): CardMemory {
  return new JournalledMemory(medium, seal);
}

/** Whether a medium holds a memory that was written without a seal, and may be taken over by `sealImage`. */
export function isUnsealed(medium: NonVolatile): boolean {
  const versions = [0, medium.size >> 1].map((start) => versionOf(medium.read(start, HEADER)));
  const written = versions.filter((version) => version !== undefined);
  return written.length > 0 && written.every((version) => version === CHECKED_ONLY.version);
}

/** All records of the memory on a medium, in the order they were first written: for who examines a card from outside. Throws as `cardMemory` does. */
export function recordsOn(medium: NonVolatile, seal: TransactionSeal = CHECKED_ONLY): Changes {
  return new JournalledMemory(medium, seal).records();
}

/** Writes the records of a memory without seal to a fresh medium under a seal, all in one transaction. Throws as `cardMemory` does. */
export function sealImage(from: NonVolatile, to: NonVolatile, seal: TransactionSeal): void {
  new JournalledMemory(to, seal).commit(recordsOn(from));
}

class JournalledMemory implements CardMemory {
  readonly #medium: NonVolatile;
  readonly #seal: TransactionSeal;
  readonly #bankSize: number;
  readonly #records = new Map<number, Uint8Array>();
  /** Octets that a snapshot of all records takes. */
  #live = 0;
  #bank: Bank = { start: 0, generation: 0 };
  /** Where the next transaction goes, from the start of the bank. */
  #end = HEADER;
  /** True while a write is on its way, and for ever after one that failed: the medium may hold the old or the new. */
  #isUncertain = false;

  constructor(medium: NonVolatile, seal: TransactionSeal) {
    this.#medium = medium;
    this.#seal = seal;
    this.#bankSize = medium.size >> 1;
    const least = HEADER + LENGTH + ENTRY + seal.octets + 1;
    if (this.#bankSize < least)
      throw new CardMemoryError(`card memory: expected at least ${2 * least} octets, got ${medium.size}`);
    const [first, second] = [this.#bankAt(0), this.#bankAt(this.#bankSize)];
    const newest = first && second ? (first.generation > second.generation ? first : second) : (first ?? second);
    if (newest !== undefined) this.#replay(newest);
    else if (this.#isUnused()) this.#beginUnused();
    else throw new CardMemoryError('card memory: expected a bank with a sound header, got two damaged ones');
  }

  get free(): number {
    return this.#bankSize - HEADER - LENGTH - this.#seal.octets - this.#live;
  }

  /** All records. */
  records(): Changes {
    return [...this.#records];
  }

  get(key: number): Uint8Array | undefined {
    return this.#records.get(key);
  }

  commit(changes: Changes): void {
    if (this.#isUncertain)
      throw new CardMemoryError('card memory: a write failed before: open the memory again to see what it holds');
    let size = LENGTH + this.#seal.octets;
    for (let i = 0; i < changes.length; i++) size += entryLength((changes[i] as Changes[number])[1]);
    if (this.#end + size > this.#bankSize) {
      this.#compact(changes);
      return;
    }
    buildTransaction(changes, size, this.#bank.generation, this.#end, this.#seal);
    this.#isUncertain = true;
    this.#medium.write(this.#bank.start + this.#end, work.subarray(WHERE, WHERE + size));
    this.#medium.flush();
    this.#end += size;
    this.#settled(size);
    this.#isUncertain = false;
    this.#apply(changes);
  }

  /** Lets the seal remember the state that has just become safe: that of the transaction of `size` octets in `work`. */
  #settled(size: number): void {
    const { newest, octets } = this.#seal;
    if (newest === undefined) return;
    const end = WHERE + size;
    const check = size === 0 ? undefined : work.slice(end - octets, end);
    newest.settled({ generation: this.#bank.generation, end: this.#end, check });
  }

  /** Nothing was ever written here, unless the seal knows better. */
  #beginUnused(): void {
    this.#seal.newest?.found({ generation: 0, end: 0, check: undefined }, false);
    this.#startBank(0, 1, 0);
  }

  #bankAt(start: number): Bank | undefined {
    const octets = this.#medium.read(start, HEADER);
    const version = versionOf(octets);
    if (version === undefined) return undefined;
    if (version !== this.#seal.version)
      throw new CardMemoryError(
        `card memory: expected version ${this.#seal.version}, got ${version}: open it with the version of Assay that wrote it`,
      );
    return { start, generation: readNumber(octets, MAGIC.length + 1, 4) };
  }

  /** Fresh, or killed while the very first header was written or erased again: nothing was acknowledged then. */
  #isUnused(): boolean {
    const first = headerOf(this.#seal.version, 1);
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
    const checked = this.#seal.octets;
    for (;;) {
      const start = at + LENGTH;
      const end = start <= octets.length ? start + readNumber(octets, at, LENGTH) + checked : octets.length + 1;
      write32(where, 4, at);
      const body = end > octets.length ? undefined : this.#seal.open(where, octets.subarray(at, end));
      if (body === undefined) break;
      for (let entry = 0; entry < body.length; ) entry = this.#replayEntry(body, entry);
      at = end;
    }
    this.#end = at;
    const hasMore = !isErased(octets, at);
    const check = at === HEADER ? undefined : octets.slice(at - checked, at);
    this.#seal.newest?.found({ generation: bank.generation, end: at, check }, hasMore);
    if (hasMore) this.#compact([]);
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
    this.#medium.write(start, headerOf(this.#seal.version, generation));
    this.#medium.flush();
    this.#bank = { start, generation };
    this.#end = HEADER + size;
    this.#settled(size);
    this.#isUncertain = false;
  }

  /** Moves all records, with these changes, to the other bank. */
  #compact(changes: Changes): void {
    const next = new Map(this.#records);
    for (const [key, value] of changes) {
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    let size = LENGTH + this.#seal.octets;
    for (const value of next.values()) size += entryLength(value);
    if (HEADER + size > this.#bankSize)
      throw new CardMemoryFull(
        `card memory: expected at most ${this.#bankSize - HEADER} octets of records, got ${size}`,
      );
    const generation = this.#bank.generation + 1;
    buildTransaction([...next], size, generation, HEADER, this.#seal);
    this.#startBank(this.#bank.start === 0 ? this.#bankSize : 0, generation, size);
    this.#apply(changes);
  }
}
