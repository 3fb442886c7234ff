import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAG, FRAME, PREFACE, SETTING } from './frame.ts';
import {
  answerOf,
  block,
  data,
  frame,
  GET,
  get,
  Peer,
  post,
  reset,
  SETTINGS_ACK,
  settings,
  u32,
  windowUpdate,
} from './frames.fixture.ts';
import type { ConnectionLimits } from './limits.ts';

const NO_ERROR = 0;
const PROTOCOL_ERROR = 1;
const INTERNAL_ERROR = 2;
const FLOW_CONTROL_ERROR = 3;
const SETTINGS_TIMEOUT = 4;
const STREAM_CLOSED = 5;
const FRAME_SIZE_ERROR = 6;
const REFUSED_STREAM = 7;
const CANCEL = 8;
const COMPRESSION_ERROR = 9;
const ENHANCE_YOUR_CALM = 11;

/** `type` and stream of the frames that came, `H1 D1`. */
const LETTERS = 'DHPRSpGgWC';
const seen = (peer: Peer) =>
  peer
    .frames()
    .map(({ type, flags, streamId }) => `${LETTERS[type]}${streamId}${(flags & 1) === 1 ? '!' : ''}`)
    .join(' ');

test('the server begins with its SETTINGS, and acknowledges those of the client (RFC 9113 3.4, 6.5.3)', () => {
  const peer = new Peer({ mostStreams: 7, mostBodyOctets: 1000, mostHeaderOctets: 2000 });
  const [first] = peer.frames();
  assert.deepEqual(first?.payload.toString('hex'), '000300000007' + '0004000003e8' + '0006000007d0');
  peer.send(Buffer.from(PREFACE), settings([SETTING.MAX_FRAME_SIZE, 20_000], [99, 1]));
  assert.equal(seen(peer), 'S0!');
});

test('requests of one chunk are answered in one write', () => {
  const peer = new Peer().greet();
  const { writes } = peer;
  peer.send(...Array.from({ length: 100 }, (_, at) => get(2 * at + 1)));
  assert.equal(peer.writes - writes, 1);
  const frames = peer.frames();
  assert.equal(frames.length, 200);
  for (const [at, one] of frames.entries()) {
    if (one.type === FRAME.DATA) assert.equal(one.payload.toString(), '{}');
    else assert.equal(peer.fields(one)[':status'], '200');
    assert.equal(one.streamId, 2 * (at >> 1) + 1);
  }
});

test('octets one by one are read as the same', () => {
  const peer = new Peer();
  const parted = frame(FRAME.HEADERS, FLAG.END_STREAM, 3, block(GET.slice(0, 2)));
  const all = [Buffer.from(PREFACE), settings(), SETTINGS_ACK, get(1), parted];
  const rest = frame(FRAME.CONTINUATION, FLAG.END_HEADERS, 3, block(GET.slice(2)));
  for (const octet of Buffer.concat([...all, rest])) peer.send(Buffer.of(octet));
  assert.equal(seen(peer), 'S0 S0! H1 D1! H3 D3!');
});

test('padding and priority are skipped', () => {
  const peer = new Peer().greet();
  const fields = block(GET);
  const flags = FLAG.END_HEADERS | FLAG.END_STREAM;
  const priority = Buffer.concat([u32(0), Buffer.of(15)]);
  peer.send(
    frame(FRAME.HEADERS, flags | FLAG.PADDED, 1, Buffer.concat([Buffer.of(7), fields, Buffer.alloc(7)])),
    frame(FRAME.HEADERS, flags | FLAG.PRIORITY, 3, Buffer.concat([priority, fields])),
    frame(
      FRAME.HEADERS,
      flags | FLAG.PADDED | FLAG.PRIORITY,
      5,
      Buffer.concat([Buffer.of(255), priority, fields, Buffer.alloc(255)]),
    ),
    frame(FRAME.PRIORITY, 0, 9, priority),
    frame(0xbe, 0xff, 3, Buffer.alloc(99)),
    post(7),
    frame(FRAME.DATA, FLAG.PADDED, 7, Buffer.concat([Buffer.of(3), Buffer.alloc(8)])),
    frame(FRAME.DATA, FLAG.PADDED | FLAG.END_STREAM, 7, Buffer.concat([Buffer.of(0)])),
  );
  assert.equal(seen(peer), 'H1 D1! H3 D3! H5 D5! H7 D7!');
});

