import { KeyObject } from 'node:crypto';
import {
  AES_BLOCK,
  type Aes,
  type AesKeyLength,
  type AesProvider,
  aesKeyLength,
  checkBlock,
  checkBlocks,
  checkCbcLengths,
} from './aes.ts';
import * as tables from './aes-tables.ts';
import { CryptoError } from './crypto-error.ts';

// As constants of this module: V8 folds those and not imported ones, which makes a block a third faster.
const { D0, D1, D2, D3, E0, E1, E2, E3, INVERSE_S, ROUND_CONSTANT, S } = tables;

/**
 * Round keys, 32 bits each. An ordinary array: V8 keeps it inside its heap, where it costs far less than a typed array of this length, and
 * a power-on needs six.
 */
type Schedule = number[];

// The block at work, as four columns. One for all keys: every operation runs to its end before another begins.
const state = new Int32Array(4);

function clearState(): void {
  for (let column = 0; column < 4; column++) state[column] = 0;
}

function loadState(from: Uint8Array, at: number): void {
  state[0] = (from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!;
  state[1] = (from[at + 4]! << 24) | (from[at + 5]! << 16) | (from[at + 6]! << 8) | from[at + 7]!;
  state[2] = (from[at + 8]! << 24) | (from[at + 9]! << 16) | (from[at + 10]! << 8) | from[at + 11]!;
  state[3] = (from[at + 12]! << 24) | (from[at + 13]! << 16) | (from[at + 14]! << 8) | from[at + 15]!;
}

function xorIntoState(from: Uint8Array, at: number): void {
  state[0]! ^= (from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!;
  state[1]! ^= (from[at + 4]! << 24) | (from[at + 5]! << 16) | (from[at + 6]! << 8) | from[at + 7]!;
  state[2]! ^= (from[at + 8]! << 24) | (from[at + 9]! << 16) | (from[at + 10]! << 8) | from[at + 11]!;
  state[3]! ^= (from[at + 12]! << 24) | (from[at + 13]! << 16) | (from[at + 14]! << 8) | from[at + 15]!;
}

function xorOctet(octet: number, at: number): void {
  state[at >> 2]! ^= octet << (24 - 8 * (at & 3));
}

function storeState(to: Uint8Array, at: number): void {
  for (let column = 0, i = at; column < 4; column++, i += 4) {
    const octets = state[column]!;
    to[i] = octets >>> 24;
    to[i + 1] = octets >>> 16;
    to[i + 2] = octets >>> 8;
    to[i + 3] = octets;
  }
}

/** FIPS 197 5.1 on `state`. `last` is where the key of the last round stands. */
function encryptState(keys: Schedule, last: number): void {
  let a = state[0]! ^ keys[0]!;
  let b = state[1]! ^ keys[1]!;
  let c = state[2]! ^ keys[2]!;
  let d = state[3]! ^ keys[3]!;
  for (let k = 4; k < last; k += 4) {
    const p = E0[a >>> 24]! ^ E1[(b >>> 16) & 255]! ^ E2[(c >>> 8) & 255]! ^ E3[d & 255]! ^ keys[k]!;
    const q = E0[b >>> 24]! ^ E1[(c >>> 16) & 255]! ^ E2[(d >>> 8) & 255]! ^ E3[a & 255]! ^ keys[k + 1]!;
    const r = E0[c >>> 24]! ^ E1[(d >>> 16) & 255]! ^ E2[(a >>> 8) & 255]! ^ E3[b & 255]! ^ keys[k + 2]!;
    d = E0[d >>> 24]! ^ E1[(a >>> 16) & 255]! ^ E2[(b >>> 8) & 255]! ^ E3[c & 255]! ^ keys[k + 3]!;
    a = p;
    b = q;
    c = r;
  }
  state[0] =
    keys[last]! ^ ((S[a >>> 24]! << 24) | (S[(b >>> 16) & 255]! << 16) | (S[(c >>> 8) & 255]! << 8) | S[d & 255]!);
  state[1] =
    keys[last + 1]! ^ ((S[b >>> 24]! << 24) | (S[(c >>> 16) & 255]! << 16) | (S[(d >>> 8) & 255]! << 8) | S[a & 255]!);
  state[2] =
    keys[last + 2]! ^ ((S[c >>> 24]! << 24) | (S[(d >>> 16) & 255]! << 16) | (S[(a >>> 8) & 255]! << 8) | S[b & 255]!);
  state[3] =
    keys[last + 3]! ^ ((S[d >>> 24]! << 24) | (S[(a >>> 16) & 255]! << 16) | (S[(b >>> 8) & 255]! << 8) | S[c & 255]!);
}

/** FIPS 197 5.3.5 on `state`, with the round keys of `decryptionKeys`. */
function decryptState(keys: Schedule, last: number): void {
  const I = INVERSE_S;
  let a = state[0]! ^ keys[0]!;
  let b = state[1]! ^ keys[1]!;
  let c = state[2]! ^ keys[2]!;
  let d = state[3]! ^ keys[3]!;
  for (let k = 4; k < last; k += 4) {
    const p = D0[a >>> 24]! ^ D1[(d >>> 16) & 255]! ^ D2[(c >>> 8) & 255]! ^ D3[b & 255]! ^ keys[k]!;
    const q = D0[b >>> 24]! ^ D1[(a >>> 16) & 255]! ^ D2[(d >>> 8) & 255]! ^ D3[c & 255]! ^ keys[k + 1]!;
    const r = D0[c >>> 24]! ^ D1[(b >>> 16) & 255]! ^ D2[(a >>> 8) & 255]! ^ D3[d & 255]! ^ keys[k + 2]!;
    d = D0[d >>> 24]! ^ D1[(c >>> 16) & 255]! ^ D2[(b >>> 8) & 255]! ^ D3[a & 255]! ^ keys[k + 3]!;
    a = p;
    b = q;
    c = r;
  }
  state[0] =
    keys[last]! ^ ((I[a >>> 24]! << 24) | (I[(d >>> 16) & 255]! << 16) | (I[(c >>> 8) & 255]! << 8) | I[b & 255]!);
  state[1] =
    keys[last + 1]! ^ ((I[b >>> 24]! << 24) | (I[(a >>> 16) & 255]! << 16) | (I[(d >>> 8) & 255]! << 8) | I[c & 255]!);
  state[2] =
    keys[last + 2]! ^ ((I[c >>> 24]! << 24) | (I[(b >>> 16) & 255]! << 16) | (I[(a >>> 8) & 255]! << 8) | I[d & 255]!);
  state[3] =
    keys[last + 3]! ^ ((I[d >>> 24]! << 24) | (I[(c >>> 16) & 255]! << 16) | (I[(b >>> 8) & 255]! << 8) | I[a & 255]!);
}

function substituteWord(word: number): number {
  return (S[word >>> 24]! << 24) | (S[(word >>> 16) & 255]! << 16) | (S[(word >>> 8) & 255]! << 8) | S[word & 255]!;
}

/** Key expansion, FIPS 197 5.2, of `octets` into the first `words` of `keys`. */
function expandKey(octets: Uint8Array, keys: Schedule, words: number): void {
  const keyWords = octets.length >> 2;
  for (let i = 0, at = 0; i < keyWords; i++, at += 4)
    keys[i] = (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
  let previous = keys[keyWords - 1]!;
  for (let i = keyWords, phase = 0, round = 0; i < words; i++) {
    if (phase === 0) previous = substituteWord((previous << 8) | (previous >>> 24)) ^ ROUND_CONSTANT[round++]!;
    else if (phase === 4 && keyWords === 8) previous = substituteWord(previous);
    previous ^= keys[i - keyWords]!;
    keys[i] = previous;
    phase = phase + 1 === keyWords ? 0 : phase + 1;
  }
}

/** InvMixColumns of one column of a round key (FIPS 197 5.3.5). */
function inverseMix(word: number): number {
  return D0[S[word >>> 24]!]! ^ D1[S[(word >>> 16) & 255]!]! ^ D2[S[(word >>> 8) & 255]!]! ^ D3[S[word & 255]!]!;
}

/** Writes the double of the four words at `from` to `to`: times x in GF(2^128) (SP 800-38B 6.1). */
function double(words: Schedule, from: number, to: number): void {
  const carry = (words[from]! >> 31) & 0x87;
  for (let i = 0; i < 3; i++) words[to + i] = (words[from + i]! << 1) | (words[from + i + 1]! >>> 31);
  words[to + 3] = (words[from + 3]! << 1) ^ carry;
}

/**
 * CBC-MAC over one part of a message, in `state`: parts do not end where blocks do. `filled` octets of a block stand in the state already;
 * returns how many do afterwards: 1 to 16 once the message has begun, as the last block waits for its subkey.
 */
function absorb(part: Uint8Array, filled: number, keys: Schedule, last: number): number {
  for (let at = 0; at < part.length; ) {
    if (filled === AES_BLOCK) {
      encryptState(keys, last);
      filled = 0;
    }
    if (filled === 0 && part.length - at >= AES_BLOCK) {
      xorIntoState(part, at);
      at += AES_BLOCK;
      filled = AES_BLOCK;
    } else xorOctet(part[at++]!, filled++);
  }
  return filled;
}

class TableAes implements Aes {
  readonly keyLength: AesKeyLength;
  // Round keys, then the two CMAC subkeys of four words each.
  readonly #keys: Schedule;
  /** Where the key of the last round stands. */
  readonly #last: number;
  #hasSubkeys = false;
  #inverseKeys: Schedule | undefined;

  constructor(octets: Uint8Array) {
    this.keyLength = aesKeyLength(octets.length);
    const words = octets.length + 28;
    this.#last = words - 4;
    this.#keys = new Array<number>(words + 8);
    expandKey(octets, this.#keys, words);
  }

  encryptBlock(block: Uint8Array, out: Uint8Array = new Uint8Array(AES_BLOCK)): Uint8Array {
    checkBlock(block);
    loadState(block, 0);
    encryptState(this.#keys, this.#last);
    storeState(out, 0);
    return out;
  }

  encryptBlocks(blocks: Uint8Array, out: Uint8Array = new Uint8Array(blocks.length)): Uint8Array {
    checkBlocks(blocks);
    for (let at = 0; at < blocks.length; at += AES_BLOCK) {
      loadState(blocks, at);
      encryptState(this.#keys, this.#last);
      storeState(out, at);
    }
    return out;
  }

  cbcEncrypt(iv: Uint8Array, plain: Uint8Array): Uint8Array {
    checkCbcLengths(iv, plain);
    const cipher = new Uint8Array(plain.length);
    const keys = this.#keys;
    const last = this.#last;
    loadState(iv, 0);
    for (let at = 0; at < plain.length; at += AES_BLOCK) {
      xorIntoState(plain, at);
      encryptState(keys, last);
      storeState(cipher, at);
    }
    return cipher;
  }

  cbcDecrypt(iv: Uint8Array, cipher: Uint8Array): Uint8Array {
    checkCbcLengths(iv, cipher);
    const keys = this.#decryptionKeys();
    const last = this.#last;
    const plain = new Uint8Array(cipher.length);
    for (let at = 0; at < cipher.length; at += AES_BLOCK) {
      loadState(cipher, at);
      decryptState(keys, last);
      if (at === 0) xorIntoState(iv, 0);
      else xorIntoState(cipher, at - AES_BLOCK);
      storeState(plain, at);
    }
    return plain;
  }

  cmac(
    a: Uint8Array,
    b?: Uint8Array,
    c?: Uint8Array,
    d?: Uint8Array,
    out: Uint8Array = new Uint8Array(AES_BLOCK),
  ): Uint8Array {
    if (!this.#hasSubkeys) this.#makeSubkeys();
    const keys = this.#keys;
    const last = this.#last;
    clearState();
    let filled = absorb(a, 0, keys, last);
    if (b !== undefined) filled = absorb(b, filled, keys, last);
    if (c !== undefined) filled = absorb(c, filled, keys, last);
    if (d !== undefined) filled = absorb(d, filled, keys, last);
    let subkey = last + 4;
    if (filled !== AES_BLOCK) {
      xorOctet(0x80, filled);
      subkey += 4;
    }
    for (let i = 0; i < 4; i++) state[i]! ^= keys[subkey + i]!;
    encryptState(keys, last);
    storeState(out, 0);
    return out;
  }

  #makeSubkeys(): void {
    const subkeys = this.#last + 4;
    clearState();
    encryptState(this.#keys, this.#last);
    for (let i = 0; i < 4; i++) this.#keys[subkeys + i] = state[i]!;
    double(this.#keys, subkeys, subkeys);
    double(this.#keys, subkeys, subkeys + 4);
    this.#hasSubkeys = true;
  }

  /** The round keys backwards, all but the outer two through InvMixColumns. */
  #decryptionKeys(): Schedule {
    if (this.#inverseKeys !== undefined) return this.#inverseKeys;
    const last = this.#last;
    const inverse: Schedule = new Array<number>(last + 4);
    for (let i = 0; i <= last; i += 4)
      for (let column = 0; column < 4; column++) {
        const key = this.#keys[last - i + column]!;
        inverse[i + column] = i === 0 || i === last ? key : inverseMix(key);
      }
    this.#inverseKeys = inverse;
    return inverse;
  }
}

/**
 * AES with look-up tables, fast with small messages and fresh keys. Its time depends on the key through the processor's
 * cache, so it is for virtual cards in a lab only; whoever holds an operator's or a real card's keys takes `nodeAes`.
 */
export const tableAes: AesProvider = {
  name: 'table',
  key(octets) {
    if (!(octets instanceof KeyObject)) return new TableAes(octets);
    if (octets.type !== 'secret') throw new CryptoError(`an AES key is a secret key, got a ${octets.type} key`);
    return new TableAes(octets.export());
  },
};
