import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { decodeCommand } from '#protocol/apdu/index.ts';
import { FIRST_CREATED } from './file-system/card-structure.ts';
import { MEMORY_KEY } from './memory-key.ts';
import type { UiccPersonalisation } from './personalisation.ts';
import { freshPin, Pins, pinKey, pinRecord } from './pin.ts';
import { personalisedMedium, RECORD, SELECT_USIM, subject, subjectOn } from './uicc.fixture.ts';

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
    [verify('0000'), '63C0'],
    [verify('4711'), '6983'],
  );
  const later = subjectOn(medium);
  later.expect(['00200001', '63C0'], [verify('4711'), '6983'], [pair('2C', '12345678', '1111'), '6983']);
});

test('UNBLOCK with its code gives a new PIN; ten wrong codes end it', () => {
  const card = subject({ pin: '4711', unblockCode: '87654321' });
  for (const left of ['63C2', '63C1', '63C0']) card.expect([verify('1'), left]);
  card.expect(
    ['002C0001', '63CA'],
    [pair('2C', '11111111', '2222'), '63C9'],
    [pair('2C', '87654321', '2222'), '9000'],
    ['00200001', '63C3'],
    [verify('2222'), '9000'],
  );
  for (let tries = 9; tries > 0; tries--) card.expect([pair('2C', '1', '2'), `63C${tries.toString(16)}`]);
  card.expect([pair('2C', '1', '2'), '63C0'], [pair('2C', '87654321', '2222'), '6983']);
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

test('PIN2 is the second PIN of its application; PIN1 does not stand in for it', () => {
  const card = subject({ pin: '4711', pin2: '2222', unblockCode2: '12345678' });
  const fdn = `00DC01041C${'FF'.repeat(14)}0891947172199181F3FFFFFFFFFF`;
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026F3B', '9000'],
    [verify('4711'), '9000'],
    [fdn, '6982'],
    ['00200081', '63C3'],
    [`0020008108${octets('1111')}`, '63C2'],
    [`0020008108${octets('2222')}`, '9000'],
    [fdn, '9000'],
    [`0026008108${octets('2222')}`, '6985'],
    ['002C0081', '63CA'],
    [`002C008110${octets('12345678')}${octets('3333')}`, '9000'],
    [`0020008108${octets('3333')}`, '9000'],
    ['002C000A', '63C0'],
    ['00200010', '6A88'],
    ['00200019', '6A88'],
  );
  assert.match(card.send('80F2000000'), /C6099001C0830101830181/);
});

test('the universal PIN stands in for PIN1 when it is told to, and only then', () => {
  const card = subject({ pin: '4711', universalPin: '9999' });
  const status = (pattern: RegExp) => assert.match(card.send('80F2000000'), pattern);
  card.send(SELECT_USIM);
  status(/C60C9001C0830101950100830111/);
  card.expect(
    ['00B0870000', '6982'],
    [`0020001108${octets('9999')}`, '9000'],
    ['00B0870000', '6982'],
    [`0026910108${octets('4711')}`, '9000'],
    ['00B0870000', '0809101000000000109000'],
    [`0020000108${octets('4711')}`, '6984'],
  );
  status(/C60C900140830101950108830111/);
  card.card.reset();
  card.send(SELECT_USIM);
  card.expect(
    ['00B0870000', '6982'],
    [`0020001108${octets('9999')}`, '9000'],
    ['00B0870000', '0809101000000000109000'],
    [`0028000108${octets('4711')}`, '9000'],
  );
  status(/C60C9001C0830101950100830111/);
  // It is switched itself too: then nothing stands in for PIN1.
  card.expect(
    [`0026001108${octets('9999')}`, '9000'],
    [`0026910108${octets('4711')}`, '9000'],
    ['00B0870000', '0809101000000000109000'],
    [`0026911108${octets('9999')}`, '6A88'],
  );
  status(/C60C900100830101950108830111/);
  subject({ pin: '4711' }).expect([`0026910108${octets('4711')}`, '6A88']);
});

test('ADM keys by their references, each with its tries', () => {
  const card = subject({ furtherAdm: [fromHex('1111111111111111'), fromHex('2222222222222222')] });
  card.expect(
    ['0020000B', '63CA'],
    ['0020000B081111111111111112', '63C9'],
    ['0020000B081111111111111111', '9000'],
    ['0020000C082222222222222222', '9000'],
    ['0020000D', '6A88'],
    ['0026000B081111111111111111', '6985'],
  );
});

test('an application that a command made has no second PIN, whatever the memory holds at its place', () => {
  const memory = cardMemory(personalisedMedium());
  const card = subjectOn(personalisedMedium(), { memory });
  const aid = 'A0000000871002AA';
  card.expect(
    ['0020000A080102030405060708', '9000'],
    [`00E000001c621a8202782183027FA08408${aid}8A01058B032F0607`, '9000'],
    [`00A4040C08${aid}`, '9000'],
  );
  const value = fromHex(octets('1111'));
  for (const place of [0, 199])
    memory.commit([[pinKey(0x81, FIRST_CREATED + place), pinRecord.encode(freshPin(value, true, undefined))]]);
  card.expect(['00200081', '6A88'], [`0020008108${octets('1111')}`, '6A88']);
});

test('security environments: 01 while a PIN is asked for, or could be; 00 otherwise (TS 102 221 9.3)', () => {
  const environment = (change: Partial<UiccPersonalisation>, ...commands: readonly string[]) => {
    const memory = cardMemory(personalisedMedium({ ...RECORD, ...change }));
    const pins = new Pins(memory, []);
    for (const command of commands) pins.process(decodeCommand(fromHex(command)), undefined);
    return pins.environment;
  };
  assert.equal(environment({ pin: '4711' }), 1);
  assert.equal(environment({}), 0, 'PIN1 is off, and there is no universal PIN');
  assert.equal(environment({ universalPin: '9999' }), 1, 'the universal PIN is on, and not used');
  assert.equal(environment({ universalPin: '9999' }, `0026001108${octets('9999')}`), 0);
  assert.equal(environment({ pin: '4711', universalPin: '9999' }, `0026910108${octets('4711')}`), 0, 'used');
});
