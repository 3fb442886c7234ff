import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { seededRandom } from '#base/port/index.ts';
import { createEquipmentIndex } from './equipment-index.ts';
import { type EquipmentNumber, type Tag, unmix } from './equipment-number.ts';
import { attachEquipmentIndex } from './equipment-reader.ts';
import { SHARD_SPAN } from './shard.ts';
import { type EquipmentIndexHandle, keyOf, PAGES } from './shared.ts';

// This file is also the readers' thread. The writer changes two shards only, so that its changes meet the readers' searches as often as can be.
interface Plan {
  readonly handle: EquipmentIndexHandle;
  /** Word 0: the last round that is done; word 1: not 0 when the readers shall end; word 2: readers at work. */
  readonly progress: SharedArrayBuffer;
  /** Held with tag 2 all the time. */
  readonly steady: Float64Array;
  /** Never held. */
  readonly absent: Float64Array;
  /** Held with the round's tag, which is none in every fourth. */
  readonly turning: Float64Array;
}
interface Seen {
  readonly checks: number;
  readonly rounds: number;
  readonly wrong: readonly string[];
}

const DONE = 0;
const END = 1;
const READY = 2;
const MILLISECONDS = 1000;
const tagOf = (round: number): Tag => (round & 3) as Tag;

function read({ handle, progress: memory, steady, absent, turning }: Plan): Seen {
  const progress = new Int32Array(memory);
  const reader = attachEquipmentIndex(handle);
  const wrong: string[] = [];
  const rounds = new Set<number>();
  const many = new Uint8Array(steady.length);
  let checks = 0;
  Atomics.add(progress, READY, 1);
  for (let i = 0; Atomics.load(progress, END) === 0 && wrong.length < 10; i++) {
    const held = reader.lookup(steady[i % steady.length]!);
    if (held !== 2) wrong.push(`steady ${held}`);
    const none = reader.lookup(absent[i % absent.length]!);
    if (none !== 0) wrong.push(`absent ${none}`);
    const before = Atomics.load(progress, DONE);
    const tag = reader.lookup(turning[i % turning.length]!);
    const after = Atomics.load(progress, DONE);
    // Everything from the last round done before the question to the one under way after it.
    const possible = Array.from({ length: Math.min(4, after - before + 2) }, (_, later) => tagOf(before + later));
    if (!possible.includes(tag)) wrong.push(`turning ${tag}, possible ${possible}`);
    rounds.add(before);
    if (i % 1000 === 0) {
      reader.lookupMany(steady, many);
      if (!many.every((one) => one === 2)) wrong.push('steady, many at once');
    }
    checks += 3;
  }
  return { checks, rounds: rounds.size, wrong };
}

/** Numbers of shards 5 and 6, spread over them, in three parts. */
function numbersOf(handle: EquipmentIndexHandle, count: number): EquipmentNumber[] {
  const key = keyOf(new Int32Array(handle.control));
  const found: EquipmentNumber[] = [];
  for (let place = 0; found.length < count; place = (place + 21_235_345_021) % SHARD_SPAN) {
    const number = unmix((5 + (found.length & 1)) * SHARD_SPAN + place, key);
    if (number < 1e14) found.push(number);
  }
  return found;
}

if (!isMainThread) parentPort?.postMessage(read(workerData));
else
  test('one writes, two read: no wrong answer while entries move and shards grow', async () => {
    const index = createEquipmentIndex({ capacity: 20_000_000, random: seededRandom('threads') });
    const numbers = numbersOf(index.handle, 12_000);
    const part = (which: number, length: number) =>
      Float64Array.from(numbers.filter((_, i) => (i >> 1) % 4 === which)).slice(0, length);
    const plan: Plan = {
      handle: index.handle,
      progress: new SharedArrayBuffer(12),
      steady: part(0, 400),
      absent: part(1, 400),
      turning: part(2, 100),
    };
    const filling = part(3, numbers.length);
    index.load(plan.steady, 2);
    const progress = new Int32Array(plan.progress);
    const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { workerData: plan }));
    const answers = Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as Seen));
    while (Atomics.load(progress, READY) < workers.length) await new Promise((resolve) => setTimeout(resolve, 5));
    const end = performance.now() + MILLISECONDS;
    let round = 0;
    for (; performance.now() < end; round++) {
      for (const number of plan.turning) index.set(number, tagOf(round + 1));
      // Growth is spread over the rounds; before and after, entries come and go.
      const next = filling[round % filling.length]!;
      if (index.set(next, 3) === 'unchanged') index.remove(next);
      Atomics.store(progress, DONE, round + 1);
    }
    Atomics.store(progress, END, 1);
    for (const { checks, rounds, wrong } of await answers) {
      assert.deepEqual(wrong, []);
      assert.ok(checks > 1000 && rounds > 10, `${checks} checks over ${rounds} rounds`);
    }
    assert.ok(new Int32Array(index.handle.control)[PAGES + 5]! > 6, 'shard 5 has grown several times');
    await Promise.all(workers.map((worker) => worker.terminate()));
  });
