import assert from 'node:assert/strict';
import { test as onSqlite } from 'node:test';
import fc from 'fast-check';
import { Imsi } from '#base/identity/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { ImsiDefaultTable } from './node/imsi-default-table.ts';
import { UNKNOWN_ANSWERS } from './register-settings.ts';

const IMEI = testImei(1);
const AUTHOR = { author: 'Ada', note: '' } as const;
const imsi = (digits: string) => Imsi.parse(digits);

test('the longest prefix of the IMSI decides about unknown equipment, then the interface does', (context) => {
  const { register } = testOperator(context);
  const { imsiDefaults } = register;
  const said = (digits?: string, front: 's13' | 'n5g-eir' = 's13') => {
    const { equipmentStatus, reasons, isUnknown } = register.explain({
      ...{ imei: IMEI, front, ...(digits !== undefined && { imsi: imsi(digits) }) },
    });
    assert.equal(isUnknown, true);
    return `${equipmentStatus} ${reasons[0].code}`;
  };
  register.set('unknown.s13', 'tracking', 'Ada', 'test');
  imsiDefaults.set({ ...AUTHOR, prefix: '262', answer: 'permitted' });
  imsiDefaults.set({ ...AUTHOR, prefix: '26201', answer: 'tracking' });
  imsiDefaults.set({ ...AUTHOR, prefix: '262017', answer: 'prohibited', note: 'meters' });
  imsiDefaults.set({ ...AUTHOR, prefix: '26201712345678', answer: 'unknown' });
  assert.deepEqual(
    ['262010000000001', '262020000000001', '262017000000001', '262017123456789', '262017', '310150000000001'].map(
      (one) => said(one, 'n5g-eir'),
    ),
    [
      ...['tracking imsiDefault', 'permitted imsiDefault', 'prohibited imsiDefault', 'permitted imsiDefault'],
      ...['prohibited imsiDefault', 'permitted notListed'],
    ],
  );
  assert.deepEqual(
    [said(), said('310150000000001'), said('262020000000001')],
    ['tracking notListed', 'tracking notListed', 'permitted imsiDefault'],
  );
  const { reasons } = register.explain({ imei: IMEI, imsi: imsi('262017000000001') });
  assert.match(reasons[0].text, /\(262017: prohibited, meters\)$/);
  register.lists.add({ imei: IMEI, list: 'grey', reason: 'other', author: 'Ada' });
  assert.equal(register.explain({ imei: IMEI, imsi: imsi('262017000000001') }).equipmentStatus, 'tracking');
});

test('a default is replaced, paged, taken away, and each change is in the log with what was before', (context) => {
  const { register, audit } = testOperator(context);
  const { imsiDefaults } = register;
  for (const prefix of ['310', '26201', '262', '00101']) imsiDefaults.set({ ...AUTHOR, prefix, answer: 'tracking' });
  imsiDefaults.set({ ...AUTHOR, prefix: '262', answer: 'unknown', author: 'Bob' });
  assert.deepEqual(
    imsiDefaults.page('', 9).map(({ prefix, answer, author }) => `${prefix} ${answer} ${author}`),
    ['00101 tracking Ada', '262 unknown Bob', '26201 tracking Ada', '310 tracking Ada'],
  );
  assert.deepEqual(
    imsiDefaults.page('262', 1).map(({ prefix }) => prefix),
    ['26201'],
  );
  assert.equal(imsiDefaults.remove({ prefix: '262', author: 'Eve', reason: 'over' }), true);
  assert.equal(imsiDefaults.remove({ prefix: '262', author: 'Eve', reason: 'over' }), false);
  assert.deepEqual(
    audit
      .newest(2, 'setting')
      .map(({ author, subject, detail }) => [author, subject, detail?.['value'], detail?.['before']]),
    [
      ['Eve', 'IMSI 262', null, 'unknown'],
      ['Bob', 'IMSI 262', 'unknown', 'tracking'],
    ],
  );
});

onSqlite('what is no prefix is refused', (context) => {
  const { imsiDefaults } = testOperator(context).register;
  for (const prefix of ['', '26', '2620x', ' 26201', '262-01', '262010000000001', '٢٦٢٠١', '9'.repeat(5000)])
    assert.throws(() => imsiDefaults.set({ ...AUTHOR, prefix, answer: 'tracking' }), {
      ...{
        name: 'RangeError',
        message: /^prefix: expected the first 3 to 14 digits of IMSIs, got '.{0,40}'; correct the digits$/,
      },
    });
  assert.throws(
    () => imsiDefaults.set({ ...AUTHOR, prefix: '262', answer: 'tracking', note: 'x'.repeat(201) }),
    RangeError,
  );
  assert.deepEqual(imsiDefaults.page('', 9), []);
});

test('where what prohibits needs a second person, such a default does', (context) => {
  const { register } = testOperator(context);
  register.set('approval', 'prohibiting', 'Root', 'test');
  const propose = (answer: 'tracking' | 'prohibited') =>
    register.propose({ about: 'imsiDefault', change: 'add', prefix: '26201', answer, note: 'test' }, 'Ada', 'test');
  const status = () => register.explain({ imei: IMEI, imsi: imsi('262010000000001') }).equipmentStatus;
  assert.deepEqual([propose('tracking').outcome, status()], ['done', 'tracking']);
  const waiting = propose('prohibited');
  assert.ok(waiting.outcome === 'waiting');
  assert.equal(status(), 'tracking');
  register.approvals.decide(waiting.id, { approver: 'Bob', verdict: 'approve', reason: 'seen' });
  assert.equal(status(), 'prohibited');
  const remove = { about: 'imsiDefault', change: 'remove', prefix: '26201' } as const;
  assert.deepEqual(register.propose(remove, 'Ada', 'over'), { outcome: 'done', changed: true });
  assert.deepEqual(register.propose(remove, 'Ada', 'over'), { outcome: 'done', changed: false });
});

onSqlite('property: memory finds the longest prefix', () => {
  const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[12]{${min},${max}}$`));
  const rows = fc.uniqueArray(fc.tuple(digits(3, 14), fc.constantFrom(...UNKNOWN_ANSWERS)), {
    selector: ([prefix]) => prefix,
  });
  fc.assert(
    fc.property(rows, digits(6, 15), (plain, subscriber) => {
      const fitting = plain.filter(([prefix]) => subscriber.startsWith(prefix));
      const [longest] = fitting.toSorted(([a], [b]) => b.length - a.length);
      assert.equal(new ImsiDefaultTable(plain).answer(imsi(subscriber)), longest?.[1]);
    }),
  );
});
