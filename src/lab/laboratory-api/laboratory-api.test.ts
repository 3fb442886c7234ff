import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { type OpenLaboratory, openLaboratory } from '#lab/laboratory/index.ts';
import { operation, Text } from '#operator/api/index.ts';
import { openOperator } from '#operator/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { laboratoryOperations } from './index.ts';
import { onlyHere } from './operation.ts';

let open: OpenLaboratory;
let base = '';
const directory = mkdtempSync(join(tmpdir(), 'assay-laboratory-api-'));

before(async () => {
  open = await openLaboratory({
    ...{ directory, clock: systemClock, random: seededRandom('laboratory api'), scheduler: systemScheduler },
    ...{ trace: silentTrace, smppPort: 0, gateway: { pollMilliseconds: 20, contact: '' } },
  });
  const { url } = await open.operator.api.listen({
    port: 0,
    laboratory: (streams) => laboratoryOperations(open.laboratory, streams),
  });
  base = `${url}api/v1/laboratory`;
});
after(async () => {
  await open.close();
  rmSync(directory, { recursive: true });
});

const FAILING = operation({
  ...{ id: 'fail', method: 'GET', path: '/api/v1/laboratory/failing', tag: 'laboratory' },
  ...{ summary: 'Fails when nobody can be told any more.', permission: 'laboratory.read', answer: Text },
  run(call): string {
    call.takeOver({});
    throw new Error('too late');
  },
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the document says what it is; a test looks at parts of it
  readonly body: any;
}

async function ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

test('a handset is made, switched on and followed hop by hop', async () => {
  const { status, body } = await ask('POST', '/handsets', { name: 'ada' });
  assert.deepEqual([status, body.isOn, body.isMade, body.os], [201, false, true, 'honest']);
  const on = await ask('PUT', '/handsets/ada/power', { isOn: true });
  assert.deepEqual(
    [on.status, on.body.handset.service, on.body.exchange.steps],
    [200, 'registered', [101, 102, 103, 104]],
  );
  const { number } = on.body.exchange;
  const first = await ask('GET', `/exchanges/${number}/hops?limit=10`);
  const second = await ask('GET', `/exchanges/${number}/hops?limit=1000&after=${first.body.next}`);
  assert.equal(first.body.hops.length + second.body.hops.length, on.body.exchange.hops);
  const list = await ask('GET', '/exchanges?handset=ada&limit=1');
  assert.equal(list.body.exchanges[0].number, number);
  assert.equal((await ask('GET', `/exchanges?handset=ada&before=${list.body.next}`)).body.exchanges.length, 0);
  const described = await ask('GET', `/hops/${first.body.hops[0].number}`);
  assert.ok(described.body.sheets.length > 0);
});

test('forging is seen through the API: altered octets and the MAC that failed', async () => {
  await ask('POST', '/handsets', { name: 'eve', os: 'forges-imei' });
  const on = await ask('PUT', '/handsets/eve/power', { isOn: true });
  assert.equal(on.body.exchange.isAltered, true);
  const { hops } = (await ask('GET', `/exchanges/${on.body.exchange.number}/hops?limit=1000`)).body;
  const altered = hops.find((hop: { isAltered: boolean }) => hop.isAltered);
  const { body } = await ask('GET', `/hops/${altered.number}`);
  assert.ok(body.alteration.ranges.length > 0);
  assert.notEqual(body.brokenSeals[0].received, body.brokenSeals[0].computed);
});

test('an exchange leaves as pcapng and as JSON', async () => {
  const { exchanges } = (await ask('GET', '/exchanges?limit=1')).body;
  const { number, hops } = exchanges[0];
  const capture = await fetch(`${base}/exchanges/${number}/capture`);
  const octets = new Uint8Array(await capture.arrayBuffer());
  assert.deepEqual([...octets.subarray(0, 4)], [0x0a, 0x0d, 0x0d, 0x0a], 'a section header block');
  assert.match(capture.headers.get('content-disposition') ?? '', /^attachment; filename="assay-[\w-]+\.pcapng"$/);
  const record = (await ask('GET', `/exchanges/${number}/record`)).body;
  assert.equal(record.hops.length, hops);
});

test('messages are listed, dropped and repeated', async () => {
  const { body } = await ask('GET', '/short-messages?handset=ada');
  const [message] = body.messages;
  assert.equal((await ask('POST', `/short-messages/${message.number}/replays`, {})).status, 200);
  const drop = await ask('PUT', '/drops', { handset: 'ada', direction: 'toHandset', count: 2 });
  assert.deepEqual(drop.body.drops, [{ handset: 'ada', direction: 'toHandset', left: 2 }]);
  assert.deepEqual((await ask('GET', '')).body.drops, drop.body.drops);
  await ask('PUT', '/drops', { handset: 'ada', direction: 'toHandset', count: 0 });
});

test('theft, recovery, calls, operating systems, cards, power', async () => {
  assert.equal((await ask('POST', '/handsets/ada/calls', { number: '112' })).body.exchange.kind, 'emergencyCall');
  assert.equal((await ask('POST', '/handsets/ada/theft-reports', {})).body.handset.isListed, true);
  assert.equal((await ask('POST', '/handsets/ada/recoveries', {})).body.handset.isListed, false);
  const flashed = await ask('PUT', '/handsets/ada/operating-system', {
    name: 'lies-to-network',
    otherImei: '35674108990011',
  });
  assert.deepEqual([flashed.body.handset.os, flashed.body.handset.claimedImei], ['lies-to-network', '356741089900111']);
  const swapped = await ask('POST', '/handsets/ada/swaps', { with: 'eve', what: 'support' });
  assert.deepEqual(
    swapped.body.handsets.map(({ name }: { name: string }) => name),
    ['ada', 'eve'],
  );
  const cut = await ask('PUT', '/handsets/ada/power', { isOn: true, cutAfter: 3 });
  assert.equal(cut.body.exchange.outcome.kind, 'powerCut');
  await ask('PUT', '/handsets/ada/power', { isOn: true });
  assert.equal((await ask('POST', '/handsets/ada/power-cuts', {})).body.handset.isOn, false);
});

test('a scenario is played again from its seed, octet for octet', async () => {
  const { body } = await ask('POST', '/replays', { scenario: 'forged', seed: 'the patent' });
  assert.deepEqual([body.isSame, body.seed, body.exchange.kind], [true, 'the patent', 'replay']);
  const again = await ask('POST', '/replays', { scenario: 'forged', seed: 'the patent' });
  assert.equal(again.body.digest, body.digest);
  const { hops } = (await ask('GET', `/exchanges/${body.exchange.number}/hops?limit=1000`)).body;
  assert.equal(hops.length, body.hops);
  const altered = hops.find((hop: { isAltered: boolean }) => hop.isAltered);
  assert.ok((await ask('GET', `/hops/${altered.number}`)).body.brokenSeals[0].computed);
  const drawn = await ask('POST', '/replays', { scenario: 'honest' });
  assert.match(drawn.body.seed, /^[0-9A-F]{16}$/);
});

test('what makes no sense is refused with a problem', async () => {
  const problems = [
    ['POST', '/handsets', { name: 'ada' }, 409, 'conflict'],
    ['POST', '/handsets', { name: '' }, 400, 'invalid-value'],
    ['POST', '/handsets', { name: 'x', imei: '1' }, 400, 'invalid-value'],
    ['PUT', '/handsets/nobody/power', { isOn: true }, 404, 'no-such-resource'],
    ['PUT', '/handsets/ada/operating-system', { name: 'none' }, 400, 'invalid-value'],
    ['POST', '/short-messages/999999/replays', {}, 404, 'no-such-resource'],
    ['GET', '/hops/999999', undefined, 404, 'no-such-resource'],
    ['GET', '/exchanges/999999', undefined, 404, 'no-such-resource'],
    ['GET', '/handsets/nobody', undefined, 404, 'no-such-resource'],
  ] as const;
  for (const [method, path, given, status, code] of problems) {
    const { status: got, body } = await ask(method, path, given);
    assert.deepEqual([got, body.code], [status, code], `${method} ${path}`);
  }
  const unsaid = await fetch(`${base}/resets`, { method: 'POST' });
  assert.notEqual(unsaid.status, 200, 'a page elsewhere could send a request without JSON');
});

test('hops come as server-sent events, from where the reader was', async () => {
  const controller = new AbortController();
  const response = await fetch(`${base}/hops/stream?after=0`, { signal: controller.signal });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('\nid: 3\n')) break;
  }
  controller.abort();
  assert.match(text, /id: 1\nevent: hop\ndata: \{"number":1,/);
});

