import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { type MakerRoot, makerRoot, rootPoint } from '#handset/storage-support/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import type { ToolkitPort } from '#handset/uicc/index.ts';
import { answer, MOST_ROOTS } from '#protocol/imei-lock/index.ts';
import { POLICY, type Stage, setStage, type Uicc } from './stage.ts';

const [IMEI, OTHER, THIRD] = ['35674108990011', '35674108990029', '35674108990037'].map(Imei.parse) as [
  Imei,
  Imei,
  Imei,
];
const WHY = { author: 'Ada', reason: 'a new maker' };
const LEAKED = { author: 'Ada', reason: 'its key leaked' };
/** No command of the compact response is understood (TS 102 226 5.2.1): 6A80. */
const NOT_UNDERSTOOD = fromHex('016A80');

const rootOf = (maker: MakerRoot) => ({ identifier: maker.identifier, publicPoint: rootPoint(maker) });
/** The last report of a UICC: result and reason. */
const lastReport = ({ operator }: Stage, { given }: Uicc) => {
  const last = operator.evidence.standing(given.imsi);
  return [last?.result, last?.reason];
};
const isServed = (handset: ReturnType<Stage['handset']>): boolean => {
  const booted = handset.powerOn();
  return booted.kind === 'booted' && booted.network.kind === 'accepted';
};
const believed = ({ operator }: Stage, { given }: Uicc) => {
  const { trusts } = operator.subscribers;
  const { trust } = trusts.of(given.iccid.digits);
  return trust === undefined ? undefined : trusts.roots(trust).map(({ identifier }) => identifier);
};

test('a handset of a new maker is refused; its root is rolled out, and it is accepted, the others go on', async (context) => {
  const stage = setStage(context);
  const { factory, issue, handset, settle, operator, maker } = stage;
  const newMaker = makerRoot(fromHex('4E4557'), seededRandom('a new maker'));
  const [uicc, other] = [issue(), issue()];
  const phone = handset({ name: 'A', imei: IMEI, uicc, support: factory(IMEI, { root: newMaker }) });
  const otherPhone = handset({ name: 'B', imei: OTHER, uicc: other });
  assert.equal(isServed(phone), false);
  assert.match(phone.shown.at(-1) ?? '', /identity of this handset is false/);
  assert.ok(isServed(otherPhone));
  await settle();
  operator.subscribers.trustMaker(rootOf(newMaker), WHY);
  const effect = await operator.gateway.rootRollout.effect(operator.subscribers.makerRoots());
  const messages = 2;
  assert.deepEqual(effect, { uiccs: 2, holding: 0, fixed: 0, ordered: 2, messages, losing: 0, locked: 0, unknown: 0 });
  assert.equal(operator.gateway.rootRollout.newest(), undefined);
  const begun = operator.gateway.rootRollout.begin(WHY);
  assert.equal(begun.kind === 'begun' && begun.rollout.state, 'ordering');
  await settle();
  const rollout = operator.gateway.rootRollout.newest();
  assert.deepEqual([rollout?.state, rollout?.holding, rollout?.underWay], ['ordered', 1, 1]);
  assert.deepEqual(believed(stage, other), [maker.identifier, newMaker.identifier]);
  // No network reaches a handset that may not authenticate: the shop gives the order to the UICC, which takes its own block back and proves.
  stage.inTheShop(phone, uicc);
  assert.ok(isServed(phone));
  assert.ok(isServed(otherPhone));
  await settle();
  assert.equal(operator.gateway.rootRollout.newest()?.holding, 2);
  assert.deepEqual(believed(stage, uicc), [maker.identifier, newMaker.identifier]);
  for (const one of [uicc, other]) assert.deepEqual(lastReport(stage, one), ['proved', 'none']);
});

