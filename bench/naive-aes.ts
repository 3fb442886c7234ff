import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { Aes, AesKeyLength, AesProvider } from '#base/crypto/index.ts';

const BLOCK = 16;

/** Doubling in GF(2^128) for the subkeys of CMAC (SP 800-38B 6.1). */
function doubled(block: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) out[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7);
  if (((block[0] as number) & 0x80) !== 0) out[15] = (out[15] as number) ^ 0x87;
  return out;
}

function cipher(key: Uint8Array, mode: 'ecb' | 'cbc', iv: Uint8Array | null, data: Uint8Array): Uint8Array {
  const made = createCipheriv(`aes-${8 * key.length}-${mode}`, key, iv).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([made.update(data), made.final()]));
}

function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const k1 = doubled(cipher(key, 'ecb', null, new Uint8Array(BLOCK)));
  const isWhole = message.length > 0 && message.length % BLOCK === 0;
  const padded = new Uint8Array(isWhole ? message.length : message.length + BLOCK - (message.length % BLOCK));
  padded.set(message);
  if (!isWhole) padded[message.length] = 0x80;
  const mask = isWhole ? k1 : doubled(k1);
  for (let i = 0, at = padded.length - BLOCK; i < BLOCK; i++)
    padded[at + i] = (padded[at + i] as number) ^ (mask[i] as number);
  return cipher(key, 'cbc', new Uint8Array(BLOCK), padded).slice(-BLOCK);
}

/** AES as one writes it first with node:crypto: a cipher object for each operation, the subkeys of CMAC each time. What all is measured against. */
export const naiveAes: AesProvider = {
  name: 'naive',
  key(octets: Uint8Array | KeyObject): Aes {
    const key = octets instanceof Uint8Array ? octets : new Uint8Array(octets.export());
    const encryptBlocks = (blocks: Uint8Array, out?: Uint8Array) => {
      const result = cipher(key, 'ecb', null, blocks);
      out?.set(result);
      return out ?? result;
    };
    return {
      keyLength: key.length as AesKeyLength,
      encryptBlock: encryptBlocks,
      encryptBlocks,
      cbcEncrypt: (iv, plain) => cipher(key, 'cbc', iv, plain),
      cbcDecrypt(iv, data) {
        const made = createDecipheriv(`aes-${8 * key.length}-cbc`, key, iv).setAutoPadding(false);
        return new Uint8Array(Buffer.concat([made.update(data), made.final()]));
      },
      cmac: (a, b, c, d) => cmac(key, new Uint8Array(Buffer.concat([a, b, c, d].filter((part) => part !== undefined)))),
    };
  },
};
