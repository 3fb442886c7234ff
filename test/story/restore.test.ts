import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { copyDataDirectory, placeCopy } from '#operator/database/index.ts';
import { openOperator } from '#operator/index.ts';
import { temporaryDirectory } from '#test/operator/operator.ts';
import { OperatorAndUicc } from './operator-and-uicc.ts';

const DISK_LOST = { author: 'Ada', reason: 'disk lost' };

/** An operator that has talked to its UICC before and after yesterday's copy was made of it, with that copy in a directory of its own. */
async function yesterday(context: TestContext) {
  const world = new OperatorAndUicc(context);
  assert.equal(await world.read(), 'acknowledged 019000');
  const copy = join(temporaryDirectory(context), 'copy');
  const now = world.operator.clock.now();
  await copyDataDirectory({ directory: world.directory, target: copy, withKey: true, now });
  for (const _today of [1, 2, 3]) assert.equal(await world.read(), 'acknowledged 019000');
  return { world, copy, now };
}

test("yesterday's database as it is: the UICC refuses every packet, its counters have gone on", async (context) => {
  const { world, copy } = await yesterday(context);
  await world.takeUp(copy);
  assert.match(await world.read(), /^failed/);
});

test("yesterday's database made fit: the UICC obeys at once, and all that follows is in order", async (context) => {
  const { world, copy, now } = await yesterday(context);
  const place = join(temporaryDirectory(context), 'operator');
  await placeCopy({ from: copy, directory: place, now });
  await world.takeUp(place);
  const done = world.operator.operator.recover(DISK_LOST);
  assert.deepEqual([done.copyMadeAt, done.uiccs], [now, 1]);
  assert.equal(await world.read(), 'acknowledged 019000');
  assert.equal(await world.until(world.rotate()), 'acknowledged');
  assert.equal(await world.read(), 'acknowledged 019000');
  assert.equal(world.operator.audit.verify(), undefined);
});

test('an order that was under way when the copy was made is not carried out a second time: it is given up, and people see that', async (context) => {
  const world = new OperatorAndUicc(context);
  const order = world.rotate();
  const copy = join(temporaryDirectory(context), 'copy');
  await copyDataDirectory({ directory: world.directory, target: copy, withKey: true, now: world.operator.clock.now() });
  assert.equal(await world.until(order), 'acknowledged');
  await world.takeUp(copy);
  assert.deepEqual(world.operator.operator.recover(DISK_LOST).orders, [order]);
  const { gateway, evidence } = world.operator;
  assert.equal(gateway.outbox.byId(order)?.state, 'failed');
  assert.match(evidence.findings(1)[0]?.text ?? '', /an older copy of the database was put back: give it again/);
  // Which of the two key sets the UICC holds is asked with the next script, under both.
  assert.equal(await world.read(), 'acknowledged 019000');
  assert.deepEqual(world.generations(), [1]);
});

test('nobody works with a copy, nor where an older database was put in the place of a newer one', async (context) => {
  const { world, copy } = await yesterday(context);
  const open = (dataDirectory: string) => openOperator({ dataDirectory });
  assert.throws(() => open(copy), /it is a copy of 2026-.*: UICCs refuse .* 'assay operator restore'/);
  // What a person does by hand: the file alone, unmarked, under an operator that has gone on.
  const { directory, operator } = world;
  operator.witness.note();
  await operator.operator.close();
  const aside = join(dirname(copy), 'aside');
  mkdirSync(aside);
  renameSync(join(directory, 'operator.sqlite'), join(aside, 'operator.sqlite'));
  await placeCopy({ from: copy, directory, now: 0 });
  const unmarked = openOperator({ dataDirectory: directory, mayBeCopy: true });
  unmarked.database.execute("DELETE FROM setting WHERE name = 'copyMadeAt'");
  await unmarked.close();
  assert.throws(() => open(directory), /does not hold entry \d+, which was here before/);
  const fit = openOperator({ dataDirectory: directory, mayBeCopy: true });
  fit.recover(DISK_LOST);
  await fit.close();
  await open(directory).close();
});

test('a copy is put neither over a database nor beside another key', async (context) => {
  const { world, copy } = await yesterday(context);
  const place = { from: copy, now: 0 };
  await assert.rejects(placeCopy({ ...place, directory: world.directory }), /expected no database, got one; stop/);
  const other = temporaryDirectory(context);
  await openOperator({ dataDirectory: other }).close();
  renameSync(join(other, 'operator.sqlite'), join(other, 'aside'));
  await assert.rejects(placeCopy({ ...place, directory: other }), /master.key: it is another one than beside the copy/);
  const again = { directory: world.directory, target: copy, withKey: true, now: 0 };
  await assert.rejects(copyDataDirectory(again), /expected a directory without data/);
});
