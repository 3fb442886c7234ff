import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { crc16, crc32, nodeAes, TripleDesKey, tableAes } from '#base/crypto/index.ts';
import {
  type Carrier,
  decodeTpdu,
  NO_OPEN_MESSAGES,
  type Reassembly,
  reassemble,
  splitUserData,
  type UserData,
} from '#protocol/sms/index.ts';
import { decodeEnvelope } from '#protocol/usat/index.ts';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import {
  COUNTER_LIMIT,
  type CommandMessage,
  type CommandReceiver,
  compactResponse,
  decodeCommandHeader,
  decodeResponseHeader,
  NO_PROOF,
  type OtaKeys,
  openCommand,
  openResponse,
  PACKET_CHECK_LENGTH,
  POR_STATUS,
  PROOF_BY_DELIVER_REPORT,
  PROOF_BY_SUBMIT,
  packetToSegments,
  type ReadingKeys,
  readCommand,
  readResponse,
  type SecurityLevel,
  securedCommand,
  securedPacketOf,
  securedResponse,
  unprotectedRefusal,
  type WritableProof,
  wantsProof,
} from './index.ts';

const upper = (text: string): string => text.toUpperCase();
const octet = (text: string): number => Number.parseInt(text, 16);
const commands = loadVectors('ota-commands');
const responses = loadVectors('ota-responses');
const commandVector = (id: string): VectorCase => commands.find((vector) => vector.id === id) as VectorCase;

const isAesVector = (vector: VectorCase): boolean => (octet(vector['kic']) & 0x0f) === 2;
const keysOf = (vector: VectorCase, provider = tableAes): OtaKeys => ({
  cipher: provider.key(fromHex(vector['kic_key'])),
  check: provider.key(fromHex(vector['kid_key'])),
});

const tripleDes = (key: string): TripleDesKey => new TripleDesKey(fromHex(key));

/** What a vector of any algorithm is read with; members it has no key for are left out. */
function readingKeys(vector: VectorCase): ReadingKeys {
  if (isAesVector(vector)) return keysOf(vector);
  const isRc = (octet(vector['spi'].slice(0, 2)) & 3) === 1;
  const check = isRc
    ? ({ check: 'CRC-32' } as const)
    : vector['kid_key'].length >= 32
      ? { check: tripleDes(vector['kid_key']) }
      : {};
  return { ...(vector['kic_key'].length >= 32 && { cipher: tripleDes(vector['kic_key']) }), ...check };
}

/** A receiver with one key set (1), applications of the lowest level, and counters in an array. */
function receiverOf(keys: OtaKeys, last = 0, level: SecurityLevel | undefined = 0x16) {
  const stored: number[] = [];
  const receiver: CommandReceiver = {
    keys: (keySet) => (keySet === 1 ? keys : undefined),
    minimumLevel: () => level,
    counters: {
      last: () => stored.at(-1) ?? last,
      store: (keySet, counter) => {
        assert.equal(keySet, 1);
        stored.push(counter);
      },
    },
  };
  return { receiver, stored };
}

/** Ciphers that no key type here can read: single DES, ECB, and what the packet does not name. */
const isUnreadable = (vector: VectorCase): boolean => ['1', 'd', '4', '8'].includes(vector['kic'][1]);

