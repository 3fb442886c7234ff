import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadVectors } from '#test/vectors.ts';
import {
  CryptoError,
  isScp03Derived,
  nodeAes,
  scp03Kdf,
  scp03Key,
  sp800108CounterCmac,
  tableAes,
  x963Kdf,
} from './index.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

for (const provider of [tableAes, nodeAes])
  describe(`key derivation, ${provider.name} AES`, () => {
    for (const vector of loadVectors('kdf'))
      test(`kdf ${vector.id}`, () => {
        if (vector.kind === 'scp03-kdf') {
          const constant = Number.parseInt(vector['derivation_constant'], 16);
          const derived = scp03Kdf(provider.key(hex(vector['key'])), constant, vector['bits'], hex(vector['context']));
          assert.deepEqual(derived, hex(vector['output']));
          const aes = provider.key(hex(vector['key']));
          const context = hex(vector['context']);
          const key = scp03Key(provider, aes, constant, context);
          const octets = scp03Kdf(aes, constant, 8 * aes.keyLength, context);
          assert.deepEqual(key.cmac(context), provider.key(octets).cmac(context));
          const cryptogram = scp03Kdf(aes, constant, 64, context);
          assert.ok(isScp03Derived(aes, constant, context, cryptogram));
          cryptogram[7]! ^= 1;
          assert.ok(!isScp03Derived(aes, constant, context, cryptogram));
        } else {
          const aes = provider.key(hex(vector['ki']));
          const derived = sp800108CounterCmac(aes, new Uint8Array(0), hex(vector['fixed_input']), vector['bits']);
          assert.deepEqual(derived, hex(vector['ko']));
        }
      });
  });

test('a cryptogram of no octets, or of more than a block, is none', () => {
  const aes = tableAes.key(new Uint8Array(16));
  for (const length of [0, 17])
    assert.throws(() => isScp03Derived(aes, 0, new Uint8Array(16), new Uint8Array(length)), CryptoError);
});

test('derived lengths that are no whole octets, nothing, or too much are refused', () => {
  const aes = tableAes.key(new Uint8Array(16));
  for (const bits of [0, 63, -8, Number.NaN, 255 * 128 + 8])
    assert.throws(() => scp03Kdf(aes, 4, bits, new Uint8Array(16)), CryptoError);
  for (const length of [0, 1.5, 255 * 32 + 1])
    assert.throws(() => x963Kdf('sha256', new Uint8Array(32), new Uint8Array(3), length), CryptoError);
});

for (const vector of loadVectors('scp11-two-sided'))
  test(`X9.63 with SHA-256, keys of ${vector.id}`, () => {
    const { zab_first, zab_second, shared_info, receipt_key, s_enc, s_mac, s_rmac, s_dek } = vector['expected'];
    const keys = hex([receipt_key, s_enc, s_mac, s_rmac, s_dek].join(''));
    assert.deepEqual(x963Kdf('sha256', hex(zab_first + zab_second), hex(shared_info), keys.length), keys);
  });

// NIST CAVS 12.0, ANSI X9.63, SHA-256, shared secret of 192 bits, SharedInfo of 0 bits, 128 bits of key: COUNT 0.
test('X9.63 with SHA-256, a published case', () => {
  const z = hex('96c05619d56c328ab95fe84b18264b08725b85e33fd34f08');
  assert.deepEqual(x963Kdf('sha256', z, new Uint8Array(0), 16), hex('443024c3dae66b95e6f5670601558f71'));
});
