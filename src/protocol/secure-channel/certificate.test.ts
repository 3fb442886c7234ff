import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, toHex } from '#base/codec/index.ts';
import { CryptoError, generateKeyPair, importPublicKey, publicKeyFrom, publicPoint, sign } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import {
  type ChainPolicy,
  calendarDate,
  certificateStore,
  chainVerifier,
  readCertificate,
} from './certificate-chain.ts';
import { type GpCertificateFields, gpCertificate, issueGpCertificate } from './gp-certificate.ts';
import { commonName, leafOf, MAKER, TODAY, verifierOf, world } from './scp11.fixture.ts';
import { issueX509Certificate, x509Certificate } from './x509.ts';

for (const vector of loadVectors('gp-certificates'))
  test(`gp-certificates ${vector.id}`, () => {
    const octets = fromHex(vector['certificate']);
    const certificate = gpCertificate.decode(octets);
    const { fields } = vector;
    assert.equal(toHex(certificate.signed).toLowerCase(), vector['signed_data']);
    assert.equal(toHex(certificate.signature).toLowerCase(), vector['signature_r_s']);
    assert.deepEqual(certificate.fields, {
      serial: fromHex(fields['93']),
      authority: fromHex(fields['42']),
      subject: fromHex(fields['5f20']),
      usage: 'keyAgreement',
      validFrom: Number(fields['5f25']),
      validTo: Number(fields['5f24']),
      publicKey: { point: fromHex(fields.b0), curve: 'P-256' },
    } satisfies GpCertificateFields);
    assert.deepEqual(gpCertificate.encode(certificate), octets);
    const publicKey = importPublicKey('P-256', fromHex(vector['verify_with_public_key']));
    const roots = [{ identifier: fromHex(fields['42']), publicKey }];
    const result = chainVerifier({ roots, today: 20261124, role: 'sd' })([octets]);
    if (vector['expect'] === 'valid')
      assert.equal(result.kind === 'peer' && toHex(result.subject), fields['5f20'].toUpperCase());
    else assert.deepEqual(result, { kind: 'refused', fault: 'wrongSignature' });
  });

const random = seededRandom('certificates');
const root = generateKeyPair('P-256', random);
const middle = generateKeyPair('P-256', random);
const leaf = generateKeyPair('P-256', random);
const stranger = generateKeyPair('P-256', random);
const ROOT = fromHex('0A');
const MIDDLE = fromHex('0B');
const LEAF = fromHex('0C');

function gp(key: typeof root, authority: Uint8Array, changes: Partial<GpCertificateFields> & { by?: typeof root }) {
  const { by = root, ...rest } = changes;
  return issueGpCertificate(by.privateKey, {
    serial: fromHex('0102'),
    authority,
    subject: LEAF,
    usage: 'keyAgreement',
    validTo: 20361231,
    publicKey: { point: publicPoint(key.publicKey), curve: 'P-256' },
    ...rest,
  });
}

const middleCertificate = gp(middle, ROOT, { subject: MIDDLE, usage: 'verification', serial: fromHex('77') });
const leafCertificate = gp(leaf, MIDDLE, { by: middle });

const policy = (changes: Partial<ChainPolicy> = {}): ChainPolicy => ({
  roots: [{ identifier: ROOT, publicKey: root.publicKey }],
  today: TODAY,
  role: 'sd',
  ...changes,
});
const fault = (certificates: readonly Uint8Array[], changes: Partial<ChainPolicy> = {}) => {
  const result = chainVerifier(policy(changes))(certificates);
  return result.kind === 'peer' ? 'none' : result.fault;
};

test('a chain verifies in either order: by issuer, not by position', () => {
  for (const chain of [
    [middleCertificate, leafCertificate],
    [leafCertificate, middleCertificate],
  ]) {
    const peer = chainVerifier(policy())(chain);
    assert.ok(peer.kind === 'peer' && peer.datesChecked);
    assert.deepEqual([peer.subject, peer.serial], [LEAF, fromHex('0102')]);
    assert.deepEqual(publicPoint(peer.publicKey), publicPoint(leaf.publicKey));
  }
});

test('a UICC without a clock leaves dates unchecked and says so', () => {
  const old = gp(leaf, ROOT, { validFrom: 20100101, validTo: 20110101 });
  const peer = chainVerifier(policy({ today: 'unknown' }))([old]);
  assert.ok(peer.kind === 'peer' && !peer.datesChecked);
  assert.equal(fault([old]), 'expired');
  assert.equal(fault([gp(leaf, ROOT, { validFrom: 20300101 })]), 'notYetValid');
  assert.equal(fault([gp(leaf, ROOT, { validFrom: TODAY, validTo: TODAY })]), 'none', 'both days count');
  assert.equal(calendarDate(Date.UTC(2026, 0, 2, 23, 59)), 20260102);
});

