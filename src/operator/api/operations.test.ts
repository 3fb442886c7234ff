import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import { REGISTER_REFUSALS } from '#operator/register/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { eventually, servedApi } from './api.fixture.ts';

const IMEI = testImei(1);

async function withPhone(context: TestContext) {
  const served = await servedApi(context);
  const phone = served.issue();
  await served.receive(phone, phone.uicc.report(IMEI));
  return { ...served, phone };
}

const rows = (value: unknown) => value as readonly Readonly<Record<string, unknown>>[];

test('lists: an entry is made, shown with its author, refused when mistyped, and removed with a reason', async (context) => {
  const { ask, audit } = await withPhone(context);
  const made = await ask('/api/v1/lists/black/entries', {
    role: 'analyst',
    json: { imei: IMEI.withCheckDigit, reason: 'stolen', caseReference: 'A-7', expiresAt: '2027-02-28T00:00:00Z' },
  });
  assert.equal(made.status, 201);
  const entry = made.json['entry'] as Record<string, unknown>;
  assert.deepEqual(
    [entry['author'], entry['caseReference'], entry['expiresAt']],
    ['the analyst', 'A-7', '2027-02-28T00:00:00.000Z'],
  );
  const page = (await ask('/api/v1/lists?list=black', { role: 'viewer' })).json;
  assert.deepEqual([rows(page['entries']).length, page['next']], [1, undefined]);
  assert.deepEqual(page['place'], { row: 0, total: 1, isExact: true });
  assert.deepEqual(rows((await ask(`/api/v1/lists?list=black&after=${IMEI}`, { role: 'viewer' })).json['entries']), []);

  const wrongDigit = IMEI.equipment + ((IMEI.checkDigit + 1) % 10 || 9);
  const mistyped = await ask('/api/v1/lists/black/entries', {
    role: 'analyst',
    json: { imei: wrongDigit, reason: 'stolen' },
  });
  assert.deepEqual([mistyped.status, mistyped.code, mistyped.json['at']], [400, 'invalid-value', '/imei']);
  assert.match(String(mistyped.json['expected']), /check digit/);
  for (const [value, pattern] of [
    ['2027-02-30T00:00:00Z', /calendar/],
    ['2027-13-01T00:00:00Z', /calendar/],
    ['2020-01-01T00:00:00Z', /a time to come/],
    ['tomorrow', /a time in UTC/],
  ] as const) {
    const refused = await ask('/api/v1/lists/black/entries', {
      role: 'analyst',
      json: { imei: IMEI.equipment, reason: 'lost', expiresAt: value },
    });
    assert.equal(refused.status, 400);
    assert.match(String(refused.json['expected']), pattern);
  }

  const removal = {
    role: 'approver',
    json: { imei: IMEI.equipment, reason: 'recovered', caseReference: 'A-8' },
  } as const;
  assert.deepEqual((await ask('/api/v1/lists/black/removals', removal)).json, { removed: true, remaining: [] });
  assert.equal((await ask('/api/v1/lists/black/removals', removal)).code, 'conflict');
  const [last] = audit.newest(1, 'list');
  assert.deepEqual([last?.author, last?.detail?.['reason']], ['the approver', 'recovered (case A-8)']);
});

test('lists: page by page every entry comes once, also when several sources list one IMEI', async (context) => {
  const { ask, register } = await servedApi(context);
  for (let serial = 1; serial <= 4; serial++)
    for (const source of ['a', 'b', 'c'])
      register.lists.add({ imei: testImei(serial), list: 'grey', reason: 'other', author: 'Ada', source });
  const seen: unknown[] = [];
  for (let after = ''; ; ) {
    const { json } = await ask(`/api/v1/lists?list=grey&limit=2${after}`, { role: 'viewer' });
    seen.push(...rows(json['entries']).map((entry) => `${entry['imei']} ${entry['source']}`));
    if (json['next'] === undefined) break;
    after = `&after=${json['next']}`;
  }
  assert.deepEqual([seen.length, new Set(seen).size], [12, 12]);
});

