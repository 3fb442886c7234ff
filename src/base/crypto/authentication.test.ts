import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import {
  type AuthenticationAlgorithm,
  authenticationVector,
  buildAuts,
  CryptoError,
  c2,
  c3,
  computeOpc,
  computeTopc,
  milenage,
  nodeAes,
  readAuts,
  type TuakParameters,
  tableAes,
  tuak,
  verifyAutn,
  xorTest,
} from './index.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

function gives(algorithm: AuthenticationAlgorithm, vector: VectorCase): void {
  const { expected } = vector;
  const rand = hex(vector['rand']);
  const sqn = Number.parseInt(vector['sqn'], 16);
  const amf = Number.parseInt(vector['amf'], 16);
  assert.deepEqual(algorithm.f1(rand, sqn, amf), hex(expected.f1));
  assert.deepEqual(algorithm.f1star(rand, sqn, amf), hex(expected.f1star));
  const { res, ck, ik, ak } = algorithm.f2345(rand);
  assert.deepEqual([res, ck, ik, ak], [hex(expected.f2), hex(expected.f3), hex(expected.f4), hex(expected.f5)]);
  assert.deepEqual(algorithm.f5star(rand), hex(expected.f5star));
}

for (const provider of [tableAes, nodeAes])
  describe(`Milenage, ${provider.name} AES`, () => {
    for (const vector of loadVectors('milenage'))
      test(`milenage ${vector.id}`, () => {
        const aes = provider.key(hex(vector['k']));
        const opc = computeOpc(aes, hex(vector['op']));
        assert.deepEqual(opc, hex(vector['expected'].opc));
        gives(milenage(aes, opc), vector);
        if (typeof vector['autn'] !== 'string') return;
        const made = authenticationVector(
          milenage(aes, opc),
          hex(vector['rand']),
          Number.parseInt(vector['sqn'], 16),
          Number.parseInt(vector['amf'], 16),
        );
        assert.deepEqual(made.autn, hex(vector['autn']));
      });
  });

function lengthsOf({ expected, keccak_iterations }: VectorCase): TuakParameters {
  const [mac, res, ck, ik] = [expected.f1, expected.f2, expected.f3, expected.f4].map(
    (text: string) => text.length / 2,
  );
  return { mac, res, ck, ik, iterations: keccak_iterations } as TuakParameters;
}

for (const vector of loadVectors('tuak'))
  test(`tuak ${vector.id}`, () => {
    const parameters = lengthsOf(vector);
    const k = hex(vector['k']);
    const topc = computeTopc(k, hex(vector['top']), parameters.iterations);
    assert.deepEqual(topc, hex(vector['expected'].topc));
    gives(tuak(k, topc, parameters), vector);
    gives(tuak(createSecretKey(k), topc, parameters), vector);
  });

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anySqn = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const anyAmf = fc.integer({ min: 0, max: 0xffff });
const anyAlgorithm = fc.oneof(
  fc.tuple(octets(16), fc.constantFrom<4 | 8 | 16>(4, 8, 16)).map(([k, res]) => xorTest(k, res)),
  fc.tuple(octets(16), octets(16)).map(([k, opc]) => milenage(tableAes.key(k), opc)),
  fc
    .record({
      k: fc.oneof(octets(16), octets(32)),
      topc: octets(32),
      mac: fc.constantFrom(8, 16, 32),
      iterations: fc.constantFrom(1, 2),
    })
    .map(({ k, topc, mac, iterations }) => tuak(k, topc, { mac, iterations })),
);

test('a vector made at home is what the card verifies, and one changed bit is a wrong MAC', () => {
  fc.assert(
    fc.property(anyAlgorithm, octets(16), anySqn, anyAmf, fc.nat(), (algorithm, rand, sqn, amf, bit) => {
      const { autn, xres, ck, ik } = authenticationVector(algorithm, rand, sqn, amf);
      assert.deepEqual(verifyAutn(algorithm, rand, autn), { macValid: true, sqn, res: xres, ck, ik });
      autn[(bit >> 3) % autn.length]! ^= 1 << (bit & 7);
      assert.deepEqual(verifyAutn(algorithm, rand, autn), { macValid: false });
    }),
    { numRuns: 200 },
  );
});

