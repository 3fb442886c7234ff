import { test } from 'node:test';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type NonVolatile, seededRandom } from '#base/port/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { type CardKind, type Guess, guess } from '#test/trust/tearing.ts';
import { USIM_NUMBER } from './file-system/index.ts';
import { uicc } from './index.ts';
import { pinKey, pinRecord } from './pin.ts';
import { ADM, personalisedMedium, RECORD, SELECT_USIM } from './uicc.fixture.ts';

const padded = (digits: string) => Buffer.from(digits).toString('hex').padEnd(16, 'f');
const ADM2 = fromHex('1112131415161718');
const CODES = {
  ...{ pin: '4711', unblockCode: '87654321', pin2: '2222', unblockCode2: '12345678', universalPin: '8888' },
  furtherAdm: [ADM2],
};
const kindOf = (medium: NonVolatile): CardKind => ({
  personalised: () => medium,
  powerOn(memory) {
    const card = uicc({ memory, random: seededRandom('guessed') });
    card.reset();
    return card;
  },
  dump: () => '',
});
const UICC = kindOf(personalisedMedium({ ...RECORD, ...CODES }));
/** PIN1 is disabled, with the value 0000. */
const OPEN = kindOf(personalisedMedium());

const record = (memory: CardMemory, reference: number) =>
  pinRecord.decode(memory.get(pinKey(reference, USIM_NUMBER)) ?? NO_OCTETS);
const NEW = padded('5555');
const WRONG = padded('00000000');

/** A command with a guess in it: the header up to Lc, the value, what follows. */
const guessed = (
  what: string,
  reference: number,
  [header, value, rest = '']: readonly [string, string, string?],
  {
    prepared = [SELECT_USIM],
    isUnblock = false,
  }: { readonly prepared?: readonly string[]; readonly isUnblock?: boolean } = {},
): Guess => ({
  what,
  ready: (isRight) => (card: Card) => {
    const send = (command: string) => toHex(card.transmit(fromHex(command)));
    for (const one of prepared) send(one);
    return () => send(`${header}${isRight ? value : WRONG}${rest}`);
  },
  tries: (memory) => record(memory, reference)[isUnblock ? 'unblockTries' : 'tries'],
});
const unblocking = { isUnblock: true };
const asSim = { prepared: ['A0A40000023F00'] };

const GUESSES: readonly Guess[] = [
  guessed('VERIFY PIN', 0x01, ['0020000108', padded('4711')]),
  guessed('VERIFY PIN of PIN2', 0x81, ['0020008108', padded('2222')]),
  guessed('VERIFY PIN of the universal PIN', 0x11, ['0020001108', padded('8888')]),
  guessed('VERIFY PIN of ADM1', 0x0a, ['0020000A08', toHex(ADM)]),
  guessed('VERIFY PIN of ADM2', 0x0b, ['0020000B08', toHex(ADM2)]),
  guessed('CHANGE PIN', 0x01, ['0024000110', padded('4711'), NEW]),
  guessed('CHANGE PIN of an ADM', 0x0b, ['0024000B10', toHex(ADM2), NEW]),
  guessed('DISABLE PIN', 0x01, ['0026000108', padded('4711')]),
  guessed('DISABLE PIN for the universal PIN', 0x01, ['0026910108', padded('4711')]),
  guessed('UNBLOCK PIN', 0x01, ['002C000110', '3837363534333231', NEW], unblocking),
  guessed('UNBLOCK PIN of PIN2', 0x81, ['002C008110', '3132333435363738', NEW], unblocking),
  guessed('VERIFY CHV', 0x01, ['A020000108', padded('4711')], asSim),
  guessed('VERIFY CHV of CHV2', 0x81, ['A020000208', padded('2222')], asSim),
  guessed('VERIFY CHV of an ADM', 0x0a, ['A020000A08', toHex(ADM)], asSim),
  guessed('CHANGE CHV', 0x01, ['A024000110', padded('4711'), NEW], asSim),
  guessed('DISABLE CHV', 0x01, ['A026000108', padded('4711')], asSim),
  guessed('UNBLOCK CHV', 0x01, ['A02C000010', '3837363534333231', NEW], { ...asSim, ...unblocking }),
];

const COUNTED = 'a guess is counted before it is judged, wherever the power is cut (T22, T32)';
for (const one of GUESSES) test(`${one.what}: ${COUNTED}`, () => guess(UICC, one));

test(`ENABLE PIN and ENABLE CHV: ${COUNTED}`, () => {
  guess(OPEN, guessed('ENABLE PIN', 0x01, ['0028000108', padded('0000')]));
  guess(OPEN, guessed('ENABLE CHV', 0x01, ['A028000108', padded('0000')], asSim));
});
