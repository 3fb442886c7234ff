import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { eventually, servedApi } from './api.fixture.ts';

const ENTRIES = '/api/v1/lists/black/entries';
type Served = Awaited<ReturnType<typeof servedApi>>;

/** A connection of its own: what is written is sent as it is; `answer` is all that came until the end, or until `until` came. */
async function raw(context: TestContext, { port }: Served) {
  const socket: Socket = connect(port, '127.0.0.1');
  context.after(() => socket.destroy());
  let came = '';
  let isOver = false;
  let look = () => {};
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    came += text;
    look();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
    look();
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    came: () => came,
    answer: (until: RegExp | 'end') =>
      new Promise<string>((resolve) => {
        look = () => {
          if (isOver || (until !== 'end' && until.test(came))) resolve(came);
        };
        look();
      }),
  };
}

const head = ({ tokens }: Served, path: string, ...more: readonly string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${tokens.analyst}`,
    'Content-Type: application/json',
    ...more,
    '',
    '',
  ].join('\r\n');

for (const [name, body, code] of [
  ['nothing', '', 'malformed-request'],
  ['half a value', '{"imei":', 'malformed-request'],
  ['two values', '{} {}', 'malformed-request'],
  ['a prototype', '{"__proto__":{"imei":1}}', 'malformed-request'],
  ['a constructor', '{"constructor":{"prototype":{}}}', 'malformed-request'],
  ['null', 'null', 'invalid-value'],
  ['a list', '[]', 'invalid-value'],
  ['a number', '1e400', 'invalid-value'],
  ['deep lists', '['.repeat(8000) + ']'.repeat(8000), 'invalid-value'],
  ['deep objects', `${'{"imei":'.repeat(1500)}1${'}'.repeat(1500)}`, 'invalid-value'],
  ['a member of another type', '{"imei":12,"reason":"stolen"}', 'invalid-value'],
  ['a member too much', '{"imei":"00888801000001","reason":"stolen","author":"Eve"}', 'invalid-value'],
  [
    'a text too long',
    JSON.stringify({ imei: '00888801000001', reason: 'stolen', note: 'n'.repeat(201) }),
    'invalid-value',
  ],
] as const)
  test(`a body of ${name} is ${code}, and changes nothing`, async (context) => {
    const { ask, audit, faults } = await servedApi(context);
    const before = audit.head().id;
    const answer = await ask(ENTRIES, {
      role: 'analyst',
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    assert.equal(answer.code, code);
    for (const member of ['expected', 'got', 'advice']) assert.ok(String(answer.json[member]).length > 0, member);
    assert.deepEqual([audit.head().id, faults], [before, []]);
  });

test('octets that are no UTF-8, another type, a packed body: each refused by its own code', async (context) => {
  const { ask } = await servedApi(context);
  const sent = { role: 'analyst', method: 'POST', body: new Uint8Array([0x22, 0xff, 0x22]) } as const;
  const refused = async (headers: Record<string, string>) => (await ask(ENTRIES, { ...sent, headers })).code;
  assert.equal(await refused({ 'Content-Type': 'application/json' }), 'malformed-request');
  assert.equal(await refused({}), 'unsupported-media-type');
  for (const type of ['text/plain', 'application/xml', 'application/jsonx', 'multipart/form-data; boundary=x', ';;;'])
    assert.equal(await refused({ 'Content-Type': type }), 'unsupported-media-type', type);
  assert.equal(
    await refused({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }),
    'unsupported-media-type',
  );
  const file = { role: 'analyst', method: 'POST', body: '00888801000001' } as const;
  const upload = await ask('/api/v1/imports?list=black&source=s', {
    ...file,
    headers: { 'Content-Type': 'application/json' },
  });
  assert.equal(upload.code, 'unsupported-media-type');
});

test('property: whatever JSON comes, the answer is one of the document and nothing is a fault', async (context) => {
  const { ask, faults } = await servedApi(context);
  const paths = [
    ENTRIES,
    '/api/v1/lists/grey/removals',
    '/api/v1/checks',
    '/api/v1/commands',
    '/api/v1/scripts',
    '/api/v1/tokens',
    '/api/v1/imports/1/undo',
    '/api/v1/claims',
    '/api/v1/ranges',
    '/api/v1/pair-rules/removals',
    '/api/v1/approvals/1/approval',
    '/api/v1/imsi-defaults',
    '/api/v1/imsi-defaults/removals',
    '/api/v1/webhooks',
    '/api/v1/webhooks/1/removal',
    '/api/v1/webhooks/1/test',
  ];
  const member = fc.constantFrom(
    'imei',
    'imsi',
    'iccid',
    'reason',
    'order',
    'checks',
    'name',
    'role',
    'expiresAt',
    'source',
    'url',
    'kinds',
    'secret',
    'kind',
    'tac',
    'firstImsi',
    'toString',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('lock', 'https://fraud.example.org/', ['duplicateImei'], [{ imei: '1', position: {} }]),
    fc.constantFrom('block', 'stolen', 'viewer', '00888801000001', '2027-01-01T00:00:00Z'),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.dictionary(member, value), async (path, json) => {
      await ask(path, { role: 'administrator', method: 'POST', json });
    }),
    { numRuns: 150 },
  );
  assert.deepEqual(faults, []);
});

test('property: whatever query and path come, the answer is one of the document and nothing is a fault', async (context) => {
  const { ask, faults } = await servedApi(context);
  const path = fc.constantFrom(
    'imei/00888801000001',
    'lists',
    'subscribers',
    'events',
    'outbox',
    'outbox/1',
    'findings',
    'approvals',
    'approvals/1',
    'equipment-events',
    'webhooks/1/dead-letters',
    'tokens',
    'imports/1',
  );
  const query = fc.dictionary(
    fc.constantFrom('limit', 'after', 'imsi', 'list', 'state', 'x'),
    fc.oneof(fc.string(), fc.constantFrom('1', '0', '-1', '1e3', '99999999999999999999', 'black', '001010000000001')),
  );
  await fc.assert(
    fc.asyncProperty(path, query, async (name, members) => {
      await ask(`/api/v1/${name}?${new URLSearchParams(members)}`, { role: 'administrator' });
    }),
    { numRuns: 60 },
  );
  assert.deepEqual(faults, []);
});

test('a parameter twice, empty, or of another type is refused', async (context) => {
  const { ask } = await servedApi(context);
  for (const query of ['limit=1&limit=2', 'limit=', 'limit=ten', 'limit=0', 'limit=1.5', 'after=x', 'Limit=1'])
    assert.equal((await ask(`/api/v1/events?${query}`, { role: 'viewer' })).code, 'invalid-value', query);
});

test('a body said to be too large is refused before it comes, one that turns out so while it comes', async (context) => {
  const served = await servedApi(context);
  const said = await raw(context, served);
  said.socket.write(head(served, ENTRIES, 'Content-Length: 1000000'));
  assert.match(await said.answer('end'), /^HTTP\/1.1 413 [\s\S]*connection: close[\s\S]*"code":"too-large"/i);
  const turned = await raw(context, served);
  turned.socket.write(head(served, ENTRIES, 'Transfer-Encoding: chunked'));
  for (let chunk = 0; chunk < 5; chunk++) turned.socket.write(`1000\r\n${' '.repeat(0x1000)}\r\n`);
  assert.match(await turned.answer('end'), /^HTTP\/1.1 413 [\s\S]*"code":"too-large"/);
});

test('a slow body is answered with 408 in time, and the connection ends', async (context) => {
  const served = await servedApi(context, { limits: { bodyMilliseconds: 10_000 } });
  const slow = await raw(context, served);
  slow.socket.write(`${head(served, ENTRIES, 'Content-Length: 100')}{"imei":`);
  await eventually(() => served.timers.includes(10_000), 'the body is waited for');
  served.clock.advance(9_999);
  assert.equal((await served.ask('/healthz')).status, 200);
  assert.equal(slow.came(), '');
  slow.socket.write('"0');
  served.clock.advance(1);
  assert.match(await slow.answer('end'), /^HTTP\/1.1 408 [\s\S]*connection: close[\s\S]*"code":"too-slow"/i);
  assert.equal((await served.ask('/healthz')).status, 200);
  assert.deepEqual(served.faults, []);
});

test('whoever goes away in the middle of a body leaves nothing behind', async (context) => {
  const served = await servedApi(context);
  const before = served.audit.head().id;
  const gone = await raw(context, served);
  gone.socket.write(`${head(served, ENTRIES, 'Content-Length: 100')}{"imei":"00888801000001","reason":"stolen"}`);
  await eventually(() => served.timers.includes(10_000), 'the body is waited for');
  gone.socket.destroy();
  assert.equal((await served.ask('/healthz')).status, 200);
  served.clock.advance(60_000);
  assert.equal(served.audit.head().id, before);
  assert.equal((await served.ask('/healthz')).status, 200);
  assert.deepEqual(served.faults, []);
});

test('a refused request with a body does not keep its connection', async (context) => {
  const served = await servedApi(context);
  for (const request of [
    `POST ${ENTRIES} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`,
    'POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n',
  ]) {
    const refused = await raw(context, served);
    refused.socket.write(request);
    assert.match(await refused.answer('end'), /connection: close/i);
  }
});

test('an unknown Expect, an upgrade, a strange method, a smuggled length: each answered or cut, and the server goes on', async (context) => {
  const served = await servedApi(context);
  for (const request of [
    'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n',
    'BREW /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',
    `POST ${ENTRIES} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(9000)}\r\n\r\n`,
    'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n',
    'PROPFIND /api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  ]) {
    const strange = await raw(context, served);
    strange.socket.write(request);
    assert.doesNotMatch(await strange.answer('end'), /^HTTP\/1.1 5/, request.slice(0, 30));
  }
  assert.equal((await served.ask('/healthz')).status, 200);
  assert.deepEqual(served.faults, []);
});

test('whoever connects and says nothing, or never ends the headers, is cut within seconds; others are served meanwhile', async (context) => {
  const served = await servedApi(context);
  const silent = await raw(context, served);
  const slow = await raw(context, served);
  slow.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: a');
  const drip = setInterval(() => slow.socket.write('a'), 500);
  context.after(() => clearInterval(drip));
  assert.equal((await served.ask('/healthz')).status, 200);
  // Nobody else ends them: kept connections would be waited for until the test itself is given up.
  await Promise.all([silent.answer('end'), slow.answer('end')]);
  assert.doesNotMatch(silent.came() + slow.came(), /HTTP\/1.1 [^4]/);
  assert.equal((await served.ask('/healthz')).status, 200);
});

test('a length with another, a length with chunks, a chunk that is none: no second request is read out of the first', async (context) => {
  const served = await servedApi(context);
  const before = served.audit.head().id;
  const body = JSON.stringify({ imei: '00888801000001', reason: 'stolen' });
  const inner = `${head(served, ENTRIES, `Content-Length: ${body.length}`)}${body}`;
  const smuggled = [
    ['Content-Length: 0', `Content-Length: ${inner.length}`],
    [`Content-Length: ${inner.length}`, 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Content-Length: 5'],
    ['Transfer-Encoding: xchunked'],
    ['Transfer-Encoding: chunked, identity'],
    ['Transfer-Encoding : chunked'],
    ['Transfer-Encoding:\x0bchunked'],
    ['Content-Length: +0'],
    ['Content-Length: 0x0'],
    ['X: a\rTransfer-Encoding: chunked'],
    ['X: a\nContent-Length: 0'],
    [' Content-Length: 0'],
  ] as const;
  for (const framing of smuggled) {
    const attack = await raw(context, served);
    const first = ['POST /api/v1/session/end HTTP/1.1', 'Host: localhost', ...framing, '', ''].join('\r\n');
    attack.socket.write(`${first}0\r\n\r\n${inner}`);
    attack.socket.end();
    const came = await attack.answer('end');
    assert.doesNotMatch(came, /HTTP\/1.1 (2|5)\d\d [\s\S]*HTTP\/1.1 2/, framing.join(', '));
    assert.equal(served.audit.head().id, before, framing.join(', '));
  }
  assert.deepEqual(served.faults, []);
});
