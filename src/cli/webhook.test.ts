import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#base/port/index.ts';
import { startReceiver } from '#test/operator/webhook-receiver.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';

/** `assay webhook …` in this process, over a directory of its own. */
function webhookCommands(context: TestContext) {
  const data = dataDirectory(context);
  return (...args: readonly string[]) => assayIn(data, ['webhook', ...args], args.join(' '), { clock: systemClock });
}

test('a receiver is added with a secret, tested, listed, removed', async (context) => {
  const webhook = webhookCommands(context);
  const { url, receiver, received, server } = await startReceiver(context);
  const added = await webhook('add', url, '--allow-private', '--event', 'imeiChanged', '--reason', 'trial', '--json');
  assert.equal(added.status, 0, added.err);
  const { id, secret } = JSON.parse(added.out) as { id: number; secret: string };
  receiver.secret = secret;
  const tested = await webhook('test', String(id));
  assert.deepEqual([tested.status, received.map(({ body }) => body.type)], [0, ['test']]);
  assert.match(tested.out, /^taken: it answered 204 \(\d+ ms\)\n$/);
  const listed = await webhook('list');
  assert.match(listed.out, /imeiChanged +masked +0 +0 +0 +tester/);
  assert.ok(!listed.out.includes(secret.slice(6)));
  receiver.answering = (_received, answer) => answer.writeHead(500).end();
  assert.equal((await webhook('test', String(id))).status, 1);
  server.closeAllConnections();
  server.close();
  const gone = await webhook('test', String(id));
  assert.deepEqual([gone.status, gone.out.startsWith('not taken: ')], [4, true]);
  assert.equal((await webhook('remove', String(id), '--reason', 'trial over', '--yes')).status, 0);
  assert.equal((await webhook('remove', String(id), '--reason', 'again', '--yes')).status, 1);
  assert.equal((await webhook('list', String(id))).status, 1);
  assert.equal((await webhook('list')).out, 'no webhooks\n');
});

test('what makes no sense is wrong usage, and says what to do', async (context) => {
  const webhook = webhookCommands(context);
  for (const [args, expected] of [
    [['add', 'http://127.0.0.1/', '--reason', 'trial'], /public internet, unless private targets are allowed/],
    [['add', 'here', '--reason', 'trial'], /expected http/],
    [['add', 'https://example.org/', '--reason', ' '], /expected a reason/],
    [
      ['add', 'https://example.org/', '--reason', 'trial', '--event', 'all'],
      /Allowed choices are imeiChanged, duplicateImei/,
    ],
    [['test', '7'], /there is no webhook 7/],
  ] as const) {
    const { status, err } = await webhook(...args);
    assert.equal(status, 2);
    assert.match(err, expected);
  }
});
