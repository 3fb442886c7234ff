import { Iccid } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import type { Exchanges } from '#operator/exchange/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import { POR_STATUS, packetToSegments } from '#protocol/ota/index.ts';
import { commandStatusName, STATUS, type SubmitResult } from '#protocol/smpp/index.ts';
import type { GatewaySettings } from './gateway.ts';
import type { OpenedProof, ScriptProof } from './inbound.ts';
import { ORDER_OUTCOMES, type OrderFailed, UNSENT } from './order-outcomes.ts';
import { type Outbox, type OutboxOrder, ROTATION_ORDER } from './outbox.ts';
import { tookKeys } from './rotation-script.ts';
import type { ShortMessageCentre } from './short-message-centre.ts';

/** Statuses by which an SMSC asks for patience (SMPP 3.4 5.1.3). */
const TEMPORARY: ReadonlySet<number> = new Set([STATUS.RSYSERR, STATUS.RMSGQFUL, STATUS.RTHROTTLED, STATUS.RX_T_APPN]);
/** Pause after a message that never left this machine. */
const NOT_SENT_MILLISECONDS = 1000;

/** Orders that UICCs of before do not know: they acknowledge them without saying which it was. */
const LATER_ORDERS: ReadonlySet<string> = new Set(['setPolicy', 'setRoots']);

const { say } = ORDER_OUTCOMES;

