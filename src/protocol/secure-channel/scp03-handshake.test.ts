import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { nodeAes, tableAes } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { decodeCommand, SW, statusWord } from '#protocol/apdu/index.ts';
import { putKey, putKeyAnswer, putKeyData, receivePutKey } from './put-key.ts';
import { scp03Pair, scp03Sessions } from './scp03.fixture.ts';
import { initializeUpdateAnswer, staticKeys } from './scp03.ts';
import { Scp03Card } from './scp03-card.ts';
import { Scp03Host } from './scp03-host.ts';
import { SecureChannelError } from './session.ts';

/** What the host makes of an answer to INITIALIZE UPDATE that was changed on the way. */
function changedAnswer(change: (octets: Uint8Array) => Uint8Array) {
  const { host, card } = scp03Pair('changed');
  const answer = card.process(decodeCommand(host.start())).response;
  const step = host.receive(change(answer));
  if (step.kind === 'notProven') assert.throws(() => host.receive(fromHex('9000')), SecureChannelError);
  return step.kind === 'notProven' ? step.reason : step.kind;
}

const put = (at: number, octet: number) => (octets: Uint8Array) => octets.with(at, octet);

test('the host verifies the card cryptogram before it sends anything else', () => {
  assert.equal(
    changedAnswer((octets) => octets),
    'send',
  );
  for (let at = 13; at < 29; at++)
    assert.equal(
      changedAnswer((octets) => octets.with(at, (octets[at] as number) ^ 1)),
      'wrongCryptogram',
    );
});

test('an answer that is not what was asked for ends the handshake', () => {
  assert.equal(changedAnswer(put(10, 0x31)), 'wrongKey');
  assert.equal(changedAnswer(put(11, 0x02)), 'malformed', 'SCP02');
  assert.equal(changedAnswer(put(12, 0x71)), 'notSupported', 'S16');
  assert.equal(changedAnswer(put(12, 0x30)), 'notSupported', 'no R-ENC');
  assert.equal(changedAnswer(put(12, 0x10)), 'notSupported', 'no R-MAC');
  assert.equal(changedAnswer(put(12, 0x60)), 'malformed', 'a sequence counter without bit 10');
  assert.equal(
    changedAnswer((octets) => concat(octets.subarray(0, 20), fromHex('9000'))),
    'malformed',
  );
  assert.equal(
    changedAnswer(() => fromHex('6A88')),
    'errorStatusWord',
  );
  assert.equal(
    changedAnswer(() => fromHex('90')),
    'tooShort',
  );
});

test('a proven sequence counter: the pseudo-random challenge must be that of counter and application', () => {
  const { card, keys } = scp03Pair('counter');
  const host = (application: string) =>
    new Scp03Host({
      aes: tableAes,
      keys,
      random: seededRandom('x'),
      securityLevel: 0x33,
      challengeLength: 8,
      application: fromHex(application),
    });
  const wrong = host('F04153534159FF');
  assert.equal(
    reason(wrong.receive(card.process(decodeCommand(wrong.start())).response)),
    'wrongCryptogram',
    'another application',
  );
  const right = host('F0415353415902');
  const answer = card.process(decodeCommand(right.start())).response;
  const authenticate = right.receive(answer);
  assert.ok(authenticate.kind === 'send');
  const opened = right.receive(card.process(decodeCommand(authenticate.command)).response);
  assert.equal(opened.kind === 'open' && opened.sequenceCounter, 2);
});

test('i = 60 and 61: a random challenge and no sequence counter', () => {
  for (const [length, parameterI] of [
    [8, 0x60],
    [16, 0x61],
  ] as const) {
    const { host, card, octets } = scp03Sessions('random', { length, parameterI });
    assert.equal(octets, length === 8 ? 68 : 108);
    assert.ok(host.open && card.peerProven);
  }
});

test('a forged 9000 to EXTERNAL AUTHENTICATE gives a session in which nothing is proven', () => {
  const { host, card } = scp03Pair('forged');
  host.receive(card.process(decodeCommand(host.start())).response);
  const opened = host.receive(fromHex('9000'));
  assert.ok(opened.kind === 'open');
  opened.session.wrap({ cla: 0x80, ins: 0xca, p1: 0xdf, p2: 0x20, data: NO_OCTETS, le: 256 });
  assert.equal(opened.session.unwrap(fromHex(`${'00'.repeat(24)}9000`)).kind, 'notProven');
});

test('data with the 9000 of EXTERNAL AUTHENTICATE is malformed', () => {
  const { host, card } = scp03Pair('data');
  host.receive(card.process(decodeCommand(host.start())).response);
  assert.equal(reason(host.receive(fromHex('009000'))), 'malformed');
});

const INITIALIZE_UPDATE = '8050300008000102030405060700';
const words = (card: Scp03Card, ...commands: readonly string[]) =>
  commands.map((command) => statusWord(card.process(decodeCommand(fromHex(command))).response));

