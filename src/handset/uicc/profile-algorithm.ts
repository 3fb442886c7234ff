import {
  type AesProvider,
  type AuthenticationAlgorithm,
  type GsmAlgorithm,
  gsmConversion,
  milenage,
  namedGsmAlgorithm,
  tuak,
  xorTest,
} from '#base/crypto/index.ts';
import type { UiccProfile } from './profile.ts';

/** The algorithm of 3G, EPS and 5G that a card was personalised with. */
export function umtsAlgorithm(
  { milenage: classic, tuak: keccak, xor }: UiccProfile,
  aes: AesProvider,
): AuthenticationAlgorithm {
  if (classic) return milenage(aes.key(classic.k), classic.opc);
  // Lengths of RES were checked at personalisation.
  if (keccak) return tuak(keccak.k, keccak.topc, { res: keccak.res as 4 | 8 | 16, iterations: keccak.iterations });
  if (xor) return xorTest(xor.k, xor.res as 4 | 8 | 16);
  // Personalisation gives one of them.
  throw new Error('UICC profile: expected Milenage, TUAK or XOR, got none');
}

/** The algorithm of GSM: one of its own, or that of 3G with the conversions (TS 33.102 6.8.1.2). */
export function gsmAlgorithm({ gsm }: UiccProfile, umts: AuthenticationAlgorithm): GsmAlgorithm {
  return gsm === undefined ? gsmConversion(umts) : namedGsmAlgorithm(gsm.algorithm, gsm.ki);
}
