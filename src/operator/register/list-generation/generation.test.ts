import assert from 'node:assert/strict';
import { test as onSqlite, type TestContext } from 'node:test';
import { type Imei, Imsi } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import { fieldsOf } from '../csv.ts';
import { dirbsFileName } from '../list-format/index.ts';
import type { GeneratedFile } from './index.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const BY = { author: 'Ada', noticeDays: 30 } as const;

function register(context: TestContext) {
  const made = testOperator(context);
  const { generation } = made.register;
  const files = (run: number, base?: number) =>
    generation.files(run, { operator: 'one', ...(base !== undefined && { base }) });
  const textOf = (all: readonly GeneratedFile[], part: string) => {
    const found = all.find(({ name }) => name.includes(part));
    assert.ok(found, part);
    return [...found.pieces].join('').split('\r\n').slice(1, -1);
  };
  const list = (serial: number, name: 'black' | 'grey' | 'white', more: { source?: string; note?: string } = {}) =>
    made.register.lists.add({ imei: testImei(serial), list: name, reason: 'stolen', author: 'Ada', ...more });
  const delist = (serial: number, name: 'black' | 'grey', source = 'operator') =>
    made.register.lists.remove({ imei: testImei(serial), list: name, author: 'Ada', reason: 'test', source });
  return { ...made, generation, files, textOf, list, delist };
}

test('a run is whole, and the next one says what changed since: blocked, unblocked, changed', async (context) => {
  const { generation, files, textOf, list, delist, audit } = register(context);
  for (const serial of [1, 2, 3]) list(serial, 'black');
  list(3, 'black', { source: 'regulator', note: 'case, 7' });
  list(9, 'white');
  const first = await generation.generate(BY);
  assert.deepEqual([first.run, first.state], [1, 'done']);
  const [one, two, three] = [1, 2, 3].map((serial) => testImei(serial).equipment);
  const names = files(1).map(({ name }) => name);
  assert.deepEqual(names, [
    ...['20261124_120000_blacklist.csv', '20261124_120000_exceptions_one.csv'],
    '20261124_120000_notifications_one.csv',
  ]);
  assert.deepEqual(textOf(files(1), 'blacklist'), [
    ...[`${one},20261124,stolen`, `${two},20261124,stolen`, `${three},20261124,"case, 7|stolen"`],
  ]);
  delist(1, 'black');
  delist(3, 'black', 'regulator');
  list(4, 'black');
  const second = await generation.generate(BY);
  assert.ok(second.sequence > first.sequence);
  const delta = files(2, 1);
  assert.equal(delta.length, 13);
  for (const { name } of delta) assert.ok(dirbsFileName(name), name);
  assert.deepEqual(
    ['_1_2_blocked', '_1_2_unblocked', '_1_2_changed'].map((part) => textOf(delta, part)),
    [[`${testImei(4).equipment},20261124,stolen`], [`${one},20261124,stolen`], [`${three},20261124,stolen`]],
  );
  assert.deepEqual(textOf(files(1), 'blacklist').length, 3, 'an earlier run can be written again');
  assert.deepEqual(audit.newest(1, 'list')[0]?.detail?.['change'], 'lists generated');
  const third = await generation.generate(BY);
  for (const { name, pieces } of files(third.run, 2).filter(({ name }) => name.includes('_delta_')))
    assert.equal([...pieces].length, 1, name);
});

test('exceptions are allowed pairs of one handset and one subscriber', async (context) => {
  const { generation, files, textOf, register: of, issue, clock } = register(context);
  const phone = issue();
  const [first, last] = [testImei(1), testImei(1)];
  const stranger = Imsi.parse('262010000000001');
  const pair = (imsi: Imsi, kind: 'allow' | 'lock' = 'allow', more: { expiresAt?: number } = {}) =>
    of.pairRules.add({ first, last, firstImsi: imsi, lastImsi: imsi, kind, author: 'Ada', ...more });
  pair(phone.imsi);
  pair(stranger, 'allow', { expiresAt: clock.now() + MINUTE });
  pair(Imsi.parse('262010000000002'), 'lock');
  of.pairRules.add({ first, last: testImei(5), firstImsi: stranger, lastImsi: stranger, kind: 'allow', author: 'Ada' });
  await generation.generate(BY);
  const own = `${first.equipment},${phone.imsi},${phone.msisdn.digits}`;
  assert.deepEqual(textOf(files(1), 'exceptions'), [own, `${first.equipment},${stranger},`]);
  clock.advance(MINUTE);
  await generation.generate(BY);
  const delta = files(2, 1);
  assert.deepEqual(
    ['_added', '_removed'].map((part) => textOf(delta, part)),
    [[], [`${first.equipment},${stranger},`]],
  );
});

