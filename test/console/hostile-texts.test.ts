// Whatever people, files and browsers write, the page shows as the text it is: nothing of it runs, nothing is asked for elsewhere.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { testImei } from '#test/operator/operator.ts';
import { type ConsoleWorld, consoleTest } from './browser.ts';

/** Ends attributes, elements and scripts, begins its own, turns the direction of writing, and is a formula. */
const HOSTILE = '=1+1"\'></td></script><img src=x onerror=owned=1><script>owned=1</script>{{7*7}}\u202e';
/** For a link. */
const SCRIPT_ADDRESS = 'javascript:owned=1//';

/** Puts a hostile text into everything that takes one, by the API; what takes none has to refuse it. */
async function fill({ operator, url }: ConsoleWorld): Promise<void> {
  const { token } = operator.access.create({ name: 'desk', role: 'administrator', author: 'root', reason: HOSTILE });
  const Authorization = `Bearer ${token}`;
  const send = async (path: string, json: object, expected: readonly number[] = [200, 201, 202]) => {
    const headers = { Authorization, 'Content-Type': 'application/json' };
    const answer = await fetch(new URL(`/api/v1${path}`, url), { method: 'POST', headers, body: JSON.stringify(json) });
    assert.ok(expected.includes(answer.status), `${path} -> ${answer.status} ${await answer.text()}`);
  };
  const said = { note: HOSTILE, caseReference: HOSTILE, source: HOSTILE };
  const own = { note: HOSTILE, caseReference: HOSTILE };
  await send('/lists/black/entries', { imei: testImei(1).equipment, reason: 'stolen', ...own });
  await send('/lists/black/entries', { imei: testImei(2).equipment, reason: 'stolen', ...said });
  await send('/ranges', { tac: '00888801', list: 'grey', reason: 'stolen', ...said });
  await send('/pair-rules', {
    tac: '00888801',
    firstImsi: '001010000000001',
    lastImsi: '001010000000001',
    kind: 'allow',
    ...said,
  });
  await send('/imsi-defaults', { prefix: '00101', answer: 'unknown', reason: HOSTILE });
  await send('/users', { name: HOSTILE, role: 'viewer', password: 'correct horse', reason: HOSTILE }, [400]);
  await send('/tokens', { name: HOSTILE, role: 'viewer', reason: HOSTILE }, [400]);
  await send('/users', { name: 'Bobby', role: 'viewer', password: 'correct horse battery', reason: HOSTILE });
  await send('/tokens', { name: 'desk 2', role: 'viewer', reason: HOSTILE });
  await send('/webhooks', { url: SCRIPT_ADDRESS, reason: HOSTILE }, [400]);
  await send('/webhooks', { url: `https://hook.example/?${encodeURIComponent(HOSTILE)}`, reason: HOSTILE });
  await send('/settings/mode', { value: HOSTILE, reason: HOSTILE }, [405]);
  for (const order of ['block', 'reportNow'])
    await send('/commands', { imsi: '001010000000001', order, reason: HOSTILE });
  operator.register.settings.set('approval', 'always', 'root', HOSTILE);
  await send('/lists/black/entries', { imei: testImei(3).equipment, reason: 'stolen', ...own });
  await send('/erasures', { identity: 'imsi', digits: '001010000000001', reason: HOSTILE });
  operator.register.settings.set('approval', 'never', 'root', HOSTILE);
  const file = `imei,reason,note\r\n${testImei(4).equipment},stolen,${HOSTILE}\r\n${HOSTILE},x,y\r\n`;
  const names = new URLSearchParams({
    list: 'black',
    source: HOSTILE,
    name: HOSTILE,
    format: 'csv',
    caseReference: HOSTILE,
  });
  const upload = await fetch(new URL(`/api/v1/imports?${names}`, url), {
    ...{ method: 'POST', body: file, headers: { Authorization, 'Content-Type': 'text/csv' } },
  });
  assert.ok([200, 409].includes(upload.status), await upload.text());
  const tacs = `tac,name,name\n00888801,"${HOSTILE.replaceAll('"', '""')}","${HOSTILE.replaceAll('"', '""')}"\n`;
  await operator.register.tacs.load([new TextEncoder().encode(tacs)], { author: 'root', name: HOSTILE });
}

