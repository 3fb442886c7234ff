import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultLog } from './fault-log.ts';

test('a fault that goes on is told once a minute with how often it was, another one at once', () => {
  const lines: string[] = [];
  let now = 0;
  const tell = faultLog({ clock: { now: () => now }, warn: (text) => void lines.push(text) });
  for (let request = 0; request < 500; request++) tell(new Error('the database is away'));
  tell('something else');
  now = 60_000;
  tell(new Error('the database is away'));
  assert.deepEqual(lines, [
    'assay: the database is away\n',
    'assay: something else\n',
    'assay: the database is away (499 times more since it was told)\n',
  ]);
});