test('ranges: a type of handset, a range, one handset; wider than a type only by an approver', async (context) => {
  const { ask, audit } = await servedApi(context);
  const words = { list: 'grey', reason: 'regulator', caseReference: 'R-1' };
  const post = (json: object, role: 'analyst' | 'approver' = 'analyst', path = '/api/v1/ranges') =>
    ask(path, { role, json: { ...words, ...json } });
  const tac = await post({ tac: '00888801', expiresAt: '2027-01-01T00:00:00Z' });
  assert.deepEqual(
    [tac.status, tac.json],
    [201, { firstImei: '00888801000000', lastImei: '00888801999999', tac: '00888801' }],
  );
  assert.equal((await post({ firstImei: '00888802000000' })).json['lastImei'], '00888802000000');
  const wide = { firstImei: '00888802000000', lastImei: '00888803000000' };
  assert.equal((await post(wide)).code, 'not-permitted');
  assert.equal((await post(wide, 'approver')).status, 201);
  const checked = (await ask(`/api/v1/imei/${IMEI}`, { role: 'viewer' })).json;
  assert.deepEqual([checked['equipmentStatus'], rows(checked['reasons'])[0]?.['code']], ['tracking', 'greyRange']);
  const page = (await ask('/api/v1/ranges?limit=2', { role: 'viewer' })).json;
  const next = (await ask(`/api/v1/ranges?after=${page['next']}`, { role: 'viewer' })).json;
  assert.deepEqual(
    [...rows(page['ranges']), ...rows(next['ranges'])].map((one) => [one['tac'], one['author'], one['expiresAt']]),
    [
      ['00888801', 'the analyst', '2027-01-01T00:00:00.000Z'],
      [undefined, 'the analyst', undefined],
      [undefined, 'the approver', undefined],
    ],
  );
  for (const bad of [
    {},
    { tac: '00888801', firstImei: '00888801000000' },
    { tac: '1' },
    { firstImei: '00888802000001', lastImei: '00888802000000' },
  ])
    assert.equal((await post(bad)).code, 'invalid-value', JSON.stringify(bad));
  const removal = { list: 'grey', reason: 'over', caseReference: 'R-2', tac: '00888801' };
  const remove = () => ask('/api/v1/ranges/removals', { role: 'analyst', json: removal });
  assert.deepEqual((await remove()).json, { removed: true });
  assert.equal((await remove()).code, 'conflict');
  assert.equal(audit.newest(1, 'list')[0]?.detail?.['reason'], 'over (case R-2)');
});

test('pair rules: allow and lock, subscribers masked for a viewer', async (context) => {
  const { ask, register } = await servedApi(context);
  const rule = { kind: 'lock', firstImei: IMEI.equipment, firstImsi: '001010000000001' };
  const added = await ask('/api/v1/pair-rules', { role: 'analyst', json: { ...rule, note: 'fleet' } });
  assert.deepEqual([added.status, added.json], [201, { firstImei: IMEI.equipment, lastImei: IMEI.equipment }]);
  const checked = (await ask(`/api/v1/imei/${IMEI}?imsi=001010000000002`, { role: 'machine' })).json;
  assert.equal(rows(checked['reasons'])[0]?.['code'], 'lockedHandset');
  const shown = async (role: 'viewer' | 'analyst') =>
    rows((await ask('/api/v1/pair-rules', { role })).json['rules'])[0]?.['firstImsi'];
  assert.deepEqual([await shown('viewer'), await shown('analyst')], ['00101…001', '001010000000001']);
  const wide = { ...rule, firstImei: '00000000000000', lastImei: '99999999999999' };
  assert.equal((await ask('/api/v1/pair-rules', { role: 'analyst', json: wide })).code, 'not-permitted');
  const backwards = { ...rule, lastImsi: '001010000000000' };
  assert.equal((await ask('/api/v1/pair-rules', { role: 'analyst', json: backwards })).code, 'invalid-value');
  const remove = () => ask('/api/v1/pair-rules/removals', { role: 'analyst', json: { ...rule, reason: 'sold' } });
  assert.deepEqual(
    [(await remove()).json, (await remove()).code, register.pairRules.count()],
    [{ removed: true }, 'conflict', 0],
  );
});

