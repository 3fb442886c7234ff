import { createCipheriv, createHash, randomFillSync } from 'node:crypto';

/** Where every challenge, key, RAND and reference number comes from. */
export interface Random {
  /** `length` fresh octets. */
  octets(length: number): Uint8Array;
}

/** The platform's generator: the only one fit for keys that leave the lab. */
export const systemRandom: Random = { octets: (length) => randomFillSync(new Uint8Array(length)) };

const POOL_OCTETS = 4096;

/**
 * A deterministic generator for labs, tests and replays: AES-256-CTR keyed with SHA-256 of the seed.
 * The same seed gives the same octets on every machine. Never use it for keys of a real card.
 */
export function seededRandom(seed: string): Random {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16));
  const zeros = new Uint8Array(POOL_OCTETS);
  let pool = new Uint8Array(0);
  let used = 0;
  return {
    octets(length) {
      const out = new Uint8Array(length);
      for (let filled = 0; filled < length; ) {
        if (used === pool.length) {
          pool = new Uint8Array(stream.update(zeros));
          used = 0;
        }
        const take = Math.min(length - filled, pool.length - used);
        out.set(pool.subarray(used, used + take), filled);
        used += take;
        filled += take;
      }
      return out;
    },
  };
}
