import { AvpFault } from './avp.ts';
import type { Header } from './header.ts';
import type { S13Peer } from './s13.ts';

/** Times of a connection in milliseconds. */
export interface PeerTimes {
  /** From the connection to a CER that lets the peer in. */
  readonly capabilitiesMs: number;
  /** Tw of RFC 3539 3.4.1: silence before a DWR; at least 6 s in service. */
  readonly watchdogMs: number;
  /** Tw varies by so much, up and down, so that peers do not ask in step. */
  readonly jitterMs: number;
  /** How long a peer has to answer when another connection claims to be it. */
  readonly probeMs: number;
  /** From our DPR to the DPA, from our DPA to the end of the connection, and for octets to go out before it. */
  readonly disconnectMs: number;
  /** From the first octet of a message to its last. */
  readonly messageMs: number;
  /** How long a peer may leave its answers unread. */
  readonly stallMs: number;
}

/** Times that suit a link between core networks. */
export const PEER_TIMES: PeerTimes = {
  capabilitiesMs: 10_000,
  watchdogMs: 30_000,
  jitterMs: 2_000,
  probeMs: 5_000,
  disconnectMs: 5_000,
  messageMs: 10_000,
  stallMs: 20_000,
};

/**
 * A connection between two events. Phases, with the states of RFC 6733 5.6 for the side that is connected to: `connected` (Closed, the CER
 * is awaited), `open` (R-Open), `closing` (Closing: our DPR is out), `leaving` (the peer sent its DPR and has our DPA), `disconnecting`
 * (what was written goes out), `closed`. Times are milliseconds of the Clock; Infinity is never.
 */
export interface PeerState {
  readonly phase: 'connected' | 'open' | 'closing' | 'leaving' | 'disconnecting' | 'closed';
  /** Two Tw without an answer to a DWR (RFC 3539 3.4.1, SUSPECT). */
  readonly isSuspect: boolean;
  /** A DWR is out. */
  readonly isPending: boolean;
  /** Tw as it was drawn last. */
  readonly twMs: number;
  readonly watchdogAt: number;
  readonly phaseEndsBy: number;
  readonly probeEndsBy: number;
  readonly messageEndsBy: number;
  readonly stallEndsBy: number;
}

/** What happens to a connection. `twMs` is a newly drawn Tw. */
export type PeerEvent =
  | { readonly type: 'connected'; readonly twMs: number }
  | { readonly type: 'disconnected' }
  /** A CER: the peer it lets in, or why it does not. */
  | { readonly type: 'CER'; readonly request: Header; readonly admission: S13Peer | AvpFault }
  | { readonly type: 'DWR'; readonly request: Header }
  | { readonly type: 'DWA' }
  | { readonly type: 'DPR'; readonly request: Header }
  | { readonly type: 'DPA' }
  /** A request that is not one of these, or cannot be read. */
  | { readonly type: 'request' }
  /** The octets no longer make messages. */
  | { readonly type: 'unreadable' }
  /** A chunk has been read: so many whole messages, and whether the start of another one. */
  | { readonly type: 'heard'; readonly messages: number; readonly isHalf: boolean }
  /** The peer leaves too much unread, so nothing is read from it; it reads again. */
  | { readonly type: 'stalled' }
  | { readonly type: 'flowing'; readonly isHalf: boolean }
  /** Another connection claims to be this peer. */
  | { readonly type: 'rival' }
  /** This node is to stop. */
  | { readonly type: 'drain' }
  | { readonly type: 'tick'; readonly twMs: number };

/** What is to be done. */
export type PeerAction =
  | { readonly type: 'CEA'; readonly request: Header; readonly admission: S13Peer | AvpFault }
  | { readonly type: 'DWA'; readonly request: Header }
  | { readonly type: 'DPA'; readonly request: Header }
  | { readonly type: 'DWR' }
  | { readonly type: 'DPR' }
  | { readonly type: 'opened'; readonly peer: S13Peer }
  /** The peer is no longer connected; said once after `opened`. */
  | { readonly type: 'left'; readonly because: string }
  /** Forced: what could not be written until now is given up. */
  | { readonly type: 'disconnect'; readonly isForced: boolean };

