import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { authenticationVector, milenage, readAuts, tableAes, tuak, xorTest } from '#base/crypto/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import { loadVectors } from '#test/vectors.ts';
import { recordingApplication } from './application.fixture.ts';
import { type UiccPersonalisation, uicc } from './index.ts';
import {
  AUTHENTICATE,
  AUTN,
  failing,
  personalisedMedium,
  RAND,
  RECORD,
  SELECT_USIM,
  subject,
  subjectOn,
} from './uicc.fixture.ts';

const home = milenage(
  tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')),
  fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
);
const rand = fromHex(RAND);
const SUCCESS =
  'DB08A54211D5E3BA50BF10B40BA9A3C58B2A05BBF0D987B21BF8CB10F769BCD751044604127672711C6D344108EAE4BE823AF9A08B9000';
const authenticate = (sqn: number, amf = 0x8000) =>
  `008800812210${RAND}10${toHex(authenticationVector(home, rand, sqn, amf).autn)}00`;

test('the examples of AUTHENTICATE in both contexts, TS 35.208 test set 1 (facts/uicc.md 6)', () => {
  const card = subject();
  card.send(SELECT_USIM);
  card.expect(
    [AUTHENTICATE, SUCCESS],
    [`008800801110${RAND}00`, '0446F8416A08EAE4BE823AF9A08B9000'],
    // Without Le the response waits for GET RESPONSE.
    [`008800801110${RAND}`, '610E'],
    ['00C000000E', '0446F8416A08EAE4BE823AF9A08B9000'],
  );
});

for (const vector of loadVectors('milenage').filter(({ kind, autn }) => kind === 'milenage' && autn !== undefined))
  test(`Milenage vector ${vector.id} through the card`, () => {
    const card = subject({
      algorithm: { kind: 'milenage', k: fromHex(vector['k']), opc: fromHex(vector['expected'].opc) },
    });
    card.send(SELECT_USIM);
    const response = card.send(`008800812210${vector['rand']}10${vector['autn']}00`);
    const { f2, f3, f4 } = vector['expected'];
    assert.ok(response.startsWith(`DB08${f2}10${f3}10${f4}`.toUpperCase()), response);
  });

test('TUAK through the card, and its resynchronisation', () => {
  const k = fromHex('ab'.repeat(16));
  const topc = fromHex('cd'.repeat(32));
  const network = tuak(k, topc);
  const card = subject({ algorithm: { kind: 'tuak', k, topc } });
  card.send(SELECT_USIM);
  const { autn, xres } = authenticationVector(network, rand, 64, 0x8000);
  const command = `008800812210${RAND}10${toHex(autn)}00`;
  assert.ok(card.send(command).startsWith(`DB08${toHex(xres)}10`));
  const again = card.send(command);
  assert.equal(readAuts(network, rand, fromHex(again).slice(2, 16)), 64);
});

test('a wrong MAC is 9862 whatever SQN it hides, and changes nothing', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const wrong = `008800812210${RAND}10${AUTN.slice(0, -2)}B200`;
  card.expect([wrong, '9862'], [AUTHENTICATE, SUCCESS], [wrong, '9862']);
});

test('SQN is checked for each of the 32 indexes; an old one gives an AUTS that the home side reads (TS 33.102 C)', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const isTaken = (sqn: number) => card.send(authenticate(sqn)).startsWith('DB');
  assert.ok(isTaken(32 * 10 + 3));
  assert.ok(isTaken(32 * 9 + 4), 'an older SEQ under another index');
  assert.ok(!isTaken(32 * 10 + 3), 'the same again');
  assert.ok(!isTaken(32 * 9 + 3), 'an older SEQ under the same index');
  const auts = fromHex(card.send(authenticate(32 * 9 + 3)));
  assert.equal(toHex(auts.subarray(0, 2)), 'DC0E');
  assert.equal(readAuts(home, rand, auts.slice(2, 16)), 32 * 10 + 3);
  card.card.reset();
  card.send(SELECT_USIM);
  assert.ok(!isTaken(32 * 10 + 3), 'after power off as well');
  assert.ok(isTaken(32 * 11 + 3));
});

