import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { encodeCommand, SW } from '#protocol/apdu/index.ts';
import {
  LONGEST_STATIC_PAYLOAD,
  openStaticAnswer,
  sealStaticAnswer,
  staticCommand,
  staticModeKeys,
  verifyStaticCommand,
} from './static-key.ts';

const MASTER = fromHex('000102030405060708090A0B0C0D0E0F');
const ICCID = fromHex('98100000000000000010');
const keysFor = (identity: Uint8Array, master = MASTER) =>
  staticModeKeys(tableAes, tableAes.key(master), 0x40, identity);
const keys = keysFor(ICCID);
const CHALLENGE = fromHex('101112131415161718191A1B1C1D1E1F');
const PROOF = fromHex('80081A325476981032548203000007');

test('one exchange: 30 octets out, 34 back, the payload proven', () => {
  const command = staticCommand(keys, CHALLENGE);
  assert.equal(toHex(encodeCommand(command).subarray(0, 5)), '8088400018');
  assert.equal(encodeCommand(command).length, 30);
  const challenge = verifyStaticCommand(keys, command);
  assert.deepEqual(challenge, CHALLENGE);
  const response = sealStaticAnswer(keys, CHALLENGE, PROOF);
  assert.equal(response.length, 34);
  assert.deepEqual(openStaticAnswer(keys, CHALLENGE, response), { kind: 'protected', data: PROOF, statusWord: SW.ok });
});

test('the support refuses a command that is not the UICC’s', () => {
  const command = staticCommand(keys, CHALLENGE);
  const words = [
    verifyStaticCommand(keysFor(fromHex('98100000000000000020')), command),
    verifyStaticCommand(keysFor(ICCID, CHALLENGE), command),
    verifyStaticCommand(keys, { ...command, p1: 0x41 }),
    verifyStaticCommand(keys, { ...command, p2: 1 }),
    verifyStaticCommand(keys, { ...command, ins: 0x82 }),
    verifyStaticCommand(keys, { ...command, data: command.data.subarray(1) }),
  ];
  assert.deepEqual(words, [0x6982, 0x6982, 0x6a88, 0x6a86, 0x6d00, 0x6700]);
});

test('directions do not mix: the response keys are not the request key, labels differ', () => {
  const macs = [keys.requestMac, keys.responseMac, keys.responseEnc].map((key) => toHex(key.cmac(NO_OCTETS)));
  assert.equal(new Set(macs).size, 3);
});

test('attack: replayed answer, error status word, missing MAC, truncation, every flipped bit', () => {
  const response = sealStaticAnswer(keys, CHALLENGE, PROOF);
  const reason = (octets: Uint8Array, challenge = CHALLENGE) => {
    const result = openStaticAnswer(keys, challenge, octets);
    return result.kind === 'notProven' ? result.reason : 'proven';
  };
  assert.equal(reason(response, MASTER), 'wrongMac', 'another challenge');
  assert.equal(reason(fromHex('6982')), 'errorStatusWord');
  assert.equal(reason(fromHex('9000')), 'missingMac');
  for (let length = 0; length < response.length; length++)
    assert.notEqual(reason(response.subarray(0, length)), 'proven');
  for (let at = 0; at < response.length; at++)
    assert.notEqual(reason(response.with(at, (response[at] as number) ^ 0x10)), 'proven');
});

test('property: every payload arrives; hostile answers prove nothing and throw nothing', () => {
  const random = seededRandom('static');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: LONGEST_STATIC_PAYLOAD }), (payload) => {
      const challenge = random.octets(16);
      const opened = openStaticAnswer(keys, challenge, sealStaticAnswer(keys, challenge, payload));
      assert.deepEqual(opened, { kind: 'protected', data: payload, statusWord: SW.ok });
      assert.equal(openStaticAnswer(keys, challenge, payload).kind, 'notProven');
    }),
  );
  assert.throws(() => sealStaticAnswer(keys, CHALLENGE, new Uint8Array(LONGEST_STATIC_PAYLOAD + 1)), CodecError);
});
