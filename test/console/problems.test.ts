import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible, consoleTest, PASSWORD, photograph } from './browser.ts';

/** Words that every English refusal has some of, and no French one. */
const ENGLISH = /\b(expected|got|another|look at|the|with|this|is|of|try|again)\b/i;

/** What was refused is said in French, without a place that only programs know. */
async function isFrench(page: Page, said: Locator): Promise<void> {
  const text = (await said.textContent()) ?? '';
  assert.ok(text.length > 20, text);
  assert.doesNotMatch(text, ENGLISH);
  assert.doesNotMatch(text, /(^|\s)\/\w|\{\w+\}/, text);
  assert.equal(await page.locator('[lang="en"]').count(), 0, text);
}

/** The field is marked, described by what is wrong with it, and has the focus. */
async function isMarked(page: Page, field: Locator): Promise<void> {
  await page.locator('[aria-invalid="true"]').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.ok(await field.evaluate((one) => one.matches(':focus')));
  const described = (await field.getAttribute('aria-describedby'))?.split(' ').at(-1) ?? '';
  await isFrench(page, page.locator(`[id="${described}"]`));
}

consoleTest('a wrong password is refused in French, at its field', async ({ operator, open }) => {
  await operator.people.users.create({
    ...{ name: 'Ada', role: 'analyst', password: PASSWORD, author: 'root', reason: 'test' },
  });
  const page = await open('/', { language: 'fr', expectedComplaints: /401/ });
  await page.getByLabel('Nom').fill('Ada');
  await page.getByLabel('Mot de passe').fill('autre chose');
  await page.keyboard.press('Enter');
  await isMarked(page, page.getByLabel('Mot de passe'));
  await photograph(page, 'problem-sign-in');
  await assertAccessible(page);
  await page.getByLabel('Mot de passe').press('x');
  await page.locator('[aria-invalid="true"]').waitFor({ state: 'detached' });
});

consoleTest('a mistyped IMEI is refused in French, at its field, and so is a day that has passed', async (world) => {
  const page = await world.open('/lists', { role: 'analyst', language: 'fr', expectedComplaints: /400/ });
  await page.getByRole('button', { name: 'Inscrire un terminal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /IMEI/ }).fill('356741089900112');
  await dialog.getByRole('button', { name: 'Inscrire un terminal' }).click();
  await isMarked(page, dialog.getByRole('textbox', { name: /IMEI/ }));
  await photograph(page, 'problem-entry');
  await assertAccessible(page);
  await dialog.getByRole('textbox', { name: /IMEI/ }).fill('356741089900111');
  await dialog.getByLabel(/Jusqu’au/).fill('2021-01-01');
  await dialog.getByRole('button', { name: 'Inscrire un terminal' }).click();
  await dialog.getByText('Ce moment est passé').waitFor();
  await isMarked(page, dialog.getByLabel(/Jusqu’au/));
});

consoleTest('each mistake in an IMEI has its own French sentence at the field', async (world) => {
  const page = await world.open('/lists', { role: 'analyst', language: 'fr', expectedComplaints: /400/ });
  await page.getByRole('button', { name: 'Inscrire un terminal' }).click();
  const dialog = page.getByRole('dialog');
  const imei = dialog.getByRole('textbox', { name: /IMEI/ });
  for (const [written, sentence] of [
    ['3567410899001', 'Il faut 14 à 16 chiffres ; il y en a 13'],
    ['35674108O90011', '« O » se trouve en position 9'],
    ['356741089900112', 'Le chiffre de contrôle devrait être 1, c’est « 2 »'],
    ['3.56741E+14', 'arrondi par un tableur'],
  ] as const) {
    await imei.fill(written);
    await dialog.getByRole('button', { name: 'Inscrire un terminal' }).click();
    await dialog.getByText(sentence.replaceAll(/ (?=[;»])|(?<=«) /g, '\u202F')).waitFor();
    await isMarked(page, imei);
  }
});

consoleTest('an import that approves a change that does not wait is refused in French, at its field', async (world) => {
  const page = await world.open('/lists/import', { role: 'approver', language: 'fr', expectedComplaints: /409/ });
  const buffer = Buffer.from('imei\n35674108990011');
  const number = page.getByRole('textbox', { name: /Numéro de la modification/ });
  await page.getByLabel('Fichier', { exact: true }).setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('textbox', { name: /Source/ }).fill('police');
  await number.fill('bientôt');
  await page.getByRole('button', { name: 'Suivant' }).click();
  await isMarked(page, number);
  await number.fill('99');
  await page.getByRole('button', { name: 'Suivant' }).click();
  await page.getByRole('button', { name: 'Simuler' }).click();
  await page.getByRole('button', { name: 'Modifier 1 entrée' }).click();
  await isMarked(page, number);
  await photograph(page, 'problem-import');
});

consoleTest('a setting that cannot be is refused in French, at its field', async (world) => {
  const page = await world.open('/policy/register', {
    role: 'administrator',
    language: 'fr',
    expectedComplaints: /400/,
  });
  await page
    .getByRole('row', { name: /trop anciennes après/ })
    .getByRole('button')
    .click();
  const dialog = page.getByRole('dialog');
  const minutes = dialog.getByRole('textbox').first();
  await minutes.fill('bientôt');
  await dialog.locator('button[type="submit"]').click();
  await isMarked(page, minutes);
  await photograph(page, 'problem-setting');
});

consoleTest('a UICC that was not issued gets no keys, in French', async (world) => {
  const page = await world.open('/policy/keys', {
    ...{ role: 'administrator', language: 'fr', expectedComplaints: /40[09]/ },
  });
  await page.locator('.policy-actions button').first().click();
  const dialog = page.getByRole('dialog');
  const iccid = dialog.getByRole('textbox', { name: /ICCID/ });
  await dialog.getByRole('textbox', { name: /Motif/ }).fill('chaque année');
  for (const digits of ['123', '8988211000000000201']) {
    await iccid.fill(digits);
    await dialog.locator('button[type="submit"]').click();
    await isMarked(page, iccid);
  }
  await photograph(page, 'problem-keys');
});

consoleTest('a user whose name is taken, or whose password is short, is refused in French', async (world) => {
  const page = await world.open('/access/users', {
    ...{ role: 'administrator', language: 'fr', expectedComplaints: /40[09]/ },
  });
  await page.locator('.access-act button').click();
  const dialog = page.getByRole('dialog');
  const [name, password] = [dialog.getByRole('textbox', { name: /^Nom/ }), dialog.getByLabel(/Mot de passe/)];
  await name.fill('Nadia');
  await password.fill('court');
  await dialog.getByRole('textbox', { name: /Motif/ }).fill('équipe');
  await dialog.locator('button[type="submit"]').click();
  await isMarked(page, password);
  await photograph(page, 'problem-user');
  await name.fill('the administrator');
  await password.fill(PASSWORD);
  await dialog.locator('button[type="submit"]').click();
  await dialog.getByText('s’appelle déjà').waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
});

consoleTest('what does not exist, and what a role may not, are said in French', async (world) => {
  const page = await world.open('/devices/8988211000000000201', {
    ...{ role: 'viewer', language: 'fr', expectedComplaints: /40[0349]/ },
  });
  const note = page.getByRole('alert').first();
  await note.waitFor();
  await isFrench(page, note);
  await photograph(page, 'problem-device');
  await assertAccessible(page);
});
