import { CodecError } from '#base/codec/index.ts';
import type { Iccid, Imei } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { Trace } from '#base/trace/index.ts';
import type { Activity } from '#operator/activity/index.ts';
import type { Audit, ProgramAuthor } from '#operator/audit/index.ts';
import { type Database, DatabaseError, recoveredAt } from '#operator/database/index.ts';
import {
  type Evidence,
  type EvidenceLevel,
  FINDING_SENTENCES,
  type NewFinding,
  type RecordedReport,
} from '#operator/evidence/index.ts';
import type { Exchanges, ProofSeen, ReportSeen, Whose } from '#operator/exchange/index.ts';
import { answerTo, commandedOrder, decide, imeiOf, orderCommand, type PolicyDecision } from '#operator/policy/index.ts';
import type { Register } from '#operator/register/index.ts';
import type { Subscriber, Subscribers } from '#operator/subscriber/index.ts';
import {
  changedPolicy,
  type LockRules,
  type Order,
  type PolicyChange,
  type Report,
} from '#protocol/imei-lock/index.ts';
import type { Message, MessageState, Receipt, Scheduler } from '#protocol/smpp/index.ts';
import { isLasting, openCommanded } from './commanded.ts';
import {
  type FleetPart,
  type FleetResult,
  orderForFleet,
  type PolicyPreview,
  previewPolicy,
  type RuleSelection,
} from './fleet-policy.ts';
import { type Ignored, Inbox, openProof, openReport, openScriptProof } from './inbound.ts';
import { queueRotation, type RotationRequest, type RotationResult } from './key-rotation.ts';
import { ORDER_OUTCOMES, type OutcomeSaid } from './order-outcomes.ts';
import { type Outbox, type OutboxOrder, openOutbox } from './outbox.ts';
import { type PolicyRequest, type PolicyResult, queuePolicy } from './policy-order.ts';
import type { RateLimit } from './rate-limit.ts';
import { GATEWAY_REFUSALS } from './refusals.ts';
import { queueScript, type ScriptRequest, type ScriptResult } from './remote-script.ts';
import { openRevocations, type Revocations } from './revocations.ts';
import { openRootRollout, type RootRollout } from './root-rollout.ts';
import { Sender } from './sender.ts';
import type { ShortMessageCentre } from './short-message-centre.ts';
import { openWatch } from './watch.ts';

/** Times and limits of a gateway. */
export interface GatewaySettings {
  /** How often orders of other processes are looked for. */
  readonly pollMilliseconds: number;
  /** Pause before a packet is sent again; doubled each time, up to `longestRetryMilliseconds`. */
  readonly retryMilliseconds: number;
  readonly longestRetryMilliseconds: number;
  /** Attempts after which an order is given up with an alarm. */
  readonly mostAttempts: number;
  /** How long an SMSC is asked to keep a message for a handset without service. */
  readonly validityMilliseconds: number;
  readonly rateLimit: RateLimit;
  /** How a person objects: shown with a block. Empty shows nothing. */
  readonly contact: string;
  /** Authentications for which permit and track hold; 0: until something changes. */
  readonly validAuthentications: number;
}

/** Settings for a real network: a handset may be off for days. */
export const STANDARD_SETTINGS: GatewaySettings = {
  pollMilliseconds: 250,
  retryMilliseconds: 60_000,
  longestRetryMilliseconds: 6 * 3_600_000,
  mostAttempts: 20,
  validityMilliseconds: 3 * 86_400_000,
  rateLimit: { burst: 30, refillMilliseconds: 2000 },
  contact: '',
  validAuthentications: 0,
};

/** What became of an incoming message. */
export type Inbound =
  | { readonly kind: 'ignored'; readonly why: Ignored }
  | { readonly kind: 'replayed' | 'unreadable'; readonly iccid: Iccid }
  | {
      readonly kind: 'report';
      readonly iccid: Iccid;
      readonly level: EvidenceLevel;
      readonly decision: PolicyDecision;
      readonly order: number;
    }
  | { readonly kind: 'proof of receipt'; readonly iccid: Iccid; readonly status: number };

/** Orders that need nothing with them. */
export type CommandedOrder = Exclude<Order, 'setPolicy' | 'setRoots'>;

/** What a person orders. */
export interface CommandRequest {
  readonly iccid: Iccid;
  readonly order: CommandedOrder;
  readonly author: string;
  readonly reason: string;
  readonly caseReference?: string;
  /** When permit, track, block or stopKeys end by themselves, in milliseconds since 1970. */
  readonly expiresAt?: number;
  /** Only show what would be sent. */
  readonly dryRun?: boolean;
}

