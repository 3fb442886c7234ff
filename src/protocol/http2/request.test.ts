import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldOfText } from './field.ts';
import { FLAG, FRAME } from './frame.ts';
import { block, frame, GET, get, Peer, post } from './frames.fixture.ts';
import { FieldList } from './hpack-decoder.ts';
import { prepareResponse } from './prepared-response.ts';
import { areTrailers, RequestReader } from './request.ts';

type Pair = readonly [string, string];

/** The request of these fields; undefined when it is malformed. */
function read(fields: readonly Pair[], hasBody = false): RequestReader | undefined {
  const list = new FieldList(100, 100_000);
  for (const [name, value] of fields) list.add(fieldOfText(name, value));
  const request = new RequestReader('peer', list);
  return request.read(hasBody) ? request : undefined;
}

const without = (name: string): Pair[] => GET.filter(([one]) => one !== name);
const other = (name: string, value: string): Pair[] => GET.map((one) => (one[0] === name ? [name, value] : one));

test('RFC 9113 8.8.1: a simple request', () => {
  const request = read([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':authority', 'example.org'],
    [':path', '/resource'],
    ['host', 'example.org'],
    ['accept', 'image/jpeg'],
  ]);
  assert.deepEqual(
    [request?.method, request?.path, request?.peer, request?.hasBody, request?.contentLength],
    ['GET', '/resource', 'peer', false, undefined],
  );
  assert.deepEqual(
    ['accept', 'host', 'Accept', ':path', 'cookie', '__proto__'].map((name) => request?.header(name)),
    ['image/jpeg', 'example.org', undefined, undefined, undefined, undefined],
  );
});

test('RFC 9113 8.8.3: a request with a body, its fields in two frames', () => {
  const peer = new Peer({}, (request) => {
    assert.deepEqual([request.method, request.hasBody, request.contentLength], ['POST', true, 123]);
    assert.equal(request.header('content-type'), 'image/jpeg');
    return ANSWERED;
  }).greet();
  const first = block([
    [':method', 'POST'],
    [':authority', 'example.org'],
    [':path', '/resource'],
    [':scheme', 'https'],
  ]);
  const second = block([
    ['content-type', 'image/jpeg'],
    ['host', 'example.org'],
    ['content-length', '123'],
  ]);
  peer.send(frame(FRAME.HEADERS, 0, 1, first), frame(FRAME.CONTINUATION, FLAG.END_HEADERS, 1, second));
  peer.send(frame(FRAME.DATA, FLAG.END_STREAM, 1, Buffer.alloc(123)));
  assert.deepEqual(
    peer.frames().map(({ type, flags, streamId }) => [type, flags, streamId]),
    [
      [FRAME.HEADERS, FLAG.END_HEADERS, 1],
      [FRAME.DATA, FLAG.END_STREAM, 1],
    ],
  );
});

test('RFC 9113 8.8.2: an answer without a body', () => {
  const peer = new Peer({}, () => NOT_MODIFIED).greet().send(get(1));
  const [headers, ...more] = peer.frames();
  assert.deepEqual([headers?.flags, more.length], [FLAG.END_HEADERS | FLAG.END_STREAM, 0]);
  const fields = headers && peer.fields(headers);
  assert.deepEqual([fields?.[':status'], fields?.['etag']], ['304', '"xyzzy"']);
});

