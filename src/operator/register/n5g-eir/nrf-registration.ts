/** Where a registration stands. Between `waiting` and `registered` only time passes; in the others an answer is awaited. */
export type NrfPhase = 'idle' | 'waiting' | 'registering' | 'registered' | 'beating' | 'deregistering' | 'stopped';

/** The state of a registration with one of some NRFs (TS 29.510 5.2.2.2 to 5.2.2.4). */
export interface NrfState {
  readonly phase: NrfPhase;
  /** The NRFs we were given, the one to try next first. */
  readonly apiRoots: readonly string[];
  /** Where requests go: the first of them, or where that sent us. */
  readonly apiRoot: string;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  /** Redirections since the last answer that was none. */
  readonly redirections: number;
  /** Milliseconds between heartbeats. */
  readonly beatMs: number;
  /** A stop came while an answer was awaited. */
  readonly isStopping: boolean;
}

/** What happens to a registration. */
export type NrfEvent =
  | { readonly type: 'start' }
  | { readonly type: 'time' }
  | { readonly type: 'stop' }
  | { readonly type: 'failed'; readonly because: string }
  | {
      readonly type: 'answered';
      readonly status: number;
      /** The apiRoot of the answer's Location, when it names our profile. */
      readonly apiRoot?: string | undefined;
      /** Seconds, from the profile in the answer. */
      readonly heartBeatTimer?: number | undefined;
      readonly retryAfterSeconds?: number | undefined;
    };

/** What is to be done. `wait` ends in a `time` event; `retry` too, after a pause that grows with `attempt` and is at least `leastMs`. */
export type NrfAction =
  | { readonly do: 'register' | 'beat' | 'deregister'; readonly apiRoot: string }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'retry'; readonly attempt: number; readonly leastMs: number; readonly mostMs: number }
  | { readonly do: 'stop waiting' }
  | { readonly do: 'tell'; readonly state: 'registered' | 'not registered' | 'stopped'; readonly because: string };

/** The next state and what is to be done. */
export type NrfStep = readonly [NrfState, readonly NrfAction[]];

type Answered = Extract<NrfEvent, { type: 'answered' }>;

/** One heartbeat may be lost, and the next still comes within a timer: an NRF forgets us after two (Open5GS), or sooner. */
const BEATS_PER_TIMER = 2.5;
const DEFAULT_TIMER_SECONDS = 10;
const LONGEST_TIMER_SECONDS = 3600;
const MOST_REDIRECTIONS = 3;
/** Heartbeats that may fail before we register anew, with the next NRF. */
const MOST_LOST_BEATS = 3;
const LONGEST_PAUSE_MS = 300_000;

/** A registration that was not begun. `apiRoots`: at least one, the preferred first. */
export function notRegistered(apiRoots: readonly string[]): NrfState {
  const [first] = apiRoots;
  if (first === undefined) throw new Error('expected the apiRoot of an NRF, got none; configure http(s)://host:port');
  return {
    phase: 'idle',
    apiRoots,
    apiRoot: first,
    failures: 0,
    redirections: 0,
    beatMs: (DEFAULT_TIMER_SECONDS * 1000) / BEATS_PER_TIMER,
    isStopping: false,
  };
}

function beatMs(timer: number | undefined, before: number): number {
  const isTimer = timer !== undefined && Number.isFinite(timer) && timer >= 1;
  return isTimer ? (Math.min(timer, LONGEST_TIMER_SECONDS) * 1000) / BEATS_PER_TIMER : before;
}

const stopped = (state: NrfState, because: string): NrfStep => [
  { ...state, phase: 'stopped' },
  [{ do: 'tell', state: 'stopped', because }],
];
const deregister = (state: NrfState): NrfStep => [
  { ...state, phase: 'deregistering', redirections: 0 },
  [{ do: 'deregister', apiRoot: state.apiRoot }],
];

function register(state: NrfState, tell: readonly NrfAction[] = []): NrfStep {
  return [{ ...state, phase: 'registering' }, [...tell, { do: 'register', apiRoot: state.apiRoot }]];
}

function rest(state: NrfState, event: Answered, tell: readonly NrfAction[]): NrfStep {
  const milliseconds = beatMs(event.heartBeatTimer, state.beatMs);
  const next: NrfState = { ...state, phase: 'registered', beatMs: milliseconds, failures: 0, redirections: 0 };
  return [next, [...tell, { do: 'wait', milliseconds }]];
}