test('a reset takes away what was made', async () => {
  const { body } = await ask('POST', '/resets', {});
  assert.deepEqual(body.handsets, []);
});

test('the document has the laboratory only where one runs; it listens on loopback only', async () => {
  const root = base.replace('/laboratory', '');
  const documentAt = async (address: string): Promise<Answer['body']> => (await fetch(address)).json();
  const document = await documentAt(`${root}/openapi.json`);
  assert.ok(document.paths['/api/v1/laboratory/handsets']);
  assert.ok(document.tags.some(({ name }: { name: string }) => name === 'laboratory'));
  const plain = openOperator({ dataDirectory: join(directory, 'plain') });
  try {
    const { url } = await plain.api.listen({ port: 0 });
    const without = await documentAt(`${url}api/v1/openapi.json`);
    assert.equal(without.paths['/api/v1/laboratory/handsets'], undefined);
    assert.ok(!without.tags.some(({ name }: { name: string }) => name === 'laboratory'));
    await plain.api.close();
    await assert.rejects(plain.api.listen({ host: '0.0.0.0', port: 0, laboratory: () => [] }), /own machine/);
    const { url: again } = await plain.api.listen({ port: 0, laboratory: () => [FAILING] });
    await assert.rejects(
      fetch(`${again}api/v1/laboratory/failing`),
      'a fault behind a taken answer keeps nobody waiting',
    );
  } finally {
    await plain.close();
  }
});

test('who may only look can look, and drive nothing', async () => {
  const { token } = open.operator.access.create({ name: 'eyes', role: 'viewer', author: 'root', reason: 'test' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  assert.equal((await fetch(`${base}/handsets`, { headers })).status, 200);
  const drive = await fetch(`${base}/resets`, { method: 'POST', headers, body: '{}' });
  assert.equal(drive.status, 403);
});

test('a caller from another machine is refused, whatever its token', () => {
  const from = (remoteAddress: string) => ({ socket: { remoteAddress } }) as Parameters<typeof onlyHere>[0];
  for (const own of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.doesNotThrow(() => onlyHere(from(own)));
  for (const other of ['192.0.2.1', '::ffff:192.0.2.1', '', '1270.0.0.1'])
    assert.throws(() => onlyHere(from(other)), /not-permitted/);
});
