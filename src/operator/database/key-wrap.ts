import { concat } from '#base/codec/index.ts';
import { AES_BLOCK, type Aes, equalOctets } from '#base/crypto/index.ts';

/** Octets of a semiblock (RFC 3394 2). */
const SEMIBLOCK = 8;
const ROUNDS = 6;
const ZEROS = new Uint8Array(AES_BLOCK);
/** Begin of the alternative initial value (RFC 5649 3); the length of the secret follows in four octets. */
const INITIAL_VALUE = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6);
/** Longest secret, in octets. */
const LONGEST_SECRET = 4096;

function initialValue(length: number): Uint8Array {
  return concat(INITIAL_VALUE, Uint8Array.of(0, 0, length >> 8, length & 0xff));
}

/** Exclusive or of the step number into the last octets of A. */
function countIn(a: Uint8Array, step: number): void {
  for (let at = SEMIBLOCK - 1, left = step; left > 0; at--, left >>>= 8) a[at] = (a[at] ?? 0) ^ (left & 0xff);
}

/** AES key wrap with padding (RFC 5649 4.1): encrypts and authenticates `secret` (1 to 4096 octets); the same in, the same out. */
export function wrapKey(key: Aes, secret: Uint8Array): Uint8Array {
  if (secret.length === 0 || secret.length > LONGEST_SECRET)
    throw new RangeError(`key wrap: expected 1 to ${LONGEST_SECRET} octets, got ${secret.length}`);
  const count = Math.ceil(secret.length / SEMIBLOCK);
  const wrapped = new Uint8Array((count + 1) * SEMIBLOCK);
  wrapped.set(initialValue(secret.length));
  wrapped.set(secret, SEMIBLOCK);
  if (count === 1) return key.encryptBlock(wrapped);
  const block = new Uint8Array(AES_BLOCK);
  block.set(wrapped.subarray(0, SEMIBLOCK));
  for (let step = 1; step <= ROUNDS * count; step++) {
    const at = (((step - 1) % count) + 1) * SEMIBLOCK;
    block.set(wrapped.subarray(at, at + SEMIBLOCK), SEMIBLOCK);
    key.encryptBlock(block, block);
    countIn(block, step);
    wrapped.set(block.subarray(SEMIBLOCK), at);
  }
  wrapped.set(block.subarray(0, SEMIBLOCK));
  return wrapped;
}

/** The secret back (RFC 5649 4.2); undefined when it was changed or wrapped under another key. */
export function unwrapKey(key: Aes, wrapped: Uint8Array): Uint8Array | undefined {
  const count = wrapped.length / SEMIBLOCK - 1;
  if (!Number.isInteger(count) || count < 1 || count * SEMIBLOCK > LONGEST_SECRET) return undefined;
  const plain = count === 1 ? key.cbcDecrypt(ZEROS, wrapped) : unwrapped(key, wrapped, count);
  const length = ((plain[6] ?? 0) << 8) | (plain[7] ?? 0);
  const isRight =
    equalOctets(plain.subarray(0, SEMIBLOCK), initialValue(length)) &&
    length > (count - 1) * SEMIBLOCK &&
    length <= count * SEMIBLOCK &&
    plain.subarray(SEMIBLOCK + length).every((octet) => octet === 0);
  return isRight ? plain.slice(SEMIBLOCK, SEMIBLOCK + length) : undefined;
}

/** The inverse of the steps of `wrapKey`: initial value, then the padded secret. */
function unwrapped(key: Aes, wrapped: Uint8Array, count: number): Uint8Array {
  const plain = wrapped.slice();
  const block = new Uint8Array(AES_BLOCK);
  block.set(plain.subarray(0, SEMIBLOCK));
  for (let step = ROUNDS * count; step >= 1; step--) {
    const at = (((step - 1) % count) + 1) * SEMIBLOCK;
    countIn(block, step);
    block.set(plain.subarray(at, at + SEMIBLOCK), SEMIBLOCK);
    block.set(key.cbcDecrypt(ZEROS, block));
    plain.set(block.subarray(SEMIBLOCK), at);
  }
  plain.set(block.subarray(0, SEMIBLOCK));
  return plain;
}
