import assert from 'node:assert/strict';
import { Imei, Imsi, Tac } from '#base/identity/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { rangeOfTac } from './ranges.ts';

const IMEI = testImei(1);
const TAC = Tac.parse(IMEI.equipment.slice(0, 8));
const OWNER = Imsi.parse('001010000000001');
const OTHER = Imsi.parse('001010000000002');
const codes = (decision: { readonly reasons: readonly { readonly code: string }[] }) =>
  decision.reasons.map(({ code }) => code);

test('a TAC and a range decide for all their IMEIs; the narrower one first, the IMEI itself before both', (context) => {
  const { register } = testOperator(context);
  const check = () => register.check({ imei: IMEI });
  register.ranges.add({ ...rangeOfTac(TAC), list: 'black', reason: 'malformed', author: 'Ada', caseReference: 'T-1' });
  assert.deepEqual([check().equipmentStatus, codes(check())], ['prohibited', ['blackRange']]);
  assert.match(check().reasons[0].text, /TAC 00888801/);
  const narrow = { first: IMEI, last: Imei.fromNumber(IMEI.number + 9) };
  register.ranges.add({ ...narrow, list: 'white', reason: 'other', author: 'Ada' });
  assert.deepEqual([check().equipmentStatus, codes(check())], ['permitted', ['whiteRange', 'blackRange']]);
  register.lists.add({ imei: IMEI, list: 'grey', reason: 'lost', author: 'Ada' });
  assert.deepEqual([check().equipmentStatus, codes(check())], ['tracking', ['greyList', 'whiteRange', 'blackRange']]);
  assert.equal(register.check({ imei: Imei.fromNumber(IMEI.number + 10) }).equipmentStatus, 'prohibited');
  assert.equal(register.check({ imei: '35342009000001' }).equipmentStatus, 'permitted');
});

test('a range is taken off by its own source alone, and every change is audited and in the feed', (context) => {
  const { register, audit } = testOperator(context);
  const { feed } = register;
  const before = feed.newest();
  const range = rangeOfTac(TAC);
  register.ranges.add({ ...range, list: 'black', reason: 'regulator', author: 'Ada', source: 'regulator' });
  const remove = (source: string) =>
    register.ranges.remove({ ...range, list: 'black', author: 'Bob', reason: 'appeal', source });
  assert.deepEqual([remove('operator'), remove('regulator'), remove('regulator')], [false, true, false]);
  assert.deepEqual(
    feed.after(before, 9).map(({ kind, key }) => [kind, key]),
    Array.from({ length: 2 }, () => ['range', range.first.equipment]),
  );
  assert.deepEqual(
    audit.newest(2, 'list').map(({ author, detail }) => [author, detail?.['change']]),
    [
      ['Bob', 'removed'],
      ['Ada', 'added'],
    ],
  );
});

test('a range expires by the clock; one that ends before it begins, or has expired, is refused', (context) => {
  const { register, clock } = testOperator(context);
  const entry = { ...rangeOfTac(TAC), list: 'black', reason: 'other', author: 'Ada' } as const;
  register.ranges.add({ ...entry, expiresAt: clock.now() + 5 });
  assert.equal(register.check({ imei: IMEI }).equipmentStatus, 'prohibited');
  clock.advance(5);
  assert.equal(register.check({ imei: IMEI }).equipmentStatus, 'permitted');
  assert.throws(() => register.ranges.add({ ...entry, first: entry.last, last: entry.first }), /first IMEI not above/);
  assert.throws(() => register.ranges.add({ ...entry, expiresAt: clock.now() }), /a time to come/);
});

test('an allowed pair uses a black-listed handset; nobody else does', (context) => {
  const { register } = testOperator(context);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  const rule = { kind: 'allow', first: IMEI, last: IMEI, firstImsi: OWNER, lastImsi: OWNER, author: 'Ada' } as const;
  register.pairRules.add({ ...rule, note: 'recovered' });
  const check = (imsi?: Imsi) => register.check({ imei: IMEI, ...(imsi && { imsi }) });
  assert.deepEqual([check(OWNER).equipmentStatus, codes(check(OWNER))], ['permitted', ['allowedPair', 'blackList']]);
  assert.deepEqual([check(OTHER).equipmentStatus, check().equipmentStatus], ['prohibited', 'prohibited']);
  assert.equal(register.pairRules.remove({ ...rule, reason: 'over' }), true);
  assert.equal(check(OWNER).equipmentStatus, 'prohibited');
});

test('a lock ties a fleet: its handsets refuse other subscribers, its subscribers other handsets (R24)', (context) => {
  const { register } = testOperator(context);
  const [, second, foreign] = [IMEI, testImei(2), testImei(900)];
  const [firstImsi, lastImsi] = [OWNER, Imsi.parse('001010000000099')];
  register.pairRules.add({ kind: 'lock', first: IMEI, last: second, firstImsi, lastImsi, author: 'Ada' });
  const stranger = Imsi.parse('262019876543210');
  const check = (imei: Imei, imsi?: Imsi) => codes(register.check({ imei, ...(imsi && { imsi }) }))[0];
  assert.deepEqual(
    [check(IMEI, OWNER), check(second, OTHER), check(IMEI, stranger), check(foreign, OWNER), check(foreign, stranger)],
    ['notListed', 'notListed', 'lockedHandset', 'lockedSubscriber', 'notListed'],
  );
  // Without an IMSI there is no pair to judge.
  assert.equal(check(IMEI), 'notListed');
});

test('settings: a value that cannot be is refused with those that can, one that can is audited with what it was', (context) => {
  const { register, audit } = testOperator(context);
  assert.throws(
    () => register.set('unknown.s13', 'perhaps', 'Ada', 'test'),
    /one of permitted, tracking, prohibited, unknown/,
  );
  assert.throws(() => register.set('proofGrace', '-1', 'Ada', 'test'), /whole milliseconds/);
  register.set('unknown.s13', 'tracking', 'Ada', 'strict');
  assert.deepEqual(audit.newest(1, 'setting')[0]?.detail, { value: 'tracking', before: 'permitted', reason: 'strict' });
  const status = (front: 's13' | 'gsup') => register.check({ imei: IMEI, front }).equipmentStatus;
  assert.deepEqual([status('s13'), status('gsup')], ['tracking', 'permitted']);
});
