import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { concat, fromHex } from '#base/codec/index.ts';
import { bootstrappingAutn, bootstrappingRes, CryptoError, nafKeys } from './index.ts';

const ik = fromHex('f769bcd751044604127672711c6d3441');

test('AUTN of GBA_U: MAC xor the first half of SHA-1(IK), and back (TS 33.220 5.3.2)', () => {
  const autn = fromHex('55F328B43577B9B94A9FFAC354DFAFB3');
  const mask = createHash('sha1').update(ik).digest();
  const masked = bootstrappingAutn(autn, ik);
  assert.deepEqual(masked.slice(0, 8), autn.slice(0, 8));
  for (let i = 0; i < 8; i++) assert.equal(masked[8 + i], autn[8 + i]! ^ mask[i]!);
  assert.deepEqual(bootstrappingAutn(masked, ik), autn);
  assert.throws(() => bootstrappingAutn(autn.slice(1), ik), CryptoError);
});

test('RES of GBA_U differs in its last bit', () => {
  assert.deepEqual(bootstrappingRes(fromHex('A54211D5E3BA50BF')), fromHex('A54211D5E3BA50BE'));
});

test('Ks_ext_NAF and Ks_int_NAF: HMAC-SHA-256 over FC 01 and each parameter with its length (TS 33.220 B.2, B.3)', () => {
  const text = (value: string) => new TextEncoder().encode(value);
  const ks = fromHex('b40ba9a3c58b2a05bbf0d987b21bf8cbf769bcd751044604127672711c6d3441');
  const rand = fromHex('23553cbe9637a89d218ae64dae47bf35');
  const impi = text('001010000000001@ims.mnc001.mcc001.3gppnetwork.org');
  const nafId = concat(text('naf.example'), fromHex('0100000000'));
  const { external, internal } = nafKeys(ks, rand, impi, nafId);
  const expected = (name: string) => {
    const s = concat(
      ...[fromHex('01'), text(name), Uint8Array.of(0, name.length), rand, fromHex('0010')],
      ...[impi, Uint8Array.of(0, impi.length), nafId, Uint8Array.of(0, nafId.length)],
    );
    return new Uint8Array(createHmac('sha256', ks).update(s).digest());
  };
  assert.deepEqual(external, expected('gba-me'));
  assert.deepEqual(internal, expected('gba-u'));
  assert.throws(() => nafKeys(ks, rand.slice(1), impi, nafId), CryptoError);
  assert.throws(() => nafKeys(ks, rand, new Uint8Array(65_536), nafId), CryptoError);
});
