import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, type Format, fromHex, toHex } from '#base/codec/index.ts';
import { Imei, Imsi } from '#base/identity/index.ts';
import {
  IDENTITY_TYPE,
  type NasMessage,
  nasMessage,
  REJECT_CAUSE,
  type RelayMessage,
  relayMessage,
  SPEECH,
} from './index.ts';
import { declaredNasMessage } from './message.ts';

const imsi = { type: 'imsi', imsi: Imsi.parse('001010000000001') } as const;
const examples: readonly (readonly [string, NasMessage])[] = [
  [
    '0508 70 00F1100001 33 08 0910100000000010',
    {
      name: 'locationUpdatingRequest',
      typeAndKeySequence: 0x70,
      locationArea: fromHex('00F1100001'),
      classmark: 0x33,
      identity: imsi,
    },
  ],
  ['0504 06', { name: 'locationUpdatingReject', cause: REJECT_CAUSE.illegalMe }],
  ['0502 00F1100001', { name: 'locationUpdatingAccept', locationArea: fromHex('00F1100001') }],
  ['0518 02', { name: 'identityRequest', identityType: IDENTITY_TYPE.imei }],
  [
    '0519 08 1A32547698103254',
    { name: 'identityResponse', identity: { type: 'imei', imei: Imei.parse('12345678901234') } },
  ],
  [
    `0512 00 ${'11'.repeat(16)} 2010 ${'22'.repeat(16)}`,
    {
      name: 'authenticationRequest',
      keySequence: 0,
      rand: new Uint8Array(16).fill(0x11),
      autn: new Uint8Array(16).fill(0x22),
    },
  ],
  [
    '0514 A54211D5 2104 E3BA50BF',
    { name: 'authenticationResponse', res: fromHex('A54211D5'), extension: fromHex('E3BA50BF') },
  ],
  [
    `051C 15 220E ${'33'.repeat(14)}`,
    { name: 'authenticationFailure', cause: REJECT_CAUSE.synchFailure, auts: new Uint8Array(14).fill(0x33) },
  ],
  ['051C 14', { name: 'authenticationFailure', cause: REJECT_CAUSE.macFailure }],
  ['0305 0404 60020081 5E03 81 2143', { name: 'setup', bearer: SPEECH, called: fromHex('812143') }],
  ['030E', { name: 'emergencySetup' }],
  ['0901 03 020100', { name: 'cpDataUplink', rpdu: fromHex('020100') }],
];

test('layer 3 messages are the octets of TS 24.008 and TS 24.011', () => {
  for (const [hex, message] of examples) {
    assert.deepEqual(nasMessage.decode(fromHex(hex)), message, hex);
    assert.deepEqual(declaredNasMessage.decode(fromHex(hex)), message, hex);
    assert.deepEqual(nasMessage.encode(message), declaredNasMessage.encode(message), hex);
    // The printed check digit, not the digit that came over the air, is what an Imei writes.
    if (!hex.includes('1A32')) assert.equal(toHex(nasMessage.encode(message)), hex.replaceAll(' ', ''), hex);
  }
});

test('relay messages carry a TPDU each way', () => {
  const uplink: RelayMessage = {
    name: 'dataUplink',
    reference: 1,
    destination: fromHex('91214365'),
    tpdu: fromHex('41170591'),
  };
  assert.equal(toHex(relayMessage.encode(uplink)), '00010004912143650441170591');
  assert.deepEqual(relayMessage.decode(relayMessage.encode(uplink)), uplink);
  assert.throws(() => relayMessage.decode(fromHex('09')), /expected 0 to 5/);
});

test('an unknown message, a left-over octet and a bad identity are refused with their place', () => {
  assert.throws(() => nasMessage.decode(fromHex('0533')), { name: 'CodecError', position: 0 });
  assert.throws(() => nasMessage.decode(fromHex('05040600')), CodecError);
  assert.throws(() => nasMessage.decode(fromHex('0519 08 1AF2547698103254')), CodecError);
  assert.throws(() => nasMessage.decode(fromHex('0519 01 07')), /type of identity/);
});

/** What a format makes of octets: the value and its octets, or the error. */
function outcome(format: Format<NasMessage>, octets: Uint8Array): unknown {
  try {
    const value = format.decode(octets);
    return [value, format.encode(value)];
  } catch (error) {
    assert.ok(error instanceof CodecError, String(error));
    return error.message;
  }
}

test('attach messages whose elements do not fit are refused, quick path or not', () => {
  for (const bad of [
    { name: 'identityRequest', identityType: 256 },
    { name: 'locationUpdatingAccept', locationArea: fromHex('00') },
    { name: 'authenticationResponse', res: fromHex('00') },
    { name: 'authenticationResponse', res: fromHex('00000000'), extension: new Uint8Array(0) },
    { name: 'authenticationRequest', keySequence: 0, rand: new Uint8Array(15), autn: new Uint8Array(16) },
    {
      name: 'locationUpdatingRequest',
      typeAndKeySequence: -1,
      locationArea: new Uint8Array(5),
      classmark: 0,
      identity: imsi,
    },
  ] as const)
    assert.throws(() => nasMessage.encode(bad), CodecError);
});

test('property: random octets throw nothing but CodecError, and what is read survives the way back', () => {
  const seeds = examples.map(([hex]) => fromHex(hex));
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.nat(60), fc.nat(255))
    .map(([seed, at, octet]) => seed.map((old, index) => (index === at % seed.length ? octet : old)));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (octets) => {
      assert.deepEqual(outcome(nasMessage, octets), outcome(declaredNasMessage, octets));
      for (const format of [nasMessage, relayMessage]) {
        try {
          const value = format.decode(octets);
          assert.deepEqual(format.decode(format.encode(value as never)), value);
        } catch (error) {
          assert.ok(error instanceof CodecError, String(error));
        }
      }
    }),
  );
});
