import { AES_BLOCK, type Aes, doubled } from './aes.ts';
import { CryptoError } from './crypto-error.ts';
import { equalOctets } from './equal-octets.ts';
import { nodeAes } from './node-aes.ts';

/** Octets of the synthetic initial value that stands before the cipher text. */
export const SIV_OCTETS = AES_BLOCK;

/** Authenticated encryption that needs no nonce (RFC 5297): the same text under the same associated data gives the same octets, nothing more is lost. */
export interface AesSiv {
  /** Synthetic initial value (16 octets), then the cipher text, as long as `plain`. */
  seal(plain: Uint8Array, associated: Uint8Array): Uint8Array;
  /** What was sealed under this key and associated data; undefined for anything else, whatever is wrong with it. */
  open(sealed: Uint8Array, associated: Uint8Array): Uint8Array | undefined;
}

const ZEROS = new Uint8Array(AES_BLOCK);
/** The counter begins without these bits, so that 32-bit and 64-bit arithmetic would do (RFC 5297 2.6). */
const CLEARED = [8, 12] as const;

/**
 * AES-SIV with one string of associated data, of a key of 32, 48 or 64 octets: half for CMAC, half for CTR; the octets given are not kept.
 * Throws CryptoError for another length.
 */
export function aesSiv(key: Uint8Array): AesSiv {
  const half = key.length / 2;
  if (half % 8 !== 0 || half < 16 || half > 32)
    throw new CryptoError(`AES-SIV: expected a key of 32, 48 or 64 octets, got ${key.length}`);
  const mac = nodeAes.key(key.subarray(0, half));
  const cipher = nodeAes.key(key.subarray(half));
  return {
    seal(plain, associated) {
      const initial = syntheticInitial(mac, associated, plain);
      const sealed = new Uint8Array(SIV_OCTETS + plain.length);
      sealed.set(initial);
      counterMode(cipher, initial, plain, sealed.subarray(SIV_OCTETS));
      return sealed;
    },
    open(sealed, associated) {
      if (sealed.length < SIV_OCTETS) return undefined;
      const initial = sealed.slice(0, SIV_OCTETS);
      const plain = new Uint8Array(sealed.length - SIV_OCTETS);
      counterMode(cipher, initial, sealed.subarray(SIV_OCTETS), plain);
      // SIV has to decipher before it can check; nothing of a text that fails leaves here.
      if (equalOctets(syntheticInitial(mac, associated, plain), initial)) return plain;
      plain.fill(0);
      return undefined;
    },
  };
}

/** S2V over the associated data and the text (RFC 5297 2.4). */
function syntheticInitial(mac: Aes, associated: Uint8Array, text: Uint8Array): Uint8Array {
  const sum = xored(doubled(mac.cmac(ZEROS)), mac.cmac(associated));
  if (text.length < AES_BLOCK) {
    const padded = new Uint8Array(AES_BLOCK);
    padded.set(text);
    padded[text.length] = 0x80;
    return mac.cmac(xored(doubled(sum), padded));
  }
  const end = text.length - AES_BLOCK;
  return mac.cmac(text.subarray(0, end), xored(sum, text.subarray(end)));
}

function xored(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum = a.slice();
  for (let i = 0; i < AES_BLOCK; i++) sum[i]! ^= b[i]!;
  return sum;
}

/** CTR (SP 800-38A 6.5) from the synthetic initial value on (RFC 5297 2.5). */
function counterMode(cipher: Aes, initial: Uint8Array, text: Uint8Array, out: Uint8Array): void {
  const blocks = new Uint8Array(Math.ceil(text.length / AES_BLOCK) * AES_BLOCK);
  const counter = initial.slice();
  for (const at of CLEARED) counter[at]! &= 0x7f;
  for (let at = 0; at < blocks.length; at += AES_BLOCK) {
    blocks.set(counter, at);
    for (let i = AES_BLOCK - 1; i >= 0 && ++counter[i]! > 0xff; i--);
  }
  cipher.encryptBlocks(blocks, blocks);
  for (let i = 0; i < text.length; i++) out[i] = text[i]! ^ blocks[i]!;
  blocks.fill(0);
}
