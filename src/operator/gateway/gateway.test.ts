import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromHex, sameOctets, toHex } from '#base/codec/index.ts';
import { digest } from '#base/crypto/index.ts';
import type { SubmitResult } from '#protocol/smpp/index.ts';
import { lockWriters, onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import type { PolicyRequest } from './policy-order.ts';

const IMEI = testImei(1);
const OTHER_IMEI = testImei(2);
const last = <T>(list: readonly T[]): T => {
  const found = list.at(-1);
  assert.ok(found !== undefined);
  return found;
};

test('a report is answered: permit with its nonce and the digest of its IMEI; the proof of receipt ends the order', async (context) => {
  const { issue, receive, sent, gateway, evidence, audit } = testOperator(context);
  const phone = issue();
  const inbound = await receive(phone, phone.uicc.report(IMEI));
  assert.ok(inbound.kind === 'report');
  assert.deepEqual(
    inbound.decision.reasons.map(({ code }) => code),
    ['proved'],
  );
  const message = last(sent);
  assert.deepEqual([message.source.digits, message.destination.digits], ['4321', phone.msisdn.digits]);
  const opened = phone.uicc.open(message.userData);
  assert.ok(opened);
  assert.equal(opened.answer.order, 'permit');
  assert.deepEqual(opened.answer.nonce, Uint8Array.of(1, 2, 3, 4, 5, 6, 0, 1));
  assert.deepEqual(opened.answer.imeiDigest, digest('sha256', IMEI.toOctets()).slice(0, 8));
  assert.equal(opened.answer.date, 20261124);
  assert.equal(gateway.outbox.byId(inbound.order)?.state, 'sent');
  const proof = await receive(phone, phone.uicc.proof(opened, 'enabled'));
  assert.deepEqual([proof.kind, gateway.outbox.byId(inbound.order)?.state], ['proof of receipt', 'acknowledged']);
  assert.equal(evidence.standing(phone.imsi)?.level, 'attested');
  assert.equal(audit.verify(), undefined);
});

test('a stolen handset is blocked with reason, case and the way to object, and the person can read it', async (context) => {
  const { issue, receive, sent, register } = testOperator(context);
  const phone = issue();
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada', caseReference: 'A-7' });
  await receive(phone, phone.uicc.report(IMEI));
  const opened = phone.uicc.open(last(sent).userData);
  assert.equal(opened?.answer.order, 'block');
  assert.equal(new TextDecoder().decode(opened?.answer.text), 'This handset is reported. Case A-7. Objections: 12345');
});

test('a replayed report changes nothing: the last one is a second delivery, an older one is a finding', async (context) => {
  const { issue, receive, evidence, gateway, audit } = testOperator(context);
  const phone = issue();
  const [first, second] = [phone.uicc.report(IMEI), phone.uicc.report(OTHER_IMEI)];
  await receive(phone, first);
  await receive(phone, second);
  const before = audit.head().id;
  const orders = gateway.outbox.newest(10).length;
  assert.equal((await receive(phone, second)).kind, 'replayed');
  assert.equal(audit.head().id, before);
  assert.equal((await receive(phone, first)).kind, 'replayed');
  assert.ok(evidence.findings(10).some(({ kind }) => kind === 'replayedReport'));
  assert.equal(gateway.outbox.newest(10).length, orders);
  assert.equal(evidence.standing(phone.imsi)?.provedImei?.equipment, OTHER_IMEI.equipment);
});

test('a wrong checksum leaves no trace but a count; so do other hostile octets', async (context) => {
  const { issue, receive, evidence, gateway, audit, subscribers } = testOperator(context);
  const phone = issue();
  const other = issue();
  const head = audit.head();
  const good = phone.uicc.report(IMEI);
  for (let at = 13; at < good.length; at += 7)
    await receive(
      phone,
      good.map((octet, index) => (index === at ? octet ^ 1 : octet)),
    );
  await receive(other, good);
  await receive(
    phone,
    phone.uicc
      .proof({ answer: { version: 'one', direction: 'answer', order: 'permit' }, counter: 1 }, 'enabled')
      .map((octet, at) => (at === 40 ? octet ^ 1 : octet)),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 160 }), async (octets) => {
      assert.equal((await receive(phone, octets)).kind, 'ignored');
    }),
    { numRuns: 200 },
  );
  assert.deepEqual(audit.head(), head);
  assert.deepEqual([evidence.reports(10), evidence.findings(10), gateway.outbox.newest(10)], [[], [], []]);
  assert.equal(subscribers.lastReportCounter(phone.iccid), 0);
  assert.ok((gateway.ignored()['not authentic'] ?? 0) > 10);
  assert.equal((await receive(phone, good)).kind, 'report');
});