for (const vector of commands) {
  const packet = fromHex(vector['packet']);
  test(`ota-commands ${vector.id}: header`, () => {
    const header = decodeCommandHeader(packet);
    assert.equal(toHex(header.tar), upper(vector['tar']));
    assert.equal(header.checkLength, vector['cc_length']);
    assert.equal(header.cipher.keySet, octet(vector['kic'][0]));
    assert.equal(header.check.keySet, octet(vector['kid'][0]));
    assert.equal(header.protection.ciphered, (octet(vector['spi'].slice(0, 2)) & 4) !== 0);
  });
  if (isUnreadable(vector)) {
    test(`ota-commands ${vector.id}: single DES, ECB and unnamed ciphers are refused`, () => {
      assert.throws(() => readCommand(packet, readingKeys(vector)), /KIc .*cannot be read here/);
      assert.equal(
        openCommand(packet, receiverOf(keysOf(commandVector('derived-aes128-cc-ciph-higher'))).receiver).kind,
        'refused',
      );
    });
  } else if (vector['rc_algorithm'] === 'XOR4') {
    test(`ota-commands ${vector.id}: a proprietary check does not pass`, () => {
      assert.equal(readCommand(packet, readingKeys(vector)), undefined);
    });
  } else {
    test(`ota-commands ${vector.id}: read`, () => {
      assert.deepEqual(readCommand(packet, readingKeys(vector)), {
        counter: octet(vector['cntr']),
        status: 0,
        data: fromHex(vector['secured_data']),
      });
    });
  }
}

/** What the second octet of an SPI asks for, in words. */
function proofOf(spi: string): WritableProof {
  const bits = octet(spi.slice(2));
  const when = (['never', 'always', 'onError'] as const)[bits & 3] ?? 'never';
  const bySubmit = (bits & 0x20) !== 0;
  return (bits & 0x0c) === 0x08
    ? { when, bySubmit, integrity: 'CC', ciphered: (bits & 0x10) !== 0 }
    : { when, bySubmit, integrity: 'none', ciphered: false };
}

for (const vector of commands.filter(isAesVector)) {
  const packet = fromHex(vector['packet']);
  const isAcceptable = vector['spi'].startsWith('16') && vector['cc_length'] === PACKET_CHECK_LENGTH;
  for (const provider of [tableAes, nodeAes]) {
    const keys = keysOf(vector, provider);
    if (!isAcceptable) {
      test(`ota-commands ${vector.id}: below level 16 or with a short checksum, refused before any key (${provider.name})`, () => {
        const { receiver, stored } = receiverOf(keys);
        const opened = openCommand(packet, { ...receiver, keys: () => assert.fail('no key may be touched') });
        assert.deepEqual(opened, { kind: 'refused', authentic: false, status: 0x0a, tar: fromHex(vector['tar']) });
        assert.deepEqual(stored, []);
      });
      continue;
    }
    test(`ota-commands ${vector.id}: written and opened (${provider.name})`, () => {
      const message: CommandMessage = {
        tar: fromHex(vector['tar']),
        counter: octet(vector['cntr']),
        counterMode: 'higher',
        keySet: 1,
        proof: proofOf(vector['spi']),
      };
      const data = fromHex(vector['secured_data']);
      assert.equal(toHex(securedCommand(message, keys, data)), upper(vector['packet']));
      const { receiver, stored } = receiverOf(keys);
      const { counterMode: _, ...expected } = message;
      assert.deepEqual(openCommand(packet, receiver), { kind: 'accepted', ...expected, data });
      assert.deepEqual(stored, [message.counter]);
    });
  }
}

for (const vector of responses) {
  const packet = fromHex(vector['packet']);
  const { expected } = vector;
  const proof = proofOf(vector['spi']);
  const content = {
    status: octet(expected.status),
    counter: octet(expected.cntr),
    data: fromHex(expected.secured_data),
  };
  test(`ota-responses ${vector.id}: read`, () => {
    const { tar, checkLength } = decodeResponseHeader(packet);
    assert.equal(toHex(tar), upper(expected.tar));
    assert.equal(checkLength, expected.cc.length / 2);
    const isCiphered = (octet(vector['spi'].slice(2)) & 0x10) !== 0;
    assert.deepEqual(readResponse(packet, isCiphered, readingKeys(vector)), content);
  });
  if (!isAesVector(vector)) continue;
  for (const provider of [tableAes, nodeAes])
    test(`ota-responses ${vector.id}: written and opened (${provider.name})`, () => {
      const keys = keysOf(vector, provider);
      const tar = fromHex(expected.tar);
      // Every status in the vectors is one that this house gives.
      const status = Object.values(POR_STATUS).find((code) => code === content.status);
      assert.ok(status !== undefined);
      const written = securedResponse({ tar, counter: content.counter, proof, status }, keys, content.data);
      assert.equal(toHex(written), upper(vector['packet']));
      assert.deepEqual(openResponse(packet, { tar, proof }, keys), { kind: 'authentic', ...content });
    });
}

