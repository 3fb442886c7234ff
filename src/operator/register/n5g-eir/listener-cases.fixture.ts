import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect, constants, type SecureClientSessionOptions } from 'node:http2';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '#base/port/index.ts';
import { manualScheduler, systemScheduler } from '#protocol/smpp/index.ts';
import { testCertificate } from '#test/certificate.ts';
import type { EquipmentQuestion } from '../front.ts';
import { equipmentStatusService } from './equipment-status.ts';
import {
  END_HEADERS,
  END_STREAM,
  errorCode,
  FRAME,
  field,
  frame,
  getFields,
  rawConnection,
  setting,
} from './http2-frames.fixture.ts';
import type { ListenerLimits, ListenerOptions, N5gEirListener } from './listener.ts';
import type { TokenVerdict } from './token.ts';

const PATH = '/n5g-eir-eic/v1/equipment-status?pei=imeisv-8665070400405301';
const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_CANCEL } = constants;

interface StartOptions extends Partial<Pick<ListenerOptions, 'tls' | 'clock' | 'scheduler' | 'port' | 'sharesPort'>> {
  readonly limits?: Partial<ListenerLimits>;
  readonly authorise?: () => TokenVerdict;
}

function client(
  context: { after(run: () => void): void },
  url: string,
  options?: SecureClientSessionOptions,
): ClientHttp2Session {
  const session = connect(url, options);
  session.on('error', () => {});
  context.after(() => session.destroy());
  return session;
}

function ask(session: ClientHttp2Session, path = PATH, headers: Record<string, string> = {}, body?: Uint8Array) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const stream = session.request({ ':path': path, ...headers }, { endStream: body === undefined });
    let status = 0;
    const chunks: Buffer[] = [];
    stream.on('response', (fields) => {
      status = fields[':status'] ?? 0;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('close', () =>
      status === 0 ? reject(new Error('no answer')) : resolve({ status, body: Buffer.concat(chunks).toString() }),
    );
    stream.on('error', reject);
    if (body !== undefined) stream.end(body);
  });
}

