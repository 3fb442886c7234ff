import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify as verifyWith } from 'node:crypto';
import { CryptoError } from './crypto-error.ts';

/** The algorithms that are accepted: RFC 7518 3.3 to 3.5. Never `none`, never a symmetric one: a verifier must not be able to sign. */
export const JWS_ALGORITHMS = ['ES256', 'RS256', 'PS256'] as const;
/** An algorithm that is accepted. */
export type JwsAlgorithm = (typeof JWS_ALGORITHMS)[number];

/** A public key that signatures are verified with, bound to the algorithms it may serve. */
export interface JwsKey {
  /** The `kid` of a JSON Web Key; undefined for a key that came without one, as from PEM. */
  readonly keyId: string | undefined;
  readonly algorithms: readonly JwsAlgorithm[];
  readonly keyObject: KeyObject;
}

/** Why a signature was not accepted. None of them says anything about key octets. */
export type JwsRefusalReason =
  | 'malformed'
  | 'algorithm not accepted'
  | 'critical extension'
  | 'unknown key'
  | 'wrong signature';

/** The payload of a verified JWS, or why it is refused. */
export type JwsVerdict =
  | { readonly kind: 'verified'; readonly payload: Uint8Array; readonly keyId: string | undefined }
  | { readonly kind: 'refused'; readonly because: JwsRefusalReason };

/** A JWS cut into its parts, nothing verified. Use it only to refuse early. */
export interface UnverifiedJws {
  readonly algorithm: unknown;
  readonly keyId: unknown;
  readonly isCritical: boolean;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** header.payload, what the signature is over (RFC 7515 5.1 step 8). */
  readonly signingInput: string;
}

/** Keys in a set, at most: each may be tried for a signature that names no key. */
const MOST_KEYS = 32;
const LONGEST_KEY_SET = 256 * 1024;
const LONGEST_KEY_ID = 256;
/** RSA below this is broken, above it a verification takes too long. */
const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 8192;
/** Octets of an ES256 signature: r | s (RFC 7518 3.4). */
const ES256_OCTETS = 64;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Octets of unpadded base64url (RFC 7515 2); undefined for anything that is not the one way of writing them. */
function fromBase64url(text: string): Uint8Array | undefined {
  if (!BASE64URL.test(text)) return undefined;
  const octets = Buffer.from(text, 'base64url');
  return octets.toString('base64url') === text ? octets : undefined;
}

