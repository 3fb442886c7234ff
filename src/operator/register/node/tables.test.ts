import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IntervalIndex } from './interval-index.ts';
import { imsiNumber, ProofReader, type ProofStanding, ProofTable } from './proof-table.ts';
import { LIST_TAG, type ListedRange, RangeReader, rangeTable } from './range-table.ts';

const interval = fc
  .tuple(fc.nat(60), fc.nat(20), fc.constantFrom<ListedRange['list']>('black', 'grey', 'white'))
  .map(([first, width, list]): ListedRange => ({ first, last: first + width, list }));

/** What the table must say, straight from its definition. */
function deciding(ranges: readonly ListedRange[], number: number): number {
  const holding = ranges.filter(({ first, last }) => first <= number && number <= last);
  const narrowest = Math.min(...holding.map(({ first, last }) => last - first));
  const tags = holding.filter(({ first, last }) => last - first === narrowest).map(({ list }) => LIST_TAG[list]);
  return Math.max(0, ...tags);
}

test('property: the range table names the narrowest range, the most severe of equals, for every number', () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (ranges) => {
      const reader = new RangeReader(rangeTable(ranges));
      for (let number = 0; number < 85; number++)
        assert.equal(reader.lookup(number), deciding(ranges, number), `${number}`);
    }),
    { numRuns: 1000 },
  );
});

test('a country of nested ranges is swept in one pass', () => {
  const ranges = Array.from({ length: 20_000 }, (_, i): ListedRange => ({ first: i, last: 1e9 - i, list: 'grey' }));
  const reader = new RangeReader(rangeTable([...ranges, { first: 5e8, last: 5e8, list: 'black' }]));
  assert.deepEqual([reader.lookup(5e8), reader.lookup(5e8 + 1), reader.lookup(2e9)], [3, 2, 0]);
});

test('property: the interval index finds exactly the intervals that hold a number', () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (ranges) => {
      const index = new IntervalIndex(ranges.map((range) => ({ ...range, value: range })));
      for (let number = 0; number < 85; number += 3)
        assert.deepEqual(
          new Set(index.holding(number)),
          new Set(ranges.filter(({ first, last }) => first <= number && number <= last)),
        );
    }),
    { numRuns: 500 },
  );
});

const standing: fc.Arbitrary<ProofStanding> = fc
  .record({
    provedImei: fc.option(fc.nat(99_999_999_999_999), { nil: undefined }),
    isRefuted: fc.boolean(),
    isPairingLocked: fc.boolean(),
  })
  .map((value) => ({ ...value }));
const imsi = fc.stringMatching(/^\d{6,15}$/);

test('property: the proof table is a map of IMSIs, leading zeros and lengths included, for the writer and for readers, also when it grows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(imsi, standing), { maxLength: 60 }), (entries) => {
      const model = new Map<string, ProofStanding>();
      let table = ProofTable.forSubscribers(1);
      for (const [digits, value] of entries) {
        model.set(digits, value);
        assert.ok(table.set(imsiNumber(digits), value));
        if (entries.length % 7 === 0) table = table.grown();
      }
      const reader = new ProofReader(table.handle);
      assert.equal(table.size, model.size);
      for (const [digits, value] of model) assert.deepEqual(reader.standing(imsiNumber(digits)), value);
      assert.equal(reader.standing(imsiNumber('99999')), undefined);
    }),
    { numRuns: 300 },
  );
});

test('a full table says so and keeps what it has', () => {
  const table = ProofTable.forSubscribers(1);
  const value = { provedImei: 1, isRefuted: false, isPairingLocked: false };
  let count = 0;
  while (table.set(imsiNumber(String(100_000 + count)), value)) count++;
  assert.ok(count > 500 && count === table.size);
  assert.ok(table.set(imsiNumber('100000'), { ...value, provedImei: 2 }));
  assert.equal(table.standing(imsiNumber('100000'))?.provedImei, 2);
});