test('an old root is withdrawn: its support is not accepted at the next proof, and no other handset loses service', async (context) => {
  const stage = setStage(context);
  const { factory, issue, handset, settle, operator, maker } = stage;
  const old = makerRoot(fromHex('4F4C44'), seededRandom('an old maker'));
  operator.subscribers.trustMaker(rootOf(old), WHY);
  const locked = { ...POLICY, pairing: 'locked' as const };
  const [uicc, lockedUicc, other] = [issue(), issue({ policy: locked }), issue()];
  const phone = handset({ name: 'A', imei: IMEI, uicc, support: factory(IMEI, { root: old }) });
  const device = handset({ name: 'M', imei: THIRD, uicc: lockedUicc, support: factory(THIRD, { root: old }) });
  const otherPhone = handset({ name: 'B', imei: OTHER, uicc: other });
  for (const one of [phone, device, otherPhone]) assert.ok(isServed(one));
  await settle();
  operator.subscribers.distrustMaker(old.identifier, LEAKED);
  const effect = await operator.gateway.rootRollout.effect(operator.subscribers.makerRoots());
  const known = { fixed: 0, ordered: 3, messages: 1, losing: 2, locked: 1, unknown: 0 };
  assert.deepEqual(effect, { uiccs: 3, holding: 0, ...known });
  operator.gateway.rootRollout.begin(LEAKED);
  await settle();
  assert.equal(operator.gateway.rootRollout.newest()?.holding, 3);
  assert.deepEqual(believed(stage, uicc), [maker.identifier]);
  // What was proved in this power-on stands; what comes next needs a root that is believed, also with keys agreed before.
  assert.deepEqual(lastReport(stage, uicc), ['proved', 'none']);
  for (const one of [phone, device]) {
    assert.equal(isServed(one), false);
    assert.match(one.shown.at(-1) ?? '', /identity of this handset is false/);
  }
  assert.ok(isServed(otherPhone));
  await settle();
  assert.deepEqual(lastReport(stage, other), ['proved', 'none']);
  assert.deepEqual(
    operator.subscribers.trusts.counts().roots.map(({ identifier, uiccs }) => [identifier, uiccs]),
    [[maker.identifier, 3]],
  );
});

test('a card of before says that it does not know the order: its roots are shown as fixed, and it is not asked again', async (context) => {
  const stage = setStage(context);
  const { issue, handset, settle, operator } = stage;
  /** The lock as it was before: it reads no order 9. */
  const before = (port: ToolkitPort) => {
    const lock = imeiLock(port, tableAes);
    const { secured } = lock;
    lock.secured = (data) => (answer.decode(data).order === 'setRoots' ? NOT_UNDERSTOOD : secured.call(lock, data));
    return lock;
  };
  const [uicc, other] = [issue({ application: before }), issue()];
  const phone = handset({ name: 'A', imei: IMEI, uicc });
  assert.ok(isServed(phone));
  assert.ok(isServed(handset({ name: 'B', imei: OTHER, uicc: other })));
  await settle();
  operator.subscribers.trustMaker(rootOf(makerRoot(fromHex('4E4557'), seededRandom('a new maker'))), WHY);
  operator.gateway.rootRollout.begin(WHY);
  await settle();
  const rollout = operator.gateway.rootRollout.newest();
  assert.deepEqual([rollout?.holding, rollout?.fixed, rollout?.underWay], [1, 1, 0]);
  const [last] = operator.gateway.outbox.newest(1, uicc.given.iccid.digits);
  assert.deepEqual(
    [last?.order, last?.state, last?.outcome],
    ['setRoots', 'failed', 'the UICC does not understand it'],
  );
  operator.gateway.rootRollout.begin({ ...WHY, reason: 'once more' });
  await settle();
  assert.equal(operator.gateway.outbox.newest(1, uicc.given.iccid.digits)[0]?.id, last?.id);
  assert.ok(isServed(phone));
});

test('as many makers as a UICC keeps, of the longest names, reach it in several short messages', async (context) => {
  const stage = setStage(context);
  const { issue, handset, settle, operator } = stage;
  const uicc = issue();
  const phone = handset({ name: 'A', imei: IMEI, uicc });
  assert.ok(isServed(phone));
  await settle();
  for (let number = 1; number < MOST_ROOTS; number++) {
    const identifier = new Uint8Array(16).fill(number);
    operator.subscribers.trustMaker(rootOf(makerRoot(identifier, seededRandom(`maker ${number}`))), WHY);
  }
  const { messages } = await operator.gateway.rootRollout.effect(operator.subscribers.makerRoots());
  assert.equal(messages, 4);
  operator.gateway.rootRollout.begin(WHY);
  await settle();
  assert.equal(believed(stage, uicc)?.length, MOST_ROOTS);
  assert.ok(isServed(phone));
});