const NEVER = Number.POSITIVE_INFINITY;

/** A connection before its first event. */
export const FIRST_PEER_STATE: PeerState = {
  phase: 'connected',
  isSuspect: false,
  isPending: false,
  twMs: 0,
  watchdogAt: NEVER,
  phaseEndsBy: NEVER,
  probeEndsBy: NEVER,
  messageEndsBy: NEVER,
  stallEndsBy: NEVER,
};

/** Whether requests are answered: also after our own DPR, because the peer may have sent them before it read that. */
export function isAnswering({ phase }: PeerState): boolean {
  return phase === 'open' || phase === 'closing';
}

interface Step {
  readonly state: PeerState;
  readonly actions: readonly PeerAction[];
}

const stay = (state: PeerState): Step => ({ state, actions: [] });

/** The connection ends; `first` goes out before. */
function ended(
  times: PeerTimes,
  state: PeerState,
  now: number,
  because: string,
  isForced: boolean,
  ...first: readonly PeerAction[]
): Step {
  if (state.phase === 'disconnecting' && !isForced) return stay(state);
  const left: readonly PeerAction[] = state.phase === 'open' ? [{ type: 'left', because }] : [];
  return {
    state: { ...FIRST_PEER_STATE, phase: 'disconnecting', phaseEndsBy: isForced ? NEVER : now + times.disconnectMs },
    actions: [...first, ...left, { type: 'disconnect', isForced }],
  };
}

function capabilities(
  times: PeerTimes,
  state: PeerState,
  { request, admission }: Extract<PeerEvent, { type: 'CER' }>,
  now: number,
): Step {
  const answer = { type: 'CEA', request, admission } as const;
  if (admission instanceof AvpFault)
    return ended(times, state, now, `capabilities exchange: ${admission.problem}`, false, answer);
  // A second CER of the same peer on its own connection changes nothing (RFC 6733 5.3: capabilities are not renegotiated).
  if (state.phase !== 'connected') return { state, actions: [answer] };
  return {
    state: { ...state, phase: 'open', phaseEndsBy: NEVER, watchdogAt: now + state.twMs },
    actions: [answer, { type: 'opened', peer: admission }],
  };
}

/** RFC 3539 3.4.1: Tw ran out. */
function watchdog(times: PeerTimes, state: PeerState, now: number, twMs: number): Step {
  const watchdogAt = now + twMs;
  if (state.isSuspect) return ended(times, state, now, 'no answer to the watchdog', true);
  if (state.isPending) return stay({ ...state, isSuspect: true, twMs, watchdogAt });
  return { state: { ...state, isPending: true, twMs, watchdogAt }, actions: [{ type: 'DWR' }] };
}

function tick(times: PeerTimes, state: PeerState, now: number, twMs: number): Step {
  if (state.phaseEndsBy <= now)
    return state.phase === 'connected'
      ? ended(times, state, now, 'no CER in time', false)
      : ended(times, state, now, 'no end of the connection in time', true);
  if (state.messageEndsBy <= now) return ended(times, state, now, 'half a message, and no more in time', true);
  if (state.stallEndsBy <= now) return ended(times, state, now, 'answers are not read', true);
  if (state.probeEndsBy <= now) return ended(times, state, now, 'another connection is this peer', true);
  return state.phase === 'open' && state.watchdogAt <= now ? watchdog(times, state, now, twMs) : stay(state);
}

function heard(times: PeerTimes, state: PeerState, messages: number, isHalf: boolean, now: number): Step {
  const isNewHalf = messages > 0 || state.messageEndsBy === NEVER;
  const isStalled = state.stallEndsBy !== NEVER;
  const messageEndsBy = !isHalf || isStalled ? NEVER : isNewHalf ? now + times.messageMs : state.messageEndsBy;
  // Octets that make no message are no sign of life.
  if (messages === 0 || state.phase !== 'open') return stay({ ...state, messageEndsBy });
  return stay({ ...state, messageEndsBy, isSuspect: false, watchdogAt: now + state.twMs });
}

