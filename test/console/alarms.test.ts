import assert from 'node:assert/strict';
import { Imsi } from '#base/identity/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, type ConsoleWorld, consoleTest, photograph } from './browser.ts';

const IMEI = testImei(1);
const { say } = FINDING_SENTENCES;
const MOVED = say('movedHandset', { imei: String(IMEI), before: String(testImei(2)) });
const LIES = say('lyingHandset', { claimed: String(testImei(3)), proved: String(IMEI) });
const SHARED = say('supportShared', { support: 'A1A2A3A4A5A6A7A8', imei: String(IMEI), uiccs: 2 });

/** A genuine handset, two that claim its IMEI, and an alarm of each severity. */
async function withAlarms({ operator, issue, receive }: ConsoleWorld) {
  const phone = issue();
  await receive(phone, phone.uicc.report(IMEI));
  for (const end of ['1', '2']) operator.register.check({ imei: IMEI, imsi: Imsi.parse(`26201000000000${end}`) });
  const { evidence } = operator;
  evidence.flush();
  evidence.recordFinding({ kind: 'reportMissing', key: 'a', imsi: phone.imsi.digits, said: [say('neverReported')] });
  evidence.recordFinding({ kind: 'movedHandset', key: 'b', imsi: phone.imsi.digits, imei: IMEI, said: [MOVED] });
  evidence.recordFinding({ kind: 'lyingHandset', key: 'c', imsi: phone.imsi.digits, imei: IMEI, said: [LIES] });
  evidence.recordFinding({ kind: 'supportShared', key: 'd', imei: IMEI, said: [SHARED] });
  return phone;
}

consoleTest(
  'alarms: one is chosen with j, acknowledged with a reason, assigned, closed, and back when it happens again',
  async (world) => {
    await withAlarms(world);
    const page = await world.open('/alarms', { role: 'analyst' });
    const table = page.getByRole('region', { name: 'Alarms, those that happened last first' });
    await table.getByRole('link', { name: 'Handset lies to the network' }).waitFor();
    await page.getByLabel('Severity', { exact: true }).selectOption('critical');
    await page.waitForURL(/severity=critical/);
    await table.getByRole('link', { name: 'UICC that never reported' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    await page.locator('h1').click();
    await page.keyboard.press('j');
    const chosen = page.getByRole('region', { name: 'The chosen alarm' });
    await chosen.getByRole('heading', { name: 'Handset lies to the network' }).waitFor();
    await photograph(page, 'alarms');
    await assertAccessible(page);
    const dialog = page.getByRole('dialog');
    const act = async (name: string, also?: () => Promise<void>) => {
      await chosen.getByRole('button', { name }).click();
      await dialog.getByRole('button', { name }).click();
      await dialog.getByText('Say why').waitFor();
      await dialog.getByLabel('Reason').fill(`${name} in a test`);
      await also?.();
      await dialog.getByRole('button', { name }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await act('Acknowledge');
    await chosen.getByText('Acknowledge in a test (the analyst)').waitFor();
    await table.getByText('Acknowledged').waitFor();
    await act('Assign', async () => dialog.getByLabel('Name').fill('Bob'));
    await table.getByText('Bob').waitFor();
    await act('Close the alarm');
    await table.getByRole('link').waitFor({ state: 'detached' });
    // It happens again: the inbox hears of it by the stream.
    world.operator.evidence.recordFinding({ kind: 'lyingHandset', key: 'c', said: [LIES] });
    await table.getByRole('link', { name: 'Handset lies to the network' }).waitFor();
    const told = world.operator.audit.newest(9, 'alarm').map(({ author, detail }) => `${author} ${detail?.['act']}`);
    assert.deepEqual(told, ['the analyst close', 'the analyst assign', 'the analyst acknowledge']);
  },
);

consoleTest(
  'duplicates: the genuine one is marked with its argument; all who use the IMEI come in pages',
  async (world) => {
    const phone = await withAlarms(world);
    const page = await world.open('/alarms/duplicates', { role: 'analyst' });
    const table = page.getByRole('region', { name: 'IMEIs that several subscribers use, the most used first' });
    await table.getByText(/Its storage support A1A2A3A4A5A6A7A8 proved the IMEI/).waitFor();
    await photograph(page, 'duplicates');
    await assertAccessible(page);
    await table.getByRole('link', { name: IMEI.withCheckDigit }).click();
    await page.getByRole('heading', { level: 1, name: `Duplicates of ${IMEI.withCheckDigit}` }).waitFor();
    const claimants = page.getByRole('region', { name: 'Who uses it' });
    const row = claimants.getByRole('row').filter({ hasText: '00101…001' });
    await row.getByText('genuine').waitFor();
    assert.equal(await claimants.getByText('claims it').count(), 2);
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Show whole identities' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('who is genuine, case 9');
    await page.getByRole('dialog').getByRole('button', { name: 'Show whole identities' }).click();
    await claimants.getByText(phone.imsi.digits).waitFor();
    await page.goBack();
    await page.getByRole('tab', { name: 'Alarms' }).click();
    await page.waitForURL(/\/alarms$/);
  },
);

consoleTest('alarms: a viewer reads in French and decides nothing', async (world) => {
  await withAlarms(world);
  const page = await world.open('/alarms', { role: 'viewer', language: 'fr', theme: 'dark' });
  await page.getByRole('link', { name: 'Terminal qui ment au réseau' }).click();
  const chosen = page.getByRole('region', { name: 'L’alarme choisie' });
  await chosen
    .getByText(/Le terminal a annoncé au réseau l’IMEI 00888801…03\d\s; son support de stockage prouve 00888801…01\d\./)
    .waitFor();
  assert.equal(await page.getByText(/Dans les archives/).count(), 0);
  assert.equal(await chosen.getByRole('button', { name: 'Prendre en compte' }).count(), 0);
  await photograph(page, 'alarms-fr');
  await assertAccessible(page);
});
