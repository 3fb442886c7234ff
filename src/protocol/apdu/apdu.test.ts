import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import {
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
  assert.throws(() => decodeCommand(fromHex('00A404000000020000')), /extended/);
  assert.throws(() => encodeCommand({ cla: 0, ins: 0, p1: 0, p2: 0, data: new Uint8Array(256) }), CodecError);
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
