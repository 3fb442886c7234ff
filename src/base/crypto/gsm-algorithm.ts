import type { AuthenticationAlgorithm } from './authentication-algorithm.ts';
import { checkRand } from './authentication-algorithm.ts';
import { c2, c3 } from './authentication-vector.ts';
import { CryptoError } from './crypto-error.ts';

/** What A3 and A8 give for one RAND (TS 43.020 4.3, 4.4): the response of 4 octets and the cipher key of 8. */
export interface GsmKeys {
  readonly sres: Uint8Array;
  readonly kc: Uint8Array;
}

/** The authentication algorithm of GSM for one subscriber, A3 and A8 at once. RAND is 16 octets; another length throws CryptoError. */
export interface GsmAlgorithm {
  a3a8(rand: Uint8Array): GsmKeys;
}

/** Octets of Ki, SRES and Kc (TS 43.020 annex C). */
export const KI_OCTETS = 16;
export const SRES_OCTETS = 4;
export const KC_OCTETS = 8;

/** Throws CryptoError unless Ki is 16 octets. */
export function checkKi(ki: Uint8Array): void {
  if (ki.length !== KI_OCTETS) throw new CryptoError(`Ki has ${KI_OCTETS} octets, got ${ki.length}`);
}

/** SRES and Kc of an algorithm of UMTS by the conversions c2 and c3 (TS 33.102 6.8.1.2): GSM-Milenage of TS 55.205 when it is Milenage. */
export function gsmConversion(algorithm: AuthenticationAlgorithm): GsmAlgorithm {
  return {
    a3a8(rand) {
      const { res, ck, ik } = algorithm.f2345(rand);
      return { sres: c2(res), kc: c3(ck, ik) };
    },
  };
}

/** The test algorithm of GSM (TS 51.010-1 A4.1.2): of Ki xor RAND the first 32 bits are SRES, the next 64 are Kc. Protects nothing. */
export function gsmXor(ki: Uint8Array): GsmAlgorithm {
  checkKi(ki);
  const own = ki.slice();
  return {
    a3a8(rand) {
      checkRand(rand);
      const mixed = own.map((octet, i) => octet ^ rand[i]!);
      return { sres: mixed.slice(0, SRES_OCTETS), kc: mixed.slice(SRES_OCTETS, SRES_OCTETS + KC_OCTETS) };
    },
  };
}
