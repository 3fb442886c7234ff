import { constant, type Format, type Infer, map, octets, optionalAtEnd, struct, u8, u24 } from '#base/codec/index.ts';
import { type Aes, type AesProvider, isScp03Derived, scp03Kdf, scp03Key } from '#base/crypto/index.ts';
import { type MacLength, R_ENC, R_MAC, type SecurityLevel, type SessionKeys } from './session.ts';

/** Static keys of one key version number (GPC Amendment D 6.1): all AES and of one length. Prepared once: see `staticKeys`. */
export interface StaticKeys {
  /** Key version number, 01 to 7F; SCP03 uses 30 to 3F by custom. */
  readonly version: number;
  readonly enc: Aes;
  readonly mac: Aes;
  readonly dek: Aes;
}

/** The octets of a static key set: what PUT KEY carries and personalisation stores. */
export interface StaticKeyOctets {
  readonly version: number;
  readonly enc: Uint8Array;
  readonly mac: Uint8Array;
  readonly dek: Uint8Array;
}

/** Prepares a key set with an AES implementation. Throws CryptoError for a length that is not 16, 24 or 32. */
export function staticKeys(aes: AesProvider, keys: StaticKeyOctets): StaticKeys {
  return { version: keys.version, enc: aes.key(keys.enc), mac: aes.key(keys.mac), dek: aes.key(keys.dek) };
}

/** Parameter i of SCP03 (Amendment D 5): S16 mode, pseudo-random challenge, R-MAC, R-MAC with R-ENC. */
export const PARAMETER_I = { s16: 0x01, pseudoRandom: 0x10, responseMac: 0x20, responseEncryption: 0x60 } as const;

/** Key derivation constants (Amendment D 4.1.5). */
export const DERIVATION = {
  cardCryptogram: 0x00,
  hostCryptogram: 0x01,
  cardChallenge: 0x02,
  sEnc: 0x04,
  sMac: 0x06,
  sRmac: 0x07,
} as const;

/** First MAC chaining value: sixteen octets 00 (Amendment D 6.2.3). */
export const FIRST_CHAINING: Uint8Array = new Uint8Array(16);

/** Octets of key diversification data in the answer to INITIALIZE UPDATE. */
export const DIVERSIFICATION_LENGTH = 10;
/** The sequence counter is spent when it stands here: three octets. */
export const LAST_SEQUENCE_COUNTER = 0xffffff;

const fields = (length: MacLength) =>
  struct({
    diversification: octets(DIVERSIFICATION_LENGTH),
    keyVersion: u8,
    protocol: constant(Uint8Array.of(0x03)),
    parameterI: u8,
    cardChallenge: octets(length),
    cardCryptogram: octets(length),
    sequenceCounter: optionalAtEnd(u24),
  });

/** Data of the answer to INITIALIZE UPDATE (Amendment D 7.1.1). */
export type InitializeUpdateAnswer = Infer<ReturnType<typeof fields>>;

function answerFormat(length: MacLength): Format<InitializeUpdateAnswer> {
  return map(
    fields(length),
    (answer, reader) => {
      const pseudoRandom = (answer.parameterI & PARAMETER_I.pseudoRandom) !== 0;
      if (pseudoRandom !== 'sequenceCounter' in answer)
        throw reader.error('expected a sequence counter exactly when i has bit 10');
      return answer;
    },
    (answer) => answer,
  );
}

const ANSWER = { 8: answerFormat(8), 16: answerFormat(16) } as const;

/** The answer to INITIALIZE UPDATE in mode S8 or S16: 29 or 45 octets, three more with a sequence counter. */
export function initializeUpdateAnswer(length: MacLength): Format<InitializeUpdateAnswer> {
  return ANSWER[length];
}

/** Context of all session derivations: host challenge and card challenge (Amendment D 6.2.1). */
export function derivationContext(hostChallenge: Uint8Array, cardChallenge: Uint8Array): Uint8Array {
  const context = new Uint8Array(hostChallenge.length + cardChallenge.length);
  context.set(hostChallenge);
  context.set(cardChallenge, hostChallenge.length);
  return context;
}

/** S-MAC, the first session key: it alone makes the cryptograms (Amendment D 6.2.1). */
export function deriveMacKey(aes: AesProvider, keys: StaticKeys, context: Uint8Array): Aes {
  return scp03Key(aes, keys.mac, DERIVATION.sMac, context);
}

/** The rest of the session keys, when both sides are proven. S-DEK is the static one (Amendment D 6.2.1). */
export function deriveSessionKeys(aes: AesProvider, keys: StaticKeys, mac: Aes, context: Uint8Array): SessionKeys {
  return {
    enc: scp03Key(aes, keys.enc, DERIVATION.sEnc, context),
    mac,
    rmac: scp03Key(aes, keys.mac, DERIVATION.sRmac, context),
    dek: keys.dek,
  };
}

/** Card or host cryptogram of 8 or 16 octets (Amendment D 6.2.2). */
export function cryptogram(
  mac: Aes,
  constantOctet: typeof DERIVATION.cardCryptogram | typeof DERIVATION.hostCryptogram,
  length: MacLength,
  context: Uint8Array,
): Uint8Array {
  return scp03Kdf(mac, constantOctet, 8 * length, context);
}

/** True when `received`, of 8 or 16 octets, is that cryptogram. In constant time. */
export function isCryptogram(
  mac: Aes,
  constantOctet: typeof DERIVATION.cardCryptogram | typeof DERIVATION.hostCryptogram,
  context: Uint8Array,
  received: Uint8Array,
): boolean {
  return isScp03Derived(mac, constantOctet, context, received);
}

/** Pseudo-random card challenge: of the sequence counter and the AID of the application (Amendment D 6.2.2.1). */
export function pseudoRandomChallenge(
  enc: Aes,
  sequenceCounter: number,
  application: Uint8Array,
  length: MacLength,
): Uint8Array {
  return scp03Kdf(enc, DERIVATION.cardChallenge, 8 * length, challengeContext(sequenceCounter, application));
}

/** True when `received`, of 8 or 16 octets, is that challenge. In constant time. */
export function isPseudoRandomChallenge(
  enc: Aes,
  sequenceCounter: number,
  application: Uint8Array,
  received: Uint8Array,
): boolean {
  return isScp03Derived(enc, DERIVATION.cardChallenge, challengeContext(sequenceCounter, application), received);
}

function challengeContext(sequenceCounter: number, application: Uint8Array): Uint8Array {
  const context = new Uint8Array(3 + application.length);
  context[0] = sequenceCounter >> 16;
  context[1] = sequenceCounter >> 8;
  context[2] = sequenceCounter;
  context.set(application, 3);
  return context;
}

/** True when parameter i offers what a security level needs (Amendment D 5). */
export function offers(parameterI: number, level: SecurityLevel): boolean {
  if ((level & R_ENC) !== 0) return (parameterI & PARAMETER_I.responseEncryption) === PARAMETER_I.responseEncryption;
  return (level & R_MAC) === 0 || (parameterI & PARAMETER_I.responseMac) !== 0;
}
