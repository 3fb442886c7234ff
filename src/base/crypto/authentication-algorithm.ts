import { CryptoError } from './crypto-error.ts';

/** What f2 to f5 give for one RAND (TS 33.102 6.3.2): response, cipher key, integrity key, anonymity key of 6 octets. */
export interface AuthenticationKeys {
  readonly res: Uint8Array;
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
  readonly ak: Uint8Array;
}

/**
 * The authentication and key generation functions of TS 33.102 clause 6.3 for one subscriber: Milenage, TUAK or the test algorithm XOR.
 * RAND is 16 octets, SQN a number below 2^48, AMF a number below 2^16; others throw CryptoError.
 */
export interface AuthenticationAlgorithm {
  readonly name: 'Milenage' | 'TUAK' | 'XOR';
  /** MAC-A: 8 octets, with TUAK also 16 or 32. */
  f1(rand: Uint8Array, sqn: number, amf: number): Uint8Array;
  /** MAC-S of a resynchronisation, as long as MAC-A. */
  f1star(rand: Uint8Array, sqn: number, amf: number): Uint8Array;
  /** RES, CK, IK and AK at once. */
  f2345(rand: Uint8Array): AuthenticationKeys;
  /** AK of a resynchronisation, 6 octets. */
  f5star(rand: Uint8Array): Uint8Array;
}

/** Octets of RAND, of SQN and AK. */
export const RAND_OCTETS = 16;
export const SQN_OCTETS = 6;

const SQN_LIMIT = 2 ** 48;

/** Throws CryptoError unless `rand` is 16 octets. */
export function checkRand(rand: Uint8Array): void {
  if (rand.length !== RAND_OCTETS) throw new CryptoError(`RAND has 16 octets, got ${rand.length}`);
}

/** Writes SQN, 6 octets, most significant first, at `at`. Throws CryptoError unless it is a whole number below 2^48. */
export function putSqn(sqn: number, into: Uint8Array, at: number): void {
  if (!Number.isInteger(sqn) || sqn < 0 || sqn >= SQN_LIMIT) throw new CryptoError('SQN is a whole number of 48 bits');
  const high = Math.floor(sqn / 0x1_0000_0000);
  into[at] = high >>> 8;
  into[at + 1] = high;
  into[at + 2] = sqn >>> 24;
  into[at + 3] = sqn >>> 16;
  into[at + 4] = sqn >>> 8;
  into[at + 5] = sqn;
}

/** Writes AMF, 2 octets, at `at`. Throws CryptoError unless it is a whole number below 2^16. */
export function putAmf(amf: number, into: Uint8Array, at: number): void {
  if (!Number.isInteger(amf) || amf < 0 || amf > 0xffff) throw new CryptoError('AMF is a whole number of 16 bits');
  into[at] = amf >>> 8;
  into[at + 1] = amf;
}
