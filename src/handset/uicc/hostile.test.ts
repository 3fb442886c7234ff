import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { recordingApplication } from './application.fixture.ts';
import { uicc } from './index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { personalisedMedium, RECORD, SELECT_USIM, subjectOn } from './uicc.fixture.ts';

const octet = fc.nat(255);
const KNOWN = fromHex('78A4F2B0D6B2DCA2044488847010C21214AA202426282CC032CBDBE0E4E6E8D4FE767A897375');
const known = fc.constantFrom(...KNOWN);
const IDENTIFIERS = [
  '7F10',
  '7F20',
  '6F3A',
  '5F3A',
  '4F48',
  '6F39',
  '3F00',
  '2FE2',
  '6F07',
  '6F7E',
  '6FB7',
  '6FF1',
  '6FF2',
  '5FC0',
  '5F3B',
  '4F20',
  '7FFF',
  '6F3C',
];

/** Octets of nothing, commands with a known instruction, SELECTs that hit, ENVELOPEs with a known tag. */
const command: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(
      fc.constantFrom(0x00, 0x80, 0x01, 0x10, 0x40, 0xc0, 0x4f, 0xa0),
      known,
      octet,
      octet,
      fc.uint8Array({ maxLength: 40 }),
      fc.boolean(),
    )
    .map(([cla, ins, p1, p2, data, hasLe]) =>
      concat(
        Uint8Array.of(cla, ins, p1 & 0x8f, p2),
        data.length === 0 ? data : concat(Uint8Array.of(data.length), data),
        hasLe ? Uint8Array.of(0) : new Uint8Array(0),
      ),
    ),
  fc.constantFrom(...IDENTIFIERS).map((identifier) => fromHex(`00A4000402${identifier}00`)),
  fc.constant(fromHex('00A4040C07A0000000871002')),
  fc.constant(fromHex('80100000021FFF')),
  fc
    .tuple(fc.constantFrom(0xd1, 0xd4, 0xd5, 0xd6, 0xd7), fc.uint8Array({ maxLength: 60 }))
    .map(([tag, inside]) =>
      concat(Uint8Array.of(0x80, 0xc2, 0, 0, inside.length + 6, tag, inside.length + 4), fromHex('82028381'), inside),
    ),
);

/** What only the card knows. */
const SECRETS = [
  ...['465B5CE8B199B49FAA5F0A2EE238A6BC', 'CD63CB71954A9F4E48A5994E37A02BAF'],
  ...['A0', 'A1', 'B0', 'B1'].map((octets) => octets.repeat(8)),
  '34373131FFFFFFFF',
  '0102030405060708',
];

/** Tries of the two codes, and what SUSPEND UICC keeps. */
const MAY_CHANGE: readonly number[] = [MEMORY_KEY.pin1, MEMORY_KEY.adm1, MEMORY_KEY.suspension];
function assertOnlyTries(changed: ReadonlySet<number>): void {
  for (const key of changed) assert.ok(MAY_CHANGE.includes(key), key.toString(16));
}

function hostileCard() {
  const inner = cardMemory(personalisedMedium({ ...RECORD, pin: '4711' }));
  const changed = new Set<number>();
  const memory: CardMemory = {
    get: (key) => inner.get(key),
    get free() {
      return inner.free;
    },
    commit(changes) {
      for (const [key] of changes) changed.add(key);
      inner.commit(changes);
    },
  };
  const app = recordingApplication({ secured: () => assert.fail('secured') });
  const card = uicc({
    memory,
    random: seededRandom('hostile'),
    application: app.make,
    fault: (error) => {
      throw error;
    },
  });
  card.reset();
  return { app, card, changed };
}

test('property: whatever comes in, the card answers, faults nowhere, changes nothing but tries, and tells no secret', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const { app, card, changed } = hostileCard();
      for (const octets of commands) {
        if (octets.length % 7 === 0) app.port.issue({ type: 'MORE TIME' }, () => {});
        const response = card.transmit(octets);
        assert.ok(response.length >= 2 && response.length <= 258);
        const text = toHex(response);
        for (const secret of SECRETS) assert.ok(!text.includes(secret), text);
      }
      assert.ok(!app.heard.includes('authenticated'));
      assertOnlyTries(changed);
    }),
    { numRuns: 600, seed: 31 },
  );
});

test('every instruction with every class and parameter is answered, and no response holds a secret', () => {
  const { card, changed } = hostileCard();
  const data = Uint8Array.of(2, 0x6f, 0x07, 0);
  for (let ins = 0; ins < 256; ins++)
    for (const cla of [0x00, 0x80, 0x84, 0x0c, 0x40, 0xc1, 0x6f, 0xff])
      for (let p2 = 0; p2 < 256; p2 += 3) {
        const text = toHex(card.transmit(concat(Uint8Array.of(cla, ins, p2 & 1 ? 0x80 | ins : 0, p2), data)));
        assert.ok(text.length >= 4);
        for (const secret of SECRETS) assert.ok(!text.includes(secret), text);
      }
  assertOnlyTries(changed);
});

test('property: an administrator who sends what makes no sense gets a status word, and the files stay whole', () => {
  const tlv = fc
    .tuple(
      fc.constantFrom(0x82, 0x83, 0x84, 0xa5, 0x8a, 0x8b, 0xab, 0x80, 0x81, 0x88, 0xc6),
      fc.uint8Array({ maxLength: 9 }),
    )
    .map(([tag, value]) => concat(Uint8Array.of(tag, value.length), value));
  const usual = [
    '82024121',
    '83026FA1',
    '83025FB0',
    '8A0105',
    '8B036F060A',
    '80020008',
    '8800',
    '82027821',
    '820542210003',
  ];
  const part = fc.oneof(tlv, fc.constantFrom(...usual).map(fromHex));
  const administrative = fc
    .tuple(fc.constantFrom(0xe0, 0xd4, 0xe4, 0xe6, 0xe8, 0x04, 0x44, 0xdb, 0xcb), fc.array(part, { maxLength: 8 }))
    .map(([ins, parts]) => {
      const body = concat(...parts);
      const cla = ins === 0xd4 || ins === 0xdb || ins === 0xcb ? 0x80 : 0x00;
      const isTemplate = ins === 0xe0 || ins === 0xd4;
      const data = isTemplate ? concat(Uint8Array.of(0x62, body.length), body) : body.subarray(2, 4);
      return concat(Uint8Array.of(cla, ins, 0, ins === 0xdb || ins === 0xcb ? 0x80 : 0, data.length), data);
    });
  const selects = fc.constantFrom(...IDENTIFIERS, '6FA1', '5FB0').map((id) => fromHex(`00A4000402${id}00`));
  fc.assert(
    fc.property(fc.array(fc.oneof(administrative, selects), { maxLength: 40 }), (commands) => {
      const medium = personalisedMedium();
      const card = subjectOn(medium);
      card.send(SELECT_USIM);
      card.expect(['0020000A080102030405060708', '9000']);
      for (const octets of commands) assert.ok(card.card.transmit(octets).length >= 2);
      // What it made of the card opens again.
      const later = subjectOn(medium);
      later.expect(['00A4000C023F00', '9000'], ['00B0820000', '989400010000000010F99000']);
    }),
    { numRuns: 200, seed: 222 },
  );
});
