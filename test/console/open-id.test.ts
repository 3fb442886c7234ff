import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openConsole } from '#console/index.ts';
import { openOperator } from '#operator/index.ts';
import { temporaryDirectory } from '#test/operator/databases.ts';
import { CLIENT, startProvider } from '#test/operator/openid-provider.ts';
import { assertAccessible, endAll, type Opened, openWindow, PASSWORD, photograph } from './browser.ts';
import { browserMissing, takeBrowser } from './chromium.ts';

/** An operator whose people a provider knows, and a browser. */
async function world(context: TestContext) {
  // The port has to be known before the provider is told of it.
  const probe = openOperator({ dataDirectory: temporaryDirectory(context) });
  const { port } = await probe.api.listen({ port: 0 });
  await probe.close();
  const origin = `http://127.0.0.1:${port}`;
  const operator = openOperator({
    dataDirectory: temporaryDirectory(context),
    openId: {
      ...{ issuer: await startProvider(context, origin), ...CLIENT, label: 'Example' },
      ...{ roleClaim: 'roles', nameClaim: 'preferred_username', roles: { 'fraud-team': 'analyst' } },
    },
  });
  const { url } = await operator.api.listen({ port, pages: await openConsole() });
  const { browser, release } = await takeBrowser();
  const endings: (() => Promise<void>)[] = [];
  context.after(async () => {
    try {
      await endAll(endings);
    } finally {
      release();
      await operator.close();
    }
  });
  return { operator, open: (opened: Opened = {}) => openWindow({ browser, url, endings }, '/', opened) };
}

/** Signs in on the provider's own pages. Their font would come from elsewhere: nothing here asks beyond this machine. */
async function throughProvider(page: Page, button: string, login: string): Promise<void> {
  await page.context().route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  await page.getByRole('link', { name: button }).click();
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: 'attached' });
  await page.locator('button[type="submit"]').click();
}

const OF_THE_PROVIDER = /401|ERR_FAILED|Content Security Policy/;

// Nobody is a user yet: whoever sits at this machine may look, and the way in stands behind their name.
test('the button leads to the provider, and whoever it knows comes back signed in', {
  skip: browserMissing,
}, async (context) => {
  const { open } = await world(context);
  const page = await open({ expectedComplaints: OF_THE_PROVIDER });
  await page.getByRole('button', { name: /, viewer/ }).click();
  await page.getByRole('link', { name: 'Sign in with Example' }).waitFor();
  await assertAccessible(page);
  await photograph(page, 'sign-in-openid');
  await throughProvider(page, 'Sign in with Example', 'ada');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByRole('button', { name: 'Ada L, analyst' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/session\/end/);
});

test('whoever has no role here is told so, in French too', { skip: browserMissing }, async (context) => {
  const { open, operator } = await world(context);
  await operator.people.users.create({
    name: 'Root',
    role: 'administrator',
    password: PASSWORD,
    author: 'root',
    reason: 'test',
  });
  const page = await open({ language: 'fr', theme: 'dark', expectedComplaints: OF_THE_PROVIDER });
  await throughProvider(page, 'Se connecter avec Example', 'eve');
  await page.waitForURL(/signIn=noRole/);
  const refused = (await page.getByRole('alert').textContent()) ?? '';
  assert.match(refused, /rôle/);
  await page.getByRole('link', { name: 'Se connecter avec Example' }).waitFor();
  await assertAccessible(page);
  await photograph(page, 'sign-in-no-role');
});
