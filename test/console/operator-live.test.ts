import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { CAST } from '#lab/demo/index.ts';
import { assertAccessible, photograph } from './browser.ts';
import { laboratoryTests } from './laboratory.ts';

/** An operator as `assay operator serve` runs it: bound over SMPP to a centre, real cards behind it, and no laboratory in its API. */
const operatorTest = laboratoryTests(true, true);
const ladder = (page: Page) => page.getByRole('listbox', { name: 'Hops' });
const arrows = (page: Page) => ladder(page).getByRole('option');
const detail = (page: Page) => page.getByRole('region', { name: 'The chosen hop' });
const askWhole = async (page: Page) => {
  await page.getByRole('button', { name: 'Show whole identities' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('case 4711');
  await page.getByRole('dialog').getByRole('button', { name: 'Show whole identities' }).click();
};

operatorTest(
  'a report is followed live: PDUs, what it proved, the verdict with its chain, the order, receipts, the proof',
  async ({ open }) => {
    const { iccid, imsi, flash } = CAST.stolen;
    const page = await open(`/devices/${iccid.digits}`, { role: 'viewer', height: 1000 });
    await page.getByRole('link', { name: 'Live exchange of this UICC' }).click();
    for (const words of [
      /UICC.*storage support, as reported.*authenticated/,
      /report$/,
      /CHECK IMEI/,
      /verdict.*prohibited/,
      /answer: block/,
      /submit_sm/,
      /delivery receipt.*the handset has it/,
      /proof of receipt.*the lock is/,
    ])
      await arrows(page).filter({ hasText: words }).first().waitFor();
    assert.equal(await page.locator('.ladder-parties span').count(), 5);
    await arrows(page)
      .filter({ hasText: /verdict.*prohibited/ })
      .first()
      .click();
    await detail(page).getByText('The IMEI is on the black list.').waitFor();
    await arrows(page)
      .filter({ hasText: /^.*report$/ })
      .first()
      .click();
    await detail(page).getByText('Your role does not see them.').waitFor();
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, new RegExp(`${imsi.digits}|${flash.equipment}`));
    await photograph(page, 'operator-live-viewer');
    await assertAccessible(page);
  },
);

operatorTest(
  'what comes while the page is open is shown as it comes: an order, its answer, the check at attach',
  async ({ world, open }) => {
    const { iccid } = CAST.honest;
    const handset = world.handset(CAST.honest, 'home');
    await handset.powerOn();
    const page = await open(`/live/${iccid.digits}`, { role: 'viewer', height: 1000 });
    await arrows(page).first().waitFor();
    const exchanges = page.getByLabel('Exchange', { exact: true });
    const newest = exchanges.locator('option').first();
    const isThere = async (words: RegExp) => words.test((await newest.textContent()) ?? '');
    world.operator.gateway.command({ iccid, order: 'reportNow', author: 'Ada', reason: 'test' });
    for (let tries = 0; !(await isThere(/Report · acknowledged with proof/)) && tries < 300; tries++) {
      await handset.poll();
      await handset.settled();
      await page.waitForTimeout(50);
    }
    assert.ok(await isThere(/Report · acknowledged with proof/));
    assert.match((await exchanges.locator('option').nth(1).textContent()) ?? '', /Order · (acknowledged|delivered)/);
    await handset.powerOff();
    await handset.powerOn();
    const asked = arrows(page).filter({ hasText: /Core network.*CHECK IMEI/ });
    // A check is of the exchange under way, or, some seconds after its last hop, an exchange of its own.
    for (let tries = 0; (await asked.count()) === 0 && tries < 100; tries++) {
      await exchanges.selectOption({ index: 0 });
      await page.waitForTimeout(100);
    }
    await asked.first().waitFor();
  },
);

operatorTest(
  'octets are shown to who says why: the packet is opened by the operator’s keys, exported, and the log has it',
  async ({ world, open }) => {
    const { iccid, flash } = CAST.stolen;
    const page = await open(`/live/${iccid.digits}`, { role: 'analyst', height: 1000 });
    await arrows(page)
      .filter({ hasText: /report$/ })
      .first()
      .click();
    await detail(page).getByText('shown to who asks for whole identities').waitFor();
    await askWhole(page);
    await detail(page).getByRole('heading', { name: 'plain text of the secured packet' }).waitFor();
    await detail(page).getByText(flash.withCheckDigit).first().waitFor();
    await photograph(page, 'operator-live');
    await assertAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export pcapng' }).click(),
    ]);
    const file = readFileSync(await download.path());
    assert.equal(file.readUInt32LE(0), 0x0a0d0d0a);
    const reads = world.operator.audit.newest(20, 'read').filter(({ subject }) => subject === iccid.digits);
    assert.deepEqual(
      reads.map(({ author, detail: { reason } = {} }) => [author, reason]),
      [['the analyst', 'case 4711']],
    );
    await page.getByRole('tab', { name: 'Table' }).click();
    await page.getByRole('region', { name: 'Hops' }).getByRole('row').filter({ hasText: 'proof of receipt' }).waitFor();
    await page.getByLabel('Shown').selectOption('all');
    await page
      .getByRole('region', { name: 'Hops' })
      .getByRole('row')
      .filter({ hasText: 'deliver_sm_resp' })
      .first()
      .waitFor();
  },
);

operatorTest('the same in French, and a UICC of which nothing is kept', async ({ world, open }) => {
  const page = await open(`/live/${CAST.stolen.iccid.digits}`, { role: 'viewer', language: 'fr', height: 1000 });
  await page
    .getByRole('option')
    .filter({ hasText: /support de stockage, selon le rapport/ })
    .first()
    .waitFor();
  await page
    .getByRole('option')
    .filter({ hasText: /verdict.*interdit/ })
    .first()
    .click();
  await photograph(page, 'operator-live-french');
  assert.ok(world.operator.exchanges !== undefined);
  await page.goto(new URL('/live/8988211999999999999', page.url()).href);
  await page.getByText('Rien de cette carte UICC n’est gardé').waitFor();
});
