import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openOperator } from '#operator/index.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';
import { operatorDirectory } from './data-directory.ts';

const IMEI = '35332510990022';
const BLACK = [IMEI, '--list', 'black', '--author', 'ada'] as const;
const ADD = ['list', 'add', ...BLACK, '--reason', 'stolen'] as const;

/** Commands in this process over one data directory, where every change needs a second person. */
async function twoPersons(context: TestContext) {
  const data = dataDirectory(context);
  const assay = (...args: readonly string[]) => assayIn(data, args);
  const json = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
    const { status, out, err } = await assay(...args, '--json');
    return { ...(JSON.parse(out === '' ? '{}' : out) as object), status, err };
  };
  await assay('register', 'set', 'approval', 'always', '--reason', 'two persons');
  const isProhibited = async () => (await assay('imei', 'check', IMEI)).status === 1;
  return { data, assay, json, isProhibited };
}

test('an entry waits, is shown, and another person approves it', async (context) => {
  const { assay, json, isProhibited } = await twoPersons(context);
  const added = await assay(...ADD, '--case', 'FIR-7', '--note', 'seen at the market');
  assert.deepEqual(
    [added.status, added.out],
    [0, 'waits for a second person: assay approval approve 1 --approver …\n'],
  );
  assert.equal(await isProhibited(), false);
  assert.match(
    (await assay('approval', 'list')).out,
    /^1 +2026-11-24 00:00:00 +ada +put 353325109900229 on the black list of operator: stolen \(FIR-7, seen at the market\)/m,
  );
  const own = await assay('approval', 'approve', '1', '--approver', 'Ada');
  assert.equal(own.status, 2);
  assert.match(own.err, /expected another person than ada/);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'grace')).out, 'change 1 is approved and made\n');
  assert.equal(await isProhibited(), true);
  const removed = await json('list', 'remove', ...BLACK, '--reason', 'recovered');
  assert.deepEqual([removed['status'], removed['waiting']], [0, 2]);
  assert.equal((await assay('approval', 'reject', '2', '--reason', 'not proved')).out, 'change 2 is rejected\n');
  assert.equal((await assay('approval', 'approve', '2')).status, 2);
  assert.equal(await isProhibited(), true);
  assert.equal((await assay('approval', 'list')).out, 'no change waits\n');
  const all = (await json('approval', 'list', '--all')) as { changes: readonly Record<string, unknown>[] };
  assert.deepEqual(
    all.changes.map(({ id, state, decidedBy }) => [id, state, decidedBy]),
    [
      [2, 'rejected', 'tester'],
      [1, 'approved', 'grace'],
    ],
  );
});

test('ranges and pairs wait too', async (context) => {
  const { assay, json } = await twoPersons(context);
  const range = ['35342009', '--list', 'black'] as const;
  const pair = ['lock', '35342009', '262010000000000-262010000009999'] as const;
  const asked = [
    ['range', 'add', ...range, '--reason', 'malformed'],
    ['pair', 'add', ...pair],
    ['range', 'remove', ...range, '--reason', 'allocated'],
    ['pair', 'remove', ...pair, '--reason', 'sold'],
  ] as const;
  for (const [at, args] of asked.entries()) assert.equal((await json(...args))['waiting'], at + 1);
  const { out } = await assay('approval', 'list');
  for (const words of [
    'put 35342009 on the black list of operator: malformed',
    'add lock: 35342009 with 262010000000000-262010000009999, of operator',
    'take 35342009 off the black list of operator',
    'remove lock: 35342009 with',
  ])
    assert.ok(out.includes(words), words);
  const changed: unknown[] = [];
  for (const id of ['1', '2', '3', '4', '3'])
    changed.push((await json('approval', 'approve', id, '--approver', 'grace'))['changed']);
  assert.deepEqual(changed, [true, true, true, true, undefined]);
});

test('a file waits, and is imported by the second person', async (context) => {
  const { data, assay, json, isProhibited } = await twoPersons(context);
  const file = join(data, 'stolen.csv');
  writeFileSync(file, `imei\n${IMEI}\n`);
  const read = ['list', 'import', file, '--list', 'black'] as const;
  const first = await assay(...read, '--author', 'ada', '--case', 'REG-7', '--full');
  assert.equal(first.status, 0);
  assert.match(
    first.out,
    /waits for a second person: assay list import FILE --list black --full --source 'stolen.csv' --approve 1 --author …/,
  );
  assert.equal(await isProhibited(), false);
  assert.match(
    (await assay('approval', 'list')).out,
    /import stolen\.csv \(full\) into the black list of stolen\.csv: 1 added/,
  );
  const approve = await assay('approval', 'approve', '1', '--approver', 'grace');
  assert.equal(approve.status, 2);
  assert.match(approve.err, /assay list import FILE --list black --full --source 'stolen.csv' --approve 1/);
  assert.match((await assay(...read, '--full', '--approve', '1', '--author', 'ada')).err, /expected another person/);
  assert.match((await assay(...read, '--approve', '1', '--author', 'grace')).err, /expected kind full/);
  const second = await json(...read, '--full', '--approve', '1', '--author', 'grace');
  assert.deepEqual([second['status'], second['outcome'], second['waiting']], [0, 'applied', undefined]);
  assert.equal(await isProhibited(), true);
  const again = await json(...read, '--full', '--author', 'ada');
  assert.deepEqual([again['status'], again['outcome'], again['waiting']], [0, 'waiting', 2]);
});

