import { createHmac } from 'node:crypto';
import type { Hash } from './digest.ts';

/** The HMAC of `octets`, as long as the hash value (RFC 2104, FIPS 198-1). `key` may have any length; it is not kept. */
export function hmac(hash: Hash, key: Uint8Array, ...octets: readonly Uint8Array[]): Uint8Array {
  const made = createHmac(hash, key);
  for (const part of octets) made.update(part);
  return new Uint8Array(made.digest());
}