/** The addresses that the page leads to, one of each kind. */
async function crawl(page: Page, start: readonly string[], look: (path: string) => Promise<void>): Promise<number> {
  const open = [...start];
  const seen = new Set<string>();
  const kindOf = (path: string) => path.replaceAll(/\d+/g, '0').replace(/\?.*$/, '');
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (seen.has(kindOf(path))) continue;
    seen.add(kindOf(path));
    await page.goto(new URL(path, page.url()).href);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle', { timeout: 1000 }).catch(() => {});
    await look(path);
    const links = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))`,
    );
    for (const link of links) {
      assert.doesNotMatch(link, /^(javascript|data|vbscript):/i, `${path} leads to ${link}`);
      if (link.startsWith('/') && !link.startsWith('/api/') && !link.startsWith('//')) open.push(link);
    }
  }
  return seen.size;
}

const START = [
  '/',
  '/devices',
  '/lists',
  '/lists/imports',
  '/lists/rules',
  '/alarms',
  '/policy',
  '/access',
  '/access/audit',
];

consoleTest(
  'hostile texts in every field are shown as texts: nothing runs, and nothing is asked for elsewhere',
  async (world) => {
    const [phone, other] = [world.issue(), world.issue()];
    await fill(world);
    // A duplicate: an alarm, and a cluster.
    for (const one of [phone, other]) await world.receive(one, one.uicc.report(testImei(1)));
    // No laboratory runs here, and the page of the live exchange asks for one.
    const page = await world.open('/', { role: 'administrator', expectedComplaints: /404 \(Not Found\)/ });
    const dialogs: string[] = [];
    const elsewhere: string[] = [];
    const violations: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(world.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await page.exposeFunction('violated', (what: string) => violations.push(what));
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => violated(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`,
    );
    const shown = new Set<string>();
    const pages = await crawl(page, START, async (path) => {
      // What is folded is opened, so that it is drawn.
      await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
      const found = await page.evaluate<{ owned: unknown; injected: number; text: string }>(`({
      owned: globalThis.owned,
      injected: document.querySelectorAll('img[src="x"], td script, main script, [onerror]').length,
      text: document.body.innerText,
    })`);
      assert.deepEqual([found.owned, found.injected], [undefined, 0], path);
      if (found.text.includes('<img src=x onerror=owned=1>')) shown.add(path.split(/[?/]/)[1] ?? '');
    });
    assert.ok(pages > 12, `${pages} kinds of pages`);
    for (const screen of ['devices', 'lists', 'access'])
      assert.ok(shown.has(screen), `${screen} shows some: ${[...shown].join(', ')}`);
    assert.deepEqual({ dialogs, elsewhere, violations }, { dialogs: [], elsewhere: [], violations: [] });
  },
);

consoleTest(
  'the policy of the page is no mere word: a script, a style and a foreign picture that get into it do nothing',
  async (world) => {
    const page = await world.open('/', { expectedComplaints: /Content Security Policy|Trusted(Script|HTML| Type)/ });
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    const violated = await page.evaluate<readonly string[]>(`new Promise((resolve) => {
    const found = [];
    addEventListener('securitypolicyviolation', (event) => found.push(event.effectiveDirective));
    const script = document.createElement('script');
    try { script.text = 'owned = 1'; document.body.append(script); } catch { found.push('trusted types') }
    try { document.body.innerHTML = '<img src=x onerror="owned=1">'; } catch { found.push('trusted types') }
    const picture = document.createElement('img');
    picture.src = 'https://evil.example/x.png';
    document.body.append(picture);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(style);
    setTimeout(() => resolve(found), 300);
  })`);
    const owned = await page.evaluate('globalThis.owned');
    assert.equal(owned, undefined);
    for (const one of ['trusted types', 'img-src', 'style-src-elem'])
      assert.ok(violated.includes(one), `${one} of ${violated.join(', ')}`);
  },
);
