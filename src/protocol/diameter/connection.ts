import type { Clock, Random } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { admission, type KnownPeers, type Link } from './admission.ts';
import {
  capabilitiesAnswer,
  disconnectAnswer,
  disconnectRequest,
  echoOf,
  errorAnswer,
  headerFault,
  type Identifiers,
  watchdogAnswer,
  watchdogRequest,
} from './answer.ts';
import { type Avp, AvpFault, readAvps } from './avp.ts';
import { CER, DPR, DWR } from './command.ts';
import { APPLICATION, COMMAND, DISCONNECT_CAUSE } from './dictionary.ts';
import type { Grammar } from './grammar.ts';
import { FLAG, HEADER_LENGTH, type Header, headerAt } from './header.ts';
import type { LocalNode } from './local-node.ts';
import { MessageStream, type StreamFault } from './message-stream.ts';
import type { OctetSink } from './octet-sink.ts';
import {
  FIRST_PEER_STATE,
  isAnswering,
  nextPeerTick,
  type PeerAction,
  type PeerEvent,
  type PeerState,
  type PeerTimes,
  peerStep,
} from './peer-state.ts';
import { RESULT, resultCodeName } from './result-code.ts';
import type { S13, S13Peer } from './s13.ts';

/** Sees every message that is read or sent: for a trace. The octets are its own. */
export type MessageWatcher = (direction: 'sent' | 'received', octets: Uint8Array, link: Link) => void;

/** How much is held for one connection. */
export interface ConnectionLimits {
  /** Octets of one message. */
  readonly longestMessage: number;
  /** AVPs of one message, those inside grouped ones too. */
  readonly mostAvps: number;
}

/** What all connections of a listener share. */
export interface Shared {
  readonly node: LocalNode;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly times: PeerTimes;
  readonly limits: ConnectionLimits;
  readonly peers: KnownPeers;
  readonly s13: S13;
  /** Answers of the chunk being read; empty between two chunks. */
  readonly sink: OctetSink;
  /** Connections of peers that are let in, by their DiameterIdentity in lower case. */
  readonly open: Map<string, Connection>;
  readonly watch: MessageWatcher | undefined;
  /** A peer came, was refused, or went. */
  onPeer(event: PeerNews): void;
}

/** A peer came, was refused, or went. */
export interface PeerNews {
  readonly type: 'opened' | 'refused' | 'left';
  /** As the peer calls itself; empty when its CER could not be read. */
  readonly originHost: string;
  readonly address: string;
  readonly because: string;
}

/** What a connection does to its socket. */
export interface Transport {
  write(octets: Uint8Array): void;
  /** Forced: what was not written is given up. */
  end(isForced: boolean): void;
}

const MOST_COLLECTED = 256 * 1024;
const MOST_DEPTH = 4;

/** Runs one connection: cuts messages, answers them, feeds `peerStep` and does its actions. Knows no socket. */
export class Connection {
  private state: PeerState = FIRST_PEER_STATE;
  private readonly shared: Shared;
  private readonly link: Link;
  private readonly transport: Transport;
  private readonly stream: MessageStream;
  private peer: S13Peer | undefined;
  /** Origin-State-Id of the peer's CER. */
  private originStateId: number | undefined;
  private isInChunk = false;
  private messages = 0;
  private nowSeconds = 0;
  private heardAt = 0;
  /** The state after whole messages were heard at `heardAt`. */
  private heardState: PeerState | undefined;
  private identifiers: Identifiers;
  private timerAt = Number.POSITIVE_INFINITY;
  private stopTimer: () => void = () => {};

  constructor(shared: Shared, link: Link, transport: Transport) {
    this.shared = shared;
    this.link = link;
    this.transport = transport;
    this.stream = new MessageStream(shared.limits.longestMessage);
    const view = new DataView(shared.random.octets(8).slice().buffer);
    // RFC 6733 3: low bits of the time in the high 12 bits, so that a restart does not repeat identifiers.
    const seconds = Math.floor(shared.clock.now() / 1000);
    this.identifiers = { hopByHop: view.getUint32(0), endToEnd: ((seconds << 20) | (view.getUint32(4) >>> 12)) >>> 0 };
    this.happen({ type: 'connected', twMs: this.drawnTw() });
  }

