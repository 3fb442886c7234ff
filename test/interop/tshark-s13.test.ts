// Wireshark as the judge of our S13 front: every Diameter message of whole connections decoded by name, with the fields that were meant.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { concat, fromHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { type EquipmentAnswer, listenS13, type S13Front } from '#operator/register/index.ts';
import {
  type Avp,
  avps,
  capabilitiesRequest,
  DPA,
  disconnectRequest,
  ECR,
  HEADER_LENGTH,
  type Header,
  header,
  type MeIdentityCheckRequest,
  messageOctets,
  watchdogAnswer,
  watchdogRequest,
} from '#protocol/diameter/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { diameterLength, RawClient } from './raw-client.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { type Judge, judge, missing } from './tshark-judge.ts';

const DIAMETER = ['tcp.port==3868,diameter'];
const ANSWERS: Readonly<Record<string, EquipmentAnswer | 'a fault'>> = {
  '35342009123450': { kind: 'status', equipmentStatus: 'permitted' },
  '86650704004053': { kind: 'status', equipmentStatus: 'prohibited' },
  '35342009123452': { kind: 'status', equipmentStatus: 'tracking' },
  '35342009123453': { kind: 'unavailable', retryAfterSeconds: 1 },
  '35342009123454': 'a fault',
};

const status = (imei: string): EquipmentAnswer => {
  const answer = ANSWERS[imei];
  if (answer === 'a fault') throw new Error('the register failed');
  return answer ?? { kind: 'unknown' };
};

/** A front, and clients of it whose every octet is in `capture`. */
class Network {
  readonly capture = new TcpCapture();
  readonly time = manualScheduler(1_790_000_000_000);
  private readonly context: TestContext;
  private port = 0;

  constructor(context: TestContext) {
    this.context = context;
  }
  async start(): Promise<S13Front> {
    const front = await listenS13({
      clock: this.time,
      scheduler: this.time,
      random: seededRandom('tshark'),
      port: 0,
      identity: { originHost: 'eir.localdomain', realm: 'localdomain', addresses: ['192.0.2.2'] },
      peers: [{ originHost: 'mme.localdomain' }, { originHost: 'sgsn.localdomain', mode: 'lenient' }],
      check: ({ imei }) => status(imei?.equipment ?? ''),
    });
    this.context.after(() => front.destroy());
    const shown = { capture: this.capture, servicePort: front.port, shownPort: 3868 };
    this.port = await recordingProxy(this.context, shown);
    return front;
  }
  client(): Promise<RawClient> {
    return RawClient.connect(this.context, this.port, diameterLength);
  }
  judge(): Judge {
    return judge(this.context, this.capture.octets(), DIAMETER);
  }
}

const MME = {
  originHost: 'mme.localdomain',
  originRealm: 'localdomain',
  productName: 'mme',
  addresses: ['192.0.2.1'],
  originStateId: 1_795_468_241,
};
/** What Open5GS' MME (pull request 4416) sent, S13 among its applications. */
const CER_OF_OPEN5GS = fromHex(
  `010000f880000101000000002cd7a76dbd11286d00000108400000176d6d652e6c6f63616c646f6d61696e0000000128400000136c6f6361
   6c646f6d61696e00000001164000000c6b04abd1000001014000000e00017f00000200000000010a4000000c000000000000010d00000014
   667265656469616d657465720000010b0000000c000029040000012b4000000c000000000000010440000020000001024000000c01000023
   0000010a4000000c000028af0000010440000020000001024000000c010000240000010a4000000c000028af000001094000000c0000159f
   000001094000000c000028af000001094000000c000032db`,
);
const ECR_OF_OPEN5GS = fromHex(
  `010000fcc0000144010000242cd7a76ebd11286f000001074000002c6d6d652e6c6f63616c646f6d61696e3b313739353436383234313b32
   3b6170705f73313300000104400000200000010a4000000c000028af000001024000000c01000024000001154000000c0000000100000108
   400000176d6d652e6c6f63616c646f6d61696e0000000128400000136c6f63616c646f6d61696e000000011b400000136c6f63616c646f6d
   61696e0000000579c0000038000028af0000057ac000001a000028af383636353037303430303430353300000000057bc000000e000028af
   30310000000000014000001739393937303733363430303030363000`,
);

test('the sample messages of docs/core-networks.md are these', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/core-networks.md'), 'utf8');
  const sample = (name: string) => new RegExp(`^${name}=([0-9a-f]+)$`, 'm').exec(page)?.[1] ?? '';
  assert.deepEqual(fromHex(sample('CER')), CER_OF_OPEN5GS);
  assert.deepEqual(fromHex(sample('ECR')), ECR_OF_OPEN5GS);
});

let identifier = 0x100;
const next = () => ({ hopByHop: ++identifier, endToEnd: identifier + 0x1000 });
const headerOf = (message: Uint8Array) => header.decode(message.subarray(0, HEADER_LENGTH));

