import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { type Imei, Imsi } from '#base/identity/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { MINUTE, testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';

type Row = Readonly<Record<string, unknown>>;
const rows = (value: unknown) => value as readonly Row[];
const IMEI = testImei(1);
const SUPPORT = 'A1A2A3A4A5A6A7A8';

async function withPhones(context: TestContext) {
  const served = await servedApi(context);
  const phones = [served.issue(), served.issue(), served.issue()] as const;
  await served.receive(phones[0], phones[0].uicc.report(IMEI));
  served.clock.advance(MINUTE);
  const refuted = { result: 'refuted', reason: 'claimedImeiDiffers', state: 'blockedLocally' } as const;
  await served.receive(
    phones[1],
    phones[1].uicc.report(testImei(2), { ...refuted, support: fromHex('B1B2B3B4B5B6B7B8') }),
  );
  const get = async (path: string, role: 'viewer' | 'analyst' = 'analyst') => {
    const { json, status } = await served.ask(path, { role });
    assert.equal(status, 200, path);
    return json;
  };
  return { ...served, phones, get };
}

test('one box finds UICCs and handsets by every number people have, whole or begun, as they write them', async (context) => {
  const { get, phones, register } = await withPhones(context);
  const [{ iccid, imsi, msisdn }] = phones;
  const hits = async (q: string, role?: 'viewer' | 'analyst') =>
    rows((await get(`/api/v1/search?q=${encodeURIComponent(q)}`, role))['hits']).map((hit) =>
      hit['kind'] === 'uicc'
        ? `${hit['match']} ${hit['iccid'] === iccid.digits ? 'first' : 'other'}`
        : `imei ${hit['imei']} ${hit['isKnown']}`,
    );
  assert.deepEqual(await hits(iccid.digits), ['iccid first']);
  assert.deepEqual(await hits(imsi.digits), ['imsi first']);
  assert.deepEqual(await hits(imsi.digits, 'viewer'), []);
  assert.deepEqual(await hits(`+${msisdn.digits}`), ['msisdn first']);
  assert.deepEqual(await hits(`00${msisdn.digits.slice(0, 4)} ${msisdn.digits.slice(4)}`), ['msisdn first']);
  assert.deepEqual(await hits(`0${msisdn.digits.slice(3)}`), ['msisdn first']);
  assert.deepEqual(await hits(SUPPORT.toLowerCase()), ['support first']);
  assert.deepEqual(await hits(SUPPORT.slice(0, 7)), ['support first']);
  const known = `imei ${IMEI.withCheckDigit} true`;
  assert.deepEqual(await hits(IMEI.withCheckDigit), [known, 'imei first']);
  assert.deepEqual(await hits(`imei-${IMEI.equipment.slice(0, 8)}-${IMEI.equipment.slice(8)}`), [known, 'imei first']);
  assert.deepEqual(await hits(`${IMEI.equipment}01`), [known, 'imei first']);
  assert.deepEqual(await hits(testImei(77).equipment), [`imei ${testImei(77).withCheckDigit} false`]);
  register.lists.add({ imei: testImei(77), list: 'black', reason: 'stolen', author: 'Ada' });
  assert.deepEqual(await hits('008888'), [known, `imei ${testImei(77).withCheckDigit} true`, 'imei first']);
  const short = await get('/api/v1/search?q=12345');
  assert.deepEqual([short['isTooShort'], short['hits']], [true, []]);
  const wrong = IMEI.equipment + ((IMEI.checkDigit + 1) % 10);
  assert.equal((await get(`/api/v1/search?q=${wrong}`))['isCheckDigitWrong'], true);
  assert.deepEqual(await hits('what?!'), []);
  // Digit after digit a viewer would find out those that are masked.
  const masked = (imei: Imei) => `imei ${imei.withCheckDigit.slice(0, 8)}…${imei.withCheckDigit.slice(12)} true`;
  const ofType = [masked(IMEI), masked(testImei(77)), 'imei first'];
  const begun = IMEI.equipment.slice(0, 12);
  const other = IMEI.equipment.slice(0, 9) + ((Number(IMEI.equipment[9]) + 5) % 10);
  assert.deepEqual([await hits(begun, 'viewer'), await hits(other, 'viewer')], [ofType, ofType]);
  assert.deepEqual(await hits(other), []);
  assert.deepEqual((await hits(IMEI.withCheckDigit, 'viewer')).slice(0, 1), [masked(IMEI)]);
});