  /** The peer that was let in, as the configuration names it. */
  get peerName(): string | undefined {
    return this.peer?.originHost;
  }

  /** Takes octets as they come: every answer to them goes out in one write, or a few when they are very many. */
  take(chunk: Uint8Array): void {
    const { phase } = this.state;
    if (phase === 'disconnecting' || phase === 'closed') return;
    this.isInChunk = true;
    this.messages = 0;
    const now = this.shared.clock.now();
    this.nowSeconds = Math.floor(now / 1000);
    try {
      const fault = this.stream.push(chunk, this.takeMessage);
      if (fault !== undefined) this.unreadable(fault);
    } finally {
      this.flush();
      this.isInChunk = false;
    }
    this.heard(now);
  }

  /** Whole messages heard again in the same millisecond change nothing, and a busy connection has many such chunks. */
  private heard(now: number): void {
    const isHalf = this.stream.half > 0;
    const isPlain = this.messages > 0 && !isHalf;
    if (isPlain && now === this.heardAt && this.state === this.heardState) return;
    this.happen({ type: 'heard', messages: this.messages, isHalf });
    this.heardAt = now;
    this.heardState = isPlain ? this.state : undefined;
  }

  /** The peer leaves too much unread, so that nothing is read from it; or it reads again. */
  flow(isStalled: boolean): void {
    this.happen(isStalled ? { type: 'stalled' } : { type: 'flowing', isHalf: this.stream.half > 0 });
  }

  /** Something happens to this connection. */
  happen(event: PeerEvent): void {
    const { state, actions } = peerStep(this.shared.times, this.state, event, this.shared.clock.now());
    this.state = state;
    for (const action of actions) this.act(action);
    this.keepTimer();
  }

  private readonly takeMessage = (octets: Uint8Array, start: number, end: number): boolean => {
    const { s13, sink, watch } = this.shared;
    this.messages++;
    watch?.('received', octets.slice(start, end), this.link);
    const before = sink.length;
    const isUsual =
      this.peer !== undefined &&
      isAnswering(this.state) &&
      s13.answerUsual(octets, start, end, this.peer, this.nowSeconds, sink);
    if (!isUsual) this.unusual(octets, start, end);
    else if (watch !== undefined) watch('sent', sink.octets.slice(before, sink.length), this.link);
    if (sink.length > MOST_COLLECTED) this.flush();
    return this.state.phase !== 'disconnecting';
  };

  private unusual(octets: Uint8Array, start: number, end: number): void {
    const header = headerAt(octets, start);
    if ((header.flags & FLAG.R) === 0) this.answered(header);
    else if (header.application === APPLICATION.COMMON && header.command === COMMAND.CAPABILITIES_EXCHANGE)
      this.capabilities(octets, start, end, header);
    else if (isAnswering(this.state)) this.request(octets, start, end, header);
    else this.happen({ type: 'request' });
  }

  /** An answer to a request of ours; any other has nothing to answer and is dropped (RFC 6733 6.2.1). */
  private answered({ application, command }: Header): void {
    if (application === APPLICATION.COMMON && command === COMMAND.DEVICE_WATCHDOG) this.happen({ type: 'DWA' });
    else if (application === APPLICATION.COMMON && command === COMMAND.DISCONNECT_PEER) this.happen({ type: 'DPA' });
  }

