import {
  type AesProvider,
  type AuthenticationAlgorithm,
  buildAuts,
  c2,
  c3,
  milenage,
  tuak,
  verifyAutn,
} from '#base/crypto/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import type { UiccProfile } from './profile.ts';

/** P2: key of this application, and the context (TS 31.102 7.1.2). */
const CONTEXT = { gsm: 0x80, threeG: 0x81, groupCall: 0x82, bootstrapping: 0x84 } as const;
const RAND = 16;
const GSM_LENGTH = 1 + RAND;
const THREE_G_LENGTH = 2 * (1 + RAND);
const TAG = { success: 0xdb, synchronisationFailure: 0xdc } as const;
/** Octets of a stored SQN. */
export const SQN_OCTETS = 6;
/** Sequence numbers kept, one for each value of IND, the low 5 bits of SQN (TS 33.102 C.1.1.1, C.2.2). */
export const INDEXES = 32;

const sw = (statusWord: number) => responseApdu(statusWord);

/** The data of an AUTHENTICATE that has the right form; otherwise the R-APDU that refuses it. */
export type AuthenticateRequest =
  | { readonly context: 'gsm'; readonly rand: Uint8Array }
  | { readonly context: 'threeG'; readonly rand: Uint8Array; readonly autn: Uint8Array };

/** Reads AUTHENTICATE (TS 31.102 7.1.2): a request, or the status word that refuses it. */
export function readAuthenticate({ p1, p2, data }: CommandApdu): AuthenticateRequest | number {
  if (p1 !== 0) return SW.wrongParameters;
  switch (p2) {
    case CONTEXT.threeG:
      if (data.length !== THREE_G_LENGTH) return SW.wrongLength;
      if (data[0] !== RAND || data[1 + RAND] !== RAND) return SW.wrongData;
      return { context: 'threeG', rand: data.slice(1, 1 + RAND), autn: data.slice(2 + RAND) };
    case CONTEXT.gsm:
      if (data.length !== GSM_LENGTH) return SW.wrongLength;
      return data[0] === RAND ? { context: 'gsm', rand: data.slice(1) } : SW.wrongData;
    case CONTEXT.groupCall:
    case CONTEXT.bootstrapping:
      return SW.securityContextNotSupported;
    default:
      return SW.wrongParameters;
  }
}

/** The authentication functions and sequence numbers of one USIM (TS 33.102 6.3.3, annex C). */
export class Authentication {
  readonly #memory: CardMemory;
  readonly #profile: UiccProfile;
  readonly #aes: AesProvider;
  /** Made at the first use: most cards of a fleet wait long for it. */
  #algorithm: AuthenticationAlgorithm | undefined;

  constructor(memory: CardMemory, profile: UiccProfile, aes: AesProvider) {
    this.#memory = memory;
    this.#profile = profile;
    this.#aes = aes;
  }

  /** Runs a request; the R-APDU. `succeeded` is called when the network proved itself, before the answer is given. */
  run(request: AuthenticateRequest, succeeded: () => void): Uint8Array {
    this.#algorithm ??= algorithmOf(this.#profile, this.#aes);
    return request.context === 'gsm'
      ? gsm(this.#algorithm, request.rand, succeeded)
      : this.#threeG(this.#algorithm, request.rand, request.autn, succeeded);
  }

  /** MAC first (9862), then SQN (AUTS), then SQN is stored, then the answer. */
  #threeG(algorithm: AuthenticationAlgorithm, rand: Uint8Array, autn: Uint8Array, succeeded: () => void): Uint8Array {
    const verified = verifyAutn(algorithm, rand, autn);
    if (!verified.macValid) return sw(SW.authenticationMacFailed);
    const { sqn, res, ck, ik } = verified;
    const key = MEMORY_KEY.sequenceNumber + (sqn % INDEXES);
    // Values of one index differ in SEQ alone, so comparing SQN compares SEQ.
    if (sqn <= this.#last(key)) return resynchronisation(buildAuts(algorithm, rand, this.#highest()));
    this.#memory.commit([[key, sqnOctets(sqn)]]);
    succeeded();
    return success(res, ck, ik);
  }

  #last(key: number): number {
    const stored = this.#memory.get(key);
    return stored === undefined ? 0 : numberOf(stored);
  }

  /** SQN_MS: the highest that was accepted under any index. */
  #highest(): number {
    let highest = 0;
    for (let i = 0; i < INDEXES; i++) highest = Math.max(highest, this.#last(MEMORY_KEY.sequenceNumber + i));
    return highest;
  }
}

function algorithmOf({ milenage: classic, tuak: keccak }: UiccProfile, aes: AesProvider): AuthenticationAlgorithm {
  if (classic) return milenage(aes.key(classic.k), classic.opc);
  // Personalisation gives one of the two.
  if (keccak === undefined) throw new Error('UICC profile: expected Milenage or TUAK, got neither');
  // The lengths of TUAK that TS 35.231 knows were checked by it when it is made.
  return tuak(keccak.k, keccak.topc, { res: keccak.res as 4 | 8 | 16, iterations: keccak.iterations });
}

/** GSM security context: SRES and Kc of the conversions (TS 33.102 6.8.1.2). */
function gsm(algorithm: AuthenticationAlgorithm, rand: Uint8Array, succeeded: () => void): Uint8Array {
  const { res, ck, ik } = algorithm.f2345(rand);
  const sres = c2(res);
  const kc = c3(ck, ik);
  succeeded();
  const response = new Uint8Array(16);
  putLengthAndValue(response, putLengthAndValue(response, 0, sres), kc);
  response[14] = SW.ok >> 8;
  return response;
}

/** DB with RES, CK, IK and, as service 27 is there, Kc (TS 31.102 7.1.2.1). */
function success(res: Uint8Array, ck: Uint8Array, ik: Uint8Array): Uint8Array {
  const kc = c3(ck, ik);
  const response = new Uint8Array(1 + 4 + res.length + ck.length + ik.length + kc.length + 2);
  response[0] = TAG.success;
  let at = putLengthAndValue(response, 1, res);
  at = putLengthAndValue(response, at, ck);
  at = putLengthAndValue(response, at, ik);
  response[putLengthAndValue(response, at, kc)] = SW.ok >> 8;
  return response;
}

function resynchronisation(auts: Uint8Array): Uint8Array {
  const response = new Uint8Array(2 + auts.length + 2);
  response[0] = TAG.synchronisationFailure;
  response[putLengthAndValue(response, 1, auts)] = SW.ok >> 8;
  return response;
}

function putLengthAndValue(into: Uint8Array, at: number, value: Uint8Array): number {
  into[at] = value.length;
  into.set(value, at + 1);
  return at + 1 + value.length;
}

function numberOf(octets: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < octets.length; i++) value = value * 256 + (octets[i] as number);
  return value;
}

function sqnOctets(sqn: number): Uint8Array {
  const octets = new Uint8Array(SQN_OCTETS);
  let left = sqn;
  for (let i = SQN_OCTETS - 1; i >= 0; i--) {
    octets[i] = left % 256;
    left = Math.floor(left / 256);
  }
  return octets;
}
