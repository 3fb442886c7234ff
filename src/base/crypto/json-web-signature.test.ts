import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CryptoError,
  JWS_ALGORITHMS,
  type JwsAlgorithm,
  type JwsKey,
  type JwsVerdict,
  jwsKeyFromPem,
  jwsKeysFromJwkSet,
  splitJws,
  verifyJws,
} from './index.ts';

const LONGEST = 8192;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(header: object, payload: object, key: KeyObject, more: object = { dsaEncoding: 'ieee-p1363' }): string {
  const input = `${text(header)}.${text(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, ...more }).toString('base64url')}`;
}

function verdict(
  compact: string,
  keys: readonly JwsKey[],
  accepted = JWS_ALGORITHMS as readonly JwsAlgorithm[],
): JwsVerdict {
  const jws = splitJws(compact, LONGEST);
  return jws === undefined ? { kind: 'refused', because: 'malformed' } : verifyJws(jws, keys, accepted);
}

function refusal(compact: string, keys: readonly JwsKey[], accepted?: readonly JwsAlgorithm[]): string {
  const said = verdict(compact, keys, accepted);
  return said.kind === 'refused' ? said.because : said.kind;
}

// RFC 7515 A.3 and A.2: ES256 and RS256 over the same payload.
const PAYLOAD = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
const ES256 = {
  jws: `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
  jwk: {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  },
};
const RS256 = {
  jws: `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
  jwk: {
    kty: 'RSA',
    n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
    e: 'AQAB',
  },
};

test('the examples of RFC 7515 A.2 and A.3 verify, and with one character changed they do not', () => {
  for (const { jws, jwk } of [ES256, RS256]) {
    const keys = jwsKeysFromJwkSet(JSON.stringify({ keys: [jwk] }));
    const said = verdict(jws, keys);
    assert.equal(said.kind, 'verified');
    assert.match(Buffer.from((said as { payload: Uint8Array }).payload).toString(), /"iss":"joe"/);
    assert.equal(refusal(jws.replace('.eyJpc3Mi', '.eyJpc3Nj'), keys), 'wrong signature');
  }
});

test('every accepted algorithm verifies what its key signed, and no key serves another algorithm', () => {
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const [ecKey, rsaKey] = [jwsKeyFromPem(pem(p256.publicKey)), jwsKeyFromPem(pem(rsa.publicKey))];
  const es = signed({ alg: 'ES256' }, { a: 1 }, p256.privateKey);
  const rs = signed({ alg: 'RS256' }, { a: 1 }, rsa.privateKey, {});
  const ps = signed({ alg: 'PS256' }, { a: 1 }, rsa.privateKey, pss);
  assert.deepEqual(
    [es, rs, ps].map((jws) => refusal(jws, [ecKey, rsaKey])),
    ['verified', 'verified', 'verified'],
  );
  assert.equal(refusal(es, [rsaKey]), 'unknown key');
  assert.equal(refusal(rs, [ecKey]), 'unknown key');
  assert.equal(refusal(rs, [rsaKey], ['ES256']), 'algorithm not accepted');
  assert.equal(refusal(signed({ alg: 'PS256' }, {}, rsa.privateKey, {}), [rsaKey]), 'wrong signature');
});

test('none, symmetric and unknown algorithms are refused, also with the public key as secret', () => {
  const key = jwsKeyFromPem(pem(rsa.publicKey));
  const input = `${text({ alg: 'HS256' })}.${text({ a: 1 })}`;
  const mac = createHmac('sha256', pem(rsa.publicKey)).update(input).digest('base64url');
  assert.equal(refusal(`${input}.${mac}`, [key]), 'algorithm not accepted');
  for (const alg of ['none', 'None', 'nOnE', 'es256', 'ES512', ['ES256'], null, undefined, 1])
    assert.equal(refusal(`${text({ alg })}.${text({})}.AAAA`, [key]), 'algorithm not accepted', String(alg));
  assert.equal(refusal(`${text({ alg: 'none' })}.${text({})}.`, [key]), 'malformed');
});

