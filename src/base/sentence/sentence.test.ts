import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sentences } from './index.ts';

const english = sentences({
  tooLong: 'expected at most {most} digits, got {came}',
  empty: 'expected a line, got none',
});

test('a sentence has a code, values, and words in English', () => {
  const said = english.say('tooLong', { most: 15, came: 17 });
  assert.deepEqual(said, { code: 'tooLong', values: { most: 15, came: 17 } });
  assert.equal(english.words(said), 'expected at most 15 digits, got 17');
  assert.equal(english.words(english.say('empty')), 'expected a line, got none');
  assert.equal(
    english.words([english.say('empty'), said]),
    'expected a line, got none expected at most 15 digits, got 17',
  );
  assert.deepEqual(english.codes, ['tooLong', 'empty']);
  assert.equal(english.has('empty') && !english.has('toString'), true);
});

test('what stands in a sentence is never read as a sentence: braces and dollars in it stay', () => {
  fc.assert(
    fc.property(fc.string(), (came) => {
      assert.equal(english.words(english.say('tooLong', { most: 1, came })), `expected at most 1 digits, got ${came}`);
    }),
  );
});

test('a value that an older record does not have stays visible by its name', () => {
  assert.equal(english.words({ code: 'tooLong', values: { most: 1 } }), 'expected at most 1 digits, got {came}');
});

test('a value that is a code is said in words, and stays the code', () => {
  const { say, words } = sentences(
    { lockIs: 'the lock is {lock}', count: '{lock} of {most}' },
    { lock: { off: 'switched off' } },
  );
  const said = say('lockIs', { lock: 'off' });
  assert.deepEqual([words(said), said.values], ['the lock is switched off', { lock: 'off' }]);
  assert.equal(words(say('count', { lock: 'other', most: 3 })), 'other of 3');
});
