import { type AuthenticationAlgorithm, putAmf, putSqn, SQN_OCTETS } from './authentication-algorithm.ts';
import { CryptoError } from './crypto-error.ts';
import { equalsPart } from './equal-octets.ts';

/** What the home network gives the serving network for one authentication (TS 33.102 6.3.2). */
export interface AuthenticationVector {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
  readonly xres: Uint8Array;
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
}

/** What a USIM finds in AUTN (TS 33.102 6.3.3): with a wrong MAC nothing else is known, nor may be used. */
export type AutnVerification =
  | { readonly macValid: false }
  | {
      readonly macValid: true;
      /** The network's sequence number; whether it is fresh is the USIM's to decide. */
      readonly sqn: number;
      readonly res: Uint8Array;
      readonly ck: Uint8Array;
      readonly ik: Uint8Array;
    };

/** AMF inside AUTS, so that it need not be transmitted (TS 33.102 6.3.3). */
const AUTS_AMF = 0;
/** Where MAC-A begins in AUTN, after SQN xor AK and AMF. */
const AUTN_MAC_AT = SQN_OCTETS + 2;

const WRONG_MAC: AutnVerification = { macValid: false };

function xorKey(octets: Uint8Array, ak: Uint8Array): void {
  for (let i = 0; i < SQN_OCTETS; i++) octets[i]! ^= ak[i]!;
}

function revealSqn(concealed: Uint8Array, ak: Uint8Array): number {
  let sqn = 0;
  for (let i = 0; i < SQN_OCTETS; i++) sqn = sqn * 256 + (concealed[i]! ^ ak[i]!);
  return sqn;
}

/** True when a token ends in this MAC, which begins at `at`. In constant time. */
function isMacOf(mac: Uint8Array, token: Uint8Array, at: number): boolean {
  return token.length === at + mac.length && equalsPart(mac, token, at, mac.length);
}

/**
 * An authentication vector, home side (TS 33.102 6.3.2). AUTN = SQN xor AK | AMF | MAC-A. Bit 8000 of `amf` is the
 * separation bit of EPS and 5G. The caller keeps SQN rising and RAND fresh.
 */
export function authenticationVector(
  algorithm: AuthenticationAlgorithm,
  rand: Uint8Array,
  sqn: number,
  amf: number,
): AuthenticationVector {
  const { res: xres, ck, ik, ak } = algorithm.f2345(rand);
  const mac = algorithm.f1(rand, sqn, amf);
  const autn = new Uint8Array(AUTN_MAC_AT + mac.length);
  putSqn(sqn, autn, 0);
  xorKey(autn, ak);
  putAmf(amf, autn, SQN_OCTETS);
  autn.set(mac, AUTN_MAC_AT);
  return { rand, autn, xres, ck, ik };
}

/** AUTN as the USIM sees it (TS 33.102 6.3.3): the MAC is checked first, in constant time. `autn` of any length. */
export function verifyAutn(algorithm: AuthenticationAlgorithm, rand: Uint8Array, autn: Uint8Array): AutnVerification {
  if (autn.length <= AUTN_MAC_AT) return WRONG_MAC;
  const { res, ck, ik, ak } = algorithm.f2345(rand);
  const sqn = revealSqn(autn, ak);
  const mac = algorithm.f1(rand, sqn, (autn[6]! << 8) | autn[7]!);
  if (!isMacOf(mac, autn, AUTN_MAC_AT)) return WRONG_MAC;
  return { macValid: true, sqn, res, ck, ik };
}

/** AUTS, card side (TS 33.102 6.3.3): SQN_MS xor AK of f5* | MAC-S of f1* with AMF 0000. 14 octets with a MAC of 8. */
export function buildAuts(algorithm: AuthenticationAlgorithm, rand: Uint8Array, sqnMs: number): Uint8Array {
  const mac = algorithm.f1star(rand, sqnMs, AUTS_AMF);
  const auts = new Uint8Array(SQN_OCTETS + mac.length);
  putSqn(sqnMs, auts, 0);
  xorKey(auts, algorithm.f5star(rand));
  auts.set(mac, SQN_OCTETS);
  return auts;
}

/** SQN_MS of AUTS, home side (TS 33.102 6.3.5), for the RAND it answers; undefined when MAC-S is wrong or the length is. */
export function readAuts(algorithm: AuthenticationAlgorithm, rand: Uint8Array, auts: Uint8Array): number | undefined {
  if (auts.length <= SQN_OCTETS) return undefined;
  const sqnMs = revealSqn(auts, algorithm.f5star(rand));
  const mac = algorithm.f1star(rand, sqnMs, AUTS_AMF);
  return isMacOf(mac, auts, SQN_OCTETS) ? sqnMs : undefined;
}

const SRES_OCTETS = 4;
const KC_OCTETS = 8;
const MAX_RES_OCTETS = 16;
const KEY_OCTETS = 16;

/** Conversion c2 (TS 33.102 6.8.1.2): SRES, the xor of the words of RES filled up with zeros. RES is 4 to 16 octets. */
export function c2(res: Uint8Array): Uint8Array {
  if (res.length < SRES_OCTETS || res.length > MAX_RES_OCTETS)
    throw new CryptoError(`c2 takes a RES of 4 to 16 octets, got ${res.length}`);
  const sres = new Uint8Array(SRES_OCTETS);
  for (let i = 0; i < res.length; i++) sres[i & 3]! ^= res[i]!;
  return sres;
}

/** Conversion c3 (TS 33.102 6.8.1.2): Kc = CK1 xor CK2 xor IK1 xor IK2. CK and IK of 16 octets. */
export function c3(ck: Uint8Array, ik: Uint8Array): Uint8Array {
  if (ck.length !== KEY_OCTETS || ik.length !== KEY_OCTETS)
    throw new CryptoError(`c3 takes CK and IK of 16 octets, got ${ck.length} and ${ik.length}`);
  const kc = new Uint8Array(KC_OCTETS);
  for (let i = 0; i < KEY_OCTETS; i++) kc[i & 7]! ^= ck[i]! ^ ik[i]!;
  return kc;
}
