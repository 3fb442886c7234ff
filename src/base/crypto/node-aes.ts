import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type Decipheriv,
  KeyObject,
} from 'node:crypto';
import {
  AES_BLOCK,
  type Aes,
  type AesKeyLength,
  type AesProvider,
  aesKeyLength,
  checkBlock,
  checkBlocks,
  checkCbcLengths,
  doubled,
} from './aes.ts';
import { CryptoError } from './crypto-error.ts';

const ZEROS = new Uint8Array(AES_BLOCK);

// Messages are put together here; longer ones get memory of their own. Cleared after each use.
const SCRATCH_OCTETS = 4096;
const scratch = new Uint8Array(SCRATCH_OCTETS);

function working(length: number): Uint8Array {
  return length <= SCRATCH_OCTETS ? scratch.subarray(0, length) : new Uint8Array(length);
}

function xorBlock(into: Uint8Array, at: number, block: Uint8Array): void {
  for (let i = 0; i < AES_BLOCK; i++) into[at + i]! ^= block[i]!;
}

class NodeAes implements Aes {
  readonly keyLength: AesKeyLength;
  readonly #key: KeyObject;
  // One object for each use and the life of the key. CBC chains on from the last cipher block, so a new message begins by
  // xoring that block away again: one call a message instead of one object a message.
  #ecb: Cipheriv | undefined;
  #cbc: Cipheriv | undefined;
  readonly #chain = new Uint8Array(AES_BLOCK);
  #decipher: Decipheriv | undefined;
  readonly #decipherChain = new Uint8Array(AES_BLOCK);
  #subkeys: readonly [Uint8Array, Uint8Array] | undefined;

  constructor(key: KeyObject) {
    this.keyLength = aesKeyLength(key.symmetricKeySize);
    this.#key = key;
  }

  encryptBlock(block: Uint8Array, out: Uint8Array = new Uint8Array(AES_BLOCK)): Uint8Array {
    checkBlock(block);
    return this.encryptBlocks(block, out);
  }

  encryptBlocks(blocks: Uint8Array, out: Uint8Array = new Uint8Array(blocks.length)): Uint8Array {
    checkBlocks(blocks);
    this.#ecb ??= createCipheriv(this.#algorithm('ecb'), this.#key, null).setAutoPadding(false);
    out.set(this.#ecb.update(blocks));
    return out;
  }

  cbcEncrypt(iv: Uint8Array, plain: Uint8Array): Uint8Array {
    checkCbcLengths(iv, plain);
    if (plain.length === 0) return new Uint8Array(0);
    const message = working(plain.length);
    message.set(plain);
    xorBlock(message, 0, iv);
    return this.#encrypt(message);
  }

  cbcDecrypt(iv: Uint8Array, cipher: Uint8Array): Uint8Array {
    checkCbcLengths(iv, cipher);
    if (cipher.length === 0) return new Uint8Array(0);
    this.#decipher ??= createDecipheriv(this.#algorithm('cbc'), this.#key, ZEROS).setAutoPadding(false);
    const plain = octetsOf(this.#decipher.update(cipher));
    xorBlock(plain, 0, this.#decipherChain);
    xorBlock(plain, 0, iv);
    this.#decipherChain.set(cipher.subarray(cipher.length - AES_BLOCK));
    return plain;
  }

  cmac(a: Uint8Array, b: Uint8Array = NONE, c: Uint8Array = NONE, d: Uint8Array = NONE): Uint8Array {
    this.#subkeys ??= this.#makeSubkeys();
    const length = a.length + b.length + c.length + d.length;
    const padded = Math.max(AES_BLOCK, Math.ceil(length / AES_BLOCK) * AES_BLOCK);
    const message = working(padded);
    message.set(a);
    message.set(b, a.length);
    message.set(c, a.length + b.length);
    message.set(d, a.length + b.length + c.length);
    if (length !== padded) message[length] = 0x80;
    xorBlock(message, padded - AES_BLOCK, this.#subkeys[length === padded ? 0 : 1]);
    return this.#encrypt(message).slice(padded - AES_BLOCK);
  }

  /** CBC with a zero initial value, clearing `message`. */
  #encrypt(message: Uint8Array): Uint8Array {
    this.#cbc ??= createCipheriv(this.#algorithm('cbc'), this.#key, ZEROS).setAutoPadding(false);
    xorBlock(message, 0, this.#chain);
    const cipher = octetsOf(this.#cbc.update(message));
    message.fill(0);
    this.#chain.set(cipher.subarray(cipher.length - AES_BLOCK));
    return cipher;
  }

  #makeSubkeys(): readonly [Uint8Array, Uint8Array] {
    const first = doubled(this.encryptBlock(ZEROS));
    return [first, doubled(first)];
  }

  #algorithm(mode: 'ecb' | 'cbc'): string {
    return `aes-${this.keyLength * 8}-${mode}`;
  }
}

const NONE = new Uint8Array(0);

/** The same octets without Buffer's own methods, whose `slice` shares memory. */
function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** AES of node:crypto (OpenSSL, constant in time): for every key that leaves the lab. Accepts a KeyObject, best kept as one. */
export const nodeAes: AesProvider = {
  name: 'node',
  key(octets) {
    if (!(octets instanceof KeyObject)) return new NodeAes(createSecretKey(octets));
    if (octets.type !== 'secret') throw new CryptoError(`an AES key is a secret key, got a ${octets.type} key`);
    return new NodeAes(octets);
  },
};
