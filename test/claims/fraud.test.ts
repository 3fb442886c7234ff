import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { VariantName } from '#handset/operating-system/index.ts';
import type { LabHandsetNow as Handset } from '#lab/handset/index.ts';
import type { LockPolicy } from '#operator/subscriber/index.ts';
import { DAY, MINUTE } from '#test/operator/operator.ts';
import { POLICY, type Stage, setStage, type Uicc } from '#test/story/stage.ts';
import { believingModule, heedlessModule } from './removed.ts';
import { authenticates, ended, lastOrder, pairingIn } from './seen.ts';

// Every fraudulent operating system of the lab, by the threat it is (facts/threats.md); each defence is switched off once, and then fails.

const IMEI = Imei.parse('35674108990011');
const OTHER = Imei.parse('35145120990033');

/** EF.IPS of the USIM, its first record: OK or KO (TS 31.102 4.2.101). */
function pairingStatus(handset: Handset): string {
  handset.giveToUicc(fromHex('00A40804047FFF6FF100'));
  const record = handset.giveToUicc(fromHex('00B2010400'));
  return new TextDecoder().decode(record.subarray(0, 2));
}

const findings = ({ operator }: Stage) => operator.evidence.findings(100).map(({ kind }) => kind);

test('T01 os-forges-imei: the MAC fails, EF.IPS says KO, the UICC blocks (R05, R11, R21, R22)', (context) => {
  const stage = setStage(context);
  const part = { name: 'A', imei: IMEI, os: 'forges-imei', other: OTHER } as const;
  const handset = stage.handset(part);
  assert.equal(ended(handset.powerOn()), 'refused 6985');
  assert.equal(pairingStatus(handset), 'KO');
  const trusting = stage.handset({ ...part, uicc: stage.issue({ application: believingModule }) });
  assert.equal(ended(trusting.powerOn()), 'accepted', 'without the channel the forged IMEI is let in');
});

/** A handset that was honest until its UICC had reported, and then tells the network the IMEI of another one. */
async function liar(stage: Stage, policy: LockPolicy): Promise<{ uicc: Uicc; boot: string }> {
  const parts = { name: 'A', imei: IMEI, uicc: stage.issue({ policy }), support: stage.factory(IMEI) } as const;
  const before = stage.handset(parts);
  before.powerOn();
  await stage.settle();
  before.powerOff();
  const boot = ended(stage.handset({ ...parts, os: 'lies-to-network', other: OTHER }).powerOn());
  await stage.settle();
  return { uicc: parts.uicc, boot };
}

test('T02 nas-imei-mismatch: the IMEI told to the network is not the one proved: refused at attach, or blocked after a report (R15, R21, R38)', async (context) => {
  const fleet = setStage(context);
  assert.equal((await liar(fleet, { ...POLICY, pairing: 'locked' })).boot, 'rejected 6', 'a fleet: at once');
  const free = setStage(context);
  const { uicc, boot } = await liar(free, POLICY);
  // The SIM of a person may have moved: the network lets it in, the UICC is asked, and its proof convicts the handset.
  assert.equal(boot, 'accepted');
  assert.equal(lastOrder(free, uicc), 'block acknowledged');
  assert.ok(findings(free).includes('lyingHandset'));
  const blind = setStage(context);
  blind.operator.register.setMode('off', 'Ada', 'trial');
  const unseen = await liar(blind, { ...POLICY, pairing: 'locked' });
  assert.equal(unseen.boot, 'accepted', 'without the comparison nobody sees it');
});

test('T03 os-skips-attestation: no AUTHENTICATE before the IMEI is proved, but for the authentications of grace (R33, R49)', (context) => {
  const stage = setStage(context);
  const authentications = (policy: Partial<LockPolicy>) => {
    const uicc = stage.issue({ policy: { ...POLICY, ...policy } });
    const handset = stage.handset({ name: 'A', imei: IMEI, os: 'skips-proof', uicc });
    return [1, 2, 3, 4].map(() => ended(handset.powerOn()));
  };
  assert.deepEqual(authentications({}), ['refused 6985', 'refused 6985', 'refused 6985', 'refused 6985']);
  assert.deepEqual(authentications({ graceAuthentications: 2 }), [
    'accepted',
    'accepted',
    'refused 6985',
    'refused 6985',
  ]);
  assert.deepEqual(
    authentications({ gate: 'open' }),
    ['accepted', 'accepted', 'accepted', 'accepted'],
    'with the gate open nothing holds it',
  );
});

test('T04 os-reorders-apdus: repeated and reordered APDUs break the channel; what breaks again with fresh keys blocks (R05, R19)', (context) => {
  const stage = setStage(context);
  const parts = { name: 'A', imei: IMEI, os: 'reorders-apdus' } as const;
  const uicc = stage.issue();
  assert.equal(ended(stage.handset({ ...parts, uicc }).powerOn()), 'refused 6985');
  assert.equal(pairingIn(uicc), undefined, 'no IMEI was believed');
  const heedless = stage.issue({ application: heedlessModule });
  assert.equal(
    ended(stage.handset({ ...parts, uicc: heedless }).powerOn()),
    'accepted',
    'with nobody listening it goes on',
  );
});

