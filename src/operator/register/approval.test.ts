import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test as onSqlite, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Imei, Imsi } from '#base/identity/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { databaseOf, onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import type { EntryChange } from './list-change.ts';
import type { ImportOptions } from './list-import/index.ts';
import type { ApprovalRule, SettingName } from './register-settings.ts';

const IMEI = testImei(1).equipment;
const said = { source: 'operator', note: '', caseReference: 'A-7' } as const;
const ENTRY = { about: 'imei', imei: IMEI, list: 'black' } as const;
const RANGE = { about: 'range', first: testImei(0).equipment, last: testImei(9).equipment } as const;
const PAIR = {
  about: 'pair',
  first: IMEI,
  last: IMEI,
  firstImsi: '001010000000001',
  lastImsi: '001010000000001',
} as const;
const ADD_BLACK: EntryChange = { ...ENTRY, change: 'add', reason: 'stolen', ...said };
const REMOVE_BLACK: EntryChange = { ...ENTRY, change: 'remove', source: 'operator' };

function people(context: TestContext, rule: ApprovalRule, directory = temporaryDirectory(context)) {
  const made = testOperator(context, { directory });
  const { register, audit } = made;
  register.set('approval', rule, 'Root', 'test');
  const { approvals } = register;
  const status = () => register.explain({ imei: IMEI }).equipmentStatus;
  const approve = (id: number, approver: string) =>
    approvals.decide(id, { approver, verdict: 'approve', reason: 'checked' });
  const wait = (change: EntryChange, author = 'Ada') => {
    const proposal = register.propose(change, author, 'police report');
    assert.ok(proposal.outcome === 'waiting');
    return proposal.id;
  };
  const load = (text: string, more: Partial<ImportOptions> = {}) =>
    register.importList([new TextEncoder().encode(text)], {
      ...{ list: 'black', source: 'regulator', author: 'Ada', name: 'file.csv' },
      ...more,
    });
  const told = (most: number) =>
    audit.newest(most, 'list').map(({ author, detail }) => [author, detail?.['change'], detail?.['approvedBy']]);
  return { ...made, approvals, status, approve, wait, load, told };
}

test('one person: nobody else is asked, the change is made at once', (context) => {
  const { register, approvals, status } = people(context, 'never');
  assert.deepEqual(register.propose(ADD_BLACK, 'Ada', ''), { outcome: 'done', changed: true });
  assert.equal(status(), 'prohibited');
  assert.deepEqual(register.propose(REMOVE_BLACK, 'Ada', 'found'), { outcome: 'done', changed: true });
  assert.deepEqual(register.propose(REMOVE_BLACK, 'Ada', 'found'), { outcome: 'done', changed: false });
  assert.equal(status(), 'permitted');
  assert.deepEqual(approvals.newest(9), []);
});

test('two persons: nothing changes until another one approves; author is the proposer, the log names both', (context) => {
  const { register, approvals, status, approve, wait, told, clock } = people(context, 'always');
  const id = wait(ADD_BLACK);
  assert.equal(status(), 'permitted');
  assert.deepEqual(
    approvals.waiting(9).map(({ at: _, ...shown }) => shown),
    [
      {
        id,
        author: 'Ada',
        reason: 'police report',
        change: ADD_BLACK,
        state: 'waiting',
        decidedBy: undefined,
        decidedAt: undefined,
      },
    ],
  );
  clock.advance(MINUTE);
  assert.deepEqual(approve(id, 'Bob'), { changed: true });
  assert.equal(status(), 'prohibited');
  assert.equal(register.lists.all(testImei(1))[0]?.author, 'Ada');
  assert.deepEqual(told(3), [
    ['Bob', 'approved', undefined],
    ['Ada', 'added', 'Bob'],
    ['Ada', 'proposed', undefined],
  ]);
  const { state, decidedBy, decidedAt } = approvals.find(id) ?? {};
  assert.deepEqual([state, decidedBy, decidedAt], ['approved', 'Bob', clock.now()]);
  assert.deepEqual(approvals.waiting(9), []);
  assert.deepEqual(approve(wait(REMOVE_BLACK), 'Bob'), { changed: true });
  assert.deepEqual(told(2)[1], ['Ada', 'removed', 'Bob']);
  assert.deepEqual(approve(wait(REMOVE_BLACK), 'Bob'), { changed: false });
  assert.equal(status(), 'permitted');
});

