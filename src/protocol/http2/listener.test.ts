import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect, type SecureClientSessionOptions } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '#base/port/index.ts';
import { manualScheduler, systemScheduler } from '#protocol/smpp/index.ts';
import { testCertificate } from '#test/certificate.ts';
import { FLAG, FRAME, PREFACE, SETTING } from './frame.ts';
import { data, frame, framesOf, get, post, reset, SETTINGS_ACK, settings, windowUpdate } from './frames.fixture.ts';
import { type Http2ListenerOptions, listenHttp2 } from './listener.ts';
import { prepareResponse } from './prepared-response.ts';

const CERTIFICATE = testCertificate('server', 'urn:x:server');
const LONG = prepareResponse({ status: 200, headers: {}, body: Buffer.alloc(1_000_000, 0x61) });
const SHORT = prepareResponse({ status: 200, headers: { 'x-a': 'b' }, body: Buffer.from('short') });

async function start(context: TestContext, more: Partial<Http2ListenerOptions> = {}) {
  const events: string[] = [];
  const asked: string[] = [];
  const listener = await listenHttp2({
    clock: systemClock,
    scheduler: systemScheduler,
    port: 0,
    handler({ method, path, peer }) {
      asked.push(`${method} ${path} ${peer}`);
      return path === '/long' ? LONG : SHORT;
    },
    onEvent: (event) => events.push(event),
    ...more,
  });
  context.after(() => listener.destroy());
  return { listener, events, asked, url: `http://127.0.0.1:${listener.port}` };
}

function client(context: TestContext, url: string, options?: SecureClientSessionOptions): ClientHttp2Session {
  const session = connect(url, options);
  session.on('error', () => {});
  context.after(() => session.destroy());
  return session;
}

function ask(session: ClientHttp2Session, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const stream = session.request({ ':path': path, ...headers });
    const chunks: Buffer[] = [];
    let fields: Record<string, unknown> = {};
    stream.on('response', (got) => {
      fields = got;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      const status = Number(fields[':status'] ?? 0);
      if (status === 0) reject(new Error('no answer'));
      else resolve({ status, headers: fields, body: Buffer.concat(chunks).toString() });
    });
  });
}

/** A raw connection that was greeted; what it read so far. */
async function raw(context: TestContext, port: number, ...octets: readonly Buffer[]) {
  const socket = connectTcp({ host: '127.0.0.1', port });
  const chunks: Buffer[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  context.after(() => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  socket.write(Buffer.concat([PREFACE, settings(), SETTINGS_ACK, ...octets]));
  return { socket, closed, frames: () => framesOf(Buffer.concat(chunks)) };
}

const turn = (milliseconds = 10) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until(isSo: () => boolean): Promise<void> {
  for (let time = 0; !isSo(); time++) {
    assert.ok(time < 500, 'waited in vain');
    await turn();
  }
}

test('node:http2 as client: many requests on one connection, fields of every octet, long answers', async (context) => {
  const { url, asked, events, listener } = await start(context);
  const session = client(context, url);
  const answers = await Promise.all(Array.from({ length: 300 }, (_, at) => ask(session, `/${at}`)));
  for (const { status, headers, body } of answers) {
    assert.deepEqual([status, headers['x-a'], body], [200, 'b', 'short']);
    assert.ok(Math.abs(Date.parse(String(headers['date'])) - Date.now()) < 5000);
  }
  const long = await ask(session, '/long');
  assert.deepEqual([long.body.length, new Set(long.body).size], [1_000_000, 1]);
  assert.deepEqual(
    [asked.length, asked[0], events, listener.connections],
    [301, 'GET /0 127.0.0.1', ['connection'], 1],
  );
});

test('what fields another encoder writes are read as they were meant: all octets a value may have', async (context) => {
  const values: (string | undefined)[] = [];
  const names = Array.from({ length: 40 }, (_, at) => `x-${at}`);
  const { url } = await start(context, {
    handler(request) {
      for (const name of names) values.push(request.header(name));
      return SHORT;
    },
  });
  const octets = Array.from({ length: 256 }, (_, octet) => octet).filter((octet) => octet > 0x20 && octet !== 0x7f);
  const text = String.fromCharCode(...octets);
  const sent = names.map((_, at) => text.slice(at * 5, at * 5 + 7 * at));
  const headers = Object.fromEntries(names.map((name, at) => [name, sent[at] ?? '']));
  const session = client(context, url);
  for (let time = 0; time < 3; time++) await ask(session, '/', headers);
  assert.deepEqual(values, [...sent, ...sent, ...sent]);
});

test('a port that is taken is said, with what to do', async (context) => {
  const { listener } = await start(context);
  const again = start(context, { port: listener.port, what: 'questions' });
  await assert.rejects(again, /cannot listen for questions on 127\.0\.0\.1 port \d+: another program uses it/);
});

test('TLS: h2 by ALPN, nothing else', async (context) => {
  const { listener, events, asked } = await start(context, { tls: CERTIFICATE, peerOf: () => 'somebody' });
  const trusted = { ca: CERTIFICATE.cert };
  const session = client(context, `https://127.0.0.1:${listener.port}`, trusted);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(session, '/')));
  assert.ok(answers.every(({ body }) => body === 'short'));
  assert.equal((await ask(session, '/long')).body.length, 1_000_000);
  for (const ALPNProtocols of [[], ['http/1.1']]) {
    const socket = connectTls({ port: listener.port, host: '127.0.0.1', ...trusted, ALPNProtocols });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
  }
  assert.equal(asked[0], 'GET / somebody');
  assert.deepEqual(events, ['connection', 'tls error', 'tls error']);
});

