import assert from 'node:assert/strict';
import { test as onSqlite } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { IdentityError, Imei, Imsi } from '#base/identity/index.ts';
import { FLEET_POLICY } from '#operator/subscriber/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { MINUTE, testImei, testOperator } from '#test/operator/operator.ts';

const [IMEI, FALSE_IMEI] = [testImei(1), testImei(2)];
const STRANGER = Imsi.parse('262019876543210');
const codesOf = ({ reasons }: { readonly reasons: readonly { readonly code: string }[] }) =>
  reasons.map(({ code }) => code);

test('lists decide: black before grey before white, in every spelling; unknown is permitted', (context) => {
  const { register } = testOperator(context);
  const status = (digits: string) => register.check({ imei: digits }).equipmentStatus;
  assert.deepEqual(codesOf(register.check({ imei: IMEI })), ['notListed']);
  const entry = { imei: IMEI, reason: 'lost', author: 'Ada' } as const;
  for (const [list, expected] of [
    ['white', 'permitted'],
    ['grey', 'tracking'],
    ['black', 'prohibited'],
  ] as const) {
    register.lists.add({ ...entry, list });
    for (const spelling of [IMEI.equipment, IMEI.withCheckDigit, `${IMEI.equipment}0`, `${IMEI.equipment}42`])
      assert.equal(status(spelling), expected);
  }
  assert.deepEqual(codesOf(register.check({ imei: IMEI })), ['blackList', 'greyList', 'whiteList']);
  assert.throws(() => register.check({ imei: '1234' }), IdentityError);
});

test('an entry counts until its expiry, by the clock', (context) => {
  const { register, clock } = testOperator(context);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada', expiresAt: clock.now() + 1000 });
  assert.equal(register.check({ imei: IMEI }).equipmentStatus, 'prohibited');
  assert.equal(register.check({ imei: IMEI, at: clock.now() + 1000 }).equipmentStatus, 'permitted');
  clock.advance(1000);
  assert.equal(register.check({ imei: IMEI }).equipmentStatus, 'permitted');
});

for (const [mode, status, code] of [
  ['enforce', 'prohibited', 'blackList'],
  ['track', 'tracking', 'trackOnly'],
  ['off', 'permitted', 'registerOff'],
] as const)
  test(`mode ${mode}: a black-listed IMEI is ${status}`, (context) => {
    const { register, audit } = testOperator(context);
    register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
    register.setMode(mode, 'Ada', 'test');
    const decision = register.check({ imei: IMEI });
    assert.deepEqual([decision.equipmentStatus, codesOf(decision)[0]], [status, code]);
    assert.equal(audit.newest(1, 'setting')[0]?.detail?.['value'], mode);
  });

test('bogus numbers are tracked, not blocked (T09)', (context) => {
  const { register } = testOperator(context);
  for (const digits of ['00000000000000', '111111111111111', '012345678912345', '004400152020000', '99999999999999'])
    assert.deepEqual([register.check({ imei: digits }).equipmentStatus, digits], ['tracking', digits]);
});

test('a proved IMEI is known as attested; a handset without proof only claims', async (context) => {
  const { issue, receive, register } = testOperator(context);
  const phone = issue();
  assert.equal(register.check({ imei: IMEI, imsi: phone.imsi }).evidence, 'claimed');
  await receive(phone, phone.uicc.report(IMEI));
  const decision = register.check({ imei: IMEI, imsi: phone.imsi });
  assert.deepEqual(
    [decision.evidence, decision.provedImei?.equipment, codesOf(decision)],
    ['attested', IMEI.equipment, ['proved']],
  );
  await receive(phone, phone.uicc.report(IMEI, { evidence: 'static' }));
  assert.equal(register.check({ imei: IMEI, imsi: phone.imsi }).evidence, 'attested-static');
});

