import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importViolations, KEY_ROOMS, RELAY, roomOf, waysInto } from './import-table.ts';
import { CODE_ENDINGS, filesBelow, houseSources, parseSources, report } from './source.ts';

/** The problems found in one sample file. */
function problems(path: string, text: string): string[] {
  return parseSources({ [path]: text })
    .flatMap(importViolations)
    .map(({ problem }) => problem);
}

test('every import of the house is one its table allows', () => {
  const sources = houseSources();
  assert.equal(sources.length, CODE_ENDINGS.flatMap((ending) => filesBelow(['src', 'test', 'bench'], ending)).length);
  const violations = sources.flatMap(importViolations);
  assert.equal(violations.length, 0, `\n${report(violations)}`);
});

test('the relay holds no keys: no import leads from the operating system to them', () => {
  const ways = waysInto(houseSources(), RELAY, KEY_ROOMS);
  assert.deepEqual(ways, [], ways.map((way) => way.join(' -> ')).join('\n'));
});

// [file, its text, what must be said]
const FORBIDDEN: readonly (readonly [string, string, string])[] = [
  ['src/base/codec/a.ts', "import { apdu } from '#protocol/apdu/index.ts';", 'base/codec may not import protocol/apdu'],
  ['src/protocol/sms/a.ts', "import '#handset/card/index.ts';", 'protocol/sms may not import handset/card'],
  [
    'src/protocol/sms/a.ts',
    "export * from '#operator/policy/index.ts';",
    'protocol/sms may not import operator/policy',
  ],
  [
    'src/handset/card/a.ts',
    "import { r } from '#operator/register/index.ts';",
    'handset/card may not import operator/register',
  ],
  [
    'src/operator/policy/a.ts',
    "import type { Card } from '#handset/card/index.ts';",
    'operator/policy may not import handset/card',
  ],
  ['src/operator/policy/a.ts', "type A = import('#lab/index.ts').A;", 'operator/policy may not import lab'],
  ['src/lab/fleet/a.ts', "import '#cli/main.ts';", 'lab/fleet may not import cli'],
  ['src/console/a.ts', "import '#base/codec/index.ts';", 'console may not import base/codec'],
  ['src/console/web/a.tsx', "import '#operator/api/index.ts';", 'console may not import operator/api'],
  ['src/console/web/a.tsx', "import 'node:path';", 'the page runs in a browser, which has no node:path'],
  ['src/console/web/a.tsx', "import '../index.ts';", 'the page and the program that serves it share no code'],
  ['src/console/a.ts', "import './web/main.tsx';", 'the page and the program that serves it share no code'],
  ['src/console/a.ts', "import { h } from 'preact';", 'package preact may not be used here'],
  ['src/operator/api/a.ts', "import '#console/index.ts';", 'operator/api may not import console'],
  ['src/handset/uicc/a.test.ts', "import '#operator/policy/index.ts';", 'handset/uicc may not import operator/policy'],
  [
    `src/${RELAY}/a.ts`,
    "import '#protocol/secure-channel/index.ts';",
    `${RELAY} may not import protocol/secure-channel`,
  ],
  [`src/${RELAY}/a.ts`, "import '#protocol/ota/index.ts';", `${RELAY} may not import protocol/ota`],
  [`src/${RELAY}/a.ts`, "import '#base/crypto/index.ts';", `${RELAY} may not import base/crypto`],
  [
    `src/${RELAY}/a.ts`,
    "const a = await import('#handset/storage-support/index.ts');",
    `${RELAY} may not import handset/storage-support`,
  ],
  [`src/${RELAY}/a.test.ts`, "import '#operator/policy/index.ts';", `${RELAY} may not import operator/policy`],
  [`src/${RELAY}/a.ts`, "import { createHmac } from 'node:crypto';", `${RELAY} may not use node:crypto`],
  ['src/protocol/sms/a.ts', "import { bits } from '#base/codec/number.ts';", 'import base/codec through its index.ts'],
  [
    'src/protocol/sms/a.ts',
    "import { bits } from '../../base/codec/index.ts';",
    'import another room as #base/codec/index.ts',
  ],
  ['src/protocol/sms/a.ts', "import { b } from '#protocol/sms/b.ts';", 'inside a room, import by a relative path'],
  [
    'src/handset/uicc/a.ts',
    "import { b } from './imei-lock/session.ts';",
    'import handset/uicc/imei-lock through its index.ts',
  ],
  ['test/story/a.test.ts', "import { b } from '#handset/uicc/files.ts';", 'import handset/uicc through its index.ts'],
  ['src/base/codec/a.ts', "import { loadVectors } from '#test/vectors.ts';", 'product code may not import test code'],
  ['src/base/codec/a.ts', "import './codec.test.ts';", 'product code may not import test code'],
  ['src/base/codec/a.ts', "import '../../../scripts/setup.ts';", 'scripts is not a room'],
  ['src/base/codec/a.ts', "import { readFileSync } from 'node:fs';", 'base/codec may not use node:fs'],
  ['src/operator/audit/a.ts', "import { createHash } from 'crypto';", 'operator/audit may not use node:crypto'],
  ['src/lab/a.ts', "import { spawn } from 'node:child_process';", 'lab may not use node:child_process'],
  ['src/lab/a.ts', "import { Command } from 'commander';", 'package commander may not be used here'],
  ['src/base/codec/a.ts', "import fc from 'fast-check';", 'package fast-check may not be used here'],
  [
    'src/base/codec/a.test.ts',
    "import { API } from 'typescript/unstable/sync';",
    'package typescript may not be used here',
  ],
  ['src/cli/a.ts', "import x from '@scope/unknown/deep';", 'package @scope/unknown may not be used here'],
  ['src/cli/a.ts', 'const a = await import(name);', 'imports a computed name: nobody can check it'],
  [
    'src/protocol/sms/a.ts',
    "new Worker(new URL('../../lab/w.ts', import.meta.url));",
    'protocol/sms may not import lab',
  ],
];

