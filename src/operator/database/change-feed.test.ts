import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fixedClock } from '#base/port/index.ts';
import { openDatabase, temporaryDirectory, onBothDatabases as test } from '#test/operator/databases.ts';
import { changeFeed } from './index.ts';

function opened(context: TestContext) {
  const directory = temporaryDirectory(context);
  return [0, 1].map(() => {
    const { database } = openDatabase(context, { directory });
    return { database, feed: changeFeed(database, fixedClock(7)) };
  });
}

test('changes of two writers have numbers without a gap, in the order in which they became visible', (context) => {
  const [one, two] = opened(context);
  assert.ok(one && two);
  for (let i = 0; i < 5; i++) {
    one.feed.note({ kind: 'imei', key: `a${i}` });
    two.feed.note({ kind: 'imei', key: `b${i}`, lastKey: 'z', batch: 3 });
  }
  const seen = one.feed.after(0, 100);
  assert.deepEqual(
    seen.map(({ sequence }) => sequence),
    Array.from({ length: 10 }, (_, i) => i + 1),
  );
  assert.deepEqual(seen[1], { sequence: 2, kind: 'imei', key: 'b0', lastKey: 'z', batch: 3 });
  assert.deepEqual(seen[0], { sequence: 1, kind: 'imei', key: 'a0', lastKey: 'a0', batch: undefined });
  assert.deepEqual([two.feed.newest(), two.feed.after(8, 1).map(({ key }) => key)], [10, ['a4']]);
});

test('a number that was rolled back is given again: there is no gap to wait for', (context) => {
  const [one] = opened(context);
  assert.ok(one);
  one.feed.note({ kind: 'setting', key: 'mode' });
  assert.throws(() =>
    one.database.transaction(() => {
      one.feed.note({ kind: 'setting', key: 'lost' });
      throw new Error('stop');
    }),
  );
  one.feed.note({ kind: 'setting', key: 'kept' });
  assert.deepEqual(
    one.feed.after(0, 9).map(({ sequence, key }) => [sequence, key]),
    [
      [1, 'mode'],
      [2, 'kept'],
    ],
  );
});

test('pruned changes are gone, and the oldest one says who has to load everything anew', (context) => {
  const [one] = opened(context);
  assert.ok(one);
  assert.deepEqual([one.feed.oldest(), one.feed.newest()], [1, 0]);
  for (let i = 0; i < 10; i++) one.feed.note({ kind: 'pair', key: `${i}` });
  one.feed.prune(3);
  assert.deepEqual([one.feed.oldest(), one.feed.newest()], [8, 10]);
  one.feed.prune(0);
  assert.deepEqual([one.feed.oldest(), one.feed.newest()], [11, 10]);
});
