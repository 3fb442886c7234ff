import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, type ConsoleWorld, consoleTest, photograph } from './browser.ts';

const FILE = [
  'Nr;Serial;Why',
  ...Array.from({ length: 5 }, (_, at) => `${at};${testImei(at + 1).withCheckDigit};stolen`),
  '6;35674108990019x;stolen',
  '7;not an IMEI;lost',
].join('\n');

/** Rows of a list: as many as `ASSAY_LIST_ROWS` says, 999,999 at most, to look at a million. */
const ROWS = Number(process.env['ASSAY_LIST_ROWS'] ?? 3000);

function list({ operator }: ConsoleWorld, serial: number, note = ''): void {
  operator.register.lists.add({ imei: testImei(serial), list: 'black', reason: 'stolen', author: 'Ada', note });
}

async function choose(page: Page, text: string): Promise<void> {
  await page.getByLabel('File', { exact: true }).setInputFiles({
    name: 'police.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  });
}

consoleTest('a handset is listed, found again by a filter in the address, changed and taken off', async (world) => {
  list(world, 900, 'an older entry');
  const page = await world.open('/lists', { role: 'analyst' });
  await page.getByRole('heading', { level: 1, name: 'Lists' }).waitFor();
  await page.getByRole('button', { name: 'List a handset' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /IMEI/ }).fill('356741089900111');
  await dialog.getByRole('textbox', { name: 'Case' }).fill('2026-7');
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'List a handset' }).click();
  await page.getByRole('rowheader', { name: /356741089900111/ }).waitFor();
  assert.equal(world.operator.register.lists.counts()[0]?.entries, 2);
  await page.getByRole('searchbox', { name: 'Case' }).fill('2026-7');
  await page.getByRole('rowheader', { name: testImei(900).withCheckDigit }).waitFor({ state: 'detached' });
  assert.match(page.url(), /case=2026-7/);
  await photograph(page, 'lists-entries');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Reason', { exact: true }).selectOption('lost');
  await page.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('cell', { name: 'lost', exact: true }).waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog').getByText('change: added').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Take off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click();
  await page.getByText('Say why').waitFor();
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: /Reason/ })
    .fill('found again');
  await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click();
  await page.getByText('No entry fits the filter.').waitFor();
});

consoleTest('a mistyped IMEI is said at its field; who only looks may not change', async (world) => {
  list(world, 1);
  const page = await world.open('/lists', { role: 'analyst', expectedComplaints: /400/ });
  await page.getByRole('button', { name: 'List a handset' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /IMEI/ }).fill('356741089900112');
  await dialog.getByRole('button', { name: 'List a handset' }).click();
  await dialog
    .getByText(/check digit/)
    .first()
    .waitFor();
  await dialog
    .locator('input[aria-invalid="true"]')
    .and(dialog.getByRole('textbox', { name: /IMEI/ }))
    .waitFor();
  await assertAccessible(page);
  const viewer = await world.open('/lists', { role: 'viewer' });
  await viewer.getByRole('rowheader').first().waitFor();
  assert.equal(await viewer.getByRole('button', { name: 'List a handset' }).count(), 0);
  assert.equal(await viewer.getByRole('tab', { name: 'Import a file' }).count(), 0);
});

consoleTest(
  'a foreign file: its columns are named, bad lines are shown, it is written and taken back',
  async (world) => {
    const phone = world.issue();
    await world.receive(phone, phone.uicc.report(testImei(2)));
    world.operator.register.check({ imei: testImei(2), imsi: phone.imsi });
    world.operator.evidence.flush();
    const page = await world.open('/lists/import', { role: 'approver' });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Say whose list it is.').waitFor();
    await choose(page, FILE);
    await page.getByRole('textbox', { name: /Source/ }).fill('police');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('The file does not say what it is.').waitFor();
    assert.equal(await page.getByLabel('Serial').inputValue(), 'imei');
    await page.getByLabel('Why').selectOption('reason');
    await assertAccessible(page);
    await photograph(page, 'lists-columns');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('2 bad lines').waitFor();
    await page.getByText('1 subscriber in use is hit').waitFor();
    await assertAccessible(page);
    await photograph(page, 'lists-check');
    assert.equal(world.operator.register.lists.counts()[0]?.entries, 0, 'nothing was written');
    await page.getByRole('button', { name: 'Change 5 entries' }).click();
    await page.getByText('Import 1 is written.').waitFor();
    assert.equal(world.operator.register.lists.counts()[0]?.entries, 5);
    await page.getByRole('button', { name: 'Imported files' }).click();
    await page
      .getByRole('row', { name: /police.csv/ })
      .getByRole('button', { name: 'Take back' })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Entries that go: 5.').waitFor();
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('the wrong file');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('cell', { name: 'taken back' }).waitFor();
    assert.equal(world.operator.register.lists.counts()[0]?.entries, 0);
  },
);

