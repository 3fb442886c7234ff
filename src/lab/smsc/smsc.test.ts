import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { Msisdn } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { collectingTrace } from '#base/trace/index.ts';
import {
  connectEsme,
  type Esme,
  type EsmeOptions,
  type Message,
  manualScheduler,
  messageOf,
  optionalParameterValue,
  STATUS,
  TAG,
} from '#protocol/smpp/index.ts';
import {
  addressText,
  internationalAddress,
  smsDeliver,
  smsSubmit,
  textOfUserData,
  textUserData,
} from '#protocol/sms/index.ts';
import { badTransit, type ShortMessage, type Smsc, type SmscOptions, startSmsc, type Verdict } from './index.ts';
import { messageOfSmpp, smppOf } from './short-message.ts';
import { endOfValidity } from './validity-period.ts';

const HANDSET = Msisdn.parse('+4917000000001');
const OTHER = Msisdn.parse('+4917000000002');
const SHORT_CODE = '1700';
/** These tests move the clock far ahead in one step; the link is not to be asked in between. */
const NEVER = Number.POSITIVE_INFINITY;
const NOW = Date.UTC(2026, 10, 25, 19, 50, 20);
const PACKET = fromHex('02700000281516391212B2F0A1D79AF524D18DE1A1F415FBD0AB5ECF9F51BE0F95BD4330B4446D8D1776E3D500');

const secured = (more: Partial<Message> = {}) =>
  messageOf({
    source_addr: SHORT_CODE,
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: HANDSET.digits,
    esm_class: 0x40,
    protocol_id: 0x7f,
    data_coding: 0xf6,
    short_message: PACKET,
    ...more,
  });
const report = (reference = 23) =>
  smsSubmit.encode({
    type: 'SMS-SUBMIT',
    rejectDuplicates: false,
    statusReport: false,
    replyPath: false,
    reference,
    destination: { typeOfNumber: 'unknown', numberingPlan: 0, value: SHORT_CODE },
    protocolIdentifier: 0x7f,
    dataCoding: 0xf6,
    validity: { format: 'none' },
    userData: { hasHeader: true, length: PACKET.length, octets: PACKET },
  });

/** An SMSC on a clock that only the test moves, with one ESME at most. */
class Lab {
  readonly time = manualScheduler(NOW);
  readonly delivered: Message[] = [];
  readonly trace = collectingTrace();
  onDeliver: (message: Message) => Promise<void> = async () => {};
  smsc!: Smsc;
  esme: Esme | undefined;