/** Power-ons of a handset abroad whose operating system keeps UICC and operator apart. */
async function cutOff(context: Parameters<typeof setStage>[0], os: VariantName, policy: Partial<LockPolicy>) {
  const stage = setStage(context);
  stage.operator.register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'police' });
  const uicc = stage.issue({ policy: { ...POLICY, ...policy } });
  const handset = stage.handset({ name: 'A', imei: IMEI, os, uicc, where: 'abroad' });
  const boots: string[] = [];
  for (let day = 0; day < 4; day++) {
    boots.push(ended(handset.powerOn()));
    await stage.settle();
    stage.clock.advance(DAY);
  }
  return { stage, uicc, handset, boots };
}

test('T15 ota-mo-suppressed: the UICC counts reports without an answer, and after the limit the IMEI counts as not proved (R14, R38)', async (context) => {
  const { boots, stage, uicc } = await cutOff(context, 'suppresses-report', { unansweredLimit: 2 });
  assert.deepEqual(boots, ['accepted', 'accepted', 'refused 6985', 'refused 6985']);
  assert.equal(stage.operator.evidence.standing(uicc.given.imsi), undefined, 'the operator never heard of it');
  const without = await cutOff(context, 'suppresses-report', { unansweredLimit: 0 });
  assert.deepEqual(without.boots, ['accepted', 'accepted', 'accepted', 'accepted'], 'without the limit it goes on');
});

test('T15 ota-mo-suppressed: a UICC that the network sees and that does not report is found by the operator within a day (R14)', async (context) => {
  const stage = setStage(context);
  stage.handset({ name: 'honest', imei: OTHER }).powerOn();
  await stage.settle();
  stage.clock.advance(DAY + MINUTE);
  await stage.settle();
  assert.deepEqual(findings(stage), [], 'whoever reports is not found');
  stage.handset({ name: 'A', imei: IMEI, os: 'suppresses-report' }).powerOn();
  await stage.settle();
  stage.clock.advance(DAY + MINUTE);
  await stage.settle();
  assert.deepEqual(findings(stage), ['reportMissing']);
});

test('T16 ota-mt-suppressed: the block never arrives; the UICC counts the silence, the operator sees that nothing is acknowledged (R40, R41)', async (context) => {
  const { boots, stage, uicc } = await cutOff(context, 'suppresses-answer', { unansweredLimit: 2 });
  assert.deepEqual(boots, ['accepted', 'accepted', 'refused 6985', 'refused 6985']);
  assert.match(lastOrder(stage, uicc), /^block sent$/, 'it stays unacknowledged');
  const without = await cutOff(context, 'suppresses-answer', { unansweredLimit: 0 });
  assert.deepEqual(without.boots, ['accepted', 'accepted', 'accepted', 'accepted'], 'without the limit it goes on');
  const { stage: later } = without;
  for (let tries = 0; tries < 25; tries++) {
    later.clock.advance(DAY);
    await later.settle();
  }
  assert.ok(findings(later).includes('orderUnanswered'), 'and the operator is told');
});

test('T19 relay-clean-se: a link to a clean handset deceives a UICC that never met its own; the operator sees one support with two UICCs (R09, R18)', async (context) => {
  const stage = setStage(context);
  const clean = stage.factory(OTHER);
  stage.handset({ name: 'clean', imei: OTHER, support: clean }).powerOn();
  await stage.settle();
  const uicc = stage.issue();
  const thief = stage.handset({ name: 'A', imei: IMEI, os: 'relays-elsewhere', other: OTHER, elsewhere: clean, uicc });
  // The residual risk, as it is: with no pairing before, nothing in cryptography stops the relay.
  assert.equal(ended(thief.powerOn()), 'accepted');
  await stage.settle();
  assert.equal(stage.operator.evidence.standing(uicc.given.imsi)?.provedImei?.equipment, OTHER.equipment);
  assert.ok(findings(stage).includes('supportShared'));
});

test('T19 relay-clean-se: a UICC that is locked to its own storage support refuses the clean one; a free one reports the change (R09)', async (context) => {
  const relayed = async (policy: LockPolicy) => {
    const stage = setStage(context);
    const parts = { name: 'A', imei: IMEI, uicc: stage.issue({ policy }), support: stage.factory(IMEI) } as const;
    stage.handset(parts).powerOn();
    await stage.settle();
    const thief = stage.handset({ ...parts, os: 'relays-elsewhere', other: OTHER, elsewhere: stage.factory(OTHER) });
    const boot = ended(thief.powerOn());
    await stage.settle();
    return [boot, authenticates(stage, thief, parts.uicc), findings(stage).includes('movedHandset')];
  };
  assert.deepEqual(await relayed({ ...POLICY, pairing: 'locked' }), ['refused 6985', 'refused', false]);
  assert.deepEqual(await relayed(POLICY), ['accepted', 'response', true]);
});
