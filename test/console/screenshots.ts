// `npm run screenshots`: takes the pictures of the documentation anew, of a laboratory whose five acts were played. Made small by pngquant (Debian).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { openConsole } from '#console/index.ts';
import { ACTS, CAST, openWorld } from '#lab/demo/index.ts';
import { laboratoryOperations } from '#lab/laboratory-api/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { ROOT } from '#test/tidy/source.ts';
import { endAll, openWindow } from './browser.ts';
import { takeBrowser } from './chromium.ts';

const FOLDER = join(ROOT, 'docs', 'screenshots');
/** Octets of one picture, at most. */
const LARGEST = 120_000;

/** A file of the police with a line that cannot be read, one entry for each of a few handsets. */
const FILE = [
  'Nr;Serial;Why',
  ...[CAST.genuine.imei, ...[1, 2, 3, 4, 5].map(testImei)].map((imei, at) => `${at};${imei?.withCheckDigit};stolen`),
  '9;not an IMEI;lost',
].join('\n');

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly theme?: 'dark';
  /** Brings the page to what is to be seen. */
  readonly show: (page: Page) => Promise<void>;
}

const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor();

async function overview(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Power-ons' }).getByText('Attested').first().waitFor();
  await page.getByText('What is seen here').click();
  await page.locator('canvas').first().waitFor();
}

async function forged(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Forge the IMEI yourself' }).click();
  const found = page.getByRole('region', { name: 'What was found' });
  await found.getByText('The MAC failed').waitFor();
  await found.scrollIntoViewIfNeeded();
  await page.evaluate(`document.querySelector('.live-choice')?.scrollIntoView()`);
}

async function importWizard(page: Page): Promise<void> {
  await page.getByLabel('File', { exact: true }).setInputFiles({
    ...{ name: 'police.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) },
  });
  await page.getByRole('textbox', { name: /Source/ }).fill('police');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Why').selectOption('reason');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('1 bad line').waitFor();
}

async function policyPreview(page: Page): Promise<void> {
  await page.getByRole('row', { name: /Mode/ }).getByRole('button', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Value').selectOption('off');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByText(/would be another|would be different/).waitFor();
}

async function alarms(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Alarms, those that happened last first' }).getByRole('link').first().click();
  await page.getByRole('region', { name: 'The chosen alarm' }).waitFor();
}

const device = async (page: Page) => {
  await page.getByRole('searchbox').fill(CAST.genuine.imsi.digits);
  await page.keyboard.press('Enter');
  await heading(/^Device /)(page);
  await page.getByRole('region', { name: 'What happened, the newest first' }).waitFor();
};

const PICTURES: readonly Picture[] = [
  { name: 'overview', path: '/', show: overview },
  { name: 'overview-dark', path: '/', theme: 'dark', show: overview },
  { name: 'devices', path: '/devices', show: device },
  { name: 'lists-import', path: '/lists/import', show: importWizard },
  { name: 'alarms', path: '/alarms', show: alarms },
  { name: 'policy', path: '/policy/register', show: policyPreview },
  { name: 'audit', path: '/access/audit', show: heading('Audit and access') },
  { name: 'live', path: '/live', show: forged },
  { name: 'live-dark', path: '/live', theme: 'dark', show: forged },
];

async function take(page: Page, { name, show }: Picture): Promise<void> {
  await show(page);
  await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => {});
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  const made = spawnSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--output', path, '64', path]);
  if (made.error) throw new Error('expected the program pngquant: apt-get install pngquant', { cause: made.error });
  const { size } = statSync(path);
  process.stdout.write(`${path} ${size}\n`);
  if (size > LARGEST) throw new Error(`${path}: expected at most ${LARGEST} octets, got ${size}`);
}

const directory = mkdtempSync(join(tmpdir(), 'assay-screenshots-'));
const world = await openWorld({
  ...{ clock: systemClock, random: seededRandom('screenshots'), scheduler: systemScheduler },
  ...{ directory, trace: silentTrace, smppPort: 0, site: { laboratory: true } },
});
const theft = { list: 'black', reason: 'stolen', author: 'police' } as const;
world.operator.register.lists.add({ imei: CAST.stolen.flash, ...theft });
for (const act of ACTS) await act.play(world);
const laboratory = (streams: Parameters<typeof laboratoryOperations>[1]) =>
  laboratoryOperations(world.laboratory, streams);
const { url } = await world.operator.api.listen({ port: 0, laboratory, pages: await openConsole() });
const { browser, release } = await takeBrowser();
mkdirSync(FOLDER, { recursive: true });
const chosen = process.argv.slice(2);
try {
  for (const picture of PICTURES) {
    if (chosen.length > 0 && !chosen.includes(picture.name)) continue;
    const endings: (() => Promise<void>)[] = [];
    const page = await openWindow({ browser, url, endings }, picture.path, { theme: picture.theme ?? 'light' });
    await take(page, picture);
    await endAll(endings);
  }
} finally {
  release();
  await world.close();
  rmSync(directory, { recursive: true, force: true });
}
