import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { capabilitiesRequest, disconnectRequest, watchdogAnswer, watchdogRequest } from './answer.ts';
import { AvpFault } from './avp.ts';
import { CEA, ERROR_ANSWER } from './command.ts';
import type { PeerNews } from './connection.ts';
import { avpsOf, ecr, NODE } from './ecr.fixture.ts';
import { headerAt, messageOctets } from './header.ts';
import { type DiameterListener, type DiameterListenerOptions, listenDiameter } from './listener.ts';
import { MessageStream } from './message-stream.ts';
import { EXAMPLE } from './messages.fixture.ts';
import { PEER_TIMES } from './peer-state.ts';

const MME = { ...NODE, originHost: 'mme.test', originStateId: 1 };
const IDS = { hopByHop: 1, endToEnd: 1 };
const CER = capabilitiesRequest(MME, IDS);
const BUDGET = { avps: 256, depth: 4 };

/** A peer of the tests: sends octets, collects whole messages. */
class Client {
  readonly socket: Socket;
  readonly messages: Uint8Array[] = [];
  private readonly stream = new MessageStream(1 << 20);
  private awaited: (() => void) | undefined;
  isClosed = false;
  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.stream.push(chunk, (octets, start, end) => this.messages.push(octets.slice(start, end)) > 0);
      this.awaited?.();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.awaited?.();
    });
  }
  send(...octets: readonly Uint8Array[]): this {
    this.socket.write(concat(...octets));
    return this;
  }
  /** The next message, or undefined when the connection ends before it. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.messages.length === 0 && !this.isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.awaited = resolve;
      await promise;
    }
    return this.messages.shift();
  }
  /** The command, Result-Code and flags of the next message. */
  async answer(): Promise<readonly [command: number, resultCode: number | undefined, flags: number] | undefined> {
    const octets = await this.next();
    if (octets === undefined) return undefined;
    const { command, flags } = headerAt(octets);
    const code = avpsOf(octets).find((one) => one.code === 268 && one.vendor === 0);
    return [command, code && new DataView(code.data.buffer, code.data.byteOffset).getUint32(0), flags];
  }
  async ended(): Promise<void> {
    while (!this.isClosed) await wait(2);
  }
}

class House {
  readonly time = manualScheduler(1_790_000_000_000);
  readonly news: PeerNews[] = [];
  listener: DiameterListener | undefined;
  asked = 0;
  private readonly clients: Client[] = [];
  constructor(context: TestContext) {
    context.after(() => {
      for (const { socket } of this.clients) socket.destroy();
      this.listener?.destroy();
    });
  }
  async listen(options: Partial<DiameterListenerOptions> = {}): Promise<DiameterListener> {
    this.listener = await listenDiameter({
      clock: this.time,
      scheduler: this.time,
      random: seededRandom('diameter'),
      port: 0,
      node: NODE,
      peers: [{ originHost: 'mme.test' }],
      check: () => {
        this.asked++;
        return 'whitelisted';
      },
      onPeer: (news) => this.news.push(news),
      ...options,
    });
    return this.listener;
  }
  async connect(): Promise<Client> {
    const client = new Client(connect((this.listener as DiameterListener).port, '127.0.0.1'));
    this.clients.push(client);
    await once(client.socket, 'connect');
    return client;
  }
  /** A peer that is let in. */
  async peer(cer = CER): Promise<Client> {
    const client = await this.connect();
    assert.deepEqual(await client.send(cer).answer(), [257, 2001, 0]);
    return client;
  }
  /** Waits until something is so, which takes some turns of the loop only. */
  async until(isSo: () => boolean): Promise<void> {
    for (let i = 0; i < 1000 && !isSo(); i++) await wait(2);
    assert.ok(isSo());
  }
}

