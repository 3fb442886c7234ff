import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_OCTETS } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import { setStage } from '#test/story/stage.ts';
import { prom } from './removed.ts';
import { askedPlainly, ended, pairingIn } from './seen.ts';

const IMEI = Imei.parse('35674108990011');

test('claim 8: the method: the module (31) authenticates the storage support (2), a secure channel (6) exists, then the IMEI crosses it (R12, R13, R20)', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const support = stage.factory(IMEI);
  // 101 has not happened: the storage support says nothing.
  assert.deepEqual(askedPlainly(support.card), [SW.securityStatusNotSatisfied, NO_OCTETS]);
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc, support }).powerOn()), 'accepted');
  // 101, then 102.
  const hops = stage.trace.records.filter(({ to }) => to === 'storage support (2)');
  const opened = hops.findIndex(({ name, detail }) => name === 'MUTUAL AUTHENTICATE' && detail === '9000');
  assert.ok(opened > 0);
  assert.ok(hops.slice(0, opened).every(({ step }) => step === 101));
  assert.equal(hops[opened + 1]?.name, 'GET DATA (IMEI, protected)');
  assert.deepEqual(pairingIn(uicc)?.imei, IMEI.toOctets());
});

test('claim 8, without the authentication: an operating system that skips it brings no IMEI to the module', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc, os: 'skips-proof' });
  assert.equal(ended(handset.powerOn()), 'refused 6985');
  assert.equal(pairingIn(uicc), undefined);
});

test('claim 8, without the channel: an IMEI in the clear says nothing to the module', (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  assert.equal(askedPlainly(prom(IMEI))[0], SW.ok, 'the support would tell');
  assert.equal(ended(stage.handset({ name: 'A', imei: IMEI, uicc, support: prom(IMEI) }).powerOn()), 'refused 6985');
  assert.equal(pairingIn(uicc), undefined, 'and the module does not listen');
});
