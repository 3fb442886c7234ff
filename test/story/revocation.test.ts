import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import { POLICY, type Stage, setStage, type Uicc } from './stage.ts';

const IMEI = Imei.parse('35674108990011');
const OTHER = Imei.parse('35674108990029');
const WHY = { author: 'Ada', reason: 'its keys leaked' };

/** The last report of a UICC: result, reason and how the IMEI was proved. */
function lastReport({ operator }: Stage, { given }: Uicc) {
  const last = operator.evidence.standing(given.imsi);
  return [last?.result, last?.reason];
}
const isServed = (handset: ReturnType<Stage['handset']>): boolean => {
  const booted = handset.powerOn();
  return booted.kind === 'booted' && booted.network.kind === 'accepted';
};

test('a support whose certificate is revoked is refuted by the UICC that used it: it meets it anew, and its keys are stopped', async (context) => {
  const stage = setStage(context);
  const { factory, issue, handset, settle, operator } = stage;
  const support = factory(IMEI);
  const uicc = issue();
  const phone = handset({ name: 'A', imei: IMEI, uicc, support });
  assert.ok(isServed(phone));
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['proved', 'none']);
  const request = { serial: support.identity, ...WHY };
  const shown = operator.gateway.revocations.revoke({ ...request, dryRun: true });
  assert.ok(shown.kind === 'revoked');
  assert.deepEqual(shown.preview, { uiccs: 1, inUse: 1, locked: 0, ordered: 1 });
  assert.equal(operator.gateway.revocations.all().length, 0);
  operator.gateway.revocations.revoke(request);
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['refuted', 'revoked']);
  assert.equal(operator.gateway.revocations.all()[0]?.told, 1);
  assert.equal(operator.gateway.outbox.newest(1, uicc.given.iccid.digits)[0]?.order, 'stopKeys');
  assert.equal(isServed(phone), false);
});

test('another UICC learns it with an answer, and refutes the support at their first meeting', async (context) => {
  const stage = setStage(context);
  const { factory, issue, handset, settle, operator } = stage;
  const revoked = factory(IMEI);
  const uicc = issue();
  operator.gateway.revocations.revoke({ serial: revoked.identity, ...WHY });
  assert.ok(isServed(handset({ name: 'A', imei: OTHER, uicc })));
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['proved', 'none']);
  assert.equal(operator.gateway.revocations.all()[0]?.told, 1);
  const second = handset({ name: 'B', imei: IMEI, uicc, support: revoked });
  assert.equal(isServed(second), false);
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['refuted', 'revoked']);
});

test('a UICC that meets the support before it knows is told with the answer, and made to meet it anew', async (context) => {
  const stage = setStage(context);
  const { factory, issue, handset, settle, operator } = stage;
  const [support, elsewhere] = [factory(IMEI), factory(OTHER)];
  for (const { identity } of [elsewhere, support]) operator.gateway.revocations.revoke({ serial: identity, ...WHY });
  const uicc = issue();
  const phone = handset({ name: 'A', imei: IMEI, uicc, support });
  phone.powerOn();
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['refuted', 'revoked']);
  assert.equal(isServed(phone), false);
  // One an answer: the other one came with the answer to the second report.
  assert.deepEqual(
    operator.gateway.revocations.all().map(({ told }) => told),
    [1, 1],
  );
});

test('a locked UICC learns, and keeps whom it is locked to until a person ends that', async (context) => {
  const stage = setStage(context);
  const { factory, issue, handset, settle, operator } = stage;
  const support = factory(IMEI);
  const uicc = issue({ policy: { ...POLICY, pairing: 'locked' } });
  const phone = handset({ name: 'A', imei: IMEI, uicc, support });
  assert.ok(isServed(phone));
  await settle();
  const result = operator.gateway.revocations.revoke({ serial: support.identity, ...WHY });
  assert.deepEqual(result.kind === 'revoked' && result.preview, { uiccs: 1, inUse: 1, locked: 1, ordered: 1 });
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['proved', 'none']);
  assert.ok(isServed(phone));
  operator.gateway.command({ iccid: uicc.given.iccid, order: 'rePair', ...WHY });
  await settle();
  assert.deepEqual(lastReport(stage, uicc), ['refuted', 'revoked']);
});
