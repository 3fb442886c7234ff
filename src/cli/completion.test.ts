import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SETTING_NAMES } from '#operator/register/index.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';
import { linesOf, missing, offeredBy } from './shells.fixture.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A directory with a completion script, two cards and two files; and what the shell offers there. */
async function completing(context: TestContext, shell: (typeof SHELLS)[number]) {
  const data = dataDirectory(context);
  const script = join(data, `completion.${shell}`);
  const { out, status } = await assayIn(data, ['completion', shell]);
  assert.equal(status, 0);
  writeFileSync(script, out);
  mkdirSync(join(data, 'uicc'));
  mkdirSync(join(data, 'factory', 'supports'), { recursive: true });
  for (const card of ['uicc/8988211000000000201', 'uicc/8988211000000000219', 'factory/supports/A1A2A3A4A5A6A7A8'])
    writeFileSync(join(data, `${card}.card`), '');
  writeFileSync(join(data, 'list.csv'), '');
  writeFileSync(join(data, 'listing.txt'), '');
  return (line: string, env: NodeJS.ProcessEnv = { ASSAY_DATA: data }) =>
    offeredBy(shell, script, line.replaceAll('DATA', data), env).map((one) => one.replace(`${data}/`, ''));
}

// [line, what is offered]; the cursor is at its end.
const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['assay oper', ['operator']],
  ['assay list im', ['import']],
  ['assay list import --list ', ['black', 'grey', 'white']],
  ['assay list import --li', ['--limit', '--list']],
  ['assay list import x --list black --full --form', ['--format']],
  ['assay operator mode ', ['enforce', 'off', 'track']],
  ['assay register set ', [...SETTING_NAMES].sort()],
  ['assay handset run --os sk', ['skips-proof']],
  ['assay ota send un', ['unblock']],
  ['assay uicc status ', ['8988211000000000201', '8988211000000000219']],
  ['assay handset run --support ', ['A1A2A3A4A5A6A7A8']],
  ['assay --log-level tr', ['traffic']],
  ['assay completion ', ['bash', 'fish', 'zsh']],
];

for (const shell of SHELLS)
  test(`${shell} completes commands, options, choices, files and card numbers`, {
    skip: missing(shell),
  }, async (context) => {
    const offered = await completing(context, shell);
    for (const [line, words] of LINES) assert.deepEqual(offered(line), words, line);
    const files = offered('assay list import DATA/li');
    assert.deepEqual(files, ['list.csv', 'listing.txt'], files.join(' '));
    assert.deepEqual(offered('assay uicc profile show --data DATA ', {}), [
      '8988211000000000201',
      '8988211000000000219',
    ]);
    assert.ok(offered('assay ').includes('completion'));
  });

test('bash offers the choices of --option=value too', { skip: missing('bash') }, async (context) => {
  const offered = await completing(context, 'bash');
  assert.deepEqual(offered('assay list import --list = b'), ['black']);
  assert.deepEqual(offered('assay list import --list ='), ['black', 'grey', 'white']);
});

const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';
test('bash-completion finds the script where --help says to put it', {
  skip: existsSync(BASH_COMPLETION) || process.env['CI'] ? false : 'install the package bash-completion',
}, async (context) => {
  const data = dataDirectory(context);
  const folder = join(data, '.local/share/bash-completion/completions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'assay'), (await assayIn(data, ['completion', 'bash'])).out);
  const load = `source ${BASH_COMPLETION}; _completion_loader assay; complete -p assay`;
  const env = { PATH: process.env['PATH'], HOME: data };
  assert.deepEqual(linesOf('bash', ['--norc', '-c', `set +o posix; ${load} || true`], { env }), [
    'complete -F _assay assay',
  ]);
});

test('a shell without a completion is refused', async (context) => {
  const { status, err } = await assayIn(dataDirectory(context), ['completion', 'ksh']);
  assert.equal(status, 2);
  assert.match(err, /Allowed choices are bash, zsh, fish/);
});
