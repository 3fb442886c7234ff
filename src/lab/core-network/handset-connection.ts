import { NO_OCTETS } from '#base/codec/index.ts';
import type { Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import { airFrames } from '#handset/connector/index.ts';
import { type NasMessage, nasMessage } from '#protocol/nas/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { ask } from './ask.ts';
import {
  type Answer,
  canDeliver,
  FIRST_STATE,
  type HandsetState,
  type NetworkAction,
  type NetworkEvent,
  type NetworkSettings,
  type Question,
} from './handset-state.ts';
import { recordAnswer, recordMessage, recordNoise } from './network-trace.ts';
import type { Delivery, NetworkPorts } from './ports.ts';
import { step } from './step.ts';
import { uplinkMessage } from './uplink.ts';

/** Most short messages that wait in the network for one handset; the service centre keeps the others. */
export const MOST_WAITING = 32;
/** Longest SMS-DELIVER in octets: 12 of address, 11 of fixed elements, 140 of user data, and a little room (TS 23.040 9.2.2.1). */
const LONGEST_TPDU = 176;
/** RP causes of messages that cannot go (TS 24.011 8.2.5.4): memory capacity exceeded, semantically incorrect message. */
const MEMORY_EXCEEDED = 0x16;
const INCORRECT_MESSAGE = 0x5f;

/** What all connections of a network share. */
export interface NetworkContext {
  readonly ports: NetworkPorts;
  readonly settings: NetworkSettings;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Without it nothing is waited for: a network in its caller's own time. */
  readonly scheduler: Scheduler | undefined;
  /** How long home network, register and service centre may take. */
  readonly answerMs: number;
  /** How long a handset may take to acknowledge a short message. */
  readonly deliveryMs: number;
  register(imsi: Imsi, connection: HandsetConnection): void;
  deregister(imsi: Imsi, connection: HandsetConnection): void;
}

interface Waiting {
  readonly tpdu: Uint8Array;
  done(delivery: Delivery): void;
}

/**
 * Runs the state machine of one handset's connection: octets in, octets out, questions to the ports. It runs in its caller's time as long
 * as the ports do, and gives a promise only when one of them does.
 */
export class HandsetConnection {
  readonly handset: string;
  readonly #network: NetworkContext;
  #state: HandsetState = FIRST_STATE;
  #running = 0;
  #reference = 0;
  #waiting: Waiting[] = [];
  #delivered: ((delivery: Delivery) => void) | undefined;
  #stopTimer: (() => void) | undefined;
  #onDownlink: ((message: Uint8Array) => void) | undefined;

  constructor(handset: string, network: NetworkContext) {
    this.handset = handset;
    this.#network = network;
  }

  get state(): HandsetState {
    return this.#state;
  }

  /** One layer 3 message from the handset; the network's messages (`airFrames`) once all is asked that has to be. Never throws. */
  air(octets: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const message = uplinkMessage(octets);
    const { trace } = this.#network;
    if (message === undefined) {
      if (trace.enabled) recordNoise(this.#network, this.handset, octets);
      return NO_OCTETS;
    }
    if (trace.enabled) recordMessage(this.#network, this.handset, 'up', message, octets);
    const down: Uint8Array[] = [];
    this.#running++;
    const later = this.#run({ type: 'uplink', message }, down);
    return later === undefined ? this.#finish(message, down) : later.then(() => this.#finish(message, down));
  }

  /**
   * A short message that waits, as `airFrames`; no octets when none does. The handset had its time: one still unacknowledged will not be.
   */
  pending(): Uint8Array {
    const down: Uint8Array[] = [];
    this.#run({ type: 'deliveryUnanswered' }, down);
    this.#deliverNext((octets) => down.push(octets));
    return airFrames(down);
  }

  /** From now on short messages need not wait for the handset to speak. */
  onDownlink(handler: (message: Uint8Array) => void): void {
    this.#onDownlink = handler;
    this.#page();
  }

  /** Takes a short message for the subscriber registered here. */
  readonly deliver = (tpdu: Uint8Array, done: (delivery: Delivery) => void): void => {
    const isTooLong = tpdu.length === 0 || tpdu.length > LONGEST_TPDU;
    if (this.#state.subscriber === undefined) done({ kind: 'absent' });
    else if (isTooLong) done({ kind: 'refused', cause: INCORRECT_MESSAGE });
    else if (this.#waiting.length >= MOST_WAITING) done({ kind: 'refused', cause: MEMORY_EXCEEDED });
    else {
      this.#waiting.push({ tpdu, done });
      this.#page();
    }
  };

  /** Something that the handset did not begin. */
  happen(event: NetworkEvent): void {
    this.#run(event, []);
    this.#page();
  }

  /** Carries out steps until nothing is asked; a promise when an answer is not there yet. */
  #run(event: NetworkEvent, down: Uint8Array[]): Promise<void> | undefined {
    let next = event;
    for (;;) {
      const { state, actions, question } = step(this.#state, next, this.#network.settings);
      this.#state = state;
      for (const action of actions) this.#act(action, down);
      if (question === undefined) return undefined;
      const { asked } = state;
      const answer = ask(this.#network.ports, question);
      if (answer instanceof Promise) {
        return this.#inTime(answer).then((late) => this.#run(this.#answered(question, asked, late), down));
      }
      next = this.#answered(question, asked, answer);
    }
  }

  #answered(question: Question, asked: number, answer: Answer): NetworkEvent {
    if (this.#network.trace.enabled) recordAnswer(this.#network, this.handset, question, answer);
    return { type: 'answer', asked, answer };
  }

  /** The answer, or after `answerMs` that there is none. */
  #inTime(answer: Promise<Answer>): Promise<Answer> {
    const { scheduler, answerMs } = this.#network;
    if (scheduler === undefined) return answer;
    return new Promise((resolve) => {
      const reason = `no answer within ${answerMs} ms`;
      const stop = scheduler.after(answerMs, () => resolve({ type: 'failed', reason }));
      void answer.then((arrived) => {
        stop();
        resolve(arrived);
      });
    });
  }

  #act(action: NetworkAction, down: Uint8Array[]): void {
    switch (action.type) {
      case 'send':
        down.push(this.#encode(action.message));
        return;
      case 'register':
        this.#network.register(action.imsi, this);
        return;
      case 'deregister': {
        this.#network.deregister(action.imsi, this);
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const { done } of waiting) done({ kind: 'absent' });
        return;
      }
      case 'delivery': {
        const done = this.#delivered;
        this.#delivered = undefined;
        this.#stopTimer?.();
        this.#stopTimer = undefined;
        done?.(action.delivery);
      }
    }
  }

  #encode(message: NasMessage): Uint8Array {
    const octets = nasMessage.encode(message);
    if (this.#network.trace.enabled) recordMessage(this.#network, this.handset, 'down', message, octets);
    return octets;
  }

  /** The end of an uplink message: where the handset listens for more, the next short message goes down with the answer. */
  #finish(message: NasMessage, down: Uint8Array[]): Uint8Array {
    this.#running--;
    if (listensAfter(message)) this.#deliverNext((octets) => down.push(octets));
    else this.#page();
    return airFrames(down);
  }

  /** Sends the next short message without being asked, if the handset can be reached so and nothing runs with it. */
  #page(): void {
    if (this.#onDownlink !== undefined && this.#running === 0) this.#deliverNext(this.#onDownlink);
  }

  #deliverNext(sendDown: (octets: Uint8Array) => void): void {
    if (this.#waiting.length === 0 || !canDeliver(this.#state)) return;
    const { tpdu, done } = this.#waiting.shift() as Waiting;
    this.#reference = (this.#reference + 1) & 0xff;
    this.#delivered = done;
    const { scheduler, deliveryMs } = this.#network;
    this.#stopTimer = scheduler?.after(deliveryMs, () => this.happen({ type: 'deliveryUnanswered' }));
    const down: Uint8Array[] = [];
    this.#run({ type: 'deliver', reference: this.#reference, tpdu }, down);
    for (const octets of down) sendDown(octets);
  }
}

/** A handset drops what comes with the answers of call control: nobody there waits for a short message. */
function listensAfter({ name }: NasMessage): boolean {
  return name !== 'connectAcknowledge' && name !== 'release' && name !== 'imsiDetachIndication';
}