test('checks: answers in the order of the questions with their reasons, also for what is no IMEI; only claims are recorded', async (context) => {
  const { ask, evidence, phone, register } = await withPhone(context);
  register.lists.add({ imei: testImei(2), list: 'grey', reason: 'other', note: 'looked for', author: 'Ada' });
  const checks = [
    { imei: IMEI.equipment, imsi: phone.imsi.digits },
    { imei: `imeisv-${testImei(2).equipment}07` },
    { imei: 'A0000000000000' },
  ];
  const { json } = await ask('/api/v1/checks', { role: 'machine', json: { checks } });
  const results = rows(json['results']);
  assert.deepEqual(
    results.map((one) => one['equipmentStatus']),
    ['permitted', 'tracking', undefined],
  );
  assert.deepEqual(rows(results[1]?.['reasons'])[0], {
    code: 'greyList',
    status: 'tracking',
    text: 'The IMEI is on the grey list. (looked for)',
    said: [
      { code: 'greyList', values: {} },
      { code: 'note', values: { note: 'looked for' } },
    ],
    detail: 'looked for',
  });
  assert.match(String(results[2]?.['problem']), /expected 14 to 16 digits/);
  const other = { imei: testImei(3).equipment, imsi: phone.imsi.digits };
  await ask('/api/v1/checks', { role: 'machine', json: { checks: [other] } });
  assert.equal(evidence.cluster(testImei(3)).claimants.length, 0);
  assert.equal((await ask('/api/v1/claims', { role: 'machine', json: { checks: [other] } })).status, 200);
  assert.equal(evidence.cluster(testImei(3)).claimants.length, 1);
});

test('checks: a thousand at once, and not one more', async (context) => {
  const { ask } = await servedApi(context);
  const checks = Array.from({ length: 1001 }, (_, serial) => ({
    imei: testImei(serial).equipment,
    imsi: '001010000000001',
  }));
  assert.equal((await ask('/api/v1/checks', { role: 'machine', json: { checks } })).code, 'invalid-value');
  const { json } = await ask('/api/v1/checks', { role: 'machine', json: { checks: checks.slice(1) } });
  assert.equal(rows(json['results']).length, 1000);
});

test('commands: by ICCID or IMSI, shown before they are sent, queued durably with author, reason and case', async (context) => {
  const { ask, gateway, phone } = await withPhone(context);
  const order = { order: 'block', reason: 'court order', caseReference: 'C-1' };
  const shown = await ask('/api/v1/commands', {
    role: 'analyst',
    json: { ...order, iccid: phone.iccid.digits, dryRun: true },
  });
  assert.deepEqual([shown.status, shown.json['sends'], shown.json['order']], [201, 'block', undefined]);
  const given = await ask('/api/v1/commands', { role: 'analyst', json: { ...order, imsi: phone.imsi.digits } });
  const queued = gateway.outbox.byId(Number(given.json['order']));
  assert.deepEqual([queued?.author, queued?.reason, queued?.caseReference], ['the analyst', 'court order', 'C-1']);
  const read = (await ask(`/api/v1/outbox/${given.json['order']}`, { role: 'viewer' })).json['order'] as Record<
    string,
    unknown
  >;
  assert.deepEqual([read['order'], read['state']], ['block', 'queued']);
  assert.equal((await ask('/api/v1/outbox/99', { role: 'viewer' })).code, 'no-such-resource');
  for (const [json, code] of [
    [{ order: 'block', reason: 'r' }, 'invalid-value'],
    [{ order: 'block', reason: 'r', iccid: phone.iccid.digits, imsi: phone.imsi.digits }, 'invalid-value'],
    [{ order: 'explode', reason: 'r', iccid: phone.iccid.digits }, 'invalid-value'],
    [
      { order: 'reportNow', reason: 'r', iccid: phone.iccid.digits, expiresAt: '2027-01-01T00:00:00Z' },
      'invalid-value',
    ],
    [{ order: 'block', reason: ' ', iccid: phone.iccid.digits }, 'invalid-value'],
    [{ order: 'block', reason: 'r', iccid: '8988211000000009999' }, 'invalid-value'],
    [{ order: 'block', reason: 'r', imsi: '001019999999999' }, 'conflict'],
  ] as const)
    assert.equal((await ask('/api/v1/commands', { role: 'analyst', json })).code, code, JSON.stringify(json));
});

