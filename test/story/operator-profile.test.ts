import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { PERFORMED_FEATURES } from '#handset/operating-system/index.ts';
import {
  type CardDocument,
  documentFrom,
  EXAMPLE_PROFILE,
  importPackage,
  orderOf,
  personalisationFrom,
} from '#lab/card-profile/index.ts';
import { LabHandset } from '#lab/handset/index.ts';
import { LAB_NUMBERS, openLoopback } from '#lab/loopback/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import { packageOf } from '../profile/package.ts';

// The files of an operator's own cards, not ours, under the lock and in a handset: it proves its IMEI, attaches, calls.

const IMEI = Imei.parse('35674108990033');

async function attached(context: TestContext, profile: CardDocument) {
  const directory = mkdtempSync(join(tmpdir(), 'assay-own-'));
  const parts = { clock: systemClock, random: seededRandom('own'), scheduler: systemScheduler, trace: silentTrace };
  const world = await openLoopback({ ...parts, directory, smppPort: 0 });
  const { operator, workshop, home } = world;
  const order = orderOf(profile, {
    iccid: Iccid.parse('8988211000000000409'),
    imsi: Imsi.parse('001010000000040'),
    msisdn: Msisdn.parse('99970000040'),
    author: 'Ada',
    ...LAB_NUMBERS,
  });
  workshop.personalise(personalisationFrom(profile, operator.subscribers.issueCard(order)));
  const { identifier: caIdentifier, publicPoint } = operator.subscribers.operatorRoot();
  const identity = workshop.provision({ imei: IMEI, authorities: [{ caIdentifier, publicPoint }] });
  const [uicc, support] = [workshop.openUicc(order.iccid), workshop.openSupport(identity)];
  context.after(async () => {
    await world.close();
    uicc.close();
    support.close();
    rmSync(directory, { recursive: true });
  });
  const handset = new LabHandset({
    name: 'own',
    uicc: uicc.card,
    readers: new Map([[1, support.card]]),
    flash: { imei: IMEI, terminalProfile: terminalProfile(PERFORMED_FEATURES) },
    os: 'honest',
    radio: home.connect('own'),
    clock: systemClock,
    trace: silentTrace,
  });
  await handset.powerOn();
  const call = await handset.call('0301234567');
  const isAttached = handset.isAttached;
  await handset.powerOff();
  const lock = workshop.lockOf(order.iccid);
  return { isAttached, call, block: lock?.lasting.block };
}

/** Without a PIN to be typed. */
const withoutPin = ({ order: { pin: _pin, ...order }, ...rest }: CardDocument): CardDocument => ({ ...rest, order });

for (const [name, profile] of [
  ['of a document', () => documentFrom(JSON.parse(EXAMPLE_PROFILE))],
  ['of a profile package', () => importPackage(packageOf()).document],
] as const)
  test(`a card ${name} proves the IMEI of its handset, attaches and calls`, async (context) => {
    const { isAttached, call, block } = await attached(context, withoutPin(profile()));
    assert.ok(isAttached);
    assert.equal(call.kind, 'connected');
    assert.equal(block, 'none');
  });