  private capabilities(octets: Uint8Array, start: number, end: number, request: Header): void {
    const cer = headerFault(request) ?? this.bodyOf(CER, octets, start, end);
    let judged = cer instanceof AvpFault ? cer : admission(cer, this.shared.peers, this.link);
    if (!(cer instanceof AvpFault) && !(judged instanceof AvpFault)) {
      judged = this.faultOfRival(judged, cer['Origin-State-Id']) ?? judged;
      if (this.peer === undefined) this.originStateId = cer['Origin-State-Id'];
      else if (judged !== this.peer) judged = new AvpFault(RESULT.UNKNOWN_PEER, undefined, 'another peer than before');
    }
    if (judged instanceof AvpFault) {
      const originHost = cer instanceof AvpFault ? '' : cer['Origin-Host'];
      this.tell('refused', `${resultCodeName(judged.resultCode)}: ${judged.problem}`, originHost);
    }
    this.happen({ type: 'CER', request, admission: judged });
  }

  /**
   * One connection for each peer (RFC 6733 5.6, R-Reject). The older one gives way when its peer has restarted or it does not answer;
   * otherwise it is asked whether it still lives, and the peer comes in when it tries again.
   */
  private faultOfRival(peer: S13Peer, originStateId: number | undefined): AvpFault | undefined {
    const rival = this.shared.open.get(peer.originHost.toLowerCase());
    if (rival === undefined || rival === this) return undefined;
    if (rival.state.isSuspect || rival.originStateId !== originStateId) {
      rival.transport.end(true);
      rival.happen({ type: 'disconnected' });
      return undefined;
    }
    rival.happen({ type: 'rival' });
    return new AvpFault(RESULT.UNABLE_TO_COMPLY, undefined, 'this Origin-Host is connected already');
  }

  private request(octets: Uint8Array, start: number, end: number, request: Header): void {
    const { application, command } = request;
    const fault = headerFault(request) ?? this.faultOfApplication(application, command);
    if (fault !== undefined) this.refuse(request, fault, octets, start, end);
    else if (application === APPLICATION.S13) this.s13(octets, start, end);
    else if (command === COMMAND.DEVICE_WATCHDOG) this.base('DWR', DWR, octets, start, end, request);
    else this.base('DPR', DPR, octets, start, end, request);
  }

  private faultOfApplication(application: number, command: number): AvpFault | undefined {
    if (application === APPLICATION.S13) return undefined;
    if (application !== APPLICATION.COMMON)
      return new AvpFault(RESULT.APPLICATION_UNSUPPORTED, undefined, `expected application ${APPLICATION.S13} (S13)`);
    if (command === COMMAND.DEVICE_WATCHDOG || command === COMMAND.DISCONNECT_PEER) return undefined;
    return new AvpFault(RESULT.COMMAND_UNSUPPORTED, undefined, `command ${command} is not known`);
  }

  private s13(octets: Uint8Array, start: number, end: number): void {
    const { s13, sink, watch } = this.shared;
    const before = sink.length;
    // Requests are read only when a peer was let in.
    s13.answer(octets, start, end, this.peer as S13Peer, this.nowSeconds, sink);
    watch?.('sent', sink.octets.slice(before, sink.length), this.link);
  }

  private base(
    type: 'DWR' | 'DPR',
    grammar: Grammar<unknown>,
    octets: Uint8Array,
    start: number,
    end: number,
    request: Header,
  ): void {
    const body = this.bodyOf(grammar, octets, start, end);
    if (body instanceof AvpFault) this.refuse(request, body, octets, start, end);
    else this.happen({ type, request });
  }

  private bodyOf<T>(grammar: Grammar<T>, octets: Uint8Array, start: number, end: number): T | AvpFault {
    const avps: Avp[] = [];
    const budget = { avps: this.shared.limits.mostAvps, depth: MOST_DEPTH };
    return readAvps(octets, start + HEADER_LENGTH, end, budget, avps) ?? grammar.read(avps, budget);
  }

  private refuse(request: Header, fault: AvpFault, octets: Uint8Array, start: number, end: number): void {
    const avps: Avp[] = [];
    readAvps(octets, start + HEADER_LENGTH, end, { avps: this.shared.limits.mostAvps, depth: MOST_DEPTH }, avps);
    this.send(errorAnswer(this.shared.node, request, fault, echoOf(avps)));
  }

