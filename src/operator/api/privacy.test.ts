import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { testImei } from '#test/operator/operator.ts';
import { eventually, servedApi } from './api.fixture.ts';

const IMEI = testImei(1);

test('a subject is exported with a reason, whole, by whoever may; what is no identity is refused', async (context) => {
  const { ask, issue, register, evidence, audit } = await servedApi(context);
  const { card } = issue();
  register.check({ imei: IMEI, imsi: card.imsi, front: 'api' });
  evidence.flush();
  const exportOf = (json: object, role: 'administrator' | 'approver' = 'administrator') =>
    ask('/api/v1/subject-exports', { role, json });
  const made = await exportOf({ identity: 'imsi', digits: card.imsi.digits, reason: 'request 12' });
  assert.equal(made.status, 200);
  assert.match(made.response.headers.get('content-disposition') ?? '', /attachment/);
  assert.equal((made.json['observation'] as unknown[]).length, 1);
  assert.deepEqual(audit.newest(1, 'read')[0]?.detail, { what: 'subject export', reason: 'request 12' });
  assert.equal(
    (await exportOf({ identity: 'imsi', digits: card.imsi.digits, reason: 'r' }, 'approver')).code,
    'not-permitted',
  );
  const wrong = await exportOf({ identity: 'imei', digits: '3567410899001x', reason: 'r' });
  assert.deepEqual([wrong.code, wrong.json['at']], ['invalid-value', '/digits']);
  assert.equal((await exportOf({ identity: 'imsi', digits: card.imsi.digits })).code, 'invalid-value');
});

test('an erasure waits for a second person, is seen by the second person, and says what remains', async (context) => {
  const { ask, issue, register, evidence, privacy } = await servedApi(context);
  const { card } = issue();
  register.check({ imei: IMEI, imsi: card.imsi, front: 'api' });
  evidence.flush();
  const json = { identity: 'imsi', digits: card.imsi.digits, reason: 'request 12' };
  const proposed = await ask('/api/v1/erasures', { role: 'administrator', json });
  assert.equal(proposed.status, 202, proposed.body);
  assert.ok((proposed.json['remains'] as readonly { what: string }[]).some(({ what }) => what === 'uicc'));
  const { id } = proposed.json['waiting'] as { id: number };
  const shown = async (role: 'viewer' | 'approver') => (await ask(`/api/v1/approvals/${id}`, { role })).body;
  assert.match(await shown('approver'), new RegExp(`"digits":"${card.imsi.digits}"`));
  assert.match(await shown('viewer'), /"digits":"00101…001"/);
  const approve = (role: 'administrator' | 'approver') =>
    ask(`/api/v1/approvals/${id}/approval`, { role, json: { reason: 'seen' } });
  assert.equal((await approve('administrator')).code, 'not-permitted');
  assert.equal((await approve('approver')).status, 200);
  privacy.run();
  const { json: listed } = await ask('/api/v1/erasures', { role: 'administrator' });
  const [erasure] = listed['erasures'] as readonly Record<string, unknown>[];
  assert.deepEqual([erasure?.['subject'], erasure?.['approvedBy']], ['imsi 0010100…001', 'the approver']);
  assert.match(await shown('approver'), /"digits":"0010100…001"/);
});

test('retention is shown with what the last run erased, and changed as every setting', async (context) => {
  const { ask, privacy } = await servedApi(context);
  const rules = async () =>
    (await ask('/api/v1/retention', { role: 'viewer' })).json['rules'] as readonly { name: string; days: number }[];
  assert.deepEqual(
    (await rules()).map(({ name, days }) => [name, days]),
    [
      ['retention.reports', 365],
      ['retention.sightings', 365],
      ['retention.events', 30],
      ['retention.auditDetails', 1825],
      ['retention.packets', 90],
    ],
  );
  const change = (value: string) =>
    ask('/api/v1/settings/retention.reports', {
      method: 'PUT',
      role: 'administrator',
      json: { value, reason: 'officer' },
    });
  assert.equal((await change('0')).code, 'invalid-value');
  assert.equal((await change('180')).status, 200);
  assert.equal((await rules())[0]?.days, 180);
  privacy.run();
  assert.ok('lastRun' in (await ask('/api/v1/retention', { role: 'viewer' })).json);
});

/** Asks for a file and reads nothing of it. */
const unread = (url: string, token: string, json: object) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const asked = request(new URL('/api/v1/subject-exports', url), { method: 'POST', headers }, (answer) => {
      answer.pause();
      resolve(answer);
    });
    asked.on('error', reject).end(JSON.stringify(json));
  });

test('an export whose reader takes nothing is cut, and only few are made at the same time', async (context) => {
  const { ask, issue, audit, url, tokens, clock, timers, faults } = await servedApi(context, {
    limits: { downloads: 2, slowReaderMilliseconds: 777 },
  });
  const { card } = issue();
  for (let entry = 0; entry < 400; entry++)
    audit.append({ kind: 'list', author: 'Ada', subject: card.imsi.digits, detail: { words: 'w'.repeat(50_000) } });
  const json = { identity: 'imsi', digits: card.imsi.digits, reason: 'request 12' };
  const slow = [await unread(url, tokens.administrator, json), await unread(url, tokens.administrator, json)];
  // What the way between holds is taken first; then nothing moves any more.
  for (let [before, now] = [-1, 0]; now < 2 || now !== before; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    [before, now] = [now, timers.filter((timer) => timer === 777).length];
  }
  const third = await ask('/api/v1/subject-exports', { role: 'administrator', json });
  assert.deepEqual([third.code, third.response.headers.get('retry-after')], ['unavailable', '30']);
  assert.equal((await ask('/api/v1/lists/black/export', { role: 'viewer' })).code, 'unavailable');
  clock.advance(777);
  let cut = 0;
  for (const answer of slow)
    answer
      .on('error', () => cut++)
      .on('close', () => cut++)
      .resume();
  await eventually(() => cut >= 2, 'they were cut');
  assert.ok(slow.every(({ complete }) => !complete));
  assert.equal((await ask('/api/v1/lists/black/export', { role: 'viewer' })).status, 200);
  assert.deepEqual(faults, []);
});
