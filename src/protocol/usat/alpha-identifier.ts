import { CodecError } from '#base/codec/index.ts';
import { septetsOf, textOfSeptets, textOfUcs2, ucs2Octets } from '#protocol/sms/index.ts';

/** First octet of the three UCS2 codings of TS 102 221 annex A; anything else is the default alphabet, one character an octet. */
const UCS2 = 0x80;
const UCS2_HALF_PAGE = 0x81;
const UCS2_POINTER = 0x82;
/** Longest alpha identifier in octets: what stands beside it must fit into 256. */
const LONGEST = 240;
const PADDING = 0xff;

/**
 * A text as alpha identifiers and items carry it (TS 102 223 8.2): in the default alphabet when it can be, otherwise in UCS2. Throws
 * CodecError when it is longer than 240 octets.
 */
export function alphaIdentifier(text: string): Uint8Array {
  const octets = septetsOf(text) ?? Uint8Array.of(UCS2, ...ucs2Octets(text));
  if (octets.length > LONGEST)
    throw new CodecError(
      'alpha identifier',
      0,
      `expected at most ${LONGEST} octets, got ${octets.length}: shorten the text`,
    );
  return octets;
}

/** The text of an alpha identifier or an item, in any of the four codings of TS 102 221 annex A. */
export function textOfAlpha(octets: Uint8Array): string {
  switch (octets[0]) {
    case UCS2:
      return textOfUcs2(octets.subarray(1, 1 + ((octets.length - 1) & ~1)));
    case UCS2_HALF_PAGE:
      return textOfHalfPage(octets, 3, (octets[2] ?? 0) << 7);
    case UCS2_POINTER:
      return textOfHalfPage(octets, 4, ((octets[2] ?? 0) << 8) | (octets[3] ?? 0));
    default: {
      const end = octets.indexOf(PADDING);
      return textOfSeptets(end < 0 ? octets : octets.subarray(0, end));
    }
  }
}

/** Codings 81 and 82: a count, a base, then octets that are the default alphabet, or with bit 8 an offset to the base. */
function textOfHalfPage(octets: Uint8Array, from: number, base: number): string {
  const count = octets[1] ?? 0;
  let text = '';
  for (const octet of octets.subarray(from, from + count))
    text += octet < 0x80 ? textOfSeptets(Uint8Array.of(octet)) : String.fromCharCode(base + (octet & 0x7f));
  return text;
}