/** What an order sends at once, and its number in the outbox (undefined for a dry run). */
export interface CommandResult {
  /** The order on the air: permit and track can only answer a report, so a report is asked for (`reportNow`, `unblock`). */
  readonly sends: CommandedOrder;
  /** What the person reads. */
  readonly text: string;
  readonly order: number | undefined;
}

/** The gateway. */
export interface Gateway {
  readonly outbox: Outbox;
  /**
   * Takes the user data (header included) of a message from a UICC; `message` is what it came in, when that was an SMPP message. What it
   * returns is durable; it throws only when the database fails.
   */
  receive(source: string, userData: Uint8Array, message?: Message): Inbound;
  /** Queues an order; any process of the data directory may. Throws RangeError for what makes no sense. */
  command(request: CommandRequest): CommandResult;
  /** Queues a script for the remote management of a UICC; any process of the data directory may. */
  script(request: ScriptRequest): ScriptResult;
  /** Queues new rules for the lock of a UICC; any process of the data directory may. */
  policy(request: PolicyRequest): PolicyResult;
  /** What new rules would mean for the handsets in use. */
  previewPolicy(selection: RuleSelection, rules: Partial<LockRules>): Promise<PolicyPreview>;
  /** Queues new rules for the selected UICCs above an ICCID, a part of them at a time. Throws RangeError. */
  policyForFleet(
    selection: RuleSelection,
    request: Omit<PolicyRequest, 'iccid' | 'dryRun'>,
    part: FleetPart,
  ): FleetResult;
  /** Queues new keys for the remote management of a UICC; any process of the data directory may. */
  rotateKeys(request: RotationRequest): RotationResult;
  /** Certificates that UICCs are not to believe; any process of the data directory may revoke. */
  readonly revocations: Pick<Revocations, 'all' | 'revoke'>;
  /** Makers' roots for the UICCs in the field; any process of the data directory may begin a roll-out, a gateway that runs goes on with it. */
  readonly rootRollout: Pick<RootRollout, 'effect' | 'begin' | 'newest'>;
  /** One round: reconsiders, ends what expired, builds and sends what is due. Does not wait for the SMSC. */
  poll(): void;
  /** Kept when nothing is on its way to the SMSC. */
  settled(): Promise<void>;
  /** Begins to poll, and to send again at once what a dead process had begun. Without it `poll` is the caller's to call. */
  start(): void;
  /** Messages put aside since the start, by reason. */
  ignored(): Readonly<Partial<Record<Ignored, number>>>;
  /** The SMSC says what became of a message. False when no order is about that. */
  receipt(receipt: Receipt): boolean;
  /** Until when an SMSC may still have the message of an order; undefined when it is known to have none. */
  heldUntil(order: Pick<OutboxOrder, 'state' | 'sentAt' | 'deliveredAt' | 'outcomeSaid'>): number | undefined;
  /** What the last round failed at, for people; undefined when it went well. */
  problem(): string | undefined;
  /** Stops polling and waits for what is on its way. */
  close(): Promise<void>;
}

const AUTHOR: ProgramAuthor = 'register';

/** What a message gave, and what is shown of it. */
interface Taken<T> {
  readonly inbound: Inbound;
  readonly seen: T;
}

/** The rooms and ports that a gateway works with; `centre` may come later (a command line needs none). */
interface GatewayParts {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly random: Random;
  readonly subscribers: Subscribers;
  readonly evidence: Evidence;
  readonly register: Register;
  readonly activity: Activity;
  /** Is shown what the gateway does, hop by hop. */
  readonly exchanges?: Exchanges | undefined;
  readonly centre?: ShortMessageCentre;
  readonly settings?: Partial<GatewaySettings>;
}

