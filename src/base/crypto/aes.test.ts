import assert from 'node:assert/strict';
import { createCipheriv, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { loadVectors } from '#test/vectors.ts';
import { type AesProvider, CryptoError, keyCheckValue, nodeAes, tableAes } from './index.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
const octets = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const anyKey = fc.constantFrom(16, 24, 32).chain((length) => octets(length));
const anyBlocks = fc.nat(12).chain((blocks) => octets(16 * blocks));

const FIPS_197 = [
  ['AES-128', '000102030405060708090a0b0c0d0e0f', '69c4e0d86a7b0430d8cdb78070b4c55a'],
  ['AES-192', '000102030405060708090a0b0c0d0e0f1011121314151617', 'dda97ca4864cdfe06eaf70a0ec0d7191'],
  ['AES-256', '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '8ea2b7ca516745bfeafc49904b496089'],
] as const;

for (const provider of [tableAes, nodeAes])
  describe(`AES, ${provider.name}`, () => {
    for (const vector of loadVectors('aes-cmac'))
      test(`aes-cmac ${vector.id}`, () => {
        const mac = provider.key(hex(vector['key'])).cmac(hex(vector['message']));
        assert.deepEqual(mac.subarray(0, vector['tag_length']), hex(vector['tag']));
      });

    for (const vector of loadVectors('scp03-units').filter((each) => each.kind === 'key-check-value'))
      test(`scp03-units ${vector.id}`, () => {
        assert.deepEqual(keyCheckValue(provider.key(hex(vector['key']))), hex(vector['kcv']));
      });

    for (const [name, key, cipher] of FIPS_197)
      test(`FIPS 197 appendix C, ${name}`, () => {
        const block = hex('00112233445566778899aabbccddeeff');
        const aes = provider.key(hex(key));
        assert.deepEqual(aes.encryptBlock(block), hex(cipher));
        assert.deepEqual(aes.cbcDecrypt(new Uint8Array(16), hex(cipher)), block);
        assert.equal(aes.encryptBlock(block, block), block);
        assert.deepEqual(block, hex(cipher));
      });

    test('refuses wrong lengths, saying which, and never says the key', () => {
      const aes = provider.key(new Uint8Array(16).fill(0xab));
      refused(() => provider.key(new Uint8Array(8).fill(0xab)), /16, 24 or 32 octets, got 8/);
      refused(() => aes.encryptBlock(new Uint8Array(15)), /16 octets, got 15/);
      refused(() => aes.encryptBlocks(new Uint8Array(31)), /got 31/);
      refused(() => aes.cbcEncrypt(new Uint8Array(16), new Uint8Array(17)), /got 17/);
      refused(() => aes.cbcDecrypt(new Uint8Array(8), new Uint8Array(16)), /got 8/);
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      refused(() => provider.key(privateKey), /got a private key/);
    });

    test('agrees with a fresh node:crypto cipher, whatever was done with the key before', () =>
      agreesWithFresh(provider));
  });

function refused(act: () => unknown, message: RegExp): void {
  assert.throws(
    act,
    (error) => error instanceof CryptoError && message.test(error.message) && !/ab ?ab/i.test(error.message),
  );
}

function agreesWithFresh(provider: AesProvider): void {
  fc.assert(
    fc.property(anyKey, octets(16), fc.array(anyBlocks, { minLength: 1, maxLength: 4 }), (key, iv, messages) => {
      const aes = provider.key(createSecretKey(key));
      assert.equal(aes.keyLength, key.length);
      for (const plain of messages) {
        const fresh = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
        const cipher = new Uint8Array([...fresh.update(plain), ...fresh.final()]);
        aes.cmac(plain);
        assert.deepEqual(aes.cbcEncrypt(iv, plain), cipher);
        aes.encryptBlock(iv);
        assert.deepEqual(aes.cbcDecrypt(iv, cipher), plain);
        const ecb = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
        assert.deepEqual(aes.encryptBlocks(plain), new Uint8Array([...ecb.update(plain), ...ecb.final()]));
      }
    }),
    { numRuns: 200 },
  );
}

test('table and node agree on blocks and on CMAC over any split into parts', () => {
  fc.assert(
    fc.property(
      anyKey,
      octets(16),
      octets(0, 70),
      octets(0, 40),
      octets(0, 40),
      octets(0, 20),
      (key, block, a, b, c, d) => {
        const table = tableAes.key(key);
        const node = nodeAes.key(key);
        assert.deepEqual(table.encryptBlock(block), node.encryptBlock(block));
        const whole = node.cmac(new Uint8Array([...a, ...b, ...c, ...d]));
        assert.deepEqual(node.cmac(a, b, c, d), whole);
        assert.deepEqual(table.cmac(a, b, c, d), whole);
      },
    ),
    { numRuns: 500 },
  );
});

test('a CMAC longer than the scratch of node AES', () => {
  const key = new Uint8Array(32).fill(7);
  const long = new Uint8Array(10_001).fill(0x5a);
  assert.deepEqual(nodeAes.key(key).cmac(long), tableAes.key(key).cmac(long));
});