for (const vector of responses.filter((each) => each['cc_coverage'] === 'none'))
  test(`ota-responses ${vector.id}: a bare response proves nothing`, () => {
    const { expected } = vector;
    const keys = keysOf(commandVector('derived-aes128-cc-ciph-higher'));
    const opened = openResponse(
      fromHex(vector['packet']),
      { tar: fromHex(expected.tar), proof: PROOF_BY_SUBMIT },
      keys,
    );
    assert.equal(opened.kind, 'unprotected');
  });

for (const vector of loadVectors('ota-checks').filter(({ kind }) => kind === 'ota-crc'))
  test(`ota-checks ${vector.id}`, () => {
    const crc = vector['algorithm'] === 'CRC-16' ? crc16 : crc32;
    assert.equal(toHex(crc(fromHex(vector['message']))), upper(vector['check']));
  });

test('the example of TS 102 225 in the ENVELOPE and the SMS-SUBMIT of a real exchange', () => {
  const vector = commandVector('asterix-spi1535-crc32');
  const envelope = decodeEnvelope(fromHex(vector['envelope_sms_pp_download']));
  assert.ok(envelope.type === 'SMS-PP DOWNLOAD');
  const tpdu = decodeTpdu(envelope.tpdu, 'RP-DATA from SC' satisfies Carrier);
  assert.ok(tpdu.type === 'SMS-DELIVER');
  assert.deepEqual(securedPacketOf(splitUserData(tpdu.userData)), {
    kind: 'command',
    packet: fromHex(vector['packet']),
  });
});

const base = commandVector('derived-aes256-cc-ciph-higher');
const baseKeys = keysOf(base);
const basePacket = fromHex(base['packet']);
const negative = (id: string): Uint8Array =>
  fromHex((loadVectors('negatives').find((vector) => vector.id === id) as VectorCase)['packet']);

test('negatives neg-ota-replay: the second time counter low, nothing stored, the refusal may be protected', () => {
  const { receiver, stored } = receiverOf(baseKeys);
  assert.equal(openCommand(basePacket, receiver).kind, 'accepted');
  const again = openCommand(negative('neg-ota-replay'), receiver);
  assert.ok(again.kind === 'refused' && again.authentic);
  assert.equal(again.status, POR_STATUS.counterLow);
  assert.equal(stored.length, 1);
});

test('negatives neg-ota-tar: another TAR breaks the checksum', () => {
  const opened = openCommand(negative('neg-ota-tar'), receiverOf(baseKeys).receiver);
  assert.deepEqual(opened, {
    kind: 'refused',
    authentic: false,
    status: POR_STATUS.checkFailed,
    tar: fromHex('B2F0A2'),
  });
});

test('negatives neg-ota-spi-downgrade: no security asked for, refused unread', () => {
  const opened = openCommand(negative('neg-ota-spi-downgrade'), receiverOf(baseKeys).receiver);
  assert.ok(opened.kind === 'refused' && !opened.authentic);
  assert.equal(opened.status, POR_STATUS.insufficientSecurityLevel);
});

test('property: one changed bit anywhere is refused, and every refusal of a check is the same', () => {
  fc.assert(
    fc.property(fc.nat(basePacket.length * 8 - 1), (bit) => {
      const packet = basePacket.slice();
      packet[bit >> 3] = (packet[bit >> 3] as number) ^ (1 << (bit & 7));
      const { receiver, stored } = receiverOf(baseKeys);
      let opened: ReturnType<typeof openCommand>;
      try {
        opened = openCommand(packet, receiver);
      } catch (error) {
        assert.ok(error instanceof CodecError);
        return;
      }
      assert.ok(opened.kind === 'refused' && !opened.authentic);
      assert.deepEqual(stored, []);
      if (bit >= 80) assert.deepEqual(opened, { kind: 'refused', authentic: false, status: 1, tar: fromHex('B2F0A1') });
    }),
    { numRuns: 400 },
  );
});

