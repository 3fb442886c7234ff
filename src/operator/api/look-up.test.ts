import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayUse, PERMISSIONS } from '#operator/access/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';

const IMEI = testImei(1);
const PASSWORD = 'correct horse battery';

/** What an operation is told that could name somebody or something, by the name of the member. */
const NAMING = /^(after|before|q|subject|digits|prefix|checks|identity)$|imsi|msisdn|iccid|imei/i;

/** Why a member gives nothing away that is masked for who may use it; every one of the document stands here. */
const JUDGED: Readonly<Record<string, string>> = {
  'search q': 'look-up.ts: whole ones, or recorded',
  'getDevices after': 'sealed',
  'getClaimants after': 'sealed',
  'getClaimants imei': 'whole: whoever asks knows it',
  'getSubscribers imsi': 'whole, for those who may see them',
  'getSubscribers after': 'an ICCID, which is shown whole',
  'getSubscriber iccid': 'shown whole',
  'getDeviceTimeline after': 'numbers of entries',
  'getAlarms after': 'a time and a number',
  'getClusters after': 'numbers of subscribers and of rows',
  'getKeySets iccid': 'shown whole',
  'getKeySets after': 'an ICCID, which is shown whole',
  'getSupports after': 'a storage support is nobody',
  'getImsiDefaults after': 'settings',
  'getLists prefix': 'entries of lists are shown whole',
  'getEquipment imei': 'whole: whoever asks knows it',
  'getEquipment imsi': 'whole, for those who may see them and the network',
  'checkEquipment checks': 'whole, IMSIs for those who may see them and the network',
  'searchAudit subject': 'whole; no subscriber for who may see none',
  'getLists after': 'entries of lists are shown whole',
  'getLists before': 'entries of lists are shown whole',
};

/** Whoever never sees a subscriber whole may not do the others; those who may do them are told whole ones when they say why. */
function isForMasked(description: unknown): boolean {
  const [, permission = ''] = /Needs `([\w.]+)`/.exec(String(description)) ?? [];
  const known = PERMISSIONS.find((one) => one === permission);
  return known !== undefined && mayUse('viewer', known);
}

type Schema = Readonly<Record<string, unknown>>;
const membersOf = (schema: unknown): readonly string[] =>
  Object.keys(((schema as Schema)?.['properties'] ?? {}) as Schema);

test('every operation that is told an identity or a place says why it gives nothing away', async (context) => {
  const { document } = await servedApi(context);
  const told: string[] = [];
  for (const methods of Object.values(document['paths'] as Record<string, Record<string, Schema>>))
    for (const operation of Object.values(methods)) {
      if (!isForMasked(operation['description'])) continue;
      const parameters = (operation['parameters'] ?? []) as readonly { name: string; schema: { type?: string } }[];
      const body = operation['requestBody'] as
        | { readonly content: Readonly<Record<string, { readonly schema?: unknown }>> }
        | undefined;
      const members = [
        // Numbers of entries name nobody.
        ...parameters.filter(({ schema }) => schema.type !== 'integer').map(({ name }) => name),
        ...Object.values(body?.content ?? {}).flatMap(({ schema }) => membersOf(schema)),
      ];
      for (const name of members)
        if (NAMING.test(name) && !/^identities/.test(name)) told.push(`${String(operation['operationId'])} ${name}`);
    }
  assert.ok(told.length >= 10, told.join(', '));
  assert.deepEqual(
    Object.keys(JUDGED).filter((one) => !told.includes(one)),
    [],
  );
  assert.deepEqual(
    told.filter((one) => !(one in JUDGED)),
    [],
    'say why it gives nothing away, and see that it does not',
  );
});

