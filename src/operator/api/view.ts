import { toHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Said, Sentences } from '#base/sentence/index.ts';
import {
  AUDIT_REASONS,
  AUDIT_SUBJECTS,
  type AuditDetail,
  type AuditEntry,
  type AuditSaid,
} from '#operator/audit/index.ts';
import type { OperatorEvent } from '#operator/event/index.ts';
import {
  type Claimant,
  type Cluster,
  FINDING_SENTENCES,
  FINDING_SEVERITY,
  type Finding,
  type GenuineBecause,
  type Standing,
  type StoredReport,
} from '#operator/evidence/index.ts';
import { ORDER_OUTCOMES, type OutboxOrder } from '#operator/gateway/index.ts';
import {
  type ColumnMapping,
  type Decision,
  type EntryChange,
  type ErasureChange,
  type FileChange,
  type FleetChange,
  type ImeiRange,
  type ImportedFile,
  type ListChange,
  type ListEntry,
  mappingText,
  type NodeStatus,
  REASON_SENTENCES,
  tacOfRange,
  withoutSecret,
} from '#operator/register/index.ts';
import type { Subscriber } from '#operator/subscriber/index.ts';
import type { LockRules } from '#protocol/imei-lock/index.ts';
import type { Identities } from './identities.ts';
import type { ApiSources } from './sources.ts';

/** Milliseconds since 1970 as people and programs read them, in UTC. */
export const time = (milliseconds: number): string => new Date(milliseconds).toISOString();
/** The same; undefined for undefined. */
export const optionalTime = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : time(milliseconds);
const hex = (octets: Uint8Array | undefined) => octets && toHex(octets);

/** How the operator is doing. */
export function statusView({ clock, audit, subscribers, evidence, register, gateway, esme, nodes }: ApiSources) {
  const smsc: 'none' | 'bound' | 'not bound' = esme === undefined ? 'none' : esme.isBound ? 'bound' : 'not bound';
  return {
    time: time(clock.now()),
    mode: register.mode(),
    smsc,
    problem: gateway.problem(),
    subscribers: subscribers.count(),
    levels: evidence.levels(),
    lists: register.lists.counts(),
    outbox: gateway.outbox.counts(),
    ignored: gateway.ignored(),
    nodes: nodes().map(nodeView),
    audit: audit.head(),
  };
}

const nodeView = ({
  addresses,
  answers,
  dropped,
  sequence,
  ageMilliseconds,
  entries,
  octets,
  hasDatabase,
}: NodeStatus) => ({
  fronts: addresses.map(({ front, host, port }) => ({ front, address: `${host}:${port}` })),
  ...{ entries, octets, asOfChange: sequence, ageMilliseconds, hasDatabase, answers, notRemembered: dropped },
});

/** A decision and its chain of reasons. */
export const decisionView = (
  { imei, equipmentStatus, reasons, isUnknown, normalised, evidence, provedImei }: Decision,
  identities: Identities,
) => ({
  imei: imei.withCheckDigit,
  equipmentStatus,
  reasons: reasons.map((reason) => ({
    ...{ ...reason, text: identities.words(reason.text), said: identities.said(reason.said) },
    ...(reason.detail !== undefined && { detail: identities.words(reason.detail) }),
  })),
  isUnknown,
  normalised,
  evidence,
  provedImei: identities.imei(provedImei?.withCheckDigit),
});

/** An entry of a list. */
export const entryView = (entry: ListEntry) => ({
  ...entry,
  imei: entry.imei.withCheckDigit,
  addedAt: time(entry.addedAt),
  expiresAt: optionalTime(entry.expiresAt),
});

/** Who uses an IMEI. */
export const clusterView = (
  { imei, claimants, subscribers, isExact, genuine, because, argument }: Cluster,
  identities: Identities,
) => ({
  imei: identities.imei(imei.withCheckDigit),
  genuine: identities.optional(genuine),
  because: becauseView(because),
  argument: identities.words(argument),
  ...{ subscribers, isExact },
  claimants: claimants.map((claimant) => claimantView(claimant, identities)),
});

const becauseView = (because: GenuineBecause) =>
  'provedAt' in because ? { ...because, provedAt: optionalTime(because.provedAt) } : because;

/** One subscriber who uses an IMEI. */
export const claimantView = ({ imsi, firstAt, lastAt, ...claimant }: Claimant, identities: Identities) => ({
  ...claimant,
  imsi: identities.show(imsi),
  firstAt: time(firstAt),
  lastAt: time(lastAt),
});