test('PING is answered with its own octets, an answer to one is not', () => {
  const peer = new Peer().greet();
  peer.send(frame(FRAME.PING, 0, 0, Buffer.from('12345678')), frame(FRAME.PING, FLAG.ACK, 0, Buffer.alloc(8)));
  const [pong, ...more] = peer.frames();
  assert.deepEqual([pong?.type, pong?.flags, pong?.payload.toString(), more.length], [FRAME.PING, 1, '12345678', 0]);
});

/** What breaks the rules of a connection: the code of the GOAWAY it gets. */
const BROKEN: Record<string, readonly [number, ...Buffer[]]> = {
  'HTTP/1.1': [PROTOCOL_ERROR, Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  'no SETTINGS first': [PROTOCOL_ERROR, Buffer.from(PREFACE), get(1)],
  'an acknowledgement first': [PROTOCOL_ERROR, Buffer.from(PREFACE), SETTINGS_ACK],
};
/** The same, after a good beginning. */
const BROKEN_LATER: Record<string, readonly [number, ...Buffer[]]> = {
  'a frame that is too long': [FRAME_SIZE_ERROR, data(1, 16_385)],
  'DATA on stream 0': [PROTOCOL_ERROR, data(0, 1)],
  'DATA on an idle stream': [PROTOCOL_ERROR, data(1, 1)],
  'DATA on a stream that has ended': [STREAM_CLOSED, get(1), data(1, 1)],
  'DATA padded beyond its end': [PROTOCOL_ERROR, post(1), frame(FRAME.DATA, FLAG.PADDED, 1, Buffer.of(2, 0))],
  'DATA without the padding it says': [FRAME_SIZE_ERROR, post(1), frame(FRAME.DATA, FLAG.PADDED, 1)],
  'HEADERS on stream 0': [PROTOCOL_ERROR, get(0)],
  'HEADERS on an even stream': [PROTOCOL_ERROR, get(2)],
  'HEADERS on a stream that was': [PROTOCOL_ERROR, get(1), get(1)],
  'HEADERS on a stream that was left out': [PROTOCOL_ERROR, get(5), get(3)],
  'HEADERS padded beyond its end': [
    PROTOCOL_ERROR,
    frame(FRAME.HEADERS, FLAG.PADDED | FLAG.END_HEADERS, 1, Buffer.of(9, 0x82)),
  ],
  'HEADERS with nothing but padding and no room for it': [
    FRAME_SIZE_ERROR,
    frame(FRAME.HEADERS, FLAG.PADDED | FLAG.END_HEADERS, 1),
  ],
  'HEADERS without the priority it says': [
    FRAME_SIZE_ERROR,
    frame(FRAME.HEADERS, FLAG.PRIORITY | FLAG.END_HEADERS, 1, Buffer.alloc(4)),
  ],
  'fields that are no block': [COMPRESSION_ERROR, frame(FRAME.HEADERS, FLAG.END_HEADERS, 1, Buffer.of(0xff))],
  'a frame inside a block': [PROTOCOL_ERROR, frame(FRAME.HEADERS, 0, 1), frame(FRAME.PING, 0, 0, Buffer.alloc(8))],
  'CONTINUATION of another stream': [
    PROTOCOL_ERROR,
    frame(FRAME.HEADERS, 0, 1),
    frame(FRAME.CONTINUATION, 0, 3, block(GET)),
  ],
  'CONTINUATION of nothing': [PROTOCOL_ERROR, get(1), frame(FRAME.CONTINUATION, FLAG.END_HEADERS, 1)],
  'PRIORITY on stream 0': [PROTOCOL_ERROR, frame(FRAME.PRIORITY, 0, 0, Buffer.alloc(5))],
  'PRIORITY of 4 octets': [FRAME_SIZE_ERROR, frame(FRAME.PRIORITY, 0, 1, Buffer.alloc(4))],
  'RST_STREAM on stream 0': [PROTOCOL_ERROR, reset(0)],
  'RST_STREAM on an idle stream': [PROTOCOL_ERROR, reset(1)],
  'RST_STREAM on an even stream': [PROTOCOL_ERROR, get(5), reset(2)],
  'RST_STREAM of 3 octets': [FRAME_SIZE_ERROR, get(1), frame(FRAME.RST_STREAM, 0, 1, Buffer.alloc(3))],
  'SETTINGS on a stream': [PROTOCOL_ERROR, frame(FRAME.SETTINGS, 0, 1)],
  'SETTINGS of 5 octets': [FRAME_SIZE_ERROR, frame(FRAME.SETTINGS, 0, 0, Buffer.alloc(5))],
  'an acknowledgement with settings': [FRAME_SIZE_ERROR, frame(FRAME.SETTINGS, FLAG.ACK, 0, Buffer.alloc(6))],
  'ENABLE_PUSH of 2': [PROTOCOL_ERROR, settings([SETTING.ENABLE_PUSH, 2])],
  'INITIAL_WINDOW_SIZE of 2^31': [FLOW_CONTROL_ERROR, settings([SETTING.INITIAL_WINDOW_SIZE, 2 ** 31])],
  'MAX_FRAME_SIZE of 16383': [PROTOCOL_ERROR, settings([SETTING.MAX_FRAME_SIZE, 16_383])],
  'MAX_FRAME_SIZE of 2^24': [PROTOCOL_ERROR, settings([SETTING.MAX_FRAME_SIZE, 2 ** 24])],
  PUSH_PROMISE: [PROTOCOL_ERROR, frame(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, Buffer.concat([u32(2), block(GET)]))],
  'PING on a stream': [PROTOCOL_ERROR, frame(FRAME.PING, 0, 1, Buffer.alloc(8))],
  'PING of 7 octets': [FRAME_SIZE_ERROR, frame(FRAME.PING, 0, 0, Buffer.alloc(7))],
  'GOAWAY on a stream': [PROTOCOL_ERROR, frame(FRAME.GOAWAY, 0, 1, Buffer.alloc(8))],
  'GOAWAY of 7 octets': [FRAME_SIZE_ERROR, frame(FRAME.GOAWAY, 0, 0, Buffer.alloc(7))],
  'WINDOW_UPDATE of 3 octets': [FRAME_SIZE_ERROR, frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.alloc(3))],
  'WINDOW_UPDATE of 0 for the connection': [PROTOCOL_ERROR, windowUpdate(0, 0)],
  'WINDOW_UPDATE on an idle stream': [PROTOCOL_ERROR, windowUpdate(1, 1)],
  'a window of the connection above 2^31 - 1': [FLOW_CONTROL_ERROR, windowUpdate(0, 2 ** 31 - 65_535)],
};

