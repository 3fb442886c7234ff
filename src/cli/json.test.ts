import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import { digest, generateKeyPair, publicPoint } from '#base/crypto/index.ts';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { packageOf, unknown } from '#test/profile/package.ts';
import { assayIn, dataDirectory, worldOf } from './assay.fixture.ts';
import type { Io } from './io.ts';
import { allBelow, assayProgram, runAssay } from './program.ts';

/** A command's words: `list import`. */
function wordsOf(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one?.parent; one = one.parent) names.unshift(one.name());
  return names.join(' ');
}

const commands = () =>
  allBelow(assayProgram(worldOf('/', 'json').io)).filter(({ commands: inner }) => inner.length === 0);

test('every command offers --json and examples, and says nothing twice', () => {
  assert.ok(commands().length > 60);
  for (const command of commands()) {
    const flags = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
    assert.ok(flags.includes('--json'), `${wordsOf(command)} offers no --json`);
    assert.equal(new Set(flags).size, flags.length, wordsOf(command));
  }
});

const SUPPORT = 'A1A2A3A4A5A6A7A8';
const IMSI = '001010000000020';
const ICCID = '8988211000000000201';
const MAKER_POINT = publicPoint(generateKeyPair('P-256', seededRandom('maker')).publicKey);
const WHY = ['--reason', 'trial'];
const BLACK = ['--list', 'black'];

/** Serves at once what it would serve until Ctrl-C. */
const SERVED: Partial<Io> = { interrupted: async () => {} };

type Line = readonly [args: readonly string[], statuses?: readonly number[], more?: Partial<Io>];

/** A life in which every command has something to say, in this order. `FILE` stands for the data directory's own path of a file. */
const LIFE: readonly Line[] = [
  [['factory', 'root']],
  [['factory', 'provision', '--imei', '35674108990011', '--identity', SUPPORT, '--yes']],
  [['factory', 'verify', '--all']],
  [['uicc', 'personalise', '--imsi', IMSI, '--msisdn', '99970000020']],
  [['uicc', 'status']],
  [['uicc', 'keys', 'show', ICCID]],
  [['uicc', 'keys', 'rotate', '--iccid', ICCID, ...WHY]],
  [['uicc', 'triplets', IMSI]],
  // The null scheme conceals nothing: it is revealed without a card.
  [['uicc', 'reveal', '0100F110F0FF00000000000002']],
  [['uicc', 'profile', 'example']],
  [['uicc', 'profile', 'check', 'FILE/card.json']],
  [['uicc', 'profile', 'show', ICCID]],
  [['uicc', 'import', 'FILE/profile.der', '--check']],
  [['card', 'serve', '--listen', '0'], [0], SERVED],
  [['card', 'probe']],
  [['card', 'shell', '--script', 'FILE/script']],
  [['subscribers']],
  [['list', 'import', 'data/stolen-list.csv', ...BLACK]],
  [['list', 'add', '35332510990022', ...BLACK, '--reason', 'stolen']],
  [['list', 'show', ...BLACK]],
  [['list', 'export', ...BLACK]],
  [['list', 'remove', '35332510990022', ...BLACK, ...WHY]],
  [['list', 'undo', '1', ...WHY]],
  [['list', 'generate', 'FILE/lists']],
  [['list', 'runs']],
  [['range', 'add', '35342009', ...BLACK, '--reason', 'malformed']],
  [['range', 'show']],
  [['range', 'remove', '35342009', ...BLACK, ...WHY]],
  [['pair', 'add', 'allow', '35332510990022', IMSI]],
  [['pair', 'show']],
  [['pair', 'remove', 'allow', '35332510990022', IMSI, ...WHY]],
  [['imsi-default', 'set', '26201', 'tracking', ...WHY]],
  [['imsi-default', 'show']],
  [['imsi-default', 'remove', '26201', ...WHY]],
  [['tac', 'load', 'FILE/tac.csv']],
  [['tac', 'show']],
  [['tac', 'clear', ...WHY, '--yes']],
  [['imei', 'check', '35674108990011']],
  [['imei', 'explain', '35674108990011']],
  [['register', 'set', 'approval', 'always', ...WHY]],
  [['list', 'add', '35332510990022', ...BLACK, '--reason', 'stolen']],
  [['list', 'add', '35342009123450', ...BLACK, '--reason', 'stolen']],
  [['approval', 'list']],
  [['approval', 'approve', '1', '--approver', 'grace']],
  [['approval', 'reject', '2', '--approver', 'grace', ...WHY]],
  [['register', 'set', 'approval', 'never', ...WHY]],
  [['approval', 'approve', '3', '--approver', 'grace']],
  [['operator', 'mode']],
  [['ota', 'send', 'report-now', '--imsi', IMSI, ...WHY]],
  [['ota', 'script', '--imsi', IMSI, '--tar', '000000', '--apdu', '80CA004200', '--wait', '0', ...WHY, '--yes']],
  [['ota', 'file', 'read', '--imsi', IMSI, '--file', '6F46', '--wait', '0', ...WHY]],
  [['ota', 'file', 'update', '--imsi', IMSI, '--file', '6F46', '--content', '00', '--wait', '0', ...WHY, '--yes']],
  [['ota', 'policy', '--imsi', IMSI, '--gate', 'open', ...WHY]],
  [['ota', 'list']],
  [['maker', 'list']],
  [
    [
      'maker',
      'add',
      '4D31',
      '--point',
      toHex(MAKER_POINT),
      '--fingerprint',
      toHex(digest('sha256', MAKER_POINT)),
      ...WHY,
    ],
  ],
  [['maker', 'effect', '--without', '4D31']],
  [['maker', 'roll-out', ...WHY, '--yes']],
  [['maker', 'status']],
  [['maker', 'remove', '4D31', ...WHY]],
  [['revocation', 'add', '0A', ...WHY, '--yes']],
  [['revocation', 'list']],
  [['webhook', 'add', 'http://127.0.0.1:1/', '--allow-private', ...WHY]],
  [['webhook', 'list']],
  [['webhook', 'test', '1'], [4]],
  [['webhook', 'remove', '1', ...WHY, '--yes']],
  [['subject', 'export', 'imsi', IMSI, ...WHY]],
  [['subject', 'erase', 'imsi', IMSI, ...WHY, '--yes']],
  [['subject', 'erasures']],
  [['retention', 'show']],
  [['retention', 'run']],
  [['user', 'add', 'Ada', '--role', 'administrator', ...WHY]],
  [['user', 'add', 'Bob', '--role', 'viewer', ...WHY]],
  [['user', 'password', 'Bob', ...WHY]],
  [['user', 'role', 'Bob', '--role', 'analyst', ...WHY]],
  [['user', 'disable', 'Bob', ...WHY]],
  [['user', 'enable', 'Bob', ...WHY]],
  [['user', 'list']],
  [['token', 'create', 'desk', '--role', 'analyst', ...WHY]],
  [['token', 'list']],
  [['token', 'revoke', '1', ...WHY, '--yes']],
  [['operator', 'init', '--output', 'FILE/assay.yaml']],
  [['operator', 'check-config', '--config', 'FILE/assay.yaml']],
  [['doctor'], [0, 1]],
  [['operator', 'backup', 'FILE/backup']],
  [['operator', 'restore', ...WHY, '--yes']],
  [['completion', 'bash']],
  [['man']],
  [['audit', 'show']],
  [['audit', 'verify']],
  [['register', 'serve', '--n5g-eir-port', '0'], [0], { ...SERVED, clock: systemClock }],
  [['demo', '--once'], [0], { clock: systemClock }],
];

