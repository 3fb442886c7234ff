import { concat } from '#base/codec/index.ts';
import {
  type AesProvider,
  type AuthenticationAlgorithm,
  bootstrappingAutn,
  bootstrappingRes,
  buildAuts,
  c3,
  type GsmAlgorithm,
  type GsmKeys,
  verifyAutn,
} from '#base/crypto/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import type { ApplicationFiles } from './application-files.ts';
import { Bootstrapping, ISIM_BOOTSTRAPPING, USIM_BOOTSTRAPPING } from './bootstrapping.ts';
import type { ReadProfile } from './profile.ts';
import { gsmAlgorithm, umtsAlgorithm } from './profile-algorithm.ts';
import { MOST_IND_BITS, SequenceArray } from './sequence-array.ts';
import { hasService, isimBootstraps, SERVICE } from './usim-service.ts';

/** P2: key of this application, and the context (TS 31.102 7.1.2). */
const CONTEXT = { gsm: 0x80, threeG: 0x81, groupCall: 0x82, bootstrapping: 0x84 } as const;
const RAND = 16;
const GSM_LENGTH = 1 + RAND;
const THREE_G_LENGTH = 2 * (1 + RAND);
const TAG = { success: 0xdb, synchronisationFailure: 0xdc, bootstrapping: 0xdd, nafDerivation: 0xde } as const;

/** The application that is asked, with its files. */
interface Asked {
  readonly isIms: boolean;
  readonly files: ApplicationFiles;
  readonly bootstrapping: Bootstrapping;
}

const sw = (statusWord: number) => responseApdu(statusWord);

/** What a network asks and proves itself with. */
interface Challenge {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
}

/** The data of an AUTHENTICATE that has the right form. */
export type AuthenticateRequest =
  | { readonly context: 'gsm'; readonly rand: Uint8Array }
  | ({ readonly context: 'threeG' | 'bootstrapping' } & Challenge)
  | { readonly context: 'nafDerivation'; readonly nafId: Uint8Array; readonly impi: Uint8Array };

/**
 * Reads AUTHENTICATE (TS 31.102 7.1.2): a request, or the status word that refuses it. Its odd instruction 89 is for contexts that this
 * USIM has not (MBMS, local keys), and is no instruction here.
 */
export function readAuthenticate({ p1, p2, data }: CommandApdu): AuthenticateRequest | number {
  if (p1 !== 0) return SW.wrongParameters;
  switch (p2) {
    case CONTEXT.threeG:
      return readChallenge('threeG', data);
    case CONTEXT.gsm:
      if (data.length !== GSM_LENGTH) return SW.wrongLength;
      return data[0] === RAND ? { context: 'gsm', rand: data.slice(1) } : SW.wrongData;
    case CONTEXT.bootstrapping:
      if (data[0] === TAG.bootstrapping) return readChallenge('bootstrapping', data.subarray(1));
      return data[0] === TAG.nafDerivation ? readServer(data) : SW.wrongData;
    case CONTEXT.groupCall:
      return SW.securityContextNotSupported;
    default:
      return SW.wrongParameters;
  }
}

/** RAND and AUTN, each behind its length. */
function readChallenge(context: 'threeG' | 'bootstrapping', data: Uint8Array): AuthenticateRequest | number {
  if (data.length !== THREE_G_LENGTH) return SW.wrongLength;
  if (data[0] !== RAND || data[1 + RAND] !== RAND) return SW.wrongData;
  return { context, rand: data.slice(1, 1 + RAND), autn: data.slice(2 + RAND) };
}

/** NAF_ID and IMPI, each behind its length, behind the tag; neither is empty. */
function readServer(data: Uint8Array): AuthenticateRequest | number {
  const nafIdEnd = 2 + (data[1] ?? 0);
  const impiLength = data[nafIdEnd];
  if (impiLength === undefined || data.length !== nafIdEnd + 1 + impiLength) return SW.wrongLength;
  if (nafIdEnd === 2 || impiLength === 0) return SW.wrongData;
  return { context: 'nafDerivation', nafId: data.slice(2, nafIdEnd), impi: data.slice(nafIdEnd + 1) };
}

/** The authentication functions and sequence numbers of one USIM (TS 33.102 6.3.3, annex C). */
export class Authentication {
  readonly #memory: CardMemory;
  readonly #profile: ReadProfile;
  readonly #aes: AesProvider;
  #sequences: SequenceArray | undefined;
  readonly #usim: Asked;
  readonly #isim: Asked;
  /** Made at the first use: most cards of a fleet wait long for it. */
  #algorithm: AuthenticationAlgorithm | undefined;
  #gsm: GsmAlgorithm | undefined;

  /** `files`: those of the USIM, and those of the ISIM. */
  constructor(
    memory: CardMemory,
    profile: ReadProfile,
    aes: AesProvider,
    files: { readonly usim: ApplicationFiles; readonly isim: ApplicationFiles },
  ) {
    this.#memory = memory;
    this.#profile = profile;
    this.#aes = aes;
    const { usim, isim } = files;
    this.#usim = { isIms: false, files: usim, bootstrapping: new Bootstrapping(memory, usim, USIM_BOOTSTRAPPING) };
    this.#isim = { isIms: true, files: isim, bootstrapping: new Bootstrapping(memory, isim, ISIM_BOOTSTRAPPING) };
  }

