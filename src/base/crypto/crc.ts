import { crc32 as crc32Of } from 'node:zlib';

/** One octet through the reflected polynomial 8408 (x^16 + x^12 + x^5 + 1). */
const CRC_16_TABLE = Uint16Array.from({ length: 256 }, (_, octet) => {
  let rest = octet;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >> 1) ^ 0x8408 : rest >> 1;
  return rest;
});

/** The CRC-16 of TS 102 225 5.1.3.2 over the parts one after another: 2 octets, most significant first. */
export function crc16(...parts: readonly Uint8Array[]): Uint8Array {
  let rest = 0xffff;
  for (const part of parts)
    for (let i = 0; i < part.length; i++) rest = (rest >> 8) ^ CRC_16_TABLE[(rest ^ part[i]!) & 255]!;
  const check = rest ^ 0xffff;
  return Uint8Array.of(check >> 8, check);
}

/** One octet through the reflected polynomial EDB88320 (IEEE 802.3). */
const CRC_32_TABLE = Int32Array.from({ length: 256 }, (_, octet) => {
  let rest = octet;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/**
 * The CRC-32 of IEEE 802.3 over the octets before index `end`, as a number of 32 bits: for few octets in a large memory, of which no view
 * is made.
 */
export function crc32Before(octets: Uint8Array, end: number): number {
  let rest = -1;
  for (let i = 0; i < end; i++) rest = (rest >>> 8) ^ CRC_32_TABLE[(rest ^ octets[i]!) & 255]!;
  return ~rest >>> 0;
}

/** The CRC-32 of TS 102 225 5.1.3.2 (that of IEEE 802.3) over the parts one after another: 4 octets, most significant first. */
export function crc32(...parts: readonly Uint8Array[]): Uint8Array {
  let check = 0;
  for (const part of parts) check = crc32Of(part, check);
  return Uint8Array.of(check >>> 24, check >>> 16, check >>> 8, check);
}
