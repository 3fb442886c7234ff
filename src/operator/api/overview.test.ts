import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import { MINUTE, testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';
import { listAges } from './overview-counts.ts';

const IMEI = testImei(1);
const rows = (value: unknown) => value as readonly Readonly<Record<string, unknown>>[];

test('the overview counts what is proved and what is not, hits, blocks, alarms, and shows the newest power-ons with their steps', async (context) => {
  const { ask, issue, receive, register, clock, activity, evidence, poll, gateway, tokens } = await servedApi(context);
  assert.ok(tokens.viewer !== undefined);
  const [honest, forged] = [issue(), issue()];
  issue();
  await receive(honest, honest.uicc.report(IMEI));
  const refuted = { result: 'refuted', reason: 'claimedImeiDiffers', state: 'blockedLocally' } as const;
  await receive(forged, forged.uicc.report(testImei(2), refuted));
  register.lists.add({ ...LISTED, imei: testImei(3) });
  register.check({ imei: testImei(3), imsi: honest.imsi });
  activity.flush();
  const overview = (await ask('/api/v1/overview', { role: 'viewer' })).json;
  const numbers = ['subscribers', 'proved', 'unproved', 'refuted', 'prohibitedHits', 'localBlocks', 'mismatches'];
  assert.deepEqual(
    numbers.map((name) => overview[name]),
    [3, 1, 1, 1, 1, 1, 1],
  );
  assert.deepEqual(overview['alarms'], { open: { major: 1 }, acknowledged: {} });
  const [newest, first] = rows(overview['powerOns']);
  const stepsOf = (one: typeof newest) => rows(one?.['steps']).map(({ step, state }) => `${step} ${state}`);
  assert.deepEqual(stepsOf(newest), ['101 failed', '102 failed', '103 done', '104 waits']);
  assert.deepEqual(stepsOf(first), ['101 done', '102 done', '103 done', '104 waits']);
  assert.match(String(first?.['imsi']), /…/);
  await poll();
  const answer = gateway.outbox.answerTo(Number(first?.['report']));
  gateway.outbox.acknowledge(answer?.id ?? 0, ORDER_OUTCOMES.say('lockIs', { lock: 'enabled' }));
  const after = rows((await ask('/api/v1/overview?powerOns=2', { role: 'analyst' })).json['powerOns']);
  assert.deepEqual(stepsOf(after[1]), ['101 done', '102 done', '103 done', '104 done']);
  assert.equal(after[1]?.['imsi'], honest.imsi.digits);
  assert.deepEqual(rows((await ask('/api/v1/overview?powerOns=0', { role: 'machine' })).json['powerOns']), []);
  clock.advance(MINUTE);
  evidence.recordFinding({ kind: 'lyingHandset', key: 'x', said: [FINDING_SENTENCES.say('replayedReport')] });
  const renewed = (await ask('/api/v1/overview', { role: 'viewer' })).json;
  assert.deepEqual(renewed['alarms'], { open: { critical: 1, major: 1 }, acknowledged: {} });
});
const LISTED = {
  list: 'black',
  reason: 'stolen',
  author: 'Ada',
  note: '',
  source: 'operator',
  caseReference: '',
} as const;

test('checks and reports over time come in steps, those in which nothing happened too; wrong times are refused', async (context) => {
  const { ask, register, clock, activity } = await servedApi(context);
  const start = clock.now();
  register.check({ imei: IMEI });
  clock.advance(3 * MINUTE);
  register.check({ imei: IMEI });
  register.check({ imei: IMEI });
  activity.flush();
  const at = (milliseconds: number) => new Date(milliseconds).toISOString();
  const series = (query: string) => ask(`/api/v1/overview/series?${query}`, { role: 'viewer' });
  const minutes = (await series(`from=${at(start)}&to=${at(start + 4 * MINUTE)}&step=minute`)).json;
  assert.deepEqual(
    rows(minutes['points']).map(({ from, checks }) => [from, checks]),
    [
      [at(start), { permitted: 1 }],
      [at(start + MINUTE), {}],
      [at(start + 2 * MINUTE), {}],
      [at(start + 3 * MINUTE), { permitted: 2 }],
    ],
  );
  const day = (await series(`from=${at(start)}&to=${at(start + MINUTE)}&step=day`)).json;
  assert.deepEqual(
    rows(day['points']).map(({ checks }) => checks),
    [{ permitted: 3 }],
  );
  assert.equal((await series('')).json['step'], 'minute');
  assert.equal((await series(`from=${at(start + 1)}&to=${at(start)}`)).code, 'invalid-value');
  assert.equal((await series(`from=${at(start - 40 * 24 * 60 * MINUTE)}&step=minute`)).code, 'invalid-value');
});

test('a list is late when more than twice the usual time has gone by since its last file', () => {
  const day = 24 * 60 * MINUTE;
  const file = (at: number, source = 'GSMA', state: 'done' | 'undone' = 'done') => ({
    ...{ batch: 1, at, list: 'black' as const, source, author: 'Ada', name: `day ${at / day}`, state },
    ...{ added: 0, removed: 0, updated: 0, bad: 0 },
  });
  const files = [file(9 * day, 'GSMA', 'undone'), file(5 * day), file(4 * day), file(3 * day, 'DIRBS'), file(3 * day)];
  const ages = (now: number) =>
    listAges(files, now).map(({ source, name, expectedMilliseconds, isLate }) => [
      source,
      name,
      expectedMilliseconds,
      isLate,
    ]);
  assert.deepEqual(ages(7 * day), [
    ['GSMA', 'day 5', day, false],
    ['DIRBS', 'day 3', undefined, false],
  ]);
  assert.equal(ages(7 * day + 1)[0]?.[3], true);
});
