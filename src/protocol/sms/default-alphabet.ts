/**
 * The GSM 7-bit default alphabet, in the order of its codes (TS 23.038 6.2.1). Code 1B is the escape to the extension
 * table.
 */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

const ESCAPE = 0x1b;

/** Characters behind the escape (TS 23.038 6.2.1.1). */
const EXTENSION: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
};

const SEPTETS = new Map<string, readonly number[]>();
for (let code = 0; code < DEFAULT_ALPHABET.length; code++)
  if (code !== ESCAPE) SEPTETS.set(DEFAULT_ALPHABET[code] as string, [code]);
for (const code in EXTENSION) SEPTETS.set(EXTENSION[code] as string, [ESCAPE, Number(code)]);

/** Septets of a text, one an octet; undefined when a character is not in the default alphabet (TS 23.038 6.2.1). */
export function septetsOf(text: string): Uint8Array | undefined {
  const codes: number[] = [];
  for (const character of text) {
    const septets = SEPTETS.get(character);
    if (septets === undefined) return undefined;
    codes.push(...septets);
  }
  return Uint8Array.from(codes);
}

/**
 * Text of septets, one an octet (bit 8 is ignored). An escape without a known character behind it is shown as a space,
 * as TS 23.038 6.2.1.1 asks of receivers.
 */
export function textOfSeptets(septets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < septets.length; i++) {
    const code = (septets[i] as number) & 0x7f;
    if (code !== ESCAPE) text += DEFAULT_ALPHABET[code];
    else if (i + 1 < septets.length) {
      const next = (septets[++i] as number) & 0x7f;
      text += EXTENSION[next] ?? (next === ESCAPE ? ' ' : DEFAULT_ALPHABET[next]);
    }
  }
  return text;
}

/**
 * Packs septets into octets, the first septet in the low bits (TS 23.038 6.1.2.1). `fillBits` (0 to 6) zero bits stand
 * before the first septet, so that text behind a user data header begins on a septet boundary (TS 23.040 9.2.3.24).
 */
export function packSeptets(septets: Uint8Array, fillBits = 0): Uint8Array {
  const octets = new Uint8Array((septets.length * 7 + fillBits + 7) >> 3);
  let bit = fillBits;
  for (let i = 0; i < septets.length; i++, bit += 7) {
    const spread = ((septets[i] as number) & 0x7f) << (bit & 7);
    const at = bit >> 3;
    octets[at] = (octets[at] as number) | spread;
    if (spread > 0xff) octets[at + 1] = spread >> 8;
  }
  return octets;
}

/** `count` septets, one an octet, out of packed octets. The caller makes sure that there are enough octets for them. */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): Uint8Array {
  const septets = new Uint8Array(count);
  let bit = fillBits;
  for (let i = 0; i < count; i++, bit += 7) {
    const at = bit >> 3;
    septets[i] = ((((octets[at + 1] ?? 0) << 8) | (octets[at] as number)) >> (bit & 7)) & 0x7f;
  }
  return septets;
}
