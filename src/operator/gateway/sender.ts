import { Iccid } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import type { Evidence } from '#operator/evidence/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { POR_STATUS, packetToSegments } from '#protocol/ota/index.ts';
import { commandStatusName, STATUS, type SubmitResult } from '#protocol/smpp/index.ts';
import type { GatewaySettings } from './gateway.ts';
import type { Outbox, OutboxOrder } from './outbox.ts';
import type { ShortMessageCentre } from './short-message-centre.ts';

/** Statuses by which an SMSC asks for patience (SMPP 3.4 5.1.3). */
const TEMPORARY: ReadonlySet<number> = new Set([STATUS.RSYSERR, STATUS.RMSGQFUL, STATUS.RTHROTTLED, STATUS.RX_T_APPN]);
/** Pause after a message that never left this machine. */
const NOT_SENT_MILLISECONDS = 1000;

/** What a sender works with. */
export interface SenderOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly outbox: Outbox;
  readonly subscribers: Subscribers;
  readonly evidence: Evidence;
  readonly settings: GatewaySettings;
  readonly centre?: ShortMessageCentre;
  /** Hears of an error of the database: the order stays as it is and is due again later. */
  trouble(error: unknown): void;
}

/** Takes orders that are due to the SMSC, and ends them by proofs of receipt. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Begins to send what is due; does not wait. Without an SMSC nothing is due. */
  send(): void {
    const { outbox, centre } = this.#options;
    if (centre === undefined) return;
    for (const order of outbox.takeDue((attempts) => this.#pause(attempts))) {
      if (order.attempts > this.#options.settings.mostAttempts) {
        this.#giveUp(order, `no proof of receipt after ${order.attempts - 1} attempts`);
        continue;
      }
      const sending = this.#submit(order, centre)
        .catch((error: unknown) => this.#options.trouble(error))
        .finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }
  }

  /** Kept when every message begun has its result. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** A proof of receipt came, and its checksum was right: what became of the order, and the answer to a script. */
  settle(iccid: string, counter: number, status: number, outcome: string, response?: Uint8Array): void {
    const { outbox } = this.#options;
    if (status === POR_STATUS.ok) {
      outbox.acknowledge(iccid, counter, outcome, response);
      return;
    }
    const order = outbox.newest(SEARCHED, iccid).find((candidate) => candidate.counter === counter);
    if (order === undefined || order.state === 'acknowledged') return;
    // The same packet was sent before: the first one arrived, and this one came after it.
    if (status === POR_STATUS.counterLow && order.attempts > 1)
      outbox.acknowledge(iccid, counter, 'had arrived before');
    else this.#giveUp(order, `the UICC refused it with status ${status.toString(16).padStart(2, '0')}`);
  }

  async #submit(order: OutboxOrder, centre: ShortMessageCentre): Promise<void> {
    const { subscribers, outbox, trace, clock } = this.#options;
    const subscriber = subscribers.byIccid(Iccid.parse(order.iccid));
    if (subscriber === undefined || order.packet === undefined) return;
    const { operatorAddress: source, msisdn: destination } = subscriber;
    const reference = (order.counter ?? 0) & 0xff;
    if (trace.enabled)
      trace.record({
        at: clock.now(),
        handset: order.iccid,
        from: 'operator (5)',
        to: 'SMSC',
        protocol: 'ota',
        octets: order.packet,
        name: order.tar === undefined ? `answer: ${order.order}` : 'remote management',
        step: 104,
        clause: 'TS 102 225 5',
        detail: order.reason,
      });
    for (const { octets } of packetToSegments({ kind: 'command', packet: order.packet }, reference)) {
      const result = await centre.submit({ source, destination, userData: octets });
      if (result.outcome !== 'accepted') return this.#troubled(order, result);
    }
    outbox.sent(order.id);
  }

  #troubled(order: OutboxOrder, result: Exclude<SubmitResult, { outcome: 'accepted' }>): void {
    const { outbox } = this.#options;
    if (result.outcome === 'not sent') outbox.postpone(order.id, NOT_SENT_MILLISECONDS, result.because, false);
    else if (result.outcome === 'unanswered')
      outbox.postpone(order.id, this.#pause(order.attempts), result.because, true);
    else if (TEMPORARY.has(result.status))
      outbox.postpone(order.id, this.#pause(order.attempts), `the SMSC said ${commandStatusName(result.status)}`, true);
    else this.#giveUp(order, `the SMSC refused it: ${commandStatusName(result.status)}`);
  }

  #giveUp(order: OutboxOrder, outcome: string): void {
    const { outbox, evidence, subscribers } = this.#options;
    outbox.fail(order.id, outcome);
    const imsi = subscribers.byIccid(Iccid.parse(order.iccid))?.imsi.digits;
    const text = `Order ${order.id} (${order.order}) did not succeed: ${outcome}.`;
    evidence.recordFinding({ kind: 'orderUnanswered', key: `${order.iccid} ${order.order}`, imsi, text });
  }

  #pause(attempts: number): number {
    const { retryMilliseconds, longestRetryMilliseconds } = this.#options.settings;
    return Math.min(longestRetryMilliseconds, retryMilliseconds * 2 ** Math.min(attempts - 1, 30));
  }
}

/** Orders of one UICC among which a proof of receipt looks for its own. */
const SEARCHED = 100;
