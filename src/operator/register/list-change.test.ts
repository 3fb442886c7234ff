import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isProhibiting, type ListChange, listChange, subjectText } from './list-change.ts';
import { LIST_REASONS, LISTS } from './list-entry.ts';
import { LIST_FORMATS } from './list-format/index.ts';
import { APPROVAL_RULES, UNKNOWN_ANSWERS } from './register-settings.ts';

const digits = (length: number) =>
  fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));
const text = fc.string({ maxLength: 200 });
const source = text.filter((name) => name.trim() !== '');
const list = fc.constantFrom(...LISTS);
const reason = fc.constantFrom(...LIST_REASONS);
const kind = fc.constantFrom('allow', 'lock');
const said = { source, note: text, caseReference: text };
const ordered = (length: number, first: string, last: string) =>
  fc.tuple(digits(length), digits(length)).map((two) => {
    const [low = '', high = ''] = two.toSorted();
    return { [first]: low, [last]: high };
  });
const imeis = ordered(14, 'first', 'last');
const imsis = ordered(15, 'firstImsi', 'lastImsi');
const expiry = fc.option(fc.record({ expiresAt: fc.maxSafeNat() }), { nil: {} });
const all = (...parts: readonly fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((made) => Object.assign({}, ...made) as object);
const is = (facts: object) => fc.constant(facts);

const file = all(
  is({ about: 'file' }),
  fc.record(
    {
      ...{
        sha256: fc.stringMatching(/^[0-9A-F]{64}$/),
        name: text,
        list,
        source,
        kind: fc.constantFrom('delta', 'full'),
      },
      ...{ format: fc.constantFrom(...LIST_FORMATS), mapping: fc.string({ maxLength: 4000 }), pairs: kind },
      ...{ lines: fc.constantFrom('add', 'remove', 'update'), lostZeros: fc.constantFrom(14, 15), reason },
      ...{ caseReference: text, expiresAt: fc.maxSafeNat(), added: fc.nat(), removed: fc.nat(), updated: fc.nat() },
      ...{ rules: fc.nat(), bad: fc.nat(), subscribersHit: fc.nat(), prohibiting: fc.nat() },
    },
    {
      requiredKeys: [
        ...['sha256', 'name', 'list', 'source', 'kind', 'added', 'removed', 'updated', 'rules', 'bad'],
        ...['subscribersHit', 'prohibiting'],
      ] as never[],
    },
  ),
);
const changes = fc.oneof(
  all(is({ about: 'imei', change: 'add' }), fc.record({ imei: digits(14), list, reason, ...said }), expiry),
  all(is({ about: 'imei', change: 'remove' }), fc.record({ imei: digits(14), list, source })),
  all(is({ about: 'range', change: 'add' }), imeis, fc.record({ list, reason, ...said }), expiry),
  all(is({ about: 'range', change: 'remove' }), imeis, fc.record({ list, source })),
  all(is({ about: 'pair', change: 'add' }), imeis, imsis, fc.record({ kind, ...said }), expiry),
  all(is({ about: 'pair', change: 'remove' }), imeis, imsis, fc.record({ kind, source })),
  file,
  all(
    is({ about: 'imsiDefault', change: 'add' }),
    fc.record({ prefix: digits(6), answer: fc.constantFrom(...UNKNOWN_ANSWERS), note: text }),
  ),
  all(is({ about: 'imsiDefault', change: 'remove' }), fc.record({ prefix: digits(5) })),
  all(
    is({ about: 'undo' }),
    fc.record({ batch: fc.nat(), name: text, list, source, leaving: fc.nat(), returning: fc.nat() }),
    fc.record({ restored: fc.nat(), rules: fc.nat(), prohibiting: fc.nat() }),
    fc.record({ subscribersHit: fc.nat(), subscribersFreed: fc.nat() }),
  ),
  all(
    is({ about: 'setting', name: 'approval' }),
    fc.record({ value: fc.constantFrom(...APPROVAL_RULES), before: fc.constantFrom(...APPROVAL_RULES) }),
  ),
);

test('property: a change is the same after it was kept', () => {
  fc.assert(
    fc.property(changes, (change) => {
      const kept: ListChange = listChange(JSON.parse(JSON.stringify(change)));
      assert.deepEqual(kept, change);
      assert.equal(typeof isProhibiting(kept), 'boolean');
      assert.equal(typeof subjectText(kept), 'string');
    }),
    { numRuns: 300 },
  );
});

test('property: anything else is refused with RangeError', () => {
  const onlyRangeError = (value: unknown) => {
    try {
      listChange(value);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  };
  fc.assert(fc.property(fc.anything(), onlyRangeError), { numRuns: 200 });
  fc.assert(
    fc.property(changes, fc.nat(30), fc.anything(), (change, place, value) => {
      const names = Object.keys(change);
      onlyRangeError({ ...change, [names[place % names.length] ?? '']: value });
    }),
    { numRuns: 500 },
  );
});

test('members that a change does not have are left out', () => {
  const change = { about: 'imei', change: 'remove', imei: '00888801000001', list: 'black', source: 'x' };
  assert.deepEqual(listChange({ ...change, approvedBy: 'Eve', author: 'Eve' }), change);
});
