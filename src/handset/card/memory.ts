import { crc32 } from '#base/crypto/index.ts';
import type { NonVolatile } from '#base/port/index.ts';

/**
 * A card's memory: records by a number of two octets, changed several at a time or not at all. Killed at any octet of any write it
 * comes back as it was before the change or as it is after it, never between.
 */
export interface CardMemory {
  /** The record, or undefined. It is the memory's own: never write into it. */
  get(key: number): Uint8Array | undefined;
  /** Changes all these records at once (undefined: removed); back when they are safe. Throws CardMemoryFull with nothing changed. */
  commit(changes: ReadonlyArray<readonly [key: number, value: Uint8Array | undefined]>): void;
  /** Octets that the records may still grow by. */
  readonly free: number;
}

/** The records would not fit: 6A84 or 6581 to whoever asked. Nothing was changed. */
export class CardMemoryFull extends Error {
  override readonly name = 'CardMemoryFull';
}

/** The octets are no card memory that this version can read. */
export class CardMemoryError extends Error {
  override readonly name = 'CardMemoryError';
}

// Two banks. Each begins with a header; transactions follow, one after another, until erased octets (FF).
//   header:      "ASSA" | version (1) | generation (4) | CRC-32 of these 9 octets
//   transaction: length of body (3) | body | CRC-32 of (generation, place, length, body)
//   body:        ( key (2) | length (3), FFFFFF: removed | value ) ...
// The header of a new bank is written last: until it stands, the old bank is the memory. The check of a transaction covers where it
// stands, so that octets left by an earlier, torn one can never be taken for the next.
const MAGIC = Uint8Array.of(0x41, 0x53, 0x53, 0x41);
const VERSION = 1;
const HEADER = 13;
const LENGTH = 3;
const CHECK = 4;
const ENTRY = 5;
const REMOVED = 0xffffff;
const ERASED = 0xff;
const HIGHEST_KEY = 0xffff;

interface Bank {
  readonly start: number;
  readonly generation: number;
}

function readNumber(octets: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (octets[at + i] as number);
  return value;
}

function writeNumber(octets: Uint8Array, at: number, width: number, value: number): void {
  let left = value;
  for (let i = width - 1; i >= 0; i--) {
    octets[at + i] = left & 0xff;
    left = Math.floor(left / 256);
  }
}

const sameCheck = (octets: Uint8Array, at: number, check: Uint8Array) =>
  check.every((octet, i) => octets[at + i] === octet);
const entryLength = (value: Uint8Array | undefined) => ENTRY + (value?.length ?? 0);

