import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { CryptoError, deterministicSign, generateKeyPair, importPrivateKey, verify } from './index.ts';

const KEY = fromHex('C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721');

// RFC 6979 A.2.5: P-256 with SHA-256.
for (const [message, r, s] of [
  [
    'sample',
    'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716',
    'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
  ],
  [
    'test',
    'F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367',
    '019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083',
  ],
] as const)
  test(`RFC 6979 A.2.5, P-256, SHA-256, message "${message}"`, () => {
    const data = new TextEncoder().encode(message);
    const signature = deterministicSign(importPrivateKey('P-256', KEY), data, 'sha256', 'plain');
    assert.equal(toHex(signature), r + s);
  });

test('its signatures verify, and are the same each time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.string(), (data, seed) => {
      const { privateKey, publicKey } = generateKeyPair('P-256', seededRandom(seed));
      const signature = deterministicSign(privateKey, data, 'sha256', 'plain');
      assert.ok(verify(publicKey, data, signature, 'sha256', 'plain'));
      assert.deepEqual(deterministicSign(privateKey, data, 'sha256', 'plain'), signature);
    }),
    { numRuns: 20 },
  );
});

test('what it does not do is refused', () => {
  const key = importPrivateKey('P-256', KEY);
  assert.throws(() => deterministicSign(key, KEY, 'sha256', 'der'), CryptoError);
  assert.throws(() => deterministicSign(key, KEY, 'sha512', 'plain'), CryptoError);
});
