import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import { createEquipmentIndex } from './equipment-index.ts';
import { attachEquipmentIndex } from './equipment-reader.ts';
import { readSnapshot, type SnapshotRefusal, writeSnapshot } from './snapshot.ts';
import { BLOCKS, HEADER } from './snapshot-format.ts';
import { checked } from './whole-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'equipment-index-'));
after(() => rmSync(directory, { recursive: true }));

const CAPACITY = 2_000_000;
const path = join(directory, 'lists');
const index = createEquipmentIndex({ capacity: CAPACITY, random: seededRandom('snapshot') });
for (const tag of [1, 2, 3] as const)
  index.load(
    Float64Array.from({ length: 1000 }, (_, i) => 35674108000000 + 7 * i + tag),
    tag,
  );

async function refusal(octets: Uint8Array, capacity = CAPACITY): Promise<SnapshotRefusal | undefined> {
  const damaged = join(directory, 'damaged');
  writeFileSync(damaged, octets);
  const answer = await readSnapshot(damaged, { capacity });
  if (answer.kind === 'loaded') return undefined;
  assert.ok(answer.message.startsWith(`${damaged}: `));
  return answer.reason;
}

test('what is written is loaded: entries, sequence, and it can be changed and read by others', async () => {
  await writeSnapshot(index, path, { sequence: 2 ** 47 + 1 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(!existsSync(`${path}.unfinished`));
  const answer = await readSnapshot(path, { capacity: CAPACITY });
  assert.ok(answer.kind === 'loaded');
  assert.equal(answer.sequence, 2 ** 47 + 1);
  assert.equal(answer.index.size, 3000);
  assert.deepEqual(new Map(answer.index.entries()), new Map(index.entries()));
  const reader = attachEquipmentIndex(answer.index.handle);
  answer.index.set(35674108000001, 3);
  assert.equal(reader.lookup(35674108000001), 3);
  assert.equal(index.lookup(35674108000001), 1);
});

test('a shard that has grown keeps its size', async () => {
  const grown = createEquipmentIndex({ capacity: 8_000_000, random: seededRandom('grown') });
  assert.equal(grown.reserve(8_000_000), true);
  grown.set(12, 1);
  await writeSnapshot(grown, join(directory, 'grown'), { sequence: 0 });
  const answer = await readSnapshot(join(directory, 'grown'), { capacity: 8_000_000 });
  assert.ok(answer.kind === 'loaded');
  assert.equal(answer.index.memory(), grown.memory());
  assert.deepEqual([...answer.index.entries()], [[12, 1]]);
  const small = await readSnapshot(join(directory, 'grown'), { capacity: 1 });
  assert.ok(small.kind === 'refused' && small.reason === 'tooLarge');
});

test('every flipped bit, every missing or added octet is found', async () => {
  const whole = readFileSync(path);
  assert.equal(await refusal(whole), undefined);
  assert.equal(await refusal(Buffer.concat([whole, Uint8Array.of(0)])), 'damaged');
  const somewhere = fc.oneof(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 300 }));
  await fc.assert(
    fc.asyncProperty(somewhere, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
      assert.equal(await refusal(whole.subarray(0, at)), 'truncated');
      const flipped = Uint8Array.from(whole);
      flipped[at]! ^= 1 << bit;
      assert.ok(['damaged', 'truncated', 'otherVersion'].includes((await refusal(flipped)) ?? 'loaded'));
    }),
    { numRuns: 15 },
  );
});

test('another version, another processor, another file, blocks in another order, no file', async () => {
  const whole = readFileSync(path);
  const withHeader = (change: (header: Uint8Array) => void) => {
    const header = Uint8Array.from(whole.subarray(0, HEADER));
    change(header);
    return Buffer.concat([checked(header), whole.subarray(HEADER + 4)]);
  };
  assert.equal(await refusal(withHeader(() => {})), undefined);
  assert.equal(await refusal(withHeader((header) => header.set([0, 1], 8))), 'otherVersion');
  assert.equal(await refusal(withHeader((header) => header.subarray(10, 14).reverse())), 'otherVersion');
  assert.equal(await refusal(withHeader((header) => header.fill(0, 0, 8))), 'otherVersion');
  const length = (whole.length - HEADER - 4) / BLOCKS;
  const block = (number: number) => whole.subarray(HEADER + 4 + number * length, HEADER + 4 + (number + 1) * length);
  const header = whole.subarray(0, HEADER + 4);
  assert.equal(
    await refusal(Buffer.concat([header, block(1), block(0), whole.subarray(HEADER + 4 + 2 * length)])),
    'damaged',
  );
  const answer = await readSnapshot(join(directory, 'none'), { capacity: 1 });
  assert.ok(answer.kind === 'refused' && answer.reason === 'absent' && /there is no such file/.test(answer.message));
});

test('a snapshot that cannot be written leaves the old one', async () => {
  const before = readFileSync(path);
  await assert.rejects(writeSnapshot(index, path, { sequence: -1 }));
  assert.deepEqual(readFileSync(path), before);
  assert.ok(!existsSync(`${path}.unfinished`));
  await assert.rejects(writeSnapshot(index, join(directory, 'no', 'such', 'directory'), { sequence: 1 }), /ENOENT/);
});
