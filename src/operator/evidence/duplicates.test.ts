import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei, Imsi } from '#base/identity/index.ts';
import { fixedClock } from '#base/port/index.ts';
import type { Database } from '#operator/database/index.ts';
import { onBothDatabases } from '#test/operator/databases.ts';
import { DAY, MINUTE, START, testImei, testOperator } from '#test/operator/operator.ts';
import { Duplicates, MOST_FOLLOWED } from './duplicates.ts';
import type { Duplicate } from './index.ts';

const IMEI = testImei(1);
const foreign = (number: number) => Imsi.parse(`26201${String(number).padStart(10, '0')}`);

/** An operator whose duplicates are collected. */
function watched(context: Parameters<typeof testOperator>[0], options: Parameters<typeof testOperator>[1] = {}) {
  const operator = testOperator(context, options);
  const told: Duplicate[] = [];
  operator.evidence.watch({ sighted: () => {}, duplicate: (duplicate) => told.push(duplicate), flush: () => {} });
  const seen = (number: number, imei = IMEI) => {
    const decision = operator.register.check({ imei, imsi: foreign(number) });
    operator.evidence.flush();
    return decision;
  };
  const findings = () => operator.evidence.findings(99).filter(({ kind }) => kind === 'duplicateImei');
  return { ...operator, told, seen, findings };
}

onBothDatabases(
  'ten subscribers of one IMEI are a finding, once, again at each doubling; nobody is prohibited',
  (context) => {
    const { seen, told, findings } = watched(context);
    for (let number = 1; number <= 9; number++) seen(number);
    assert.deepEqual([told.length, findings().length], [0, 0]);
    for (let number = 10; number <= 25; number++) assert.equal(seen(number).equipmentStatus, 'permitted');
    assert.deepEqual(
      told.map(({ cause, subscribers, genuine, imei }) => [cause, subscribers, genuine, imei.equipment]),
      [
        ['subscribers', 10, undefined, IMEI.equipment],
        ['subscribers', 20, undefined, IMEI.equipment],
      ],
    );
    assert.deepEqual(
      findings().map(({ times, imei, text }) => [
        times,
        imei?.equipment,
        /20 subscribers use it.*7\.1\.1.*not known/.test(text),
      ]),
      [[2, IMEI.equipment, true]],
    );
  },
);

onBothDatabases(
  'after a restart subscribers are counted on, and what was announced is not announced again',
  async (context) => {
    const first = watched(context);
    for (let number = 1; number <= 7; number++) first.seen(number);
    await first.operator.close();
    const second = watched(context, { directory: first.directory });
    for (let number = 8; number <= 10; number++) second.seen(number);
    assert.deepEqual(
      second.told.map(({ subscribers }) => subscribers),
      [10],
    );
    await second.operator.close();
    const third = watched(context, { directory: first.directory });
    for (let number = 11; number <= 19; number++) third.seen(number);
    assert.deepEqual(third.told, []);
    third.seen(20);
    assert.deepEqual(
      third.told.map(({ subscribers }) => subscribers),
      [20],
    );
  },
);

test('subscribers of long ago do not count; a threshold that is set counts from then on', (context) => {
  const { seen, told, clock, register } = watched(context);
  for (let number = 1; number <= 6; number++) seen(number);
  clock.advance(121 * DAY);
  for (let number = 7; number <= 14; number++) seen(number);
  assert.deepEqual(told, []);
  register.set('duplicate.subscribers', '9', 'Ada', 'trial');
  seen(15);
  assert.deepEqual(
    told.map(({ subscribers }) => subscribers),
    [9],
  );
});

test('two handsets by turns are a conflict of time, announced once a day', (context) => {
  const { seen, told, clock } = watched(context);
  const turn = () => {
    for (const number of [1, 2, 1, 2]) {
      seen(number);
      clock.advance(MINUTE);
    }
  };
  turn();
  turn();
  assert.deepEqual(
    told.map(({ cause, subscribers }) => [cause, subscribers]),
    [['conflicts', 2]],
  );
  clock.advance(DAY);
  turn();
  assert.equal(told.length, 2);
});

test('two places at once are a conflict when the network says where', (context) => {
  const { register, evidence, told } = watched(context);
  const positions = [
    { latitude: 48.9, longitude: 2.4 },
    { latitude: 45.8, longitude: 4.8 },
  ];
  // It is followed from its second subscriber on.
  for (const number of [1, 2, 3, 4, 5]) {
    register.check({ imei: IMEI, imsi: foreign(number), position: positions[number % 2] as (typeof positions)[0] });
    evidence.flush();
  }
  assert.deepEqual(
    told.map(({ cause, conflicts }) => [cause, conflicts]),
    [['conflicts', 2]],
  );
});

onBothDatabases('the subscriber whose handset proves the IMEI is named genuine, with the argument', async (context) => {
  const { seen, told, issue, receive, evidence, findings } = watched(context);
  for (let number = 1; number <= 9; number++) seen(number);
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  evidence.flush();
  assert.deepEqual(
    told.map(({ genuine, subscribers }) => [genuine, subscribers]),
    [[phone.imsi.digits, 10]],
  );
  assert.match(
    told[0]?.argument ?? '',
    /^Its storage support [0-9A-F]{16} proved the IMEI with session keys on 2026-11-24T/,
  );
  assert.match(findings()[0]?.text ?? '', /the others only claim it/);
  const { argument, claimants } = evidence.cluster(IMEI);
  assert.equal(argument, told[0]?.argument);
  const known = claimants.filter(({ iccid }) => iccid !== undefined);
  assert.deepEqual(
    known.map(({ imsi, iccid }) => [imsi, iccid]),
    [[phone.imsi.digits, phone.iccid.digits]],
    'the others are no UICCs of ours',
  );
});

/** A database that knows two subscribers of every IMEI. */
const twoOfEach = {
  query: (sql: string) => ({
    first: () => undefined,
    all: () =>
      sql.includes('observation') ? [1, 2].map((number) => ({ imsi: foreign(number).digits, lastAt: START })) : [],
  }),
  command: () => ({ run: () => ({ changes: 0 }) }),
} as unknown as Database;

test('a million IMEIs of two subscribers each: as many are followed as may be, the largest stay', () => {
  const told: Duplicate[] = [];
  const duplicates = new Duplicates({
    database: twoOfEach,
    clock: fixedClock(START),
    genuine: () => ({ imsi: undefined, because: { code: 'nobodyProves' }, said: [], argument: '' }),
    found: () => {},
    tell: (duplicate) => told.push(duplicate),
  });
  const large = Imei.fromNumber(500_000);
  for (let number = 0; number < 1_000_000; number++) {
    duplicates.admit(number);
    if (number !== large.number) continue;
    for (let other = 3; other < 10; other++) duplicates.see(large, foreign(other).digits, START);
  }
  assert.equal(duplicates.followed, MOST_FOLLOWED);
  told.length = 0;
  duplicates.see(large, foreign(10).digits, START);
  duplicates.judge();
  assert.deepEqual(
    told.map(({ imei, subscribers }) => [imei.number, subscribers]),
    [[large.number, 10]],
  );
});
