import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { MINUTE, testImei } from '#test/operator/operator.ts';
import { eventually, servedApi } from './api.fixture.ts';

type Served = Awaited<ReturnType<typeof servedApi>>;
const EVENTS = '/api/v1/equipment-events';
const HOOKS = '/api/v1/webhooks';
const IMSI = '001010000000001';
const rows = (value: unknown) => value as readonly Readonly<Record<string, unknown>>[];

/** The subscriber is seen with these handsets, one after another. */
async function seen({ ask, clock, events }: Served, ...serials: readonly number[]) {
  for (const serial of serials) {
    clock.advance(MINUTE);
    const json = { checks: [{ imei: testImei(serial).equipment, imsi: IMSI }] };
    assert.equal((await ask('/api/v1/claims', { role: 'machine', json })).status, 200);
    events.poll();
  }
}

test('events: page by page, masked for a machine, whole for an analyst who is noted', async (context) => {
  const served = await servedApi(context);
  const { ask, audit } = served;
  await seen(served, 1, 2, 3);
  const first = (await ask(`${EVENTS}?limit=1`, { role: 'machine' })).json;
  assert.deepEqual(first, {
    events: [
      {
        ...{ sequence: 1, at: '2026-11-24T12:02:00.000Z', kind: 'imeiChanged', imsi: '00101…001' },
        ...{ from: testImei(1).withCheckDigit, to: testImei(2).withCheckDigit, by: 'claim', level: 'claimed' },
        equipmentStatus: 'permitted',
      },
    ],
    next: 1,
    newest: 2,
  });
  const second = await ask(`${EVENTS}?after=1`, { role: 'analyst' });
  assert.deepEqual(
    rows(second.json['events']).map(({ sequence, imsi }) => [sequence, imsi]),
    [[2, IMSI]],
  );
  assert.deepEqual(audit.newest(1, 'read')[0]?.detail, { operation: 'getEquipmentEvents', identities: 1 });
  assert.deepEqual((await ask(`${EVENTS}?after=7`, { role: 'viewer' })).json, { events: [], next: 7, newest: 2 });
  for (const query of ['after=-1', 'after=x', 'limit=0'])
    assert.equal((await ask(`${EVENTS}?${query}`, { role: 'viewer' })).code, 'invalid-value', query);
});

test('events: a position on a claim finds one IMEI in two places; what is no place is refused', async (context) => {
  const served = await servedApi(context);
  const { ask, clock, events, evidence } = served;
  const claim = async (imsi: string, position: unknown, path = '/api/v1/claims') => {
    clock.advance(MINUTE);
    return ask(path, { role: 'machine', json: { checks: [{ imei: testImei(1).equipment, imsi, position }] } });
  };
  for (const position of [
    { latitude: 91, longitude: 0 },
    { latitude: 0, longitude: -181 },
    { latitude: 0 },
    { latitude: '0', longitude: 0 },
    null,
  ])
    assert.equal((await claim(IMSI, position)).code, 'invalid-value', JSON.stringify(position));
  const paris = { latitude: 48.9, longitude: 2.4 };
  const lyon = { latitude: 45.8, longitude: 4.8 };
  const of = (number: number) => `00101000000000${number}`;
  // It is followed from its second subscriber on.
  for (const path of ['/api/v1/checks', '/api/v1/claims'])
    for (const number of [1, 2, 3, 4, 5]) {
      assert.equal(evidence.cluster(testImei(1)).claimants.length, path === '/api/v1/checks' ? 0 : number - 1);
      assert.equal((await claim(of(number), number % 2 === 0 ? paris : lyon, path)).status, 200);
      events.poll();
    }
  const { json, body } = await ask(EVENTS, { role: 'analyst' });
  const [event] = rows(json['events']);
  assert.deepEqual(
    [event?.['kind'], event?.['cause'], event?.['conflicts'], event?.['imei']],
    ['duplicateImei', 'conflicts', 2, testImei(1).withCheckDigit],
    body,
  );
});

