import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { html } from './html.ts';
import { openApi } from './index.ts';

const IMEI = testImei(1);

async function served(context: TestContext) {
  const made = testOperator(context);
  const { url, port } = await made.api.listen({ port: 0 });
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, url), { ...init, redirect: 'error' });
    const body = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    // What a test expects of the answer it names itself.
    return {
      response,
      status: response.status,
      body,
      json: isJson && body !== '' ? (JSON.parse(body) as Record<string, unknown>) : {},
    };
  };
  return { ...made, url, port, get };
}

test('every resource answers JSON that holds what happened', async (context) => {
  const { get, issue, receive, register } = await served(context);
  const phone = issue();
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada', caseReference: 'A-7' });
  await receive(phone, phone.uicc.report(IMEI));
  const status = (await get('/api/v1/status')).json;
  assert.deepEqual([status['mode'], status['subscribers'], status['levels']], ['enforce', 1, { attested: 1 }]);
  const explained = (await get(`/api/v1/imei/imeisv-${IMEI.equipment}01`)).json;
  assert.deepEqual(
    [explained['imei'], explained['equipmentStatus'], explained['genuine']],
    [IMEI.withCheckDigit, 'prohibited', '00101…001'],
  );
  const subscribers = (await get('/api/v1/subscribers')).json['subscribers'] as readonly Record<string, unknown>[];
  assert.equal(subscribers[0]?.['iccid'], phone.iccid.digits);
  const events = (await get('/api/v1/events?after=1&limit=2')).json;
  assert.deepEqual([(events['events'] as readonly unknown[]).length, events['next']], [2, 3]);
  const page = (await get('/api/v1/lists?list=black')).json['entries'] as readonly Record<string, unknown>[];
  assert.deepEqual([page[0]?.['imei'], page[0]?.['caseReference']], [IMEI.withCheckDigit, 'A-7']);
  for (const path of ['outbox', 'findings', 'clusters']) assert.equal((await get(`/api/v1/${path}`)).status, 200);
});

for (const [method, path, status] of [
  ['GET', '/', 404],
  ['GET', '/nothing', 404],
  ['GET', '/api/v1/', 404],
  ['GET', '/constructor', 404],
  ['GET', '/../../etc/passwd', 404],
  ['GET', '/api/v1/imei/123', 400],
  ['GET', '/api/v1/imei/../../../etc/passwd', 404],
  ['GET', '/api/v1/imei/%00%ff', 400],
  ['GET', '/api/v1/imei/00888801000001?imsi=1', 400],
  ['GET', '/api/v1/lists?list=black&after=x', 400],
  ['GET', '/api/v1/events?after=-1&limit=99999999', 200],
  ['GET', '/api/v1/subscribers?after=%27%20OR%201=1', 200],
  ['HEAD', '/api/v1/status', 200],
  ['POST', '/api/v1/status', 405],
  ['DELETE', '/api/v1/status', 405],
] as const)
  test(`${method} ${path} -> ${status}`, async (context) => {
    const { get } = await served(context);
    const { response, body } = await get(path, { method });
    assert.equal(response.status, status);
    if (status === 405) assert.equal(response.headers.get('allow'), 'GET, HEAD');
    if (method === 'HEAD') assert.deepEqual([body, Number(response.headers.get('content-length')) > 0], ['', true]);
    if (status >= 400 && method !== 'HEAD') {
      assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
      assert.equal((JSON.parse(body) as Record<string, unknown>)['status'], status);
    }
  });

test('a request under a foreign name is refused: no page elsewhere can read the data', async (context) => {
  const { port } = await served(context);
  const status = (name: string) =>
    new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: '/healthz', headers: { host: name } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
  assert.deepEqual(
    [await status('evil.example'), await status(`localhost:${port}`), await status(`127.0.0.1:${port}`)],
    [421, 200, 200],
  );
});

test('a busy port is an error that says what to do; after close it is free', async (context) => {
  const first = await served(context);
  const second = testOperator(context);
  await assert.rejects(second.api.listen({ port: first.port }), /another program uses it.*choose another port/);
  await first.api.close();
  assert.equal((await second.api.listen({ port: first.port })).port, first.port);
});

test('octets that are no HTTP end the connection and nothing else', async (context) => {
  const { port, get } = await served(context);
  for (const octets of [
    '\x00\x01\x02\r\n\r\n',
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
    'GET // HTTP/1.1\r\nHost: localhost\r\n\r\n',
  ])
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(octets));
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.resume();
    });
  assert.equal((await get('/api/v1/status')).status, 200);
});

test('a fault inside is told to whoever runs the server, not to whoever asked', async (context) => {
  const made = testOperator(context);
  const faults: unknown[] = [];
  const fault = new Error('secret inside');
  const register = {
    ...made.register,
    mode: () => {
      throw fault;
    },
  };
  const api = openApi({
    ...made.operator,
    register,
    clock: made.clock,
    scheduler: made.clock,
    nodes: () => [],
    onFailure: (error) => faults.push(error),
  });
  context.after(() => api.close());
  const { url } = await api.listen({ port: 0 });
  const response = await fetch(new URL('/api/v1/status', url));
  assert.equal(response.status, 500);
  assert.ok(!(await response.text()).includes('secret'));
  assert.deepEqual(faults, [fault]);
});

test('html: text is escaped in text and attributes, markup of its own is not', () => {
  const made = html`<a title="${`"'<>&`}">${[html`<b>${'<i>'}</b>`, 1, undefined]}</a>`;
  assert.equal(made.markup, '<a title="&quot;&#39;&lt;&gt;&amp;"><b>&lt;i&gt;</b>1</a>');
});
