import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '#base/port/index.ts';
import { temporaryDirectory } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { attachEquipmentIndex } from '../equipment-index/index.ts';
import { ImageLoader } from './loader.ts';

test('what is spared for who proves a copied IMEI is in a snapshot of its own, and in the database when that cannot be used', async (context) => {
  const { operator, register, clock } = testOperator(context);
  const { database, subscribers } = operator;
  const snapshotPath = join(temporaryDirectory(context), 'register.snapshot');
  const sources = { ...register, database, subscribers, clock, random: seededRandom('snapshots'), snapshotPath };
  const started = async () => {
    const loader = new ImageLoader(sources, () => {});
    const { from, because } = await loader.start();
    const [exact, spared] = [loader.parts.exact, loader.parts.spared].map(attachEquipmentIndex);
    const tags = [1, 2, 3].map((serial) => [
      exact?.lookup(testImei(serial).number),
      spared?.lookup(testImei(serial).number),
    ]);
    return { loader, from, because, tags };
  };
  const add = (serial: number, reason: 'duplicate' | 'stolen') =>
    register.lists.add({ imei: testImei(serial), list: 'black', reason, author: 'Ada' });
  add(1, 'duplicate');
  add(2, 'stolen');
  const first = await started();
  assert.equal(first.from, 'database');
  await first.loader.save();
  add(3, 'duplicate');
  const expected = [
    [3, 1],
    [3, 0],
    [3, 1],
  ];
  const second = await started();
  assert.deepEqual([second.because, second.tags], ['as of change 2', expected]);

  // One change later, the two were written at different moments.
  await second.loader.save();
  register.lists.remove({ imei: testImei(1), list: 'black', author: 'Ada', reason: 'test' });
  const third = await started();
  assert.deepEqual(
    [third.because, third.tags],
    [
      'as of change 3',
      [
        [0, 0],
        [3, 0],
        [3, 1],
      ],
    ],
  );
  for (const spoil of [
    () => writeFileSync(`${snapshotPath}.spared`, 'spoilt'),
    () => rmSync(`${snapshotPath}.spared`),
  ]) {
    spoil();
    const again = await started();
    assert.deepEqual([again.from, again.tags], ['snapshot', third.tags]);
    // The file that is missing is written anew though nothing has changed.
    await again.loader.save();
    assert.ok(existsSync(`${snapshotPath}.spared`));
    assert.deepEqual((await started()).tags, third.tags);
  }
  rmSync(`${snapshotPath}.parts`);
  const unknown = await started();
  assert.deepEqual(
    [unknown.from, unknown.because, unknown.tags],
    ['database', 'the snapshot is of a database that is not known', third.tags],
  );
});
