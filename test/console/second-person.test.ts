import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, consoleTest, PASSWORD, photograph } from './browser.ts';

const toast = (page: Page, words: string | RegExp) =>
  page.getByRole('region', { name: 'Notifications' }).getByText(words).waitFor();

/** Fills in the reason of the dialog that is open, and presses its button. */
async function confirm(page: Page, action: string | RegExp, reason = 'Reason'): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(reason).fill('case 4711');
  await dialog.getByRole('button', { name: action }).click();
}

consoleTest(
  'new rules for a fleet wait with what they would do; another person agrees, and they are ordered',
  async (world) => {
    const { register, people } = world.operator;
    register.set('approval.fleet', 'always', 'root', 'test');
    register.set('approval.users', 'always', 'root', 'test');
    for (let number = 0; number < 3; number++) world.issue();
    const page = await world.open('/policy/uiccs', { role: 'administrator' });
    const other = await world.open('/access/approvals', {
      role: 'approver',
      language: 'fr',
      expectedComplaints: /409/,
    });
    await page.getByLabel('Until the IMEI is proved').selectOption('open');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByRole('button', { name: 'Order it for 3 UICCs' }).click();
    await confirm(page, 'Order it for 3 UICCs');
    await toast(page, 'The change waits for a second person.');
    await other.getByRole('cell', { name: /Nouvelles règles/ }).waitFor();
    await assertAccessible(other);
    await photograph(other, 'second-person-fleet');
    // The fleet grows before anybody agrees.
    world.issue();
    await other.getByRole('button', { name: 'Approuver' }).click();
    await confirm(other, 'Approuver', 'Motif');
    await other
      .getByRole('dialog')
      .getByText(/4 UICC changeraient au lieu de 3/)
      .waitFor();
    await photograph(other, 'second-person-grown');
    await other.keyboard.press('Escape');
    await other.getByRole('cell', { name: /UICC qui changent 4/ }).waitFor();
    await other.getByRole('button', { name: 'Approuver' }).click();
    await confirm(other, 'Approuver', 'Motif');
    await toast(other, /4 ordres sont en file/);
    assert.equal(
      world.operator.audit.newest(50, 'order').filter(({ author }) => author === 'the administrator').length >= 4,
      true,
    );

    await page.goto(new URL('/access/users', world.url).href);
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Eve');
    await dialog.getByLabel('Role').selectOption('administrator');
    await dialog.getByLabel('Password').fill(PASSWORD);
    await confirm(page, 'Make the user');
    await toast(page, /waits for a second person/);
    assert.equal(people.users.named('Eve'), undefined);
    await other.getByRole('cell', { name: /Eve/ }).first().waitFor();
    await photograph(other, 'second-person-user');
    await other.getByRole('button', { name: 'Approuver' }).click();
    await confirm(other, 'Approuver', 'Motif');
    await toast(other, /est fait/);
    assert.equal(people.users.named('Eve')?.role, 'administrator');
  },
);
