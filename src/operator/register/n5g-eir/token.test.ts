import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { jwsKeyFromPem } from '#base/crypto/index.ts';
import { fixedClock } from '#base/port/index.ts';
import { type TokenRules, tokenVerifier } from './token.ts';

const SECOND = 1_790_000_000;
const OWN = '5a7b6f1e-0000-4000-8000-00000000e111';
const CLAIMS = { iss: 'nrf-1', sub: 'amf-7', aud: '5G_EIR', scope: 'n5g-eir-eic', exp: SECOND + 60 };

const nrf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const KEYS = [jwsKeyFromPem(pem(nrf.publicKey))];

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims: object, key = nrf.privateKey, header: object = { alg: 'ES256', typ: 'JWT' }): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
const bearer = (claims: object, key?: KeyObject, header?: object) => `Bearer ${token(claims, key, header)}`;

function verifier(more: Partial<TokenRules> = {}) {
  const clock = fixedClock(SECOND * 1000);
  return { clock, ...tokenVerifier({ keys: KEYS, nfInstanceId: OWN, clock, ...more }) };
}

/** `accepted amf-7`, or the kind of the refusal with its reason. */
function said(authorization: string | undefined, more?: Partial<TokenRules>): string {
  const verdict = verifier(more).verify(authorization);
  if (verdict.kind === 'accepted') return `accepted ${verdict.subject}`;
  return verdict.kind === 'invalid' ? `invalid: ${verdict.because}` : verdict.kind;
}

test('a token of the NRF for us is accepted, whoever of the two audiences it names', () => {
  assert.equal(said(bearer(CLAIMS)), 'accepted amf-7');
  for (const aud of [OWN, OWN.toUpperCase(), ['other', OWN], ['5G_EIR']])
    assert.equal(said(bearer({ ...CLAIMS, aud })), 'accepted amf-7', String(aud));
  assert.equal(said(bearer({ ...CLAIMS, scope: 'nudm-sdm n5g-eir-eic' })), 'accepted amf-7');
  assert.equal(said(bearer(CLAIMS).replace('Bearer', 'bEARER  ')), 'accepted amf-7');
});

test('what is not for us, not now, or not signed by the NRF is refused', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  for (const [authorization, expected] of [
    [undefined, /^missing$/],
    ['', /compact JWS/],
    ['Basic YTpi', /compact JWS/],
    ['Bearer', /compact JWS/],
    [`Bearer ${token(CLAIMS)} x`, /compact JWS/],
    [`Bearer ${'a'.repeat(9000)}`, /compact JWS/],
    [bearer({ ...CLAIMS, pad: 'x'.repeat(9000) }), /compact JWS/],
    ['Bearer a.b.c', /compact JWS/],
    [bearer({ ...CLAIMS, aud: 'AMF' }), /another audience/],
    [bearer({ ...CLAIMS, aud: ['x'] }), /another audience/],
    [bearer({ ...CLAIMS, aud: [] }), /another audience/],
    [bearer({ ...CLAIMS, aud: Array(65).fill('5G_EIR') }), /expected the claims/],
    [bearer({ ...CLAIMS, aud: undefined }), /expected the claims/],
    [bearer({ ...CLAIMS, sub: '' }), /expected the claims/],
    [bearer({ ...CLAIMS, sub: 'x'.repeat(257) }), /expected the claims/],
    [bearer({ ...CLAIMS, exp: String(CLAIMS.exp) }), /expected the claims/],
    [bearer({ ...CLAIMS, exp: undefined }), /expected the claims/],
    [bearer({ ...CLAIMS, nbf: null }), /expected the claims/],
    [bearer({ ...CLAIMS, iss: 7 }), /expected the claims/],
    [bearer([CLAIMS]), /expected the claims/],
    [bearer({ ...CLAIMS, exp: SECOND - 5 }), /expired/],
    [bearer({ ...CLAIMS, nbf: SECOND + 6 }), /not valid yet/],
    [bearer({ ...CLAIMS, scope: 'n5g-eir-eic2 nudm-sdm' }), /^insufficient scope$/],
    [bearer({ ...CLAIMS, scope: undefined }), /^insufficient scope$/],
    [bearer({ ...CLAIMS, scope: undefined }, stranger.privateKey), /wrong signature/],
    [bearer(CLAIMS, stranger.privateKey), /wrong signature/],
    [bearer(CLAIMS).slice(0, -4), /wrong signature|compact/],
  ] as const)
    assert.match(said(authorization), expected);
  assert.equal(said(bearer({ ...CLAIMS, exp: SECOND - 4, nbf: SECOND + 5 })), 'accepted amf-7'); // within the leeway
  assert.match(said(bearer(CLAIMS), { issuers: ['nrf-2'] }), /another issuer/);
  assert.match(said(bearer({ ...CLAIMS, iss: undefined }), { issuers: ['nrf-1'] }), /another issuer/);
  assert.equal(said(bearer(CLAIMS), { issuers: ['nrf-1'] }), 'accepted amf-7');
});

