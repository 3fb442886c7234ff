import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DistinctCount } from './distinct-count.ts';

const counted = (numbers: Iterable<number>) => {
  const count = new DistinctCount();
  for (const number of numbers) count.add(number);
  return count;
};

function* range(first: number, length: number) {
  for (let number = first; number < first + length; number++) yield number;
}

test('nothing is 0, one is 1, the same again is still 1 and says so', () => {
  const count = new DistinctCount();
  assert.equal(count.estimate(), 0);
  assert.equal(count.add(1_001010000000001), true);
  assert.equal(count.add(1_001010000000001), false);
  assert.equal(count.estimate(), 1);
});

for (const length of [10, 65, 200, 700, 5000, 100_000, 1_000_000])
  test(`${length} subscribers one after another are counted to a quarter at worst, to 10 % on average`, () => {
    const firsts = length > 100_000 ? [1e15] : [1e15, 1_262010000000000, 1_310410123450000, 1_001010000000000, 7];
    const errors = firsts.map((first) => Math.abs(counted(range(first, length)).estimate() / length - 1));
    assert.ok(Math.max(...errors) < 0.25, `errors ${errors}`);
    assert.ok(errors.reduce((sum, error) => sum + error, 0) / errors.length < 0.1, `errors ${errors}`);
  });

test('of two counts the estimate is that of their union, in any order and however often', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), fc.array(fc.maxSafeNat()), (one, other) => {
      const together = counted([...other, ...one, ...one]).estimate();
      assert.equal(counted(one).estimate(counted(other)), together);
      assert.equal(counted(other).estimate(counted(one)), together);
    }),
  );
});
