import { timingSafeEqual } from 'node:crypto';

// Node compares octets outside V8's heap. Short ones stand inside and would be moved out one by one, which costs more than all the rest:
// they are compared in memory kept for each length.
const LONGEST_INSIDE = 64;
const octetsOfEach = (): readonly Uint8Array[] =>
  Array.from({ length: LONGEST_INSIDE + 1 }, (_, length) => new Uint8Array(new ArrayBuffer(length)));
const left = octetsOfEach();
const right = octetsOfEach();

/**
 * Whether two MACs, keys or PINs are the same, in a time that does not depend on where they differ.
 * Different lengths are unequal at once: a length is no secret here.
 */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && equalsPart(a, b, 0, a.length);
}

/**
 * Whether the first `length` octets of `a` stand in `b` from index `at` on, in a time that does not depend on where they differ. False
 * when either is too short.
 */
export function equalsPart(a: Uint8Array, b: Uint8Array, at: number, length: number): boolean {
  if (length > a.length || at + length > b.length) return false;
  if (length > LONGEST_INSIDE) return timingSafeEqual(a.subarray(0, length), b.subarray(at, at + length));
  const first = left[length]!;
  const second = right[length]!;
  for (let i = 0; i < length; i++) {
    first[i] = a[i]!;
    second[i] = b[at + i]!;
  }
  return timingSafeEqual(first, second);
}
