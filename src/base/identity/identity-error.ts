import type { Refusal } from '#base/sentence/index.ts';
import { IDENTITY_REFUSALS } from './refusals.ts';

/** Text or octets that are no identity of their kind. The text itself is not repeated whole: an identity is personal data. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly identity: string;
  readonly refusal: Refusal;
  constructor(identity: string, refusal: Refusal) {
    super(`${identity}: expected ${refusal.expected}, got ${refusal.got}`);
    [this.identity, this.refusal] = [identity, refusal];
  }
}

const ZERO = 0x30;
const NINE = 0x39;

/** Digits only, of an allowed length; otherwise IdentityError naming the length or the first foreign character. */
export function digitsOf(
  identity: string,
  text: string,
  lengths: readonly number[] | readonly [number, number, 'range'],
): string {
  // Octet by octet: several times as fast as a pattern, and every check of a network needs it.
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) throw new IdentityError(identity, foreignDigit(text, i));
  }
  const [low, high, isRange] = lengths;
  const fits =
    isRange === 'range'
      ? text.length >= (low ?? 0) && text.length <= (high ?? 0)
      : (lengths as readonly number[]).includes(text.length);
  if (fits) return text;
  const came = text.length;
  throw new IdentityError(
    identity,
    isRange === 'range'
      ? IDENTITY_REFUSALS.say('outOfLength', { least: low ?? 0, most: high ?? 0, came })
      : IDENTITY_REFUSALS.say('wrongLength', { lengths: lengths.join(' or '), came }),
  );
}

const foreignDigit = (text: string, at: number) =>
  IDENTITY_REFUSALS.say('foreignDigit', { character: text[at] ?? '', place: at + 1 });

/** Digits as a number, exact up to 15 of them: quicker than `Number`, which takes any text. */
export function digitsAsNumber(digits: string): number {
  let number = 0;
  for (let i = 0; i < digits.length; i++) number = number * 10 + digits.charCodeAt(i) - ZERO;
  return number;
}

/** Luhn check digit of a string of digits (ISO/IEC 7812-1 annex B; TS 23.003 annex B for the IMEI). */
export function luhnDigit(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const weighted = i % 2 === 0 ? 2 * digit : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return (10 - (sum % 10)) % 10;
}
