import { CodecError, concat, type Format, format, NO_OCTETS } from '#base/codec/index.ts';

/** Protocols of the IPA multiplex (libosmocore ipa.h): connection management, and the Osmocom extension whose first octet tells further. */
export const IPA = { osmocom: 0xee, ccm: 0xfe } as const;
/** First octet of an Osmocom extension payload that carries GSUP. */
const GSUP = 0x05;
/** Octets before the payload: length (2), protocol (1). */
const HEADER_LENGTH = 3;
/** The longest payload accepted, in octets. libosmocore takes 1200; the length field could say 65535. */
export const LONGEST_PAYLOAD = 8 * 1024;

/** One frame of an IPA connection. */
export interface IpaFrame {
  /** A code of `IPA`, or any other. */
  readonly protocol: number;
  /** What the length field counts: everything behind the protocol. */
  readonly payload: Uint8Array;
}

/** An IPA frame: length of the payload (2, most significant first), protocol (1), payload. */
export const ipaFrame: Format<IpaFrame> = format(
  (reader) => {
    reader.field = 'length';
    const length = reader.uint(2);
    reader.field = 'protocol';
    const protocol = reader.u8();
    reader.field = 'payload';
    return { protocol, payload: reader.copy(length) };
  },
  (writer, { protocol, payload }) => {
    writer.field = 'length';
    writer.uint(2, payload.length);
    writer.field = 'protocol';
    writer.uint(1, protocol);
    writer.put(payload);
  },
);

/** The whole frame around an encoded GSUP message: `ee`, `05`, message. */
export function gsupFrame(message: Uint8Array): Uint8Array {
  return ipaFrame.encode({ protocol: IPA.osmocom, payload: concat(Uint8Array.of(GSUP), message) });
}

/** The GSUP message in a whole frame, type octet first, as a view; undefined when the frame carries something else. */
export function gsupOf(frame: Uint8Array): Uint8Array | undefined {
  const isGsup = frame.length > HEADER_LENGTH + 1 && frame[2] === IPA.osmocom && frame[HEADER_LENGTH] === GSUP;
  return isGsup ? frame.subarray(HEADER_LENGTH + 1) : undefined;
}

/** Octets of the whole frame whose first two octets stand at `at`. */
const wholeLength = (octets: Uint8Array, at: number): number =>
  HEADER_LENGTH + (octets[at] as number) * 256 + (octets[at + 1] as number);

/** Cuts the octets of a connection into whole frames, header included. Holds at most one unfinished frame. */
export class IpaStream {
  private readonly longest: number;
  private pending: Uint8Array = NO_OCTETS;
  private filled = 0;

  /** `longest` is the limit for one payload in octets. */
  constructor(longest = LONGEST_PAYLOAD) {
    this.longest = longest;
  }

  /** True when a frame has begun and is not whole. */
  get isInsideFrame(): boolean {
    return this.filled > 0;
  }

  /**
   * Takes received octets, in pieces of any size, and gives every frame that is whole to `take`: a view of `octets` where it can,
   * so `octets` must not be changed afterwards. Throws CodecError when a length is above the limit: nothing more can be read then.
   */
  push(octets: Uint8Array, take: (frame: Uint8Array) => void): void {
    for (let at = 0; at < octets.length; ) {
      const isHeaderHere = this.filled === 0 && octets.length - at >= HEADER_LENGTH;
      const length = isHeaderHere ? this.checked(wholeLength(octets, at)) : undefined;
      if (length !== undefined && octets.length - at >= length) {
        take(octets.subarray(at, at + length));
        at += length;
      } else at += this.gather(octets, at, take);
    }
  }

  /** Adds to the unfinished frame; the number of octets used. */
  private gather(octets: Uint8Array, at: number, take: (frame: Uint8Array) => void): number {
    if (this.filled === 0) this.pending = new Uint8Array(HEADER_LENGTH);
    const count = Math.min(this.pending.length - this.filled, octets.length - at);
    this.pending.set(octets.subarray(at, at + count), this.filled);
    this.filled += count;
    if (this.filled === HEADER_LENGTH && this.pending.length === HEADER_LENGTH) this.startPayload();
    if (this.filled >= HEADER_LENGTH && this.filled === this.pending.length) {
      const frame = this.pending;
      this.pending = NO_OCTETS;
      this.filled = 0;
      take(frame);
    }
    return count;
  }

  /** The header is known: makes room for the whole frame. */
  private startPayload(): void {
    const whole = new Uint8Array(this.checked(wholeLength(this.pending, 0)));
    whole.set(this.pending);
    this.pending = whole;
  }

  private checked(length: number): number {
    if (length - HEADER_LENGTH > this.longest)
      throw new CodecError('length', 0, `expected at most ${this.longest}, got ${length - HEADER_LENGTH}`);
    return length;
  }
}
