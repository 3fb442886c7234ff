import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { CCM, ccm, element, gsupFrame, gsupMessage, IPA, identities, ipaFrame } from '#protocol/gsup/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import type { EquipmentAnswer, EquipmentCheck } from '../front.ts';
import { type GsupProxy, type GsupProxyOptions, listenGsup } from './proxy.ts';

const ID_GET = fromHex('0011fe04 0108 0107 0102 0103 0104 0105 0101 0100');
const ID_ACK = fromHex('0001fe06');
const PING = fromHex('0001fe00');
const PONG = fromHex('0001fe01');
const ID_RESP = ipaFrame.encode({
  protocol: IPA.ccm,
  payload: ccm.encode({
    type: CCM.ID_RESP,
    body: identities.encode([{ tag: 0, value: new TextEncoder().encode('MSC-1\0') }]),
  }),
});
const PERMITTED = '35342009123450';
const PROHIBITED = '35342009123451';
const UNDECIDED = '35342009123452';
const ask = (imei: string, imsi = '001010000000001') =>
  gsupFrame(gsupMessage.encode({ type: 0x30, elements: [element('imsi', imsi), element('imei', imei)] }));
const answer = (result: 'ACK' | 'NACK', imsi = '001010000000001') =>
  gsupFrame(gsupMessage.encode({ type: 0x32, elements: [element('imsi', imsi), element('imeiResult', result)] }));
const UPDATE_LOCATION = gsupFrame(
  gsupMessage.encode({
    type: 0x04,
    elements: [element('imsi', '001010000000001'), { tag: 0x77, value: fromHex('AB') }],
  }),
);

/** Waits for what comes over real sockets, a little at a time. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.fail('it did not happen within two seconds');
}

/** One end of a connection, with all it received. */
class Peer {
  readonly socket: Socket;
  received = new Uint8Array(0);
  isClosed = false;
  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (octets) => {
      this.received = concat(this.received, octets) as Uint8Array<ArrayBuffer>;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
    });
  }
  send(...frames: readonly Uint8Array[]): void {
    this.socket.write(concat(...frames));
  }
  async got(...frames: readonly Uint8Array[]): Promise<void> {
    const length = frames.reduce((sum, frame) => sum + frame.length, 0);
    await until(() => this.received.length >= length);
    assert.equal(toHex(this.received), toHex(concat(...frames)));
    this.received = new Uint8Array(0);
  }
}

/** Clients, the proxy and an HLR over real loopback TCP, on a clock that only the test moves. */
class Network {
  readonly time = manualScheduler(1_790_000_000_000);
  readonly states: string[] = [];
  readonly peers: string[] = [];
  readonly hlrs: Peer[] = [];
  private readonly clients: Peer[] = [];
  private readonly server = createServer((socket) => this.hlrs.push(new Peer(socket)));
  hlrPort = 0;
  proxy!: GsupProxy;

  constructor(context: TestContext) {
    context.after(() => {
      this.proxy.destroy();
      for (const peer of [...this.clients, ...this.hlrs]) peer.socket.destroy();
      this.server.close();
    });
  }

  readonly check: EquipmentCheck = ({ imei, peer }): EquipmentAnswer => {
    this.peers.push(peer);
    if (imei?.equipment === UNDECIDED) return { kind: 'unavailable', retryAfterSeconds: 1 };
    return { kind: 'status', equipmentStatus: imei?.equipment === PROHIBITED ? 'prohibited' : 'tracking' };
  };

