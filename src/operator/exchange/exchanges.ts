import { Iccid, Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { TraceRecord } from '#base/trace/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import type { Evidence, EvidenceWatcher, Sighting } from '#operator/evidence/index.ts';
import type { Decision, Reason } from '#operator/register/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import {
  type Exchange,
  type ExchangeKind,
  ExchangeLog,
  type ExchangeOutcome,
  HOP_DETAILS,
  type Hop,
  type OpenedOctets,
} from '#protocol/exchange/index.ts';
import type { Acknowledgement, Report } from '#protocol/imei-lock/index.ts';
import type { Message, PduWatcher } from '#protocol/smpp/index.ts';
import {
  type BareHop,
  packetInHop,
  packetOutHop,
  pduHop,
  questionHop,
  reportedHops,
  verdictHop,
} from './hop-record.ts';
import { packetBody } from './packet-body.ts';
import { PduFollower, type Whose } from './pdu-follower.ts';

/** Hops that a process of the operator keeps unless it is told otherwise. */
export const STANDARD_HOPS = 20_000;
/** Hops kept at most for an exchange. */
const HOPS_OF_EXCHANGE = 10;
/** What is older is forgotten, whatever room there is: the octets are personal data. */
const LONGEST_KEPT = 24 * 3_600_000;
/** What comes so long after the last of its exchange begins another. */
const LONGEST_PAUSE = 3_600_000;
/** A check of the network that came so shortly before a report belongs to it. */
const CHECK_BEFORE = 10 * 60_000;
/** Newest checks remembered, one of each subscriber. */
const MOST_CHECKS = 20_000;
const SWEEP_MILLISECONDS = 10_000;
/** A check so long after the last hop is another attach. */
const CHECK_PAUSE = 10_000;
/** No IMEI has this number. */
const NO_IMEI = -1;

/** What became of a report that came. */
export type ReportSeen =
  | {
      readonly kind: 'report';
      readonly report: Report;
      /** Why the policy decided so: the first reason is the decisive one. */
      readonly reasons: readonly Reason[];
      /** The register's word about its IMEI; undefined when it names none. */
      readonly verdict: Decision | undefined;
    }
  | { readonly kind: 'notAuthentic' | 'replayedReport' | 'unreadableReport' };

/** What became of a proof of receipt; undefined: it is not authentic. */
export type ProofSeen = { readonly status: number; readonly acknowledgement?: Acknowledgement | undefined } | undefined;

/** An order that goes out. */
export interface OrderSeen {
  readonly order: string;
  /** Number of the report that it answers. */
  readonly report: number | undefined;
  readonly tar: Uint8Array | undefined;
  readonly attempts: number;
}

/** Whose an exchange is, for an erasure, and when its last hop was. */
interface Subject extends Whose {
  readonly imeis: Set<number>;
  lastAt: number;
}

/**
 * What this process of the operator took part in, hop by hop, newest kept, in memory only. A handset of the log is a UICC by its ICCID. What it
 * is told costs no question to the database, but for the first message to or from a number.
 */
export interface Exchanges extends EvidenceWatcher {
  /** Hops kept at most. */
  readonly most: number;
  readonly log: Pick<ExchangeLog, 'newest' | 'after' | 'hop' | 'exchange' | 'exchangesBefore'>;
  /** Sees every PDU of the ESME. */
  readonly pdus: PduWatcher;
  /** The message in this PDU is from a UICC, and for the gateway. */
  arrived(whose: Whose, message: Message | undefined, isReport: boolean): void;
  reported(whose: Whose, packet: Uint8Array, seen: ReportSeen): void;
  acknowledged(whose: Whose, packet: Uint8Array, seen: ProofSeen): void;
  ordered(whose: Whose, packet: Uint8Array, order: OrderSeen): void;
  /** Why the register and the policy decided so, of a verdict about a report. */
  reasonsOf(hop: Hop): readonly Reason[];
  /** What the operator's own keys open of the packets of the IMEI lock. */
  openedOf(hop: Hop): OpenedOctets;
  /** Forgets what is too old, and whom an erasure is about, whichever process was asked to erase. */
  sweep(): void;
}

/** What exchanges are kept with. */
export interface ExchangesOptions {
  readonly clock: Clock;
  readonly subscribers: Pick<Subscribers, 'byMsisdn' | 'otaKeys'>;
  readonly evidence: Pick<Evidence, 'erased'>;
  /** Hops kept; default STANDARD_HOPS. */
  readonly most?: number;
}

/** Keeps the newest hops of this process. */
export const openExchanges = (options: ExchangesOptions): Exchanges => new OperatorExchanges(options);

