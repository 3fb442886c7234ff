import { partOf, swappedBcd } from '#base/codec/index.ts';
import { digitsOf, IdentityError, luhnDigit } from './identity-error.ts';
import { mobileIdentityOctets } from './mobile-identity-octets.ts';
import { IDENTITY_REFUSALS } from './refusals.ts';

const IMSI_LONGEST = 15;
const TYPE_IMSI = 1;
const ODD = 8;

/** An IMSI: mobile country code (3), mobile network code (2 or 3) and subscriber number; 6 to 15 digits (TS 23.003 2.2). */
export class Imsi {
  readonly digits: string;
  private constructor(digits: string) {
    this.digits = digits;
  }
  /** From 6 to 15 digits. Throws IdentityError. */
  static parse(text: string): Imsi {
    return new Imsi(digitsOf('IMSI', text, [6, IMSI_LONGEST, 'range']));
  }
  /** From the content of EF.IMSI: length octet, then type and parity with the first digit (TS 31.102 4.2.2). Throws IdentityError. */
  static fromEf(content: Uint8Array): Imsi {
    const length = content[0] ?? 0;
    if (length < 4 || length > 8 || content.length < length + 1)
      throw new IdentityError('IMSI', IDENTITY_REFUSALS.say('wrongImsiLength', { came: length }));
    return Imsi.fromOctets(partOf(content, 1, length + 1));
  }
  /** From a mobile identity (TS 24.008 10.5.1.4): `09 10 10…` begins 001 01. Throws IdentityError. */
  static fromOctets(octets: Uint8Array): Imsi {
    const first = octets[0] ?? 0;
    if ((first & 7) !== TYPE_IMSI)
      throw new IdentityError(
        'IMSI',
        IDENTITY_REFUSALS.say('wrongIdentityType', { right: TYPE_IMSI, came: first & 7 }),
      );
    let digits = swappedBcd(octets.length).decode(octets).slice(1);
    if ((first & ODD) === 0 && digits.length === octets.length * 2 - 1) digits = digits.slice(0, -1);
    return Imsi.parse(digits);
  }
  /** The mobile identity octets (TS 24.008 10.5.1.4), 8 for 15 digits. */
  toOctets(): Uint8Array {
    return mobileIdentityOctets(this.digits, TYPE_IMSI);
  }
  /** The 9 octets of EF.IMSI, filled with FF. */
  toEf(): Uint8Array {
    const identity = this.toOctets();
    const content = new Uint8Array(9).fill(0xff);
    content[0] = identity.length;
    content.set(identity, 1);
    return content;
  }
  /** Mobile country code. */
  get mcc(): string {
    return this.digits.slice(0, 3);
  }
  toString(): string {
    return this.digits;
  }
}

/** An ICCID: 19 or 20 digits beginning 89, the last a Luhn digit (ITU-T E.118). */
export class Iccid {
  readonly digits: string;
  private constructor(digits: string) {
    this.digits = digits;
  }
  /** From 18 to 20 digits as printed; the check digit is not judged, because issuers differ. Throws IdentityError. */
  static parse(text: string): Iccid {
    return new Iccid(digitsOf('ICCID', text, [18, 20, 'range']));
  }
  /** The 19 digits with their Luhn digit from the 18 an issuer chooses. Throws IdentityError. */
  static issue(eighteenDigits: string): Iccid {
    const digits = digitsOf('ICCID', eighteenDigits, [18]);
    return new Iccid(digits + luhnDigit(digits));
  }
  /** From the 10 octets of EF.ICCID. Throws IdentityError or CodecError. */
  static fromEf(content: Uint8Array): Iccid {
    return Iccid.parse(swappedBcd(10).decode(content));
  }
  /** The 10 octets of EF.ICCID (TS 102 221 13.2). */
  toEf(): Uint8Array {
    return swappedBcd(10).encode(this.digits);
  }
  toString(): string {
    return this.digits;
  }
}

/** An MSISDN in international form without '+': 3 to 15 digits (ITU-T E.164). */
export class Msisdn {
  readonly digits: string;
  private constructor(digits: string) {
    this.digits = digits;
  }
  /** From 3 to 15 digits, with or without a leading '+'. Throws IdentityError. */
  static parse(text: string): Msisdn {
    return new Msisdn(digitsOf('MSISDN', text.startsWith('+') ? text.slice(1) : text, [3, 15, 'range']));
  }
  toString(): string {
    return this.digits;
  }
}
