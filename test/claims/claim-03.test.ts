import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import { setStage } from '#test/story/stage.ts';
import { ended } from './seen.ts';

const IMEI = Imei.parse('35674108990011');

test('claim 3: the handset (1) includes the secure electronic module (31), connected to the connector (3) (R07)', (context) => {
  const stage = setStage(context);
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc: stage.issue() });
  assert.equal(ended(handset.powerOn()), 'accepted');
  assert.ok(stage.step(102).length > 0, 'steps 101 and 102 ran through the connector');
});

test('claim 3, without the module: nothing is authenticated, and there is no service', (context) => {
  const stage = setStage(context);
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc: 'none' });
  assert.equal(ended(handset.powerOn()), 'noUsim');
  assert.deepEqual([stage.step(101), stage.step(102)], [[], []]);
});
