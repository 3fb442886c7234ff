import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import type { SystemName } from '#lab/handset/index.ts';
import { setStage } from '#test/story/stage.ts';
import { lock, type MakeApplication, plainSpeakingModule } from './removed.ts';
import { shows } from './seen.ts';

const IMEI = Imei.parse('35674108990011');

/** What reaches the operator, and what stands readable on the air, when this module and this operating system work together. */
async function told(context: Parameters<typeof setStage>[0], application: MakeApplication, os: SystemName = 'honest') {
  const stage = setStage(context);
  const uicc = stage.issue({ application });
  stage.handset({ name: 'A', imei: IMEI, os, uicc }).powerOn();
  await stage.settle();
  return {
    known: stage.operator.evidence.standing(uicc.given.imsi)?.provedImei?.equipment,
    sent: stage.post.submitted.length,
    isReadable: stage.post.submitted.some((tpdu) => shows(tpdu, IMEI)),
    served: stage.step(103).map(({ name }) => name),
  };
}

test('claim 2: the operating system (4) also controls the transmission of the IMEI to the operator (5) by a secure channel over the air (R06, R47)', async (context) => {
  const { known, sent, isReadable, served } = await told(context, lock);
  assert.equal(known, IMEI.equipment);
  assert.ok(sent >= 2, 'the report and the proof of receipt went up');
  assert.ok(!isReadable, 'and nobody on the way could read the IMEI');
  assert.ok(served.includes('SEND SHORT MESSAGE'), 'the operating system fetched it and performed it');
});

test('claim 2, without the operating system: what it does not send, nobody learns', async (context) => {
  const { known, sent } = await told(context, lock, 'suppresses-report');
  assert.deepEqual([known, sent], [undefined, 0]);
});

test('claim 2, without the secure channel: anybody on the way reads the IMEI, and the operator believes nothing', async (context) => {
  const { known, isReadable } = await told(context, plainSpeakingModule('4321'));
  assert.deepEqual([known, isReadable], [undefined, true]);
});