/** The gateway over this database; `centre` may come later (a command line needs none). */
export function openGateway(options: GatewayParts): Gateway {
  const { database, audit, clock, trace, subscribers, evidence, register, scheduler, activity, exchanges } = options;
  const chosen = { ...STANDARD_SETTINGS, ...options.settings };
  const outbox = openOutbox(options);
  const commanded = openCommanded(options);
  const revocations = openRevocations({ database, audit, clock, outbox });
  const rootRollout = openRootRollout({ ...options, outbox, commanded });
  const inbox = new Inbox(subscribers, clock, chosen.rateLimit);
  const sender = new Sender({ ...options, outbox, settings: chosen, trouble: (error) => troubled(error) });
  const watch = openWatch({ ...options, outbox, commanded, contact: chosen.contact });
  const ignoredCounts = new Map<Ignored, number>();
  let stopTimer = () => {};
  let isClosed = false;
  let problem: string | undefined;

  /** A full disk or a lock must not end the server: it is shown, and tried again. */
  const troubled = (error: unknown) => {
    if (!(error instanceof DatabaseError)) throw error;
    problem = error.message;
  };

  const put = (why: Ignored): Inbound => {
    ignoredCounts.set(why, (ignoredCounts.get(why) ?? 0) + 1);
    return { kind: 'ignored', why };
  };

  /** Evidence, decision and answer: all or nothing, with the counter that `openReport` took. */
  const takeReport = (
    subscriber: Subscriber,
    counter: number,
    report: Report,
    octets: Uint8Array,
  ): Taken<ReportSeen> => {
    const { iccid, imsi } = subscriber;
    const provedImei = imeiOf(report.provedImei);
    const claimedImei = imeiOf(report.claimedImei);
    const recorded = evidence.recordReport({
      iccid: iccid.digits,
      imsi: imsi.digits,
      counter,
      report,
      provedImei,
      claimedImei,
      octets,
    });
    const imei = provedImei ?? claimedImei;
    const verdict = imei && register.explain({ imei, imsi });
    const decision = decide(report, {
      mode: register.mode(),
      decision: verdict,
      pairing: subscriber.policy.pairing,
      movedFrom: recorded.movedFrom,
      contradictedClaim: recorded.contradictedClaim,
      commanded: commanded.of(iccid.digits),
      contact: chosen.contact,
    });
    audit.append(reportEntry(subscriber, report, recorded, { imei, decision }));
    const revocation = revocations.next(iccid.digits, report.support);
    const order = outbox.queue({
      iccid: iccid.digits,
      answer: answerTo(report, decision.order, {
        at: clock.now(),
        text: decision.text,
        ...(revocation && { revoked: revocation.serial }),
        ...(isGood(decision.order) &&
          chosen.validAuthentications > 0 && { validAuthentications: chosen.validAuthentications }),
      }),
      author: AUTHOR,
      reason: decision.reasons[0].text,
      reasonSaid: decision.reasons[0].said,
      reasonCode: decision.reasons[0].code,
      report: recorded.id,
      ...(revocation && { revocation: revocation.id }),
      caseReference: decision.reasons[0].caseReference ?? '',
    });
    revocations.follow(subscriber, report);
    rootRollout.follow(subscriber);
    return {
      inbound: { kind: 'report', iccid, level: recorded.level, decision, order },
      seen: { kind: 'report', report, reasons: decision.reasons, verdict },
    };
  };

  const receiveReport = (subscriber: Subscriber, packet: Uint8Array): Taken<ReportSeen> =>
    database.transaction(() => {
      const { iccid } = subscriber;
      const last = subscribers.lastReportCounter(iccid);
      const opened = openReport(packet, subscriber, subscribers);
      const found = { key: iccid.digits, imsi: subscriber.imsi.digits };
      switch (opened.kind) {
        case 'not authentic':
          return { inbound: put('not authentic'), seen: { kind: 'notAuthentic' } };
        case 'replayed':
          // The SMSC may deliver the last one twice; an older one was kept by somebody.
          if (opened.counter < last)
            evidence.recordFinding({
              ...found,
              kind: 'replayedReport',
              said: [FINDING_SENTENCES.say('replayedReport')],
            });
          return { inbound: { kind: 'replayed', iccid }, seen: { kind: 'replayedReport' } };
        case 'unreadable':
          evidence.recordFinding({
            ...found,
            kind: 'unreadableReport',
            said: [FINDING_SENTENCES.say('unreadableReport', { problem: opened.problem })],
          });
          return { inbound: { kind: 'unreadable', iccid }, seen: { kind: 'unreadableReport' } };
        case 'report':
          if (opened.counter > last + 1 && knowsLast(options, iccid.digits))
            evidence.recordFinding(gapFinding(found, last, opened.counter));
          return takeReport(subscriber, opened.counter, opened.report, opened.octets);
      }
    });

  /** The UICC said which policy it has: what the operator had believed before is of no weight. */
  const keepPolicy = ({ iccid, policy: before }: Subscriber, told: PolicyChange) => {
    const policy = changedPolicy(before, told);
    if (JSON.stringify(policy) === JSON.stringify(before)) return;
    subscribers.keepPolicy(iccid, policy);
    const { acceptedEvidence, ...rules } = policy;
    audit.append({ kind: 'policy', author: 'UICC' satisfies ProgramAuthor, subject: iccid.digits, detail: rules });
  };

  const receiveProof = (subscriber: Subscriber, packet: Uint8Array): Taken<ProofSeen> =>
    database.transaction(() => {
      const { iccid } = subscriber;
      const answered = openScriptProof(packet, subscriber, subscribers);
      if (answered !== undefined) {
        sender.settleScript(iccid, answered);
        return { inbound: { kind: 'proof of receipt', iccid, status: answered.status }, seen: answered };
      }
      const proof = openProof(packet, subscriber, subscribers);
      if (proof === undefined) return { inbound: put('not authentic'), seen: undefined };
      const { status, acknowledgement } = proof;
      // The handset may have kept it, or say it once more: what it tells of the lock is heard once, and not after a later one.
      const isPast = outbox.isPast(iccid.digits, proof.counter);
      const isNews = sender.settleOrder(iccid.digits, proof);
      if (acknowledgement !== undefined && !isPast) evidence.recordLockState(iccid.digits, acknowledgement.state);
      if (acknowledgement?.policy !== undefined && !isPast) keepPolicy(subscriber, acknowledgement.policy);
      if (isNews && acknowledgement?.trustDigest !== undefined)
        rootRollout.acknowledged(iccid.digits, proof.counter, acknowledgement.trustDigest);
      return { inbound: { kind: 'proof of receipt', iccid, status }, seen: proof };
    });

  const record = (name: string, step: 103 | 104, octets: Uint8Array, handset: string) => {
    if (trace.enabled)
      trace.record({
        at: clock.now(),
        handset,
        from: 'SMSC',
        to: 'operator (5)',
        protocol: 'ota',
        octets,
        name,
        step,
        clause: 'TS 102 225 5',
      });
  };

  const receive: Gateway['receive'] = (source, userData, message) => {
    const received = inbox.take(source, userData);
    const { subscriber } = received;
    if (subscriber === undefined) return put(received.why);
    const whose: Whose = { iccid: subscriber.iccid.digits, imsi: subscriber.imsi.digits };
    const isReport = received.kind === 'packet' && received.packet.kind === 'command';
    exchanges?.arrived(whose, message, isReport);
    if (received.kind === 'ignored') return put(received.why);
    const { packet } = received.packet;
    record(isReport ? 'report' : 'proof of receipt', isReport ? 103 : 104, packet, whose.iccid);
    // What the network was told before stands before it, whether this report is kept or not.
    if (isReport) evidence.flush();
    try {
      if (isReport) {
        const { inbound, seen } = receiveReport(subscriber, packet);
        exchanges?.reported(whose, packet, seen);
        return inbound;
      }
      const { inbound, seen } = receiveProof(subscriber, packet);
      exchanges?.acknowledged(whose, packet, seen);
      return inbound;
    } catch (error) {
      if (error instanceof CodecError) return put('malformed');
      throw error;
    }
  };

  const command: Gateway['command'] = (request) => {
    const { iccid, order, author, reason, caseReference = '', expiresAt } = request;
    if (author.trim() === '' || reason.trim() === '') throw new RefusalError(GATEWAY_REFUSALS.say('noOrderReason'));
    if (expiresAt !== undefined && expiresAt <= clock.now())
      throw new RefusalError(GATEWAY_REFUSALS.say('orderExpiryPassed'), 'expiry');
    if (expiresAt !== undefined && !isLasting(order))
      throw new RefusalError(GATEWAY_REFUSALS.say('orderHasNoEnd', { order }), 'expiry');
    if (subscribers.byIccid(iccid) === undefined)
      throw new RefusalError(GATEWAY_REFUSALS.say('uiccNotIssued'), 'ICCID');
    const { text } = commandedOrder({ order, reason, caseReference }, chosen.contact);
    const sends = sentFor(order, evidence.standingOf(iccid.digits)?.standingOrder);
    if (request.dryRun === true) return { sends, text, order: undefined };
    const answer = orderCommand(sends, { at: clock.now(), text });
    return database.transaction(() => {
      if (isLasting(order)) commanded.set(iccid.digits, order, { author, reason, caseReference, expiresAt });
      else if (order === 'unblock') commanded.end(iccid.digits);
      const detail = { order, sends, reason, caseReference, expiresAt: expiresAt ?? null };
      audit.append({ kind: 'order', author, subject: iccid.digits, detail });
      const id = outbox.queue({ iccid: iccid.digits, answer, author, reason, reasonCode: 'commanded', caseReference });
      return { sends, text, order: id };
    });
  };

  const policy: Gateway['policy'] = (request) => queuePolicy(request, { subscribers, outbox, clock });

  const poll = () => {
    if (isClosed) return;
    evidence.flush();
    watch.look();
    rootRollout.goOn();
    outbox.build();
    sender.send();
  };

  const tick = () => {
    stopTimer = scheduler.after(chosen.pollMilliseconds, () => {
      try {
        poll();
        problem = undefined;
      } catch (error) {
        troubled(error);
      }
      if (!isClosed) tick();
    });
  };

  return {
    outbox,
    receive(source, userData, message) {
      const inbound = receive(source, userData, message);
      if (inbound.kind === 'report') {
        activity.add(`report.${inbound.level}`);
        outbox.build();
        sender.send();
      }
      return inbound;
    },
    command,
    script: (request) => queueScript(request, subscribers, outbox),
    policy,
    previewPolicy: (selection, rules) => previewPolicy(database, selection, rules),
    policyForFleet: (selection, request, part) => orderForFleet(database, selection, request, part, policy),
    revocations,
    rootRollout,
    rotateKeys: (request) => queueRotation(request, { database, subscribers, outbox }),
    poll,
    settled: () => sender.settled(),
    start() {
      outbox.resume();
      poll();
      tick();
    },
    ignored: () => Object.fromEntries(ignoredCounts),
    receipt: ({ message, state }) =>
      state === 'delivered'
        ? outbox.delivered(message)
        : isOver(state) && outbox.notDelivered(message, troubleOf(state)),
    heldUntil: ({ state, sentAt, deliveredAt, outcomeSaid }) =>
      state === 'sent' && sentAt !== undefined && deliveredAt === undefined && outcomeSaid === undefined
        ? sentAt + chosen.validityMilliseconds
        : undefined,
    problem: () => problem,
    async close() {
      isClosed = true;
      stopTimer();
      await sender.settled();
      evidence.flush();
    },
  };
}

