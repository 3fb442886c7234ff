import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappingArgument } from './mapping-argument.ts';

test('columns of a foreign file as a person says them', () => {
  assert.deepEqual(
    mappingArgument(
      'imei=2,reason=why,date=3:DD.MM.YYYY,remove=5:deleted|withdrawn,ignore=1:H|T,header=no,separator=bar',
    ),
    {
      imei: 2,
      reason: 'why',
      date: { column: 3, pattern: 'DD.MM.YYYY' },
      remove: { column: 5, values: ['deleted', 'withdrawn'] },
      ignore: { column: 1, values: ['H', 'T'] },
      header: false,
      separator: '|',
    },
  );
  assert.deepEqual(mappingArgument('tac=TAC,expires=until'), { tac: 'TAC', expires: { column: 'until' } });
});

for (const [text, expected] of [
  ['', /NAME=COLUMN/],
  ['imei', /NAME=COLUMN/],
  ['imei=', /NAME=COLUMN/],
  ['colour=2', /imei, lastImei, tac/],
  ['__proto__=2', /NAME=COLUMN/],
  ['imei=1,remove=2', /COLUMN:WORD/],
  ['imei=1,header=maybe', /yes or no/],
  ['imei=1,separator=.', /comma, semicolon, tab, bar/],
  ['imei=1,separator=constructor', /comma, semicolon, tab, bar/],
] as const)
  test(`a mapping '${text}' is refused with what was expected`, () =>
    assert.throws(() => mappingArgument(text), expected));