const standingView = (standing: Standing | undefined, identities: Identities) =>
  standing && {
    lockState: standing.lockState,
    level: standing.level,
    result: standing.result,
    reason: identities.words(standing.reason),
    provedImei: identities.imei(standing.provedImei?.withCheckDigit),
    claimedImei: identities.imei(standing.claimedImei?.withCheckDigit),
    support: hex(standing.support),
    lastReportAt: time(standing.lastReportAt),
    unanswered: standing.unanswered,
    standingOrder: standing.standingOrder,
  };

/** A UICC and what is known of it. */
export function subscriberView(
  { evidence }: Pick<ApiSources, 'evidence'>,
  { iccid, imsi, msisdn, policy, issuedAt }: Subscriber,
  identities: Identities,
) {
  return {
    iccid: iccid.digits,
    imsi: identities.show(imsi.digits),
    msisdn: identities.show(msisdn.digits),
    pairing: policy.pairing,
    rules: rulesView(policy),
    issuedAt: time(issuedAt),
    standing: standingView(evidence.standingOf(iccid.digits), identities),
    pairings: evidence.pairings(iccid.digits).map((pairing) => ({
      imei: identities.imei(pairing.imei.withCheckDigit),
      support: toHex(pairing.support),
      fromAt: time(pairing.fromAt),
      untilAt: optionalTime(pairing.untilAt),
    })),
  };
}

/** A report of a UICC as it was kept. */
export const reportView = (
  { id, at, counter, level, result, reason, imei, support }: StoredReport,
  identities: Identities,
) => ({
  ...{ id, at: time(at), counter, level, result, reason: identities.words(reason) },
  imei: identities.imei(imei?.withCheckDigit),
  support: hex(support),
});

const IDENTITY_MEMBER = /imsi|msisdn/i;

/** Details name subscribers under names that say so; IMEIs stand anywhere. */
function shownDetail(detail: AuditDetail, identities: Identities): AuditDetail {
  const shown = (name: string, value: AuditDetail[string]): AuditDetail[string] => {
    if (typeof value === 'string') return IDENTITY_MEMBER.test(name) ? identities.show(value) : identities.words(value);
    return Array.isArray(value) ? value.map((words: string) => identities.words(words)) : value;
  };
  return Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, shown(name, value)]));
}

/** The subject of a finding that is about a subscriber; others are about an IMEI (14 digits) or another key. 15 digits that somebody writes may be an IMEI too. */
export const SUBSCRIBER_SUBJECT = /^(\d{6,13}|\d{15})$/;

/** Sentences of an entry; undefined when there are none, or when another version of this program said one of them. */
function knownSaid<C extends string>(
  { has }: Pick<Sentences<Readonly<Record<C, string>>>, 'has'>,
  said: readonly Said[] | undefined,
  identities: Identities,
): Said<C>[] | undefined {
  const isKnown = (one: Said): one is Said<C> => has(one.code);
  return said?.every(isKnown) === true ? identities.said(said) : undefined;
}

const entrySaid = (said: AuditSaid, identities: Identities) => ({
  text: knownSaid(FINDING_SENTENCES, said['text'], identities),
  subject: knownSaid(AUDIT_SUBJECTS, said['subject'], identities),
  reason:
    knownSaid(REASON_SENTENCES, said['reason'], identities) ?? knownSaid(AUDIT_REASONS, said['reason'], identities),
  reasons: knownSaid(REASON_SENTENCES, said['reasons'], identities),
  outcome: knownSaid(ORDER_OUTCOMES, said['outcome'], identities),
});

/** An entry of the audit log. */
export const eventView = ({ id, at, kind, author, subject, detail, said }: AuditEntry, identities: Identities) => ({
  ...{ id, at: time(at), kind, author },
  subject:
    (kind === 'finding' || kind === 'alarm') && SUBSCRIBER_SUBJECT.test(subject)
      ? identities.show(subject)
      : identities.words(subject),
  detail: detail && shownDetail(detail, identities),
  said: said && entrySaid(said, identities),
});

/** A changed IMEI or a duplicate. */
export function equipmentEventView(event: OperatorEvent, identities: Identities) {
  const { sequence } = event;
  const at = time(event.at);
  if (event.kind === 'imeiChanged') {
    const { kind, imsi, from, to, by, level, equipmentStatus } = event;
    const imeis = { from: identities.imei(from.withCheckDigit), to: identities.imei(to.withCheckDigit) };
    return { sequence, at, kind, imsi: identities.show(imsi), ...imeis, by, level, equipmentStatus };
  }
  const { kind, imei, cause, subscribers, conflicts, genuine, argument } = event;
  return {
    ...{ sequence, at, kind, imei: identities.imei(imei.withCheckDigit), cause, subscribers, conflicts },
    genuine: identities.optional(genuine),
    argument,
  };
}

