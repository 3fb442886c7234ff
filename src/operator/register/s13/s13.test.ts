import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import {
  type Avp,
  AvpFault,
  capabilitiesRequest,
  ECA,
  ECR,
  HEADER_LENGTH,
  headerAt,
  MessageStream,
  messageOctets,
  readAvps,
} from '#protocol/diameter/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import type { EquipmentAnswer, EquipmentQuestion } from '../front.ts';
import { listenS13, outcomeOf, questionOf, type S13Front, type S13Options } from './index.ts';

const HEAD = { flags: 0xc0, command: 324, application: 16777252, hopByHop: 7, endToEnd: 9 };

function ecr(imei: string, more: Record<string, string> = {}): Uint8Array {
  const { softwareVersion, imsi, originHost = 'mme.test' } = more;
  const body = ECR.write({
    'Session-Id': 'mme.test;1;2;s13',
    'Auth-Session-State': 1,
    'Origin-Host': originHost,
    'Origin-Realm': 'test',
    'Destination-Realm': 'test',
    'Terminal-Information': {
      IMEI: imei,
      ...(softwareVersion !== undefined && { 'Software-Version': softwareVersion }),
    },
    ...(imsi !== undefined && { 'User-Name': imsi }),
  });
  return messageOctets(HEAD, body);
}

async function front(context: TestContext, options: Partial<S13Options>): Promise<S13Front> {
  const time = manualScheduler(1_790_000_000_000);
  const listening = await listenS13({
    clock: time,
    scheduler: time,
    random: seededRandom('s13'),
    port: 0,
    identity: { originHost: 'eir.test', realm: 'test', addresses: ['127.0.0.1'] },
    peers: [{ originHost: 'mme.test' }],
    check: () => ({ kind: 'unknown' }),
    ...options,
  });
  context.after(() => listening.destroy());
  return listening;
}

/** What a peer of this name is answered: the whole ECA, or the Result-Code of the CEA when it is not let in. */
class Mme {
  private readonly messages: Uint8Array[] = [];
  private readonly socket: Socket;
  constructor(context: TestContext, port: number) {
    const stream = new MessageStream(1 << 16);
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => {
      stream.push(chunk, (octets, start, end) => this.messages.push(octets.slice(start, end)) > 0);
    });
    context.after(() => this.socket.destroy());
  }
  private async exchange(request: Uint8Array): Promise<Uint8Array> {
    this.socket.write(request);
    while (this.messages.length === 0) await once(this.socket, 'data');
    return this.messages.shift() as Uint8Array;
  }
  async greet(originHost = 'mme.test'): Promise<this> {
    const node = { originHost, originRealm: 'test', productName: 'mme', addresses: ['127.0.0.1'], originStateId: 1 };
    const cea = await this.exchange(capabilitiesRequest(node, { hopByHop: 1, endToEnd: 1 }));
    assert.equal(headerAt(cea).flags & 0x20, 0);
    return this;
  }
  async ask(request: Uint8Array) {
    const octets = await this.exchange(request);
    const list: Avp[] = [];
    const budget = { avps: 64, depth: 4 };
    assert.equal(readAvps(octets, HEADER_LENGTH, octets.length, budget, list), undefined);
    const { flags } = headerAt(octets);
    const isError = (flags & 0x20) !== 0;
    // An answer with the E flag follows no grammar of S13: its Auth-Session-State is missing.
    const value = isError ? undefined : ECA.read(list, budget);
    assert.ok(!(value instanceof AvpFault));
    const code = list.find((one) => one.code === 268)?.data;
    const failed = value?.['Failed-AVP']?.[0]?.code;
    return {
      isError,
      code: code && (code[2] as number) * 256 + (code[3] as number),
      experimental: value?.['Experimental-Result']?.['Experimental-Result-Code'],
      status: value?.['Equipment-Status'],
      ...(failed !== undefined && { failed }),
    };
  }
}

const status = (equipmentStatus: 'permitted' | 'tracking' | 'prohibited'): EquipmentAnswer => ({
  kind: 'status',
  equipmentStatus,
});
const SUCCESS = { isError: false, code: 2001, experimental: undefined };

