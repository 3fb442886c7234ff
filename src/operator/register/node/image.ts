import type { Imei, Imsi } from '#base/identity/index.ts';
import { isBogus } from '../bogus.ts';
import {
  type DecisionFacts,
  type EquipmentStatus,
  type EvidenceFacts,
  type ListedFact,
  type RegisterMode,
  statusOf,
} from '../decision.ts';
import { attachEquipmentIndex, type EquipmentIndexHandle, type EquipmentReader } from '../equipment-index/index.ts';
import type { EquipmentAnswer, EquipmentQuestion, Front } from '../front.ts';
import { type PairBounds, pairVerdict } from '../pair-rules.ts';
import type { FailureAnswer, RegisterSettings, UnknownAnswer } from '../register-settings.ts';
import { FRESHNESS } from './freshness.ts';
import { ImsiDefaultTable, type PlainImsiDefaults } from './imsi-default-table.ts';
import { IntervalIndex } from './interval-index.ts';
import { imsiNumber, ProofReader, type ProofStanding, type ProofTableHandle } from './proof-table.ts';
import { type ListTag, RangeReader, type RangeTableHandle } from './range-table.ts';

/** A claim that a subscriber's proof contradicts: since when it is known, and whether a report has refuted it. */
export interface Contest {
  readonly imei: number;
  readonly since: number;
  readonly isRefuted: boolean;
}

/** A pair rule as plain data between threads: 14-digit numbers and IMSIs. */
export interface PlainPairRule {
  readonly kind: 'allow' | 'lock';
  readonly first: string;
  readonly last: string;
  readonly firstImsi: string;
  readonly lastImsi: string;
}

/** All that answers are made of, as it goes to another thread: what is large is shared memory. */
export interface ImageParts {
  /** Tag of each IMEI with an entry of its own. */
  readonly exact: EquipmentIndexHandle;
  /** Tag of those among them whose entry is about copies, for the handset that proves the IMEI: 1 when nothing else is listed. */
  readonly spared: EquipmentIndexHandle;
  /** How many UICCs prove an IMEI now: 1, or 2 for more. */
  readonly proved: EquipmentIndexHandle;
  readonly proofs: ProofTableHandle;
  readonly ranges: RangeTableHandle;
  readonly pairs: readonly PlainPairRule[];
  readonly contests: readonly (readonly [imsi: string, contests: readonly Contest[]])[];
  readonly settings: RegisterSettings;
  readonly imsiDefaults: PlainImsiDefaults;
  /** A bit for each allocated TAC, 12.5 MB; undefined: no table is loaded. */
  readonly tacs: SharedArrayBuffer | undefined;
  /** Two doubles: when the lists were last known to be complete (milliseconds since 1970; 0: not loaded), and the newest change in them. */
  readonly freshness: SharedArrayBuffer;
}

/** A part that was replaced. */
export type ImageChange = {
  readonly [P in keyof ImageParts]: { readonly part: P; readonly value: ImageParts[P] };
}[keyof ImageParts];

/** Serial numbers of a TAC. */
const SERIAL_NUMBERS = 1_000_000;

const RETRY_SECONDS = 1;
const UNKNOWN: EquipmentAnswer = { kind: 'unknown' };
const UNAVAILABLE: EquipmentAnswer = { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS };
const STATUS: Readonly<Record<EquipmentStatus, EquipmentAnswer>> = {
  permitted: { kind: 'status', equipmentStatus: 'permitted' },
  tracking: { kind: 'status', equipmentStatus: 'tracking' },
  prohibited: { kind: 'status', equipmentStatus: 'prohibited' },
};
const NO_EVIDENCE: EvidenceFacts = { provesIt: false, contest: undefined, contestDetails: [], provedByOthers: false };
const LIST_OF_TAG = { 1: 'white', 2: 'grey', 3: 'black' } as const;

const answerOf = (answer: Exclude<FailureAnswer, 'asListed'>): EquipmentAnswer =>
  answer === 'unknown' ? UNKNOWN : answer === 'unavailable' ? UNAVAILABLE : STATUS[answer];

/** A register that only tracks prohibits nothing, the unknown neither. */
const unknownAnswer = (answer: UnknownAnswer, mode: RegisterMode): EquipmentAnswer =>
  mode === 'track' && answer === 'prohibited' ? STATUS.tracking : answerOf(answer);

/**
 * The register's answers from memory (facts/eir.md 11: a complete replica in every front). The same decision as for people, made of the
 * same facts, without the words: what nothing is known about is answered without making any.
 */
