import { Worker } from 'node:worker_threads';
import type { SeenPair } from './claim-filter.ts';
import type { FromFronts, FrontStatus, ToFronts } from './front-messages.ts';
import type { FrontAddress, FrontSettings } from './fronts.ts';
import type { ImageParts } from './image.ts';

const WORKER = new URL('./front-worker.ts', import.meta.url);
const NO_STATUS: FrontStatus = { answers: {}, fronts: {}, dropped: 0 };

/** What a thread of fronts tells. */
export interface FrontListener {
  /** Kept when the pairs are taken: then more may come. */
  seen(pairs: readonly SeenPair[]): Promise<void>;
  news(text: string): void;
  /** The thread ended by itself: its fronts are gone. */
  died(): void;
}

/** A thread of fronts. What it is told before it listens it takes before it answers. */
export interface FrontThread {
  /** True while its fronts listen. */
  readonly isListening: boolean;
  /** Opens its fronts. Rejects with what to do when one cannot be had. */
  begin(settings: FrontSettings, parts: ImageParts): Promise<readonly FrontAddress[]>;
  send(message: ToFronts): void;
  /** Kept when it has taken all that it was sent until now, or is gone. */
  settled(): Promise<void>;
  status(): FrontStatus;
  /** Lets everybody read their answers; kept when the thread has ended. */
  drain(): Promise<void>;
}

/** Starts a thread, which waits for `begin`: its program is read meanwhile. */
export function startThread(hear: FrontListener): FrontThread {
  const worker = new Worker(WORKER);
  const send = (message: ToFronts) => worker.postMessage(message);
  const waiting: (() => void)[] = [];
  let status = NO_STATUS;
  let [isListening, isEnding, isGone] = [false, false, false];
  const ended = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      isGone = true;
      for (const settled of waiting.splice(0)) settled();
      resolve();
      if (isListening && !isEnding) hear.died();
    }),
  );
  const listening = new Promise<readonly FrontAddress[]>((resolve, reject) => {
    worker.on('error', (error) => {
      hear.news(`register: a thread of fronts failed: ${error instanceof Error ? error.message : String(error)}`);
      reject(error);
    });
    worker.once('exit', () => reject(new Error('register: the thread of fronts ended before it listened')));
    worker.on('message', (message: FromFronts) => {
      if (message.kind === 'listening') {
        isListening = true;
        resolve(message.addresses);
      } else if (message.kind === 'failed') reject(new Error(message.problem));
      else if (message.kind === 'counts') status = message.counts;
      else if (message.kind === 'news') hear.news(message.text);
      else if (message.kind === 'settled') waiting.shift()?.();
      else if (message.kind === 'seen') {
        const taken = () => send({ kind: 'taken' });
        hear.seen(message.pairs).then(taken, taken);
      }
    });
  });
  // Whoever began it hears of it; nobody else waits.
  listening.catch(() => undefined);
  return {
    get isListening() {
      return isListening && !isEnding && !isGone;
    },
    begin(settings, parts) {
      send({ kind: 'begin', settings, parts });
      return listening;
    },
    send,
    settled: () =>
      new Promise((resolve) => {
        if (isGone) return resolve();
        waiting.push(resolve);
        send({ kind: 'settle' });
      }),
    status: () => status,
    async drain() {
      isEnding = true;
      send({ kind: 'drain' });
      await ended;
    },
  };
}
