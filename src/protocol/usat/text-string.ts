import { CodecError } from '#base/codec/index.ts';
import { septetsOf, textOfSeptets, textOfUcs2, ucs2Octets, unpackSeptets } from '#protocol/sms/index.ts';

/** Data coding scheme octets of a text string that this room writes or reads (TS 102 223 8.15, TS 23.038 5). */
export const CODING_SCHEME = { packed7Bit: 0x00, octets8Bit: 0x04, ucs2: 0x08 } as const;

/** A text string as it travels: coding scheme octet and the text's octets. Empty octets are the null text. */
export interface TextString {
  readonly codingScheme: number;
  readonly octets: Uint8Array;
}

/** Longest text of a text string, in octets: what a proactive command of 256 octets can carry. */
const LONGEST_TEXT = 240;

/**
 * A text to be shown: in the GSM default alphabet, one character an octet (8-bit), when it can be, otherwise in UCS2.
 * Throws CodecError when it is longer than 240 octets.
 */
export function textString(text: string): TextString {
  const septets = septetsOf(text);
  const octets = septets ?? ucs2Octets(text);
  if (octets.length > LONGEST_TEXT)
    throw new CodecError(
      'text string',
      0,
      `expected at most ${LONGEST_TEXT} octets, got ${octets.length}: shorten the text`,
    );
  return { codingScheme: septets ? CODING_SCHEME.octets8Bit : CODING_SCHEME.ucs2, octets };
}

/**
 * The text as a person reads it: 7-bit packed, 8-bit (default alphabet unpacked) or UCS2. Throws CodecError for another
 * coding.
 */
export function textOf({ codingScheme, octets }: TextString): string {
  switch (codingScheme & 0x0c) {
    case CODING_SCHEME.octets8Bit:
      return textOfSeptets(octets);
    case CODING_SCHEME.ucs2:
      return textOfUcs2(octets);
    case CODING_SCHEME.packed7Bit:
      return textOfPacked(octets);
    default:
      throw new CodecError('data coding scheme', 0, `expected 00, 04 or 08, got ${codingScheme.toString(16)}`);
  }
}

const CARRIAGE_RETURN = 0x0d;

/**
 * Seven octets hold seven or eight septets: an eighth that is zero or a carriage return is padding (TS 23.038
 * 6.1.2.3.1).
 */
function textOfPacked(octets: Uint8Array): string {
  const septets = unpackSeptets(octets, Math.floor((octets.length * 8) / 7));
  const last = septets[septets.length - 1];
  const isPadded = octets.length > 0 && octets.length % 7 === 0 && (last === 0 || last === CARRIAGE_RETURN);
  return textOfSeptets(isPadded ? septets.subarray(0, -1) : septets);
}
