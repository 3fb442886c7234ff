import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  ECDH,
  type KeyObject,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto';
import type { Random } from '#base/port/index.ts';
import { CryptoError } from './crypto-error.ts';
import { digest, type Hash } from './digest.ts';
import { hmac } from './hmac.ts';

/** The curves of SCP11 that are served here: FIPS 186-4 D.1.2.3 and D.1.2.4, RFC 5639 3.4. */
export type Curve = 'P-256' | 'P-384' | 'brainpoolP256r1';

/** How an ECDSA signature is written: r | s of full length (BSI TR-03111 5.2.1) or DER (X9.62). */
export type SignatureEncoding = 'plain' | 'der';

/** A private key and the curve it is for. The scalar stays inside the KeyObject. */
export interface PrivateKey {
  readonly kind: 'private';
  readonly curve: Curve;
  readonly keyObject: KeyObject;
  /** The public point, kept because OpenSSL takes as long to give it as for a key agreement. Read it with `publicPoint`. */
  readonly point: Uint8Array;
}

/** A public key whose point is known to lie on its curve. */
export interface PublicKey {
  readonly kind: 'public';
  readonly curve: Curve;
  readonly keyObject: KeyObject;
  /** As in PrivateKey. */
  readonly point: Uint8Array;
}

/** A private key and its public half. */
export interface KeyPair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

interface Domain {
  /** The name by which node:crypto knows the curve. */
  readonly name: string;
  /** Octets of a coordinate, a scalar, a shared secret and of each half of a plain signature. */
  readonly length: number;
  /** The order of the group, most significant octet first. */
  readonly order: Uint8Array;
  /** Its object identifier, value octets (RFC 5480 2.1.1.1, RFC 5639 4.1). */
  readonly identifier: readonly number[];
}

function hexadecimal(digits: string): Uint8Array {
  return Uint8Array.from(digits.matchAll(/../g), ([pair]) => Number.parseInt(pair, 16));
}

