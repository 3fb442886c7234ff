import { setTimeout as pause } from 'node:timers/promises';
import type { TestPostgres } from '#test/operator/postgres-server.ts';
import { Asking } from './asking.ts';
import { Chance } from './chance.ts';
import { Changes, Population, PROBES } from './changes.ts';
import { type Disturbance, disturb } from './disturbing.ts';
import { Driver } from './driver.ts';
import type { Ending } from './ending.ts';
import { FakeHlr } from './gsup-line.ts';
import { LAG_MILLISECONDS, Model } from './model.ts';
import { NodePlace } from './node.ts';
import { Tally } from './tally.ts';

/** How a run is to be. */
export interface SoakOptions {
  readonly milliseconds: number;
  readonly seed: string;
  /** A directory of its own. */
  readonly data: string;
  readonly postgres?: TestPostgres;
  /** In all, over nine clients. */
  readonly checksPerSecond: number;
  /** Lines of a file on average. */
  readonly lines: number;
  /** Between two changes, two disturbances and two lines told, in milliseconds, on average. */
  readonly every: { readonly change: number; readonly disturbance: number; readonly line: number };
  readonly ending: Ending;
  tell(line: string): void;
}

/** How a run went. */
export interface SoakResult {
  readonly counts: Tally['counts'];
  readonly faults: readonly string[];
  readonly refusals: readonly string[];
  readonly disturbances: Readonly<Partial<Record<Disturbance, number>>>;
  /** The longest that an acknowledged change was not seen, in milliseconds, rounded up. */
  readonly latest: number;
  /** How many answers were wrong because they were late, by how late in milliseconds, rounded up. */
  readonly late: Readonly<Record<string, number>>;
  /** Memory of the node that nobody touched, in MiB: in the third minute, and in the last half; undefined in a run too short to say. */
  readonly memory: { readonly early: number; readonly late: number } | undefined;
}

const FRONTS = ['n5g-eir', 's13', 'gsup'] as const;
const NAMES = ['a', 'b', 'c'] as const;
const MEBIBYTE = 1024 * 1024;
const WARM_MILLISECONDS = 120_000;
const LEVEL_MILLISECONDS = 30_000;
const MEMORY_MILLISECONDS = 1000;

/** One run: three nodes, a client on each front of each, changes, disturbances; at the end everything is asked once more. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { milliseconds, every, checksPerSecond, postgres } = options;
  const run = await prepared(options);
  const { model, tally, driver, population, askings, kept, killed, rolled, disturbances, chance } = run;
  const begun = Date.now();
  let isStopped = false;
  const isOver = () => isStopped || Date.now() - begun >= milliseconds;
  const memory: Sample[] = [];
  await Promise.all([
    driver.run(isOver),
    disturb(
      { killed, rolled, driver, model, postgres, chance, tell: options.tell },
      disturbances,
      every.disturbance,
      isOver,
    ),
    ...askings.map((asking) => asking.run(population, checksPerSecond / askings.length, isOver)),
    watchMemory(kept, memory, begun, isOver),
    tellLines(options, run, begun, isOver),
  ]).finally(() => {
    isStopped = true;
  });
  await pause(2 * LAG_MILLISECONDS);
  await Promise.all(
    askings.map(async (asking) => {
      for (const imei of [...PROBES, ...population.singles, ...population.filed]) await asking.ask(imei, undefined);
    }),
  );
  await driver.verify();
  if (run.hlr.asked > 0) tally.fault(`${run.hlr.asked} checks were left to the HLR`);
  const { counts, faults, refusals, latest, late } = tally;
  const level = memoryOf(memory, milliseconds);
  return { counts, faults, refusals, latest, late, disturbances: Object.fromEntries(disturbances), memory: level };
}

type Run = Awaited<ReturnType<typeof prepared>>;

/** Everything started; ended by `ending`. */
async function prepared({ ending, seed, lines, tell, data, postgres, every }: SoakOptions) {
  const model = new Model();
  const tally = new Tally(model, tell);
  const databaseUrl = postgres?.url('soak');
  const hlr = new FakeHlr();
  const settings = {
    ...{ ending, data, hlrPort: await hlr.listen(), s13Peers: NAMES.map((name) => `${name}.mme.test`) },
    env: databaseUrl === undefined ? {} : { ASSAY_DATABASE_URL: databaseUrl },
  };
  ending.after(() => hlr.close());
  const place = (name: (typeof NAMES)[number], more = {}) => new NodePlace(name, settings, more);
  const [kept, killed, rolled] = [place('a'), place('b'), place('c', { isShared: true })];
  for (const node of [kept, killed, rolled]) await node.start();
  const population = new Population(`${seed} asked`, 2 * lines);
  const driver = new Driver({
    ...{ data, databaseUrl, model, tally, chance: new Chance(`${seed} drawn`), everyMilliseconds: every.change },
    ...{ changes: new Changes(`${seed} changed`, model, population, lines), watched: kept.ports.n5gEir },
  });
  ending.after(() => driver.close());
  const nodes = [kept, killed, rolled];
  const askings = nodes.flatMap((node) => FRONTS.map((front) => new Asking(node, front, tally)));
  ending.after(() => {
    for (const asking of askings) asking.close();
  });
  const disturbances = new Map<Disturbance, number>();
  const chance = new Chance(`${seed} disturbed`);
  return { model, tally, hlr, kept, killed, rolled, nodes, population, driver, askings, disturbances, chance };
}

interface Sample {
  readonly at: number;
  readonly octets: number;
}

async function watchMemory(node: NodePlace, samples: Sample[], begun: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const octets = node.memory;
    if (octets !== undefined) samples.push({ at: Date.now() - begun, octets });
    await pause(MEMORY_MILLISECONDS);
  }
}

/** The level after two minutes and at the end, each the median of half a minute. */
function memoryOf(samples: readonly Sample[], milliseconds: number): SoakResult['memory'] {
  if (milliseconds < WARM_MILLISECONDS + 2 * LEVEL_MILLISECONDS) return undefined;
  const level = (from: number) => {
    const within = samples.filter(({ at }) => at >= from && at < from + LEVEL_MILLISECONDS);
    const sorted = within.map(({ octets }) => octets).toSorted((a, b) => a - b);
    return (sorted[sorted.length >> 1] ?? Number.NaN) / MEBIBYTE;
  };
  const [early, late] = [level(WARM_MILLISECONDS), level(milliseconds - LEVEL_MILLISECONDS)];
  return Number.isNaN(early) || Number.isNaN(late) ? undefined : { early, late };
}

async function tellLines(
  { tell, every }: SoakOptions,
  { tally, nodes, disturbances }: Run,
  begun: number,
  isOver: () => boolean,
): Promise<void> {
  for (let line = 1; !isOver(); line++) {
    while (!isOver() && Date.now() < begun + line * every.line) await pause(MEMORY_MILLISECONDS / 10);
    const { checks, wrong, unanswered, lost, changes, files, notMade } = tally.counts;
    const restarts = [...disturbances.values()].reduce((sum, count) => sum + count, 0);
    const memory = nodes.map(({ name, memory: octets }) => `${name} ${shown(octets)}`).join(', ');
    const seconds = Math.round((Date.now() - begun) / 1000);
    tell(
      `${seconds} s: ${checks} checks, ${wrong} wrong, ${unanswered} unanswered, ${lost} lost, ${changes} changes (${files} files, ` +
        `${notMade} not made), latest ${tally.latest} ms, ${restarts} restarts, MiB: ${memory}`,
    );
  }
}

const shown = (octets: number | undefined) => (octets === undefined ? '-' : (octets / MEBIBYTE).toFixed(0));
