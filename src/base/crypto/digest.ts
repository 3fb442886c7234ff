import { createHash, hash as hashOnce } from 'node:crypto';

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

/** A hash value of octets that arrive in parts. */
export interface RunningDigest {
  /** Takes the next octets; they may change afterwards. */
  update(octets: Uint8Array): void;
  /** The hash value of all octets so far; nothing may be done with it after this. */
  finish(): Uint8Array;
}

/** The same as `digest` for what does not fit in memory. */
export function runningDigest(hash: Hash): RunningDigest {
  const running = createHash(hash);
  return {
    update(octets) {
      running.update(octets);
    },
    finish: () => new Uint8Array(running.digest()),
  };
}
