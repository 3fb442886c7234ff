import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { ScriptRequest } from '#operator/gateway/index.ts';
import { readRemoteResponse } from '#protocol/ota/index.ts';
import { setStage } from './stage.ts';

const IMEI = Imei.parse('35674108990011');

test("remote management, from the operator's outbox to a file of the UICC and back, beside the orders to its lock", async (context) => {
  const stage = setStage(context);
  const { operator, factory, issue, settle } = stage;
  const { gateway } = operator;
  const uicc = issue();
  const { iccid } = uicc.given;
  const handset = stage.handset({ name: "Ada's handset", imei: IMEI, support: factory(IMEI), uicc });
  handset.powerOn();
  await settle();

  /** R-APDUs of a script, in hexadecimal. */
  const script = async (tar: string, commands: readonly string[], format: ScriptRequest['format'] = 'definite') => {
    const request = { iccid, tar: fromHex(tar), commands: commands.map(fromHex), format };
    const queued = gateway.script({ ...request, author: 'Ada', reason: 'care' });
    assert.ok(queued.kind === 'queued');
    await settle();
    const order = gateway.outbox.byId(queued.order);
    if (order?.state !== 'acknowledged') return [order?.outcome ?? ''];
    const response = readRemoteResponse(order.response ?? NO_OCTETS);
    return (response.format === 'compact' ? [response.last] : response.responses).map(toHex);
  };

  // The operator gives its network a name in EF.SPN, in a packet that the handset's operating system carries and cannot read.
  const name = '0041737361 79'.replaceAll(' ', '');
  assert.deepEqual(await script('B00001', ['00A4000C026F46', `00D6000006${name}`, '00B0000006']), [
    '9000',
    '9000',
    `${name}9000`,
  ]);
  handset.giveToUicc(fromHex('00A4040C07A0000000871002'));
  assert.equal(toHex(handset.giveToUicc(fromHex('00A4000C026F46'))), '9000');
  assert.equal(toHex(handset.giveToUicc(fromHex('00B0000006'))), `${name}9000`);

  // A list longer than one short message holds comes in several, both ways.
  const keys = await script('000000', ['80CA00E000', '80F24002024F0000', '80F21002024F0000', '80CA9F7F00']);
  assert.equal(keys.length, 4);
  assert.match(keys.join(), /^E0.*9000,E3.*9000,E3.*9000,9F7F.*9000$/);

  // What is not there is said, by a status word or by the proof of receipt; the lock is in nobody's reach.
  assert.deepEqual(await script('B00000', ['00A4000C02FFFF'], 'compact'), ['6A82']);
  assert.deepEqual(await script('B00099', ['00A4000C023F00']), ['the UICC refused it with status 09']);
  assert.deepEqual(await script('000000', ['80F0408008F041535341593101']), ['6985']);

  // The whole card is locked: the handset cannot attach again, its emergency call works, and the operator's block of before still counts.
  assert.deepEqual(await script('000000', ['80F0807F00']), ['9000']);
  gateway.command({ iccid, order: 'block', author: 'Ada', reason: 'stolen' });
  await settle();
  assert.equal(gateway.outbox.newest(1, iccid.digits)[0]?.outcome, 'the lock is blocked by the operator');
  const locked = handset.powerOn();
  assert.notEqual(locked.kind === 'booted' && locked.network.kind, 'accepted');
  assert.equal(handset.call('112').kind, 'connected');
});
