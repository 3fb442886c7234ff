import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import type { Report } from '#protocol/imei-lock/index.ts';
import { setStage } from '#test/story/stage.ts';
import { believingModule, lock, type MakeApplication, overheard } from './removed.ts';
import { carried, ended, pairingIn, shows } from './seen.ts';

const IMEI = Imei.parse('35674108990011');
const FORGED = Imei.parse('35145120990033');

const TITLE =
  'claim 1: a handset (1) with a storage support (2) of its IMEI (21), a connector (3) for a module (31), and an operating system (4) ' +
  'that controls an authentication by which a secure channel (6) exists, over which the IMEI goes to the module';

test(`${TITLE} (R01, R02, R03, R04, R05)`, (context) => {
  const stage = setStage(context);
  const uicc = stage.issue();
  const handset = stage.handset({ name: 'A', imei: IMEI, uicc });
  assert.equal(ended(handset.powerOn()), 'accepted');
  const names = stage.trace.records.filter(({ to }) => to === 'storage support (2)').map(({ name }) => name);
  const [authenticated, crossed] = [names.indexOf('MUTUAL AUTHENTICATE'), names.indexOf('GET DATA (IMEI, protected)')];
  assert.ok(authenticated >= 0 && crossed > authenticated, names.join(', '));
  assert.deepEqual(pairingIn(uicc)?.imei, IMEI.toOctets(), 'the module holds the IMEI of the storage support');
  assert.ok(carried(stage).length > 10);
  assert.ok(!carried(stage).some((octets) => shows(octets, IMEI)), 'and the operating system never saw it');
});

test('claim 1, without it: a module that does not authenticate holds whatever IMEI a lying operating system says', (context) => {
  const heldBy = (make: MakeApplication): Uint8Array | undefined => {
    const stage = setStage(context);
    const reports: Report[] = [];
    const uicc = stage.issue({ application: overheard(reports, make) });
    stage.handset({ name: 'A', imei: IMEI, os: 'forges-imei', other: FORGED, uicc }).powerOn();
    assert.ok(reports.length > 0);
    return reports.at(-1)?.provedImei;
  };
  assert.deepEqual(heldBy(lock), undefined, 'with the channel: a lie proves nothing');
  assert.deepEqual(heldBy(believingModule), FORGED.toOctets(), 'without it: the lie is the IMEI');
});
