import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import type { SystemName } from '#lab/handset/index.ts';
import { IMEI_LOCK_TAR, OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import { decodeCommandHeader, securedPacketOf } from '#protocol/ota/index.ts';
import { smsSubmit, splitUserData } from '#protocol/sms/index.ts';
import { setStage } from '#test/story/stage.ts';
import { ChangesReports } from './frauds.ts';
import { lock, type MakeApplication, mutedModule } from './removed.ts';

const IMEI = Imei.parse('35674108990011');

async function played(
  context: Parameters<typeof setStage>[0],
  application: MakeApplication,
  os: SystemName = 'honest',
) {
  const stage = setStage(context);
  const uicc = stage.issue({ application });
  stage.handset({ name: 'A', imei: IMEI, os, uicc }).powerOn();
  await stage.settle();
  const known = stage.operator.evidence.standing(uicc.given.imsi)?.provedImei?.equipment;
  return { ...stage, known, ignored: stage.operator.gateway.ignored() };
}

test('claim 9: the method: the module (31) itself sends the IMEI to the operator (5) by a secure channel over the air (R14, R38, R48)', async (context) => {
  const { known, step, post } = await played(context, lock);
  assert.equal(known, IMEI.equipment);
  const [made] = step(103);
  assert.deepEqual([made?.from, made?.name], ['UICC (31)', 'SEND SHORT MESSAGE'], 'the module is the originator');
  const packet = securedPacketOf(splitUserData(smsSubmit.decode(post.submitted[0] ?? IMEI.toOctets()).userData));
  assert.equal(packet?.kind, 'command');
  const { tar, check, cipher, protection } = decodeCommandHeader(packet?.packet ?? IMEI.toOctets());
  assert.deepEqual(tar, IMEI_LOCK_TAR);
  assert.deepEqual(
    [check, cipher],
    [
      { algorithm: 'AES', keySet: OTA_KEY_SET.report },
      { algorithm: 'AES', keySet: OTA_KEY_SET.report },
    ],
  );
  assert.deepEqual(protection, { integrity: 'CC', ciphered: true, counter: 'higher' });
});

test('claim 9: the operating system cannot write the report: one changed bit, and the operator puts it aside', async (context) => {
  const { known, ignored } = await played(context, lock, (flash) => new ChangesReports(flash));
  assert.equal(known, undefined);
  assert.deepEqual(ignored, { 'not authentic': 1 });
});

test('claim 9, without the module as sender: an honest operating system alone brings the operator nothing', async (context) => {
  const { known, post } = await played(context, mutedModule);
  assert.deepEqual([known, post.submitted], [undefined, []]);
});