test('AUTS tells the home network the SQN of the card, and one changed bit tells nothing', () => {
  fc.assert(
    fc.property(anyAlgorithm, octets(16), anySqn, fc.nat(), (algorithm, rand, sqn, bit) => {
      const auts = buildAuts(algorithm, rand, sqn);
      assert.equal(readAuts(algorithm, rand, auts), sqn);
      auts[(bit >> 3) % auts.length]! ^= 1 << (bit & 7);
      assert.equal(readAuts(algorithm, rand, auts), undefined);
    }),
    { numRuns: 200 },
  );
});

test('AUTN and AUTS of any other length are wrong, not an error', () => {
  const algorithm = milenage(tableAes.key(new Uint8Array(16)), new Uint8Array(16));
  const rand = new Uint8Array(16);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (hostile) => {
      assert.deepEqual(verifyAutn(algorithm, rand, hostile), { macValid: false });
      assert.equal(readAuts(algorithm, rand, hostile), undefined);
    }),
  );
});

// uicc.md 6: the answers of a real client's exchange with TS 35.208 set 1.
test('c2 and c3 give the GSM values of TS 35.208 set 1', () => {
  assert.deepEqual(c2(hex('a54211d5e3ba50bf')), hex('46f8416a'));
  assert.deepEqual(
    c3(hex('b40ba9a3c58b2a05bbf0d987b21bf8cb'), hex('f769bcd751044604127672711c6d3441')),
    hex('eae4be823af9a08b'),
  );
  assert.throws(() => c2(new Uint8Array(3)), CryptoError);
  assert.throws(() => c3(new Uint8Array(32), new Uint8Array(16)), CryptoError);
});

test('inputs of a wrong shape are refused with CryptoError', () => {
  const k = new Uint8Array(16);
  const algorithms = [milenage(tableAes.key(k), k), tuak(k, new Uint8Array(32)), xorTest(k)];
  for (const algorithm of algorithms) {
    assert.throws(() => algorithm.f2345(new Uint8Array(15)), CryptoError);
    for (const sqn of [-1, 2 ** 48, 0.5, Number.NaN]) assert.throws(() => algorithm.f1(k, sqn, 0), CryptoError);
    for (const amf of [-1, 2 ** 16, 0.5, Number.NaN]) assert.throws(() => algorithm.f1star(k, 0, amf), CryptoError);
  }
  assert.throws(() => milenage(tableAes.key(new Uint8Array(32)), k), CryptoError);
  assert.throws(() => milenage(tableAes.key(k), new Uint8Array(15)), CryptoError);
  assert.throws(() => tuak(new Uint8Array(24), new Uint8Array(32)), CryptoError);
  assert.throws(() => tuak(k, k), CryptoError);
  assert.throws(() => computeTopc(k, new Uint8Array(32), 256), CryptoError);
});

test('the test algorithm of TS 34.108 8.1.2, worked out by hand: K xor RAND is everything', () => {
  const algorithm = xorTest(hex('000102030405060708090a0b0c0d0e0f'));
  const rand = hex('f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0');
  const { res, ck, ik, ak } = algorithm.f2345(rand);
  assert.deepEqual(res, hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'));
  assert.deepEqual(ck, hex('f1f2f3f4f5f6f7f8f9fafbfcfdfefff0'));
  assert.deepEqual(ik, hex('f2f3f4f5f6f7f8f9fafbfcfdfefff0f1'));
  assert.deepEqual(ak, hex('f3f4f5f6f7f8'));
  assert.deepEqual(algorithm.f5star(rand), ak);
  // XDOUT's first eight octets xor SQN 000000000021 | AMF 8000.
  assert.deepEqual(algorithm.f1(rand, 0x21, 0x8000), hex('f0f1f2f3f4d476f7'));
  assert.deepEqual(algorithm.f1star(rand, 0x21, 0), hex('f0f1f2f3f4d4f6f7'));
  const { autn } = authenticationVector(algorithm, rand, 0x21, 0x8000);
  assert.deepEqual(autn, hex('f3f4f5f6f7d98000f0f1f2f3f4d476f7'));
  assert.deepEqual(xorTest(hex('00'.repeat(16)), 4).f2345(rand).res, hex('f0f0f0f0'));
  assert.throws(() => xorTest(new Uint8Array(15)), CryptoError);
});
