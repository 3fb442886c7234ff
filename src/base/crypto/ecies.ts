import { concat } from '#base/codec/index.ts';
import type { Random } from '#base/port/index.ts';
import { AES_BLOCK, type Aes, type AesProvider } from './aes.ts';
import { CryptoError } from './crypto-error.ts';
import {
  compressedPoint,
  ecdh,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  type PrivateKey,
  uncompressedPoint,
} from './elliptic.ts';
import { equalsPart } from './equal-octets.ts';
import { hmac } from './hmac.ts';
import { x963Kdf } from './kdf.ts';
import { X25519_OCTETS, x25519, x25519PublicKey } from './x25519.ts';

/** The profiles of ECIES that conceal a SUPI (TS 33.501 C.3.4): A is over Curve25519, B over P-256 with compressed points. */
export type EciesProfile = 'A' | 'B';

/** A key pair at one end: its public key as it is written, and the secret it shares with another public key. */
interface KeyEnd {
  readonly publicKey: Uint8Array;
  agree(other: Uint8Array): Uint8Array;
}

interface Domain {
  /** Octets of a public key in a scheme output. */
  readonly publicOctets: number;
  end(privateKey: Uint8Array): KeyEnd;
  fresh(random: Random): KeyEnd;
}

const curve25519End = (privateKey: Uint8Array): KeyEnd => ({
  publicKey: x25519PublicKey(privateKey),
  agree: (other) => x25519(privateKey, other),
});
const p256End = (privateKey: PrivateKey): KeyEnd => ({
  publicKey: compressedPoint(privateKey),
  agree: (other) => ecdh(privateKey, importPublicKey('P-256', uncompressedPoint('P-256', other))),
});

const DOMAINS: Record<EciesProfile, Domain> = {
  A: {
    publicOctets: X25519_OCTETS,
    end: curve25519End,
    fresh: (random) => curve25519End(random.octets(X25519_OCTETS)),
  },
  B: {
    publicOctets: 33,
    end: (privateKey) => p256End(importPrivateKey('P-256', privateKey)),
    fresh: (random) => p256End(generateKeyPair('P-256', random).privateKey),
  },
};

/** Octets of encryption key and initial counter block, of the MAC key, and of the tag (TS 33.501 C.3.4.1, C.3.4.2). */
const KEY = 16;
const MAC_KEY = 32;
const TAG = 8;

interface Keys {
  readonly cipher: Uint8Array;
  readonly counterBlock: Uint8Array;
  readonly mac: Uint8Array;
}

/** ANSI X9.63 with the ephemeral public key as shared information (TS 33.501 C.3.2). */
function keysOf(secret: Uint8Array, ephemeralKey: Uint8Array): Keys {
  const derived = x963Kdf('sha256', secret, ephemeralKey, KEY + AES_BLOCK + MAC_KEY);
  secret.fill(0);
  return {
    cipher: derived.slice(0, KEY),
    counterBlock: derived.slice(KEY, KEY + AES_BLOCK),
    mac: derived.slice(KEY + AES_BLOCK),
  };
}

/** CTR (SP 800-38A 6.5) with a counter of 128 bits; its own inverse. */
function counterMode(aes: Aes, counterBlock: Uint8Array, text: Uint8Array): Uint8Array {
  const counter = counterBlock.slice();
  const out = text.slice();
  for (let at = 0; at < out.length; at += AES_BLOCK) {
    const stream = aes.encryptBlock(counter);
    for (let i = 0; i < AES_BLOCK && at + i < out.length; i++) out[at + i]! ^= stream[i]!;
    for (let i = AES_BLOCK - 1; i >= 0 && ++counter[i]! > 0xff; i--);
  }
  return out;
}

const tagOf = (mac: Uint8Array, cipherText: Uint8Array) => hmac('sha256', mac, cipherText).slice(0, TAG);

/** The public key of a home network's private key, as EF.SUCI_Calc_Info holds it: 32 octets, or 33 with profile B. */
export function eciesPublicKey(profile: EciesProfile, privateKey: Uint8Array): Uint8Array {
  return DOMAINS[profile].end(privateKey).publicKey;
}

/**
 * Scheme output: ephemeral public key | cipher text | tag of 8 octets (TS 33.501 C.3.2). The ephemeral key comes from `random`. A public
 * key that is none throws CryptoError; of profile B it may stand with both coordinates too.
 */
export function eciesConceal(
  profile: EciesProfile,
  homeNetworkKey: Uint8Array,
  plain: Uint8Array,
  { random, aes }: { readonly random: Random; readonly aes: AesProvider },
): Uint8Array {
  const ephemeral = DOMAINS[profile].fresh(random);
  const { cipher, counterBlock, mac } = keysOf(ephemeral.agree(homeNetworkKey), ephemeral.publicKey);
  const cipherText = counterMode(aes.key(cipher), counterBlock, plain);
  return concat(ephemeral.publicKey, cipherText, tagOf(mac, cipherText));
}

/** What a scheme output conceals (TS 33.501 C.3.3); undefined when it is none for this key: wrong length, point or tag. */
export function eciesReveal(
  profile: EciesProfile,
  privateKey: Uint8Array,
  schemeOutput: Uint8Array,
  aes: AesProvider,
): Uint8Array | undefined {
  const { publicOctets, end } = DOMAINS[profile];
  const tagAt = schemeOutput.length - TAG;
  if (tagAt < publicOctets) return undefined;
  const ephemeralKey = schemeOutput.slice(0, publicOctets);
  const cipherText = schemeOutput.slice(publicOctets, tagAt);
  const secret = agreed(end(privateKey), ephemeralKey);
  if (secret === undefined) return undefined;
  const { cipher, counterBlock, mac } = keysOf(secret, ephemeralKey);
  if (!equalsPart(tagOf(mac, cipherText), schemeOutput, tagAt, TAG)) return undefined;
  return counterMode(aes.key(cipher), counterBlock, cipherText);
}

function agreed(end: KeyEnd, other: Uint8Array): Uint8Array | undefined {
  try {
    return end.agree(other);
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}
