// Wireshark as the judge of our SMPP: both ends over TCP, every PDU of their sessions decoded by name, with status and fields.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import {
  connectEsme,
  type Esme,
  type EsmeOptions,
  listenSmpp,
  manualScheduler,
  messageOf,
  type SmscSession,
  STATUS,
} from '#protocol/smpp/index.ts';
import { RawClient, smppLength } from './raw-client.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { type Judge, judge, missing } from './tshark-judge.ts';

const PORT = 2775;
const SECURED_PACKET = messageOf({
  source_addr: '1700',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '4917000000001',
  esm_class: 0x40,
  protocol_id: 0x7f,
  data_coding: 0xf6,
  short_message: fromHex('027000002815161239FF00FE0A1B'),
  optional_parameters: [{ tag: 0x0204, value: fromHex('0005') }],
});
const REPORT = messageOf({
  source_addr: '4917000000001',
  destination_addr: '1700',
  esm_class: 0x40,
  protocol_id: 0x7f,
  data_coding: 0xf6,
  short_message: fromHex('027100000A0B0C0D0E'),
});
const NOWHERE = '4917000000002';

/** command_id (SMPP 3.4 5.1.2.1); that of a response has RESPONSE added, alone it is generic_nack. */
const COMMAND = {
  BIND_RECEIVER: 1,
  BIND_TRANSMITTER: 2,
  SUBMIT: 4,
  DELIVER: 5,
  UNBIND: 6,
  BIND_TRANSCEIVER: 9,
  ENQUIRE_LINK: 0x15,
};
const RESPONSE = 0x8000_0000;
const QUERY = 3;
const QUERY_SM = fromHex('00000016 00000003 00000000 00000001 413700 0000 00');

/** An SMSC, and ESMEs bound to it, with all that goes between them in `capture`. */
class Network {
  readonly capture = new TcpCapture();
  readonly time = manualScheduler(1_790_000_000_000);
  private readonly context: TestContext;
  private session = Promise.withResolvers<SmscSession>();
  private port = 0;

  constructor(context: TestContext) {
    this.context = context;
  }
  async start(): Promise<void> {
    const smsc = await listenSmpp({
      ...{ clock: this.time, scheduler: this.time, port: 0, systemId: 'smsc' },
      authenticate: ({ body }) => (body.password === 'secret' ? STATUS.ROK : STATUS.RINVPASWD),
      onSubmit: async (_, { destination_addr }) =>
        destination_addr === NOWHERE ? { status: STATUS.RINVDSTADR } : { status: STATUS.ROK, messageId: 'A7' },
      onBound: (session) => this.session.resolve(session),
    });
    this.context.after(() => smsc.destroy());
    const shown = { capture: this.capture, servicePort: smsc.port, shownPort: PORT };
    this.port = await recordingProxy(this.context, shown);
  }
  esme(more: Partial<EsmeOptions> = {}): Esme {
    this.session = Promise.withResolvers<SmscSession>();
    const esme = connectEsme({
      ...{ clock: this.time, scheduler: this.time, random: seededRandom('tshark') },
      ...{ host: '127.0.0.1', port: this.port, systemId: 'assay', password: 'secret', systemType: 'OTA' },
      onDeliver: async () => {},
      ...more,
    });
    this.context.after(() => void esme.close());
    return esme;
  }
  bound(): Promise<SmscSession> {
    return this.session.promise;
  }
  raw(): Promise<RawClient> {
    return RawClient.connect(this.context, this.port, smppLength);
  }
  judge(): Judge {
    return judge(this.context, this.capture.octets(), [`tcp.port==${PORT},smpp`]);
  }
}

test('tshark reads SMPP: binds of every kind, messages both ways, refusals, enquire_link of both sides, unbinds', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  await network.start();
  const stranger = Promise.withResolvers<void>();
  const refused = network.esme({
    password: 'wrong',
    onState: (_, because) => because.includes('refused') && stranger.resolve(),
  });
  await stranger.promise;
  await refused.close();
  for (const bindAs of ['bind_transmitter', 'bind_receiver'] as const) {
    const esme = network.esme({ bindAs });
    await esme.bound();
    await esme.close();
  }
  const esme = network.esme();
  await esme.bound();
  const smsc = await network.bound();
  await esme.submit(SECURED_PACKET);
  await esme.submit({ ...SECURED_PACKET, destination_addr: NOWHERE });
  await smsc.deliver(REPORT);
  network.time.advance(30_000);
  await smsc.close();
  const raw = await network.raw();
  await raw.ask(QUERY_SM);
  await raw.end();

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'smpp' });
  /** Both ends may send at the same moment, so each is compared apart. */
  const said = (host: number, field: string) =>
    wireshark
      .rows(`ip.src == 192.0.2.${host} && ${field}`, field)
      .flatMap(([values = '']) => values.split('|').map(Number));
  const { BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER, UNBIND, SUBMIT, DELIVER, ENQUIRE_LINK } = COMMAND;
  const ofEsme = [BIND_TRANSCEIVER, BIND_TRANSMITTER, UNBIND, BIND_RECEIVER, UNBIND, BIND_TRANSCEIVER, SUBMIT, SUBMIT];
  const answers = said(1, 'smpp.command_id').slice(ofEsme.length);
  assert.deepEqual(said(1, 'smpp.command_id').slice(0, ofEsme.length), ofEsme);
  assert.deepEqual(answers, [RESPONSE + DELIVER, ENQUIRE_LINK, RESPONSE + ENQUIRE_LINK, RESPONSE + UNBIND, QUERY]);
  assert.deepEqual(said(2, 'smpp.command_id'), [
    ...ofEsme.map((command) => RESPONSE + command),
    ...[DELIVER, ENQUIRE_LINK, RESPONSE + ENQUIRE_LINK, UNBIND, RESPONSE],
  ]);
  assert.deepEqual(said(1, 'smpp.command_status'), [0, 0, 0]);
  assert.deepEqual(said(2, 'smpp.command_status'), [14, 0, 0, 0, 0, 0, 0, 11, 0, 3]);
});

test('tshark reads the fields of SMPP: who binds, and a secured packet as it was submitted', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  await network.start();
  const esme = network.esme();
  await esme.bound();
  await esme.submit(SECURED_PACKET);
  await esme.close();
  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'smpp' });
  const fields = (filter: string, ...names: readonly string[]) =>
    wireshark.rows(filter, ...names.map((name) => `smpp.${name}`));
  assert.deepEqual(fields('smpp.password', 'system_id', 'password', 'system_type', 'interface_version'), [
    ['assay', 'secret', 'OTA', '52'],
  ]);
  const names = ['source_addr', 'destination_addr', 'protocol_id', 'sm_length', 'message', 'user_message_reference'];
  assert.deepEqual(fields('smpp.sm_length', ...names), [
    ['1700', '4917000000001', '0x7f', '14', '027000002815161239ff00fe0a1b', '0x0005'],
  ]);
  assert.deepEqual(fields('smpp.message_id', 'message_id'), [['A7']]);
});