test('a peer is let in, asks, is watched, and leaves', async (context) => {
  const house = new House(context);
  const listener = await house.listen();
  const mme = await house.peer();
  assert.deepEqual(listener.peers, ['mme.test']);
  assert.deepEqual(await mme.send(ecr()).answer(), [324, 2001, 0x40]);
  assert.deepEqual(await mme.send(watchdogRequest(MME, IDS)).answer(), [280, 2001, 0]);
  house.time.advance(PEER_TIMES.watchdogMs + PEER_TIMES.jitterMs);
  const dwr = headerAt((await mme.next()) as Uint8Array);
  assert.deepEqual([dwr.command, dwr.flags], [280, 0x80]);
  mme.send(watchdogAnswer(MME, dwr));
  assert.deepEqual(await mme.send(disconnectRequest(MME, 0, IDS)).answer(), [282, 2001, 0]);
  mme.socket.end();
  await mme.ended();
  await house.until(() => listener.counts.connections === 0);
  assert.deepEqual(
    house.news.map(({ type }) => type),
    ['opened', 'left'],
  );
  assert.deepEqual(listener.peers, []);
});

test('many requests in one chunk, cut anywhere, are answered in their order', async (context) => {
  const house = new House(context);
  await house.listen();
  const mme = await house.peer();
  const count = 500;
  const all = concat(...Array.from({ length: count }, (_, i) => ecr({}, { endToEnd: i as 9 })));
  for (let at = 0; at < all.length; at += 40_001) mme.send(all.slice(at, at + 40_001));
  for (let i = 0; i < count; i++) assert.equal(headerAt((await mme.next()) as Uint8Array).endToEnd, i);
  assert.equal(house.asked, count);
});

test('strangers: another name, another address, nothing in common, security inside', async (context) => {
  const house = new House(context);
  await house.listen({
    peers: [{ originHost: 'mme.test' }, { originHost: 'far.test', addresses: ['192.0.2.0/24', '2001:db8::1'] }],
  });
  const cases: readonly (readonly [Uint8Array, number, number])[] = [
    [capabilitiesRequest({ ...MME, originHost: 'other.test' }, IDS), 3010, 0x20],
    [capabilitiesRequest({ ...MME, originHost: 'far.test' }, IDS), 3010, 0x20],
    [fromHex(EXAMPLE.s6aOnlyCer), 3010, 0x20],
    [withInband(CER, 1), 5017, 0],
    [withoutApplication(CER), 5010, 0],
    [messageOctets(headerAt(CER), new Uint8Array(0)), 5005, 0],
  ];
  for (const [cer, code, flags] of cases) {
    const client = await house.connect();
    assert.deepEqual(await client.send(cer, ecr()).answer(), [257, code, flags]);
    assert.equal(await client.answer(), undefined, 'nothing after the CEA');
  }
  assert.equal(house.asked, 0);
  assert.equal(house.news.filter(({ type }) => type === 'refused').length, cases.length);
  assert.match(house.news[0]?.because ?? '', /DIAMETER_UNKNOWN_PEER \(3010\)/);
});

const withInband = (cer: Uint8Array, value: number) =>
  messageOctets(headerAt(cer), concat(cer.subarray(20), fromHex(`0000012B4000000C0000000${value}`)));
const withoutApplication = (cer: Uint8Array) => {
  const octets = cer.slice();
  const at = toHex(octets).indexOf('01000024') / 2;
  octets[at + 3] = 0x23; // S6a
  return octets;
};

test('a peer that advertises only S6a: refused when strict, let in with relay when lenient; a relay always', async (context) => {
  const house = new House(context);
  const node = { ...NODE, originHost: 'eir.localdomain', originRealm: 'localdomain' };
  await house.listen({ node, peers: [{ originHost: 'mme.localdomain' }, { originHost: 'relay.test' }] });
  const refused = await house.connect();
  assert.deepEqual(await refused.send(fromHex(EXAMPLE.s6aOnlyCer)).answer(), [257, 5010, 0]);
  await house.peer(fromHex(EXAMPLE.relayCer));
  house.listener?.destroy();
  await house.listen({ node, peers: [{ originHost: 'MME.localdomain', mode: 'lenient' }] });
  const mme = await house.connect();
  const cea = CEA.read(avpsOf((await mme.send(fromHex(EXAMPLE.s6aOnlyCer)).next()) as Uint8Array), { ...BUDGET });
  assert.ok(!(cea instanceof AvpFault));
  assert.deepEqual([cea['Result-Code'], cea['Auth-Application-Id']], [2001, [0xffffffff]]);
  assert.deepEqual(await mme.send(fromHex(EXAMPLE.mmeEcr)).answer(), [324, 2001, 0x40]);
});

