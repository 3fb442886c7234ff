import type { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { LOCK_PERSONALISATION_KEY, type LockPersonalisation, lockPersonalisation } from './lock-personalisation.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { freshAdm, freshPin, PIN_LENGTH, pinOctets, pinRecord } from './pin.ts';
import { type UiccProfile, uiccProfile } from './profile.ts';

/** Keys of a TS 102 225 key set: AES-128, 16 octets each. */
export interface OtaKeyPair {
  readonly kic: Uint8Array;
  readonly kid: Uint8Array;
}

/** All that makes one UICC, as plain data: the operator writes it once. Full of secrets: never log it. */
export interface UiccPersonalisation extends LockPersonalisation {
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
  readonly mncLength: 2 | 3;
  /** K, OPc of 16 octets; TUAK: K of 16 or 32, TOPc of 32, RES of 4, 8 (usual) or 16 octets, 1 (usual) to 255 iterations. */
  readonly algorithm:
    | { readonly kind: 'milenage'; readonly k: Uint8Array; readonly opc: Uint8Array }
    | {
        readonly kind: 'tuak';
        readonly k: Uint8Array;
        readonly topc: Uint8Array;
        readonly res?: 4 | 8 | 16;
        readonly iterations?: number;
      };
  readonly serviceCentre: Msisdn;
  /** Where reports and proofs of receipt go: a short code or a number. */
  readonly operatorAddress: Msisdn;
  readonly otaKeys: { readonly answer: OtaKeyPair; readonly report: OtaKeyPair };
  /** 4 to 8 digits; without it PIN1 is disabled, and its value is 0000. */
  readonly pin?: string;
  /** 8 digits; without it a blocked PIN1 stays blocked. */
  readonly unblockCode?: string;
  /** 8 octets. */
  readonly adm: Uint8Array;
}

/** The record does not make a UICC, or the card was personalised already. */
export class UiccPersonalisationError extends Error {
  override readonly name = 'UiccPersonalisationError';
}

const USUAL_RES = 8;
const DEFAULT_PIN = '0000';
const PIN = /^\d{4,8}$/;
const UNBLOCK_CODE = /^\d{8}$/;

function check(isRight: boolean, expected: string): void {
  if (!isRight) throw new UiccPersonalisationError(`UICC personalisation: expected ${expected}`);
}

function profileOf(record: UiccPersonalisation): UiccProfile {
  const { algorithm, otaKeys, iccid, imsi, msisdn, mncLength, serviceCentre, operatorAddress } = record;
  const common = { iccid, imsi, msisdn, mncLength, serviceCentre, operatorAddress };
  const keys = { answerKeys: otaKeys.answer, reportKeys: otaKeys.report };
  if (algorithm.kind === 'milenage') return { ...common, ...keys, milenage: { k: algorithm.k, opc: algorithm.opc } };
  const { k, topc, res = USUAL_RES, iterations = 1 } = algorithm;
  check(k.length === 16 || k.length === 32, `a TUAK key of 16 or 32 octets, got ${k.length}`);
  check(iterations >= 1 && iterations <= 255, `1 to 255 iterations of Keccak, got ${iterations}`);
  return { ...common, ...keys, tuak: { k, topc, res, iterations } };
}

/**
 * Writes a record to a fresh card, all of it in one commit. Throws UiccPersonalisationError when the card has one already or a PIN is
 * none, CodecError when a length is wrong (no octet of a secret is in the message), CardMemoryFull when the card is too small.
 */
export function personaliseUicc(memory: CardMemory, record: UiccPersonalisation): void {
  const { pin, unblockCode, adm, policy, oce, makerRoots, staticKey } = record;
  check(memory.get(MEMORY_KEY.profile) === undefined, 'a fresh card, but it is personalised: take another');
  check(record.mncLength === 2 || record.mncLength === 3, `a network code of 2 or 3 digits, got ${record.mncLength}`);
  check(pin === undefined || PIN.test(pin), 'a PIN of 4 to 8 digits');
  check(unblockCode === undefined || UNBLOCK_CODE.test(unblockCode), 'an unblock code of 8 digits');
  check(adm.length === PIN_LENGTH, `an ADM key of 8 octets, got ${adm.length}`);
  const lock = { policy, makerRoots, ...(oce && { oce }), ...(staticKey && { staticKey }) };
  const code = unblockCode === undefined ? undefined : pinOctets(unblockCode);
  memory.commit([
    [MEMORY_KEY.profile, uiccProfile.encode(profileOf(record))],
    [MEMORY_KEY.pin1, pinRecord.encode(freshPin(pinOctets(pin ?? DEFAULT_PIN), pin !== undefined, code))],
    [MEMORY_KEY.adm1, pinRecord.encode(freshAdm(adm))],
    [LOCK_PERSONALISATION_KEY, lockPersonalisation.encode(lock)],
  ]);
}