const message = (changes: Partial<CommandMessage> = {}): CommandMessage => ({
  tar: fromHex('B2F0A1'),
  counter: 7,
  counterMode: 'higher',
  keySet: 1,
  proof: PROOF_BY_SUBMIT,
  ...changes,
});
const sample = (changes: Partial<CommandMessage> = {}): Uint8Array =>
  securedCommand(message(changes), baseKeys, fromHex('AA0D'));

test('counters: low, gap not allowed, blocked at the limit', () => {
  const outcome = (packet: Uint8Array, last: number) => {
    const opened = openCommand(packet, receiverOf(baseKeys, last).receiver);
    return opened.kind === 'accepted' ? POR_STATUS.ok : opened.status;
  };
  assert.equal(outcome(sample(), 6), POR_STATUS.ok);
  assert.equal(outcome(sample(), 0), POR_STATUS.ok);
  assert.equal(outcome(sample(), 7), POR_STATUS.counterLow);
  assert.equal(outcome(sample({ counterMode: 'exactlyOneHigher' }), 6), POR_STATUS.ok);
  assert.equal(outcome(sample({ counterMode: 'exactlyOneHigher' }), 5), POR_STATUS.counterHigh);
  assert.equal(outcome(sample({ counter: COUNTER_LIMIT }), COUNTER_LIMIT - 1), POR_STATUS.ok);
  assert.equal(outcome(sample({ counter: COUNTER_LIMIT }), COUNTER_LIMIT), POR_STATUS.counterBlocked);
});

test('the counter is stored before anything can be executed; when it cannot be, nothing is', () => {
  const { receiver } = receiverOf(baseKeys);
  const broken = { last: () => 0, store: () => assert.fail('memory is full') };
  assert.throws(() => openCommand(sample(), { ...receiver, counters: broken }), /memory is full/);
});

test('an unknown TAR and a TAR that wants more are told apart only to who has the keys', () => {
  const unknown = { ...receiverOf(baseKeys).receiver, minimumLevel: () => undefined };
  const opened = openCommand(sample(), unknown);
  assert.ok(opened.kind === 'refused' && opened.authentic && opened.status === POR_STATUS.tarUnknown);
  const forged = openCommand(negative('neg-ota-tar'), unknown);
  assert.ok(forged.kind === 'refused' && forged.status === POR_STATUS.checkFailed);
  const strict = receiverOf(baseKeys, 0, 0x1e).receiver;
  const plain = openCommand(sample(), strict);
  assert.ok(plain.kind === 'refused' && plain.authentic && plain.status === POR_STATUS.insufficientSecurityLevel);
  assert.equal(openCommand(sample({ counter: 1, counterMode: 'exactlyOneHigher' }), strict).kind, 'accepted');
});

test('unknown and mixed key sets look like a wrong checksum', () => {
  const expected = { kind: 'refused', authentic: false, status: POR_STATUS.checkFailed, tar: fromHex('B2F0A1') };
  assert.deepEqual(openCommand(sample({ keySet: 2 }), receiverOf(baseKeys).receiver), expected);
  const mixed = sample();
  mixed[5] = 0x22;
  assert.deepEqual(openCommand(mixed, { ...receiverOf(baseKeys).receiver, keys: () => baseKeys }), expected);
});

