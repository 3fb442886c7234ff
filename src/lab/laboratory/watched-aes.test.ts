import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { watchedAes } from './watched-aes.ts';

const KEY = fromHex('000102030405060708090A0B0C0D0E0F');
const ZEROS = new Uint8Array(16);
const PLAIN = fromHex('00112233445566778899AABBCCDDEEFF');

test('a watched AES computes what the other does', () => {
  const [watched, plain] = [watchedAes(tableAes).key(KEY), tableAes.key(KEY)];
  assert.deepEqual(watched.cbcEncrypt(ZEROS, PLAIN), plain.cbcEncrypt(ZEROS, PLAIN));
  assert.deepEqual(watched.cbcDecrypt(ZEROS, PLAIN), plain.cbcDecrypt(ZEROS, PLAIN));
  assert.deepEqual(watched.cmac(ZEROS, PLAIN), plain.cmac(ZEROS, PLAIN));
  assert.deepEqual(watched.encryptBlock(PLAIN), plain.encryptBlock(PLAIN));
  assert.deepEqual(watched.encryptBlocks(PLAIN), plain.encryptBlocks(PLAIN));
  assert.equal(watched.keyLength, 16);
});

test('what was enciphered or deciphered is known by its cipher text; what nobody opened is not', () => {
  const aes = watchedAes(tableAes);
  const cipher = aes.key(KEY).cbcEncrypt(ZEROS, PLAIN);
  assert.equal(toHex(aes.opened.plainOf(cipher) ?? ZEROS), toHex(PLAIN));
  const other = tableAes.key(PLAIN).cbcEncrypt(ZEROS, KEY);
  assert.equal(aes.opened.plainOf(other), undefined);
  aes.key(PLAIN).cbcDecrypt(ZEROS, other);
  assert.equal(toHex(aes.opened.plainOf(other) ?? ZEROS), toHex(KEY));
});

test('a MAC is known by what it covers behind its chaining value, and only from the moment it was computed', () => {
  const aes = watchedAes(tableAes);
  const before = aes.opened.mark;
  const mac = aes.key(KEY).cmac(ZEROS, PLAIN, fromHex('9000'));
  assert.deepEqual(aes.opened.macsOver(aes.opened.mark, PLAIN, fromHex('9000')), [mac]);
  assert.deepEqual(aes.opened.macsOver(before, PLAIN, fromHex('9000')), []);
  assert.deepEqual(aes.opened.macsOver(aes.opened.mark, PLAIN, fromHex('6985')), []);
});

test('the newest are kept, in bounded memory', () => {
  const aes = watchedAes(tableAes);
  const key = aes.key(KEY);
  const first = key.cbcEncrypt(ZEROS, PLAIN);
  for (let i = 0; i < 20_000; i++) {
    const block = new Uint8Array(16);
    new DataView(block.buffer).setUint32(0, i);
    key.cbcEncrypt(ZEROS, block);
  }
  assert.equal(aes.opened.plainOf(first), undefined);
});
