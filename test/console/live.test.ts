import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, photograph } from './browser.ts';
import { laboratoryTests } from './laboratory.ts';

const laboratoryTest = laboratoryTests();

const ladder = (page: Page) => page.getByRole('listbox', { name: 'Hops' });
const arrows = (page: Page) => ladder(page).getByRole('option');
const detail = (page: Page) => page.getByRole('region', { name: 'The chosen hop' });

laboratoryTest(
  'the newcomer’s first minute: three handsets were played; the honest one is shown with all four steps',
  async ({ open }) => {
    const page = await open('/live');
    await page.getByRole('heading', { level: 1, name: 'Live exchange' }).waitFor();
    for (const story of ['An honest handset', 'A lying operating system', 'A stolen handset'])
      await page.getByRole('heading', { name: story }).waitFor();
    await arrows(page).first().waitFor();
    const seen = (await arrows(page).allTextContents()).join('\n');
    for (const name of ['GET DATA (IMEI, protected)', 'SEND SHORT MESSAGE'])
      assert.match(seen, new RegExp(name.replaceAll(/[()]/g, '\\$&')));
    await page.getByText('Who is who').click();
    await page.getByText('A secure element in the handset that holds the IMEI and keys').waitFor();
    await photograph(page, 'live');
    await page.evaluate('scrollTo(0, 0)');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Show the stolen one' }).click();
    await page.getByText('refused by the UICC (6985)').first().waitFor({ state: 'attached' });
  },
);

laboratoryTest('forging the IMEI leads to the altered octets and the MAC that failed', async ({ open }) => {
  const page = await open('/live');
  await page.getByRole('button', { name: 'Forge the IMEI yourself' }).click();
  const found = page.getByRole('region', { name: 'What was found' });
  await found.getByText('The MAC failed').waitFor();
  const text = (await found.textContent()) ?? '';
  const [, given = '', passedOn = ''] = /given ([0-9A-F]+)It passed on ([0-9A-F]+)/.exec(text) ?? [];
  assert.notEqual(given, '');
  assert.notEqual(given, passedOn);
  const [, came = '', computed = ''] = /as it came ([0-9A-F]{16}).*what came ([0-9A-F]{16})/.exec(text) ?? [];
  assert.notEqual(came, '');
  assert.notEqual(came, computed);
  assert.equal(await detail(page).locator('.octet.marked').count(), 24, 'sixteen altered octets and a MAC of eight');
  assert.equal(await page.getByRole('option', { selected: true }).filter({ hasText: 'altered' }).count(), 1);
  await photograph(page, 'live-forged');
  await page.evaluate('scrollTo(0, 0)');
  await assertAccessible(page);
});