test('nobody approves or rejects his own change, however he writes his name', (context) => {
  const { approvals, status, wait } = people(context, 'always');
  const id = wait(ADD_BLACK, 'Ada Lovelace');
  for (const approver of ['Ada Lovelace', ' ada lovelace ', 'ADA LOVELACE', 'Ada\u00a0Lovelace', 'Ａda Lovelace'])
    for (const verdict of ['approve', 'reject'] as const)
      assert.throws(() => approvals.decide(id, { approver, verdict, reason: 'x' }), /expected another person than Ada/);
  assert.throws(() => approvals.decide(id, { approver: '  ', verdict: 'approve', reason: 'x' }), /expected a name/);
  assert.deepEqual([status(), approvals.find(id)?.state], ['permitted', 'waiting']);
});

test('what was decided, what is missing and what waited for 30 days can no longer be decided', (context) => {
  const { approvals, status, approve, wait, told, clock } = people(context, 'always');
  const rejected = wait(ADD_BLACK);
  assert.deepEqual(approvals.decide(rejected, { approver: 'Bob', verdict: 'reject', reason: 'no case' }), {
    changed: false,
  });
  assert.deepEqual(told(1), [['Bob', 'rejected', undefined]]);
  assert.throws(() => approve(rejected, 'Eve'), {
    name: 'RangeError',
    message: /expected one that waits, got one that is rejected/,
  });
  assert.throws(() => approve(99, 'Eve'), { name: 'RangeError', message: /got one that is missing/ });
  const [old, young] = [wait(ADD_BLACK), wait(ADD_BLACK)];
  clock.advance(30 * DAY - 1);
  approve(young, 'Bob');
  clock.advance(1);
  assert.throws(() => approve(old, 'Bob'), { name: 'RangeError', message: /got one that is expired/ });
  assert.deepEqual(approvals.waiting(9), []);
  assert.deepEqual(
    approvals.newest(9).map(({ id, state }) => [id, state]),
    [
      [young, 'approved'],
      [old, 'expired'],
      [rejected, 'rejected'],
    ],
  );
  assert.equal(approvals.newest(1).length, 1);
  assert.equal(status(), 'prohibited');
});

onSqlite('prohibiting: what makes something Prohibited waits, all else is done at once', (context) => {
  const { register, approvals, approve } = people(context, 'prohibiting');
  const waits = (change: EntryChange) => register.propose(change, 'Ada', 'test').outcome === 'waiting';
  const entry = { change: 'add', reason: 'other', ...said } as const;
  const rule = { ...PAIR, change: 'add', ...said } as const;
  for (const list of ['black', 'grey', 'white'] as const) {
    assert.equal(waits({ ...ENTRY, ...entry, list }), list === 'black');
    assert.equal(waits({ ...RANGE, ...entry, list }), list === 'black');
  }
  assert.deepEqual([waits({ ...rule, kind: 'lock' }), waits({ ...rule, kind: 'allow' })], [true, false]);
  for (const { id } of approvals.waiting(9)) assert.deepEqual(approve(id, 'Bob'), { changed: true });
  const remove = { change: 'remove', source: 'operator' } as const;
  for (const change of [
    REMOVE_BLACK,
    { ...RANGE, ...remove, list: 'black' },
    { ...PAIR, ...remove, kind: 'lock' },
  ] as const)
    assert.deepEqual(register.propose(change, 'Ada', 'test'), { outcome: 'done', changed: true });
});

onSqlite('ranges and pair rules are made and taken back by two', (context) => {
  const { register, approve, wait, told } = people(context, 'always');
  approve(wait({ ...RANGE, change: 'add', list: 'grey', reason: 'other', ...said }), 'Bob');
  approve(wait({ ...PAIR, change: 'add', kind: 'lock', ...said }), 'Bob');
  assert.deepEqual([register.ranges.count(), register.pairRules.count()], [1, 1]);
  assert.deepEqual(told(2)[1], ['Ada', 'added', 'Bob']);
  approve(wait({ ...RANGE, change: 'remove', list: 'grey', source: 'operator' }), 'Bob');
  approve(wait({ ...PAIR, change: 'remove', kind: 'lock', source: 'operator' }), 'Bob');
  assert.deepEqual([register.ranges.count(), register.pairRules.count()], [0, 0]);
  assert.deepEqual(told(2)[1], ['Ada', 'removed', 'Bob']);
});

