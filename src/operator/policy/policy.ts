import type { Imei } from '#base/identity/index.ts';
import {
  type Decision,
  type EquipmentStatus,
  REASON_SENTENCES,
  type Reason,
  type ReasonCode,
  type RegisterMode,
  reasonFor,
} from '#operator/register/index.ts';
import type { Order, Report } from '#protocol/imei-lock/index.ts';
import { personText } from './person-text.ts';

/** All that the decision depends on. */
export interface PolicyFacts {
  readonly mode: RegisterMode;
  /** The register's word about the IMEI reported; undefined when the report names none. */
  readonly decision: Decision | undefined;
  readonly pairing: 'free' | 'locked';
  /** The IMEI that the UICC had proved before, when it is another now. */
  readonly movedFrom: Imei | undefined;
  /** What the handset told the network a moment ago, when it is not what was proved. */
  readonly contradictedClaim: Imei | undefined;
  /** What a person of the operator decided about this UICC, while it holds. */
  readonly commanded: Commanded | undefined;
  /** How a person objects: a telephone number or address, for the text. */
  readonly contact: string;
}

/** A decision by a person: it goes before everything else. */
export interface Commanded {
  readonly order: Order;
  readonly reason: string;
  readonly caseReference: string;
}

/** The order for a UICC, why, and what its person reads (empty: nothing). */
export interface PolicyDecision {
  readonly order: Order;
  readonly reasons: readonly [Reason, ...Reason[]];
  readonly text: string;
}

/**
 * The answer to a report. Refuted blocks, not proven is tracked (the gate is the UICC's own), proved follows the register. While the
 * register only tracks, nothing is blocked; while it is off, everything is permitted.
 */
export function decide(report: Report, facts: PolicyFacts): PolicyDecision {
  if (facts.commanded !== undefined) return commandedOrder(facts.commanded, facts.contact);
  if (facts.mode === 'off') return { order: 'permit', reasons: [reasonFor('registerOff', 'permitted')], text: '' };
  const { order, reasons } = judged(report, facts);
  const isSevere = order === 'block' || order === 'stopKeys';
  if (facts.mode === 'track' && isSevere)
    return { order: 'track', reasons: [reasonFor('trackOnly', 'tracking'), ...reasons], text: '' };
  return { order, reasons, text: isSevere ? personText(reasons[0], facts.contact) : '' };
}

const { say } = REASON_SENTENCES;

/** A command as a decision: its reason, and the text for the person when it blocks. */
export function commandedOrder({ order, reason, caseReference }: Commanded, contact: string): PolicyDecision {
  const isSevere = order === 'block' || order === 'stopKeys';
  const why = reasonFor(
    'commanded',
    isSevere ? 'prohibited' : order === 'track' ? 'tracking' : 'permitted',
    [say('written', { words: reason })],
    caseReference,
  );
  return { order, reasons: [why], text: isSevere ? personText(why, contact) : '' };
}

/** Reasons of a block that end when the register thinks otherwise; a lie or a refuted proof ends by a new report or a person only. */
const OF_THE_REGISTER: ReadonlySet<string> = new Set<ReasonCode>(['blackList', 'clone']);

/**
 * What to send when the register's word about a proved IMEI changes without a report: undefined when the last order already fits. Permit and
 * track must answer a report, so a change between them asks for one; `unblock` makes the UICC prove and report.
 */
export function changedOrder(
  last: { readonly order: string | undefined; readonly reason: string | undefined },
  status: EquipmentStatus,
): Order | undefined {
  const isBlocked = last.order === 'block' || last.order === 'stopKeys';
  if (status === 'prohibited') return isBlocked ? undefined : 'block';
  if (isBlocked) return OF_THE_REGISTER.has(last.reason ?? '') ? 'unblock' : undefined;
  const wanted = status === 'tracking' ? 'track' : 'permit';
  return last.order === wanted || last.order === 'unblock' ? undefined : 'reportNow';
}

function judged(report: Report, facts: PolicyFacts): Pick<PolicyDecision, 'order' | 'reasons'> {
  const { decision, movedFrom, contradictedClaim, pairing } = facts;
  const listed = decision?.reasons ?? [];
  if (report.result === 'refuted') return refuted(report, listed);
  if (contradictedClaim !== undefined)
    return {
      order: 'block',
      reasons: [
        reasonFor('lyingHandset', 'prohibited', [say('claimedImei', { imei: String(contradictedClaim) })]),
        ...listed,
      ],
    };
  if (movedFrom !== undefined && pairing === 'locked')
    return {
      order: 'block',
      reasons: [
        reasonFor('pairingLocked', 'prohibited', [say('provedBefore', { imei: String(movedFrom) })]),
        ...listed,
      ],
    };
  if (decision?.equipmentStatus === 'prohibited') return { order: 'block', reasons: decision.reasons };
  if (report.result === 'notProven')
    return { order: 'track', reasons: [reasonFor('notProven', 'tracking', [byProof(report)]), ...listed] };
  return {
    order: decision?.equipmentStatus === 'tracking' ? 'track' : 'permit',
    reasons: decision?.reasons ?? [reasonFor('notListed', 'permitted')],
  };
}

const byProof = ({ reason: proofReason }: Report) => say('byProof', { proofReason });

function refuted(report: Report, listed: readonly Reason[]): Pick<PolicyDecision, 'order' | 'reasons'> {
  if (report.reason === 'revoked')
    return { order: 'stopKeys', reasons: [reasonFor('revoked', 'prohibited'), ...listed] };
  const code = report.reason === 'pairingLocked' ? 'pairingLocked' : 'refutedProof';
  const others = listed.filter((reason) => reason.code !== code);
  return { order: 'block', reasons: [reasonFor(code, 'prohibited', [byProof(report)]), ...others] };
}
