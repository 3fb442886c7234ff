import assert from 'node:assert/strict';
import { assertAccessible, consoleTest, PASSWORD, photograph } from './browser.ts';

const BY_NAME = { name: 'Ada', role: 'analyst', password: PASSWORD, author: 'root', reason: 'test' } as const;

consoleTest(
  'the sign-in stands where the page was asked for; wrong words say so; afterwards one is there',
  async ({ operator, open }) => {
    await operator.people.users.create(BY_NAME);
    const page = await open('/?after=3', { expectedComplaints: /401/ });
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await assertAccessible(page);
    await photograph(page, 'sign-in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    assert.equal(await page.getByText('Fill this in.').count(), 2);
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Password').fill('something else');
    await page.keyboard.press('Enter');
    await page.getByText(/^Name and password do not belong together\. Try again/).waitFor();
    assert.ok(await page.getByLabel('Password').evaluate((field) => field.matches(':focus')));
    await assertAccessible(page);
    assert.equal(await page.getByLabel('Password').inputValue(), '');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    assert.ok(page.url().endsWith('/?after=3'), page.url());
    await page.getByRole('button', { name: 'Ada, analyst' }).click();
    await photograph(page, 'signed-in');
    await assertAccessible(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  },
);

consoleTest(
  'a session that ends while the page is open leads to the sign-in, and says why',
  async ({ operator, open }) => {
    const page = await open('/', { role: 'viewer', expectedComplaints: /401/ });
    await page.getByRole('banner').getByText('Live').waitFor();
    const user = operator.people.users.named('the viewer');
    assert.ok(user);
    operator.people.users.endSessions(user.id, { author: 'root', reason: 'test' });
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await page.getByText('Your session has ended. Sign in again.').waitFor();
  },
);

consoleTest('the first administrator is made with the printed link, once', async ({ operator, open }) => {
  const secret = operator.people.firstLink.issue();
  const page = await open(`/first#${secret}`, { expectedComplaints: /404/ });
  await page.getByRole('heading', { level: 1, name: 'Make the first administrator' }).waitFor();
  await assertAccessible(page);
  await photograph(page, 'first-administrator');
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Make the administrator' }).click();
  await page.getByText('At least 12 characters, and not the name.').nth(1).waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the administrator' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByRole('button', { name: 'Ada, administrator' }).waitFor();
  assert.equal(operator.people.users.named('Ada')?.role, 'administrator');
  const other = await open(`/first#${secret}`, { expectedComplaints: /404/ });
  await other.getByLabel('Name').fill('Eve');
  await other.getByLabel('Password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Make the administrator' }).click();
  await other.getByRole('alert').waitFor();
  assert.equal(operator.people.users.named('Eve'), undefined);
});

consoleTest('where there are tokens and no users, the sign-in says what to run', async ({ operator, open }) => {
  operator.access.create({ name: 'program', role: 'machine', author: 'root', reason: 'test' });
  const page = await open('/');
  await page.getByText('assay user add').waitFor();
  await assertAccessible(page);
});