test('every fault of a chain has its name', () => {
  assert.equal(fault([]), 'noLeaf');
  assert.equal(fault([leafCertificate]), 'foreignRoot');
  assert.equal(fault([middleCertificate]), 'wrongUsage', 'an authority is no peer');
  assert.equal(
    fault([leafCertificate, gp(leaf, MIDDLE, { by: middle, subject: fromHex('0D') })]),
    'noLeaf',
    'two leaves',
  );
  assert.equal(fault(new Array(4).fill(leafCertificate)), 'tooLong');
  assert.equal(fault([fromHex('7F2100')]), 'malformed');
  assert.equal(fault([concat(leafCertificate, fromHex('00'))]), 'malformed', 'trailing octets');
  assert.equal(fault([gp(leaf, ROOT, { by: stranger })]), 'wrongSignature');
  assert.equal(
    fault([leafCertificate, gp(middle, fromHex('0E'), { subject: MIDDLE, usage: 'verification' })]),
    'foreignRoot',
  );
  assert.equal(
    fault([leafCertificate, gp(middle, ROOT, { subject: MIDDLE })]),
    'wrongUsage',
    'a leaf certifies nobody',
  );
  assert.equal(fault([middleCertificate, leafCertificate], { revoked: new Set(['0102']) }), 'revoked');
  assert.equal(fault([middleCertificate, leafCertificate], { revoked: new Set(['77']) }), 'revoked');
  assert.equal(fault([gp(leaf, ROOT, {})], { curves: ['P-384'] }), 'wrongCurve');
  const offCurve = publicPoint(leaf.publicKey);
  offCurve[64] = (offCurve[64] as number) ^ 1;
  assert.equal(fault([gp(leaf, ROOT, { publicKey: { point: offCurve, curve: 'P-256' } })]), 'wrongCurve');
});

test('a loop of issuers ends', () => {
  const one = gp(middle, fromHex('0E'), { subject: MIDDLE, usage: 'verification', by: stranger });
  const other = gp(stranger, MIDDLE, { subject: fromHex('0E'), usage: 'verification', by: middle });
  assert.equal(fault([leafCertificate, one, other]), 'tooLong');
});

test('DER signatures in GlobalPlatform certificates only behind the switch', () => {
  const { fields, signed } = gpCertificate.decode(gp(leaf, ROOT, {}));
  const signature = sign(root.privateKey, signed, 'sha256', 'der');
  const der = gpCertificate.encode({ fields, signed, signature });
  assert.equal(fault([der]), 'wrongSignature');
  assert.equal(fault([der], { compatible: true }), 'none');
});

test('P-384 certificates work where the policy takes them', () => {
  const authority = generateKeyPair('P-384', random);
  const subject = generateKeyPair('P-384', random);
  const certificate = issueGpCertificate(authority.privateKey, {
    serial: fromHex('01'),
    authority: ROOT,
    subject: LEAF,
    usage: 'keyAgreement',
    validTo: 20361231,
    publicKey: { point: publicPoint(subject.publicKey), curve: 'P-384' },
  });
  const roots = [{ identifier: ROOT, publicKey: authority.publicKey }];
  assert.equal(fault([certificate], { roots, curves: ['P-384'] }), 'none');
  assert.equal(fault([certificate], { roots }), 'wrongCurve');
});

test('an issued GlobalPlatform certificate is about 210 octets', () => {
  const { length } = leafOf(world('length'), 'sd', 'gp');
  assert.ok(length > 170 && length < 220, `${length}`);
});

test('X.509: what we issue, OpenSSL reads and verifies; roles and usage are enforced', () => {
  const of = world('x509');
  const certificate = leafOf(of, 'sd', 'x509');
  const openssl = new X509Certificate(certificate);
  assert.ok(openssl.verify(of.maker.publicKey.keyObject));
  assert.equal(openssl.subject, 'CN=support');
  assert.equal(new Date(openssl.validTo).getUTCFullYear(), 2036);
  assert.deepEqual(x509Certificate.encode(x509Certificate.decode(certificate)), certificate);
  const peer = verifierOf(of, 'sd', 'x509')([certificate]);
  assert.equal(peer.kind, 'peer');
  const wrongRole = chainVerifier({
    roots: [{ identifier: commonName('CA-KLCC'), publicKey: of.maker.publicKey }],
    today: TODAY,
    role: 'oce',
  });
  assert.deepEqual(wrongRole([certificate]), { kind: 'refused', fault: 'wrongUsage' });
  assert.deepEqual(verifierOf(of, 'oce', 'x509')([certificate]), { kind: 'refused', fault: 'foreignRoot' });
});