const DOMAINS: Record<Curve, Domain> = {
  'P-256': {
    name: 'prime256v1',
    length: 32,
    order: hexadecimal('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    identifier: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
  },
  'P-384': {
    name: 'secp384r1',
    length: 48,
    order: hexadecimal(
      'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
    identifier: [0x2b, 0x81, 0x04, 0x00, 0x22],
  },
  brainpoolP256r1: {
    name: 'brainpoolP256r1',
    length: 32,
    order: hexadecimal('a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7'),
    identifier: [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07],
  },
};

const CURVES = ['P-256', 'P-384', 'brainpoolP256r1'] as const satisfies readonly Curve[];

/** Octets of a coordinate and of a shared secret on the curve: 32 or 48. */
export function fieldLength(curve: Curve): number {
  return DOMAINS[curve].length;
}

/** A DER element (X.690 8.1) of at most 255 octets of content. */
function der(tag: number, ...contents: readonly ArrayLike<number>[]): number[] {
  const content = contents.flatMap((part) => Array.from(part));
  return content.length < 128 ? [tag, content.length, ...content] : [tag, 0x81, content.length, ...content];
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
/** id-ecPublicKey, RFC 5480 2.1.1. */
const EC_PUBLIC_KEY = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

function algorithmIdentifier(domain: Domain): number[] {
  return der(SEQUENCE, der(OBJECT_IDENTIFIER, EC_PUBLIC_KEY), der(OBJECT_IDENTIFIER, domain.identifier));
}

/** SubjectPublicKeyInfo, RFC 5480 2; the point is its end. */
function subjectPublicKeyInfo(domain: Domain): Uint8Array {
  const point = new Uint8Array(1 + 2 * domain.length);
  return Uint8Array.from(der(SEQUENCE, algorithmIdentifier(domain), der(BIT_STRING, [0], point)));
}

/** PrivateKeyInfo, RFC 5208 5, around ECPrivateKey, RFC 5915 3; the point is its end, the scalar stands before it. */
function privateKeyInfo(domain: Domain): Uint8Array {
  const point = der(0xa1, der(BIT_STRING, [0], new Uint8Array(1 + 2 * domain.length)));
  const key = der(SEQUENCE, der(INTEGER, [1]), der(OCTET_STRING, new Uint8Array(domain.length)), point);
  return Uint8Array.from(der(SEQUENCE, der(INTEGER, [0]), algorithmIdentifier(domain), der(OCTET_STRING, key)));
}

/** Octets between scalar and point: the headers A1, BIT STRING and its number of unused bits. */
const BETWEEN = 5;

/** The encodings of each curve with zeros for point and scalar, filled in by each import. */
const ENCODINGS = Object.fromEntries(
  CURVES.map((curve) => {
    const domain = DOMAINS[curve];
    return [curve, { publicKey: subjectPublicKeyInfo(domain), privateKey: privateKeyInfo(domain) }];
  }),
) as Record<Curve, { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }>;

/** Whether 0 < scalar < order; the time does not depend on the scalar. */
function isScalar(scalar: Uint8Array, order: Uint8Array): boolean {
  if (scalar.length !== order.length) return false;
  let borrow = 0;
  let any = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    borrow = ((scalar[i]! - order[i]! - borrow) >> 8) & 1;
    any |= scalar[i]!;
  }
  return borrow === 1 && any !== 0;
}

/** The private key of a scalar of full field length, 0 < scalar < order. Throws CryptoError for any other. */
export function importPrivateKey(curve: Curve, scalar: Uint8Array): PrivateKey {
  const domain = DOMAINS[curve];
  if (!isScalar(scalar, domain.order))
    throw new CryptoError(
      `a private key on ${curve} is ${domain.length} octets, above 0 and below the group's order; got ${scalar.length} octets`,
    );
  const group = createECDH(domain.name);
  group.setPrivateKey(scalar);
  const encoded = Buffer.from(ENCODINGS[curve].privateKey);
  const point = new Uint8Array(group.getPublicKey());
  const pointAt = encoded.length - point.length;
  encoded.set(scalar, pointAt - BETWEEN - domain.length);
  encoded.set(point, pointAt);
  const keyObject = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
  encoded.fill(0);
  return { kind: 'private', curve, keyObject, point };
}

/** The public key of an uncompressed point 04 | x | y. Throws CryptoError for another form and for a point off the curve. */
export function importPublicKey(curve: Curve, uncompressedPoint: Uint8Array): PublicKey {
  const domain = DOMAINS[curve];
  if (uncompressedPoint.length !== 1 + 2 * domain.length || uncompressedPoint[0] !== 0x04)
    throw new CryptoError(
      `a point on ${curve} is 04 | x | y, ${1 + 2 * domain.length} octets; got ${uncompressedPoint.length} octets`,
    );
  const encoded = Buffer.from(ENCODINGS[curve].publicKey);
  encoded.set(uncompressedPoint, encoded.length - uncompressedPoint.length);
  try {
    const keyObject = createPublicKey({ key: encoded, format: 'der', type: 'spki' });
    return { kind: 'public', curve, keyObject, point: new Uint8Array(uncompressedPoint) };
  } catch {
    throw new CryptoError(`the point is not on ${curve}; refuse the key`);
  }
}

/** A key of node:crypto, as X509Certificate gives it, as a PublicKey. Throws CryptoError for other algorithms and curves. */
export function publicKeyFrom(keyObject: KeyObject): PublicKey {
  const name = keyObject.asymmetricKeyDetails?.namedCurve;
  for (const curve of CURVES) {
    if (keyObject.type !== 'public' || DOMAINS[curve].name !== name) continue;
    const encoded = keyObject.export({ format: 'der', type: 'spki' });
    // A compressed point in a certificate is exported as it came, and refused here as anywhere.
    return importPublicKey(curve, new Uint8Array(encoded.subarray(-1 - 2 * DOMAINS[curve].length)));
  }
  throw new CryptoError(
    `expected a public key on P-256, P-384 or brainpoolP256r1, got a ${keyObject.type} key on ${name ?? 'no named curve'}`,
  );
}

/** Tries before a Random that never yields a scalar is called broken; the worst curve refuses one draw in three. */
const MAX_DRAWS = 256;

/** A fresh key pair. The scalar comes from `random` by rejection (FIPS 186-5 A.2.2), so the same Random gives the same pair. */
export function generateKeyPair(curve: Curve, random: Random): KeyPair {
  const { length, order } = DOMAINS[curve];
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const scalar = random.octets(length);
    if (!isScalar(scalar, order)) continue;
    const privateKey = importPrivateKey(curve, scalar);
    scalar.fill(0);
    return { privateKey, publicKey: publicKeyOf(privateKey) };
  }
  throw new CryptoError(`no scalar for ${curve} in ${MAX_DRAWS} draws: the Random is broken, replace it`);
}

/** The public half of a private key. */
export function publicKeyOf({ curve, keyObject, point }: PrivateKey): PublicKey {
  return { kind: 'public', curve, keyObject: createPublicKey(keyObject), point };
}

/** The uncompressed point 04 | x | y of a key or of its public half, in memory of the caller's own. */
export function publicPoint(key: PublicKey | PrivateKey): Uint8Array {
  return key.point.slice();
}

/** A key's point in one coordinate: 02 or 03, by the parity of y, and x (SEC 1 2.3.3). */
export function compressedPoint({ curve, point }: PublicKey | PrivateKey): Uint8Array {
  const { length } = DOMAINS[curve];
  const compressed = point.slice(0, 1 + length);
  compressed[0] = 2 + (point[2 * length]! & 1);
  return compressed;
}

/** The point 04 | x | y of a compressed one, or of one that is so already (SEC 1 2.3.4). Throws CryptoError when there is none. */
export function uncompressedPoint(curve: Curve, point: Uint8Array): Uint8Array {
  const { name, length } = DOMAINS[curve];
  if (point[0] === 0x04) return point;
  try {
    if (point.length === 1 + length)
      return new Uint8Array(ECDH.convertKey(point, name, undefined, undefined, 'uncompressed') as Buffer);
  } catch {
    // No point has this x: the same answer as for a wrong length.
  }
  throw new CryptoError(`no point on ${curve} is compressed to these ${point.length} octets; refuse the key`);
}

/**
 * ECKA-EG of BSI TR-03111 4.3.1: the x coordinate of the shared point, full field length.
 * Throws CryptoError for keys of different curves and for a shared secret of zeros.
 */
export function ecdh(privateKey: PrivateKey, publicKey: PublicKey): Uint8Array {
  if (privateKey.curve !== publicKey.curve)
    throw new CryptoError(`key agreement needs one curve, got ${privateKey.curve} and ${publicKey.curve}`);
  const secret = agree(privateKey.keyObject, publicKey.keyObject);
  if (secret.every((octet) => octet === 0)) throw new CryptoError('the shared secret is zero; refuse the peer');
  return new Uint8Array(secret.buffer, secret.byteOffset, secret.length);
}

function agree(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch {
    throw new CryptoError('key agreement gave no shared point; refuse the peer');
  }
}

const DSA_ENCODING = { plain: 'ieee-p1363', der: 'der' } as const;

/** An ECDSA signature over `data`. Its nonce is the platform's own: the octets differ each time, whatever the Random. */
export function sign(privateKey: PrivateKey, data: Uint8Array, hash: Hash, encoding: SignatureEncoding): Uint8Array {
  return new Uint8Array(signWith(hash, data, { key: privateKey.keyObject, dsaEncoding: DSA_ENCODING[encoding] }));
}

/** Makes signatures: `sign`, or `deterministicSign` where the same run must give the same octets. */
export type Signer = typeof sign;

const unsigned = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);
const octetsOf = (value: bigint, length: number): Uint8Array =>
  hexadecimal(value.toString(16).padStart(2 * length, '0'));