export class RegisterImage {
  #exact: EquipmentReader;
  #spared: EquipmentReader;
  #proved: EquipmentReader;
  #proofs: ProofReader;
  #ranges: RangeReader;
  #pairsByImei: IntervalIndex<PairBounds>;
  #pairsByImsi: IntervalIndex<PairBounds>;
  #contests: Map<string, readonly Contest[]>;
  #settings: RegisterSettings;
  #imsiDefaults: ImsiDefaultTable;
  #tacs: Uint8Array | undefined;
  #freshness: Float64Array;
  readonly #toRule: (plain: PlainPairRule) => PairBounds;

  constructor(parts: ImageParts, toRule: (plain: PlainPairRule) => PairBounds) {
    this.#toRule = toRule;
    this.#exact = attachEquipmentIndex(parts.exact);
    this.#spared = attachEquipmentIndex(parts.spared);
    this.#proved = attachEquipmentIndex(parts.proved);
    this.#proofs = new ProofReader(parts.proofs);
    this.#ranges = new RangeReader(parts.ranges);
    [this.#pairsByImei, this.#pairsByImsi] = this.#indexed(parts.pairs);
    this.#contests = new Map(parts.contests);
    this.#settings = parts.settings;
    this.#imsiDefaults = new ImsiDefaultTable(parts.imsiDefaults);
    this.#tacs = parts.tacs && new Uint8Array(parts.tacs);
    this.#freshness = new Float64Array(parts.freshness);
  }

  /** Takes a part that was replaced; single contests are added to those there are. */
  take(change: ImageChange): void {
    switch (change.part) {
      case 'exact':
        this.#exact = attachEquipmentIndex(change.value);
        break;
      case 'spared':
        this.#spared = attachEquipmentIndex(change.value);
        break;
      case 'proved':
        this.#proved = attachEquipmentIndex(change.value);
        break;
      case 'proofs':
        this.#proofs = new ProofReader(change.value);
        break;
      case 'ranges':
        this.#ranges = new RangeReader(change.value);
        break;
      case 'pairs':
        [this.#pairsByImei, this.#pairsByImsi] = this.#indexed(change.value);
        break;
      case 'contests':
        for (const [imsi, contests] of change.value) {
          if (contests.length === 0) this.#contests.delete(imsi);
          else this.#contests.set(imsi, contests);
        }
        break;
      case 'settings':
        this.#settings = change.value;
        break;
      case 'imsiDefaults':
        this.#imsiDefaults = new ImsiDefaultTable(change.value);
        break;
      case 'tacs':
        this.#tacs = change.value && new Uint8Array(change.value);
        break;
      case 'freshness':
        this.#freshness = new Float64Array(change.value);
        break;
    }
  }

  /** The newest change in memory, and when it was last known to be complete; 0 for none. */
  get freshness(): { readonly sequence: number; readonly completeAt: number } {
    return {
      sequence: this.#freshness[FRESHNESS.sequence] ?? 0,
      completeAt: this.#freshness[FRESHNESS.completeAt] ?? 0,
    };
  }

  /** The answer at `now`, milliseconds since 1970. */
  check({ front, imei, imsi }: EquipmentQuestion, now: number): EquipmentAnswer {
    const { mode, failure, oldestList } = this.#settings;
    const completeAt = this.#freshness[FRESHNESS.completeAt] as number;
    if (completeAt === 0 && failure.notLoaded !== 'asListed') return answerOf(failure.notLoaded);
    if (now - completeAt > oldestList && failure.listTooOld !== 'asListed') return answerOf(failure.listTooOld);
    if (mode === 'off') return STATUS.permitted;
    if (imei === undefined) return failure.notAnImei === 'asListed' ? UNKNOWN : answerOf(failure.notAnImei);
    const facts = this.#facts(imei, imsi, now);
    if (facts === undefined) return this.#ofUnknown(front, imsi);
    const status = statusOf(facts);
    return status === undefined ? this.#ofUnknown(front, imsi) : STATUS[status];
  }

  #ofUnknown(front: Front, imsi: Imsi | undefined): EquipmentAnswer {
    const { unknown, mode } = this.#settings;
    return unknownAnswer((imsi && this.#imsiDefaults.answer(imsi)) ?? unknown[front], mode);
  }

  /** True when no list, rule, proof or suspicion says anything about this pair at `now`. */
  knowsNothing(imei: Imei, imsi: Imsi, now: number): boolean {
    return this.#facts(imei, imsi, now) === undefined;
  }

  /** What is known; undefined when nothing is, which is so for nearly all questions. */
  #facts(imei: Imei, imsi: Imsi | undefined, now: number): DecisionFacts | undefined {
    const equipment = imei.number;
    const tag = this.#exact.lookup(equipment);
    const range = this.#ranges.lookup(equipment);
    // While no UICC ever reported, nobody proves anything.
    const hasProofs = this.#proofs.size > 0;
    const provers = hasProofs ? this.#proved.lookup(equipment) : 0;
    const proof = hasProofs && imsi !== undefined ? this.#proofs.standing(imsiNumber(imsi)) : undefined;
    const suspicion = isBogus(equipment) ? 'bogusImei' : this.#isUnallocated(equipment) ? 'unallocatedTac' : undefined;
    const hasPairs = !this.#pairsByImei.isEmpty;
    if (tag === 0 && range === 0 && provers === 0 && proof === undefined && suspicion === undefined && !hasPairs)
      return undefined;
    const evidence = this.#evidence(equipment, imsi, proof, provers, now);
    const exact = tag !== 0 && evidence.provesIt ? this.#spared.lookup(equipment) || tag : tag;
    const pair = hasPairs && imsi !== undefined ? this.#pair(imei, imsi) : NO_PAIR;
    return {
      mode: this.#settings.mode,
      entries: exact === 0 ? [] : [listed(exact)],
      ranges: range === 0 ? [] : [{ ...listed(range), width: 0, details: [] }],
      ...pair,
      evidence,
      cloneStatus: this.#settings.cloneStatus,
      suspicion,
      unknownStatus: 'permitted',
      imsiDefault: undefined,
    };
  }

  #isUnallocated(equipment: number): boolean {
    if (this.#tacs === undefined) return false;
    const tac = Math.floor(equipment / SERIAL_NUMBERS);
    return ((this.#tacs[tac >>> 3] as number) & (1 << (tac & 7))) === 0;
  }

  #pair(imei: Imei, imsi: Imsi) {
    const forImei = this.#pairsByImei.holding(imei.number);
    const forImsi = this.#pairsByImsi.holding(imsiNumber(imsi));
    return forImei.length === 0 && forImsi.length === 0 ? NO_PAIR : pairVerdict(imei, imsi, forImei, forImsi);
  }

  #evidence(
    equipment: number,
    imsi: Imsi | undefined,
    proof: ProofStanding | undefined,
    provers: number,
    now: number,
  ): EvidenceFacts {
    if (proof === undefined && provers === 0) return NO_EVIDENCE;
    const provesIt = proof?.provedImei === equipment;
    const contest = proof && this.#contest(equipment, imsi as Imsi, proof, now);
    return { provesIt, contest, contestDetails: [], provedByOthers: provers > (provesIt ? 1 : 0) };
  }

  #contest(equipment: number, imsi: Imsi, proof: ProofStanding, now: number): EvidenceFacts['contest'] {
    if (proof.isRefuted) return 'refutedProof';
    if (proof.provedImei === undefined || proof.provedImei === equipment) return undefined;
    const contest = this.#contests.get(imsi.digits)?.find((one) => one.imei === equipment);
    if (contest?.isRefuted === true) return 'lyingHandset';
    if (proof.isPairingLocked) return 'pairingLocked';
    return now - (contest?.since ?? now) < this.#settings.proofGrace ? 'proofExpected' : 'proofMissing';
  }

  #indexed(plain: readonly PlainPairRule[]): [IntervalIndex<PairBounds>, IntervalIndex<PairBounds>] {
    const rules = plain.map(this.#toRule);
    return [
      new IntervalIndex(rules.map((value) => ({ first: value.first.number, last: value.last.number, value }))),
      new IntervalIndex(
        rules.map((value) => ({ first: imsiNumber(value.firstImsi), last: imsiNumber(value.lastImsi), value })),
      ),
    ];
  }
}

const NO_PAIR = { allowedPair: undefined, brokenLock: undefined } as const;

const LISTED: Readonly<Record<Exclude<ListTag, 0>, ListedFact>> = {
  1: { list: LIST_OF_TAG[1], reason: undefined, note: '', caseReference: '' },
  2: { list: LIST_OF_TAG[2], reason: undefined, note: '', caseReference: '' },
  3: { list: LIST_OF_TAG[3], reason: undefined, note: '', caseReference: '' },
};
const listed = (tag: Exclude<ListTag, 0>): ListedFact => LISTED[tag];
