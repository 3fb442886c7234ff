import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { Imei, Imsi } from '#base/identity/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import type { ImportOptions } from './options.ts';
import { StagedImeis } from './staged-imeis.ts';

const octets = (text: string) => [new TextEncoder().encode(text)];
const OWNER = Imsi.parse('001010000000001');

function importing(context: TestContext) {
  const made = testOperator(context);
  const { register } = made;
  const load = async (text: string, more: Partial<ImportOptions> = {}) => {
    const standard = { list: 'black', source: 'regulator', author: 'Ada', name: 'file.csv' } as const;
    const result = await register.importList(octets(text), { ...standard, ...more });
    assert.ok('effect' in result, 'problem' in result ? result.problem : '');
    return result;
  };
  const status = (imei: string, imsi?: Imsi) => register.check({ imei, ...(imsi && { imsi }) }).equipmentStatus;
  return { ...made, load, status };
}

test('property: staged IMEIs are settled in ascending order, the last line of each wins, and all are found again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(99_999_999_999_999), fc.nat(0xffffffff)), { maxLength: 300 }),
      async (lines) => {
        const doubled = [...lines, ...lines.slice(0, 20).map(([imei]): [number, number] => [imei, 7])];
        const model = new Map(doubled);
        const staged = new StagedImeis();
        for (const [imei, word] of doubled) staged.add(imei, word);
        assert.equal(await staged.settle(), doubled.length - model.size);
        const found = Array.from({ length: staged.length }, (_, at): [number, number] => [
          staged.key(at),
          staged.word(at),
        ]);
        assert.deepEqual(
          found,
          [...model].toSorted((a, b) => a[0] - b[0]),
        );
        for (const [imei] of lines) assert.ok(staged.has(imei));
        assert.equal(staged.has(100_000_000_000_000), false);
      },
    ),
  );
});

test('TACs, ranges and pairs of a file decide as those made by hand, and go with the batch', async (context) => {
  const { load, register, status } = importing(context);
  const tacs = await load('tac\n35342009\n');
  assert.deepEqual([tacs.effect.added, tacs.effect.rules, status('35342009123450')], [1, 1, 'prohibited']);
  await load('imei,imsi\n35342009123450,001010000000001\n', { source: 'exceptions' });
  assert.deepEqual([status('35342009123450', OWNER), status('35342009123450')], ['permitted', 'prohibited']);
  assert.ok(tacs.outcome === 'applied');
  await register.undoImport({ batch: tacs.batch, author: 'Ada', reason: 'test' });
  assert.equal(status('35342009123450'), 'permitted');
  const removal = await load('tac,change_type\n35342009,remove\n');
  assert.equal(removal.effect.removed, 1);
});

test('what a batch took away besides IMEIs comes back with its undoing', async (context) => {
  const { load, register, status } = importing(context);
  await load('tac\n35342009\n');
  const removal = await load('tac,change_type\n35342009,remove\n');
  assert.equal(status('35342009123450'), 'permitted');
  assert.ok(removal.outcome === 'applied');
  await register.undoImport({ batch: removal.batch, author: 'Ada', reason: 'test' });
  assert.equal(status('35342009123450'), 'prohibited');
});

test('a dry run names the handsets in use that a file would cut off: seen lately, or proved', async (context) => {
  const { load, register, evidence, issue, receive, clock } = importing(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(testImei(1)));
  register.check({ imei: testImei(2), imsi: OWNER });
  evidence.flush();
  const file = `imei\n${[1, 2, 3].map((serial) => testImei(serial).equipment).join('\n')}\n`;
  const dry = await load(file, { dryRun: true });
  assert.deepEqual(
    dry.effect.hitHandsets.map(({ imei, imsi }) => [imei, imsi]),
    [
      [testImei(1).equipment, phone.imsi.digits],
      [testImei(2).equipment, OWNER.digits],
    ],
  );
  const refused = await load(file, { subscriberLimit: 1 });
  assert.ok(refused.outcome === 'refused' && /hits 2 of our own subscribers, the limit is 1/.test(refused.problem));
  clock.advance(31 * 24 * 60 * MINUTE);
  assert.deepEqual(
    (await load(file, { dryRun: true })).effect.hitHandsets.map(({ imei, lastSeenAt }) => [imei, lastSeenAt]),
    [[testImei(1).equipment, undefined]],
  );
});

