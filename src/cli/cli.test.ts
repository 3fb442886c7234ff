import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromHex, toHex } from '#base/codec/index.ts';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { Workshop } from '#lab/workshop/index.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const STOLEN_LIST = fileURLToPath(new URL('../../data/stolen-list.csv', import.meta.url));

const assay = (data: string, ...args: readonly string[]) => assayIn(data, args);

/** `assay operator serve` in a process of its own, on free ports. */
async function serving(
  data: string,
): Promise<{ readonly child: ChildProcess; readonly air: string; readonly page: string }> {
  const ports = ['--http-port', '0', '--smpp-port', '0', '--air-port', '0', '--abroad-port', '0'];
  const child = spawn(process.execPath, [MAIN, 'operator', 'serve', '--json', '--data', data, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const where = (JSON.parse(text) as { serving: Record<string, string> }).serving;
  return { child, air: where['home network (air)'] ?? '', page: where['console'] ?? '' };
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

/** A handset in a process of its own, as a user runs it. */
async function handset(data: string, air: string, ...args: readonly string[]) {
  const [uicc = ''] = readdirSync(join(data, 'uicc'));
  const parts = [
    '--uicc',
    uicc.replace('.card', ''),
    '--support',
    'A1A2A3A4A5A6A7A8',
    '--imei',
    '35674108990011',
    '--air',
    air,
  ];
  const child = spawn(
    process.execPath,
    [MAIN, 'handset', 'run', '--json', '--stay', '1', '--data', data, ...parts, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  const status = await ended(child);
  return { status, ...(JSON.parse(text) as { service: boolean; emergencyCall?: { kind: string } }) };
}

test('the parts apart: operator, factory, card shop and handset, each in its own process; killed and restarted, nothing is missing', async (context) => {
  const data = dataDirectory(context);
  assert.equal(
    (await assay(data, 'factory', 'provision', '--imei', '356741089900111', '--identity', 'A1A2A3A4A5A6A7A8', '--yes'))
      .status,
    0,
  );
  assert.equal(
    (await assay(data, 'uicc', 'personalise', '--imsi', '001010000000020', '--msisdn', '99970000020')).status,
    0,
  );
  for (const file of [
    join(data, 'factory', 'maker.key'),
    ...readdirSync(join(data, 'uicc')).map((name) => join(data, 'uicc', name)),
  ])
    assert.equal(statSync(file).mode & 0o077, 0, `${file} is its owner's alone`);
  const first = await serving(data);
  const honest = await handset(data, first.air, '--trigger', 'call', '--trace', join(data, 'boot.trace'));
  assert.deepEqual([honest.status, honest.service], [0, true]);
  const blocked = await assay(
    data,
    'ota',
    'send',
    'block',
    '--imsi',
    '001010000000020',
    '--reason',
    'stolen',
    '--case',
    'T-1',
  );
  assert.equal(blocked.status, 0, blocked.err);
  first.child.kill('SIGKILL');
  await ended(first.child);
  const second = await serving(data);
  context.after(() => second.child.kill('SIGKILL'));
  const page = (await (await fetch(`${second.page}api/v1/outbox`)).json()) as object;
  assert.ok(JSON.stringify(page).includes('T-1'), 'the order that was acknowledged is there');
  // The order reaches the UICC while it is on; from then on it refuses AUTHENTICATE.
  const told = await handset(data, second.air, '--emergency', '--stay', '3');
  assert.deepEqual([told.status, told.service, told.emergencyCall?.kind], [1, false, 'connected']);
  const asked = await assay(data, 'ota', 'list', '--json');
  assert.ok(
    (JSON.parse(asked.out) as { order: string; state: string }[]).some(
      ({ order, state }) => order === 'block' && state === 'acknowledged',
    ),
    asked.out,
  );
  assert.equal((await assay(data, 'audit', 'verify')).status, 0);
  const ladder = await assay(data, 'trace', join(data, 'boot.trace'));
  assert.match(ladder.out, /101 {2}UICC \(31\).*MUTUAL AUTHENTICATE/);
  second.child.kill('SIGTERM');
  assert.equal(await ended(second.child), 0);
});

test('remote management: a file of a UICC written and read over the air, and a script of card management', async (context) => {
  const data = dataDirectory(context);
  const imsi = '001010000000020';
  await assay(data, 'factory', 'provision', '--imei', '356741089900111', '--identity', 'A1A2A3A4A5A6A7A8', '--yes');
  await assay(data, 'uicc', 'personalise', '--imsi', imsi, '--msisdn', '99970000020');
  const keys = JSON.parse((await assay(data, 'uicc', 'keys', '8988211000000000201', '--json')).out) as object;
  assert.deepEqual(Object.keys(keys), ['aid', 'key version', 'Key-ENC', 'Key-MAC', 'Key-DEK']);
  const { child, air } = await serving(data);
  context.after(() => child.kill('SIGKILL'));
  const staying = handset(data, air, '--stay', '8');
  const ota = (...args: readonly string[]) => assay(data, 'ota', ...args, '--imsi', imsi, '--reason', 'care');
  const name = '004173736179';
  assert.equal((await ota('file', 'update', '--file', '6F46', '--content', '00,41')).status, 2);
  assert.equal((await ota('file', 'update', '--file', '6F46', '--content', name, '--yes')).out, 'done\n');
  const read = await ota('file', 'read', '--file', '6F46');
  assert.deepEqual([read.status, read.out.startsWith(name)], [0, true]);
  const missing = await ota('file', 'read', '--file', '6FFF');
  assert.equal(missing.status, 1);
  assert.match(missing.out, /6A82 {2}no such file/);
  const script = await ota('script', '--tar', '000000', '--apdu', '80F28002024F0000,80E60200010000', '--json', '--yes');
  const { state, answers } = JSON.parse(script.out) as { state: string; answers: readonly { status: string }[] };
  assert.deepEqual([script.status, state, answers.map(({ status }) => status)], [1, 'acknowledged', ['9000', '6A81']]);
  const compact = await ota('script', '--tar', 'B00000', '--apdu', '00A4000C022FE2', '--format', 'compact', '--yes');
  assert.match(compact.out, /acknowledged[\s\S]*1 {2}9000 {2}done/);
  const rotated = await assay(data, 'uicc', 'keys', 'rotate', '--imsi', imsi, '--reason', 'yearly', '--wait', '5');
  assert.match(rotated.out, /brings generation 1 to 8988211000000000201; it is acknowledged/);
  assert.equal((await ota('file', 'read', '--file', '6F46')).out, read.out, 'under the new keys');
  const policy = ['policy', '--terminal-cannot-prove', 'block', '--wait', '5'];
  assert.match((await ota(...policy)).out, /terminal cannot prove +permit +block[\s\S]*It is acknowledged/);
  assert.equal((await ota(...policy)).status, 2, 'the UICC has it already');
  assert.match(
    (await ota('script', '--tar', '000000', '--apdu', '80CA004200', '--wait', '0', '--yes')).out,
    /: queued/,
  );
  assert.equal((await staying).service, true);
  assert.match((await assay(data, 'uicc', 'status', '8988211000000000201')).out, /terminal cannot prove +block/);
});

test('lists and the register: import with a bad line by its number, check, explain', async (context) => {
  const data = dataDirectory(context);
  const imported = await assay(data, 'list', 'import', STOLEN_LIST, '--list', 'black');
  assert.equal(imported.status, 0);
  assert.match(imported.out, /line 7|7: /);
  const check = await assay(data, 'imei', 'check', '35332510990022', '--json');
  assert.equal(check.status, 1);
  assert.match(check.out, /prohibited/i);
  assert.equal((await assay(data, 'imei', 'check', '35674108990011')).status, 0);
  assert.match((await assay(data, 'imei', 'explain', '35332510990022')).out, /black/);
});

const WRONG: readonly (readonly [string, readonly string[]])[] = [
  ['an unknown command', ['nonsense']],
  ['an IMEI too short', ['imei', 'check', '123']],
  [
    'an IMEI of a list with a wrong check digit',
    ['list', 'add', '356741089900119', '--list', 'black', '--reason', 'lost'],
  ],
  ['a port that is none', ['operator', 'serve', '--http-port', '99999']],
  [
    'an operating system that is none',
    ['handset', 'run', '--uicc', '8988211000000000201', '--imei', '35674108990011', '--os', 'none'],
  ],
  [
    'a fraud without the IMEI it lies with',
    ['handset', 'run', '--uicc', '8988211000000000201', '--imei', '35674108990011', '--os', 'forges-imei'],
  ],
  ['an order that is none', ['ota', 'send', 'explode', '--imsi', '001010000000020', '--reason', 'x']],
  ['an order to nobody', ['ota', 'send', 'block', '--imsi', '001010000000099', '--reason', 'x']],
  ['triplets of nobody', ['uicc', 'triplets', '001010000000099']],
  [
    'a script to nobody',
    ['ota', 'script', '--imsi', '001010000000099', '--tar', '000000', '--apdu', '80CA004200', '--reason', 'x'],
  ],
  [
    'a script that is no commands',
    ['ota', 'script', '--imsi', '001010000000099', '--tar', '000000', '--apdu', 'XY', '--reason', 'x'],
  ],
  ['a file that is none', ['ota', 'file', 'read', '--imsi', '001010000000099', '--file', '6F4', '--reason', 'x']],
  ['keys of a card that nobody issued', ['uicc', 'keys', '8988211000000000201']],
  ['a SUCI that is none', ['uicc', 'reveal', '0100']],
  ['a routing indicator that is none', ['uicc', 'personalise', '--routing-indicator', '12a']],
  ['a card that is not there', ['uicc', 'status', '8988211000000000201']],
  ['a trace that is none', ['trace', STOLEN_LIST]],
  ['a support identity that is none', ['factory', 'verify', 'xyz']],
];
for (const [name, args] of WRONG) {
  test(`wrong use: ${name} ends with status 2 and says what was expected`, async (context) => {
    const { status, err } = await assay(dataDirectory(context), ...args);
    assert.equal(status, 2, err);
    assert.match(err, /expected|unknown|no such|error:/);
    assert.doesNotMatch(err, /\n {4}at /);
  });
}

test('a card with every choice of its identity and algorithms; the SUCI that it tells is revealed', async (context) => {
  const data = dataDirectory(context);
  const made = await assay(
    ...[data, 'uicc', 'personalise', '--imsi', '001010000000023', '--msisdn', '99970000023', '--algorithm', 'xor'],
    ...['--gsm-algorithm', 'comp128v3', '--ind-bits', '3', '--sqn-delta', '0', '--sqn-age-limit', '9'],
    ...['--suci', 'profile-b', '--suci-by', 'usim', '--routing-indicator', '17'],
  );
  assert.equal(made.status, 0, made.err);
  const file = new Workshop(data, { random: systemRandom, clock: systemClock }).openUicc('8988211000000000235');
  file.card.reset();
  file.card.transmit(fromHex('00A4040407A000000087100200'));
  const answer = toHex(file.card.transmit(fromHex('8078000100'))).slice(0, -4);
  file.close();
  const revealed = await assay(data, 'uicc', 'reveal', answer, '--json');
  assert.deepEqual(JSON.parse(revealed.out), {
    ...{ imsi: '001010000000023', iccid: '8988211000000000235', msisdn: '99970000023' },
  });
  const triplets = await assay(data, 'uicc', 'triplets', '001010000000023', '--count', '2');
  assert.match(triplets.out, /^(001010000000023:[0-9A-F]{16}:[0-9A-F]{8}:[0-9A-F]{32}\n){2}$/);
  const changed = answer.slice(0, -1) + (answer.endsWith('0') ? '1' : '0');
  const none = await assay(data, 'uicc', 'reveal', changed);
  assert.equal(none.status, 1);
  assert.match(none.err, /no SUCI that was made with a key of this operator/);
});

test('every command has help with examples', async (context) => {
  const data = dataDirectory(context);
  for (const args of [
    ['demo'],
    ['operator', 'serve'],
    ['list', 'import'],
    ['imei', 'check'],
    ['factory', 'provision'],
    ['uicc', 'personalise'],
    ['handset', 'run'],
    ['ota', 'send'],
    ['ota', 'script'],
    ['ota', 'file', 'update'],
    ['uicc', 'keys', 'show'],
    ['trace'],
  ]) {
    const { status, out } = await assay(data, ...args, '--help');
    assert.equal(status, 0);
    assert.match(out, /Examples:\n {2}/, args.join(' '));
  }
});

test('the demonstration: seven verdicts as expected, again on a second start', async (context) => {
  const data = dataDirectory(context);
  for (let start = 0; start < 2; start++) {
    const child = spawn(process.execPath, [MAIN, 'demo', '--once', '--data', data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    assert.equal(await ended(child), 0, text.slice(-3000));
    assert.equal(text.match(/^ {2}ok /gm)?.length, 7);
  }
  assert.equal(readFileSync(join(data, 'operator', 'master.key')).length > 0, true);
});

test('lists are generated as numbered runs, whole and as deltas, and written again', async (context) => {
  const data = dataDirectory(context);
  const add = (imei: string) => assay(data, 'list', 'add', imei, '--list', 'black', '--reason', 'stolen');
  const generate = (folder: string, ...more: readonly string[]) =>
    assay(data, 'list', 'generate', join(data, folder), '--operator', 'one', ...more);
  assert.match((await generate('no', '--base', '1')).err, /--base 1: expected the number of a run/);
  assert.equal((await assay(data, 'list', 'runs')).out, 'no runs\n');
  await add('35332510990022');
  assert.match((await generate('a')).out, /^run 1, the first run: no deltas: .*listgen__20261124_000000\n/);
  await add('35342009123450');
  const second = await generate('b', '--imei-digits', '15');
  assert.match(second.out, /^run 2, deltas from run 1: /);
  assert.match(second.out, /20261124_000000_blacklist\.csv +2\n/);
  const text = (folder: string, name: string) =>
    readFileSync(join(data, folder, 'listgen__20261124_000000', `20261124_000000_${name}.csv`), 'utf8');
  assert.equal(
    text('b', 'blacklist_delta_1_2_blocked'),
    'imei,block_date,reasons\r\n353420091234503,20261124,stolen\r\n',
  );
  const again = await generate('a', '--run', '1');
  assert.deepEqual([again.status, /is there already; .* --run 1/.test(again.err)], [2, true]);
  assert.equal((await generate('c', '--run', '1')).status, 0);
  assert.equal(text('c', 'blacklist'), text('a', 'blacklist'));
  assert.match((await generate('d', '--run', '1', '--base', '2')).err, /base 2: expected a run before 1/);
  assert.match((await generate('e', '--operator', '../x', '--run', '1')).err, /operator: expected 1 to 32 letters/);
  const { runs } = JSON.parse((await assay(data, 'list', 'runs', '--json')).out) as {
    runs: readonly { run: number }[];
  };
  assert.deepEqual(
    runs.map(({ run }) => run),
    [2, 1],
  );
});
