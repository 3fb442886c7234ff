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

test('where a second person is asked, a change of a user waits; the password is shown at once and works when it is approved', async (context) => {
  const data = dataDirectory(context);
  const assay = (...args: readonly string[]) => assayIn(data, args);
  await assay('user', 'add', 'Ada', '--role', 'administrator', ...WHY);
  await assay('register', 'set', 'approval.users', 'always', '--reason', 'two persons');
  const alone = await assay('user', 'add', 'Bob', '--role', 'approver', '--author', 'ada', ...WHY);
  assert.match(alone.err, /Bob may sign in as approver/, 'nobody else could decide');
  const made = await assay('user', 'add', 'Eve', '--role', 'administrator', '--author', 'ada', ...WHY);
  assert.match(
    made.out,
    /^waits for a second person: assay approval approve 1 --approver …\n([a-z2-8]{5}-){4}[a-z2-8]{5}\n$/,
  );
  assert.match(made.err, /works once it is approved, is shown once/);
  assert.doesNotMatch((await assay('user', 'list')).out, /Eve/);
  assert.match((await assay('approval', 'list')).out, /make the user Eve: administrator/);
  const shown = await assay('approval', 'list', '--json');
  assert.doesNotMatch(shown.out, /scrypt|kept/);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'Ada')).status, 2);
  const bob = await assay('approval', 'approve', '1', '--approver', 'Bob');
  assert.deepEqual([bob.status, /gave the password, that one of the two uses/.test(bob.err)], [2, true]);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'grace')).status, 0);
  assert.match((await assay('user', 'list')).out, /Eve +administrator +enabled/);
  const role = await assay('user', 'role', 'Bob', '--role', 'viewer', '--author', 'ada', ...WHY);
  assert.match(role.out, /^waits for a second person/);
  assert.match((await assay('approval', 'list')).out, /change the user Bob: viewer instead of approver/);
  const token = await assay('token', 'create', 'helper', '--role', 'approver', '--author', 'ada', ...WHY);
  assert.match(token.out, /^waits for a second person: assay approval approve 3 .*\nassay_[\w-]{43}\n$/);
  assert.match((await assay('approval', 'list')).out, /make the token helper: approver until /);
  const json = JSON.parse(
    (await assay('token', 'create', 'reader', '--role', 'viewer', '--json', ...WHY)).out,
  ) as object;
  assert.deepEqual(Object.keys(json).slice(0, 3), ['token', 'id', 'name']);
});