test('a lying handset: tolerated until its UICC is asked, prohibited when the report contradicts, blocked over the air (T02)', async (context) => {
  const { issue, receive, register, sent, poll, evidence } = testOperator(context);
  const phone = issue();
  const opened = () => {
    const message = sent.at(-1);
    return message && phone.uicc.open(message.userData);
  };
  const obey = async () => {
    const found = opened();
    assert.ok(found);
    await receive(phone, phone.uicc.proof(found, 'enabled'));
    return found.answer.order;
  };
  await receive(phone, phone.uicc.report(IMEI));
  await obey();
  const attach = () => register.check({ imei: FALSE_IMEI, imsi: phone.imsi });
  assert.deepEqual([attach().equipmentStatus, codesOf(attach())], ['tracking', ['proofExpected']]);
  await poll();
  assert.equal(await obey(), 'reportNow');
  const report = await receive(phone, phone.uicc.report(IMEI, { trigger: 'operator' }));
  assert.ok(report.kind === 'report');
  assert.deepEqual([report.decision.order, codesOf(report.decision)[0]], ['block', 'lyingHandset']);
  assert.equal(await obey(), 'block');
  const decision = attach();
  assert.deepEqual(
    [decision.equipmentStatus, codesOf(decision)[0], decision.evidence],
    ['prohibited', 'lyingHandset', 'refuted'],
  );
  assert.ok(evidence.findings(9).some(({ kind, imei }) => kind === 'lyingHandset' && imei?.equals(FALSE_IMEI)));
  assert.equal(register.check({ imei: IMEI, imsi: phone.imsi }).equipmentStatus, 'permitted');
});

test('a lying handset whose reports are suppressed is prohibited when the grace is over (T15)', async (context) => {
  const { issue, receive, register, clock } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  const attach = () => register.check({ imei: FALSE_IMEI, imsi: phone.imsi });
  attach();
  clock.advance(2 * MINUTE);
  assert.equal(attach().equipmentStatus, 'tracking');
  clock.advance(9 * MINUTE);
  assert.deepEqual([attach().equipmentStatus, codesOf(attach())[0]], ['prohibited', 'proofMissing']);
});

test('without grace a mismatch is prohibited at the first attach', async (context) => {
  const { issue, receive, register } = testOperator(context);
  const phone = issue();
  register.setProofGrace(0, 'Ada', 'strict');
  await receive(phone, phone.uicc.report(IMEI));
  assert.equal(register.check({ imei: FALSE_IMEI, imsi: phone.imsi }).equipmentStatus, 'prohibited');
});

test('a SIM that moves is let in, proves the other handset, and its old claim is no lie', async (context) => {
  const { issue, receive, register, evidence, clock } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  register.check({ imei: IMEI, imsi: phone.imsi });
  clock.advance(60 * MINUTE);
  assert.equal(register.check({ imei: FALSE_IMEI, imsi: phone.imsi }).equipmentStatus, 'tracking');
  const report = await receive(
    phone,
    phone.uicc.report(FALSE_IMEI, { result: 'provedOther', support: fromHex('B1B2B3B4B5B6B7B8') }),
  );
  assert.ok(report.kind === 'report');
  assert.equal(report.decision.order, 'permit');
  assert.deepEqual(codesOf(register.check({ imei: FALSE_IMEI, imsi: phone.imsi })), ['proved']);
  assert.deepEqual(
    evidence.pairings(phone.iccid.digits).map(({ imei, untilAt }) => [imei.equipment, untilAt === undefined]),
    [
      [FALSE_IMEI.equipment, true],
      [IMEI.equipment, false],
    ],
  );
  assert.ok(evidence.findings(9).some(({ kind }) => kind === 'movedHandset'));
});

test('a UICC locked to its device: another IMEI is prohibited at attach, and its report is answered with a block (T14)', async (context) => {
  const { issue, receive, register } = testOperator(context);
  const meter = issue({ policy: FLEET_POLICY });
  await receive(meter, meter.uicc.report(IMEI));
  assert.deepEqual(codesOf(register.check({ imei: FALSE_IMEI, imsi: meter.imsi }))[0], 'pairingLocked');
  const report = await receive(meter, meter.uicc.report(FALSE_IMEI, { result: 'refuted', reason: 'pairingLocked' }));
  assert.ok(report.kind === 'report');
  assert.deepEqual(
    [report.decision.order, report.decision.text],
    ['block', 'This SIM is for another device. Objections: 12345'],
  );
});

test('a UICC in a handset without storage support holds no old proof against it', async (context) => {
  const { issue, receive, register } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  const report = phone.uicc.report(IMEI, {
    result: 'notProven',
    reason: 'noCardReader',
    claimedImei: FALSE_IMEI.toOctets(),
  });
  await receive(phone, report);
  const decision = register.check({ imei: FALSE_IMEI, imsi: phone.imsi });
  assert.deepEqual([decision.equipmentStatus, decision.evidence], ['permitted', 'claimed']);
});

