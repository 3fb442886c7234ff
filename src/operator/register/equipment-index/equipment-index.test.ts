import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import { createEquipmentIndex, takeOverEquipmentIndex } from './equipment-index.ts';
import { type EquipmentNumber, mix, type Tag, unmix } from './equipment-number.ts';
import { attachEquipmentIndex } from './equipment-reader.ts';
import { geometryOf, LEVEL_OCTETS, MAX_PAGES, MIN_PAGES, SHARD_SPAN, SHARDS } from './shard.ts';
import { keyOf, MAX_CAPACITY, PAGES, VERSION } from './shared.ts';

const indexOf = (capacity: number) => createEquipmentIndex({ capacity, random: seededRandom('equipment index') });

/** Serial numbers of a few TACs, in runs, as factories give them; some at the ends of the range. */
const someNumber = fc.oneof(
  fc
    .tuple(fc.constantFrom(35674108, 1, 99999999), fc.integer({ min: 0, max: 40 }))
    .map(([tac, snr]) => tac * 1e6 + snr),
  fc.constantFrom(0, 99999999999999, 2 ** 32, 2 ** 46),
);
const someTag = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<Tag>;

test('the permutation is one: every number comes back, and spreads', () => {
  const key = { a: 1, b: -2, c: 0x7fffffff, d: 4 };
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 47 - 1 }), (n) => unmix(mix(n, key), key) === n));
  const counts = new Uint32Array(SHARDS);
  for (let i = 0; i < 256 * SHARDS; i++) counts[Math.floor(mix(35674108000000 + i, key) / SHARD_SPAN)]!++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0);
  // Six standard deviations either way of what chance gives: 4,095, deviation 90.
  assert.ok(chiSquare > 3550 && chiSquare < 4640, `chi square ${chiSquare}`);
});

test('agrees with a map, whatever is set and taken out', () => {
  const index = indexOf(1000);
  const reader = attachEquipmentIndex(index.handle);
  const model = new Map<EquipmentNumber, Tag>();
  fc.assert(
    fc.property(fc.array(fc.tuple(someNumber, someTag), { maxLength: 60 }), (changes) => {
      for (const [number, tag] of changes) {
        assert.equal(index.set(number, tag), (model.get(number) ?? 0) === tag ? 'unchanged' : 'changed');
        if (tag === 0) model.delete(number);
        else model.set(number, tag);
      }
      for (const [number] of changes) assert.equal(reader.lookup(number), model.get(number) ?? 0);
      assert.equal(reader.size, model.size);
    }),
    { numRuns: 50 },
  );
  assert.deepEqual(new Map(reader.entries()), model);
});

test('a place is divided by multiplication, without an error at any number of pages', () => {
  for (let pages = MIN_PAGES; pages <= MAX_PAGES; pages++) {
    const { divisor, reciprocal, homes } = geometryOf(pages);
    assert.ok(homes * divisor >= SHARD_SPAN && divisor < 2 ** 26);
    for (const home of [0, 1, 2, homes >> 1, homes - 2, homes - 1]) {
      const first = home * divisor;
      if (first >= SHARD_SPAN) continue;
      const last = Math.min(first + divisor, SHARD_SPAN) - 1;
      assert.deepEqual(
        [(first * reciprocal) | 0, (last * reciprocal) | 0],
        [home, home],
        `${pages} pages, home ${home}`,
      );
    }
  }
});

/** Numbers that all fall into shard 7 of an index, spread over it. */
function numbersOfOneShard(control: SharedArrayBuffer, count: number): EquipmentNumber[] {
  const key = keyOf(new Int32Array(control));
  const found: EquipmentNumber[] = [];
  for (let place = 0; found.length < count; place = (place + 21_235_345_021) % SHARD_SPAN) {
    const number = unmix(7 * SHARD_SPAN + place, key);
    if (number < 1e14) found.push(number);
  }
  return found;
}

