import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { systemClock } from '#base/port/index.ts';
import { collectingTrace } from '#base/trace/index.ts';
import {
  listenSmpp,
  type Message,
  messageOctets,
  messageOf,
  type SmscSession,
  systemScheduler,
} from '#protocol/smpp/index.ts';
import { databaseOf, lockWriters, onBothDatabases as test } from '#test/operator/databases.ts';
import { cardOrder, temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import { testUicc } from '#test/operator/uicc.ts';
import { openOperator } from './index.ts';

const IMEI = testImei(1);

/** An operator bound to an SMSC that keeps what is submitted, over real sockets. */
async function linked(context: TestContext) {
  const directory = temporaryDirectory(context);
  const submitted: Message[] = [];
  const bound = Promise.withResolvers<SmscSession>();
  const smsc = await listenSmpp({
    clock: systemClock,
    scheduler: systemScheduler,
    port: 0,
    systemId: 'smsc',
    authenticate: () => 0,
    onBound: (session) => bound.resolve(session),
    async onSubmit(_session, message) {
      submitted.push(message);
      return { status: 0, messageId: String(submitted.length) };
    },
  });
  const trace = collectingTrace();
  const operator = openOperator({
    dataDirectory: directory,
    ...databaseOf(context, directory),
    smsc: { host: '127.0.0.1', port: smsc.port, systemId: 'assay', password: 'secret' },
    gateway: { pollMilliseconds: 5 },
    busyMilliseconds: 5,
    trace,
  });
  context.after(async () => {
    await operator.close();
    await smsc.close();
  });
  const card = operator.subscribers.issueCard(cardOrder(1));
  const session = await bound.promise;
  operator.gateway.start();
  return {
    ...{ directory, operator, card, trace, uicc: testUicc(card) },
    /** What the SMSC hears when it hands over a message of the UICC. */
    deliver: (userData: Uint8Array) =>
      session.deliver(messageOf({ ...FROM_UICC, source_addr: card.msisdn.digits, short_message: userData })),
    deliverOther: (message: Partial<Message>) => session.deliver(messageOf(message)),
    /** The message number `count` that the operator submits. */
    async submission(count: number): Promise<Message> {
      for (let tries = 0; submitted.length < count && tries < 400; tries++) await after(5);
      const found = submitted[count - 1];
      assert.ok(found, `message ${count} was submitted`);
      return found;
    },
  };
}

const FROM_UICC = { destination_addr: '4321', esm_class: 0x40, data_coding: 0xf6, protocol_id: 0x7f };

test('over a real SMPP link: report in, answer out, proof of receipt in, and another process orders', async (context) => {
  const { directory, operator, card, uicc, trace, deliver, deliverOther, submission } = await linked(context);
  assert.equal((await deliver(uicc.report(IMEI))).outcome, 'accepted');
  const first = await submission(1);
  assert.deepEqual(
    [first.destination_addr, first.source_addr, first.esm_class, first.data_coding, first.protocol_id],
    [card.msisdn.digits, '4321', 0x40, 0xf6, 0x7f],
  );
  const opened = uicc.open(messageOctets(first));
  assert.ok(opened);
  assert.equal(opened.answer.order, 'permit');
  await deliver(uicc.proof(opened, 'enabled'));
  assert.deepEqual(operator.gateway.outbox.counts(), { acknowledged: 1 });
  // A command line: a process of its own as far as the database can tell.
  const other = openOperator({ dataDirectory: directory, ...databaseOf(context, directory) });
  other.gateway.command({ iccid: card.iccid, order: 'block', author: 'Ada', reason: 'court' });
  await other.close();
  assert.equal(uicc.open(messageOctets(await submission(2)))?.answer.order, 'block');
  assert.deepEqual([...new Set(trace.records.map(({ step }) => step))], [103, 104]);
  assert.equal((await deliverOther({ source_addr: '1', short_message: Uint8Array.of(1) })).outcome, 'accepted');
});

test('while the database is locked a report is not taken: the SMSC keeps it and hands it over again', async (context) => {
  const { directory, operator, uicc, deliver } = await linked(context);
  const unlock = lockWriters(context, directory);
  const report = uicc.report(IMEI);
  assert.deepEqual(await deliver(report), { outcome: 'refused', status: 0x64 });
  unlock();
  assert.equal((await deliver(report)).outcome, 'accepted');
  assert.equal(operator.evidence.reports(9).length, 1);
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
