import { openStore, type Store } from '../store.ts';
import { addressOf } from './client.ts';
import { openEventReader } from './event-text.ts';

/** One thing that happened, as it came. */
export interface Happening {
  readonly id: number;
  readonly kind: string;
  readonly data: unknown;
}

/** How a stream does. `refused`: this person may not follow it. */
export type StreamState = 'connecting' | 'live' | 'lost' | 'paused' | 'refused';

/** A stream that is followed. */
export interface Stream {
  readonly state: Store<StreamState>;
  /** Hears what happens, all that came at once in one call. Call what it returns to hear no more. */
  listen(listener: (happenings: readonly Happening[]) => void): () => void;
  /** Stops; what happens meanwhile is delivered after `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;
/** The server sends at least a comment every 15 seconds: after so long without one the line is dead. Milliseconds. */
const SILENCE = 40_000;
const REFUSALS: readonly number[] = [401, 403, 404];
const UNKNOWN_NUMBER = 400;

type Ending = 'lost' | 'refused';

/**
 * Follows a stream of the API, for as long as it is open: a line that breaks is taken up again with the number of the last event, so that nothing
 * is missed and nothing comes twice. `after` is the number to begin behind; without it the stream begins now.
 */
export function openStream(address: string, after?: number): Stream {
  const state = openStore<StreamState>('connecting');
  const listeners = new Set<(happenings: readonly Happening[]) => void>();
  let lastId = after === undefined ? '' : String(after);
  let run: AbortController | undefined;

  const take = (piece: string, reader: ReturnType<typeof openEventReader>) => {
    const found = reader(piece);
    lastId = found.lastId;
    const happenings = found.events.map(({ id, event, data }) => ({
      ...{ id: Number(id), kind: event },
      data: JSON.parse(data) as unknown,
    }));
    if (happenings.length > 0) for (const listener of [...listeners]) listener(happenings);
  };

  /** One connection, until it ends. */
  const connect = async (stop: AbortController, onLive: () => void): Promise<Ending> => {
    const line = new AbortController();
    const end = () => line.abort();
    stop.signal.addEventListener('abort', end);
    let silence = setTimeout(end, SILENCE);
    try {
      const response = await fetch(addressOf(address, {}, { after: lastId === '' ? undefined : lastId }), {
        credentials: 'same-origin',
        headers: { Accept: 'text/event-stream' },
        signal: line.signal,
      });
      if (REFUSALS.includes(response.status)) return 'refused';
      // The operator's log is another one, and does not have this number: its present is all that can be followed.
      if (response.status === UNKNOWN_NUMBER) lastId = '';
      if (!response.ok || response.body === null) return 'lost';
      const reader = openEventReader(lastId);
      onLive();
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE);
        take(piece, reader);
      }
    } catch {
      // The line broke, or was ended: both are a lost line, and the loop knows which.
    } finally {
      clearTimeout(silence);
      stop.signal.removeEventListener('abort', end);
      line.abort();
    }
    return 'lost';
  };

  const keep = async (stop: AbortController): Promise<void> => {
    let wait = FIRST_WAIT;
    while (!stop.signal.aborted) {
      const ending = await connect(stop, () => {
        wait = FIRST_WAIT;
        state.set('live');
      });
      if (stop.signal.aborted) return;
      state.set(ending);
      if (ending === 'refused') return;
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  };

  let isPaused = false;
  let isClosed = false;
  /** Runs when it should: not while it is paused, nor behind another window, where it would only take a line from others. */
  const adjust = () => {
    const shouldRun = !isPaused && !isClosed && document.visibilityState === 'visible';
    if (shouldRun && run === undefined) {
      run = new AbortController();
      state.set('connecting');
      void keep(run);
    }
    if (!shouldRun && run !== undefined) {
      run.abort();
      run = undefined;
      if (!isClosed) state.set('paused');
    }
  };
  document.addEventListener('visibilitychange', adjust);
  adjust();
  return {
    state,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    pause() {
      isPaused = true;
      adjust();
    },
    resume() {
      isPaused = false;
      adjust();
    },
    close() {
      isClosed = true;
      document.removeEventListener('visibilitychange', adjust);
      adjust();
    },
  };
}