test('malformed requests are refused one by one, and the service goes on', async (context) => {
  const house = new House(context);
  await house.listen();
  const mme = await house.peer();
  const patched = (at: number, octet: number) => {
    const octets = ecr();
    octets[at] = octet;
    return octets;
  };
  const cases: readonly (readonly [Uint8Array, readonly [number, number, number]])[] = [
    [ecr({}, { application: 16777299 as 16777252 }), [324, 3007, 0x60]],
    [ecr({}, { application: 0 as 16777252 }), [324, 3001, 0x60]],
    [ecr({}, { command: 325 as 324 }), [325, 3001, 0x60]],
    [ecr({}, { flags: 0xe0 as 0xc0 }), [324, 3008, 0x60]],
    [ecr({}, { flags: 0xc1 as 0xc0 }), [324, 5013, 0x40]],
    [patched(0, 2), [324, 5011, 0x40]],
    [patched(27, 0xff), [324, 5014, 0x40]],
    [patched(20, 0x01), [324, 5001, 0x40]],
  ];
  for (const [octets, expected] of cases) assert.deepEqual(await mme.send(octets).answer(), expected);
  const refusal = await mme.send(cases[0]?.[0] as Uint8Array).next();
  const value = ERROR_ANSWER.read(avpsOf(refusal as Uint8Array), { ...BUDGET });
  assert.ok(!(value instanceof AvpFault) && value['Session-Id'] === 'mme.test;1;2;s13');
  assert.deepEqual(await mme.send(ecr()).answer(), [324, 2001, 0x40]);
});

test('answers that nobody asked for are dropped; a second CER on the connection changes nothing', async (context) => {
  const house = new House(context);
  await house.listen();
  const mme = await house.peer();
  mme.send(fromHex(EXAMPLE.mmeEca), fromHex(EXAMPLE.dwa), fromHex(EXAMPLE.dpa), CER);
  assert.deepEqual(await mme.answer(), [257, 2001, 0]);
  assert.deepEqual(await mme.send(ecr()).answer(), [324, 2001, 0x40]);
  const other = capabilitiesRequest({ ...MME, originHost: 'eve.test' }, IDS);
  assert.deepEqual(await mme.send(other).answer(), [257, 3010, 0x20]);
  await mme.ended();
});

test('a length that cannot be ends the connection: 5015 for a peer, silence for others', async (context) => {
  const house = new House(context);
  await house.listen();
  const impossible = concat(fromHex('01FFFFFC'), ecr().subarray(4));
  const mme = await house.peer();
  assert.deepEqual(await mme.send(ecr(), impossible).answer(), [324, 2001, 0x40]);
  assert.deepEqual(await mme.answer(), [324, 5015, 0x40]);
  await mme.ended();
  for (const octets of [impossible, ecr(), fromHex('474554202F20485454502F312E310D0A0D0A00000000')]) {
    const client = await house.connect();
    assert.equal(await client.send(octets).next(), undefined);
  }
  assert.equal(house.asked, 1);
});

test('half a message has its time, so has the CER', async (context) => {
  const house = new House(context);
  const listener = await house.listen();
  const [mme, silent] = [await house.peer(), await house.connect()];
  mme.send(ecr(), ecr().subarray(0, 30));
  await mme.next();
  await house.until(() => listener.counts.connections === 2);
  house.time.advance(PEER_TIMES.messageMs);
  await Promise.all([mme.ended(), silent.ended()]);
  assert.equal(house.news.at(-1)?.because, 'half a message, and no more in time');
});

