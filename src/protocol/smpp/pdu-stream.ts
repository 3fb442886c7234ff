import { CodecError } from '#base/codec/index.ts';
import { HEADER_LENGTH, LONGEST_PDU } from './pdu.ts';

const LENGTH_FIELD = 4;

/** Cuts the octets of a connection into PDUs by their command_length. Holds at most one PDU. */
export class PduStream {
  private readonly longest: number;
  private pending = new Uint8Array(LENGTH_FIELD);
  private filled = 0;

  /** `longest` is the limit for one PDU in octets. */
  constructor(longest = LONGEST_PDU) {
    this.longest = longest;
  }

  /**
   * Takes received octets, in pieces of any size, and gives every PDU that is whole to `take`, which may keep it. Throws
   * CodecError when a command_length is below 16 or above the limit: the connection cannot be read any further.
   */
  push(octets: Uint8Array, take: (frame: Uint8Array) => void): void {
    for (let at = 0; at < octets.length; ) {
      const count = Math.min(this.pending.length - this.filled, octets.length - at);
      this.pending.set(octets.subarray(at, at + count), this.filled);
      this.filled += count;
      at += count;
      if (this.filled < this.pending.length) return;
      if (this.filled === LENGTH_FIELD) this.startPdu();
      else {
        const frame = this.pending;
        this.pending = new Uint8Array(LENGTH_FIELD);
        this.filled = 0;
        take(frame);
      }
    }
  }

  /** The length is known: makes room for the whole PDU. */
  private startPdu(): void {
    const length = new DataView(this.pending.buffer).getUint32(0);
    if (length < HEADER_LENGTH || length > this.longest)
      throw new CodecError('command_length', 0, `expected ${HEADER_LENGTH} to ${this.longest}, got ${length}`);
    const whole = new Uint8Array(length);
    whole.set(this.pending);
    this.pending = whole;
  }
}
