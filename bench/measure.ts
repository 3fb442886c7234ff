/** A line of a bench's table. */
export interface Row {
  readonly what: string;
  /** Rate or size, with its unit. */
  readonly result: string;
  /** How many times the naive way of the same run. */
  readonly ratio?: string;
  /** The limit or goal, and where it comes from. */
  readonly goal?: string;
}

/** A bench: measured side by side in one run. */
export interface Bench {
  readonly name: string;
  readonly what: string;
  run(options: BenchOptions): readonly Row[] | Promise<readonly Row[]>;
}

/** What a run was asked for beside names. */
export interface BenchOptions {
  /** The sizes that take gigabytes and minutes as well. */
  readonly isFull: boolean;
}

const ROUNDS = 5;
const ROUND_MILLISECONDS = 250;

/** A way is warm when two rounds in a row were hardly faster than the best before them; a whole handset takes V8 a second or two. */
const HARDLY_FASTER = 1.05;
const MOST_WARM_UP_ROUNDS = 10;

/** Times a second each way runs: warmed up, then in turns, so that drift of the machine hits all alike; the median of the rounds. */
export function rates<N extends string>(ways: Readonly<Record<N, () => void>>): Readonly<Record<N, number>> {
  const names = Object.keys(ways) as N[];
  const seen = new Map<N, number[]>(names.map((name) => [name, []]));
  for (const name of names) warmUp(ways[name]);
  for (let round = 0; round < ROUNDS; round++) for (const name of names) seen.get(name)?.push(rate(ways[name]));
  // Object.fromEntries forgets the names, which are those of `ways`.
  return Object.fromEntries(names.map((name) => [name, median(seen.get(name) ?? [])])) as Record<N, number>;
}

/** Runs a way until V8 has compiled what it will compile. */
function warmUp(way: () => void): void {
  let best = 0;
  for (let round = 0, settled = 0; round < MOST_WARM_UP_ROUNDS && settled < 2; round++) {
    const now = rate(way);
    settled = now < HARDLY_FASTER * best ? settled + 1 : 0;
    best = Math.max(best, now);
  }
}

function rate(way: () => void): number {
  const start = performance.now();
  let times = 0;
  let elapsed = 0;
  do {
    for (let i = 0; i < 8; i++) way();
    times += 8;
    elapsed = performance.now() - start;
  } while (elapsed < ROUND_MILLISECONDS);
  return (times * 1000) / elapsed;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** A rate for people. */
export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en-US')} /s`;
/** A ratio for people. */
export const times = (value: number, naive: number): string => `${(value / naive).toFixed(1)} x`;
