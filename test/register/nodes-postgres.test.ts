import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Imei, Imsi } from '#base/identity/index.ts';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { temporaryDirectory, testImei } from '#test/operator/operator.ts';
import { hasPostgres, POSTGRES_MISSING, startPostgres, type TestPostgres } from '#test/operator/postgres-server.ts';
import { Asker, startNode, within } from './node-process.ts';

const pei = (imei: Imei) => `pei=imei-${imei.withCheckDigit}&supi=imsi-001010000000042`;
const skip = hasPostgres || process.env['CI'] !== undefined ? false : POSTGRES_MISSING;

async function served(context: TestContext, postgres: TestPostgres) {
  const data = temporaryDirectory(context);
  const databaseUrl = postgres.url('nodes');
  const operator = openOperator({
    ...{ dataDirectory: join(data, 'operator'), databaseUrl, clock: systemClock, random: systemRandom },
  });
  context.after(() => operator.close());
  const env = { ASSAY_DATABASE_URL: databaseUrl };
  const nodes = [
    await startNode(context, { data, env, more: ['--node', 'a'] }),
    await startNode(context, { data, env, more: ['--node', 'b'] }),
  ];
  const askers = nodes.map(({ port }) => new Asker(port));
  context.after(() => {
    for (const asker of askers) asker.close();
  });
  return { data, env, operator, register: operator.register, nodes, askers };
}

test('PostgreSQL gone: every node answers on from memory, changes are refused and none is half done; back: both go on', {
  skip,
}, async (context) => {
  const postgres = await startPostgres();
  const { register, askers, operator } = await served(context, postgres);
  // After the operator has ended: it was registered later.
  context.after(() => postgres.stop());
  const add = (serial: number) =>
    register.lists.add({ imei: testImei(serial), list: 'black', reason: 'stolen', author: 'Ada' });
  add(1);
  for (const asker of askers) await within(1000, async () => (await asker.ask(pei(testImei(1)))) === 'BLACKLISTED');
  let [wrong, asked, isOver] = [0, 0, false];
  const load = Promise.all(
    askers.map(async (asker) => {
      for (let i = 0; !isOver; i++) {
        const serial = 1 + (i % 2);
        const outcome = await asker.ask(pei(testImei(serial)));
        asked++;
        if (outcome !== (serial === 1 ? 'BLACKLISTED' : 'WHITELISTED')) wrong++;
      }
    }),
  );
  await postgres.kill();
  assert.throws(() => add(3), { name: 'DatabaseError' });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await postgres.start();
  // Its own connection comes back at the next call; what was refused is not there.
  await within(10_000, async () => {
    try {
      return register.lists.all(testImei(3)).length === 0;
    } catch {
      return false;
    }
  });
  isOver = true;
  await load;
  assert.deepEqual([wrong, operator.register.lists.all(testImei(1)).length], [0, 1]);
  assert.ok(asked > 200, `only ${asked} checks were asked`);
  add(4);
  for (const asker of askers) await within(3000, async () => (await asker.ask(pei(testImei(4)))) === 'BLACKLISTED');
});

