import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { heapInUse } from '#test/heap.ts';
import { ImeiUse, kilometresBetween, MOST_EXACT } from './imei-use.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PERIOD = 120 * DAY;
const RULE = { milliseconds: 10 * MINUTE, speed: 1000 };
const [A, B, C] = [1, 2, 3];
const PARIS = { latitude: 48.8566, longitude: 2.3522 };
const LYON = { latitude: 45.764, longitude: 4.8357 };

/** A use of these sightings: subscriber, minute. */
function used(...sightings: readonly (readonly [number, number])[]): ImeiUse {
  const use = new ImeiUse();
  for (const [subscriber, minute] of sightings)
    use.see({ subscriber, at: minute * MINUTE, position: undefined }, PERIOD, RULE);
  return use;
}

test('the distance between two towns is that of the map', () => {
  assert.ok(Math.abs(kilometresBetween(PARIS, LYON) - 392) < 2);
  assert.equal(kilometresBetween(PARIS, PARIS), 0);
  const antipode = { latitude: -PARIS.latitude, longitude: PARIS.longitude - 180 };
  assert.ok(Math.abs(kilometresBetween(PARIS, antipode) - Math.PI * 6371) < 1);
});

for (const [what, sightings, conflicts] of [
  [
    'one subscriber',
    [
      [A, 0],
      [A, 1],
      [A, 2],
    ],
    0,
  ],
  [
    'a SIM that is changed',
    [
      [A, 0],
      [A, 1],
      [B, 2],
      [B, 3],
    ],
    0,
  ],
  [
    'another subscriber in between',
    [
      [A, 0],
      [B, 1],
      [A, 2],
    ],
    1,
  ],
  [
    'two handsets by turns',
    [
      [A, 0],
      [B, 1],
      [A, 2],
      [B, 3],
    ],
    2,
  ],
  [
    'a SIM that comes back the next day',
    [
      [A, 0],
      [B, 1],
      [A, 24 * 60],
    ],
    0,
  ],
  [
    'three handsets',
    [
      [A, 0],
      [B, 1],
      [C, 2],
      [A, 3],
      [B, 4],
    ],
    2,
  ],
  [
    'a sighting that comes late',
    [
      [A, 2],
      [B, 1],
      [A, 3],
    ],
    0,
  ],
] as const)
  test(`${what}: ${conflicts} conflicts of time (Q.5052 7.4)`, () => {
    assert.equal(used(...sightings).conflicts(0), conflicts);
  });

for (const [what, minutes, position, isConflict] of [
  ['an hour by train', 120, LYON, false],
  ['ten minutes to another town', 10, LYON, true],
  ['the same town at once', 0, { latitude: 48.9, longitude: 2.4 }, false],
] as const)
  test(`${what} ${isConflict ? 'is' : 'is not'} a conflict of place (Q.5052 7.4)`, () => {
    const use = new ImeiUse();
    use.see({ subscriber: A, at: 0, position: PARIS }, PERIOD, RULE);
    const seen = use.see({ subscriber: B, at: minutes * MINUTE, position }, PERIOD, RULE);
    assert.deepEqual([use.conflicts(0), seen], [Number(isConflict), true]);
  });

test('subscribers are counted exactly up to 64, within the period only', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: MOST_EXACT }), fc.nat(10_000))),
      fc.nat(10_000),
      (sightings, since) => {
        const inOrder = sightings.toSorted((a, b) => a[1] - b[1]);
        const expected = new Set(inOrder.filter(([, minute]) => minute >= since).map(([subscriber]) => subscriber));
        assert.equal(used(...inOrder).subscribers(since * MINUTE), expected.size);
      },
    ),
  );
});

test('beyond 64 they are estimated, and those of long ago are forgotten', () => {
  const use = used(...Array.from({ length: 1000 }, (_, number) => [number, number] as const));
  assert.equal(use.isExact, false);
  assert.ok(Math.abs(use.subscribers(0) / 1000 - 1) < 0.2, `${use.subscribers(0)}`);
  for (const day of [1, 61, 122, 183]) use.see({ subscriber: day, at: day * DAY, position: undefined }, PERIOD, RULE);
  assert.equal(use.subscribers(0), MOST_EXACT + 1, 'known to be many once, and few since');
});

test('64 of long ago make room for new ones without an estimate', () => {
  const use = used(...Array.from({ length: MOST_EXACT }, (_, number) => [number, 0] as const));
  use.see({ subscriber: 1000, at: PERIOD + MINUTE, position: undefined }, PERIOD, RULE);
  assert.deepEqual([use.isExact, use.subscribers(PERIOD)], [true, 1]);
});

test('the daily average is over days of use, from the fifth on (Q.5052 7.1.2)', () => {
  const day = (number: number, ...subscribers: readonly number[]) =>
    subscribers.map((subscriber, index) => [subscriber, number * 24 * 60 + index] as const);
  const four = [...day(1, 1, 2), ...day(2, 1, 2, 3), ...day(4, 1, 2), ...day(6, 1, 1, 1)];
  assert.equal(used(...four).dailyAverage(0), undefined);
  assert.equal(used(...four, ...day(7, 4, 5)).dailyAverage(0), 2);
  assert.equal(used(...four, ...day(7, 4, 5)).dailyAverage(5 * DAY), undefined);
});

test('a million subscribers of one IMEI take no more memory than a thousand', () => {
  const use = used(...Array.from({ length: 1000 }, (_, number) => [number, 0] as const));
  const before = heapInUse();
  for (let subscriber = 0; subscriber < 1_000_000; subscriber++)
    use.see({ subscriber: 1e15 + subscriber, at: subscriber, position: undefined }, PERIOD, RULE);
  assert.ok(Math.abs(use.subscribers(0) / 1_000_000 - 1) < 0.2, `${use.subscribers(0)}`);
  assert.ok(heapInUse() - before < 64 * 1024 * 1024);
});