  /** A length that cannot be: who is let in is told (RFC 6733 7.1.5), and nothing more is read. */
  private unreadable({ header, length, isRequest }: StreamFault): void {
    const problem = `expected a length of ${HEADER_LENGTH} to ${this.shared.limits.longestMessage} in fours, got ${length}`;
    if (isRequest && isAnswering(this.state))
      this.refuse(headerAt(header), new AvpFault(RESULT.INVALID_MESSAGE_LENGTH, undefined, problem), header, 0, 0);
    this.happen({ type: 'unreadable' });
  }

  private act(action: PeerAction): void {
    const { node } = this.shared;
    switch (action.type) {
      case 'CEA':
        this.answerCapabilities(action.request, action.admission);
        break;
      case 'DWA':
        this.send(watchdogAnswer(node, action.request));
        break;
      case 'DPA':
        this.send(disconnectAnswer(node, action.request));
        break;
      case 'DWR':
        this.send(watchdogRequest(node, this.nextIdentifiers()));
        break;
      case 'DPR':
        this.send(disconnectRequest(node, DISCONNECT_CAUSE.REBOOTING, this.nextIdentifiers()));
        break;
      case 'opened':
        this.peer = action.peer;
        this.shared.open.set(action.peer.originHost.toLowerCase(), this);
        this.tell('opened', 'capabilities exchanged');
        break;
      case 'left':
        this.left(action.because);
        break;
      case 'disconnect':
        this.flush();
        this.transport.end(action.isForced);
        break;
    }
  }

  private answerCapabilities(request: Header, judged: S13Peer | AvpFault): void {
    const isRefused = judged instanceof AvpFault;
    const isRelay = !isRefused && judged.isLenient;
    this.send(capabilitiesAnswer(this.shared.node, request, isRelay, isRefused ? judged : undefined));
  }

  private left(because: string): void {
    const { open } = this.shared;
    const key = this.peer?.originHost.toLowerCase() ?? '';
    if (open.get(key) === this) open.delete(key);
    this.tell('left', because);
  }

  private tell(type: PeerNews['type'], because: string, originHost = this.peer?.originHost ?? ''): void {
    this.shared.onPeer({ type, originHost, address: this.link.address, because });
  }

  private nextIdentifiers(): Identifiers {
    const { hopByHop, endToEnd } = this.identifiers;
    this.identifiers = { hopByHop: (hopByHop + 1) >>> 0, endToEnd: (endToEnd + 1) >>> 0 };
    return this.identifiers;
  }

  /** Inside a chunk a message waits its turn behind the answers that are collected. */
  private send(octets: Uint8Array): void {
    this.shared.watch?.('sent', octets, this.link);
    if (this.isInChunk) this.shared.sink.put(octets);
    else this.transport.write(octets);
  }

  private flush(): void {
    if (this.isInChunk && this.shared.sink.length > 0) this.transport.write(this.shared.sink.taken());
  }

  private drawnTw(): number {
    const { watchdogMs, jitterMs } = this.shared.times;
    const [high = 0, low = 0] = this.shared.random.octets(2);
    return watchdogMs + jitterMs * ((high * 256 + low) / 0x8000 - 1);
  }

  /** One timer, set anew only when something falls due earlier: one that rings too soon just looks and is set again. */
  private keepTimer(): void {
    const next = nextPeerTick(this.state);
    if (this.state.phase === 'closed') this.stopTimer();
    if (next >= this.timerAt) return;
    this.stopTimer();
    this.timerAt = next;
    this.stopTimer = this.shared.scheduler.after(Math.max(0, next - this.shared.clock.now()), () => {
      this.timerAt = Number.POSITIVE_INFINITY;
      this.happen({ type: 'tick', twMs: this.drawnTw() });
    });
  }
}