test('scripts: queued for an administrator alone, refused by name, and their answers are not for all who see orders', async (context) => {
  const { ask, gateway, phone } = await withPhone(context);
  const script = { tar: 'b00001', commands: ['00A4000C026F46', '00B0000000'], reason: 'its name' };
  const iccid = phone.iccid.digits;
  assert.equal((await ask('/api/v1/scripts', { role: 'approver', json: { ...script, iccid } })).code, 'not-permitted');
  const given = await ask('/api/v1/scripts', { role: 'administrator', json: { ...script, imsi: phone.imsi.digits } });
  assert.equal(given.status, 201);
  const number = Number(given.json['order']);
  gateway.poll();
  await gateway.settled();
  gateway.outbox.acknowledge(number, ORDER_OUTCOMES.say('executed'), fromHex('029000AA'));
  const read = async (path: string) => (await ask(path, { role: 'administrator' })).json;
  const seen = (await read(`/api/v1/scripts/${number}`))['script'] as Record<string, unknown>;
  assert.deepEqual(
    [seen['state'], seen['tar'], seen['response'], seen['author']],
    ['acknowledged', 'B00001', '029000AA', 'the administrator'],
  );
  const order = (await read(`/api/v1/outbox/${number}`))['order'] as Record<string, unknown>;
  assert.deepEqual([order['order'], order['tar'], order['response']], ['script', 'B00001', undefined]);
  const block = await ask('/api/v1/commands', { role: 'analyst', json: { order: 'block', reason: 'r', iccid } });
  assert.equal(
    (await ask(`/api/v1/scripts/${block.json['order']}`, { role: 'administrator' })).code,
    'no-such-resource',
  );
  for (const [change, code] of [
    [{ tar: 'B000' }, 'invalid-value'],
    [{ commands: [] }, 'invalid-value'],
    [{ commands: ['00A4000C03FF00'] }, 'invalid-value'],
    [{ commands: Array.from({ length: 200 }, () => '00A4000C026F46') }, 'invalid-value'],
    [{ iccid: undefined }, 'invalid-value'],
    [{ iccid: undefined, imsi: '001019999999999' }, 'conflict'],
  ] as const)
    assert.equal(
      (await ask('/api/v1/scripts', { role: 'administrator', json: { ...script, iccid, ...change } })).code,
      code,
      JSON.stringify(change),
    );
});

test('subscribers: masked for a viewer, whole for an analyst, and the whole view is in the audit log', async (context) => {
  const { ask, audit, phone } = await withPhone(context);
  const digits = [phone.imsi.digits, phone.msisdn.digits];
  const paths = [
    '/api/v1/subscribers',
    `/api/v1/subscribers/${phone.iccid}`,
    `/api/v1/imei/${IMEI}`,
    '/api/v1/events',
    '/api/v1/findings',
    '/api/v1/clusters',
  ];
  const before = audit.head().id;
  for (const path of paths) {
    const { status, body } = await ask(path, { role: 'viewer' });
    assert.equal(status, 200);
    for (const one of digits) assert.ok(!body.includes(one), path);
  }
  assert.equal(audit.head().id, before, 'a masked look is no entry');
  const whole = await ask(`/api/v1/subscribers/${phone.iccid}`, { role: 'analyst' });
  for (const one of digits) assert.ok(whole.body.includes(one));
  const [read] = audit.newest(1, 'read');
  assert.deepEqual(
    [read?.author, read?.subject, read?.detail],
    ['the analyst', `/api/v1/subscribers/${phone.iccid}`, { operation: 'getSubscriber', identities: 2 }],
  );
  assert.equal(rows(whole.json['reports']).length, 1);
  assert.equal(rows(whole.json['orders']).length, 1);
});

test('subscribers: by IMSI only for those who see it, by pages for everybody', async (context) => {
  const { ask, issue, phone } = await withPhone(context);
  const second = issue();
  const path = `/api/v1/subscribers?imsi=${phone.imsi}`;
  assert.equal((await ask(path, { role: 'viewer' })).code, 'not-permitted');
  assert.equal(rows((await ask(path, { role: 'analyst' })).json['subscribers']).length, 1);
  assert.deepEqual(
    rows((await ask('/api/v1/subscribers?imsi=001019999999999', { role: 'analyst' })).json['subscribers']),
    [],
  );
  const first = (await ask('/api/v1/subscribers?limit=1', { role: 'viewer' })).json;
  const next = (await ask(`/api/v1/subscribers?limit=1&after=${first['next']}`, { role: 'viewer' })).json;
  assert.deepEqual([first['next'], rows(next['subscribers'])[0]?.['iccid']], [phone.iccid.digits, second.iccid.digits]);
  assert.equal((await ask('/api/v1/subscribers/8988211000000009999', { role: 'viewer' })).code, 'no-such-resource');
  assert.equal((await ask('/api/v1/subscribers/12', { role: 'viewer' })).code, 'invalid-value');
});

