import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { Msisdn } from '#base/identity/index.ts';
import {
  acknowledgeShortMessage,
  call,
  emergencyCall,
  locationUpdate,
  submitShortMessage,
} from '#handset/baseband/index.ts';
import { AIR_FRAME, type AirLink, airLinkFrame, connectAir } from '#handset/connector/index.ts';
import type { Verdict } from '#lab/smsc/index.ts';
import { nasMessage, REJECT_CAUSE } from '#protocol/nas/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { NOWHERE, overLater, SERVICE_CENTRE, TestTerminal, testPorts } from './core-network.fixture.ts';
import { type CoreNetworkOptions, coreNetwork, listenAir, viaSmsc } from './index.ts';

const ALICE = '001010000000001';
const BOB = '001010000000002';
const IMEI = '356938035643809';
const NUMBER = fromHex('912143');
const TPDU = fromHex('41170591');

/** The same ports, answering a little later. */
function lab(settings: Partial<CoreNetworkOptions> = {}) {
  const ports = testPorts();
  const { subscribers, equipment, shortMessages } = ports.options;
  const scheduler = manualScheduler(1_000_000);
  const network = coreNetwork({
    subscribers: {
      authenticationVector: async (imsi) => subscribers.authenticationVector(imsi),
      resynchronise: async (imsi, rand, auts) => subscribers.resynchronise(imsi, rand, auts),
    },
    equipment: { check: async (imei, imsi) => equipment.check(imei, imsi) },
    shortMessages: {
      submit: async (from, tpdu, centre) => shortMessages.submit(from, tpdu, centre),
      attached: (imsi, deliver) => shortMessages.attached(imsi, deliver),
      detached: (imsi) => shortMessages.detached(imsi),
    },
    clock: scheduler,
    scheduler,
    ...settings,
  });
  return { ...ports, network, scheduler, terminal: new TestTerminal(ALICE, IMEI) };
}

type Link = Pick<AirLink, 'air'>;
const attach = (link: Link, terminal: TestTerminal) =>
  overLater(link, locationUpdate(terminal, terminal.imsi, NOWHERE));
const dial = (link: Link, terminal: TestTerminal) => overLater(link, call(terminal, terminal.imsi, NUMBER));
const help = (link: Link, terminal: TestTerminal) => overLater(link, emergencyCall(terminal, { type: 'none' }));
const text = (link: Link, terminal: TestTerminal) =>
  overLater(link, submitShortMessage(terminal, terminal.imsi, SERVICE_CENTRE, TPDU, 7));

describe('ports that take their time', () => {
  test('attach with resynchronisation, call and short message are the same', async () => {
    const { network, terminal, home, centre } = lab();
    const link = network.connect('A');
    terminal.sqn = 1000;
    assert.equal((await attach(link, terminal)).kind, 'accepted');
    assert.equal(home.resynchronised, 1);
    assert.equal((await dial(link, terminal)).kind, 'connected');
    assert.equal(await text(link, terminal), true);
    assert.deepEqual(centre.submitted, [`${ALICE} 4`]);
  });

  test('one that never answers ends in time: home network failure, register ignored; an emergency call does not wait', async () => {
    const never = () => new Promise<never>(() => {});
    const deaf = lab({ subscribers: { authenticationVector: never, resynchronise: never } });
    const link = deaf.network.connect('A');
    const attached = attach(link, deaf.terminal);
    assert.equal((await help(link, deaf.terminal)).kind, 'connected');
    deaf.scheduler.advance(10_000);
    assert.deepEqual(await attached, { kind: 'rejected', cause: REJECT_CAUSE.networkFailure });

    const { network, terminal, scheduler } = lab({ equipment: { check: never } });
    const second = attach(network.connect('B'), terminal);
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    scheduler.advance(10_000);
    assert.equal((await second).kind, 'accepted');
  });

  test('one that rejects is one that is down', async () => {
    const down = () => Promise.reject(new Error('down'));
    const { network, terminal } = lab({ equipment: { check: down } });
    assert.equal((await attach(network.connect('A'), terminal)).kind, 'accepted');
  });

  test('a new attempt makes the answers to the old one void', async () => {
    const answers: ((isDone: undefined) => void)[] = [];
    const { network, terminal } = lab({
      subscribers: {
        authenticationVector: () => new Promise((resolve) => answers.push(resolve)),
        resynchronise: () => false,
      },
    });
    const link = network.connect('A');
    const first = attach(link, terminal);
    const second = attach(link, terminal);
    for (let turn = 0; answers.length < 2 && turn < 50; turn++) await Promise.resolve();
    answers[0]?.(undefined);
    assert.deepEqual(await first, { kind: 'noNetwork' });
    answers[1]?.(undefined);
    assert.deepEqual(await second, { kind: 'rejected', cause: REJECT_CAUSE.imsiUnknownInHlr });
  });

  test('cancelled while it registers, a subscriber is not registered', async () => {
    const { network, terminal, lists } = lab();
    const link = network.connect('A');
    assert.equal((await attach(link, terminal)).kind, 'accepted');
    const again = attach(link, terminal);
    lists.set(IMEI.slice(0, 14), 'prohibited');
    network.cancelLocation(terminal.imsi);
    assert.deepEqual(await again, { kind: 'noNetwork' });
    assert.equal(network.registered, 0);
  });
});

