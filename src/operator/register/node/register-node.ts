import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Activity } from '#operator/activity/index.ts';
import { type Database, DatabaseError } from '#operator/database/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { Register } from '../register.ts';
import { AnsweredCount } from './answered-count.ts';
import type { SeenPair } from './claim-filter.ts';
import { FrontThreads } from './front-threads.ts';
import type { FrontAddress, FrontSettings } from './fronts.ts';
import { ImageLoader, type LoadedFrom } from './loader.ts';
import { LostSightings } from './lost-sightings.ts';
import type { NodePhase, NodeReport, NodeStatus } from './node-health.ts';
import { type Repeating, repeating } from './repeating.ts';
import type { StatusAddress } from './status-messages.ts';
import { type StatusThread, startStatus } from './status-thread.ts';

/** How often a node asks for changes that other processes made. */
const FOLLOW_MILLISECONDS = 100;
/** How often the snapshot is written anew when something changed. */
const SAVE_MILLISECONDS = 10 * 60_000;
/** How often it is counted what the fronts answered. */
const COUNT_MILLISECONDS = 1000;
/** How often the thread of the status hears how the node does. */
const TELL_MILLISECONDS = 500;

/** What a register node needs. */
export interface RegisterNodeOptions {
  readonly database: Database;
  readonly register: Register;
  /** Counts what the fronts answer. */
  readonly activity: Activity;
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
  /** Where this node tells over HTTP how it does, on a thread of its own that asks no database; port 0 takes a free one. Absent: nowhere. */
  readonly statusAddress?: StatusAddress;
  /** Hears of peers, faults, and of a database that comes and goes. */
  onNews?(text: string): void;
}

/** A register node: fronts on a thread of their own, memory that follows the database. */
export interface RegisterNode {
  readonly addresses: readonly FrontAddress[];
  /** Where its status listens. */
  readonly statusAddress: StatusAddress | undefined;
  /** Where memory came from at the start. */
  readonly loaded: LoadedFrom;
  status(): NodeStatus;
  /** Takes in what changed at once, instead of at the next look. */
  follow(): void;
  /** Fronts answer what they were asked, then everything ends. */
  close(): Promise<void>;
}

/** Loads memory, opens the fronts, follows the database. Rejects with what to do when a front or the status cannot be had. */
export async function openRegisterNode(options: RegisterNodeOptions): Promise<RegisterNode> {
  const node = new Node(options);
  try {
    await node.open();
    return node;
  } catch (error) {
    await node.abandon();
    throw error;
  }
}

class Node implements RegisterNode {
  readonly #options: RegisterNodeOptions;
  readonly #threads: FrontThreads;
  readonly #loader: ImageLoader;
  readonly #repeating: Repeating;
  readonly #follower: Follower;
  readonly #answered: AnsweredCount;
  #status: StatusThread | undefined;
  #phase: NodePhase = 'loading';
  #isClosed = false;
  addresses: readonly FrontAddress[] = [];
  loaded: LoadedFrom = { from: 'database', because: 'it is loading' };

  constructor(options: RegisterNodeOptions) {
    const { register, database, clock, random, scheduler, snapshotPath } = options;
    this.#options = options;
    const lost = new LostSightings(clock, this.#news);
    this.#threads = new FrontThreads(options, {
      seen: (pairs) => remember(options, pairs, () => this.#isClosed, lost),
      news: this.#news,
    });
    const { feed, settings, tacs, imsiDefaults } = register;
    this.#loader = new ImageLoader(
      {
        ...{ database, clock, random, feed, settings, tacs, imsiDefaults },
        settled: () => this.#threads.settled(),
        ...(snapshotPath !== undefined && { snapshotPath }),
      },
      (change) => this.#threads.send({ kind: 'change', change }),
    );
    this.#repeating = repeating(scheduler);
    this.#answered = new AnsweredCount(options.activity);
    this.#follower = new Follower(this.#loader, this.#news);
  }

  get statusAddress(): StatusAddress | undefined {
    return this.#status?.address;
  }

  async open(): Promise<void> {
    const { statusAddress } = this.#options;
    const { freshness } = this.#loader;
    if (statusAddress !== undefined)
      this.#status = await startStatus({ address: statusAddress, freshness, report: this.#report() }, this.#news);
    this.loaded = await this.#loader.start();
    if (this.loaded.absence !== undefined) this.#follower.isAway(this.loaded.absence);
    this.addresses = await this.#threads.begin(() => this.#loader.parts);
    this.#phase = 'serving';
    this.#tell();
    this.#repeating.every(FOLLOW_MILLISECONDS, () => this.#follower.follow());
    this.#repeating.every(COUNT_MILLISECONDS, () => this.#answered.take(this.#threads.status()));
    this.#repeating.every(SAVE_MILLISECONDS, () => void this.#save());
    if (this.#status !== undefined) this.#repeating.every(TELL_MILLISECONDS, () => this.#tell());
  }

  follow(): void {
    this.#follower.follow();
  }

  status(): NodeStatus {
    const { sequence, completeAt, size } = this.#loader;
    return {
      ...this.#threads.status(),
      addresses: this.addresses,
      sequence,
      hasDatabase: this.#follower.hasDatabase,
      ageMilliseconds: this.#options.clock.now() - completeAt,
      ...size,
    };
  }

  async close(): Promise<void> {
    this.#phase = 'draining';
    this.#repeating.stop();
    this.#tell();
    await this.#threads.drain();
    this.#answered.take(this.#threads.status());
    this.#isClosed = true;
    await this.#save();
    await this.#status?.end();
  }

  /** Ends what runs of a node that could not be opened. */
  async abandon(): Promise<void> {
    this.#repeating.stop();
    await Promise.all([this.#threads.drain(), this.#status?.end()]);
  }

  readonly #news = (text: string): void => this.#options.onNews?.(text);

  async #save(): Promise<void> {
    try {
      await this.#loader.save();
    } catch (error) {
      this.#news(`register: no snapshot was written: ${(error as Error).message}`);
    }
  }

  #tell(): void {
    this.#status?.tell(this.#report());
  }

  #report(): NodeReport {
    const { mode, failure, oldestList } = this.#loader.settings;
    const { sequence: _sequence, ageMilliseconds: _age, ...status } = this.status();
    return {
      ...status,
      phase: this.#phase,
      at: this.#options.clock.now(),
      threads: { listening: this.#threads.listening, wanted: this.#threads.wanted },
      settings: { mode, listTooOld: failure.listTooOld, oldestList },
    };
  }
}

