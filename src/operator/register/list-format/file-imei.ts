import { Imei, Imsi, luhnDigit, Msisdn, Tac } from '#base/identity/index.ts';
import { lineProblem, type Problem } from '../line-problem.ts';
import { listImei } from '../list-imei.ts';
import {
  AS_IT_CAME,
  CHECK_DIGIT_DROPPED,
  NORMALISATIONS,
  type Normalisation,
  SPARE_DIGIT_DROPPED,
} from './normalisation.ts';

const EQUIPMENT_DIGITS = 14;
/** Digits of a type allocation code and of the serial number after it (TS 23.003 6.2.1). */
const TAC_DIGITS = 8;
const SERIAL_DIGITS = 6;
/** Shorter numbers are none that merely lost leading zeros. */
const SHORTEST_WITH_LOST_ZEROS = 11;

/** An IMEI as a file writes it, and what was done to it. */
export interface FileImei {
  readonly imei: Imei;
  readonly normalised: readonly Normalisation[];
}

/** The digits that IMEIs had before a spreadsheet took their leading zeros; undefined: such numbers are bad lines. */
export type LostZeros = 14 | 15 | undefined;

/**
 * The IMEI of a field (see listImei for what is accepted) and what was done to it. Numbers without their leading zeros are refused, unless
 * it is said how many digits they had: a number of 13 digits may have lost one of 14 or two of 15. With 15 the check digit must be right.
 */
export function fileImei(written: string, lostZeros: LostZeros = undefined): FileImei | Problem {
  const bare = written.trim();
  const padded = lostZeros === undefined ? undefined : withZeros(bare, lostZeros);
  if (padded !== undefined) return padded;
  const found = listImei(bare);
  if ('problem' in found) return found;
  const digits = bare.replaceAll(/\D/g, '');
  if (digits.length === bare.length) return { imei: found.imei, normalised: dropped(digits) };
  return { imei: found.imei, normalised: [NORMALISATIONS.say('separatorsDropped'), ...dropped(digits)] };
}

function dropped(digits: string): readonly Normalisation[] {
  if (digits.length === EQUIPMENT_DIGITS) return AS_IT_CAME;
  if (digits.length === 16) return [NORMALISATIONS.say('softwareVersionDropped')];
  const isCheckDigit = Number(digits[EQUIPMENT_DIGITS]) === luhnDigit(digits.slice(0, EQUIPMENT_DIGITS));
  return isCheckDigit ? CHECK_DIGIT_DROPPED : SPARE_DIGIT_DROPPED;
}

/** Undefined: no zeros are missing. */
function withZeros(bare: string, length: 14 | 15): FileImei | Problem | undefined {
  if (!/^\d+$/.test(bare) || bare.length < SHORTEST_WITH_LOST_ZEROS || bare.length >= length) return undefined;
  const digits = bare.padStart(length, '0');
  const imei = Imei.parse(digits);
  const expected = imei.checkDigit;
  if (length === 15 && Number(digits[EQUIPMENT_DIGITS]) !== expected)
    return { problem: lineProblem('checkDigitAfterZeros', { expected, got: Number(digits[EQUIPMENT_DIGITS]) }) };
  return {
    imei,
    normalised: [NORMALISATIONS.say('zerosPutBack'), ...(length === 15 ? CHECK_DIGIT_DROPPED : AS_IT_CAME)],
  };
}

/** The TAC of a field: 8 digits. */
export function fileTac(written: string): { readonly tac: Tac } | Problem {
  const bare = written.trim();
  if (/^\d{8}$/.test(bare)) return { tac: Tac.parse(bare) };
  if (bare === '') return { problem: lineProblem('tacMissing') };
  const foreign = foreignSign(bare);
  if (foreign !== undefined) return { problem: lineProblem('tacSign', foreign) };
  const mayHaveLostZeros = /^\d{6,7}$/.test(bare);
  return { problem: lineProblem(mayHaveLostZeros ? 'tacShort' : 'tacLength', { count: bare.length }) };
}

/** The IMSI of a field: 6 to 15 digits, also behind `imsi-` (TS 29.571). */
export function fileImsi(written: string): { readonly imsi: Imsi } | Problem {
  const bare = written.trim().replace(/^imsi-/i, '');
  if (/^\d{6,15}$/.test(bare)) return { imsi: Imsi.parse(bare) };
  if (bare === '') return { problem: lineProblem('imsiMissing') };
  const foreign = foreignSign(bare);
  if (foreign !== undefined) return { problem: lineProblem('imsiSign', foreign) };
  return { problem: lineProblem('imsiLength', { count: bare.length }) };
}

/** The MSISDN of a field: 3 to 15 digits, with or without '+'; undefined when it is empty. */
export function fileMsisdn(written: string): { readonly msisdn: Msisdn | undefined } | Problem {
  const bare = written.trim();
  if (bare === '') return { msisdn: undefined };
  if (/^\+?\d{3,15}$/.test(bare)) return { msisdn: Msisdn.parse(bare) };
  const foreign = foreignSign(bare);
  if (foreign !== undefined) return { problem: lineProblem('msisdnSign', foreign) };
  return { problem: lineProblem('msisdnLength', { count: bare.length }) };
}

/** What is no digit, and where it stands (from 1). Never the value itself: an identity is personal data. */
function foreignSign(text: string): { readonly sign: string; readonly place: number } | undefined {
  const at = text.search(/\D/);
  return at < 0 ? undefined : { sign: text.charAt(at), place: at + 1 };
}

/** The TAC whose IMEIs lie from `first` to `last`, no more and no fewer. */
export function tacOf(first: Imei, last: Imei): Tac | undefined {
  const tac = first.equipment.slice(0, TAC_DIGITS);
  const isWhole =
    first.equipment === tac + '0'.repeat(SERIAL_DIGITS) && last.equipment === tac + '9'.repeat(SERIAL_DIGITS);
  return isWhole ? Tac.parse(tac) : undefined;
}
