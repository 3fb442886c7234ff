import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assayIn, dataDirectory, worldOf } from './assay.fixture.ts';
import { examplesOf } from './leaf.ts';
import { allBelow, assayProgram } from './program.ts';
import { missing } from './shells.fixture.ts';

const page = async (data: string): Promise<string> => (await assayIn(data, ['man'])).out;

test('the manual page has every section, command, option and example', async (context) => {
  const text = await page(dataDirectory(context));
  const sections = [...text.matchAll(/^\.SH (.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(sections, [
    ...[
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'OPTIONS',
      'COMMANDS',
      'ENVIRONMENT',
      'FILES',
      'EXIT STATUS',
      'EXAMPLES',
      'SEE ALSO',
    ],
  ]);
  assert.match(text, /^\.TH ASSAY 1 2026-11-24 "Assay \d+\.\d+\.\d+"/);
  const readable = text.replaceAll(String.raw`\-`, '-');
  for (const command of allBelow(assayProgram(worldOf('/', 'man').io))) {
    if (command.commands.length > 0) continue;
    assert.ok(examplesOf(command).length > 0, command.name());
    for (const { long, hidden } of command.options)
      if (!hidden) assert.ok(readable.includes(long ?? ''), `${command.name()} ${long}`);
  }
});

test('every variable of the environment that the program reads is told', async (context) => {
  const names = new Set<string>();
  for (const file of ['io', 'leaf', 'data-directory', 'operator-serve', 'webhook', 'program'])
    for (const [, name = ''] of readFileSync(new URL(`./${file}.ts`, import.meta.url), 'utf8').matchAll(
      /env\['(ASSAY_[A-Z_]+|NO_COLOR|FORCE_COLOR)'\]/g,
    ))
      names.add(name);
  assert.ok(names.size >= 5);
  const text = await page(dataDirectory(context));
  for (const name of names) assert.ok(text.includes(name), name);
});

for (const [program, args] of [
  ['mandoc', ['-Tlint', '-Wwarning']],
  ['groff', ['-man', '-Tutf8', '-ww', '-z']],
] as const)
  test(`${program} has nothing to say against the manual page`, { skip: missing(program) }, async (context) => {
    const input = await page(dataDirectory(context));
    const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

test('groff shows it as people read it: options with their hyphens, quotes and dots as they are', {
  skip: missing('groff'),
}, async (context) => {
  const input = await page(dataDirectory(context));
  const { stdout } = spawnSync('groff', ['-man', '-Tutf8', '-P-c', '-P-b', '-P-o', '-P-u'], {
    input,
    encoding: 'utf8',
  });
  assert.match(stdout, /assay list import data\/stolen-list\.csv --list black --dry-run/);
  assert.match(stdout, /\n {7}assay \[options\] command \[arguments\]\n/);
});
