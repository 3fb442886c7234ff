import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { said } from '#console/web/text/fr/said/index.ts';
import { ACTS, CAST, type World } from '#lab/demo/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { frenchWords } from './french-words.ts';
import { laboratoryTests } from './laboratory.ts';

const signedInTest = laboratoryTests(true);

/** What people called something here, and what the laboratory calls its handsets. */
const NAMES = [
  ...[
    'the administrator',
    'Ada',
    'robot',
    'root',
    'test',
    'essai',
    'police.csv',
    'police',
    'Nr',
    'Serial',
    'Why',
    'lost',
  ],
  ...Object.values(CAST).map(({ name }) => name),
  ...['HeadlessChrome', 'Assay', 'nowhere', 'not an IMEI'],
];
/** Words of standards and of programs that are the same in every language; those in capitals need not stand here. */
const TERMS = ['submit_sm', 'deliver_sm', 'submit_sm_resp', 'deliver_sm_resp', 'npm start', 'assay factory', 'csv'];

/** What stands on the page: its texts, and what is said of it to those who do not see it. */
const TEXTS = `(() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement, data } = walk.currentNode;
    if (parentElement.closest('script, style') === null && parentElement.checkVisibility()) found.add(data);
  }
  for (const one of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder']) found.add(one.getAttribute(name) ?? '');
  return [...found];
})()`;

/** True as soon as nothing is on its way and nothing has changed since it was looked at last. */
const IS_STILL = `(() => {
  const text = document.querySelector('main, form')?.textContent ?? '';
  const isSame = text !== '' && text === window.seen;
  window.seen = text;
  return isSame && !document.body.textContent.includes('Chargement…');
})()`;

/** Milliseconds between two looks, and looks at most: pages are read within a second, on a busy machine within a few. */
const [PAUSE, MOST_LOOKS] = [50, 200];

async function still(page: Page, where: string): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    if (await page.evaluate<boolean>(IS_STILL)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  assert.fail(`${where}: something is still on its way`);
}

const { isFrench } = frenchWords(NAMES, TERMS);

/** Asserts that all that the page shows is French. */
async function readFrench(page: Page, where: string, found: string[]): Promise<void> {
  await still(page, where);
  for (const text of await page.evaluate<string[]>(TEXTS)) {
    const left = isFrench(text);
    if (left.length > 0) found.push(`${where}: “${left.join(' ')}” in “${text.trim().slice(0, 160)}”`);
  }
  assert.equal(await page.locator('[lang="en"]').count(), 0, `${where}: English is marked`);
}

const FILE = [
  ...['Nr;Serial;Why', `1;${testImei(1).withCheckDigit};stolen`, `2;imei-${testImei(2).equipment};stolen`],
  ...[`3;${testImei(3).equipment}01;lost`, '9;not an IMEI;lost'],
].join('\n');
const MAPPING = 'imei=2,reason=3,header=yes';
const CSV = { 'content-type': 'text/csv', accept: 'application/json' };
const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json' };

