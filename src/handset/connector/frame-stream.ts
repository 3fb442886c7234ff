import { CodecError } from '#base/codec/index.ts';

const LENGTH_OCTETS = 2;

/** Cuts the octets of a connection into frames that stand behind two octets of length. Holds at most one. */
export class FrameStream {
  readonly #name: string;
  readonly #least: number;
  readonly #most: number;
  #pending = new Uint8Array(LENGTH_OCTETS);
  #filled = 0;
  /** The length of the frame is known, and the frame being filled. */
  #isInBody = false;

  /** `name` is for errors; `least` (1 or more) and `most` are the limits for a frame's octets behind its length. */
  constructor(name: string, least: number, most: number) {
    this.#name = name;
    this.#least = least;
    this.#most = most;
  }

  /** Length of the frame whose length has come and nothing behind it; undefined otherwise. */
  get announced(): number | undefined {
    return this.#isInBody && this.#filled === 0 ? this.#pending.length : undefined;
  }

  /** True while part of a frame has come. */
  get isInsideFrame(): boolean {
    return this.#isInBody || this.#filled > 0;
  }

  /**
   * Takes received octets, in pieces of any size, and gives every frame that is whole to `take`: its octets behind the length, which are
   * the taker's own. Throws CodecError at a frame that is shorter or longer than the limits: the connection cannot be read any further.
   */
  push(octets: Uint8Array, take: (frame: Uint8Array) => void): void {
    for (let at = 0; at < octets.length; ) {
      const count = Math.min(this.#pending.length - this.#filled, octets.length - at);
      this.#pending.set(octets.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < this.#pending.length) return;
      const whole = this.#pending;
      this.#filled = 0;
      this.#pending = new Uint8Array(this.#isInBody ? LENGTH_OCTETS : this.#lengthOf(whole));
      this.#isInBody = !this.#isInBody;
      if (!this.#isInBody) take(whole);
    }
  }

  #lengthOf([high = 0, low = 0]: Uint8Array): number {
    const length = (high << 8) | low;
    if (length < this.#least || length > this.#most)
      throw new CodecError(this.#name, 0, `expected ${this.#least} to ${this.#most} octets, got ${length}`);
    return length;
  }
}
