import type { Random } from '#base/port/index.ts';
import { backoffMs, type Scheduler } from '#protocol/smpp/index.ts';
import { heartbeat, type NfProfileOptions, nfProfile } from './nf-profile.ts';
import { type NrfAnswer, type NrfRequest, type NrfTls, nrfClient } from './nrf-client.ts';
import { type NrfAction, type NrfEvent, notRegistered, nrfStep } from './nrf-registration.ts';
import { NF_TYPE } from './service.ts';

/** What a registration needs. */
export interface NrfOptions {
  /** apiRoots of NRFs that share their data, the preferred first: `http://192.0.2.10:7777`. */
  readonly apiRoots: readonly string[];
  readonly profile: NfProfileOptions;
  readonly scheduler: Scheduler;
  /** Jitter of repeated attempts. */
  readonly random: Random;
  readonly tls?: NrfTls;
  /** Our load, 0 to 100, for each heartbeat. Default 0. */
  readonly load?: () => number;
  /** Milliseconds from a request to its answer. Default 5000. */
  readonly answerMs?: number;
  /** Told of every change, and of every attempt that failed. */
  readonly onState?: (state: 'registered' | 'not registered' | 'stopped', because: string) => void;
}

/** A registration that keeps itself. */
export interface NrfRegistration {
  readonly isRegistered: boolean;
  /** Deregisters, if that can be done in one attempt, and ends. Do this first when draining: no new consumer finds us then. */
  stop(): Promise<void>;
  /** Ends at once without a word, as a crash would. */
  abandon(): void;
}

const PATH = '/nnrf-nfm/v1/nf-instances/';
const LONGEST_LOCATION = 512;

/** The apiRoot of a Location that names our profile, as a URI or as an absolute path. Undefined for others, and from https to http. */
export function apiRootOf(location: string | undefined, path: string, asked: string): string | undefined {
  if (location === undefined || location.length > LONGEST_LOCATION || !/^(https?:\/)?\//i.test(location))
    return undefined;
  const url = URL.canParse(location, asked) ? new URL(location, asked) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && !asked.startsWith('https:'));
  if (url === undefined || !isSafe || !url.pathname.toLowerCase().endsWith(path.toLowerCase())) return undefined;
  return url.origin + url.pathname.slice(0, -path.length);
}

/** heartBeatTimer of a profile; undefined when the body is none. */
function heartBeatTimer(body: string): number | undefined {
  try {
    const profile: unknown = JSON.parse(body);
    const timer = (profile as { heartBeatTimer?: unknown } | null)?.heartBeatTimer;
    return typeof timer === 'number' ? timer : undefined;
  } catch {
    return undefined;
  }
}

function eventOf(answer: NrfAnswer, request: NrfRequest): NrfEvent {
  if (answer.kind === 'failure') return { type: 'failed', because: answer.because };
  const { status, headers, body } = answer;
  const retryAfter = Number(headers['retry-after']);
  return {
    type: 'answered',
    status,
    apiRoot: apiRootOf(headers.location, request.path, request.apiRoot + request.path),
    heartBeatTimer: heartBeatTimer(body),
    retryAfterSeconds: retryAfter >= 0 ? retryAfter : undefined,
  };
}

/** Registers with an NRF, beats its heart, registers again when forgotten, until it is stopped. Throws for a profile that is none. */
export function registerWithNrf(options: NrfOptions): NrfRegistration {
  const { profile, scheduler, random, load = () => 0, onState } = options;
  const client = nrfClient(options);
  const path = PATH + profile.nfInstanceId;
  const common = {
    accept: 'application/json, application/problem+json',
    // TS 29.500 5.2.2.2: the NF type first.
    'user-agent': `${NF_TYPE}-${profile.nfInstanceId}`,
  };
  const put = JSON.stringify(nfProfile(profile));
  const whenStopped = Promise.withResolvers<void>();
  let state = notRegistered(options.apiRoots);
  let stopWaiting = (): void => {};
  let isRegistered = false;

  function requestOf(action: Extract<NrfAction, { apiRoot: string }>): NrfRequest {
    const { apiRoot } = action;
    const json = (type: string) => ({ ...common, 'content-type': type });
    switch (action.do) {
      case 'register':
        return { apiRoot, method: 'PUT', path, headers: json('application/json'), body: put };
      case 'beat': {
        const body = JSON.stringify(heartbeat(load()));
        return { apiRoot, method: 'PATCH', path, headers: json('application/json-patch+json'), body };
      }
      case 'deregister':
        return { apiRoot, method: 'DELETE', path, headers: common, body: undefined };
    }
  }

  function tell(now: 'registered' | 'not registered' | 'stopped', because: string): void {
    isRegistered = now === 'registered';
    onState?.(now, because);
    if (now !== 'stopped') return;
    client.close();
    whenStopped.resolve();
  }

  const waitFor = (milliseconds: number): void => {
    stopWaiting = scheduler.after(milliseconds, () => happen({ type: 'time' }));
  };

  function perform(action: NrfAction): void {
    switch (action.do) {
      case 'wait':
        waitFor(action.milliseconds);
        break;
      case 'retry':
        waitFor(Math.max(Math.min(backoffMs(action.attempt, random), action.mostMs), action.leastMs));
        break;
      case 'stop waiting':
        stopWaiting();
        break;
      case 'tell':
        tell(action.state, action.because);
        break;
      default: {
        const request = requestOf(action);
        void client.ask(request).then((answer) => happen(eventOf(answer, request)));
      }
    }
  }

  function happen(event: NrfEvent): void {
    const [next, actions] = nrfStep(state, event);
    state = next;
    for (const action of actions) perform(action);
  }

  happen({ type: 'start' });
  return {
    get isRegistered() {
      return isRegistered;
    },
    stop() {
      happen({ type: 'stop' });
      return whenStopped.promise;
    },
    abandon() {
      state = { ...state, phase: 'stopped' };
      stopWaiting();
      tell('stopped', 'abandoned');
    },
  };
}