test('events: a page shows whole identities once and notes it; polling its end does not feed itself', async (context) => {
  const { ask, audit } = await withPhone(context);
  const first = await ask('/api/v1/events', { role: 'analyst' });
  assert.ok(first.body.includes('001010000000001'));
  assert.equal(audit.newest(1)[0]?.kind, 'read');
  const second = await ask(`/api/v1/events?after=${first.json['next']}`, { role: 'analyst' });
  assert.equal(rows(second.json['events']).length, 1);
  const third = await ask(`/api/v1/events?after=${second.json['next']}`, { role: 'analyst' });
  assert.deepEqual(rows(third.json['events']), []);
});

test('the audit log: its chain is verified, also against a head noted earlier', async (context) => {
  const { ask, audit, database } = await withPhone(context);
  const path = '/api/v1/audit/verification';
  const noted = (await ask('/api/v1/status', { role: 'viewer' })).json['audit'] as Record<string, unknown>;
  const query = `?id=${noted['id']}&chain=${noted['chain']}`;
  const sound = (await ask(path + query, { role: 'analyst' })).json;
  assert.deepEqual(sound, { isSound: true, entries: audit.head().id });
  for (const half of ['?id=1', `?chain=${noted['chain']}`, '?id=1&chain=x'])
    assert.equal((await ask(path + half, { role: 'analyst' })).code, 'invalid-value', half);
  const other = (await ask(`${path}?id=1&chain=${'0'.repeat(32)}`, { role: 'analyst' })).json['fault'] as Record<
    string,
    unknown
  >;
  assert.deepEqual(other, {
    ...{ id: 1, problem: 'it is not the entry that was noted' },
    said: { code: 'notTheNoted', values: {} },
  });
  database.execute("UPDATE audit_entry SET author = 'Eve' WHERE id = 2");
  const broken = (await ask(path, { role: 'analyst' })).json;
  assert.deepEqual([broken['isSound'], (broken['fault'] as Record<string, unknown>)['id']], [false, 2]);
});

test('the audit log: one verification at a time, and others are served meanwhile', async (context) => {
  let [isBegun, isReleased] = [false, false];
  const { ask } = await servedApi(context, {
    sources: ({ audit }) => ({
      audit: {
        ...audit,
        *verification() {
          isBegun = true;
          while (!isReleased) yield 1;
          return undefined;
        },
      },
    }),
  });
  const path = '/api/v1/audit/verification';
  const first = ask(path, { role: 'analyst' });
  await eventually(() => isBegun, 'it began');
  const second = await ask(path, { role: 'approver' });
  assert.deepEqual([second.status, second.code], [503, 'unavailable']);
  isReleased = true;
  assert.deepEqual((await first).json, { isSound: true, entries: 1 });
  assert.equal((await ask(path, { role: 'approver' })).status, 200);
});

test('settings: read by people, changed by the administrator, with before and after in the answer and the log', async (context) => {
  const { ask, audit, register } = await servedApi(context);
  const all = rows((await ask('/api/v1/settings', { role: 'viewer' })).json['settings']);
  assert.deepEqual(
    all.find(({ name }) => name === 'mode'),
    { name: 'mode', value: 'enforce', expected: 'one of enforce, track, off' },
  );
  const put = (name: string, json: unknown) =>
    ask(`/api/v1/settings/${name}`, { method: 'PUT', role: 'administrator', json });
  const changed = await put('mode', { value: 'track', reason: 'maintenance' });
  assert.deepEqual([changed.json['before'], register.mode()], ['enforce', 'track']);
  const [entry] = audit.newest(1, 'setting');
  assert.deepEqual(
    [entry?.author, entry?.detail],
    ['the administrator', { value: 'track', before: 'enforce', reason: 'maintenance' }],
  );
  for (const [name, json] of [
    ['mode', { value: 'sometimes', reason: 'r' }],
    ['mode', { value: 'off' }],
    ['mode', { value: 'off', reason: '' }],
    ['proofGrace', { value: '-1', reason: 'r' }],
    ['constructor', { value: 'off', reason: 'r' }],
  ] as const)
    assert.equal((await put(name, json)).code, 'invalid-value', name);
  assert.equal(register.mode(), 'track');
});