test('who does not read the answers is not read either, and goes in time; others are served meanwhile', async (context) => {
  const house = new House(context);
  const listener = await house.listen({
    peers: [{ originHost: 'mme.test' }, { originHost: 'other.test' }],
    limits: { mostUnsent: 64 * 1024 },
  });
  const mme = await house.peer();
  mme.socket.pause();
  const flood = concat(...Array.from({ length: 2000 }, () => ecr()));
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 40; i++) mme.send(flood); // 17 MB of requests
  const other = await house.peer(capabilitiesRequest({ ...MME, originHost: 'other.test' }, IDS));
  for (let i = 0; i < 50; i++) {
    await wait(4);
    assert.deepEqual(await other.send(ecr()).answer(), [324, 2001, 0x40]);
  }
  assert.ok(house.asked < 80_000, 'all of the flood was answered into memory');
  assert.ok(process.memoryUsage().rss - before < 150e6);
  house.time.advance(PEER_TIMES.stallMs);
  await house.until(() => listener.peers.length === 1);
  assert.equal(house.news.at(-1)?.because, 'answers are not read');
  assert.deepEqual(await other.send(ecr()).answer(), [324, 2001, 0x40]);
});

test('one connection for each peer: the older one stays while it answers, and gives way when it does not', async (context) => {
  const house = new House(context);
  await house.listen();
  const first = await house.peer();
  const second = await house.connect();
  assert.deepEqual(await second.send(CER).answer(), [257, 5012, 0]);
  const dwr = headerAt((await first.next()) as Uint8Array);
  assert.equal(dwr.command, 280);
  first.send(watchdogAnswer(MME, dwr), ecr());
  assert.deepEqual(await first.answer(), [324, 2001, 0x40]);
  house.time.advance(PEER_TIMES.probeMs);
  assert.deepEqual(await first.send(ecr()).answer(), [324, 2001, 0x40]);
  const restarted = await house.peer(capabilitiesRequest({ ...MME, originStateId: 2 }, IDS));
  await first.ended();
  assert.deepEqual(await restarted.send(ecr()).answer(), [324, 2001, 0x40]);
  assert.deepEqual(house.listener?.peers, ['mme.test']);
  // The restarted one falls silent.
  const again = await house.connect();
  assert.deepEqual(await again.send(capabilitiesRequest({ ...MME, originStateId: 2 }, IDS)).answer(), [257, 5012, 0]);
  house.time.advance(PEER_TIMES.probeMs);
  await restarted.ended();
  await house.peer(capabilitiesRequest({ ...MME, originStateId: 2 }, IDS));
});

test('connections beyond the limits are cut at once, and places become free again', async (context) => {
  const house = new House(context);
  const listener = await house.listen({ limits: { mostFromAddress: 2, mostConnections: 3 } });
  const one = await house.connect();
  await house.connect();
  const third = await house.connect();
  await third.ended();
  assert.deepEqual([listener.counts.connections, listener.counts.cut], [2, 1]);
  one.socket.destroy();
  await house.until(() => listener.counts.connections === 1);
  await house.peer();
});

test('closing: DPR to every peer, requests on their way are still answered, then the end', async (context) => {
  const house = new House(context);
  const listener = await house.listen();
  const mme = await house.peer();
  const isClosed = listener.close();
  const dpr = headerAt((await mme.next()) as Uint8Array);
  assert.deepEqual([dpr.command, dpr.flags], [282, 0x80]);
  assert.deepEqual(await mme.send(ecr()).answer(), [324, 2001, 0x40]);
  mme.send(messageOctets({ ...dpr, flags: 0 }, new Uint8Array(0)));
  await isClosed;
  await mme.ended();
});

