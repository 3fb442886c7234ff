import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { setStage } from '#test/story/stage.ts';
import { ended } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
/** SELECT the MF (TS 102 221 11.1.1), and EF.DIR record 1, which names the USIM by its AID (TS 102 221 13.1). */
const SELECT_MF = '00A40004023F0000';
const READ_DIR = '00B201F400';
const USIM = 'A0000000871002';

/** A card that answers as a UICC: a file system with an MF, and a USIM named in EF.DIR. */
function isUicc(card: Card): boolean {
  card.reset();
  const mf = toHex(card.transmit(fromHex(SELECT_MF)));
  return mf.startsWith('62') && toHex(card.transmit(fromHex(READ_DIR))).includes(USIM);
}

test('claim 4: the module (31) is a UICC, here with a USIM (R08)', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  assert.ok(isUicc(uicc.card));
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc }).powerOn()), 'accepted');
});

test('claim 4, without a UICC: another secure element in the connector is no subscriber', (context) => {
  const stage = setStage(context);
  const other = stage.factory(IMEI).card;
  assert.ok(!isUicc(other));
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc: other }).powerOn()), 'noUsim');
});