test('whoever breaks the rules of the connection is told which, and heard no more (RFC 9113 5.4.1)', () => {
  const greeting = [Buffer.from(PREFACE), settings(), SETTINGS_ACK];
  const later = Object.entries(BROKEN_LATER).map(([what, [code, ...octets]]) => [what, code, [...greeting, ...octets]]);
  const now = Object.entries(BROKEN).map(([what, [code, ...octets]]) => [what, code, octets]);
  for (const [what, code, octets] of [...now, ...later] as [string, number, Buffer[]][]) {
    const peer = new Peer().send(...octets);
    const { code: got, why } = peer.goAway() ?? {};
    assert.deepEqual([got, why, peer.isEnded], [code, 'broken', true], what);
    const asked = peer.paths.length;
    peer.send(get(101));
    assert.deepEqual([peer.paths.length, peer.frames().length], [asked, 0], what);
  }
});

/** What breaks the rules of a stream: the code of its RST_STREAM. The stream is 1. */
const STREAM_ERRORS: Record<string, readonly [number, ...Buffer[]]> = {
  'a window of 0 more': [PROTOCOL_ERROR, post(1), windowUpdate(1, 0)],
  'a window above 2^31 - 1': [FLOW_CONTROL_ERROR, post(1), windowUpdate(1, 2 ** 31 - 1)],
  'a body shorter than announced': [PROTOCOL_ERROR, post(1, [['content-length', '5']]), data(1, 4, true)],
  'a body longer than announced': [PROTOCOL_ERROR, post(1, [['content-length', '5']]), data(1, 6)],
  'trailers that are not the end': [PROTOCOL_ERROR, post(1), frame(FRAME.HEADERS, FLAG.END_HEADERS, 1)],
  'trailers with a pseudo-field': [PROTOCOL_ERROR, post(1), get(1)],
  'more than the window of the stream': [FLOW_CONTROL_ERROR, post(1), data(1, 100), data(1, 301)],
  'a body that is too long': [NO_ERROR, post(1), data(1, 300), data(1, 200)],
  'a body that is announced too long': [NO_ERROR, post(1, [['content-length', '401']])],
};

