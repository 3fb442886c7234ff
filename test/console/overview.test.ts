import assert from 'node:assert/strict';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, type ConsoleWorld, consoleTest, photograph } from './browser.ts';

const STOLEN = testImei(3);

/** Three handsets: one proves its IMEI, one proves a stolen one, the proof of the third fails. */
async function threeHandsets({ operator, issue, receive }: ConsoleWorld) {
  operator.register.lists.add({ imei: STOLEN, list: 'black', reason: 'stolen', author: 'Ada' });
  const [honest, stolen, liar] = [issue(), issue(), issue()];
  await receive(honest, honest.uicc.report(testImei(1)));
  await receive(stolen, stolen.uicc.report(STOLEN));
  await receive(liar, liar.uicc.report(testImei(4), { result: 'refuted' }));
  return { honest, stolen, liar };
}

consoleTest('every figure is the operator’s, and every power-on stands with its steps', async (world) => {
  await threeHandsets(world);
  const page = await world.open('/', { role: 'analyst' });
  const figures = page.getByRole('region', { name: 'Figures' });
  const figure = async (words: string) =>
    (await figures
      .locator('.tile')
      .filter({ has: page.getByText(words, { exact: true }) })
      .locator('.figure-value')
      .textContent()) ?? '';
  await figures.getByText('of 3 UICCs').waitFor();
  assert.deepEqual([await figure('Proved'), await figure('Refuted'), await figure('Unproved')], ['2', '1', '0']);
  const rows = page.getByRole('region', { name: 'Power-ons' }).getByRole('row');
  assert.equal(await rows.count(), 4, 'a heading and three power-ons');
  const liar = await rows.nth(1).textContent();
  assert.match(liar ?? '', /101 failed.*103 done.*Refuted/);
  const stolen = rows.filter({ hasText: STOLEN.withCheckDigit });
  assert.match((await stolen.textContent()) ?? '', /101 done.*102 done.*103 done.*Attested.*block/);
  await assertAccessible(page);
  await photograph(page, 'overview');
});

consoleTest('a power-on appears as it happens; not while paused; and then it does', async (world) => {
  const { issue, receive, open } = world;
  const page = await open('/', { role: 'analyst' });
  await page.getByRole('banner').getByText('Live').waitFor();
  await page.getByText('No handset has reported yet').waitFor();
  const [first, second] = [issue(), issue()];
  await receive(first, first.uicc.report(testImei(1)));
  await page.getByRole('rowheader', { name: testImei(1).withCheckDigit }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('banner').getByText('Paused').waitFor();
  await receive(second, second.uicc.report(testImei(2)));
  await page.waitForTimeout(1000);
  assert.equal(await page.getByRole('rowheader', { name: testImei(2).withCheckDigit }).count(), 0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('rowheader', { name: testImei(2).withCheckDigit }).waitFor();
});

consoleTest('what happened while the server was away is there when it is back', async (world) => {
  const page = await world.open('/', { role: 'analyst', expectedComplaints: /ERR_|Failed to load/ });
  await page.getByRole('banner').getByText('Live').waitFor();
  const phone = world.issue();
  await world.stop();
  await page.getByRole('banner').getByText('Connection lost').waitFor();
  await world.restartUnseen(async () => {
    await world.receive(phone, phone.uicc.report(testImei(7)));
  });
  await page.getByRole('banner').getByText('Live').waitFor();
  await page.getByRole('rowheader', { name: testImei(7).withCheckDigit }).waitFor();
});

consoleTest('a newcomer is told the idea, part by part; once closed it stays closed', async ({ open }) => {
  const page = await open();
  for (const part of ['Storage support (2)', 'UICC (31)', 'Operating system (4)', 'Operator (5)', 'Register (7)'])
    await page.getByRole('term').filter({ hasText: part }).waitFor();
  await page.getByText('npm start').waitFor();
  await page.getByRole('heading', { name: 'What is seen here' }).click();
  await page.getByRole('term').filter({ hasText: 'UICC (31)' }).waitFor({ state: 'hidden' });
  await page.waitForFunction("localStorage.getItem('assay.introduction') === 'closed'");
  await page.reload();
  await page.getByRole('region', { name: 'Figures' }).waitFor();
  assert.equal(await page.getByRole('term').filter({ hasText: 'UICC (31)' }).isVisible(), false);
});

consoleTest('activity: the span is in the address, and each drawing is a table too', async ({ open }) => {
  const page = await open('/?span=24h');
  await page.getByLabel('Span').waitFor();
  assert.equal(await page.getByLabel('Span').inputValue(), '24h');
  await page.getByLabel('Span').selectOption('30m');
  assert.ok(page.url().endsWith('?span=30m'));
  const chart = page.getByRole('figure').filter({ hasText: 'Checks per second' });
  await chart.getByText('As a table').click();
  await chart.getByRole('columnheader', { name: 'Prohibited' }).waitFor();
  assert.ok((await chart.getByRole('row').count()) > 170);
  await page.goBack();
  assert.equal(await page.getByLabel('Span').inputValue(), '24h');
});

consoleTest('two people, two roles: what one does the other sees; and a viewer sees nothing whole', async (world) => {
  const viewer = await world.open('/', { role: 'viewer' });
  const analyst = await world.open('/', { role: 'analyst', language: 'fr' });
  await viewer.getByRole('banner').getByText('Live').waitFor();
  await analyst.getByRole('banner').getByText('En direct').waitFor();
  const phone = world.issue();
  await world.receive(phone, phone.uicc.report(testImei(1)));
  for (const page of [viewer, analyst])
    await page
      .getByText('permit', { exact: true })
      .or(page.getByText('autoriser', { exact: true }))
      .first()
      .waitFor();
  await viewer.getByRole('region', { name: 'Power-ons' }).getByText('…').first().waitFor();
  for (const whole of [phone.imsi.digits, testImei(1).equipment])
    assert.ok(!(await viewer.content()).includes(whole), whole);
  await analyst.getByText(testImei(1).withCheckDigit).first().waitFor();
  await photograph(analyst, 'overview-fr');
});
