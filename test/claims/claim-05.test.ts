import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { makerRoot, rootPoint } from '#handset/storage-support/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import { imeiProof } from '#protocol/imei-lock/index.ts';
import { setStage } from '#test/story/stage.ts';
import { believingModule, prom } from './removed.ts';
import { askedPlainly, ended, pairingIn } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
const stranger = makerRoot(fromHex('4E4F424F4459'), seededRandom('a stranger'));

test('claim 5: the authentication is mutual: the storage support (2) authenticates the module (31) as well (R09, R18)', (context) => {
  const stage = setStage(context);
  // A storage support that knows this operator only through another one's key: to it the module is a stranger.
  const authorities = [{ caIdentifier: stage.authority.caIdentifier, publicPoint: rootPoint(stranger) }];
  const uicc = stage.issue();
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc, support: stage.factory(IMEI, { authorities }) });
  assert.equal(ended(handset.powerOn()), 'refused 6985');
  assert.deepEqual(stage.step(102), [], 'the support did not tell a stranger its IMEI');
  assert.equal(pairingIn(uicc), undefined);
  // And a storage support of a maker whom nobody knows, to the module.
  const other = stage.issue();
  const rogue = stage.factory(IMEI, { root: stranger });
  assert.equal(ended(stage.handset({ name: 'B', imei: IMEI, uicc: other, support: rogue }).powerOn()), 'refused 6985');
  assert.equal(pairingIn(other), undefined);
  // Known to each other, the same parts open.
  const third = stage.issue();
  assert.equal(ended(stage.handset({ name: 'C', imei: IMEI, uicc: third }).powerOn()), 'accepted');
  assert.deepEqual(pairingIn(third)?.imei, IMEI.toOctets());
});

test('claim 5, without the authentication of the module: the storage support tells anybody its IMEI', (context) => {
  const { factory } = setStage(context);
  assert.deepEqual(askedPlainly(factory(IMEI).card), [SW.securityStatusNotSatisfied, NO_OCTETS]);
  assert.deepEqual(askedPlainly(prom(IMEI)), [SW.ok, imeiProof.encode({ imei: IMEI.toOctets(), counter: 1 })]);
});

test("claim 5, without the authentication of the storage support: a rogue maker's handset is let in", (context) => {
  const stage = setStage(context);
  const uicc = stage.issue({ application: believingModule });
  const rogue = stage.factory(IMEI, { root: stranger });
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc, support: rogue }).powerOn()), 'accepted');
});
