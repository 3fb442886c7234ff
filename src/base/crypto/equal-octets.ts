import { timingSafeEqual } from 'node:crypto';

// Node compares octets outside V8's heap, and short ones stand inside: they are compared in memory of their own instead of being moved
// out one by one. Cleared after each use, so that the octets behind the compared ones are always the same.
const LONGEST_INSIDE = 64;
const left = new Uint8Array(LONGEST_INSIDE);
const right = new Uint8Array(LONGEST_INSIDE);

/**
 * Whether two MACs, keys or PINs are the same, in a time that does not depend on where they differ.
 * Different lengths are unequal at once: a length is no secret here.
 */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  if (length > LONGEST_INSIDE) return timingSafeEqual(a, b);
  left.set(a);
  right.set(b);
  const isEqual = timingSafeEqual(left, right);
  left.fill(0, 0, length);
  right.fill(0, 0, length);
  return isEqual;
}
