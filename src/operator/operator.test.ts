import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { systemClock } from '#base/port/index.ts';
import { collectingTrace } from '#base/trace/index.ts';
import { listenSmpp, messageOctets, messageOf, type SmscSession, systemScheduler } from '#protocol/smpp/index.ts';
import { cardOrder, temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import { testUicc } from '#test/operator/uicc.ts';
import { openOperator } from './index.ts';

const IMEI = testImei(1);

test('over a real SMPP link: deliver_sm in, submit_sm out, proof of receipt in, and another process orders', async (context) => {
  const directory = temporaryDirectory(context);
  const submitted: { destination: string; userData: Uint8Array; coding: number; pid: number }[] = [];
  const bound = Promise.withResolvers<SmscSession>();
  const smsc = await listenSmpp({
    clock: systemClock,
    scheduler: systemScheduler,
    port: 0,
    systemId: 'smsc',
    authenticate: () => 0,
    onBound: (session) => bound.resolve(session),
    async onSubmit(_session, message) {
      submitted.push({
        destination: message.destination_addr,
        userData: messageOctets(message),
        coding: message.data_coding,
        pid: message.protocol_id,
      });
      return { status: 0, messageId: String(submitted.length) };
    },
  });
  const trace = collectingTrace();
  const operator = openOperator({
    dataDirectory: directory,
    smsc: { host: '127.0.0.1', port: smsc.port, systemId: 'assay', password: 'secret' },
    gateway: { pollMilliseconds: 5 },
    trace,
  });
  try {
    const card = operator.subscribers.issueCard(cardOrder(1));
    const uicc = testUicc(card);
    const session = await bound.promise;
    operator.gateway.start();
    const deliver = (userData: Uint8Array) =>
      session.deliver(
        messageOf({
          source_addr: card.msisdn.digits,
          destination_addr: '4321',
          esm_class: 0x40,
          data_coding: 0xf6,
          protocol_id: 0x7f,
          short_message: userData,
        }),
      );
    const until = async (count: number) => {
      for (let tries = 0; submitted.length < count && tries < 400; tries++) await after(5);
      const found = submitted[count - 1];
      assert.ok(found);
      return found;
    };
    assert.equal((await deliver(uicc.report(IMEI))).outcome, 'accepted');
    const first = await until(1);
    assert.deepEqual([first.destination, first.coding, first.pid], [card.msisdn.digits, 0xf6, 0x7f]);
    const opened = uicc.open(first.userData);
    assert.equal(opened?.answer.order, 'permit');
    if (opened !== undefined) await deliver(uicc.proof(opened, 'enabled'));
    assert.deepEqual(operator.gateway.outbox.counts(), { acknowledged: 1 });
    // A command line of its own, without a clock or an SMSC in common.
    const other = openOperator({ dataDirectory: directory });
    other.gateway.command({ iccid: card.iccid, order: 'block', author: 'Ada', reason: 'court' });
    await other.close();
    assert.equal(uicc.open((await until(2)).userData)?.answer.order, 'block');
    assert.deepEqual([...new Set(trace.records.map(({ step }) => step))], [103, 104]);
    assert.equal(
      (await session.deliver(messageOf({ source_addr: '1', short_message: Uint8Array.of(1) }))).outcome,
      'accepted',
    );
  } finally {
    await operator.close();
    await smsc.close();
  }
});

test('everything is there again after close and open', async (context) => {
  const first = testOperator(context);
  const phone = first.issue();
  await first.receive(phone, phone.uicc.report(IMEI));
  first.register.setMode('track', 'Ada', 'trial');
  await first.operator.close();
  const second = testOperator(context, { directory: first.directory });
  assert.deepEqual(second.subscribers.personalisation(phone.iccid), phone.card);
  assert.equal(second.evidence.standing(phone.imsi)?.provedImei?.equipment, IMEI.equipment);
  assert.deepEqual([second.register.mode(), second.gateway.outbox.newest(9).length], ['track', 1]);
  assert.equal(second.audit.verify(), undefined);
  await second.operator.close();
  await second.operator.close();
});
