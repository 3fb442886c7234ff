import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { hmac } from './index.ts';

const text = (words: string) => new TextEncoder().encode(words);

// RFC 4231 4.2, 4.3, 4.7 (a key longer than a block).
for (const [name, key, data, sha256] of [
  [
    'test case 1',
    new Uint8Array(20).fill(0x0b),
    text('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    'test case 2',
    text('Jefe'),
    text('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'test case 6',
    new Uint8Array(131).fill(0xaa),
    text('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
] as const)
  test(`HMAC-SHA256, RFC 4231 ${name}, whole and in parts`, () => {
    assert.deepEqual(hmac('sha256', key, data), fromHex(sha256));
    assert.equal(toHex(hmac('sha256', key, data.subarray(0, 3), data.subarray(3))), sha256.toUpperCase());
  });
