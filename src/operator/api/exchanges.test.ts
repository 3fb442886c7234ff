import assert from 'node:assert/strict';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';

const IMEI = testImei(1);
const WHOLE = 'identities=whole&identitiesReason=case%204711';

interface Listed {
  readonly exchanges: readonly { readonly number: number; readonly handset: string; readonly kind: string }[];
  readonly kept: number;
}
interface Hops {
  readonly hops: readonly { readonly number: number; readonly name: string; readonly step?: number }[];
}

/** A report of a listed handset, its answer and its proof of receipt; and a report of another. */
async function played(context: Parameters<typeof servedApi>[0], options: Parameters<typeof servedApi>[1] = {}) {
  const served = await servedApi(context, options);
  const { issue, receive, sent, register, ask } = served;
  const [phone, other] = [issue(), issue()];
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  await receive(phone, phone.uicc.report(IMEI));
  const answer = phone.uicc.open(sent.at(-1)?.userData ?? new Uint8Array(0));
  assert.ok(answer !== undefined);
  await receive(phone, phone.uicc.proof(answer, 'blockedByOperator'));
  await receive(other, other.uicc.report(testImei(2)));
  const list = async (query = '') =>
    (await ask(`/api/v1/exchanges${query}`, { role: 'viewer' })).json as unknown as Listed;
  const hopsOf = async (exchange: number) =>
    ((await ask(`/api/v1/exchanges/${exchange}/hops`, { role: 'viewer' })).json as unknown as Hops).hops;
  return { ...served, phone, other, list, hopsOf };
}

test('a viewer sees who did what with which verdict, and no octet, no whole IMEI; a token of an analyst sees them, recorded', async (context) => {
  const { ask, phone, list, hopsOf, audit } = await played(context);
  assert.deepEqual(
    (await list(`?handset=${phone.iccid.digits}`)).exchanges.map(({ kind }) => kind),
    ['report'],
  );
  const hops = await hopsOf(1);
  assert.deepEqual(new Set(hops.map(({ step }) => step)), new Set([101, 102, 103, undefined, 104]));
  const before = audit.head().id;
  for (const { number } of hops) {
    const { json, body, status } = await ask(`/api/v1/hops/${number}`, { role: 'viewer' });
    assert.deepEqual([status, json['isWithheld'], json['sheets']], [200, true, []]);
    assert.doesNotMatch(body, new RegExp(`${IMEI.equipment}|${phone.imsi.digits}|${phone.msisdn.digits}`));
  }
  assert.equal(audit.head().id, before);
  const report = hops.find(({ name }) => name === 'report')?.number ?? 0;
  const shown = await ask(`/api/v1/hops/${report}?identitiesReason=case%204711`, { role: 'analyst' });
  assert.equal(shown.json['isWithheld'], false);
  assert.match(shown.body, new RegExp(`"value":"${IMEI.withCheckDigit}"`));
  await ask(`/api/v1/hops/${report + 1}?identitiesReason=case%204711`, { role: 'analyst' });
  const [entry, ...more] = audit.newest(9, 'read').filter(({ subject }) => subject === phone.iccid.digits);
  assert.deepEqual(more, [], 'one entry for an exchange and a reason, not for every hop');
  assert.deepEqual(
    [entry?.author, entry?.detail],
    ['the analyst', { what: 'octets of an exchange', exchange: 1, reason: 'case 4711' }],
  );
});

test('files have octets: only with whole identities, and recorded; keys are in none of it', async (context) => {
  const { ask, phone, audit } = await played(context);
  for (const what of ['capture', 'record']) {
    const refused = await ask(`/api/v1/exchanges/1/${what}`, { role: 'viewer' });
    assert.deepEqual([refused.status, refused.json['said']], [403, { code: 'octetsNeedWhole', values: {} }]);
    assert.equal((await ask(`/api/v1/exchanges/1/${what}?${WHOLE}`, { role: 'viewer' })).status, 403);
    assert.equal((await ask(`/api/v1/exchanges/1/${what}?identities=masked`, { role: 'administrator' })).status, 403);
    assert.equal((await ask(`/api/v1/exchanges/1/${what}?${WHOLE}`, { role: 'administrator' })).status, 200);
  }
  const record = await ask(`/api/v1/exchanges/1/record?${WHOLE}`, { role: 'administrator' });
  const { report, answer } = phone.card.otaKeys;
  for (const key of [report.kic, report.kid, answer.kic, answer.kid])
    assert.ok(!record.body.includes(Buffer.from(key).toString('hex').toUpperCase()));
  assert.match(record.body, /"code":"blackList"|black list/);
  assert.ok(audit.newest(9, 'read').some(({ subject }) => subject === phone.iccid.digits));
});

test('what an erasure is about is gone at the next look; numbers that are not kept are said to be so', async (context) => {
  const { ask, phone, other, list, evidence, clock } = await played(context);
  clock.advance(1);
  evidence.erased.begin({ imsi: phone.imsi.digits });
  assert.deepEqual(
    (await list()).exchanges.map(({ handset }) => handset),
    [other.iccid.digits],
  );
  for (const path of ['/api/v1/exchanges/1', '/api/v1/exchanges/1/hops', '/api/v1/hops/1', '/api/v1/hops/999'])
    assert.equal((await ask(path, { role: 'analyst' })).code, 'no-such-resource', path);
});

test('an operator that keeps none says so', async (context) => {
  const { ask, list } = await played(context, { sources: () => ({ exchanges: undefined }) });
  assert.deepEqual(await list(), { exchanges: [], next: 0, kept: 0 });
  assert.equal((await ask('/api/v1/hops/1', { role: 'viewer' })).status, 404);
});
