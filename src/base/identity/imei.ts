import { digitsAsNumber, digitsOf, IdentityError, luhnDigit } from './identity-error.ts';
import { mobileIdentityDigits, mobileIdentityOctets } from './mobile-identity-octets.ts';
import { IDENTITY_REFUSALS } from './refusals.ts';

const EQUIPMENT_DIGITS = 14;
const TAC_DIGITS = 8;
/** Type of identity in the low three bits of the first octet (TS 24.008 10.5.1.4). */
const TYPE_IMEI = 2;
const TYPE_IMEISV = 3;
/** Where the 15th digit stands in the octets of a mobile identity: in the high nibble. */
const LAST_OCTET = 7;
/** Odd number of digits, in the first octet. */
const ODD = 8;

/** A type allocation code: the first 8 digits of an IMEI; leading zeros count (TS 23.003 6.2.1). */
export class Tac {
  readonly digits: string;
  private constructor(digits: string) {
    this.digits = digits;
  }
  /** From 8 digits. Throws IdentityError. */
  static parse(text: string): Tac {
    return new Tac(digitsOf('TAC', text, [TAC_DIGITS]));
  }
  toString(): string {
    return this.digits;
  }
}

/**
 * An IMEI: 14 digits identify the equipment (TAC and serial number). The 15th is a Luhn check digit that a person reads and a
 * network never checks: it sends a spare digit, often 0 (TS 23.003 6.2.1). Two IMEIs are the same when their 14 digits are.
 */
export class Imei {
  /** The 14 digits that identify the equipment. */
  readonly equipment: string;
  private constructor(equipment: string) {
    this.equipment = equipment;
  }

  /**
   * From 14 digits, from 15 (check digit or spare digit, not judged) or from the 16 of an IMEISV (its version is dropped).
   * This is how data from a network or a list is read. Throws IdentityError.
   */
  static parse(text: string): Imei {
    return new Imei(digitsOf('IMEI', text, [14, 15, 16]).slice(0, EQUIPMENT_DIGITS));
  }

  /** From 15 digits typed by a person or engraved by a maker: the check digit must be right. Throws IdentityError. */
  static parseChecked(text: string): Imei {
    const imei = new Imei(digitsOf('IMEI', text, [15]).slice(0, EQUIPMENT_DIGITS));
    if (imei.checkDigit !== Number(text[EQUIPMENT_DIGITS])) {
      const [right, came] = [imei.checkDigit, text[EQUIPMENT_DIGITS] ?? ''];
      throw new IdentityError('IMEI', IDENTITY_REFUSALS.say('wrongCheckDigit', { right, came }));
    }
    return imei;
  }

  /** From the 14 digits as a number, as databases keep it: 0 to 99,999,999,999,999. Throws IdentityError. */
  static fromNumber(equipment: number): Imei {
    if (!Number.isSafeInteger(equipment) || equipment < 0 || equipment >= 10 ** EQUIPMENT_DIGITS)
      throw new IdentityError('IMEI', IDENTITY_REFUSALS.say('tooGreatForImei', { came: equipment }));
    return new Imei(String(equipment).padStart(EQUIPMENT_DIGITS, '0'));
  }

  /**
   * From the 8 octets of a mobile identity (TS 24.008 10.5.1.4; `1A 32 54 76 98 10 32 54` is 123456789012345). The 15th digit is
   * read and dropped. Throws IdentityError.
   */
  static fromOctets(octets: Uint8Array): Imei {
    return new Imei(mobileIdentityDigits('IMEI', octets, TYPE_IMEI, 15).slice(0, EQUIPMENT_DIGITS));
  }

  /** The 8 octets of a mobile identity, with the check digit as 15th digit. */
  toOctets(): Uint8Array {
    const octets = mobileIdentityOctets(this.equipment, TYPE_IMEI | ODD);
    octets[LAST_OCTET] = ((octets[LAST_OCTET] as number) & 0x0f) | (this.checkDigit << 4);
    return octets;
  }

  /** Luhn digit over the 14 digits (TS 23.003 annex B). */
  get checkDigit(): number {
    return luhnDigit(this.equipment);
  }
  /** 15 digits as printed on the box. */
  get withCheckDigit(): string {
    return this.equipment + this.checkDigit;
  }
  /** The 14 digits as a number: exact in a double, for indexes. */
  get number(): number {
    return digitsAsNumber(this.equipment);
  }
  get tac(): Tac {
    return Tac.parse(this.equipment.slice(0, TAC_DIGITS));
  }
  /** The six digits after the TAC. */
  get serialNumber(): string {
    return this.equipment.slice(TAC_DIGITS);
  }
  /** True when both identify the same equipment. */
  equals(other: Imei): boolean {
    return this.equipment === other.equipment;
  }
  toString(): string {
    return this.withCheckDigit;
  }
}

/** An IMEISV: the 14 digits of the equipment and 2 of the software version, no check digit (TS 23.003 6.2.2). */
export class ImeiSv {
  readonly imei: Imei;
  /** Two digits; 99 is reserved. */
  readonly softwareVersion: string;
  private constructor(imei: Imei, softwareVersion: string) {
    this.imei = imei;
    this.softwareVersion = softwareVersion;
  }
  /** From 16 digits. Throws IdentityError. */
  static parse(text: string): ImeiSv {
    const digits = digitsOf('IMEISV', text, [16]);
    return new ImeiSv(Imei.parse(digits.slice(0, EQUIPMENT_DIGITS)), digits.slice(EQUIPMENT_DIGITS));
  }
  /** From the 9 octets of a mobile identity (`13 32 54 76 98 10 32 54 F6` is 1234567890123456). Throws IdentityError. */
  static fromOctets(octets: Uint8Array): ImeiSv {
    return ImeiSv.parse(mobileIdentityDigits('IMEISV', octets, TYPE_IMEISV, 16));
  }
  /** The 9 octets of a mobile identity. */
  toOctets(): Uint8Array {
    return mobileIdentityOctets(this.toString(), TYPE_IMEISV);
  }
  toString(): string {
    return this.imei.equipment + this.softwareVersion;
  }
}