const isGoaway = ({ type }: { readonly type: number }) => type === FRAME.GOAWAY;
const turn = (milliseconds = 20) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a listener does on its connections, whatever HTTP/2 it stands on: tests of the listener `listen`, called `name`. */
export function listenerCases(name: string, listen: (options: ListenerOptions) => Promise<N5gEirListener>): void {
  /** A front on a free port that says black; destroyed when the test ends. */
  async function start(context: { after(run: () => void): void }, { authorise, ...more }: StartOptions = {}) {
    const questions: EquipmentQuestion[] = [];
    const service = equipmentStatusService({
      check(question) {
        questions.push(question);
        return { kind: 'status', equipmentStatus: 'prohibited' };
      },
      clock: systemClock,
      ...(authorise && { authorise }),
    });
    const listener = await listen({ service, clock: systemClock, scheduler: systemScheduler, port: 0, ...more });
    context.after(() => listener.destroy());
    return { listener, questions, service };
  }

  test(`${name}: h2c with prior knowledge: many questions on one connection`, async (context) => {
    const { listener, questions } = await start(context);
    const session = client(context, `http://127.0.0.1:${listener.port}`);
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(session)));
    assert.deepEqual(
      new Set(answers.map(({ status, body }) => `${status} ${body}`)),
      new Set(['200 {"status":"BLACKLISTED"}']),
    );
    assert.deepEqual([questions.length, questions[0]?.peer], [200, '127.0.0.1']);
    assert.equal((await ask(session, PATH, { ':method': 'HEAD' })).body, '');
    assert.equal((await ask(session, '/x')).status, 400);
  });

  test(`${name}: a port that is taken is said, with what to do`, async (context) => {
    const { listener } = await start(context);
    const { service } = await start(context);
    const again = listen({ service, clock: systemClock, scheduler: systemScheduler, port: listener.port });
    await assert.rejects(again, /cannot listen for N5g-eir on 127\.0\.0\.1 port \d+: another program uses it/);
  });

  test(`${name}: a port is shared by those who all say so`, {
    skip: process.platform === 'linux' ? false : 'SO_REUSEPORT is not everywhere',
  }, async (context) => {
    const first = await start(context, { sharesPort: true });
    const more = { sharesPort: true, port: first.listener.port };
    const second = await start(context, more);
    assert.equal(second.listener.port, first.listener.port);
    await first.listener.drain();
    assert.equal((await ask(client(context, `http://127.0.0.1:${first.listener.port}`))).status, 200);
    assert.equal(second.questions.length, 1);
  });

  test(`${name}: TLS: client certificates are required, their name is the peer; others, and HTTP/1.1, get nothing`, async (context) => {
    const ca = testCertificate('authority', 'urn:x:ca');
    const own = testCertificate('eir', 'urn:x:eir', ca);
    const amf = testCertificate('amf', 'urn:uuid:4947a69a-f61b-4bc1-b9da-47c9c5d14b64', ca);
    const scp = testCertificate('scp.example', 'urn:x:scp', ca);
    const stranger = testCertificate('amf', 'urn:uuid:4947a69a-f61b-4bc1-b9da-47c9c5d14b64');
    const { listener, questions } = await start(context, { tls: { key: own.key, cert: own.cert, clientCa: ca.cert } });
    const url = `https://127.0.0.1:${listener.port}`;
    for (const { key, cert } of [amf, scp])
      assert.equal((await ask(client(context, url, { ca: ca.cert, key, cert }))).status, 200);
    assert.deepEqual(
      questions.map(({ peer }) => peer),
      ['4947a69a-f61b-4bc1-b9da-47c9c5d14b64', 'scp.example'],
    );
    await assert.rejects(ask(client(context, url, { ca: ca.cert })));
    await assert.rejects(ask(client(context, url, { ca: ca.cert, key: stranger.key, cert: stranger.cert })));
    await assert.rejects(
      new Promise((_, reject) =>
        connectTls({
          port: listener.port,
          host: '127.0.0.1',
          ca: ca.cert,
          key: amf.key,
          cert: amf.cert,
          ALPNProtocols: ['http/1.1'],
        })
          .on('error', reject)
          .on('close', () => reject(new Error('closed'))),
      ),
    );
    assert.equal(questions.length, 2);
  });

  test(`${name}: TLS without a client authority takes everybody, by address`, async (context) => {
    const own = testCertificate('eir', 'urn:x:eir');
    const { listener, questions } = await start(context, { tls: own });
    assert.equal((await ask(client(context, `https://127.0.0.1:${listener.port}`, { ca: own.cert }))).status, 200);
    assert.equal(questions[0]?.peer, '127.0.0.1');
  });

  test(`${name}: a drain sends what was answered, takes nothing new, and says up to where it came`, async (context) => {
    const { listener, questions } = await start(context);
    const raw = await rawConnection(listener.port, setting(4, 0)); // INITIAL_WINDOW_SIZE 0: the answer waits
    raw.socket.write(frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 1, getFields(PATH)));
    await raw.next(({ type, streamId }) => type === FRAME.HEADERS && streamId === 1);
    const drained = listener.drain();
    const goaway = await raw.next(isGoaway);
    assert.deepEqual([goaway.payload.readUInt32BE(0), errorCode(goaway)], [1, NGHTTP2_NO_ERROR]);
    // Above the number in GOAWAY: the peer knows that it was not heard and asks another register.
    raw.socket.write(frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 3, getFields(PATH)));
    await assert.rejects(rawConnection(listener.port), /ECONNREFUSED/);
    raw.socket.write(frame(FRAME.SETTINGS, 0, 0, setting(4, 65_535)));
    const data = await raw.next(({ type, streamId }) => type === FRAME.DATA && streamId === 1);
    assert.equal(data.payload.toString(), '{"status":"BLACKLISTED"}');
    await Promise.all([drained, raw.closed, listener.drain()]);
    assert.equal(questions.length, 1);
  });

  test(`${name}: a drain does not wait for ever for a peer that does not read`, async (context) => {
    const { listener } = await start(context, { limits: { drainMs: 50 } });
    const raw = await rawConnection(listener.port, setting(4, 0)); // INITIAL_WINDOW_SIZE 0: answers cannot be sent
    raw.socket.write(frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 1, getFields(PATH)));
    await raw.next(({ type, streamId }) => type === FRAME.HEADERS && streamId === 1);
    await Promise.all([listener.drain(), raw.closed]);
  });

  test(`${name}: one answer for each connection, for peers that cannot send a second request`, async (context) => {
    const { listener } = await start(context, { limits: { isOneAnswerEach: true } });
    for (const _ of [1, 2]) {
      const session = client(context, `http://127.0.0.1:${listener.port}`);
      const isClosed = new Promise((resolve) => session.once('close', resolve));
      assert.equal((await ask(session)).status, 200);
      await isClosed;
    }
    assert.equal(listener.counters.get('session'), 2);
  });

  test(`${name}: rapid reset: GOAWAY with ENHANCE_YOUR_CALM after the limit`, async (context) => {
    const { listener } = await start(context, { limits: { resetsPerSecond: 20 } });
    const raw = await rawConnection(listener.port);
    await raw.next(({ type, flags }) => type === FRAME.SETTINGS && flags === 1);
    const code = Buffer.alloc(4);
    code.writeUInt32BE(NGHTTP2_CANCEL);
    const takenBack = Array.from({ length: 50 }, (_, at) => [
      frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 2 * at + 1, getFields(PATH)),
      frame(FRAME.RST_STREAM, 0, 2 * at + 1, code),
    ]);
    // In one write: whoever still writes when the other side has closed may lose what came before, the GOAWAY too (RFC 9293 3.6.1).
    raw.socket.write(Buffer.concat(takenBack.flat()));
    assert.equal(errorCode(await raw.next(isGoaway)), NGHTTP2_ENHANCE_YOUR_CALM);
    await raw.closed;
    assert.equal(listener.counters.get('reset'), 1);
  });

  test(`${name}: a flood of PING or SETTINGS ends the connection; some of them do not`, async (context) => {
    const { listener } = await start(context);
    const ping = frame(FRAME.PING, 0, 0, Buffer.alloc(8));
    const quiet = await rawConnection(listener.port);
    quiet.socket.write(Buffer.concat(Array(50).fill(ping)));
    await quiet.next(({ type, flags }) => type === FRAME.PING && flags === 1);
    for (const one of [ping, frame(FRAME.SETTINGS, 0, 0)]) {
      const raw = await rawConnection(listener.port);
      raw.socket.write(Buffer.concat(Array(300).fill(one)));
      assert.equal(errorCode(await raw.next(isGoaway)), NGHTTP2_ENHANCE_YOUR_CALM);
      await raw.closed;
    }
    assert.equal(listener.counters.get('control frame'), 2);
    assert.equal(quiet.frames.some(isGoaway), false);
  });

  test(`${name}: a request with too many or too long fields is refused unheard`, async (context) => {
    const { listener, questions } = await start(context);
    const many = Buffer.concat(Array.from({ length: 200 }, (_, at) => field(`a${at}`, 'b')));
    const long = Buffer.concat(Array.from({ length: 150 }, () => field('a', 'b'.repeat(120))));
    // A reference of one octet to an entry of 120: 12,000 octets become 1.4 million (a header bomb).
    const entry = Buffer.concat([
      Buffer.from([0x40, 1]),
      Buffer.from('a'),
      Buffer.from([120]),
      Buffer.from('b'.repeat(120)),
    ]);
    const bomb = Buffer.concat([entry, Buffer.alloc(12_000, 0x80 | 62)]);
    for (const more of [many, long, bomb]) {
      const raw = await rawConnection(listener.port);
      const block = Buffer.concat([getFields(PATH), more]);
      raw.socket.write(frame(FRAME.HEADERS, END_STREAM, 1, block.subarray(0, 16_000)));
      raw.socket.write(frame(FRAME.CONTINUATION, END_HEADERS, 1, block.subarray(16_000)));
      const refusal = await raw.next(({ type }) => type === FRAME.RST_STREAM || type === FRAME.GOAWAY);
      assert.equal(errorCode(refusal), NGHTTP2_ENHANCE_YOUR_CALM);
      raw.socket.destroy();
    }
    assert.equal(questions.length, 0);
  });

  test(`${name}: a flood of CONTINUATION frames ends the connection`, async (context) => {
    const { listener, questions } = await start(context);
    const raw = await rawConnection(listener.port);
    raw.socket.write(frame(FRAME.HEADERS, END_STREAM, 1, getFields(PATH)));
    const some = Buffer.concat(Array.from({ length: 100 }, () => frame(FRAME.CONTINUATION, 0, 1, field('a', 'b'))));
    let sent = 0;
    for (; sent < 1000 && !raw.socket.destroyed && !raw.frames.some(isGoaway); sent++) {
      raw.socket.write(some);
      await turn(1);
    }
    await raw.closed;
    assert.ok(sent < 1000, 'it was never stopped');
    assert.equal(questions.length, 0);
  });

  test(`${name}: frames that nobody hears of, and requests refused unheard, end the connection when there are too many`, async (context) => {
    const time = manualScheduler(0);
    const limits = { noiseOctetsPerSecond: 100_000 };
    const { listener, questions } = await start(context, { clock: time, scheduler: time, limits });
    const entry = Buffer.concat([
      Buffer.from([0x40, 1]),
      Buffer.from('a'),
      Buffer.from([120]),
      Buffer.from('b'.repeat(120)),
    ]);
    const bomb = Buffer.concat([getFields(PATH), entry, Buffer.alloc(12_000, 0x80 | 62)]);
    const window = Buffer.from([0, 0, 0, 1]);
    const bombs = (count: number, first: number) =>
      Array.from({ length: count }, (_, at) => frame(FRAME.HEADERS, END_STREAM | END_HEADERS, first + 2 * at, bomb));
    const ping = frame(FRAME.PING, 0, 0, Buffer.alloc(8));
    const isPong = ({ type, flags }: { type: number; flags: number }) => type === FRAME.PING && flags === 1;
    for (const noise of [
      bombs(10, 1),
      Array<Buffer>(9000).fill(frame(8, 0, 0, window)),
      Array<Buffer>(120).fill(frame(0xfe, 0, 0, Buffer.alloc(1000))),
    ]) {
      const raw = await rawConnection(listener.port);
      raw.socket.write(ping); // alone it is no noise
      await raw.next(isPong);
      time.advance(1000);
      raw.socket.write(Buffer.concat([...noise, ping]));
      // One listener ends it at once, another when it is swept.
      while (raw.frames.filter(isPong).length < 2 && !raw.frames.some(isGoaway)) await turn(5);
      time.advance(1000);
      assert.equal(errorCode(await raw.next(isGoaway)), NGHTTP2_ENHANCE_YOUR_CALM);
      await raw.closed;
    }
    assert.deepEqual([listener.counters.get('noise'), questions.length], [3, 0]);
  });

  test(`${name}: a busy connection is not a noisy one`, async (context) => {
    const time = manualScheduler(0);
    const { listener } = await start(context, { clock: time, scheduler: time, limits: { noiseOctetsPerSecond: 1000 } });
    const session = client(context, `http://127.0.0.1:${listener.port}`);
    await Promise.all(
      Array.from({ length: 50 }, () => ask(session, PATH, { authorization: `Bearer ${'x'.repeat(8000)}` })),
    );
    time.advance(1000);
    assert.equal((await ask(session)).status, 200);
    assert.equal(listener.counters.get('noise'), undefined);
  });

  test(`${name}: octets that are no HTTP/2 harm nobody`, async (context) => {
    const { listener } = await start(context);
    const session = client(context, `http://127.0.0.1:${listener.port}`);
    for (const octets of [
      frame(0xfe, 0xff, 77, Buffer.alloc(100)), // an unknown type is ignored
      frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 2, getFields(PATH)), // an even stream
      frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])), // broken HPACK
      frame(FRAME.DATA, 0, 1, Buffer.alloc(10)), // data without a request
      frame(FRAME.CONTINUATION, 0, 1, Buffer.alloc(10)),
      Buffer.from('GET / HTTP/1.1\r\nhost: eir\r\n\r\n'),
    ]) {
      const raw = await rawConnection(listener.port);
      raw.socket.write(octets);
      await turn(5);
      raw.socket.destroy();
      assert.equal((await ask(session)).status, 200);
    }
  });

  test(`${name}: an answer nobody reads is taken back; too many end the connection`, async (context) => {
    const time = manualScheduler(0);
    const { listener } = await start(context, {
      clock: time,
      scheduler: time,
      limits: { unreadMs: 3000, unreadAnswers: 3 },
    });
    const raw = await rawConnection(listener.port, setting(4, 0));
    for (const id of [1, 3, 5]) {
      raw.socket.write(frame(FRAME.HEADERS, END_STREAM | END_HEADERS, id, getFields(PATH)));
      await raw.next(({ type, streamId }) => type === FRAME.HEADERS && streamId === id);
    }
    time.advance(2000);
    await turn();
    assert.equal(
      raw.frames.some(({ type }) => type === FRAME.RST_STREAM),
      false,
    );
    time.advance(1000);
    for (const id of [1, 3, 5])
      assert.equal(
        errorCode(await raw.next(({ type, streamId }) => type === FRAME.RST_STREAM && streamId === id)),
        NGHTTP2_CANCEL,
      );
    raw.socket.write(frame(FRAME.HEADERS, END_STREAM | END_HEADERS, 7, getFields(PATH)));
    await raw.next(({ type, streamId }) => type === FRAME.HEADERS && streamId === 7);
    time.advance(4000);
    assert.equal(errorCode(await raw.next(isGoaway)), NGHTTP2_ENHANCE_YOUR_CALM);
    await raw.closed;
    assert.equal(listener.counters.get('unread answer'), 1);
  });

  test(`${name}: connections without a request end: idle, without a preface, in the middle of a request`, async (context) => {
    const time = manualScheduler(0);
    const { listener } = await start(context, {
      clock: time,
      scheduler: time,
      limits: { idleMs: 60_000, unreadMs: 3000 },
    });
    const ping = frame(FRAME.PING, 0, 0, Buffer.alloc(8));
    const isPong = ({ type, flags }: { type: number; flags: number }) => type === FRAME.PING && flags === 1;
    /** A connection that is past its first frames, both ways. */
    const greeted = async () => {
      const raw = await rawConnection(listener.port);
      await raw.next(({ type, flags }) => type === FRAME.SETTINGS && flags === 0);
      raw.socket.write(ping);
      await raw.next(isPong);
      return raw;
    };
    const idle = await greeted();
    const halfway = await greeted();
    halfway.socket.write(frame(FRAME.HEADERS, END_STREAM, 1, getFields(PATH)));
    const busy = await greeted();
    time.advance(59_000);
    busy.socket.write(ping);
    while (busy.frames.filter(isPong).length < 2) await turn(1);
    time.advance(1000);
    assert.equal(errorCode(await idle.next(isGoaway)), NGHTTP2_NO_ERROR);
    await idle.closed;
    await turn();
    time.advance(10_000);
    await halfway.closed;
    assert.equal(busy.frames.some(isGoaway), false);
    assert.equal(listener.counters.get('idle'), 2);
  });

  test(`${name}: bodies are thrown away: short ones do no harm, long ones are refused`, async (context) => {
    const { listener, questions } = await start(context, { limits: { mostBodyOctets: 1000 } });
    const session = client(context, `http://127.0.0.1:${listener.port}`);
    assert.equal((await ask(session, PATH, {}, Buffer.alloc(900))).status, 200);
    assert.equal((await ask(session, PATH, { 'content-length': '1001' }, Buffer.alloc(1001))).status, 413);
    assert.equal(questions.length, 1);
    const raw = await rawConnection(listener.port);
    await raw.next(({ type }) => type === FRAME.SETTINGS);
    raw.socket.write(frame(FRAME.HEADERS, END_HEADERS, 1, getFields(PATH)));
    for (let time = 0; time < 3; time++) {
      raw.socket.write(frame(FRAME.DATA, 0, 1, Buffer.alloc(450)));
      await turn();
    }
    await raw.next(({ type }) => type === FRAME.RST_STREAM || type === FRAME.GOAWAY);
  });

  test(`${name}: bad tokens again and again end the connection`, async (context) => {
    const { listener } = await start(context, {
      authorise: () => ({ kind: 'missing' }),
      limits: { unauthorisedPerSecond: 10 },
    });
    const session = client(context, `http://127.0.0.1:${listener.port}`);
    const code = new Promise((resolve) => session.once('goaway', resolve));
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => ask(session)));
    assert.equal(await code, NGHTTP2_ENHANCE_YOUR_CALM);
    assert.ok(answers.every((one) => one.status === 'rejected' || one.value.status === 401));
    assert.equal(listener.counters.get('unauthorised'), 1);
  });

  test(`${name}: more connections than the limit are refused, and so are more streams`, async (context) => {
    const { listener, questions } = await start(context, { limits: { mostSessions: 1, mostStreams: 2 } });
    const raw = await rawConnection(listener.port, setting(4, 0));
    await raw.next(({ type }) => type === FRAME.SETTINGS);
    const second = await rawConnection(listener.port).catch(() => undefined);
    await second?.closed;
    assert.equal(listener.counters.get('refused'), 1);
    for (const id of [1, 3, 5]) raw.socket.write(frame(FRAME.HEADERS, END_STREAM | END_HEADERS, id, getFields(PATH)));
    await raw.next((one) => isGoaway(one) || (one.type === FRAME.RST_STREAM && one.streamId === 5));
    assert.ok(questions.length <= 2);
  });
}
