import { CodecError } from '#base/codec/index.ts';
import type { Clock } from '#base/port/index.ts';
import { STATUS } from './command-status.ts';
import { type BindCommand, type Message, type MessageCommand, type Pdu, type PduOf, pdu, readFrame } from './pdu.ts';
import { PduStream } from './pdu-stream.ts';
import type { Scheduler } from './scheduler.ts';
import { nextTick, step } from './session.ts';
import {
  FIRST_STATE,
  type SessionAction,
  type SessionEvent,
  type SessionSettings,
  type SessionState,
  type SubmitResult,
  type Taken,
} from './session-state.ts';

/** Time for a connection. */
export interface SmppPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** What a message's receiver answers: a command_status, and in submit_sm_resp the message_id. */
export interface MessageAnswer {
  readonly status: number;
  readonly messageId?: string;
}

/** Sees every PDU that is read or sent, with its octets: for a trace. */
export type PduWatcher = (direction: 'sent' | 'received', pdu: Pdu, octets: Uint8Array) => void;

/** What a session's owner does for it. */
export interface SessionOwner {
  /** ESME only: connect after the pause that belongs to `attempt`. */
  connect?(attempt: number): void;
  disconnect(isForced: boolean): void;
  write(octets: Uint8Array): void;
  /** SMSC only: a command_status for a bind request. */
  judge?(request: PduOf<BindCommand>): number | Promise<number>;
  /** A message: the response is sent when the promise is kept; a broken one is answered "try again" (64). */
  take(message: Message): Promise<MessageAnswer>;
  bound?(mode: BindCommand): void;
  bindRefused?(status: number): void;
  unbound?(): void;
  closed(): void;
  readonly watch?: PduWatcher;
}

/** Runs one session: feeds events to `step`, does its actions, keeps its timer. Knows no socket. */
export class SessionRunner {
  private state: SessionState = FIRST_STATE;
  private readonly settings: SessionSettings;
  private readonly ports: SmppPorts;
  private readonly owner: SessionOwner;
  private readonly results = new Map<number, (result: SubmitResult) => void>();
  private readonly events: SessionEvent[] = [];
  private isRunning = false;
  private lastId = 0;
  private timerAt = Number.POSITIVE_INFINITY;
  private stopTimer: () => void = () => {};

  constructor(settings: SessionSettings, ports: SmppPorts, owner: SessionOwner) {
    this.settings = settings;
    this.ports = ports;
    this.owner = owner;
  }

  /** Where the session stands. */
  get phase(): SessionState['phase'] {
    return this.state.phase;
  }

  /** A connection is there. The function returned takes its octets; it belongs to this connection only. */
  connected(): (octets: Uint8Array) => void {
    const stream = new PduStream();
    let isReadable = true;
    this.happen({ type: 'connected' });
    return (octets) => {
      if (!isReadable) return;
      try {
        stream.push(octets, (frame) => this.frame(frame));
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        isReadable = false;
        this.happen({ type: 'overlong' });
      }
    };
  }

  /** Sends a message when session, window and throttling allow. Rejects with CodecError when its fields do not fit. */
  async submit(command: MessageCommand, message: Message): Promise<SubmitResult> {
    pdu.encode({ command, status: 0, sequence: 0, body: message });
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.results.set(id, resolve);
      this.happen({ type: 'submit', id, command, message });
    });
  }

  /** Events that happen while actions are done wait their turn, so that actions stay in order. */
  happen(event: SessionEvent): void {
    this.events.push(event);
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) {
        const { state, actions } = step(this.settings, this.state, next, this.ports.clock.now());
        this.state = state;
        for (const action of actions) this.act(action);
      }
    } finally {
      this.isRunning = false;
    }
    this.keepTimer();
  }

  private frame(octets: Uint8Array): void {
    const frame = readFrame(octets);
    if (frame.type === 'unreadable') this.happen(frame);
    else {
      this.owner.watch?.('received', frame.pdu, octets);
      this.happen({ type: 'received', pdu: frame.pdu });
    }
  }

  private act(action: SessionAction): void {
    const { owner } = this;
    switch (action.type) {
      case 'connect':
        owner.connect?.(action.attempt);
        break;
      case 'disconnect':
        owner.disconnect(action.isForced);
        break;
      case 'send':
        this.send(action.pdu);
        break;
      case 'judge':
        this.judge(action.request, action.connection);
        break;
      case 'take':
        this.take(action.taken, action.message);
        break;
      case 'result':
        this.results.get(action.id)?.(action.result);
        this.results.delete(action.id);
        break;
      case 'bound':
        owner.bound?.(action.mode);
        break;
      case 'bind refused':
        owner.bindRefused?.(action.status);
        break;
      case 'unbound':
        owner.unbound?.();
        break;
      case 'closed':
        owner.closed();
        break;
    }
  }

  private send(value: Pdu): void {
    const octets = pdu.encode(value);
    this.owner.write(octets);
    this.owner.watch?.('sent', value, octets);
  }

  private async judge(request: PduOf<BindCommand>, connection: number): Promise<void> {
    let status: number = STATUS.RSYSERR;
    try {
      status = (await this.owner.judge?.(request)) ?? STATUS.RBINDFAIL;
    } catch {
      // A judgement that fails lets nobody in.
    }
    this.happen({ type: 'judged', request, connection, status });
  }

  private async take(taken: Taken, message: Message): Promise<void> {
    let answer: MessageAnswer = { status: taken.command === 'deliver_sm' ? STATUS.RX_T_APPN : STATUS.RSYSERR };
    try {
      answer = await this.owner.take(message);
    } catch {
      // The message stays with its sender, who is told to try again; the owner knows why.
    }
    this.happen({ type: 'answer', taken, status: answer.status, messageId: answer.messageId ?? '' });
  }

  /** One timer, set anew only when something falls due earlier: one that rings too soon just looks and is set again. */
  private keepTimer(): void {
    const isClosed = this.state.phase === 'closed';
    if (isClosed) this.stopTimer();
    const next = isClosed ? Number.POSITIVE_INFINITY : nextTick(this.settings, this.state);
    if (next >= this.timerAt) return;
    this.stopTimer();
    this.timerAt = next;
    this.stopTimer = this.ports.scheduler.after(Math.max(0, next - this.ports.clock.now()), () => {
      this.timerAt = Number.POSITIVE_INFINITY;
      this.happen({ type: 'tick' });
    });
  }
}
