import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, consoleTest, photograph } from './browser.ts';
import { laboratoryTests } from './laboratory.ts';

const laboratoryTest = laboratoryTests();

/** Pixels: the window of the tests is 800 high. */
const HALF_A_WINDOW = 400;
/** Hops of a long exchange. */
const MANY = 2000;
const MOST_TRIES = 100;

const ladder = (page: Page) => page.getByRole('listbox', { name: 'Hops' });
const arrows = (page: Page) => ladder(page).getByRole('option');
const detail = (page: Page) => page.getByRole('region', { name: 'The chosen hop' });

/** From the top: what the bar covers cannot be touched, and is not judged. */
async function accessible(page: Page): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  await assertAccessible(page);
}

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
    const box = await ladder(page).boundingBox();
    assert.ok(
      box !== null && box.y < HALF_A_WINDOW,
      `the ladder begins in the upper half of the window, not at ${box?.y}`,
    );
    await page.getByText('Who is who').click();
    await page.getByText('A secure element in the handset that holds the IMEI and keys').waitFor();
    await photograph(page, 'live');
    await accessible(page);
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
  assert.equal(await ladder(page).getByRole('option', { selected: true }).filter({ hasText: 'altered' }).count(), 1);
  await page.locator('.handset-facts').getByText('Refuted', { exact: true }).waitFor();
  await photograph(page, 'live-forged');
  await accessible(page);
});

