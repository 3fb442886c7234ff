import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { digest, generateKeyPair, publicPoint } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { asRoot } from '#operator/subscriber/index.ts';
import { rootName } from '#protocol/imei-lock/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

const csv = (body: string) => ({ role: 'analyst', body, headers: { 'Content-Type': 'text/csv' } }) as const;

async function withList(context: TestContext) {
  const served = await servedApi(context);
  const lines = Array.from({ length: 2500 }, (_, at) => `${testImei(at + 1).equipment},stolen,C-${at % 10}`);
  const file = `imei,reason,case_reference\n${lines.join('\n')}\n`;
  const made = await served.ask('/api/v1/imports?list=black&source=police&changeLimit=10000', {
    ...csv(file),
    role: 'approver',
  });
  assert.equal(made.status, 200, made.body);
  return served;
}

test('a list is filtered by what entries say, page by page, and written out whole', async (context) => {
  const { ask } = await withList(context);
  await ask('/api/v1/lists/black/entries', {
    role: 'analyst',
    json: { imei: testImei(7).equipment, reason: 'fraud', caseReference: 'C-own' },
  });
  const read = async (query: string) => {
    const { json } = await ask(`/api/v1/lists?list=black&${query}`, { role: 'viewer' });
    return { entries: json['entries'] as Rows, next: json['next'] };
  };
  const own = await read('source=operator');
  assert.deepEqual([own.entries.length, own.entries[0]?.['reason'], own.next], [1, 'fraud', undefined]);
  const first = await read('caseReference=C-3&limit=100');
  assert.equal(first.entries.length, 100);
  const second = await read(`caseReference=C-3&limit=200&after=${first.next}`);
  assert.deepEqual([second.entries.length, second.next], [150, undefined]);
  assert.equal((await read('prefix=008888010020')).entries.length, 100);
  assert.equal((await read('prefix=3567')).entries.length, 0);
  assert.equal((await read('batch=1&reason=stolen&limit=1000')).entries.length, 1000);
  const file = await ask('/api/v1/lists/black/export', { role: 'viewer' });
  assert.equal(file.body.trim().split('\n').length, 1 + 2501);
  assert.match(file.response.headers.get('content-disposition') ?? '', /black\.csv/);
  const dirbs = await ask('/api/v1/lists/black/export?format=dirbs-black-list', { role: 'viewer' });
  assert.match(dirbs.body, /^imei,block_date,reasons/i);
});

test('the beginning of a file says its format, or which column seems to be what', async (context) => {
  const { ask } = await servedApi(context);
  const proposal = async (body: string) => (await ask('/api/v1/imports/proposal', csv(body))).json;
  const known = await proposal('imei,reporting_date,status\n35332510990022,20260101,blacklist\n');
  assert.deepEqual([known['format'], known['hasHeader']], ['dirbs-stolen', true]);
  assert.deepEqual(known['columns'], { imei: 1, date: 2 });
  const foreign = await proposal('Nr;Serial;Why\n1;35332510990022;lost\n2;35332510990030;lost\n3;x');
  assert.deepEqual([foreign['format'], foreign['columns']], [undefined, { imei: 2 }]);
  assert.deepEqual(foreign['rows'], [
    ['Nr', 'Serial', 'Why'],
    ['1', '35332510990022', 'lost'],
    ['2', '35332510990030', 'lost'],
  ]);
  assert.match(String((await proposal('<html>'))['problem']), /XML or HTML/);
  assert.equal((await ask('/api/v1/imports/proposal', csv('1'.repeat(9000)))).code, 'too-large');
});