test('whoever breaks the rules of a stream loses that stream (RFC 9113 5.4.2)', () => {
  for (const [what, [code, ...octets]] of Object.entries(STREAM_ERRORS)) {
    const peer = new Peer({ mostBodyOctets: 400 }).greet().send(...octets);
    assert.deepEqual(peer.resets(), [[1, code]], what);
    peer.send(data(1, 10), get(3));
    assert.equal(seen(peer), 'H3 D3!', what);
  }
});

test('a body that comes is counted and thrown away, its windows given back', () => {
  const peer = new Peer({ mostBodyOctets: 100_000 }).greet();
  peer.send(post(1, [['content-length', '99000']]));
  let windows = 0;
  for (let sent = 0; sent < 90_000; sent += 9000) {
    peer.send(data(1, 9000));
    for (const { type, streamId, payload } of peer.frames()) {
      assert.equal(type, FRAME.WINDOW_UPDATE);
      if (streamId === 0) windows += payload.readUInt32BE(0);
    }
  }
  peer.send(data(1, 9000, true));
  assert.equal(seen(peer), 'H1 D1!');
  assert.ok(windows >= 99_000 - 32_768 && windows <= 99_000, String(windows));
  assert.deepEqual(peer.ends, []);
});

test('an answer waits for the end of its request, but not for a body that is too long', () => {
  const peer = new Peer({ mostBodyOctets: 400 }).greet().send(post(1));
  peer.send(data(1, 400), windowUpdate(1, 9));
  assert.equal(seen(peer), 'W1');
  peer.send(data(1, 0, true));
  assert.equal(seen(peer), 'H1 D1!');
  peer.send(post(5, [['content-length', '401']]), post(7), data(7, 400), data(7, 1));
  assert.equal(seen(peer), 'H5 D5! R5 W7 H7 D7! R7');
});

test('who waits for leave to send a body gets it (RFC 9110 10.1.1)', () => {
  const peer = new Peer().greet().send(post(1, [['expect', '100-continue']]));
  const [interim, ...more] = peer.frames();
  assert.deepEqual([interim && peer.fields(interim), interim?.flags, more.length], [{ ':status': '100' }, 4, 0]);
  peer.send(data(1, 5, true));
  assert.equal(seen(peer), 'H1 D1!');
});

test('the window of a stream may change before its answer is sent', () => {
  const peer = new Peer().greet([SETTING.INITIAL_WINDOW_SIZE, 0]).send(post(1), post(3), windowUpdate(1, 2));
  peer.send(data(1, 1, true), data(3, 1, true));
  assert.equal(seen(peer), 'H1 D1! H3');
});

test('the window of the connection holds also for bodies nobody wants (RFC 9113 6.9)', () => {
  const peer = new Peer({ mostBodyOctets: 10 }).greet().send(post(1), data(1, 11));
  assert.deepEqual(peer.resets(), [[1, FLOW_CONTROL_ERROR]]);
  for (let time = 0; time < 20; time++) peer.send(data(1, 16_000));
  assert.equal(peer.frames().filter(({ type }) => type === FRAME.WINDOW_UPDATE).length > 5, true);
  assert.deepEqual(peer.ends, []);
});

