import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { loadVectors } from '#test/vectors.ts';
import {
  CryptoError,
  type EciesProfile,
  eciesConceal,
  eciesPublicKey,
  eciesReveal,
  importPrivateKey,
  publicPoint,
  tableAes,
} from './index.ts';

for (const vector of loadVectors('suci'))
  test(`ecies ${vector.id}: both ends`, () => {
    const profile: EciesProfile = vector['profile'];
    const { cipher, tag } = vector['expected'];
    const plain = fromHex(vector['plain']);
    const ephemeral = { octets: () => fromHex(vector['ephemeral_private']) };
    const output = eciesConceal(profile, fromHex(vector['home_network_public']), plain, {
      random: ephemeral,
      aes: tableAes,
    });
    assert.equal(toHex(output).toLowerCase(), vector['ephemeral_public'] + cipher + tag);
    const own = fromHex(vector['home_network_private']);
    assert.equal(toHex(eciesPublicKey(profile, own)).toLowerCase(), vector['home_network_public']);
    assert.deepEqual(eciesReveal(profile, own, output, tableAes), plain);
  });

const PRIVATE = fromHex('f1ab1074477ebcc7f554ea1c5fc368b1616730155e0041ac447d6301975fecda');
const anyProfile = fc.constantFrom<EciesProfile>('A', 'B');
const anyPlain = fc.uint8Array({ minLength: 1, maxLength: 70 });

test('property: what is concealed for a key is revealed by it, each time in other octets; one changed bit reveals nothing', () => {
  fc.assert(
    fc.property(anyProfile, anyPlain, fc.string(), fc.nat(), (profile, plain, seed, bit) => {
      const key = eciesPublicKey(profile, PRIVATE);
      const random = seededRandom(seed);
      const output = eciesConceal(profile, key, plain, { random, aes: tableAes });
      assert.notDeepEqual(eciesConceal(profile, key, plain, { random, aes: tableAes }), output);
      assert.deepEqual(eciesReveal(profile, PRIVATE, output, tableAes), plain);
      output[(bit >> 3) % output.length]! ^= 1 << (bit & 7);
      // X25519 ignores the top bit of a public key, but the derived keys do not.
      assert.equal(eciesReveal(profile, PRIVATE, output, tableAes), undefined);
    }),
    { numRuns: 60 },
  );
});

test('property: hostile scheme outputs reveal nothing and throw nothing', () => {
  fc.assert(
    fc.property(anyProfile, fc.uint8Array({ maxLength: 80 }), (profile, output) => {
      assert.equal(eciesReveal(profile, PRIVATE, output, tableAes), undefined);
    }),
    { numRuns: 200 },
  );
  // A point of order 1 on Curve25519 has no secret with anybody.
  assert.equal(eciesReveal('A', PRIVATE, new Uint8Array(45), tableAes), undefined);
});

test('a home network key of profile B may stand with both coordinates; what is no key is refused', () => {
  const both = publicPoint(importPrivateKey('P-256', PRIVATE));
  const tools = { random: seededRandom('b'), aes: tableAes };
  const output = eciesConceal('B', both, Uint8Array.of(1, 2), tools);
  assert.deepEqual(eciesReveal('B', PRIVATE, output, tableAes), Uint8Array.of(1, 2));
  for (const wrong of [
    new Uint8Array(0),
    new Uint8Array(33),
    new Uint8Array(65).fill(4),
    new Uint8Array(33).fill(0xff).fill(2, 0, 1),
  ])
    assert.throws(() => eciesConceal('B', wrong, both, tools), CryptoError);
  for (const wrong of [new Uint8Array(0), new Uint8Array(33), new Uint8Array(32)])
    assert.throws(() => eciesConceal('A', wrong, both, tools), CryptoError);
});