test('new rules for locks: what they would mean by what each UICC said, one order, and a whole fleet', async (context) => {
  const { ask, issue, receive, gateway } = await servedApi(context);
  const proved = issue();
  await receive(proved, proved.uicc.report(testImei(1)));
  const old = issue();
  const cannot = { result: 'notProven', reason: 'profileTooSmall', state: 'unproven' } as const;
  await receive(old, old.uicc.report(testImei(2), cannot));
  issue();
  const preview = async (change: object, select: object = {}) =>
    (await ask('/api/v1/policies/preview', { role: 'viewer', json: { select, change } })).json;
  const block = await preview({ terminalCannotProve: 'block' });
  assert.deepEqual(
    [block['selected'], block['changed'], block['losing'], block['gaining'], block['before'], block['after']],
    [...[3, 3, 1, 0], { served: 2, grace: 0, refused: 0, unknown: 1 }, { served: 1, grace: 0, refused: 1, unknown: 1 }],
  );
  const [lost] = block['handsets'] as Rows;
  assert.deepEqual(
    [lost?.['iccid'], lost?.['before'], lost?.['after'], lost?.['reason']],
    [old.iccid.digits, 'served', 'refused', 'profileTooSmall'],
  );
  assert.equal((await preview({ proveAtBoot: false }))['losing'], 2, 'nothing would be proved before the gate');
  assert.equal((await preview({ gate: 'open' }, { pairing: 'locked' }))['selected'], 0);
  assert.equal(
    (await ask('/api/v1/policies/preview', { role: 'viewer', json: { select: {}, change: {} } })).code,
    'invalid-value',
  );
  const json = { iccid: old.iccid.digits, change: { gate: 'open' }, reason: 'trial' };
  assert.equal((await ask('/api/v1/policies', { role: 'viewer', json })).code, 'not-permitted');
  const one = await ask('/api/v1/policies', { role: 'analyst', json });
  assert.deepEqual([one.status, (one.json['after'] as Record<string, unknown>)['gate']], [201, 'open']);
  const fleet = { select: {}, change: { reportEvery: 100 }, reason: 'more news' };
  assert.equal((await ask('/api/v1/policies/fleet', { role: 'analyst', json: fleet })).code, 'not-permitted');
  const all = await ask('/api/v1/policies/fleet', { role: 'approver', json: fleet });
  assert.deepEqual(all.json, { queued: 3, unchanged: 0 });
  assert.equal(gateway.outbox.newest(10).filter(({ order }) => order === 'setPolicy').length, 4);
});

test('another value of a setting: which handsets in use would be answered otherwise', async (context) => {
  const { ask, issue, receive, operator } = await servedApi(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(testImei(1)));
  for (const imei of [testImei(2), testImei(3)]) operator.register.check({ imei, imsi: issue().imsi });
  operator.evidence.flush();
  operator.register.lists.add({ imei: testImei(2), list: 'black', reason: 'stolen', author: 'Ada' });
  const preview = async (name: string, value: string) =>
    ask(`/api/v1/settings/${name}/preview`, { role: 'viewer', json: { value } });
  const off = (await preview('mode', 'off')).json;
  assert.deepEqual(
    [off['about'], off['looked'], off['changed'], off['before'], off['after']],
    ['answers', 3, 1, { permitted: 2, tracking: 0, prohibited: 1 }, { permitted: 3, tracking: 0, prohibited: 0 }],
  );
  const strict = (await preview('unknown.api', 'prohibited')).json;
  assert.deepEqual([strict['changed'], strict['mustWait']], [1, false]);
  assert.equal((strict['handsets'] as Rows)[0]?.['after'], 'prohibited');
  assert.equal((await preview('oldestList', '1000')).json['about'], 'later');
  assert.equal((await preview('mode', 'sometimes')).code, 'invalid-value');
  const twice = (await preview('duplicate.subscribers', '2')).json;
  assert.deepEqual([twice['about'], twice['duplicatesBefore'], twice['duplicatesAfter']], ['duplicates', 0, 0]);
  assert.equal(operator.register.mode(), 'enforce', 'nothing was changed');
});

