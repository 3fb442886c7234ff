import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { secretOf, secretText, signedHeaders } from './signature.ts';

test('a delivery is signed over id, seconds and body (Standard Webhooks 1.0.0)', () => {
  const secret = Buffer.alloc(24, 7);
  const headers = signedHeaders('evt_1', 1_674_087_231_999, Buffer.from('{"a":1}'), secret);
  const mac = createHmac('sha256', secret).update('evt_1.1674087231.{"a":1}').digest('base64');
  assert.deepEqual(headers, {
    'webhook-id': 'evt_1',
    'webhook-timestamp': '1674087231',
    'webhook-signature': `v1,${mac}`,
  });
});

test('a secret is its text again; other texts are refused without being shown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (secret) =>
      assert.deepEqual(secretOf(secretText(secret)), secret),
    ),
  );
  const good = secretText(new Uint8Array(32));
  for (const text of [
    '',
    'whsec_',
    good.slice(6),
    `${good}=`,
    `${good} `,
    secretText(new Uint8Array(23)),
    secretText(new Uint8Array(65)),
  ])
    assert.throws(
      () => secretOf(text),
      (error) => error instanceof RangeError && !(text.length > 10 && error.message.includes(text.slice(10))),
    );
});
