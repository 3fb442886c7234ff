import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import { setStage } from '#test/story/stage.ts';
import { Turncoat } from './frauds.ts';
import { heedlessModule, lock, type MakeApplication } from './removed.ts';
import { authenticates, ended, lastOrder } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
const FALSE = Imei.parse('35145120990033');

/** A handset whose software turns false while it is attached, and a UICC that is asked to prove the IMEI again. */
async function turned(context: Parameters<typeof setStage>[0], application: MakeApplication) {
  const stage = setStage(context);
  const uicc = stage.issue({ application });
  const { iccid, imsi } = uicc.given;
  const systems: Turncoat[] = [];
  const os = (...parts: ConstructorParameters<typeof Turncoat>) => {
    const system = new Turncoat(...parts);
    systems.push(system);
    return system;
  };
  const handset = stage.handset({ name: 'A', imei: IMEI, os, other: FALSE, uicc });
  assert.equal(ended(handset.powerOn()), 'accepted');
  await stage.settle();
  assert.equal(lastOrder(stage, uicc), 'permit acknowledged');
  for (const system of systems) system.isTurned = true;
  stage.operator.gateway.command({ iccid, order: 'reportNow', author: 'Ada', reason: 'a check' });
  await stage.settle();
  const standing = stage.operator.evidence.standing(imsi);
  return {
    found: [standing?.result, standing?.reason, standing?.claimedImei?.equipment],
    order: lastOrder(stage, uicc),
    authentication: authenticates(stage, handset, uicc),
    state: stage.operator.evidence.reports(1, iccid.digits)[0]?.level,
  };
}

test("claim 11: the method: the module (31) blocks the handset's use when it detects a false IMEI, together with report and list of claims 9 and 10 (R17)", async (context) => {
  const { found, order, authentication, state } = await turned(context, lock);
  assert.equal(authentication, 'refused');
  assert.deepEqual(found, ['refuted', 'claimedImeiDiffers', FALSE.equipment], 'claim 9: the operator was told');
  assert.deepEqual([order, state], ['block acknowledged', 'refuted'], 'claim 10: and blocks it too');
});

test('claim 11, without the block: the operator knows of the false IMEI and the handset goes on', async (context) => {
  const { found, authentication } = await turned(context, heedlessModule);
  assert.deepEqual(found, ['refuted', 'claimedImeiDiffers', FALSE.equipment]);
  assert.equal(authentication, 'response');
});

test('claim 11: the method alone: the module blocks before anybody is asked', async (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const handset = stage.handset({ name: 'A', imei: IMEI, os: 'forges-imei', other: FALSE, uicc });
  assert.equal(ended(handset.powerOn()), 'refused 6985');
  await stage.settle();
  assert.deepEqual([stage.post.taken, stage.operator.evidence.standing(uicc.given.imsi)], [0, undefined]);
});
