import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  ambient,
  brokenLinks,
  facelessRooms,
  idleVectors,
  LONGEST_FUNCTION_LINES,
  longFunctions,
  printing,
  spokenLiterals,
  undocumented,
  unfinished,
  untyped,
} from './house-rules.ts';
import {
  filesBelow,
  houseSources,
  parseSources,
  ROOT,
  readText,
  report,
  type Source,
  type Violation,
} from './source.ts';

const CODE = ['src', 'test', 'bench', 'scripts', 'bin'];

function none(violations: readonly Violation[]): void {
  assert.equal(violations.length, 0, `\n${report(violations)}`);
}

/** What a rule says about one sample file: `line problem`. */
function said(rule: (source: Source) => readonly Violation[], path: string, text: string): string[] {
  return parseSources({ [path]: text })
    .flatMap(rule)
    .map(({ line, problem }) => `${line} ${problem}`);
}

/** A file of the house as a link finds it. */
function linked(path: string): string | undefined {
  const full = join(ROOT, path);
  if (!existsSync(full)) return undefined;
  return statSync(full).isDirectory() ? '' : readText(path);
}

test('no any, no cast through unknown', () => {
  none(houseSources().flatMap(untyped));
});

test('it can fail: no any, no cast through unknown', () => {
  assert.deepEqual(said(untyped, 'src/base/a.ts', 'let a: number;\nlet b: readonly any[];'), [
    '2 any: say the type, or unknown and check it',
  ]);
  assert.deepEqual(said(untyped, 'src/base/a.ts', 'const a = b as unknown as Uint8Array;'), [
    '1 as unknown as: a cast that hides a wrong type',
  ]);
  const excuse = '// biome-ignore lint/suspicious/noExplicitAny:';
  assert.deepEqual(said(untyped, 'src/base/a.ts', `${excuse} JSON of many shapes\nlet b: any;\n// any "any"`), []);
  assert.equal(said(untyped, 'src/base/a.ts', `${excuse}\nlet b: any;`).length, 1);
});

test('nothing is left unfinished', () => {
  const paths = CODE.flatMap((folder) =>
    ['.ts', '.tsx', '.mjs', '.js'].flatMap((ending) => filesBelow([folder], ending)),
  );
  assert.ok(paths.length >= houseSources().length);
  none(paths.flatMap((path) => unfinished({ path, text: readText(path) })));
});

test('it can fail: nothing is left unfinished', () => {
  for (const word of ['TO_DO', 'FIX_ME', 'X_X_X'].map((parts) => parts.replaceAll('_', ''))) {
    const found = unfinished({ path: 'src/a.ts', text: `const a = 1;\n// ${word}: later` });
    assert.equal(report(found), `src/a.ts:2 ${word}: finish it, or file it elsewhere`);
  }
  assert.deepEqual(unfinished({ path: 'src/a.ts', text: '// SW 61XX; AXXXB' }), []);
});

test('every export of product code has a docstring', () => {
  none(houseSources().flatMap(undocumented));
});

test('it can fail: every export of product code has a docstring', () => {
  const problem = ' is exported without a docstring';
  const declarations = [
    'export function a() {}',
    'export async function a() {}',
    'export interface a {}',
    'export class a {}',
    'export abstract class a {}',
    'export type a = 1;',
    'export const a = 1;',
    'function a() {}\nexport { a };',
    'const a = 1;\nexport { a as b };',
    '// a comment\nexport const a = 1;',
    '/** */\nexport const a = 1;',
    '/* a comment */\nexport const a = 1;',
    '/** Of something else. */\nconst b = 1;\n\nexport const a = 1;',
    '/** Of something else. */\nfunction b() {}\nexport const a = 1;',
    'const b = 1;\nexport const a = 1;',
    '/** Too early. */\n// between\nexport const a = 1;',
  ];
  for (const text of declarations) {
    const found = said(undocumented, 'src/base/codec/a.ts', text);
    assert.equal(found.length, 1, text);
    assert.ok(found[0]?.endsWith(` a${problem}`), found[0]);
  }
  const fine = [
    ...declarations.slice(0, 9).map((text) => `/** It says so. */\n${text}`),
    '/** Both. */\nexport function a(b: string): void;\nexport function a(b: number): void;\nexport function a() {}',
    'const a = 1;',
    '/** A group. */\nexport const a = 1;\nexport const b = 2;\nexport const c = 3;',
    "export { a } from './a.ts';",
  ];
  for (const text of fine) assert.deepEqual(said(undocumented, 'src/base/codec/a.ts', text), [], text);
});

test('every room begins with three lines: what it is, its standard, what it must never do', () => {
  none(facelessRooms(houseSources()));
});

test('it can fail: every room begins with three lines: what it is, its standard, what it must never do', () => {
  const face = '// Octets.\n// Standard: none.\n// Must never: lie.\n';
  const judge = (texts: Record<string, string>) => facelessRooms(parseSources(texts)).map(({ path }) => path);
  assert.deepEqual(judge({ 'src/base/codec/index.ts': face, 'src/base/codec/a.ts': '', 'src/cli/main.ts': '' }), []);
  assert.deepEqual(judge({ 'src/base/codec/a.ts': '' }), ['src/base/codec/index.ts']);
  for (const text of ['', '// Octets.\n// Must never: lie.\n', face.replace('never', 'always'), `\n${face}`]) {
    assert.deepEqual(judge({ 'src/base/codec/index.ts': text }), ['src/base/codec/index.ts']);
  }
});

