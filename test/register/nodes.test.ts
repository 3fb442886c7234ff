import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Imei } from '#base/identity/index.ts';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { temporaryDirectory, testImei } from '#test/operator/operator.ts';
import { Asker, type Outcome, startNode, within } from './node-process.ts';

const pei = (imei: Imei) => `pei=imei-${imei.withCheckDigit}&supi=imsi-001010000000042`;

/** An operator over a directory, as the one who changes lists. */
function changing(context: TestContext) {
  const data = temporaryDirectory(context);
  const operator = openOperator({ dataDirectory: join(data, 'operator'), clock: systemClock, random: systemRandom });
  context.after(() => operator.close());
  return { data, operator, register: operator.register };
}

test('two nodes over one database: a change is in every answer of both within a second; a batch never in part', async (context) => {
  const { data, register } = changing(context);
  const nodes = [
    await startNode(context, { data, more: ['--node', 'a'] }),
    await startNode(context, { data, more: ['--node', 'b'] }),
  ];
  const askers = nodes.map(({ port }) => new Asker(port));
  context.after(() => {
    for (const asker of askers) asker.close();
  });
  for (const asker of askers) assert.equal(await asker.ask(pei(testImei(1))), 'WHITELISTED');
  register.lists.add({ imei: testImei(1), list: 'black', reason: 'stolen', author: 'Ada' });
  for (const asker of askers) await within(1000, async () => (await asker.ask(pei(testImei(1)))) === 'BLACKLISTED');
  const lines = Array.from({ length: 20_000 }, (_, i) => testImei(1000 + i).equipment);
  const first = pei(testImei(1000));
  const last = pei(testImei(20_999));
  const importing = register.importList([new TextEncoder().encode(`imei\n${lines.join('\n')}\n`)], {
    ...{ list: 'black', source: 'regulator', author: 'Ada', name: 'big.csv', changeLimit: 50_000 },
  });
  let isOver = false;
  const done = importing.then(() => {
    isOver = true;
  });
  const seen = new Set<string>();
  while (!isOver)
    for (const asker of askers) {
      // Asked one after the other on one connection: the batch may come between, never go.
      const [before, after] = [await asker.ask(first), await asker.ask(last)];
      seen.add(`${before} ${after}`);
    }
  await done;
  assert.ok(!seen.has('BLACKLISTED WHITELISTED'), [...seen].join(', '));
  for (const asker of askers) await within(2000, async () => (await asker.ask(last)) === 'BLACKLISTED');
});

test('a node is killed and comes back, another is rolled: no check is answered wrong, none is lost', async (context) => {
  const { data, register } = changing(context);
  const imeis = Array.from({ length: 40 }, (_, i) => testImei(i));
  const blocked = new Set<number>();
  const nodes = [
    await startNode(context, { data, more: ['--node', 'a'] }),
    await startNode(context, { data, more: ['--node', 'b', '--share-ports'] }),
  ];
  const ports = nodes.map(({ port }) => port);
  const counts = { asked: 0, wrong: 0, lost: 0 };
  let isOver = false;
  /** Asks for ever; every answer must be what the list has said since a second or more. */
  const load = async (port: number, isRolled: boolean) => {
    const asker = new Asker(port);
    for (let i = 0; !isOver; i++) {
      const at = i % imeis.length;
      const expected = blocked.has(at) ? 'BLACKLISTED' : 'WHITELISTED';
      const outcome: Outcome = isRolled
        ? await asker.insist(pei(imeis[at] as Imei))
        : await asker.ask(pei(imeis[at] as Imei));
      counts.asked++;
      if (outcome === 'broken') counts.lost += isRolled ? 1 : 0;
      else if (outcome !== expected && settled.has(at)) counts.wrong++;
      if (outcome === 'broken') await new Promise((resolve) => setTimeout(resolve, 20));
    }
    asker.close();
  };
  const settled = new Set(imeis.keys());
  const block = async (at: number) => {
    settled.delete(at);
    register.lists.add({ imei: imeis[at] as Imei, list: 'black', reason: 'stolen', author: 'Ada' });
    blocked.add(at);
    setTimeout(() => settled.add(at), 1000);
    await new Promise((resolve) => setTimeout(resolve, 40));
  };
  const loads = [load(ports[0] as number, false), load(ports[1] as number, true), load(ports[1] as number, true)];
  for (let at = 0; at < 8; at++) await block(at);
  await nodes[0]?.end('SIGKILL');
  for (let at = 8; at < 16; at++) await block(at);
  const back = await startNode(context, { data, port: ports[0] as number, more: ['--node', 'a'] });
  assert.equal(back.port, ports[0]);
  // Rolled: the new one listens on the same port before the old one drains.
  const next = await startNode(context, { data, port: ports[1] as number, more: ['--node', 'b2', '--share-ports'] });
  assert.equal(next.port, ports[1]);
  await nodes[1]?.end('SIGTERM');
  for (let at = 16; at < 24; at++) await block(at);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  isOver = true;
  await Promise.all(loads);
  assert.deepEqual([counts.wrong, counts.lost], [0, 0]);
  assert.ok(counts.asked > 500, `only ${counts.asked} checks were asked`);
});