test('a change that makes no sense is refused when it is proposed, or when it is approved too late', (context) => {
  const { register, approvals, approve, wait, status, clock } = people(context, 'always');
  const refused = (change: unknown, because: RegExp) =>
    assert.throws(() => register.propose(change as EntryChange, 'Ada', 'x'), { name: 'RangeError', message: because });
  refused({ ...ADD_BLACK, imei: '123' }, /imei: expected the 14 digits/);
  refused({ ...ADD_BLACK, expiresAt: clock.now() }, /expected a time to come/);
  refused({ ...ADD_BLACK, note: 'x'.repeat(201) }, /note: expected at most 200/);
  refused({ ...ADD_BLACK, source: ' ' }, /source: expected a name/);
  refused(
    { ...RANGE, first: RANGE.last, last: RANGE.first, change: 'remove', list: 'black', source: 'x' },
    /not above/,
  );
  refused({ ...PAIR, lastImsi: '00101', change: 'remove', kind: 'lock', source: 'x' }, /IMSI/);
  refused({ about: 'file' }, /expected/);
  assert.throws(() => register.propose(ADD_BLACK, ' ', 'x'), /author: expected a name/);
  const id = wait({ ...ADD_BLACK, expiresAt: clock.now() + MINUTE });
  clock.advance(MINUTE);
  assert.throws(() => approve(id, 'Bob'), /expected a time to come/);
  assert.deepEqual([status(), approvals.find(id)?.state], ['permitted', 'waiting']);
});

test('a kept change that somebody has altered is an error, not a change', (context) => {
  const { approvals, approve, wait, operator } = people(context, 'always');
  const id = wait(ADD_BLACK);
  for (const kept of ['no JSON', '{"about":"imei"}', '[]', 'null']) {
    operator.database.command('UPDATE pending_change SET change = ?').run(kept);
    assert.throws(() => approve(id, 'Bob'), DatabaseError);
    assert.throws(() => approvals.waiting(9), DatabaseError);
  }
});

const FILE = `imei\n${IMEI}\n${testImei(2).equipment}\n`;

test('a file waits, and is written when another person imports the very same file in the same way', async (context) => {
  const { register, approvals, status, load, told, approve } = people(context, 'always');
  const first = await load(FILE, { caseReference: 'REG-7', reason: 'fraud' });
  assert.ok(first.outcome === 'waiting' && first.effect.added === 2);
  assert.deepEqual([status(), register.imports(9)], ['permitted', []]);
  const { change } = approvals.find(first.id) ?? {};
  assert.ok(change?.about === 'file' && /^[0-9A-F]{64}$/.test(change.sha256));
  assert.deepEqual([change.added, change.prohibiting, change.caseReference], [2, 2, 'REG-7']);
  const approval = { id: first.id, approver: 'Bob' };
  assert.throws(() => approve(first.id, 'Bob'), /expected the file file.csv again/);
  await assert.rejects(load(FILE, { approval: { ...approval, approver: 'ADA' } }), /expected another person/);
  await assert.rejects(load(FILE, { approval, source: 'other' }), /expected source regulator .* got other/);
  await assert.rejects(load(FILE, { approval, list: 'grey' }), /expected list black/);
  await assert.rejects(load(FILE, { approval, kind: 'full' }), /expected kind delta/);
  await assert.rejects(load(FILE, { approval, reason: 'stolen' }), /expected reason fraud/);
  await assert.rejects(load(FILE, { approval, mapping: { imei: 1 } }), /expected mapping \(none\)/);
  await assert.rejects(load(`${FILE}\n`, { approval }), /expected the very file/);
  assert.equal((await load(FILE, { approval, changeLimit: 1 })).outcome, 'refused');
  assert.equal((await load(FILE, { approval, dryRun: true })).outcome, 'dryRun');
  assert.deepEqual([status(), approvals.find(first.id)?.state], ['permitted', 'waiting']);
  const second = await load(FILE, { approval, author: 'Bob', name: 'copy.csv' });
  assert.equal(second.outcome, 'applied');
  assert.deepEqual([status(), approvals.find(first.id)?.decidedBy], ['prohibited', 'Bob']);
  const [entry] = register.lists.all(testImei(1));
  assert.deepEqual([entry?.author, entry?.reason, entry?.caseReference], ['Ada', 'fraud', 'REG-7']);
  assert.deepEqual(told(4), [
    ['Ada', 'imported', 'Bob'],
    ['Bob', 'approved', undefined],
    ['Ada', 'import begun', 'Bob'],
    ['Ada', 'proposed', undefined],
  ]);
  await assert.rejects(load(FILE, { approval }), /got one that is approved/);
});