consoleTest(
  'bad lines in French: by kind with their counts, page by page, and all of them as a file',
  async (world) => {
    const page = await world.open('/lists/import', { role: 'analyst', language: 'fr' });
    const wrong = (at: number) => {
      const { equipment, checkDigit } = testImei(at);
      return `${equipment}${(checkDigit % 9) + 1},stolen`;
    };
    const lines = [
      ...Array.from({ length: 60 }, (_, at) => wrong(at + 1)),
      ...Array.from({ length: 1200 }, () => '3.5E+14,stolen'),
      `${testImei(900).withCheckDigit},stolen`,
    ];
    await page.getByLabel('Fichier', { exact: true }).setInputFiles({
      ...{ name: 'police.csv', mimeType: 'text/csv', buffer: Buffer.from(['imei,reason', ...lines].join('\n')) },
    });
    await page.getByRole('textbox', { name: /Source/ }).fill('police');
    await page.getByRole('button', { name: 'Suivant' }).click();
    await page.getByText('il y a une colonne d’IMEI').waitFor();
    await page.getByRole('button', { name: 'Simuler' }).click();
    await page.getByText('Seules les 1 000 premières lignes en erreur').waitFor();
    const kinds = page.getByLabel('Problème', { exact: true });
    await kinds.selectOption({ label: 'imei : chiffre de contrôle erroné (60)' });
    await page
      .getByText(/imei\s:\sle chiffre de contrôle attendu est \d \(ou 0, réservé\), reçu \d/)
      .first()
      .waitFor();
    const numbers = page.getByRole('rowheader', { name: /^\d+$/ });
    assert.equal(await numbers.count(), 50);
    await page.getByRole('button', { name: 'Suivante', exact: false }).last().click();
    await page.getByRole('rowheader', { name: '61', exact: true }).waitFor();
    assert.equal(await numbers.count(), 10);
    assert.equal(await page.locator('main [lang=en]').count(), 0);
    await assertAccessible(page);
    await photograph(page, 'lists-bad-lines');
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: /Télécharger le rapport/ }).click();
    const report = readFileSync(await (await downloaded).path(), 'utf8').split('\r\n');
    assert.deepEqual([report[0], report.length], ['line,problem,text,code', 1262]);
  },
);

consoleTest('a file that is no list says so', async ({ open }) => {
  const page = await open('/lists/import', { role: 'analyst' });
  await choose(page, '<html><body>not found</body></html>');
  await page.getByRole('textbox', { name: /Source/ }).fill('police');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(/XML or HTML/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Try it' }).getAttribute('aria-disabled'), 'true');
});

consoleTest('a type of handset and a pair are ruled, and taken away', async (world) => {
  const page = await world.open('/lists/ranges', { role: 'analyst' });
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: /TAC/ }).fill('35342009');
  await page.getByRole('dialog').getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('rowheader', { name: 'TAC 35342009' }).waitFor();
  await assertAccessible(page);
  await page.getByRole('tab', { name: 'Pairs' }).click();
  await page.getByText('There is no rule.').waitFor();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /TAC/ }).fill('35342009');
  await dialog.getByRole('textbox', { name: /First IMSI/ }).fill('001010000000001');
  await dialog.getByLabel('Rule', { exact: true }).selectOption('lock');
  await dialog.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByText('locked together').waitFor();
  await photograph(page, 'lists-pairs');
  await page.getByRole('button', { name: 'Take off' }).click();
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: /Reason/ })
    .fill('sold');
  await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click();
  await page.getByText('There is no rule.').waitFor();
});