test('PostgreSQL gone: a node starts from its snapshot, answers by all it knew, takes in what changed when the database is back', {
  skip,
}, async (context) => {
  const postgres = await startPostgres();
  const data = temporaryDirectory(context);
  const databaseUrl = postgres.url('snapshot');
  const directory = { dataDirectory: join(data, 'operator'), databaseUrl, clock: systemClock, random: systemRandom };
  const operator = openOperator(directory);
  context.after(() => operator.close());
  context.after(() => postgres.stop());
  const { register } = operator;
  const author = 'Ada';
  register.lists.add({ imei: testImei(1), list: 'black', reason: 'stolen', author });
  register.ranges.add({ first: testImei(100), last: testImei(199), list: 'grey', reason: 'malformed', author });
  const owner = Imsi.parse('001010000000042');
  const pair = { first: testImei(1), last: testImei(1), firstImsi: owner, lastImsi: owner, author } as const;
  register.pairRules.add({ kind: 'allow', ...pair });
  register.set('unknown.n5g-eir', 'unknown', author, 'test');
  const env = { ASSAY_DATABASE_URL: databaseUrl };
  await (await startNode(context, { data, env })).end('SIGTERM');
  const asOf = register.feed.newest();
  await postgres.kill();

  await assert.rejects(
    startNode(context, { data, env, more: ['--node', 'fresh'] }),
    /ended with 3: .*the database cannot be reached.*nor can this node answer from a snapshot.*fresh.snapshot/,
  );
  const node = await startNode(context, { data, env, more: ['--status', '0'] });
  assert.match(String(node.serving['memory']), new RegExp(`^from the snapshot \\(as of change ${asOf}, 20`));
  const asker = new Asker(node.port);
  context.after(() => asker.close());
  const alone = (serial: number) => asker.ask(`pei=imei-${testImei(serial).withCheckDigit}`);
  assert.deepEqual(
    [await alone(1), await asker.ask(pei(testImei(1))), await alone(150), await alone(2)],
    ['BLACKLISTED', 'WHITELISTED', 'GREYLISTED', 'HTTP 404'],
  );
  const add = (serial: number) =>
    register.lists.add({ imei: testImei(serial), list: 'black', reason: 'stolen', author });
  assert.throws(() => add(2), { name: 'DatabaseError', message: /cannot be reached.*nothing was changed/ });

  await postgres.start();
  await within(10_000, async () => {
    try {
      return add(2) === undefined;
    } catch {
      return false;
    }
  });
  await within(8000, async () => (await alone(2)) === 'BLACKLISTED');
  assert.equal(await alone(1), 'BLACKLISTED');
});

test('PostgreSQL gone: the status of a node answers, knows how old its lists are, and says when they are too old to answer by', {
  skip,
}, async (context) => {
  const postgres = await startPostgres();
  const data = temporaryDirectory(context);
  const databaseUrl = postgres.url('status');
  const operator = openOperator({
    ...{ dataDirectory: join(data, 'operator'), databaseUrl, clock: systemClock, random: systemRandom },
  });
  context.after(() => operator.close());
  context.after(() => postgres.stop());
  operator.register.lists.add({ imei: testImei(1), list: 'black', reason: 'stolen', author: 'Ada' });
  operator.register.set('failure.listTooOld', 'unavailable', 'Ada', 'test');
  operator.register.set('oldestList', '4000', 'Ada', 'test');
  const node = await startNode(context, {
    ...{ data, env: { ASSAY_DATABASE_URL: databaseUrl }, more: ['--status', '0'] },
  });
  const api = await operator.api.listen({ port: 0 });
  const apiMetrics = async () => (await fetch(new URL('/metrics', api.url))).text();
  assert.match(await apiMetrics(), /^assay_uiccs 0$/m);
  const status = new URL(String(node.serving['status']));
  const ask = async (path: string) => {
    const response = await fetch(new URL(path, status), { signal: AbortSignal.timeout(2000) });
    return { status: response.status, body: await response.text() };
  };
  assert.deepEqual(await ask('/readyz'), { status: 200, body: '{"ready":true}\n' });
  await postgres.kill();
  await within(10_000, async () => (await ask('/metrics')).body.includes('\nassay_node_database_up 0\n'));
  assert.deepEqual(JSON.parse((await ask('/healthz')).body), { alive: true });
  const numbers = await apiMetrics();
  assert.match(numbers, /^assay_database_up 0$/m);
  assert.doesNotMatch(numbers, /^assay_uiccs/m);
  await within(10_000, async () => (await ask('/readyz')).status === 503);
  const { body } = await ask('/metrics');
  assert.ok(Number(/^assay_node_age_seconds (\S+)$/m.exec(body)?.[1]) > 4, body);
  assert.match(body, /^assay_node_ready 0$/m);
  // A server that neither answers nor goes keeps the thread that follows it waiting, not its status.
  await postgres.start();
  await within(10_000, async () => (await ask('/readyz')).status === 200);
  postgres.pause();
  context.after(() => postgres.resume());
  await within(15_000, async () => (await ask('/readyz')).status === 503);
  postgres.resume();
  await within(20_000, async () => (await ask('/readyz')).status === 200);
});
