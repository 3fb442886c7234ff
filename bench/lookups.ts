import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { seededRandom } from '#base/port/index.ts';
import { createEquipmentIndex, type EquipmentIndex, readSnapshot, writeSnapshot } from '#operator/register/index.ts';
import { binarySearch, chance, equipmentNumbers } from './equipment-numbers.ts';
import type { ChangingPlan } from './lookups-writer.ts';
import { type Bench, type BenchOptions, type Row, rates } from './measure.ts';

const MILLION = 1_000_000;
const QUESTIONS = MILLION;
const STEP = 1000;
/** A Set refuses more entries than 2^24. */
const MOST_IN_A_SET = 16 * MILLION;
const GOAL = '5.5 octets, 250 ns at 100 M (performance.md)';

interface Questions {
  readonly hits: Float64Array;
  readonly misses: Float64Array;
}

/** Held numbers, and numbers of the same TACs that are not held, in chance order. */
function questionsOf(held: Float64Array): Questions {
  const next = chance(7);
  const hits = Float64Array.from({ length: QUESTIONS }, () => held[Math.floor(next() * held.length)]!);
  const misses = new Float64Array(QUESTIONS);
  for (let i = 0; i < misses.length; ) {
    const near = held[Math.floor(next() * held.length)]!;
    const number = near - (near % 1e6) + Math.floor(next() * 1e6);
    if (binarySearch(held, number) < 0) misses[i++] = number;
  }
  return { hits, misses };
}

/** Asks the questions from one place up to another; gives something of every answer, so that none is left out as useless. */
type Asking = (questions: Float64Array, from: number, to: number) => number;

/**
 * A way to ask the next thousand of the questions, round and round. The loop over them is the way's own: called for each question from one
 * loop that serves several ways, none of them is compiled in, and each number is made an object, 60 to 90 ns that are none of the index's.
 */
function asking(questions: Float64Array, ask: Asking): () => void {
  let [at, sum] = [0, 0];
  return () => {
    sum = (sum + ask(questions, at, at + STEP)) | 0;
    at = (at + STEP) % questions.length;
  };
}

const lookingUp =
  (index: EquipmentIndex): Asking =>
  (questions, from, to) => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += index.lookup(questions[at]!);
    return sum;
  };

function lookingUpMany(index: EquipmentIndex): Asking {
  const tags = new Uint8Array(STEP);
  return (questions, from, to) => {
    index.lookupMany(questions.subarray(from, to), tags);
    return tags[0]!;
  };
}

const searching =
  (sorted: Float64Array): Asking =>
  (questions, from, to) => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += binarySearch(sorted, questions[at]!);
    return sum;
  };

const having =
  (set: ReadonlySet<number>): Asking =>
  (questions, from, to) => {
    let sum = 0;
    for (let at = from; at < to; at++) if (set.has(questions[at]!)) sum++;
    return sum;
  };

/** Takes numbers out and puts them in again: two changes each. */
const changing =
  (index: EquipmentIndex): Asking =>
  (questions, from, to) => {
    for (let at = from; at < to; at++) {
      index.remove(questions[at]!);
      index.set(questions[at]!, 3);
    }
    return 0;
  };

const changingSet =
  (set: Set<number>): Asking =>
  (questions, from, to) => {
    for (let at = from; at < to; at++) {
      set.delete(questions[at]!);
      set.add(questions[at]!);
    }
    return 0;
  };

const nanoseconds = (rate: number): string => `${Math.round(1e9 / (rate * STEP))} ns`;
const times = (rate: number, of: number): string => `${(rate / of).toFixed(1)} x`;
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

