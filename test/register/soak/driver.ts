import { setTimeout as pause } from 'node:timers/promises';
import { Asker } from '../node-process.ts';
import type { Chance } from './chance.ts';
import type { Acknowledgement, Change } from './change.ts';
import { type Changes, PROBES } from './changes.ts';
import { Changing } from './changing.ts';
import { LAG_MILLISECONDS, type Model, nameOf, type OpenChange } from './model.ts';
import type { Tally } from './tally.ts';

/** Between two files: every node has the one before the next begins. */
const BETWEEN_FILES_MILLISECONDS = 2500;
const DUMP_AGAIN_MILLISECONDS = 200;
const WATCH_MILLISECONDS = 20;

/** What the driver works with. */
export interface DriverPorts {
  readonly data: string;
  readonly databaseUrl: string | undefined;
  readonly model: Model;
  readonly tally: Tally;
  readonly changes: Changes;
  readonly chance: Chance;
  /** N5g-eir of a node that nobody ends: where the wholeness of files is watched. */
  readonly watched: number;
  /** Milliseconds between two changes, on average. */
  readonly everyMilliseconds: number;
}

/** Changes the register through the changing process, and keeps the model what was acknowledged. */
export class Driver {
  readonly #ports: DriverPorts;
  /** Given to a process that is gone, or to a database that failed: to be settled by what stands. */
  readonly #unheard: OpenChange[] = [];
  #changing: Changing | undefined;
  #file: OpenChange | undefined;
  #fileEndedAt = 0;
  #isKilled = false;

  constructor(ports: DriverPorts) {
    this.#ports = ports;
  }

  /** True while a file is being written. */
  get isWritingFile(): boolean {
    return this.#file !== undefined;
  }

  /** Changes until it is over; then all is settled. */
  async run(isOver: () => boolean): Promise<void> {
    const { chance, changes, everyMilliseconds } = this.#ports;
    await this.#ready();
    while (!isOver()) {
      const isFileDue = Date.now() - this.#fileEndedAt > BETWEEN_FILES_MILLISECONDS;
      if (this.#file === undefined && isFileDue && chance.percent(8)) void this.#makeFile(changes.file());
      else await this.#make(changes.single(this.#file === undefined));
      await pause(chance.below(2 * everyMilliseconds));
      await this.#ready();
    }
    while (this.#file !== undefined) await pause(DUMP_AGAIN_MILLISECONDS);
    await this.#ready();
  }

  /** SIGKILL to the changing process, wherever it is. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    await this.#changing?.kill();
  }

  /** At the end: what stands is what was acknowledged, and the data are sound. */
  async verify(): Promise<void> {
    const { model, tally } = this.#ports;
    // A disturbance that waited for a file may have killed the process after the last change.
    await this.#ready();
    const dump = await this.#changing?.dump();
    if (dump === undefined) return tally.fault('what stands could not be read at the end');
    tally.lost(model.settle([], dump, Date.now()));
    for (const problem of (await this.#changing?.verify()) ?? []) tally.fault(problem);
  }

  /** Ends the changing process. */
  async close(): Promise<void> {
    await this.#changing?.kill();
  }

  /** A changing process that takes orders, and nothing unheard. */
  async #ready(): Promise<void> {
    const { data, databaseUrl, model, tally } = this.#ports;
    while (this.#changing === undefined || this.#isKilled || this.#unheard.length > 0) {
      if (this.#changing === undefined || this.#isKilled) {
        this.#isKilled = false;
        this.#changing = await Changing.start(data, databaseUrl).catch(() => undefined);
      }
      const dump = this.#file === undefined ? await this.#changing?.dump() : undefined;
      if (dump !== undefined) tally.lost(model.settle(this.#unheard.splice(0), dump, Date.now()));
      // Killed again, or the database is away, or a file is still being watched.
      else await pause(DUMP_AGAIN_MILLISECONDS);
    }
  }

  async #make(change: Change): Promise<void> {
    const open = this.#ports.model.begin(change, Date.now());
    this.#hear(open, await this.#changing?.make(change));
  }

  #hear(open: OpenChange, said: Acknowledgement | undefined): void {
    const { model, tally } = this.#ports;
    const name = nameOf(open.change);
    if (said === undefined) this.#unheard.push(open);
    else if (said.outcome === 'done') {
      model.acknowledge(open, said.at);
      tally.counts.changes++;
      if (said.changed !== open.changed)
        tally.lost([`${name} changed ${said.changed} entries, expected ${open.changed}`]);
    } else {
      tally.notMade(`${name}: ${said.problem}`);
      if (said.outcome === 'refused') model.withdraw(open);
      else this.#unheard.push(open);
    }
  }

  async #makeFile(change: Change): Promise<void> {
    const { tally, model, watched } = this.#ports;
    const open = model.begin(change, Date.now());
    this.#file = open;
    let isSeen = false;
    const watching = watchWhole(open, model, tally, watched, () => isSeen);
    this.#hear(open, await this.#changing?.make(change));
    await pause(LAG_MILLISECONDS);
    isSeen = true;
    await watching;
    tally.counts.files++;
    this.#file = undefined;
    this.#fileEndedAt = Date.now();
  }
}

/** Asks about the first IMEI of a file, then about its last, on one connection: the file may come between the two, never half of it. */
async function watchWhole(
  { change, writes }: OpenChange,
  model: Model,
  tally: Tally,
  port: number,
  isOver: () => boolean,
): Promise<void> {
  const asker = new Asker(port);
  const [first, last] = PROBES;
  const isAdded = writes.some(({ key, after }) => key.includes(last) && after !== undefined);
  while (!isOver()) {
    const begun = Date.now();
    const isListed = [];
    for (const imei of [first, last]) isListed.push((await asker.ask(`pei=imei-${imei}0`)) === 'BLACKLISTED');
    const isCalm = model.settingsChangedAt < begun - LAG_MILLISECONDS;
    tally.counts.checks += isListed.length;
    if (isCalm && isListed[0] !== isListed[1] && isListed[0] === isAdded)
      tally.fault(`${nameOf(change)} was seen in part: ${first} ${isListed[0]}, ${last} ${isListed[1]}`);
    await pause(WATCH_MILLISECONDS);
  }
  asker.close();
}
