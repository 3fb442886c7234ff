import assert from 'node:assert/strict';
import { assertAccessible, photograph } from './browser.ts';
import { laboratoryTests } from './laboratory.ts';

const signedInTest = laboratoryTests(true);

signedInTest('who may not drive the laboratory sees every hop, and nothing to do harm with', async ({ open }) => {
  const page = await open('/live', { role: 'viewer' });
  await page.getByRole('heading', { level: 1, name: 'Live exchange' }).waitFor();
  const hops = page.getByRole('listbox', { name: 'Hops' }).getByRole('option');
  await hops.first().waitFor();
  await page.getByRole('button', { name: 'Show the stolen one' }).click();
  await page.getByText('refused by the UICC (6985)').first().waitFor({ state: 'attached' });
  for (const name of ['Forge the IMEI yourself', 'Power on', 'Report it stolen', 'Put everything back'])
    assert.equal(await page.getByRole('button', { name }).count(), 0, name);
  assert.equal(await page.getByText('Do something with this handset').count(), 0);
  await page.evaluate('scrollTo(0, 0)');
  await assertAccessible(page);
  await photograph(page, 'live-viewer');
});

signedInTest('who may drive it is offered to, and the operator refuses whoever may not', async ({ open }) => {
  const analyst = await open('/live', { role: 'analyst' });
  await analyst.getByRole('button', { name: 'Forge the IMEI yourself' }).waitFor();
  const viewer = await open('/live', { role: 'viewer', expectedComplaints: /403/ });
  await viewer.getByRole('heading', { level: 1, name: 'Live exchange' }).waitFor();
  const status = await viewer.evaluate<number>(
    `fetch('/api/v1/laboratory/handsets/honest/power', { method: 'PUT', body: '{"isOn":true}',
      headers: { 'content-type': 'application/json' } }).then(({ status }) => status)`,
  );
  assert.equal(status, 403);
});