test('devices come in pages, the one that reported last first, by level, verdict, finding, type, or never reported', async (context) => {
  const { get, issue, receive, clock, phones } = await withPhones(context);
  for (let number = 10; number < 25; number++) {
    clock.advance(MINUTE);
    const phone = issue();
    await receive(phone, phone.uicc.report(testImei(number)));
  }
  const every = async (query: string) => {
    const found: Row[] = [];
    let after = '';
    do {
      const page = await get(`/api/v1/devices?limit=4&${query}${after}`);
      found.push(...rows(page['devices']));
      after = page['next'] === undefined ? '' : `&after=${page['next']}`;
    } while (after !== '');
    return found;
  };
  const all = await every('');
  assert.equal(all.length, 17);
  const times = all.map((row) => String(row['lastReportAt']));
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.deepEqual(
    (await every('level=refuted')).map((row) => row['iccid']),
    [phones[1].iccid.digits],
  );
  assert.equal((await every('level=attested&verdict=permitted')).length, 16);
  assert.equal((await every('verdict=tracking')).length, 0);
  assert.deepEqual(
    (await every('finding=refutedProof')).map((row) => row['iccid']),
    [phones[1].iccid.digits],
  );
  assert.deepEqual(await every('finding=refutedProof&level=attested'), []);
  const typed = (await every('tac=00888801')).map((row) => String(row['imei']));
  assert.deepEqual([typed.length, typed], [16, typed.toSorted()]);
  assert.deepEqual(await every('tac=00888802'), []);
  assert.deepEqual(
    (await every('reported=never')).map((row) => [row['iccid'], row['level']]),
    [[phones[2].iccid.digits, undefined]],
  );
});

test('a device tells its evidence, pairing, claims against proofs, lists, alarms and orders; by ICCID or by IMEI', async (context) => {
  const { get, ask, phones, register, evidence } = await withPhones(context);
  const [{ iccid, imsi }] = phones;
  register.lists.add({ imei: testImei(5), list: 'black', reason: 'stolen', author: 'Ada' });
  register.check({ imei: testImei(5), imsi });
  evidence.flush();
  const device = await get(`/api/v1/devices/${iccid.digits}`);
  const equipment = device['equipment'] as Row;
  assert.deepEqual(
    [equipment['imei'], equipment['equipmentStatus'], equipment['evidence']],
    [IMEI.withCheckDigit, 'permitted', 'attested'],
  );
  assert.deepEqual([device['verdict'], device['provedLevel']], ['permitted', 'attested']);
  assert.deepEqual(
    new Map(rows(device['uses']).map((use) => [use['imei'], 'contestedAt' in use])),
    new Map([
      [IMEI.withCheckDigit, false],
      [testImei(5).withCheckDigit, true],
    ]),
  );
  assert.equal(rows(device['orders'])[0]?.['order'], 'permit');
  assert.equal(rows((device['uicc'] as Row)['pairings'])[0]?.['support'], SUPPORT);
  assert.deepEqual(await get(`/api/v1/devices/${IMEI.withCheckDigit}`), device);
  const listed = await get(`/api/v1/devices/${testImei(5).equipment}`, 'viewer');
  const about = listed['equipment'] as Row;
  assert.deepEqual(
    [about['equipmentStatus'], rows(about['entries']).length, listed['uicc']],
    ['prohibited', 1, undefined],
  );
  const refuted = await get(`/api/v1/devices/${phones[1].iccid.digits}`);
  assert.equal(rows(refuted['alarms'])[0]?.['kind'], 'refutedProof');
  assert.equal((await ask('/api/v1/devices/8988211999999999999', { role: 'viewer' })).status, 404);
  assert.equal((await ask('/api/v1/devices/12', { role: 'viewer' })).status, 400);
});

test('a timeline merges reports, orders, changed IMEIs, findings and the log by time, each once over its pages', async (context) => {
  const { get, phones, register, evidence, clock, poll, receive, events, ask } = await withPhones(context);
  const [phone] = phones;
  for (let minute = 0; minute < 5; minute++) {
    clock.advance(MINUTE);
    register.check({ imei: testImei(50 + minute), imsi: Imsi.parse(phone.imsi.digits) });
    evidence.flush();
    await poll();
    await receive(phone, phone.uicc.report(IMEI));
  }
  events.poll();
  await ask('/api/v1/commands', {
    role: 'analyst',
    json: { iccid: phone.iccid.digits, order: 'block', reason: 'stolen' },
  });
  const path = `/api/v1/devices/${phone.iccid.digits}/timeline`;
  const whole = rows((await get(`${path}?limit=1000`))['happened']);
  const paged: Row[] = [];
  let after = '';
  do {
    const page = await get(`${path}?limit=3${after}`);
    paged.push(...rows(page['happened']));
    after = page['next'] === undefined ? '' : `&after=${page['next']}`;
  } while (after !== '');
  const key = (row: Row) => JSON.stringify(row);
  assert.deepEqual(paged.map(key).toSorted(), whole.map(key).toSorted());
  const times = whole.map((row) => String(row['at']));
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.deepEqual(
    new Set(whole.map((row) => row['source'])),
    new Set(['reports', 'orders', 'changes', 'findings', 'log']),
  );
  assert.equal(whole.filter((row) => row['source'] === 'reports').length, 6);
  assert.match(JSON.stringify(whole.find((row) => row['source'] === 'orders')), /block/);
  const masked = JSON.stringify(await get(`${path}?limit=1000`, 'viewer'));
  assert.ok(!masked.includes(phone.imsi.digits));
});

