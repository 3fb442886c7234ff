import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressSender, TokenBuckets } from './token-bucket.ts';

test('a burst, then so many a second; the answer says when there is enough', () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 2 }, 10);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => buckets.take('a', 0)),
    [0, 0, 0, 1],
  );
  assert.equal(buckets.take('a', 500), 0);
  assert.equal(buckets.take('a', 500), 1);
  assert.equal(buckets.take('b', 500), 0);
  assert.equal(buckets.take('a', 10_000, 3), 0);
  assert.equal(buckets.take('a', 10_000, 1000), 2);
  assert.equal(buckets.take('a', 11_500, 1000), 0);
});

test('property: nobody gets more than burst and rate allow, whatever the clock does', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: -500, max: 2000 }), fc.integer({ min: 1, max: 5 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const buckets = new TokenBuckets({ burst: 5, perSecond: 3 }, 4);
      let [now, risen, taken] = [0, 0, 0];
      for (const [step, cost] of list) {
        now += step;
        risen += Math.max(0, step);
        if (buckets.take('a', now, cost) === 0) taken += cost;
      }
      assert.ok(taken <= 5 + (risen * 3) / 1000 + 1e-6);
    }),
  );
});

test('a flood of senders takes no more memory, and the one unused longest goes first', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001 }, 100);
  buckets.take('attacker', 0);
  for (let sender = 0; sender < 1000; sender++) {
    buckets.take(`s${sender}`, 0);
    assert.notEqual(buckets.take('attacker', 0), 0);
  }
  assert.equal(buckets.size, 100);
});

for (const [address, sender] of [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['::', '0:0:0:0'],
  [undefined, 'unknown'],
] as const)
  test(`${address} is sender ${sender}`, () => assert.equal(addressSender(address), sender));
