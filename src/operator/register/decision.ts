import type { Imei, Imsi } from '#base/identity/index.ts';
import { type Said, sentences } from '#base/sentence/index.ts';
import type { EvidenceLevel } from '#operator/evidence/index.ts';
import type { ListName, ListReason } from './list-entry.ts';

/** What people are told; on wires WHITELISTED, GREYLISTED, BLACKLISTED. */
export type EquipmentStatus = 'permitted' | 'tracking' | 'prohibited';

/** How the register acts. `track`: nothing is prohibited, everything is noted. `off`: everything is permitted. */
export const REGISTER_MODES = ['enforce', 'track', 'off'] as const;
/** How the register acts. */
export type RegisterMode = (typeof REGISTER_MODES)[number];

/** Every reason a decision can have, with the sentence a person reads. */
export const REASON_TEXT = {
  registerOff: 'The register is switched off.',
  trackOnly: 'The register only tracks: what would be prohibited is let in and noted.',
  blackList: 'The IMEI is on the black list.',
  greyList: 'The IMEI is on the grey list.',
  whiteList: 'The IMEI is on the white list.',
  blackRange: 'The IMEI is in a range on the black list.',
  greyRange: 'The IMEI is in a range on the grey list.',
  whiteRange: 'The IMEI is in a range on the white list.',
  spared: 'The list entry is about copies of this IMEI; this handset is the one that proves it.',
  allowedPair: 'This subscriber may use this handset whatever the lists say.',
  lockedHandset: 'The handset is locked to other subscribers.',
  lockedSubscriber: 'The subscriber is locked to other handsets.',
  lyingHandset: 'The storage support of this handset proves another IMEI than the one claimed.',
  proofExpected: 'The UICC proved another IMEI before: the SIM moved or the handset lies. Its report is awaited.',
  proofMissing: 'The UICC proved another IMEI before, and no report came in time.',
  refutedProof: 'The UICC refuted the IMEI of this handset.',
  notProven: 'The handset did not prove its IMEI.',
  revoked: 'The storage support of this handset is revoked.',
  pairingLocked: 'This UICC belongs to another handset and is locked to it.',
  clone: 'Another handset proves this IMEI; this one does not.',
  genuine: 'This handset proves the IMEI; others only claim it.',
  bogusImei: 'The number is no IMEI of a maker.',
  unallocatedTac: 'No maker was given the type allocation code of this IMEI.',
  commanded: 'A person of the operator ordered it.',
  proved: 'The UICC proved this IMEI.',
  notListed: 'Nothing is known against this IMEI.',
  imsiDefault:
    'Nothing is known against this IMEI; what such subscribers get by the first digits of their IMSI counts.',
} as const;

/** Why a decision is what it is. */
export type ReasonCode = keyof typeof REASON_TEXT;

/** What belongs to one case and follows the sentence of a reason. */
const REASON_DETAILS = {
  note: '({note})',
  listReason: '({listReason})',
  listReasonNote: '({listReason}: {note})',
  ofTac: '(TAC {tac})',
  ofRange: '({first} to {last})',
  byPrefix: '({prefix}: {status})',
  byPrefixNote: '({prefix}: {status}, {note})',
  byProof: '({proofReason})',
  provedImei: '(proved: {imei})',
  provedBefore: '(proved before: {imei})',
  claimedImei: '(claimed: {imei})',
  toldOther: '(the network was told another IMEI)',
  orderExpired: 'The order ({order}) has expired.',
  // What a person wrote.
  written: '{words}',
} as const;

/** All that reasons of decisions and of orders say. */
export const REASON_SENTENCES = sentences({
  ...REASON_TEXT,
  ...REASON_DETAILS,
  certificateRevoked: 'certificate {serial} is revoked: {words}',
  rootsChanged: 'the makers that the UICC believes changed: it may prove again',
});
/** The code of a sentence of a reason. */
export type ReasonSentence = (typeof REASON_SENTENCES.codes)[number];
/** A sentence of a reason. */
export type ReasonSaid = Said<ReasonSentence>;
/** A sentence that follows the one of a reason. */
export type ReasonDetail = Said<keyof typeof REASON_DETAILS>;

