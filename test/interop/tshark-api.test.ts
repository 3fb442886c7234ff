// Wireshark as the judge of the operator's HTTP API: answers, problems, uploads and event streams over HTTP/1.1 decoded, JSON and all.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ROLES, type Role } from '#operator/access/index.ts';
import { openApi } from '#operator/api/index.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { judge, missing } from './tshark-judge.ts';

const PORT = 8080;
const POLL_MILLISECONDS = 250;
const WIDE = { burst: 1e6, perSecond: 1e6 };
const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

interface Sent {
  readonly method?: string;
  readonly role?: Role;
  readonly type?: string;
  readonly body?: string;
  /** The body in pieces of unknown length in all (RFC 9112 7.1). */
  readonly isChunked?: boolean;
}

/** An API, and a client on one connection to it whose every octet is in `capture`. */
async function recorded(context: TestContext) {
  const made = testOperator(context);
  const { operator, clock, access } = made;
  const sources = { ...operator, clock, scheduler: clock, nodes: () => [], onFailure: assert.fail };
  const api = openApi(sources, { address: WIDE, token: WIDE });
  context.after(() => api.close());
  const tokenOf = (role: Role) =>
    [role, access.create({ name: `the ${role}`, role, author: 'root', reason: 'test' }).token] as const;
  const tokens = new Map(ROLES.map(tokenOf));
  const { port: servicePort } = await api.listen({ port: 0 });
  const capture = new TcpCapture();
  const port = await recordingProxy(context, { capture, servicePort, shownPort: PORT });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.after(() => agent.destroy());
  const open = async (path: string, { method = 'GET', role, type, body, isChunked = false }: Sent, by?: Agent) => {
    const length = body === undefined || isChunked ? {} : { 'Content-Length': new TextEncoder().encode(body).length };
    const headers = {
      ...length,
      ...(isChunked && { 'Transfer-Encoding': 'chunked' }),
      ...(role !== undefined && { Authorization: `Bearer ${tokens.get(role)}` }),
      ...(type !== undefined && { 'Content-Type': type }),
    };
    const asked = request({ host: '127.0.0.1', port, path, method, headers, ...(by && { agent: by }) });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  };
  const ask = async (path: string, sent: Sent): Promise<number> => {
    const answer = await open(path, sent, agent);
    answer.resume();
    await once(answer, 'end');
    return answer.statusCode ?? 0;
  };
  const wireshark = () => judge(context, capture.octets(), [`tcp.port==${PORT},http`]);
  return { ...made, api, open, ask, agent, wireshark };
}

const IMEI = testImei(1);
const entry = (imei: string) => JSON.stringify({ imei, reason: 'stolen', note: 'Müller’s “phone”' });

/** A question, and what its answer must be decoded as: status, media type, a text in its JSON. */
const CASES = [
  ['/api/v1/lists', { role: 'viewer' }, 200, JSON_TYPE, 'black'],
  [
    '/api/v1/lists/black/entries',
    { role: 'analyst', type: JSON_TYPE, body: entry(IMEI.equipment) },
    201,
    JSON_TYPE,
    'Müller’s “phone”',
  ],
  [`/api/v1/imei/${IMEI.equipment}`, { role: 'viewer' }, 200, JSON_TYPE, 'prohibited'],
  [
    '/api/v1/lists/black/entries',
    { role: 'analyst', type: JSON_TYPE, body: entry('1234') },
    400,
    PROBLEM_TYPE,
    'invalid-value',
  ],
  [
    '/api/v1/lists/black/entries',
    { role: 'analyst', type: JSON_TYPE, body: '{"imei":' },
    400,
    PROBLEM_TYPE,
    'malformed-request',
  ],
  [
    '/api/v1/lists/black/entries',
    { role: 'viewer', type: JSON_TYPE, body: entry(IMEI.equipment) },
    403,
    PROBLEM_TYPE,
    'not-permitted',
  ],
  ['/api/v1/lists', {}, 401, PROBLEM_TYPE, 'token-needed'],
  ['/api/v1/nothing', { role: 'viewer' }, 404, PROBLEM_TYPE, 'no-such-resource'],
  ['/api/v1/lists', { role: 'viewer', method: 'DELETE' }, 405, PROBLEM_TYPE, 'method-not-allowed'],
  [
    '/api/v1/lists/black/entries',
    { role: 'analyst', type: 'text/xml', body: '<x/>' },
    415,
    PROBLEM_TYPE,
    'unsupported-media-type',
  ],
  ['/api/v1/settings', { role: 'viewer' }, 200, JSON_TYPE, 'approval'],
] as const satisfies readonly (readonly [string, Sent, number, string, string])[];