/** What people do in the laboratory before its pages are read, so that every page has something to show. */
async function withLife(page: Page, world: World): Promise<void> {
  for (const act of ACTS.slice(3)) await act.play(world);
  const ask = async (method: string, path: string, body?: object | string) => {
    const given = { method, headers: typeof body === 'string' ? CSV : JSON_TYPE };
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const request = JSON.stringify({ ...given, ...(sent !== undefined && { body: sent }) });
    const [status, text] = await page.evaluate<[number, string]>(
      `fetch(${JSON.stringify(path)}, ${request}).then(async (answer) => [answer.status, await answer.text()])`,
    );
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
    return JSON.parse(text) as unknown;
  };
  const why = { reason: 'essai' };
  const iccid = CAST.stolen.iccid.digits;
  const of = (list: string) => `/api/v1/imports?list=${list}&source=police&name=police.csv&mapping=${MAPPING}`;
  const one = (serial: number) => ({ firstImei: testImei(serial).equipment, lastImei: testImei(serial).equipment });
  await ask('POST', of('black'), FILE);
  for (const [name, value] of [
    ...[['unknown.s13', 'tracking'] as const, ['oldestList', '86400000'] as const],
    ...[['retention.reports', '100'] as const, ['cloneStatus', 'prohibited'] as const],
  ])
    await ask('PUT', `/api/v1/settings/${name}`, { value, ...why });
  await ask('POST', '/api/v1/lists/black/entries', { imei: testImei(7).withCheckDigit, reason: 'fraud' });
  await ask('POST', '/api/v1/ranges', { list: 'grey', reason: 'fraud', tac: '35342009' });
  await ask('POST', '/api/v1/ranges', { list: 'grey', reason: 'fraud', ...one(9), lastImei: testImei(11).equipment });
  const imsis = { firstImsi: '001010000000001', lastImsi: '001010000000001' };
  await ask('POST', '/api/v1/pair-rules', { kind: 'allow', ...one(1), ...imsis });
  await ask('POST', '/api/v1/imsi-defaults', { prefix: '20801', answer: 'tracking', ...why });
  await ask('POST', '/api/v1/webhooks', { url: 'http://127.0.0.1:9/', allowPrivate: true, ...why });
  await ask('POST', '/api/v1/tokens', { name: 'robot', role: 'machine', ...why });
  const password = 'correct horse battery staple';
  await ask('POST', '/api/v1/users', { name: 'Ada', role: 'analyst', password, ...why });
  await ask('POST', '/api/v1/key-sets', { iccid, ...why });
  await ask('POST', '/api/v1/revocations', { serial: 'B1B2B3B4', ...why });
  await ask('POST', '/api/v1/list-runs', { noticeDays: 3 });
  for (const order of ['block', 'unblock']) await ask('POST', '/api/v1/commands', { iccid, order, ...why });
  await ask('POST', '/api/v1/policies/fleet', { select: {}, change: { reportEvery: 7 }, ...why });
  const { alarms } = (await ask('GET', '/api/v1/alarms')) as { readonly alarms: readonly { readonly id: number }[] };
  const [alarm] = alarms;
  assert.ok(alarm);
  await ask('POST', `/api/v1/alarms/${alarm.id}/acknowledgement`, why);
  await ask('POST', `/api/v1/alarms/${alarm.id}/assignment`, { ...why, assignee: 'Ada' });
  await ask('POST', '/api/v1/imports/1/undo', why);
  await ask('POST', of('grey'), FILE);
  await ask('POST', '/api/v1/erasures', { identity: 'imsi', digits: CAST.liar.imsi.digits, ...why });
  await ask('POST', '/api/v1/subject-exports', { identity: 'imsi', digits: CAST.liar.imsi.digits, ...why });
  await ask('PUT', '/api/v1/settings/approval', { value: 'always', ...why });
  await ask('POST', '/api/v1/lists/black/entries', { imei: testImei(8).withCheckDigit, reason: 'fraud' });
  await ask('PUT', '/api/v1/settings/mode', { value: 'track', ...why });
  await ask('POST', of('black'), FILE);
  await ask('POST', '/api/v1/imports/2/undo', why);
}

/** Every screen, and every part of one that has an address. */
const PAGES = [
  ...['/', '/live/stolen', '/devices', '/lists', '/lists/ranges', '/lists/pairs', '/lists/imports'],
  ...['/alarms', '/alarms/duplicates', '/policy/uiccs', '/policy/register', '/policy/keys', '/policy/makers'],
  ...['/policy/supports', '/access/audit', '/access/audit?kind=check', '/access/audit?kind=finding'],
  ...['/access/approvals?state=any', '/access/users', '/access/roles', '/access/tokens', '/access/privacy'],
  ...['/access/you', '/nowhere'],
  ...['stolen', 'forger', 'liar'].map((name) => `/devices/${CAST[name as keyof typeof CAST].iccid.digits}`),
];
signedInTest(
  'every screen is French, all that programs wrote and all that people did included',
  async ({ open, world }) => {
    const page = await open('/', { role: 'administrator', language: 'fr' });
    await withLife(page, world);
    const found: string[] = [];
    for (const path of PAGES) {
      await page.goto(new URL(path, page.url()).href);
      await readFrench(page, path, found);
    }
    assert.deepEqual(found, []);
  },
);

signedInTest(
  'a list is imported in French: what is wrong with its lines, what is done to them, what it would do',
  async ({ open }) => {
    const page = await open('/lists/import', { role: 'administrator', language: 'fr' });
    const found: string[] = [];
    await page.getByRole('button', { name: 'Suivant' }).click();
    await readFrench(page, 'nothing chosen', found);
    assert.equal(await page.locator('[aria-invalid="true"]').count(), 2);
    assert.ok(await page.getByLabel('Fichier', { exact: true }).evaluate((one) => one.matches(':focus')));
    const buffer = Buffer.from(FILE);
    await page
      .getByLabel('Fichier', { exact: true })
      .setInputFiles({ name: 'police.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('textbox', { name: /Source/ }).fill('police');
    await page.getByRole('button', { name: 'Suivant' }).click();
    await page.getByLabel('Why').selectOption('reason');
    await readFrench(page, 'columns', found);
    await page.getByRole('button', { name: 'Simuler' }).click();
    await page.getByRole('row', { name: new RegExp(said.normalisation.separatorsDropped) }).waitFor();
    await readFrench(page, 'effect', found);
    assert.deepEqual(found, []);
  },
);

signedInTest('the same page in English is not taken for French', async ({ open }) => {
  const page = await open('/access/audit', { role: 'administrator' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  await still(page, 'audit');
  const left = new Set((await page.evaluate<string[]>(TEXTS)).flatMap(isFrench).map((word) => word.toLowerCase()));
  for (const word of ['by', 'overview', 'devices', 'tokens', 'users', 'approvals']) assert.ok(left.has(word), word);
});
