import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Imsi } from '#base/identity/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { MINUTE, testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';
import { Identities } from './identities.ts';

const PASSWORD = 'correct horse battery';
const IMEI = testImei(1);

test('an IMEI keeps its type and last digits, an IMSI its network and last digits', () => {
  const masked = new Identities({ subscribers: false, equipment: false });
  assert.deepEqual(
    [masked.show('001010000000123'), masked.imei('00888801000001'), masked.imei('008888010000017'), masked.shown],
    ['00101…123', '00888801…01', '00888801…017', 0],
  );
  assert.equal(masked.words('claims 008888010000017, not 00888801000001.'), 'claims 00888801…017, not 00888801…01.');
  assert.equal(masked.words('case 20261130, ICCID 8988211000000000201'), 'case 20261130, ICCID 8988211000000000201');
  assert.equal(masked.imei(undefined), undefined);
  const whole = new Identities({ subscribers: true, equipment: true });
  whole.show('001010000000123');
  assert.deepEqual(
    [whole.show('001010000000123'), whole.imei(IMEI.equipment), whole.shown],
    ['001010000000123', IMEI.equipment, 1],
  );
});

test('values of sentences are masked as the sentences are, whatever they say', () => {
  const masked = new Identities({ subscribers: false, equipment: false });
  const value = fc.oneof(
    fc.integer({ min: 0, max: 10 ** 16 }),
    fc.stringMatching(/^\d{10,20}$/),
    fc.constantFrom(IMEI.equipment, IMEI.withCheckDigit, 'A1A2A3A4A5A6A7A8', '1122334455667788', 'noAnswer'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...FINDING_SENTENCES.codes), fc.array(value, { minLength: 6 }), (code, given) => {
      const english = FINDING_SENTENCES.words({ code, values: {} });
      const names = [...english.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const said = { code, values: Object.fromEntries(names.map((name, at) => [name, given[at] ?? 0])) };
      assert.equal(FINDING_SENTENCES.words(masked.said([said])), masked.words(FINDING_SENTENCES.words(said)));
    }),
  );
});

test('the IMEI in an alarm and in the reason of an order is whole for an analyst and masked for a viewer, in words and values', async (context) => {
  const { ask, issue, receive, register, clock } = await servedApi(context);
  const phone = issue();
  const [proved, claimed] = [testImei(1), testImei(2)];
  // Told first, proved otherwise a moment later: a lie.
  register.check({ imei: claimed, imsi: phone.imsi, front: 'api' });
  clock.advance(MINUTE);
  await receive(phone, phone.uicc.report(proved));
  for (const path of ['/api/v1/alarms', '/api/v1/outbox', `/api/v1/devices/${phone.iccid.digits}`, '/api/v1/audit']) {
    const [whole, masked] = await Promise.all([ask(path, { role: 'analyst' }), ask(path, { role: 'viewer' })]);
    assert.ok(whole.body.split(claimed.withCheckDigit).length > 2, path);
    for (const imei of [proved, claimed]) assert.ok(!masked.body.includes(imei.equipment), path);
  }
});

test('people see identities masked until they ask and say why, which is recorded; programs as before', async (context) => {
  const { ask, issue, people, audit } = await servedApi(context);
  const { card } = issue();
  for (const role of ['analyst', 'viewer'] as const)
    await people.users.create({
      name: `the ${role} herself`,
      role,
      password: PASSWORD,
      author: 'root',
      reason: 'test',
    });
  const signedIn = async (name: string) => {
    const { response } = await ask('/api/v1/session', { json: { name, password: PASSWORD } });
    const [Cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    return (query: string) => ask(`/api/v1/subscribers${query}`, { headers: { Cookie } });
  };
  const imsiIn = ({ body }: { readonly body: string }) =>
    (JSON.parse(body) as { subscribers: readonly { imsi: string }[] }).subscribers[0]?.imsi;
  const reads = () => audit.newest(100, 'read').length;
  const analyst = await signedIn('the analyst herself');
  assert.deepEqual([imsiIn(await analyst('')), reads()], ['00101…001', 0]);
  assert.equal((await analyst('?identities=whole')).code, 'invalid-value');
  assert.equal((await analyst('?identities=whole&identitiesReason=%20')).code, 'invalid-value');
  assert.equal(reads(), 0);
  assert.equal(imsiIn(await analyst('?identities=whole&identitiesReason=case%204711')), card.imsi.digits);
  const [entry] = audit.newest(1, 'read');
  assert.deepEqual(
    [entry?.author, entry?.subject, entry?.detail],
    ['the analyst herself', '/api/v1/subscribers', { operation: 'getSubscribers', identities: 2, reason: 'case 4711' }],
  );
  const viewer = await signedIn('the viewer herself');
  assert.equal((await viewer('?identities=whole&identitiesReason=curious')).code, 'not-permitted');
  assert.equal(imsiIn(await ask('/api/v1/subscribers', { role: 'analyst' })), card.imsi.digits);
  assert.equal(imsiIn(await ask('/api/v1/subscribers?identities=masked', { role: 'analyst' })), '00101…001');
  assert.equal((await ask('/api/v1/subscribers?identities=whole', { role: 'viewer' })).code, 'not-permitted');
  assert.equal((await ask('/api/v1/status?identities=whole', { role: 'analyst' })).code, 'invalid-value');
});

test('a viewer sees IMEIs masked beside what was done with them; lists, and the one that is asked for, whole', async (context) => {
  const { ask, register } = await servedApi(context);
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  register.check({ imei: IMEI.equipment, imsi: Imsi.parse('001010000000001'), front: 'api' });
  register.check({ imei: IMEI.equipment, imsi: Imsi.parse('001010000000002'), front: 'api' });
  const whole = IMEI.withCheckDigit;
  for (const [path, isWhole] of [
    ['/api/v1/clusters', false],
    ['/api/v1/audit?kind=list', false],
    ['/api/v1/events', false],
    ['/api/v1/lists?list=black', true],
    [`/api/v1/imei/${whole}`, true],
  ] as const) {
    const seen = async (role: 'viewer' | 'analyst') => {
      const { body, status } = await ask(path, { role });
      assert.equal(status, 200, body);
      return body.includes(IMEI.equipment);
    };
    assert.deepEqual([await seen('viewer'), await seen('analyst')], [isWhole, true], path);
  }
  const checked = await ask('/api/v1/checks', { role: 'machine', json: { checks: [{ imei: whole }] } });
  assert.ok(checked.body.includes(whole));
});
