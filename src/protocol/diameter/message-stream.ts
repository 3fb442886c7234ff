import { FLAG, HEADER_LENGTH } from './header.ts';

const LENGTH_END = 4;
const FIRST_CAPACITY = 512;

/** A Message Length that cannot be: nothing behind it can be read (RFC 6733 7.1.5, 5015). `header` holds 20 octets. */
export interface StreamFault {
  readonly length: number;
  readonly header: Uint8Array;
  /** Whether it was a request, to which there is an answer. */
  readonly isRequest: boolean;
}

/**
 * Cuts the octets of a connection into messages by their Message Length (RFC 6733 3). Messages that lie whole in a chunk are given out
 * where they lie; only the start of one that does not is kept, in memory that grows with what has really come.
 */
export class MessageStream {
  private readonly longest: number;
  private pending = new Uint8Array(0);
  private filled = 0;

  /** `longest` is the limit for one message in octets. */
  constructor(longest: number) {
    this.longest = longest;
  }

  /** Octets of a message that is not whole yet. */
  get half(): number {
    return this.filled;
  }

  /** Octets of memory held for it. */
  get capacity(): number {
    return this.pending.length;
  }

  /**
   * Takes a chunk of any size and gives each whole message to `take`, which must not keep the octets, and says whether to go on.
   * Returns a fault when a length is below 20, above the limit or no multiple of four; nothing may be pushed after that.
   */
  push(chunk: Uint8Array, take: (octets: Uint8Array, start: number, end: number) => boolean): StreamFault | undefined {
    let at = 0;
    while (this.filled > 0 && at < chunk.length) {
      const wanted = this.filled < HEADER_LENGTH ? HEADER_LENGTH : lengthAt(this.pending, 0);
      const count = Math.min(wanted - this.filled, chunk.length - at);
      this.keep(chunk, at, at + count, wanted);
      at += count;
      if (this.filled < HEADER_LENGTH) return undefined;
      const length = lengthAt(this.pending, 0);
      if (this.isImpossible(length)) return faultAt(this.pending, 0, length);
      if (this.filled < length) continue;
      const whole = this.pending;
      this.pending = new Uint8Array(0);
      this.filled = 0;
      if (!take(whole, 0, length)) return undefined;
    }
    return this.wholeOnes(chunk, at, take);
  }

  private wholeOnes(
    chunk: Uint8Array,
    start: number,
    take: (octets: Uint8Array, start: number, end: number) => boolean,
  ): StreamFault | undefined {
    let at = start;
    while (chunk.length - at >= HEADER_LENGTH) {
      const length = lengthAt(chunk, at);
      if (this.isImpossible(length)) return faultAt(chunk, at, length);
      if (length > chunk.length - at) break;
      const end = at + length;
      if (!take(chunk, at, end)) return undefined;
      at = end;
    }
    if (at < chunk.length) this.keep(chunk, at, chunk.length, chunk.length - at);
    return undefined;
  }

  private isImpossible(length: number): boolean {
    return length < HEADER_LENGTH || length > this.longest || (length & 3) !== 0;
  }

  /** Keeps a part of a message that will have `wanted` octets. */
  private keep(chunk: Uint8Array, start: number, end: number, wanted: number): void {
    const needed = this.filled + end - start;
    if (needed > this.pending.length) {
      const capacity = Math.max(needed, Math.min(wanted, Math.max(2 * this.pending.length, FIRST_CAPACITY)));
      const larger = new Uint8Array(capacity);
      larger.set(this.pending.subarray(0, this.filled));
      this.pending = larger;
    }
    this.pending.set(chunk.subarray(start, end), this.filled);
    this.filled = needed;
  }
}

function lengthAt(octets: Uint8Array, at: number): number {
  return (
    ((octets[at + 1] as number) << 16) | ((octets[at + 2] as number) << 8) | (octets[at + LENGTH_END - 1] as number)
  );
}

function faultAt(octets: Uint8Array, at: number, length: number): StreamFault {
  const header = octets.slice(at, at + HEADER_LENGTH);
  return { length, header, isRequest: ((header[LENGTH_END] as number) & FLAG.R) !== 0 };
}
