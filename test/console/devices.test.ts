import assert from 'node:assert/strict';
import { fromHex } from '#base/codec/index.ts';
import { ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, type ConsoleWorld, consoleTest, photograph } from './browser.ts';

const IMEI = testImei(1);

/** A handset that proved its IMEI, one whose operating system was refuted, and a UICC that never reported. */
async function withDevices({ operator, issue, receive }: ConsoleWorld) {
  const [honest, forged, silent] = [issue(), issue(), issue()];
  await receive(honest, honest.uicc.report(IMEI));
  const refuted = { result: 'refuted', reason: 'claimedImeiDiffers', state: 'blockedLocally' } as const;
  await receive(forged, forged.uicc.report(testImei(2), { ...refuted, support: fromHex('B1B2B3B4B5B6B7B8') }));
  operator.register.check({ imei: testImei(9), imsi: honest.imsi });
  operator.evidence.flush();
  return { honest, forged, silent };
}

consoleTest(
  'devices: the table shows who proved what; filters stand in the address; a row leads to its device',
  async (world) => {
    const { honest, forged, silent } = await withDevices(world);
    const page = await world.open('/devices', { role: 'analyst' });
    await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor();
    const table = page.getByRole('region', { name: 'UICCs and what they proved' });
    await table.getByRole('link', { name: forged.iccid.digits }).waitFor();
    await photograph(page, 'devices');
    await assertAccessible(page);
    await page.getByLabel('Evidence').selectOption('refuted');
    await page.waitForURL(/level=refuted/);
    await table.getByRole('link', { name: honest.iccid.digits }).waitFor({ state: 'detached' });
    assert.equal(await table.getByRole('link').count(), 1);
    await page.getByLabel('Evidence').selectOption('');
    await page.getByLabel('Reports').selectOption('never');
    await table.getByRole('link', { name: silent.iccid.digits }).waitFor();
    await page.goBack();
    await page.getByLabel('Type (TAC)').fill('1234');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('A TAC has 8 digits.').waitFor();
    await table.getByRole('link', { name: honest.iccid.digits }).click();
    await page.getByRole('heading', { level: 1, name: `Device ${honest.iccid.digits}` }).waitFor();
  },
);

consoleTest('devices: the search box opens a single hit, shows several, and says when there is none', async (world) => {
  const { honest } = await withDevices(world);
  const page = await world.open('/', { role: 'analyst' });
  const search = async (text: string) => {
    await page.getByRole('searchbox').fill(text);
    await page.keyboard.press('Enter');
  };
  await search(honest.imsi.digits);
  await page.getByRole('heading', { level: 1, name: `Device ${honest.iccid.digits}` }).waitFor();
  await search('A1A2A3A4');
  await page.getByRole('heading', { level: 1, name: `Device ${honest.iccid.digits}` }).waitFor();
  await search('008888');
  const hits = page.getByRole('region', { name: 'Found for “008888”' }).first();
  await hits.getByRole('link', { name: IMEI.withCheckDigit }).waitFor();
  await photograph(page, 'devices-search');
  await assertAccessible(page);
  await hits.getByRole('link', { name: IMEI.withCheckDigit }).click();
  await page.getByRole('heading', { level: 1, name: `Device ${IMEI.withCheckDigit}` }).waitFor();
  await search('9999999999');
  await page.getByText('Nothing begins with “9999999999”.').waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.waitForURL(/\/devices$/);
});

consoleTest(
  'a device: evidence with its argument, an order with reason and true state of delivery as it goes, the timeline',
  async (world) => {
    const { honest } = await withDevices(world);
    const page = await world.open(`/devices/${honest.iccid.digits}`, { role: 'analyst' });
    await page
      .getByText(/Storage support A1A2A3A4A5A6A7A8 proved this IMEI over a channel with session keys/)
      .waitFor();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Emergency calls still work.').waitFor();
    await dialog.getByRole('button', { name: 'Block', exact: true }).click();
    await dialog.getByText('Say why').waitFor();
    assert.equal(world.operator.gateway.outbox.newest(1, honest.iccid.digits)[0]?.order, 'permit');
    await assertAccessible(page);
    await dialog.getByLabel('Reason').fill('stolen, case 4711');
    await page.keyboard.press('Tab');
    await dialog.getByRole('button', { name: 'Block', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    const orders = page.getByRole('region', { name: 'Orders and how far each is' });
    const first = orders.getByRole('row').filter({ hasText: 'Block' });
    await first.getByText('Block').waitFor();
    await first.getByText('queued').waitFor();
    // The steps come by the stream of events: nobody reloads the page.
    world.operator.gateway.poll();
    await world.operator.gateway.settled();
    await first.getByText(/^sent /).waitFor();
    world.operator.gateway.outbox.delivered('1');
    await first.getByText(/^delivered /).waitFor();
    const block = world.operator.gateway.outbox.newest(9, honest.iccid.digits).find(({ order }) => order === 'block');
    world.operator.gateway.outbox.acknowledge(
      block?.id ?? 0,
      ORDER_OUTCOMES.say('lockIs', { lock: 'blockedByOperator' }),
    );
    await first.getByText('acknowledged with proof of receipt').first().waitFor();
    await page
      .getByRole('region', { name: 'What happened, the newest first' })
      .getByText('stolen, case 4711')
      .first()
      .waitFor();
    await photograph(page, 'device');
    for (const view of ['Claims and proofs', 'Pairing history', 'List entries', 'Alarms', 'Who uses this IMEI']) {
      await page.getByRole('tab', { name: view }).click();
      await page.getByRole('tabpanel').getByRole('table').waitFor();
      await assertAccessible(page);
    }
  },
);

consoleTest(
  'a device: identities are masked until somebody says why; a viewer sees no whole ones and gives no order',
  async (world) => {
    const { honest } = await withDevices(world);
    const analyst = await world.open(`/devices/${honest.iccid.digits}`, { role: 'analyst' });
    await analyst.getByText('00101…001').first().waitFor();
    await analyst.getByRole('button', { name: 'Show whole identities' }).click();
    await analyst.getByRole('dialog').getByLabel('Reason').fill('complaint 12');
    await analyst.getByRole('dialog').getByRole('button', { name: 'Show whole identities' }).click();
    await analyst.getByText(honest.imsi.digits).first().waitFor();
    const read = world.operator.audit
      .newest(20, 'read')
      .map(({ author, detail }) => `${author} ${JSON.stringify(detail)}`);
    assert.match(read.join('\n'), /the analyst .*complaint 12/);
    await analyst.getByRole('button', { name: 'Mask identities again' }).click();
    await analyst.getByText(honest.imsi.digits).first().waitFor({ state: 'detached' });
    const viewer = await world.open(`/devices/${honest.iccid.digits}`, {
      role: 'viewer',
      language: 'fr',
      theme: 'dark',
    });
    await viewer.getByText('Votre rôle ne permet pas de donner des ordres.').waitFor();
    assert.equal(await viewer.getByRole('button', { name: 'Bloquer' }).count(), 0);
    assert.ok(!(await viewer.locator('main').innerText()).includes(IMEI.withCheckDigit));
    await photograph(viewer, 'device-fr');
  },
);
