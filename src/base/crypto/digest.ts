import { hash as hashOnce } from 'node:crypto';

/** The hash functions of FIPS 180-4 the channels and certificates use. */
export type Hash = 'sha256' | 'sha384' | 'sha512';

const LENGTHS = { sha256: 32, sha384: 48, sha512: 64 } as const satisfies Record<Hash, number>;

/** Octets of the hash value. */
export function hashLength(hash: Hash): number {
  return LENGTHS[hash];
}

/** The hash value of `octets` (FIPS 180-4). */
export function digest(hash: Hash, octets: Uint8Array): Uint8Array {
  return new Uint8Array(hashOnce(hash, octets, 'buffer'));
}