describe('short messages that the network begins', () => {
  test('go down at once, in order, and time out', async () => {
    const { network, terminal, centre, scheduler } = lab();
    const link = network.connect('A');
    const ends: string[] = [];
    link.onDownlink((octets) => terminal.later(nasMessage.decode(octets)));
    await attach(link, terminal);
    for (const last of [1, 2]) centre.deliver(terminal.imsi, Uint8Array.of(4, last), ends);
    const first = terminal.takeShortMessage();
    assert.deepEqual(first?.tpdu, Uint8Array.of(4, 1));
    await overLater(link, acknowledgeShortMessage(terminal, first?.reference ?? 0));
    assert.deepEqual(terminal.takeShortMessage()?.tpdu, Uint8Array.of(4, 2));
    scheduler.advance(14_999);
    assert.deepEqual(ends, ['delivered']);
    scheduler.advance(1);
    assert.deepEqual(ends, ['delivered', 'unanswered']);
  });

  test('meet the lab SMSC by number, and tell it what to do with the message', async () => {
    const verdicts: Verdict[] = [];
    const deliveries = new Map<string, (tpdu: Uint8Array) => Promise<Verdict>>();
    const numbers = new Map([[ALICE, Msisdn.parse('+882390000000001')]]);
    const smsc = {
      attach(number: Msisdn, deliver: (tpdu: Uint8Array) => Promise<Verdict>) {
        deliveries.set(number.digits, deliver);
        return () => void deliveries.delete(number.digits);
      },
      submit: ({ digits }: Msisdn) =>
        digits === '882390000000001' ? ({ accepted: true } as const) : ({ accepted: false, cause: 42 } as const),
    };
    const { network, terminal, scheduler } = lab({ shortMessages: viaSmsc(smsc, (imsi) => numbers.get(imsi.digits)) });
    const link = network.connect('A');
    await attach(link, terminal);
    assert.equal(await text(link, terminal), true);
    const deliver = deliveries.get('882390000000001');
    const under = deliver?.(TPDU).then((verdict) => verdicts.push(verdict));
    link.onDownlink((octets) => terminal.later(nasMessage.decode(octets)));
    await overLater(link, acknowledgeShortMessage(terminal, terminal.takeShortMessage()?.reference ?? 0));
    await under;
    const silent = deliver?.(TPDU).then((verdict) => verdicts.push(verdict));
    scheduler.advance(15_000);
    await silent;
    verdicts.push((await deliver?.(new Uint8Array(200))) ?? 'delivered');
    assert.deepEqual(verdicts, ['delivered', 'temporary', 'permanent']);
    const stranger = new TestTerminal(BOB, IMEI);
    await attach(link, stranger);
    assert.equal(deliveries.size, 0);
    assert.equal(await text(link, stranger), false, 'a subscriber without a number');
  });
});

