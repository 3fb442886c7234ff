import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import {
  answerToReset,
  atrOffering,
  classForMac,
  commandApdu,
  decodeCommand,
  encodeCommand,
  HIGHEST_LOGICAL_CHANNEL,
  isNormal,
  isProtectedStatus,
  isSecureMessaging,
  logicalChannel,
  onChannel,
  responseApdu,
  responseData,
  SW,
  statusWord,
} from './index.ts';

test('the four cases of a command APDU (ISO/IEC 7816-3 12.1.3)', () => {
  assert.equal(decodeCommand(fromHex('80100000')).le, undefined);
  assert.equal(decodeCommand(fromHex('8012000000')).le, 256);
  assert.deepEqual(decodeCommand(fromHex('8014000002AABB')), {
    cla: 0x80,
    ins: 0x14,
    p1: 0,
    p2: 0,
    data: fromHex('AABB'),
  });
  assert.equal(decodeCommand(fromHex('00A4040002AABB1A')).le, 26);
  assert.throws(() => decodeCommand(fromHex('00A404')), CodecError);
  assert.throws(() => decodeCommand(fromHex('00A4040003AABB')), /expected 2 or one less, got 3/);
  assert.throws(() => encodeCommand({ cla: 0, ins: 0, p1: 0, p2: 0, data: new Uint8Array(256) }), CodecError);
});

test('the extended cases (ISO/IEC 7816-3 12.1.3): 00 and two octets of length', () => {
  const wanted = decodeCommand(fromHex('80F20000 00 0168'));
  assert.deepEqual([wanted.le, wanted.data.length, wanted.isExtended], [0x168, 0, true]);
  assert.equal(decodeCommand(fromHex('00CABF21 00 0000')).le, 65_536);
  const selected = decodeCommand(fromHex('00A40400 00 0002 AABB 0000'));
  assert.deepEqual([toHex(selected.data), selected.le], ['AABB', 65_536]);
  assert.equal(decodeCommand(fromHex('00A40400 00 0002 AABB')).le, undefined);
  for (const broken of ['00A40400 00 00', '00A40400 00 0000 AABB', '00A40400 00 0003 AABB', '00A40400 00 0002 AABB 00'])
    assert.throws(() => decodeCommand(fromHex(broken)), CodecError, broken);
  const longest = {
    cla: 0,
    ins: 0xdb,
    p1: 0,
    p2: 0,
    data: new Uint8Array(65_535),
    le: 65_536,
    isExtended: true,
  } as const;
  assert.equal(encodeCommand(longest).length, 4 + 3 + 65_535 + 2);
  assert.throws(() => encodeCommand({ ...longest, le: 65_537 }), CodecError);
});

test('an answer to reset says which protocols it offers; TCK stands unless T=0 is alone', () => {
  const uicc = fromHex('3B9F96801FC78031A073BE21136743200718000001A5');
  const { groups, historical } = answerToReset.decode(uicc);
  assert.deepEqual(groups, [{ ta: 0x96 }, { protocol: 0 }, { protocol: 15, ta: 0xc7 }]);
  assert.equal(historical.length, 15);
  assert.equal(toHex(atrOffering(uicc, 'T=0')), toHex(uicc));
  assert.equal(toHex(atrOffering(uicc, 'T=1')), '3B9F96811FC78031A073BE21136743200718000001A4');
  assert.equal(toHex(atrOffering(uicc, 'both')), '3B9F9680811FC78031A073BE2113674320071800000124');
  const support = fromHex('3B88 8001 4153534159203032 72');
  assert.equal(toHex(atrOffering(support, 'both')), toHex(support));
  assert.equal(toHex(atrOffering(support, 'T=0')), '3B88004153534159203032');
  assert.equal(toHex(atrOffering(support, 'T=1')), '3B88014153534159203032F2');
  for (const broken of ['', '3C00', '3B80', '3B02AA', '3B80018100', '3B00FF', `3B${'80'.repeat(12)}`])
    assert.throws(() => answerToReset.decode(fromHex(broken)), CodecError, broken);
});

test('property: an answer to reset survives the way out and back; random octets throw nothing but CodecError', () => {
  const octet = fc.nat(255);
  const group = fc.record({ ta: octet, tb: octet, tc: octet }, { requiredKeys: [], noNullPrototype: true });
  const later = fc.tuple(fc.nat(15), group).map(([protocol, rest]) => ({ protocol, ...rest }));
  const atr = fc.record(
    {
      convention: fc.constantFrom('direct' as const, 'inverse' as const),
      groups: fc.tuple(group, fc.array(later, { maxLength: 7 })).map(([one, more]) => [one, ...more] as const),
      historical: fc.uint8Array({ maxLength: 15 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(atr, (value) => assert.deepEqual(answerToReset.decode(answerToReset.encode(value)), value)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      try {
        assert.deepEqual(answerToReset.encode(answerToReset.decode(octets)), octets);
      } catch (error) {
        assert.ok(error instanceof CodecError);
      }
    }),
  );
});

test('property: a command survives the way out and back; random octets throw nothing but CodecError', () => {
  const octet = fc.nat(255);
  const command = fc.record(
    {
      cla: octet,
      ins: octet,
      p1: octet,
      p2: octet,
      data: fc.uint8Array({ maxLength: 255 }),
      le: fc.integer({ min: 1, max: 256 }),
    },
    { requiredKeys: ['cla', 'ins', 'p1', 'p2', 'data'] },
  );
  fc.assert(
    fc.property(command, (value) => assert.deepEqual(commandApdu.decode(commandApdu.encode(value)), { ...value })),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      try {
        assert.deepEqual(encodeCommand(decodeCommand(octets)), octets);
      } catch (error) {
        assert.ok(error instanceof CodecError);
      }
    }),
  );
});

test('CLA carries channels 0 to 19 and secure messaging on each (TS 102 221 10.1.1)', () => {
  for (const base of [0x00, 0x04, 0x80, 0x84]) {
    for (let channel = 0; channel <= HIGHEST_LOGICAL_CHANNEL; channel++) {
      const cla = onChannel(base, channel);
      assert.equal(logicalChannel(cla), channel);
      assert.equal(isSecureMessaging(cla), isSecureMessaging(base));
    }
  }
  assert.equal(onChannel(0x84, 4), 0xe0);
  assert.equal(classForMac(0x80), 0x84);
  assert.equal(classForMac(0xc3), 0x84);
});

test('a response is data and status word; what is normal and what is protected', () => {
  const response = responseApdu(SW.ok, fromHex('0102'));
  assert.equal(toHex(response), '01029000');
  assert.equal(statusWord(response), 0x9000);
  assert.equal(toHex(responseData(response)), '0102');
  assert.throws(() => statusWord(fromHex('90')), CodecError);
  assert.ok(isNormal(0x9110) && !isNormal(0x6985));
  assert.ok(isProtectedStatus(0x63c1) && !isProtectedStatus(SW.securityStatusNotSatisfied));
});
