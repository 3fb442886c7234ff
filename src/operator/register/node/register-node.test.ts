import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { Imsi } from '#base/identity/index.ts';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import { openRegisterNode, type RegisterNodeOptions } from './register-node.ts';

const IMEI = testImei(7);
const IMSI = Imsi.parse('001010000000042');
const N5G_EIR = { n5gEir: { host: '127.0.0.1', port: 0 } };

async function served(context: TestContext, more: Partial<RegisterNodeOptions> = {}) {
  const made = testOperator(context, { at: systemClock.now() });
  const { operator, register } = made;
  const node = await openRegisterNode({
    database: operator.database,
    activity: operator.activity,
    register,
    clock: systemClock,
    scheduler: systemScheduler,
    random: seededRandom('node'),
    fronts: N5G_EIR,
    ...more,
  });
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    client.close();
    await node.close();
  };
  const client = connect(`http://127.0.0.1:${node.addresses[0]?.port}`);
  context.after(close);
  const ask = (query: string) =>
    new Promise<string>((resolve, reject) => {
      const stream = client.request({ ':path': `/n5g-eir-eic/v1/equipment-status?${query}`, 'user-agent': 'AMF' });
      let [status, body] = ['', ''];
      stream.setEncoding('utf8');
      stream.on('response', (headers) => {
        status = String(headers[':status']);
      });
      stream.on('data', (chunk: string) => {
        body += chunk;
      });
      stream.on('end', () => resolve(`${status} ${body}`));
      stream.on('error', reject);
    });
  return { ...made, node, ask, close };
}

/** Tries until it holds, for two seconds. */
async function soon(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await after(10);
  }
  assert.fail('expected it to hold within two seconds');
}

test('a network asks over HTTP/2, and every change of the lists is in the next answers', async (context) => {
  const { ask, register, node } = await served(context);
  const pei = `pei=imeisv-${IMEI.equipment}01&supi=imsi-${IMSI.digits}`;
  assert.equal(await ask(pei), '200 {"status":"WHITELISTED"}');
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  node.follow();
  assert.equal(await ask(pei), '200 {"status":"BLACKLISTED"}');
  register.pairRules.add({ kind: 'allow', first: IMEI, last: IMEI, firstImsi: IMSI, lastImsi: IMSI, author: 'Ada' });
  node.follow();
  // What is no shared memory goes to the thread of fronts as a message.
  await soon(async () => (await ask(pei)) === '200 {"status":"WHITELISTED"}');
  assert.equal(await ask(`pei=imei-${IMEI.withCheckDigit}`), '200 {"status":"BLACKLISTED"}');
  register.setMode('off', 'Ada', 'test');
  // Without being told: the node looks by itself.
  await soon(async () => (await ask(`pei=imei-${IMEI.withCheckDigit}`)) === '200 {"status":"WHITELISTED"}');
});

test('who was seen with what is remembered, once for each pair; the status names age, size and answers', async (context) => {
  const { ask, evidence, node, register } = await served(context);
  register.lists.add({ imei: IMEI, list: 'grey', reason: 'lost', author: 'Ada' });
  node.follow();
  for (let i = 0; i < 5; i++) await ask(`pei=imei-${IMEI.withCheckDigit}&supi=imsi-${IMSI.digits}`);
  await soon(() => evidence.cluster(IMEI).claimants.length === 1);
  assert.deepEqual(
    evidence.cluster(IMEI).claimants.map(({ imsi, times }) => [imsi, times]),
    [[IMSI.digits, 1]],
  );
  await soon(() => node.status().answers['n5g-eir']?.['tracking'] === 5);
  const { entries, ageMilliseconds, hasDatabase, sequence } = node.status();
  assert.deepEqual([entries, hasDatabase, sequence], [1, true, register.feed.newest()]);
  assert.ok(ageMilliseconds < 2000);
});

test('sightings of what is listed are written together: others find the one place of a writer free', async (context) => {
  const { operator, register, audit, node } = await served(context);
  register.ranges.add({ first: testImei(0), last: testImei(999), list: 'black', reason: 'stolen', author: 'Ada' });
  node.follow();
  const { database } = operator;
  const transaction = database.transaction.bind(database);
  let [written, depth] = [0, 0];
  database.transaction = (work) => {
    if (depth++ === 0) written++;
    try {
      return transaction(work);
    } finally {
      depth--;
    }
  };
  const client = connect(`http://127.0.0.1:${node.addresses[0]?.port}`);
  context.after(() => client.close());
  const number = 64;
  for (let serial = 0; serial < number; serial++) {
    const query = `pei=imei-${testImei(serial).withCheckDigit}&supi=imsi-${IMSI.digits}`;
    client.request({ ':path': `/n5g-eir-eic/v1/equipment-status?${query}` }).resume();
  }
  await soon(() => audit.newest(1000, 'check').length === number);
  assert.ok(written > 0 && written <= number / 2, `${written} transactions for ${number} sightings`);
});

