import assert from 'node:assert/strict';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { DAY, MINUTE, START } from '#test/operator/operator.ts';
import { openActivity } from './index.ts';

onBothDatabases(
  'what happens is counted in memory, written together, and added up over processes and lengths of time',
  (_context, open) => {
    const clock = manualScheduler(START);
    const { database } = open();
    const [one, other] = [
      openActivity({ database, clock, scheduler: clock }),
      openActivity({ database, clock, scheduler: clock }),
    ];
    one.add('answer.permitted', 3);
    one.add('answer.permitted');
    other.add('answer.permitted', 5);
    other.add('report.attested');
    assert.deepEqual(one.sums('minute', START, START + DAY), []);
    clock.advance(2000);
    const sum = (counter: string, number: number, from = START) => ({ from, counter, number });
    assert.deepEqual(one.sums('tenSeconds', START, START + DAY), [
      sum('answer.permitted', 9),
      sum('report.attested', 1),
    ]);
    clock.advance(MINUTE);
    one.add('answer.permitted');
    one.flush();
    assert.deepEqual(one.sums('minute', START + 1, START + DAY), [sum('answer.permitted', 1, START + MINUTE)]);
    assert.deepEqual(one.sums('hour', START, START + 1), [sum('answer.permitted', 10), sum('report.attested', 1)]);
  },
);

onBothDatabases(
  'what is too old for its length goes; longer ones stay; nothing is counted for nothing',
  async (_context, open) => {
    const clock = manualScheduler(START);
    const activity = openActivity({ database: open().database, clock, scheduler: clock });
    activity.add('answer.tracking', 2);
    activity.add('answer.prohibited', 0);
    activity.flush();
    clock.advance(4 * DAY);
    activity.add('answer.tracking');
    await activity.close();
    const since = (step: 'tenSeconds' | 'minute' | 'hour') =>
      activity.sums(step, START, START + 9 * DAY).map(({ number }) => number);
    assert.deepEqual([since('tenSeconds'), since('minute'), since('hour')], [[1], [1], [2, 1]]);
  },
);
