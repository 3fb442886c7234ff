/** Multiplication by x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197 4.2.1). */
function timesX(a: number): number {
  return ((a << 1) ^ (a & 0x80 ? 0x11b : 0)) & 0xff;
}

function times(a: number, b: number): number {
  let product = 0;
  for (let power = a, rest = b; rest !== 0; power = timesX(power), rest >>= 1) if (rest & 1) product ^= power;
  return product;
}

/** The column (a, b, c, d) as one word, most significant octet first. */
function word(a: number, b: number, c: number, d: number): number {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

function rotateRight8(table: Int32Array): Int32Array {
  return table.map((column) => (column >>> 8) | (column << 24));
}

/** S-box (FIPS 197 5.1.1): the inverse in the field by walking the powers of 3 up and of its inverse F6 down, then the affine map. */
function substitutionBox(): Uint8Array {
  const box = new Uint8Array(256);
  for (let power = 1, inverse = 1, n = 0; n < 255; n++) {
    const spread = inverse | (inverse << 8);
    box[power] = inverse ^ (spread >> 7) ^ (spread >> 6) ^ (spread >> 5) ^ (spread >> 4) ^ 0x63;
    power = times(power, 0x03);
    inverse = times(inverse, 0xf6);
  }
  box[0] = 0x63;
  return box;
}

function inverseBox(box: Uint8Array): Uint8Array {
  const inverse = new Uint8Array(256);
  box.forEach((substitute, octet) => {
    inverse[substitute] = octet;
  });
  return inverse;
}

/** S-box and its inverse, FIPS 197 figures 7 and 14. */
export const S: Uint8Array = substitutionBox();
export const INVERSE_S: Uint8Array = inverseBox(S);

/** SubBytes and MixColumns of one octet in row 0..3: a whole round is sixteen look-ups (FIPS 197 5.1). */
export const E0: Int32Array = Int32Array.from(S, (s) => word(times(s, 2), s, s, times(s, 3)));
export const E1: Int32Array = rotateRight8(E0);
export const E2: Int32Array = rotateRight8(E1);
export const E3: Int32Array = rotateRight8(E2);

/** InvSubBytes and InvMixColumns of one octet in row 0..3 (FIPS 197 5.3.5, the equivalent inverse cipher). */
export const D0: Int32Array = Int32Array.from(INVERSE_S, (s) =>
  word(times(s, 14), times(s, 9), times(s, 13), times(s, 11)),
);
export const D1: Int32Array = rotateRight8(D0);
export const D2: Int32Array = rotateRight8(D1);
export const D3: Int32Array = rotateRight8(D2);

/** Round constants of the key expansion, in the highest octet (FIPS 197 5.2). */
export const ROUND_CONSTANT: Int32Array = Int32Array.of(1, 2, 4, 8, 16, 32, 64, 128, 0x1b, 0x36).map((x) => x << 24);
