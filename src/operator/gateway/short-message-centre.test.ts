import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Msisdn } from '#base/identity/index.ts';
import { type Message, messageOf, TAG } from '#protocol/smpp/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { deliveredMessage, esmeCentre } from './index.ts';

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
  });
  assert.deepEqual(
    asked.map((message) => message.registered_delivery),
    [1],
  );
  assert.equal(deliveredMessage(receipt('', 2)), 'A7');
  assert.equal(deliveredMessage(receipt('id:B8 sub:001 dlvrd:001 stat:DELIVRD err:000')), 'B8');
  assert.equal(deliveredMessage(receipt('id:B8 stat:UNDELIV err:000')), undefined);
  assert.equal(deliveredMessage(receipt('', 5)), undefined);
  assert.equal(deliveredMessage(messageOf({ esm_class: 0x40, short_message: ascii('id:B8 stat:DELIVRD') })), undefined);
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