test('a flood is stopped for each sender before any key is touched, and honest ones go on', async (context) => {
  const { issue, receive, gateway, clock } = testOperator(context, {
    settings: { rateLimit: { burst: 3, refillMilliseconds: 1000 } },
  });
  const [flooder, honest] = [issue(), issue()];
  const kinds = [];
  for (let count = 0; count < 6; count++) kinds.push((await receive(flooder, flooder.uicc.report(IMEI))).kind);
  assert.deepEqual(kinds, ['report', 'report', 'report', 'ignored', 'ignored', 'ignored']);
  assert.equal((await receive(honest, honest.uicc.report(OTHER_IMEI))).kind, 'report');
  assert.deepEqual(gateway.ignored(), { 'too many messages': 3 });
  clock.advance(1000);
  assert.equal((await receive(flooder, flooder.uicc.report(IMEI))).kind, 'report');
  assert.equal(gateway.receive('99999', flooder.uicc.report(IMEI)).kind, 'ignored');
});

test('an authentic packet that cannot be read takes its counter and is a finding', async (context) => {
  const { issue, receive, evidence, subscribers } = testOperator(context);
  const phone = issue();
  assert.equal((await receive(phone, phone.uicc.packet(fromHex('E103800102')))).kind, 'unreadable');
  assert.equal(subscribers.lastReportCounter(phone.iccid), 1);
  assert.deepEqual(
    evidence.findings(10).map(({ kind }) => kind),
    ['unreadableReport'],
  );
});

test('the same octets are sent again with growing pauses, until a limit raises an alarm', async (context) => {
  const { issue, receive, sent, gateway, clock, poll, evidence } = testOperator(context, {
    settings: { retryMilliseconds: MINUTE, longestRetryMilliseconds: 3 * MINUTE, mostAttempts: 4 },
  });
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  const times = [0];
  for (let minute = 1; minute <= 15; minute++) {
    clock.advance(MINUTE);
    const before = sent.length;
    await poll();
    if (sent.length > before) times.push(minute);
  }
  assert.deepEqual(times, [0, 1, 3, 6]);
  assert.equal(new Set(sent.map(({ userData }) => toHex(userData))).size, 1);
  const [order] = gateway.outbox.newest(1);
  assert.deepEqual(
    [order?.state, order?.outcome],
    ['failed', 'never said to be delivered in 4 attempts: the handset seems to have had no service'],
  );
  assert.deepEqual(
    evidence.findings(10).map(({ kind }) => kind),
    ['orderUnanswered'],
  );
});

for (const [what, answer, state, pause] of [
  ['no answer', { outcome: 'unanswered', because: 'no response in time' }, 'built', MINUTE],
  ['throttled', { outcome: 'refused', status: 0x58 }, 'built', MINUTE],
  ['no session', { outcome: 'not sent', because: 'waited too long' }, 'built', 1000],
  ['wrong address', { outcome: 'refused', status: 0x0b }, 'failed', undefined],
] as const satisfies readonly (readonly [string, SubmitResult, string, number | undefined])[])
  test(`an SMSC that says '${what}'`, async (context) => {
    const { issue, receive, sent, answers, gateway, clock, poll } = testOperator(context);
    const phone = issue();
    answers.push(answer);
    await receive(phone, phone.uicc.report(IMEI));
    assert.equal(gateway.outbox.newest(1)[0]?.state, state);
    if (pause === undefined) return;
    clock.advance(pause - 1);
    await poll();
    assert.equal(sent.length, 1);
    clock.advance(1);
    await poll();
    assert.ok(sent[1] && sameOctets(sent[0]?.userData ?? fromHex(''), sent[1].userData));
    assert.equal(gateway.outbox.newest(1)[0]?.state, 'sent');
  });