/** A question about an IMEI, which any member and any field of the header can be changed in. */
function ask(imei: string, change: Partial<MeIdentityCheckRequest> = {}, head: Partial<Header> = {}): Uint8Array {
  const body = ECR.write({
    'Session-Id': `mme.localdomain;1;${identifier};s13`,
    'Auth-Session-State': 1,
    'Origin-Host': 'mme.localdomain',
    'Origin-Realm': 'localdomain',
    'Destination-Realm': 'localdomain',
    'Terminal-Information': { IMEI: imei, 'Software-Version': '07' },
    'User-Name': '262011234567890',
    ...change,
  });
  return messageOctets({ flags: 0xc0, command: 324, application: 16777252, ...next(), ...head }, body);
}

/** The avps of a message, one of them another. */
function withAvps(message: Uint8Array, change: (list: readonly Avp[]) => readonly Avp[]): Uint8Array {
  const { version: _, length: __, ...head } = headerOf(message);
  return messageOctets(head, avps.encode(change(avps.decode(message.subarray(HEADER_LENGTH)))));
}
function withoutAvp(message: Uint8Array, code: number): Uint8Array {
  return withAvps(message, (list) => list.filter((one) => one.code !== code));
}
function withAvp(message: Uint8Array, code: number, flags: number): Uint8Array {
  return withAvps(message, (list) => [...list, { code, flags, vendor: 0, data: fromHex('30303030') }]);
}
function changed(message: Uint8Array, code: number, data: string): Uint8Array {
  return withAvps(message, (list) => list.map((one) => (one.code === code ? { ...one, data: fromHex(data) } : one)));
}
/** The last AVP ends `by` octets behind its message. */
function overlong(message: Uint8Array, by: number): Uint8Array {
  const last = message.length - 24; // User-Name: header, 15 digits, padding
  return message.with(last + 7, (message[last + 7] as number) + by);
}

test('tshark reads S13: capabilities, every answer, watchdogs of both sides, both ways to part', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  const front = await network.start();
  const mme = await network.client();
  await mme.ask(CER_OF_OPEN5GS);
  await mme.ask(ECR_OF_OPEN5GS);
  for (const imei of [...Object.keys(ANSWERS), '490154203237518']) await mme.ask(ask(imei));
  const proxy = { 'Proxy-Host': 'relay.localdomain', 'Proxy-State': fromHex('0102030405') };
  await mme.ask(ask('35342009123450', { 'Proxy-Info': [proxy], 'Route-Record': ['mme.localdomain'] }));
  await mme.ask(watchdogRequest(MME, next()));
  network.time.advance(32_000);
  const watchdog = headerOf(await mme.next());
  await mme.ask(concat(watchdogAnswer(MME, watchdog), disconnectRequest(MME, 2, next())));
  await mme.end();

  const second = await network.client();
  await second.ask(capabilitiesRequest(MME, next()));
  const closed = front.close();
  const { hopByHop, endToEnd } = headerOf(await second.next());
  const dpa = DPA.write({ 'Result-Code': 2001, 'Origin-Host': MME.originHost, 'Origin-Realm': MME.originRealm });
  second.send(messageOctets({ flags: 0, command: 282, application: 0, hopByHop, endToEnd }, dpa));
  await second.closed();
  await closed;

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'diameter' });
  const fields = ['cmd.code', 'flags', 'applicationId', 'Result-Code', 'Experimental-Result-Code', 'Equipment-Status'];
  const said = wireshark.rows('diameter', ...[...fields, 'IMEI'].map((name) => `diameter.${name}`));
  const S13 = '16777252';
  const question = (imei: string) => ['324', '0xc0', S13, '', '', '', imei];
  const answer = (code: string, status = '', flags = '0x40') => ['324', flags, S13, code, '', status, ''];
  const base = (command: string, flags: string, code = '') => [command, flags, '0', code, '', '', ''];
  assert.deepEqual(said, [
    ...[base('257', '0x80'), base('257', '0x00', '2001')],
    ...[question('86650704004053'), answer('2001', '1')],
    ...[question('35342009123450'), answer('2001', '0')],
    ...[question('86650704004053'), answer('2001', '1')],
    ...[question('35342009123452'), answer('2001', '2')],
    ...[question('35342009123453'), answer('3004', '', '0x60')],
    ...[question('35342009123454'), answer('5012')],
    ...[question('490154203237518'), ['324', '0x40', S13, '', '5422', '', '']],
    ...[question('35342009123450'), answer('2001', '0')],
    ...[base('280', '0x80'), base('280', '0x00', '2001')],
    ...[base('280', '0x80'), ['280|282', '0x00|0x80', '0|0', '2001', '', '', ''], base('282', '0x00', '2001')],
    ...[base('257', '0x80'), base('257', '0x00', '2001')],
    ...[base('282', '0x80'), base('282', '0x00', '2001')],
  ]);
  const repeated = wireshark.rows('diameter.Proxy-State', 'ip.src', 'diameter.Proxy-Host', 'diameter.Proxy-State');
  const state = ['relay.localdomain', '0102030405'];
  assert.deepEqual(repeated, [
    ['192.0.2.1', ...state],
    ['192.0.2.2', ...state],
  ]);
  const offered = wireshark.rows(
    'diameter.cmd.code == 257 && diameter.flags.request == 0 && tcp.stream == 0',
    ...['Origin-Host', 'Host-IP-Address.IPv4', 'Product-Name', 'Auth-Application-Id', 'Origin-State-Id'].map(
      (name) => `diameter.${name}`,
    ),
  );
  assert.deepEqual(offered, [['eir.localdomain', '192.0.2.2', 'Assay', S13, '1790000000']]);
  const goodbyes = wireshark.rows('diameter.Disconnect-Cause', 'ip.src', 'diameter.Disconnect-Cause');
  assert.deepEqual(goodbyes, [
    ['192.0.2.1', '2'],
    ['192.0.2.2', '0'],
  ]);
});

