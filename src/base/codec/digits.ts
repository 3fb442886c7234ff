import { type Format, format } from './format.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

const FILLER = 0xf;
const ZERO = 0x30;
/** Formats that are kept once made: of as many lengths as identities and numbers have. */
const MOST_KEPT = 32;

function readDigits(reader: Reader, length: number, swapped: boolean, alphabet: string): string {
  const at = reader.position;
  reader.need(length);
  reader.position = at + length;
  const { octets } = reader;
  let text = '';
  for (let i = 0; i < length; i++) {
    const octet = octets[at + i] as number;
    const decimals = DECIMALS[swapped ? turned(octet) : octet];
    // Mostly all octets are two decimal digits; what closes the number is read nibble by nibble.
    if (decimals === undefined) return text + readNibbles(reader, at + i, at + length, swapped, alphabet);
    text += decimals;
  }
  return text;
}

const turned = (octet: number) => ((octet & 15) << 4) | (octet >> 4);
/** Two decimal digits as text, by the octet that has them in order. */
const DECIMALS: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, octet) =>
  octet >> 4 < 10 && (octet & 15) < 10 ? `${octet >> 4}${octet & 15}` : undefined,
);

/** Digits of the octets from `at` to before `end`. */
function readNibbles(reader: Reader, at: number, end: number, swapped: boolean, alphabet: string): string {
  const { octets } = reader;
  const nibbleAt = (i: number) => {
    const octet = octets[at + (i >> 1)] as number;
    return (i % 2 === 0) === swapped ? octet & 15 : octet >> 4;
  };
  const nibbles = 2 * (end - at);
  let text = '';
  for (let i = 0; i < nibbles; i++) {
    const nibble = nibbleAt(i);
    if (nibble === FILLER) {
      // Filler may only close the number; a digit after it would change meaning by being skipped.
      for (let j = i + 1; j < nibbles; j++)
        if (nibbleAt(j) !== FILLER) throw reader.error('expected only filler F after the first F', at + (j >> 1));
      break;
    }
    const digit = alphabet[nibble];
    if (digit === undefined)
      throw reader.error(`expected a digit, got nibble ${nibble.toString(16).toUpperCase()}`, at + (i >> 1));
    text += digit;
  }
  return text;
}

function writeDigits(writer: Writer, length: number, swapped: boolean, alphabet: string, text: string): void {
  if (text.length > 2 * length) throw writer.error(`expected at most ${2 * length} digits, got ${text.length}`);
  for (let i = 0; i < 2 * length; i += 2) {
    const first = nibbleOf(writer, alphabet, text, i);
    const second = nibbleOf(writer, alphabet, text, i + 1);
    writer.u8(swapped ? (second << 4) | first : (first << 4) | second);
  }
}

/** The digit at a place of the text as a number; the filler behind its end. */
function nibbleOf(writer: Writer, alphabet: string, text: string, at: number): number {
  if (at >= text.length) return FILLER;
  const decimal = text.charCodeAt(at) - ZERO;
  if (decimal >= 0 && decimal <= 9) return decimal;
  const nibble = alphabet.indexOf(text[at] as string);
  if (nibble < 0) throw writer.error(`expected digits of ${alphabet}, got '${text[at]}'`);
  return nibble;
}

/** Digits two an octet, first digit in the high nibble, filled with F at the end (GP dates, TS 102 221 PINs are not this). */
export function bcd(length: number): Format<string> {
  return format(
    (reader) => readDigits(reader, length, false, '0123456789'),
    (writer, text) => writeDigits(writer, length, false, '0123456789', text),
  );
}

const swappedOf = new Map<number, Format<string>>();

/** Digits two an octet, first digit in the low nibble, filled with F at the end (ICCID, TP addresses, IMSI). `*#abc` are A to E. */
export function swappedBcd(length: number): Format<string> {
  const known = swappedOf.get(length);
  if (known !== undefined) return known;
  const made = format<string>(
    (reader) => readDigits(reader, length, true, '0123456789*#abc'),
    (writer, text) => writeDigits(writer, length, true, '0123456789*#abc', text),
  );
  if (swappedOf.size < MOST_KEPT) swappedOf.set(length, made);
  return made;
}