test('a batch whose process died counts for nothing, is waited for, and is taken back by the next import', async (context) => {
  const { load, register, operator, clock, status } = importing(context);
  register.lists.add({ imei: testImei(1), list: 'black', reason: 'stolen', author: 'Ada', source: 'regulator' });
  const now = clock.now();
  const dead = 'SELECT max(id) FROM list_batch';
  operator.database.execute(`
    INSERT INTO list_batch (at, touched_at, list, source, author, name, state) VALUES (${now}, ${now}, 'black', 'regulator', 'Ada', 'dead.csv', 'running');
    INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at)
      SELECT (${dead}), imei, list, source, reason, note, case_reference, author, added_at FROM list_entry;
    DELETE FROM list_entry;
    INSERT INTO list_entry (imei, list, source, reason, note, case_reference, author, added_at, batch)
      VALUES (${testImei(2).number}, 'black', 'regulator', 'stolen', '', '', 'Ada', ${now}, (${dead}));`);
  assert.deepEqual([status(testImei(1).equipment), status(testImei(2).equipment)], ['prohibited', 'permitted']);
  await assert.rejects(
    load(`imei\n${testImei(3).equipment}\n`),
    /another import \(batch 1, dead.csv\), which is being written/,
  );
  clock.advance(16_000);
  const next = await load(`imei\n${testImei(3).equipment}\n`);
  assert.equal(next.outcome, 'applied');
  assert.deepEqual(
    [1, 2, 3].map((serial) => status(testImei(serial).equipment)),
    ['prohibited', 'permitted', 'prohibited'],
  );
  assert.deepEqual(
    register.imports(9).map(({ name, state }) => [name, state]),
    [
      ['file.csv', 'done'],
      ['dead.csv', 'cutOff'],
    ],
  );
});

test('what was compared with a batch that is undone meanwhile is not written', async (context) => {
  const { load, register, status } = importing(context);
  const first = await load(`imei\n${testImei(1).equipment}\n`);
  assert.ok(first.outcome === 'applied');
  const undo = () => register.undoImport({ batch: first.batch, author: 'Eve', reason: 'wrong file' });
  // When it has compared, before it writes.
  const onProgress: ImportOptions['onProgress'] = ({ phase, done, of }) => {
    if (phase === 'comparing' && done === of && register.imports(1)[0]?.state === 'done') void undo();
  };
  const second = load(`imei\n${testImei(1).equipment}\n`, { name: 'again.csv', onProgress });
  await assert.rejects(second, { name: 'RangeError', message: /another import of regulator, written or undone/ });
  assert.equal(register.imports(1)[0]?.state, 'undone');
  await load(`imei\n${testImei(1).equipment}\n`);
  assert.equal(status(testImei(1).equipment), 'prohibited');
});

test('a whole list that changes, removes and adds by the thousand; undone, every entry is as it was', async (context) => {
  const { load, register } = importing(context);
  const file = (from: number, to: number, reason: string) =>
    `imei,reasons\n${Array.from({ length: to - from }, (_, i) => `${testImei(from + i).equipment},${reason}`).join('\n')}\n`;
  const standing = () => Array.from(register.lists.each('black'), ({ imei, reason }) => `${imei.equipment} ${reason}`);
  await load(file(0, 2600, 'stolen'));
  const before = standing();
  // Somebody else adds one of the new ones between comparing and writing: it is replaced, and comes back with the undoing.
  const hers = { imei: testImei(3000), list: 'black', reason: 'other', author: 'Eve', source: 'regulator' } as const;
  let isThere = false;
  const onProgress: ImportOptions['onProgress'] = ({ phase, done, of }) => {
    if (isThere || phase !== 'comparing' || done !== of) return;
    register.lists.add(hers);
    isThere = true;
  };
  const whole = { kind: 'full', changeLimit: 9999, onProgress } as const;
  const result = await load(file(1300, 3100, 'lost'), whole);
  assert.ok(result.outcome === 'applied');
  assert.deepEqual([result.effect.removed, result.effect.updated, result.effect.added], [1300, 1300, 500]);
  assert.deepEqual(
    standing(),
    Array.from({ length: 1800 }, (_, i) => `${testImei(1300 + i).equipment} lost`),
  );
  await register.undoImport({ batch: result.batch, author: 'Ada', reason: 'wrong file' });
  assert.deepEqual(standing(), [...before, `${hers.imei.equipment} other`]);
  assert.equal(register.lists.all(hers.imei)[0]?.author, 'Eve');
});

test('every bad line is told in order, however many; progress ends with all that was written', async (context) => {
  const { load } = importing(context);
  const lines = Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? testImei(i).equipment : `bad${i}`));
  const told: number[] = [];
  const phases: string[] = [];
  const { effect } = await load(`imei\n${lines.join('\n')}\n`, {
    onBadLine: ({ number }) => told.push(number),
    onProgress: ({ phase, done, of }) => phases.push(`${phase} ${done} ${of}`),
  });
  assert.deepEqual([effect.bad, effect.badLines.length, told.length, told[0]], [1500, 1000, 1500, 3]);
  assert.equal(phases.at(-1), 'writing 1500 1500');
});

