import type { Aes, AesProvider } from './aes.ts';
import { CryptoError } from './crypto-error.ts';
import { digest, type Hash, hashLength } from './digest.ts';
import { equalsPart } from './equal-octets.ts';
import { hmac } from './hmac.ts';

const CMAC_OCTETS = 16;
/** The counter is one octet here. */
const MAX_BLOCKS = 255;

function octetsOfBits(lengthBits: number): number {
  const length = lengthBits / 8;
  if (!Number.isInteger(length) || length < 1 || length > MAX_BLOCKS * CMAC_OCTETS)
    throw new CryptoError(`a derived length is 8 to ${MAX_BLOCKS * 128} bits in whole octets, got ${lengthBits}`);
  return length;
}

/**
 * Key derivation in counter mode with AES-CMAC and a counter of one octet (SP 800-108 4.1): the blocks
 * CMAC(before | i | after) for i = 1, 2 … one after another, cut to `lengthBits`. The key is `aes`.
 */
export function sp800108CounterCmac(aes: Aes, before: Uint8Array, after: Uint8Array, lengthBits: number): Uint8Array {
  const counted = new Uint8Array(before.length + 1);
  counted.set(before);
  return derive(aes, counted, after, octetsOfBits(lengthBits));
}

/** `length` octets; the last octet of `counted` is the counter. */
function derive(aes: Aes, counted: Uint8Array, after: Uint8Array, length: number): Uint8Array {
  const counter = counted.length - 1;
  counted[counter] = 1;
  if (length < CMAC_OCTETS) return aes.cmac(counted, after, undefined, undefined, derived).slice(0, length);
  const first = aes.cmac(counted, after);
  if (length === CMAC_OCTETS) return first;
  const blocks = new Uint8Array(length);
  blocks.set(first);
  for (let at = CMAC_OCTETS; at < length; at += CMAC_OCTETS) {
    counted[counter]!++;
    blocks.set(aes.cmac(counted, after).subarray(0, length - at), at);
  }
  return blocks;
}

// Label of eleven octets 00 and the constant, separation indicator 00, L in bits, counter: rewritten by each derivation.
const scp03Counted = new Uint8Array(16);

/**
 * Key derivation of SCP03 (GPC Amendment D 4.1.5): `constant` says what is derived (00 card cryptogram … 07 S-RMAC),
 * `lengthBits` is 64, 128, 192 or 256, `context` host challenge | card challenge (constant 02: sequence counter | AID).
 */
export function scp03Kdf(aes: Aes, constant: number, lengthBits: number, context: Uint8Array): Uint8Array {
  const length = octetsOfBits(lengthBits);
  scp03Label(constant, lengthBits);
  return derive(aes, scp03Counted, context, length);
}

/** True when `octets` is what `scp03Kdf` derives of its length, 1 to 16: a cryptogram. In constant time. */
export function isScp03Derived(aes: Aes, constant: number, context: Uint8Array, octets: Uint8Array): boolean {
  const length = octetsOfBits(8 * octets.length);
  if (length > CMAC_OCTETS) throw new CryptoError(`a cryptogram has at most 16 octets, got ${length}`);
  return equalsPart(deriveBlock(aes, constant, 8 * length, context), octets, 0, length);
}

/** The key that `scp03Kdf` derives, as long as the one it is derived from, prepared. */
export function scp03Key(provider: AesProvider, aes: Aes, constant: number, context: Uint8Array): Aes {
  const bits = 8 * aes.keyLength;
  if (aes.keyLength > CMAC_OCTETS) return provider.key(scp03Kdf(aes, constant, bits, context));
  const key = provider.key(deriveBlock(aes, constant, bits, context));
  for (let i = 0; i < CMAC_OCTETS; i++) derived[i] = 0;
  return key;
}

// Where a key or cryptogram stands between its derivation and its use, which follows at once.
const derived = new Uint8Array(CMAC_OCTETS);

/** The first block of a derivation, good until the next. */
function deriveBlock(aes: Aes, constant: number, lengthBits: number, context: Uint8Array): Uint8Array {
  scp03Label(constant, lengthBits);
  scp03Counted[15] = 1;
  return aes.cmac(scp03Counted, context, undefined, undefined, derived);
}

function scp03Label(constant: number, lengthBits: number): void {
  scp03Counted[11] = constant;
  scp03Counted[13] = lengthBits >> 8;
  scp03Counted[14] = lengthBits;
}

/** As many hash blocks as any key set here could need. */
const MAX_X963_BLOCKS = 255;

/**
 * Key derivation of ANSI X9.63, also BSI TR-03111 4.3.3: hash(z | 00000001 | sharedInfo) | hash(z | 00000002 | sharedInfo) …
 * cut to `length` octets. Z is wiped from the memory used here; `z` itself stays the caller's to wipe.
 */
export function x963Kdf(hash: Hash, z: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array {
  const block = hashLength(hash);
  if (!Number.isInteger(length) || length < 1 || length > MAX_X963_BLOCKS * block)
    throw new CryptoError(`X9.63 derives 1 to ${MAX_X963_BLOCKS * block} octets here, got ${length}`);
  const input = new Uint8Array(z.length + 4 + sharedInfo.length);
  input.set(z);
  input.set(sharedInfo, z.length + 4);
  const key = new Uint8Array(length);
  for (let at = 0; at < length; at += block) {
    input[z.length + 3]!++;
    key.set(digest(hash, input).subarray(0, length - at), at);
  }
  input.fill(0);
  return key;
}

/**
 * The key derivation of 3GPP (TS 33.220 B.2): HMAC-SHA-256 of FC | P0 | L0 | P1 | L1 …, each length in two octets. 32 octets. Throws
 * CryptoError for a parameter of more than 65535.
 */
export function kdf3gpp(key: Uint8Array, fc: number, ...parameters: readonly Uint8Array[]): Uint8Array {
  const parts = parameters.flatMap((parameter) => {
    if (parameter.length > 0xffff)
      throw new CryptoError(`a parameter has at most 65535 octets, got ${parameter.length}`);
    return [parameter, Uint8Array.of(parameter.length >> 8, parameter.length)];
  });
  return hmac('sha256', key, Uint8Array.of(fc), ...parts);
}
