import { IdentityError } from './identity-error.ts';
import { IDENTITY_REFUSALS } from './refusals.ts';

// Digits of a mobile identity (TS 24.008 10.5.1.4): the low nibble of the first octet has type and parity, its high nibble the first digit;
// then two digits an octet, swapped.

const ODD = 8;
const FILLER = 0xf;
const ZERO = 0x30;

/** The octets of a mobile identity; `digits` are nothing but digits. A last place that is free is filled with F. */
export function mobileIdentityOctets(digits: string, type: number): Uint8Array {
  const octets = new Uint8Array((digits.length >> 1) + 1);
  const odd = digits.length % 2 === 1 ? ODD : 0;
  octets[0] = ((digits.charCodeAt(0) - ZERO) << 4) | odd | type;
  for (let i = 1; i < octets.length; i++) {
    const high = 2 * i < digits.length ? digits.charCodeAt(2 * i) - ZERO : FILLER;
    octets[i] = (high << 4) | (digits.charCodeAt(2 * i - 1) - ZERO);
  }
  return octets;
}

/** The `count` digits of a mobile identity of this type. Throws IdentityError, which names `identity`. */
export function mobileIdentityDigits(identity: string, octets: Uint8Array, type: number, count: number): string {
  const length = (count >> 1) + 1;
  if (octets.length !== length)
    throw new IdentityError(identity, IDENTITY_REFUSALS.say('wrongOctetCount', { right: length, came: octets.length }));
  const first = octets[0] as number;
  const odd = count % 2 === 1 ? ODD : 0;
  if ((first & 0x0f) !== (odd | type))
    throw new IdentityError(
      identity,
      IDENTITY_REFUSALS.say('wrongTypeAndParity', { right: odd | type, came: first & 0x0f }),
    );
  let digits = '';
  for (let i = 0; i < count; i++) {
    const octet = octets[(i + 1) >> 1] as number;
    const digit = i % 2 === 0 ? octet >> 4 : octet & 0x0f;
    if (digit > 9)
      throw new IdentityError(
        identity,
        IDENTITY_REFUSALS.say('foreignNibble', { nibble: digit.toString(16).toUpperCase(), place: i + 1 }),
      );
    digits += digit;
  }
  if (odd === 0 && (octets[length - 1] as number) >> 4 !== FILLER)
    throw new IdentityError(identity, IDENTITY_REFUSALS.say('noFiller'));
  return digits;
}
