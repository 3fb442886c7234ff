import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { authenticationVector, milenage, tableAes } from '#base/crypto/index.ts';
import { ramMemory, seededRandom } from '#base/port/index.ts';
import { CardMemoryFull, cardMemory } from '#handset/card/index.ts';
import { recordingApplication } from './application.fixture.ts';
import { personaliseUicc, type UiccPersonalisation, UiccPersonalisationError, uicc } from './index.ts';
import { readLockPersonalisation } from './lock-personalisation.ts';
import { MEMORY_OCTETS, personalisedMedium, RAND, RECORD, subject, subjectOn } from './uicc.fixture.ts';

const fresh = () => cardMemory(ramMemory(MEMORY_OCTETS));

test('a card is personalised once; a fresh one is no UICC', () => {
  const memory = cardMemory(personalisedMedium());
  assert.throws(() => personaliseUicc(memory, RECORD), UiccPersonalisationError);
  assert.throws(() => uicc({ memory: fresh(), random: seededRandom('x') }), UiccPersonalisationError);
});

test('a record that makes no UICC is refused, the memory stays fresh, and no secret is in the message', () => {
  const wrong: readonly Partial<UiccPersonalisation>[] = [
    { pin: '12' },
    { pin: '12a4' },
    { unblockCode: '1234' },
    { adm: fromHex('77777777') },
    { algorithm: { kind: 'milenage', k: fromHex('7777'), opc: fromHex('7777') } },
    { algorithm: { kind: 'tuak', k: fromHex('7777'), topc: fromHex('77'.repeat(32)) } },
    { algorithm: { kind: 'tuak', k: fromHex('77'.repeat(16)), topc: fromHex('77'.repeat(32)), iterations: 0 } },
    { algorithm: { kind: 'xor', k: fromHex('7777') } },
    { algorithm: { kind: 'xor', k: fromHex('77'.repeat(16)), res: 5 as 4 } },
    { algorithm: { kind: 'tuak', k: fromHex('77'.repeat(16)), topc: fromHex('77'.repeat(32)), res: 32 as 16 } },
    { gsmAlgorithm: { kind: 'comp128v1', ki: fromHex('7777') } },
    { sequence: { indBits: 6 } },
    { sequence: { indBits: 5, delta: 0 } },
    { sequence: { indBits: 5, ageLimit: 0.5 } },
    { suci: { by: 'usim', calculation: { schemes: [], keys: [] }, routingIndicator: '12a4' } },
    { suci: { by: 'usim', calculation: { schemes: [], keys: [] }, routingIndicator: '12345' } },
    { otaKeys: { ...RECORD.otaKeys, report: { kic: fromHex('7777'), kid: fromHex('7777') } } },
  ];
  for (const change of wrong) {
    const memory = fresh();
    const { free } = memory;
    assert.throws(
      () => personaliseUicc(memory, { ...RECORD, ...change }),
      (error) => error instanceof Error && !error.message.includes('7777') && !error.message.includes('12a4'),
    );
    assert.equal(memory.free, free);
  }
  assert.throws(() => personaliseUicc(cardMemory(ramMemory(256)), RECORD), CardMemoryFull);
});

/** The records of a card as the first version of Assay personalised it: RECORD, with nothing that came later. */
const FIRST_VERSION: readonly (readonly [key: number, octets: string])[] = [
  [
    0x0001,
    `800A989400010000000010F98109080910100000000010820D34393137303030303030303031830102A4248010465B5CE8B199B49FAA5F0A2E
     E238A6BC8110CD63CB71954A9F4E48A5994E37A02BAF860A34393137303939393939870437303730A8248010A0A0A0A0A0A0A0A0A0A0A0A0A0
     A0A0A08110A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A9248010B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B08110B1B1B1B1B1B1B1B1B1B1B1B1B1B1
     B1B1`,
  ],
  [0x0010, '800830303030FFFFFFFF810103820100840100'],
  [0x0011, '8008010203040506070881010A820101840100'],
  [0x4000, 'A00E0100000100000000000002000102'],
  // SQN 0000000000E3 under its index.
  [0x0103, '0000000000E3'],
];