/** One reason and the status it asks for. */
export interface Reason {
  readonly code: ReasonCode;
  readonly status: EquipmentStatus;
  /** For people: the sentence of the code, and what belongs to this case. */
  readonly text: string;
  /** The same by codes and values. */
  readonly said: readonly ReasonSaid[];
  /** Why a list entry is on its list. */
  readonly listReason?: ListReason;
  /** What belongs to this case and to no code: range, note, what was proved. */
  readonly detail?: string;
  /** Case number of a list entry. */
  readonly caseReference?: string;
  /** The reason that stands before this one and makes it count for nothing. */
  readonly overruledBy?: ReasonCode;
}

/** The register's answer about an IMEI. */
export interface Decision {
  readonly imei: Imei;
  readonly imsi: Imsi | undefined;
  readonly equipmentStatus: EquipmentStatus;
  /** The chain of reasons: the decisive one first, those that were overruled last. */
  readonly reasons: readonly [Reason, ...Reason[]];
  /** True when no list, rule or proof says anything: the status is the answer for the unknown. */
  readonly isUnknown: boolean;
  /** What was done to the number that came, in words: check digit dropped, leading zeros put back … */
  readonly normalised: readonly string[];
  /** How it is known that this subscriber uses this IMEI. */
  readonly evidence: EvidenceLevel;
  /** The IMEI that this subscriber's UICC proved last. */
  readonly provedImei: Imei | undefined;
}

/** What a decision needs to know of a list entry; from an index, the texts are missing. */
export interface ListedFact {
  readonly list: ListName;
  readonly reason: ListReason | undefined;
  readonly note: string;
  readonly caseReference: string;
}

/** What the subscriber's UICC and others say about who uses this IMEI. */
export interface EvidenceFacts {
  /** The UICC of this subscriber proves this IMEI now. */
  readonly provesIt: boolean;
  /** The claim stands against what the UICC proved or refuted, in which way, and what it proved. */
  readonly contest: undefined | 'refutedProof' | 'lyingHandset' | 'pairingLocked' | 'proofExpected' | 'proofMissing';
  readonly contestDetails: readonly ReasonDetail[];
  /** Another subscriber's UICC proves this IMEI now. */
  readonly provedByOthers: boolean;
}

/** All that a decision is made of. */
export interface DecisionFacts {
  readonly mode: RegisterMode;
  /** Entries about this very IMEI that count now. */
  readonly entries: readonly ListedFact[];
  /** Entries about ranges it is in, the narrowest first; entries of the same width stand together. */
  readonly ranges: readonly (ListedFact & { readonly width: number; readonly details: readonly ReasonDetail[] })[];
  /** What the rule that allows this pair says; undefined: none does. */
  readonly allowedPair: readonly ReasonDetail[] | undefined;
  /** A lock that this pair breaks, and what it says. */
  readonly brokenLock:
    | { readonly code: 'lockedHandset' | 'lockedSubscriber'; readonly details: readonly ReasonDetail[] }
    | undefined;
  readonly evidence: EvidenceFacts;
  /** What handsets get that only claim an IMEI which another one proves. */
  readonly cloneStatus: 'tracking' | 'prohibited';
  readonly suspicion: 'bogusImei' | 'unallocatedTac' | undefined;
  /** What an IMEI gets of which nothing is known. */
  readonly unknownStatus: EquipmentStatus;
  /** The IMSI prefix that says so; undefined: the interface says so. */
  readonly imsiDefault: readonly ReasonDetail[] | undefined;
}

const SEVERITY: Readonly<Record<EquipmentStatus, number>> = { permitted: 0, tracking: 1, prohibited: 2 };
const LIST_STATUS = { black: 'prohibited', grey: 'tracking', white: 'permitted' } as const;
const LIST_CODE = { black: 'blackList', grey: 'greyList', white: 'whiteList' } as const;
const RANGE_CODE = { black: 'blackRange', grey: 'greyRange', white: 'whiteRange' } as const;

