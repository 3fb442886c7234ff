import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { LabHandsetNow as Handset } from '#lab/handset/index.ts';
import { responseData } from '#protocol/apdu/index.ts';
import { encodeEnvelope } from '#protocol/usat/index.ts';
import { POLICY, type Stage, setStage, type Uicc } from '#test/story/stage.ts';
import { ended, lastOrder } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
const FALSE = Imei.parse('35145120990033');
const ORDINARY = '0301234567';

interface Scene {
  readonly stage: Stage;
  readonly handset: Handset;
  readonly uicc: Uicc;
}
type Order = Parameters<Stage['operator']['gateway']['command']>[0]['order'];

/** An honest handset with a UICC, attached, after the operator's first answer. */
async function attached(stage: Stage): Promise<Scene> {
  const uicc = stage.issue();
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc });
  assert.equal(ended(handset.powerOn()), 'accepted');
  await stage.settle();
  return { stage, handset, uicc };
}

async function ordered(stage: Stage, order: Order): Promise<Handset> {
  const { handset, uicc } = await attached(stage);
  stage.operator.gateway.command({ iccid: uicc.given.iccid, order, author: 'Ada', reason: 'court' });
  await stage.settle();
  assert.match(lastOrder(stage, uicc), / acknowledged$/);
  return handset;
}

/** How each state comes about, and whether an ordinary call can be made in it. */
const STATES: Readonly<Record<string, { canCall: boolean; reach(stage: Stage): Promise<Handset> }>> = {
  'proved and permitted': { canCall: true, reach: async (stage) => (await attached(stage)).handset },
  'proved and tracked': { canCall: true, reach: (stage) => ordered(stage, 'track') },
  'blocked by the operator': { canCall: false, reach: (stage) => ordered(stage, 'block') },
  'keys stopped by the operator': { canCall: false, reach: (stage) => ordered(stage, 'stopKeys') },
  'blocked by the operator, and switched off and on': {
    canCall: false,
    async reach(stage) {
      const handset = await ordered(stage, 'block');
      assert.equal(ended(handset.powerOn()), 'refused 6985');
      return handset;
    },
  },
  'blocked by the UICC alone for a false IMEI': {
    canCall: false,
    async reach(stage) {
      const handset = stage.handset({ name: 'A', imei: IMEI, os: 'forges-imei', other: FALSE });
      assert.equal(ended(handset.powerOn()), 'refused 6985');
      return handset;
    },
  },
  'not proved, no grace': {
    canCall: false,
    async reach(stage) {
      const handset = stage.handset({ name: 'A', imei: IMEI, os: 'skips-proof' });
      assert.equal(ended(handset.powerOn()), 'refused 6985');
      return handset;
    },
  },
  'not proved, in grace': {
    canCall: true,
    async reach(stage) {
      const uicc = stage.issue({ policy: { ...POLICY, graceAuthentications: 3 } });
      const handset = stage.handset({ name: 'A', imei: IMEI, os: 'skips-proof', uicc });
      assert.equal(ended(handset.powerOn()), 'accepted');
      return handset;
    },
  },
  'refused by the network as illegal ME': {
    canCall: false,
    async reach(stage) {
      stage.operator.register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'police' });
      const handset = stage.handset({ name: 'A', imei: IMEI });
      assert.equal(ended(handset.powerOn()), 'rejected 6');
      return handset;
    },
  },
  'disconnected by the server': {
    canCall: false,
    async reach(stage) {
      const { handset, uicc } = await attached(stage);
      assert.ok(stage.home.cancelLocation(uicc.given.imsi));
      return handset;
    },
  },
  'without a UICC': {
    canCall: false,
    async reach(stage) {
      const handset = stage.handset({ name: 'A', imei: IMEI, uicc: 'none' });
      assert.equal(ended(handset.powerOn()), 'noUsim');
      return handset;
    },
  },
  'without a storage support, the operator chose default deny': {
    canCall: false,
    async reach(stage) {
      const uicc = stage.issue({ policy: { ...POLICY, terminalCannotProve: 'grace' } });
      const handset = stage.handset({ name: 'A', imei: IMEI, support: 'none', uicc });
      assert.equal(ended(handset.powerOn()), 'refused 6985');
      return handset;
    },
  },
  'without a storage support, served and reported': {
    canCall: true,
    async reach(stage) {
      const handset = stage.handset({ name: 'A', imei: IMEI, support: 'none' });
      assert.equal(ended(handset.powerOn()), 'accepted');
      return handset;
    },
  },
};

for (const [state, { reach, canCall }] of Object.entries(STATES))
  test(`an emergency call is made: ${state} (R50, T35)`, async (context) => {
    const handset = await reach(setStage(context));
    assert.equal(handset.call(ORDINARY).kind === 'connected', canCall, 'an ordinary call');
    for (const number of ['112', '911']) assert.equal(handset.call(number).kind, 'connected', number);
  });

test('the UICC itself lets an emergency number pass call control while it is blocked, and no other (R50)', async (context) => {
  const handset = await ordered(setStage(context), 'block');
  const control = (address: string) => {
    const data = encodeEnvelope({
      type: 'CALL CONTROL',
      address: fromHex(address),
      capabilities: [],
      location: fromHex('00F1100001'),
    });
    return responseData(handset.giveToUicc(Uint8Array.of(0x80, 0xc2, 0, 0, data.length, ...data, 0)));
  };
  assert.deepEqual(control('8111F2'), new Uint8Array(0), 'no data: allowed');
  assert.equal(control('81030123')[0], 0x01, 'not allowed');
});