test('a proof that this house does not give (RC, DS, ciphered without checksum) is refused unread', () => {
  for (const spi of [0x05, 0x0d, 0x11, 0x15, 0x1d]) {
    const packet = sample();
    packet[4] = spi;
    const opened = openCommand(packet, receiverOf(baseKeys).receiver);
    assert.ok(opened.kind === 'refused' && opened.status === POR_STATUS.insufficientSecurityLevel, spi.toString(16));
  }
  const reserved = sample();
  reserved[4] = 3;
  assert.throws(() => openCommand(reserved, receiverOf(baseKeys).receiver), /proof of receipt 0, 1 or 2/);
});

test('answers to what is not authentic: silence, or status 01 without checksum and without a deciphered counter', () => {
  const tar = fromHex('B2F0A1');
  const bare = unprotectedRefusal(tar);
  assert.equal(toHex(bare), '000B0AB2F0A1' + '0000000000' + '00' + '01');
  assert.deepEqual(openResponse(bare, { tar, proof: PROOF_BY_SUBMIT }, baseKeys), {
    kind: 'unprotected',
    status: POR_STATUS.checkFailed,
    counter: 0,
    data: NO_OCTETS,
  });
});

test('when a proof is wanted', () => {
  assert.equal(wantsProof(PROOF_BY_SUBMIT, POR_STATUS.ok), true);
  assert.equal(wantsProof(NO_PROOF, POR_STATUS.counterLow), false);
  const onError: WritableProof = { ...PROOF_BY_DELIVER_REPORT, when: 'onError' };
  assert.equal(wantsProof(onError, POR_STATUS.ok), false);
  assert.equal(wantsProof(onError, POR_STATUS.counterLow), true);
});

test('values that do not fit are refused when written', () => {
  for (const bad of [
    { counter: 0 },
    { counter: COUNTER_LIMIT + 1 },
    { keySet: 0 },
    { keySet: 16 },
    { tar: fromHex('B2F0') },
  ])
    assert.throws(() => sample(bad), CodecError);
  assert.throws(() => securedCommand(message(), baseKeys, new Uint8Array(0x10000)), /at most 65537 octets/);
  assert.throws(
    () => securedResponse({ ...message(), status: POR_STATUS.ok }, baseKeys, new Uint8Array(0x10000)),
    /at most 65537 octets/,
  );
});

const anyProof = fc.constantFrom(PROOF_BY_SUBMIT, PROOF_BY_DELIVER_REPORT, { ...PROOF_BY_SUBMIT, ciphered: false });
const anyData = fc.uint8Array({ maxLength: 300 });
const anyCounter = fc.integer({ min: 1, max: COUNTER_LIMIT });

test('property: what is written is what is opened, whichever implementation of AES is where', () => {
  const card = keysOf(base, tableAes);
  const operator = keysOf(base, nodeAes);
  fc.assert(
    fc.property(anyData, anyCounter, anyProof, fc.boolean(), (data, counter, proof, isExact) => {
      const written = message({ counter, proof, counterMode: isExact ? 'exactlyOneHigher' : 'higher' });
      const packet = securedCommand(written, operator, data);
      const opened = openCommand(packet, receiverOf(card, counter - 1).receiver);
      assert.ok(opened.kind === 'accepted');
      assert.deepEqual(opened.data, data);
      assert.deepEqual(opened.proof, proof);
      const answer = securedResponse({ ...opened, status: POR_STATUS.ok }, card, data);
      assert.deepEqual(openResponse(answer, opened, operator), { kind: 'authentic', status: 0, counter, data });
      assert.deepEqual(openResponse(answer, { ...opened, tar: fromHex('B2F0A2') }, operator), { kind: 'refused' });
      // Neither packet passes for the other.
      assert.notEqual(
        outcome(() => openCommand(answer, receiverOf(card).receiver)),
        'accepted',
      );
      assert.notEqual(
        outcome(() => openResponse(packet, opened, operator)),
        'authentic',
      );
    }),
  );
});