test('every answer of the register has its answer on S13', async (context) => {
  const asked: EquipmentQuestion[] = [];
  const answers: EquipmentAnswer[] = [
    status('permitted'),
    status('prohibited'),
    status('tracking'),
    { kind: 'unknown' },
    { kind: 'unavailable', retryAfterSeconds: 3 },
  ];
  const { port } = await front(context, {
    check(question) {
      asked.push(question);
      return answers[asked.length - 1] as EquipmentAnswer;
    },
  });
  const mme = await new Mme(context, port).greet();
  const got = [];
  for (const _ of answers)
    got.push(await mme.ask(ecr('35342009123450', { softwareVersion: '07', imsi: '262011234567890' })));
  assert.deepEqual(got, [
    { ...SUCCESS, status: 0 },
    { ...SUCCESS, status: 1 },
    { ...SUCCESS, status: 2 },
    { isError: false, code: undefined, experimental: 5422, status: undefined },
    { isError: true, code: 3004, experimental: undefined, status: undefined },
  ]);
  const { front: name, imei, imsi, softwareVersion, peer } = asked[0] as EquipmentQuestion;
  assert.deepEqual(
    [name, imei?.equipment, imsi?.digits, softwareVersion, peer],
    ['s13', '35342009123450', '262011234567890', '07', 'mme.test'],
  );
});

test('digits: 14, 15 or 16 of IMEI, two of the version; anything else is no question', async (context) => {
  let asked: EquipmentQuestion | undefined;
  const { port } = await front(context, {
    check(question) {
      asked = question;
      return status('permitted');
    },
  });
  const mme = await new Mme(context, port).greet();
  for (const [imei, more, version] of [
    ['35342009123450', {}, undefined],
    ['353420091234509', {}, undefined],
    ['3534200912345012', {}, '12'],
    ['3534200912345012', { softwareVersion: '34' }, '34'],
  ] as const) {
    assert.deepEqual(await mme.ask(ecr(imei, more)), { ...SUCCESS, status: 0 });
    assert.deepEqual([asked?.imei?.equipment, asked?.softwareVersion], ['35342009123450', version]);
  }
  asked = undefined;
  for (const [imei, more, failed] of [
    ['3534200912345', {}, 1402],
    ['35342009123450123', {}, 1402],
    ['3534200912345x', {}, 1402],
    ['35342009123450', { softwareVersion: '1' }, 1403],
    ['35342009123450', { softwareVersion: '1a' }, 1403],
    ['35342009123450', { imsi: 'alice@test' }, 1],
  ] as const) {
    const refused = { isError: false, code: 5004, experimental: undefined, status: undefined, failed };
    assert.deepEqual(await mme.ask(ecr(imei, more)), refused);
  }
  assert.equal(asked, undefined);
});

test('unknown equipment is answered as configured: for the host that asks, for its relay, for all', async (context) => {
  const { port } = await front(context, {
    unknownAs: 'permitted',
    peers: [
      { originHost: 'relay.test', unknownAs: 'tracking' },
      { originHost: 'mme.test' },
      { originHost: 'Strict.test', addresses: [], unknownAs: '5422' },
      { originHost: 'closed.test', addresses: [], unknownAs: 'prohibited' },
    ],
  });
  const relay = await new Mme(context, port).greet('relay.test');
  const mme = await new Mme(context, port).greet();
  const request = (originHost: string) => ecr('35342009123450', { originHost });
  assert.equal((await relay.ask(request('any.test'))).status, 2);
  assert.equal((await relay.ask(request('strict.test'))).experimental, 5422);
  assert.equal((await relay.ask(request('closed.test'))).status, 1);
  assert.equal((await mme.ask(request('mme.test'))).status, 0);
});

test('a check that throws: 5012, told to its owner, and the service goes on', async (context) => {
  const faults: unknown[] = [];
  let isBroken = true;
  const listening = await front(context, {
    check() {
      if (isBroken) throw new Error('no list');
      return status('permitted');
    },
    onFault: (error) => faults.push(error),
  });
  const mme = await new Mme(context, listening.port).greet();
  const unable = { isError: false, code: 5012, experimental: undefined, status: undefined };
  assert.deepEqual(await mme.ask(ecr('35342009123450')), unable);
  isBroken = false;
  assert.deepEqual(await mme.ask(ecr('35342009123450')), { ...SUCCESS, status: 0 });
  assert.equal(faults.length, 1);
  const { outcomes, usual } = listening.counts;
  assert.deepEqual([outcomes['unable to comply'], outcomes.whitelisted, usual], [1, 1, 2]);
  assert.deepEqual(listening.peers, ['mme.test']);
});

test('any digits of the right number are a question about their first 14', () => {
  const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`));
  fc.assert(
    fc.property(digits(14, 16), fc.option(digits(2, 2)), fc.option(digits(6, 15)), (imei, version, imsi) => {
      const softwareVersion = version ?? undefined;
      const question = questionOf({ imei, softwareVersion, imsi: imsi ?? undefined, originHost: 'mme.test' });
      assert.equal(question.imei?.equipment, imei.slice(0, 14));
      assert.equal(question.imsi?.digits, imsi ?? undefined);
      assert.equal(question.softwareVersion, softwareVersion ?? (imei.length === 16 ? imei.slice(14) : undefined));
    }),
  );
  assert.equal(outcomeOf({ kind: 'unknown' }, 'tracking'), 'greylisted');
});
