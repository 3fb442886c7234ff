import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { attachEquipmentIndex, createEquipmentIndex, type Tag } from '../equipment-index/index.ts';
import type { ImageChange } from './image.ts';
import { IndexCopies } from './index-copies.ts';
import { ImageLoader } from './loader.ts';

const index = (capacity: number) => createEquipmentIndex({ capacity, random: seededRandom('copies') });

test('property: a copy has what its original has, in whatever memory it is made, and readers of the original see no change', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom<Tag>(0, 1, 2, 3));
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 60 }), { maxLength: 6 }), (batches) => {
      const copies = new IndexCopies();
      const memories = new Set<SharedArrayBuffer>();
      const expected = new Map<number, Tag>();
      let current = index(1000);
      for (const batch of batches) {
        const before = attachEquipmentIndex(current.handle);
        const was = new Map(expected);
        const fresh = copies.copy(current, batch.length);
        for (const [number, tag] of batch) {
          fresh.set(number, tag);
          expected.set(number, tag);
        }
        const after = attachEquipmentIndex(fresh.handle);
        for (let number = 0; number <= 300; number++) {
          assert.equal(before.lookup(number), was.get(number) ?? 0);
          assert.equal(after.lookup(number), expected.get(number) ?? 0);
        }
        memories.add(current.handle.slots).add(fresh.handle.slots);
        copies.giveBack(current.handle);
        current = fresh;
      }
      assert.ok(memories.size <= 2, `${memories.size} memories`);
    }),
    { numRuns: 15 },
  );
});

test('memory that is too small for a copy is left, and memory that was larger keeps nothing of what stood there', () => {
  const copies = new IndexCopies();
  const small = index(1000);
  copies.giveBack(small.handle);
  const large = index(30_000_000);
  large.reserve(20_000_000);
  large.set(7, 3);
  const copy = copies.copy(large, 1000);
  assert.notEqual(copy.handle.slots, small.handle.slots);
  assert.deepEqual([copy.lookup(7), copy.size], [3, 1]);
  copies.giveBack(large.handle);
  const next = copies.copy(small, 1000);
  assert.equal(next.handle.slots, large.handle.slots);
  assert.deepEqual([next.lookup(7), next.size], [0, 0]);
  next.set(8, 2);
  assert.deepEqual([next.lookup(8), small.lookup(8)], [2, 0]);
});

onBothDatabases(
  'a file after the other: the lists change between two memories, however many files come',
  async (context) => {
    const { operator, register, clock } = testOperator(context);
    const memories = new Set<SharedArrayBuffer>();
    const heard = (change: ImageChange) => {
      if (change.part === 'exact') memories.add(change.value.slots);
    };
    const { database, subscribers } = operator;
    const sources = {
      ...register,
      database,
      subscribers,
      clock,
      random: seededRandom('files'),
      settled: async () => {},
    };
    const loader = new ImageLoader(sources, heard);
    loader.load();
    for (let file = 0; file < 6; file++) {
      const line = new TextEncoder().encode(`imei\n${testImei(file).equipment}\n`);
      await register.importList([line], { list: 'black', source: 'regulator', author: 'Ada', name: `${file}.csv` });
      loader.follow();
      await new Promise((resolve) => setImmediate(resolve));
      const exact = attachEquipmentIndex(loader.parts.exact);
      for (let i = 0; i < 6; i++) assert.equal(exact.lookup(testImei(i).number), i <= file ? 3 : 0);
    }
    assert.equal(memories.size, 2);
  },
);
