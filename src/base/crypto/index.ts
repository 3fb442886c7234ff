// Cryptography: AES with CMAC, key derivations, elliptic curves, Milenage, TUAK, XOR and COMP128, SUCI, checks of OTA packets.
// Standards: FIPS 197, SP 800-38A/B, SP 800-108, X9.63, RFC 5297, RFC 7748, RFC 7914, TS 35.206, TS 35.231, TS 34.108, TS 33.102, TS 33.220, TS 33.501, TS 102 225.
// Must never: put key octets, plain text or a MAC into an error or a log, compare a MAC in variable time, draw chance but from a Random.
export { AES_BLOCK, type Aes, type AesKeyLength, type AesProvider, keyCheckValue } from './aes.ts';
export { type AesSiv, aesSiv, SIV_OCTETS } from './aes-siv.ts';
export type { AuthenticationAlgorithm, AuthenticationKeys } from './authentication-algorithm.ts';
export {
  type AuthenticationVector,
  type AutnVerification,
  authenticationVector,
  buildAuts,
  c2,
  c3,
  readAuts,
  verifyAutn,
} from './authentication-vector.ts';
export { bootstrappingAutn, bootstrappingRes, type NafKeys, nafKeys } from './bootstrapping.ts';
export { crc16, crc32, crc32Before } from './crc.ts';
export { CryptoError } from './crypto-error.ts';
export { TripleDesKey } from './des.ts';
export { digest, type Hash, hashLength, type RunningDigest, runningDigest } from './digest.ts';
export { type EciesProfile, eciesConceal, eciesPublicKey, eciesReveal } from './ecies.ts';
export {
  type Curve,
  compressedPoint,
  deterministicSign,
  ecdh,
  fieldLength,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  type KeyPair,
  type PrivateKey,
  type PublicKey,
  publicKeyFrom,
  publicKeyOf,
  publicPoint,
  type SignatureEncoding,
  type Signer,
  sign,
  uncompressedPoint,
  verify,
} from './elliptic.ts';
export { equalOctets, equalsPart } from './equal-octets.ts';
export { type GsmAlgorithm, type GsmKeys, gsmConversion } from './gsm-algorithm.ts';
export { hmac } from './hmac.ts';
export {
  JWS_ALGORITHMS,
  type JwsAlgorithm,
  type JwsKey,
  type JwsRefusalReason,
  type JwsVerdict,
  jwsKeyFromPem,
  jwsKeysFromJwkSet,
  splitJws,
  type UnverifiedJws,
  verifyJws,
} from './json-web-signature.ts';
export { isScp03Derived, scp03Kdf, scp03Key, sp800108CounterCmac, x963Kdf } from './kdf.ts';
export { computeOpc, milenage } from './milenage.ts';
export { GSM_ALGORITHMS, type GsmAlgorithmName, namedGsmAlgorithm } from './named-gsm-algorithm.ts';
export { nodeAes } from './node-aes.ts';
export { type ScryptCost, scrypt } from './scrypt.ts';
export { tableAes } from './table-aes.ts';
export { computeTopc, MAX_TUAK_ITERATIONS, type TuakParameters, tuak } from './tuak.ts';
export { xorTest } from './xor-test.ts';