/** A reason with its sentence; what belongs to the case follows. */
export function reasonFor(
  code: ReasonCode,
  status: EquipmentStatus,
  details: readonly ReasonDetail[] = [],
  caseReference = '',
): Reason {
  const said: readonly ReasonSaid[] = [{ code, values: {} }, ...details];
  return {
    ...{ code, status, text: REASON_SENTENCES.words(said), said },
    ...(details.length > 0 && { detail: REASON_SENTENCES.words(details) }),
    ...(caseReference !== '' && { caseReference }),
  };
}

const joined = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' ');

/**
 * The decision (facts/eir.md 9): mode; then what the UICC proved or refuted, and locks; then, for the lists, a pair that is allowed, the
 * entries of this very IMEI, the narrowest range. A list speaks at the first level where it says anything; within one level, and between
 * lists and evidence, the most severe status decides. What a level overruled stays in the chain and says by what.
 */
export function decide(facts: DecisionFacts): {
  readonly equipmentStatus: EquipmentStatus;
  readonly reasons: readonly [Reason, ...Reason[]];
  readonly isUnknown: boolean;
} {
  if (facts.mode === 'off')
    return { equipmentStatus: 'permitted', reasons: [reasonFor('registerOff', 'permitted')], isUnknown: false };
  const listed = listReasons(facts);
  const counting = [...listed.counting, ...evidenceReasons(facts)];
  if (facts.suspicion !== undefined) counting.push(reasonFor(facts.suspicion, 'tracking'));
  const isUnknown = counting.length === 0 && listed.overruled.length === 0;
  const [first = unknownReason(facts), ...rest] = counting.toSorted(bySeverity);
  const reasons = [first, ...rest, ...listed.overruled] as const;
  if (facts.mode === 'track' && first.status === 'prohibited')
    return { equipmentStatus: 'tracking', reasons: [reasonFor('trackOnly', 'tracking'), ...reasons], isUnknown };
  return { equipmentStatus: first.status, reasons: [...reasons], isUnknown };
}

const STATUSES = ['permitted', 'tracking', 'prohibited'] as const;
const NOTHING_SAID = -1;

/**
 * The status that `decide` comes to, without its reasons; undefined when it is unknown. For fronts, which answer many times for each time
 * that a person looks: a test compares the two for any facts.
 */
export function statusOf(facts: DecisionFacts): EquipmentStatus | undefined {
  if (facts.mode === 'off') return 'permitted';
  const suspected = facts.suspicion === undefined ? NOTHING_SAID : SEVERITY.tracking;
  const most = Math.max(listSeverity(facts), evidenceSeverity(facts), suspected);
  return STATUSES[facts.mode === 'track' ? Math.min(most, SEVERITY.tracking) : most];
}

function listSeverity({ allowedPair, entries, ranges, evidence }: DecisionFacts): number {
  if (allowedPair !== undefined) return SEVERITY.permitted;
  let most = NOTHING_SAID;
  for (const entry of entries)
    most = Math.max(most, isSpared(entry, evidence.provesIt) ? SEVERITY.permitted : SEVERITY[LIST_STATUS[entry.list]]);
  if (most !== NOTHING_SAID) return most;
  for (const { list, width } of ranges)
    if (width === ranges[0]?.width) most = Math.max(most, SEVERITY[LIST_STATUS[list]]);
  return most;
}

function evidenceSeverity({ evidence, brokenLock, allowedPair, cloneStatus }: DecisionFacts): number {
  const { contest, provesIt, provedByOthers } = evidence;
  let most = contest === undefined ? NOTHING_SAID : SEVERITY[contestStatus(contest)];
  if (brokenLock !== undefined) most = SEVERITY.prohibited;
  if (provesIt) return Math.max(most, SEVERITY.permitted);
  const isClone = provedByOthers && allowedPair === undefined;
  return isClone ? Math.max(most, SEVERITY[contest === undefined ? cloneStatus : 'tracking']) : most;
}

const contestStatus = (contest: NonNullable<EvidenceFacts['contest']>): EquipmentStatus =>
  contest === 'proofExpected' ? 'tracking' : 'prohibited';

