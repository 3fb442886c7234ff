import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, consoleTest, photograph } from './browser.ts';

const LINES = 200_000;
/** Octets a second: the file takes some time to come. */
const SLOW = 250_000;

const lines = (count: number, from = 0) =>
  `imei,reason\n${Array.from({ length: count }, (_, i) => `${testImei(from + i).equipment},stolen`).join('\n')}\n`;

/** Chooses a file and goes as far as the button that tries it. */
async function choose(page: Page, name: string, text: string): Promise<void> {
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('textbox', { name: /Source/ }).fill('police');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('The file is read as').waitFor();
}

/** How quickly a page sends. */
async function sendAt(page: Page, uploadThroughput: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput };
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', network);
}

const underWay = (page: Page) => page.getByRole('region', { name: 'Imports under way' });

consoleTest(
  'an import under way is seen in another browser, found again after a reload, and cancelled there by the keyboard',
  async (world) => {
    // Whose file is cancelled is told so by a 409.
    const expectedComplaints = /409 \(Conflict\)/;
    const sender = await world.open('/lists/import', { role: 'approver', expectedComplaints });
    const other = await world.open('/lists/imports', { role: 'analyst' });
    await other.getByText('No file was imported yet.').waitFor();
    await choose(sender, 'slow.csv', lines(LINES));
    await sendAt(sender, SLOW);
    await sender.getByRole('button', { name: 'Try it' }).click();
    for (const page of [sender, other]) {
      await underWay(page).getByText('Trial: the file is being read.').waitFor();
      await underWay(page)
        .getByText(/[1-9][\d,]* lines/)
        .waitFor();
    }
    await assertAccessible(other);
    await photograph(other, 'lists-under-way');
    await other.reload();
    await underWay(other).getByText('slow.csv').waitFor();
    await underWay(other).getByRole('button', { name: 'Cancel the import' }).focus();
    await other.keyboard.press('Enter');
    const dialog = other.getByRole('dialog', { name: 'Cancel the import of slow.csv' });
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('last week’s file');
    await assertAccessible(other);
    await dialog.getByRole('button', { name: 'Cancel the import' }).focus();
    await other.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    for (const page of [sender, other])
      await underWay(page)
        .getByText(/Cancelled by .*: last week’s file\. Nothing was changed\./)
        .waitFor();
    await other.getByRole('status').getByText('slow.csv: Cancelled by').waitFor();
    await sender.getByRole('alert').waitFor();
    const [told] = world.operator.audit.newest(1, 'list');
    assert.deepEqual([told?.detail?.['change'], told?.detail?.['reason']], ['import cancelled', 'last week’s file']);
    assert.equal(world.operator.register.lists.counts()[0]?.entries, 0);
  },
);

consoleTest(
  'a file of many lines is tried and written; another browser in French, which wants nothing to move, sees its end',
  async (world) => {
    const sender = await world.open('/lists/import', { role: 'approver' });
    const other = await world.open('/lists/imports', { role: 'viewer', language: 'fr' });
    await other.emulateMedia({ reducedMotion: 'reduce' });
    await choose(sender, 'large.csv', lines(LINES));
    await sender.getByRole('button', { name: 'Try it' }).click();
    await sender.getByRole('button', { name: 'Change 200,000 entries' }).click();
    const seen = other.getByRole('region', { name: 'Imports en cours' });
    await seen.getByText('Essai terminé ; rien n’a été modifié.').waitFor();
    await seen.getByText('Terminé ; il est en vigueur.').waitFor();
    assert.equal(await seen.getByRole('button').count(), 0, 'a viewer cancels nothing');
    await sender.getByText('Import 1 is written.').waitFor();
    await other.getByRole('cell', { name: 'en vigueur', exact: true }).waitFor();
    await assertAccessible(other);
    await photograph(other, 'lists-ended');
    assert.equal(world.operator.register.lists.counts()[0]?.entries, LINES);
  },
);

consoleTest('bad lines by the hundred thousand come as one file, whole', async (world) => {
  const page = await world.open('/lists/import', { role: 'analyst' });
  const bad = Number(process.env['ASSAY_BAD_LINES'] ?? 150_000);
  await choose(page, 'bad.csv', `imei,reason\n${'nonsense,stolen\n'.repeat(bad)}${testImei(1).equipment},stolen\n`);
  await page.getByRole('button', { name: 'Try it' }).click();
  const download = page.waitForEvent('download', { timeout: 120_000 });
  await page.getByRole('button', { name: 'Download the report of all bad lines' }).click();
  const stream = await (await download).createReadStream();
  let rows = 0;
  for await (const chunk of stream) for (const octet of chunk as Uint8Array) if (octet === 10) rows++;
  assert.equal(rows, bad + 1);
});
