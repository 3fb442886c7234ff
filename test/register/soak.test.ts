import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryDirectory } from '#test/operator/operator.ts';
import { Ending } from './soak/ending.ts';
import { soak } from './soak/run.ts';

test('fifteen seconds of mixed load, nodes killed and rolled, the changing process killed: no answer wrong, none missing, no change lost', async (context) => {
  const ending = new Ending();
  context.after(() => ending.end());
  const { counts, faults, disturbances } = await soak({
    ...{ milliseconds: 15_000, seed: 'test', data: temporaryDirectory(context), ending, tell: () => {} },
    ...{ checksPerSecond: 300, lines: 600, every: { change: 50, disturbance: 1000, line: 60_000 } },
  });
  const { wrong, unanswered, lost, checks, changes, files } = counts;
  assert.deepEqual([wrong, unanswered, lost], [0, 0, 0], faults.join('\n'));
  assert.ok(checks > 2000 && changes > 50 && files > 0, JSON.stringify(counts));
  assert.ok(Object.keys(disturbances).length >= 4, JSON.stringify(disturbances));
});