test('of all who claim one IMEI the attested one is genuine; the others are tracked, or prohibited when it is set so (T07)', async (context) => {
  const { issue, receive, register, evidence } = testOperator(context);
  const phone = issue();
  const clones = ['262010000000001', '262010000000002'].map((digits) => Imsi.parse(digits));
  for (const imsi of clones) assert.equal(register.check({ imei: IMEI, imsi }).equipmentStatus, 'permitted');
  assert.equal(evidence.cluster(IMEI).genuine, undefined);
  await receive(phone, phone.uicc.report(IMEI));
  const cluster = evidence.cluster(IMEI);
  assert.equal(cluster.genuine, phone.imsi.digits);
  assert.deepEqual(
    new Map(cluster.claimants.map(({ imsi, level, isGenuine }) => [imsi, `${level} ${isGenuine}`])),
    new Map([
      [phone.imsi.digits, 'attested true'],
      ['262010000000001', 'claimed false'],
      ['262010000000002', 'claimed false'],
    ]),
  );
  assert.deepEqual(
    evidence.clusters.page(undefined, 9, 5).clusters.map(({ imei }) => imei.equipment),
    [IMEI.equipment],
  );
  const [clone = STRANGER] = clones;
  assert.deepEqual(
    [
      register.check({ imei: IMEI, imsi: clone }).equipmentStatus,
      register.check({ imei: IMEI, imsi: phone.imsi }).equipmentStatus,
    ],
    ['tracking', 'permitted'],
  );
  register.setCloneStatus('prohibited', 'Ada', 'rule 7');
  assert.deepEqual(
    [
      register.check({ imei: IMEI, imsi: clone }).equipmentStatus,
      register.check({ imei: IMEI, imsi: phone.imsi }).equipmentStatus,
    ],
    ['prohibited', 'permitted'],
  );
});

test('an entry about copies spares the handset that proves the IMEI; an entry about theft does not', async (context) => {
  const { issue, receive, register } = testOperator(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  const entry = { imei: IMEI, list: 'black', author: 'Ada' } as const;
  register.lists.add({ ...entry, reason: 'duplicate' });
  assert.equal(register.check({ imei: IMEI, imsi: STRANGER }).equipmentStatus, 'prohibited');
  assert.deepEqual(codesOf(register.check({ imei: IMEI, imsi: phone.imsi })), ['spared', 'proved']);
  register.lists.add({ ...entry, reason: 'stolen', source: 'police' });
  assert.equal(register.check({ imei: IMEI, imsi: phone.imsi }).equipmentStatus, 'prohibited');
});

test('a refuted proof holds against every claim until a person lifts it', async (context) => {
  const { issue, receive, register, gateway } = testOperator(context);
  const phone = issue();
  const report = phone.uicc.report(IMEI, {
    result: 'refuted',
    reason: 'claimedImeiDiffers',
    claimedImei: FALSE_IMEI.toOctets(),
  });
  await receive(phone, report);
  const status = () => register.check({ imei: FALSE_IMEI, imsi: phone.imsi });
  assert.deepEqual(
    [status().equipmentStatus, codesOf(status())[0], status().evidence],
    ['prohibited', 'refutedProof', 'refuted'],
  );
  gateway.command({ iccid: phone.iccid, order: 'unblock', author: 'Ada', reason: 'repaired' });
  assert.equal(status().equipmentStatus, 'permitted');
});

test('explain records nothing; check logs a verdict once, not for each attach', (context) => {
  const { register, audit, evidence } = testOperator(context);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  const head = audit.head().id;
  register.explain({ imei: IMEI, imsi: STRANGER });
  assert.deepEqual([audit.head().id, evidence.cluster(IMEI).claimants], [head, []]);
  for (let attach = 0; attach < 5; attach++) register.check({ imei: IMEI, imsi: STRANGER });
  assert.equal(audit.head().id, head + 1);
  assert.equal(evidence.cluster(IMEI).claimants[0]?.times, 5);
});

onSqlite('10,000 checks of a crowd of claims write little and answer fast', (context) => {
  const { register, evidence } = testOperator(context);
  const imei = Imei.parse('35227301738634');
  for (let number = 0; number < 10_000; number++)
    register.check({ imei, imsi: Imsi.parse(`26201${String(number % 500).padStart(10, '0')}`) });
  const { claimants } = evidence.cluster(imei);
  assert.deepEqual([claimants.length, claimants.reduce((sum, { times }) => sum + times, 0)], [500, 10_000]);
});
