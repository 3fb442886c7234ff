// What was done to HTTP/2 servers before, done to ours: each attack ends its own connection, early, and costs little memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, integer, oneof, property, tuple, uint8Array } from 'fast-check';
import { ERROR_CODE, FLAG, FRAME, PREFACE, SETTING } from './frame.ts';
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
  windowUpdate,
} from './frames.fixture.ts';
import type { ConnectionLimits } from './limits.ts';
import { prepareResponse } from './prepared-response.ts';

const ENHANCE_YOUR_CALM = 11;
const ping = frame(FRAME.PING, 0, 0, Buffer.alloc(8));

/** Sends `octets(0)`, `octets(1)` … in chunks of ten until the connection ends; how many were sent, at most `most`. */
function flood(peer: Peer, most: number, octets: (turn: number) => Buffer): number {
  let sent = 0;
  while (sent < most && peer.ends.length === 0) {
    peer.send(...Array.from({ length: 10 }, () => octets(sent++)));
  }
  return sent;
}

interface Flood {
  readonly why: string;
  /** How many are one too many. */
  readonly most: number;
  readonly limits?: Partial<ConnectionLimits>;
  readonly first?: readonly Buffer[];
  readonly octets: (turn: number) => Buffer;
}

const idOf = (turn: number) => 2 * turn + 1;

const FLOODS: Record<string, Flood> = {
  'rapid reset (CVE-2023-44487)': {
    why: 'reset',
    most: 100,
    octets: (turn) => Buffer.concat([get(idOf(turn)), reset(idOf(turn))]),
  },
  'rapid reset of answers that wait': {
    why: 'reset',
    most: 100,
    first: [settings([SETTING.INITIAL_WINDOW_SIZE, 0])],
    octets: (turn) => Buffer.concat([get(idOf(turn)), reset(idOf(turn))]),
  },
  'RST_STREAM of a stream that is over': { why: 'reset', most: 100, first: [get(1)], octets: () => reset(1) },
  'making us reset: windows of 0 (CVE-2025-8671)': {
    why: 'reset',
    most: 100,
    octets: (turn) => Buffer.concat([post(idOf(turn)), windowUpdate(idOf(turn), 0)]),
  },
  'malformed requests': {
    why: 'reset',
    most: 100,
    octets: (turn) => get(idOf(turn), [...GET, ['', '']]),
  },
  'more streams than there may be': {
    why: 'reset',
    most: 110,
    limits: { mostStreams: 10 },
    first: [settings([SETTING.INITIAL_WINDOW_SIZE, 0])],
    octets: (turn) => get(idOf(turn)),
  },
  'PING (CVE-2019-9512)': { why: 'control frame', most: 100, octets: () => ping },
  'SETTINGS (CVE-2019-9515)': { why: 'control frame', most: 100, octets: () => settings() },
  'acknowledgements of SETTINGS': { why: 'control frame', most: 100, octets: () => SETTINGS_ACK },
  'answers to PINGs that were never sent': {
    why: 'control frame',
    most: 100,
    octets: () => frame(FRAME.PING, FLAG.ACK, 0, Buffer.alloc(8)),
  },
  'empty DATA (CVE-2019-9518)': { why: 'empty frame', most: 100, first: [post(1)], octets: () => data(1, 0) },
  'DATA of padding': {
    why: 'empty frame',
    most: 100,
    first: [post(1)],
    octets: () => frame(FRAME.DATA, FLAG.PADDED, 1, Buffer.of(2, 0, 0)),
  },
  'empty CONTINUATION': {
    why: 'empty frame',
    most: 100,
    limits: { mostContinuations: 1000 },
    first: [frame(FRAME.HEADERS, 0, 1)],
    octets: () => frame(FRAME.CONTINUATION, 0, 1),
  },
  'CONTINUATION (CVE-2024-27316)': {
    why: 'noise',
    most: 64,
    first: [frame(FRAME.HEADERS, 0, 1)],
    octets: () => frame(FRAME.CONTINUATION, 0, 1, block([['a', 'b']])),
  },
  'long CONTINUATION': {
    why: 'noise',
    most: 2,
    first: [frame(FRAME.HEADERS, 0, 1)],
    octets: () => frame(FRAME.CONTINUATION, 0, 1, Buffer.alloc(16_384)),
  },
  'bad tokens': {
    why: 'unauthorised',
    most: 50,
    octets: (turn) => get(idOf(turn), [...GET.slice(0, 3), [':path', '/401']]),
  },
  WINDOW_UPDATE: {
    why: 'noise',
    most: 1000,
    limits: { noiseOctetsPerSecond: 13_000 },
    octets: () => windowUpdate(0, 1),
  },
  'PRIORITY (CVE-2019-9513)': {
    why: 'noise',
    most: 1000,
    limits: { noiseOctetsPerSecond: 14_000 },
    octets: (turn) => frame(FRAME.PRIORITY, 0, idOf(turn), Buffer.alloc(5)),
  },
  'frames of unknown types': {
    why: 'noise',
    most: 100,
    limits: { noiseOctetsPerSecond: 100_900 },
    octets: () => frame(0xfe, 0xff, 7, Buffer.alloc(1000)),
  },
  'padded requests': {
    why: 'noise',
    most: 100,
    limits: { noiseOctetsPerSecond: 200 * 100 },
    octets: (turn) =>
      frame(
        FRAME.HEADERS,
        FLAG.END_STREAM | FLAG.END_HEADERS | FLAG.PADDED,
        idOf(turn),
        Buffer.concat([Buffer.of(255), block(GET), Buffer.alloc(255)]),
      ),
  },
  'fields above the limit, refused unheard': {
    why: 'noise',
    most: 10,
    limits: { noiseOctetsPerSecond: 100_000 },
    octets: (turn) =>
      frame(FRAME.HEADERS, FLAG.END_STREAM | FLAG.END_HEADERS, idOf(turn), Buffer.concat([block(GET), BOMB])),
  },
};

