/** The two ends of a link. */
export type Side = 'client' | 'hlr';

/** Times and their meaning, in milliseconds. */
export interface LinkTimes {
  /** How long a client is kept waiting while the HLR cannot be reached. */
  readonly patienceMs: number;
  /** How long a client may take to say who it is (ID_RESP). */
  readonly identityMs: number;
  /** How long a side may be silent, or take nothing of what waits for it. GSUP clients ping every 20 s. */
  readonly idleMs: number;
  /** How long a frame may be unfinished. */
  readonly frameMs: number;
  /** How long the HLR must be silent before a draining link is closed. */
  readonly quietMs: number;
  /** How long a link drains at most, and then how long its last octets may take to go out. */
  readonly drainMs: number;
}

/** Times that suit libosmo-gsup-client and osmo-hlr. */
export const LINK_TIMES: LinkTimes = {
  patienceMs: 5000,
  identityMs: 10_000,
  idleMs: 60_000,
  frameMs: 10_000,
  quietMs: 300,
  drainMs: 3000,
};

/** What is known of one end; times in milliseconds. */
interface SideState {
  readonly heardAt: number;
  /** Since when a frame is unfinished. */
  readonly frameSince: number | undefined;
  /** Since when nothing more is read from it, because the other end does not take it. */
  readonly pausedSince: number | undefined;
}

/** One client and its connection to the HLR. */
export interface LinkState {
  readonly phase: 'dialling' | 'relaying' | 'draining' | 'closing';
  /** When the phase began. */
  readonly since: number;
  /** Dials that failed. */
  readonly attempt: number;
  readonly because: string;
  readonly isIdentified: boolean;
  readonly client: SideState;
  readonly hlr: SideState;
}

/** What happens to a link; `at` in milliseconds. */
export type LinkEvent = { readonly at: number } & (
  | { readonly type: 'dialled' | 'identified' | 'drain' | 'tick' }
  | { readonly type: 'dial failed'; readonly because: string }
  /** Octets came, `frames` whole frames among them. */
  | { readonly type: 'heard'; readonly side: Side; readonly frames: number; readonly isInsideFrame: boolean }
  | { readonly type: 'paused' | 'resumed' | 'ended'; readonly side: Side }
  | { readonly type: 'malformed'; readonly side: Side; readonly because: string }
);

/** What is to be done. `dial` 0 at once, later ones after their pause; `close` sends what was written, `destroy` does not. */
export type LinkAction =
  | { readonly type: 'dial'; readonly attempt: number }
  | { readonly type: 'relay' | 'stop reading the client' | 'destroy' }
  | { readonly type: 'close'; readonly because: string };

/** The next state and what is to be done. */
export interface LinkStep {
  readonly state: LinkState;
  readonly actions: readonly LinkAction[];
}

/** A client has connected at `at`: its connection to the HLR is dialled. */
export function firstStep(at: number): LinkStep {
  const side: SideState = { heardAt: at, frameSince: undefined, pausedSince: undefined };
  const begin = { attempt: 0, because: 'not tried', isIdentified: false, client: side, hlr: side };
  return { state: { phase: 'dialling', since: at, ...begin }, actions: [{ type: 'dial', attempt: 0 }] };
}

const keep = (state: LinkState): LinkStep => ({ state, actions: [] });
const close = (state: LinkState, at: number, because: string): LinkStep => ({
  state: { ...state, phase: 'closing', since: at },
  actions: [{ type: 'close', because }],
});

/** One step of a link. */
export function step(state: LinkState, event: LinkEvent, times: LinkTimes): LinkStep {
  const { at } = event;
  if (event.type === 'tick') return tick(state, at, times);
  if (state.phase === 'closing') return keep(state);
  if (event.type === 'malformed') return close(state, at, `malformed frame from the ${event.side}: ${event.because}`);
  if (event.type === 'ended') return close(state, at, `the ${event.side} closed the connection`);
  if (state.phase === 'dialling') return dialling(state, event);
  switch (event.type) {
    case 'heard':
    case 'paused':
    case 'resumed':
      return keep({ ...state, [event.side]: sideAfter(state[event.side], event) });
    case 'identified':
      return keep({ ...state, isIdentified: true });
    case 'drain':
      if (state.phase === 'draining') return keep(state);
      return {
        state: { ...state, phase: 'draining', since: at },
        actions: [{ type: 'stop reading the client' }],
      };
    default:
      return keep(state);
  }
}

