import { CodecError } from './codec-error.ts';

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0').toUpperCase());

/** An empty octet string; shared, because there is nothing in it to change. */
export const NO_OCTETS: Uint8Array = new Uint8Array(0);

/** Upper-case hexadecimal of all octets, two digits each, no spaces. */
export function toHex(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += HEX[octet];
  return text;
}

/** Octets of a hexadecimal text; spaces are ignored. Throws CodecError at the first digit that is none, or at an odd end. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  const bad = digits.search(/[^0-9a-fA-F]/);
  if (bad >= 0) throw new CodecError('hexadecimal', bad >> 1, `expected a digit 0-9 or A-F, got '${digits[bad]}'`);
  if (digits.length % 2 !== 0)
    throw new CodecError('hexadecimal', digits.length >> 1, 'expected two digits an octet, got an odd number');
  const octets = new Uint8Array(digits.length / 2);
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

/** The parts one after another, in new memory. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** V8 keeps octet strings up to this length inside its heap, and moves one out of it for ever when it is first seen through a view. */
const LONGEST_INSIDE = 64;

/**
 * The octets from index `from` to before `to`, only to be read: a view of long ones; of short ones a copy, which costs a tenth of what
 * the first view of a short octet string does.
 */
export function partOf(octets: Uint8Array, from: number, to: number = octets.length): Uint8Array {
  return to - from <= LONGEST_INSIDE ? octets.slice(from, to) : octets.subarray(from, to);
}

/** True when both hold the same octets. Not constant in time: never for a MAC, a key or a PIN (base/crypto equalOctets). */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