function collect(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

function setRow(label: string, held: Float64Array, questions: Questions, naive: number): Row {
  const before = collect();
  const set = new Set<number>();
  for (const number of held) set.add(number);
  const octets = (collect() - before) / held.length;
  const seen = rates({
    hit: asking(questions.hits, having(set)),
    miss: asking(questions.misses, having(set)),
    change: asking(questions.hits, changingSet(set)),
  });
  const result = `${octets.toFixed(2)} octets, hit ${nanoseconds(seen.hit)}, miss ${nanoseconds(seen.miss)}`;
  return {
    what: `${label}, Set of numbers`,
    result: `${result}, change ${nanoseconds(2 * seen.change)}`,
    ratio: times(seen.hit, naive),
  };
}

/** Lookups in this thread while another makes changes as fast as it can. */
async function whileChanging(index: EquipmentIndex, { hits, misses }: Questions) {
  const progress = new SharedArrayBuffer(16);
  const workerData: ChangingPlan = { handle: index.handle, progress, numbers: hits.slice(0, 100_000) };
  const writer = new Worker(new URL('./lookups-writer.ts', import.meta.url), { workerData });
  await once(writer, 'message');
  const [changes] = new Float64Array(progress, 8);
  const start = performance.now();
  // What is taken out and put in again may be missing at the moment: the test beside the index is about answers, this is about time.
  const seen = rates({
    hit: asking(hits.subarray(100_000), lookingUp(index)),
    miss: asking(misses, lookingUp(index)),
  });
  const [after] = new Float64Array(progress, 8);
  const rate = ((after ?? 0) - (changes ?? 0)) / (performance.now() - start);
  Atomics.store(new Int32Array(progress), 0, 1);
  await once(writer, 'exit');
  return { ...seen, changesASecond: Math.round(rate * 1000) };
}

async function snapshotRow(label: string, index: EquipmentIndex): Promise<Row> {
  const directory = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const path = join(directory, 'lists');
    const start = performance.now();
    await writeSnapshot(index, path, { sequence: 1 });
    const written = performance.now();
    const answer = await readSnapshot(path, { capacity: index.size });
    const read = performance.now();
    assert.ok(answer.kind === 'loaded' && answer.index.size === index.size);
    const size = `${Math.round(statSync(path).size / MILLION)} MB`;
    return {
      what: `${label}, snapshot of ${size}`,
      result: `written and flushed ${seconds(written - start)}, loaded ${seconds(read - written)}`,
      goal: 'loaded in 0.8 s at 100 M',
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function rowsOf(millions: number): Promise<readonly Row[]> {
  const label = `${millions} M`;
  const held = equipmentNumbers(millions * MILLION);
  const questions = questionsOf(held);
  const array = rates({
    hit: asking(questions.hits, searching(held)),
    miss: asking(questions.misses, searching(held)),
  });
  const index = createEquipmentIndex({ capacity: held.length, random: seededRandom('bench') });
  const start = performance.now();
  index.reserve(held.length);
  index.load(held, 3);
  const built = performance.now() - start;
  assert.equal(index.size, held.length);
  for (const number of questions.hits) assert.equal(index.lookup(number), 3);
  for (const number of questions.misses) assert.equal(index.lookup(number), 0);
  const seen = rates({
    hit: asking(questions.hits, lookingUp(index)),
    miss: asking(questions.misses, lookingUp(index)),
    manyHits: asking(questions.hits, lookingUpMany(index)),
    manyMisses: asking(questions.misses, lookingUpMany(index)),
    change: asking(questions.hits, changing(index)),
  });
  const busy = await whileChanging(index, questions);
  const single = `hit ${nanoseconds(seen.hit)}, miss ${nanoseconds(seen.miss)}, change ${nanoseconds(2 * seen.change)}`;
  const octets = (index.memory() / index.size).toFixed(2);
  return [
    {
      what: `${label}, equipment index`,
      result: `${octets} octets, ${single}`,
      ratio: times(seen.hit, array.hit),
      goal: GOAL,
    },
    {
      what: `${label}, a thousand at once`,
      result: `hit ${nanoseconds(seen.manyHits)}, miss ${nanoseconds(seen.manyMisses)}`,
      ratio: times(seen.manyHits, array.hit),
    },
    {
      what: `${label}, beside ${busy.changesASecond.toLocaleString('en-US')} changes a second`,
      result: `hit ${nanoseconds(busy.hit)}, miss ${nanoseconds(busy.miss)}`,
      ratio: times(busy.hit, array.hit),
      goal: GOAL,
    },
    {
      what: `${label}, sorted Float64Array, binary search`,
      result: `8.00 octets, hit ${nanoseconds(array.hit)}, miss ${nanoseconds(array.miss)}, change: made anew`,
      ratio: '1.0 x',
    },
    ...(held.length > MOST_IN_A_SET ? [] : [setRow(label, held, questions, array.hit)]),
    { what: `${label}, building the index`, result: seconds(built), goal: '12.8 s at 100 M (performance.md)' },
    await snapshotRow(label, index),
  ];
}

/** Lookups of equipment numbers among many. */
export const lookups: Bench = {
  name: 'lookups',
  what: 'equipment numbers looked up among n, 5,000 TACs (--full: among 100 M too; 3 GB, minutes)',
  async run({ isFull }: BenchOptions): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const millions of isFull ? [1, 10, 100] : [1, 10]) rows.push(...(await rowsOf(millions)));
    return rows;
  },
};