test('X.509: a chain with an authority between, in any order; a leaf cannot certify', () => {
  const issue = (use: 'authority' | 'sd', key: typeof root, issuer: string, subject: string, by: typeof root) =>
    issueX509Certificate(by.privateKey, {
      serial: fromHex('05'),
      issuer: commonName(issuer),
      subject: commonName(subject),
      publicKey: key.publicKey,
      notBefore: 19990101000000,
      notAfter: 99991231235959,
      use,
    });
  const roots = [{ identifier: commonName('root'), publicKey: root.publicKey }];
  const end = issue('sd', leaf, 'middle', 'end', middle);
  assert.equal(fault([end, issue('authority', middle, 'root', 'middle', root)], { roots }), 'none');
  assert.equal(fault([issue('authority', middle, 'root', 'middle', root), end], { roots }), 'none');
  assert.equal(fault([end, issue('sd', middle, 'root', 'middle', root)], { roots }), 'wrongUsage');
  assert.equal(fault([end, issue('authority', middle, 'root', 'middle', stranger)], { roots }), 'wrongSignature');
});

test('X.509 of a real YubiKey: the leaf is signed by the intermediate, and is a security domain for key agreement', () => {
  const [trace] = loadVectors('scp11-trace') as readonly [VectorCase];
  const data = (trace['exchanges'] as readonly { response: string }[])
    .slice(3, 8)
    .map((exchange) => fromHex(exchange.response).subarray(0, -2));
  const [intermediate, last] = certificateStore.decode(concat(...data));
  assert.ok(intermediate !== undefined && last !== undefined);
  const certificate = readCertificate(last);
  assert.deepEqual(certificate.roles, ['sd']);
  assert.ok(certificate.mayAgreeKeys && !certificate.mayCertify);
  assert.equal(certificate.validTo, 99991231);
  const above = new X509Certificate(intermediate);
  assert.ok(certificate.isSignedBy(publicKeyFrom(above.publicKey)));
  assert.ok(!certificate.isSignedBy(root.publicKey));
  // Signed with RSA: not a certificate this verifier takes.
  assert.throws(() => readCertificate(intermediate), CodecError);
});

test('property: what is issued is read back', () => {
  const identifier = fc.uint8Array({ minLength: 1, maxLength: 20 });
  const fields = fc.record({
    serial: identifier,
    authority: identifier,
    subject: identifier,
    usage: fc.constantFrom('keyAgreement' as const, 'verification' as const),
    validFrom: fc.constantFrom(20260101, 20261231),
    validTo: fc.constantFrom(20360229, 20991231),
    discretionary: fc.uint8Array({ maxLength: 40 }),
  });
  fc.assert(
    fc.property(fields, (value) => {
      const content = { ...value, publicKey: { point: publicPoint(leaf.publicKey), curve: 'P-256' as const } };
      assert.deepEqual(gpCertificate.decode(issueGpCertificate(root.privateKey, content)).fields, content);
    }),
    { numRuns: 30 },
  );
});

test('property: changed certificates never verify, hostile octets throw nothing but CodecError', () => {
  const of = world('changed');
  for (const format of ['gp', 'x509'] as const) {
    const certificate = leafOf(of, 'sd', format);
    const verify = verifierOf(of, 'sd', format);
    assert.equal(verify([certificate]).kind, 'peer');
    fc.assert(
      fc.property(fc.nat(certificate.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        assert.equal(verify([certificate.with(at, (certificate[at] as number) ^ change)]).kind, 'refused');
      }),
      { numRuns: 300 },
    );
  }
  const tags = fc.constantFrom('7F21', '30', 'BF21', '');
  fc.assert(
    fc.property(tags, fc.uint8Array({ maxLength: 120 }), (tag, octets) => {
      const hostile = concat(fromHex(tag), Uint8Array.of(octets.length), octets);
      assert.equal(chainVerifier(policy({ compatible: true }))([hostile]).kind, 'refused');
      try {
        readCertificate(hostile, true);
      } catch (error) {
        assert.ok(error instanceof CodecError || error instanceof CryptoError);
      }
    }),
  );
});

test('the maker and the operator of the fixture are told apart', () => {
  const of = world('apart');
  assert.deepEqual(verifierOf(of, 'oce')([leafOf(of, 'sd', 'gp')]), { kind: 'refused', fault: 'foreignRoot' });
  assert.equal(toHex(MAKER), '0102030405060708');
});
