// docs/interoperability.md and the tests it speaks of say the same: rows, versions, packages that CI installs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PEERS, peerTable } from './peers.ts';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('docs/interoperability.md shows the table of peers', () => {
  assert.ok(
    textOf('docs/interoperability.md').includes(`\n${peerTable(PEERS)}\n`),
    `docs/interoperability.md: expected this table, got another:\n${peerTable(PEERS)}`,
  );
});

test('every peer is named by each test of its row, and installed by .ci/run', () => {
  const words = new Set(
    textOf('.ci/run')
      .match(/^PACKAGES=\(\n([\s\S]*?)^\)/m)?.[1]
      ?.replaceAll(/#.*/g, '')
      .split(/\s+/),
  );
  for (const { program, package: name, tests, word } of PEERS) {
    assert.ok(words.has(name), `${program}: .ci/run does not install ${name}`);
    assert.ok(tests.length > 0);
    for (const path of tests) assert.ok(textOf(path).includes(word), `${program}: ${path} does not say ${word}`);
  }
});

for (const { program, package: name, version } of PEERS) {
  const { stdout, status } = spawnSync('dpkg-query', ['-W', '-f=\u0024{Version}', name], { encoding: 'utf8' });
  const isThere = status === 0 && stdout !== '';
  test(
    `${program}: the version of its row is the one the tests ran against`,
    {
      skip: isThere || process.env['CI'] ? false : `install the package ${name}`,
    },
    () => assert.match(stdout, new RegExp(`^${version.replaceAll('.', '\\.')}(?!\\d)`), `${name} ${stdout}`),
  );
}