test('nobody finds out masked digits by trying: people by whole ones only, beginnings when they say why, which is recorded', async (context) => {
  const { ask, issue, people, audit } = await servedApi(context);
  const { card } = issue();
  await people.users.create({ name: 'Ada', role: 'analyst', password: PASSWORD, author: 'root', reason: 'test' });
  const { response } = await ask('/api/v1/session', { json: { name: 'Ada', password: PASSWORD } });
  const [Cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  const found = async (q: string, more = '') => {
    const { json, status, body } = await ask(`/api/v1/search?q=${q}${more}`, { headers: { Cookie } });
    assert.equal(status, 200, body);
    return (json['hits'] as readonly { match?: string }[]).flatMap(({ match }) => match ?? []);
  };
  const { imsi, msisdn } = card;
  assert.deepEqual([await found(imsi.digits), await found(msisdn.digits)], [['imsi'], ['msisdn']]);
  for (const digits of [imsi.digits, msisdn.digits])
    for (let length = 6; length < digits.length; length++) assert.deepEqual(await found(digits.slice(0, length)), []);
  assert.equal(audit.newest(10, 'read').length, 0);
  const why = '&identities=whole&identitiesReason=case%204711';
  assert.deepEqual(await found(imsi.digits.slice(0, 9), why), ['imsi']);
  assert.deepEqual(await found('262019', why), []);
  assert.deepEqual(
    audit.newest(10, 'read').map(({ author, detail }) => [author, detail?.['reason']]),
    [
      ['Ada', 'case 4711'],
      ['Ada', 'case 4711'],
    ],
    'also what found nothing',
  );
});

test('a role that sees no subscriber whole asks about none: no search, no check, no log', async (context) => {
  const { ask, issue, register } = await servedApi(context);
  const { card } = issue();
  register.check({ imei: IMEI, imsi: card.imsi, front: 'api' });
  const { digits } = card.imsi;
  const asked = async (role: 'viewer' | 'analyst' | 'machine') => {
    const paths = [
      `/api/v1/imei/${IMEI.equipment}?imsi=${digits}`,
      `/api/v1/audit?subject=${digits}`,
      ...(role === 'machine' ? [] : [`/api/v1/subscribers?imsi=${digits}`]),
    ];
    const answers = [...paths.map((path) => ask(path, { role }))];
    const checks = [{ imei: IMEI.equipment, imsi: digits }];
    answers.push(ask('/api/v1/checks', { role, json: { checks } }));
    return new Set((await Promise.all(answers)).map(({ status }) => status));
  };
  assert.deepEqual(await asked('viewer'), new Set([403]));
  assert.deepEqual([await asked('analyst'), await asked('machine')], [new Set([200]), new Set([200])]);
  // An IMEI is looked up in the log by whoever reads it.
  assert.equal((await ask(`/api/v1/audit?subject=${IMEI.withCheckDigit}`, { role: 'viewer' })).status, 200);
  assert.equal(
    (await ask('/api/v1/checks', { role: 'viewer', json: { checks: [{ imei: IMEI.equipment }] } })).status,
    200,
  );
});

test('no answer to a masked role has digits in its cursors', async (context) => {
  const { ask, issue, receive } = await servedApi(context);
  for (let serial = 1; serial <= 4; serial++) {
    const phone = issue();
    await receive(phone, phone.uicc.report(testImei(serial)));
  }
  issue();
  issue();
  for (const query of [`tac=${IMEI.tac.digits}`, 'reported=never', '']) {
    const { json, body } = await ask(`/api/v1/devices?limit=1&${query}`, { role: 'viewer' });
    assert.match(String(json['next']), /^[\w-]{22,}$/, body);
    assert.ok(!body.includes(IMEI.equipment), body);
    const next = await ask(`/api/v1/devices?limit=1&${query}&after=${String(json['next'])}`, { role: 'viewer' });
    assert.equal(next.status, 200, next.body);
    assert.notDeepEqual(next.json['devices'], json['devices']);
  }
  // One made by hand tells nothing of what lies behind it.
  const made = await ask(`/api/v1/devices?tac=${IMEI.tac.digits}&after=88880100000350.8988211`, { role: 'viewer' });
  assert.equal(made.code, 'invalid-value');
});
