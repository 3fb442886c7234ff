import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { authenticationVector, milenage, readAuts, tableAes } from '#base/crypto/index.ts';
import { ramMemory } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { SequenceArray, type SequenceRules } from './sequence-array.ts';
import { MEMORY_OCTETS, personalisedMedium, RAND, RECORD, SELECT_USIM, subjectOn } from './uicc.fixture.ts';

const home = milenage(
  tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')),
  fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
);

/** A card with these rules, and what it says to an SQN: taken, or the SQN_MS of its AUTS. */
function asked(rules: SequenceRules) {
  const medium = personalisedMedium({ ...RECORD, sequence: rules });
  let card = subjectOn(medium);
  card.send(SELECT_USIM);
  return {
    ask(sqn: number): 'taken' | number | undefined {
      const { autn } = authenticationVector(home, fromHex(RAND), sqn, 0x8000);
      const response = fromHex(card.send(`008800812210${RAND}10${toHex(autn)}00`));
      return response[0] === 0xdb ? 'taken' : readAuts(home, fromHex(RAND), response.slice(2, 16));
    },
    powerCycle() {
      card = subjectOn(medium);
      card.send(SELECT_USIM);
    },
  };
}

test('IND of 0 to 5 bits: an array of 1 to 32; an older SEQ under a free index is fresh, under its own it is not (C.2.2)', () => {
  for (let indBits = 0; indBits <= 5; indBits++) {
    const card = asked({ indBits });
    const indexes = 2 ** indBits;
    for (let index = 0; index < indexes; index++) {
      const sqn = (40 - index) * indexes + index;
      assert.equal(card.ask(sqn), 'taken', `${indBits} bits, index ${index}`);
      assert.equal(card.ask(sqn), 40 * indexes, 'the same again');
    }
    card.powerCycle();
    assert.equal(card.ask(indexes * 39), 40 * indexes, 'below the last of index 0');
    assert.equal(card.ask(indexes * 41), 'taken');
    assert.equal(card.ask(indexes * 41), 41 * indexes);
  }
});

test('a fresh card holds SEQ 0 under every index: SEQ 0 is not fresh, 1 is (C.2.2)', () => {
  const card = asked({ indBits: 5 });
  assert.equal(card.ask(31), 0);
  assert.equal(card.ask(32 + 31), 'taken');
});

test('a jump of SEQ by more than the limit is a synchronisation failure, by the limit it is none (C.2.1)', () => {
  const card = asked({ indBits: 5, delta: 1000 });
  assert.equal(card.ask(1001 * 32), 0);
  assert.equal(card.ask(1000 * 32 + 7), 'taken');
  // The limit counts from the highest SEQ, whatever its index.
  assert.equal(card.ask(2001 * 32 + 9), 1000 * 32 + 7);
  card.powerCycle();
  assert.equal(card.ask(2000 * 32 + 9), 'taken');
});

test('a SEQ older than the age limit is not taken even under an index that has never seen one (C.2.2)', () => {
  const card = asked({ indBits: 5, ageLimit: 10 });
  assert.equal(card.ask(100 * 32), 'taken');
  assert.equal(card.ask(90 * 32 + 1), 100 * 32, 'older by 10');
  assert.equal(card.ask(91 * 32 + 1), 'taken', 'older by 9');
  assert.equal(card.ask(102 * 32 + 2), 'taken');
  assert.equal(card.ask(92 * 32 + 3), 102 * 32 + 2);
});

test('property: what is accepted is what the rules of annex C say, for any numbers in any order', () => {
  const rules = fc.record({
    indBits: fc.integer({ min: 0, max: 5 }),
    delta: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    ageLimit: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(rules, fc.array(fc.nat(3000), { maxLength: 60 }), ({ indBits, delta, ageLimit }, numbers) => {
      const memory = cardMemory(ramMemory(MEMORY_OCTETS));
      const array = new SequenceArray(memory, {
        indBits,
        ...(delta !== undefined && { delta }),
        ...(ageLimit !== undefined && { ageLimit }),
      });
      const accepted: number[] = [];
      const size = 2 ** indBits;
      const seq = (sqn: number) => Math.floor(sqn / size);
      for (const sqn of numbers) {
        const highest = Math.max(0, ...accepted);
        const last = Math.max(0, ...accepted.filter((one) => one % size === sqn % size));
        const expected =
          seq(sqn) - seq(highest) <= (delta ?? Number.POSITIVE_INFINITY) &&
          seq(highest) - seq(sqn) < (ageLimit ?? Number.POSITIVE_INFINITY) &&
          seq(sqn) > seq(last);
        assert.equal(array.highest(), highest);
        assert.equal(array.isFresh(sqn), expected, `${sqn} after ${accepted.join()}`);
        if (!expected) continue;
        memory.commit([array.accepting(sqn)]);
        array.accepted(sqn);
        accepted.push(sqn);
      }
    }),
  );
});