test('a watcher sees every message both ways', async (context) => {
  const house = new House(context);
  const seen: string[] = [];
  await house.listen({ watch: (direction, octets) => seen.push(`${direction} ${headerAt(octets).command}`) });
  const mme = await house.peer();
  mme.send(ecr(), ecr({}, { command: 325 as 324 }), watchdogRequest(MME, IDS));
  for (let i = 0; i < 3; i++) await mme.next();
  const both = (command: number) => [`received ${command}`, `sent ${command}`];
  assert.deepEqual(seen, [...both(257), ...both(324), ...both(325), ...both(280)]);
});

test('a port that is taken, an address or a name that is none: the error says what to do', async (context) => {
  const taken = createServer().listen(0, '127.0.0.1');
  context.after(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await assert.rejects(new House(context).listen({ port }), /Stop that program, or choose another port/);
  const badPeer = [{ originHost: 'mme.test', addresses: ['192.0.2.0/33'] }];
  await assert.rejects(
    new House(context).listen({ peers: badPeer }),
    /peer mme\.test: '192\.0\.2\.0\/33' is no address/,
  );
  const twice = [{ originHost: 'mme.test' }, { originHost: 'MME.test' }];
  await assert.rejects(new House(context).listen({ peers: twice }), /listed twice/);
  await assert.rejects(new House(context).listen({ node: { ...NODE, addresses: [] } }), /at least one/);
  await assert.rejects(new House(context).listen({ node: { ...NODE, originHost: 'e i r' } }), /domain name/);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const missing = hasOpenssl || process.env['CI'] ? false : 'openssl is missing: install the package openssl';

/** An authority and certificates of it, by name: [name, subjectAltName or undefined]. */
function certificates(folder: string, names: readonly (readonly [string, string | undefined])[]) {
  const run = (...command: readonly string[]) => execFileSync('openssl', command, { cwd: folder, stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=ca');
  for (const [name, altName] of names) {
    run('req', ...ec, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(
      join(folder, 'ext'),
      altName === undefined ? 'basicConstraints=CA:FALSE' : `subjectAltName=DNS:${altName}`,
    );
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext'];
    run('x509', '-req', '-in', `${name}.csr`, ...ca, '-days', '30', '-out', `${name}.pem`);
  }
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return (name: string) => ({ cert: read(`${name}.pem`), key: read(`${name}.key`), ca: read('ca.pem') });
}

test('TLS: only a certificate of the authority that names the Origin-Host lets a peer in', {
  skip: missing,
}, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-diameter-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const of = certificates(folder, [
    ['eir.test', 'eir.test'],
    ['mme.test', undefined],
    ['alt.test', 'mme.test'],
    ['wild.test', '*.test'],
    ['cn.test', 'other.test'],
  ]);
  const house = new House(context);
  const listener = await house.listen({
    tls: of('eir.test'),
    peers: [{ originHost: 'mme.test' }, { originHost: 'cn.test' }],
  });
  const secure = (name: string | undefined) => {
    const { ca, ...own } = of(name ?? 'eir.test');
    const options = { port: listener.port, host: '127.0.0.1', ca, checkServerIdentity: () => undefined };
    return new Client(connectTls(name === undefined ? options : { ...options, ...own }));
  };
  for (const [name, originHost, expected] of [
    ['mme.test', 'mme.test', [257, 2001, 0]],
    ['alt.test', 'mme.test', [257, 2001, 0]],
    ['wild.test', 'mme.test', [257, 3010, 0x20]],
    ['cn.test', 'cn.test', [257, 3010, 0x20]], // CN counts only without a subjectAltName.
    ['eir.test', 'mme.test', [257, 3010, 0x20]],
    [undefined, 'mme.test', undefined],
  ] as const) {
    const client = secure(name);
    assert.deepEqual(await client.send(capabilitiesRequest({ ...MME, originHost }, IDS)).answer(), expected, name);
    if (expected?.[1] === 2001) assert.deepEqual(await client.send(ecr()).answer(), [324, 2001, 0x40]);
    client.socket.destroy();
    await house.until(() => listener.counts.connections === 0);
  }
  const plain = await house.connect();
  assert.equal(await plain.send(CER).next(), undefined, 'a CER in clear on the port of TLS');
});