/** Questions that are refused, each with its Result-Code, flags and the AVP that Failed-AVP names. */
const REFUSED: readonly (readonly [() => Uint8Array, code: number, flags: string, failed: string])[] = [
  [() => ask('35342009123450', {}, { command: 325 }), 3001, '0x60', ''],
  [() => ask('35342009123450', { 'Destination-Host': 'hss.localdomain' }), 3002, '0x60', ''],
  [() => ask('35342009123450', { 'Destination-Realm': 'example' }), 3003, '0x60', ''],
  [() => ask('35342009123450', {}, { application: 16777251 }), 3007, '0x60', ''],
  [() => ask('35342009123450', {}, { flags: 0xe0 }), 3008, '0x60', ''],
  [() => withAvp(ask('35342009123450'), 1, 0xe0), 3009, '0x60', '1'],
  [() => withAvp(ask('35342009123450'), 9999, 0x40), 5001, '0x40', '9999'],
  [() => changed(ask('35342009123450'), 1, '303030'), 5004, '0x40', '1'],
  [() => withoutAvp(ask('35342009123450'), 277), 5005, '0x40', '277'],
  [() => withoutAvp(ask('35342009123450'), 1401), 5005, '0x40', '1401'],
  [() => changed(ask('35342009123450'), 1401, ''), 5005, '0x40', '1402'],
  [() => withAvp(ask('35342009123450'), 1, 0x40), 5009, '0x40', '1'],
  [() => ask('35342009123450').with(0, 2), 5011, '0x40', ''],
  [() => ask('35342009123450', {}, { flags: 0xc1 }), 5013, '0x40', ''],
  [() => overlong(ask('35342009123450'), 8), 5014, '0x40', '1'],
  [() => ask('35342009123450').with(3, 22), 5015, '0x40', ''],
];

const EXPECTED = [
  { text: /Unknown AVP 9999/, because: 'Failed-AVP holds the AVP that nobody knows' },
  { text: /Data is empty/, because: 'an example in Failed-AVP has the least length of its type, 0 (RFC 6733 7.1.5)' },
];

test('tshark reads every refusal of S13: of a connection, and of a question with its Failed-AVP', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  await network.start();
  const openings = [
    capabilitiesRequest({ ...MME, originHost: 'eve.localdomain' }, next()),
    withoutAvp(capabilitiesRequest(MME, next()), 260),
    withAvps(capabilitiesRequest(MME, next()), (list) => [
      ...list,
      { code: 299, flags: 0x40, vendor: 0, data: fromHex('00000001') },
    ]),
    withoutAvp(capabilitiesRequest(MME, next()), 264),
    withoutAvp(capabilitiesRequest({ ...MME, originHost: 'sgsn.localdomain' }, next()), 260),
  ];
  for (const opening of openings) await (await network.client()).ask(opening);
  const mme = await network.client();
  await mme.ask(capabilitiesRequest(MME, next()));
  for (const [question] of REFUSED) await mme.ask(question());
  await mme.closed();

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'diameter', from: '192.0.2.2', expected: EXPECTED });
  const answers = 'ip.src == 192.0.2.2 && diameter && ';
  const fields = ['flags', 'Result-Code', 'avp.code', 'Auth-Application-Id'].map((name) => `diameter.${name}`);
  const capabilities = wireshark.rows(`${answers}diameter.cmd.code == 257`, ...fields);
  assert.deepEqual(
    capabilities.map(([flags, code, , applications]) => [flags, code, applications]),
    [
      ['0x20', '3010', ''],
      ['0x00', '5010', '16777252'],
      ['0x00', '5017', '16777252'],
      ['0x00', '5005', '16777252'],
      ['0x00', '2001', '4294967295|16777252'],
      ['0x00', '2001', '16777252'],
    ],
  );
  const refusals = wireshark.rows(`${answers}diameter.cmd.code != 257`, ...fields);
  // What stands behind the AVP Failed-AVP is inside it.
  const said = refusals.map(([flags, code, codes = '']) => [code, flags, codes.split('|279|')[1] ?? '']);
  assert.deepEqual(
    said,
    REFUSED.map(([, code, flags, failed]) => [`${code}`, flags, failed]),
  );
});
