import { timingSafeEqual } from 'node:crypto';

/**
 * Whether two MACs, keys or PINs are the same, in a time that does not depend on where they differ.
 * Different lengths are unequal at once: a length is no secret here.
 */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