test('makers: believed when the fingerprint that came another way is right, and taken away again', async (context) => {
  const { ask, issue } = await servedApi(context);
  const point = publicPoint(generateKeyPair('P-256', seededRandom('maker')).privateKey);
  const publicHex = Buffer.from(point).toString('hex').toUpperCase();
  const fingerprint = Buffer.from(await crypto.subtle.digest('SHA-256', point))
    .toString('hex')
    .toUpperCase();
  const json = { identifier: '4D31', publicPoint: publicHex, fingerprint, reason: 'a new maker' };
  assert.equal((await ask('/api/v1/makers', { role: 'approver', json })).code, 'not-permitted');
  const wrong = { ...json, fingerprint: fingerprint.replace(/^../, 'FF').replace(/..$/, '00') };
  assert.equal((await ask('/api/v1/makers', { role: 'administrator', json: wrong })).code, 'conflict');
  const noPoint = { ...json, publicPoint: `04${'11'.repeat(64)}` };
  assert.equal((await ask('/api/v1/makers', { role: 'administrator', json: noPoint })).code, 'invalid-value');
  assert.equal((await ask('/api/v1/makers', { role: 'administrator', json })).status, 201);
  const seen = (await ask('/api/v1/makers', { role: 'viewer' })).json['makers'] as Rows;
  assert.deepEqual([seen.length, seen[0]?.['fingerprint']], [1, fingerprint]);
  assert.deepEqual(issue().makerRoots[0]?.caIdentifier, fromHex('4D31'));
  const removal = { identifier: '4D31', reason: 'its key leaked' };
  const gone = await ask('/api/v1/makers/removals', { role: 'administrator', json: removal });
  assert.deepEqual(gone.json, { removed: true, stillBelieving: 1 });
  assert.deepEqual(issue().makerRoots, []);
  const unknown = await ask('/api/v1/makers/removals', {
    role: 'administrator',
    json: { ...removal, identifier: '4d39' },
  });
  assert.deepEqual(unknown.json, { removed: false, stillBelieving: 0 });
  const left = (await ask('/api/v1/makers', { role: 'viewer' })).json['makers'] as Rows;
  assert.deepEqual(
    left.map((maker) => [maker['identifier'], maker['isBelieved'], maker['uiccs']]),
    [['4D31', false, 1]],
    'as long as a UICC believes it',
  );
});

test('makers are rolled out: what it would do is shown before, and how far it is after', async (context) => {
  const { ask, issue, receive, operator, poll } = await servedApi(context);
  const [old, fresh] = ['old', 'new'].map((name, number) => ({
    identifier: Uint8Array.of(0x4d, number),
    publicPoint: publicPoint(generateKeyPair('P-256', seededRandom(name)).privateKey),
  }));
  assert.ok(old && fresh);
  operator.subscribers.trustMaker(old);
  const phone = issue();
  const origin = { root: rootName(asRoot(old)), certificate: fromHex('010203040506') };
  await receive(phone, phone.uicc.report(testImei(1), { version: 'two', ...origin }));
  operator.subscribers.trustMaker(fresh);
  const preview = async (json: object) => (await ask('/api/v1/makers/rollouts/preview', { role: 'viewer', json })).json;
  const nothing = { uiccs: 1, holding: 0, fixed: 0, ordered: 1, messages: 2, losing: 0, locked: 0, unknown: 0 };
  assert.deepEqual(await preview({ without: [] }), nothing);
  assert.deepEqual(await preview({ without: ['4d00'] }), { ...nothing, messages: 1, losing: 1 });
  const mistaken = await ask('/api/v1/makers/rollouts/preview', {
    role: 'viewer',
    json: { without: ['4d00', '4d77'] },
  });
  assert.deepEqual([mistaken.code, mistaken.json['at']], ['conflict', '/without/1']);
  const json = { reason: 'its key leaked' };
  assert.equal((await ask('/api/v1/makers/rollouts', { role: 'approver', json })).code, 'not-permitted');
  const begun = await ask('/api/v1/makers/rollouts', { role: 'administrator', json });
  assert.equal(begun.status, 201);
  assert.equal((await ask('/api/v1/makers/rollouts', { role: 'administrator', json })).code, 'conflict');
  await poll();
  const { rollout } = (await ask('/api/v1/makers', { role: 'viewer' })).json as { rollout: Rows[number] };
  assert.deepEqual(
    [rollout['state'], rollout['uiccs'], rollout['holding'], rollout['underWay'], rollout['fixed'], rollout['reason']],
    ['ordered', 1, 0, 1, 0, 'its key leaked'],
  );
  assert.equal((rollout['makers'] as Rows).length, 2);
});

