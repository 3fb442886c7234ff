import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as onSqlite, type TestContext } from 'node:test';
import { fromHex, swappedBcd, toHex } from '#base/codec/index.ts';
import {
  buildAuts,
  eciesConceal,
  importPrivateKey,
  importPublicKey,
  milenage,
  nodeAes,
  publicPoint,
  tuak,
  verifyAutn,
  xorTest,
} from '#base/crypto/index.ts';
import { Iccid, Imsi, Msisdn, suci } from '#base/identity/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { calendarDate, chainVerifier } from '#protocol/secure-channel/index.ts';
import { openDatabase, temporaryDirectory, onBothDatabases as test } from '#test/operator/databases.ts';
import { type CardOrder, type CardPersonalisation, FLEET_POLICY, openSubscribers, STANDARD_SEQUENCE } from './index.ts';

const NOW = Date.UTC(2026, 10, 24);

function open(context: TestContext, directory = temporaryDirectory(context), seed = 'subscribers') {
  const random = seededRandom(seed);
  const clock = fixedClock(NOW);
  const opened = openDatabase(context, { directory, random });
  const audit = openAudit({ ...opened, clock });
  return { ...opened, audit, subscribers: openSubscribers({ ...opened, audit, random, clock }) };
}

const order = (number: number, more: Partial<CardOrder> = {}): CardOrder => ({
  iccid: Iccid.issue(`8988211${String(number).padStart(11, '0')}`),
  imsi: Imsi.parse(`00101${String(number).padStart(10, '0')}`),
  msisdn: Msisdn.parse(`999${String(number).padStart(9, '0')}`),
  serviceCentre: Msisdn.parse('99900'),
  operatorAddress: Msisdn.parse('4321'),
  author: 'Ada',
  ...more,
});

function algorithmOf({ algorithm }: CardPersonalisation) {
  if (algorithm.kind === 'tuak') return tuak(algorithm.k, algorithm.topc);
  if (algorithm.kind === 'xor') return xorTest(algorithm.k);
  return milenage(nodeAes.key(algorithm.k), algorithm.opc);
}

test('an issued card can be read again, the same; its keys are its own and differ in each direction', (context) => {
  const { subscribers } = open(context);
  const maker = { identifier: fromHex('A0'), publicPoint: new Uint8Array(65).fill(4) };
  subscribers.trustMaker(maker);
  const [first, second] = subscribers.issueCards([
    order(1, { pin: '1234', staticKey: fromHex('00'.repeat(16)), policy: FLEET_POLICY }),
    order(2, { mncLength: 3, algorithm: 'tuak', withCertificate: false }),
  ]);
  assert.ok(first && second);
  assert.deepEqual(subscribers.personalisation(first.iccid), first);
  assert.deepEqual(first.makerRoots, [{ caIdentifier: maker.identifier, publicPoint: maker.publicPoint }]);
  assert.equal(second.oce, undefined);
  const keys = [first, second].flatMap(({ otaKeys: { answer, report }, algorithm: { k } }) => [
    ...[answer.kic, answer.kid, report.kic, report.kid, k].map(toHex),
  ]);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(subscribers.count(), 2);
  assert.equal(subscribers.byMsisdn(first.msisdn.digits)?.policy.pairing, 'locked');
  assert.deepEqual(
    subscribers.page(first.iccid.digits, 10).map(({ iccid }) => iccid.digits),
    [second.iccid.digits],
  );
});

test('a taken ICCID, IMSI or MSISDN is refused by name, and a batch is all or none', (context) => {
  const { subscribers } = open(context);
  subscribers.issueCard(order(1));
  for (const [name, more] of Object.entries({
    ICCID: { iccid: order(1).iccid },
    IMSI: { imsi: order(1).imsi },
    MSISDN: { msisdn: order(1).msisdn },
  }))
    assert.throws(() => subscribers.issueCards([order(3), order(2, more)]), {
      name: 'SubscriberError',
      message: new RegExp(`^${name}`),
    });
  assert.throws(() => subscribers.issueCard(order(4, { pin: '12a4' })), /PIN: expected 4 to 8 digits/);
  assert.equal(subscribers.count(), 1);
});

