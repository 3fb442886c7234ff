import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { RefusalError } from '#base/sentence/index.ts';
import { REGISTER_REFUSALS } from '#operator/register/index.ts';
import { DAY, testImei } from '#test/operator/operator.ts';
import { type Answered, servedApi } from './api.fixture.ts';

const IMEI = testImei(1);
const STOLEN = { imei: IMEI.equipment, reason: 'stolen', note: 'seen on a market', caseReference: 'A-7' };
const BLACK = '/api/v1/lists/black/entries';
const CSV = { 'Content-Type': 'text/csv' };

/** An API whose lists two persons change. */
async function withApproval(context: TestContext, rule: 'prohibiting' | 'always' = 'always') {
  const served = await servedApi(context);
  served.register.set('approval', rule, 'root', 'test');
  return served;
}

const member = (answer: Answered, name: string) => answer.json[name] as Record<string, unknown>;
const waitingId = (answer: Answered): unknown => {
  assert.equal(answer.status, 202, answer.body);
  return member(answer, 'waiting')['id'];
};
const decide = (served: Awaited<ReturnType<typeof servedApi>>, id: unknown, more: object = {}) =>
  served.ask(`/api/v1/approvals/${id}/approval`, { role: 'approver', json: { reason: 'seen' }, ...more });

test('an entry waits, is shown, and stands in its proposer’s name once another person has agreed', async (context) => {
  const served = await withApproval(context);
  const { ask, audit, register } = served;
  const expiresAt = '2027-02-28T00:00:00.000Z';
  const answer = await ask(BLACK, { role: 'analyst', json: { ...STOLEN, expiresAt } });
  const id = waitingId(answer);
  assert.deepEqual(answer.json, {
    waiting: { id, author: 'the analyst', needs: 'another person' },
    text: `change ${id} waits for a second person's approval`,
  });
  assert.deepEqual(register.lists.all(IMEI), []);
  const { json } = await ask('/api/v1/approvals', { role: 'viewer' });
  assert.deepEqual(json['proposed'], [
    {
      ...{ id, at: '2026-11-24T12:00:00.000Z', author: 'the analyst', reason: STOLEN.note, state: 'waiting' },
      change: {
        ...STOLEN,
        about: 'imei',
        change: 'add',
        imei: IMEI.withCheckDigit,
        list: 'black',
        source: 'operator',
        expiresAt,
      },
    },
  ]);
  const agreed = await decide(served, id);
  assert.deepEqual([agreed.status, agreed.json['changed']], [200, true]);
  const { state, decidedBy, decidedAt } = member(agreed, 'proposed');
  assert.deepEqual([state, decidedBy, decidedAt], ['approved', 'the approver', '2026-11-24T12:00:00.000Z']);
  const [entry] = register.lists.all(IMEI);
  assert.deepEqual(
    [entry?.author, entry?.caseReference, entry?.expiresAt],
    ['the analyst', 'A-7', Date.parse(expiresAt)],
  );
  assert.deepEqual(
    [audit.newest(1, 'list')[0]?.author, audit.newest(1, 'list')[0]?.detail?.['change']],
    ['the approver', 'approved'],
  );
  assert.deepEqual((await ask('/api/v1/approvals', { role: 'viewer' })).json['proposed'], []);
  const all = (await ask('/api/v1/approvals?state=any', { role: 'viewer' })).json['proposed'] as readonly unknown[];
  assert.deepEqual(all, [(await ask(`/api/v1/approvals/${id}`, { role: 'machine' })).json['proposed']]);
});

test('who proposed a change does not decide about it, whatever the spelling of his name; others decide once', async (context) => {
  const served = await withApproval(context);
  const { ask, access, register } = served;
  const id = waitingId(await ask(BLACK, { role: 'approver', json: STOLEN }));
  const alike = access.create({ name: 'THE Approver', role: 'administrator', author: 'root', reason: 'r' }).token;
  for (const sent of [{ role: 'approver' }, { role: undefined, token: alike }] as const) {
    for (const verdict of ['approval', 'rejection']) {
      const own = await ask(`/api/v1/approvals/${id}/${verdict}`, { ...sent, json: { reason: 'mine' } } as object);
      assert.deepEqual([own.status, own.code, own.json['got']], [403, 'not-permitted', 'the same person'], own.body);
    }
  }
  assert.equal((await decide(served, id, { role: 'analyst' })).code, 'not-permitted');
  const rejected = await ask(`/api/v1/approvals/${id}/rejection`, {
    role: 'administrator',
    json: { reason: 'no case' },
  });
  assert.equal(member(rejected, 'proposed')['state'], 'rejected');
  for (const verdict of ['approval', 'rejection'])
    assert.equal(
      (await ask(`/api/v1/approvals/${id}/${verdict}`, { role: 'administrator', json: { reason: 'r' } })).code,
      'conflict',
    );
  assert.deepEqual(register.lists.all(IMEI), []);
});

