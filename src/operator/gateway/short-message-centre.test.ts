import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Msisdn } from '#base/identity/index.ts';
import { type Message, messageOf, receiptOf, TAG } from '#protocol/smpp/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { DAY, MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import { esmeCentre } from './index.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const receipt = (text: string, state?: number): Message =>
  messageOf({
    esm_class: 0x04,
    short_message: ascii(text),
    optional_parameters:
      state === undefined
        ? []
        : [
            { tag: TAG.receipted_message_id, value: ascii('A7\0') },
            { tag: TAG.message_state, value: Uint8Array.of(state) },
          ],
  });

test('every message asks for a receipt; one that says delivered names the message, in parameters or in the text of appendix B', async () => {
  const asked: Message[] = [];
  const centre = esmeCentre({
    submit(message) {
      asked.push(message);
      return Promise.resolve({ outcome: 'accepted', messageId: 'A7' });
    },
  });
  await centre.submit({
    source: Msisdn.parse('4321'),
    destination: Msisdn.parse('999000000001'),
    userData: ascii('x'),
    validityMilliseconds: 90_061_000,
  });
  assert.deepEqual(
    asked.map((message) => [message.registered_delivery, message.validity_period]),
    [[1, '000001010101000R']],
  );
  assert.deepEqual(receiptOf(receipt('', 2)), { message: 'A7', state: 'delivered' });
  assert.deepEqual(receiptOf(receipt('id:B8 sub:001 dlvrd:001 stat:DELIVRD err:000')), {
    ...{ message: 'B8', state: 'delivered' },
  });
  assert.deepEqual(receiptOf(receipt('id:B8 stat:UNDELIV err:000')), { message: 'B8', state: 'undeliverable' });
  assert.deepEqual(receiptOf(receipt('', 3)), { message: 'A7', state: 'expired' });
  assert.equal(receiptOf(receipt('', 77)), undefined);
  assert.equal(receiptOf(receipt('stat:DELIVRD')), undefined);
  assert.equal(receiptOf(messageOf({ esm_class: 0x40, short_message: ascii('id:B8 stat:DELIVRD') })), undefined);
});

onBothDatabases(
  'an order is sent, then delivered once, and the log says both; a receipt of nobody changes nothing',
  async (context) => {
    const operator = testOperator(context);
    const { gateway, audit } = operator;
    const phone = operator.issue();
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    const [order] = gateway.outbox.newest(1);
    assert.ok(order !== undefined && order.state === 'sent' && order.deliveredAt === undefined);
    assert.equal(gateway.outbox.answerTo(order.report ?? 0)?.id, order.id);
    assert.deepEqual(
      ['nobody', '1', '1'].map((message) => gateway.outbox.delivered(message)),
      [false, true, false],
    );
    assert.equal(gateway.outbox.byId(order.id)?.deliveredAt, operator.clock.now());
    const told = audit.newest(9, 'order').map(({ detail }) => detail?.['event']);
    assert.deepEqual(told, ['delivered', 'sent', 'queued']);
  },
);

onBothDatabases(
  'an order that the SMSC holds says until when; one that it gave up says so until it is sent again, and fails as never delivered',
  async (context) => {
    const operator = testOperator(context, { settings: { mostAttempts: 2, validityMilliseconds: 30 * MINUTE } });
    const { gateway, clock, evidence } = operator;
    const phone = operator.issue();
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    const order = () => {
      const [found] = gateway.outbox.newest(1);
      assert.ok(found !== undefined);
      return found;
    };
    assert.equal(gateway.heldUntil(order()), clock.now() + 30 * MINUTE);
    assert.deepEqual(
      [gateway.receipt({ message: '1', state: 'enroute' }), gateway.receipt({ message: '9', state: 'expired' })],
      [false, false],
    );
    clock.advance(30 * MINUTE);
    // Sent again meanwhile: what the SMSC says about the first copy says nothing about this one.
    await operator.poll();
    assert.equal(gateway.receipt({ message: '1', state: 'expired' }), false);
    assert.equal(gateway.receipt({ message: '2', state: 'expired' }), true);
    assert.deepEqual(
      [order().state, order().deliveredAt, order().outcomeSaid, gateway.heldUntil(order())],
      ['sent', undefined, [{ code: 'expiredAtCentre', values: {} }], undefined],
    );
    clock.advance(DAY);
    await operator.poll();
    assert.deepEqual(
      [order().state, order().outcomeSaid],
      ['failed', [{ code: 'notDelivered', values: { attempts: 2 } }]],
    );
    assert.ok(evidence.findings(9).some(({ kind }) => kind === 'orderUnanswered'));
  },
);

onBothDatabases('what was delivered and not answered fails for want of a proof', async (context) => {
  const operator = testOperator(context, { settings: { mostAttempts: 1 } });
  const { gateway, clock } = operator;
  const phone = operator.issue();
  await operator.receive(phone, phone.uicc.report(testImei(1)));
  assert.equal(gateway.receipt({ message: '1', state: 'delivered' }), true);
  assert.equal(gateway.receipt({ message: '1', state: 'undeliverable' }), false);
  clock.advance(DAY);
  await operator.poll();
  const [order] = gateway.outbox.newest(1);
  assert.deepEqual([order?.state, order?.outcomeSaid?.[0]?.code], ['failed', 'noProof']);
});
