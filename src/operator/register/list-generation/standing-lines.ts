import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Database } from '#operator/database/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { ListEntry } from '../list-entry.ts';
import { compactDate, type DirbsFileName } from '../list-format/index.ts';
import { StagedImeis, usersOf } from '../list-import/index.ts';
import type { Lists } from '../lists.ts';
import type { PairRules } from '../pair-rules.ts';

/** The three lists that are generated. */
export type GeneratedList = DirbsFileName['list'];

/** A line of a generated list: what it is about, and what it says. */
export interface GeneratedLine {
  /** 14 digits as a number. */
  readonly imei: number;
  /** Empty on the black list, which is for everybody. */
  readonly imsi: string;
  /** Empty where it is not known. */
  readonly msisdn: string;
  /** YYYYMMDD; empty for an exception. */
  readonly blockDate: string;
  readonly reasons: string;
}

/** What the lines are made of. */
export interface LineSources {
  readonly database: Database;
  readonly clock: Clock;
  readonly lists: Lists;
  readonly pairRules: PairRules;
  readonly subscribers: Pick<Subscribers, 'byImsi'>;
}

const PAGE = 1000;
const DAY = 24 * 3_600_000;

/**
 * Lines of a list as the register stands, in ascending order of IMEI, IMSI and MSISDN; undefined where many handsets may be looked at until the
 * next line: others can go on. `noticeDays`: from a notice to the block it tells of.
 */
export function standingLines(
  sources: LineSources,
  list: GeneratedList,
  noticeDays: number,
): Iterable<GeneratedLine | undefined> {
  if (list === 'blacklist') return blackLines(sources);
  return list === 'exceptions' ? exceptionLines(sources) : notificationLines(sources, noticeDays);
}

/** The order of lines. */
export const byKey = (a: GeneratedLine, b: GeneratedLine): number =>
  a.imei - b.imei || order(a.imsi, b.imsi) || order(a.msisdn, b.msisdn);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Why a line that stood before stands no more, in the words of the delta's file. */
export function endOf({ lists, pairRules }: LineSources, list: GeneratedList, line: GeneratedLine): string {
  if (list !== 'notifications') return list === 'blacklist' ? 'unblocked' : 'removed';
  const imei = Imei.fromNumber(line.imei);
  const entries = lists.about(imei).map((entry) => entry.list);
  if (entries.includes('black')) return 'blacklisted';
  const isAllowed = pairRules.about(imei, Imsi.parse(line.imsi)).allowedPair !== undefined;
  return entries.includes('grey') && !isAllowed ? 'no_longer_seen' : 'resolved';
}

function* blackLines(sources: LineSources): Generator<GeneratedLine> {
  for (const entries of entriesByImei(sources, 'black')) yield { ...lineOf(entries, 0), imsi: '', msisdn: '' };
}

/** Pairs of one handset and one subscriber that are allowed whatever the lists say. */
function* exceptionLines({ pairRules, subscribers, clock }: LineSources): Generator<GeneratedLine> {
  const now = clock.now();
  const lines = new Map<string, GeneratedLine>();
  for (let rules = pairRules.page(0, PAGE); rules.length > 0; rules = pairRules.page(rules.at(-1)?.id ?? 0, PAGE))
    for (const { kind, first, last, firstImsi, lastImsi, expiresAt } of rules) {
      const isOnePair = first.equals(last) && firstImsi.digits === lastImsi.digits;
      if (kind !== 'allow' || !isOnePair || (expiresAt !== undefined && expiresAt <= now)) continue;
      const imsi = firstImsi.digits;
      const msisdn = subscribers.byImsi(firstImsi)?.msisdn.digits ?? '';
      lines.set(`${first.equipment} ${imsi}`, { imei: first.number, imsi, msisdn, blockDate: '', reasons: '' });
    }
  yield* [...lines.values()].toSorted(byKey);
}

/** Subscribers who use a handset of the grey list, which the black list does not name: they are to be told. */
function* notificationLines(sources: LineSources, noticeDays: number): Generator<GeneratedLine | undefined> {
  const { database, clock, lists, pairRules, subscribers } = sources;
  const now = clock.now();
  let page = new Map<number, readonly ListEntry[]>();
  const linesOf = (): readonly GeneratedLine[] => {
    const imeis = new StagedImeis();
    for (const imei of page.keys()) imeis.add(imei, 0);
    const lines: GeneratedLine[] = [];
    for (const { imei, imsi: digits } of usersOf(database, imeis, now)) {
      const imsi = Imsi.parse(digits);
      if (pairRules.about(Imei.fromNumber(imei), imsi).allowedPair !== undefined) continue;
      const entries = page.get(imei) as readonly ListEntry[];
      lines.push({
        ...lineOf(entries, noticeDays),
        imsi: digits,
        msisdn: subscribers.byImsi(imsi)?.msisdn.digits ?? '',
      });
    }
    return lines.toSorted(byKey);
  };
  for (const entries of entriesByImei(sources, 'grey')) {
    yield undefined;
    const { imei } = entries[0] as ListEntry;
    if (lists.about(imei).some(({ list }) => list === 'black')) continue;
    page.set(imei.number, entries);
    if (page.size < PAGE) continue;
    yield* linesOf();
    page = new Map();
  }
  yield* linesOf();
}

/** Entries of a list that count, those of one IMEI together. */
function* entriesByImei({ lists, clock }: LineSources, list: 'black' | 'grey'): Generator<readonly ListEntry[]> {
  const now = clock.now();
  let after: Imei | undefined;
  for (;;) {
    const page = lists.page(list, after, PAGE);
    const last = page.at(-1)?.imei;
    if (last === undefined) return;
    const isLastPage = page.length < PAGE;
    // What a full page holds of its last IMEI may not be all: the next page begins with it.
    const whole = isLastPage ? page : page.filter(({ imei }) => !imei.equals(last));
    for (const entries of groups(whole.length === 0 ? page : whole)) {
      const counting = entries.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
      if (counting.length > 0) yield counting;
    }
    if (isLastPage) return;
    after = (whole.at(-1) ?? page.at(-1))?.imei;
  }
}

function* groups(entries: readonly ListEntry[]): Generator<readonly ListEntry[]> {
  let open: ListEntry[] = [];
  for (const entry of entries) {
    if (open[0] !== undefined && !open[0].imei.equals(entry.imei)) {
      yield open;
      open = [];
    }
    open.push(entry);
  }
  if (open.length > 0) yield open;
}

/** Date and reasons of the entries of one IMEI; the words of each source, or else the closed ones. */
function lineOf(entries: readonly ListEntry[], days: number): Omit<GeneratedLine, 'imsi' | 'msisdn'> {
  const since = Math.min(...entries.map(({ addedAt }) => addedAt));
  const reasons = new Set(entries.map(({ note, reason }) => (note === '' ? reason : note)));
  return {
    imei: (entries[0] as ListEntry).imei.number,
    blockDate: compactDate(since + days * DAY),
    reasons: [...reasons].toSorted().join('|'),
  };
}