test('where approvals are on a maker is taken away by two, and its key is not replaced by one', async (context) => {
  const { ask, operator } = await servedApi(context);
  const root = (name: string) => publicPoint(generateKeyPair('P-256', seededRandom(name)).privateKey);
  operator.subscribers.trustMaker({ identifier: fromHex('4D31'), publicPoint: root('maker') });
  operator.register.set('approval', 'prohibiting', 'Ada', 'rule 7');
  const publicHex = toHex(root('another'));
  const other = { identifier: '4D31', publicPoint: publicHex, fingerprint: toHex(digest('sha256', root('another'))) };
  const replaced = await ask('/api/v1/makers', { role: 'administrator', json: { ...other, reason: 'its own key' } });
  assert.equal(replaced.code, 'conflict');
  const { identifier: own } = operator.subscribers.operatorRoot();
  const asOwn = { ...other, identifier: toHex(own), reason: 'its own key' };
  assert.equal((await ask('/api/v1/makers', { role: 'administrator', json: asOwn })).code, 'conflict');
  assert.deepEqual(operator.subscribers.operatorRoot().identifier, own, 'with the key of its UICCs');
  const json = { identifier: '4d31', reason: 'its key leaked' };
  const asked = await ask('/api/v1/makers/removals', { role: 'administrator', json });
  assert.equal(asked.status, 202);
  assert.equal(operator.subscribers.makerRoots().length, 1);
  const { id } = asked.json['waiting'] as { id: number };
  const [one] = (await ask('/api/v1/approvals', { role: 'viewer' })).json['proposed'] as Rows;
  assert.deepEqual(one?.['change'], { about: 'maker', change: 'remove', identifier: '4D31' });
  const agreed = await ask(`/api/v1/approvals/${id}/approval`, { role: 'approver', json: { reason: 'seen' } });
  assert.deepEqual([agreed.status, agreed.json['changed']], [200, true]);
  assert.deepEqual(operator.subscribers.makerRoots(), []);
});

test('revocations: shown for those in use before, made once, and not by everybody', async (context) => {
  const { ask, issue, receive } = await servedApi(context);
  const phone = issue();
  issue();
  await receive(phone, phone.uicc.report(testImei(1)));
  const json = { serial: 'a1A2A3A4A5A6A7A8' };
  const shown = await ask('/api/v1/revocations/preview', { role: 'viewer', json });
  assert.deepEqual(shown.json, { uiccs: 2, inUse: 1, locked: 0, ordered: 1 });
  const order = { ...json, reason: 'its keys leaked' };
  assert.equal((await ask('/api/v1/revocations', { role: 'approver', json: order })).code, 'not-permitted');
  const done = await ask('/api/v1/revocations', { role: 'administrator', json: order });
  assert.deepEqual(
    [done.status, done.json],
    [201, { uiccs: 2, inUse: 1, locked: 0, ordered: 1, serial: 'A1A2A3A4A5A6A7A8' }],
  );
  assert.equal((await ask('/api/v1/revocations', { role: 'administrator', json: order })).code, 'conflict');
  assert.equal((await ask('/api/v1/revocations/preview', { role: 'viewer', json })).code, 'conflict');
  assert.equal(
    (await ask('/api/v1/revocations/preview', { role: 'viewer', json: { serial: 'A1A' } })).code,
    'invalid-value',
  );
  const seen = (await ask('/api/v1/revocations', { role: 'viewer' })).json;
  assert.deepEqual([seen['most'], seen['uiccs']], [64, 2]);
  const [row] = seen['revocations'] as Rows;
  assert.deepEqual([row?.['serial'], row?.['reason'], row?.['told']], ['A1A2A3A4A5A6A7A8', 'its keys leaked', 0]);
});

test('storage supports are listed page by page, with how many UICCs have them', async (context) => {
  const { ask, issue, receive, operator } = await servedApi(context);
  const supports = [1, 2, 3].map((number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, number));
  const phones = supports.map(() => issue());
  for (const [at, support] of supports.entries()) {
    const phone = phones[at];
    if (phone) await receive(phone, phone.uicc.report(testImei(at), { support }));
  }
  const [moved] = phones;
  if (moved) await receive(moved, moved.uicc.report(testImei(2), { support: supports[2] as Uint8Array }));
  operator.gateway.revocations.revoke({ serial: supports[1] as Uint8Array, author: 'Ada', reason: 'leaked' });
  const first = await ask('/api/v1/supports?limit=2', { role: 'viewer' });
  const rows = first.json['supports'] as Rows;
  assert.deepEqual(
    rows.map((row) => [
      row['identity'],
      row['uiccs'],
      row['inUse'],
      row['isRevoked'],
      row['lastReportAt'] === undefined,
    ]),
    [
      ['0000000000000001', 1, 0, false, true],
      ['0000000000000002', 1, 1, true, false],
    ],
  );
  const rest = await ask(`/api/v1/supports?limit=2&after=${String(first.json['next'])}`, { role: 'viewer' });
  assert.equal(rest.json['next'], undefined);
  assert.deepEqual(
    (rest.json['supports'] as Rows).map((row) => [row['identity'], row['uiccs'], row['inUse']]),
    [['0000000000000003', 2, 2]],
  );
});
