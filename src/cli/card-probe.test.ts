import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SAMPLE } from '#lab/workshop/index.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';

/** A command in this process: its status and what it printed. `typed` is its standard input. */
const assay = (data: string, typed: string, ...args: readonly string[]) =>
  assayIn(data, args, 'probe', {
    stdin: (async function* () {
      yield new TextEncoder().encode(typed);
    })(),
  });

test('a card probed: for people, as JSON, and compared with itself and with another', async (context) => {
  const data = dataDirectory(context);
  const shown = await assay(data, '', 'card', 'probe', '--files');
  assert.equal(shown.status, 0, shown.err);
  assert.match(shown.out, new RegExp(`ICCID +${SAMPLE.iccid.digits}\n`));
  assert.match(shown.out, /EF\.ICCID +2FE2 +transparent 10, SFI 02 +read: always, update: never/);
  assert.doesNotMatch(shown.out, new RegExp(SAMPLE.imsi.digits));
  const known = await assay(data, '', 'card', 'probe', '--json');
  const path = join(data, 'works.json');
  writeFileSync(path, known.out);
  const same = await assay(data, '', 'card', 'probe', '--compare', path);
  assert.deepEqual([same.status, same.out], [0, `Nothing is otherwise than in ${path}.\n`]);
  writeFileSync(path, known.out.replace('"recordLength":38', '"recordLength":39'));
  const other = await assay(data, '', 'card', 'probe', '--compare', path);
  assert.equal(other.status, 1);
  assert.match(other.out, /MF\/EF\.DIR +record length +39 +38\n\n1 difference\.\n$/);
});

test('booted with a terminal profile, the commands of the toolkit; as JSON too', async (context) => {
  const data = dataDirectory(context);
  const shown = await assay(data, '', 'card', 'probe', '--toolkit');
  assert.equal(shown.status, 0, shown.err);
  assert.match(shown.out, /Toolkit: .*\n {2}PROVIDE LOCAL INFORMATION +beyond capabilities +\{"information":"imei"\}/);
  const { toolkit } = JSON.parse((await assay(data, '', 'card', 'probe', '--toolkit', '--json')).out) as {
    toolkit: { name: string }[];
  };
  assert.deepEqual(
    toolkit.map(({ name }) => name).filter((name) => name === 'SEND SHORT MESSAGE'),
    ['SEND SHORT MESSAGE'],
    'what is beyond the terminal is not asked for again',
  );
});

test('a script of the shell: its result, its status, and the line that ends it', async (context) => {
  const data = dataDirectory(context);
  const done = await assay(data, 'select usim\nselect EF.AD\nread_binary_decoded\n', 'card', 'shell');
  assert.equal(done.status, 0, done.err);
  assert.match(done.out, /"networkCodeLength": 2/);
  const script = join(data, 'script');
  writeFileSync(script, 'select EF.DIR\nupdate_record 1 00\nselect MF\n');
  const refused = await assay(data, '', 'card', 'shell', '--script', script);
  assert.deepEqual([refused.status, refused.err], [1, 'line 2: refused by the card\n']);
  assert.doesNotMatch(refused.out, /MF \(3F00\)/);
  const further = await assay(data, '', 'card', 'shell', '--script', script, '--keep-going');
  assert.equal(further.status, 1);
  assert.match(further.out, /MF \(3F00\)/);
  const wrong = await assay(data, 'nonsense\n', 'card', 'shell');
  assert.deepEqual([wrong.status, wrong.err], [2, 'line 1: not understood\n']);
});

test('cards that cannot be reached: what to do, and a status for it', async (context) => {
  const data = dataDirectory(context);
  const socket = join(data, 'no-pcscd');
  for (const [args, status, words] of [
    [['--uicc', 'pcsc:Omnikey', '--pcscd', socket], 3, /no PC\/SC service listens on .*pcscd/],
    [['--uicc', `modem:${join(data, 'tty')}`], 3, /no such device/],
    [['--uicc', 'pcsc:'], 2, /expected a name after pcsc:/],
    [['--uicc', 'omnikey'], 2, /ICCID|digits/],
    [['--compare', join(data, 'none')], 3, /no such file/],
  ] as const) {
    const found = await assay(data, '', 'card', 'probe', ...args);
    assert.equal(found.status, status, found.err);
    assert.match(found.err, words);
  }
  const path = join(data, 'other.json');
  writeFileSync(path, '{"atr":"3B00"}');
  const other = await assay(data, '', 'card', 'probe', '--compare', path);
  assert.deepEqual([other.status, other.err], [2, `assay: ${path}: expected what 'assay card probe --json' wrote\n`]);
});
