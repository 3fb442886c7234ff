import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32 } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory } from '#base/port/index.ts';
import { powerSupply } from '#test/trust/power.ts';
import { CardMemoryError, CardMemoryFull, cardMemory } from './index.ts';

type Changes = ReadonlyArray<readonly [number, Uint8Array | undefined]>;
const value = (length: number, fill: number) => new Uint8Array(length).fill(fill);
/** Grows, replaces, removes and compacts several times in 160 octets. */
const script: readonly Changes[] = Array.from(
  { length: 14 },
  (_, i): Changes => [
    [1, value(4, i)],
    [2 + (i % 2), i % 3 === 0 ? undefined : value(3, i)],
  ],
);
const SIZE = 160;

function states(): readonly string[] {
  const memory = cardMemory(ramMemory(SIZE));
  const seen = [contents(memory)];
  for (const changes of script) {
    memory.commit(changes);
    seen.push(contents(memory));
  }
  return seen;
}
const contents = (memory: { get(key: number): Uint8Array | undefined }) =>
  JSON.stringify([1, 2, 3].map((key) => [...(memory.get(key) ?? [])]));

/** Runs the script until power fails; how many commits were acknowledged. */
function runUntilPowerLoss(medium: NonVolatile, from: number): number {
  let acknowledged = from;
  try {
    const memory = cardMemory(medium);
    for (const changes of script.slice(from)) {
      memory.commit(changes);
      acknowledged++;
    }
  } catch (error) {
    assert.equal((error as Error).message, 'power lost');
  }
  return acknowledged;
}

test('killed at any octet of any write, twice in a row, the memory is as before or as after (T22)', () => {
  const expected = states();
  let cuts = 0;
  for (let first = 0; ; first++) {
    const medium = ramMemory(SIZE);
    const acknowledged = runUntilPowerLoss(powerSupply(first)(medium), 0);
    if (acknowledged === script.length) break;
    cuts++;
    // The second cut runs through opening, commits and a whole compaction, in steps that meet every octet over the first cuts.
    for (let second = first % 7; second < 200; second += 7) {
      const copy = ramMemory(SIZE);
      copy.write(0, medium.read(0, SIZE));
      runUntilPowerLoss(powerSupply(second)(copy), acknowledged);
      const found = expected.indexOf(contents(cardMemory(copy)));
      assert.ok(
        found >= acknowledged,
        `cut at ${first} and ${second}: ${acknowledged} acknowledged, came back as ${found}`,
      );
    }
    const after = contents(cardMemory(medium));
    assert.ok(after === expected[acknowledged] || after === expected[acknowledged + 1], `cut at octet ${first}`);
  }
  assert.ok(cuts > 400, `${cuts}`);
});

test('a full memory changes nothing and says so', () => {
  const memory = cardMemory(ramMemory(SIZE));
  memory.commit([[1, value(20, 1)]]);
  assert.throws(
    () =>
      memory.commit([
        [1, value(5, 9)],
        [2, value(60, 2)],
      ]),
    CardMemoryFull,
  );
  assert.deepEqual(memory.get(1), value(20, 1));
  assert.equal(memory.get(2), undefined);
  const { free } = memory;
  memory.commit([[2, value(free - 5, 2)]]);
  assert.equal(memory.free, 0);
});

test('a memory of a later version is refused, not erased', () => {
  const medium = ramMemory(SIZE);
  cardMemory(medium).commit([[1, value(1, 1)]]);
  const header = medium.read(0, 13);
  // Version 2 with its own right check, as a later Assay would write it.
  const later = Uint8Array.from([...header.subarray(0, 4), 2, ...header.subarray(5, 9)]);
  medium.write(0, Uint8Array.from([...later, ...crc32(later)]));
  const patched = medium.read(0, SIZE);
  try {
    cardMemory(medium);
  } catch (error) {
    assert.ok(error instanceof CardMemoryError);
    assert.match(error.message, /expected version 1, got 2/);
    assert.deepEqual(medium.read(0, SIZE), patched);
    return;
  }
  assert.fail('expected a CardMemoryError');
});

test('a medium whose headers are both damaged is refused, not erased: it may hold a counter that must not go back', () => {
  const medium = ramMemory(SIZE);
  const memory = cardMemory(medium);
  for (const changes of script) memory.commit(changes);
  for (const start of [0, SIZE / 2]) medium.write(start + 4, Uint8Array.of(0x55));
  const damaged = medium.read(0, SIZE);
  assert.throws(() => cardMemory(medium), { name: 'CardMemoryError', message: /two damaged/ });
  assert.deepEqual(medium.read(0, SIZE), damaged);
  assert.throws(() => cardMemory(ramMemory(40)), { name: 'CardMemoryError', message: /at least/ });
});

test('after a write that failed nothing more is taken until the memory is opened again', () => {
  const medium = ramMemory(SIZE);
  cardMemory(medium).commit([[1, value(4, 1)]]);
  const memory = cardMemory(powerSupply(3)(medium));
  assert.throws(() => memory.commit([[1, value(4, 2)]]), /power lost/);
  assert.deepEqual(memory.get(1), value(4, 1));
  assert.throws(() => memory.commit([[1, value(4, 3)]]), { name: 'CardMemoryError', message: /open the memory again/ });
  assert.deepEqual(cardMemory(medium).get(1), value(4, 1));
});

test('a value is copied in: who offered it may change it afterwards', () => {
  const memory = cardMemory(ramMemory(SIZE));
  const offered = value(4, 1);
  memory.commit([[1, offered]]);
  offered.fill(9);
  assert.deepEqual(memory.get(1), value(4, 1));
  assert.throws(() => memory.commit([[0x10000, offered]]), CardMemoryError);
});

test('everything is flushed before a commit returns, and the header of a bank after the bank', () => {
  const events: string[] = [];
  const inner = ramMemory(SIZE);
  const memory = cardMemory({
    ...inner,
    write(offset, octets) {
      events.push(`write ${offset} ${octets.length}`);
      inner.write(offset, octets);
    },
    flush: () => events.push('flush'),
  });
  assert.deepEqual(events.splice(0), ['write 0 80', 'flush', 'write 0 13', 'flush']);
  memory.commit([[1, value(4, 1)]]);
  assert.deepEqual(events.splice(0), ['write 13 16', 'flush']);
  while (!events.includes('write 80 80')) memory.commit([[1, value(4, 2)]]);
  assert.deepEqual(events.slice(-4), ['write 80 80', 'flush', 'write 80 13', 'flush']);
});

test('property: octets changed anywhere on the medium never throw anything but CardMemoryError', () => {
  const medium = ramMemory(SIZE);
  const memory = cardMemory(medium);
  for (const changes of script) memory.commit(changes);
  const sound = medium.read(0, SIZE);
  const damages = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(0xff)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.oneof(damages, fc.uint8Array({ minLength: SIZE, maxLength: SIZE })), (damage) => {
      const copy = ramMemory(SIZE);
      copy.write(0, damage instanceof Uint8Array ? damage : sound);
      if (Array.isArray(damage)) for (const [at, octet] of damage) copy.write(at, Uint8Array.of(octet));
      try {
        const opened = cardMemory(copy);
        opened.commit([[7, value(2, 3)]]);
        assert.deepEqual(cardMemory(copy).get(7), value(2, 3));
      } catch (error) {
        assert.ok(error instanceof CardMemoryError, String(error));
      }
    }),
  );
});
