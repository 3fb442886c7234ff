import { connect, type Socket } from 'node:net';
import { CodecError } from '#base/codec/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { CHECK_IMEI, checkImeiImsi, gsupFrame, gsupOf, IPA, IpaStream, routingNameOf } from '#protocol/gsup/index.ts';
import { AwaitedAnswers } from './awaited-answers.ts';
import { backoffMs } from './backoff.ts';
import {
  firstStep,
  type LinkAction,
  type LinkEvent,
  type LinkState,
  type LinkStep,
  type LinkTimes,
  nextTick,
  type Side,
  step,
} from './link-state.ts';
import { Outbox } from './outbox.ts';
import { type CheckImeiPolicy, judge, type Outcome } from './verdict.ts';

/** Octets that may wait to go out to one side before nothing more is read that would add to them. */
const MOST_UNSENT = 128 * 1024;
/** A CCM frame's payload begins behind length and protocol. */
const HEADER_LENGTH = 3;

/** Waiting, as Clock is time. */
export interface Scheduler {
  /** Runs `run` once after `milliseconds`; the function returned takes it back. */
  after(milliseconds: number, run: () => void): () => void;
}

/** What links have counted since the start. */
export interface GsupCounts extends Record<Outcome, number> {
  /** Requests answered here and given to the HLR too, and its answers kept from the client. */
  stored: number;
  swallowed: number;
  /** Dials to the HLR that failed. */
  unreached: number;
}

/** What a link needs. */
export interface LinkOptions extends CheckImeiPolicy {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Jitter of dialling. */
  readonly random: Random;
  readonly hlr: { readonly host: string; readonly port: number };
  readonly times: LinkTimes;
  readonly counts: GsupCounts;
  /** `relaying`, or `closed` with the reason; `peer` is the routing name, the address as long as that is not known. */
  onState?(peer: string, state: 'relaying' | 'closed', because: string): void;
}

/** One client and its own connection to the HLR: passes frames on octet for octet, and answers Check-IMEI between them. */
export class Link {
  private readonly options: LinkOptions;
  private readonly client: Socket;
  private readonly toClient: Outbox;
  private hlr: Socket | undefined;
  private toHlr: Outbox | undefined;
  private readonly streams: Readonly<Record<Side, IpaStream>> = { client: new IpaStream(), hlr: new IpaStream() };
  private readonly awaited = new AwaitedAnswers();
  private peer: string;
  private state: LinkState;
  private stopDial = () => {};
  private stopTick = () => {};
  private tickAt = Number.POSITIVE_INFINITY;

  /** Takes over a socket that is paused; dials the HLR at once. */
  constructor(client: Socket, options: LinkOptions) {
    this.options = options;
    this.client = client;
    this.peer = client.remoteAddress ?? 'unknown';
    client.setNoDelay(true);
    this.toClient = new Outbox(client, () => this.balance());
    this.listen('client', client);
    const first = firstStep(options.clock.now());
    this.state = first.state;
    this.follow(first);
  }

  /** Reads nothing more from the client, waits for what the HLR still answers, closes. */
  drain(): void {
    this.happen({ type: 'drain', at: this.options.clock.now() });
  }

  /** Cuts both connections at once, as a crash would. */
  destroy(): void {
    this.client.destroy();
    this.hlr?.destroy();
  }

  private happen(event: LinkEvent): void {
    this.follow(step(this.state, event, this.options.times));
  }

  private follow({ state, actions }: LinkStep): void {
    this.state = state;
    for (const action of actions) this.act(action);
    this.planTick();
  }

  /** Keeps one timer, for the earliest deadline; a deadline that moved away is found out when the timer comes. */
  private planTick(): void {
    const { clock, scheduler, times } = this.options;
    if (this.client.destroyed && this.hlr?.destroyed !== false) {
      this.stopTick();
      return;
    }
    const at = nextTick(this.state, times);
    if (at >= this.tickAt) return;
    this.stopTick();
    this.tickAt = at;
    this.stopTick = scheduler.after(Math.max(0, at - clock.now()), () => {
      this.tickAt = Number.POSITIVE_INFINITY;
      this.happen({ type: 'tick', at: clock.now() });
    });
  }

  private act(action: LinkAction): void {
    switch (action.type) {
      case 'dial':
        if (action.attempt === 0) this.dial();
        else {
          this.options.counts.unreached += 1;
          this.stopDial = this.options.scheduler.after(backoffMs(action.attempt, this.options.random), () =>
            this.dial(),
          );
        }
        return;
      case 'relay':
        this.options.onState?.(this.peer, 'relaying', 'connected to the HLR');
        this.client.resume();
        return;
      case 'stop reading the client':
        this.client.pause();
        return;
      case 'close':
        this.close(action.because);
        return;
      case 'destroy':
        this.destroy();
    }
  }

