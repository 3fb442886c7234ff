import assert from 'node:assert/strict';
import { Imsi } from '#base/identity/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { DAY, MINUTE, testImei, testOperator } from '#test/operator/operator.ts';

onBothDatabases(
  'a UICC that was moved to a handset that carries no report is told of after a day, and again only when it was seen again',
  async (context) => {
    const operator = testOperator(context);
    const { evidence, register, clock } = operator;
    const phone = operator.issue();
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    const seen = () => {
      register.check({ imei: testImei(2), imsi: phone.imsi });
      evidence.flush();
    };
    clock.advance(20 * MINUTE);
    seen();
    clock.advance(DAY / 2);
    assert.equal(evidence.findMissingReports(), 0);
    clock.advance(DAY);
    seen();
    assert.equal(evidence.findMissingReports(), 1);
    assert.equal(evidence.findMissingReports(), 0);
    const [alarm] = evidence.alarms.page({ kinds: ['reportWithheld'] }, undefined, 9);
    assert.deepEqual([alarm?.imsi, alarm?.times], [phone.imsi.digits, 1]);
    evidence.alarms.decide(alarm?.id ?? 0, { act: 'close', author: 'Ada', reason: 'an old telephone, known' });
    clock.advance(DAY);
    assert.equal(evidence.findMissingReports(), 0);
    seen();
    assert.equal(evidence.findMissingReports(), 1);
    assert.equal(evidence.alarms.byId(alarm?.id ?? 0)?.state, 'open');
    await operator.receive(phone, phone.uicc.report(testImei(2)));
    clock.advance(2 * DAY);
    seen();
    assert.equal(evidence.findMissingReports(), 0);
  },
);

onBothDatabases(
  'reports that were numbered and never came are told of (T15); a UICC that sends none after another has no gap',
  async (context) => {
    const operator = testOperator(context);
    const phone = operator.issue();
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    const gaps = () => operator.evidence.alarms.page({ kinds: ['reportGap'] }, undefined, 9);
    assert.deepEqual(gaps(), []);
    phone.uicc.report(testImei(1));
    phone.uicc.report(testImei(1));
    await operator.receive(phone, phone.uicc.report(testImei(1)));
    assert.match(gaps()[0]?.text ?? '', /^Report 5 .* after report 2: 2 between them/);
    assert.equal(gaps().length, 1);
  },
);

onBothDatabases(
  'one IMEI in two cities within minutes is impossible travel, told with the distance (Q.5052 7.4)',
  (context) => {
    const { evidence, register, clock } = testOperator(context);
    const [paris, tokyo] = [
      { latitude: 48.86, longitude: 2.35 },
      { latitude: 35.68, longitude: 139.69 },
    ];
    const imei = testImei(1);
    const seen = (imsi: string, position: typeof paris) => {
      register.check({ imei, imsi: Imsi.parse(imsi), position });
      evidence.flush();
      clock.advance(5 * MINUTE);
    };
    const told = () => evidence.alarms.page({ kinds: ['impossibleTravel'] }, undefined, 9);
    seen('262010000000001', paris);
    // From its second subscriber on an IMEI is followed.
    seen('262010000000002', paris);
    seen('262010000000002', paris);
    assert.deepEqual(told(), []);
    seen('262010000000001', tokyo);
    assert.match(told()[0]?.text ?? '', /97\d\d km apart within 5 minutes/);
    assert.deepEqual([told()[0]?.imei?.equipment, told()[0]?.times], [imei.equipment, 1]);
  },
);