test('events: a stream of their own, which begins where its reader was and has nothing of the audit log', async (context) => {
  const served = await servedApi(context);
  await seen(served, 1, 2, 3);
  const stop = new AbortController();
  context.after(() => stop.abort());
  const response = await fetch(new URL(`${EVENTS}/stream?after=1`, served.url), {
    headers: { Authorization: `Bearer ${served.tokens.machine}` },
    signal: stop.signal,
  });
  let came = '';
  const read = async () => {
    for await (const chunk of response.body ?? []) came += Buffer.from(chunk as Uint8Array).toString();
  };
  read().catch(() => {});
  await seen(served, 4);
  served.audit.append({ kind: 'setting', author: 'Ada', subject: 's', detail: {} });
  served.clock.advance(250);
  await eventually(() => came.includes('id: 3\n'), 'the event that was noticed meanwhile');
  assert.deepEqual(
    [...came.matchAll(/^id: (\d+)\nevent: (\w+)$/gm)].map(([, id, kind]) => [id, kind]),
    [
      ['2', 'imeiChanged'],
      ['3', 'imeiChanged'],
    ],
  );
  const data = JSON.parse(/^data: (.*)$/m.exec(came)?.[1] ?? '') as unknown;
  assert.deepEqual(data, rows((await served.ask(`${EVENTS}?after=1`, { role: 'machine' })).json['events'])[0]);
  assert.equal((await served.ask(`${EVENTS}/stream?after=4`, { role: 'machine' })).code, 'invalid-value');
});

test('events: an analyst who follows them is noted, and both streams run side by side', async (context) => {
  const served = await servedApi(context);
  const stop = new AbortController();
  context.after(() => stop.abort());
  const came = ['', ''];
  for (const [at, path] of ['/api/v1/events/stream', `${EVENTS}/stream`].entries()) {
    const headers = { Authorization: `Bearer ${served.tokens.analyst}` };
    const response = await fetch(new URL(path, served.url), { headers, signal: stop.signal });
    const read = async () => {
      for await (const chunk of response.body ?? []) came[at] += Buffer.from(chunk as Uint8Array).toString();
    };
    read().catch(() => {});
  }
  assert.deepEqual(
    served.audit.newest(2, 'read').map(({ subject }) => subject),
    ['followEquipmentEvents', 'followEvents'],
  );
  await seen(served, 1, 2);
  served.clock.advance(250);
  await eventually(() => (came[0]?.includes('event: read') ?? false) && (came[1]?.includes(IMSI) ?? false), 'both');
  assert.doesNotMatch(came[1] ?? '', /event: read/);
});