test('a change that nobody has proposed, that has expired, or that can no longer be made', async (context) => {
  const served = await withApproval(context);
  const { ask, clock, database } = served;
  for (const path of ['', '/approval', '/rejection']) {
    const sent = path === '' ? { role: 'viewer' as const } : { role: 'approver' as const, json: { reason: 'r' } };
    assert.equal((await ask(`/api/v1/approvals/99${path}`, sent)).code, 'no-such-resource');
    assert.equal((await ask(`/api/v1/approvals/x${path}`, sent)).code, 'invalid-value');
  }
  const short = waitingId(
    await ask(BLACK, { role: 'analyst', json: { ...STOLEN, expiresAt: '2026-11-25T00:00:00Z' } }),
  );
  const old = waitingId(await ask(BLACK, { role: 'analyst', json: { ...STOLEN, imei: testImei(2).equipment } }));
  clock.advance(DAY);
  assert.equal((await decide(served, short)).code, 'conflict');
  // Thirty days of a running operator are millions of its timers: the proposal becomes older instead.
  database.command('UPDATE pending_change SET at = at - ?').run(30 * DAY);
  const expired = await decide(served, old);
  assert.deepEqual([expired.code, expired.json['got']], ['conflict', 'one that is expired']);
});

test('where only what prohibits waits, the rest is made at once', async (context) => {
  const { ask } = await withApproval(context, 'prohibiting');
  const grey = await ask('/api/v1/lists/grey/entries', { role: 'analyst', json: STOLEN });
  assert.equal(grey.status, 201);
  waitingId(await ask(BLACK, { role: 'analyst', json: STOLEN }));
  const removal = await ask('/api/v1/lists/grey/removals', {
    role: 'analyst',
    json: { imei: IMEI.equipment, reason: 'over' },
  });
  assert.deepEqual(removal.json, { removed: true, remaining: [] });
});

test('removals, ranges and pair rules wait too; subscribers are masked for a viewer', async (context) => {
  const served = await withApproval(context);
  const { ask, register } = served;
  const rule = { kind: 'lock', tac: '00888801', firstImsi: '001010000000001', lastImsi: '001010000000009' };
  const words = { list: 'grey', reason: 'regulator' };
  const posts = [
    ['/api/v1/ranges', { tac: '00888801', ...words, note: 'never allocated' }],
    ['/api/v1/pair-rules', { ...rule, note: 'fleet', caseReference: 'F-1' }],
  ] as const;
  for (const [path, json] of posts)
    assert.equal((await decide(served, waitingId(await ask(path, { role: 'analyst', json })))).json['changed'], true);
  assert.deepEqual(
    [register.ranges.page(0, 9)[0]?.note, register.pairRules.page(0, 9)[0]?.caseReference],
    ['never allocated', 'F-1'],
  );
  const removals = [
    ['/api/v1/ranges/removals', { tac: '00888801', ...words }],
    ['/api/v1/pair-rules/removals', { ...rule, reason: 'sold', caseReference: 'F-2' }],
    ['/api/v1/lists/grey/removals', { imei: IMEI.equipment, reason: 'over' }],
  ] as const;
  const ids: unknown[] = [];
  for (const [path, json] of removals) ids.push(waitingId(await ask(path, { role: 'analyst', json })));
  const shown = async (role: 'viewer' | 'analyst') => {
    const proposed = (await ask('/api/v1/approvals', { role })).json['proposed'] as readonly Record<string, unknown>[];
    return proposed.map(({ change, reason }) => [(change as Record<string, unknown>)['firstImsi'], reason]);
  };
  assert.deepEqual(await shown('viewer'), [
    [undefined, 'regulator'],
    ['00101…001', 'sold (case F-2)'],
    [undefined, 'over'],
  ]);
  assert.deepEqual((await shown('analyst'))[1]?.[0], '001010000000001');
  const changed: unknown[] = [];
  for (const id of ids) changed.push((await decide(served, id)).json['changed']);
  assert.deepEqual(changed, [true, true, false], 'the entry was not there');
  assert.deepEqual([register.ranges.page(0, 9), register.pairRules.count()], [[], 0]);
});

