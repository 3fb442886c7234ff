import assert from 'node:assert/strict';
import { test as onSqlite } from 'node:test';
import fc from 'fast-check';
import { Imei, Imsi } from '#base/identity/index.ts';
import type { Database } from '#operator/database/index.ts';
import { heapInUse } from '#test/heap.ts';
import { lockWriters, onBothDatabases, onBothDatabases as test } from '#test/operator/databases.ts';
import { START, testImei, testOperator } from '#test/operator/operator.ts';
import type { EventLog } from './event-log.ts';
import { ImeiChanges } from './imei-changes.ts';
import type { OperatorEvent } from './index.ts';

const [A, B, C] = [testImei(1), testImei(2), testImei(3)];
const IMSI = Imsi.parse('262010000000001');

const changesIn = (events: readonly OperatorEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'imeiChanged' ? [[event.imsi, event.from.equipment, event.to.equipment, event.by, event.level]] : [],
  );

onBothDatabases(
  'a subscriber seen with another IMEI is an event, with level and status; the same again is none',
  (context) => {
    const { register, evidence, events, clock } = testOperator(context);
    register.lists.add({ imei: B, list: 'black', reason: 'stolen', author: 'Ada' });
    register.check({ imei: A, imsi: IMSI });
    register.check({ imei: A, imsi: IMSI });
    clock.advance(5);
    register.check({ imei: B, imsi: IMSI });
    assert.deepEqual(events.after(0, 9), [], 'a check costs no write');
    evidence.flush();
    register.check({ imei: B, imsi: IMSI });
    evidence.flush();
    const expected = { sequence: 1, kind: 'imeiChanged', at: START + 5, imsi: IMSI.digits, from: A, to: B };
    assert.deepEqual(events.after(0, 9), [
      { ...expected, by: 'claim', level: 'claimed', equipmentStatus: 'prohibited' },
    ]);
  },
);

for (const [what, sightings, changes] of [
  ['there and back', 'cA cB cA', 'A>B B>A'],
  ['the first proof agrees', 'cA pA cA pA', ''],
  ['the SIM moves: told once, by whoever sees it first', 'cA pA cB pB cB', 'A>B'],
  ['the SIM moves abroad, where no network asks', 'cA pA pB pC cC', 'A>B B>C'],
  ['a handset that lies is told of once', 'cA pB cA pB cA pB', 'A>B'],
  ['and again when it lies otherwise', 'cA pB cC pB cC', 'A>B B>C'],
  ['only proofs', 'pA pB pB pA', 'A>B B>A'],
] as const)
  test(`${what}: ${sightings} gives ${changes || 'no event'}`, (context) => {
    const { evidence, events, database } = testOperator(context);
    const imeis: Readonly<Record<string, Imei>> = { A, B, C };
    for (const [by = '', name = ''] of sightings.split(' ')) {
      const imei = imeis[name] as Imei;
      if (by === 'c') evidence.recordClaim(imei, IMSI, START, false);
      else {
        // The gateway does so before it takes a report.
        evidence.flush();
        database.transaction(() =>
          events.sighted({ imei, imsi: IMSI.digits, at: START, by: 'proof', level: 'attested' }),
        );
      }
    }
    evidence.flush();
    const names = Object.entries(imeis).map(([name, imei]) => [imei.equipment, name] as const);
    const nameOf = new Map(names);
    const found = changesIn(events.after(0, 99)).map(
      ([, from, to]) => `${nameOf.get(from ?? '')}>${nameOf.get(to ?? '')}`,
    );
    assert.equal(found.join(' '), changes);
  });

onBothDatabases('a report that proves another IMEI is an event, whole with the report', async (context) => {
  const { issue, receive, register, events } = testOperator(context);
  const phone = issue();
  register.check({ imei: A, imsi: phone.imsi });
  await receive(phone, phone.uicc.report(B));
  assert.deepEqual(changesIn(events.after(0, 9)), [[phone.imsi.digits, A.equipment, B.equipment, 'proof', 'attested']]);
});

onBothDatabases(
  'a process that starts anew, and one beside it, know the last IMEI from the database',
  async (context) => {
    const first = testOperator(context);
    const second = testOperator(context, { directory: first.directory });
    const check = ({ register, evidence }: typeof first, imei: Imei) => {
      register.check({ imei, imsi: IMSI });
      evidence.flush();
      for (const { events } of [first, second]) events.poll();
    };
    check(first, A);
    check(second, A);
    check(second, B);
    check(first, A);
    check(first, A);
    check(second, B);
    await second.operator.close();
    const third = testOperator(context, { directory: first.directory });
    third.register.check({ imei: C, imsi: IMSI });
    third.evidence.flush();
    assert.deepEqual(
      changesIn(first.events.after(0, 9)).map(([, from, to]) => `${from?.at(-1)}${to?.at(-1)}`),
      ['12', '21', '12', '23'],
    );
  },
);

test('whatever is seen and whenever it is written, each subscriber has the events of a simple model, in order', (context) => {
  const { evidence, events } = testOperator(context);
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ who: fc.nat(3), imei: fc.constantFrom(A, B, C), flush: fc.boolean() }), { maxLength: 40 }),
      (sightings) => {
        run++;
        const before = events.newest();
        const last = new Map<string, Imei>();
        const expected: string[] = [];
        for (const { who, imei, flush } of sightings) {
          const imsi = `26201${String(run * 4 + who).padStart(10, '0')}`;
          const from = last.get(imsi);
          if (from !== undefined && !from.equals(imei)) expected.push(`${imsi} ${from.equipment} ${imei.equipment}`);
          last.set(imsi, imei);
          evidence.recordClaim(imei, Imsi.parse(imsi), START, false);
          if (flush) evidence.flush();
        }
        evidence.flush();
        const found = changesIn(events.after(before, 99)).map(([imsi, from, to]) => `${imsi} ${from} ${to}`);
        assert.deepEqual(found, expected);
      },
    ),
    { numRuns: 40 },
  );
});

test('sightings that could not be written are written later, in order', (context) => {
  const { register, events, database, directory } = testOperator(context);
  register.check({ imei: A, imsi: IMSI });
  const unlock = lockWriters(context, directory);
  register.check({ imei: B, imsi: IMSI });
  assert.throws(() => events.flush(), /locked/);
  register.check({ imei: C, imsi: IMSI });
  unlock();
  events.flush();
  assert.deepEqual(
    changesIn(events.after(0, 9)).map(([, from, to]) => [from, to]),
    [
      [A.equipment, B.equipment],
      [B.equipment, C.equipment],
    ],
  );
  assert.deepEqual(database.integrityProblems(), []);
});

onSqlite('a million different pairs: what waits and what is remembered stay bounded', () => {
  let written = 0;
  const database = {
    query: () => ({ first: () => undefined }),
    command: () => ({ run: () => ({ changes: written++ }) }),
    transaction: (work: () => void) => work(),
  } as unknown as Database;
  const changes = new ImeiChanges(database, { newest: () => 0 } as EventLog, { judge: () => () => false });
  let mostWaiting = 0;
  const before = heapInUse();
  for (let number = 0; number < 1_000_000; number++) {
    const imsi = `26201${String(number).padStart(10, '0')}`;
    changes.take({ imei: Imei.fromNumber(number), imsi, at: START, by: 'claim' });
    mostWaiting = Math.max(mostWaiting, changes.waiting);
  }
  changes.flush();
  assert.equal(written, 1_000_000);
  assert.ok(mostWaiting <= 2000);
  assert.ok(heapInUse() - before < 150 * 1024 * 1024);
});