/** Keeps memory what the database says, and tells when that one goes and comes. */
class Follower {
  readonly #loader: ImageLoader;
  readonly #news: (text: string) => void;
  #trouble: string | undefined;

  constructor(loader: ImageLoader, news: (text: string) => void) {
    this.#loader = loader;
    this.#news = news;
  }

  /** False while the database does not answer. */
  get hasDatabase(): boolean {
    return this.#trouble === undefined;
  }

  isAway({ message }: DatabaseError): void {
    // Told again when it is another one: a database that comes back may be refused.
    if (this.#trouble !== message)
      this.#news(
        `register: answers go on from memory as of ${new Date(this.#loader.completeAt).toISOString()}: ${message}`,
      );
    this.#trouble = message;
  }

  follow(): void {
    try {
      this.#loader.follow();
      this.#isThere();
    } catch (error) {
      this.#failed(error);
    }
  }

  #isThere(): void {
    if (this.#trouble !== undefined)
      this.#news(`register: the database answers again; memory is as of change ${this.#loader.sequence}`);
    this.#trouble = undefined;
  }

  #failed(error: unknown): void {
    if (!(error instanceof DatabaseError)) throw error;
    this.isAway(error);
  }
}

/**
 * How long sightings keep this thread from looking for changes, in milliseconds, one pair more or less. Those of which something is known
 * go together: they wait for the disk once, and hold the writer's place no longer, which other nodes and imports wait for too.
 */
const WORK_MILLISECONDS = { plain: 20, known: 100 } as const;
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
  lost: LostSightings,
): Promise<void> {
  const { database, register, scheduler } = options;
  const plain = pairs.filter(({ plainStatus }) => plainStatus !== undefined);
  const known = pairs.filter(({ plainStatus }) => plainStatus === undefined);
  try {
    for (let at = 0; at < plain.length && !isClosed(); ) {
      at = some(options, plain, at, WORK_MILLISECONDS.plain, ({ plainStatus = 'permitted', at: seenAt }, imei, imsi) =>
        register.sighted(imei, imsi, seenAt, plainStatus),
      );
      if (at < plain.length) await new Promise((resolve) => setImmediate(resolve));
    }
    for (let at = 0; at < known.length && !isClosed(); ) {
      // Together: one wait for the writer's place and one for the disk, not one for each.
      at = database.transaction(() =>
        some(options, known, at, WORK_MILLISECONDS.known, ({ front, at: seenAt }, imei, imsi) =>
          register.check({ imei, imsi, at: seenAt, front }),
        ),
      );
      await new Promise<void>((resolve) => scheduler.after(WRITE_PAUSE_MILLISECONDS, resolve));
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    lost.add(pairs.length, error.message);
  }
}

/** Takes pairs from place `from` on, one and as many more as there is time for; the place of the next. */
function some(
  { clock }: RegisterNodeOptions,
  pairs: readonly SeenPair[],
  from: number,
  milliseconds: number,
  take: (pair: SeenPair, imei: Imei, imsi: Imsi) => void,
): number {
  let at = from;
  let until = Number.POSITIVE_INFINITY;
  do {
    const pair = pairs[at++] as SeenPair;
    take(pair, Imei.parse(pair.imei), Imsi.parse(pair.imsi));
    // From the first one on: it waits for the writer's place.
    until = Math.min(until, clock.now() + milliseconds);
  } while (at < pairs.length && clock.now() < until);
  return at;
}
