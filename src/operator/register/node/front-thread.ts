import { Worker } from 'node:worker_threads';
import type { SeenPair } from './claim-filter.ts';
import type { FromFronts, FrontStatus, FrontWorkerData, ToFronts } from './front-messages.ts';
import type { FrontAddress } from './fronts.ts';

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

/** A thread of fronts that listens. */
export interface FrontThread {
  readonly addresses: readonly FrontAddress[];
  send(message: ToFronts): void;
  status(): FrontStatus;
  /** Lets everybody read their answers; kept when the thread has ended. */
  drain(): Promise<void>;
}

/** Starts a thread; kept when its fronts listen. Rejects with what to do when one cannot be had. */
export async function startThread(data: FrontWorkerData, hear: FrontListener): Promise<FrontThread> {
  const worker = new Worker(WORKER, { workerData: data });
  const send = (message: ToFronts) => worker.postMessage(message);
  let status = NO_STATUS;
  let isListening = false;
  let isEnding = false;
  const ended = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      resolve();
      if (isListening && !isEnding) hear.died();
    }),
  );
  const addresses = await new Promise<readonly FrontAddress[]>((resolve, reject) => {
    worker.on('error', (error) => {
      hear.news(`register: a thread of fronts failed: ${error instanceof Error ? error.message : String(error)}`);
      reject(error);
    });
    worker.once('exit', () => reject(new Error('register: the thread of fronts ended before it listened')));
    worker.on('message', (message: FromFronts) => {
      if (message.kind === 'listening') resolve(message.addresses);
      else if (message.kind === 'failed') reject(new Error(message.problem));
      else if (message.kind === 'counts') status = message.counts;
      else if (message.kind === 'news') hear.news(message.text);
      else if (message.kind === 'seen') {
        const taken = () => send({ kind: 'taken' });
        hear.seen(message.pairs).then(taken, taken);
      }
    });
  });
  isListening = true;
  return {
    addresses,
    send,
    status: () => status,
    async drain() {
      isEnding = true;
      send({ kind: 'drain' });
      await ended;
    },
  };
}
