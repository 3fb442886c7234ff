import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageOf, unknown } from '#test/profile/package.ts';
import { assayIn } from './assay.fixture.ts';

function house(context: TestContext, package_: Uint8Array) {
  const data = mkdtempSync(join(tmpdir(), 'assay-import-'));
  context.after(() => rmSync(data, { recursive: true }));
  const file = join(data, 'profile.der');
  writeFileSync(file, package_);
  // Drawn from what the test says, not from where its file happens to lie.
  return (...args: readonly string[]) =>
    assayIn(data, ['uicc', ...args.map((arg) => (arg === 'FILE' ? file : arg))], args.join(' '));
}

test('a package is checked, then made a card under other identities, and shown as a profile', async (context) => {
  const assay = house(context, packageOf(unknown(8, false)));
  const checked = await assay('import', 'FILE', '--check');
  assert.equal(checked.status, 0, checked.err);
  assert.match(checked.out, /imsi +001010000000004\n[\s\S]*otherwise than the package says[\s\S]*application/);
  assert.equal((await assay('status')).out, "No UICCs here: make one with 'assay uicc personalise'.\n");
  const identity = ['--imsi', '001010000000060', '--iccid', '8988211000000000607', '--policy', 'fleet'];
  const made = await assay('import', 'FILE', ...identity, '--json');
  assert.equal(made.status, 0, made.err);
  assert.equal((JSON.parse(made.out) as { imsi: string }).imsi, '001010000000060');
  const shown = await assay('profile', 'show', '8988211000000000607', '--secrets');
  assert.match(shown.out, /"pairing": "locked"/);
  assert.match(shown.out, /"k": "465B5CE8B199B49FAA5F0A2EE238A6BC"/);
  assert.match(shown.out, /"base": "none"/);
});

test('a package that is none, or wants what is not here, is wrong use', async (context) => {
  const mandated = house(context, packageOf(unknown(8, true)));
  const refused = await mandated('import', 'FILE');
  assert.deepEqual([refused.status, refused.out], [2, '']);
  assert.match(refused.err, /application at octet \d+: .* mandatory: --lenient goes on without it/);
  assert.equal((await mandated('import', 'FILE', '--lenient', '--check')).status, 0);
  const text = await house(context, new TextEncoder().encode('value1 ProfileElement ::= '))('import', 'FILE');
  assert.deepEqual([text.status, text.out], [2, '']);
  assert.match(text.err, /at octet \d+: expected/);
  assert.equal((await mandated('import', 'FILE', '--lenient', '--k', '00'.repeat(16))).status, 2);
});
