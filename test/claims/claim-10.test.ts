import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import { setStage } from '#test/story/stage.ts';
import { heedlessModule, lock, type MakeApplication } from './removed.ts';
import { authenticates, ended, lastOrder } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
const THEFT = { imei: IMEI, list: 'black', reason: 'stolen', author: 'police' } as const;

/** An honest handset abroad, where no network asks about IMEIs: what the operator ordered after its report, and what came of it. */
async function reported(
  context: Parameters<typeof setStage>[0],
  { isListed = true, application = lock }: { isListed?: boolean; application?: MakeApplication } = {},
) {
  const stage = setStage(context);
  if (isListed) stage.operator.register.lists.add(THEFT);
  const uicc = stage.issue({ application });
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc, where: 'abroad' });
  assert.equal(ended(handset.powerOn()), 'accepted');
  await stage.settle();
  return [lastOrder(stage, uicc), authenticates(stage, handset, uicc)];
}

test('claim 10: the operator (5) compares the IMEI with a black list (7) and blocks the handset that is on it (R15, R16, R38, R39, R41, R44)', async (context) => {
  assert.deepEqual(await reported(context), ['block acknowledged', 'refused']);
});

test('claim 10, without the list: the same stolen handset is permitted', async (context) => {
  assert.deepEqual(await reported(context, { isListed: false }), ['permit acknowledged', 'response']);
});

test('claim 10, without obedience in the module: the order is there and the handset goes on', async (context) => {
  assert.deepEqual(await reported(context, { application: heedlessModule }), ['block acknowledged', 'response']);
});

test('claim 10: the network of the operator refuses a listed handset by itself, whatever UICC is in it (R37, R43)', (context) => {
  const attach = (isListed: boolean, mode: 'enforce' | 'off') => {
    const { operator, handset, issue } = setStage(context);
    if (isListed) operator.register.lists.add(THEFT);
    operator.register.setMode(mode, 'Ada', 'trial');
    return ended(handset({ name: 'A', imei: IMEI, uicc: issue({ application: heedlessModule }) }).powerOn());
  };
  assert.equal(attach(true, 'enforce'), 'rejected 6', 'illegal ME');
  assert.equal(attach(true, 'off'), 'accepted', 'without the comparison');
  assert.equal(attach(false, 'enforce'), 'accepted', 'without the entry');
});

test('claim 10: an entry that comes while the handset is in use blocks it, and its end lifts the block (R40)', async (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc });
  handset.powerOn();
  await stage.settle();
  stage.operator.register.lists.add(THEFT);
  await stage.settle();
  assert.deepEqual([lastOrder(stage, uicc), authenticates(stage, handset, uicc)], ['block acknowledged', 'refused']);
  stage.operator.register.lists.remove({ imei: IMEI, list: 'black', author: 'police', reason: 'found' });
  await stage.settle();
  assert.equal(authenticates(stage, handset, uicc), 'response');
  assert.equal(lastOrder(stage, uicc), 'permit acknowledged');
});