/** The inverse of `value` modulo the prime `order`, by Fermat. */
function inverse(value: bigint, order: bigint): bigint {
  let [result, base, exponent] = [1n, value % order, order - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

/**
 * An ECDSA signature in plain (r | s) whose nonce is derived from key and data (RFC 6979 3.2): the same octets each time. For replays of a
 * laboratory: it is not constant in time. Throws CryptoError for another encoding, and for a hash shorter or longer than the group's order.
 */
export const deterministicSign: Signer = (privateKey, data, hash, encoding) => {
  const { length, order: orderOctets } = DOMAINS[privateKey.curve];
  const message = digest(hash, data);
  if (encoding !== 'plain' || message.length !== length)
    throw new CryptoError('a deterministic signature is plain, and its hash as long as the order of the group');
  const order = unsigned(orderOctets);
  const { d = '' } = privateKey.keyObject.export({ format: 'jwk' });
  const scalar = new Uint8Array(Buffer.from(d, 'base64url'));
  const reduced = octetsOf(unsigned(message) % order, length);
  let key: Uint8Array = new Uint8Array(length);
  let value: Uint8Array = new Uint8Array(length).fill(1);
  const stir = (separator: number, ...more: readonly Uint8Array[]) => {
    key = hmac(hash, key, value, Uint8Array.of(separator), ...more);
    value = hmac(hash, key, value);
  };
  stir(0, scalar, reduced);
  stir(1, scalar, reduced);
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    value = hmac(hash, key, value);
    if (isScalar(value, orderOctets)) {
      const r = unsigned(importPrivateKey(privateKey.curve, value).point.subarray(1, 1 + length)) % order;
      const s = (inverse(unsigned(value), order) * (unsigned(message) + r * unsigned(scalar))) % order;
      if (r > 0n && s > 0n) return Uint8Array.of(...octetsOf(r, length), ...octetsOf(s, length));
    }
    stir(0);
  }
  throw new CryptoError(`no nonce for ${privateKey.curve} in ${MAX_DRAWS} draws`);
};

/** Whether `signature` is the key's over `data`. A malformed signature is simply not one. */
export function verify(
  publicKey: PublicKey,
  data: Uint8Array,
  signature: Uint8Array,
  hash: Hash,
  encoding: SignatureEncoding,
): boolean {
  return verifyWith(hash, data, { key: publicKey.keyObject, dsaEncoding: DSA_ENCODING[encoding] }, signature);
}
