import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { aesSiv, CryptoError, SIV_OCTETS } from './index.ts';

const siv = aesSiv(fromHex('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'));

test('the example of deterministic authenticated encryption (RFC 5297 A.1)', () => {
  const associated = fromHex('101112131415161718191a1b1c1d1e1f2021222324252627');
  const plain = fromHex('112233445566778899aabbccddee');
  const sealed = siv.seal(plain, associated);
  assert.equal(toHex(sealed), '85632D07C6E8F37F950ACD320A2ECC9340C02B9690C4DC04DAEF7F6AFE5C');
  assert.deepEqual(siv.open(sealed, associated), plain);
});

test('a key of another length is refused', () => {
  for (const length of [16, 40, 80]) assert.throws(() => aesSiv(new Uint8Array(length)), CryptoError, `${length}`);
  for (const length of [32, 48, 64]) aesSiv(new Uint8Array(length));
});

test('property: what was sealed is opened, and nothing that differs in an octet', () => {
  const octets = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(octets, octets, fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, associated, place, change) => {
      const sealed = siv.seal(plain, associated);
      assert.equal(sealed.length, SIV_OCTETS + plain.length);
      assert.deepEqual(siv.open(sealed, associated), plain);
      assert.equal(siv.open(sealed, concat(associated, Uint8Array.of(0))), undefined);
      assert.equal(siv.open(sealed.subarray(1), associated), undefined);
      const other = sealed.slice();
      other[place % other.length]! ^= change;
      assert.equal(siv.open(other, associated), undefined);
    }),
  );
});

test('a counter that carries over all its octets goes on (SP 800-38A B.1)', () => {
  // Long enough for thousands of counters; a carry of the last octet happens every 256 blocks.
  const plain = new Uint8Array(16 * 600);
  const sealed = siv.seal(plain, new Uint8Array(0)).subarray(SIV_OCTETS);
  const blocks = new Set(Array.from({ length: 600 }, (_, i) => toHex(sealed.subarray(16 * i, 16 * i + 16))));
  assert.equal(blocks.size, 600);
});
