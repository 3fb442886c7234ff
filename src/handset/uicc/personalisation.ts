import type { Iccid, Imsi, Msisdn, SuciCalculation } from '#base/identity/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import {
  keySetProblem,
  type ManagementPersonalisation,
  managementRecords,
  readManagement,
} from './card-management/index.ts';
import { KEY } from './file-system/access-rule.ts';
import type { DedicatedFile } from './file-system/elementary-file.ts';
import { type FilePlan, FilePlanError, filePlan, plannedTables, USIM_NUMBER } from './file-system/index.ts';
import { type FurtherCode, FurtherCodeError, furtherCodeRecords, readFurtherCodes } from './further-codes.ts';
import {
  LOCK_PERSONALISATION_KEY,
  type LockPersonalisation,
  lockPersonalisation,
  readLockPersonalisation,
} from './lock-personalisation.ts';
import { MEMORY_KEY } from './memory-key.ts';
import {
  decodePin,
  freshAdm,
  freshPin,
  PIN_LENGTH,
  type PinRecord,
  pinKey,
  pinOctets,
  pinRecord,
  VERIFICATION,
} from './pin.ts';
import { type UiccProfile, uiccProfile } from './profile.ts';
import { MOST_IND_BITS, SEQ_BITS, type SequenceRules } from './sequence-array.ts';

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
  /**
   * K, OPc of 16 octets; TUAK: K of 16 or 32, TOPc of 32, RES of 4, 8 (usual) or 16 octets, 1 (usual) to 255 iterations; XOR, the test
   * algorithm of TS 34.108 8.1.2: K of 16, RES of 4, 8 or 16 (usual).
   */
  readonly algorithm:
    | { readonly kind: 'milenage'; readonly k: Uint8Array; readonly opc: Uint8Array }
    | {
        readonly kind: 'tuak';
        readonly k: Uint8Array;
        readonly topc: Uint8Array;
        readonly res?: 4 | 8 | 16;
        readonly iterations?: number;
      }
    | { readonly kind: 'xor'; readonly k: Uint8Array; readonly res?: 4 | 8 | 16 };
  /** An algorithm of its own for GSM, Ki of 16 octets; without one SRES and Kc are conversions of the other algorithm's. */
  readonly gsmAlgorithm?: { readonly kind: 'comp128v1' | 'comp128v2' | 'comp128v3' | 'xor'; readonly ki: Uint8Array };
  /** How sequence numbers are judged; 5 bits of IND and no limits when not given. */
  readonly sequence?: SequenceRules;
  /** How the SUCI is calculated, and by whom; when not given the terminal does it, with the null-scheme. */
  readonly suci?: {
    readonly by: 'terminal' | 'usim';
    readonly calculation: SuciCalculation;
    /** 1 to 4 digits. */
    readonly routingIndicator: string;
  };
  readonly serviceCentre: Msisdn;
  /** Where reports and proofs of receipt go: a short code or a number. */
  readonly operatorAddress: Msisdn;
  readonly otaKeys: { readonly answer: OtaKeyPair; readonly report: OtaKeyPair };
  /** What makes an ISIM besides the USIM; what is not given is derived from the IMSI (TS 23.003 13). */
  readonly ims?: {
    readonly privateIdentity?: string;
    readonly domain?: string;
    readonly publicIdentities?: readonly string[];
    /** Names of P-CSCFs. */
    readonly proxies?: readonly string[];
  };
  /** 4 to 8 digits; without it the card has no PIN2. */
  readonly pin2?: string;
  /** 8 digits; without it a blocked PIN2 stays blocked. */
  readonly unblockCode2?: string;
  /** 4 to 8 digits: the universal PIN, which may stand in for PIN1. */
  readonly universalPin?: string;
  /** ADM keys besides ADM1, 8 octets each: ADM2 first. */
  readonly furtherAdm?: readonly Uint8Array[];
  /** Codes besides: PINs of the whole card, second PINs of other applications, any ADM key; one named here comes before those above. */
  readonly furtherCodes?: readonly FurtherCode[];
  /** 4 to 8 digits; without it PIN1 is disabled, and its value is 0000. */
  readonly pin?: string;
  /** 8 digits; without it a blocked PIN1 stays blocked. */
  readonly unblockCode?: string;
  /** 8 octets. */
  readonly adm: Uint8Array;
  /** Its files, when they are not the standard card's. */
  readonly files?: FilePlan;
  /** Security domains and remote management; a card without it has none for ever. */
  readonly management?: ManagementPersonalisation;
}