function jsonObject(octets: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The parts of a JWS in compact form (RFC 7515 7.1), at most `longest` characters; undefined when it is none. Verifies nothing. */
export function splitJws(compact: string, longest: number): UnverifiedJws | undefined {
  if (compact.length > longest) return undefined;
  const parts = compact.split('.', 4);
  if (parts.length !== 3) return undefined;
  const [header, payload, signature] = parts.map(fromBase64url);
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  const names = jsonObject(header);
  if (names === undefined) return undefined;
  return {
    algorithm: names['alg'],
    keyId: names['kid'],
    isCritical: names['crit'] !== undefined,
    payload,
    signature,
    signingInput: compact.slice(0, compact.lastIndexOf('.')),
  };
}

function isSignature(key: KeyObject, algorithm: JwsAlgorithm, input: Uint8Array, signature: Uint8Array): boolean {
  try {
    switch (algorithm) {
      case 'ES256':
        if (signature.length !== ES256_OCTETS) return false;
        return verifyWith('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
      case 'RS256':
        return verifyWith('sha256', input, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
      case 'PS256': {
        const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
        return verifyWith('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
      }
    }
  } catch {
    return false; // A signature that OpenSSL cannot even read is not one.
  }
}

/**
 * Verifies a JWS (RFC 7515 5.2) with the keys given and no others: `jwk`, `jku`, `x5c` and `x5u` of its header are never looked at. A
 * `kid` chooses among keys that have one; keys without are tried as well. A `crit` header is refused, since no extension is known here.
 */
export function verifyJws(jws: UnverifiedJws, keys: readonly JwsKey[], accepted: readonly JwsAlgorithm[]): JwsVerdict {
  const { keyId, payload } = jws;
  const algorithm = accepted.find((name) => name === jws.algorithm);
  if (algorithm === undefined) return { kind: 'refused', because: 'algorithm not accepted' };
  if (jws.isCritical) return { kind: 'refused', because: 'critical extension' };
  if (keyId !== undefined && (typeof keyId !== 'string' || keyId.length > LONGEST_KEY_ID))
    return { kind: 'refused', because: 'malformed' };
  const fitting = keys.filter(
    (key) =>
      key.algorithms.includes(algorithm) && (keyId === undefined || key.keyId === undefined || key.keyId === keyId),
  );
  if (fitting.length === 0) return { kind: 'refused', because: 'unknown key' };
  const input = Buffer.from(jws.signingInput, 'latin1');
  const by = fitting.find((key) => isSignature(key.keyObject, algorithm, input, jws.signature));
  return by === undefined
    ? { kind: 'refused', because: 'wrong signature' }
    : { kind: 'verified', payload, keyId: by.keyId };
}

/** The algorithms a public key can serve. Throws CryptoError for keys that are weak, too long, or of another kind. */
function algorithmsFor(keyObject: KeyObject): readonly JwsAlgorithm[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = keyObject;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return ['ES256'];
  if (type === 'rsa' || type === 'rsa-pss') {
    const bits = details?.modulusLength ?? 0;
    if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS)
      throw new CryptoError(`an RSA key has ${LEAST_RSA_BITS} to ${MOST_RSA_BITS} bits, got ${bits}; take another key`);
    return type === 'rsa' ? ['RS256', 'PS256'] : ['PS256'];
  }
  throw new CryptoError(
    `expected a key for ES256 (P-256), RS256 or PS256 (RSA), got ${type ?? 'another'} ${details?.namedCurve ?? ''}`.trimEnd(),
  );
}

/** A key from PEM: a public key (SubjectPublicKeyInfo) or a certificate. Throws CryptoError, for a private key too. */
export function jwsKeyFromPem(pem: string): JwsKey {
  if (/PRIVATE KEY/.test(pem))
    throw new CryptoError('expected a public key or a certificate, got a private key: it belongs to the signer only');
  let keyObject: KeyObject;
  try {
    keyObject = createPublicKey(pem);
  } catch {
    throw new CryptoError('expected a public key or a certificate in PEM, got something else; check the file');
  }
  return { keyId: undefined, algorithms: algorithmsFor(keyObject), keyObject };
}

function narrowed(algorithms: readonly JwsAlgorithm[], wanted: unknown): readonly JwsAlgorithm[] {
  return wanted === undefined ? algorithms : algorithms.filter((name) => name === wanted);
}

/** A key of a set; undefined when the set has it for another use (encryption, an algorithm that is not accepted here). */
function jwsKeyFromJwk(jwk: Readonly<Record<string, unknown>>): JwsKey | undefined {
  const { kid, use, key_ops: operations, kty, alg } = jwk;
  if (use !== undefined && use !== 'sig') return undefined;
  if (Array.isArray(operations) && !operations.includes('verify')) return undefined;
  if (kty !== 'EC' && kty !== 'RSA') return undefined;
  if (jwk['d'] !== undefined)
    throw new CryptoError('expected public keys, got a private one ("d"): it belongs to the signer only; replace it');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > LONGEST_KEY_ID))
    throw new CryptoError(`"kid" is a string of at most ${LONGEST_KEY_ID} characters`);
  if (kty === 'EC' && jwk['crv'] !== 'P-256') return undefined;
  let keyObject: KeyObject;
  try {
    keyObject = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    throw new CryptoError(`expected a JSON Web Key of type ${kty} (RFC 7518 6), got one that is no key; replace it`);
  }
  const algorithms = narrowed(algorithmsFor(keyObject), alg);
  return algorithms.length === 0 ? undefined : { keyId: kid, algorithms, keyObject };
}

/**
 * The keys of a JWK set (RFC 7517 5) that serve signatures of the accepted algorithms; the others are left out. Throws CryptoError when
 * the text is no such set, holds a private or a weak key, more than 32 keys, or none that serves.
 */
export function jwsKeysFromJwkSet(text: string): readonly JwsKey[] {
  const set = text.length > LONGEST_KEY_SET ? undefined : jsonObject(Buffer.from(text, 'utf8'));
  const members = set?.['keys'];
  if (!Array.isArray(members) || members.length > MOST_KEYS)
    throw new CryptoError(`expected a JWK set, {"keys":[…]} with at most ${MOST_KEYS} keys`);
  const keys = members.flatMap((member: unknown) => {
    if (typeof member !== 'object' || member === null) throw new CryptoError('a member of "keys" is not an object');
    return jwsKeyFromJwk(member as Readonly<Record<string, unknown>>) ?? [];
  });
  if (keys.length === 0)
    throw new CryptoError(`the JWK set holds no key for ${JWS_ALGORITHMS.join(', ')}; ask the NRF's operator for one`);
  return keys;
}