test('time and chance come through ports', () => {
  none(houseSources().flatMap(ambient));
});

test('it can fail: time and chance come through ports', () => {
  const forbidden = [
    'Date.now()',
    'new Date()',
    'new Date',
    'Date()',
    'Math.random()',
    'performance.now()',
    'process.hrtime.bigint()',
    'randomBytes(16)',
    'c.randomFillSync(a)',
    'crypto.getRandomValues(a)',
    "generateKeyPairSync('ec')",
  ];
  for (const text of forbidden) {
    assert.equal(said(ambient, 'src/operator/policy/a.ts', `const a = ${text};`).length, 1, text);
    assert.deepEqual(said(ambient, 'src/base/port/a.ts', `const a = ${text};`), []);
  }
  assert.deepEqual(said(ambient, 'src/lab/a.ts', 'const a = new Date(clock.now()); // not Date.now()'), []);
});

test('only what speaks to a person prints', () => {
  none(houseSources().flatMap(printing));
});

test('it can fail: only what speaks to a person prints', () => {
  assert.equal(said(printing, 'src/operator/api/a.ts', "console.error('a');").length, 1);
  for (const path of ['src/cli/a.ts', 'src/lab/a.ts', 'bench/a.ts']) {
    assert.deepEqual(said(printing, path, "console.log('a');"), []);
  }
});

test('no component has words of its own', () => {
  none(houseSources().flatMap(spokenLiterals));
});

test('it can fail: no component has words of its own', () => {
  const judge = (text: string) => said(spokenLiterals, 'src/console/web/part/a.tsx', text);
  assert.equal(judge('const a = <p>Hello</p>;').length, 1);
  assert.equal(judge('const a = <p title="Été">{t("a.b")}</p>;').length, 1);
  assert.equal(judge('const a = <p aria-label="Close" />;').length, 1);
  assert.deepEqual(judge('const a = <p class="soft" title={t("a.b")}>{t("a.c")}: …</p>;'), []);
});

test(`a function is at most ${LONGEST_FUNCTION_LINES} lines`, () => {
  none(houseSources().flatMap(longFunctions));
});

test(`it can fail: a function is at most ${LONGEST_FUNCTION_LINES} lines`, () => {
  const lines = (count: number): string => 'a();\n'.repeat(count);
  const judge = (text: string) => said(longFunctions, 'src/base/codec/a.ts', text);
  assert.deepEqual(judge(`function f() {\n${lines(LONGEST_FUNCTION_LINES - 2)}}`), []);
  assert.deepEqual(judge(`\nfunction f() {\n${lines(LONGEST_FUNCTION_LINES - 1)}}`), [
    '2 a function of 61 lines; at most 60 fit a screen',
  ]);
  assert.deepEqual(
    judge(`function f() {\nconst g = () => {\n${lines(40)}};\nconst h = {\nm() {\n${lines(40)}} };\n}`),
    [],
  );
  assert.equal(judge(`function f() {\nconst g = () => {\n${lines(70)}};\n}`).length, 1);
});

test('every family of vectors is loaded by a test', () => {
  const families = filesBelow(['test'], '.json')
    .filter((path) => path.startsWith('test/vectors/'))
    .map((path) => path.slice('test/vectors/'.length, -'.json'.length));
  assert.ok(families.length > 0);
  none(idleVectors(families, houseSources()));
});

test('it can fail: every family of vectors is loaded by a test', () => {
  const sample = parseSources({
    'src/a.test.ts': "loadVectors('kdf'); // loadVectors('sms')",
    'src/b.ts': "loadVectors('sms')",
  });
  assert.equal(report(idleVectors(['kdf', 'sms'], sample)), "test/vectors/sms.json:1 no test calls loadVectors('sms')");
});

test('every relative link of the documents leads somewhere', () => {
  none(filesBelow(['.'], '.md').flatMap((path) => brokenLinks(path, readText(path), linked)));
});

test('it can fail: every relative link of the documents leads somewhere', () => {
  const files: Record<string, string> = { 'docs/b.md': '# One two: three', 'docs/a.md': '## Here', src: '' };
  const judge = (text: string) => report(brokenLinks('docs/a.md', text, (path) => files[path]));
  const good = '[b](b.md) [b](./b.md#one-two-three) [h](#here) [s](../src) [w](https://example.org/x) `[c](d.md)`';
  assert.equal(judge(good), '');
  assert.equal(judge('a\n\n[c](c.md)'), 'docs/a.md:3 the link c.md leads to no file');
  assert.equal(judge('a\n[b](b.md#four)'), 'docs/a.md:2 the link b.md#four leads to no heading');
  assert.equal(judge('[r]: ../gone.md'), 'docs/a.md:1 the link ../gone.md leads to no file');
  assert.equal(judge('```\n[c](c.md)\n```\n[d](d.md)'), 'docs/a.md:4 the link d.md leads to no file');
});