test('one crowded shard: grows alone, keeps what it holds, shrinks to nothing', () => {
  const index = indexOf(20_000_000);
  const reader = attachEquipmentIndex(index.handle);
  const numbers = numbersOfOneShard(index.handle.control, 6000);
  const model = new Map<EquipmentNumber, Tag>();
  const agree = () => {
    assert.equal(index.size, model.size);
    for (const number of numbers) assert.equal(reader.lookup(number), model.get(number) ?? 0);
  };
  for (const [i, number] of numbers.entries()) {
    const tag = ((i % 3) + 1) as Tag;
    assert.equal(index.set(number, tag), 'changed');
    model.set(number, tag);
    if (i % 1000 === 0) agree();
  }
  agree();
  assert.deepEqual(new Map(reader.entries()), model);
  const control = new Int32Array(index.handle.control);
  assert.ok(control[PAGES + 7]! > 20 && control[PAGES + 8] === 3);
  for (const [i, number] of numbers.entries()) {
    if (i % 3 === 0) continue;
    assert.equal(index.remove(number), 'changed');
    model.delete(number);
  }
  agree();
  for (const number of numbers) index.remove(number);
  assert.equal(index.size, 0);
  assert.ok(new Int32Array(index.handle.slots).every((word) => word === 0));
});

test('full is an answer, and what was held stays', () => {
  const index = indexOf(1);
  const numbers = numbersOfOneShard(index.handle.control, 3000);
  const outcomes = numbers.map((number) => index.set(number, 3));
  const held = outcomes.indexOf('full');
  assert.ok(held > 700 && held < 3000, `held ${held}`);
  numbers.forEach((number, i) => {
    assert.equal(index.lookup(number), outcomes[i] === 'full' ? 0 : 3);
  });
  assert.equal(index.load(Float64Array.from(numbers), 3), 'full');
  assert.equal(index.reserve(1_000_000_000), false);
  assert.equal(index.remove(numbers[0]!), 'changed');
  assert.equal(index.lookup(numbers[1]!), 3);
});

test('load, reserve, lookupMany: three hundred thousand numbers of 300 TACs', () => {
  const index = indexOf(400_000);
  const held = Float64Array.from(
    { length: 300_000 },
    (_, i) => (35_000_000 + (i % 300)) * 1e6 + 2 * Math.floor(i / 300),
  );
  assert.equal(index.reserve(300_000), true);
  assert.equal(index.load(held, 2), 'changed');
  assert.equal(index.load(held, 2), 'unchanged');
  assert.equal(index.size, held.length);
  const asked = Float64Array.from(
    [...held.subarray(0, 1000)].flatMap((n) => [n, n + 1, -1, n + 0.5, Number.NaN, 1e14]),
  );
  const tags = new Uint8Array(asked.length);
  index.lookupMany(asked, tags);
  assert.deepEqual(
    [...tags],
    [...asked].map((_, i) => (i % 6 === 0 ? 2 : 0)),
  );
  assert.deepEqual(
    [...asked].map((n) => index.lookup(n)),
    [...tags],
  );
  assert.throws(() => index.lookupMany(asked, new Uint8Array(1)), /expected room for 6000 tags, got 1/);
  assert.ok(index.memory() >= index.handle.slots.byteLength && index.memory() < 8 * LEVEL_OCTETS);
});

test('what is no equipment number or tag is refused', () => {
  const index = indexOf(10);
  for (const wrong of [-1, 1e14, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => index.set(wrong, 1), RangeError);
    assert.throws(() => index.remove(wrong), RangeError);
    assert.throws(() => index.load(Float64Array.of(wrong), 1), RangeError);
    assert.equal(index.lookup(wrong), 0);
  }
  assert.throws(() => index.set(1, 4 as Tag), /expected a tag of 0 to 3, got 4/);
  for (const capacity of [0, 1.5, Number.NaN, MAX_CAPACITY + 1]) assert.throws(() => indexOf(capacity), RangeError);
});

test('a writer that stopped in the middle: readers say so, and a second writer is not let in', () => {
  const index = indexOf(10);
  const [number = 0] = numbersOfOneShard(index.handle.control, 1);
  const control = new Int32Array(index.handle.control);
  Atomics.store(control, VERSION + 7, 1);
  assert.throws(() => takeOverEquipmentIndex(index.handle).set(number, 1), /expected one writer, there is another/);
  assert.throws(
    () => attachEquipmentIndex(index.handle).lookup(number),
    /its writer has stopped, load the index again/,
  );
  Atomics.store(control, VERSION + 7, 2);
  assert.equal(index.lookup(number), 0);
});
