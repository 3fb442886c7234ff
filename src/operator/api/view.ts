import { toHex } from '#base/codec/index.ts';
import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Audit, AuditEntry } from '#operator/audit/index.ts';
import type { Cluster, Evidence, Standing } from '#operator/evidence/index.ts';
import type { Gateway } from '#operator/gateway/index.ts';
import { LISTS, type ListEntry, type ListName, type Register } from '#operator/register/index.ts';
import type { Subscriber, Subscribers } from '#operator/subscriber/index.ts';

/** What the API reads from. */
export interface ApiSources {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly subscribers: Subscribers;
  readonly evidence: Evidence;
  readonly register: Register;
  readonly gateway: Gateway;
  readonly esme: { readonly isBound: boolean } | undefined;
  /** Hears of errors that no answer explains: faults of this program. */
  onFailure(error: unknown): void;
}

/** A number of rows asked for, within what one answer carries. */
export const MOST_ROWS = 1000;
const STANDARD_ROWS = 100;

/** `limit` of a query: 1 to MOST_ROWS, STANDARD_ROWS when it is missing or no number. */
export function rowsOf(query: URLSearchParams): number {
  const asked = Number(query.get('limit') ?? STANDARD_ROWS);
  return Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, MOST_ROWS) : STANDARD_ROWS;
}

const time = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
const hex = (octets: Uint8Array | undefined) => octets && toHex(octets);

/** How the operator is doing. */
export function statusView({ clock, audit, subscribers, evidence, register, gateway, esme }: ApiSources) {
  return {
    time: time(clock.now()),
    mode: register.mode(),
    smsc: esme === undefined ? 'none' : esme.isBound ? 'bound' : 'not bound',
    problem: gateway.problem(),
    subscribers: subscribers.count(),
    levels: evidence.levels(),
    lists: register.lists.counts(),
    outbox: gateway.outbox.counts(),
    ignored: gateway.ignored(),
    audit: audit.head(),
  };
}

/** All that is known about an IMEI. Throws IdentityError for what is no IMEI or IMSI. */
export function imeiView({ evidence, register }: ApiSources, digits: string, query: URLSearchParams) {
  const imei = Imei.parse(digits.replace(/^imei(sv)?-/, ''));
  const asked = query.get('imsi');
  const {
    equipmentStatus,
    reasons,
    evidence: level,
    provedImei,
  } = register.explain({ imei, ...(asked !== null && { imsi: Imsi.parse(asked) }) });
  return {
    equipmentStatus,
    reasons,
    evidence: level,
    provedImei: provedImei?.withCheckDigit,
    entries: register.lists.all(imei).map(entryView),
    ...clusterView(evidence.cluster(imei)),
  };
}

/** An entry of a list. */
export const entryView = (entry: ListEntry) => ({
  ...entry,
  imei: entry.imei.withCheckDigit,
  addedAt: time(entry.addedAt),
  expiresAt: time(entry.expiresAt),
});

/** Who uses an IMEI. */
export const clusterView = ({ imei, claimants, genuine }: Cluster) => ({
  imei: imei.withCheckDigit,
  genuine,
  claimants: claimants.map((claimant) => ({
    ...claimant,
    firstAt: time(claimant.firstAt),
    lastAt: time(claimant.lastAt),
  })),
});

const standingView = (standing: Standing | undefined) =>
  standing && {
    lockState: standing.lockState,
    level: standing.level,
    result: standing.result,
    reason: standing.reason,
    provedImei: standing.provedImei?.withCheckDigit,
    claimedImei: standing.claimedImei?.withCheckDigit,
    support: hex(standing.support),
    lastReportAt: time(standing.lastReportAt),
    unanswered: standing.unanswered,
    standingOrder: standing.standingOrder,
  };

/** A UICC and what is known of it. */
export function subscriberView({ evidence }: ApiSources, { iccid, imsi, msisdn, policy, issuedAt }: Subscriber) {
  return {
    iccid: iccid.digits,
    imsi: imsi.digits,
    msisdn: msisdn.digits,
    pairing: policy.pairing,
    issuedAt: time(issuedAt),
    standing: standingView(evidence.standingOf(iccid.digits)),
    pairings: evidence.pairings(iccid.digits).map((pairing) => ({
      imei: pairing.imei.withCheckDigit,
      support: hex(pairing.support),
      fromAt: time(pairing.fromAt),
      untilAt: time(pairing.untilAt),
    })),
  };
}

/** A page of UICCs; `next` is the `after` of the following one. */
export function subscribersView(sources: ApiSources, query: URLSearchParams) {
  const found = sources.subscribers.page(query.get('after') ?? '', rowsOf(query));
  return { subscribers: found.map((one) => subscriberView(sources, one)), next: found.at(-1)?.iccid.digits };
}

/** An entry of the audit log. */
export const eventView = (entry: AuditEntry) => ({ ...entry, at: time(entry.at) });

/** Events after a number; `next` is the `after` of the following page. */
export function eventsView({ audit }: ApiSources, query: URLSearchParams) {
  const after = Number(query.get('after') ?? 0);
  const first = Number.isSafeInteger(after) && after > 0 ? after : 0;
  const events = audit.after(first, rowsOf(query)).map(eventView);
  return { events, next: events.at(-1)?.id ?? first };
}

/** How long the lists are; with `list`, a page of its entries from above the IMEI `after`. Throws IdentityError. */
export function listsView({ register }: ApiSources, query: URLSearchParams) {
  const list = LISTS.find((name): name is ListName => name === query.get('list'));
  if (list === undefined) return { lists: register.lists.counts() };
  const after = query.get('after');
  const page = register.lists.page(list, after === null ? undefined : Imei.parse(after), rowsOf(query));
  return { lists: register.lists.counts(), list, entries: page.map(entryView), next: page.at(-1)?.imei.equipment };
}

/** The newest orders. */
export function outboxView({ gateway }: ApiSources, query: URLSearchParams) {
  const orders = gateway.outbox.newest(rowsOf(query)).map((order) => ({
    ...order,
    at: time(order.at),
    sentAt: time(order.sentAt),
    doneAt: time(order.doneAt),
    packet: hex(order.packet),
  }));
  return { orders };
}

/** The newest contradictions and silences. */
export function findingsView({ evidence }: ApiSources, query: URLSearchParams) {
  const findings = evidence.findings(rowsOf(query)).map((finding) => ({
    ...finding,
    imei: finding.imei?.withCheckDigit,
    support: hex(finding.support),
    firstAt: time(finding.firstAt),
    lastAt: time(finding.lastAt),
  }));
  return { findings };
}