test('what makes no sense does not wait; neither does what was not there where one person is enough', async (context) => {
  const { ask, register } = await withApproval(context);
  const before = register.approvals.newest(9).length;
  for (const [path, json] of [
    [BLACK, { ...STOLEN, expiresAt: '2020-01-01T00:00:00Z' }],
    [BLACK, { ...STOLEN, source: ' ' }],
    ['/api/v1/ranges', { list: 'grey', reason: 'other', firstImei: '00888802000001', lastImei: '00888802000000' }],
    [
      '/api/v1/pair-rules',
      { kind: 'lock', tac: '00888801', firstImsi: '001010000000002', lastImsi: '001010000000001' },
    ],
    ['/api/v1/pair-rules', { kind: 'lock', tac: '00888801', firstImsi: '00101000000001', lastImsi: '001010000000001' }],
  ] as const)
    assert.equal((await ask(path, { role: 'analyst', json })).code, 'invalid-value', JSON.stringify(json));
  const wide = { list: 'grey', reason: 'other', firstImei: '00000000000000', lastImei: '99999999999999' };
  assert.equal((await ask('/api/v1/ranges', { role: 'analyst', json: wide })).code, 'not-permitted');
  assert.equal(register.approvals.newest(9).length, before);
});

test('a register in which nothing more may wait says so', async (context) => {
  const served = await servedApi(context, {
    sources: ({ register }) => ({
      register: {
        ...register,
        propose() {
          throw new RefusalError(REGISTER_REFUSALS.say('tooManyWait', { most: 10_000 }));
        },
      },
    }),
  });
  const answer = await served.ask(BLACK, { role: 'analyst', json: STOLEN });
  assert.deepEqual([answer.code, answer.json['advice']], ['conflict', 'approve or reject some of them first']);
  assert.deepEqual(served.faults, []);
});

const FILE = `number,why\n${IMEI.equipment},stolen\n`;
const UPLOAD = '/api/v1/imports?list=black&source=partner&mapping=imei%3Dnumber%2Cnote%3Dwhy';

test('a file waits, and is imported when another person sends the very same with the number of the change', async (context) => {
  const served = await withApproval(context);
  const { ask, register } = served;
  const upload = (path: string, role: 'machine' | 'analyst' | 'approver' | 'administrator', body = FILE) =>
    ask(path, { role, body, headers: CSV });
  const answer = await upload(`${UPLOAD}&name=a.csv&lostZeros=14`, 'approver');
  const id = waitingId(answer);
  assert.deepEqual(
    [answer.json['outcome'], member(answer, 'effect')['added'], register.lists.all(IMEI)],
    ['waiting', 1, []],
  );
  const shown = member(await ask(`/api/v1/approvals/${id}`, { role: 'viewer' }), 'proposed')['change'];
  assert.deepEqual(shown, {
    ...{ about: 'file', name: 'a.csv', list: 'black', source: 'partner', kind: 'delta', lostZeros: '14' },
    ...{
      mapping: 'imei=number,note=why',
      added: 1,
      removed: 0,
      updated: 0,
      rules: 0,
      bad: 0,
      subscribersHit: 0,
      prohibiting: 1,
    },
    sha256: (shown as unknown as Record<string, unknown>)['sha256'],
  });
  const refused = await decide(served, id, { role: 'administrator' });
  assert.match(String(refused.json['advice']), new RegExp(`approve=${id}`));
  const approving = `${UPLOAD}&approve=${id}`;
  for (const [path, role, body, code] of [
    [approving, 'machine', FILE, 'not-permitted'],
    [approving, 'analyst', FILE, 'not-permitted'],
    [approving, 'approver', FILE, 'not-permitted'],
    [approving, 'administrator', `${FILE}\n${testImei(2).equipment},x`, 'conflict'],
    [approving.replace('partner', 'other'), 'administrator', FILE, 'conflict'],
    [approving.replace('mapping', 'x'), 'administrator', FILE, 'invalid-value'],
    [`${UPLOAD}&approve=99`, 'administrator', FILE, 'conflict'],
    [`${UPLOAD}&approve=0`, 'administrator', FILE, 'invalid-value'],
  ] as const)
    assert.equal((await upload(path, role, body)).code, code, `${role} ${path}`);
  assert.equal((await upload(`${approving}&dryRun=true`, 'administrator')).json['outcome'], 'dryRun');
  assert.deepEqual(register.lists.all(IMEI), []);
  assert.equal((await upload(approving, 'administrator')).json['outcome'], 'applied');
  const [entry] = register.lists.all(IMEI);
  assert.deepEqual([entry?.author, entry?.note], ['the approver', 'stolen']);
  assert.equal((await upload(approving, 'administrator')).code, 'conflict', 'once');
  assert.deepEqual(served.faults, []);
});