test('notifications tell who uses a handset of the grey list, and why one is told no more', async (context) => {
  const { generation, files, textOf, register: of, issue, clock, evidence, list, delist } = register(context);
  const phones = [issue(), issue(), issue(), issue(), issue(), issue()];
  const see = () => {
    for (const [at, phone] of phones.entries()) of.check({ imei: testImei(at), imsi: phone.imsi });
    evidence.flush();
  };
  const line = (at: number, reasons = 'stolen', date = '20261224') => {
    const { imsi, msisdn } = phones[at] as (typeof phones)[number];
    return `${testImei(at).equipment},${imsi},${msisdn.digits},${date},${reasons}`;
  };
  see();
  for (const at of [0, 1, 2, 3, 4]) list(at, 'grey');
  list(1, 'black');
  list(77, 'grey');
  await generation.generate(BY);
  assert.deepEqual(textOf(files(1), 'notifications'), [line(0), line(2), line(3), line(4)]);
  list(0, 'black');
  delist(2, 'grey');
  const { imsi } = phones[3] as (typeof phones)[number];
  of.pairRules.add({
    ...{ first: testImei(3), last: testImei(3), firstImsi: imsi, lastImsi: imsi, kind: 'allow', author: 'Ada' },
  });
  list(4, 'grey', { source: 'regulator', note: 'unpaid' });
  list(5, 'grey');
  await generation.generate(BY);
  const delta = files(2, 1);
  const parts = ['new', 'resolved', 'blacklisted', 'no_longer_seen', 'changed'];
  assert.deepEqual(
    parts.map((part) => textOf(delta, `notifications_one_delta_1_2_${part}.`)),
    [[line(5)], [line(2), line(3)], [line(0)], [], [line(4, '"stolen|unpaid"')]],
  );
  clock.advance(31 * DAY);
  await generation.generate(BY);
  assert.deepEqual(textOf(files(3, 2), '_no_longer_seen'), [line(4, '"stolen|unpaid"'), line(5)]);
  assert.deepEqual(textOf(files(3), 'notifications'), []);
});

onSqlite(
  'a base that is none, no run, or not before the run is refused; so is a name that is none',
  async (context) => {
    const { generation, files } = register(context);
    await generation.generate(BY);
    await generation.generate(BY);
    for (const [run, base, because] of [
      [2, 2, /base 2: expected a run before 2/],
      [1, 2, /base 2: expected a run before 1/],
      [2, 9, /base 9: expected the number of a run that was finished, got none/],
      [3, 1, /run 3: expected the number of a run that was finished, got none/],
    ] as const)
      assert.throws(() => files(run, base), { name: 'RangeError', message: because });
    assert.throws(() => generation.files(1, { operator: '../x' }), {
      name: 'RangeError',
      message: /operator: expected/,
    });
  },
);

test('a run whose process died counts for nothing, and is taken back by the next one', async (context) => {
  const { generation, files, textOf, list, delist, operator, clock } = register(context);
  list(1, 'black');
  list(2, 'black');
  await generation.generate(BY);
  delist(1, 'black');
  list(3, 'black');
  await generation.generate(BY);
  operator.database.command("UPDATE list_run SET state = 'running', touched_at = ? WHERE id = 2").run(clock.now());
  await assert.rejects(generation.generate(BY), {
    name: 'RangeError',
    message: /another run \(2\), which is being written/,
  });
  assert.throws(() => files(2), /one that is running/);
  clock.advance(MINUTE);
  const third = await generation.generate(BY);
  assert.deepEqual(
    generation.runs(9).map(({ run, state }) => `${run} ${state}`),
    ['3 done', '2 abandoned', '1 done'],
  );
  const delta = files(third.run, 1);
  assert.deepEqual(
    ['_1_3_blocked', '_1_3_unblocked'].map((part) => textOf(delta, part).map((row) => row.slice(0, 14))),
    [[testImei(3).equipment], [testImei(1).equipment]],
  );
});

