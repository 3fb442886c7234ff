import assert from 'node:assert/strict';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, type ConsoleWorld, consoleTest, photograph } from './browser.ts';

const CANNOT = { result: 'notProven', reason: 'profileTooSmall', state: 'unproven' } as const;
const POINT =
  '046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5';

/** One handset that proved its IMEI, and one that says it cannot. */
async function withHandsets(world: ConsoleWorld) {
  const proved = world.issue();
  await world.receive(proved, proved.uicc.report(testImei(1)));
  const old = world.issue();
  await world.receive(old, old.uicc.report(testImei(2), CANNOT));
  return { proved, old };
}

consoleTest('rules of UICCs: who would lose service is shown, then it is ordered for all', async (world) => {
  const { old } = await withHandsets(world);
  const page = await world.open('/policy', { role: 'approver' });
  await page.getByRole('heading', { level: 1, name: 'Provisioning and policy' }).waitFor();
  await page.getByLabel('A handset that says it cannot prove').selectOption('block');
  await page.getByRole('textbox', { name: 'Report again after authentications' }).fill('70000');
  await page.getByText('A whole number').waitFor();
  assert.equal(
    await page.getByRole('button', { name: 'Show what would change' }).getAttribute('aria-disabled'),
    'true',
  );
  await page.getByRole('textbox', { name: 'Report again after authentications' }).fill('500');
  await page.getByRole('button', { name: 'Show what would change' }).click();
  const affected = page.getByRole('region', { name: 'Handsets in use that this changes' });
  await affected.getByRole('rowheader', { name: old.iccid.digits }).waitFor();
  await affected.getByText('not served').waitFor();
  await assertAccessible(page);
  await photograph(page, 'policy-uiccs');
  await page.getByRole('button', { name: 'Order it for 2 UICCs' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 handset loses service').waitFor();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('new terms');
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Order it for 2 UICCs' }).click();
  await page.getByText('2 orders are queued.').waitFor();
  const orders = world.operator.gateway.outbox.newest(10).filter(({ order }) => order === 'setPolicy');
  assert.deepEqual(
    orders.map(({ author, reason }) => [author, reason]),
    [
      ['the approver', 'new terms'],
      ['the approver', 'new terms'],
    ],
  );
});

consoleTest('who may not order sees what it would mean, and who does', async (world) => {
  await withHandsets(world);
  const page = await world.open('/policy', { role: 'viewer', language: 'fr', width: 400, theme: 'dark' });
  await page.getByLabel('Tant que l’IMEI n’est pas prouvé').selectOption('open');
  await page.getByRole('button', { name: 'Montrer ce qui changerait' }).click();
  await page.getByText('Un approbateur ou un administrateur l’ordonne.').waitFor();
  assert.equal(await page.getByRole('button', { name: /L’ordonner/ }).count(), 0);
  await assertAccessible(page);
  await photograph(page, 'policy-fr');
});

consoleTest('a setting of the register: shown for handsets in use, saved with a reason, or proposed', async (world) => {
  const { proved } = await withHandsets(world);
  const { register } = world.operator;
  register.check({ imei: testImei(1), imsi: proved.imsi });
  register.lists.add({ imei: testImei(1), list: 'black', reason: 'stolen', author: 'Ada' });
  world.operator.evidence.flush();
  const page = await world.open('/policy/register', { role: 'administrator', expectedComplaints: /400/ });
  const row = page.getByRole('row', { name: /Mode/ });
  await row.getByText('enforce').waitFor();
  await photograph(page, 'policy-register');
  await row.getByRole('button', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Value').selectOption('off');
  assert.equal(await dialog.getByRole('button', { name: 'Save' }).count(), 0, 'not before it was shown');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByText('1 answer would be another.').waitFor();
  await assertAccessible(page);
  await photograph(page, 'policy-preview');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Say why').waitFor();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('a wrong list');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row.getByText('off', { exact: true }).waitFor();
  assert.equal(register.mode(), 'off');
  register.set('approval', 'always', 'Ada', 'two persons');
  await page.getByRole('row', { name: /4G/ }).getByRole('button', { name: 'Change' }).click();
  await dialog.getByLabel('Value').selectOption('prohibited');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByText('This change needs a second person').waitFor();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('the regulator');
  await dialog.getByRole('button', { name: 'Propose' }).click();
  await page.getByText('The change waits for a second person.').waitFor();
  await page
    .getByRole('row', { name: /Lists are too old/ })
    .getByRole('button', { name: 'Change' })
    .click();
  await dialog.getByRole('textbox', { name: 'Minutes' }).fill('soon');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByText(/whole milliseconds from 0 on/).waitFor();
});

consoleTest('keys: new ones are brought, one UICC at a time; who may not sees them only', async (world) => {
  const { proved } = await withHandsets(world);
  const page = await world.open('/policy/keys', { role: 'administrator', expectedComplaints: /409/ });
  await page.getByText('No UICC was brought new keys yet.').waitFor();
  const bring = async () => {
    await page.getByRole('button', { name: 'Bring new keys' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /ICCID/ }).fill(proved.iccid.digits);
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('yearly');
    await dialog.getByRole('button', { name: 'Bring new keys' }).click();
  };
  await bring();
  await page.getByRole('cell', { name: 'on its way' }).waitFor();
  await assertAccessible(page);
  await photograph(page, 'policy-keys');
  await bring();
  await page.getByText(/New keys are on their way to this UICC/).waitFor();
  const viewer = await world.open('/policy/keys', { role: 'viewer' });
  await viewer.getByRole('cell', { name: 'on its way' }).waitFor();
  assert.equal(await viewer.getByRole('button', { name: 'Bring new keys' }).count(), 0);
});

consoleTest(
  'makers: a fingerprint that does not fit is refused; what taking one away and rolling out would do is shown before',
  async (world) => {
    await withHandsets(world);
    const page = await world.open('/policy/makers', { role: 'administrator', expectedComplaints: /409/ });
    await page.getByRole('button', { name: 'Add a maker' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /Identifier/ }).fill('4D 31');
    await dialog.getByRole('textbox', { name: /Public point/ }).fill(POINT);
    await dialog.getByRole('textbox', { name: /Fingerprint/ }).fill('00'.repeat(32));
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('a new maker');
    await dialog.getByRole('button', { name: 'Add a maker' }).click();
    await dialog.getByText(/the fingerprint of this point/).waitFor();
    const octets = Uint8Array.from(POINT.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
    const fingerprint = [...digest].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
    await dialog.getByRole('textbox', { name: /Fingerprint/ }).fill(fingerprint);
    await dialog.getByRole('button', { name: 'Add a maker' }).click();
    await page.getByRole('rowheader', { name: '4D31' }).waitFor();
    await assertAccessible(page);
    await photograph(page, 'policy-makers');
    await page.getByRole('button', { name: 'Roll out' }).click();
    await dialog.getByText('UICCs that are ordered').waitFor();
    await dialog.getByText(/Each order is 1 short message/).waitFor();
    await assertAccessible(page);
    await photograph(page, 'policy-roll-out');
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('a new maker');
    await dialog.getByRole('button', { name: 'Roll out' }).click();
    await page.getByText('0 of 2 UICCs believe just these makers').waitFor();
    world.operator.gateway.poll();
    await page.getByText(/Every UICC was ordered; 2 orders are under way/).waitFor();
    await assertAccessible(page);
    await photograph(page, 'policy-makers-rollout');
    await page.getByRole('button', { name: 'Take away' }).click();
    await dialog.getByText(/UICCs in the field believe it until a roll-out/).waitFor();
    await dialog.getByText('of which lose service at the next proof').waitFor();
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('its key leaked');
    await dialog.getByRole('button', { name: 'Take away' }).click();
    await page.getByText(/No maker is believed/).waitFor();
  },
);

consoleTest('a certificate is revoked: whom it concerns is shown, then why, and it is in the list', async (world) => {
  const { proved } = await withHandsets(world);
  const page = await world.open('/policy/makers', { role: 'administrator', expectedComplaints: /400|409/ });
  await page.getByText('No certificate is revoked.').waitFor();
  await page.getByRole('button', { name: 'Revoke a certificate' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Serial number/ }).fill('A1A');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.locator('.error').waitFor();
  await dialog.getByRole('textbox', { name: /Serial number/ }).fill('A1:A2:A3:A4 A5A6A7A8');
  await page.keyboard.press('Enter');
  await dialog.getByText('UICCs in use with it').waitFor();
  await assertAccessible(page);
  await photograph(page, 'revocation-preview');
  await dialog.getByRole('button', { name: 'Revoke a certificate' }).click();
  await dialog.getByText('Say why').waitFor();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('its keys leaked');
  await dialog.getByRole('button', { name: 'Revoke a certificate' }).click();
  const row = page.getByRole('row', { name: /A1A2A3A4A5A6A7A8/ });
  await row.getByText('its keys leaked').waitFor();
  await assertAccessible(page);
  await photograph(page, 'revocations');
  const [order] = world.operator.gateway.outbox.newest(1, proved.iccid.digits);
  assert.deepEqual([order?.order, order?.author], ['rePair', 'the administrator']);
  const viewer = await world.open('/policy/makers', { role: 'viewer', language: 'fr', width: 400, theme: 'dark' });
  await viewer.getByRole('rowheader', { name: 'A1A2A3A4A5A6A7A8' }).waitFor();
  assert.equal(await viewer.getByRole('button', { name: 'Révoquer un certificat' }).count(), 0);
  await assertAccessible(viewer);
  await photograph(viewer, 'revocations-fr');
});

consoleTest('storage supports that were met, and which are revoked', async (world) => {
  await withHandsets(world);
  const page = await world.open('/policy/supports', { role: 'viewer' });
  const row = page.getByRole('row', { name: /A1A2A3A4A5A6A7A8/ });
  await row.waitFor();
  assert.equal(await row.getByText('revoked').count(), 0);
  world.operator.gateway.revocations.revoke({
    serial: Uint8Array.of(0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8),
    ...{ author: 'Ada', reason: 'its keys leaked' },
  });
  await page.reload();
  await row.getByText('revoked').waitFor();
  await assertAccessible(page);
  await photograph(page, 'supports');
});
