import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { pinRecord } from './pin.ts';
import { personalisedMedium, RECORD, subject, subjectOn } from './uicc.fixture.ts';

const octets = (digits: string) => `${Buffer.from(digits).toString('hex')}${'ff'.repeat(8 - digits.length)}`;
const verify = (digits: string) => `0020000108${octets(digits)}`;
const pair = (ins: string, first: string, second: string) => `00${ins}000110${octets(first)}${octets(second)}`;

test('three wrong PINs block; what is blocked stays so through power off, and the right PIN does not help', () => {
  const medium = personalisedMedium({ ...RECORD, pin: '4711' });
  const card = subjectOn(medium);
  card.expect(
    ['00200001', '63C3'],
    [verify('0000'), '63C2'],
    [verify('4711'), '9000'],
    ['00200001', '63C3'],
    [verify('0000'), '63C2'],
    [verify('0000'), '63C1'],
    [verify('0000'), '6983'],
    [verify('4711'), '6983'],
  );
  const later = subjectOn(medium);
  later.expect(['00200001', '63C0'], [verify('4711'), '6983'], [pair('2C', '12345678', '1111'), '6983']);
});

test('UNBLOCK with its code gives a new PIN; ten wrong codes end it', () => {
  const card = subject({ pin: '4711', unblockCode: '87654321' });
  for (const left of ['63C2', '63C1', '6983']) card.expect([verify('1'), left]);
  card.expect(
    ['002C0001', '63CA'],
    [pair('2C', '11111111', '2222'), '63C9'],
    [pair('2C', '87654321', '2222'), '9000'],
    ['00200001', '63C3'],
    [verify('2222'), '9000'],
  );
  for (let tries = 9; tries > 0; tries--) card.expect([pair('2C', '1', '2'), `63C${tries.toString(16)}`]);
  card.expect([pair('2C', '1', '2'), '6983'], [pair('2C', '87654321', '2222'), '6983']);
});

test('CHANGE, DISABLE and ENABLE need the PIN; a disabled one is not verified and opens all', () => {
  const card = subject({ pin: '4711' });
  card.expect(
    [pair('24', '0000', '1234'), '63C2'],
    [pair('24', '4711', '1234'), '9000'],
    [verify('4711'), '63C2'],
    [`0026000108${octets('1234')}`, '9000'],
    [verify('1234'), '6984'],
    [`0026000108${octets('1234')}`, '6984'],
    [`0028000108${octets('9999')}`, '63C2'],
    [`0028000108${octets('1234')}`, '9000'],
    [verify('1234'), '9000'],
    [`0026010108${octets('1234')}`, '6A86'],
    ['00200002', '6A88'],
    ['002000010431323334', '6700'],
    [`0026000A08${octets('1234')}`, '6985'],
  );
});

test('ADM1 opens for ten tries', () => {
  const card = subject();
  card.expect(['0020000A', '63CA'], ['0020000A080000000000000000', '63C9'], ['0020000A080102030405060708', '9000']);
  card.expect(['0020000A', '63CA']);
});

test('the try is taken, safely, before the PIN is compared: pulling the power gains nothing (T22)', () => {
  const inner = cardMemory(personalisedMedium({ ...RECORD, pin: '4711' }));
  const tries: number[] = [];
  const memory: CardMemory = {
    get: (key) => inner.get(key),
    get free() {
      return inner.free;
    },
    commit(changes) {
      for (const [key, value] of changes)
        if (key === MEMORY_KEY.pin1 && value) tries.push(pinRecord.decode(value).tries);
      inner.commit(changes);
    },
  };
  const card = subjectOn(personalisedMedium(), { memory });
  card.expect([verify('4711'), '9000'], [verify('4712'), '63C2']);
  assert.deepEqual(tries, [2, 3, 2]);
});