test('what a UICC says about an order: done, refused, had it before; a bare or foreign proof says nothing', async (context) => {
  const { issue, receive, sent, gateway, clock, poll } = testOperator(context);
  const phone = issue();
  const state = () => gateway.outbox.newest(1)[0]?.state;
  await receive(phone, phone.uicc.report(IMEI));
  const opened = phone.uicc.open(last(sent).userData);
  assert.ok(opened);
  assert.deepEqual(
    await receive(phone, phone.uicc.proof({ ...opened, counter: 77 }, 'enabled')).then(({ kind }) => kind),
    'proof of receipt',
  );
  assert.equal((await receive(phone, fromHex('027100 000B0ABFFF31 0000000001 00 00'))).kind, 'ignored');
  assert.equal(state(), 'sent');
  clock.advance(MINUTE);
  await poll();
  await receive(phone, phone.uicc.proof(opened, 'enabled', 0x02));
  assert.equal(state(), 'queued', 'whether it was obeyed is not known: it goes again, as another packet');
  await poll();
  const again = phone.uicc.open(last(sent).userData);
  assert.ok(again && again.counter > opened.counter);
  assert.deepEqual(again.answer, opened.answer);
  await receive(phone, phone.uicc.proof(again, 'enabled'));
  assert.equal(state(), 'acknowledged');
  await receive(phone, phone.uicc.report(IMEI));
  const second = phone.uicc.open(last(sent).userData);
  assert.ok(second);
  await receive(phone, phone.uicc.proof(second, 'enabled', 0x09));
  assert.equal(state(), 'failed');
});

test('a newer decision takes the place of an older one; an act under way is done again after it', async (context) => {
  const { issue, receive, sent, gateway } = testOperator(context);
  const phone = issue();
  const { iccid } = phone;
  await receive(phone, phone.uicc.report(IMEI));
  gateway.command({ iccid, order: 'block', author: 'Ada', reason: 'court order' });
  gateway.poll();
  await gateway.settled();
  const states = () => gateway.outbox.newest(9).map(({ order, state, counter }) => `${order} ${state} ${counter}`);
  assert.deepEqual(states(), ['block sent 2', 'permit superseded 1']);
  const block = phone.uicc.open(last(sent).userData);
  assert.ok(block);
  await receive(phone, phone.uicc.proof(block, 'blockedByOperator'));
  gateway.command({ iccid, order: 'rePair', author: 'Ada', reason: 'new board' });
  gateway.poll();
  gateway.command({ iccid, order: 'unblock', author: 'Ada', reason: 'found' });
  gateway.poll();
  await gateway.settled();
  assert.deepEqual(states(), [
    'rePair queued undefined',
    'unblock sent 4',
    'rePair superseded 3',
    'block acknowledged 2',
    'permit superseded 1',
  ]);
  const unblock = phone.uicc.open(last(sent).userData);
  assert.ok(unblock);
  await receive(phone, phone.uicc.proof(unblock, 'enabled'));
  gateway.poll();
  assert.equal(states()[0], 'rePair built 5');
});

test('an acknowledgement that the handset kept, or sends again, does not put the lock back to what it was', async (context) => {
  const { issue, receive, sent, gateway, evidence, poll } = testOperator(context);
  const phone = issue();
  const lock = () => evidence.standing(phone.imsi)?.lockState;
  await receive(phone, phone.uicc.report(IMEI));
  const proofs = [];
  for (const [order, state] of [
    ['block', 'blockedByOperator'],
    ['unblock', 'enabled'],
  ] as const) {
    gateway.command({ iccid: phone.iccid, order, author: 'Ada', reason: 'test' });
    await poll();
    const opened = phone.uicc.open(last(sent).userData);
    assert.ok(opened);
    proofs.push(phone.uicc.proof(opened, state));
  }
  const [block = new Uint8Array(), unblock = new Uint8Array()] = proofs;
  await receive(phone, unblock);
  assert.equal(lock(), 'enabled');
  await receive(phone, block);
  assert.equal(lock(), 'enabled', 'it was kept');
  await receive(phone, block);
  assert.equal(lock(), 'enabled', 'it came again');
});