test('a file of Open5GS names its own lists', async (context) => {
  const { load, status } = importing(context);
  await load(
    '[{"pei":"imei-353420091234503","status":"BLACKLISTED"},{"pei":"imeisv-3534200912345101","status":"GREYLISTED"}]',
  );
  assert.deepEqual([status('35342009123450'), status('35342009123451')], ['prohibited', 'tracking']);
  assert.equal(Imei.parse('353420091234503').equipment, '35342009123450');
});

test('what a dead batch has taken from another one, or a person has changed meanwhile, does not come back with its taking back', async (context) => {
  const { load, register, operator, clock, status } = importing(context);
  const first = await load(`imei\n${[1, 2, 3].map((serial) => testImei(serial).equipment).join('\n')}\n`);
  assert.ok(first.outcome === 'applied');
  const now = clock.now();
  // A second import of the same source, cut off after it had replaced all three.
  operator.database.execute(`
    INSERT INTO list_batch (id, at, touched_at, list, source, author, name, state) VALUES (77, ${now}, ${now}, 'black', 'regulator', 'Ada', 'dead.csv', 'running');
    INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch)
      SELECT 77, imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch FROM list_entry;
    UPDATE list_entry SET batch = 77, note = 'replaced';`);
  const undo = () => register.undoImport({ batch: first.batch, author: 'Ada', reason: 'wrong file' });
  await assert.rejects(undo, /another import \(batch 77, dead.csv\), which is being written/);
  const what = { imei: testImei(3), list: 'black', author: 'Bob', source: 'regulator' } as const;
  assert.equal(register.lists.remove({ ...what, reason: 'recovered' }), true);
  assert.equal(register.lists.remove({ ...what, reason: 'recovered' }), false);
  register.lists.add({ ...what, imei: testImei(2), reason: 'lost' });
  assert.deepEqual(
    [1, 2, 3].map((serial) => register.lists.all(testImei(serial)).map(({ author, note }) => `${author} ${note}`)),
    [['Ada '], ['Bob '], []],
  );
  clock.advance(16_000);
  assert.equal(await undo(), 1);
  assert.deepEqual(
    [1, 2, 3].map((serial) => status(testImei(serial).equipment)),
    ['permitted', 'prohibited', 'permitted'],
  );
});

test('a dirty file: every kind of line end in it, quotes, BOMs, half a character', async (context) => {
  const { load, status, register } = importing(context);
  const clean = Array.from({ length: 2000 }, (_, serial) => `${testImei(serial).equipment},ok\n`).join('');
  const { effect, outcome } = await load(
    `\ufeffimei,note\r\n${clean}` +
      `${testImei(30_001).equipment},carriage return\r` +
      `"${testImei(30_002).equipment}","a ""quoted"" note"\r\n` +
      `\ufeff${testImei(30_003).equipment},a BOM inside\n` +
      `"${testImei(30_004).equipment},no end of the quote\n` +
      `${testImei(30_005).equipment},half a pair \ud800\n` +
      `${testImei(30_006).equipment},no line end`,
    { changeLimit: 30_000 },
  );
  assert.equal(outcome, 'applied');
  assert.deepEqual(
    effect.badLines.map(({ number }) => number - 2001),
    [4],
  );
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map((serial) => status(testImei(30_000 + serial).equipment)),
    ['prohibited', 'prohibited', 'prohibited', 'permitted', 'prohibited', 'prohibited'],
  );
  assert.equal(register.lists.all(testImei(30_002))[0]?.note, 'a "quoted" note');
  assert.equal(register.lists.all(testImei(30_005))[0]?.note, 'half a pair \ufffd');
});

test('octets 00, however far behind the beginning, make it no list: the line is named, nothing is changed', async (context) => {
  const { register } = importing(context);
  const clean = Array.from({ length: 20_000 }, (_, serial) => `${testImei(serial).equipment}\n`).join('');
  const result = await register.importList(octets(`imei\n${clean}${testImei(30_001).equipment}\0\n`), {
    ...{ list: 'black', source: 'regulator', author: 'Ada', name: 'file.csv', changeLimit: 30_000 },
  });
  assert.ok(result.outcome === 'malformed');
  assert.match(result.problem, /^after line 20001: expected text, got octets 00/);
  assert.equal(register.lists.counts()[0]?.entries, 0);
});
