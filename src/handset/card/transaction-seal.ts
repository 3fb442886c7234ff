import { crc32, crc32Before } from '#base/crypto/index.ts';

/** Octets before a transaction while it is closed or opened, which are not written: its generation and place, 4 each. */
export const WHERE = 8;
/** Octets of a transaction's length. */
export const LENGTH = 3;
/** Where the body begins in what a seal closes: after generation, place and length. */
export const BODY = WHERE + LENGTH;

/** A state of a memory: the end of its last transaction, and what closes that; undefined when it has none. States of one card only ever go up. */
export interface MemoryState {
  readonly generation: number;
  readonly end: number;
  readonly check: Uint8Array | undefined;
}

/** Remembers, outside the memory, the newest state that was acknowledged. */
export interface NewestState {
  /** A memory was opened and stands so; `hasMore`: other octets follow, as a torn write or damage leaves them. Throws CardMemoryError for one that is older than it was. */
  found(state: MemoryState, hasMore: boolean): void;
  /** A change became safe. Back when it is remembered. */
  settled(state: MemoryState): void;
}

/** How the transactions of a memory are closed on their medium. */
export interface TransactionSeal {
  /** Of the header: one for each seal. */
  readonly version: number;
  /** Octets behind the body. */
  readonly octets: number;
  /** Closes what stands in `work` from 0 to `end`: generation, place, length, body. Changes the body as it is to be written and puts its octets behind. */
  close(work: Uint8Array, end: number): void;
  /** The body of a transaction (length, body, octets of the seal) at generation and place `where`; undefined when it was not closed so. */
  open(where: Uint8Array, transaction: Uint8Array): Uint8Array | undefined;
  readonly newest?: NewestState;
}

const CHECK = 4;
/** Above this, a call out of V8 checks faster. */
const MOST_OCTETS_BY_TABLE = 256;

/** No secrecy: a CRC-32 that covers where the transaction stands. For memory that nobody but the process can reach. */
export const CHECKED_ONLY: TransactionSeal = {
  version: 1,
  octets: CHECK,
  close(work, end) {
    if (end >= MOST_OCTETS_BY_TABLE) {
      work.set(crc32(work.subarray(0, end)), end);
      return;
    }
    const check = crc32Before(work, end);
    work[end] = check >>> 24;
    work[end + 1] = check >>> 16;
    work[end + 2] = check >>> 8;
    work[end + 3] = check;
  },
  open(where, transaction) {
    const end = transaction.length - CHECK;
    const check = crc32(where, transaction.subarray(0, end));
    for (let i = 0; i < CHECK; i++) if (transaction[end + i] !== check[i]) return undefined;
    return transaction.subarray(LENGTH, end);
  },
};