test('our settings hold when they are acknowledged: until then a body may be longer than our window', () => {
  const peer = new Peer({ mostBodyOctets: 1000 }).send(Buffer.from(PREFACE), settings(), post(1), data(1, 900));
  peer.send(data(1, 50), post(3), SETTINGS_ACK, data(1, 50, true), data(3, 1000));
  assert.deepEqual(peer.resets(), []);
  peer.send(data(3, 1), get(5));
  assert.deepEqual(peer.resets(), [[3, NO_ERROR]]);
});

test('trailers end a body', () => {
  const peer = new Peer().greet().send(post(1, [['content-length', '3']]), data(1, 3));
  peer.send(frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, 1, block([['a', 'b']])), windowUpdate(1, 1));
  assert.equal(seen(peer), 'H1 D1!');
  peer.send(data(1, 1));
  assert.equal(peer.goAway()?.code, STREAM_CLOSED);
});

test('fields on a stream that waits for its window: the stream had ended', () => {
  const peer = new Peer().greet([SETTING.INITIAL_WINDOW_SIZE, 0]).send(get(1), get(1));
  assert.equal(peer.goAway()?.code, STREAM_CLOSED);
});

test('an answer waits for the window of its stream, and of the connection (RFC 9113 6.9)', () => {
  const peer = new Peer({}, () => answerOf(10)).greet([SETTING.INITIAL_WINDOW_SIZE, 4]).send(get(1), get(3));
  assert.equal(seen(peer), 'H1 D1 H3 D3');
  peer.send(windowUpdate(1, 3));
  assert.equal(seen(peer), 'D1');
  peer.send(settings([SETTING.INITIAL_WINDOW_SIZE, 7]));
  assert.equal(seen(peer), 'S0! D1! D3');
  // Below zero: what was sent is more than the new size.
  peer.send(settings([SETTING.INITIAL_WINDOW_SIZE, 0]), windowUpdate(3, 7));
  assert.equal(seen(peer), 'S0!');
  peer.send(windowUpdate(3, 3));
  assert.equal(seen(peer), 'D3!');
});

test('SETTINGS that make the window of an open stream too large are an error of the connection (RFC 9113 6.9.2)', () => {
  const largest = settings([SETTING.INITIAL_WINDOW_SIZE, 2 ** 31 - 1]);
  assert.deepEqual(new Peer().greet().send(post(1), largest).ends, []);
  assert.equal(new Peer().greet().send(post(1), windowUpdate(1, 1), largest).goAway()?.code, FLOW_CONTROL_ERROR);
});

test('long answers go out in frames of 16384 octets, in turns, as the window of the connection admits', () => {
  const peer = new Peer({}, () => answerOf(40_000)).greet([SETTING.INITIAL_WINDOW_SIZE, 50_000]);
  peer.send(get(1), get(3));
  const first = peer.frames();
  assert.deepEqual(
    first.filter(({ type }) => type === FRAME.DATA).map(({ streamId, payload }) => [streamId, payload.length]),
    [
      [1, 16_384],
      [1, 16_384],
      [1, 7232],
      [3, 16_384],
      [3, 9151],
    ],
  );
  peer.send(windowUpdate(0, 100_000));
  assert.equal(seen(peer), 'D3!');
});

test('streams that wait for the window of the connection take turns', () => {
  const peer = new Peer({}, () => answerOf(70_000)).greet([SETTING.INITIAL_WINDOW_SIZE, 100_000]);
  peer.send(get(1), get(3), get(5));
  peer.frames();
  peer.send(windowUpdate(0, 60_000));
  assert.equal(seen(peer), 'D1! D3 D5 D3 D5');
});

