import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import {
  backoffMs,
  connectEsme,
  type Esme,
  type EsmeOptions,
  listenSmpp,
  type Message,
  manualScheduler,
  messageOf,
  type SmppListener,
  type SmppListenerOptions,
  type SmscSession,
  STATUS,
} from './index.ts';

const SECURED = fromHex('027000002815161239FF00FE0A1B');
const secured = (destination_addr: string) =>
  messageOf({ destination_addr, esm_class: 0x40, protocol_id: 0x7f, data_coding: 0xf6, short_message: SECURED });

/** Both ends over real loopback TCP, on a clock that only the test moves. */
class Pair {
  readonly time = manualScheduler(1_790_000_000_000);
  readonly submitted: Message[] = [];
  readonly delivered: Message[] = [];
  readonly states: string[] = [];
  session: SmscSession | undefined;
  onSubmit: SmppListenerOptions['onSubmit'] = async () => ({ status: 0, messageId: `${this.submitted.length}` });
  onDeliver: (message: Message) => Promise<void> = async () => {};
  listener: SmppListener | undefined;
  esme: Esme | undefined;

  constructor(context: TestContext) {
    context.after(() => this.close());
  }

  async listen(port = 0): Promise<SmppListener> {
    this.listener = await listenSmpp({
      clock: this.time,
      scheduler: this.time,
      port,
      systemId: 'lab',
      authenticate: ({ body }) => (body.password === 'secret' ? STATUS.ROK : STATUS.RINVPASWD),
      onSubmit: (session, message) => {
        this.submitted.push(message);
        return this.onSubmit(session, message);
      },
      onBound: (session) => {
        this.session = session;
      },
      onUnbound: () => {
        this.session = undefined;
      },
    });
    return this.listener;
  }
  start(options: Partial<EsmeOptions> = {}): Esme {
    this.esme = connectEsme({
      clock: this.time,
      scheduler: this.time,
      random: seededRandom('smpp'),
      host: '127.0.0.1',
      port: (this.listener as SmppListener).port,
      systemId: 'assay',
      password: 'secret',
      onDeliver: (message) => {
        this.delivered.push(message);
        return this.onDeliver(message);
      },
      onState: (state, because) => this.states.push(`${state}: ${because}`),
      ...options,
    });
    return this.esme;
  }
  async close(): Promise<void> {
    await this.esme?.close();
    await this.listener?.close();
  }
}

/** Waits for what comes over real sockets, a little at a time. */
async function until(isSo: () => boolean, step: () => void = () => {}): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (isSo()) return;
    step();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.fail('it did not happen within a second');
}

test('ESME and SMSC over TCP: byte exact in both directions, acknowledged after the handler', async (t) => {
  const pair = new Pair(t);
  await pair.listen();
  const esme = pair.start();
  await esme.bound();
  await until(() => pair.session !== undefined);
  assert.equal(pair.session?.bind.body.system_id, 'assay');
  assert.deepEqual(await esme.submit(secured('49170')), { outcome: 'accepted', messageId: '1' });
  assert.deepEqual(pair.submitted, [secured('49170')]);
  assert.equal(toHex((pair.submitted[0] as Message).short_message), toHex(SECURED));

  const written = Promise.withResolvers<void>();
  pair.onDeliver = () => written.promise;
  let result: unknown;
  const delivery = pair.session?.deliver(secured('1700')).then((value) => {
    result = value;
  });
  await until(() => pair.delivered.length === 1);
  await esme.submit(secured('49171')); // A whole round trip later the deliver_sm is still not acknowledged.
  assert.equal(result, undefined);
  written.resolve();
  await delivery;
  assert.deepEqual(result, { outcome: 'accepted', messageId: '' });
  assert.deepEqual(pair.delivered, [secured('1700')]);

  pair.onDeliver = async () => Promise.reject(new Error('disk full'));
  assert.deepEqual(await pair.session?.deliver(secured('1700')), { outcome: 'refused', status: STATUS.RX_T_APPN });
  await pair.close();
  assert.equal(esme.isBound, false);
});

test('a killed SMSC: the unanswered submit is given back, the ESME binds again, the same message goes through', async (t) => {
  const pair = new Pair(t);
  const { port } = await pair.listen();
  pair.onSubmit = () => new Promise(() => {});
  const esme = pair.start();
  await esme.bound();
  const lost = esme.submit(secured('49170'));
  await until(() => pair.submitted.length === 1);
  pair.listener?.destroy();
  assert.deepEqual(await lost, { outcome: 'unanswered', because: 'connection lost' });
  await until(() => !esme.isBound);
  const again = esme.submit(secured('49170')); // Waits for the next bind.
  await until(
    () => pair.states.filter((state) => state.includes('ECONNREFUSED')).length >= 2,
    () => pair.time.advance(1000),
  );
  await pair.listen(port);
  pair.onSubmit = async () => ({ status: 0, messageId: 'B' });
  await until(
    () => esme.isBound,
    () => pair.time.advance(1000),
  );
  assert.deepEqual(await again, { outcome: 'accepted', messageId: 'B' });
  assert.deepEqual(pair.submitted[0], pair.submitted[1]);
});