test('a port that is taken is said before anything serves, and a drained node lets go of its own', async (context) => {
  const first = await served(context);
  const port = first.node.addresses[0]?.port ?? 0;
  await assert.rejects(served(context, { fronts: { n5gEir: { host: '127.0.0.1', port } } }), /another program|in use/);
  await first.close();
  const again = await served(context, { fronts: { n5gEir: { host: '127.0.0.1', port } } });
  assert.equal(again.node.addresses[0]?.port, port);
});

test('the status of a node: as of which change, its fronts, its answers; not ready when its lists are too old to answer by', async (context) => {
  const { ask, node, register } = await served(context, { statusAddress: { host: '127.0.0.1', port: 0 } });
  const url = `http://127.0.0.1:${node.statusAddress?.port}`;
  const status = async () => (await (await fetch(`${url}/status`)).json()) as Readonly<Record<string, unknown>>;
  await ask(`pei=imei-${IMEI.withCheckDigit}`);
  await soon(async () => JSON.stringify((await status())['answers']) === '{"n5g-eir":{"permitted":1}}');
  const { phase, ready, threads, fronts, asOfChange, hasDatabase } = await status();
  assert.deepEqual(
    { phase, ready, threads, fronts, asOfChange, hasDatabase },
    {
      ...{ phase: 'serving', ready: true, threads: { listening: 1, wanted: 1 }, hasDatabase: true },
      ...{ asOfChange: register.feed.newest() },
      fronts: node.addresses.map(({ front, host, port }) => ({ front, address: `${host}:${port}` })),
    },
  );
  register.set('failure.listTooOld', 'unavailable', 'Ada', 'test');
  register.set('oldestList', '0', 'Ada', 'test');
  await soon(async () => (await fetch(`${url}/readyz`)).status === 503);
  assert.match(await (await fetch(`${url}/metrics`)).text(), /^assay_node_ready 0$/m);
  await node.close();
  await assert.rejects(fetch(`${url}/healthz`));
});

test('a status that cannot listen: nothing is opened, and the reason is said', async (context) => {
  const { node } = await served(context, { statusAddress: { host: '127.0.0.1', port: 0 } });
  await assert.rejects(
    served(context, { statusAddress: { host: '127.0.0.1', port: node.statusAddress?.port ?? 0 } }),
    /cannot listen for --status on 127\.0\.0\.1 port \d+: another program uses it/,
  );
});

test('two threads share one port, and both answer by the same memory', async (context) => {
  const { register, node } = await served(context, { threads: 2 });
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  node.follow();
  const port = node.addresses[0]?.port;
  for (let i = 0; i < 24; i++) {
    const client = connect(`http://127.0.0.1:${port}`);
    const body = await new Promise<string>((resolve, reject) => {
      const stream = client.request({ ':path': `/n5g-eir-eic/v1/equipment-status?pei=imei-${IMEI.withCheckDigit}` });
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        text += chunk;
      });
      stream.on('end', () => resolve(text));
      stream.on('error', reject);
    });
    client.close();
    assert.equal(body, '{"status":"BLACKLISTED"}');
  }
  await soon(() => node.status().answers['n5g-eir']?.['prohibited'] === 24);
});

test('a node that starts again has its lists from its snapshot, and what changed since from the feed', async (context) => {
  const directory = temporaryDirectory(context);
  const snapshotPath = join(directory, 'register.snapshot');
  const first = await served(context, { snapshotPath });
  assert.equal(first.node.loaded.from, 'database');
  const { register, operator } = first;
  const add = (serial: number, more: { expiresAt?: number } = {}) =>
    register.lists.add({ imei: testImei(serial), list: 'black', reason: 'stolen', author: 'Ada', ...more });
  add(1);
  add(2, { expiresAt: systemClock.now() + 200 });
  add(3);
  first.node.follow();
  await first.close();
  add(4);
  register.lists.remove({ imei: testImei(3), list: 'black', author: 'Ada', reason: 'test' });
  await after(250);
  const second = await openRegisterNode({
    ...{ database: operator.database, subscribers: operator.subscribers, register, snapshotPath, fronts: N5G_EIR },
    ...{ activity: operator.activity, clock: systemClock, scheduler: systemScheduler, random: seededRandom('second') },
  });
  context.after(() => second.close());
  assert.match(`${second.loaded.from}: ${second.loaded.because}`, /^snapshot: as of change 3$/);
  assert.deepEqual([second.status().entries, second.status().sequence], [2, 5]);
});

test('a damaged snapshot is refused with the reason, and everything is read from the database', async (context) => {
  const directory = temporaryDirectory(context);
  const snapshotPath = join(directory, 'register.snapshot');
  writeFileSync(snapshotPath, 'not a snapshot'.repeat(100));
  const { node } = await served(context, { snapshotPath });
  assert.equal(node.loaded.from, 'database');
  assert.match(node.loaded.because, /register\.snapshot/);
});

test("Node's own HTTP/2 answers the same when it is asked for", async (context) => {
  const { ask, register, node } = await served(context, {
    fronts: { n5gEir: { ...N5G_EIR.n5gEir, isNodeHttp2: true } },
  });
  register.lists.add({ imei: IMEI, list: 'grey', reason: 'lost', author: 'Ada' });
  node.follow();
  assert.equal(await ask(`pei=imei-${IMEI.withCheckDigit}`), '200 {"status":"GREYLISTED"}');
});
