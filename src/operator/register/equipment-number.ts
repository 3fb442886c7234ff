import { Imei, luhnDigit } from '#base/identity/index.ts';

/** An equipment number as somebody wrote or sent it, brought to one spelling. */
export interface EquipmentNumber {
  /** As it came. */
  readonly written: string;
  readonly imei: Imei;
  /** The two digits after the 14 of an IMEISV. */
  readonly softwareVersion: string | undefined;
  /** What was done to it, in words for people; empty when it came as 14 digits. */
  readonly normalised: readonly string[];
  /** Leading zeros were missing: no network sends that, a handset with a damaged number or a spreadsheet does. */
  readonly lostZeros: boolean;
}

const EQUIPMENT_DIGITS = 14;
const LONGEST_WRITTEN = 64;

/**
 * The equipment number in a text: 14 digits, 15 with a check digit or the spare digit 0, 16 with a software version, also behind `imei-` or
 * `imeisv-` (TS 29.571) and with spaces or hyphens between; 11 to 13 digits are one that lost leading zeros. A wrong check digit is stated,
 * not refused: no network checks it (TS 22.016 3). Undefined for anything else.
 */
export function equipmentNumber(written: string): EquipmentNumber | undefined {
  if (written.length > LONGEST_WRITTEN) return undefined;
  const bare = written.trim().replace(/^imei(sv)?-/i, '');
  const digits = bare.replaceAll(/[ -]/g, '');
  if (!/^\d{11,16}$/.test(digits)) return undefined;
  const lostZeros = digits.length < EQUIPMENT_DIGITS;
  const imei = Imei.parse(lostZeros ? digits.padStart(EQUIPMENT_DIGITS, '0') : digits);
  return {
    written,
    imei,
    softwareVersion: digits.length === 16 ? digits.slice(EQUIPMENT_DIGITS) : undefined,
    normalised: [...(digits === written ? [] : ['prefix and separators taken off']), ...changes(digits)],
    lostZeros,
  };
}

function changes(digits: string): readonly string[] {
  switch (digits.length) {
    case EQUIPMENT_DIGITS:
      return [];
    case 15:
      return [lastDigit(digits)];
    case 16:
      return [`software version ${digits.slice(EQUIPMENT_DIGITS)} taken off`];
    default:
      return [`${EQUIPMENT_DIGITS - digits.length} leading zeros put back, expected ${EQUIPMENT_DIGITS} to 16 digits`];
  }
}

function lastDigit(digits: string): string {
  const found = Number(digits[EQUIPMENT_DIGITS]);
  const expected = luhnDigit(digits.slice(0, EQUIPMENT_DIGITS));
  if (found === expected) return `check digit ${found} taken off`;
  if (found === 0) return 'spare digit 0 taken off';
  return `last digit ${found} taken off, expected check digit ${expected} or the spare digit 0`;
}
