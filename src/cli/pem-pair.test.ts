import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { testCertificate } from '#test/certificate.ts';
import { dataDirectory } from './assay.fixture.ts';
import { checkCertificate } from './doctor-machine.ts';
import { certificateIn, HTTP_TLS, pemPair } from './pem-pair.ts';

/** Files in a directory of their own. */
function written(context: TestContext) {
  const directory = dataDirectory(context);
  const [one, other] = [
    testCertificate('one', 'https://one.example/'),
    testCertificate('other', 'https://other.example/'),
  ];
  const put = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  return {
    one,
    put,
    key: put('one.key', one.key),
    cert: put('one.pem', one.cert),
    otherKey: put('other.key', other.key),
  };
}

test('key and certificate are read when they belong together; else it is said what was expected of which file', (context) => {
  const { one, put, key, cert, otherKey } = written(context);
  assert.deepEqual(pemPair(key, cert, HTTP_TLS), { key: one.key, cert: one.cert });
  assert.equal(pemPair(undefined, undefined, HTTP_TLS), undefined);
  for (const [given, words] of [
    [[key, undefined], /TLS: expected both --http-tls-key and --http-tls-cert, got one of them/],
    [[otherKey, cert], /one\.pem: expected the certificate of the key .*other\.key, got that of another key/],
    [[cert, cert], /one\.pem: expected a private key in PEM without a passphrase/],
    [[key, key], /one\.key: expected a certificate in PEM/],
    [[put('empty', ''), cert], /empty: expected a private key/],
    [['/nothing', cert], /\/nothing: expected a file that this user may read, got ENOENT/],
  ] as const)
    assert.throws(() => pemPair(given[0], given[1], HTTP_TLS), words);
});

test('doctor looks whether a certificate works, is of its key, and is for the name that people use', (context) => {
  const { key, cert, otherKey } = written(context);
  const states = (given: Parameters<typeof checkCertificate>[1]) =>
    checkCertificate(cert, given).map(({ state, found }) => (state === 'fail' ? found.replace(/^\S+ /, '') : state));
  const [works] = states({});
  assert.deepEqual(states({ key, name: '127.0.0.1' }), [works]);
  assert.deepEqual(states({ key: otherKey }), [works, `is not of the key ${otherKey}`]);
  assert.deepEqual(states({ key, name: 'assay.example' }), [
    works,
    'is not for the name assay.example, by which people come',
  ]);
  assert.ok(certificateIn(cert).validToDate.getTime() > 0);
});