test('malformed requests are none (RFC 9113 8.2, 8.3)', () => {
  assert.notEqual(read(GET), undefined);
  const malformed: Record<string, readonly Pair[]> = {
    'no method': without(':method'),
    'no scheme': without(':scheme'),
    'no path': without(':path'),
    'no authority': without(':authority'),
    'two paths': [...GET, [':path', '/b']],
    'a pseudo-field behind a field': [...without(':path'), ['a', 'b'], [':path', '/a']],
    'an unknown pseudo-field': [...GET, [':protocol', 'websocket']],
    'a pseudo-field of answers': [...GET, [':status', '200']],
    'an empty path': other(':path', ''),
    'a path that does not begin with /': other(':path', 'a'),
    '* that is not asked for OPTIONS': other(':path', '*'),
    'a space in the path': other(':path', '/a b'),
    'a line end in the path': other(':path', '/a\r\nb'),
    'octets above ASCII in the path': other(':path', '/\xe4'),
    'no token for a method': other(':method', 'GET /'),
    'no scheme in a scheme': other(':scheme', '1:'),
    'a space in the authority': other(':authority', 'a b'),
    'capitals in a name': [...GET, ['Accept', '*/*']],
    'a space in a name': [...GET, ['a b', 'c']],
    'an empty name': [...GET, ['', 'a']],
    'a colon in a name': [...GET, ['a:b', 'c']],
    'NUL in a value': [...GET, ['a', 'b\0c']],
    'CR in a value': [...GET, ['a', 'b\rc']],
    'LF in a value': [...GET, ['a', 'b\nc: d']],
    'a space before a value': [...GET, ['a', ' b']],
    'a tab behind a value': [...GET, ['a', 'b\t']],
    connection: [...GET, ['connection', 'close']],
    'proxy-connection': [...GET, ['proxy-connection', 'close']],
    'keep-alive': [...GET, ['keep-alive', '1']],
    'transfer-encoding': [...GET, ['transfer-encoding', 'chunked']],
    upgrade: [...GET, ['upgrade', 'h2c']],
    'te of something else': [...GET, ['te', 'gzip']],
    'a length that is no number': [...GET, ['content-length', '1e3']],
    'a length without a body': [...GET, ['content-length', '1']],
    'two lengths': [...GET, ['content-length', '0'], ['content-length', '1']],
    'CONNECT with a path': other(':method', 'CONNECT'),
  };
  for (const [what, fields] of Object.entries(malformed)) assert.equal(read(fields), undefined, what);
});

test('unusual requests that are well-formed', () => {
  const connect = read([
    [':method', 'CONNECT'],
    [':authority', 'a:1'],
  ]);
  assert.deepEqual([connect?.method, connect?.path], ['CONNECT', '']);
  assert.equal(read([[':path', '*'], ...without(':path').slice(1), [':method', 'OPTIONS']])?.path, '*');
  assert.notEqual(read([...without(':authority'), ['host', 'a']]), undefined);
  assert.notEqual(read([...GET, ['te', 'trailers']]), undefined);
  assert.equal(read([...GET, ['content-length', '7']], true)?.contentLength, 7);
  assert.equal(read([...GET, ['a', 'b\tc \xe4']])?.header('a'), 'b\tc \xe4');
  assert.equal(read([...GET, ['accept', ''], ['accept', 'b'], ['accept', 'c']])?.header('accept'), ', b, c');
  assert.equal(read([...GET, ['cookie', 'a=b'], ['cookie', 'c=d']])?.header('cookie'), 'a=b; c=d');
});

test('trailers are fields without pseudo-fields', () => {
  const list = new FieldList(10, 1000);
  list.add(fieldOfText('a', 'b'));
  assert.equal(areTrailers(list), true);
  list.add(fieldOfText(':path', '/'));
  assert.equal(areTrailers(list), false);
});

test('a malformed request is a stream error, and others go on', () => {
  const peer = new Peer().greet();
  peer.send(get(1, [...GET, ['Accept', '*/*']]), get(3), post(5, [['connection', 'close']]));
  assert.deepEqual(peer.paths, ['/a']);
  assert.deepEqual(peer.resets(), [
    [1, 1],
    [5, 1],
  ]);
});

const ANSWERED = prepareResponse({ status: 200, headers: { 'content-type': 'image/jpeg' }, body: Buffer.alloc(1) });
const NOT_MODIFIED = prepareResponse({
  status: 304,
  headers: { etag: '"xyzzy"', expires: 'Thu, 23 Jan 2003 10:17:25 GMT' },
  body: new Uint8Array(0),
});
