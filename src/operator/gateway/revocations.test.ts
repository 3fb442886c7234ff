import assert from 'node:assert/strict';
import { fromHex, toHex } from '#base/codec/index.ts';
import { MOST_REVOKED } from '#protocol/imei-lock/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';

const SUPPORT = fromHex('A1A2A3A4A5A6A7A8');
const WHY = { author: 'Ada', reason: 'its keys leaked' };

test('revocations are taught one an answer, the one of its own support first, and again until the UICC acknowledges', async (context) => {
  const { issue, receive, poll, sent, gateway, audit } = testOperator(context);
  const phone = issue();
  /** What the last message orders and teaches; it is opened once. */
  const taught = () => {
    opened = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
    assert.ok(opened);
    const { order, revoked } = opened.answer;
    return [order, revoked && toHex(revoked)];
  };
  let opened: ReturnType<typeof phone.uicc.open>;
  const acknowledge = async () => {
    assert.ok(opened);
    await receive(phone, phone.uicc.proof(opened, 'enabled'));
  };
  const first = fromHex('0A');
  gateway.revocations.revoke({ serial: first, ...WHY });
  gateway.revocations.revoke({ serial: SUPPORT, ...WHY });
  await receive(phone, phone.uicc.report(testImei(1), { evidence: 'static' }));
  assert.deepEqual(taught(), ['permit', 'A1A2A3A4A5A6A7A8']);
  // It never arrived: the next answer carries it again, and only what is acknowledged counts.
  await receive(phone, phone.uicc.report(testImei(1), { evidence: 'static' }));
  assert.deepEqual(taught(), ['permit', 'A1A2A3A4A5A6A7A8']);
  await acknowledge();
  await acknowledge();
  assert.deepEqual(
    gateway.revocations.all().map(({ serial, told }) => [toHex(serial), told]),
    [
      ['A1A2A3A4A5A6A7A8', 1],
      ['0A', 0],
    ],
  );
  await receive(phone, phone.uicc.report(testImei(1), { evidence: 'static' }));
  assert.deepEqual(taught(), ['permit', '0A']);
  await acknowledge();
  // Keys agreed with it before: it is met anew. A static key reads no certificate, so nothing was ordered above.
  await receive(phone, phone.uicc.report(testImei(1), { evidence: 'scp03' }));
  assert.deepEqual(taught(), ['permit', undefined]);
  await acknowledge();
  await poll();
  assert.deepEqual(taught(), ['rePair', 'A1A2A3A4A5A6A7A8']);
  assert.equal(audit.verify(), undefined);
});

test('an order to those in use survives a block that overtakes it, and still teaches', async (context) => {
  const { issue, receive, poll, sent, gateway } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(testImei(1)));
  const answer = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.ok(answer);
  await receive(phone, phone.uicc.proof(answer, 'enabled'));
  const result = gateway.revocations.revoke({ serial: SUPPORT, ...WHY });
  assert.deepEqual(result.kind === 'revoked' && result.preview, { uiccs: 1, inUse: 1, locked: 0, ordered: 1 });
  await poll();
  gateway.command({ iccid: phone.iccid, order: 'block', ...WHY });
  await poll();
  const block = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.equal(block?.answer.order, 'block');
  await receive(phone, phone.uicc.proof(block, 'blockedByOperator'));
  await poll();
  const order = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.deepEqual([order?.answer.order, order?.answer.revoked], ['rePair', SUPPORT]);
  assert.ok(order);
  await receive(phone, phone.uicc.proof(order, 'blockedByOperator'));
  assert.equal(gateway.revocations.all()[0]?.told, 1);
});

test('what cannot be revoked is refused with its reason, and nothing is kept', (context) => {
  const { gateway, audit } = testOperator(context);
  const { revocations } = gateway;
  const refusal = (serial: Uint8Array, more = {}) => {
    const result = revocations.revoke({ serial, ...WHY, ...more });
    return result.kind === 'refused' ? result.why : result.kind;
  };
  assert.equal(refusal(SUPPORT, { author: ' ' }), 'noAuthorOrReason');
  assert.equal(refusal(SUPPORT, { reason: '' }), 'noAuthorOrReason');
  assert.equal(refusal(new Uint8Array(0)), 'noSerial');
  assert.equal(refusal(new Uint8Array(17)), 'noSerial');
  const head = audit.head().id;
  assert.equal(refusal(SUPPORT, { dryRun: true }), 'revoked');
  assert.deepEqual([revocations.all().length, audit.head().id], [0, head]);
  assert.equal(refusal(SUPPORT), 'revoked');
  assert.equal(refusal(SUPPORT), 'alreadyRevoked');
  for (let number = 1; number < MOST_REVOKED; number++) assert.equal(refusal(Uint8Array.of(number)), 'revoked');
  assert.equal(refusal(Uint8Array.of(0xff)), 'tooMany');
  assert.equal(revocations.all().length, MOST_REVOKED);
});