test("the OCE certificate verifies under the operator's root and certifies the card's key", (context) => {
  const { subscribers } = open(context);
  const { oce, iccid } = subscribers.issueCard(order(1));
  assert.ok(oce);
  const root = subscribers.operatorRoot();
  const verify = chainVerifier({
    roots: [{ identifier: root.identifier, publicKey: importPublicKey('P-256', root.publicPoint) }],
    today: calendarDate(NOW),
    role: 'oce',
  });
  const peer = verify([oce.certificate]);
  assert.ok(peer.kind === 'peer');
  assert.deepEqual(peer.subject, iccid.toEf());
  assert.deepEqual(publicPoint(peer.publicKey), publicPoint(importPrivateKey('P-256', oce.privateScalar)));
  assert.deepEqual(oce.caIdentifier, root.identifier);
});

onSqlite('nothing secret stands in the files of the data directory', (context) => {
  const directory = temporaryDirectory(context);
  const { subscribers, database } = open(context, directory);
  const card = subscribers.issueCard(order(1, { staticKey: seededRandom('static').octets(16) }));
  assert.ok(card.algorithm.kind === 'milenage' && card.oce && card.staticKey);
  database.execute('PRAGMA wal_checkpoint(FULL)');
  const files = ['operator.sqlite', 'operator.sqlite-wal'].map((name) => readFileSync(join(directory, name)));
  const secrets = [card.algorithm.k, card.algorithm.opc, card.oce.privateScalar, card.staticKey, card.adm];
  for (const { kic, kid } of Object.values(card.otaKeys)) secrets.push(kic, kid);
  for (const secret of secrets) for (const file of files) assert.equal(file.indexOf(secret), -1);
  assert.ok(
    files.some((file) => file.indexOf(card.iccid.digits) >= 0),
    'the search itself works',
  );
});

for (const algorithm of ['milenage', 'tuak', 'xor'] as const)
  test(`vectors of ${algorithm} convince the card and their SQN rises by SEQ and IND`, (context) => {
    const { subscribers } = open(context);
    const card = subscribers.issueCard(order(1, { algorithm }));
    let last = 0;
    for (let time = 0; time < 70; time++) {
      const vector = subscribers.authenticationVector(card.imsi);
      assert.ok(vector);
      const seen = verifyAutn(algorithmOf(card), vector.rand, vector.autn);
      assert.ok(seen.macValid && seen.sqn > last);
      assert.equal(seen.sqn % 32, Math.floor(seen.sqn / 32) % 32);
      assert.deepEqual(seen.res, vector.xres);
      last = seen.sqn;
    }
  });

test('a card is issued with an algorithm for GSM, rules for SQN and a SUCI, and read again the same', (context) => {
  const { subscribers } = open(context);
  const [first, second, third] = subscribers.issueCards([
    order(1, {
      algorithm: 'xor',
      gsmAlgorithm: 'comp128v3',
      sequence: { indBits: 3, ageLimit: 7 },
      suci: { by: 'usim', scheme: 'profile-b', routingIndicator: '17' },
    }),
    order(2, {
      gsmAlgorithm: { kind: 'xor', ki: new Uint8Array(16).fill(7) },
      suci: { by: 'terminal', scheme: 'null' },
    }),
    order(3),
  ]);
  assert.ok(first?.suci && second?.suci && third);
  assert.equal(first.algorithm.kind, 'xor');
  assert.equal(first.gsmAlgorithm?.kind, 'comp128v3');
  assert.equal(first.gsmAlgorithm?.ki.length, 16);
  assert.deepEqual(first.sequence, { indBits: 3, ageLimit: 7 });
  assert.deepEqual([first.suci.by, first.suci.routingIndicator], ['usim', '17']);
  assert.deepEqual(first.suci.calculation.schemes, [{ scheme: 2, keyIndex: 1 }]);
  assert.deepEqual(
    first.suci.calculation.keys.map(({ identifier, key }) => [identifier, key.length]),
    [[2, 33]],
  );
  assert.deepEqual(second.suci, {
    by: 'terminal',
    calculation: { schemes: [{ scheme: 0, keyIndex: 0 }], keys: [] },
    routingIndicator: '0',
  });
  assert.deepEqual(third.sequence, STANDARD_SEQUENCE);
  assert.deepEqual([third.suci, third.gsmAlgorithm], [undefined, undefined]);
  for (const card of [first, second, third]) assert.deepEqual(subscribers.personalisation(card.iccid), card);
});