  async startHlr(): Promise<void> {
    this.server.listen(this.hlrPort, '127.0.0.1');
    await once(this.server, 'listening');
    this.hlrPort = (this.server.address() as { port: number }).port;
  }
  async stopHlr(): Promise<void> {
    for (const { socket } of this.hlrs.splice(0)) socket.destroy();
    this.server.close();
    await until(() => !this.server.listening);
  }
  async start(options: Partial<GsupProxyOptions> = {}): Promise<void> {
    await this.startHlr();
    this.proxy = await listenGsup({
      clock: this.time,
      scheduler: this.time,
      random: seededRandom('gsup'),
      hlr: { host: '127.0.0.1', port: this.hlrPort },
      port: 0,
      check: this.check,
      onState: (peer, state, because) => this.states.push(`${peer} ${state}: ${because}`),
      ...options,
    });
  }
  client(options: { allowHalfOpen?: boolean } = {}): Peer {
    const peer = new Peer(connect({ host: '127.0.0.1', port: this.proxy.port, ...options }));
    this.clients.push(peer);
    return peer;
  }
  /** A client with its own connection to the HLR. */
  async pair(): Promise<{ client: Peer; hlr: Peer }> {
    const before = this.hlrs.length;
    const client = this.client();
    await until(() => this.hlrs.length > before && this.states.length > before);
    return { client, hlr: this.hlrs.at(-1) as Peer };
  }
}

test('everything passes octet for octet both ways, in any pieces; each client has an HLR connection of its own', async (t) => {
  const net = new Network(t);
  await net.start();
  const { client, hlr } = await net.pair();
  const other = await net.pair();
  hlr.send(ID_GET);
  await client.got(ID_GET);
  const unknown = fromHex('0003 fd 010203 0000 ee 0002 ee 05 04 0001 ee 00');
  const up = concat(ID_RESP, ID_ACK, PING, UPDATE_LOCATION, unknown);
  for (const octet of up) client.send(Uint8Array.of(octet));
  await hlr.got(up);
  const down = concat(ID_ACK, PONG, answer('ACK'), answer('NACK'), fromHex('0001 ee 05'));
  hlr.send(down.subarray(0, 5));
  hlr.send(down.subarray(5));
  await client.got(down);
  other.client.send(PING);
  await other.hlr.got(PING);
  assert.equal(hlr.received.length + client.received.length + other.client.received.length, 0);
});

test('Check-IMEI is answered here between passing frames; the register is told the routing name', async (t) => {
  const net = new Network(t);
  await net.start();
  const { client, hlr } = await net.pair();
  client.send(ask(PERMITTED), ID_RESP, ask(PROHIBITED), PING, ask(''), UPDATE_LOCATION);
  const error = gsupFrame(fromHex('31 0108 00010100000000f1 0201 60'));
  await client.got(answer('ACK'), answer('NACK'), error);
  await hlr.got(ID_RESP, PING, UPDATE_LOCATION);
  assert.deepEqual(net.peers, ['127.0.0.1', 'MSC-1']);
  client.send(ask(UNDECIDED));
  await hlr.got(ask(UNDECIDED));
  hlr.send(answer('ACK'));
  await client.got(answer('ACK'));
  const counts = { ACK: 1, NACK: 1, error: 1, unavailable: 1, unreadable: 0, stored: 0, swallowed: 0, unreached: 0 };
  assert.deepEqual(net.proxy.counts(), { ...counts, connections: 1, refused: 0 });
});

test('alsoStore: the HLR is told too, and its answer does not reach the client; answers to the client do', async (t) => {
  const net = new Network(t);
  await net.start({ alsoStore: true });
  const { client, hlr } = await net.pair();
  client.send(ask(PERMITTED), ask(PROHIBITED, '002'), ask(UNDECIDED));
  await client.got(answer('ACK'), answer('NACK', '002'));
  await hlr.got(ask(PERMITTED), ask(UNDECIDED));
  hlr.send(answer('NACK'), answer('ACK'), answer('ACK', '003'), PONG);
  await client.got(answer('ACK'), answer('ACK', '003'), PONG);
  const { stored, swallowed, unavailable } = net.proxy.counts();
  assert.deepEqual({ stored, swallowed, unavailable }, { stored: 1, swallowed: 1, unavailable: 1 });
});

