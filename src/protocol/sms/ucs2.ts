/** UCS2 of a text, two octets a UTF-16 unit, most significant first (TS 23.038 6.2.3). */
export function ucs2Octets(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    octets[2 * i] = unit >> 8;
    octets[2 * i + 1] = unit;
  }
  return octets;
}

/** Text of UCS2 octets; half a character at the end is not shown. */
export function textOfUcs2(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2)
    text += String.fromCharCode(((octets[i] as number) << 8) | (octets[i + 1] as number));
  return text;
}
