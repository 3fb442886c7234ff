import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { testImei } from '#test/operator/operator.ts';
import { assertAccessible, type ConsoleWorld, consoleTest, PASSWORD, photograph } from './browser.ts';

const IMEI = testImei(1);
const WHY = 'case 4711';

const heading = (page: Page, name = 'Audit and access') => page.getByRole('heading', { level: 1, name }).waitFor();
const toast = (page: Page, words: string | RegExp) =>
  page.getByRole('region', { name: 'Notifications' }).getByText(words).waitFor();

/** Fills in the reason of the dialog that is open, and presses its button. */
async function confirm(page: Page, action: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(WHY);
  await dialog.getByRole('button', { name: action, exact: true }).click();
}

/** A little life for the log: a list entry, a UICC, and a subscriber who was seen. */
function live({ operator, issue }: ConsoleWorld) {
  const { card } = issue();
  operator.register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  operator.register.check({ imei: IMEI, imsi: card.imsi, front: 'api' });
  operator.evidence.flush();
  return card;
}

consoleTest(
  'the log: newest first, found by kind and author, its chain verified, all of it in the address',
  async (world) => {
    live(world);
    const page = await world.open('/access/audit', { role: 'analyst' });
    await heading(page);
    const table = page.getByRole('table', { name: 'Audit log' });
    await table.getByRole('cell', { name: 'Check', exact: true }).waitFor();
    await assertAccessible(page);
    await photograph(page, 'access-audit');
    await page.getByLabel('Kind').selectOption('list');
    await page.waitForURL('**/access/audit?kind=list');
    await table.getByRole('cell', { name: 'Check', exact: true }).waitFor({ state: 'detached' });
    assert.equal(await table.getByRole('cell', { name: 'List', exact: true }).count(), 1);
    await page.getByLabel('By').fill('Nobody');
    await page.getByText('No entry fits.').waitFor();
    await page.getByLabel('By').fill('Ada');
    await table.getByText(IMEI.equipment).waitFor();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/Sound: \d+ entries\./).waitFor();
    await page.reload();
    await table.getByText(IMEI.equipment).waitFor();
  },
);