// A reference of one octet to an entry of 120: 12,000 octets become 1.4 million (a header bomb).
const BOMB = Buffer.concat([
  Buffer.from([0x40, 1, 0x61, 120]),
  Buffer.alloc(120, 0x62),
  Buffer.alloc(12_000, 0x80 | 62),
]);
const UNAUTHORISED = prepareResponse({ status: 401, headers: {}, body: new Uint8Array(0) });

test('floods end their connection with ENHANCE_YOUR_CALM, and not before their limit', () => {
  for (const [what, { why, most, limits = {}, first = [], octets }] of Object.entries(FLOODS)) {
    const handler = ({ path }: { path: string }) => (path === '/401' ? UNAUTHORISED : answerOf(1));
    const peer = new Peer({ mostBodyOctets: 1000, ...limits }, handler).greet().send(...first);
    assert.deepEqual(peer.ends, [], what);
    const sent = flood(peer, 5000, octets);
    const { code, why: said } = peer.goAway() ?? {};
    assert.deepEqual([code, said], [ENHANCE_YOUR_CALM, why], what);
    assert.ok(sent >= most && sent <= most + 20, `${what}: ended after ${sent}`);
    assert.ok(peer.paths.length <= most + 20, what);
  }
});

test('as much of it as the limits admit, second after second, is no flood', () => {
  for (const [what, { most, limits = {}, first = [], octets }] of Object.entries(FLOODS)) {
    if (most < 100 || what.includes('CONTINUATION')) continue;
    const handler = ({ path }: { path: string }) => (path === '/401' ? UNAUTHORISED : answerOf(1));
    const peer = new Peer({ mostBodyOctets: 1000, ...limits }, handler).greet().send(...first);
    for (let second = 0, turn = 0; second < 4; second++) {
      for (let time = 0; time < most * 0.9; time++) peer.send(octets(turn++));
      peer.pass(1);
    }
    assert.deepEqual(peer.ends, [], what);
  }
});

test('a header bomb is refused unheard, and costs no memory', () => {
  const peer = new Peer().greet();
  peer.send(frame(FRAME.HEADERS, FLAG.END_STREAM | FLAG.END_HEADERS, 1, Buffer.concat([block(GET), BOMB])), get(3));
  assert.deepEqual(peer.resets(), [[1, ENHANCE_YOUR_CALM]]);
  assert.equal(peer.paths.length, 1);
});