onSqlite('prohibiting: only files that add to the black list, or lock, wait', async (context) => {
  const { load, wait } = people(context, 'prohibiting');
  const outcome = async (text: string, more: Partial<ImportOptions> = {}) => (await load(text, more)).outcome;
  const pair = `imei,imsi\n${IMEI},001010000000001\n`;
  assert.equal(await outcome(FILE), 'waiting');
  assert.equal(await outcome(FILE, { list: 'grey' }), 'applied');
  assert.equal(await outcome(FILE, { change: 'remove' }), 'applied');
  assert.equal(await outcome('tac\n35342009\n'), 'waiting');
  assert.equal(await outcome('tac\n35342009\n', { list: 'white' }), 'applied');
  assert.equal(await outcome(pair), 'applied');
  assert.equal(await outcome(pair, { pairs: 'lock' }), 'waiting');
  const approval = { id: wait(ADD_BLACK), approver: 'Bob' };
  await assert.rejects(load(FILE, { approval }), /expected an import, got a change about/);
});

test('an undoing waits where its import would, and shows what comes back, what goes, and whom it cuts off', async (context) => {
  const { register, approvals, load, told, approve, issue, evidence } = people(context, 'never');
  const [lost, found, kept] = [testImei(1), testImei(2), testImei(3)];
  const [phone, other] = [issue(), issue()];
  const full = { kind: 'full', changeLimit: 9 } as const;
  await load(`imei,reason\n${lost.equipment},stolen\n${kept.equipment},stolen\n`);
  const second = await load(`imei,reason\n${found.equipment},stolen\n${kept.equipment},fraud\n`, full);
  assert.ok(second.outcome === 'applied');
  for (const [imei, { imsi }] of [
    [lost, phone],
    [found, other],
  ] as const)
    register.check({ imei, imsi });
  evidence.flush();
  const { hitHandsets, ...numbers } = await register.undoEffect(second.batch);
  assert.deepEqual(numbers, {
    ...{ leaving: 1, returning: 1, restored: 1, rules: 0, prohibiting: 1, subscribersHit: 1, subscribersFreed: 1 },
  });
  assert.deepEqual(
    hitHandsets.map(({ imei, imsi }) => [imei, imsi]),
    [[lost.equipment, phone.imsi.digits]],
  );
  register.set('approval', 'prohibiting', 'Root', 'test');
  const waiting = await register.proposeUndo(second.batch, 'Ada', 'wrong file');
  assert.ok(waiting.outcome === 'waiting');
  const status = (imei: Imei) => register.explain({ imei }).equipmentStatus;
  assert.deepEqual([status(lost), status(found)], ['permitted', 'prohibited']);
  assert.deepEqual(approvals.find(waiting.id)?.change, {
    ...{ about: 'undo', batch: second.batch, name: 'file.csv', list: 'black', source: 'regulator', ...numbers },
  });
  assert.throws(() => approve(waiting.id, 'ada'), /expected another person than Ada/);
  assert.deepEqual(approve(waiting.id, 'Bob'), { changed: true });
  assert.deepEqual([status(lost), status(found)], ['prohibited', 'permitted']);
  assert.equal(register.lists.all(kept)[0]?.reason, 'stolen');
  assert.deepEqual(told(3), [
    ['Bob', 'approved', undefined],
    ['Ada', 'undone', 'Bob'],
    ['Ada', 'proposed', undefined],
  ]);
});

