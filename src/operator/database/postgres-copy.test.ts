import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Parameter } from './database.ts';
import { copyBlocks, copyLine } from './postgres-copy.ts';

/** The text format as the manual of COPY describes it for who reads it. */
function readLine(line: string): (string | null)[] {
  assert.ok(line.endsWith('\n') && line.indexOf('\n') === line.length - 1 && !line.includes('\r'));
  const meant: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
  return line
    .slice(0, -1)
    .split('\t')
    .map((value) =>
      value === '\\N' ? null : value.replaceAll(/\\(.)/gs, (_all, escaped: string) => meant[escaped] ?? escaped),
    );
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0') && value.isWellFormed()),
  fc.string({ unit: fc.constantFrom('\\', 'N', '\t', '\n', '\r', '.', 'x', '"', ',', '\b', 'é') }),
);

test('property: whatever a row holds, its line is one line and says the same', () => {
  const value = fc.oneof(text, fc.constant(undefined), fc.maxSafeInteger(), fc.bigInt(), fc.boolean(), fc.uint8Array());
  const meaning = (given: Parameter) => {
    if (given === undefined || given === null) return null;
    if (given instanceof Uint8Array) return `\\x${Buffer.from(given).toString('hex')}`;
    return String(typeof given === 'boolean' ? Number(given) : given);
  };
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (row) => {
      assert.deepEqual(readLine(copyLine(row)), row.map(meaning));
    }),
  );
});

test('a NULL and the text \\N, an empty text, the end marker \\. stay what they are', () => {
  assert.deepEqual(
    [[undefined], ['\\N'], [''], ['\\.'], ['a\tb\nc\rd\\']].map((row) => copyLine(row)),
    ['\\N\n', '\\\\N\n', '\n', '\\\\.\n', 'a\\tb\\nc\\rd\\\\\n'],
  );
});

test('blocks hold every row once, in order, and end by rows or by length', () => {
  const rows = Array.from({ length: 25_000 }, (_, i) => [i, 'note']);
  const blocks = [...copyBlocks(rows)];
  assert.deepEqual(
    blocks.map((block) => block.rows.length),
    [10_000, 10_000, 5000],
  );
  assert.deepEqual(
    blocks.flatMap((block) => block.rows),
    rows,
  );
  assert.equal(blocks.map((block) => block.text).join(''), rows.map(copyLine).join(''));
  const long = Array.from({ length: 6 }, (_, i) => [i, 'x'.repeat(2 << 20)]);
  assert.deepEqual(
    [...copyBlocks(long)].map((block) => block.rows.length),
    [2, 2, 2],
  );
  assert.deepEqual([...copyBlocks([])], []);
});

test('what cannot be kept exactly, and a row beyond any measure, is refused', () => {
  for (const value of ['a\0b', '\ud800']) assert.throws(() => copyLine([value]), /Unicode without U\+0000/);
  assert.throws(() => copyLine([1, 'x'.repeat(64 << 20)]), /expected at most 67108864 characters/);
});
