import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { type Database, DatabaseError } from '#operator/database/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { FRONTS, type Front } from '../front.ts';
import type { Register } from '../register.ts';
import type { SeenPair } from './claim-filter.ts';
import type { FrontStatus } from './front-messages.ts';
import { type FrontListener, type FrontThread, startThread } from './front-thread.ts';
import type { FrontAddress, FrontSettings } from './fronts.ts';
import { ImageLoader, type LoadedFrom } from './loader.ts';

/** How often a node asks for changes that other processes made. */
const FOLLOW_MILLISECONDS = 100;
/** How often the snapshot is written anew when something changed. */
const SAVE_MILLISECONDS = 10 * 60_000;
const MOST_THREADS = 64;
/** Until a thread of fronts that could not be started again is tried once more. */
const RESTART_MILLISECONDS = 1000;

/** What a register node needs. */
export interface RegisterNodeOptions {
  readonly database: Database;
  readonly register: Register;
  readonly subscribers: Subscribers;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly fronts: FrontSettings;
  /** Threads of fronts, each with its own connections on the same ports; default 1. */
  readonly threads?: number;
  /** Other processes may listen on the same ports: to start a new node before the old one drains. */
  readonly sharesPorts?: boolean;
  /** Where this node keeps its snapshot; without, it reads the whole database at every start. */
  readonly snapshotPath?: string;
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
  /** Where memory came from at the start. */
  readonly loaded: LoadedFrom;
  status(): NodeStatus;
  /** Takes in what changed at once, instead of at the next look. */
  follow(): void;
  /** Fronts answer what they were asked, then everything ends. */
  close(): Promise<void>;
}

/** Loads memory, starts the threads of fronts, follows the database. Rejects with what to do when a front cannot be had. */
export async function openRegisterNode(options: RegisterNodeOptions): Promise<RegisterNode> {
  const { database, register, subscribers, clock, random, snapshotPath } = options;
  const news = (text: string) => options.onNews?.(text);
  const workers: FrontThread[] = [];
  const loader = new ImageLoader(
    {
      ...{
        database,
        subscribers,
        clock,
        random,
        feed: register.feed,
        settings: register.settings,
        tacs: register.tacs,
        imsiDefaults: register.imsiDefaults,
      },
      async settled() {
        await Promise.all(workers.map((worker) => worker.settled()));
      },
      ...(snapshotPath !== undefined && { snapshotPath }),
    },
    (change) => {
      for (const worker of workers) worker.send({ kind: 'change', change });
    },
  );
  const loaded = await loader.start();
  let isClosed = false;
  const hear = { seen: (pairs: readonly SeenPair[]) => remember(options, pairs, () => isClosed, news), news };
  const addresses = await startThreads(options, loader, workers, hear);
  const following = follower(options, loader, loaded.absence, news);
  return {
    addresses,
    loaded,
    follow: following.follow,
    status: () => ({
      ...summed(workers.map((worker) => worker.status())),
      addresses,
      sequence: loader.sequence,
      ...following.status(),
      ...loader.size,
    }),
    async close() {
      following.stop();
      await Promise.all(workers.map((worker) => worker.drain()));
      isClosed = true;
      await loader
        .save()
        .catch((error: unknown) => news(`register: no snapshot was written: ${(error as Error).message}`));
    },
  };
}

/** The first thread takes the ports, the others share them. One that dies is started again on the same ports. */
async function startThreads(
  { fronts, scheduler, threads = 1, sharesPorts = false }: RegisterNodeOptions,
  loader: ImageLoader,
  workers: FrontThread[],
  hear: Omit<FrontListener, 'died'>,
): Promise<readonly FrontAddress[]> {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new RangeError(`threads: expected 1 to ${MOST_THREADS}, got ${threads}`);
  const shared = threads > 1 || sharesPorts;
  const start = (place: number, settings: FrontSettings): Promise<readonly FrontAddress[]> => {
    const again = () => {
      start(place, sharing(onPorts(settings, addresses), shared)).catch((error: unknown) => {
        hear.news(`register: the thread of fronts could not be started again: ${(error as Error).message}`);
        scheduler.after(RESTART_MILLISECONDS, again);
      });
    };
    // In its place before it listens: what changes while it starts is told to it.
    const worker = startThread({ settings, parts: loader.parts }, { ...hear, died: again });
    workers[place] = worker;
    return worker.listening;
  };
  let addresses: readonly FrontAddress[] = [];
  try {
    addresses = await start(0, sharing(fronts, shared));
    // One registration with the NRF speaks for all threads.
    const settings = sharing(withoutNrf(onPorts(fronts, addresses)), shared);
    for (let place = 1; place < threads; place++) await start(place, settings);
    return addresses;
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.drain()));
    throw error;
  }
}

const sharing = ({ n5gEir, s13, gsup }: FrontSettings, sharesPort: boolean): FrontSettings => ({
  ...(n5gEir && { n5gEir: { ...n5gEir, sharesPort } }),
  ...(s13 && { s13: { ...s13, sharesPort } }),
  ...(gsup && { gsup: { ...gsup, sharesPort } }),
});

function withoutNrf({ n5gEir, ...others }: FrontSettings): FrontSettings {
  const { nrf: _registered, ...alone } = n5gEir ?? { host: '', port: 0 };
  return { ...others, ...(n5gEir && { n5gEir: alone }) };
}