test('an undoing that brings nothing Prohibited back waits for a second person only where everything does', async (context) => {
  const { register, load, approvals, approve } = people(context, 'never');
  const first = await load(FILE);
  const second = await load('tac\n35342009\n', { change: 'add' });
  assert.ok(first.outcome === 'applied' && second.outcome === 'applied');
  register.set('approval', 'prohibiting', 'Root', 'test');
  const done = await register.proposeUndo(first.batch, 'Ada', 'wrong');
  assert.ok(done.outcome === 'done' && done.changed === 2 && done.effect.leaving === 2);
  register.set('approval', 'always', 'Root', 'test');
  const ids: number[] = [];
  for (let i = 0; i < 2; i++) {
    const waiting = await register.proposeUndo(second.batch, 'Ada', 'wrong');
    assert.ok(waiting.outcome === 'waiting');
    ids.push(waiting.id);
  }
  assert.deepEqual(approve(ids[0] as number, 'Bob'), { changed: true });
  assert.equal(register.ranges.count(), 0);
  assert.throws(() => approve(ids[1] as number, 'Bob'), { name: 'RangeError', message: /still stands, got undone/ });
  assert.equal(approvals.find(ids[1] as number)?.state, 'waiting');
  for (const batch of [first.batch, 99])
    await assert.rejects(register.proposeUndo(batch, 'Ada', 'x'), { name: 'RangeError', message: /still stands, got/ });
});

test('a lock or a black range that an import took away comes back by two persons', async (context) => {
  const { register, load } = people(context, 'never');
  const source = 'regulator';
  const [imei, imsi] = [testImei(1), '001010000000001'];
  const bounds = { first: imei, last: imei };
  const [firstImsi, lastImsi] = [Imsi.parse(imsi), Imsi.parse(imsi)];
  register.pairRules.add({ ...bounds, firstImsi, lastImsi, kind: 'lock', source, author: 'Ada' });
  const taken = await load(`imei,imsi\n${imei.equipment},${imsi}\n`, { change: 'remove', pairs: 'lock' });
  assert.ok(taken.outcome === 'applied' && register.pairRules.count() === 0);
  const { rules, prohibiting } = await register.undoEffect(taken.batch);
  assert.deepEqual([rules, prohibiting], [1, 1]);
  register.set('approval', 'prohibiting', 'Root', 'test');
  assert.equal((await register.proposeUndo(taken.batch, 'Ada', 'wrong')).outcome, 'waiting');
});

test('nobody lowers the asking for a second person alone; asking for more needs one person', (context) => {
  const { register, approvals, approve, audit } = people(context, 'never');
  const change = (value: ApprovalRule, author = 'Ada') =>
    register.propose({ about: 'setting', name: 'approval', value }, author, 'test');
  const rule = () => register.settings.read().approval;
  for (const value of ['prohibiting', 'prohibiting', 'always', 'always'] as const)
    assert.deepEqual([change(value).outcome, rule()], ['done', value]);
  const ids: number[] = [];
  for (const value of ['never', 'prohibiting'] as const) {
    const waiting = change(value);
    assert.ok(waiting.outcome === 'waiting');
    ids.push(waiting.id);
  }
  const [toNever = 0, toProhibiting = 0] = ids;
  assert.equal(rule(), 'always');
  assert.throws(() => approve(toNever, 'ADA'), /expected another person/);
  assert.deepEqual([approve(toProhibiting, 'Bob'), rule()], [{ changed: true }, 'prohibiting']);
  assert.equal(change('never').outcome, 'waiting');
  assert.deepEqual([approve(toNever, 'Bob'), rule()], [{ changed: true }, 'never']);
  const [approved, set, ...before] = audit.newest(9, 'setting');
  assert.deepEqual(
    [approved?.author, approved?.subject, approved?.detail?.['change']],
    ['Bob', 'approval', 'approved'],
  );
  assert.deepEqual(
    [set?.author, set?.detail],
    ['Ada', { value: 'never', before: 'prohibiting', reason: 'test', approvedBy: 'Bob' }],
  );
  const proposed = before.find(({ detail }) => detail?.['change'] === 'proposed');
  assert.deepEqual([proposed?.detail?.['before'], proposed?.detail?.['value']], ['prohibiting', 'never']);
  assert.throws(() => change('sometimes' as ApprovalRule), {
    name: 'RangeError',
    message: /approval: expected one of/,
  });
  assert.deepEqual(register.propose({ about: 'setting', name: 'mode', value: 'track' }, 'Ada', 'test'), {
    ...{ outcome: 'done', changed: true },
  });
  assert.equal(register.mode(), 'track');
  assert.equal(approvals.waiting(9).length, 1);
});

