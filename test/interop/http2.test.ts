// nghttp2's client and load generator, curl and node:http2 as judges of our own HTTP/2: the other side written by others.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, constants } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { systemClock } from '#base/port/index.ts';
import {
  type Http2ListenerOptions,
  listenHttp2,
  type PreparedResponse,
  prepareResponse,
} from '#protocol/http2/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { testCertificate } from '#test/certificate.ts';

const run = promisify(execFile);

// On a build machine a missing judge is a failure, elsewhere a visible skip.
function without(program: string, packageName: string): string | false {
  const isThere = spawnSync(program, ['--version']).status === 0;
  return isThere || process.env['CI'] ? false : `${program} is missing: install the package ${packageName}`;
}
const noNghttp = without('nghttp', 'nghttp2-client') || without('h2load', 'nghttp2-client');
const noCurl = without('curl', 'curl');

const LONG = 'long '.repeat(60_000);
const textAnswer = (body: string, status = 200): PreparedResponse =>
  prepareResponse({ status, headers: { 'content-type': 'text/plain', server: 'assay' }, body: Buffer.from(body) });
const ANSWERS: Readonly<Record<string, PreparedResponse>> = {
  '/short': textAnswer('short'),
  '/long': textAnswer(LONG),
  '/none': prepareResponse({ status: 204, headers: {}, body: new Uint8Array(0) }),
};
const NOT_FOUND = textAnswer('not found', 404);

/** A listener on a free port, and what it was asked. */
async function start(context: TestContext, more: Partial<Http2ListenerOptions> = {}) {
  const asked: string[] = [];
  const events: string[] = [];
  const listener = await listenHttp2({
    clock: systemClock,
    scheduler: systemScheduler,
    port: 0,
    handler({ method, path }) {
      asked.push(`${method} ${path}`);
      return ANSWERS[path] ?? NOT_FOUND;
    },
    onEvent: (event) => events.push(event),
    ...more,
  });
  context.after(() => listener.destroy());
  const scheme = more.tls === undefined ? 'http' : 'https';
  return { asked, events, url: (path: string) => `${scheme}://127.0.0.1:${listener.port}${path}` };
}

/** Whether a text is a body so many times, whatever the order of its characters. */
function isOften(text: string, body: string, times: number): boolean {
  const count = (of: string) => [...'long short'].map((character) => of.split(character).length - 1);
  return text.length === times * body.length && count(text).every((n, at) => n === times * (count(body)[at] ?? 0));
}

const nghttp = async (...options: readonly string[]) =>
  (await run('nghttp', options, { timeout: 20_000, maxBuffer: 2 ** 24 })).stdout;
const h2load = async (...options: readonly string[]) => (await run('h2load', options, { timeout: 60_000 })).stdout;
const curl = async (...options: readonly string[]) =>
  (await run('curl', ['-s', ...options], { timeout: 20_000, maxBuffer: 2 ** 24 })).stdout;

test('nghttp: the answers of one connection, frame by frame', { skip: noNghttp }, async (context) => {
  const { asked, events, url } = await start(context);
  const paths = ['/short', '/none', '/nowhere', '/short?a=b', '/'];
  const stdout = await nghttp('-v', ...paths.map(url));
  const count = (pattern: RegExp) => [...stdout.matchAll(pattern)].length;
  assert.deepEqual(
    [count(/ :status: 200/g), count(/ :status: 204/g), count(/ :status: 404/g), count(/ date: /g)],
    [1, 1, 3, 5],
  );
  assert.equal(count(/recv RST_STREAM|recv GOAWAY/g), 0, stdout);
  assert.deepEqual(asked.toSorted(), paths.map((path) => `GET ${path}`).toSorted());
  assert.deepEqual(events, ['connection']);
});

test('nghttp: padding, bodies, trailers, CONTINUATION, small windows and tables', {
  skip: noNghttp,
}, async (context) => {
  const { events, url } = await start(context, { limits: { mostHeaderOctets: 256 * 1024 } });
  for (const options of [
    ['--padding=255'],
    ['--data=/etc/hostname'],
    ['--data=/etc/hostname', '--trailer=x-a: b', '--padding=100'],
    ['--continuation'],
    ['--expect-continue', '--data=/etc/hostname'],
    ['--window-bits=10', '--connection-window-bits=10'],
    ['--window-bits=30', '--connection-window-bits=30'],
    ['--header-table-size=0'],
    ['--header-table-size=65536', '--encoder-header-table-size=0'],
    ['--max-concurrent-streams=1'],
  ]) {
    for (const [path, body] of [
      ['/short', 'short'],
      ['/long', LONG],
    ] as const) {
      // Ten at a time on one connection: their frames take turns.
      const stdout = await nghttp('--multiply=10', ...options, url(path));
      assert.ok(isOften(stdout, body, 10), `${options.join(' ')} ${path}`);
    }
  }
  assert.deepEqual([...new Set(events)], ['connection']);
});