const isSpared = ({ list, reason }: ListedFact, provesIt: boolean): boolean =>
  reason === 'duplicate' && provesIt && list !== 'white';

const unknownReason = ({ unknownStatus, imsiDefault }: DecisionFacts): Reason =>
  imsiDefault === undefined
    ? reasonFor('notListed', unknownStatus)
    : reasonFor('imsiDefault', unknownStatus, imsiDefault);

const bySeverity = (a: Reason, b: Reason) => SEVERITY[b.status] - SEVERITY[a.status];

function listReasons({ entries, ranges, allowedPair, evidence }: DecisionFacts): {
  readonly counting: readonly Reason[];
  readonly overruled: readonly Reason[];
} {
  const narrowest = ranges[0]?.width;
  const levels: readonly (readonly Reason[])[] = [
    allowedPair === undefined ? [] : [reasonFor('allowedPair', 'permitted', allowedPair)],
    entries.map((entry) => entryReason(entry, evidence.provesIt)),
    ranges.filter(({ width }) => width === narrowest).map(rangeReason),
    ranges.filter(({ width }) => width !== narrowest).map(rangeReason),
  ];
  const level = levels.findIndex((reasons) => reasons.length > 0);
  const counting = levels[level] ?? [];
  const overruledBy = counting.toSorted(bySeverity)[0]?.code;
  return {
    counting,
    overruled:
      overruledBy === undefined
        ? []
        : levels
            .slice(level + 1)
            .flat()
            .map((reason) => ({ ...reason, overruledBy })),
  };
}

const entryReason = (entry: ListedFact, provesIt: boolean): Reason =>
  isSpared(entry, provesIt)
    ? listedReason('spared', 'permitted', entry)
    : listedReason(LIST_CODE[entry.list], LIST_STATUS[entry.list], entry);

const rangeReason = (entry: DecisionFacts['ranges'][number]): Reason =>
  listedReason(RANGE_CODE[entry.list], LIST_STATUS[entry.list], entry, entry.details);

function listedReason(
  code: ReasonCode,
  status: EquipmentStatus,
  entry: ListedFact,
  range: readonly ReasonDetail[] = [],
): Reason {
  const { reason, note, caseReference } = entry;
  const detail = joined(REASON_SENTENCES.words(range), note);
  const said: readonly ReasonSaid[] = [{ code, values: {} }, ...range, ...entryDetails(entry)];
  return {
    ...{ code, status, text: REASON_SENTENCES.words(said), said },
    ...(reason !== undefined && reason !== 'other' && { listReason: reason }),
    ...(detail !== '' && { detail }),
    ...(caseReference !== '' && { caseReference }),
  };
}

function entryDetails({ reason: listReason, note }: ListedFact): readonly ReasonDetail[] {
  if (listReason === undefined || listReason === 'other') return noteDetails(note);
  const { say } = REASON_SENTENCES;
  return [note === '' ? say('listReason', { listReason }) : say('listReasonNote', { listReason, note })];
}

/** What somebody noted, when he did. */
export const noteDetails = (note: string): readonly ReasonDetail[] =>
  note === '' ? [] : [REASON_SENTENCES.say('note', { note })];

function evidenceReasons({ evidence, brokenLock, allowedPair, cloneStatus }: DecisionFacts): Reason[] {
  const { contest, contestDetails, provesIt, provedByOthers } = evidence;
  const reasons: Reason[] = [];
  if (contest !== undefined) reasons.push(reasonFor(contest, contestStatus(contest), contestDetails));
  if (brokenLock !== undefined) reasons.push(reasonFor(brokenLock.code, 'prohibited', brokenLock.details));
  if (provesIt) reasons.push(reasonFor('proved', 'permitted'));
  // A SIM that just moved into this handset is about to prove it; a pair that is allowed is known to be one of several.
  else if (provedByOthers && allowedPair === undefined)
    reasons.push(reasonFor('clone', contest === undefined ? cloneStatus : 'tracking'));
  return reasons;
}