test('the card refuses what Amendment D says it refuses', () => {
  const { card, keys } = scp03Pair('refuse');
  assert.deepEqual(words(card, '8482330010000102030405060708090A0B0C0D0E0F'), [SW.conditionsOfUseNotSatisfied]);
  assert.deepEqual(words(card, '8050310008000102030405060700'), [SW.referencedDataNotFound]);
  assert.deepEqual(words(card, '8050300108000102030405060700'), [SW.wrongParameters]);
  assert.deepEqual(words(card, '805030001000010203040506070001020304050607'), [SW.wrongLength]);
  assert.deepEqual(words(card, '80CA006600'), [SW.instructionNotSupported]);
  const wrong = ['8482330010000102030405060708090A0B0C0D0E0F', '8482330010000102030405060708090A0B0C0D0E0F'];
  assert.deepEqual(words(card, INITIALIZE_UPDATE, ...wrong), [
    SW.ok,
    SW.authenticationFailedNoDiagnosis,
    SW.conditionsOfUseNotSatisfied,
  ]);
  assert.deepEqual(words(card, INITIALIZE_UPDATE, '8482020010000102030405060708090A0B0C0D0E0F'), [
    SW.ok,
    SW.wrongParameters,
  ]);
  assert.deepEqual(words(card, INITIALIZE_UPDATE, '8482030010000102030405060708090A0B0C0D0E0F'), [
    SW.ok,
    SW.conditionsOfUseNotSatisfied,
  ]);
  assert.deepEqual(words(card, INITIALIZE_UPDATE, '84823300080001020304050607'), [SW.ok, SW.wrongLength]);
  card.process(decodeCommand(fromHex(INITIALIZE_UPDATE)));
  card.reset();
  assert.deepEqual(words(card, wrong[0] as string), [SW.conditionsOfUseNotSatisfied]);
  for (const value of [undefined, 0x1000000]) {
    const spent = new Scp03Card({
      aes: tableAes,
      keySet: () => keys,
      parameterI: 0x70,
      application: fromHex('F0415353415902'),
      counter: { next: () => value },
      random: seededRandom(''),
      diversification: new Uint8Array(10),
    });
    assert.deepEqual(words(spent, INITIALIZE_UPDATE), [SW.conditionsOfUseNotSatisfied]);
  }
});

test('which commands are SCP03’s, on every logical channel', () => {
  const takes = (octets: string) => Scp03Card.takes(decodeCommand(fromHex(octets)));
  assert.ok(takes('80503000') && takes('83503000') && takes('C0503000') && takes('84823300') && takes('E0823300'));
  assert.ok(!takes('00503000') && !takes('84503000') && !takes('80820111') && !takes('80CA0066'));
});

test('a new INITIALIZE UPDATE gives other session keys: an old session does not understand the new one', () => {
  const { host, card, keys } = scp03Pair('anew');
  const again = new Scp03Host({
    aes: tableAes,
    keys,
    random: seededRandom('again'),
    securityLevel: 0x33,
    challengeLength: 8,
  });
  const open = (one: Scp03Host) => {
    const authenticate = one.receive(card.process(decodeCommand(one.start())).response);
    assert.ok(authenticate.kind === 'send');
    const { session, response } = card.process(decodeCommand(authenticate.command));
    const opened = one.receive(response);
    assert.ok(opened.kind === 'open' && session !== undefined);
    return { host: opened.session, card: session };
  };
  const [old, fresh] = [open(host), open(again)];
  const read = { cla: 0x80, ins: 0xca, p1: 0xdf, p2: 0x20, data: NO_OCTETS, le: 256 };
  assert.equal(fresh.card.unwrap(decodeCommand(old.host.wrap(read))), SW.securityStatusNotSatisfied);
});

test('table AES and OpenSSL’s AES speak the same protocol', () => {
  const keys = (aes: typeof tableAes) =>
    staticKeys(aes, { version: 0x30, enc: new Uint8Array(16), mac: new Uint8Array(16), dek: new Uint8Array(16) });
  const host = new Scp03Host({
    aes: nodeAes,
    keys: keys(nodeAes),
    random: seededRandom(''),
    securityLevel: 0x33,
    challengeLength: 8,
  });
  const card = new Scp03Card({
    aes: tableAes,
    keySet: () => keys(tableAes),
    parameterI: 0x70,
    application: fromHex('F0415353415902'),
    counter: { next: () => 1 },
    random: seededRandom(''),
    diversification: new Uint8Array(10),
  });
  assert.equal(host.receive(card.process(decodeCommand(host.start())).response).kind, 'send');
});