test('a card of the first version opens: its SQN counts, its GSM context converts, the terminal calculates the SUCI', () => {
  const medium = ramMemory(MEMORY_OCTETS);
  cardMemory(medium).commit(FIRST_VERSION.map(([key, octets]) => [key, fromHex(octets)]));
  const card = subjectOn(medium);
  card.expect(
    ['00A4040C10A0000000871002FFFFFFFF8907090000', '9000'],
    [`008800801110${RAND}00`, '0446F8416A08EAE4BE823AF9A08B9000'],
    ['00A4080C067FFF5FC04F07', '9000'],
    ['00B0000004', 'A00200009000'],
    ['8078000100', '6985'],
  );
  const home = milenage(
    tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')),
    fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
  );
  const tag = (sqn: number) => {
    const { autn } = authenticationVector(home, fromHex(RAND), sqn, 0x8000);
    return card.send(`008800812210${RAND}10${toHex(autn)}00`).slice(0, 2);
  };
  assert.deepEqual([tag(0xe3), tag(0xe3 + 32)], ['DC', 'DB']);
  // A card of today with this record holds the same octets, when its policy has nothing that the first version did not know.
  const policy = { ...RECORD.policy, terminalCannotProve: 'grace' } as const;
  assert.deepEqual(readLockPersonalisation(cardMemory(medium))?.policy, policy);
  const today = cardMemory(personalisedMedium({ ...RECORD, policy }));
  for (const [key, octets] of FIRST_VERSION.slice(0, -1)) assert.deepEqual(today.get(key), fromHex(octets));
});

test('the lock finds what personalisation gave it', () => {
  const oce = {
    certificate: fromHex('7F2100'),
    privateScalar: fromHex('11'.repeat(32)),
    caIdentifier: fromHex('0102'),
  };
  const memory = fresh();
  personaliseUicc(memory, { ...RECORD, oce, staticKey: fromHex('22'.repeat(16)) });
  const lock = readLockPersonalisation(memory);
  assert.deepEqual(lock, { policy: RECORD.policy, oce, makerRoots: [], staticKey: fromHex('22'.repeat(16)) });
});

test('ATR, and no answer but 6F00 without power', () => {
  const { card } = subject();
  const atr = fromHex('3B9F96801FC78031A073BE21136743200718000001A5');
  assert.deepEqual(card.reset(), atr);
  card.powerOff();
  assert.deepEqual(card.transmit(fromHex('00A40004023F00')), fromHex('6F00'));
  card.reset();
  assert.deepEqual(card.transmit(fromHex('00A4000C023F00')), fromHex('9000'));
});

test('an application that cannot start leaves the card mute, not open', () => {
  const faults: unknown[] = [];
  const card = uicc({
    memory: cardMemory(personalisedMedium()),
    random: seededRandom('x'),
    fault: (error) => faults.push(error),
    application: () => ({
      tar: fromHex('BFFF31'),
      vitalRecords: [],
      poweredOn: () => {
        throw new Error('damaged');
      },
      profileDownloaded: () => {},
      callControl: () => 'allowed',
      authenticateRequested: () => undefined,
      authenticated: () => {},
      secured: () => new Uint8Array(0),
      statusPolled: () => {},
    }),
  });
  card.reset();
  assert.deepEqual(card.transmit(fromHex('00A4000C023F00')), fromHex('6F00'));
  assert.equal(faults.length, 1);
});

test('a fault of the application at power off or reset does not come out of the card', () => {
  const faults: unknown[] = [];
  const app = recordingApplication();
  const { card } = subject({}, { application: app.make, fault: (error) => faults.push(error) });
  const fail = () => {
    throw new Error('lost');
  };
  app.port.issue({ type: 'MORE TIME' }, fail);
  card.powerOff();
  card.reset();
  app.port.issue({ type: 'MORE TIME' }, fail);
  card.reset();
  assert.equal(faults.length, 2);
  assert.deepEqual(card.transmit(fromHex('00A4000C023F00')), fromHex('9000'));
});

test('channels keep their own selection; a fresh one begins at the MF', () => {
  const card = subject();
  card.expect(
    ['0070000001', '019000'],
    ['01A4040C07A0000000871002', '9000'],
    ['01B0870000', '0809101000000000109000'],
    ['00B0870000', '6A82'],
    ['00B0820001', '989000'],
    ['00708001', '9000'],
    ['01B0870000', '6881'],
    ['0070000001', '019000'],
    ['01B0870000', '6A82'],
    ['41B0870000', '6881'],
  );
  assert.match(card.send('0084000008'), /^.{16}9000$/);
  card.expect(['80AA000003A90100', '9000'], ['0033000000', '6D00'], ['00F2000000', '6E00'], ['80A4000C023F00', '6E00']);
});

test('what was changed survives, and what was not takes no memory', () => {
  const medium = personalisedMedium({ ...RECORD, pin: '4711' });
  const { free } = cardMemory(medium);
  const card = subjectOn(medium);
  card.expect(['00D68500020001', '6982'], ['002000010834373131FFFFFFFF', '9000'], ['00D6850002656E', '9000']);
  const later = cardMemory(medium);
  assert.equal(free - later.free, 7);
  subjectOn(medium).expect(['00B0850000', '656E9000']);
});