test('tokens: made, shown once, used, revoked; each change in the log', async (context) => {
  const { ask, audit } = await servedApi(context);
  const order = { name: 'Bob', role: 'viewer', reason: 'night shift' };
  const made = await ask('/api/v1/tokens', { role: 'administrator', json: order });
  assert.equal(made.status, 201);
  const token = String(made.json['token']);
  const record = made.json['record'] as Record<string, unknown>;
  const caller = (await ask('/api/v1/caller', { token })).json;
  assert.deepEqual([caller['name'], caller['role']], ['Bob', 'viewer']);
  assert.ok(!JSON.stringify(caller['permissions']).includes('.change'));
  const listed = await ask('/api/v1/tokens', { role: 'administrator' });
  assert.ok(!listed.body.includes(token));
  assert.equal((await ask('/api/v1/tokens', { role: 'administrator', json: order })).code, 'conflict');
  for (const bad of [
    { ...order, role: 'root' },
    { ...order, name: '' },
    { ...order, name: 'UICC' },
    { ...order, name: 'C', expiresAt: '2099-01-01T00:00:00Z' },
  ])
    assert.equal((await ask('/api/v1/tokens', { role: 'administrator', json: bad })).code, 'invalid-value');
  const path = `/api/v1/tokens/${record['id']}/revocation`;
  assert.equal((await ask(path, { role: 'administrator', json: { reason: 'left' } })).status, 200);
  assert.equal((await ask(path, { role: 'administrator', json: { reason: 'left' } })).code, 'conflict');
  assert.equal(
    (await ask('/api/v1/tokens/999/revocation', { role: 'administrator', json: { reason: 'left' } })).code,
    'no-such-resource',
  );
  assert.equal((await ask('/api/v1/caller', { token })).code, 'token-refused');
  assert.deepEqual(
    audit
      .newest(2, 'token')
      .map(({ author, subject, detail }) => [author, subject, detail?.['change'], detail?.['reason']]),
    [
      ['the administrator', 'Bob', 'revoked', 'left'],
      ['the administrator', 'Bob', 'created', 'night shift'],
    ],
  );
});

test('health is for anyone; readiness says no with 503 when the database fails, and tells no secrets', async (context) => {
  let isBroken = false;
  const { ask } = await servedApi(context, {
    sources: ({ audit, gateway }) => ({
      audit: {
        ...audit,
        head() {
          if (isBroken) throw new DatabaseError('/secret/path: locked', { temporary: true });
          return audit.head();
        },
      },
      gateway: { ...gateway, problem: () => (isBroken ? 'secret trouble' : undefined) },
    }),
  });
  assert.deepEqual((await ask('/healthz')).json, { alive: true });
  assert.equal((await ask('/readyz')).json['ready'], true);
  isBroken = true;
  const answer = await ask('/readyz');
  assert.deepEqual([answer.status, answer.json['ready']], [503, false]);
  assert.ok(!answer.body.includes('secret'));
  assert.equal((await ask('/healthz')).status, 200);
  const unavailable = await ask('/api/v1/status', { role: 'viewer' });
  assert.deepEqual(
    [unavailable.status, unavailable.code, unavailable.response.headers.get('retry-after')],
    [503, 'unavailable', '2'],
  );
  assert.ok(!unavailable.body.includes('secret'));
});

test('metrics: the text format of Prometheus, with what was answered and how the operator is doing', async (context) => {
  const { ask } = await withPhone(context);
  await ask('/api/v1/nothing');
  const { body, response } = await ask('/metrics', { role: 'machine' });
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  for (const line of [
    'assay_http_answers_total{operation="none",status="404"} 1',
    'assay_uiccs 1',
    'assay_evidence{level="attested"} 1',
    'assay_event_streams 0',
  ])
    assert.ok(body.includes(`${line}\n`), line);
});

