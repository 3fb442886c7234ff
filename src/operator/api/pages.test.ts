import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { testOperator } from '#test/operator/operator.ts';
import type { PageFile, Pages } from './pages.ts';

const text = (words: string) => new TextEncoder().encode(words.repeat(100));

const START: PageFile = {
  type: 'text/html; charset=utf-8',
  octets: text('<p>start</p>'),
  brotli: brotliCompressSync(text('<p>start</p>')),
  gzip: gzipSync(text('<p>start</p>')),
  tag: 'start1',
  isNamedByContent: false,
};
const SCRIPT: PageFile = { type: 'text/javascript', octets: text('1;'), tag: 'script1', isNamedByContent: true };
const FILES = new Map([
  ['/', START],
  ['/assets/a-1.js', SCRIPT],
]);
const PAGES: Pages = { start: START, find: (path) => FILES.get(path) };

/** An API with pages; `get` unpacks nothing. */
async function served(context: TestContext) {
  const { api } = testOperator(context);
  const { url } = await api.listen({ port: 0, pages: PAGES });
  return async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { 'Accept-Encoding': 'identity', ...headers },
    });
    return { response, status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
  };
}

test('pages are given to anyone, with a policy that lets nothing in from elsewhere', async (context) => {
  const get = await served(context);
  const { response, status, body } = await get('/');
  assert.equal(status, 200);
  assert.deepEqual(body, START.octets);
  const header = (name: string) => response.headers.get(name);
  assert.equal(header('content-type'), START.type);
  const policy = header('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
    assert.ok(policy.split('; ').includes(part), part);
  assert.ok(!/unsafe|https?:|\*/.test(policy), policy);
  assert.deepEqual(
    [header('x-content-type-options'), header('referrer-policy'), header('cross-origin-opener-policy')],
    ['nosniff', 'no-referrer', 'same-origin'],
  );
});

test('an address within the page is the page for a browser, and nothing for a program', async (context) => {
  const get = await served(context);
  const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  assert.equal((await get('/devices/350000000000006?tab=orders', browser)).status, 200);
  assert.equal((await get('/devices/350000000000006')).status, 404);
  for (const path of ['/api/v1/nothing', '/api/v2/', '/assets/gone-1.js'])
    assert.equal((await get(path, browser)).status, 404, path);
  assert.equal((await get('/devices', browser, 'POST')).status, 404);
  assert.match((await get('/api/v1/docs', browser)).response.headers.get('content-security-policy') ?? '', /'none'/);
});

test('a file named by its content is kept for ever, another is asked for again by its entity tag', async (context) => {
  const get = await served(context);
  const script = await get('/assets/a-1.js');
  assert.match(script.response.headers.get('cache-control') ?? '', /immutable/);
  const start = await get('/');
  assert.equal(start.response.headers.get('cache-control'), 'no-cache');
  const tag = start.response.headers.get('etag') ?? '';
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await get('/', { 'If-None-Match': known });
    assert.deepEqual([again.status, again.body.length], [304, 0], known);
  }
  assert.equal((await get('/', { 'If-None-Match': '"other"' })).status, 200);
});

test('files are packed as the reader takes them', async (context) => {
  const { api } = testOperator(context);
  const { url } = await api.listen({ port: 0, pages: PAGES });
  const raw = async (encoding: string, method = 'GET') => {
    const { request } = await import('node:http');
    return new Promise<{ coding: string | undefined; octets: Buffer; length: string | undefined }>(
      (resolve, reject) => {
        const asked = request(url, { method, headers: { 'accept-encoding': encoding } }, async (response) => {
          const octets = Buffer.concat(await response.toArray());
          const { 'content-encoding': coding, 'content-length': length } = response.headers;
          resolve({ coding, octets, length });
        });
        asked.on('error', reject).end();
      },
    );
  };
  const [br, gzip, plain, refused] = [
    await raw('gzip, br'),
    await raw('GZIP;q=0.5'),
    await raw(''),
    await raw('br;q=0'),
  ];
  assert.equal(br.coding, 'br');
  assert.deepEqual(new Uint8Array(brotliDecompressSync(br.octets)), START.octets);
  assert.equal(gzip.coding, 'gzip');
  assert.deepEqual(new Uint8Array(gunzipSync(gzip.octets)), START.octets);
  for (const { coding, octets } of [plain, refused])
    assert.deepEqual([coding, new Uint8Array(octets)], [undefined, START.octets]);
  const head = await raw('br', 'HEAD');
  assert.deepEqual([head.octets.length, head.length], [0, String(START.brotli?.byteLength)]);
});