/** The record does not make a UICC, or the card was personalised already. */
export class UiccPersonalisationError extends Error {
  override readonly name = 'UiccPersonalisationError';
}

const USUAL_RES = 8;
const DEFAULT_PIN = '0000';
const PIN = /^\d{4,8}$/;
const ROUTING_INDICATOR = /^\d{1,4}$/;
const UNBLOCK_CODE = /^\d{8}$/;

function check(isRight: boolean, expected: string): void {
  if (!isRight) throw new UiccPersonalisationError(`UICC personalisation: expected ${expected}`);
}

const RES_OCTETS: readonly number[] = [4, 8, 16];

function algorithmOf({ algorithm }: UiccPersonalisation): Pick<UiccProfile, 'milenage' | 'tuak' | 'xor'> {
  switch (algorithm.kind) {
    case 'milenage':
      return { milenage: { k: algorithm.k, opc: algorithm.opc } };
    case 'tuak': {
      const { k, topc, res = USUAL_RES, iterations = 1 } = algorithm;
      check(k.length === 16 || k.length === 32, `a TUAK key of 16 or 32 octets, got ${k.length}`);
      check(RES_OCTETS.includes(res), `a RES of 4, 8 or 16 octets, got ${res}`);
      check(iterations >= 1 && iterations <= 255, `1 to 255 iterations of Keccak, got ${iterations}`);
      return { tuak: { k, topc, res, iterations } };
    }
    case 'xor': {
      const { k, res = 16 } = algorithm;
      check(RES_OCTETS.includes(res), `a RES of 4, 8 or 16 octets, got ${res}`);
      return { xor: { k, res } };
    }
  }
}

function checkSequence({ indBits, delta = 1, ageLimit = 1, initial = [] }: SequenceRules): void {
  const isIn = (value: number, least: number, below: number) =>
    Number.isInteger(value) && value >= least && value < below;
  check(isIn(indBits, 0, MOST_IND_BITS + 1), `0 to ${MOST_IND_BITS} bits of IND, got ${indBits}`);
  for (const limit of [delta, ageLimit]) check(isIn(limit, 1, 2 ** 48), `a limit of 1 to 48 bits of SEQ, got ${limit}`);
  check(initial.length <= 2 ** indBits, `first sequence numbers of at most ${2 ** indBits} indexes`);
  for (const seq of initial) check(isIn(seq, 0, 2 ** SEQ_BITS), `a first SEQ of at most ${SEQ_BITS} bits`);
}

function profileOf(record: UiccPersonalisation): UiccProfile {
  const { otaKeys, iccid, imsi, msisdn, mncLength, serviceCentre, operatorAddress } = record;
  const { gsmAlgorithm: gsm, sequence, suci } = record;
  const ims = record.ims && { publicIdentities: [], proxies: [], ...record.ims };
  if (sequence) checkSequence(sequence);
  return {
    ...{ iccid, imsi, msisdn, mncLength, serviceCentre, operatorAddress },
    ...{ answerKeys: otaKeys.answer, reportKeys: otaKeys.report },
    ...algorithmOf(record),
    ...(gsm && { gsm: { algorithm: gsm.kind, ki: gsm.ki } }),
    ...(sequence && { sequence }),
    ...(suci && { suci }),
    ...(ims && { ims }),
  };
}

const ADM2 = KEY.adm1 + 1;
/** ADM2 to ADM5: key references 0B to 0E. */
const MOST_FURTHER_ADM = 4;