test('a run that others let go on says that it lives; one that stood still for too long is taken back, and ends', async (context) => {
  const { generation, files, textOf, register: of, clock } = register(context);
  const numbers = Array.from({ length: 2600 }, (_, serial) => testImei(serial).equipment);
  const load = (some: readonly string[]) =>
    of.importList([new TextEncoder().encode(`imei\n${some.join('\n')}\n`)], {
      ...{
        list: 'black',
        source: 'a',
        author: 'Ada',
        name: 'f.csv',
        kind: 'full',
        changeLimit: 10_000,
        reason: 'stolen',
      },
    });
  await load(numbers);
  await generation.generate(BY);
  // Nothing is new, so nothing is to be written: still it is known to live.
  const slow = generation.generate(BY);
  clock.advance(10_000);
  await turn();
  clock.advance(10_000);
  await assert.rejects(generation.generate(BY), /another run \(2\), which is being written/);
  assert.equal((await slow).state, 'done');
  await load(numbers.slice(0, 1));
  const late = generation.generate(BY);
  clock.advance(MINUTE);
  const next = generation.generate(BY);
  await assert.rejects(late, {
    name: 'RangeError',
    message: /run 3: expected a run that goes on, got one that stood still/,
  });
  assert.deepEqual([(await next).run, generation.runs(9)[1]?.state], [4, 'abandoned']);
  assert.deepEqual(textOf(files(4, 2), '_unblocked').length, 2599);
  assert.deepEqual(textOf(files(4), 'blacklist').length, 1);
});

test('more lines than are read and written together, with several sources at every border', async (context) => {
  const { generation, files, textOf, register: of } = register(context);
  const numbers = Array.from({ length: 2600 }, (_, serial) => testImei(serial).equipment);
  const load = (source: string, some: readonly string[]) =>
    of.importList([new TextEncoder().encode(`imei\n${some.join('\n')}\n`)], {
      ...{ list: 'black', source, author: 'Ada', name: 'f.csv', kind: 'full', changeLimit: 10_000, reason: 'stolen' },
    });
  await load('a', numbers);
  await load('b', numbers);
  await generation.generate(BY);
  assert.deepEqual(
    textOf(files(1), 'blacklist').map((row) => row.slice(0, 14)),
    numbers,
  );
  const odd = numbers.filter((_, at) => at % 2 === 1);
  await load('a', odd);
  await load('b', odd);
  await generation.generate(BY);
  const removed = textOf(files(2, 1), '_unblocked').map((row) => row.slice(0, 14));
  assert.deepEqual(
    removed,
    numbers.filter((_, at) => at % 2 === 0),
  );
  assert.deepEqual(textOf(files(2), 'blacklist').length, 1300);
});

/** Applies the files of a delta, as another register would by their names, to the lines it has. */
function applied(before: ReadonlyMap<string, string>, files: readonly GeneratedFile[], list: string, key: number) {
  const after = new Map(before);
  for (const { name, pieces } of files) {
    const said = dirbsFileName(name);
    if (said?.list !== list || said.delta === undefined) continue;
    for (const line of [...pieces].slice(1)) {
      const fields = fieldsOf(line.trim(), ',');
      assert.ok(!('code' in fields));
      const subject = fields.slice(0, key).join(',');
      assert.equal(after.has(subject), said.delta.change !== 'add', `${name} ${line}`);
      if (said.delta.change === 'remove') after.delete(subject);
      else after.set(subject, line);
    }
  }
  return after;
}

