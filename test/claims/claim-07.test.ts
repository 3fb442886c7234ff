import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import { setStage } from '#test/story/stage.ts';
import { heedlessModule, lock, type MakeApplication } from './removed.ts';
import { authenticates } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
const FALSE = Imei.parse('35145120990033');

/** What AUTHENTICATE comes to in a handset that claims this IMEI, with no network near that could have a say. */
function alone(context: Parameters<typeof setStage>[0], application: MakeApplication, other: Imei): string {
  const stage = setStage(context);
  const uicc = stage.issue({ application });
  const os = other.equals(IMEI) ? 'honest' : 'forges-imei';
  const handset = stage.handset({ name: 'A', imei: IMEI, os, other, uicc, where: 'nowhere' });
  handset.powerOn();
  assert.equal(stage.post.taken, 0, 'nobody was asked and nobody was told');
  return authenticates(stage, handset, uicc);
}

test("claim 7: the module (31) blocks the handset's use when it detects a false IMEI, with no network at all (R11, R23, R24)", (context) => {
  assert.equal(alone(context, lock, FALSE), 'refused');
  assert.equal(alone(context, lock, IMEI), 'response', 'a true IMEI is let through');
});

test('claim 7, without the block: the handset with the false IMEI is used as if nothing were', (context) => {
  assert.equal(alone(context, heedlessModule, FALSE), 'response');
});

test('claim 7: the block survives power off, and tells the person why (R22)', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const support = stage.factory(IMEI);
  const parts = { imei: IMEI, uicc, support, where: 'nowhere' } as const;
  const fraudulent = stage.handset({ name: 'A', os: 'forges-imei', other: FALSE, ...parts });
  fraudulent.powerOn();
  assert.match(fraudulent.shown.join(), /identity of this handset .* Service is blocked. Emergency calls are possible/);
  const honestAgain = stage.handset({ name: 'A', ...parts });
  honestAgain.powerOn();
  assert.equal(authenticates(stage, honestAgain, uicc), 'refused');
});
