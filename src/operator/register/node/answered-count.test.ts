import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnsweredCount } from './answered-count.ts';

test('what fronts answered since the last look is counted over all fronts, and a thread that died takes nothing back', () => {
  const counted: [string, number][] = [];
  const count = new AnsweredCount({ add: (counter, times = 1) => counted.push([counter, times]) });
  count.take({ answers: { s13: { permitted: 3 }, gsup: { permitted: 1, unknown: 2 } } });
  count.take({ answers: { s13: { permitted: 4 }, gsup: { permitted: 1, unknown: 2 } } });
  count.take({ answers: { gsup: { permitted: 2 } } });
  count.take({ answers: { gsup: { permitted: 5 } } });
  const sums = Map.groupBy(counted, ([counter]) => counter);
  const total = (name: string) => sums.get(name)?.reduce((sum, [, times]) => sum + times, 0);
  assert.deepEqual([total('answer.permitted'), total('answer.unknown')], [4 + 1 + 0 + 3, 2]);
});