test('the HLR away: the client waits while it is dialled again; too long, and the client is closed', async (t) => {
  const net = new Network(t);
  await net.start();
  await net.stopHlr();
  const client = net.client();
  client.send(ask(PERMITTED), PING);
  await until(() => net.proxy.counts().unreached === 1);
  assert.equal(client.received.length, 0, 'no answer as long as there is no HLR');
  await net.startHlr();
  net.time.advance(250);
  await until(() => net.hlrs.length === 1);
  await net.hlrs[0]?.got(PING);
  await client.got(answer('ACK'));

  await net.stopHlr();
  await until(() => client.isClosed);
  const next = net.client();
  await until(() => net.proxy.counts().unreached === 2);
  net.time.advance(5000);
  await until(() => next.isClosed);
  assert.match(
    net.states.join('\n'),
    /relaying: .*\n.*closed: the hlr closed the connection\n.*closed: the HLR is not reached/,
  );
  assert.equal(net.proxy.counts().connections, 0);
});

test('what the HLR said before it went still reaches the client, and the other way round', async (t) => {
  const net = new Network(t);
  await net.start();
  const first = await net.pair();
  first.hlr.socket.end(UPDATE_LOCATION);
  await first.client.got(UPDATE_LOCATION);
  await until(() => first.client.isClosed);
  const second = await net.pair();
  second.client.socket.end(concat(UPDATE_LOCATION, ask(PROHIBITED)));
  await second.hlr.got(UPDATE_LOCATION);
  await until(() => second.hlr.isClosed);
});

test('hostile: a length above the limit, half a frame, a client without a name, silence: that client ends, others go on', async (t) => {
  const net = new Network(t);
  await net.start();
  const good = await net.pair();
  good.client.send(ID_RESP);
  await good.hlr.got(ID_RESP);

  const long = await net.pair();
  long.client.send(PING, fromHex('ffff ee 05 30'));
  await until(() => long.client.isClosed && long.hlr.isClosed);
  assert.deepEqual(long.hlr.received, PING);
  const evil = await net.pair();
  evil.hlr.send(fromHex('ffff'), fromHex('ee'));
  await until(() => evil.client.isClosed && evil.hlr.isClosed);

  const half = await net.pair();
  half.client.send(ID_RESP, ask(PERMITTED).subarray(0, 9));
  await half.hlr.got(ID_RESP);
  const nameless = await net.pair();
  nameless.client.send(PING);
  await nameless.hlr.got(PING);
  net.time.advance(10_000);
  await until(() => half.client.isClosed && nameless.client.isClosed);
  for (const reason of [
    /malformed frame from the client: length/,
    /malformed frame from the hlr/,
    /half a frame from the client/,
  ])
    assert.match(net.states.join('\n'), reason);
  assert.match(net.states.join('\n'), /no ID_RESP with a routing name/);

  net.time.advance(45_000);
  good.client.send(PING, ask(PROHIBITED));
  await good.hlr.got(PING);
  await good.client.got(answer('NACK'));
  good.hlr.send(PONG);
  await good.client.got(PONG);
  net.time.advance(59_999);
  good.client.send(PING);
  await good.hlr.got(PING);
  net.time.advance(1);
  await until(() => good.client.isClosed);
  assert.match(net.states.at(-1) as string, /MSC-1 closed: nothing heard from the hlr for 60000 ms/);
});

test('hostile: random octets from either side never stop the service', async (t) => {
  const net = new Network(t);
  await net.start();
  const random = seededRandom('noise');
  for (let i = 0; i < 20; i++) {
    const { client, hlr } = await net.pair();
    const noise = random.octets(400);
    (i % 2 === 0 ? client : hlr).send(fromHex('0040 ee 05 30'), noise);
    (i % 2 === 0 ? client : hlr).socket.end();
    await until(() => client.isClosed && hlr.isClosed);
  }
  const { client } = await net.pair();
  client.send(ask(PROHIBITED));
  await client.got(answer('NACK'));
});