test('nghttp: a body that is too long is not waited for, and the answer comes all the same', {
  skip: noNghttp,
}, async (context) => {
  const { url } = await start(context);
  const stdout = await nghttp('-v', `--data=${process.execPath}`, url('/short'));
  assert.match(stdout, /short.*recv DATA frame.*END_STREAM.*recv RST_STREAM.*NO_ERROR/s);
});

test('nghttp: HEAD', { skip: noNghttp }, async (context) => {
  const { asked, url } = await start(context);
  assert.equal(await nghttp('-H:method: HEAD', url('/long')), '');
  assert.deepEqual(asked, ['HEAD /long']);
});

test('h2load: every question is answered, with windows and tables of any size', { skip: noNghttp }, async (context) => {
  const { asked, url } = await start(context);
  const plans = [
    [5000, '-c', '4', '-m', '100', url('/short')],
    [2000, '-c', '4', '-m', '1', '--header-table-size=0', url('/short')],
    [100, '-c', '2', '-m', '10', '-w', '12', '-W', '13', url('/long')],
    [400, '-c', '2', '-m', '32', '-w', '20', '-W', '25', url('/long')],
  ] as const;
  for (const [count, ...options] of plans) {
    asked.length = 0;
    const stdout = await h2load('-n', String(count), ...options);
    assert.match(stdout, new RegExp(`${count} done, ${count} succeeded, 0 failed, 0 errored`), options.join(' '));
    assert.match(stdout, new RegExp(`status codes: ${count} 2xx`));
    assert.equal(asked.length, count);
  }
});

/** A listener over TLS, and the file of its certificate. */
async function startTls(context: TestContext) {
  const tls = testCertificate('server', 'urn:x:server');
  const folder = mkdtempSync(join(tmpdir(), 'assay-http2-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'cert.pem');
  writeFileSync(file, tls.cert);
  return { ...(await start(context, { tls })), file, tls };
}

test('TLS: nghttp, h2load', { skip: noNghttp }, async (context) => {
  const { events, url } = await startTls(context);
  assert.ok(isOften(await nghttp('--multiply=5', url('/long')), LONG, 5));
  assert.match(await h2load('-n', '2000', '-c', '2', '-m', '50', url('/short')), /2000 succeeded/);
  assert.deepEqual([...new Set(events)], ['connection']);
});

test('curl: GET, HEAD and POST in clear and over TLS, where HTTP/1.1 gets nothing', {
  skip: noCurl,
}, async (context) => {
  const clear = await start(context);
  const sure = await startTls(context);
  for (const [url, ...how] of [
    [clear.url, '--http2-prior-knowledge'],
    [sure.url, '--http2', '--cacert', sure.file],
  ] as const) {
    assert.equal(await curl(...how, url('/long')), LONG);
    assert.match(await curl(...how, '--head', url('/short')), /^HTTP\/2 200 \r\ncontent-type: text\/plain\r\n/);
    assert.equal(await curl(...how, '--data', 'a=b', url('/short')), 'short');
    assert.equal(await curl(...how, '-w', '%{http_code}', url('/none')), '204');
  }
  assert.equal(await curl('--http2', '--cacert', sure.file, ...['/short', '/long'].map(sure.url)), `short${LONG}`);
  await assert.rejects(curl('--http1.1', '--cacert', sure.file, sure.url('/short')));
  await assert.rejects(curl('--http1.1', clear.url('/short')));
});

test('node:http2: requests taken back, PING, SETTINGS, bodies that are too long', async (context) => {
  const { events, url } = await start(context, { limits: { mostBodyOctets: 2000 } });
  const session = connect(url('/'), { settings: { initialWindowSize: 100 } });
  context.after(() => session.destroy());
  const ask = (path: string, body?: Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      const stream = session.request(
        { ':path': path, ':method': body ? 'POST' : 'GET' },
        { endStream: body === undefined },
      );
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('close', () => resolve(Buffer.concat(chunks).toString()));
      if (body !== undefined) stream.end(body);
    });
  const back = session.request({ ':path': '/long' });
  await new Promise((resolve) => back.once('response', resolve));
  back.close(constants.NGHTTP2_CANCEL);
  assert.equal(await ask('/long'), LONG);
  await new Promise<void>((resolve, reject) => session.ping((error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => session.settings({ initialWindowSize: 1_000_000 }, () => resolve()));
  const bodies = [0, 1, 1999, 2000, 2001, 100_000];
  for (const length of bodies) assert.equal(await ask('/short', Buffer.alloc(length)), 'short', String(length));
  assert.equal(await ask('/long'), LONG);
  assert.deepEqual(events, ['connection']);
});
