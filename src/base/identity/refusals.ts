import { refusals } from '#base/sentence/index.ts';

const MISTYPED = 'look for a mistyped or missing digit';

/** What is wrong with a text or octets that are no identity. */
export const IDENTITY_REFUSALS = refusals({
  foreignDigit: ['digits 0-9', "'{character}' at place {place}", MISTYPED],
  wrongLength: ['{lengths} digits', '{came}', MISTYPED],
  outOfLength: ['{least} to {most} digits', '{came}', MISTYPED],
  lostTooManyDigits: ['14 to 16 digits, or 11 to 13 that lost leading zeros', '{came}', MISTYPED],
  wrongCheckDigit: ['check digit {right} (Luhn)', '{came}', MISTYPED],
  tooGreatForImei: ['a whole number below 10^14', '{came}', MISTYPED],
  wrongImsiLength: ['a length octet of 4 to 8 and as many octets', '{came}', MISTYPED],
  wrongIdentityType: ['type of identity {right}', '{came}', MISTYPED],
  wrongOctetCount: ['{right} octets', '{came}', MISTYPED],
  wrongTypeAndParity: ['type and parity {right}', '{came}', MISTYPED],
  foreignNibble: ['digits 0-9', 'nibble {nibble} at digit {place}', MISTYPED],
  noFiller: ['filler F after the last digit', 'a digit', MISTYPED],
});
