import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const DOCUMENT = new URL('../../docs/requirements.md', import.meta.url);
const ROW = /^\| (R\d\d) \|.*\| (not built yet|\[[^\]]+\]\((?<path>[^)]+)\): "(?<name>.+)") \|$/;

/** What is wrong with a row: undefined when the test it names is there. */
function faultOf(line: string): string | undefined {
  const row = ROW.exec(line);
  if (row === null) return `no row of the table: ${line}`;
  const { path, name } = row.groups ?? {};
  if (path === undefined || name === undefined) return undefined;
  const file = new URL(path, DOCUMENT);
  if (!existsSync(file)) return `${row[1]}: no file ${path}`;
  return readFileSync(file, 'utf8').includes(name) ? undefined : `${row[1]}: no test "${name}" in ${path}`;
}

test('docs/requirements.md has every requirement R01 to R50 once, and every test it names exists', () => {
  const rows = readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .filter((line) => /^\| R\d\d /.test(line));
  const ids = rows.map((line) => line.slice(2, 5));
  assert.deepEqual(
    ids,
    Array.from({ length: 50 }, (_, i) => `R${String(i + 1).padStart(2, '0')}`),
  );
  assert.deepEqual(
    rows.map(faultOf).filter((fault) => fault !== undefined),
    [],
  );
});

test('it can fail: a row that names a test or a file that is not there', () => {
  const row = (path: string, name: string) => `| R01 | C1 | a | b | [x](${path}): "${name}" |`;
  assert.match(faultOf(row('../test/claims/none.test.ts', 'x')) ?? '', /no file/);
  assert.match(faultOf(row('../test/claims/claim-01.test.ts', 'no such test')) ?? '', /no test/);
  assert.match(faultOf('| R01 | broken') ?? '', /no row/);
});
