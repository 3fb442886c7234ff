import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { loadVectors } from '#test/vectors.ts';
import { CryptoError, GSM_ALGORITHMS, gsmConversion, milenage, namedGsmAlgorithm, tableAes } from './index.ts';

for (const vector of loadVectors('gsm-authentication'))
  test(`gsm ${vector.id}`, () => {
    const { sres, kc } = namedGsmAlgorithm(vector['algorithm'], fromHex(vector['ki'])).a3a8(fromHex(vector['rand']));
    assert.deepEqual(
      [toHex(sres), toHex(kc)].join(' ').toLowerCase(),
      `${vector['expected'].sres} ${vector['expected'].kc}`,
    );
  });

const octets = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('COMP128-1 and -2 leave 54 bits of Kc; -2 and -3 differ in nothing else; inputs stay as they were', () => {
  fc.assert(
    fc.property(octets, octets, (ki, rand) => {
      const before = toHex(ki) + toHex(rand);
      const [one, two, three] = (['comp128v1', 'comp128v2', 'comp128v3'] as const).map((name) =>
        namedGsmAlgorithm(name, ki).a3a8(rand),
      );
      for (const { kc } of [one!, two!]) assert.equal(((kc[6]! & 3) << 8) | kc[7]!, 0);
      assert.deepEqual(two!.sres, three!.sres);
      assert.deepEqual(two!.kc.subarray(0, 6), three!.kc.subarray(0, 6));
      assert.equal(two!.kc[6]! >> 2, three!.kc[6]! >> 2);
      assert.equal(toHex(ki) + toHex(rand), before);
    }),
  );
});

test('COMP128-1 has the collisions it is known for: 2 octets of RAND meet 2 of Ki on the first level', () => {
  // Only octets i and i + 8 of Ki and RAND meet in the first two levels (Goldberg and Briceno): some pair of them collides.
  const ki = fromHex('00112233445566778899aabbccddeeff');
  const seen = new Map<string, number>();
  let collisions = 0;
  for (let pair = 0; pair < 65_536 && collisions === 0; pair++) {
    const rand = new Uint8Array(16);
    rand[0] = pair >> 8;
    rand[8] = pair;
    const { sres, kc } = namedGsmAlgorithm('comp128v1', ki).a3a8(rand);
    const key = toHex(sres) + toHex(kc);
    if (seen.has(key)) collisions++;
    seen.set(key, pair);
  }
  assert.equal(collisions, 1);
});

test('the conversions of UMTS give SRES and Kc of TS 55.205: Milenage test set 1', () => {
  const algorithm = milenage(
    tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')),
    fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
  );
  const { sres, kc } = gsmConversion(algorithm).a3a8(fromHex('23553cbe9637a89d218ae64dae47bf35'));
  assert.deepEqual([toHex(sres), toHex(kc)], ['46F8416A', 'EAE4BE823AF9A08B']);
});

test('a Ki or RAND of another length is refused', () => {
  const short = new Uint8Array(15);
  for (const name of GSM_ALGORITHMS) {
    assert.throws(() => namedGsmAlgorithm(name, short), CryptoError);
    assert.throws(() => namedGsmAlgorithm(name, new Uint8Array(16)).a3a8(short), CryptoError);
  }
});
