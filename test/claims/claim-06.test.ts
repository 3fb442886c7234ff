import assert from 'node:assert/strict';
import { test } from 'node:test';
import { berTlvs, fromHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import { type Card, responseData } from '#protocol/apdu/index.ts';
import { SUPPORT_KEY_VERSION } from '#protocol/imei-lock/index.ts';
import { setStage } from '#test/story/stage.ts';
import { prom } from './removed.ts';
import { ended, pairingIn } from './seen.ts';

const IMEI = Imei.parse('35674108990011');

/** Versions of the key sets that a storage support says it holds (key information template, GPC 2.3.1 11.3.3.1). */
function keyVersionsIn(card: Card): ReadonlySet<number | undefined> {
  card.transmit(fromHex('00A4040008F04153534159020100'));
  const [template] = berTlvs(responseData(card.transmit(fromHex('80CA00E000'))));
  return new Set(berTlvs(template?.value ?? fromHex('')).map(({ value }) => value[1]));
}

test('claim 6: the module (31) and the storage support (2) both keep keys (22) fit for the secure channel (6) (R10, R28)', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const support = stage.factory(IMEI);
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc, support });
  assert.equal(ended(handset.powerOn()), 'accepted');
  const kept = pairingIn(uicc);
  assert.equal(kept?.keyVersion, SUPPORT_KEY_VERSION.firstPairing);
  assert.ok([kept?.enc, kept?.mac, kept?.dek].every((key) => key?.some((octet) => octet !== 0)));
  assert.ok(keyVersionsIn(support.card).has(SUPPORT_KEY_VERSION.firstPairing));
  // The next power-on needs nothing but these keys.
  stage.trace.clear();
  assert.equal(ended(handset.powerOn()), 'accepted');
  const commands = stage.trace.records.filter(({ to }) => to === 'storage support (2)').map(({ name }) => name);
  assert.deepEqual(commands, [
    'SELECT storage support',
    'INITIALIZE UPDATE',
    'EXTERNAL AUTHENTICATE',
    'GET DATA (IMEI, protected)',
  ]);
});

test('claim 6, without keys in the module: no channel, no IMEI, no service', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue({ withCertificate: false });
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc }).powerOn()), 'refused 6985');
  assert.deepEqual([pairingIn(uicc), stage.step(102)], [undefined, []]);
});

test('claim 6, without keys in the storage support: no channel, no service', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc, support: prom(IMEI) }).powerOn()), 'refused 6985');
  assert.equal(pairingIn(uicc), undefined);
});
