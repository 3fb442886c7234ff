import { Imei, luhnDigit } from '#base/identity/index.ts';
import { type LineProblem, lineProblem, type Problem } from './line-problem.ts';

/** An IMEI of a list, or what is wrong with it and what to do. */
export type ListImei = { readonly imei: Imei } | Problem;

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
  if (digits === '') return { problem: lineProblem('imeiMissing') };
  const foreign = digits.search(/[^0-9]/);
  if (foreign >= 0) return { problem: notDigits(digits, foreign) };
  if (digits.length < EQUIPMENT_DIGITS || digits.length > 16) return { problem: wrongLength(digits) };
  if (digits.length === 15) {
    const expected = luhnDigit(digits.slice(0, EQUIPMENT_DIGITS));
    const found = Number(digits[EQUIPMENT_DIGITS]);
    if (found !== expected && found !== 0) return { problem: lineProblem('checkDigit', { expected, got: found }) };
  }
  return { imei: Imei.parse(digits) };
}

function notDigits(text: string, at: number): LineProblem {
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(text)) return lineProblem('imeiRounded');
  if (/^[0-9a-f]{14}$/i.test(text)) return lineProblem('imeiHexadecimal');
  return lineProblem('imeiSign', { sign: text.charAt(at), place: at + 1 });
}

function wrongLength(digits: string): LineProblem {
  const count = digits.length;
  const mayHaveLostZeros = count >= SHORTEST_WITH_LOST_ZEROS && count < EQUIPMENT_DIGITS;
  return lineProblem(mayHaveLostZeros ? 'imeiShort' : 'imeiLength', { count });
}
