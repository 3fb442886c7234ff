import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { healthMetrics, healthView, type NodeHealth, whyNotReady } from './node-health.ts';
import { listenStatus } from './status-server.ts';

const HEALTH: NodeHealth = {
  ...{ phase: 'serving', at: 9500, now: 10_000, sequence: 7, completeAt: 8000 },
  ...{ entries: 3, octets: 4096, residentOctets: 1 << 20, hasDatabase: false, dropped: 2 },
  addresses: [{ front: 's13', host: '127.0.0.1', port: 3868 }],
  answers: { s13: { permitted: 5, prohibited: 1 } },
  fronts: { s13: { 'answer 5422': 1 } },
  threads: { listening: 1, wanted: 2 },
  settings: { mode: 'enforce', listTooOld: 'unavailable', oldestList: 5000 },
};
const OLD = { ...HEALTH, completeAt: 4999 };

test('a node is ready while it has lists that are not too old for it to answer by, and a front that listens', () => {
  const listTooOld = (answer: 'asListed' | 'tracking') => ({
    ...OLD,
    settings: { ...OLD.settings, listTooOld: answer },
  });
  const ready = [HEALTH, { ...HEALTH, completeAt: 5000 }, listTooOld('asListed'), listTooOld('tracking')];
  assert.deepEqual(ready.map(whyNotReady), [[], [], [], []]);
  assert.deepEqual(whyNotReady(OLD), [
    'its lists are older than oldestList (5000 ms), and failure.listTooOld is unavailable',
  ]);
  assert.deepEqual(whyNotReady({ ...HEALTH, completeAt: 0 }), ['it has no lists']);
  assert.deepEqual(whyNotReady({ ...HEALTH, threads: { listening: 0, wanted: 2 } }), ['no thread of fronts listens']);
  assert.deepEqual(whyNotReady({ ...HEALTH, phase: 'loading' }), ['it is loading its lists']);
  assert.deepEqual(whyNotReady({ ...HEALTH, phase: 'draining' }), ['it is ending']);
});

test('numbers for Prometheus: each metric with its type, names in labels escaped, no age where there are no lists', () => {
  const text = healthMetrics({ ...HEALTH, fronts: { s13: { 'a "b\\\n': 4 } } });
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  assert.deepEqual(lines, [
    'assay_checks_total{front="s13",answer="permitted"} 5',
    'assay_checks_total{front="s13",answer="prohibited"} 1',
    String.raw`assay_front_total{front="s13",what="a \"b\\\n"} 4`,
    'assay_node_age_seconds 2',
    'assay_node_change 7',
    'assay_node_ready 1',
    'assay_node_database_up 0',
    'assay_node_told_seconds 0.5',
    'assay_node_threads 1',
    'assay_node_entries 3',
    'assay_node_memory_bytes 4096',
    'assay_sightings_dropped 2',
    'process_resident_memory_bytes 1048576',
    '',
  ]);
  assert.equal(text.match(/^# TYPE assay_checks_total counter$/gm)?.length, 1);
  assert.ok(!healthMetrics({ ...HEALTH, completeAt: 0 }).includes('assay_node_age_seconds'));
});

async function listening(context: TestContext, health: () => NodeHealth) {
  const server = await listenStatus({ host: '127.0.0.1', port: 0 }, health);
  context.after(() => server.close());
  return { ...server, url: `http://127.0.0.1:${server.address.port}` };
}

test('over HTTP: alive, ready or 503 with why, numbers, all as JSON; as it stands at each question', async (context) => {
  let health = HEALTH;
  const { url } = await listening(context, () => health);
  const ask = async (path: string) => {
    const response = await fetch(url + path);
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
  };
  assert.deepEqual(await ask('/readyz?probe=1'), {
    ...{ status: 200, type: 'application/json; charset=utf-8', body: '{"ready":true}\n' },
  });
  health = OLD;
  const { status, body } = await ask('/readyz');
  assert.deepEqual([status, JSON.parse(body)], [503, { ready: false, notReady: whyNotReady(OLD) }]);
  assert.deepEqual(
    [(await ask('/healthz')).body, (await ask('/metrics')).body],
    ['{"alive":true}\n', healthMetrics(OLD)],
  );
  assert.equal((await ask('/metrics')).type, 'text/plain; version=0.0.4; charset=utf-8');
  assert.deepEqual(JSON.parse((await ask('/status')).body), healthView(OLD));
  assert.deepEqual(
    [(await ask('/')).status, (await ask('/constructor')).status, (await ask('/api/v1/status')).status],
    [404, 404, 404],
  );
});

test('what nobody may send is refused, and the next question answered', async (context) => {
  const { url, address } = await listening(context, () => HEALTH);
  const posted = await fetch(`${url}/status`, { method: 'POST', body: 'x'.repeat(100_000) });
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
  const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  const ended = new Promise<void>((resolve) => {
    const socket = connect(address.port, address.host, () => socket.write('\x16\x03\x01 no HTTP\r\n\r\n'));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
  await ended;
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  await assert.rejects(
    listenStatus(address, () => HEALTH),
    { message: new RegExp(`cannot listen for --status on 127.0.0.1 port ${address.port}: another program uses it`) },
  );
});