/** What a sender works with. */
export interface SenderOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly outbox: Outbox;
  readonly subscribers: Subscribers;
  readonly settings: GatewaySettings;
  readonly centre?: ShortMessageCentre;
  readonly exchanges?: Exchanges | undefined;
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
        const attempts = order.attempts - 1;
        const isHad = order.deliveredAt !== undefined || order.sentAt === undefined;
        this.#giveUp(order, isHad ? say('noProof', { attempts }) : say('notDelivered', { attempts }));
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

  /** A proof of receipt of the IMEI lock came, and its checksum was right. True when an order is acknowledged by it, and was not before. */
  settleOrder(iccid: string, proof: OpenedProof): boolean {
    const { outbox } = this.#options;
    const { counter, status, acknowledgement } = proof;
    const order = outbox.byCounter(iccid, counter);
    if (order === undefined || order.state === 'acknowledged') return false;
    const lock = acknowledgement?.state;
    if (status === POR_STATUS.ok && (acknowledgement?.order === order.order || !LATER_ORDERS.has(order.order))) {
      outbox.acknowledge(order.id, lock === undefined ? say('received') : say('lockIs', { lock }));
      return true;
    }
    if (status === POR_STATUS.ok) this.#notUnderstood(order);
    // Sent twice, and the answer of the first was lost, or power went before it was obeyed: an order can be given again.
    else if (status === POR_STATUS.counterLow && order.attempts > 1) outbox.rebuild(order.id, say('askedAgain'));
    else this.#refused(order, status);
    return false;
  }

  /** A UICC that knows no order for its makers' roots never will: nobody changes what it is made of. */
  #notUnderstood(order: OutboxOrder): void {
    if (order.order === 'setRoots') this.#options.subscribers.trusts.keepFixed(order.iccid);
    this.#giveUp(order, say('notUnderstood'));
  }

  /** A proof of receipt of remote management came, and its checksum was right. */
  settleScript(iccid: Iccid, proof: ScriptProof): void {
    const { outbox } = this.#options;
    const order = outbox.byCounter(iccid.digits, proof.counter);
    const isRotation = order?.order === ROTATION_ORDER;
    // A proof of a packet that was made anew since then says nothing about the one under way.
    const isOfScript = order !== undefined && !isRotation;
    this.#learnKeys(iccid, proof, isOfScript);
    if (order === undefined || order.state === 'acknowledged') return;
    const { status, response } = proof;
    // The question under the new keys was answered: whatever the answer, they are there.
    if (isRotation && proof.counter === order.otherCounter)
      outbox.acknowledge(order.id, say('holdsKeys', { generation: proof.generation }));
    else if (isRotation) this.#settleRotation(iccid, order, proof);
    else if (status === POR_STATUS.ok) outbox.acknowledge(order.id, say('executed'), response);
    else if (status === POR_STATUS.counterLow && order.attempts > 1) outbox.acknowledge(order.id, say('answerLost'));
    else this.#refused(order, status);
  }

  /** What a proof says about the keys that the UICC holds, while that is open. */
  #learnKeys(iccid: Iccid, { generation, status, counter }: ScriptProof, isOfScript: boolean): void {
    const { subscribers, outbox } = this.#options;
    const { packetKeys } = subscribers;
    const [held, coming] = packetKeys.candidates(iccid);
    if (coming === undefined) return;
    const isNew = generation === coming.generation;
    // A later packet under the old keys was judged: the older one with the new keys can no more be taken. A proof of an earlier one, which the
    // handset may have held back or kept, says nothing: keys erased by it would be those that the UICC has.
    const isJudged = isOfScript && (status === POR_STATUS.ok || status === POR_STATUS.counterLow);
    const isOld = isJudged && outbox.isAfterRotation(iccid.digits, coming.generation, counter);
    if (isNew || isOld) packetKeys.settle(iccid, (isNew ? coming : held).generation);
  }

  #settleRotation(iccid: Iccid, order: OutboxOrder, { generation, status, response }: ScriptProof): void {
    const { outbox, subscribers } = this.#options;
    const [, coming] = subscribers.packetKeys.candidates(iccid);
    // An older order's: what it brought was settled otherwise.
    if (coming?.generation !== order.generation) return;
    if (status === POR_STATUS.counterLow)
      // It was accepted, and power went before the keys were changed: they go again in a packet of their own.
      outbox.rebuild(order.id, say('sentAgain'));
    else if (status !== POR_STATUS.ok || coming === undefined) this.#refused(order, status);
    else if (tookKeys(coming, response)) {
      subscribers.packetKeys.settle(iccid, coming.generation);
      outbox.acknowledge(order.id, say('holdsKeys', { generation: coming.generation }), response);
    } else if (order.state !== 'failed') {
      // Of the order under way: a packet of an earlier one is older than this, and can no more bring them.
      subscribers.packetKeys.settle(iccid, generation);
      this.#giveUp(order, say('keysNotTaken'));
    }
  }

  #refused(order: OutboxOrder, status: number): void {
    this.#giveUp(order, say('refusedByUicc', { status: status.toString(16).padStart(2, '0') }));
  }

  async #submit(order: OutboxOrder, centre: ShortMessageCentre): Promise<void> {
    const { subscribers, outbox, trace, clock, exchanges, settings } = this.#options;
    const { validityMilliseconds } = settings;
    const subscriber = subscribers.byIccid(Iccid.parse(order.iccid));
    // Under which keys is not known: the two packets take turns.
    const isOther = order.otherPacket !== undefined && order.attempts % 2 === 0;
    const packet = isOther ? order.otherPacket : order.packet;
    const counter = isOther ? order.otherCounter : order.counter;
    if (subscriber === undefined || packet === undefined) return;
    const { operatorAddress: source, msisdn: destination } = subscriber;
    const reference = (counter ?? 0) & 0xff;
    if (trace.enabled)
      trace.record({
        at: clock.now(),
        handset: order.iccid,
        from: 'operator (5)',
        to: 'SMSC',
        protocol: 'ota',
        octets: packet,
        name: order.tar === undefined ? `answer: ${order.order}` : 'remote management',
        step: 104,
        clause: 'TS 102 225 5',
        detail: order.reason,
      });
    exchanges?.ordered({ iccid: order.iccid, imsi: subscriber.imsi.digits }, packet, order);
    let message = '';
    for (const { octets } of packetToSegments({ kind: 'command', packet }, reference)) {
      const result = await centre.submit({ source, destination, userData: octets, validityMilliseconds });
      if (result.outcome !== 'accepted') return this.#troubled(order, result);
      message = result.messageId;
    }
    // Of several segments the last one: when it was delivered, so were those before it.
    outbox.sent(order.id, message);
  }

  #troubled(order: OutboxOrder, result: Exclude<SubmitResult, { outcome: 'accepted' }>): void {
    const { outbox } = this.#options;
    if (result.outcome === 'not sent') outbox.postpone(order.id, NOT_SENT_MILLISECONDS, UNSENT[result.because], false);
    else if (result.outcome === 'unanswered')
      outbox.postpone(order.id, this.#pause(order.attempts), UNSENT[result.because], true);
    else if (TEMPORARY.has(result.status))
      outbox.postpone(
        order.id,
        this.#pause(order.attempts),
        say('centreSaid', { status: commandStatusName(result.status) }),
        true,
      );
    else this.#giveUp(order, say('refusedByCentre', { status: commandStatusName(result.status) }));
  }

  #giveUp(order: OutboxOrder, outcome: OrderFailed): void {
    if (order.state !== 'failed') this.#options.outbox.fail(order.id, outcome);
  }

  #pause(attempts: number): number {
    const { retryMilliseconds, longestRetryMilliseconds } = this.#options.settings;
    return Math.min(longestRetryMilliseconds, retryMilliseconds * 2 ** Math.min(attempts - 1, 30));
  }
}