class OperatorExchanges implements Exchanges {
  readonly most: number;
  readonly log: ExchangeLog;
  readonly pdus: PduWatcher;
  readonly #options: ExchangesOptions;
  readonly #follower: PduFollower;
  readonly #mostExchanges: number;
  /** By number of the exchange. */
  readonly #subjects = new Map<number, Subject>();
  /** ICCIDs of the exchanges kept, by IMSI. */
  readonly #iccids = new Map<string, string>();
  readonly #checks = new Map<string, Sighting>();
  readonly #reasons = new WeakMap<TraceRecord, readonly Reason[]>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: ExchangesOptions) {
    const { most = STANDARD_HOPS, subscribers } = options;
    this.most = most;
    this.#options = options;
    this.#mostExchanges = Math.ceil(most / HOPS_OF_EXCHANGE);
    this.log = new ExchangeLog(() => undefined, { mark: 0 }, { hops: most, exchanges: this.#mostExchanges });
    this.#follower = new PduFollower(
      (number) => whoseOf(subscribers.byMsisdn(number)),
      (whose, hop) => this.#pdu(whose, hop),
    );
    this.pdus = this.#follower.watch;
  }

  arrived(whose: Whose, message: Message | undefined, isReport: boolean): void {
    const pdu = message && this.#follower.taken(message, whose);
    if (isReport) this.#beginReport(whose);
    if (pdu !== undefined) this.#record(whose, pduHop('deliver_sm', pdu, 'in'));
  }

  reported(whose: Whose, packet: Uint8Array, seen: ReportSeen): void {
    if (seen.kind !== 'report') {
      this.#record(whose, packetInHop('report', packet, HOP_DETAILS.say(seen.kind)));
      this.#end(whose, 'putAside');
      return;
    }
    const { report, reasons, verdict } = seen;
    for (const hop of reportedHops(report)) this.#record(whose, hop);
    this.#record(whose, packetInHop('report', packet));
    for (const octets of [report.provedImei, report.claimedImei])
      if (octets) this.#name(whose, Imei.fromOctets(octets));
    if (verdict === undefined) return;
    this.#record(whose, questionHop('operator (5)', verdict.imei));
    this.#reasons.set(this.#record(whose, verdictHop('operator (5)', verdict.equipmentStatus)), reasons);
  }

  acknowledged(whose: Whose, packet: Uint8Array, seen: ProofSeen): void {
    this.#record(whose, packetInHop('proof of receipt', packet, proofSaid(seen)));
    this.#end(whose, seen === undefined ? 'putAside' : 'acknowledged');
  }