test('the inbox: alarms are filtered, taken, given, closed and opened again by people who may, with a reason', async (context) => {
  const { get, ask, phones, evidence } = await withPhones(context);
  evidence.recordFinding({
    kind: 'reportMissing',
    key: 'x',
    imsi: phones[2].imsi.digits,
    said: [FINDING_SENTENCES.say('neverReported')],
  });
  const kinds = async (query: string) =>
    rows((await get(`/api/v1/alarms?${query}`, 'viewer'))['alarms']).map((alarm) => alarm['kind']);
  assert.deepEqual(await kinds(''), ['reportMissing', 'refutedProof']);
  assert.deepEqual(await kinds('severity=major'), ['refutedProof']);
  assert.deepEqual(await kinds('kind=reportMissing&state=open'), ['reportMissing']);
  const first = await get('/api/v1/alarms?limit=1');
  const [newest] = rows(first['alarms']);
  assert.deepEqual(await kinds(`after=${first['next']}`), ['refutedProof']);
  const change = async (what: string, json: object, role: 'viewer' | 'analyst' = 'analyst') => {
    const { status, json: answer } = await ask(`/api/v1/alarms/${newest?.['id']}/${what}`, { role, json });
    return status === 200
      ? [answer['isChanged'], (answer['alarm'] as Row)['state'], (answer['alarm'] as Row)['assignee']]
      : status;
  };
  const reason = 'looked at it';
  assert.equal(await change('acknowledgement', { reason }, 'viewer'), 403);
  assert.equal(await change('acknowledgement', {}), 400);
  assert.deepEqual(await change('acknowledgement', { reason }), [true, 'acknowledged', undefined]);
  assert.deepEqual(await change('assignment', { assignee: 'Bob', reason }), [true, 'acknowledged', 'Bob']);
  assert.deepEqual(await kinds('assignee=Bob'), ['reportMissing']);
  const counts = rows((await get('/api/v1/alarms/counts'))['counts']);
  assert.deepEqual(
    counts.map(({ kind, open, acknowledged }) => [kind, open, acknowledged]),
    [
      ['refutedProof', 1, 0],
      ['reportMissing', 0, 1],
    ],
  );
  assert.deepEqual(await change('closure', { reason }), [true, 'closed', 'Bob']);
  assert.deepEqual(await change('closure', { reason }), [false, 'closed', 'Bob']);
  assert.deepEqual([await kinds(''), await kinds('state=closed')], [['refutedProof'], ['reportMissing']]);
  assert.deepEqual(await change('reopening', { reason }), [true, 'open', 'Bob']);
  assert.deepEqual(await change('assignment', { reason }), [true, 'open', undefined]);
  assert.equal(((await get(`/api/v1/alarms/${newest?.['id']}`))['alarm'] as Row)['note'], reason);
  assert.equal((await ask('/api/v1/alarms/999', { role: 'viewer' })).status, 404);
});

test('who uses an IMEI comes in pages; their places are sealed, and tell or take no digits', async (context) => {
  const { get, ask, register, evidence } = await withPhones(context);
  for (let number = 1; number <= 5; number++)
    register.check({ imei: IMEI, imsi: Imsi.parse(`26201000000000${number}`) });
  evidence.flush();
  const path = `/api/v1/clusters/${IMEI.equipment}/claimants?limit=4`;
  const first = await get(path);
  const rest = await get(`${path}&after=${first['next']}`);
  assert.deepEqual([rows(first['claimants']).length, rows(rest['claimants']).length, rest['next']], [4, 2, undefined]);
  assert.deepEqual(
    [...rows(first['claimants']), ...rows(rest['claimants'])].filter((one) => one['isGenuine']).length,
    1,
  );
  const seen = await get(path, 'viewer');
  assert.deepEqual(rows((await get(`${path}&after=${String(seen['next'])}`, 'viewer'))['claimants']).length, 2);
  for (const role of ['viewer', 'analyst', 'administrator'] as const)
    for (const made of ['262010000000001', `${String(seen['next']).slice(0, -2)}AA`])
      assert.equal((await ask(`${path}&after=${made}`, { role })).code, 'invalid-value');
  const clusters = await get('/api/v1/clusters?limit=1', 'viewer');
  const [cluster] = rows(clusters['clusters']);
  assert.deepEqual(
    [
      cluster?.['subscribers'],
      (cluster?.['because'] as Row | undefined)?.['code'],
      rows(cluster?.['claimants']).length,
    ],
    [6, 'proved', 5],
  );
  assert.deepEqual(rows((await get(`/api/v1/clusters?after=${clusters['next']}`))['clusters']), []);
});