test('settings that prohibit, and the mode off, wait for another person as entries do; to track is left to one until all waits', (context) => {
  const { register, approve, approvals } = people(context, 'prohibiting');
  const set = (name: SettingName, value: string) =>
    register.propose({ about: 'setting', name, value }, 'Ada', 'test').outcome;
  const outcomes = (...changes: readonly (readonly [SettingName, string])[]) =>
    changes.map(([name, value]) => set(name, value));
  assert.deepEqual(
    outcomes(
      ['unknown.s13', 'prohibited'],
      ['failure.listTooOld', 'prohibited'],
      ['cloneStatus', 'prohibited'],
      ['mode', 'off'],
    ),
    ['waiting', 'waiting', 'waiting', 'waiting'],
  );
  assert.equal(register.settings.value('unknown.s13'), 'permitted');
  assert.deepEqual(outcomes(['unknown.s13', 'tracking'], ['mode', 'enforce'], ['mode', 'track'], ['oldestList', '5']), [
    'done',
    'done',
    'done',
    'done',
  ]);
  // Back again it prohibits.
  assert.equal(set('mode', 'enforce'), 'waiting');
  const [toEnforce] = approvals.waiting(9).filter(({ change }) => 'value' in change && change.value === 'enforce');
  assert.throws(() => approve(toEnforce?.id ?? 0, 'Ada'), /expected another person/);
  assert.deepEqual([approve(toEnforce?.id ?? 0, 'Bob'), register.mode()], [{ changed: true }, 'enforce']);
  const prefix = (answer: 'prohibited' | 'tracking') =>
    register.propose({ about: 'imsiDefault', change: 'add', prefix: '26201', answer, note: '' }, 'Ada', '').outcome;
  assert.deepEqual([prefix('prohibited'), prefix('tracking')], ['waiting', 'done']);
  register.set('approval', 'always', 'Root', 'test');
  assert.deepEqual(
    outcomes(['mode', 'track'], ['unknown.s13', 'permitted'], ['failure.notLoaded', 'unknown'], ['oldestList', '6']),
    ['waiting', 'waiting', 'waiting', 'done'],
  );
  assert.equal(prefix('tracking'), 'waiting');
});

onSqlite('a mapping has to be said again', async (context) => {
  const { load } = people(context, 'always');
  const mapping = { imei: 1, header: false } as const;
  const first = await load(`${IMEI}\n`, { mapping });
  assert.ok(first.outcome === 'waiting');
  const approval = { id: first.id, approver: 'Bob' };
  await assert.rejects(load(`${IMEI}\n`, { approval }), /expected mapping \{"imei":1,"header":false\}/);
  assert.equal((await load(`${IMEI}\n`, { approval, mapping })).outcome, 'applied');
});

test('rejected while the approved file is being written: nothing of it counts', async (context) => {
  const { load, approvals, status, register } = people(context, 'always');
  const first = await load(FILE);
  assert.ok(first.outcome === 'waiting');
  const { id } = first;
  const rejecting = load(FILE, {
    approval: { id, approver: 'Bob' },
    onProgress({ phase }) {
      if (phase === 'writing') approvals.decide(id, { approver: 'Eve', verdict: 'reject', reason: 'stop' });
    },
  });
  await assert.rejects(rejecting, /got one that is rejected/);
  assert.deepEqual([status(), register.imports(1)[0]?.state], ['permitted', 'cutOff']);
});

const PROGRAM = fileURLToPath(new URL('../../../test/operator/approval-process.ts', import.meta.url));