test('TLS: a handshake that does not come is not waited for, neither is one at the end', async (context) => {
  const { listener, events } = await start(context, { tls: CERTIFICATE, limits: { handshakeMs: 50 } });
  const socket = connectTcp({ port: listener.port, host: '127.0.0.1' }).resume();
  await new Promise((resolve) => socket.once('close', resolve));
  assert.deepEqual(events, ['tls error']);
  const other = connectTcp({ port: listener.port, host: '127.0.0.1' }).on('error', () => {});
  await new Promise((resolve) => other.once('connect', resolve));
  await listener.drain();
});

test('more connections than the limit are refused', async (context) => {
  const { listener, events } = await start(context, { limits: { mostConnections: 1 } });
  const first = await raw(context, listener.port, get(1));
  await until(() => first.frames().length > 2);
  const second = await raw(context, listener.port);
  await second.closed;
  assert.deepEqual(events, ['connection', 'refused']);
});

test('a drain: no new connection, old ones end when their answers are read', async (context) => {
  const { listener, url } = await start(context);
  const idle = client(context, url);
  await ask(idle, '/');
  const waiting = await raw(context, listener.port, settings([SETTING.INITIAL_WINDOW_SIZE, 0]), get(1));
  await until(() => waiting.frames().some(({ type }) => type === FRAME.HEADERS));
  const drained = listener.drain();
  await until(() => waiting.frames().some(({ type }) => type === FRAME.GOAWAY));
  await assert.rejects(ask(client(context, url), '/'));
  let isDrained = false;
  void drained.then(() => {
    isDrained = true;
  });
  await turn();
  assert.equal(isDrained, false);
  waiting.socket.write(windowUpdate(1, 100));
  await Promise.all([drained, waiting.closed, listener.drain()]);
  assert.equal(waiting.frames().at(-1)?.payload.toString(), 'short');
});

test('a drain has an end', async (context) => {
  const { listener } = await start(context, { limits: { drainMs: 30 } });
  const waiting = await raw(context, listener.port, settings([SETTING.INITIAL_WINDOW_SIZE, 0]), get(1));
  await until(() => waiting.frames().some(({ type }) => type === FRAME.HEADERS));
  await Promise.all([listener.drain(), waiting.closed]);
});

test('whoever does not read is not read, costs little memory, and is cut; others are served meanwhile', async (context) => {
  const time = manualScheduler(Date.now());
  const limits = { unreadMs: 3000, mostUnsentOctets: 100_000 };
  const { listener, events, url } = await start(context, { clock: time, scheduler: time, limits });
  const big = windowUpdate(0, 2 ** 30);
  const slow = await raw(context, listener.port, settings([SETTING.INITIAL_WINDOW_SIZE, 2 ** 30]), big);
  slow.socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  const isWaiting = floodWith(slow.socket);
  const session = client(context, url);
  for (let at = 0; at < 20; at++) assert.equal((await ask(session, '/')).body, 'short');
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
  assert.equal(isWaiting(), true);
  for (let second = 0; second < 6; second++) {
    time.advance(1000);
    assert.equal((await ask(session, '/')).body, 'short');
  }
  slow.socket.resume();
  await slow.closed;
  assert.ok(events.includes('unread answer'), String(events));
});

/** Asks for a megabyte again and again; says whether the other side stopped reading. */
function floodWith(socket: Socket): () => boolean {
  let isFull = false;
  const asks = Array.from({ length: 200 }, (_, at) =>
    frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, 2 * at + 1, ASK_LONG),
  );
  socket.write(Buffer.concat(asks));
  const pings = Buffer.concat(Array.from({ length: 50 }, () => frame(0xfe, 0, 0, Buffer.alloc(16_000))));
  for (let time = 0; time < 10; time++) isFull = !socket.write(pings);
  return () => isFull && socket.writableLength > 0;
}

const ASK_LONG = Buffer.from([0x82, 0x86, 0x41, 1, 0x61, 0x04, 5, ...Buffer.from('/long')]);

test('a peer that goes in the middle of anything harms nobody', async (context) => {
  const { listener, url } = await start(context);
  const session = client(context, url);
  const parts = [Buffer.alloc(0), get(1).subarray(0, 5), Buffer.concat([get(1), get(3).subarray(0, 12)])];
  for (const part of parts) {
    for (const end of ['destroy', 'end', 'resetAndDestroy'] as const) {
      const one = await raw(context, listener.port, part);
      one.socket[end]();
      await one.closed;
      assert.equal((await ask(session, '/')).status, 200);
    }
  }
  await until(() => listener.connections === 1);
});

test('floods from many connections at once: each is ended, others are served meanwhile', async (context) => {
  const { listener, events, url } = await start(context);
  const session = client(context, url);
  const turns = Array.from({ length: 400 }, (_, at) => 2 * at + 1);
  const bomb = Buffer.concat([Buffer.from([0x40, 1, 0x61, 120]), Buffer.alloc(120, 0x62), Buffer.alloc(12_000, 0xbe)]);
  const floods = [
    turns.map((id) => Buffer.concat([get(id), reset(id)])),
    turns.map(() => frame(FRAME.PING, 0, 0, Buffer.alloc(8))),
    turns.map(() => settings()),
    turns.map((id) => frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, bomb)),
    [frame(FRAME.HEADERS, 0, 1), ...turns.map(() => frame(FRAME.CONTINUATION, 0, 1, bomb))],
    [post(1), ...turns.map(() => data(1, 0))],
  ];
  const all = [...floods, ...floods, ...floods];
  const attacks = all.map(async (frames) => (await raw(context, listener.port, ...frames)).closed);
  for (let at = 0; at < 50; at++) assert.equal((await ask(session, '/')).body, 'short');
  await Promise.all(attacks);
  assert.equal(events.filter((event) => event !== 'connection').length, all.length);
  assert.equal(listener.connections, 1);
});