test('property: hostile octets never open a session on either side', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
      const { host } = scp03Pair('hostile');
      host.start();
      assert.equal(host.receive(octets).kind, 'notProven');
      const second = scp03Pair('hostile').host;
      second.start();
      assert.equal(second.receive(concat(octets, fromHex('9000'))).kind, 'notProven');
    }),
  );
  const { card } = scp03Pair('hostile');
  fc.assert(
    fc.property(fc.constantFrom(0x50, 0x82), fc.nat(255), fc.uint8Array({ maxLength: 40 }), (ins, p1, data) => {
      const command = { cla: ins === 0x50 ? 0x80 : 0x84, ins, p1: ins === 0x50 ? 0x30 : p1, p2: 0, data };
      assert.equal(card.process(command).session, undefined);
    }),
  );
  for (const format of [initializeUpdateAnswer(8), initializeUpdateAnswer(16), putKeyData])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (octets) => {
        try {
          assert.deepEqual(new Uint8Array(format.encode(format.decode(octets) as never)), octets);
        } catch (error) {
          assert.ok(error instanceof CodecError);
        }
      }),
    );
});

test('property: the answer to INITIALIZE UPDATE survives the way out and back', () => {
  for (const length of [8, 16] as const) {
    const exactly = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });
    const answer = fc.record({
      diversification: exactly(10),
      keyVersion: fc.nat(255),
      parameterI: fc.constantFrom(0x70, 0x71),
      cardChallenge: exactly(length),
      cardCryptogram: exactly(length),
      sequenceCounter: fc.nat(0xffffff),
    });
    const format = initializeUpdateAnswer(length);
    fc.assert(fc.property(answer, (value) => assert.deepEqual(format.decode(format.encode(value)), { ...value })));
  }
});

const DEK = tableAes.key(new Uint8Array(16).fill(9));

test('property: PUT KEY carries every key set, and a check value that is not the key’s is 6982', () => {
  const key = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const sets = fc
    .constantFrom(16, 24, 32)
    .chain((length) =>
      fc.record({ version: fc.integer({ min: 1, max: 0x7f }), enc: key(length), mac: key(length), dek: key(length) }),
    );
  fc.assert(
    fc.property(sets, fc.nat(2), (keys, which) => {
      const command = putKey(tableAes, DEK, 0x30, keys, seededRandom('filler'));
      assert.deepEqual(receivePutKey(tableAes, DEK, command), { kind: 'keys', oldVersion: 0x30, keys: { ...keys } });
      assert.equal(putKeyAnswer(tableAes, keys).length, 10);
      const field = (command.data.length - 1) / 3;
      const last = field * (which + 1);
      const data = command.data.with(last, (command.data[last] as number) ^ 1);
      assert.equal(receivePutKey(tableAes, DEK, { ...command, data }), SW.securityStatusNotSatisfied);
    }),
    { numRuns: 50 },
  );
});

test('PUT KEY in a session: the card gets the keys, the host proves it by the check values', () => {
  const { host, card } = scp03Sessions('put key');
  const keys = {
    version: 0x31,
    enc: new Uint8Array(16),
    mac: new Uint8Array(16).fill(1),
    dek: new Uint8Array(16).fill(2),
  };
  assert.ok(host.dek !== undefined && card.dek !== undefined);
  const wrapped = host.wrap(putKey(tableAes, host.dek, 0, keys, seededRandom('')));
  const plain = card.unwrap(decodeCommand(wrapped));
  assert.ok(typeof plain !== 'number');
  const received = receivePutKey(tableAes, card.dek, plain);
  assert.deepEqual(received, { kind: 'keys', oldVersion: 0, keys });
  const answer = host.unwrap(card.wrap(SW.ok, putKeyAnswer(tableAes, keys)));
  assert.deepEqual(answer.kind === 'protected' && answer.data, putKeyAnswer(tableAes, keys));
});

test('PUT KEY refuses other parameters, other lengths, other types', () => {
  const keys = { version: 0x31, enc: new Uint8Array(16), mac: new Uint8Array(16), dek: new Uint8Array(16) };
  const command = putKey(tableAes, DEK, 0, keys, seededRandom(''));
  const refused = (changes: object) => receivePutKey(tableAes, DEK, { ...command, ...changes });
  assert.equal(refused({ p2: 0x01 }), SW.wrongParameters);
  assert.equal(refused({ ins: 0xd9 }), SW.instructionNotSupported);
  assert.equal(refused({ data: command.data.with(1, 0x80) }), SW.wrongData, 'DES');
  assert.equal(refused({ data: command.data.with(0, 0) }), SW.wrongData, 'version 0');
  assert.equal(refused({ data: command.data.subarray(1) }), SW.wrongData);
  const mixed = putKey(tableAes, DEK, 0, { ...keys, dek: new Uint8Array(32) }, seededRandom(''));
  assert.equal(receivePutKey(tableAes, DEK, mixed), SW.wrongData, 'lengths differ');
});

const reason = (step: { readonly kind: string; readonly reason?: string }) => step.reason ?? step.kind;