test("a person's block stays through reports until it expires, and then the handset is let in by itself", async (context) => {
  const { issue, receive, sent, gateway, clock, poll } = testOperator(context);
  const phone = issue();
  const lastOrder = () => phone.uicc.open(last(sent).userData)?.answer.order;
  await receive(phone, phone.uicc.report(IMEI));
  gateway.command({
    iccid: phone.iccid,
    order: 'block',
    author: 'Ada',
    reason: 'unpaid',
    caseReference: 'U-1',
    expiresAt: clock.now() + DAY,
  });
  await poll();
  assert.equal(lastOrder(), 'block');
  const again = await receive(phone, phone.uicc.report(IMEI));
  assert.ok(again.kind === 'report');
  assert.deepEqual(
    [again.decision.order, again.decision.reasons[0].code, again.decision.reasons[0].caseReference],
    ['block', 'commanded', 'U-1'],
  );
  clock.advance(DAY);
  await poll();
  assert.equal(lastOrder(), 'unblock');
  await receive(phone, phone.uicc.report(IMEI));
  assert.equal(lastOrder(), 'permit');
});

test('a dry run shows what would be sent and changes nothing; nonsense is refused with the reason', (context) => {
  const { issue, gateway, audit, clock } = testOperator(context);
  const { iccid } = issue();
  const head = audit.head();
  const request = { iccid, order: 'block', author: 'Ada', reason: 'unpaid', caseReference: 'U-1' } as const;
  assert.deepEqual(gateway.command({ ...request, dryRun: true }), {
    sends: 'block',
    text: 'Service is blocked. Case U-1. Objections: 12345',
    order: undefined,
  });
  assert.equal(gateway.command({ ...request, order: 'permit', dryRun: true }).sends, 'reportNow');
  assert.deepEqual(audit.head(), head);
  for (const [more, problem] of [
    [{ author: '' }, /an author and a reason/],
    [{ reason: ' ' }, /an author and a reason/],
    [{ expiresAt: clock.now() }, /a time to come/],
    [{ order: 'reportNow', expiresAt: clock.now() + 1 }, /an order that lasts/],
  ] as const)
    assert.throws(() => gateway.command({ ...request, ...more }), problem);
});

test('a list entry blocks a handset that proved its IMEI without a new report, its end lifts the block', async (context) => {
  const { issue, receive, sent, register, poll, clock } = testOperator(context);
  const phone = issue();
  const bystander = issue();
  /** The newest order, opened and acknowledged. */
  const obeyed = async (by: typeof phone) => {
    const opened = by.uicc.open(last(sent).userData);
    assert.ok(opened);
    await receive(by, by.uicc.proof(opened, 'enabled'));
    return opened.answer.order;
  };
  await receive(phone, phone.uicc.report(IMEI));
  await obeyed(phone);
  await receive(bystander, bystander.uicc.report(OTHER_IMEI));
  await obeyed(bystander);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada', expiresAt: clock.now() + DAY });
  await poll();
  assert.deepEqual([sent.length, await obeyed(phone)], [3, 'block']);
  clock.advance(DAY - 1);
  await poll();
  assert.equal(sent.length, 3);
  clock.advance(10_000);
  await poll();
  assert.deepEqual([sent.length, await obeyed(phone)], [4, 'unblock']);
  assert.equal(register.check({ imei: IMEI, imsi: phone.imsi }).equipmentStatus, 'permitted');
});

test('switching the register to track lifts the blocks of lists', async (context) => {
  const { issue, receive, sent, register, poll } = testOperator(context);
  const phone = issue();
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  await receive(phone, phone.uicc.report(IMEI));
  register.setMode('track', 'Ada', 'wrong file was imported');
  await poll();
  assert.equal(phone.uicc.open(last(sent).userData)?.answer.order, 'unblock');
  await receive(phone, phone.uicc.report(IMEI));
  assert.equal(phone.uicc.open(last(sent).userData)?.answer.order, 'track');
});