/** PIN2 of the USIM, the universal PIN, further ADM keys: what a card may have besides PIN1 and ADM1. */
function furtherKeys({ pin2, unblockCode2, universalPin, furtherAdm = [] }: UiccPersonalisation): Changes {
  check(
    furtherAdm.length <= MOST_FURTHER_ADM,
    `at most ${MOST_FURTHER_ADM} further ADM keys, got ${furtherAdm.length}`,
  );
  const code = unblockCode2 === undefined ? undefined : pinOctets(unblockCode2);
  for (const pin of [pin2, universalPin]) check(pin === undefined || PIN.test(pin), 'PINs of 4 to 8 digits');
  check(unblockCode2 === undefined || UNBLOCK_CODE.test(unblockCode2), 'unblock codes of 8 digits');
  for (const key of furtherAdm) check(key.length === PIN_LENGTH, `ADM keys of 8 octets, got ${key.length}`);
  const keys: [number, PinRecord][] = furtherAdm.map((key, i) => [pinKey(ADM2 + i, 0), freshAdm(key)]);
  if (pin2 !== undefined) keys.push([pinKey(KEY.pin2, USIM_NUMBER), freshPin(pinOctets(pin2), true, code)]);
  if (universalPin !== undefined)
    keys.push([pinKey(KEY.universalPin, 0), freshPin(pinOctets(universalPin), true, undefined)]);
  return keys.map(([key, pin]) => [key, pinRecord.encode(pin)]);
}

const digitsOf = (octets: Uint8Array): string => String.fromCharCode(...octets.filter((octet) => octet !== PIN_FILLER));
const PIN_FILLER = 0xff;
const NONE = new Uint8Array(0);

/** The codes of a card as they are now: by the names that usual ones have, and by key reference where a name says less. */
function readPins(memory: CardMemory, directories: readonly DedicatedFile[]) {
  const pin = (key: number) => {
    const stored = memory.get(key);
    const found = stored && decodePin(stored);
    return typeof found === 'object' ? found : undefined;
  };
  const [pin1, adm] = [pin(MEMORY_KEY.pin1), pin(MEMORY_KEY.adm1)];
  const second = pin(pinKey(KEY.pin2, USIM_NUMBER));
  const pin2 = second?.enabled === VERIFICATION.enabled ? second : undefined;
  const universal = pin(pinKey(KEY.universalPin, 0));
  const all = Array.from({ length: MOST_FURTHER_ADM }, (_, i) => pin(pinKey(ADM2 + i, 0)));
  const hole = all.findIndex((key) => key === undefined || key.unblockCode !== undefined);
  const further = (hole < 0 ? all : all.slice(0, hole)).flatMap((key) => key?.value ?? []);
  const isPin1Named = pin1?.enabled === VERIFICATION.enabled || digitsOf(pin1?.value ?? NONE) === DEFAULT_PIN;
  const isNamed = (reference: number, number: number): boolean =>
    (reference === KEY.pin1 && isPin1Named) ||
    (reference === KEY.pin2 && number === USIM_NUMBER && pin2 !== undefined) ||
    (reference >= ADM2 && reference < ADM2 + further.length);
  const codes = readFurtherCodes(memory, directories, isNamed);
  return {
    adm: adm?.value ?? new Uint8Array(PIN_LENGTH),
    ...(pin1?.enabled === VERIFICATION.enabled && { pin: digitsOf(pin1.value) }),
    ...(pin1?.unblockCode && { unblockCode: digitsOf(pin1.unblockCode) }),
    ...(pin2 && { pin2: digitsOf(pin2.value) }),
    ...(pin2?.unblockCode && { unblockCode2: digitsOf(pin2.unblockCode) }),
    ...(universal && { universalPin: digitsOf(universal.value) }),
    ...(further.length > 0 && { furtherAdm: further }),
    ...(codes.length > 0 && { furtherCodes: codes }),
  };
}

function readAlgorithm({ milenage, tuak, xor }: UiccProfile): UiccPersonalisation['algorithm'] {
  if (milenage) return { kind: 'milenage', ...milenage };
  // Lengths of RES were checked when the card was personalised.
  if (tuak) return { kind: 'tuak', ...tuak, res: tuak.res as 4 | 8 | 16 };
  if (xor) return { kind: 'xor', k: xor.k, res: xor.res as 4 | 8 | 16 };
  throw new UiccPersonalisationError('UICC profile: expected Milenage, TUAK or XOR, got none');
}

/**
 * The record that makes a card like this one: what it was personalised with, with the codes and keys that it has now. Contents of files that
 * were changed since are not in it. Full of secrets: never log it. Undefined for a fresh card; throws CodecError when the memory is damaged.
 */