test('AUTHENTICATE needs the USIM, PIN1, the right form, a context that is there', () => {
  const card = subject({ pin: '4711' });
  card.expect([AUTHENTICATE, '6985']);
  card.send(SELECT_USIM);
  card.expect(
    [AUTHENTICATE, '6982'],
    ['002000010834373131FFFFFFFF', '9000'],
    [`008800821110${RAND}00`, '9864'],
    // The odd instruction is for the contexts that this USIM has not (TS 31.102 7.1.2).
    [`008900852210${RAND}10${AUTN}00`, '6D00'],
    [`008800851110${RAND}00`, '6A86'],
    [`008800841110${RAND}00`, '6A80'],
    [`00880084 22DD10${RAND}10${AUTN.slice(2)}00`, '6700'],
    [`00880084 23DD11${RAND}10${AUTN}00`, '6A80'],
    ['0088008401DE00', '6700'],
    ['0088008403DE000000', '6A80'],
    ['0088008404DE05616100', '6700'],
    ['0088008405DE0161026100', '6700'],
    [`008800011110${RAND}00`, '6A86'],
    [`008801811110${RAND}00`, '6A86'],
    [`008800811110${RAND}00`, '6700'],
    [`008800812211${RAND}10${AUTN}00`, '6A80'],
    [`808800812210${RAND}10${AUTN}00`, '6E00'],
    [`048800812210${RAND}10${AUTN}00`, '6882'],
    [AUTHENTICATE, SUCCESS],
  );
});

for (const vector of loadVectors('gsm-authentication'))
  test(`GSM context, vector ${vector.id} through the card; the 3G context is Milenage still`, () => {
    const card = subject({ gsmAlgorithm: { kind: vector['algorithm'], ki: fromHex(vector['ki']) } });
    card.send(SELECT_USIM);
    const { sres, kc } = vector['expected'];
    card.expect([`008800801110${vector['rand']}00`, `04${sres}08${kc}9000`], [AUTHENTICATE, SUCCESS]);
  });