test('none, symmetric algorithms and algorithms that were not agreed are refused', () => {
  const unsigned = `${part({ alg: 'none' })}.${part(CLAIMS)}.`;
  assert.match(said(`Bearer ${unsigned}`), /compact JWS/);
  assert.match(said(`Bearer ${unsigned}AAAA`), /algorithm not accepted/);
  const input = `${part({ alg: 'HS256' })}.${part(CLAIMS)}`;
  const mac = createHmac('sha256', pem(nrf.publicKey)).update(input).digest('base64url');
  assert.match(said(`Bearer ${input}.${mac}`), /algorithm not accepted/);
  assert.match(said(bearer(CLAIMS), { algorithms: ['RS256'] }), /algorithm not accepted/);
});

test('a remembered token still ends in time, and with the keys that verified it', () => {
  const { clock, verify, replaceKeys } = verifier();
  const authorization = bearer(CLAIMS);
  assert.equal(verify(authorization).kind, 'accepted');
  clock.advance(64_999);
  assert.equal(verify(authorization).kind, 'accepted');
  clock.advance(1);
  assert.deepEqual([verify(authorization).kind, verify(authorization).kind], ['invalid', 'invalid']);
  clock.advance(-60_000);
  assert.equal(verify(authorization).kind, 'accepted');
  replaceKeys([]);
  assert.equal(verify(authorization).kind, 'invalid');
});

test('the memory is bounded, and works without any', () => {
  for (const mostRemembered of [0, 1, 2]) {
    const { verify } = verifier({ mostRemembered });
    const all = ['a', 'b', 'c', 'a'].map((sub) => bearer({ ...CLAIMS, sub }));
    assert.deepEqual(
      [...all, ...all].map((one) => verify(one).kind),
      Array(8).fill('accepted'),
    );
  }
});

test('a remembered token is not verified again', () => {
  const { verify } = verifier();
  const authorization = bearer(CLAIMS);
  verify(authorization);
  const started = performance.now();
  for (let time = 0; time < 20_000; time++) verify(authorization);
  // 20,000 verifications of ES256 take more than a second.
  assert.ok(performance.now() - started < 500);
});

test('hostile authorization fields never throw and are never accepted', () => {
  const { verify } = verifier();
  const good = token(CLAIMS);
  const broken = fc
    .tuple(fc.nat(good.length - 1), fc.constantFrom(...'Ab0_-.= '))
    .map(([at, character]) => good.slice(0, at) + character + good.slice(at + 1));
  const claims = fc.json().map((json) => `${part({ alg: 'ES256' })}.${Buffer.from(json).toString('base64url')}.AAAA`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), broken, claims), (text) => {
      if (text === good) return;
      assert.notEqual(verify(`Bearer ${text}`).kind, 'accepted');
      assert.notEqual(verify(text).kind, 'accepted');
    }),
    { numRuns: 500 },
  );
});
