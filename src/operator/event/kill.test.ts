import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { databaseOf, onBothDatabases as test } from '#test/operator/databases.ts';
import { temporaryDirectory, testOperator } from '#test/operator/operator.ts';
import { startReceiver } from '#test/operator/webhook-receiver.ts';
import { EVENT_KINDS } from './index.ts';

const PROGRAM = fileURLToPath(new URL('../../../test/operator/event-process.ts', import.meta.url));
const DAY = 24 * 3_600_000;

/** Runs the process until `enough`, kills it with SIGKILL, and gives its whole lines. */
async function killed(
  { directory, databaseUrl = '' }: { readonly directory: string; readonly databaseUrl?: string },
  first: number,
  enough: () => boolean,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [PROGRAM, directory, String(first), databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    printed += chunk;
    if (enough()) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.on('close', (_code, how) => resolve(how)));
  assert.equal(signal, 'SIGKILL', 'it must die by the kill, not by itself');
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n');
}

test('killed with SIGKILL again and again: every acknowledged change comes at least once, in the order of its subscriber', async (context) => {
  const directory = temporaryDirectory(context);
  let requests = 0;
  const { url, receiver, received } = await startReceiver(context, (_received, answer, request) => {
    requests++;
    if (requests % 7 === 0) request.socket.destroy();
    else answer.writeHead(requests % 5 === 0 ? 500 : 200).end();
  });
  const prepared = testOperator(context, { directory });
  receiver.secret = prepared.events.subscribe({
    ...{ url, kinds: EVENT_KINDS, identities: 'whole', allowPrivate: true, author: 'Ada', reason: 'trial' },
  }).secret;
  await prepared.operator.close();
  const seen = new Map<string, string[]>();
  let next = 1;
  for (const wanted of [40, 90, 140]) {
    for (const line of await killed({ directory, ...databaseOf(context, directory) }, next, () => requests >= wanted)) {
      const [, imsi = '', imei = ''] = line.split(' ');
      seen.set(imsi, [...(seen.get(imsi) ?? []), imei]);
      next = Number(imei) + 1;
    }
  }
  const killedAfter = received.length;
  // What the dead had begun is due by then.
  const last = testOperator(context, { directory, at: Date.now() + DAY });
  for (let rounds = 0; last.events.list()[0]?.waiting !== 0 || rounds === 0; rounds++) {
    assert.ok(rounds < 2000, 'it comes to an end');
    last.events.poll();
    await last.events.settled();
    last.clock.advance(3_600_000);
  }
  assert.equal(last.events.list()[0]?.dead, 0);
  const told = new Map<string, string[]>();
  const known = new Set<string>();
  for (const { id, body } of received) {
    if (known.has(id)) continue;
    known.add(id);
    const imsi = String(body.data['imsi']);
    told.set(imsi, [...(told.get(imsi) ?? []), String(body.data['to'])]);
  }
  assert.ok(seen.size >= 20 && killedAfter >= 100 && received.length > killedAfter);
  for (const [imsi, [first, ...changes]] of seen) {
    // One more may be told than was acknowledged before the kill.
    const found = told.get(imsi) ?? [];
    assert.ok(first !== undefined && changes.every((imei) => found.includes(imei)), `${imsi}: a change was lost`);
    assert.deepEqual(found, found.toSorted(), `${imsi}: in order`);
  }
});