/** A receiver that answers with this status, and what it was sent. */
async function receiver(context: TestContext, status: number) {
  const came: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    came.push(request);
    request.resume();
    response.writeHead(status).end();
  });
  context.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path?key=7`, came };
}

test('webhooks: added with a secret that is shown once, tested, shown without it, removed; all in the log', async (context) => {
  const { ask, audit, tokens } = await servedApi(context);
  const { url, came } = await receiver(context, 204);
  const order = { url, reason: 'fraud desk', allowPrivate: true, kinds: ['duplicateImei'], identities: 'whole' };
  const added = await ask(HOOKS, { role: 'administrator', json: order });
  const secret = String(added.json['secret']);
  assert.deepEqual([added.status, /^whsec_/.test(secret)], [201, true]);
  const listed = await ask(HOOKS, { role: 'administrator' });
  const [webhook] = rows(listed.json['webhooks']);
  assert.deepEqual([webhook], [added.json['webhook']]);
  assert.deepEqual(
    [webhook?.['url'], webhook?.['author'], webhook?.['kinds']],
    [url, 'the administrator', ['duplicateImei']],
  );
  const asSeen = await ask(HOOKS, { token: tokens.analyst });
  assert.equal(rows(asSeen.json['webhooks'])[0]?.['url'], new URL(url).origin);
  for (const { body } of [listed, asSeen]) assert.ok(!body.includes(secret));

  const tested = await ask(`${HOOKS}/1/test`, { role: 'administrator', method: 'POST' });
  assert.deepEqual([tested.json['isTaken'], tested.json['status'], came.length], [true, 204, 1]);
  assert.match(String(came[0]?.headers['webhook-signature']), /^v1,/);
  const removal = { role: 'administrator', json: { reason: 'closed' } } as const;
  assert.deepEqual((await ask(`${HOOKS}/1/removal`, removal)).json, { removed: true });
  for (const path of ['1/removal', '1/test', '9/test', '9/removal'])
    assert.equal((await ask(`${HOOKS}/${path}`, removal)).code, 'no-such-resource', path);
  const log = audit
    .newest(2, 'setting')
    .map(({ author, subject, detail }) => [author, subject, detail?.['webhook'], detail?.['reason']]);
  assert.deepEqual(log, [
    ['the administrator', 'webhook 1', 'removed', 'closed'],
    ['the administrator', 'webhook 1', 'added', 'fraud desk'],
  ]);
  assert.ok(!JSON.stringify(audit.newest(9)).includes(secret.slice('whsec_'.length)));
});

test('webhooks: a receiver that cannot be, or one too many, is refused without the secret in the answer', async (context) => {
  const { ask, events } = await servedApi(context);
  const order = { url: 'https://fraud.example.org/', reason: 'r' };
  const weak = 'whsec_c2hvcnQ=';
  for (const bad of [
    { ...order, url: 'ftp://fraud.example.org/' },
    { ...order, url: 'nonsense' },
    { ...order, url: 'http://127.0.0.1/' },
    { ...order, url: 'http://[::ffff:10.0.0.1]/' },
    { ...order, url: 'https://a:b@fraud.example.org/' },
    { ...order, kinds: [] },
    { ...order, kinds: ['colour'] },
    { ...order, kinds: ['imeiChanged', 'imeiChanged', 'imeiChanged'] },
    { ...order, secret: weak },
    { ...order, secret: 'x'.repeat(101) },
    { ...order, reason: ' ' },
    { ...order, author: 'Eve' },
    { url: order.url },
  ]) {
    const { code, body } = await ask(HOOKS, { role: 'administrator', json: bad });
    assert.equal(code, 'invalid-value', JSON.stringify(bad));
    assert.ok(!body.includes(weak));
  }
  assert.deepEqual(events.list(), []);
  const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  assert.equal((await ask(HOOKS, { role: 'administrator', json: { ...order, secret: given } })).json['secret'], given);
  for (let count = 1; count < 100; count++) events.subscribe({ ...order, kinds: ['imeiChanged'], author: 'Ada' });
  const { code, json } = await ask(HOOKS, { role: 'administrator', json: order });
  assert.deepEqual([code, json['expected']], ['conflict', 'at most 100 webhooks']);
});

test('webhooks: what a receiver never took is shown, with why; tests are few at a time', async (context) => {
  const waiting: (() => void)[] = [];
  const served = await servedApi(context, {
    sources: ({ events }) => ({
      events: {
        ...events,
        deadLetters: (id, most) =>
          id === 1 ? [{ sequence: 7, attempts: 24, trouble: 'status 500' }].slice(0, most) : [],
        test: () => new Promise((resolve) => waiting.push(() => resolve(undefined))),
      },
    }),
  });
  const { ask, events } = served;
  events.subscribe({ url: 'https://fraud.example.org/', kinds: ['imeiChanged'], author: 'Ada', reason: 'r' });
  const dead = (await ask(`${HOOKS}/1/dead-letters?limit=5`, { role: 'viewer' })).json;
  assert.deepEqual(dead, { deadLetters: [{ sequence: 7, attempts: 24, trouble: 'status 500' }] });
  assert.equal((await ask(`${HOOKS}/2/dead-letters`, { role: 'viewer' })).code, 'no-such-resource');
  const test = () => ask(`${HOOKS}/1/test`, { role: 'administrator', method: 'POST' });
  const tests = [test(), test(), test(), test()];
  await eventually(() => waiting.length === 4, 'four are under way');
  const fifth = await test();
  assert.deepEqual([fifth.status, fifth.response.headers.get('retry-after')], [503, '10']);
  for (const end of waiting) end();
  assert.deepEqual(
    (await Promise.all(tests)).map(({ code }) => code),
    Array(4).fill('no-such-resource'),
  );
  const sixth = test();
  await eventually(() => waiting.length === 5, 'there is room again');
  waiting[4]?.();
  await sixth;
});
