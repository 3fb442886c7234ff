import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { CryptoError } from './crypto-error.ts';

/** Octets of a private key, a public key and a shared secret (RFC 7748 5). */
export const X25519_OCTETS = 32;

// What stands before the 32 octets of a key (RFC 8410 4 and 7, DER): version, id-X25519, OCTET STRING twice; id-X25519, BIT STRING.
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

function checkLength(name: string, octets: Uint8Array): void {
  if (octets.length !== X25519_OCTETS)
    throw new CryptoError(`${name} of X25519 has ${X25519_OCTETS} octets, got ${octets.length}`);
}

function privateObject(privateKey: Uint8Array) {
  checkLength('a private key', privateKey);
  const encoded = Buffer.concat([PRIVATE_HEAD, privateKey]);
  const keyObject = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
  encoded.fill(0);
  return keyObject;
}

/** The public key of a private key, which is any 32 octets (RFC 7748 6.1). Throws CryptoError for another length. */
export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const encoded = createPublicKey(privateObject(privateKey)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(encoded.subarray(PUBLIC_HEAD.length));
}

/** The shared secret (RFC 7748 6.1). Throws CryptoError for a wrong length and for a public key of low order. */
export function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  checkLength('a public key', publicKey);
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, publicKey]), format: 'der', type: 'spki' });
  try {
    return new Uint8Array(diffieHellman({ privateKey: privateObject(privateKey), publicKey: key }));
  } catch {
    throw new CryptoError('the public key is of low order: no shared secret; refuse the peer');
  }
}
