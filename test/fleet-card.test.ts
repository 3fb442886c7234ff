import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#base/codec/index.ts';
import { ramMemory } from '#base/port/index.ts';
import { type CardMemory, CardMemoryFull, cardMemory } from '#handset/card/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { FleetCard, FleetMemory } from './fleet-card.ts';

const KEYS = [0x0001, 0x00ff, 0x4100, 0xffff];
const ROOM = 120;
const change = fc.tuple(fc.constantFrom(...KEYS), fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }));
/** Keys once each, as `commit` wants them. */
const changes = fc.uniqueArray(change, { selector: ([key]) => key, maxLength: KEYS.length });

const contents = (memory: CardMemory) =>
  KEYS.map((key) => memory.get(key) && toHex(memory.get(key) as Uint8Array)).join();

/** Whether the memory took the changes; it must say why not by CardMemoryFull alone. */
function takes(memory: CardMemory, wanted: Parameters<CardMemory['commit']>[0]): boolean {
  try {
    memory.commit(wanted);
    return true;
  } catch (error) {
    assert.ok(error instanceof CardMemoryFull, String(error));
    return false;
  }
}

test('property: a memory of a fleet holds what a journalled one holds, awake and rested, and is full where it says', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(changes, fc.boolean()), { maxLength: 12 }), (steps) => {
      const memory = new FleetMemory(ROOM);
      const model = cardMemory(ramMemory(4096));
      const room = model.free;
      for (const [wanted, isRested] of steps) {
        const before = contents(memory);
        const after = cardMemory(ramMemory(4096));
        after.commit(KEYS.map((key) => [key, model.get(key)] as const).filter(([, value]) => value !== undefined));
        after.commit(wanted);
        const fits = room - after.free <= ROOM;
        assert.equal(takes(memory, wanted), fits);
        if (fits) model.commit(wanted);
        else assert.equal(contents(memory), before);
        if (isRested) memory.rest();
        assert.equal(contents(memory), contents(model));
        assert.equal(memory.free, ROOM - (room - model.free));
      }
    }),
    { numRuns: 300 },
  );
});

test('what is given in is copied, and what is got is not what was packed', () => {
  const memory = new FleetMemory(ROOM);
  const value = Uint8Array.of(1, 2, 3);
  memory.commit([[1, value]]);
  value.fill(9);
  memory.rest();
  assert.deepEqual(memory.get(1), Uint8Array.of(1, 2, 3));
  memory.rest();
  memory.rest();
  assert.deepEqual(memory.get(1), Uint8Array.of(1, 2, 3));
});

test('a card of a fleet is made at power-on, silent while it is off, and keeps its records and nothing else', () => {
  let made = 0;
  const make = (memory: CardMemory): Card => {
    made++;
    let volatile = 0;
    return {
      reset: () => Uint8Array.of(0x3b),
      transmit() {
        memory.commit([[1, Uint8Array.of((memory.get(1)?.[0] ?? 0) + 1)]]);
        return Uint8Array.of(memory.get(1)?.[0] ?? 0, ++volatile, 0x90, 0x00);
      },
      powerOff: () => assert.fail('the card is dropped'),
    };
  };
  const card = new FleetCard(new FleetMemory(ROOM), make);
  assert.equal(toHex(card.transmit(Uint8Array.of(0))), '6F00');
  assert.equal(made, 0);
  card.reset();
  assert.equal(toHex(card.transmit(Uint8Array.of(0))), '01019000');
  assert.equal(toHex(card.transmit(Uint8Array.of(0))), '02029000');
  card.powerOff();
  assert.equal(toHex(card.transmit(Uint8Array.of(0))), '6F00');
  assert.equal(toHex(card.reset()), '3B');
  assert.equal(toHex(card.transmit(Uint8Array.of(0))), '03019000');
  assert.equal(made, 2);
});
