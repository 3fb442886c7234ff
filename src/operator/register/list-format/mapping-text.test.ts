import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mappingText, parseMapping } from './index.ts';

test('columns of a foreign file as a person says them', () => {
  const text =
    'imei=2,reason=why,date=3:DD.MM.YYYY,remove=5:deleted|withdrawn,ignore=1:H|T,header=no,separator=bar,expires=until';
  assert.deepEqual(parseMapping(text), {
    imei: 2,
    reason: 'why',
    date: { column: 3, pattern: 'DD.MM.YYYY' },
    remove: { column: 5, values: ['deleted', 'withdrawn'] },
    ignore: { column: 1, values: ['H', 'T'] },
    header: false,
    separator: '|',
    expires: { column: 'until' },
  });
  assert.equal(mappingText(parseMapping(text)), text);
});

for (const [text, expected] of [
  ['', /NAME=COLUMN .*, got ''/],
  ['imei', /NAME=COLUMN/],
  ['imei=', /NAME=COLUMN/],
  ['colour=2', /imei, lastImei, tac/],
  ['__proto__=2', /NAME=COLUMN/],
  ['constructor=2', /NAME=COLUMN/],
  ['imei=1,imei=2', /every name once, got 'imei again'/],
  ['imei=1,remove=2', /remove: expected COLUMN:WORD/],
  ['imei=1,header=maybe', /yes or no, got 'maybe'/],
  ['imei=1,separator=.', /comma, semicolon, tab, bar/],
  ['imei=1,separator=constructor', /comma, semicolon, tab, bar/],
] as const)
  test(`a mapping '${text}' is refused with what was expected`, () =>
    assert.throws(
      () => parseMapping(text),
      (error: unknown) => error instanceof RangeError && expected.test(error.message),
    ));

test('what no text says is said by none', () => {
  assert.equal(mappingText({ imei: 1, reason: { column: 2, values: { S: 'stolen' } } }), undefined);
  assert.equal(mappingText({ imei: '2' }), undefined, 'it would be read as a number');
  assert.equal(mappingText({ imei: 'a,b' }), undefined);
});

test('property: any text is a mapping that can be said again, or refused as a RangeError', () => {
  const name = fc.constantFrom('imei', 'tac', 'date', 'expires', 'remove', 'header', 'separator', 'x');
  const value = fc.oneof(fc.string(), fc.constantFrom('1', 'why', 'yes', 'no', 'tab', '2:DD.MM.YYYY', '3:a|b'));
  const text = fc.array(fc.tuple(name, value).map((pair) => pair.join('='))).map((parts) => parts.join(','));
  fc.assert(
    fc.property(fc.oneof(fc.string(), text), (written) => {
      try {
        const mapping = parseMapping(written);
        assert.deepEqual(parseMapping(mappingText(mapping) ?? ''), mapping);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