consoleTest(
  `a list of ${ROWS} rows is scrolled to its end and gone to by row, key and address: few rows are in the page`,
  async (world, context) => {
    const lines = function* () {
      yield 'imei,reason\n';
      for (let at = 1; at <= ROWS; at += 1) yield `${testImei(at).equipment},stolen\n`;
    };
    const chunks = (function* () {
      for (const line of lines()) yield new TextEncoder().encode(line);
    })();
    const result = await world.operator.register.importList(chunks, {
      ...{ list: 'black', source: 'police', name: 'large.csv', author: 'Ada' },
      ...{ changeLimit: ROWS, subscriberLimit: ROWS },
    });
    assert.equal(result.outcome, 'applied');
    const spent = stopwatch(context);
    const page = await world.open('/lists', { role: 'viewer' });
    const frame = page.getByRole('region', { name: 'Handsets' });
    const seen = (serial: number) => frame.getByRole('rowheader', { name: testImei(serial).withCheckDigit }).waitFor();
    await seen(1);
    spent('opened');
    await page
      .getByText(`of ${ROWS.toLocaleString('en')}`, { exact: false })
      .last()
      .waitFor();
    spent('counted');
    await frame.evaluate((element: { scrollTop: number; scrollHeight: number }) => {
      element.scrollTop = element.scrollHeight;
    });
    await seen(ROWS);
    spent('jumped to the end');
    assert.ok((await frame.getByRole('row').count()) < 120, 'only what is in view is drawn');
    assert.equal(await frame.getByRole('table').getAttribute('aria-rowcount'), String(ROWS + 1));
    const last = frame.getByRole('row', { name: testImei(ROWS).withCheckDigit });
    assert.equal(await last.getAttribute('aria-rowindex'), String(ROWS + 1));
    const middle = Math.floor(ROWS / 2);
    await page.getByRole('spinbutton', { name: 'Row' }).fill(String(middle));
    await page.getByRole('button', { name: 'Go to the row' }).click();
    await seen(middle);
    spent('jumped to the middle');
    await frame.focus();
    // A key glides, and swallows the next one while it has not begun to: that is pressed when all is at rest.
    const top = () => frame.evaluate((element: { scrollTop: number }) => element.scrollTop);
    await page.keyboard.press('PageDown');
    await page.waitForURL((url) => Number(url.searchParams.get('at')) > testImei(middle).number);
    for (let before = -1; before !== (await top()); await setTimeout(300)) before = await top();
    await page.keyboard.press('PageUp');
    await page.waitForURL(`**/lists?at=${testImei(middle).equipment}`);
    await assertAccessible(page);
    await photograph(page, 'lists-long');
    // Entries come and go above the place meanwhile: a reload finds the same handset, in its row of now.
    for (const serial of [1, 2, 3])
      world.operator.register.lists.remove({
        ...{ imei: testImei(serial), list: 'black', source: 'police' },
        ...{ author: 'Ada', reason: 'found' },
      });
    page.setDefaultTimeout(40_000);
    await page.reload();
    await seen(middle);
    spent('reloaded in the middle');
    await page.getByText(`Rows ${(middle - 3).toLocaleString('en')} to`).waitFor();
    await frame.focus();
    await page.keyboard.press('End');
    await seen(ROWS);
    await page.keyboard.press('Home');
    await seen(4);
    await page.waitForURL(/\/lists$/);
  },
);

/** Tells how long each step took, to whoever looks. */
function stopwatch(context: TestContext): (what: string) => void {
  let since = performance.now();
  return (what) => {
    const now = performance.now();
    context.diagnostic(`${what}: ${Math.round(now - since)} ms`);
    since = now;
  };
}

consoleTest('in French, by keyboard, narrow and dark', async (world) => {
  list(world, 5);
  const page = await world.open('/lists', { role: 'analyst', language: 'fr', theme: 'dark', width: 400 });
  await page.getByRole('heading', { level: 1, name: 'Listes' }).waitFor();
  await page.locator('.badge', { hasText: 'Interdit' }).first().waitFor();
  await page.getByRole('tab', { name: 'Terminaux' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**/lists/ranges');
  await assertAccessible(page);
  await photograph(page, 'lists-fr');
});
