import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { EXAMPLE_PROFILE } from '#lab/card-profile/index.ts';
import { assayIn } from './assay.fixture.ts';

const PAGE = fileURLToPath(new URL('../../docs/profile.md', import.meta.url));

function house(context: TestContext) {
  const data = mkdtempSync(join(tmpdir(), 'assay-profile-'));
  context.after(() => rmSync(data, { recursive: true }));
  const file = (name: string, text: string) => {
    const path = join(data, name);
    writeFileSync(path, text);
    return path;
  };
  const assay = (...args: readonly string[]) => assayIn(data, args);
  return { assay, file };
}

test('the example on the page is the example of the program', () => {
  const [, shown] = /```json\n([^`]*)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  assert.equal(shown, EXAMPLE_PROFILE);
});

test('cards of a profile in YAML, identities one after another; shown without and with secrets', async (context) => {
  const { assay, file } = house(context);
  const profile = file('card.yaml', stringify(JSON.parse(EXAMPLE_PROFILE)));
  const checked = await assay('uicc', 'profile', 'check', profile);
  assert.match(checked.out, /imsi +001010000000030\n/);
  const identity = ['--imsi', '001010000000098', '--msisdn', '99970000098'];
  const made = await assay('uicc', 'personalise', '--profile', profile, ...identity, '--count', '3', '--json');
  assert.equal(made.status, 0, made.err);
  const cards = JSON.parse(made.out) as { iccid: string; imsi: string; msisdn: string }[];
  assert.deepEqual(
    cards.map(({ imsi, msisdn }) => [imsi, msisdn]),
    [98, 99, 100].map((n) => [`00101${String(n).padStart(10, '0')}`, String(99970000000 + n)]),
  );
  const iccid = cards[1]?.iccid ?? '';
  const shown = await assay('uicc', 'profile', 'show', iccid);
  assert.match(shown.out, /"pin1": "\(hidden\)"/);
  assert.doesNotMatch(shown.out, /"1234"/);
  const full = await assay('uicc', 'profile', 'show', iccid, '--secrets');
  assert.match(full.out, /"pin1": "1234"/);
  assert.match((await assay('uicc', 'status', iccid)).out, /^iccid +\d+\n/);
  const again = house(context);
  const repeated = await again.assay('uicc', 'personalise', '--profile', again.file('again.json', full.out));
  assert.equal(repeated.status, 0, repeated.err);
  assert.equal((await again.assay('uicc', 'profile', 'show', iccid, '--secrets')).out, full.out);
});

test('what makes no card is wrong use, and nothing is issued', async (context) => {
  const { assay, file } = house(context);
  const refused = async (text: string, message: RegExp, ...more: readonly string[]) => {
    const { status, err } = await assay('uicc', 'personalise', '--profile', file('bad.json', text), ...more);
    assert.equal(status, 2);
    assert.match(err, message);
  };
  await refused('{', /bad.json: expected JSON, or YAML/);
  await refused('{"profile":1}', /expected IMSI and MSISDN, got none/);
  await refused('{"profile":1,"colour":2}', /^assay: colour: expected one of profile, iccid/);
  await refused(EXAMPLE_PROFILE, /--pin: expected it in the profile/, '--pin', '1234');
  await refused(EXAMPLE_PROFILE.replace('"count": 20', '"count": 20, "sfi": 7'), /7FF0\/6F3C: expected a free short/);
  await refused(EXAMPLE_PROFILE.replace('"ADF.USIM/EF.GID2"', '"ADF.USIM/EF.GID2", "7F66"'), /7F66: expected a file/);
  assert.equal((await assay('uicc', 'personalise', '--count', '2')).status, 2);
  assert.equal((await assay('uicc', 'status')).out, "No UICCs here: make one with 'assay uicc personalise'.\n");
  const made = await assay('uicc', 'personalise', '--profile', file('good.json', EXAMPLE_PROFILE));
  assert.equal(made.status, 0, made.err);
  await refused(EXAMPLE_PROFILE, /expected no such UICC, got one/);
});