function rival(times: PeerTimes, state: PeerState, now: number): Step {
  if (state.phase !== 'open' || state.probeEndsBy !== NEVER) return stay(state);
  return { state: { ...state, isPending: true, probeEndsBy: now + times.probeMs }, actions: [{ type: 'DWR' }] };
}

function drain(times: PeerTimes, state: PeerState, now: number): Step {
  if (state.phase === 'connected') return ended(times, state, now, 'this node stops', false);
  if (state.phase !== 'open') return stay(state);
  const closing = { ...state, phase: 'closing', phaseEndsBy: now + times.disconnectMs, probeEndsBy: NEVER } as const;
  return { state: closing, actions: [{ type: 'DPR' }, { type: 'left', because: 'this node stops' }] };
}

function leave(times: PeerTimes, state: PeerState, request: Header, now: number): Step {
  const leaving = { ...state, phase: 'leaving', phaseEndsBy: now + times.disconnectMs, probeEndsBy: NEVER } as const;
  const left: readonly PeerAction[] =
    state.phase === 'open' ? [{ type: 'left', because: 'the peer disconnects (DPR)' }] : [];
  return { state: leaving, actions: [{ type: 'DPA', request }, ...left] };
}

function received(times: PeerTimes, state: PeerState, event: PeerEvent, now: number): Step {
  if (state.phase === 'leaving' || state.phase === 'disconnecting') return stay(state);
  if (event.type === 'CER') return capabilities(times, state, event, now);
  // Nothing comes before the CER (RFC 6733 5.6).
  if (state.phase === 'connected') return ended(times, state, now, 'expected a CER first', false);
  switch (event.type) {
    case 'DWR':
      return { state, actions: [{ type: 'DWA', request: event.request }] };
    case 'DWA':
      return stay({ ...state, isPending: false, probeEndsBy: NEVER });
    case 'DPR':
      return leave(times, state, event.request, now);
    case 'DPA':
      return state.phase === 'closing' ? ended(times, state, now, 'this node stops', false) : stay(state);
    default:
      return stay(state);
  }
}

/** One event happens to a connection at `now` (milliseconds of the Clock): its next state, and what is to be done. Pure. */
export function peerStep(times: PeerTimes, state: PeerState, event: PeerEvent, now: number): Step {
  if (state.phase === 'closed') return stay(state);
  switch (event.type) {
    case 'connected':
      return stay({ ...state, twMs: event.twMs, phaseEndsBy: now + times.capabilitiesMs });
    case 'disconnected': {
      const because = 'the connection is gone';
      const actions: readonly PeerAction[] = state.phase === 'open' ? [{ type: 'left', because }] : [];
      return { state: { ...FIRST_PEER_STATE, phase: 'closed' }, actions };
    }
    case 'heard':
      return heard(times, state, event.messages, event.isHalf, now);
    case 'unreadable':
      return ended(times, state, now, 'a message length that cannot be', false);
    case 'stalled':
      // The rest of a message may have come: as long as nothing is read, its time does not run.
      return stay({
        ...state,
        messageEndsBy: NEVER,
        stallEndsBy: Math.min(state.stallEndsBy, now + times.stallMs),
      });
    case 'flowing':
      if (state.stallEndsBy === NEVER) return stay(state);
      return heard(times, { ...state, stallEndsBy: NEVER }, 0, event.isHalf, now);
    case 'rival':
      return rival(times, state, now);
    case 'drain':
      return drain(times, state, now);
    case 'tick':
      return tick(times, state, now, event.twMs);
    default:
      return received(times, state, event, now);
  }
}

/** When a connection next wants a `tick`, in milliseconds of the Clock; Infinity when only others can move it. */
export function nextPeerTick(state: PeerState): number {
  const { phaseEndsBy, probeEndsBy, messageEndsBy, stallEndsBy } = state;
  const watchdogAt = state.phase === 'open' ? state.watchdogAt : NEVER;
  return Math.min(phaseEndsBy, probeEndsBy, messageEndsBy, stallEndsBy, watchdogAt);
}