function dialling(state: LinkState, event: LinkEvent): LinkStep {
  const { at } = event;
  switch (event.type) {
    case 'dialled': {
      const side: SideState = { heardAt: at, frameSince: undefined, pausedSince: undefined };
      const relaying: LinkState = { ...state, phase: 'relaying', since: at, client: side, hlr: side };
      return { state: relaying, actions: [{ type: 'relay' }] };
    }
    case 'dial failed': {
      const attempt = state.attempt + 1;
      return { state: { ...state, attempt, because: event.because }, actions: [{ type: 'dial', attempt }] };
    }
    case 'drain':
      return close(state, at, 'the register is closing');
    default:
      return keep(state);
  }
}

function sideAfter(side: SideState, event: LinkEvent): SideState {
  const { at } = event;
  switch (event.type) {
    case 'heard': {
      // A frame that comes octet by octet is judged from its first one.
      const isSameFrame = event.frames === 0 && side.frameSince !== undefined;
      return {
        ...side,
        heardAt: at,
        frameSince: event.isInsideFrame ? (isSameFrame ? side.frameSince : at) : undefined,
      };
    }
    case 'paused':
      return { ...side, pausedSince: side.pausedSince ?? at };
    default:
      // What was not read was not late.
      return { heardAt: at, frameSince: side.frameSince === undefined ? undefined : at, pausedSince: undefined };
  }
}

interface Deadline {
  readonly at: number;
  readonly because: string;
}

function sideDeadlines(name: Side, side: SideState, times: LinkTimes): readonly Deadline[] {
  if (side.pausedSince !== undefined) {
    const other = name === 'client' ? 'hlr' : 'client';
    return [{ at: side.pausedSince + times.idleMs, because: `the ${other} does not read` }];
  }
  const idle = { at: side.heardAt + times.idleMs, because: `nothing heard from the ${name} for ${times.idleMs} ms` };
  if (side.frameSince === undefined) return [idle];
  const frame = {
    at: side.frameSince + times.frameMs,
    because: `half a frame from the ${name} for ${times.frameMs} ms`,
  };
  return [idle, frame];
}

function deadlines(state: LinkState, times: LinkTimes): readonly Deadline[] {
  const { phase, since, client, hlr } = state;
  switch (phase) {
    case 'dialling':
      return [{ at: since + times.patienceMs, because: `the HLR is not reached (${state.because}); is it running?` }];
    case 'relaying': {
      const both = [...sideDeadlines('hlr', hlr, times), ...sideDeadlines('client', client, times)];
      const unnamed = `no ID_RESP with a routing name within ${times.identityMs} ms`;
      return state.isIdentified ? both : [...both, { at: since + times.identityMs, because: unnamed }];
    }
    case 'draining': {
      const quiet = Math.max(since, hlr.heardAt) + times.quietMs;
      return [{ at: Math.min(quiet, since + times.drainMs), because: 'the register is closing' }];
    }
    case 'closing':
      return [{ at: since + times.drainMs, because: 'closed' }];
  }
}

const earliest = (state: LinkState, times: LinkTimes): Deadline =>
  deadlines(state, times).reduce((first, one) => (one.at < first.at ? one : first));

/** When the link wants its next tick, in milliseconds as events have them. */
export function nextTick(state: LinkState, times: LinkTimes): number {
  return earliest(state, times).at;
}

function tick(state: LinkState, at: number, times: LinkTimes): LinkStep {
  const { at: due, because } = earliest(state, times);
  if (at < due) return keep(state);
  if (state.phase === 'closing') return { state, actions: [{ type: 'destroy' }] };
  return close(state, at, because);
}