for (const seed of ['one', 'two', 'three'])
  (seed === 'one' ? test : onSqlite)(
    `property: the whole of one run and the delta to another make the whole of that (${seed})`,
    async (context) => {
      const { generation, files, register: of, issue, clock, evidence, list, delist } = register(context);
      const random = seededRandom(seed);
      const number = (below: number) => (random.octets(1)[0] as number) % below;
      const phones = [issue(), issue(), issue()];
      const steps: readonly (() => unknown)[] = [
        () => list(number(6), 'black', number(2) === 0 ? { source: 'regulator', note: 'said "so", twice' } : {}),
        () => delist(number(6), 'black', number(2) === 0 ? 'regulator' : 'operator'),
        () => list(number(6), 'grey'),
        () => delist(number(6), 'grey'),
        () => of.check({ imei: testImei(number(6)), imsi: (phones[number(3)] as (typeof phones)[number]).imsi }),
        () => clock.advance(number(12) * DAY),
        () => {
          const { imsi } = phones[number(3)] as (typeof phones)[number];
          const imei = testImei(number(6));
          const pair = {
            kind: 'allow',
            first: imei,
            last: imei,
            firstImsi: imsi,
            lastImsi: imsi,
            author: 'Ada',
          } as const;
          return number(3) === 0 ? of.pairRules.remove({ ...pair, reason: 'test' }) : of.pairRules.add(pair);
        },
      ];
      for (let run = 1; run <= 8; run++) {
        for (let step = 0; step < 12; step++) steps[number(steps.length)]?.();
        evidence.flush();
        await generation.generate(BY);
      }
      const keys = { blacklist: 1, exceptions: 3, notifications: 3 } as const;
      for (const name of ['blacklist', 'exceptions', 'notifications'] as const)
        for (let base = 1; base < 8; base++)
          for (let run = base + 1; run <= 8; run++) {
            const whole = (of: number) => {
              const file = files(of).find((one) => dirbsFileName(one.name)?.list === name);
              const lines = [...(file as GeneratedFile).pieces].slice(1);
              return new Map(lines.map((line) => [line.trim().split(',').slice(0, keys[name]).join(','), line]));
            };
            const made = applied(whole(base), files(run, base), name, keys[name]);
            assert.deepEqual([...made].toSorted(), [...whole(run)].toSorted(), `${name} ${base} to ${run}`);
          }
    },
  );

test('another register that takes the whole list and the deltas has the same list', async (context) => {
  const { generation, files, list, delist } = register(context);
  const other = testOperator(context).register;
  const take = async (all: readonly GeneratedFile[]) => {
    for (const { name, pieces } of all) {
      const said = dirbsFileName(name);
      if (said?.list !== 'blacklist') continue;
      const result = await other.importList([new TextEncoder().encode([...pieces].join(''))], {
        ...{ list: 'black', source: 'national', author: 'Bob', name },
        // What a delta's lines do, its name says.
        ...(said.delta === undefined && { kind: 'full' }),
      });
      assert.equal(result.outcome, 'applied', name);
    }
  };
  const black = () =>
    [...other.lists.each('black')].map(({ imei, note, reason }) => `${imei.equipment} ${note} ${reason}`);
  for (const serial of [1, 2, 3]) list(serial, 'black');
  await generation.generate(BY);
  await take(files(1));
  delist(1, 'black');
  list(2, 'black', { note: 'fraud' });
  list(4, 'black');
  await generation.generate(BY);
  await take(files(2, 1).filter(({ name }) => name.includes('_delta_')));
  const imei = (serial: number): Imei => testImei(serial);
  assert.deepEqual(
    black().map((text) => text.slice(0, 14)),
    [2, 3, 4].map((serial) => imei(serial).equipment),
  );
  assert.match(black()[0] ?? '', /fraud/);
  list(5, 'black');
  await generation.generate(BY);
  await generation.generate(BY);
  const late = () => files(4, 3).find(({ name }) => name.includes('_blocked')) as GeneratedFile;
  const gap = await other.importList([new TextEncoder().encode([...late().pieces].join(''))], {
    ...{ list: 'black', source: 'national', author: 'Bob', name: late().name },
  });
  assert.ok(gap.outcome === 'refused');
  assert.match(gap.problem, /leads from run 3 to 4, but the last one of national led to run 2; import the whole list/);
  await take(files(3, 2).filter(({ name }) => name.includes('_delta_')));
  await take([late()]);
  assert.equal(black().length, 4);
});
