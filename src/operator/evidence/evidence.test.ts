import assert from 'node:assert/strict';
import { fromHex } from '#base/codec/index.ts';
import { Imsi } from '#base/identity/index.ts';
import type { Report } from '#protocol/imei-lock/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, testImei, testOperator } from '#test/operator/operator.ts';
import { levelOf } from './index.ts';

const [IMEI, OTHER_IMEI] = [testImei(1), testImei(2)];
const OTHER_SUPPORT = fromHex('B1B2B3B4B5B6B7B8');

for (const [result, evidence, hasImei, level] of [
  ['proved', 'scp11a', true, 'attested'],
  ['provedOther', 'scp03', true, 'attested'],
  ['proved', 'static', true, 'attested-static'],
  ['proved', 'scp11a', false, 'claimed'],
  ['notProven', undefined, false, 'claimed'],
  ['refuted', 'scp11a', true, 'refuted'],
] as const)
  test(`a report ${result} by ${evidence ?? 'nothing'}${hasImei ? '' : ' without an IMEI'} is ${level}`, () => {
    const report: Report = {
      version: 'one',
      direction: 'report',
      nonce: new Uint8Array(8),
      result,
      reason: 'none',
      trigger: 'boot',
      state: 'enabled',
      unanswered: 0,
      ...(evidence && { evidence }),
      ...(hasImei && { provedImei: IMEI.toOctets() }),
    };
    assert.equal(levelOf(report), level);
  });

test('every report is kept with its counter and octets; the newest state of the UICC stands beside it', async (context) => {
  const { issue, receive, evidence } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  await receive(
    phone,
    phone.uicc.report(IMEI, { result: 'notProven', reason: 'noAnswer', state: 'grace', unanswered: 2 }),
  );
  const reports = evidence.reports(9, phone.iccid.digits);
  assert.deepEqual(
    reports.map(({ counter, level }) => [counter, level]),
    [
      [2, 'claimed'],
      [1, 'attested'],
    ],
  );
  assert.ok(reports.every(({ octets }) => octets[0] === 0xe1));
  const standing = evidence.standing(phone.imsi);
  assert.deepEqual(
    [standing?.lockState, standing?.unanswered, standing?.provedImei?.equipment],
    ['grace', 2, IMEI.equipment],
  );
  assert.deepEqual(evidence.levels(), { claimed: 1 });
});

test('a counter of a storage support that does not rise is found, once, and counted (T12, T21)', async (context) => {
  const { issue, receive, evidence } = testOperator(context);
  const phone = issue();
  for (const supportCounter of [5, 6, 6, 4]) await receive(phone, phone.uicc.report(IMEI, { supportCounter }));
  const found = evidence.findings(9).filter(({ kind }) => kind === 'supportCounterWentBack');
  assert.deepEqual(
    found.map(({ times }) => times),
    [2],
  );
});

test('one storage support with two UICCs is found (T19); one IMEI in two supports too, and then nobody is called genuine', async (context) => {
  const { issue, receive, evidence, clock } = testOperator(context);
  const [first, second, third] = [issue(), issue(), issue()];
  await receive(first, first.uicc.report(IMEI));
  clock.advance(1);
  await receive(second, second.uicc.report(IMEI));
  const kinds = () => evidence.findings(9).map(({ kind }) => kind);
  assert.deepEqual(kinds(), ['supportShared']);
  assert.equal(evidence.cluster(IMEI).genuine, second.imsi.digits, 'one handset whose SIM was changed');
  await receive(third, third.uicc.report(IMEI, { support: OTHER_SUPPORT }));
  assert.ok(kinds().includes('imeiInTwoSupports'));
  assert.equal(evidence.cluster(IMEI).genuine, undefined);
});

test('pairings have a history; the same pair again is the same pairing', async (context) => {
  const { issue, receive, evidence, clock } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  await receive(phone, phone.uicc.report(IMEI));
  clock.advance(DAY);
  await receive(phone, phone.uicc.report(OTHER_IMEI, { support: OTHER_SUPPORT }));
  const [now, before] = evidence.pairings(phone.iccid.digits);
  assert.deepEqual([now?.imei.equipment, now?.untilAt], [OTHER_IMEI.equipment, undefined]);
  assert.deepEqual([before?.imei.equipment, before?.untilAt], [IMEI.equipment, clock.now()]);
  assert.equal(evidence.pairings(phone.iccid.digits).length, 2);
});

test('a UICC the network sees for a day without any report is found (T15); a foreign one is not', (context) => {
  const { issue, register, evidence, clock } = testOperator(context);
  const phone = issue();
  register.check({ imei: IMEI, imsi: phone.imsi });
  register.check({ imei: OTHER_IMEI, imsi: Imsi.parse('262010000000001') });
  assert.equal(evidence.findMissingReports(), 0);
  clock.advance(DAY + 1);
  assert.equal(evidence.findMissingReports(), 1);
  assert.deepEqual(
    evidence.findings(9).map(({ kind, imsi }) => [kind, imsi]),
    [['reportMissing', phone.imsi.digits]],
  );
});

test('claims cost no write at once, and a repeated one none for a minute', (context) => {
  const { register, evidence, clock } = testOperator(context);
  const imsi = Imsi.parse('262010000000001');
  const times = () => evidence.cluster(IMEI).claimants[0]?.times;
  for (let attach = 0; attach < 3; attach++) register.check({ imei: IMEI, imsi });
  assert.equal(times(), 3);
  for (let attach = 0; attach < 3; attach++) register.check({ imei: IMEI, imsi });
  assert.equal(times(), 3);
  clock.advance(60_000);
  register.check({ imei: IMEI, imsi });
  assert.equal(times(), 4);
});
