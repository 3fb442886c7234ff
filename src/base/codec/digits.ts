import { type Format, format } from './format.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

const FILLER = 0xf;

function readDigits(reader: Reader, length: number, swapped: boolean, alphabet: string): string {
  const at = reader.position;
  reader.need(length);
  reader.position = at + length;
  const { octets } = reader;
  let text = '';
  for (let i = 0; i < 2 * length; i++) {
    const octet = octets[at + (i >> 1)] as number;
    const nibble = (i % 2 === 0) === swapped ? octet & 15 : octet >> 4;
    if (nibble === FILLER) {
      // Filler may only close the number; a digit after it would change meaning by being skipped.
      for (let j = i + 1; j < 2 * length; j++) {
        const next = octets[at + (j >> 1)] as number;
        if (((j % 2 === 0) === swapped ? next & 15 : next >> 4) !== FILLER)
          throw reader.error('expected only filler F after the first F', at + (j >> 1));
      }
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
  for (let i = 0; i < length; i++) {
    const pair = [FILLER, FILLER];
    for (let j = 0; j < 2; j++) {
      const digit = text[2 * i + j];
      if (digit === undefined) continue;
      const nibble = alphabet.indexOf(digit);
      if (nibble < 0) throw writer.error(`expected digits of ${alphabet}, got '${digit}'`);
      pair[j] = nibble;
    }
    const [first, second] = pair as [number, number];
    writer.u8(swapped ? (second << 4) | first : (first << 4) | second);
  }
}

/** Digits two an octet, first digit in the high nibble, filled with F at the end (GP dates, TS 102 221 PINs are not this). */
export function bcd(length: number): Format<string> {
  return format(
    (reader) => readDigits(reader, length, false, '0123456789'),
    (writer, text) => writeDigits(writer, length, false, '0123456789', text),
  );
}

/** Digits two an octet, first digit in the low nibble, filled with F at the end (ICCID, TP addresses, IMSI). `*#abc` are A to E. */
export function swappedBcd(length: number): Format<string> {
  return format(
    (reader) => readDigits(reader, length, true, '0123456789*#abc'),
    (writer, text) => writeDigits(writer, length, true, '0123456789*#abc', text),
  );
}
