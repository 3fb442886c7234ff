// Wireshark as the judge of our GSUP front: both its connections, to the MSC and to the HLR, decoded frame by frame.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { type EquipmentAnswer, type GsupProxyOptions, listenGsup } from '#operator/register/index.ts';
import { element, type GsupElement, gsupFrame, gsupMessage } from '#protocol/gsup/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { ipaLength, RawClient } from './raw-client.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { type Judge, judge, missing } from './tshark-judge.ts';

const [MSC, EIR, HLR] = [1, 2, 3];
const PORT = 4222;
const IMSI = '001010000000001';
const PERMITTED = '35342009123450';
const PROHIBITED = '86650704004053';
const UNDECIDED = '35342009123453';
const UNKNOWN = '49015420323751';

function answerAbout(imei: string): EquipmentAnswer {
  if (imei === UNDECIDED) return { kind: 'unavailable', retryAfterSeconds: 1 };
  if (imei === UNKNOWN) return { kind: 'unknown' };
  return { kind: 'status', equipmentStatus: imei === PROHIBITED ? 'prohibited' : 'permitted' };
}

const message = (type: number, ...elements: readonly GsupElement[]) =>
  gsupFrame(gsupMessage.encode({ type, elements: [element('imsi', IMSI), ...elements] }));
const CLASS = element('messageClass', 1);
const check = (imei: string, ...more: readonly GsupElement[]) => message(0x30, element('imei', imei), CLASS, ...more);
const ACK_OF_HLR = message(0x32, element('imeiResult', 'ACK'), CLASS);
// As osmo-hlr and libosmo-gsup-client write them.
const ID_GET = fromHex('0011fe 04 0108 0107 0102 0103 0104 0105 0101 0100');
const ID_RESP = fromHex(
  `0095fe 05 0007 08 302f302f3000 0013 07 30303a30303a30303a30303a30303a303000 0013 02 30303a30303a30303a30303a30303a303000
   0013 03 30303a30303a30303a30303a30303a303000 0013 04 30303a30303a30303a30303a30303a303000 0003 05 3100
   0020 01 4549522d544553542d4d53432d30302d30302d30302d30302d30302d303000 000e 00 4549522d544553542d4d534300`,
);
const ID_ACK = fromHex('0001fe06');
const PING = fromHex('0001fe00');
const PONG = fromHex('0001fe01');
const UPDATE_LOCATION = message(0x04, { tag: 0x28, value: fromHex('01') });
const UPDATED = message(0x06);

/** An MSC, the front and an HLR, with all that goes between them in `capture`. */
class Network {
  readonly capture = new TcpCapture();
  private readonly context: TestContext;
  private readonly hlrs: Socket[] = [];
  private readonly server = createServer({ noDelay: true }, (socket) => this.hlrs.push(socket));

  constructor(context: TestContext) {
    this.context = context;
    context.after(() => this.server.close());
  }
  async start(more: Partial<GsupProxyOptions> = {}): Promise<{ msc: RawClient; hlr: RawClient }> {
    const { context, capture, server } = this;
    const shown = { capture, shownPort: PORT };
    if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const hlrPort = await recordingProxy(context, { ...shown, servicePort: port, client: EIR, service: HLR });
    const time = manualScheduler(1_790_000_000_000);
    const front = await listenGsup({
      ...{ clock: time, scheduler: time, random: seededRandom('tshark'), port: 0 },
      hlr: { host: '127.0.0.1', port: hlrPort },
      check: ({ imei }) => answerAbout(imei?.equipment ?? ''),
      ...more,
    });
    context.after(() => front.destroy());
    const mscPort = await recordingProxy(context, { ...shown, servicePort: front.port, client: MSC, service: EIR });
    const connected = once(server, 'connection');
    const msc = await RawClient.connect(context, mscPort, ipaLength);
    await connected;
    return { msc, hlr: new RawClient(context, this.hlrs.at(-1) as Socket, ipaLength) };
  }
  judge(): Judge {
    return judge(this.context, this.capture.octets(), [`tcp.port==${PORT},gsm_ipa`]);
  }
}

/** One side says something that the other gets as it is. */
async function passes(from: RawClient, to: RawClient, frame: Uint8Array): Promise<void> {
  from.send(frame);
  assert.deepEqual(await to.next(), frame);
}

const NAMES: Readonly<Record<string, string>> = { '192.0.2.1': 'MSC', '192.0.2.2': 'EIR', '192.0.2.3': 'HLR' };
const SHOWN = { imei: 'bssap.imei', result: 'gsup.imei_check_res', cause: 'gsup.cause', state: 'gsup.session_state' };