describe('over TCP', () => {
  test('two handsets attach, call, send and receive at once', async () => {
    const { network, centre } = lab();
    const listener = await listenAir({ network, port: 0 });
    const ends: string[] = [];
    const live = async (imsi: string) => {
      const terminal = new TestTerminal(imsi, IMEI);
      const link = await connectAir('127.0.0.1', listener.port);
      const { promise, resolve } = Promise.withResolvers<void>();
      link.onDownlink((octets) => {
        terminal.later(nasMessage.decode(octets));
        resolve();
      });
      assert.equal((await attach(link, terminal)).kind, 'accepted');
      assert.equal((await dial(link, terminal)).kind, 'connected');
      assert.equal(await text(link, terminal), true);
      centre.deliver(terminal.imsi, TPDU, ends);
      await promise;
      const { reference = 0 } = terminal.takeShortMessage() ?? {};
      await overLater(link, acknowledgeShortMessage(terminal, reference));
      return link;
    };
    const links = await Promise.all([live(ALICE), live(BOB)]);
    assert.deepEqual(ends, ['delivered', 'delivered']);
    assert.deepEqual([network.registered, listener.connected], [2, 2]);
    await Promise.all(links.map((link) => link.close()));
    await listener.close();
  });

  test('a link that is cut signs the subscriber off; after reconnecting it has to register again', async () => {
    const { network, terminal, centre } = lab();
    const first = await listenAir({ network, port: 0 });
    const link = await connectAir('127.0.0.1', first.port);
    await attach(link, terminal);
    await first.close();
    assert.deepEqual([network.registered, centre.present.size], [0, 0]);
    assert.deepEqual(await dial(link, terminal), { kind: 'noNetwork' });
    const second = await listenAir({ network, port: first.port });
    assert.deepEqual(await dial(link, terminal), { kind: 'rejected', cause: 4 });
    assert.equal((await help(link, terminal)).kind, 'connected');
    assert.equal((await attach(link, terminal)).kind, 'accepted');
    assert.equal((await dial(link, terminal)).kind, 'connected');
    await link.close();
    await second.close();
  });

  test('one handset more than fits is turned away; a busy port says what to do', async () => {
    const { network } = lab();
    const listener = await listenAir({ network, port: 0, mostHandsets: 1 });
    const link = await connectAir('127.0.0.1', listener.port);
    const further = connectAir('127.0.0.1', listener.port);
    assert.equal(
      await further.then(
        (other) => other.air(fromHex('0904')),
        () => NO_OCTETS,
      ),
      NO_OCTETS,
    );
    await assert.rejects(listenAir({ network, port: listener.port }), /another program uses it.*0 takes a free one/);
    await further.then((other) => other.close());
    await link.close();
    await listener.close();
  });

  test('hostile frames cut their own link and no other', async () => {
    const { network, terminal } = lab();
    const listener = await listenAir({ network, port: 0 });
    const link = await connectAir('127.0.0.1', listener.port);
    for (const octets of ['0000', 'FFFF', '000102', '00FE01']) {
      const socket = connect({ host: '127.0.0.1', port: listener.port });
      socket.on('error', () => {});
      socket.write(fromHex(octets));
      await new Promise((resolve) => socket.once('close', resolve).resume());
    }
    assert.equal((await attach(link, terminal)).kind, 'accepted');
    await link.close();
    await listener.close();
  });

  test('a flood of messages is answered, each once and in order', async () => {
    const { network } = lab();
    const listener = await listenAir({ network, port: 0 });
    const link = await connectAir('127.0.0.1', listener.port);
    const release = nasMessage.encode({ name: 'release' });
    const noise = fromHex('FFFF');
    const answers = await Promise.all(Array.from({ length: 2000 }, (_, i) => link.air(i % 2 === 0 ? release : noise)));
    assert.ok(answers.every((answer, i) => toHex(answer) === (i % 2 === 0 ? '0002832A' : '')));
    assert.equal(toHex(airLinkFrame.encode({ type: AIR_FRAME.uplink, content: noise })), '000301FFFF');
    await link.close();
    await listener.close();
  });
});