test('many fields, long fields: refused unheard', () => {
  const many = Array.from({ length: 61 }, (_, at) => [`a${at}`, 'b'] as const);
  const long = Array.from({ length: 3 }, () => ['a', 'b'.repeat(6000)] as const);
  const peer = new Peer().greet();
  const flags = FLAG.END_STREAM;
  for (const [turn, more] of [many, long].entries()) {
    const octets = block([...GET, ...more]);
    const id = idOf(turn);
    peer.send(frame(FRAME.HEADERS, flags, id, octets.subarray(0, 10_000)));
    peer.send(frame(FRAME.CONTINUATION, FLAG.END_HEADERS, id, octets.subarray(10_000)));
    assert.deepEqual(peer.resets(), [[id, ENHANCE_YOUR_CALM]]);
  }
  assert.equal(peer.paths.length, 0);
});

test('a peer that asks and does not read is heard no more, and what waits for it has a limit', () => {
  const limits = { mostUnsentOctets: 10_000, mostStreams: 100, resetsPerSecond: 10_000, unreadMs: 5000 };
  const peer = new Peer(limits, () => answerOf(1000)).greet(
    [SETTING.INITIAL_WINDOW_SIZE, 2 ** 31 - 1],
    [SETTING.HEADER_TABLE_SIZE, 0],
  );
  peer.send(windowUpdate(0, 2 ** 30));
  peer.isReading = false;
  let turn = 0;
  for (; turn < 1000 && peer.isHeard; turn += 10) {
    peer.send(...Array.from({ length: 10 }, (_, at) => get(idOf(turn + at))));
  }
  assert.equal(peer.isHeard, false);
  assert.ok(turn < 20, String(turn));
  // One more chunk that was on its way: bodies wait, only fields are written.
  const { unsent } = peer;
  peer.send(...Array.from({ length: 1000 }, (_, at) => get(idOf(turn + at))));
  assert.ok(peer.unsent - unsent < 100 * 60 + 900 * 13, String(peer.unsent - unsent));
  peer.frames();
  peer.read();
  assert.equal(peer.isHeard, true);
  assert.equal(peer.frames().filter(({ type }) => type === FRAME.DATA).length, 100);
});

test('a peer that never reads is cut', () => {
  const peer = new Peer({ unreadMs: 5000 }).greet();
  peer.isReading = false;
  peer.send(get(1)).pass(4);
  assert.deepEqual(peer.ends, []);
  peer.pass(1);
  assert.deepEqual(peer.ends, ['unread answer']);
  peer.pass(1);
  assert.equal(peer.isDestroyed, true);
  // One that reads slowly is not.
  const slow = new Peer({ unreadMs: 5000 }).greet();
  slow.isReading = false;
  slow.send(get(1), get(3), get(5));
  for (let second = 0; second < 20; second++) {
    slow.unsent -= 4;
    slow.pass(1);
  }
  assert.deepEqual(slow.ends, []);
});

test('windows of one octet: answers trickle, and are taken back when that takes too long', () => {
  const peer = new Peer({ unreadMs: 3000 }, () => answerOf(100)).greet([SETTING.INITIAL_WINDOW_SIZE, 0]).send(get(1));
  for (let time = 0; time < 50; time++) peer.send(windowUpdate(1, 1));
  assert.equal(peer.frames().length, 51);
  peer.pass(3);
  assert.deepEqual(peer.resets(), [[1, 8]]);
});

test('SETTINGS with thousands of settings cost one change', () => {
  const list = Array.from({ length: 2700 }, (_, at) => [SETTING.INITIAL_WINDOW_SIZE, at % 7] as const);
  const peer = new Peer({}, () => answerOf(3)).greet([SETTING.INITIAL_WINDOW_SIZE, 0]);
  peer.send(...Array.from({ length: 100 }, (_, at) => get(idOf(at))));
  peer.frames();
  peer.send(settings(...list));
  assert.deepEqual(peer.frames().length, 101);
});