  /**
   * Runs a request; the R-APDU. `succeeded` is called when the network proved itself, or asked in the GSM context where it cannot, before
   * the answer is given. `isIms`: an ISIM was asked, which has no GSM context, tells no Kc, and bootstraps with files of its own (TS 31.103
   * 7.1).
   */
  run(request: AuthenticateRequest, succeeded: () => void, isIms = false): Uint8Array {
    const asked = isIms ? this.#isim : this.#usim;
    const { context } = request;
    if (!isSupported(context, asked)) return sw(SW.securityContextNotSupported);
    switch (context) {
      case 'gsm':
        return gsmResponse(this.a3a8(request.rand, succeeded));
      case 'threeG':
        return this.#threeG(request, succeeded, !isIms && hasService(asked.files, SERVICE.gsmAccess));
      case 'bootstrapping':
        return this.#bootstrap(request, asked.bootstrapping, succeeded);
      case 'nafDerivation':
        return asked.bootstrapping.derive(request.nafId, request.impi);
    }
  }

  /** SRES and Kc for a RAND of 16 octets: the GSM context, and RUN GSM ALGORITHM of a SIM (TS 51.011 8.16). */
  a3a8(rand: Uint8Array, succeeded: () => void): GsmKeys {
    this.#gsm ??= gsmAlgorithm(this.#profile(), this.#umts());
    const keys = this.#gsm.a3a8(rand);
    succeeded();
    return keys;
  }

  #sequence(): SequenceArray {
    this.#sequences ??= new SequenceArray(this.#memory, this.#profile().sequence ?? { indBits: MOST_IND_BITS });
    return this.#sequences;
  }

  #umts(): AuthenticationAlgorithm {
    this.#algorithm ??= umtsAlgorithm(this.#profile(), this.#aes);
    return this.#algorithm;
  }

  /** MAC first (9862), then SQN (AUTS), then SQN is stored, then the answer. */
  #threeG({ rand, autn }: Challenge, succeeded: () => void, withKc: boolean): Uint8Array {
    const algorithm = this.#umts();
    const verified = verifyAutn(algorithm, rand, autn);
    if (!verified.macValid) return sw(SW.authenticationMacFailed);
    const { sqn, res, ck, ik } = verified;
    if (!this.#sequence().isFresh(sqn)) return this.#resynchronisation(rand);
    this.#memory.commit([this.#sequence().accepting(sqn)]);
    this.#sequence().accepted(sqn);
    succeeded();
    return success(res, ck, ik, withKc ? c3(ck, ik) : undefined);
  }

  /** As in the 3G context, but for a MAC and a RES that are no other network's, and CK and IK that stay here (TS 31.102 7.1.1.4). */
  #bootstrap({ rand, autn }: Challenge, bootstrapping: Bootstrapping, succeeded: () => void): Uint8Array {
    const algorithm = this.#umts();
    const verified = verifyAutn(algorithm, rand, bootstrappingAutn(autn, algorithm.f2345(rand).ik));
    if (!verified.macValid) return sw(SW.authenticationMacFailed);
    const { sqn, res, ck, ik } = verified;
    if (!this.#sequence().isFresh(sqn)) return this.#resynchronisation(rand);
    if (!bootstrapping.keep(concat(ck, ik), rand, this.#sequence().accepting(sqn)))
      return sw(SW.authenticationNoMemory);
    this.#sequence().accepted(sqn);
    succeeded();
    return responseApdu(SW.ok, concat(Uint8Array.of(TAG.success, res.length), bootstrappingRes(res)));
  }

  #resynchronisation(rand: Uint8Array): Uint8Array {
    const auts = buildAuts(this.#umts(), rand, this.#sequence().highest());
    const response = new Uint8Array(2 + auts.length + 2);
    response[0] = TAG.synchronisationFailure;
    response[putLengthAndValue(response, 1, auts)] = SW.ok >> 8;
    return response;
  }
}

/** Whether the table of services of an application has what a context needs (TS 31.102 7.1.1, TS 31.103 7.1.1). */
function isSupported(context: AuthenticateRequest['context'], { isIms, files }: Asked): boolean {
  if (context === 'threeG') return true;
  if (isIms) return context !== 'gsm' && isimBootstraps(files);
  return hasService(files, context === 'gsm' ? SERVICE.gsmSecurityContext : SERVICE.bootstrapping);
}

/** SRES and Kc, each behind its length (TS 31.102 7.1.2.1). */
function gsmResponse({ sres, kc }: GsmKeys): Uint8Array {
  const response = new Uint8Array(2 + sres.length + kc.length + 2);
  const end = putLengthAndValue(response, putLengthAndValue(response, 0, sres), kc);
  response[end] = SW.ok >> 8;
  return response;
}

/** DB with RES, CK, IK and, when the card has GSM access, Kc (TS 31.102 7.1.2.1). */
function success(...values: readonly (Uint8Array | undefined)[]): Uint8Array {
  let length = 0;
  for (const value of values) length += value === undefined ? 0 : 1 + value.length;
  const response = new Uint8Array(1 + length + 2);
  response[0] = TAG.success;
  let at = 1;
  for (const value of values) if (value !== undefined) at = putLengthAndValue(response, at, value);
  response[at] = SW.ok >> 8;
  return response;
}

function putLengthAndValue(into: Uint8Array, at: number, value: Uint8Array): number {
  into[at] = value.length;
  into.set(value, at + 1);
  return at + 1 + value.length;
}