test('metrics while the database is away: what only it knows is left out, known tokens are taken for an hour, others are told to wait', async (context) => {
  let isAway = false;
  const away =
    <T extends unknown[], R>(read: (...given: T) => R) =>
    (...given: T): R => {
      if (isAway) throw new DatabaseError('away', { temporary: true });
      return read(...given);
    };
  const { ask, clock, access, tokens } = await servedApi(context, {
    sources: ({ access, audit, register, subscribers }) => ({
      access: { ...access, authenticate: away(access.authenticate), hasTokens: away(access.hasTokens) },
      audit: { ...audit, head: away(audit.head) },
      register: { ...register, lists: { ...register.lists, counts: away(register.lists.counts) } },
      subscribers: { ...subscribers, count: away(subscribers.count) },
    }),
  });
  const { record, token: brief } = access.create({
    ...{ name: 'brief', role: 'machine', author: 'root', reason: 'test', expiresAt: clock.now() + 60_000 },
  });
  const before = (await ask('/metrics', { role: 'machine' })).body;
  assert.ok(before.includes('assay_database_up 1\n') && before.includes('assay_uiccs 0\n'));
  for (const token of [brief, tokens.viewer]) assert.equal((await ask('/metrics', { token })).status, 200);
  access.revoke({
    id: access.page(0, 9).find(({ role }) => role === 'viewer')?.id ?? 0,
    author: 'root',
    reason: 'test',
  });
  assert.equal((await ask('/metrics', { role: 'viewer' })).code, 'token-refused');
  isAway = true;
  const { body, status } = await ask('/metrics', { role: 'machine' });
  assert.equal(status, 200);
  assert.ok(body.includes('assay_database_up 0\n') && body.includes('assay_event_streams 0\n'), body);
  for (const name of ['assay_uiccs', 'assay_list_entries', 'assay_audit_entries'])
    assert.ok(!body.includes(`\n${name} `) && !body.includes(`\n${name}{`), name);
  const codeOf = async (token: string | undefined) =>
    (await ask('/metrics', token === undefined ? {} : { token })).code;
  // Revoked before, never seen here, none: nobody knows now.
  for (const token of [tokens.viewer, tokens.analyst, `assay_${'A'.repeat(43)}`])
    assert.equal(await codeOf(token), 'unavailable');
  assert.deepEqual([await codeOf(undefined), await codeOf(brief)], ['unavailable', undefined]);
  clock.advance(record.expiresAt - clock.now());
  assert.equal(await codeOf(brief), 'unavailable');
  // Everything else asks the database first.
  assert.equal((await ask('/api/v1/status', { role: 'machine' })).code, 'unavailable');
  clock.advance(3_600_000);
  assert.equal(await codeOf(tokens.machine), 'unavailable');
  isAway = false;
  assert.ok((await ask('/metrics', { role: 'machine' })).body.includes('assay_uiccs 0\n'));
});

test('metrics while the database is away: on this machine, without tokens, whoever could read before still can', async (context) => {
  let isAway = false;
  const { ask } = await servedApi(context, {
    withTokens: false,
    sources: ({ access }) => ({
      access: {
        ...access,
        hasTokens() {
          if (isAway) throw new DatabaseError('away', { temporary: true });
          return access.hasTokens();
        },
      },
    }),
  });
  assert.equal((await ask('/metrics')).status, 200);
  isAway = true;
  assert.deepEqual([(await ask('/metrics')).status, (await ask('/api/v1/status')).status], [200, 503]);
});

test('the lists are counted once in five seconds, however often somebody asks', async (context) => {
  let counted = 0;
  const { ask, clock, register } = await servedApi(context, {
    sources: ({ register }) => ({
      register: {
        ...register,
        positions: {
          ...register.positions,
          entries() {
            counted++;
            return register.positions.entries();
          },
        },
      },
    }),
  });
  const black = async () => rows((await ask('/api/v1/status', { role: 'viewer' })).json['lists'])[0]?.['entries'];
  assert.equal(await black(), 0);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  for (const path of ['/api/v1/lists', '/metrics']) await ask(path, { role: 'viewer' });
  clock.advance(4999);
  assert.deepEqual([await black(), counted], [0, 1]);
  clock.advance(1);
  assert.deepEqual([await black(), counted], [1, 2]);
});

test('lists are generated in numbered runs, by the name of the token; not two at once', async (context) => {
  const { ask, register, audit, operator, clock } = await servedApi(context);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  const path = '/api/v1/list-runs';
  const first = await ask(path, { role: 'analyst', json: { noticeDays: 60 } });
  const at = '2026-11-24T12:00:00.000Z';
  const run = { run: 1, at, author: 'the analyst', asOfChange: register.feed.newest(), state: 'done' };
  assert.deepEqual([first.status, first.json], [201, { run }]);
  assert.deepEqual(
    Array.from(register.generation.lines('blacklist', 1), ({ imei }) => imei),
    [IMEI.number],
  );
  const [entry] = audit.newest(1, 'list');
  assert.deepEqual([entry?.author, entry?.subject, entry?.detail?.['noticeDays']], ['the analyst', 'run 1', 60]);
  await ask(path, { role: 'administrator', json: { noticeDays: 7 } });
  const { runs } = (await ask(`${path}?limit=1`, { role: 'viewer' })).json as { runs: readonly object[] };
  assert.deepEqual(runs, [{ ...run, run: 2, author: 'the administrator' }]);
  assert.equal((await ask(path, { role: 'analyst', json: { noticeDays: -1 } })).code, 'invalid-value');
  operator.database.execute(
    `INSERT INTO list_run (at, touched_at, author, sequence, state) VALUES (0, ${clock.now()}, 'Eve', 0, 'running')`,
  );
  assert.equal((await ask(path, { role: 'analyst', json: { noticeDays: 60 } })).code, 'conflict');
});