function files(data: string): void {
  mkdirSync(join(data, 'lists'));
  writeFileSync(join(data, 'profile.der'), packageOf(unknown(8, false)));
  writeFileSync(join(data, 'script'), 'select EF.DIR\nread_record_decoded 1\n');
  writeFileSync(join(data, 'tac.csv'), 'tac,manufacturer,model\n35675904,Maker,Model\n');
}

/** Every line of it, or the whole of it, is JSON. */
function parsed(text: string, isOfLines: boolean): readonly unknown[] {
  assert.notEqual(text, '', 'it printed nothing');
  return isOfLines
    ? text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : [JSON.parse(text)];
}

/** `operator serve` in this process with a handset that runs against it: what both printed. */
async function servedHandset(context: TestContext, data: string): Promise<readonly string[]> {
  const end = Promise.withResolvers<void>();
  context.after(() => end.resolve());
  const { io, printed } = worldOf(data, 'serve', { clock: systemClock, interrupted: () => end.promise });
  const ports = ['--http-port', '0', '--smpp-port', '0', '--air-port', '0', '--abroad-port', '0'];
  const serving = runAssay(['operator', 'serve', '--json', ...ports], io);
  while (!printed.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
  const { serving: where } = JSON.parse(printed.out) as { serving: Record<string, string> };
  const handset = ['--uicc', ICCID, '--support', SUPPORT, '--imei', '35674108990011', '--stay', '1'];
  const air = ['--air', where['home network (air)'] ?? '', '--trace', join(data, 'boot.trace')];
  const ran = await assayIn(data, ['handset', 'run', '--json', ...handset, ...air], 'handset', { clock: systemClock });
  assert.equal(ran.status, 0, ran.err);
  end.resolve();
  assert.equal(await serving, 0);
  return [printed.out, ran.out];
}

test('what every command prints with --json can be parsed', { timeout: 400_000 }, async (context) => {
  const data = dataDirectory(context);
  files(data);
  const left = new Map(commands().map((command) => [wordsOf(command), command]));
  const isOfLines = (words: string) =>
    /one a line/.test(left.get(words)?.options.find(({ long }) => long === '--json')?.description ?? '');
  const heard = new Set<string>();
  const hear = async (args: readonly string[], statuses: readonly number[] = [0], more: Partial<Io> = {}) => {
    const words =
      [...left.keys()]
        .filter((one) => `${args.join(' ')} `.startsWith(`${one} `))
        .sort((a, b) => b.length - a.length)[0] ?? '';
    const given = args.map((arg) => (arg.startsWith('FILE/') ? join(data, arg.slice(5)) : arg));
    const { status, out, err } = await assayIn(data, [...given, '--json'], `${heard.size} ${args.join(' ')}`, more);
    assert.ok(statuses.includes(status), `${args.join(' ')}: status ${status}: ${err}${out.slice(0, 500)}`);
    const documents = parsed(out, isOfLines(words));
    heard.add(words);
    return documents[0];
  };
  for (const [args, statuses, more] of LIFE) {
    const document = await hear(args, statuses, more);
    if (args.includes('example')) writeFileSync(join(data, 'card.json'), JSON.stringify(document));
  }
  for (const text of await servedHandset(context, data)) parsed(text, false);
  for (const words of ['operator serve', 'handset run']) heard.add(words);
  await hear(['trace', 'FILE/boot.trace']);
  assert.deepEqual(new Set(left.keys()).difference(heard), new Set());
});