for (const [path, text, expected] of FORBIDDEN) {
  test(`it can fail: ${path}: ${text}`, () => {
    const found = problems(path, text);
    assert.equal(found.length, 1, `expected one violation, found ${found.length}`);
    assert.ok(found[0]?.endsWith(expected), found[0]);
  });
}

const ALLOWED: readonly (readonly [string, string])[] = [
  ['src/protocol/sms/a.ts', "import { bits } from '#base/codec/index.ts';\nimport { b } from './b.ts';"],
  ['src/handset/uicc/a.ts', "import { lock } from './imei-lock/index.ts';"],
  ['src/handset/uicc/imei-lock/a.ts', "import type { Application } from '#handset/uicc/application.ts';"],
  [`src/${RELAY}/a.ts`, "import '#protocol/usat/index.ts';\nimport '#handset/connector/index.ts';"],
  [`src/${RELAY}/a.test.ts`, "import '#handset/card/index.ts';\nimport { spawn } from 'node:child_process';"],
  ['src/cli/main.ts', "import { Command } from 'commander';\nimport '#lab/index.ts';\nimport 'node:os';"],
  [
    'src/console/web/part/a.tsx',
    "import { h } from 'preact';\nimport '../style/base.css';\nimport { b } from './b.tsx';",
  ],
  ['src/lab/fleet/a.ts', "import './b.ts'; import '#lab/network/index.ts';"],
  ['src/base/codec/a.test.ts', "import fc from 'fast-check';\nimport { loadVectors } from '#test/vectors.ts';"],
  [
    'src/base/codec/a.ts',
    "// import '#lab/index.ts'\nconst a = \"import '#lab/index.ts'\"; const r = /import '#lab\\/i'/;",
  ],
];

for (const [path, text] of ALLOWED) {
  test(`it does not fail without a reason: ${path}: ${text.replaceAll('\n', ' ')}`, () => {
    assert.deepEqual(problems(path, text), []);
  });
}

test('it says where and why', () => {
  const found = parseSources({ 'src/base/codec/a.ts': "\n\nimport '#lab/index.ts';" }).flatMap(importViolations);
  assert.equal(report(found), 'src/base/codec/a.ts:3 imports #lab/index.ts: base/codec may not import lab');
});

test('a way to the keys through an allowed room is found; a way of types alone is none', () => {
  const sample = (kind: string) => ({
    [`src/${RELAY}/a.ts`]: "import '#handset/connector/index.ts';",
    'src/handset/connector/index.ts': "export { b } from './b.ts';",
    'src/handset/connector/b.ts': `import ${kind} { s } from '#protocol/secure-channel/index.ts';`,
    'src/protocol/secure-channel/index.ts': 'export const s = 1;',
  });
  assert.deepEqual(waysInto(parseSources(sample('')), RELAY, KEY_ROOMS), [
    [
      `src/${RELAY}/a.ts`,
      'src/handset/connector/index.ts',
      'src/handset/connector/b.ts',
      'src/protocol/secure-channel/index.ts',
    ],
  ]);
  assert.deepEqual(waysInto(parseSources(sample('type')), RELAY, KEY_ROOMS), []);
});

test('rooms: one folder, but the IMEI lock is a room inside a room', () => {
  assert.equal(roomOf('src/base/codec/tlv.ts'), 'base/codec');
  assert.equal(roomOf('src/operator/register/fronts/s13.ts'), 'operator/register');
  assert.equal(roomOf('src/handset/uicc/imei-lock/session.ts'), 'handset/uicc/imei-lock');
  assert.equal(roomOf('src/lab/attacker/replay.ts'), 'lab/attacker');
  assert.equal(roomOf('test/story/a.test.ts'), 'test');
});
