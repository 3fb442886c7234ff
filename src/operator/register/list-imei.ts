import { Imei, luhnDigit } from '#base/identity/index.ts';

/** An IMEI of a list, or what is wrong with it and what to do. */
export type ListImei = { readonly imei: Imei } | { readonly problem: string };

const EQUIPMENT_DIGITS = 14;
/** Values shorter than this are no IMEI that merely lost its leading zeros. */
const SHORTEST_WITH_LOST_ZEROS = 11;

/**
 * An IMEI as lists write it, in one spelling: 14 digits, 15 with the check digit or the spare digit 0, 16 with a software version; spaces
 * and hyphens between the digits and the prefixes `imei-` and `imeisv-` of TS 29.571 are taken off. A wrong check digit, lost leading
 * zeros and numbers spoiled by a spreadsheet are refused with the reason (facts/threats.md T34).
 */
export function listImei(written: string): ListImei {
  const digits = written
    .trim()
    .replace(/^imei(sv)?-/i, '')
    .replaceAll(/[ -]/g, '');
  if (digits === '') return { problem: 'expected an IMEI, got nothing' };
  const foreign = digits.search(/[^0-9]/);
  if (foreign >= 0) return { problem: notDigits(digits, foreign) };
  if (digits.length < EQUIPMENT_DIGITS || digits.length > 16) return { problem: wrongLength(digits) };
  if (digits.length === 15) {
    const expected = luhnDigit(digits.slice(0, EQUIPMENT_DIGITS));
    const found = Number(digits[EQUIPMENT_DIGITS]);
    if (found !== expected && found !== 0)
      return { problem: `expected check digit ${expected} (or 0, spare), got ${found}; look for a mistyped digit` };
  }
  return { imei: Imei.parse(digits) };
}

function notDigits(text: string, at: number): string {
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(text))
    return 'expected 14 to 16 digits, got a number a spreadsheet rounded; format the column as text and export again';
  if (/^[0-9a-f]{14}$/i.test(text))
    return 'expected decimal digits, got a MEID (hexadecimal); this list holds IMEIs only';
  return `expected 14 to 16 digits, got '${text[at]}' at place ${at + 1}`;
}

function wrongLength(digits: string): string {
  const count = digits.length;
  if (count >= SHORTEST_WITH_LOST_ZEROS && count < EQUIPMENT_DIGITS)
    return `expected 14 to 16 digits, got ${count}; leading zeros lost? format the column as text and export again`;
  return `expected 14 to 16 digits, got ${count}`;
}
