import assert from 'node:assert/strict';
import { chownSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assayIn, dataDirectory } from './assay.fixture.ts';

/** A data directory with a UICC, and a backup of it that was just made. */
async function backedUp(context: TestContext, ...more: readonly string[]) {
  const data = dataDirectory(context);
  const personalise = ['uicc', 'personalise', '--imsi', '001010000000020', '--msisdn', '99970000020'];
  assert.equal((await assayIn(data, personalise)).status, 0);
  const target = join(dataDirectory(context), 'backup');
  const made = await assayIn(data, ['operator', 'backup', target, ...more]);
  return { data, target, made };
}

test('a backup is whole, private, and says its head; audit verify and doctor look at it, and no other command works with it', async (context) => {
  const { data, target, made } = await backedUp(context);
  assert.deepEqual([made.status, made.err], [0, '']);
  assert.match(made.out, /the chain is whole[\s\S]*The copy is whole/);
  for (const name of ['operator.sqlite', 'master.key'])
    assert.equal(statSync(join(target, 'operator', name)).mode & 0o777, 0o600);
  const verified = await assayIn(target, ['audit', 'verify', '--json']);
  const head = (await assayIn(data, ['audit', 'verify', '--json'])).out;
  assert.deepEqual([verified.status, verified.out], [0, head]);
  const doctor = await assayIn(target, ['doctor', '--full']);
  assert.match(doctor.out, /warn {2}database +it is a copy of 2026-11-24T00:00:00\.000Z.*assay operator restore/);
  const worked = await assayIn(target, ['token', 'list']);
  assert.deepEqual([worked.status, /it is a copy of .*assay operator restore/.test(worked.err)], [3, true]);
});

test('a backup goes on where it was made and on another machine, and says what has to be done again', async (context) => {
  const { data, target } = await backedUp(context);
  const restore = ['operator', 'restore', '--from', target, '--reason', 'disk lost'];
  const refused = await assayIn(data, [...restore, '--yes']);
  assert.deepEqual([refused.status, /expected no database, got one; stop the operator/.test(refused.err)], [3, true]);
  const asked = await assayIn(data, restore);
  assert.deepEqual([asked.status, /--yes/.test(asked.err)], [2, true]);
  rmSync(join(data, 'operator', 'operator.sqlite'));
  for (const place of [data, join(dataDirectory(context), 'other machine')]) {
    const done = await assayIn(place, [...restore, '--yes']);
    assert.equal(done.status, 0, done.err);
    assert.match(done.out, /counters leapt +by 1048576, of 1 UICCs/);
    assert.match(done.out, /Before the operator serves again:/);
    const listed = await assayIn(place, ['subscribers']);
    assert.deepEqual([listed.status, /001010000000020/.test(listed.out)], [0, true]);
    assert.equal((await assayIn(place, ['audit', 'verify'])).status, 0);
  }
});

test('what root restores belongs to the service whose directory it is', {
  skip: process.getuid?.() !== 0 && 'root alone can give files away',
}, async (context) => {
  const { data, target } = await backedUp(context);
  const place = join(data, 'operator');
  rmSync(join(place, 'operator.sqlite'));
  chownSync(place, 65_534, 65_534);
  const restore = ['operator', 'restore', '--from', target, '--reason', 'disk lost', '--yes'];
  assert.equal((await assayIn(data, restore)).status, 0);
  for (const name of ['operator.sqlite', 'witness']) assert.equal(statSync(join(place, name)).uid, 65_534, name);
});

test('without the key a backup opens only where the key is', async (context) => {
  const { data, target, made } = await backedUp(context, '--no-key');
  assert.equal(made.status, 0, made.out + made.err);
  assert.throws(() => statSync(join(target, 'operator', 'master.key')), /ENOENT/);
  const restore = ['operator', 'restore', '--from', target, '--reason', 'disk lost', '--yes'];
  const elsewhere = await assayIn(join(dataDirectory(context), 'none'), restore);
  assert.deepEqual([elsewhere.status, /master key here or beside the copy/.test(elsewhere.err)], [3, true]);
  renameSync(join(data, 'operator', 'operator.sqlite'), join(data, 'aside'));
  assert.equal((await assayIn(data, restore)).status, 0);
});

test('PostgreSQL is copied by its own programs: that is said', async (context) => {
  const data = dataDirectory(context);
  const env = { ASSAY_DATA: data, ASSAY_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  for (const args of [
    ['backup', join(data, 'b')],
    ['restore', '--from', data, '--reason', 'x', '--yes'],
  ]) {
    const { status, err } = await assayIn(data, ['operator', ...args], 'postgres', { env });
    assert.deepEqual([status, /pg_(dump|restore)/.test(err)], [2, true]);
  }
});

test('a command without --config works on the data of the configuration in ASSAY_CONFIG, unless its line says on which', async (context) => {
  const { data, target } = await backedUp(context);
  const config = join(dataDirectory(context), 'assay.yaml');
  const none = dataDirectory(context);
  const init = ['operator', 'init', '--yes', '--data', data, '--output', config];
  assert.equal((await assayIn(none, init)).status, 0);
  const env = { ASSAY_CONFIG: config };
  const seen = async (...more: readonly string[]) => assayIn(none, ['subscribers', ...more], 'config', { env });
  assert.match((await seen()).out, /001010000000020/);
  assert.equal((await seen('--data', target)).status, 3, 'that is a copy');
  const absent = await assayIn(none, ['subscribers'], 'config', { env: { ASSAY_CONFIG: join(none, 'gone.yaml') } });
  assert.deepEqual([absent.status !== 0, /gone\.yaml/.test(absent.err)], [true, true]);
});
