import { toHex } from '#base/codec/index.ts';
import type { Aes, AesProvider } from '#base/crypto/index.ts';
import type { OpenedOctets } from '#protocol/exchange/index.ts';

/** Cipher texts and MACs kept; older ones are forgotten. */
const MOST_KEPT = 20_000;
/** MACs kept of the same octets. */
const MOST_ALIKE = 16;

/** A map that forgets what was put in first. */
class Bounded<T> {
  readonly #kept = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#kept.get(key);
  }

  put(key: string, value: T): void {
    this.#kept.delete(key);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, value);
  }
}

/**
 * An AES implementation for cards of the laboratory that remembers what they opened. It is given to virtual cards in the place of their own:
 * no card, no operator and no handset knows of it, and outside the laboratory it is not there. No key is kept.
 */
export function watchedAes(inner: AesProvider): AesProvider & { readonly opened: OpenedOctets } {
  const plains = new Bounded<Uint8Array>();
  const macs = new Bounded<readonly { readonly mark: number; readonly mac: Uint8Array }[]>();
  let mark = 0;
  const keyOf = (parts: readonly (Uint8Array | undefined)[]) => parts.map((part) => (part ? toHex(part) : '')).join('');

  const rememberMac = (parts: readonly (Uint8Array | undefined)[], mac: Uint8Array) => {
    // The first part of a secure channel's MAC is its chaining value, which no trace shows.
    const key = keyOf(parts.slice(1));
    if (key === '') return;
    macs.put(key, [...(macs.get(key) ?? []), { mark: ++mark, mac: mac.slice() }].slice(-MOST_ALIKE));
  };

  const watched = (aes: Aes): Aes => ({
    keyLength: aes.keyLength,
    encryptBlock: (block, out) => aes.encryptBlock(block, out),
    encryptBlocks: (blocks, out) => aes.encryptBlocks(blocks, out),
    cbcEncrypt(iv, plain) {
      const before = plain.slice();
      const cipher = aes.cbcEncrypt(iv, plain);
      if (cipher.length > 0) plains.put(toHex(cipher), before);
      return cipher;
    },
    cbcDecrypt(iv, cipher) {
      const key = toHex(cipher);
      const plain = aes.cbcDecrypt(iv, cipher);
      // The first to open it knows what was put in: a later reader under another key sees noise.
      if (plain.length > 0 && plains.get(key) === undefined) plains.put(key, plain.slice());
      return plain;
    },
    cmac(a, b, c, d, out) {
      const mac = aes.cmac(a, b, c, d, out);
      rememberMac([a, b, c, d], mac);
      return mac;
    },
  });

  return {
    name: inner.name,
    key: (octets) => watched(inner.key(octets)),
    opened: {
      plainOf: (cipher) => plains.get(toHex(cipher)),
      get mark() {
        return mark;
      },
      macsOver: (until, ...covered) =>
        (macs.get(keyOf(covered)) ?? []).filter((one) => one.mark <= until).map(({ mac }) => mac),
    },
  };
}