test('tshark reads the API: answers and problems, one behind the other on one connection', {
  skip: missing,
}, async (context) => {
  const { ask, agent, wireshark } = await recorded(context);
  const statuses: number[] = [];
  for (const [path, sent] of CASES)
    statuses.push(await ask(path, { method: 'body' in sent ? 'POST' : 'GET', ...sent }));
  assert.deepEqual(
    statuses,
    CASES.map(([, , status]) => status),
  );
  agent.destroy();
  const found = wireshark();
  const rows = found.rows('http.response', ...['http.response.code', 'http.content_type', 'json.value.string']);
  assert.equal(rows.length, CASES.length);
  for (const [at, [path, , status, type, word]] of CASES.entries()) {
    const [code, media = '', words = ''] = rows[at] ?? [];
    assert.deepEqual([code, media.split(';')[0]], [String(status), type], path);
    assert.ok(words.split('|').includes(word), `${path} ${status}: expected ${word}, got ${words.slice(0, 300)}`);
  }
  assert.deepEqual(
    found
      .rows('http.response.code == 401', 'http.www_authenticate')
      .map(([challenge]) => /^Bearer/.test(challenge ?? '')),
    [true],
  );
  found.isSound({ protocol: 'http' });
});

test('tshark reads the API: a list file in pieces, its effect, the report of bad lines, and its undoing', {
  skip: missing,
}, async (context) => {
  const { ask, agent, wireshark } = await recorded(context);
  const lines = Array.from({ length: 4000 }, (_, serial) => testImei(serial).equipment);
  const file = {
    method: 'POST',
    role: 'approver',
    type: 'text/csv',
    body: `imei\n${lines.join('\n')}\nnonsense\n`,
  } as const;
  const path = '/api/v1/imports?list=black&source=partner';
  const reason = {
    method: 'POST',
    role: 'approver',
    type: JSON_TYPE,
    body: JSON.stringify({ reason: 'wrong file' }),
  } as const;
  for (const [asked, sent, status] of [
    [`${path}&dryRun=true`, { ...file, isChunked: true }, 200],
    [`${path}&dryRun=true&report=full`, file, 200],
    [path, { ...file, isChunked: true }, 200],
    ['/api/v1/imports/1/undo', { role: 'viewer' }, 200],
    ['/api/v1/imports/1/undo', reason, 200],
    ['/api/v1/imports/1/undo', reason, 409],
  ] as const)
    assert.equal(await ask(asked, sent), status, asked);
  agent.destroy();
  const found = wireshark();
  const numbers = found.rows('http.response && json', 'json.value.number');
  const [read, ...effect] = (numbers[0]?.[0] ?? '').split('|');
  assert.deepEqual([read, effect.filter((number) => number === '4000').length], ['4001', 2], 'lines, added and after');
  assert.deepEqual(
    found.rows(
      'http.request.method == "POST" && http.transfer_encoding',
      'http.transfer_encoding',
      'http.content_type',
    ),
    [
      ['chunked', 'text/csv'],
      ['chunked', 'text/csv'],
    ],
  );
  const [report] = found.rows('http.response && !json', 'http.content_type', 'http.file_data');
  assert.match(report?.[0] ?? '', /^text\/csv/);
  assert.match(report?.[1] ?? '', /line,problem,text,code.*nonsense/);
  found.isSound({ protocol: 'http' });
});

test('tshark reads the API: an event stream, event by event, to its end', { skip: missing }, async (context) => {
  const { open, api, audit, clock, wireshark } = await recorded(context);
  const answer = await open('/api/v1/events/stream', { role: 'viewer' });
  let came = '';
  answer.on('data', (octets: Uint8Array) => {
    came += new TextDecoder().decode(octets);
  });
  const until = async (text: string) => {
    while (!came.includes(text)) await once(answer, 'data');
  };
  for (const subject of ['first', 'second']) {
    audit.append({ kind: 'setting', author: 'Ada', subject, detail: { note: 'line\nbreak, Müller’s' } });
    clock.advance(POLL_MILLISECONDS);
    await until(`"${subject}"`);
  }
  clock.advance(15_000);
  await until(': heartbeat');
  const ended = once(answer, 'end');
  await api.close();
  await ended;
  const found = wireshark();
  const [stream] = found.rows('http.response', 'http.response.code', 'http.content_type', 'http.transfer_encoding');
  assert.deepEqual(stream, ['200', 'text/event-stream; charset=utf-8', 'chunked']);
  const [body] = found.rows('http.response', 'http.file_data');
  assert.match(body?.[0] ?? '', /retry: 2000.*event: setting.*"first".*event: setting.*"second".*: heartbeat/);
  found.isSound({ protocol: 'http' });
});