test('a SUCI of our keys reveals its IMSI; of another key, scheme or operator, or changed, it reveals nobody', (context) => {
  const { subscribers } = open(context);
  const { subscribers: others } = open(context, temporaryDirectory(context), 'others');
  const random = seededRandom('suci');
  for (const [number, scheme, profile] of [
    [1, 'profile-a', 'A'],
    [2, 'profile-b', 'B'],
  ] as const) {
    const card = subscribers.issueCard(order(number, { suci: { by: 'usim', scheme } }));
    const [key] = card.suci?.calculation.keys ?? [];
    assert.ok(key);
    const conceal = (msin: string) =>
      eciesConceal(profile, key.key, swappedBcd((msin.length + 1) >> 1).encode(msin), { random, aes: nodeAes });
    const whole = (schemeOutput: Uint8Array, keyIdentifier: number = number) =>
      suci.encode({
        homeNetwork: { mcc: '001', mnc: '01' },
        routingIndicator: '0',
        protectionScheme: number,
        keyIdentifier,
        schemeOutput,
      });
    const octets = whole(conceal(card.imsi.digits.slice(5)));
    assert.equal(subscribers.revealSuci(octets)?.digits, card.imsi.digits);
    assert.equal(others.revealSuci(octets), undefined);
    assert.equal(subscribers.revealSuci(octets.slice(0, -1)), undefined);
    assert.equal(subscribers.revealSuci(whole(conceal('0000000001'), 3)), undefined);
    // What is concealed is no subscriber number: F in its midst, and too many digits.
    assert.equal(subscribers.revealSuci(whole(conceal('00000000000001'))), undefined);
    octets[octets.length - 1]! ^= 1;
    assert.equal(subscribers.revealSuci(octets), undefined);
  }
  assert.equal(subscribers.revealSuci(fromHex('0100F110F0FF00000000000010'))?.digits, '001010000000001');
  assert.equal(subscribers.revealSuci(fromHex('0100F110F0FF0000FF1F')), undefined);
  assert.equal(subscribers.revealSuci(new Uint8Array(0)), undefined);
});

test('AUTS moves SQN above that of the USIM and never back; a wrong MAC moves nothing', (context) => {
  const { subscribers } = open(context);
  const card = subscribers.issueCard(order(1));
  const algorithm = algorithmOf(card);
  const next = () => {
    const vector = subscribers.authenticationVector(card.imsi);
    const seen = vector && verifyAutn(algorithm, vector.rand, vector.autn);
    assert.ok(seen?.macValid);
    return seen.sqn;
  };
  next();
  const rand = fromHex('00'.repeat(16));
  const high = 1_000_000 * 32 + 7;
  const auts = buildAuts(algorithm, rand, high);
  assert.equal(
    subscribers.resynchronise(
      card.imsi,
      rand,
      auts.map((octet, at) => (at === 13 ? octet ^ 1 : octet)),
    ),
    false,
  );
  assert.ok(next() < high);
  assert.equal(subscribers.resynchronise(card.imsi, rand, auts), true);
  const above = next();
  assert.ok(above > high);
  assert.equal(subscribers.resynchronise(card.imsi, rand, buildAuts(algorithm, rand, 5)), true);
  assert.ok(next() > above);
  assert.equal(subscribers.resynchronise(Imsi.parse('001019999999999'), rand, auts), false);
  assert.equal(subscribers.authenticationVector(Imsi.parse('001019999999999')), undefined);
});

test('two processes and a restart: no SQN and no answer counter is given twice, each rises', (context) => {
  const directory = temporaryDirectory(context);
  const first = open(context, directory, 'first');
  const card = first.subscribers.issueCard(order(1));
  const second = open(context, directory, 'second');
  const sqn = (subscribers: typeof first.subscribers) => {
    const vector = subscribers.authenticationVector(card.imsi);
    const seen = vector && verifyAutn(algorithmOf(card), vector.rand, vector.autn);
    assert.ok(seen?.macValid);
    return seen.sqn;
  };
  const numbers: number[] = [];
  const counters: number[] = [];
  for (const opened of [first, second, first, first, second, first]) {
    numbers.push(sqn(opened.subscribers));
    counters.push(opened.subscribers.nextAnswerCounter(card.iccid));
  }
  const third = open(context, directory, 'third');
  numbers.push(sqn(third.subscribers));
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(numbers).size, numbers.length);
  assert.deepEqual(counters, [1, 2, 3, 4, 5, 6]);
});

test('a report counter is taken once, and only upwards', (context) => {
  const { subscribers } = open(context);
  const { iccid } = subscribers.issueCard(order(1));
  const taken = [1, 1, 5, 3, 5, 6].map((counter) => subscribers.acceptReportCounter(iccid, counter));
  assert.deepEqual(taken, [true, false, true, false, false, true]);
  assert.equal(subscribers.lastReportCounter(iccid), 6);
});