/** An order to a UICC. */
export const orderView = (
  { response, otherPacket, otherCounter, generation, ...order }: OutboxOrder,
  identities: Identities,
  { gateway }: Pick<ApiSources, 'gateway'>,
) => ({
  ...order,
  heldUntil: optionalTime(gateway.heldUntil(order)),
  // A reason may name the IMEI that was claimed, or a person's words another.
  reason: identities.words(order.reason),
  reasonSaid: order.reasonSaid && identities.said(order.reasonSaid),
  outcomeSaid: order.outcomeSaid && identities.said(order.outcomeSaid),
  keyGeneration: generation,
  at: time(order.at),
  sentAt: optionalTime(order.sentAt),
  deliveredAt: optionalTime(order.deliveredAt),
  doneAt: optionalTime(order.doneAt),
  packet: hex(order.packet),
  tar: hex(order.tar),
});

/** A script with the answer of its UICC: what stands in its files is not for everyone who may see orders. */
export const scriptView = (order: OutboxOrder, identities: Identities, sources: Pick<ApiSources, 'gateway'>) => ({
  ...orderView(order, identities, sources),
  response: hex(order.response),
});

/** A contradiction or a silence. */
export const findingView = (
  { imsi, imei, support, firstAt, lastAt, changedAt, text, said, ...finding }: Finding,
  identities: Identities,
) => ({
  ...finding,
  severity: FINDING_SEVERITY[finding.kind],
  text: identities.words(text),
  said: said && identities.said(said),
  imsi: identities.optional(imsi),
  imei: identities.imei(imei?.withCheckDigit),
  support: hex(support),
  firstAt: time(firstAt),
  lastAt: time(lastAt),
  changedAt: optionalTime(changedAt),
});

/** An imported file. */
export const importView = (file: ImportedFile) => ({ ...file, at: time(file.at) });

/** IMEIs from one to another, and the TAC when they are all of it. */
export const boundsView = ({ first, last }: ImeiRange) => ({
  firstImei: first.equipment,
  lastImei: last.equipment,
  tac: tacOfRange({ first, last })?.digits,
});

/** A change that may have to wait. */
export function changeView(change: ListChange, identities: Identities) {
  if (change.about === 'file') return fileChangeView(change);
  if (change.about === 'erasure') return erasureView(change, identities);
  if (change.about === 'user') return withoutSecret(change);
  if (change.about === 'token') return { ...withoutSecret(change), expiresAt: time(change.expiresAt) };
  if (change.about === 'fleet') return fleetView(change);
  return change.about === 'undo' || change.about === 'setting' || change.about === 'maker'
    ? change
    : entryChangeView(change, identities);
}

const fleetView = ({ ordered: _, ...change }: FleetChange) => change;

function erasureView({ about, identity, digits }: ErasureChange, identities: Identities) {
  if (digits.includes('…') || identity === 'iccid') return { about, identity, digits };
  return { about, identity, digits: identity === 'imei' ? identities.imei(digits) : identities.show(digits) };
}

function entryChangeView(given: EntryChange, identities: Identities) {
  const said = { expiresAt: 'expiresAt' in given ? optionalTime(given.expiresAt) : undefined };
  if (given.about === 'imsiDefault') return given;
  if (given.about === 'imei') return { ...given, ...said, imei: Imei.parse(given.imei).withCheckDigit };
  const { first, last, ...change } = given;
  const bounds = boundsView({ first: Imei.parse(first), last: Imei.parse(last) });
  if (change.about === 'range') return { ...change, ...said, ...bounds };
  const imsis = { firstImsi: identities.show(change.firstImsi), lastImsi: identities.show(change.lastImsi) };
  return { ...change, ...said, ...bounds, ...imsis };
}

const fileChangeView = ({ mapping, lines, lostZeros, expiresAt, ...change }: FileChange) => ({
  ...change,
  // What meaningOf of the register wrote, from a ColumnMapping.
  mapping: mapping && (mappingText(JSON.parse(mapping) as ColumnMapping) ?? mapping),
  change: lines,
  lostZeros: lostZeros === undefined ? undefined : LOST_ZEROS[lostZeros],
  expiresAt: optionalTime(expiresAt),
});
const LOST_ZEROS = { 14: '14', 15: '15' } as const;

/** The rules that can be changed, of a policy. */
export const rulesView = (rules: LockRules) => ({
  gate: rules.gate,
  terminalCannotProve: rules.terminalCannotProve,
  pairing: rules.pairing,
  proveAtBoot: rules.proveAtBoot,
  proveBeforeCall: rules.proveBeforeCall,
  graceAuthentications: rules.graceAuthentications,
  proveEvery: rules.proveEvery,
  reportEvery: rules.reportEvery,
  unansweredLimit: rules.unansweredLimit,
  brokenProtectionLimit: rules.brokenProtectionLimit,
});