/** Second persons in processes of their own who approve at the same moment: what each of them heard. */
async function approvers(
  context: TestContext,
  { directory, now, id, file = '' }: { directory: string; now: number; id: number; file?: string },
  people: readonly (readonly [name: string, end: string])[],
): Promise<readonly string[]> {
  const url = databaseOf(context, directory).databaseUrl ?? '';
  const children = people.map(([name, end]) => {
    const args = [PROGRAM, directory, String(now), name, String(id), end, file, url];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    context.after(() => child.kill('SIGKILL'));
    const ready = Promise.withResolvers<void>();
    let printed = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      printed += chunk;
      ready.resolve();
    });
    const ended = new Promise<string>((resolve) => {
      child.on('close', (_code, signal) => {
        ready.resolve();
        resolve(signal ?? printed.split('\n')[1] ?? '');
      });
    });
    return { child, ready: ready.promise, ended };
  });
  await Promise.all(children.map(({ ready }) => ready));
  for (const { child } of children) child.stdin.end('now\n');
  return Promise.all(children.map(({ ended }) => ended));
}

test('two approve at once, in processes of their own: one of them does, the other is told', async (context) => {
  const directory = temporaryDirectory(context);
  const { wait, clock, status, approvals, told } = people(context, 'always', directory);
  const id = wait(ADD_BLACK);
  const heard = await approvers(context, { directory, now: clock.now(), id }, [
    ['Bob', ''],
    ['Eve', ''],
  ]);
  assert.deepEqual(heard.toSorted(), [
    'approved',
    `change ${id}: expected one that waits, got one that is approved; look at /api/v1/approvals`,
  ]);
  assert.deepEqual([status(), approvals.find(id)?.decidedBy], ['prohibited', heard[0] === 'approved' ? 'Bob' : 'Eve']);
  assert.deepEqual(
    told(9).map(([, change]) => change),
    ['approved', 'added', 'proposed'],
  );
});

test('two import the approved file at once: it is written once', async (context) => {
  const directory = temporaryDirectory(context);
  const { load, clock, status, approvals, register } = people(context, 'always', directory);
  const first = await load(FILE);
  assert.ok(first.outcome === 'waiting');
  const heard = await approvers(context, { directory, now: clock.now(), id: first.id, file: FILE }, [
    ['Bob', ''],
    ['Eve', ''],
  ]);
  assert.equal(heard.filter((one) => one === 'applied').length, 1, heard.join(' | '));
  assert.equal(heard.filter((one) => /another import|got one that is approved/.test(one)).length, 1, heard.join(' | '));
  assert.deepEqual([status(), approvals.find(first.id)?.state], ['prohibited', 'approved']);
  assert.equal(register.imports(9).filter(({ state }) => state === 'done').length, 1);
  assert.equal(register.lists.counts()[0]?.entries, 2);
});

/** Does it as soon as the locks of a killed process are gone: a server notices that its client is dead in milliseconds, later on a busy machine. */
async function whenUnlocked<T>(act: () => T | Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DatabaseError && error.temporary) || tries === MOST_TRIES) throw error;
      await setTimeout(20);
    }
}
const MOST_TRIES = 500;

test('killed between the change and the word of the second person: neither of them is there, and both can be said again', async (context) => {
  const directory = temporaryDirectory(context);
  const { wait, load, clock, status, approvals, approve, register } = people(context, 'always', directory);
  const id = wait(ADD_BLACK);
  assert.deepEqual(await approvers(context, { directory, now: clock.now(), id }, [['Bob', 'killed']]), ['SIGKILL']);
  assert.deepEqual([status(), approvals.find(id)?.state], ['permitted', 'waiting']);
  const first = await whenUnlocked(() => load(FILE));
  assert.ok(first.outcome === 'waiting');
  const asked = { directory, now: clock.now(), id: first.id, file: FILE };
  assert.deepEqual(await approvers(context, asked, [['Bob', 'killed']]), ['SIGKILL']);
  assert.deepEqual([status(), approvals.find(first.id)?.state], ['permitted', 'waiting']);
  await whenUnlocked(() => approve(id, 'Eve'));
  clock.advance(MINUTE);
  assert.equal((await load(FILE, { approval: { id: first.id, approver: 'Eve' } })).outcome, 'applied');
  assert.deepEqual(
    register.imports(9).map(({ state }) => state),
    ['done', 'cutOff'],
  );
  assert.deepEqual(
    [...register.lists.each('black')].map(({ imei, source }) => [imei.equipment, source]),
    [
      [IMEI, 'operator'],
      [IMEI, 'regulator'],
      [testImei(2).equipment, 'regulator'],
    ],
  );
});