  ordered(whose: Whose, packet: Uint8Array, { order, report, tar, attempts }: OrderSeen): void {
    const current = this.log.current(whose.iccid);
    // The answer to a report, and what is sent again, go on with what is under way.
    const isOfCurrent = attempts > 1 || (report !== undefined && current?.kind === 'report');
    if (!isOfCurrent || !this.#isUnderWay(current)) this.#begin(whose, 'order');
    this.#record(whose, packetOutHop(order, tar !== undefined, packet));
    this.#end(whose, 'answered');
  }

  sighted(sighting: Sighting): void {
    if (sighting.by !== 'claim') return;
    const { imsi } = sighting;
    const iccid = this.#iccids.get(imsi);
    if (iccid !== undefined) {
      this.#asked({ iccid, imsi }, sighting);
      return;
    }
    // Of somebody of whom nothing is kept: remembered until a report comes, for it is the attach that the report follows.
    this.#checks.delete(imsi);
    this.#checks.set(imsi, sighting);
    if (this.#checks.size <= MOST_CHECKS) return;
    const [oldest] = this.#checks.keys();
    if (oldest !== undefined) this.#checks.delete(oldest);
  }

  duplicate(): void {}

  flush(): void {
    if (this.#options.clock.now() - this.#sweptAt < SWEEP_MILLISECONDS) return;
    try {
      this.sweep();
    } catch (error) {
      // What was erased is asked again at the next time; meanwhile nobody is given anything without a sweep.
      if (!(error instanceof DatabaseError && error.temporary)) throw error;
    }
  }

  reasonsOf({ record }: Hop): readonly Reason[] {
    return this.#reasons.get(record) ?? [];
  }

  openedOf({ handset }: Hop): OpenedOctets {
    const iccid = Iccid.parse(handset);
    return {
      ...{ plainOf: () => undefined, mark: 0, macsOver: () => [] },
      bodyOf: (packet, kind) => packetBody(this.#options.subscribers, iccid, packet, kind),
    };
  }

  sweep(): void {
    const now = this.#options.clock.now();
    this.#sweptAt = now;
    const isErased = this.#options.evidence.erased.judge();
    const isOfErased = ({ imsi, imeis, at }: Pick<Subject, 'imsi'> & { imeis: Iterable<number>; at: number }) =>
      [NO_IMEI, ...imeis].some((imei) => isErased(imsi, imei, at));
    for (const [number, subject] of this.#subjects) {
      const { imsi, imeis } = subject;
      const at = this.log.exchange(number)?.at ?? 0;
      if (now - at <= LONGEST_KEPT && !isOfErased({ imsi, imeis, at })) continue;
      this.log.forget(number);
      this.#leave(number);
      this.#follower.forget();
    }
    for (const [imsi, { imei, at }] of this.#checks)
      if (now - at > CHECK_BEFORE || isOfErased({ imsi, imeis: [imei.number], at })) this.#checks.delete(imsi);
  }

  // ---- inside

  #pdu(whose: Whose, hop: BareHop): void {
    this.#record(whose, hop);
    if (hop.name !== 'delivery receipt' || this.log.current(whose.iccid)?.outcome?.kind === 'acknowledged') return;
    if (hop.said?.code === 'centreHasIt') return;
    this.#end(whose, hop.said?.code === 'handsetHasIt' ? 'delivered' : 'notDelivered');
  }

  /** What the network asked a moment ago was its attach: the report belongs to it. */
  #beginReport(whose: Whose): void {
    const { clock } = this.#options;
    const current = this.log.current(whose.iccid);
    if (current?.kind === 'check' && clock.now() - current.at <= CHECK_BEFORE) {
      this.log.turn(current.number, 'report');
      return;
    }
    this.#begin(whose, 'report');
    const check = this.#checks.get(whose.imsi);
    this.#checks.delete(whose.imsi);
    if (check !== undefined && clock.now() - check.at <= CHECK_BEFORE) this.#asked(whose, check);
  }

  #asked(whose: Whose, { imei, at, equipmentStatus }: Sighting): void {
    const current = this.log.current(whose.iccid);
    const lastAt = this.#subjects.get(current?.number ?? 0)?.lastAt ?? 0;
    if (at - lastAt > CHECK_PAUSE) this.#begin(whose, 'check', at);
    this.#name(whose, imei);
    this.#record(whose, questionHop('network', imei), at);
    if (equipmentStatus !== undefined) this.#record(whose, verdictHop('network', equipmentStatus), at);
  }

  #begin(whose: Whose, kind: ExchangeKind, at = this.#options.clock.now()): void {
    const number = this.log.begin(whose.iccid, kind, at);
    this.#subjects.set(number, { ...whose, imeis: new Set(), lastAt: at });
    this.#iccids.set(whose.imsi, whose.iccid);
    this.#leave(number - this.#mostExchanges);
  }

  #isUnderWay(exchange: Exchange | undefined): boolean {
    const lastAt = this.#subjects.get(exchange?.number ?? 0)?.lastAt ?? Number.NEGATIVE_INFINITY;
    return this.#options.clock.now() - lastAt <= LONGEST_PAUSE;
  }

  /** An exchange is not kept any more. */
  #leave(number: number): void {
    const subject = this.#subjects.get(number);
    this.#subjects.delete(number);
    if (subject !== undefined && this.log.current(subject.iccid) === undefined) this.#iccids.delete(subject.imsi);
  }

  #record(whose: Whose, hop: BareHop, at = this.#options.clock.now()): TraceRecord {
    if (!this.#isUnderWay(this.log.current(whose.iccid))) this.#begin(whose, 'message', at);
    const record: TraceRecord = { at, handset: whose.iccid, ...hop };
    this.log.record(record);
    const subject = this.#subjects.get(this.log.current(whose.iccid)?.number ?? 0);
    if (subject !== undefined) subject.lastAt = at;
    return record;
  }

  #name({ iccid }: Whose, imei: Imei): void {
    this.#subjects.get(this.log.current(iccid)?.number ?? 0)?.imeis.add(imei.number);
  }

  #end({ iccid }: Whose, kind: ExchangeOutcome['kind']): void {
    const current = this.log.current(iccid);
    if (current !== undefined) this.log.end(current.number, { kind });
  }
}

const whoseOf = (found: ReturnType<Subscribers['byMsisdn']>): Whose | undefined =>
  found && { iccid: found.iccid.digits, imsi: found.imsi.digits };

function proofSaid(seen: ProofSeen) {
  if (seen === undefined) return HOP_DETAILS.say('notAuthentic');
  const lock = seen.acknowledgement?.state;
  return lock === undefined
    ? HOP_DETAILS.say('uiccSays', { code: seen.status.toString(16).padStart(2, '0') })
    : HOP_DETAILS.say('lockIs', { lock });
}
