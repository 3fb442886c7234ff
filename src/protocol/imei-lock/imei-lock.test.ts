import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, type Format, fromHex, toHex } from '#base/codec/index.ts';
import {
  acknowledgement,
  answer,
  imeiProof,
  type Report,
  report,
  rootName,
  supportIdentity,
  trustDigest,
} from './index.ts';

const fullReport: Report = {
  version: 'two',
  direction: 'report',
  nonce: fromHex('0102030405060708'),
  result: 'refuted',
  reason: 'claimedImeiDiffers',
  trigger: 'boot',
  state: 'blockedLocally',
  unanswered: 3,
  provedImei: fromHex('1A32547698103254'),
  claimedImei: fromHex('0A32547698103254'),
  evidence: 'scp03',
  support: fromHex('A1A2A3A4A5A6A7A8'),
  supportCounter: 7,
  previousSupport: fromHex('B1B2B3B4B5B6B7B8'),
  root: fromHex('C1C2C3C4C5C6'),
  certificate: fromHex('D1D2D3D4D5D6'),
};

test('the proof of an IMEI is 15 octets: one cipher block with its padding', () => {
  const octets = imeiProof.encode({ imei: fromHex('1A32547698103254'), counter: 7 });
  assert.equal(toHex(octets), '80081A3254769810325482030000' + '07');
  assert.equal(octets.length, 15);
});

test('the longest report fits one short message: 98 octets', () => {
  const octets = report.encode(fullReport);
  assert.ok(octets.length <= 98, `${octets.length}`);
  assert.deepEqual(report.decode(octets), fullReport);
});

test('a report of version 1 is read as ever, and one of a later version than 2 is refused', () => {
  const { root, certificate, ...first } = fullReport;
  const old: Report = { ...first, version: 'one' };
  const octets = report.encode(old);
  assert.deepEqual(report.decode(octets), old);
  octets[4] = 3;
  assert.throws(() => report.decode(octets), { field: 'version' });
});

test('a trust has one digest whatever the order of its roots, and another for another point or identifier', () => {
  const point = (octet: string) => fromHex(`04${octet.repeat(64)}`);
  const [first, second] = [
    { caIdentifier: fromHex('4D31'), publicPoint: point('11') },
    { caIdentifier: fromHex('4D32'), publicPoint: point('22') },
  ];
  assert.deepEqual(trustDigest([first, second]), trustDigest([second, first]));
  const others = [[first], [second], [], [{ ...first, caIdentifier: fromHex('4D33') }, second]];
  const digests = new Set([[first, second], ...others].map((roots) => toHex(trustDigest(roots))));
  assert.equal(digests.size, 5);
  assert.notDeepEqual(rootName(first), rootName({ ...first, publicPoint: point('33') }));
});

test('an answer is not a report, and a later version is refused', () => {
  const octets = answer.encode({ version: 'one', direction: 'answer', order: 'block', text: fromHex('53746F6C656E') });
  assert.equal(answer.decode(octets).order, 'block');
  assert.throws(() => report.decode(octets), CodecError);
  octets[4] = 2;
  assert.throws(() => answer.decode(octets), { field: 'version' });
});

test('property: random octets into every payload throw nothing but CodecError', () => {
  const formats: readonly Format<unknown>[] = [imeiProof, supportIdentity, report, answer, acknowledgement];
  const seeds = [
    report.encode(fullReport),
    answer.encode({ version: 'one', direction: 'answer', order: 'permit', policy: { gate: 'enable' } }),
  ];
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.nat(120), fc.nat(255))
    .map(([seed, at, octet]) => seed.map((old, index) => (index === at % seed.length ? octet : old)));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), mutated), (octets) => {
      for (const format of formats) {
        try {
          const value = format.decode(octets);
          assert.deepEqual(format.decode(format.encode(value)), value);
        } catch (error) {
          assert.ok(error instanceof CodecError, String(error));
        }
      }
    }),
  );
});