test('an undoing waits with its effect, is seen, and is made by another person', async (context) => {
  const served = await servedApi(context);
  const { ask, register } = served;
  const body = `${IMEI.equipment}\n`;
  const headers = CSV;
  const path = '/api/v1/imports?list=black&source=partner';
  const added = await ask(path, { role: 'machine', body, headers });
  const removed = await ask(`${path}&change=remove`, { role: 'machine', body, headers });
  const [first, batch] = [added.json['batch'], removed.json['batch']];
  register.set('approval', 'prohibiting', 'root', 'test');
  const would = await ask(`/api/v1/imports/${batch}/undo`, { role: 'viewer' });
  const numbers = { leaving: 0, returning: 1, restored: 0, rules: 0, prohibiting: 1 };
  const effect = { ...numbers, subscribersHit: 0, subscribersFreed: 0 };
  assert.deepEqual(would.json['effect'], { ...effect, hitHandsets: [] });
  const json = { reason: 'wrong file' };
  const answer = await ask(`/api/v1/imports/${batch}/undo`, { role: 'approver', json });
  const id = waitingId(answer);
  assert.deepEqual([answer.json['effect'], register.lists.all(IMEI)], [{ ...effect, hitHandsets: [] }, []]);
  const shown = member(await ask(`/api/v1/approvals/${id}`, { role: 'viewer' }), 'proposed');
  const subject = { about: 'undo', batch, name: 'upload', list: 'black', source: 'partner' };
  assert.deepEqual(shown['change'], { ...subject, ...effect });
  assert.equal((await decide(served, id)).json['got'], 'the same person');
  const agreed = await decide(served, id, { role: 'administrator' });
  assert.deepEqual([agreed.json['changed'], register.lists.all(IMEI).length], [true, 1]);
  for (const method of [{ role: 'viewer' as const }, { role: 'approver' as const, json }])
    assert.equal((await ask(`/api/v1/imports/${batch}/undo`, method)).code, 'conflict');
  const alone = await ask(`/api/v1/imports/${first}/undo`, { role: 'approver', json });
  assert.deepEqual([alone.status, alone.json['changed']], [200, 1], 'what came back is of its own batch again');
});

test('a waiting undoing of what no longer stands cannot be approved', async (context) => {
  const served = await withApproval(context);
  const { ask, register } = served;
  const file = new TextEncoder().encode(`${IMEI.equipment}\n`);
  register.set('approval', 'never', 'root', 'test');
  const done = await register.importList([file], { list: 'black', source: 'partner', author: 'root', name: 'f.csv' });
  assert.ok(done.outcome === 'applied');
  register.set('approval', 'always', 'root', 'test');
  const id = waitingId(
    await ask(`/api/v1/imports/${done.batch}/undo`, { role: 'approver', json: { reason: 'wrong file' } }),
  );
  await register.undoImport({ batch: done.batch, author: 'root', reason: 'at once' });
  const late = await decide(served, id, { role: 'administrator' });
  assert.deepEqual([late.code, late.json['got']], ['conflict', 'undone'], late.body);
});

test('asking a second person for less waits for one; the answer says so, and nothing is changed before', async (context) => {
  const served = await withApproval(context);
  const { ask, register } = served;
  const put = (value: string, role: 'administrator' | 'approver' = 'administrator') =>
    ask('/api/v1/settings/approval', { method: 'PUT', role, json: { value, reason: 'fewer clicks' } });
  assert.equal((await put('sometimes')).code, 'invalid-value');
  assert.equal((await put('always')).status, 200);
  const id = waitingId(await put('never'));
  assert.equal(register.settings.value('approval'), 'always');
  const shown = member(await ask(`/api/v1/approvals/${id}`, { role: 'viewer' }), 'proposed');
  assert.deepEqual(shown['change'], { about: 'setting', name: 'approval', value: 'never', before: 'always' });
  assert.equal((await decide(served, id, { role: 'administrator' })).code, 'not-permitted');
  assert.equal((await decide(served, id)).json['changed'], true);
  assert.equal(register.settings.value('approval'), 'never');
  assert.equal((await put('prohibiting')).status, 200);
});
