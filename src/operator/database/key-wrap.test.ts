import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { nodeAes } from '#base/crypto/index.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';

const KEY = nodeAes.key(fromHex('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8'));

for (const [secret, wrapped] of [
  ['c37b7e6492584340bed12207808941155068f738', '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a'],
  ['466f7250617369', 'afbeb0f07dfbf5419200f2ccb50bb24f'],
] as const)
  test(`RFC 5649 6: ${secret.length / 2} octets`, () => {
    assert.equal(toHex(wrapKey(KEY, fromHex(secret))).toLowerCase(), wrapped);
    assert.deepEqual(unwrapKey(KEY, fromHex(wrapped)), fromHex(secret));
  });

test('property: what is wrapped comes back; one changed bit, another length or another key gives nothing', () => {
  const other = nodeAes.key(new Uint8Array(32));
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 150 }),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (secret, place, bit) => {
        const wrapped = wrapKey(KEY, secret);
        assert.deepEqual(unwrapKey(KEY, wrapped), secret);
        assert.equal(unwrapKey(other, wrapped), undefined);
        assert.equal(unwrapKey(KEY, wrapped.subarray(1)), undefined);
        const changed = wrapped.map((octet, at) => (at === place % wrapped.length ? octet ^ (1 << bit) : octet));
        assert.equal(unwrapKey(KEY, changed), undefined);
      },
    ),
  );
  assert.throws(() => wrapKey(KEY, new Uint8Array(0)), /expected 1 to 4096 octets/);
});