  private dial(): void {
    const { clock, hlr } = this.options;
    const socket = connect(hlr);
    this.hlr = socket;
    socket.setNoDelay(true);
    let because = 'closed at once';
    const failed = () => this.happen({ type: 'dial failed', because, at: clock.now() });
    socket.on('error', (error) => {
      because = error.message || `${(error as NodeJS.ErrnoException).code}`; // A name of several addresses has no message.
    });
    socket.once('close', failed);
    socket.once('connect', () => {
      socket.off('close', failed);
      this.toHlr = new Outbox(socket, () => this.balance());
      this.listen('hlr', socket);
      this.happen({ type: 'dialled', at: clock.now() });
    });
  }

  private listen(side: Side, socket: Socket): void {
    const ended = () => this.happen({ type: 'ended', side, at: this.options.clock.now() });
    socket.on('error', () => {}); // 'close' follows and says it.
    socket.once('end', ended);
    socket.once('close', ended);
    socket.on('data', (octets) => this.take(side, octets));
  }

  /** What was written goes out; what still comes is not looked at. */
  private close(because: string): void {
    this.stopDial();
    this.options.onState?.(this.peer, 'closed', because);
    this.toClient.end();
    this.client.resume();
    if (this.toHlr === undefined) this.hlr?.destroy();
    this.toHlr?.end();
    this.hlr?.resume();
  }

  private isOpenFor(side: Side): boolean {
    const { phase } = this.state;
    return phase === 'relaying' || (phase === 'draining' && side === 'hlr');
  }

  private take(side: Side, octets: Uint8Array): void {
    if (!this.isOpenFor(side)) return;
    const { streams } = this;
    const at = this.options.clock.now();
    let frames = 0;
    try {
      streams[side].push(octets, (frame) => {
        frames += 1;
        if (side === 'client') this.fromClient(frame, at);
        else this.fromHlr(frame, at);
      });
      this.happen({ type: 'heard', side, frames, isInsideFrame: streams[side].isInsideFrame, at });
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.happen({ type: 'malformed', side, because: error.message, at });
    }
    this.toClient.send();
    this.toHlr?.send();
    this.balance();
  }

  private fromClient(frame: Uint8Array, at: number): void {
    const message = gsupOf(frame);
    if (message?.[0] === CHECK_IMEI.request) {
      this.checkImei(message, at);
      return;
    }
    if (!this.state.isIdentified && frame[2] === IPA.ccm) {
      const name = routingNameOf(frame.subarray(HEADER_LENGTH));
      if (name !== undefined) {
        this.peer = name;
        this.happen({ type: 'identified', at });
      }
    }
    this.toHlr?.put(frame);
  }

  private checkImei(message: Uint8Array, at: number): void {
    const { outcome, imsi, toClient, toHlr } = judge(message, this.peer, this.options);
    const { counts } = this.options;
    counts[outcome] += 1;
    if (toClient !== undefined) this.toClient.put(gsupFrame(toClient));
    if (toHlr === undefined) return;
    if (toClient === undefined) {
      if (imsi !== undefined && this.options.alsoStore) this.awaited.clients(imsi, at);
    } else {
      if (imsi === undefined || !this.awaited.ours(imsi, at)) return;
      counts.stored += 1;
    }
    this.toHlr?.put(gsupFrame(toHlr));
  }

  private fromHlr(frame: Uint8Array, at: number): void {
    const message = gsupOf(frame);
    const imsi = message && checkImeiImsi(message);
    if (imsi !== undefined && this.awaited.answered(imsi, at)) this.options.counts.swallowed += 1;
    else this.toClient.put(frame);
  }

  /** Back-pressure: a side is not read while what it causes cannot go out. */
  private balance(): void {
    if (this.state.phase !== 'relaying' && this.state.phase !== 'draining') return;
    const isClientFull = this.toClient.unsent > MOST_UNSENT;
    const isHlrFull = (this.toHlr?.unsent ?? 0) > MOST_UNSENT;
    this.pace('client', isClientFull || isHlrFull || this.state.phase === 'draining');
    this.pace('hlr', isClientFull);
  }

  private pace(side: Side, isPaused: boolean): void {
    const socket = this[side];
    if (socket === undefined || socket.isPaused() === isPaused) return;
    if (isPaused) socket.pause();
    else socket.resume();
    this.happen({ type: isPaused ? 'paused' : 'resumed', side, at: this.options.clock.now() });
  }
}
