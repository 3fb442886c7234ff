import { scrypt as nodeScrypt } from 'node:crypto';

/** What one derivation costs (RFC 7914 2): memory is 128 * blockSize * 2^logCost octets, time `parallelism` times as long. */
export interface ScryptCost {
  /** The binary logarithm of N. */
  readonly logCost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelism: number;
}

/** Octets that a block of scrypt has for each unit of the block size. */
const BLOCK_OCTETS = 128;

/**
 * `length` octets from a password and a salt (RFC 7914 6), made on a thread of Node's pool: the event loop is not held. Rejects with RangeError
 * for costs that no scrypt has.
 */
export function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  { logCost, blockSize, parallelism }: ScryptCost,
  length: number,
): Promise<Uint8Array> {
  const got = `2^${logCost}, ${blockSize}, ${parallelism}`;
  const expected = 'scrypt: expected a cost, block size and parallelism of RFC 7914';
  // Node takes 0 for its own default.
  if (![logCost, blockSize, parallelism].every((number) => Number.isSafeInteger(number) && number > 0))
    return Promise.reject(new RangeError(`${expected}, got ${got}`));
  const cost = 2 ** logCost;
  // What is needed, and room for what OpenSSL counts besides.
  const maxmem = BLOCK_OCTETS * blockSize * (cost + parallelism + 2) + 1024;
  return new Promise((resolve, reject) => {
    try {
      nodeScrypt(password, salt, length, { cost, blockSize, parallelization: parallelism, maxmem }, (error, made) => {
        if (error === null) resolve(new Uint8Array(made));
        else reject(error);
      });
    } catch {
      reject(new RangeError(`${expected}, got ${got}`));
    }
  });
}