test('a run that stood still and was taken back is a conflict that says what to do', async (context) => {
  const { ask } = await servedApi(context, {
    sources: ({ register }) => ({
      register: {
        ...register,
        generation: {
          ...register.generation,
          async generate() {
            throw new RefusalError(REGISTER_REFUSALS.say('runTakenBack'), 'run 3');
          },
        },
      },
    }),
  });
  const { code, json } = await ask('/api/v1/list-runs', { role: 'analyst', json: { noticeDays: 60 } });
  assert.deepEqual([code, json['advice']], ['conflict', 'generate the lists again']);
});

test('defaults by IMSI prefix are set, shown, explained and taken away', async (context) => {
  const { ask } = await servedApi(context);
  const path = '/api/v1/imsi-defaults';
  const json = { prefix: '26201', answer: 'tracking', reason: 'roamers are watched' };
  assert.deepEqual((await ask(path, { role: 'administrator', json })).json, { prefix: '26201', answer: 'tracking' });
  const { defaults } = (await ask(`${path}?limit=1`, { role: 'viewer' })).json as { defaults: readonly object[] };
  const addedAt = '2026-11-24T12:00:00.000Z';
  const { prefix, answer, reason: note } = json;
  assert.deepEqual(defaults, [{ prefix, answer, note, author: 'the administrator', addedAt }]);
  const check = await ask('/api/v1/checks', {
    ...{ role: 'machine', json: { checks: [{ imei: testImei(7).equipment, imsi: '262010000000001' }] } },
  });
  assert.match(check.body, /\(26201: tracking, roamers are watched\)/);
  for (const bad of [{ prefix: '26' }, { answer: 'maybe' }, { reason: '' }])
    assert.equal((await ask(path, { role: 'administrator', json: { ...json, ...bad } })).code, 'invalid-value');
  const removal = { role: 'administrator', json: { prefix: '26201', reason: 'over' } } as const;
  assert.deepEqual((await ask(`${path}/removals`, removal)).json, { removed: true });
  assert.equal((await ask(`${path}/removals`, removal)).code, 'conflict');
});

test('new keys for a UICC: asked for by an administrator alone, once at a time; generations in pages', async (context) => {
  const { ask, phone, gateway, subscribers } = await withPhone(context);
  const iccid = phone.iccid.digits;
  const json = { iccid, reason: 'yearly' };
  assert.equal((await ask('/api/v1/key-sets', { role: 'approver', json })).code, 'not-permitted');
  const given = await ask('/api/v1/key-sets', { role: 'administrator', json });
  assert.deepEqual([given.status, given.json['generation']], [201, 1]);
  const again = await ask('/api/v1/key-sets', { role: 'administrator', json });
  assert.deepEqual([again.code, again.json['got']], ['conflict', 'rotationOpen']);
  gateway.outbox.fail(Number(given.json['order']), ORDER_OUTCOMES.say('notUnderstood'));
  subscribers.packetKeys.settle(phone.iccid, 1);
  assert.equal((await ask('/api/v1/key-sets', { role: 'administrator', json })).json['generation'], 2);
  const read = async (query: string) => {
    const { json: answered } = await ask(`/api/v1/key-sets?${query}`, { role: 'viewer' });
    const sets = answered['keySets'] as readonly Record<string, unknown>[];
    return [sets.map(({ generation, state }) => `${generation} ${state}`), answered['next']];
  };
  assert.deepEqual(await read('limit=1'), [['2 coming'], `${iccid},2`]);
  assert.deepEqual(await read(`limit=1&after=${iccid},2`), [['1 held'], `${iccid},1`]);
  assert.deepEqual(await read(`iccid=${iccid}`), [['2 coming', '1 held'], undefined]);
});
