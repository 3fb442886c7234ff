import assert from 'node:assert/strict';
import { assertAccessible, consoleTest, photograph } from './browser.ts';

consoleTest(
  'the page opens on the overview, says who you are, how the register acts and that it is live',
  async ({ open }) => {
    const page = await open();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    assert.equal(await page.title(), 'Overview · Assay');
    const bar = page.getByRole('banner');
    await bar.getByText('Enforcing').waitFor();
    await bar.getByText('Live').waitFor();
    await bar.getByText('this machine, viewer').waitFor();
    await assertAccessible(page);
    await photograph(page, 'overview-empty');
  },
);

consoleTest('an address that nothing has says so, and leads on; the back button comes back', async ({ open }) => {
  const page = await open('/no/such/screen?a=b');
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  await assertAccessible(page);
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
});

consoleTest('French is whole, is chosen by the browser or by hand, and stays chosen', async ({ open }) => {
  const french = await open('/', { language: 'fr' });
  await french.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
  assert.equal(await french.locator('html').getAttribute('lang'), 'fr');
  await photograph(french, 'overview-empty-fr');
  const page = await open('/');
  await page.getByRole('button', { name: 'Preferences' }).click();
  await page.getByLabel('Language').selectOption('fr');
  await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
});

consoleTest('a theme chosen by hand outlives the machine’s and a reload', async ({ open }) => {
  const page = await open('/', { theme: 'light' });
  const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  await page.getByRole('button', { name: 'Preferences' }).click();
  const light = await ground();
  await page.getByLabel('Theme').selectOption('dark');
  const dark = await ground();
  assert.notEqual(dark, light);
  await assertAccessible(page);
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await ground(), dark);
});

consoleTest('it fits 320 pixels, and turns round for languages that are written from the right', async ({ open }) => {
  const page = await open('/', { width: 320 });
  await page.getByRole('region', { name: 'Figures' }).waitFor();
  const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  assert.equal(await overflow(), 0, 'WCAG 1.4.10: nothing is scrolled sideways but tables');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate("document.documentElement.dir = 'rtl'");
  const leftOf = async (role: 'main' | 'navigation') => (await page.getByRole(role).first().boundingBox())?.x ?? -1;
  assert.ok((await leftOf('navigation')) > (await leftOf('main')), 'the rail is on the other side');
  assert.equal(await overflow(), 0);
});

consoleTest('by keyboard: the first stop skips to the content, and search is reached and sent', async ({ open }) => {
  const page = await open();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate<string>('document.activeElement.textContent || document.activeElement.id');
  assert.equal(await focused(), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement.id'), 'main');
  await page.getByRole('searchbox', { name: 'Search' }).focus();
  await page.keyboard.type('356741089900110');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/devices?search=356741089900110');
});

consoleTest(
  'the server is killed and comes back while the page is open: it says so, and misses nothing',
  async (world) => {
    const page = await world.open('/', {
      expectedComplaints: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY|Failed to/,
    });
    await page.getByRole('banner').getByText('Live').waitFor();
    await world.stop();
    await page.getByText('Connection to the operator lost').waitFor();
    await page.getByRole('banner').getByText('Connection lost').waitFor();
    await assertAccessible(page);
    await photograph(page, 'connection-lost');
    await world.start();
    await page.getByRole('banner').getByText('Live').waitFor();
    await page.getByText('Connected again.').waitFor();
  },
);