/** A message of which a receipt says so is no longer at the SMSC. */
const isOver = (state: MessageState) => state !== 'enroute' && state !== 'accepted';

const troubleOf = (state: MessageState): OutcomeSaid =>
  state === 'expired'
    ? ORDER_OUTCOMES.say('expiredAtCentre')
    : ORDER_OUTCOMES.say('notDeliveredByCentre', { receipt: state });

const isGood = (order: Order) => order === 'permit' || order === 'track';

const told = (report: Report, { level }: RecordedReport) => ({
  level,
  result: report.result,
  because: report.reason,
  trigger: report.trigger,
  state: report.state,
});

/** False when the last report of a UICC that is known came before an older database was put back: later ones were taken in, and forgotten. */
const knowsLast = ({ evidence, database }: { evidence: Evidence; database: Database }, iccid: string): boolean =>
  (evidence.standingOf(iccid)?.lastReportAt ?? 0) >= recoveredAt(database);

/** A report, what was made of it and why, for the log. */
function reportEntry(
  { iccid, imsi }: Subscriber,
  report: Report,
  recorded: RecordedReport,
  { imei, decision }: { readonly imei: Imei | undefined; readonly decision: PolicyDecision },
): Parameters<Audit['append']>[0] {
  const reasons = decision.reasons.map(({ text }) => text);
  return {
    kind: 'report',
    author: 'UICC',
    subject: iccid.digits,
    detail: {
      imsi: imsi.digits,
      imei: imei?.equipment ?? null,
      ...told(report, recorded),
      order: decision.order,
      reasons,
    },
    said: { reasons: decision.reasons.flatMap(({ said }) => said) },
  };
}

/** Reports between these two never came. */
const gapFinding = (
  of: { readonly key: string; readonly imsi: string },
  last: number,
  counter: number,
): NewFinding => ({
  ...of,
  kind: 'reportGap',
  said: [FINDING_SENTENCES.say('reportGap', { counter, before: last, missing: counter - last - 1 })],
});

/** What goes over the air for a person's order (protocol/imei-lock): good news must answer a report, so one is asked for. */
function sentFor(order: CommandedOrder, last: string | undefined): CommandedOrder {
  if (!isGood(order)) return order;
  return last === 'block' || last === 'stopKeys' ? 'unblock' : 'reportNow';
}