consoleTest('identities are masked until somebody asks and says why, which the log then holds', async (world) => {
  const card = live(world);
  const page = await world.open('/access/audit?kind=check', { role: 'analyst' });
  const table = page.getByRole('table', { name: 'Audit log' });
  await table.getByText('00101…001').waitFor();
  await page.getByRole('button', { name: 'Show whole identities' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('dialog').getByText('Say why: the reason is kept in the audit log.').waitFor();
  await assertAccessible(page);
  await confirm(page, 'Show');
  await table.getByText(card.imsi.digits).waitFor();
  const [read] = world.operator.audit.newest(1, 'read');
  assert.deepEqual([read?.author, read?.detail?.['reason']], ['the analyst', WHY]);
  await page.getByRole('button', { name: 'Mask them again' }).click();
  await table.getByText('00101…001').waitFor();
  const viewer = await world.open('/access/audit?kind=check', { role: 'viewer' });
  await viewer.getByRole('table', { name: 'Audit log' }).getByText('00888801…01').first().waitFor();
  assert.equal(await viewer.getByRole('button', { name: 'Show whole identities' }).count(), 0);
  assert.equal(await viewer.getByRole('button', { name: 'Verify the chain' }).count(), 0);
});

consoleTest(
  'two browsers, two people: what one proposes the other agrees to, and sees it without loading again',
  async (world) => {
    world.operator.register.settings.set('approval', 'always', 'root', 'test');
    const own = await world.open('/access/approvals', { role: 'approver' });
    await own.getByText('Nothing waits.').waitFor();
    const other = await world.open('/access/approvals', { role: 'administrator' });
    const { register } = world.operator;
    register.propose(
      {
        about: 'imei',
        change: 'add',
        imei: IMEI.equipment,
        list: 'black',
        reason: 'stolen',
        source: 'operator',
        note: '',
        caseReference: WHY,
      },
      'the approver',
      'reported by its owner',
    );
    await own.getByText('Yours: another person decides.').waitFor();
    await assertAccessible(own);
    await other.getByRole('button', { name: 'Agree', exact: true }).click();
    await photograph(other, 'access-agree');
    await assertAccessible(other);
    await confirm(other, 'Agree');
    await toast(other, 'Change 1 is made.');
    await other.getByText('Nothing waits.').waitFor();
    await own.getByText('Nothing waits.').waitFor();
    assert.equal(register.lists.all(IMEI)[0]?.author, 'the approver');
    await other.getByLabel('State').selectOption('any');
    await other.getByText('agreed', { exact: true }).waitFor();
    await photograph(other, 'access-approvals');
  },
);

consoleTest(
  'an administrator makes a user, who signs in; wrong input is said; disabled, the session ends',
  async (world) => {
    const page = await world.open('/access/users', { role: 'administrator', expectedComplaints: /400/ });
    await heading(page);
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Grace');
    await dialog.getByLabel('Role').selectOption('analyst');
    await dialog.getByLabel('Password').fill('short');
    await confirm(page, 'Make the user');
    await dialog
      .locator('.error')
      .getByText(/at least 12 characters/)
      .waitFor();
    await assertAccessible(page);
    await photograph(page, 'access-new-user');
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Make the user' }).click();
    await toast(page, 'Grace may sign in now.');
    const table = page.getByRole('table', { name: 'Users' });
    await table.getByRole('rowheader', { name: 'Grace' }).waitFor();
    await assertAccessible(page);
    await photograph(page, 'access-users');
    const grace = await world.open('/access', { expectedComplaints: /401/ });
    await grace.getByLabel('Name').fill('grace');
    await grace.getByLabel('Password').fill(PASSWORD);
    await grace.getByRole('button', { name: 'Sign in' }).click();
    await heading(grace);
    await page.getByRole('button', { name: 'Change Grace' }).click();
    await dialog.getByLabel('May sign in').uncheck();
    await confirm(page, 'Save');
    await toast(page, 'Grace was changed.');
    await table.getByText('disabled').waitFor();
    await grace.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  },
);

consoleTest('a token is shown once and revoked; roles and tabs fit who looks', async (world) => {
  const page = await world.open('/access/tokens', { role: 'administrator' });
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('nightly lists');
  await confirm(page, 'Make the token');
  const once = page.getByRole('dialog', { name: 'The new token' });
  const token = (await once.getByText(/^assay_/).textContent()) ?? '';
  assert.ok(typeof world.operator.access.authenticate(token) === 'object');
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByText(token).waitFor({ state: 'detached' });
  const row = page.getByRole('row', { name: /nightly lists/ });
  await row.getByText('valid', { exact: true }).waitFor();
  await photograph(page, 'access-tokens');
  await row.getByRole('button', { name: 'Revoke' }).click();
  await confirm(page, 'Revoke');
  await row.getByText('revoked').waitFor();
  assert.equal(world.operator.access.authenticate(token), 'revoked');
  const viewer = await world.open('/access/roles', { role: 'viewer' });
  await viewer.getByRole('rowheader', { name: 'See whole IMSIs and MSISDNs' }).waitFor();
  await assertAccessible(viewer);
  await photograph(viewer, 'access-roles');
  const tabs = await viewer.getByRole('tab').allTextContents();
  assert.deepEqual(tabs, ['Audit log', 'Approvals', 'Roles', 'Privacy', 'Your account']);
});

consoleTest(
  'retention is changed with a reason; a subject is exported and, with a second person, erased',
  async (world) => {
    const card = live(world);
    const page = await world.open('/access/privacy', { role: 'administrator', expectedComplaints: /400/ });
    const sightings = page.getByRole('row', { name: /Sightings/ });
    await sightings.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByLabel('Days').fill('0');
    await confirm(page, 'Save');
    await page
      .getByRole('dialog')
      .getByText(/whole days from 1 to/)
      .waitFor();
    await page.getByRole('dialog').getByLabel('Days').fill('180');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await sightings.getByText('180').waitFor();
    await assertAccessible(page);
    await photograph(page, 'access-privacy');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('Say which one.').waitFor();
    await page.getByLabel('Digits').fill(card.imsi.digits);
    await page.getByRole('button', { name: 'Export' }).click();
    const [downloaded] = await Promise.all([page.waitForEvent('download'), confirm(page, 'Export')]);
    assert.equal(downloaded.suggestedFilename(), 'subject.json');
    await page.getByRole('button', { name: 'Erase' }).click();
    await photograph(page, 'access-erase');
    await confirm(page, 'Propose the erasure');
    await toast(page, 'Change 1 waits for a second person.');
    world.operator.register.approvals.decide(1, { approver: 'the approver', verdict: 'approve', reason: 'seen' });
    world.operator.privacy.run();
    await page.getByRole('row', { name: /imsi 0010100…001/ }).waitFor();
    await assertAccessible(page);
  },
);

consoleTest('the own password is changed, and other sessions are ended; by keyboard from tab to tab', async (world) => {
  const elsewhere = await world.open('/', { role: 'viewer', expectedComplaints: /401/ });
  await elsewhere.getByRole('heading', { level: 1 }).waitFor();
  const page = await world.open('/access', { role: 'viewer', expectedComplaints: /401|400/ });
  await heading(page);
  await page.getByRole('tab', { name: 'Audit log' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL('**/access/you');
  await page.getByLabel('Present password').fill('wrong');
  await page.getByLabel('New password').fill('another long password');
  await page.keyboard.press('Enter');
  await page.getByText(/^Name and password do not belong together\./).waitFor();
  await page.getByLabel('Present password').fill(PASSWORD);
  await assertAccessible(page);
  await photograph(page, 'access-you');
  await page.getByRole('button', { name: 'Change your password' }).click();
  await toast(page, /Your password was changed/);
});

consoleTest('French, dark, and narrow: nothing is cut off', async (world) => {
  live(world);
  const french = await world.open('/access/audit', { role: 'administrator', language: 'fr' });
  await heading(french, 'Journal et accès');
  await french.getByRole('cell', { name: 'Liste', exact: true }).waitFor();
  await photograph(french, 'access-audit-fr');
  const narrow = await world.open('/access/users', { role: 'administrator', theme: 'dark', width: 400 });
  await heading(narrow);
  await assertAccessible(narrow);
  await photograph(narrow, 'access-users-narrow');
  const wide = await narrow.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  assert.equal(wide, false);
});