test('a stream that is taken back sends no more', () => {
  const peer = new Peer({}, () => answerOf(10)).greet([SETTING.INITIAL_WINDOW_SIZE, 0]).send(get(1), get(3));
  peer.send(reset(1), settings([SETTING.INITIAL_WINDOW_SIZE, 100]));
  assert.equal(seen(peer), 'H1 H3 S0! D3!');
});

test('HEAD has no body, whatever is answered', () => {
  const peer = new Peer().greet().send(get(1, [[':method', 'HEAD'], ...GET.slice(1)]));
  assert.equal(seen(peer), 'H1!');
});

test('a handler that fails costs its own stream', () => {
  const peer = new Peer({}, ({ path }) => {
    if (path === '/a') throw new Error('on purpose');
    return answerOf(1);
  }).greet();
  peer.send(get(1), get(3, [...GET.slice(0, 3), [':path', '/b']]));
  assert.deepEqual(peer.resets(), [[1, INTERNAL_ERROR]]);
});

test('more streams than the limit are refused, until one is over', () => {
  const peer = new Peer({ mostStreams: 2 }).greet([SETTING.INITIAL_WINDOW_SIZE, 0]);
  peer.send(get(1), get(3), get(5));
  assert.deepEqual(peer.resets(), [[5, REFUSED_STREAM]]);
  peer.send(windowUpdate(1, 9), get(7));
  assert.equal(seen(peer), 'D1! H7');
  assert.equal(peer.paths.length, 3);
});

test('an answer is coded with the table size the peer wants (RFC 7541 4.2)', () => {
  const peer = new Peer().greet();
  const length = (id: number) => {
    const [headers] = peer.send(get(id)).frames();
    assert.equal(headers && peer.fields(headers)['content-type'], 'application/json');
    return headers?.payload.length ?? 0;
  };
  const [, , third] = [length(1), length(3), length(5)];
  peer.send(settings([SETTING.HEADER_TABLE_SIZE, 0]));
  peer.frames();
  length(7);
  const without = length(9);
  assert.ok(without > third + 8, `${without} ${third}`);
  peer.send(settings([SETTING.HEADER_TABLE_SIZE, 0], [SETTING.HEADER_TABLE_SIZE, 65_536]));
  peer.frames();
  length(11);
  assert.equal([length(13), length(15)][1], third);
});

test('a drain: GOAWAY says up to where it came; what was asked before is answered, what comes later is not', () => {
  const peer = new Peer().greet([SETTING.INITIAL_WINDOW_SIZE, 0]).send(get(1));
  peer.connection.close();
  peer.connection.close();
  assert.equal(seen(peer), 'H1 g0');
  // Above the number in GOAWAY nothing is an error, and the table of fields goes on.
  peer.send(get(3), post(5), data(5, 10), windowUpdate(5, 1), reset(5), get(1 + 6));
  assert.deepEqual([peer.isEnded, peer.ends, peer.paths.length], [false, [], 1]);
  peer.send(windowUpdate(1, 9));
  assert.equal(seen(peer), 'D1!');
  assert.equal(peer.isEnded, true);
});

test('a drain without open streams, and GOAWAY of the peer, end at once', () => {
  const peer = new Peer().greet().send(get(1));
  peer.frames();
  peer.connection.close();
  assert.deepEqual([peer.goAway(), peer.isEnded], [{ last: 1, code: NO_ERROR, why: undefined }, true]);
  const other = new Peer().greet().send(get(1), frame(FRAME.GOAWAY, 0, 0, u32(0, 0)));
  assert.deepEqual([seen(other), other.isEnded], ['H1 D1! g0', true]);
});

test('one answer for each connection', () => {
  const peer = new Peer({ isOneAnswerEach: true }).greet().send(get(1), get(3));
  assert.deepEqual([seen(peer), peer.isEnded, peer.paths.length], ['H1 D1! g0', true, 1]);
});

/** A connection that is swept for some seconds. */
function after(seconds: number, limits: Partial<ConnectionLimits>, run: (peer: Peer) => void = () => {}) {
  const peer = new Peer(limits).greet([SETTING.INITIAL_WINDOW_SIZE, 0]);
  run(peer);
  peer.pass(seconds);
  return peer;
}