/** The kind of a result, or the word for a CodecError; other errors fail the test. */
function outcome(run: () => unknown): unknown {
  try {
    const result = run();
    return typeof result === 'object' && result !== null && 'kind' in result ? result.kind : 'read';
  } catch (error) {
    if (error instanceof CodecError) return 'CodecError';
    throw error;
  }
}

test('property: hostile octets throw nothing but CodecError and are never accepted', () => {
  const lengthFits = fc.uint8Array({ minLength: 14, maxLength: 80 }).map((octets) => {
    octets[0] = 0;
    octets[1] = octets.length - 2;
    return octets;
  });
  const nearly = lengthFits.map((octets) => {
    octets.set([0x15, 0x16, 0x39, 0x12, 0x12], 2);
    return octets;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), lengthFits, nearly), (octets) => {
      const { receiver, stored } = receiverOf(baseKeys);
      assert.notEqual(
        outcome(() => openCommand(octets, receiver)),
        'accepted',
      );
      assert.deepEqual(stored, []);
      const asked = { tar: octets.slice(3, 6), proof: PROOF_BY_SUBMIT };
      assert.notEqual(
        outcome(() => openResponse(octets, asked, baseKeys)),
        'authentic',
      );
      outcome(() => readCommand(octets, baseKeys));
      outcome(() => readCommand(octets, {}));
      outcome(() => readResponse(octets, true, { cipher: tripleDes('00'.repeat(16)), check: 'CRC-16' }));
      outcome(() => compactResponse.decode(octets));
    }),
    { numRuns: 2000 },
  );
});

test('reading without the key that a packet needs says so', () => {
  assert.throws(() => readCommand(basePacket, {}), /KIc .* expected a key/);
  assert.throws(() => readCommand(basePacket, { cipher: baseKeys.cipher }), /KID .* expected a key/);
});

test('one short message: 98 octets of command data in 125, 113 of response data in 137', () => {
  const one = packetToSegments({ kind: 'command', packet: securedCommand(message(), baseKeys, new Uint8Array(98)) }, 0);
  assert.deepEqual(
    one.map(({ octets }) => octets.length),
    [125],
  );
  const answer = (length: number) =>
    packetToSegments(
      { kind: 'response', packet: securedResponse({ ...message(), status: 0 }, baseKeys, new Uint8Array(length)) },
      0,
    );
  assert.deepEqual(
    answer(113).map(({ octets }) => octets.length),
    [137],
  );
  assert.equal(answer(114).length, 2);
  assert.equal(toHex((one[0] as UserData).octets.subarray(0, 3)), '027000');
  assert.equal(toHex((answer(114)[0] as UserData).octets.subarray(0, 8)), '0700030002017100');
});

test('ota-commands derived-aes256-long-3-segments: through three messages in the wrong order', () => {
  const packet = fromHex(commandVector('derived-aes256-long-3-segments')['packet']);
  const parts = packetToSegments({ kind: 'command', packet }, 9);
  assert.equal(parts.length, 3);
  let state: Reassembly = NO_OPEN_MESSAGES;
  let secured: ReturnType<typeof securedPacketOf>;
  for (const userData of [parts[2], parts[0], parts[1]] as readonly UserData[]) {
    const step = reassemble(state, { sender: '1', nowMs: 0, userData });
    state = step.state;
    if (step.outcome.kind === 'complete') secured = securedPacketOf(step.outcome);
  }
  assert.deepEqual(secured, { kind: 'command', packet });
  assert.equal(securedPacketOf({ elements: [], payload: packet }), undefined);
});

test('the compact remote response', () => {
  assert.deepEqual(compactResponse.decode(fromHex('016132')), { commands: 1, statusWord: 0x6132, data: NO_OCTETS });
  const value = { commands: 2, statusWord: 0x9000, data: fromHex('E012C004') };
  assert.equal(toHex(compactResponse.encode(value)), '029000E012C004');
  assert.deepEqual(compactResponse.decode(fromHex('029000E012C004')), value);
  assert.throws(() => compactResponse.decode(fromHex('0190')), CodecError);
});