/**
 * Opens the memory on a block of non-volatile octets (at least 64), fresh ones included. Throws CardMemoryError when a later version wrote
 * it: use that version, or a new file.
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

  constructor(medium: NonVolatile) {
    this.#medium = medium;
    this.#bankSize = medium.size >> 1;
    const banks = [0, this.#bankSize].map((start) => this.#header(start)).filter((bank) => bank !== undefined);
    const newest = banks.sort((a, b) => b.generation - a.generation)[0];
    // No bank: a fresh medium, or one killed while its very first header was written; nothing was acknowledged then.
    if (newest === undefined) this.#startBank(0, 1);
    else this.#replay(newest);
  }

  get free(): number {
    return this.#bankSize - HEADER - LENGTH - CHECK - this.#live;
  }

  get(key: number): Uint8Array | undefined {
    return this.#records.get(key);
  }

  commit(changes: ReadonlyArray<readonly [number, Uint8Array | undefined]>): void {
    let size = LENGTH + CHECK;
    for (const [, value] of changes) size += entryLength(value);
    if (this.#end + size > this.#bankSize) {
      this.#compact(changes);
      return;
    }
    this.#append(this.#transaction(changes, size, this.#bank.generation, this.#end));
    this.#medium.flush();
    for (const [key, value] of changes) this.#apply(key, value);
  }

  #header(start: number): Bank | undefined {
    const octets = this.#medium.read(start, HEADER);
    if (!MAGIC.every((octet, i) => octets[i] === octet)) return undefined;
    if (!sameCheck(octets, HEADER - CHECK, crc32(octets.subarray(0, HEADER - CHECK)))) return undefined;
    if ((octets[4] as number) !== VERSION)
      throw new CardMemoryError(
        `card memory: expected version ${VERSION}, got ${octets[4]}: open it with the version of Assay that wrote it`,
      );
    return { start, generation: readNumber(octets, 5, 4) };
  }

  /** Reads every whole transaction of a bank; what stands behind the last one is a torn write, and is left behind with its bank. */
  #replay(bank: Bank): void {
    this.#bank = bank;
    const octets = this.#medium.read(bank.start, this.#bankSize);
    let at = HEADER;
    for (;;) {
      const body = at + LENGTH;
      const length = body <= octets.length ? readNumber(octets, at, LENGTH) : REMOVED;
      const end = body + length;
      if (
        end + CHECK > octets.length ||
        !sameCheck(octets, end, this.#check(octets.subarray(at, end), bank.generation, at))
      )
        break;
      for (let entry = body; entry < end; ) entry = this.#readEntry(octets, entry);
      at = end + CHECK;
    }
    this.#end = at;
    for (let i = at; i < octets.length; i++)
      if (octets[i] !== ERASED) {
        this.#compact([]);
        return;
      }
  }

  #readEntry(octets: Uint8Array, at: number): number {
    const key = readNumber(octets, at, 2);
    const length = readNumber(octets, at + 2, 3);
    const from = at + ENTRY;
    if (length === REMOVED) {
      this.#apply(key, undefined);
      return from;
    }
    this.#apply(key, octets.slice(from, from + length));
    return from + length;
  }

  #apply(key: number, value: Uint8Array | undefined): void {
    const old = this.#records.get(key);
    if (old !== undefined) this.#live -= entryLength(old);
    if (value === undefined) this.#records.delete(key);
    else {
      this.#live += entryLength(value);
      this.#records.set(key, value);
    }
  }

  #check(lengthAndBody: Uint8Array, generation: number, place: number): Uint8Array {
    const where = new Uint8Array(8);
    writeNumber(where, 0, 4, generation);
    writeNumber(where, 4, 4, place);
    return crc32(where, lengthAndBody);
  }

  #transaction(
    changes: Iterable<readonly [number, Uint8Array | undefined]>,
    size: number,
    generation: number,
    place: number,
  ): Uint8Array {
    const octets = new Uint8Array(size);
    writeNumber(octets, 0, LENGTH, size - LENGTH - CHECK);
    let at = LENGTH;
    for (const [key, value] of changes) {
      if (key < 0 || key > HIGHEST_KEY)
        throw new CardMemoryError(`card memory: expected a key of two octets, got ${key}`);
      writeNumber(octets, at, 2, key);
      writeNumber(octets, at + 2, 3, value === undefined ? REMOVED : value.length);
      if (value !== undefined) octets.set(value, at + ENTRY);
      at += entryLength(value);
    }
    octets.set(this.#check(octets.subarray(0, at), generation, place), at);
    return octets;
  }

  #append(transaction: Uint8Array): void {
    this.#medium.write(this.#bank.start + this.#end, transaction);
    this.#end += transaction.length;
  }

  /** Erases a bank and makes it the memory: everything but the header first, the header last. */
  #startBank(start: number, generation: number, transaction?: Uint8Array): void {
    const bank = new Uint8Array(this.#bankSize).fill(ERASED);
    if (transaction !== undefined) bank.set(transaction, HEADER);
    this.#medium.write(start, bank);
    this.#medium.flush();
    const header = new Uint8Array(HEADER);
    header.set(MAGIC);
    header[4] = VERSION;
    writeNumber(header, 5, 4, generation);
    header.set(crc32(header.subarray(0, HEADER - CHECK)), HEADER - CHECK);
    this.#medium.write(start, header);
    this.#medium.flush();
    this.#bank = { start, generation };
    this.#end = HEADER + (transaction?.length ?? 0);
  }

  /** Moves all records, with these changes, to the other bank. */
  #compact(changes: ReadonlyArray<readonly [number, Uint8Array | undefined]>): void {
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
    const start = this.#bank.start === 0 ? this.#bankSize : 0;
    this.#startBank(start, generation, this.#transaction(next, size, generation, HEADER));
    for (const [key, value] of changes) this.#apply(key, value);
  }
}
