import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPublicAddress, originOf, targetOf } from './target.ts';

for (const address of [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.0.1',
  '2606:4700::1111',
  '2a00::1',
])
  test(`${address} is public`, () => assert.equal(isPublicAddress(address), true));

for (const address of [
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...[
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    'localhost',
    '',
    '1.2.3',
  ],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1'],
  ...['2001:db8::1', '2002:7f00:1::', '2001::1', '3fff::1', 'fe80::1%eth0'],
])
  test(`${address || 'nothing'} is not public`, () => assert.equal(isPublicAddress(address), false));

for (const [url, expected] of [
  ['http://127.0.0.1/', /public internet/],
  ['http://2130706433/', /public internet/],
  ['http://0x7f.1/', /public internet/],
  ['http://[::1]:8080/', /public internet/],
  ['http://[::ffff:10.0.0.1]/', /public internet/],
  ['ftp://example.org/', /http or https/],
  ['javascript:alert(1)', /http or https/],
  ['https://ada:secret@example.org/', /no user and password/],
  ['https://example.org/#a', /no fragment/],
  ['example.org', /no URL/],
  [`https://example.org/${'a'.repeat(2048)}`, /at most 2048/],
] as const)
  test(`${url.slice(0, 40)} is refused`, () =>
    assert.throws(
      () => targetOf(url, false),
      (error) => error instanceof RangeError && expected.test(error.message) && !error.message.includes('secret'),
    ));

test('a private address is taken when it is allowed; a name is judged when it is looked up', () => {
  assert.equal(targetOf('http://127.0.0.1:1/a', true).href, 'http://127.0.0.1:1/a');
  assert.equal(targetOf('https://localhost/a?b', false).href, 'https://localhost/a?b');
  assert.equal(originOf('https://example.org:8443/a?token=b'), 'https://example.org:8443');
});

test('no text makes anything but a URL or a RangeError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), fc.boolean(), (text, allowPrivate) => {
      try {
        assert.match(targetOf(text, allowPrivate).protocol, /^https?:$/);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
  );
});