export function readPersonalisation(memory: CardMemory): UiccPersonalisation | undefined {
  const [stored, plan] = [MEMORY_KEY.profile, MEMORY_KEY.filePlan].map((key) => memory.get(key));
  const lock = readLockPersonalisation(memory);
  if (stored === undefined || lock === undefined) return undefined;
  const profile = uiccProfile.decode(stored);
  const { iccid, imsi, msisdn, serviceCentre, operatorAddress, answerKeys, reportKeys, gsm, sequence, suci, ims } =
    profile;
  const management = readManagement(memory);
  const files = plan && filePlan.decode(plan);
  return {
    ...{ iccid, imsi, msisdn, serviceCentre, operatorAddress, mncLength: profile.mncLength === 3 ? 3 : 2 },
    algorithm: readAlgorithm(profile),
    otaKeys: { answer: answerKeys, report: reportKeys },
    ...(gsm && { gsmAlgorithm: { kind: gsm.algorithm, ki: gsm.ki } }),
    ...(sequence && { sequence }),
    ...(suci && { suci }),
    ...(ims && { ims }),
    ...readPins(memory, tablesOf({ ...(files && { files }), ...(ims && { ims }) }).directories),
    ...lock,
    ...(files && { files }),
    ...(management && { management }),
  };
}

const tablesOf = ({ files = { base: 'standard' }, ims }: Pick<UiccPersonalisation, 'files' | 'ims'>): DedicatedFile =>
  plannedTables(files, ims !== undefined);

/** The plan of the card's files, when it has one that makes files, and the codes that the directories of such files have. */
function filesOf(record: UiccPersonalisation): Changes {
  const { files, furtherCodes = [] } = record;
  if (files === undefined && furtherCodes.length === 0) return [];
  try {
    const { directories } = tablesOf(record);
    const plan: Changes = files === undefined ? [] : [[MEMORY_KEY.filePlan, filePlan.encode(files)]];
    return [...plan, ...furtherCodeRecords(furtherCodes, directories)];
  } catch (error) {
    if (error instanceof FilePlanError || error instanceof FurtherCodeError)
      throw new UiccPersonalisationError(`UICC personalisation: ${error.message}`);
    throw error;
  }
}

/**
 * Writes a record to a fresh card, all of it in one commit. Throws UiccPersonalisationError when the card has one already or a PIN is
 * none, CodecError when a length is wrong (no octet of a secret is in the message), CardMemoryFull when the card is too small.
 */
export function personaliseUicc(memory: CardMemory, record: UiccPersonalisation): void {
  const { pin, unblockCode, adm, policy, oce, makerRoots, staticKey, management } = record;
  check(memory.get(MEMORY_KEY.profile) === undefined, 'a fresh card, but it is personalised: take another');
  const { routingIndicator = '0' } = record.suci ?? {};
  check(ROUTING_INDICATOR.test(routingIndicator), 'a routing indicator of 1 to 4 digits');
  check(record.mncLength === 2 || record.mncLength === 3, `a network code of 2 or 3 digits, got ${record.mncLength}`);
  check(pin === undefined || PIN.test(pin), 'a PIN of 4 to 8 digits');
  check(unblockCode === undefined || UNBLOCK_CODE.test(unblockCode), 'an unblock code of 8 digits');
  check(adm.length === PIN_LENGTH, `an ADM key of 8 octets, got ${adm.length}`);
  const problem = management && keySetProblem(management.keySets);
  check(problem === undefined, problem ?? '');
  const lock = { policy, makerRoots, ...(oce && { oce }), ...(staticKey && { staticKey }) };
  const code = unblockCode === undefined ? undefined : pinOctets(unblockCode);
  const codes = new Map<number, Uint8Array | undefined>([
    ...furtherKeys(record),
    [MEMORY_KEY.pin1, pinRecord.encode(freshPin(pinOctets(pin ?? DEFAULT_PIN), pin !== undefined, code))],
    [MEMORY_KEY.adm1, pinRecord.encode(freshAdm(adm))],
    ...filesOf(record),
  ]);
  memory.commit([
    ...codes,
    [MEMORY_KEY.profile, uiccProfile.encode(profileOf(record))],
    [LOCK_PERSONALISATION_KEY, lockPersonalisation.encode(lock)],
    ...(management === undefined ? [] : managementRecords(record.iccid, management)),
  ]);
}