  static async start(context: TestContext, options: Partial<SmscOptions> = {}): Promise<Lab> {
    const lab = new Lab();
    lab.smsc = await startSmsc({
      clock: lab.time,
      scheduler: lab.time,
      port: 0,
      accounts: [{ systemId: 'assay', password: 'secret', numbers: [SHORT_CODE] }],
      trace: lab.trace,
      enquireLinkMs: NEVER,
      ...options,
    });
    context.after(() => lab.close());
    return lab;
  }
  async bind(options: Partial<EsmeOptions> = {}): Promise<Esme> {
    this.esme = connectEsme({
      clock: this.time,
      scheduler: this.time,
      random: seededRandom('esme'),
      host: this.smsc.host,
      port: this.smsc.port,
      systemId: 'assay',
      password: 'secret',
      enquireLinkMs: NEVER,
      onDeliver: (message) => {
        this.delivered.push(message);
        return this.onDeliver(message);
      },
      ...options,
    });
    await this.esme.bound();
    return this.esme;
  }
  /** A handset that answers with these verdicts in turn, then `delivered`. */
  attach(msisdn: Msisdn, ...verdicts: Verdict[]): { tpdus: string[]; leave: () => void } {
    const tpdus: string[] = [];
    const leave = this.smsc.attach(msisdn, async (tpdu) => {
      tpdus.push(toHex(tpdu));
      return verdicts.shift() ?? 'delivered';
    });
    return { tpdus, leave };
  }
  async close(): Promise<void> {
    await this.esme?.close();
    await this.smsc.close();
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.fail('it did not happen within a second');
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('submit_sm becomes SMS-DELIVER: PID, DCS, header and packet kept, SCTS from the clock', async (t) => {
  const lab = await Lab.start(t);
  const esme = await lab.bind();
  const { tpdus } = lab.attach(HANDSET);
  const result = await esme.submit(secured());
  assert.deepEqual(result, { outcome: 'accepted', messageId: '00000001' });
  // 44: SMS-DELIVER, no more, UDHI; 4 digits of unknown type; PID 7F, DCS F6; the time stamp; 45 octets.
  assert.equal(tpdus[0], `44 04 80 7100 7F F6 62115291050200 2D`.replaceAll(' ', '') + toHex(PACKET));
  assert.deepEqual(lab.trace.records.map(({ from, to, name }) => `${from} ${to} ${name}`).slice(2, 5), [
    'operator (5) SMSC submit_sm',
    'SMSC network SMS-DELIVER',
    'SMSC operator (5) submit_sm_resp',
  ]);
});

test('SMS-SUBMIT becomes deliver_sm, byte exact, and is held while no ESME is bound', async (t) => {
  const lab = await Lab.start(t);
  assert.deepEqual(lab.smsc.submit(HANDSET, report()), { accepted: true });
  assert.equal(lab.smsc.held, 1);
  await lab.bind();
  await until(() => lab.smsc.held === 0);
  const [message] = lab.delivered as [Message];
  assert.equal(toHex(message.short_message), toHex(PACKET));
  assert.deepEqual(
    [message.source_addr_ton, message.source_addr_npi, message.source_addr, message.destination_addr],
    [1, 1, HANDSET.digits, SHORT_CODE],
  );
  assert.deepEqual([message.esm_class, message.protocol_id, message.data_coding], [0x40, 0x7f, 0xf6]);
  assert.deepEqual(lab.smsc.submit(HANDSET, fromHex('41')), { accepted: false, cause: 95 });
});

test('an ESME that cannot write gets the report again; one that refuses for good does not', async (t) => {
  const lab = await Lab.start(t);
  await lab.bind();
  lab.onDeliver = async () => Promise.reject(new Error('disk full'));
  lab.smsc.submit(HANDSET, report());
  await until(() => lab.delivered.length === 1);
  lab.onDeliver = async () => {};
  await settled();
  assert.equal(lab.smsc.held, 1, 'kept');
  await until(() => {
    lab.time.advance(1000);
    return lab.smsc.held === 0;
  });
  assert.equal(lab.delivered.length, 2);
  assert.deepEqual(lab.delivered[0], lab.delivered[1]);
});

test('an ESME that leaves before it acknowledged gets the report after it is back', async (t) => {
  const lab = await Lab.start(t);
  lab.onDeliver = () => new Promise(() => {});
  await lab.bind({ responseMs: 50_000 });
  lab.smsc.submit(HANDSET, report());
  await until(() => lab.delivered.length === 1);
  void lab.esme?.close(); // Its handler never answers: unbind goes out at once, nothing is outstanding on its side.
  await until(() => !lab.esme?.isBound);
  lab.onDeliver = async () => {};
  await lab.bind();
  await until(() => {
    lab.time.advance(1000);
    return lab.smsc.held === 0;
  });
  assert.equal(lab.delivered.length, 2);
});

test('messages are held in order while the handset is away, retried after a temporary failure, dropped after a permanent one', async (t) => {
  const lab = await Lab.start(t);
  const esme = await lab.bind();
  for (const id of [1, 2, 3]) await esme.submit(secured({ short_message: fromHex(`0270000${id}`) }));
  assert.equal(lab.smsc.held, 3);
  const { tpdus, leave } = lab.attach(HANDSET, 'temporary', 'delivered', 'permanent');
  await settled();
  assert.deepEqual(
    tpdus.map((tpdu) => tpdu.slice(-2)),
    ['01'],
  );
  assert.equal(tpdus[0]?.slice(0, 2), '40', 'more messages wait');
  lab.time.advance(5000);
  await until(() => lab.smsc.held === 0);
  assert.deepEqual(
    tpdus.map((tpdu) => tpdu.slice(-2)),
    ['01', '01', '02', '03'],
  );
  assert.equal(tpdus[3]?.slice(0, 2), '44', 'no more');
  leave();
  await esme.submit(secured());
  assert.equal(lab.smsc.held, 1);
  const again = lab.attach(HANDSET);
  leave(); // The old handset's farewell comes late and means nothing.
  await until(() => lab.smsc.held === 0);
  assert.equal(again.tpdus.length, 1);
});

test('limits: per handset, in all, and in time', async (t) => {
  const lab = await Lab.start(t, { mostHeldEach: 2, mostHeld: 3 });
  const esme = await lab.bind({ patienceMs: 10 });
  const submit = async (more: Partial<Message> = {}) => esme.submit(secured(more));
  await submit({ validity_period: '000000000030000R' });
  await submit();
  assert.deepEqual(await submit(), { outcome: 'refused', status: STATUS.RSUBMITFAIL });
  await submit({ destination_addr: OTHER.digits });
  assert.deepEqual(lab.smsc.submit(HANDSET, report()), { accepted: false, cause: 42 });
  lab.time.advance(30_000);
  assert.equal(lab.smsc.held, 2, 'half a minute is over');
  lab.time.advance(86_400_000);
  assert.equal(lab.smsc.held, 0, 'a day is over');
});

test('a submit_sm that cannot be carried is refused by name', async (t) => {
  const lab = await Lab.start(t);
  const esme = await lab.bind();
  const status = async (more: Partial<Message>) => {
    const result = await esme.submit(secured(more));
    return result.outcome === 'refused' ? result.status : result.outcome;
  };
  assert.equal(await status({ destination_addr: '' }), STATUS.RINVDSTADR);
  assert.equal(await status({ source_addr: 'not digits' }), STATUS.RINVSRCADR);
  assert.equal(await status({ source_addr: 'Operator', source_addr_ton: 5 }), 'accepted');
  assert.equal(await status({ short_message: new Uint8Array(141) }), STATUS.RINVMSGLEN);
  assert.equal(await status({ short_message: fromHex('FF00') }), 'accepted', 'a packet’s content is not judged');
  assert.equal(await status({ schedule_delivery_time: '260101000000000+' }), STATUS.RINVSCHED);
  assert.equal(await status({ validity_period: 'once upon a time' }), STATUS.RINVEXPIRY);
});

test('delivery receipts say how it ended, in text and in parameters', async (t) => {
  const lab = await Lab.start(t);
  const esme = await lab.bind();
  lab.attach(HANDSET, 'delivered', 'permanent');
  const ask = async (more: Partial<Message>) => {
    await esme.submit(secured({ registered_delivery: 1, ...more }));
  };
  await ask({});
  await ask({});
  await ask({ destination_addr: OTHER.digits, validity_period: '000000000100000R' });
  await esme.submit(secured({ registered_delivery: 2 })); // Only on failure, and it arrives.
  lab.time.advance(60_000);
  await until(() => lab.delivered.length === 3 && lab.smsc.held === 0);
  const texts = lab.delivered.map(({ short_message }) => new TextDecoder().decode(short_message));
  assert.equal(
    texts[0],
    'id:00000001 sub:001 dlvrd:001 submit date:2611251950 done date:2611251950 stat:DELIVRD err:000 text:',
  );
  assert.match(texts[1] as string, /^id:00000002 .* dlvrd:000 .* stat:UNDELIV/);
  assert.match(texts[2] as string, /^id:00000003 .* done date:2611251951 stat:EXPIRED/);
  const [first] = lab.delivered as [Message];
  assert.deepEqual([first.esm_class, first.source_addr, first.destination_addr], [4, HANDSET.digits, SHORT_CODE]);
  assert.equal(toHex(optionalParameterValue(first.optional_parameters, TAG.message_state)), '02');
  assert.equal(
    toHex(optionalParameterValue(first.optional_parameters, TAG.receipted_message_id)),
    '303030303030303100',
  );
});

test('who may bind: the system id and the password of an account; a transmitter hears nothing', async (t) => {
  const lab = await Lab.start(t);
  const because: string[] = [];
  for (const [systemId, password] of [
    ['nobody', 'secret'],
    ['assay', 'Secret'],
  ] as const) {
    const esme = connectEsme({
      clock: lab.time,
      scheduler: lab.time,
      random: seededRandom('esme'),
      host: lab.smsc.host,
      port: lab.smsc.port,
      systemId,
      password,
      onDeliver: async () => {},
      onState: (_, reason) => because.push(reason),
    });
    const before = because.length;
    await until(() => because.length > before);
    await esme.close();
  }
  assert.match(because.join(' '), /ESME_RINVSYSID.*ESME_RINVPASWD/);
  await lab.bind({ bindAs: 'bind_transmitter' });
  lab.smsc.submit(HANDSET, report());
  assert.equal(lab.smsc.held, 1);
});

test('the way loses, doubles, delays and alters messages, the same way for the same seed', async (t) => {
  const fates = async (seed: string): Promise<string[]> => {
    const transit = badTransit(seededRandom(seed), { drop: 0.2, duplicate: 0.2, late: 0.3, lateMs: 500 });
    const lab = await Lab.start(t, { transit });
    const { tpdus } = lab.attach(HANDSET);
    const esme = await lab.bind();
    for (let id = 0; id < 40; id++) await esme.submit(secured({ short_message: Uint8Array.of(2, 0x70, 0, id) }));
    lab.time.advance(1000);
    await until(() => lab.smsc.held === 0);
    return tpdus.map((tpdu) => tpdu.slice(-2));
  };
  const first = await fates('bad network');
  assert.deepEqual(await fates('bad network'), first);
  const once = new Set(first);
  assert.ok(once.size < 40, 'some lost');
  assert.ok(first.length > once.size, 'some twice');
  assert.notDeepEqual(first, first.toSorted(), 'some overtaken');

  const lab = await Lab.start(t);
  const { tpdus } = lab.attach(HANDSET);
  lab.smsc.setTransit((message) => [{ message: { ...message, from: internationalAddress('666') }, afterMs: 0 }]);
  await (await lab.bind()).submit(secured());
  assert.equal(addressText(smsDeliver.decode(fromHex(tpdus[0] as string)).originator), '+666');
});

test('handset to handset goes without an ESME', async (t) => {
  const lab = await Lab.start(t);
  const { tpdus } = lab.attach(OTHER);
  const { dataCoding, userData } = textUserData('hello');
  const submit = {
    ...smsSubmit.decode(report()),
    destination: internationalAddress(OTHER.digits),
    dataCoding,
    userData,
  };
  lab.smsc.submit(HANDSET, smsSubmit.encode(submit));
  const received = smsDeliver.decode(fromHex(tpdus[0] as string));
  assert.equal(textOfUserData(received.userData, received.dataCoding), 'hello');
  assert.equal(addressText(received.originator), `+${HANDSET.digits}`);
  await settled();
});

test('text of the default alphabet is packed on the air and one septet an octet in SMPP, behind a header too', () => {
  const headers = fc.constantFrom('', '027000', '0500037F0201', '060804123402 01');
  const septets = fc.uint8Array({ max: 127, maxLength: 150 });
  fc.assert(
    fc.property(headers, septets, (header, text) => {
      const short_message = Uint8Array.of(...fromHex(header), ...text);
      const message = messageOf({
        destination_addr: '1',
        esm_class: header === '' ? 0 : 0x40,
        short_message,
        data_coding: 0,
      });
      const held: ShortMessage = messageOfSmpp(message, NOW);
      const air = smsDeliver.decode(
        smsDeliver.encode({
          ...smsDeliver.decode(fromHex('04 01 80 F1 00 00 62115291050200 00')),
          userData: held.userData,
        }),
      );
      assert.deepEqual(smppOf({ ...held, userData: air.userData }).short_message, short_message);
    }),
  );
});

test('validity_period: relative, absolute with zones, and what is neither', () => {
  assert.equal(endOfValidity('000001020304000R', NOW), NOW + ((24 + 2) * 3600 + 3 * 60 + 4) * 1000);
  assert.equal(endOfValidity('261125205020004+', NOW), NOW);
  assert.equal(endOfValidity('261125185020004-', NOW), NOW);
  assert.equal(endOfValidity('261125195020100+', NOW), NOW + 100);
  assert.equal(endOfValidity('26112519502000+', NOW), undefined);
});

test('a busy port is said with its number and what to do', async (t) => {
  const lab = await Lab.start(t);
  await assert.rejects(
    Lab.start(t, { port: lab.smsc.port }),
    new RegExp(`port ${lab.smsc.port}: another program uses it`),
  );
});

test('a centre that is closed while a handset has a message leaves no timer behind, whatever the handset says then', async (context) => {
  const running = new Set<object>();
  const time = manualScheduler(NOW);
  const scheduler: typeof time = {
    ...time,
    after(milliseconds, run) {
      const timer = {};
      running.add(timer);
      const stop = time.after(milliseconds, () => {
        running.delete(timer);
        run();
      });
      return () => {
        running.delete(timer);
        stop();
      };
    },
  };
  const lab = await Lab.start(context, { scheduler });
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  lab.smsc.attach(HANDSET, () => promise);
  const esme = await lab.bind();
  await esme.submit(secured());
  await until(() => lab.smsc.held === 1);
  await lab.close();
  resolve('temporary');
  await settled();
  assert.equal(running.size, 0);
});