test('a wrong password is said so, and does not stop the ESME from trying', async (t) => {
  const pair = new Pair(t);
  await pair.listen();
  const esme = pair.start({ password: 'wrong' });
  await until(
    () => pair.states.length >= 2,
    () => pair.time.advance(1000),
  );
  assert.match(pair.states[0] as string, /bind refused .* ESME_RINVPASWD \(0E\); check system id and password/);
  await esme.close();
  assert.deepEqual(await esme.submit(secured('1')), { outcome: 'not sent', because: 'session closed' });
});

test('throttling slows the ESME down and loses nothing', async (t) => {
  const pair = new Pair(t);
  await pair.listen();
  pair.onSubmit = async () => ({ status: pair.submitted.length <= 3 ? STATUS.RTHROTTLED : 0, messageId: 'A' });
  const esme = pair.start({ enquireLinkMs: 1e9 });
  await esme.bound();
  const all = Promise.all(Array.from({ length: 20 }, (_, i) => esme.submit(secured(`${i}`))));
  await until(() => pair.submitted.length >= 3);
  await until(
    () => pair.submitted.length >= 23,
    () => pair.time.advance(100),
  );
  for (const result of await all) assert.equal(result.outcome, 'accepted');
});

test('fields that do not fit are the caller’s error, at once', async (t) => {
  const pair = new Pair(t);
  await pair.listen();
  const esme = pair.start();
  await assert.rejects(esme.submit(messageOf({ destination_addr: '1'.repeat(30) })), { field: 'destination_addr' });
});

/** A raw client of a listener, and everything it hears. */
async function rawClient(port: number): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let octets = '';
  socket.on('data', (data) => {
    octets += toHex(data);
  });
  socket.on('error', () => {});
  return { socket, heard: () => octets, ended: once(socket, 'close') };
}

test('hostile clients: overlong length, unknown command, unread answers, a second listener on the port', async (t) => {
  const pair = new Pair(t);
  const { port } = await pair.listen();
  const overlong = await rawClient(port);
  overlong.socket.write(fromHex('00010001 00000009'));
  await overlong.ended;
  assert.equal(overlong.heard(), '00000010800000000000000200000000');

  const unknown = await rawClient(port);
  unknown.socket.write(fromHex('00000012 00000103 00000000 00000021 0000'));
  await until(() => unknown.heard() === '00000010800000000000000300000021');
  unknown.socket.write(fromHex('00000011 80000103 00000000 00000021 00'));
  unknown.socket.write(fromHex('00000010 00000015 00000000 00000022'));
  await until(() => unknown.heard().endsWith('80000015' + '00000000' + '00000022'));
  assert.equal(unknown.heard().length, 64, 'a response is not answered');
  unknown.socket.destroy();

  await assert.rejects(pair.listen(port), (error: Error) => {
    assert.match(error.message, new RegExp(`port ${port}: another program uses it. Stop that program, or choose`));
    return true;
  });
});

test('a peer that floods and does not read stops being read', async (t) => {
  const pair = new Pair(t);
  const { port } = await pair.listen();
  const flood = await rawClient(port);
  flood.socket.pause();
  const links = Buffer.alloc(16 * 4096);
  for (let i = 0; i < 4096; i++) links.set(fromHex('00000010000000150000000000000001'), 16 * i);
  let written = 0;
  // Until neither side's buffers take any more: what is not read here ends in what cannot be written there.
  for (let i = 0; i < 2000 && flood.socket.writableLength < 1024 * 1024; i++) {
    flood.socket.write(links);
    written += links.length;
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(flood.socket.writableLength >= 1024 * 1024, `the SMSC still reads after ${written} octets`);
  flood.socket.destroy();
});

test('a peer that never reads the unbind is cut off after the response time', async () => {
  const time = manualScheduler(0);
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const esme = connectEsme({
    clock: time,
    scheduler: time,
    random: seededRandom('mute'),
    host: '127.0.0.1',
    port: address.port,
    systemId: 'assay',
    password: 'secret',
    onDeliver: async () => {},
  });
  await once(server, 'connection');
  let isClosed = false;
  void esme.close().then(() => {
    isClosed = true;
  });
  await until(
    () => isClosed,
    () => time.advance(1000),
  );
  server.close();
});

test('back-off doubles up to a minute, half of it by chance', () => {
  const random = seededRandom('backoff');
  for (const [attempt, whole] of [
    [1, 500],
    [2, 1000],
    [5, 8000],
    [20, 60_000],
    [2000, 60_000],
  ] as const)
    for (let i = 0; i < 20; i++) {
      const pause = backoffMs(attempt, random);
      assert.ok(pause >= whole / 2 && pause < whole, `${attempt}: ${pause}`);
    }
});
