import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { CryptoError } from './crypto-error.ts';

const DES_BLOCK = 8;
const ZEROS = new Uint8Array(DES_BLOCK);

/** A triple-DES key of two or three parts. Single DES has no such type. */
export class TripleDesKey {
  readonly #key: KeyObject;
  readonly #algorithm: 'des-ede-cbc' | 'des-ede3-cbc';

  constructor(octets: Uint8Array) {
    if (octets.length !== 16 && octets.length !== 24)
      throw new CryptoError(`a triple-DES key has 16 or 24 octets, got ${octets.length}; single DES is not accepted`);
    this.#key = createSecretKey(octets);
    this.#algorithm = octets.length === 16 ? 'des-ede-cbc' : 'des-ede3-cbc';
  }

  /** CBC of whole blocks without padding, decrypted (TS 102 225 5.1.2: initial value zero). For reading old cards' packets. */
  cbcDecrypt(iv: Uint8Array, cipher: Uint8Array): Uint8Array {
    if (iv.length !== DES_BLOCK) throw new CryptoError(`a DES initial value has 8 octets, got ${iv.length}`);
    if (cipher.length % DES_BLOCK !== 0)
      throw new CryptoError(`DES takes whole blocks of 8 octets, got ${cipher.length}`);
    const decipher = createDecipheriv(this.#algorithm, this.#key, iv).setAutoPadding(false);
    return new Uint8Array(decipher.update(cipher));
  }

  /** The cryptographic checksum of TS 102 225 5.1.3.1: last block of CBC from zero over the parts, zero-padded. 8 octets. */
  cbcMac(...parts: readonly Uint8Array[]): Uint8Array {
    const cipher = createCipheriv(this.#algorithm, this.#key, ZEROS).setAutoPadding(false);
    let length = 0;
    let last: Uint8Array = ZEROS;
    const take = (part: Uint8Array) => {
      const blocks = cipher.update(part);
      if (blocks.length > 0) last = blocks.subarray(-DES_BLOCK);
      length += part.length;
    };
    for (const part of parts) take(part);
    const open = length % DES_BLOCK;
    if (open !== 0 || length === 0) take(ZEROS.subarray(open));
    return new Uint8Array(last);
  }
}
