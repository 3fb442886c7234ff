import { FIRST_MAX_FRAME_SIZE, HEADER_LENGTH } from './frame.ts';

/** Takes a whole frame that lies at `start` to `end` in `octets`, header included, and must not keep them. False: no more. */
export type FrameTaker = (octets: Buffer, start: number, end: number) => boolean;

/**
 * Cuts the octets of a connection into frames (RFC 9113 4.1). Frames that lie whole in a chunk are given out where they lie; only the
 * start of one that does not is kept, in memory that grows with what has really come.
 */
export class FrameStream {
  readonly #take: FrameTaker;
  #pending: Buffer = Buffer.alloc(0);
  #filled = 0;

  /** `take` is given every frame. */
  constructor(take: FrameTaker) {
    this.#take = take;
  }

  /** Octets of memory held for a frame that is not whole yet. */
  get held(): number {
    return this.#pending.length;
  }

  /** Takes a chunk from `start` on. False when a frame is longer than we admit (FRAME_SIZE_ERROR, RFC 9113 4.2), or `take` wants no more. */
  push(chunk: Buffer, start: number): boolean {
    let at = start;
    while (this.#filled > 0 && at < chunk.length) {
      const wanted = this.#filled < HEADER_LENGTH ? HEADER_LENGTH : frameEnd(this.#pending, 0);
      const count = Math.min(wanted - this.#filled, chunk.length - at);
      this.#keep(chunk, at, at + count, wanted);
      at += count;
      if (this.#filled < HEADER_LENGTH) return true;
      const end = frameEnd(this.#pending, 0);
      if (end > HEADER_LENGTH + FIRST_MAX_FRAME_SIZE) return false;
      if (this.#filled < end) continue;
      const whole = this.#pending;
      this.#pending = Buffer.alloc(0);
      this.#filled = 0;
      if (!this.#take(whole, 0, end)) return false;
    }
    return this.#wholeOnes(chunk, at);
  }

  #wholeOnes(chunk: Buffer, start: number): boolean {
    let at = start;
    while (chunk.length - at >= HEADER_LENGTH) {
      const end = frameEnd(chunk, at);
      if (end - at > HEADER_LENGTH + FIRST_MAX_FRAME_SIZE) return false;
      if (end > chunk.length) break;
      if (!this.#take(chunk, at, end)) return false;
      at = end;
    }
    if (at < chunk.length) this.#keep(chunk, at, chunk.length, chunk.length - at);
    return true;
  }

  /** Keeps a part of a frame of which `wanted` octets are known to come. */
  #keep(chunk: Buffer, start: number, end: number, wanted: number): void {
    const needed = this.#filled + end - start;
    if (needed > this.#pending.length) {
      const capacity = Math.max(needed, Math.min(wanted, 2 * this.#pending.length));
      const larger = Buffer.allocUnsafeSlow(capacity);
      larger.set(this.#pending.subarray(0, this.#filled));
      this.#pending = larger;
    }
    this.#pending.set(chunk.subarray(start, end), this.#filled);
    this.#filled = needed;
  }
}

function frameEnd(octets: Buffer, at: number): number {
  return (
    at +
    HEADER_LENGTH +
    (((octets[at] as number) << 16) | ((octets[at + 1] as number) << 8) | (octets[at + 2] as number))
  );
}