/** From whom to whom, the message by its name, and what is in it. */
function decoded(wireshark: Judge, protocol: string): readonly string[] {
  const fields = { ...SHOWN, to: 'gsup.dest_name.text' };
  const rows = wireshark.rows(
    `${protocol} && tcp.len > 0`,
    'ip.src',
    'ip.dst',
    '_ws.col.Info',
    ...Object.values(fields),
  );
  return rows.map(([from = '', to = '', info = '', ...values]) => {
    const content = Object.keys(fields).map((name, i) => (values[i] ? `${name}=${values[i]}` : ''));
    return [NAMES[from], NAMES[to], info.trim(), ...content].filter((part) => part !== '').join(' ');
  });
}

test('tshark reads GSUP: identities, pings, every answer to Check-IMEI, and what passes', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  const { msc, hlr } = await network.start();
  await passes(hlr, msc, ID_GET);
  await passes(msc, hlr, ID_RESP);
  await passes(msc, hlr, ID_ACK);
  await passes(hlr, msc, ID_ACK);
  await passes(msc, hlr, PING);
  await passes(hlr, msc, PONG);
  await msc.ask(check(PERMITTED));
  await msc.ask(check(PROHIBITED));
  await msc.ask(check(`${PROHIBITED}4`));
  await msc.ask(check('12345'));
  const session = [element('sessionId', 0x20000101), element('sessionState', 'begin')];
  await msc.ask(check(UNKNOWN, ...session, element('sourceName', new TextEncoder().encode('MSC-1'))));
  await passes(msc, hlr, check(UNDECIDED));
  await passes(hlr, msc, ACK_OF_HLR);
  await passes(msc, hlr, UPDATE_LOCATION);
  await passes(hlr, msc, UPDATED);
  await msc.end();

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'gsm_ipa' });
  assert.deepEqual(decoded(wireshark, 'ipaccess'), [
    ...['HLR EIR IPA IDENTITY REQUEST', 'EIR MSC IPA IDENTITY REQUEST'],
    ...['MSC EIR IPA IDENTITY RESPONSE', 'EIR HLR IPA IDENTITY RESPONSE'],
    ...['MSC EIR IPA IDENTITY ACK', 'EIR HLR IPA IDENTITY ACK'],
    ...['HLR EIR IPA IDENTITY ACK', 'EIR MSC IPA IDENTITY ACK'],
    ...['MSC EIR IPA PING?', 'EIR HLR IPA PING?', 'HLR EIR IPA PONG!', 'EIR MSC IPA PONG!'],
  ]);
  const asked = (imei: string) => `MSC EIR Check IMEI Request imei=${imei}`;
  assert.deepEqual(decoded(wireshark, 'gsup'), [
    ...[asked(PERMITTED), 'EIR MSC Check IMEI Result result=0'],
    ...[asked(PROHIBITED), 'EIR MSC Check IMEI Result result=1'],
    ...[asked(`${PROHIBITED}4`), 'EIR MSC Check IMEI Result result=1'],
    ...[asked('12345'), 'EIR MSC Check IMEI Error cause=0x60'],
    ...[`${asked(UNKNOWN)} state=1`, 'EIR MSC Check IMEI Result result=0 state=3 to=MSC-1'],
    ...[asked(UNDECIDED), `EIR HLR Check IMEI Request imei=${UNDECIDED}`],
    ...['HLR EIR Check IMEI Result result=0', 'EIR MSC Check IMEI Result result=0'],
    ...['MSC EIR UpdateLocation Request', 'EIR HLR UpdateLocation Request'],
    ...['HLR EIR UpdateLocation Result', 'EIR MSC UpdateLocation Result'],
  ]);
  assert.deepEqual(wireshark.rows(`gsup && e212.imsi != "${IMSI}"`, 'frame.number'), []);
  const names = wireshark.rows('ipaccess.msg_type == 5', 'ipaccess.attr_string');
  for (const [texts] of names) assert.match(texts ?? '', /\|EIR-TEST-MSC$/, 'the routing name');
});

test('tshark reads GSUP that also stores: the HLR hears of what was permitted, its answer goes no further', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  const { msc, hlr } = await network.start({ alsoStore: true, unknown: 'NACK' });
  await msc.ask(check(UNKNOWN));
  await msc.ask(check(`${PERMITTED}31`));
  await hlr.next();
  hlr.send(ACK_OF_HLR);
  await passes(hlr, msc, UPDATED);
  await msc.end();

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'gsm_ipa' });
  assert.deepEqual(decoded(wireshark, 'gsup && ip.addr == 192.0.2.1'), [
    ...[`MSC EIR Check IMEI Request imei=${UNKNOWN}`, 'EIR MSC Check IMEI Result result=1'],
    ...[`MSC EIR Check IMEI Request imei=${PERMITTED}31`, 'EIR MSC Check IMEI Result result=0'],
    'EIR MSC UpdateLocation Result',
  ]);
  assert.deepEqual(
    decoded(wireshark, 'gsup && ip.src == 192.0.2.2 && ip.dst == 192.0.2.3'),
    [`EIR HLR Check IMEI Request imei=${PERMITTED}`],
    'the 14 digits that osmo-hlr takes',
  );
});