test('who does not acknowledge our SETTINGS is told so (RFC 9113 6.5.3), so is who says nothing', () => {
  for (const octets of [[], [Buffer.from(PREFACE), settings(), get(1)]]) {
    const peer = new Peer({ settingsMs: 3000 }).send(...octets);
    peer.pass(2);
    assert.deepEqual(peer.ends, []);
    peer.pass(1);
    assert.deepEqual(peer.goAway(), { last: octets.length > 0 ? 1 : 0, code: SETTINGS_TIMEOUT, why: 'broken' });
  }
});

test('an idle connection ends; PING keeps it, other frames do not', () => {
  const limits = { idleMs: 10_000 };
  const ping = frame(FRAME.PING, 0, 0, Buffer.alloc(8));
  assert.deepEqual(after(9, limits).ends, []);
  const idle = after(10, limits);
  assert.deepEqual([idle.goAway()?.code, idle.ends, idle.isEnded], [NO_ERROR, ['idle'], true]);
  const every = (octets: Buffer) => (peer: Peer) => {
    for (let time = 0; time < 5; time++) {
      peer.pass(2);
      peer.send(octets);
    }
  };
  assert.deepEqual(after(5, limits, every(ping)).ends, []);
  assert.deepEqual(after(5, limits, every(windowUpdate(0, 1))).ends, ['idle']);
  const half = after(10, limits, (peer) => peer.send(frame(FRAME.HEADERS, FLAG.END_STREAM, 1, block(GET))));
  assert.deepEqual(half.ends, ['idle']);
});

test('an answer that is not read, and a request that does not end, are taken back; too many end the connection', () => {
  const limits = { unreadMs: 3000, unreadAnswers: 2 };
  const peer = after(2, limits, (one) => one.send(get(1), post(3)));
  assert.deepEqual([seen(peer), peer.ends], ['H1', []]);
  peer.pass(1);
  assert.deepEqual(peer.resets(), [
    [1, CANCEL],
    [3, CANCEL],
  ]);
  peer.send(data(3, 5), get(5)).pass(3);
  assert.deepEqual([peer.goAway()?.code, peer.ends], [ENHANCE_YOUR_CALM, ['unread answer']]);
});

test('a drain has an end: what is not read is taken back, and then nothing waits for long', () => {
  const peer = after(0, { unreadMs: 4000 }, (one) => {
    one.pass(3);
    one.send(get(1)).connection.close();
    one.pass(3);
  });
  assert.equal(seen(peer), 'H1 g0');
  peer.pass(1);
  assert.deepEqual([peer.resets(), peer.isEnded, peer.isDestroyed, peer.ends], [[[1, CANCEL]], true, false, []]);
  peer.pass(4);
  assert.equal(peer.isDestroyed, true);
  const broken = new Peer().greet().send(data(0, 1));
  broken.pass(1);
  assert.equal(broken.isDestroyed, true);
});

test('a drain leaves a slow reader the time to read the last answers', () => {
  const peer = new Peer({ unreadMs: 5000 }).greet().send(get(1));
  peer.connection.close();
  peer.pass(4);
  assert.deepEqual([peer.isEnded, peer.isDestroyed], [true, false]);
  peer.pass(1);
  assert.equal(peer.isDestroyed, true);
});

test('what comes after the end is thrown away, a little of it', () => {
  const peer = new Peer().greet().send(data(0, 1));
  for (let time = 0; time < 16; time++) peer.send(Buffer.alloc(16_384));
  assert.equal(peer.isDestroyed, false);
  peer.send(Buffer.alloc(1));
  assert.equal(peer.isDestroyed, true);
});

test('a connection that is gone does nothing more', () => {
  const peer = new Peer().greet([SETTING.INITIAL_WINDOW_SIZE, 0]).send(get(1));
  peer.frames();
  peer.connection.gone();
  peer.connection.close();
  peer.connection.drained();
  peer.pass(20);
  assert.deepEqual([peer.frames().length, peer.ends], [0, []]);
});