laboratoryTest(
  'every arrow is reached by keyboard; the address says which, and the back button comes back',
  async ({ open }) => {
    const page = await open('/live/honest');
    await arrows(page).first().waitFor();
    await ladder(page).focus();
    await page.keyboard.press('Home');
    await page.getByRole('heading', { level: 2, name: 'TERMINAL PROFILE' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { level: 2, name: 'POWER ON CARD' }).waitFor();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await page.waitForURL(/hop=\d+/);
    const last = await ladder(page).getByRole('option', { selected: true }).textContent();
    assert.equal(await arrows(page).last().textContent(), last);
    // Tab leads on to the decoded tree, whose elements show their octets.
    await page.keyboard.press('Home');
    await page.getByRole('heading', { level: 2, name: 'TERMINAL PROFILE' }).waitFor();
    await detail(page).getByRole('button', { name: /^INS/ }).focus();
    assert.equal(await detail(page).locator('.octet.shown').count(), 1);
    await page.getByRole('button', { name: 'Next hop' }).click();
    await page.getByRole('heading', { level: 2, name: 'POWER ON CARD' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'POWER ON CARD' }).waitFor();
  },
);

laboratoryTest('the table says the same as the drawing; every hop can be shown; playback plays', async ({ open }) => {
  const page = await open('/live/honest');
  await arrows(page).first().waitFor();
  const story = await arrows(page).count();
  await page.getByRole('tab', { name: 'Table' }).click();
  const rows = page.getByRole('region', { name: 'Hops', exact: true }).getByRole('row');
  await rows.nth(2).waitFor();
  assert.ok((await rows.count()) > story);
  await page.getByLabel('Shown').selectOption('all');
  await page.getByRole('row').filter({ hasText: 'READ BINARY' }).first().waitFor();
  await accessible(page);
  await page.getByRole('tab', { name: 'Drawing' }).click();
  await page.getByLabel('Speed').selectOption('10');
  await ladder(page).focus();
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await ladder(page).locator('[aria-selected="true"]:not([aria-posinset="1"]):not([aria-posinset="2"])').waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
});

laboratoryTest(
  'two thousand hops: the table has the rows in view, and all of them by number',
  async ({ open, world }) => {
    const { exchanges } = world.laboratory;
    const number = exchanges.begin('many', 'message', Date.now());
    for (let i = 0; i < MANY; i++)
      exchanges.record({
        ...{ at: Date.now(), handset: 'many', from: 'network', to: 'UICC (31)', protocol: 'local' },
        ...{ octets: Uint8Array.of(i >> 8, i & 0xff), name: `hop ${i}` },
      });
    const page = await open(`/live/many?exchange=${number}&hops=all&view=table`);
    const table = page.getByRole('region', { name: 'Hops', exact: true });
    await table.getByText('hop 3', { exact: true }).waitFor();
    await table.locator(`table[aria-rowcount="${MANY + 1}"]`).waitFor();
    assert.ok((await table.locator('tr').count()) < 80, 'only what is seen is in the page');
    await table.evaluate((frame: { scrollTo(x: number, y: number): void; scrollHeight: number }) =>
      frame.scrollTo(0, frame.scrollHeight),
    );
    const last = table.getByRole('row').filter({ hasText: `hop ${MANY - 1}` });
    await last.waitFor();
    assert.equal(await last.getAttribute('aria-rowindex'), String(MANY + 1));
    await last.getByRole('button').click();
    await page.getByRole('heading', { level: 2, name: `hop ${MANY - 1}` }).waitFor();
    await accessible(page);
  },
);

laboratoryTest('the plain text stands behind the sealed octets it was under', async ({ open }) => {
  const page = await open('/live/honest');
  const plain = page.getByRole('region', { name: 'plain text of the response' });
  await plain.getByText('356741089900111').waitFor();
  await plain.getByRole('button', { name: 'Show the sealed octets' }).click();
  assert.equal(await page.getByRole('region', { name: 'response APDU' }).locator('.octet.shown').count(), 16);
});

laboratoryTest('a message is lost, and another repeated; the page says so', async ({ open, world }) => {
  world.laboratory.make({ name: 'post' });
  const page = await open('/live/post?view=table');
  const newest = () => world.laboratory.exchanges.exchangesBefore(Number.MAX_SAFE_INTEGER, 1, 'post')[0];
  /** The row of a hop, scrolled to where it is: the page has those in view only. */
  const seen = async (name: string) => {
    const row = page.getByRole('row').filter({ hasText: name }).first();
    for (let tries = 0; tries < MOST_TRIES && (await row.count()) === 0; tries++) {
      const hops = world.laboratory.exchanges.after(0, MANY, { exchange: newest()?.number ?? 0 });
      const at = hops.filter(({ isStory }) => isStory).findIndex(({ record }) => record.name === name);
      const frame = page.getByRole('region', { name: 'Hops', exact: true });
      if (at >= 0 && (await frame.count()) > 0)
        await frame.evaluate((one: { scrollTo(x: number, y: number): void }, top) => one.scrollTo(0, top), at * 32);
      await page.waitForTimeout(100);
    }
    await row.waitFor();
  };
  await page.getByText('Do something with this handset').click();
  await page.getByRole('button', { name: 'Lose the next report' }).click();
  await page.getByText('The next message to the operator will be lost.').waitFor();
  await page.getByRole('button', { name: 'Power on', exact: true }).click();
  await seen('DROPPED short message');
  await page.getByRole('button', { name: 'Repeat the last message' }).click();
  await seen('REPLAYED short message');
  await accessible(page);
});

laboratoryTest('the power is cut in the middle, and the handset is as sound as before', async ({ open, world }) => {
  world.laboratory.make({ name: 'battery' });
  const page = await open('/live/battery');
  await page.getByText('Do something with this handset').click();
  await page.getByLabel('Cut after so many questions to cards and network').fill('');
  await page.getByRole('button', { name: 'Power on, then cut the power' }).click();
  await page.getByText('Expected a number from 0 to 999.').waitFor();
  await page.getByLabel('Cut after so many questions to cards and network').fill('25');
  await page.getByRole('button', { name: 'Power on, then cut the power' }).click();
  await page.locator('.live-outcome').getByText('power cut', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Power on', exact: true }).click();
  await page.locator('.live-outcome').getByText('attached', { exact: true }).waitFor();
});

laboratoryTest(
  'reported stolen, a handset is blocked through its UICC; a card is exchanged',
  async ({ open, world }) => {
    world.laboratory.make({ name: 'bag' });
    await world.laboratory.powerOn('bag');
    const page = await open('/live/bag');
    await page.getByText('Do something with this handset').click();
    await page.getByRole('button', { name: 'Report it stolen' }).click();
    await arrows(page).filter({ hasText: 'answer: block' }).first().waitFor({ state: 'attached' });
    await photograph(page, 'live-attacks');
    await page.getByRole('button', { name: 'Report it found' }).click();
    await page.getByRole('button', { name: 'Report it stolen' }).waitFor();
    await page.getByLabel('Exchange with').selectOption('honest');
    await page.getByRole('button', { name: 'Exchange the UICCs' }).click();
    await page.locator('.handset-facts').getByText('switched off').waitFor();
    await page.getByRole('button', { name: 'Put everything back' }).click();
    await page.waitForURL(/\/live\/honest/);
  },
);

laboratoryTest('a replay from a seed is the same, octet for octet, and opens as an exchange', async ({ open }) => {
  const page = await open('/live');
  await page.getByText('Replay from a seed').click();
  const replay = page.getByRole('form', { name: 'Replay from a seed' });
  await replay.getByLabel('Scenario').selectOption('forged');
  await replay.getByLabel('Seed').fill('the patent');
  await replay.getByRole('button', { name: 'Replay' }).click();
  await replay.getByText('every octet the same').waitFor();
  await page.waitForURL(/\/live\/replay\?exchange=\d+/);
  await page.getByRole('region', { name: 'What was found' }).getByText('The MAC failed').waitFor();
});

laboratoryTest('in French, at 320 pixels', async ({ open }) => {
  const page = await open('/live', { language: 'fr', width: 320 });
  await page.getByRole('heading', { level: 1, name: 'Échange en direct' }).waitFor();
  await page.getByRole('listbox', { name: 'Messages' }).getByRole('option').first().waitFor();
  await page.getByText('octets voulus au plus').first().waitFor();
  // What is in another language says so; nothing of the exchange is.
  assert.deepEqual(await page.locator('main [lang]').allTextContents(), []);
  const wide = `[...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > 320
    && one.closest('.ladder, .octets, .table') === null).map((one) => one.className || one.tagName)`;
  assert.deepEqual(await page.evaluate<string[]>(wide), [], 'nothing is wider than the window');
  await photograph(page, 'live-french');
  await accessible(page);
});

consoleTest(
  'without a laboratory the screen is of the operator, and says when nothing was heard yet',
  async ({ open }) => {
    const page = await open('/live', { role: 'viewer' });
    await page.getByText('No UICC has reported since this process began.').waitFor();
  },
);
