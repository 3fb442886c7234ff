import assert from 'node:assert/strict';
import { describeHop, type Hop } from '#protocol/exchange/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import type { Exchanges } from './index.ts';

const IMEI = testImei(1);

function opened(context: Parameters<typeof testOperator>[0]) {
  const made = testOperator(context);
  const { exchanges } = made.operator;
  assert.ok(exchanges !== undefined);
  return { ...made, exchanges, log: exchanges.log };
}

const line = ({ record }: Hop) => `${record.step ?? '   '} ${record.from} > ${record.to} ${record.name}`;
const linesOf = ({ log }: Exchanges, exchange: number) => log.after(0, 100, { exchange }).map(line);

test('a report, what it proved, the verdict with its chain, the answer and its proof of receipt are one exchange', async (context) => {
  const { issue, receive, sent, register, exchanges, log } = opened(context);
  const phone = issue();
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada', caseReference: 'A-7' });
  register.check({ imei: IMEI, imsi: phone.imsi });
  await receive(phone, phone.uicc.report(IMEI));
  const answer = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.ok(answer !== undefined);
  await receive(phone, phone.uicc.proof(answer, 'blockedByOperator'));
  const [exchange, ...others] = log.exchangesBefore(99, 9);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [exchange?.kind, exchange?.handset, exchange?.outcome?.kind, exchange?.steps],
    ['report', phone.iccid.digits, 'acknowledged', [101, 102, 103, 104]],
  );
  assert.deepEqual(linesOf(exchanges, 1), [
    '    network > register (7) CHECK IMEI',
    '    register (7) > network verdict',
    '101 UICC (31) > UICC (31) storage support, as reported',
    '102 UICC (31) > UICC (31) IMEI, as reported',
    '103 UICC (31) > operator (5) report',
    '    operator (5) > register (7) CHECK IMEI',
    '    register (7) > operator (5) verdict',
    '104 operator (5) > UICC (31) answer: block',
    '104 UICC (31) > operator (5) proof of receipt',
  ]);
  const hops = log.after(0, 99);
  const verdict = hops.find(({ record }) => record.name === 'verdict' && record.to === 'operator (5)');
  assert.deepEqual(verdict && exchanges.reasonsOf(verdict).map(({ code }) => code), ['blackList', 'proved']);
  assert.equal(hops.at(-1)?.record.detail, 'the lock is blocked by the operator');
});

test('packets are opened by the operator’s own keys, and remote management is not', async (context) => {
  const { issue, receive, sent, gateway, exchanges, log } = opened(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  const answer = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.ok(answer !== undefined);
  await receive(phone, phone.uicc.proof(answer, 'enabled'));
  gateway.rotateKeys({ iccid: phone.iccid, author: 'Ada', reason: 'yearly' });
  gateway.poll();
  await gateway.settled();
  const plains = log
    .after(0, 99)
    .filter(({ record }) => record.protocol === 'ota')
    .map((hop) => [
      hop.record.name,
      describeHop(hop, exchanges.openedOf(hop)).sheets.some(({ id }) => id === 'plain1'),
    ]);
  assert.deepEqual(plains, [
    ['report', true],
    ['answer: permit', true],
    ['proof of receipt', true],
    ['remote management', false],
  ]);
});

test('what is put aside is shown as such; what is of nobody, or is no packet, is not kept at all', async (context) => {
  const { issue, receive, gateway, log } = opened(context);
  const phone = issue();
  const report = phone.uicc.report(IMEI);
  await receive(
    phone,
    report.map((octet, at) => (at === 30 ? octet ^ 1 : octet)),
  );
  await receive(phone, report);
  await receive(phone, report);
  gateway.receive('99999', report);
  gateway.receive(phone.msisdn.digits, new TextEncoder().encode('a person writes'));
  assert.deepEqual(
    log.exchangesBefore(99, 9).map(({ outcome }) => outcome?.kind),
    ['putAside', 'answered', 'putAside'],
  );
  assert.deepEqual(
    log.after(0, 99).flatMap(({ record }) => (record.name === 'report' ? [record.detail] : [])),
    ['not authentic: put aside', undefined, 'its counter is not new: put aside'],
  );
});

test('an order is an exchange of its own; a check is one when the subscriber is followed, and begins a report', async (context) => {
  const { issue, receive, sent, gateway, register, clock, log } = opened(context);
  const [phone, stranger] = [issue(), issue()];
  register.check({ imei: testImei(2), imsi: stranger.imsi });
  await receive(phone, phone.uicc.report(IMEI));
  const answer = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.ok(answer !== undefined);
  await receive(phone, phone.uicc.proof(answer, 'enabled'));
  clock.advance(MINUTE);
  gateway.command({ iccid: phone.iccid, order: 'reportNow', author: 'Ada', reason: 'asked' });
  gateway.poll();
  await gateway.settled();
  clock.advance(MINUTE);
  register.check({ imei: IMEI, imsi: phone.imsi });
  assert.deepEqual(
    log.exchangesBefore(99, 9).map(({ kind }) => kind),
    ['check', 'order', 'report'],
  );
  await receive(phone, phone.uicc.report(IMEI));
  assert.deepEqual(
    log.exchangesBefore(99, 9).map(({ kind }) => kind),
    ['report', 'order', 'report'],
  );
  assert.ok(log.after(0, 99).every(({ handset }) => handset === phone.iccid.digits));
});

test('what is a day old is forgotten, and whom an erasure is about, by IMSI or IMEI, at once', async (context) => {
  const { issue, receive, clock, evidence, exchanges, log } = opened(context);
  const [old, ada, bob, carl] = [issue(), issue(), issue(), issue()];
  await receive(old, old.uicc.report(testImei(9)));
  clock.advance(DAY);
  const phones = [ada, bob, carl] as const;
  for (const [at, phone] of phones.entries()) await receive(phone, phone.uicc.report(testImei(at + 1)));
  clock.advance(1);
  const known = () => log.exchangesBefore(99, 9).flatMap(({ kind, handset }) => (kind === 'report' ? [handset] : []));
  exchanges.sweep();
  assert.deepEqual(
    known(),
    [carl, bob, ada].map(({ iccid }) => iccid.digits),
  );
  evidence.erased.begin({ imsi: ada.imsi.digits });
  exchanges.sweep();
  evidence.erased.end({ imsi: ada.imsi.digits }, clock.now());
  evidence.erased.begin({ imei: testImei(2).number });
  evidence.erased.end({ imei: testImei(2).number }, clock.now());
  exchanges.sweep();
  assert.deepEqual(known(), [carl.iccid.digits]);
  const gone = [ada, bob].map(({ iccid }) => iccid.digits);
  assert.ok(log.after(0, 99).every(({ handset }) => !gone.includes(handset)));
  clock.advance(1);
  await receive(ada, ada.uicc.report(testImei(1)));
  exchanges.sweep();
  assert.deepEqual(known(), [ada.iccid.digits, carl.iccid.digits]);
});