test('any octets: the connection says what is wrong or waits, holds little, and never throws', () => {
  const id = integer({ min: 0, max: 9 });
  const flags = oneof(constantFrom(0, 1, 4, 5, 8, 0x2d), integer({ min: 0, max: 255 }));
  const wild = tuple(integer({ min: 0, max: 10 }), flags, id, uint8Array({ maxLength: 40 })).map(
    ([type, flag, stream, payload]) => frame(type, flag, stream, payload),
  );
  const tame = oneof(
    id.map((n) => get(2 * n + 1)),
    id.map((n) => post(2 * n + 1)),
    tuple(id, integer({ min: 0, max: 2000 })).map(([n, length]) => data(n, length, length % 2 === 0)),
    tuple(id, integer({ min: 0, max: 100 })).map(([n, size]) => windowUpdate(n, size)),
    integer({ min: 0, max: 100 }).map((size) => settings([SETTING.INITIAL_WINDOW_SIZE, size])),
    id.map((n) => reset(n)),
    constantFrom(ping, SETTINGS_ACK),
  );
  const some = uint8Array({ maxLength: 30 }).map((octets) => Buffer.from(octets));
  const part = oneof({ weight: 8, arbitrary: tame }, { weight: 2, arbitrary: wild }, { weight: 1, arbitrary: some });
  check(
    property(array(part, { maxLength: 40 }), integer({ min: 1, max: 300 }), (parts, size) => {
      const peer = new Peer({ mostBodyOctets: 1000 }, () => answerOf(50)).send(Buffer.from(PREFACE), settings());
      const all = Buffer.concat(parts);
      for (let at = 0; at < all.length; at += size) peer.send(all.subarray(at, at + size));
      peer.pass(30);
      const frames = peer.frames();
      assert.equal(peer.isEnded, peer.ends.length > 0 || frames.some(({ type }) => type === FRAME.GOAWAY));
      // At most one GOAWAY for a drain and one for an error, and nothing behind that one; what was asked before a drain is still answered.
      const goAways = frames.filter(({ type }) => type === FRAME.GOAWAY);
      assert.ok(goAways.length <= 2);
      const last = goAways.at(-1);
      if (peer.isEnded) assert.ok(last !== undefined);
      if (last !== undefined && last.payload.readUInt32BE(4) !== ERROR_CODE.NO_ERROR) assert.equal(frames.at(-1), last);
    }),
    { numRuns: 500 },
  );
});

test('windows are never exceeded, and what they admit is sent: compared with a simple count', () => {
  const size = integer({ min: 0, max: 300 });
  const step = oneof(
    size.map((length) => ({ kind: 'ask', length }) as const),
    tuple(integer({ min: 0, max: 12 }), size).map(
      ([stream, more]) => ({ kind: 'grow', stream, more: more + 1 }) as const,
    ),
    size.map((window) => ({ kind: 'settings', window }) as const),
  );
  check(
    property(array(step, { maxLength: 60 }), size, (steps, first) => {
      const handler = ({ path }: { path: string }) => answerOf(Number(path.slice(1)));
      const peer = new Peer({ controlFramesPerSecond: 1000 }, handler).greet([SETTING.INITIAL_WINDOW_SIZE, first]);
      // The reference: what each stream still has to send and may send. The connection begins with 65535, which nothing here uses up.
      const streams = new Map<number, { left: number; window: number }>();
      let initial = first;
      let next = 1;
      for (const one of steps) {
        if (one.kind === 'ask') {
          streams.set(next, { left: one.length, window: initial });
          peer.send(get(next, [...GET.slice(0, 3), [':path', `/${one.length}`]]));
          next += 2;
        } else if (one.kind === 'grow') {
          const id = 2 * one.stream + 1;
          const stream = streams.get(id);
          if (stream === undefined) continue;
          stream.window += one.more;
          peer.send(windowUpdate(id, one.more));
        } else {
          for (const stream of streams.values()) stream.window += one.window - initial;
          initial = one.window;
          peer.send(settings([SETTING.INITIAL_WINDOW_SIZE, one.window]));
        }
        const expected = new Map<number, number>();
        for (const [id, stream] of streams) {
          const sent = Math.min(stream.left, Math.max(stream.window, 0));
          stream.left -= sent;
          stream.window -= sent;
          if (sent > 0) expected.set(id, sent);
        }
        const got = new Map<number, number>();
        for (const { type, streamId, payload } of peer.frames()) {
          if (type === FRAME.DATA) got.set(streamId, (got.get(streamId) ?? 0) + payload.length);
        }
        assert.deepEqual([...got].sort(), [...expected].sort());
      }
      assert.deepEqual(peer.ends, []);
    }),
    { numRuns: 300 },
  );
});
