import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Imei } from '#base/identity/index.ts';
import { setStage } from './stage.ts';

const ADAS_IMEI = Imei.parse('35674108990011');

test('the patent, from power-on to block and back: steps 101 to 104', async (context) => {
  const stage = setStage(context);
  const { operator, factory, issue, settle, step } = stage;

  // A factory makes a storage support (2) with the IMEI (21) and keys (22) in it, for ever.
  const support = factory(ADAS_IMEI);
  // The operator (5) personalises a UICC (31) for Ada. She puts it into the connector (3) of her handset (1).
  const uicc = issue();
  const handset = stage.handset({ name: "Ada's handset", imei: ADAS_IMEI, support, uicc });
  const { iccid, imsi } = uicc.given;
  const lastOrder = () => operator.gateway.outbox.newest(1, iccid.digits)[0];

  // She switches it on. The UICC authenticates the storage support; the operating system (4) carries every octet and reads none.
  const morning = handset.powerOn();
  assert.deepEqual(
    [...new Set(step(101).map(({ name }) => name))].filter((name) => !name.startsWith('PERFORM')),
    [
      'POWER ON CARD',
      'SELECT storage support',
      'GET DATA (certificate)',
      'PSO (UICC certificate)',
      'MUTUAL AUTHENTICATE',
      'PUT KEY (pairing keys)',
    ],
    '101: the UICC authenticates the storage support, and it the UICC',
  );
  // Only then the IMEI crosses, inside the channel (6).
  const crossing = step(102).find(({ name }) => name === 'GET DATA (IMEI, protected)');
  assert.equal(crossing?.detail, '9000', '102: the IMEI goes from the storage support to the UICC');
  // It is proved, so the UICC lets the handset authenticate: it attaches.
  assert.equal(morning.kind === 'booted' && morning.network.kind, 'accepted');

  // Attached, the UICC reports what it proved, in a secured packet; the operator looks into its lists and answers.
  await settle();
  assert.ok(step(103).length > 0, '103: the report goes to the operator');
  assert.equal(operator.evidence.standing(imsi)?.provedImei?.equipment, ADAS_IMEI.equipment);
  assert.equal(operator.evidence.standing(imsi)?.level, 'attested');
  assert.equal(lastOrder()?.order, 'permit', '104: not listed');
  assert.equal(lastOrder()?.state, 'acknowledged');
  assert.equal(handset.call('0301234567').kind, 'connected');

  // The handset is stolen. Ada tells the operator, who lists its IMEI (7).
  const theft = { list: 'black', reason: 'stolen', author: 'police', caseReference: '4711' } as const;
  operator.register.lists.add({ imei: ADAS_IMEI, ...theft });
  const before = step(104).length;
  await settle();
  // 104 again: a command to block. The UICC obeys, acknowledges, and tells whoever holds the handset why.
  assert.ok(step(104).length > before);
  assert.deepEqual([lastOrder()?.order, lastOrder()?.state], ['block', 'acknowledged']);
  assert.match(handset.shown.at(-1) ?? '', /reported.*4711/);
  const vector = operator.subscribers.authenticationVector(imsi, 0);
  assert.ok(vector);
  assert.deepEqual(handset.authenticate(vector), { kind: 'refused', statusWord: 0x6985 });

  // Switching it off and on does not help the thief, here or abroad: without AUTHENTICATE there is no network.
  const evening = handset.powerOn();
  assert.deepEqual(evening, { kind: 'booted', network: { kind: 'uiccRefused', statusWord: 0x6985 } });
  assert.notEqual(handset.call('0301234567').kind, 'connected');
  // A call for help always works.
  assert.equal(handset.call('112').kind, 'connected');
  // After a while the network gives the silent handset up.
  stage.home.cancelLocation(imsi);

  // The handset is found. The entry goes; the operator takes the block back by itself.
  operator.register.lists.remove({ imei: ADAS_IMEI, list: 'black', author: 'police', reason: 'found' });
  await settle();
  assert.equal(lastOrder()?.order, 'unblock');
  // No network reaches a handset that may not authenticate, so a card reader in the shop gives the order to the UICC.
  assert.equal(lastOrder()?.state, 'sent');
  stage.inTheShop(handset, uicc);
  const found = handset.powerOn();
  assert.equal(found.kind === 'booted' && found.network.kind, 'accepted');
  assert.equal(handset.call('0301234567').kind, 'connected');
  // The shop has no network, so only now the UICC reports that it proved its IMEI anew as it was told to. The answer takes the order's place.
  await settle();
  const [answer, unblock] = operator.gateway.outbox.newest(2);
  assert.deepEqual([unblock?.order, unblock?.state], ['unblock', 'superseded']);
  assert.deepEqual([answer?.order, answer?.state], ['permit', 'acknowledged']);
  assert.equal(operator.register.check({ imei: ADAS_IMEI, imsi }).equipmentStatus, 'permitted');
});
