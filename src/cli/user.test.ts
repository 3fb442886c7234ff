import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assayIn, dataDirectory, worldOf } from './assay.fixture.ts';
import { runAssay } from './program.ts';

const WHY = ['--reason', 'trial'];

async function* lines(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}

test('the way back in: a user is made with a password that is drawn, printed once, and opens', async (context) => {
  const data = dataDirectory(context);
  assert.match((await assayIn(data, ['user', 'list'])).out, /no users: 'assay operator serve' prints a link/);
  const made = await assayIn(data, ['user', 'add', 'Ada', '--role', 'administrator', ...WHY]);
  assert.equal(made.status, 0, made.err);
  assert.match(made.out, /^([a-km-z2-8]{5}-){4}[a-km-z2-8]{5}\n$/);
  assert.match(made.err, /Ada may sign in as administrator; the password is shown once/);
  const listed = await assayIn(data, ['user', 'list']);
  assert.match(listed.out, /1 +Ada +administrator +enabled +password +tester +never/);
  assert.ok(!listed.out.includes(made.out.trim()));
  const audit = await assayIn(data, ['audit', 'show']);
  assert.match(audit.out, /user +tester +Ada .*"reason":"trial"/);
});

test('a password comes by standard input: its first line, UTF-8, and long enough', async (context) => {
  const data = dataDirectory(context);
  const add = (...texts: readonly string[]) =>
    assayIn(data, ['user', 'add', 'Bob', '--role', 'viewer', '--password-stdin', ...WHY], 'b', {
      stdin: lines(...texts),
    });
  const short = await add('short\n');
  assert.deepEqual([short.status, short.out], [2, '']);
  assert.match(short.err, /password: expected at least 12 characters/);
  const foreign = await assayIn(data, ['user', 'add', 'Bob', '--role', 'viewer', '--password-stdin', ...WHY], 'b', {
    stdin: (async function* () {
      yield Uint8Array.of(0xff, 0xfe, 0x0a);
    })(),
  });
  assert.deepEqual([foreign.status, /in UTF-8/.test(foreign.err)], [2, true]);
  const made = await add('correct horse', ' battery\r\nmore');
  assert.deepEqual([made.status, made.out], [0, 'Bob may sign in as viewer\n']);
});

test('what cannot be is wrong input, and says what to do', async (context) => {
  const data = dataDirectory(context);
  await assayIn(data, ['user', 'add', 'Ada', '--role', 'administrator', ...WHY]);
  for (const [args, words] of [
    [['disable', 'Eve'], /'assay user list' shows them/],
    [['disable', 'ada'], /expected another administrator who can sign in/],
    [['role', 'Ada', '--role', 'machine'], /Allowed choices are viewer, analyst, approver, administrator/],
    [['add', 'ADA', '--role', 'viewer'], /a name that no user has, got 'ADA'; choose another/],
  ] as const) {
    const refused = await assayIn(data, ['user', ...args, ...WHY]);
    assert.equal(refused.status, 2);
    assert.match(refused.err, words);
  }
});

test('the operator prints a link while nobody is there, and none afterwards', async (context) => {
  const data = dataDirectory(context);
  const ports = ['--http-port', '0', '--smpp-port', '0', '--air-port', '0', '--abroad-port', '0'];
  const serve = async (env = {}) => {
    const world = worldOf(data, `serve ${Math.random()}`, {
      interrupted: async () => {},
      env: { ASSAY_DATA: data, ...env },
    });
    await runAssay(['operator', 'serve', ...ports], world.io);
    return world.printed.out;
  };
  const link = /http:\/\/127\.0\.0\.1:\d+\/first#[\w-]{43}\n/;
  assert.match(await serve(), link);
  assert.match(
    await serve({ ASSAY_PUBLIC_URL: 'https://assay.example' }),
    /https:\/\/assay\.example\/first#[\w-]{43}\n/,
  );
  await assayIn(data, ['user', 'add', 'Ada', '--role', 'administrator', ...WHY]);
  assert.doesNotMatch(await serve(), /first#/);
});
