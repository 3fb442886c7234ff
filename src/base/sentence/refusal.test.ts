import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RefusalError, refusals } from './index.ts';

const digits = refusals({
  tooMany: ['at most {most} digits', '{came}', 'leave out {over}'],
  none: ['a digit', 'nothing', 'type one'],
});

test('a refusal is three texts in English, and one code with the values of all three', () => {
  const values = { most: 15, came: 17, over: 2 };
  assert.deepEqual(digits.say('tooMany', values), {
    ...{ expected: 'at most 15 digits', got: '17', advice: 'leave out 2' },
    said: { code: 'tooMany', values },
  });
  assert.deepEqual(digits.say('none').said, { code: 'none', values: {} });
  assert.deepEqual(digits.codes, ['tooMany', 'none']);
});

test('an error says the three and what it is about, and is a RangeError', () => {
  const error = new RefusalError(digits.say('none'), 'IMEI');
  assert.equal(error.message, 'IMEI: expected a digit, got nothing; type one');
  assert.ok(error instanceof RangeError && error.about === 'IMEI' && error.refusal.said.code === 'none');
});

test('what came is never read as words: braces, dollars and names of members stay', () => {
  fc.assert(
    fc.property(fc.string(), (came) => {
      assert.equal(digits.say('tooMany', { most: 1, came, over: 0 }).got, came);
    }),
  );
});