test('connection limits: over all and from one address; a place that is free again is given again', async (t) => {
  const net = new Network(t);
  await net.start({ mostConnections: 2 });
  const first = await net.pair();
  await net.pair();
  const third = net.client();
  await until(() => third.isClosed);
  assert.equal(net.proxy.counts().refused, 1);
  first.client.socket.destroy();
  await until(() => net.proxy.counts().connections === 1);
  await net.pair();
  const narrow = new Network(t);
  await narrow.start({ mostPerAddress: 1 });
  await narrow.pair();
  const second = narrow.client();
  await until(() => second.isClosed);
});

/** Writes `frame` again and again until nothing more is taken; how many octets were. */
async function flood(peer: Peer, frame: Uint8Array): Promise<number> {
  const block = concat(...Array.from({ length: 8000 }, () => frame));
  let taken = 0;
  for (let quiet = 0; quiet < 20 && taken < 64 * 1024 * 1024; ) {
    if (peer.socket.writableLength === 0) {
      peer.socket.write(block);
      taken += block.length;
      quiet = 0;
    } else quiet += 1;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return taken;
}

test('hostile: who asks without reading the answers is no longer read, then closed; others are served meanwhile', async (t) => {
  const net = new Network(t);
  await net.start();
  const slow = await net.pair();
  slow.client.send(ID_RESP);
  await slow.hlr.got(ID_RESP);
  slow.client.socket.pause();
  const taken = await flood(slow.client, ask(PERMITTED));
  assert.ok(taken < 32 * 1024 * 1024, `${taken} octets were taken`);
  const asked = net.proxy.counts().ACK;
  const good = await net.pair();
  good.client.send(ID_RESP, ask(PROHIBITED));
  await good.client.got(answer('NACK'));
  assert.equal(net.proxy.counts().ACK, asked, 'nothing more of the flood is answered');
  net.time.advance(60_000);
  net.time.advance(3000);
  await until(() => slow.hlr.isClosed && net.proxy.counts().connections < 2);
  assert.match(net.states.join('\n'), /the client does not read/);
});

test('an HLR or a client that reads slowly holds its peer back, and everything arrives in order once it reads', async (t) => {
  const net = new Network(t);
  await net.start();
  const { client, hlr } = await net.pair();
  for (const [from, to] of [
    [client, hlr],
    [hlr, client],
  ] as const) {
    to.socket.pause();
    let count = 0;
    to.socket.removeAllListeners('data').on('data', (octets) => {
      count += octets.length;
    });
    const taken = await flood(from, UPDATE_LOCATION);
    assert.ok(taken < 32 * 1024 * 1024, `${taken} octets were taken`);
    to.socket.resume();
    await until(() => count === taken);
  }
});

test('close: no new client, no new request; answers on their way still arrive; then it is over', async (t) => {
  const net = new Network(t);
  await net.start();
  const { client, hlr } = await net.pair();
  client.send(ID_RESP, UPDATE_LOCATION);
  await hlr.got(ID_RESP, UPDATE_LOCATION);
  const closed = net.proxy.close();
  const late = net.client();
  await until(() => late.isClosed);
  client.send(ask(PROHIBITED));
  hlr.send(UPDATE_LOCATION);
  await client.got(UPDATE_LOCATION);
  net.time.advance(300);
  await closed;
  await until(() => client.isClosed && hlr.isClosed);
  assert.equal(net.proxy.counts().NACK, 0);
  assert.match(net.states.at(-1) as string, /the register is closing/);
});

test('close ends even when a client neither reads nor closes', async (t) => {
  const net = new Network(t);
  await net.start();
  const before = net.client({ allowHalfOpen: true });
  await until(() => net.states.length === 1);
  before.socket.pause();
  const closed = net.proxy.close();
  net.time.advance(3000);
  net.time.advance(3000);
  await closed;
});

test('a port that is taken is an error that says what to do', async (t) => {
  const net = new Network(t);
  await net.start();
  await assert.rejects(
    listenGsup({
      clock: net.time,
      scheduler: net.time,
      random: seededRandom('gsup'),
      hlr: { host: '127.0.0.1' },
      port: net.proxy.port,
      check: net.check,
    }),
    /cannot listen for GSUP on 127\.0\.0\.1 port \d+: another program uses it, often osmo-hlr/,
  );
});