test('rounds go on while the database fails, the trouble is shown and goes away', async (context) => {
  const directory = temporaryDirectory(context);
  const { gateway, clock, issue } = testOperator(context, { directory, settings: { pollMilliseconds: 250 } });
  const phone = issue();
  gateway.start();
  gateway.command({ iccid: phone.iccid, order: 'block', author: 'Ada', reason: 'court' });
  const unlock = lockWriters(context, directory);
  clock.advance(250);
  assert.match(gateway.problem() ?? '', /locked by another process/);
  unlock();
  clock.advance(250);
  await gateway.settled();
  assert.deepEqual([gateway.problem(), gateway.outbox.newest(1)[0]?.state], [undefined, 'sent']);
});

test('a long report in segments is put together, whatever their order', async (context) => {
  const { issue, gateway } = testOperator(context);
  const phone = issue();
  const whole = phone.uicc.report(IMEI, { claimedImei: IMEI.toOctets(), previousSupport: fromHex('B1B2B3B4B5B6B7B8') });
  const packet = whole.subarray(3);
  const first = Uint8Array.of(0x07, 0x00, 0x03, 0x2a, 0x02, 0x01, 0x70, 0x00, ...packet.subarray(0, 50));
  const second = Uint8Array.of(0x05, 0x00, 0x03, 0x2a, 0x02, 0x02, ...packet.subarray(50));
  assert.deepEqual(gateway.receive(phone.msisdn.digits, second), { kind: 'ignored', why: 'waits for segments' });
  assert.equal(gateway.receive(phone.msisdn.digits, first).kind, 'report');
});

test('new rules are those that the UICC says it has; nothing that changes nothing is sent', async (context) => {
  const { issue, receive, poll, sent, gateway, subscribers, audit } = testOperator(context);
  const phone = issue();
  const { iccid } = phone;
  const order = (change: PolicyRequest['change']) => gateway.policy({ iccid, change, author: 'Ada', reason: 'terms' });
  assert.deepEqual(order({ gate: 'enable' }), { kind: 'refused', why: 'nothingChanges' });
  assert.deepEqual(order({ reportEvery: 70_000 }), { kind: 'refused', why: 'noSuchCount' });
  const queued = order({ gate: 'open', reportEvery: 9 });
  assert.ok(queued.kind === 'queued');
  assert.deepEqual([queued.before.gate, queued.after.gate, queued.after.reportEvery], ['enable', 'open', 9]);
  await poll();
  const opened = phone.uicc.open(last(sent).userData);
  assert.deepEqual(opened?.answer.policy, { gate: 'open', reportEvery: 9 });
  assert.equal(subscribers.byIccid(iccid)?.policy.gate, 'enable', 'until the UICC says so');
  assert.ok(opened);
  await receive(
    phone,
    phone.uicc.proof(opened, 'unproven', 0, { policy: { gate: 'open', reportEvery: 9, pairingLocked: 1 } }),
  );
  assert.deepEqual(
    [subscribers.byIccid(iccid)?.policy.gate, subscribers.byIccid(iccid)?.policy.pairing],
    ['open', 'locked'],
  );
  assert.equal(audit.newest(5).filter(({ kind }) => kind === 'policy').length, 1);
});

test('a UICC that does not know the order for rules has not obeyed it', async (context) => {
  const { issue, receive, poll, sent, gateway, subscribers } = testOperator(context);
  const phone = issue();
  gateway.policy({ iccid: phone.iccid, change: { gate: 'open' }, author: 'Ada', reason: 'terms' });
  await poll();
  const opened = phone.uicc.open(last(sent).userData);
  assert.ok(opened);
  const older = { ...opened, answer: { ...opened.answer, order: 'block' } } as const;
  await receive(phone, phone.uicc.proof(older, 'unproven'));
  const [order] = gateway.outbox.newest(1);
  assert.deepEqual([order?.state, order?.outcome], ['failed', 'the UICC does not understand it']);
  assert.equal(subscribers.byIccid(phone.iccid)?.policy.gate, 'enable');
});
