import type { KeyObject } from 'node:crypto';
import { CryptoError } from './crypto-error.ts';

/** Octets of one AES block, of an initial chaining value and of a whole CMAC (FIPS 197, SP 800-38B). */
export const AES_BLOCK = 16;

/** Octets of an AES key: AES-128, AES-192, AES-256. */
export type AesKeyLength = 16 | 24 | 32;

/** One AES key, ready for use: what depends on the key alone (schedule, CMAC subkeys) is computed once and kept. */
export interface Aes {
  readonly keyLength: AesKeyLength;
  /** One block of 16 octets enciphered (FIPS 197), into `out` when given (which may be `block`), else into new memory. */
  encryptBlock(block: Uint8Array, out?: Uint8Array): Uint8Array;
  /** Whole blocks, each enciphered by itself (ECB), into `out` when given, which may be `blocks`. CryptoError for part blocks. */
  encryptBlocks(blocks: Uint8Array, out?: Uint8Array): Uint8Array;
  /** CBC without padding (SP 800-38A): `iv` of 16 octets, `plain` of whole blocks. Throws CryptoError for other lengths. */
  cbcEncrypt(iv: Uint8Array, plain: Uint8Array): Uint8Array;
  /** The inverse of cbcEncrypt; removes no padding. Throws CryptoError for a length that is not of whole blocks. */
  cbcDecrypt(iv: Uint8Array, cipher: Uint8Array): Uint8Array;
  /**
   * AES-CMAC (SP 800-38B, RFC 4493) over the parts one after another, all 16 octets; the caller truncates. The result may stand in `out`
   * of 16 octets, when given, or in new memory.
   */
  cmac(a: Uint8Array, b?: Uint8Array, c?: Uint8Array, d?: Uint8Array, out?: Uint8Array): Uint8Array;
}

/** An implementation of AES. Rooms take one as an argument, so a virtual card and an operator can use different ones. */
export interface AesProvider {
  readonly name: string;
  /** Prepares a key of 16, 24 or 32 octets. Throws CryptoError for another length. */
  key(octets: Uint8Array | KeyObject): Aes;
}

/** The key length as a type. Throws CryptoError unless it is 16, 24 or 32. */
export function aesKeyLength(length: number | undefined): AesKeyLength {
  if (length === 16 || length === 24 || length === 32) return length;
  throw new CryptoError(`an AES key has 16, 24 or 32 octets, got ${length}`);
}

/** Throws CryptoError unless `text` is whole blocks. */
export function checkBlocks(text: Uint8Array): void {
  if (text.length % AES_BLOCK !== 0)
    throw new CryptoError(`AES takes whole blocks of 16 octets here, got ${text.length}`);
}

/** Throws CryptoError unless `iv` is one block and `text` whole blocks. */
export function checkCbcLengths(iv: Uint8Array, text: Uint8Array): void {
  if (iv.length !== AES_BLOCK) throw new CryptoError(`a CBC initial value has 16 octets, got ${iv.length}`);
  checkBlocks(text);
}

/** Throws CryptoError unless `block` is 16 octets. */
export function checkBlock(block: Uint8Array): void {
  if (block.length !== AES_BLOCK) throw new CryptoError(`an AES block has 16 octets, got ${block.length}`);
}

/** Times x in GF(2^128) (SP 800-38B 6.1), without a branch on the key. */
export function doubled(block: Uint8Array): Uint8Array {
  const twice = new Uint8Array(AES_BLOCK);
  for (let i = 0; i < AES_BLOCK - 1; i++) twice[i] = (block[i]! << 1) | (block[i + 1]! >> 7);
  twice[15] = (block[15]! << 1) ^ (0x87 & -(block[0]! >> 7));
  return twice;
}

const ONES = new Uint8Array(AES_BLOCK).fill(1);

/** Key check value: the first 3 octets of AES over sixteen octets 01 (GPC Amendment D 7.2.2). Tells nothing of the key. */
export function keyCheckValue(aes: Aes): Uint8Array {
  return aes.encryptBlock(ONES).slice(0, 3);
}