for (const vector of loadVectors('milenage').filter(({ kind }) => kind === 'milenage'))
  test(`GSM-Milenage (TS 55.205): the conversions of ${vector.id}`, () => {
    const { opc, f2, f3, f4 } = vector['expected'];
    const card = subject({ algorithm: { kind: 'milenage', k: fromHex(vector['k']), opc: fromHex(opc) } });
    card.send(SELECT_USIM);
    const parts = (hex: string, size: number) => hex.match(new RegExp(`.{${size}}`, 'g')) ?? [];
    const mixed = (hex: string, size: number) =>
      parts(hex, size).reduce((a, b) => (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(16).padStart(size, '0'));
    card.expect([`008800801110${vector['rand']}00`, `04${mixed(f2, 8)}08${mixed(f3 + f4, 16)}9000`]);
  });

test('the test algorithm XOR through the card: RES of each length, resynchronisation, GSM context (TS 34.108 8.1.2)', () => {
  const k = fromHex('000102030405060708090a0b0c0d0e0f');
  for (const res of [4, 8, 16] as const) {
    const network = xorTest(k, res);
    const card = subject({ algorithm: { kind: 'xor', k, res } });
    card.send(SELECT_USIM);
    const { autn, xres, ck, ik } = authenticationVector(network, rand, 33, 0x8000);
    const command = `008800812210${RAND}10${toHex(autn)}00`;
    const length = res.toString(16).padStart(2, '0');
    assert.ok(card.send(command).startsWith(`DB${length}${toHex(xres)}10${toHex(ck)}10${toHex(ik)}08`));
    assert.equal(readAuts(network, rand, fromHex(card.send(command)).slice(2, 16)), 33);
    assert.match(card.send(`008800801110${RAND}00`), /^04.{8}08.{16}9000$/);
  }
});

test('a context whose service EF.UST does not have is not supported: 9864; without GSM access the answer has no Kc', () => {
  const without = (service: number) => {
    const card = subject();
    card.send(SELECT_USIM);
    card.expect(['00A4000C026F38', '9000'], ['0020000A080102030405060708', '9000']);
    const at = (service - 1) >> 3;
    const place = at.toString(16).padStart(2, '0');
    const octet = Number.parseInt(card.send(`00B000${place}01`).slice(0, 2), 16) & ~(1 << ((service - 1) & 7));
    card.expect([`00D600${place}01${octet.toString(16).padStart(2, '0')}`, '9000']);
    return card;
  };
  without(38).expect([`008800801110${RAND}00`, '9864'], [AUTHENTICATE, SUCCESS]);
  const noBootstrapping = without(68);
  noBootstrapping.expect(
    [`0088008423DD10${RAND}10${AUTN}00`, '9864'],
    ['0088008405DE0161016100', '9864'],
    [AUTHENTICATE, SUCCESS],
  );
  without(27).expect([AUTHENTICATE, `${SUCCESS.slice(0, -22)}9000`]);
});

test('a lock that refuses refuses in every context and with every algorithm, before a key is touched', () => {
  const k = fromHex('000102030405060708090a0b0c0d0e0f');
  const algorithms: readonly UiccPersonalisation['algorithm'][] = [
    RECORD.algorithm,
    { kind: 'tuak', k, topc: fromHex('cd'.repeat(32)) },
    { kind: 'xor', k },
  ];
  for (const algorithm of algorithms)
    for (const kind of ['comp128v1', 'comp128v2', 'comp128v3', 'xor'] as const) {
      const app = recordingApplication({ authenticateRequested: () => SW.conditionsOfUseNotSatisfied });
      const card = subject({ algorithm, gsmAlgorithm: { kind, ki: k } }, { application: app.make });
      card.send(SELECT_USIM);
      card.expect(
        [AUTHENTICATE, '6985'],
        [`008800801110${RAND}00`, '6985'],
        [`0088008423DD10${RAND}10${AUTN}00`, '6985'],
        ['0088008405DE0161016100', '6985'],
      );
      assert.deepEqual(app.heard, ['poweredOn']);
    }
});

test('an ISIM answers without Kc, has no GSM context, and shares the sequence numbers of the USIM (TS 31.103 7.1.2)', () => {
  const card = subject({ ims: {} });
  card.send('00A4040C07A0000000871004');
  card.expect([`008800801110${RAND}00`, '9864'], [AUTHENTICATE, `${SUCCESS.slice(0, 88)}9000`]);
  assert.match(card.send(AUTHENTICATE), /^DC0E/);
  card.send(SELECT_USIM);
  assert.match(card.send(AUTHENTICATE), /^DC0E/);
  card.expect([`008800801110${RAND}00`, '0446F8416A08EAE4BE823AF9A08B9000']);
});

test('power cut at every octet of AUTHENTICATE: an answer that came out can never be had again (T22)', () => {
  const source = personalisedMedium();
  let cuts = 0;
  for (let octets = 0; ; octets++) {
    const { medium, survivor } = failing(source, octets);
    const card = uicc({ memory: cardMemory(medium), random: { octets: (length) => new Uint8Array(length) } });
    card.reset();
    card.transmit(fromHex(SELECT_USIM));
    const answered = toHex(card.transmit(fromHex(AUTHENTICATE)));
    const after = subjectOn(survivor);
    after.send(SELECT_USIM);
    const again = after.send(AUTHENTICATE);
    if (answered === SUCCESS) {
      assert.ok(again.startsWith('DC0E'), again);
      break;
    }
    assert.equal(answered, '6F00');
    assert.ok(again === SUCCESS || again.startsWith('DC0E'), again);
    cuts++;
  }
  assert.ok(cuts > 10, `${cuts} cuts`);
});