/** Waits and registers anew, with the next NRF. */
function registerLater(state: NrfState, because: string, leastMs: number): NrfStep {
  const [first, ...others] = state.apiRoots;
  const apiRoots = first === undefined ? others : [...others, first];
  const failures = state.failures + 1;
  const next: NrfState = {
    ...state,
    phase: 'waiting',
    apiRoots,
    apiRoot: apiRoots[0] ?? state.apiRoot,
    failures,
    redirections: 0,
  };
  const actions: readonly NrfAction[] = [
    { do: 'tell', state: 'not registered', because },
    { do: 'retry', attempt: failures, leastMs, mostMs: LONGEST_PAUSE_MS },
  ];
  return state.isStopping ? stopped(state, because) : [next, actions];
}

function beatLost(state: NrfState, because: string, leastMs: number): NrfStep {
  if (state.isStopping) return deregister(state);
  if (state.failures + 1 >= MOST_LOST_BEATS) return registerLater({ ...state, failures: 0 }, because, leastMs);
  const failures = state.failures + 1;
  return [
    { ...state, phase: 'registered', failures, redirections: 0 },
    [{ do: 'retry', attempt: failures, leastMs, mostMs: state.beatMs }],
  ];
}

/** Follows 307 and 308 (TS 29.500 6.10.9), three times at most. */
function redirected(state: NrfState, { status, apiRoot }: Answered): NrfStep | undefined {
  const what = { registering: 'register', beating: 'beat', deregistering: 'deregister' } as const;
  const { phase, redirections } = state;
  if (phase !== 'registering' && phase !== 'beating' && phase !== 'deregistering') return undefined;
  if ((status !== 307 && status !== 308) || apiRoot === undefined || redirections >= MOST_REDIRECTIONS)
    return undefined;
  return [{ ...state, apiRoot, redirections: redirections + 1 }, [{ do: what[phase], apiRoot }]];
}

function answered(state: NrfState, event: Answered): NrfStep {
  const { status } = event;
  const because = `the NRF answered ${status}`;
  const leastMs = Math.min((event.retryAfterSeconds ?? 0) * 1000, LONGEST_PAUSE_MS);
  const elsewhere = redirected(state, event);
  if (elsewhere !== undefined) return elsewhere;
  switch (state.phase) {
    case 'registering': {
      if (status !== 200 && status !== 201) return registerLater(state, because, leastMs);
      // The profile lies where it was put: a Location may name the NRF as only its neighbours reach it.
      if (state.isStopping) return deregister(state);
      return rest(state, event, [{ do: 'tell', state: 'registered', because: `with ${state.apiRoot}` }]);
    }
    case 'beating':
      if (state.isStopping)
        return status === 404 ? stopped(state, 'the NRF did not know us any more') : deregister(state);
      if (status === 200 || status === 204) return rest(state, event, []);
      // It restarted, or it missed our heartbeats: it forgot us.
      if (status === 404)
        return register(state, [{ do: 'tell', state: 'not registered', because: 'the NRF forgot us' }]);
      return beatLost(state, because, leastMs);
    case 'deregistering':
      return stopped(state, status === 204 || status === 200 || status === 404 ? 'deregistered' : because);
    default:
      return [state, []];
  }
}

function failed(state: NrfState, because: string): NrfStep {
  switch (state.phase) {
    case 'registering':
      // The request may have come through though its answer did not.
      return state.isStopping ? deregister(state) : registerLater(state, because, 0);
    case 'beating':
      return beatLost(state, because, 0);
    case 'deregistering':
      return stopped(state, `not deregistered: ${because}`);
    default:
      return [state, []];
  }
}

function stop(state: NrfState): NrfStep {
  switch (state.phase) {
    case 'idle':
      return stopped(state, 'never registered');
    case 'waiting': {
      const [next, actions] = stopped(state, 'not registered');
      return [next, [{ do: 'stop waiting' }, ...actions]];
    }
    case 'registered': {
      const [next, actions] = deregister(state);
      return [next, [{ do: 'stop waiting' }, ...actions]];
    }
    case 'registering':
    case 'beating':
      return [{ ...state, isStopping: true }, []];
    default:
      return [state, []];
  }
}

/** One step of a registration. Events that do not belong to the phase change nothing. */
export function nrfStep(state: NrfState, event: NrfEvent): NrfStep {
  switch (event.type) {
    case 'start':
      return state.phase === 'idle' ? register(state) : [state, []];
    case 'time':
      if (state.phase === 'waiting') return register(state);
      if (state.phase !== 'registered') return [state, []];
      return [{ ...state, phase: 'beating' }, [{ do: 'beat', apiRoot: state.apiRoot }]];
    case 'stop':
      return stop(state);
    case 'failed':
      return failed(state, event.because);
    case 'answered':
      return answered(state, event);
  }
}
