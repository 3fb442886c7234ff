import type { Imei } from '#base/identity/index.ts';
import type { AuditEntry } from '#operator/audit/index.ts';
import type { OperatorEvent } from '#operator/event/index.ts';
import type { Finding, StoredReport } from '#operator/evidence/index.ts';
import type { OutboxOrder } from '#operator/gateway/index.ts';
import type { ApiSources } from './sources.ts';

/** What a timeline is made of; each is read in its own order and merged by time. */
export const TIMELINE_SOURCES = ['reports', 'orders', 'changes', 'findings', 'log'] as const;
type Source = (typeof TIMELINE_SOURCES)[number];

/** How far each source was read: entries below this number come next. */
export type TimelinePlace = Readonly<Record<Source, number>>;

/** One thing that happened. */
export type Happened =
  | { readonly source: 'reports'; readonly id: number; readonly at: number; readonly report: StoredReport }
  | { readonly source: 'orders'; readonly id: number; readonly at: number; readonly order: OutboxOrder }
  | { readonly source: 'changes'; readonly id: number; readonly at: number; readonly change: OperatorEvent }
  | { readonly source: 'findings'; readonly id: number; readonly at: number; readonly finding: Finding }
  | { readonly source: 'log'; readonly id: number; readonly at: number; readonly entry: AuditEntry };

/** Whose timeline: a UICC, and the handsets it is about. */
export interface TimelineSubject {
  readonly iccid: string | undefined;
  readonly imsi: string | undefined;
  readonly imeis: readonly Imei[];
}

const AT_THE_END = Number.MAX_SAFE_INTEGER;
/** Where a timeline begins. */
export const TIMELINE_START: TimelinePlace = {
  ...{ reports: AT_THE_END, orders: AT_THE_END, changes: AT_THE_END, findings: AT_THE_END, log: AT_THE_END },
};

/** `reports.orders.changes.findings.log`; `-` for a source not begun. */
export const placeText = (place: TimelinePlace): string =>
  TIMELINE_SOURCES.map((source) => (place[source] === AT_THE_END ? '-' : place[source])).join('.');
/** What placeText writes. */
export const PLACE_PATTERN = '^(\\d{1,15}|-)(\\.(\\d{1,15}|-)){4}$';

/** Reads what placeText wrote. */
export function placeFrom(text: string): TimelinePlace {
  const numbers = text.split('.').map((part) => (part === '-' ? AT_THE_END : Number(part)));
  return Object.fromEntries(TIMELINE_SOURCES.map((source, at) => [source, numbers[at] ?? AT_THE_END])) as TimelinePlace;
}

/** Kinds of the log that the other sources tell better. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['report', 'finding']);
/** What the log says of an order besides its states is in the order itself. */
const isAboutOrder = ({ kind, detail }: AuditEntry) => kind === 'order' && detail?.['event'] === 'queued';

/** The newest of all sources before a place, and where to go on; `next` undefined: nothing comes any more. */
export function timeline(
  sources: ApiSources,
  subject: TimelineSubject,
  from: TimelinePlace,
  rows: number,
): { readonly happened: readonly Happened[]; readonly next: TimelinePlace | undefined } {
  const read = readAll(sources, subject, from, rows);
  const happened = read.all.toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, rows);
  const isMore = read.all.length > happened.length || read.isMore;
  if (!isMore) return { happened, next: undefined };
  const place = { ...read.place };
  // A source goes on behind its last entry that was taken; one that was only looked through, behind what was looked at.
  for (const source of TIMELINE_SOURCES) {
    const own = read.all.filter((one) => one.source === source);
    const taken = new Set(happened);
    const left = own.filter((one) => !taken.has(one));
    if (left.length > 0) place[source] = Math.max(...left.map(({ id }) => id)) + 1;
  }
  return { happened, next: place };
}

function readAll(sources: ApiSources, { iccid, imsi, imeis }: TimelineSubject, from: TimelinePlace, rows: number) {
  const { evidence, gateway, events, audit } = sources;
  const reports = imsi === undefined ? [] : evidence.reportsBefore(imsi, from.reports, rows);
  const orders = iccid === undefined ? [] : gateway.outbox.before(iccid, from.orders, rows);
  const changes = imsi === undefined ? [] : events.about(imsi, from.changes, rows);
  const found = findings(sources, imsi, imeis, from.findings, rows);
  const subjects = [...(iccid === undefined ? [] : [iccid]), ...imeis.map(({ equipment }) => equipment)];
  const entries = newestFirst(subjects.flatMap((subject) => audit.about(subject, from.log, rows))).slice(0, rows);
  const told = entries.filter((entry) => !TOLD_ELSEWHERE.has(entry.kind) && !isAboutOrder(entry));
  const all: readonly Happened[] = [
    ...reports.map((report): Happened => ({ source: 'reports', id: report.id, at: report.at, report })),
    ...orders.map((order): Happened => ({ source: 'orders', id: order.id, at: order.at, order })),
    ...changes.map((change): Happened => ({ source: 'changes', id: change.sequence, at: change.at, change })),
    ...found.map((finding): Happened => ({ source: 'findings', id: finding.id, at: finding.firstAt, finding })),
    ...told.map((entry): Happened => ({ source: 'log', id: entry.id, at: entry.at, entry })),
  ];
  const looked = {
    reports,
    orders,
    changes: changes.map(({ sequence }) => ({ id: sequence })),
    findings: found,
    log: entries,
  };
  const place = Object.fromEntries(
    TIMELINE_SOURCES.map((source) => [source, lowest(looked[source], from[source])]),
  ) as Record<Source, number>;
  return { all, place, isMore: Object.values(looked).some((list) => list.length === rows) };
}

const lowest = (list: readonly { readonly id: number }[], before: number): number =>
  list.reduce((least, { id }) => Math.min(least, id), before);

function newestFirst<T extends { readonly id: number }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((one) => [one.id, one])).values()].toSorted((a, b) => b.id - a.id);
}

/** Those about the subscriber and about each of its handsets, each once. */
function findings(
  { evidence }: ApiSources,
  imsi: string | undefined,
  imeis: readonly Imei[],
  before: number,
  rows: number,
) {
  const ofImsi = imsi === undefined ? [] : evidence.alarms.history({ imsi }, before, rows);
  const ofImeis = imeis.flatMap((imei) => evidence.alarms.history({ imei }, before, rows));
  return newestFirst([...ofImsi, ...ofImeis]).slice(0, rows);
}
