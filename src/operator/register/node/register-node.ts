import { Worker } from 'node:worker_threads';
import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { type Database, DatabaseError } from '#operator/database/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { Register } from '../register.ts';
import type { SeenPair } from './claim-filter.ts';
import type { FromFronts, FrontStatus, FrontWorkerData, ToFronts } from './front-messages.ts';
import type { FrontAddress, FrontSettings } from './fronts.ts';
import { ImageLoader } from './loader.ts';

/** How often a node asks for changes that other processes made. */
const FOLLOW_MILLISECONDS = 100;
const WORKER = new URL('./front-worker.ts', import.meta.url);

/** What a register node needs. */
export interface RegisterNodeOptions {
  readonly database: Database;
  readonly register: Register;
  readonly subscribers: Subscribers;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly fronts: FrontSettings;
  /** Hears of peers, faults, and of a database that comes and goes. */
  onNews?(text: string): void;
}

/** How a node does. */
export interface NodeStatus extends FrontStatus {
  readonly addresses: readonly FrontAddress[];
  /** The newest change in memory, and how long ago memory was last known to be complete, in milliseconds. */
  readonly sequence: number;
  readonly ageMilliseconds: number;
  readonly entries: number;
  readonly octets: number;
  /** False while the database does not answer. */
  readonly hasDatabase: boolean;
}

/** A register node: fronts on a thread of their own, memory that follows the database. */
export interface RegisterNode {
  readonly addresses: readonly FrontAddress[];
  status(): NodeStatus;
  /** Takes in what changed at once, instead of at the next look. */
  follow(): void;
  /** Fronts answer what they were asked, then everything ends. */
  close(): Promise<void>;
}

const NO_STATUS: FrontStatus = { answers: {}, fronts: {}, dropped: 0 };

/** Loads memory, starts the thread of fronts, follows the database. Rejects with what to do when a front cannot be had. */
export async function openRegisterNode(options: RegisterNodeOptions): Promise<RegisterNode> {
  const { database, register, subscribers, clock, scheduler, random, fronts } = options;
  const news = (text: string) => options.onNews?.(text);
  let worker: Worker | undefined;
  const send = (message: ToFronts) => worker?.postMessage(message);
  const sources = { database, subscribers, clock, random, feed: register.feed, settings: register.settings };
  const loader = new ImageLoader(sources, (change) => send({ kind: 'change', change }));
  loader.load();
  const started = await startWorker(
    { settings: fronts, parts: loader.parts },
    {
      seen: (pairs) => remember(register, pairs, news),
      news,
    },
  );
  worker = started.worker;
  let hasDatabase = true;
  let completeAt = clock.now();
  let isClosed = false;

  const follow = () => {
    try {
      loader.follow();
      completeAt = clock.now();
      if (!hasDatabase) news('register: the database answers again');
      hasDatabase = true;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (hasDatabase)
        news(`register: answers go on from memory as of ${new Date(completeAt).toISOString()}: ${error.message}`);
      hasDatabase = false;
    }
  };
  const again = () => {
    if (isClosed) return;
    follow();
    scheduler.after(FOLLOW_MILLISECONDS, again);
  };
  scheduler.after(FOLLOW_MILLISECONDS, again);

  return {
    addresses: started.addresses,
    follow,
    status: () => ({
      ...started.status(),
      addresses: started.addresses,
      sequence: loader.sequence,
      ageMilliseconds: clock.now() - completeAt,
      ...loader.size,
      hasDatabase,
    }),
    async close() {
      isClosed = true;
      await started.drain();
    },
  };
}

/** Who was seen with what goes through the whole decision, which records claims, findings and the audit. A database that is gone loses it. */
function remember(register: Register, pairs: readonly SeenPair[], news: (text: string) => void): void {
  for (const { front, imei, imsi, at } of pairs) {
    try {
      register.check({ imei: Imei.parse(imei), imsi: Imsi.parse(imsi), at, front });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      news(`register: ${pairs.length} sightings were not recorded: ${error.message}`);
      return;
    }
  }
}

interface StartedWorker {
  readonly worker: Worker;
  readonly addresses: readonly FrontAddress[];
  status(): FrontStatus;
  drain(): Promise<void>;
}

async function startWorker(
  data: FrontWorkerData,
  hear: { seen(pairs: readonly SeenPair[]): void; news(text: string): void },
): Promise<StartedWorker> {
  const worker = new Worker(WORKER, { workerData: data });
  let status = NO_STATUS;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const addresses = await new Promise<readonly FrontAddress[]>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('register: the thread of fronts ended before it listened')));
    worker.on('message', (message: FromFronts) => {
      if (message.kind === 'listening') resolve(message.addresses);
      else if (message.kind === 'failed') reject(new Error(message.problem));
      else if (message.kind === 'counts') status = message.counts;
      else if (message.kind === 'news') hear.news(message.text);
      else if (message.kind === 'seen') {
        hear.seen(message.pairs);
        worker.postMessage({ kind: 'taken' } satisfies ToFronts);
      }
    });
  });
  return {
    worker,
    addresses,
    status: () => status,
    async drain() {
      worker.postMessage({ kind: 'drain' } satisfies ToFronts);
      await ended;
    },
  };
}