test('a key in the header is never used, an unknown extension is refused', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = jwsKeyFromPem(pem(p256.publicKey));
  const header = { alg: 'ES256', jwk: stranger.publicKey.export({ format: 'jwk' }), jku: 'http://127.0.0.1/' };
  assert.equal(refusal(signed(header, {}, stranger.privateKey), [key]), 'wrong signature');
  assert.equal(refusal(signed({ alg: 'ES256', crit: ['b64'] }, {}, p256.privateKey), [key]), 'critical extension');
});

test('kid chooses the key; a key without one serves for all', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' });
  const keys = jwsKeysFromJwkSet(JSON.stringify({ keys: [jwk(p256.publicKey, 'a'), jwk(other.publicKey, 'b')] }));
  const by = (kid: unknown) => refusal(signed({ alg: 'ES256', kid }, {}, p256.privateKey), keys);
  assert.deepEqual(
    [by('a'), by('b'), by('c'), by(7), by(undefined)],
    ['verified', 'wrong signature', 'unknown key', 'malformed', 'verified'],
  );
  assert.equal(
    refusal(signed({ alg: 'ES256', kid: 'x' }, {}, p256.privateKey), [jwsKeyFromPem(pem(p256.publicKey))]),
    'verified',
  );
});

test('one value has one spelling: padding, other alphabets and idle bits are malformed', () => {
  const key = jwsKeyFromPem(pem(p256.publicKey));
  const jws = signed({ alg: 'ES256' }, { a: 1 }, p256.privateKey);
  // 64 octets end in a character of which four bits are idle.
  const idle = jws.slice(0, -1) + String.fromCharCode(jws.charCodeAt(jws.length - 1) + 1);
  for (const bad of [
    `${jws}=`,
    `${jws}.`,
    idle,
    jws.replaceAll('.', '..'),
    jws.slice(0, jws.lastIndexOf('.')),
    ` ${jws}`,
    '',
  ])
    assert.equal(refusal(bad, [key]), 'malformed');
  assert.equal(splitJws(jws, jws.length - 1), undefined);
  assert.equal(refusal(jws.slice(0, -2), [key]), 'wrong signature');
});

test('keys that must not be used are refused with what to do', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const set = (...keys: unknown[]) => JSON.stringify({ keys });
  for (const [make, expected] of [
    [() => jwsKeyFromPem(pem(weak.publicKey)), /2048 to 8192 bits, got 1024/],
    [() => jwsKeyFromPem(pem(p384.publicKey)), /secp384r1/],
    [() => jwsKeyFromPem(p256.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), /private key/],
    [() => jwsKeyFromPem('nonsense'), /PEM/],
    [() => jwsKeysFromJwkSet('[]'), /JWK set/],
    [() => jwsKeysFromJwkSet('{'), /JWK set/],
    [() => jwsKeysFromJwkSet(set(...Array(33).fill(ES256.jwk))), /at most 32/],
    [() => jwsKeysFromJwkSet(set(7)), /not an object/],
    [() => jwsKeysFromJwkSet(set({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' })), /no key/],
    [() => jwsKeysFromJwkSet(set(p256.privateKey.export({ format: 'jwk' }))), /private/],
    [() => jwsKeysFromJwkSet(set({ ...ES256.jwk, kid: 7 })), /kid/],
    [
      () =>
        jwsKeysFromJwkSet(set({ kty: 'oct', k: 'AAAA' }, { ...ES256.jwk, use: 'enc' }, { ...ES256.jwk, alg: 'ES384' })),
      /holds no key/,
    ],
    [
      () => jwsKeysFromJwkSet(set({ ...ES256.jwk, key_ops: ['sign'] }, p384.publicKey.export({ format: 'jwk' }))),
      /holds no key/,
    ],
  ] as const)
    assert.throws(make, (error) => error instanceof CryptoError && expected.test(error.message));
});

test('hostile text never throws and never verifies', () => {
  const keys = [jwsKeyFromPem(pem(p256.publicKey)), jwsKeyFromPem(pem(rsa.publicKey))];
  const part = fc.oneof(
    fc.base64String(),
    fc.string(),
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
  );
  const alg = fc.constantFrom('ES256', 'RS256', 'PS256').map((name) => text({ alg: name }));
  fc.assert(
    fc.property(
      fc.oneof(part, alg),
      part,
      fc.oneof(
        part,
        fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets).toString('base64url')),
      ),
      (...parts) => {
        assert.notEqual(refusal(parts.join('.'), keys), 'verified');
      },
    ),
  );
});
