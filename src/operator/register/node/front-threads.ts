import type { Scheduler } from '#protocol/smpp/index.ts';
import { FRONTS, type Front } from '../front.ts';
import type { FrontStatus, ToFronts } from './front-messages.ts';
import { type FrontListener, type FrontThread, startThread } from './front-thread.ts';
import type { FrontAddress, FrontSettings } from './fronts.ts';
import type { ImageParts } from './image.ts';

const MOST_THREADS = 64;
/** Until a thread of fronts that could not be started again is tried once more. */
const RESTART_MILLISECONDS = 1000;

/** What threads of fronts are started with. */
export interface FrontThreadsOptions {
  readonly fronts: FrontSettings;
  readonly scheduler: Scheduler;
  /** Threads of fronts, each with its own connections on the same ports; default 1. */
  readonly threads?: number;
  /** Other processes may listen on the same ports. */
  readonly sharesPorts?: boolean;
}

/** The threads of fronts of a node: they read their program at once, and open their fronts when memory is there. One that dies is started again on the same ports. */
export class FrontThreads {
  readonly #options: FrontThreadsOptions;
  readonly #hear: Omit<FrontListener, 'died'>;
  /** How many there should be. */
  readonly wanted: number;
  /** Each thread in its place, and those of them that were told to begin. */
  readonly #places: FrontThread[];
  readonly #begun = new Set<FrontThread>();
  readonly #began: { readonly settings: FrontSettings; readonly parts: () => ImageParts }[] = [];
  #addresses: readonly FrontAddress[] = [];
  #isEnding = false;

  /** Throws RangeError for a number of threads that cannot be. */
  constructor(options: FrontThreadsOptions, hear: Omit<FrontListener, 'died'>) {
    const { threads = 1 } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
      throw new RangeError(`threads: expected 1 to ${MOST_THREADS}, got ${threads}`);
    [this.#options, this.#hear, this.wanted] = [options, hear, threads];
    this.#places = Array.from({ length: threads }, (_, at) => this.#started(at));
  }

  /** Threads whose fronts listen. */
  get listening(): number {
    return this.#places.filter((thread) => thread.isListening).length;
  }

  /** Opens the fronts: the first thread takes the ports, the others share them. Rejects with what to do when one cannot be had. */
  async begin(parts: () => ImageParts): Promise<readonly FrontAddress[]> {
    const { fronts } = this.#options;
    this.#addresses = await this.#begin(0, this.#sharing(fronts), parts);
    // One registration with the NRF speaks for all threads.
    const settings = this.#sharing(withoutNrf(onPorts(fronts, this.#addresses)));
    for (let place = 1; place < this.wanted; place++) await this.#begin(place, settings, parts);
    return this.#addresses;
  }

  send(message: ToFronts): void {
    for (const thread of this.#begun) thread.send(message);
  }

  /** Kept when every thread has taken what it was told until now. */
  async settled(): Promise<void> {
    await Promise.all([...this.#begun].map((thread) => thread.settled()));
  }

  /** Counts of all threads as one. */
  status(): FrontStatus {
    return summed([...this.#begun].map((thread) => thread.status()));
  }

  /** Lets everybody read their answers; kept when all threads have ended. */
  async drain(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#places.map((thread) => thread.drain()));
  }

  #started(place: number): FrontThread {
    return startThread({ ...this.#hear, died: () => this.#again(place) });
  }

  #begin(place: number, settings: FrontSettings, parts: () => ImageParts): Promise<readonly FrontAddress[]> {
    const thread = this.#places[place] as FrontThread;
    // Among those that hear of changes before it listens: what changes while it starts is told to it.
    this.#begun.add(thread);
    this.#began[place] = { settings, parts };
    return thread.begin(settings, parts());
  }

  #again(place: number): void {
    const began = this.#began[place];
    if (began === undefined || this.#isEnding) return;
    this.#begun.delete(this.#places[place] as FrontThread);
    this.#places[place] = this.#started(place);
    const settings = this.#sharing(onPorts(began.settings, this.#addresses));
    this.#begin(place, settings, began.parts).catch((error: unknown) => {
      this.#hear.news(`register: the thread of fronts could not be started again: ${(error as Error).message}`);
      this.#options.scheduler.after(RESTART_MILLISECONDS, () => this.#again(place));
    });
  }

  #sharing({ n5gEir, s13, gsup }: FrontSettings): FrontSettings {
    const sharesPort = this.wanted > 1 || this.#options.sharesPorts === true;
    return {
      ...(n5gEir && { n5gEir: { ...n5gEir, sharesPort } }),
      ...(s13 && { s13: { ...s13, sharesPort } }),
      ...(gsup && { gsup: { ...gsup, sharesPort } }),
    };
  }
}

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
