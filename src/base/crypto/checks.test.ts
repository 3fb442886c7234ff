import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadVectors } from '#test/vectors.ts';
import {
  CryptoError,
  crc16,
  crc32,
  crc32Before,
  digest,
  equalOctets,
  equalsPart,
  runningDigest,
  TripleDesKey,
} from './index.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

for (const vector of loadVectors('ota-checks'))
  test(`ota-checks ${vector.id}`, () => {
    const message = hex(vector['message'] ?? '');
    if (vector['algorithm'] === 'CRC-16') assert.deepEqual(crc16(message), hex(vector['check']));
    else if (vector['algorithm'] === 'CRC-32') assert.deepEqual(crc32(message), hex(vector['check']));
    // Triple DES with the same part three times is DES: how the published single-DES case serves here.
    else assert.deepEqual(new TripleDesKey(hex(vector['key'].repeat(3))).cbcMac(message), hex(vector['mac']));
  });

test('checks over parts are checks over the whole', () => {
  const key = new TripleDesKey(hex('300102030405060708090a0b0c0d0e0f'));
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 }), (parts) => {
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
      assert.deepEqual(crc16(...parts), crc16(whole));
      assert.deepEqual(crc32(...parts), crc32(whole));
      assert.deepEqual(key.cbcMac(...parts), key.cbcMac(whole));
    }),
    { numRuns: 100 },
  );
});

for (const id of ['pysim-3des-ciphered-cc', 'pysim-3des-ciphered-nocc'])
  test(`ota-commands ${id}: 3DES decryption, and the checksum where there is one`, () => {
    const vector = loadVectors('ota-commands').find((each) => each.id === id)!;
    const packet = hex(vector['packet']);
    const iv = new Uint8Array(8);
    const plain = new TripleDesKey(hex(vector['kic_key'])).cbcDecrypt(iv, packet.subarray(10));
    const cc = hex(vector['fields'].cc);
    assert.deepEqual(plain.subarray(0, 6), Uint8Array.of(...hex(vector['cntr']), vector['fields'].padding));
    assert.deepEqual(plain.subarray(6, 6 + cc.length), cc);
    const data = plain.subarray(6 + cc.length);
    assert.deepEqual(data.subarray(0, -vector['fields'].padding), hex(vector['secured_data']));
    if (cc.length > 0)
      assert.deepEqual(
        new TripleDesKey(hex(vector['kid_key'])).cbcMac(packet.subarray(0, 10), plain.subarray(0, 6), data),
        cc,
      );
  });

test('a single DES key and broken blocks are refused', () => {
  assert.throws(() => new TripleDesKey(new Uint8Array(8)), /single DES is not accepted/);
  const key = new TripleDesKey(new Uint8Array(24));
  assert.throws(() => key.cbcDecrypt(new Uint8Array(8), new Uint8Array(7)), CryptoError);
  assert.throws(() => key.cbcDecrypt(new Uint8Array(16), new Uint8Array(8)), CryptoError);
});

test('crc32Before: the check of crc32, as a number', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (octets, cut) => {
      const end = Math.min(cut, octets.length);
      const [a, b, c, d] = crc32(octets.slice(0, end)) as unknown as [number, number, number, number];
      assert.equal(crc32Before(octets, end), ((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
    }),
  );
});

test('equalOctets: the same octets and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 130 }), fc.nat(), (octets, bit) => {
      assert.ok(equalOctets(octets, octets.slice()));
      const changed = octets.slice();
      changed[(bit >> 3) % octets.length]! ^= 1 << (bit & 7);
      assert.ok(!equalOctets(octets, changed));
      assert.ok(!equalOctets(octets, octets.subarray(1)));
      const length = bit % octets.length;
      const before = new Uint8Array(3 + octets.length);
      before.set(octets, 3);
      assert.ok(equalsPart(octets, before, 3, length));
      before[3 + (bit % octets.length)]! ^= 1;
      assert.ok(!equalsPart(octets, before, 3, octets.length));
      assert.ok(!equalsPart(octets, octets, 1, octets.length));
    }),
  );
});

// FIPS 180-4, the example "abc".
test('digest', () => {
  const abc = new TextEncoder().encode('abc');
  assert.deepEqual(digest('sha256', abc), hex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'));
});

test('a digest of parts is the digest of the whole', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sha256', 'sha384', 'sha512'),
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
      (hash, parts) => {
        const running = runningDigest(hash);
        for (const part of parts) running.update(part);
        assert.deepEqual(running.finish(), digest(hash, Uint8Array.from(parts.flatMap((part) => [...part]))));
      },
    ),
    { numRuns: 100 },
  );
});
