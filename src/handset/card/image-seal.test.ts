import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#base/codec/index.ts';
import { aesSiv } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory } from '#base/port/index.ts';
import { powerSupply } from '#test/trust/power.ts';
import {
  CardMemoryError,
  type Changes,
  cardMemory,
  imageSeal,
  isUnsealed,
  NEWEST_STATE_OCTETS,
  sealImage,
} from './index.ts';

const SIV = aesSiv(new Uint8Array(32).fill(7));
const SIZE = 320;
const SECRET = new Uint8Array(8).fill(0x5a);

function copyOf(medium: NonVolatile): NonVolatile {
  const copy = ramMemory(medium.size);
  copy.write(0, medium.read(0, medium.size));
  return copy;
}

const open = (image: NonVolatile, newest: NonVolatile, siv = SIV) => cardMemory(image, imageSeal({ siv, newest }));
const fresh = () => ({ image: ramMemory(SIZE), newest: ramMemory(NEWEST_STATE_OCTETS) });
const counter = (value: number): Changes => [
  [1, Uint8Array.of(value)],
  [2, SECRET],
];

test('what is sealed is read again, and shows nowhere in the image', () => {
  const { image, newest } = fresh();
  const memory = open(image, newest);
  for (let i = 1; i < 20; i++) memory.commit(counter(i));
  assert.deepEqual(open(image, newest).get(1), Uint8Array.of(19));
  assert.ok(!toHex(image.read(0, SIZE)).includes('5A5A5A5A'));
  assert.throws(() => cardMemory(image), /expected version 1, got 2/);
});

test('an older image, another history, a lost or foreign memory of the newest state: each is refused with what to do', () => {
  const { image, newest } = fresh();
  const memory = open(image, newest);
  memory.commit(counter(1));
  const old = { image: copyOf(image), newest: copyOf(newest) };
  memory.commit(counter(2));
  assert.throws(
    () => open(old.image, newest),
    /expected state 1\.\d+ or a later one, found state 1\.\d+: it is an older image/,
  );
  const fork = open(old.image, old.newest);
  fork.commit(counter(3));
  assert.throws(() => open(old.image, newest), /another history/);
  assert.throws(() => open(image, ramMemory(NEWEST_STATE_OCTETS)), /no newest state is remembered/);
  assert.throws(() => open(ramMemory(SIZE), newest), /found state 0\.0: it is an older image/);
  assert.throws(() => open(image, newest, aesSiv(new Uint8Array(32))), /another card's/);
  const other = fresh();
  open(other.image, other.newest, aesSiv(new Uint8Array(32).fill(9)));
  assert.throws(() => open(other.image, newest), CardMemoryError);
  assert.deepEqual(open(image, newest).get(1), Uint8Array.of(2));
});

test('a header of a later generation, with nothing behind it that the key wrote, is refused: no card begins anew by it', () => {
  const { image, newest } = fresh();
  open(image, newest).commit(counter(1));
  const state = toHex(newest.read(0, NEWEST_STATE_OCTETS));
  // A memory of another key, many changes later.
  const other = fresh();
  const foreign = open(other.image, other.newest, aesSiv(new Uint8Array(32).fill(8)));
  for (let i = 0; i < 40; i++) foreign.commit(counter(i));
  for (const forged of [other.image, copyOf(image)]) {
    const header = other.image.read(0, 13);
    const later = other.image.read(SIZE / 2, 13);
    if (forged !== other.image) {
      forged.write(0, new Uint8Array(SIZE).fill(0xff));
      forged.write(0, header);
      forged.write(SIZE / 2, later);
    }
    assert.throws(() => open(forged, newest), /nothing that its key wrote: it is damaged/);
  }
  assert.equal(toHex(newest.read(0, NEWEST_STATE_OCTETS)), state);
  assert.deepEqual(open(image, newest).get(1), Uint8Array.of(1));
});

test('an image put back whole, over a compaction, is refused too', () => {
  const { image, newest } = fresh();
  const memory = open(image, newest);
  memory.commit(counter(1));
  const old = copyOf(image);
  for (let i = 2; i < 12; i++) memory.commit(counter(i));
  assert.throws(() => open(old, newest), /found state 1\.\d+: it is an older image/);
});

test('property: an octet changed in the acknowledged part is refused, never read as an older state', () => {
  const { image, newest } = fresh();
  const memory = open(image, newest);
  for (let i = 1; i < 12; i++) memory.commit(counter(i));
  fc.assert(
    fc.property(fc.nat(SIZE - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = copyOf(image);
      damaged.write(at, Uint8Array.of((damaged.read(at, 1)[0] as number) ^ change));
      try {
        assert.deepEqual(open(damaged, copyOf(newest)).get(1), Uint8Array.of(11), `octet ${at}`);
      } catch (error) {
        assert.ok(error instanceof CardMemoryError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('killed at any octet of any write of image and newest state, the memory is as before or as after, and is never refused', () => {
  let cuts = 0;
  for (let octets = 0; ; octets++) {
    const { image, newest } = fresh();
    open(image, newest);
    let acknowledged = 0;
    const powered = powerSupply(octets);
    try {
      const memory = open(powered(image), powered(newest));
      for (let i = 1; i <= 12; i++) {
        memory.commit(counter(i));
        acknowledged = i;
      }
    } catch (error) {
      assert.equal((error as Error).message, 'power lost');
      cuts++;
    }
    const found = open(image, newest).get(1)?.[0] ?? 0;
    assert.ok(found === acknowledged || found === acknowledged + 1, `cut at ${octets}: ${acknowledged}, then ${found}`);
    if (acknowledged === 12) break;
  }
  assert.ok(cuts > 500, `${cuts}`);
});

test('an image of before is sealed with all its records', () => {
  const plain = ramMemory(SIZE);
  const memory = cardMemory(plain);
  memory.commit(counter(4));
  const { image, newest } = fresh();
  assert.ok(isUnsealed(plain) && !isUnsealed(image));
  sealImage(plain, image, imageSeal({ siv: SIV, newest }));
  assert.ok(!isUnsealed(image));
  const sealed = open(image, newest);
  assert.deepEqual([sealed.get(1), sealed.get(2)], [Uint8Array.of(4), SECRET]);
});