function onPorts({ n5gEir, s13, gsup }: FrontSettings, addresses: readonly FrontAddress[]): FrontSettings {
  const portOf = (front: Front) => addresses.find((address) => address.front === front)?.port ?? 0;
  return {
    ...(n5gEir && { n5gEir: { ...n5gEir, port: portOf('n5g-eir') } }),
    ...(s13 && { s13: { ...s13, port: portOf('s13') } }),
    ...(gsup && { gsup: { ...gsup, port: portOf('gsup') } }),
  };
}

/** Looks for changes ten times a second, and writes a snapshot now and then. `absence`: why the database does not answer from the start. */
function follower(
  { clock, scheduler }: RegisterNodeOptions,
  loader: ImageLoader,
  absence: DatabaseError | undefined,
  news: (text: string) => void,
) {
  let trouble: string | undefined;
  const isAway = ({ message }: DatabaseError) => {
    // Again when it is another one: a database that comes back may be refused.
    if (trouble !== message)
      news(`register: answers go on from memory as of ${new Date(loader.completeAt).toISOString()}: ${message}`);
    trouble = message;
  };
  if (absence !== undefined) isAway(absence);
  let isStopped = false;
  const follow = () => {
    try {
      loader.follow();
      if (trouble !== undefined)
        news(`register: the database answers again; memory is as of change ${loader.sequence}`);
      trouble = undefined;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      isAway(error);
    }
  };
  const cancels = new Map<() => void, () => void>();
  const every = (milliseconds: number, act: () => void) => {
    const again = () => {
      if (isStopped) return;
      act();
      cancels.set(act, scheduler.after(milliseconds, again));
    };
    cancels.set(act, scheduler.after(milliseconds, again));
  };
  every(FOLLOW_MILLISECONDS, follow);
  every(SAVE_MILLISECONDS, () => {
    loader.save().catch((error: unknown) => news(`register: no snapshot was written: ${(error as Error).message}`));
  });
  return {
    follow,
    status: () => ({ hasDatabase: trouble === undefined, ageMilliseconds: clock.now() - loader.completeAt }),
    stop() {
      isStopped = true;
      for (const cancel of cancels.values()) cancel();
    },
  };
}

/** Longest that sightings keep this thread from looking for changes, in milliseconds. */
const LONGEST_WORK_MILLISECONDS = 20;
/** Pairs of which something is known are taken by so many at least, whatever time they need: a database at a distance needs some. */
const LEAST_TOGETHER = 16;
/** Nothing is written for so long after sightings were: more come together, and other processes find the one writer's place free. */
const WRITE_PAUSE_MILLISECONDS = 60;

/**
 * Who was seen with what: where something is known of a pair the whole decision is made, which records claims, findings and the audit. A
 * database that is gone loses sightings, not answers. Kept when all are taken.
 */
async function remember(
  options: RegisterNodeOptions,
  pairs: readonly SeenPair[],
  isClosed: () => boolean,
  news: (text: string) => void,
): Promise<void> {
  const { database, register, scheduler } = options;
  const plain = pairs.filter(({ plainStatus }) => plainStatus !== undefined);
  const known = pairs.filter(({ plainStatus }) => plainStatus === undefined);
  try {
    for (let at = 0; at < plain.length && !isClosed(); ) {
      at = some(options, plain, at, 1, ({ plainStatus = 'permitted', at: seenAt }, imei, imsi) =>
        register.sighted(imei, imsi, seenAt, plainStatus),
      );
      if (at < plain.length) await new Promise((resolve) => setImmediate(resolve));
    }
    for (let at = 0; at < known.length && !isClosed(); ) {
      // Together: one wait for the writer's place and one for the disk, not one for each.
      at = database.transaction(() =>
        some(options, known, at, LEAST_TOGETHER, ({ front, at: seenAt }, imei, imsi) =>
          register.check({ imei, imsi, at: seenAt, front }),
        ),
      );
      await new Promise<void>((resolve) => scheduler.after(WRITE_PAUSE_MILLISECONDS, resolve));
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    news(`register: ${pairs.length} sightings were not recorded: ${error.message}`);
  }
}

/** Takes pairs from place `from` on, as many as there is time for and at least so many; the place of the next. */
function some(
  { clock }: RegisterNodeOptions,
  pairs: readonly SeenPair[],
  from: number,
  least: number,
  take: (pair: SeenPair, imei: Imei, imsi: Imsi) => void,
): number {
  const until = clock.now() + LONGEST_WORK_MILLISECONDS;
  let at = from;
  do {
    const pair = pairs[at++] as SeenPair;
    take(pair, Imei.parse(pair.imei), Imsi.parse(pair.imsi));
  } while (at < pairs.length && (at - from < least || clock.now() < until));
  return at;
}

/** Counts of several threads as one. */
function summed(all: readonly FrontStatus[]): FrontStatus {
  const answers: Partial<Record<Front, Record<string, number>>> = {};
  const fronts: Partial<Record<Front, Record<string, number>>> = {};
  for (const status of all)
    for (const [into, from] of [[answers, status.answers] as const, [fronts, status.fronts] as const])
      for (const front of FRONTS)
        for (const [name, count] of Object.entries(from[front] ?? {})) {
          const sums = into[front] ?? {};
          into[front] = sums;
          sums[name] = (sums[name] ?? 0) + count;
        }
  return { answers, fronts, dropped: all.reduce((sum, { dropped }) => sum + dropped, 0) };
}
