import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { type LookupAll, Poster } from './post.ts';

const LIMITS = { timeoutMilliseconds: 300, answerOctets: 1000 };

/** A server that does this with every connection once a request came. */
async function raw(context: TestContext, answer: (socket: Socket, number: number) => void) {
  const sockets = new Set<Socket>();
  let number = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => answer(socket, ++number));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size };
}

const body = new TextEncoder().encode('{}');

function posting(context: TestContext, lookup?: LookupAll) {
  const poster = new Poster(systemScheduler, LIMITS, lookup);
  context.after(() => poster.close());
  return (url: string, allowPrivate = true) => poster.post({ url: new URL(url), headers: {}, body, allowPrivate });
}

for (const [what, answer, expected] of [
  ['says 200', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', { status: 200, retryAfterMilliseconds: undefined }],
  [
    'redirects',
    'HTTP/1.1 302 F\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n',
    { status: 302, retryAfterMilliseconds: undefined },
  ],
  [
    'is busy',
    'HTTP/1.1 503 B\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n',
    { status: 503, retryAfterMilliseconds: 7000 },
  ],
  [
    'is busy for years',
    'HTTP/1.1 503 B\r\nretry-after: 999999999\r\ncontent-length: 0\r\n\r\n',
    { status: 503, retryAfterMilliseconds: 3_600_000 },
  ],
  [
    'answers too much',
    `HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n${'a'.repeat(5000)}`,
    { status: 200, retryAfterMilliseconds: undefined },
  ],
] as const)
  test(`a receiver that ${what}`, async (context) => {
    const { port } = await raw(context, (socket) => socket.write(answer));
    assert.deepEqual(await posting(context)(`http://127.0.0.1:${port}/`), expected);
  });

for (const [what, answer, expected] of [
  ['closes early', (socket: Socket) => socket.end(), /hang up|closed/],
  ['resets', (socket: Socket) => socket.resetAndDestroy(), /reset|hang up/i],
  ['is silent', () => {}, /no whole answer within 300 ms/],
  ['speaks something else', (socket: Socket) => socket.end('220 smtp ready\r\n'), /Parse Error/],
  [
    'sends headers without end',
    (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\na: ${'a'.repeat(40_000)}`),
    /Header overflow|Parse Error/,
  ],
  ['trickles its headers', (socket: Socket) => trickle(socket, 'HTTP/1.1 200 OK\r\n'), /no whole answer/],
] as const)
  test(`a receiver that ${what} has not taken it`, async (context) => {
    const { port } = await raw(context, answer);
    const outcome = await posting(context)(`http://127.0.0.1:${port}/`);
    assert.ok('trouble' in outcome && expected.test(outcome.trouble), JSON.stringify(outcome));
  });

function trickle(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) clearInterval(timer);
    else socket.write(text[at++] ?? '');
  }, 50);
}

test('a receiver that trickles its body is cut at the time-out; its status has said enough', async (context) => {
  const { port } = await raw(context, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n');
    trickle(socket, 'a'.repeat(900));
  });
  assert.deepEqual(await posting(context)(`http://127.0.0.1:${port}/`), {
    status: 200,
    retryAfterMilliseconds: undefined,
  });
});

test('nobody listens there', async (context) => {
  const { port } = await raw(context, () => {});
  const outcome = await posting(context)(`http://127.0.0.1:${port === 65_535 ? port - 1 : port + 1}/`);
  assert.ok('trouble' in outcome);
});

test('a connection is kept; one that was closed meanwhile is replaced without losing the attempt', async (context) => {
  const { port, connections } = await raw(context, (socket, number) => {
    // The third request on the first connection finds it dead.
    if (number === 3) socket.resetAndDestroy();
    else socket.write('HTTP/1.1 204 N\r\n\r\n');
  });
  const post = posting(context);
  const statuses: unknown[] = [];
  for (let count = 0; count < 3; count++) {
    const outcome = await post(`http://127.0.0.1:${port}/`);
    statuses.push('status' in outcome ? outcome.status : outcome.trouble);
  }
  assert.deepEqual([statuses, connections()], [[204, 204, 204], 2]);
});

test('a name is judged by every address it has, at every connection (SSRF, DNS rebinding)', async (context) => {
  const { port, connections } = await raw(context, (socket) =>
    socket.end('HTTP/1.1 204 N\r\nconnection: close\r\n\r\n'),
  );
  const v4 = (address: string) => ({ address, family: 4 });
  for (const addresses of [[v4('127.0.0.1')], [v4('93.184.216.34'), v4('10.0.0.1')], [v4('169.254.169.254')]]) {
    const post = posting(context, (_name, done) => done(null, addresses));
    const outcome = await post(`http://receiver.example:${port}/`, false);
    assert.ok('trouble' in outcome && /not public/.test(outcome.trouble), JSON.stringify(outcome));
  }
  assert.equal(connections(), 0);
  const literal = await posting(context)(`http://127.0.0.1:${port}/`, false);
  assert.ok('trouble' in literal && /not public/.test(literal.trouble));
  const allowed = await posting(context, (_name, done) => done(null, [v4('127.0.0.1')]))(
    `http://receiver.example:${port}/`,
  );
  assert.deepEqual('status' in allowed && allowed.status, 204);
});

test('a webhook that may not reach private addresses does not inherit the connection of one that may', async (context) => {
  const { port } = await raw(context, (socket) => socket.write('HTTP/1.1 204 N\r\n\r\n'));
  const post = posting(context, (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]));
  assert.ok('status' in (await post(`http://receiver.example:${port}/`, true)));
  assert.ok('trouble' in (await post(`http://receiver.example:${port}/`, false)));
});

test('a name without an address, and a resolver that fails', async (context) => {
  const nowhere = await posting(context, (_name, done) => done(null, []))('http://receiver.example/', false);
  assert.ok('trouble' in nowhere && /no address/.test(nowhere.trouble));
  const failing = await posting(context, (_name, done) => done(new Error('SERVFAIL'), []))(
    'http://receiver.example/',
    false,
  );
  assert.deepEqual(failing, { trouble: 'SERVFAIL' });
});
