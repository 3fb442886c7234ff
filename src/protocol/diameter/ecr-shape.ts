import { FLAG, HEADER_LENGTH } from './header.ts';

/** Where the parts of a usual ECR lie in its octets; -1 for one that is not there. */
export interface EcrPlaces {
  sessionStart: number;
  sessionEnd: number;
  originHostStart: number;
  originHostEnd: number;
  imeiStart: number;
  imeiEnd: number;
  softwareVersionAt: number;
  userStart: number;
  userEnd: number;
}

/** Octets of the two identifiers in a header (RFC 6733 3). */
const IDENTIFIERS = 12;
/** Octets of an AVP header without Vendor-Id. */
const SHORT = 8;
/** Bits that ASCII leaves clear, and those that all digits share. */
const NOT_ASCII = 0x80;
const DIGIT_BITS = 0xf0;

/**
 * What one usual ECR looked like: the peer's next one mostly differs in nothing but its identifiers, the text of its Session-Id and its
 * digits. Every other bit must be the same, so that what held of the first holds of the next. Keeps no digit of anybody's.
 */
export class EcrShape {
  /** Places in the message, as if it began at index 0. */
  readonly places: Readonly<EcrPlaces>;
  readonly #masks: Int32Array;
  readonly #words: Int32Array;

  /** From a message that was read: `view` holds it between two indexes, its parts lie at `places`. */
  constructor(view: DataView, start: number, end: number, places: Readonly<EcrPlaces>) {
    this.places = moved(places, -start);
    this.#masks = masksOf(end - start, this.places);
    this.#words = this.#masks.map((mask, i) => view.getInt32(start + 4 * i, true) & mask);
  }

  /** Whether the message between two indexes is like it; its digits have still to be looked at. */
  fits(view: DataView, start: number, end: number): boolean {
    const masks = this.#masks;
    const words = this.#words;
    if (end - start !== 4 * words.length) return false;
    for (let i = 0; i < words.length; i++)
      if ((view.getInt32(start + 4 * i, true) & (masks[i] as number)) !== words[i]) return false;
    return true;
  }
}

/** The same places in a message that begins elsewhere. */
function moved(places: Readonly<EcrPlaces>, by: number): EcrPlaces {
  const { softwareVersionAt, userStart, userEnd } = places;
  return {
    sessionStart: places.sessionStart + by,
    sessionEnd: places.sessionEnd + by,
    originHostStart: places.originHostStart + by,
    originHostEnd: places.originHostEnd + by,
    imeiStart: places.imeiStart + by,
    imeiEnd: places.imeiEnd + by,
    softwareVersionAt: softwareVersionAt < 0 ? -1 : softwareVersionAt + by,
    userStart: userStart < 0 ? -1 : userStart + by,
    userEnd: userStart < 0 ? -1 : userEnd + by,
  };
}

/** The bits of a message that have to stay as they are, four octets together. */
function masksOf(length: number, places: Readonly<EcrPlaces>): Int32Array {
  const octets = new Uint8Array(length).fill(0xff);
  const { imeiStart, imeiEnd, softwareVersionAt, userStart, userEnd } = places;
  octets[4] = ~(FLAG.P | FLAG.T);
  octets.fill(0, IDENTIFIERS, HEADER_LENGTH);
  octets.fill(NOT_ASCII, places.sessionStart + SHORT, places.sessionEnd);
  octets.fill(DIGIT_BITS, imeiStart, imeiEnd);
  if (softwareVersionAt >= 0) octets.fill(DIGIT_BITS, softwareVersionAt, softwareVersionAt + 2);
  if (userStart >= 0) octets.fill(DIGIT_BITS, userStart, userEnd);
  const view = new DataView(octets.buffer);
  return Int32Array.from({ length: length / 4 }, (_, i) => view.getInt32(4 * i, true));
}
