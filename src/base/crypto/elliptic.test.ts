import assert from 'node:assert/strict';
import { generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import { loadVectors } from '#test/vectors.ts';
import {
  CryptoError,
  type Curve,
  ecdh,
  fieldLength,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  publicKeyFrom,
  publicPoint,
  sign,
  verify,
} from './index.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
const CURVES: readonly Curve[] = ['P-256', 'P-384', 'brainpoolP256r1'];
const DATA = new TextEncoder().encode('IMEI 490154203237518');

const ORDERS: Record<Curve, Uint8Array> = {
  'P-256': hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  'P-384': hex('ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
  brainpoolP256r1: hex('a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7'),
};

for (const curve of CURVES)
  describe(curve, () => {
    const random = seededRandom(curve);
    const one = generateKeyPair(curve, random);
    const other = generateKeyPair(curve, random);

    test('the same seed gives the same key pair, the next draw another', () => {
      const again = generateKeyPair(curve, seededRandom(curve));
      assert.deepEqual(publicPoint(again.privateKey), publicPoint(one.publicKey));
      assert.notDeepEqual(publicPoint(one.publicKey), publicPoint(other.publicKey));
    });

    test('key agreement gives both sides one secret of full field length', () => {
      for (let i = 0; i < 10; i++) {
        const fresh = generateKeyPair(curve, random);
        const secret = ecdh(fresh.privateKey, one.publicKey);
        assert.equal(secret.length, fieldLength(curve));
        assert.deepEqual(ecdh(one.privateKey, importPublicKey(curve, publicPoint(fresh.publicKey))), secret);
      }
    });

    for (const encoding of ['plain', 'der'] as const)
      test(`a ${encoding} signature verifies for its data, key, hash and encoding only`, () => {
        const signature = sign(one.privateKey, DATA, 'sha256', encoding);
        if (encoding === 'plain') assert.equal(signature.length, 2 * fieldLength(curve));
        assert.ok(verify(one.publicKey, DATA, signature, 'sha256', encoding));
        assert.ok(!verify(other.publicKey, DATA, signature, 'sha256', encoding));
        assert.ok(!verify(one.publicKey, DATA.subarray(1), signature, 'sha256', encoding));
        assert.ok(!verify(one.publicKey, DATA, signature, 'sha384', encoding));
        assert.ok(!verify(one.publicKey, DATA, signature, 'sha256', encoding === 'der' ? 'plain' : 'der'));
      });

    test('hostile signatures are false, not an error', () => {
      const hostile = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ minLength: 64, maxLength: 64 }));
      fc.assert(
        fc.property(hostile, fc.constantFrom('plain' as const, 'der' as const), (signature, encoding) => {
          assert.equal(verify(one.publicKey, DATA, signature, 'sha256', encoding), false);
        }),
        { numRuns: 50 },
      );
    });

    test('hostile points are refused with CryptoError only', () => {
      const good = publicPoint(one.publicKey);
      const flipped = fc
        .nat(8 * good.length - 1)
        .map((bit) => good.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet)));
      const shaped = fc
        .uint8Array({ minLength: good.length, maxLength: good.length })
        .map((octets) => Uint8Array.of(4, ...octets.subarray(1)));
      fc.assert(
        fc.property(fc.oneof(flipped, shaped, fc.uint8Array({ maxLength: 200 })), (point) => {
          assert.throws(() => importPublicKey(curve, point), CryptoError);
        }),
        { numRuns: 100 },
      );
      const infinity = new Uint8Array(good.length);
      infinity[0] = 4;
      const aboveField = new Uint8Array(good.length).fill(0xff);
      aboveField[0] = 4;
      const compressed = Uint8Array.of(2 + (good.at(-1)! & 1), ...good.subarray(1, 1 + fieldLength(curve)));
      for (const point of [infinity, aboveField, compressed, Uint8Array.of(0), good.subarray(1)])
        assert.throws(() => importPublicKey(curve, point), CryptoError);
    });

    test('a scalar of zero, of the order, above it, or of another length is refused', () => {
      const length = fieldLength(curve);
      for (const scalar of [
        new Uint8Array(length),
        ORDERS[curve],
        new Uint8Array(length).fill(0xff),
        new Uint8Array(length - 1).fill(1),
      ])
        assert.throws(() => importPrivateKey(curve, scalar), CryptoError);
      const highest = ORDERS[curve].slice();
      highest[length - 1]! -= 1;
      const lowest = new Uint8Array(length);
      lowest[length - 1] = 1;
      // d = n - 1 gives the negative of the base point: same x.
      const points = [highest, lowest].map((scalar) =>
        publicPoint(importPrivateKey(curve, scalar)).subarray(0, 1 + length),
      );
      assert.deepEqual(points[0], points[1]);
    });

    test('a broken Random is an error, not an endless loop', () => {
      assert.throws(
        () => generateKeyPair(curve, { octets: (length) => new Uint8Array(length).fill(0xff) }),
        CryptoError,
      );
    });

    test('a key object of node:crypto is taken over with its curve', () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
      const taken = publicKeyFrom(publicKey);
      assert.equal(taken.curve, curve);
      assert.deepEqual(publicPoint(importPublicKey(curve, publicPoint(taken))), publicPoint(taken));
      assert.ok(verify(taken, DATA, nodeSign('sha256', DATA, privateKey), 'sha256', 'der'));
      assert.throws(() => publicKeyFrom(privateKey), CryptoError);
    });
  });

test('keys of two curves do not agree, and other algorithms are refused', () => {
  const random = seededRandom('two curves');
  const { privateKey } = generateKeyPair('P-256', random);
  assert.throws(() => ecdh(privateKey, generateKeyPair('brainpoolP256r1', random).publicKey), CryptoError);
  for (const { publicKey } of [generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'P-521' })])
    assert.throws(() => publicKeyFrom(publicKey), CryptoError);
});

for (const vector of loadVectors('scp11-two-sided'))
  test(`ECDH and public points of ${vector.id}`, () => {
    const oce = vector['oce'];
    const sd = vector['sd'];
    for (const side of [oce, sd])
      for (const half of ['static', 'ephemeral']) {
        if (side[`${half}_private`] === null) continue;
        const point = publicPoint(importPrivateKey('P-256', hex(side[`${half}_private`])));
        assert.deepEqual(point, hex(side[`${half}_public`]));
      }
    const agree = (scalar: string, point: string) =>
      ecdh(importPrivateKey('P-256', hex(scalar)), importPublicKey('P-256', hex(point)));
    const sdPoint = sd.ephemeral_public ?? sd.static_public;
    assert.deepEqual(agree(oce.ephemeral_private, sdPoint), hex(vector['expected'].zab_first));
    const second = agree(oce.static_private ?? oce.ephemeral_private, sd.static_public);
    assert.deepEqual(second, hex(vector['expected'].zab_second));
    assert.deepEqual(agree(sd.static_private, oce.static_public ?? oce.ephemeral_public), second);
  });

test('negatives neg-scp11-epk-off-curve: the point is refused', () => {
  const vector = loadVectors('negatives').find((each) => each.id === 'neg-scp11-epk-off-curve')!;
  const point = hex(vector['authenticate_response']).subarray(3, 3 + 65);
  assert.throws(() => importPublicKey('P-256', point), /not on P-256/);
  point[64]! ^= 1;
  assert.deepEqual(publicPoint(importPublicKey('P-256', point)), point);
});