test('an undoing is shown, waits, and is made by another person', async (context) => {
  const { data, assay, json, isProhibited } = await twoPersons(context);
  const file = join(data, 'stolen.csv');
  writeFileSync(file, `imei\n${IMEI}\n`);
  const read = ['list', 'import', file, '--list', 'black'] as const;
  await assay(...read, '--author', 'ada');
  await assay(...read, '--approve', '1', '--author', 'grace');
  const dry = await assay('list', 'undo', '1', '--dry-run');
  assert.match(dry.out, /^1 go, 0 come back, .*\ndry run: nothing was changed\n$/);
  assert.equal((await assay('list', 'undo', '1')).status, 2);
  assert.match(
    (await assay('list', 'undo', '9', '--reason', 'x')).err,
    /batch 9: expected an import that still stands/,
  );
  const asked = await assay('list', 'undo', '1', '--reason', 'wrong file', '--author', 'ada');
  assert.match(asked.out, /\nwaits for a second person: assay approval approve 2 --approver …\n$/);
  assert.equal(await isProhibited(), true);
  assert.match(
    (await assay('approval', 'list')).out,
    /undo import 1 \(stolen\.csv\) of the black list of stolen\.csv: 1 go/,
  );
  assert.deepEqual((await json('approval', 'approve', '2', '--approver', 'grace'))['changed'], true);
  assert.equal(await isProhibited(), false);
});

test('asking a second person for less waits for one', async (context) => {
  const { assay } = await twoPersons(context);
  const set = ['register', 'set', 'approval', 'never', '--reason', 'fewer clicks', '--author', 'ada'] as const;
  assert.match((await assay(...set)).out, /^waits for a second person: assay approval approve 1/);
  assert.match((await assay('approval', 'list')).out, /set approval from always to never +fewer clicks/);
  assert.match((await assay('register', 'set', 'approval')).out, /approval +always/);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'ada')).status, 2);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'grace')).status, 0);
  assert.match((await assay(...set)).out, /approval +never/);
});

test('defaults by IMSI prefix: set by two persons, shown, explained, taken away', async (context) => {
  const { assay, json } = await twoPersons(context);
  const set = ['imsi-default', 'set', '26201', 'prohibited', '--reason', 'closed network', '--author', 'ada'] as const;
  assert.match((await assay(...set)).out, /^waits for a second person: assay approval approve 1/);
  assert.match((await assay('imsi-default', 'show')).out, /^no defaults by IMSI prefix/);
  assert.match((await assay('approval', 'list')).out, /set the default of subscribers 26201… to prohibited/);
  await assay('approval', 'approve', '1', '--approver', 'grace');
  assert.match((await assay('imsi-default', 'show')).out, /\n26201 +prohibited +closed network +ada/);
  const explained = await assay('imei', 'explain', IMEI, '--imsi', '262010000000001');
  assert.match(explained.out, /first digits of their IMSI counts\. \(26201: prohibited, closed network\)/);
  for (const prefix of ['26', '2620x'])
    assert.match(
      (await assay('imsi-default', 'set', prefix, 'tracking', '--reason', 'x')).err,
      /prefix: expected the first 3 to 14 digits of IMSIs/,
    );
  const remove = ['imsi-default', 'remove', '26201', '--reason', 'over'] as const;
  assert.equal((await json(...remove))['waiting'], 2);
  assert.match((await assay('approval', 'list')).out, /take away the default of subscribers 26201…/);
  await assay('approval', 'approve', '2', '--approver', 'grace');
  assert.deepEqual((await json('imsi-default', 'show'))['defaults'], []);
});

test('the mode is set by two persons where two are asked for', async (context) => {
  const { assay } = await twoPersons(context);
  const off = await assay('operator', 'mode', 'off', '--reason', 'test');
  assert.deepEqual([off.status, off.out], [0, 'waits for a second person: assay approval approve 1 --approver …\n']);
  assert.equal((await assay('operator', 'mode')).out, 'enforce\n');
  await assay('approval', 'approve', '1', '--approver', 'Bob');
  assert.equal((await assay('operator', 'mode')).out, 'off\n');
});

test('an order to a fleet is looked at again, approved and carried out; one that has grown is shown anew first', async (context) => {
  const data = dataDirectory(context);
  const assay = (...args: readonly string[]) => assayIn(data, args);
  const issue = (number: number) =>
    assay('uicc', 'personalise', '--imsi', `00101000000002${number}`, '--msisdn', `9997000002${number}`);
  await issue(1);
  const operator = openOperator({ dataDirectory: operatorDirectory(data) });
  await operator.people.users.create({
    ...{ name: 'Grace', role: 'approver', password: 'correct horse battery', author: 'root', reason: 'r' },
  });
  operator.register.set('approval.fleet', 'always', 'root', 'r');
  const numbers = { selected: 1, changed: 1, losing: 0, gaining: 0 };
  const change = { about: 'fleet', select: {}, rules: { proveEvery: 7 }, caseReference: '', ...numbers } as const;
  const proposal = operator.register.propose(change, 'ada', 'every week');
  assert.deepEqual(proposal, { outcome: 'waiting', id: 1 });
  await operator.close();
  await issue(2);
  assert.match((await assay('approval', 'list')).out, /order proveEvery=7 for all UICCs: 1 change, 0 lose service/);
  const approve = () => assay('approval', 'approve', '1', '--approver', 'Grace');
  const grown = await approve();
  assert.equal(grown.status, 1, grown.err);
  assert.match(grown.err, /expected what was shown when it was proposed: 1 UICCs.*got 2 UICCs/);
  assert.match((await assay('approval', 'list')).out, /for all UICCs: 2 change/);
  const done = await approve();
  assert.deepEqual([done.status, done.out], [0, 'change 1 is approved: 2 orders are queued\n'], done.err);
});
