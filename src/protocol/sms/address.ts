import { CodecError, type Format, format, type Reader, type Writer } from '#base/codec/index.ts';
import { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './default-alphabet.ts';

/** Types of number, in the order of their codes (TS 23.040 9.1.2.5). */
const TYPES_OF_NUMBER = [
  'unknown',
  'international',
  'national',
  'networkSpecific',
  'subscriber',
  'alphanumeric',
  'abbreviated',
  'reserved',
] as const;

/** How an address is to be understood (TS 23.040 9.1.2.5). */
export type TypeOfNumber = (typeof TYPES_OF_NUMBER)[number];

/** Numbering plan of telephone numbers, ISDN (ITU-T E.164); 0 is unknown (TS 23.040 9.1.2.5). */
export const ISDN_PLAN = 1;

/**
 * An address of a short message: digits (`0-9*#abc`), or text of the GSM default alphabet when the type is
 * alphanumeric. `numberingPlan` is 0 to 15.
 */
export interface SmsAddress {
  readonly typeOfNumber: TypeOfNumber;
  readonly numberingPlan: number;
  readonly value: string;
}

const DIGITS = '0123456789*#abc';
const FILLER = 15;
/** An address value has at most 10 octets (TS 23.040 9.1.2.3), so 20 digits. */
const MOST_SEMI_OCTETS = 20;
/** Bit 8 of the type-of-address octet is always set. */
const NO_EXTENSION = 0x80;

/** An international number, with or without its plus sign: `internationalAddress('+12345')`. */
export function internationalAddress(digits: string): SmsAddress {
  return {
    typeOfNumber: 'international',
    numberingPlan: ISDN_PLAN,
    value: digits.startsWith('+') ? digits.slice(1) : digits,
  };
}

function readDigits(reader: Reader, count: number): string {
  const at = reader.position;
  const octets = reader.take((count + 1) >> 1);
  let value = '';
  for (let i = 0; i < count; i++) {
    const octet = octets[i >> 1] as number;
    const digit = DIGITS[i % 2 === 0 ? octet & 15 : octet >> 4];
    if (digit === undefined) throw reader.error('expected a digit, got filler', at + (i >> 1));
    value += digit;
  }
  return value;
}

function writeDigits(writer: Writer, value: string): void {
  for (let i = 0; i < value.length; i += 2) {
    const first = DIGITS.indexOf(value[i] as string);
    const second = i + 1 < value.length ? DIGITS.indexOf(value[i + 1] as string) : FILLER;
    if (first < 0 || second < 0) throw writer.error(`expected digits of ${DIGITS}, got '${value.slice(i, i + 2)}'`);
    writer.u8((second << 4) | first);
  }
}

function readTypeOfAddress(reader: Reader): Pick<SmsAddress, 'typeOfNumber' | 'numberingPlan'> {
  const octet = reader.u8();
  // Three bits select one of the eight names.
  return { typeOfNumber: TYPES_OF_NUMBER[(octet >> 4) & 7] as TypeOfNumber, numberingPlan: octet & 15 };
}

function writeTypeOfAddress(writer: Writer, { typeOfNumber, numberingPlan }: SmsAddress): void {
  if (!(numberingPlan >= 0 && numberingPlan <= 15))
    throw writer.error(`expected a numbering plan 0 to 15, got ${numberingPlan}`);
  writer.u8(NO_EXTENSION | (TYPES_OF_NUMBER.indexOf(typeOfNumber) << 4) | numberingPlan);
}

/**
 * TP-OA, TP-DA, TP-RA (TS 23.040 9.1.2.5): count of useful semi-octets, type of address, digits or packed 7-bit text.
 */
export const smsAddress: Format<SmsAddress> = format(
  (reader) => {
    reader.field = 'address';
    const count = reader.u8();
    if (count > MOST_SEMI_OCTETS)
      throw reader.error(`expected at most 20 semi-octets, got ${count}`, reader.position - 1);
    const type = readTypeOfAddress(reader);
    if (type.typeOfNumber !== 'alphanumeric') return { ...type, value: readDigits(reader, count) };
    const packed = reader.take((count + 1) >> 1);
    return { ...type, value: textOfSeptets(unpackSeptets(packed, Math.floor((count * 4) / 7))) };
  },
  (writer, address) => {
    writer.field = 'address';
    const { typeOfNumber, value } = address;
    const septets = typeOfNumber === 'alphanumeric' ? septetsOf(value) : undefined;
    if (typeOfNumber === 'alphanumeric' && septets === undefined)
      throw writer.error('expected characters of the GSM default alphabet');
    const count = septets ? Math.ceil((septets.length * 7) / 4) : value.length;
    if (count > MOST_SEMI_OCTETS) throw writer.error(`expected at most 20 semi-octets, got ${count}`);
    writer.u8(count);
    writeTypeOfAddress(writer, address);
    if (septets) writer.put(packSeptets(septets));
    else writeDigits(writer, value);
  },
);

/**
 * The address value of the toolkit and of RP layers, without its length: type of address and digits up to the end (TS
 * 102 223 8.1, TS 24.011 8.2.5). Alphanumeric ones do not occur there.
 */
export const diallingNumber: Format<SmsAddress> = format(
  (reader) => {
    reader.field = 'address';
    const type = readTypeOfAddress(reader);
    if (reader.remaining === 0) return { ...type, value: '' };
    if (reader.remaining > MOST_SEMI_OCTETS / 2)
      throw reader.error(`expected at most 10 octets, got ${reader.remaining}`);
    const lastDigit = (reader.octets[reader.end - 1] as number) >> 4;
    return { ...type, value: readDigits(reader, reader.remaining * 2 - (lastDigit === FILLER ? 1 : 0)) };
  },
  (writer, address) => {
    writer.field = 'address';
    if (address.typeOfNumber === 'alphanumeric' || address.value.length > MOST_SEMI_OCTETS)
      throw writer.error('expected at most 20 digits');
    writeTypeOfAddress(writer, address);
    writeDigits(writer, address.value);
  },
);

/** Digits with a plus sign for international numbers, or the text: for people. */
export function addressText({ typeOfNumber, value }: SmsAddress): string {
  return typeOfNumber === 'international' ? `+${value}` : value;
}

/**
 * Reads digits as a person writes them: a leading plus sign makes them international, otherwise the type is unknown.
 */
export function addressOf(text: string): SmsAddress {
  const address = text.startsWith('+')
    ? internationalAddress(text)
    : { typeOfNumber: 'unknown' as const, numberingPlan: ISDN_PLAN, value: text };
  if (
    address.value === '' ||
    address.value.length > MOST_SEMI_OCTETS ||
    [...address.value].some((c) => !DIGITS.includes(c))
  )
    throw new CodecError('address', 0, 'expected 1 to 20 digits, after a plus sign if international');
  return address;
}
