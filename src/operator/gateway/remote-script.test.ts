import assert from 'node:assert/strict';
import { fromHex, toHex } from '#base/codec/index.ts';
import { ISSUER_KEY_VERSION } from '#protocol/card-management/index.ts';
import { IMEI_LOCK_TAR } from '#protocol/imei-lock/index.ts';
import {
  openCommand,
  POR_STATUS,
  PROOF_BY_SUBMIT,
  packetToSegments,
  readRemoteScript,
  securedPacketOf,
  securedResponse,
} from '#protocol/ota/index.ts';
import { ofOctets, splitUserData } from '#protocol/sms/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import type { ScriptRequest } from './remote-script.ts';

const TAR = fromHex('B00001');
const SCRIPT = {
  tar: TAR,
  commands: [fromHex('00A40004026F4600'), fromHex('00B0000000')],
  format: 'definite',
  author: 'Ada',
  reason: 'name of the network',
} as const satisfies Omit<ScriptRequest, 'iccid'>;

test('a script goes out under the keys of remote management, and its answer comes back to its order', async (context) => {
  const { issue, sent, gateway, subscribers, receive, poll, audit } = testOperator(context);
  const phone = issue();
  const queued = gateway.script({ ...SCRIPT, iccid: phone.iccid });
  assert.ok(queued.kind === 'queued');
  await poll();
  const keys = subscribers.packetKeys.candidates(phone.iccid)[0].keys;
  const packet = securedPacketOf(splitUserData(ofOctets(sent[0]?.userData ?? fromHex(''), true)))?.packet;
  const opened = openCommand(packet ?? fromHex(''), {
    keys: (keySet) => (keySet === ISSUER_KEY_VERSION.packets ? keys : undefined),
    minimumLevel: (tar) => (toHex(tar) === 'B00001' ? 0x16 : undefined),
    counters: { last: () => 0, store: () => {} },
  });
  assert.ok(opened.kind === 'accepted');
  assert.deepEqual(readRemoteScript(opened.data).commands.map(toHex), ['00A40004026F4600', '00B0000000']);
  const answer = (status: 0 | 9, under = keys) => {
    const message = { tar: TAR, counter: opened.counter, proof: PROOF_BY_SUBMIT, status };
    const octets = securedResponse(message, under, fromHex('AB07800101 2302 6A82'));
    return packetToSegments({ kind: 'response', packet: octets }, 1)[0]?.octets ?? fromHex('');
  };
  // Under another key it says nothing.
  assert.equal((await receive(phone, answer(0, subscribers.otaKeys(phone.iccid, 'answer')))).kind, 'ignored');
  assert.equal(gateway.outbox.byId(queued.order)?.state, 'sent');
  assert.deepEqual(await receive(phone, answer(0)), { kind: 'proof of receipt', iccid: phone.iccid, status: 0 });
  const order = gateway.outbox.byId(queued.order);
  assert.deepEqual(
    [order?.state, order?.order, toHex(order?.response ?? fromHex(''))],
    ['acknowledged', 'script', 'AB0780010123026A82'],
  );
  assert.equal(audit.verify(), undefined);
});

test('a refusal of the UICC ends a script; scripts wait for one another, and never hold up an order to the lock', async (context) => {
  const { issue, sent, gateway, subscribers, receive, poll } = testOperator(context);
  const phone = issue();
  const { iccid } = phone;
  const [first, second] = [gateway.script({ ...SCRIPT, iccid }), gateway.script({ ...SCRIPT, iccid })];
  assert.ok(first.kind === 'queued' && second.kind === 'queued');
  await poll();
  assert.equal(sent.length, 1);
  // A block goes out at once, and the script under way stays what it is: its key set has a counter of its own.
  gateway.command({ iccid, order: 'block', author: 'Ada', reason: 'stolen' });
  await poll();
  const states = () => gateway.outbox.newest(9).map(({ order, state }) => `${order} ${state}`);
  assert.deepEqual(states(), ['block sent', 'script queued', 'script sent']);
  const counter = gateway.outbox.byId(first.order)?.counter ?? 0;
  const message = { tar: TAR, counter, proof: PROOF_BY_SUBMIT, status: POR_STATUS.insufficientSecurityLevel };
  const refusal = securedResponse(message, subscribers.packetKeys.candidates(iccid)[0].keys, fromHex(''));
  await receive(phone, packetToSegments({ kind: 'response', packet: refusal }, 1)[0]?.octets ?? fromHex(''));
  assert.equal(gateway.outbox.byId(first.order)?.outcome, 'the UICC refused it with status 0a');
  await poll();
  assert.deepEqual(states(), ['block sent', 'script sent', 'script failed']);
});

test('what cannot be a script is refused by name, and nothing is queued', (context) => {
  const { issue, gateway } = testOperator(context);
  const { iccid } = issue();
  const select = fromHex('00A40004026F46');
  const cases: readonly (readonly [Partial<ScriptRequest>, string])[] = [
    [{ author: ' ' }, 'noAuthorOrReason'],
    [{ reason: '' }, 'noAuthorOrReason'],
    [{ tar: fromHex('B000') }, 'wrongTar'],
    [{ tar: IMEI_LOCK_TAR }, 'wrongTar'],
    [{ commands: [] }, 'noCommand'],
    [{ commands: Array.from({ length: 256 }, () => select) }, 'tooManyCommands'],
    [{ commands: [fromHex('00A4')] }, 'notACommand'],
    [{ commands: Array.from({ length: 200 }, () => select) }, 'tooLong'],
  ];
  for (const [change, why] of cases)
    assert.deepEqual(gateway.script({ ...SCRIPT, iccid, ...change }), { kind: 'refused', why });
  assert.deepEqual(gateway.outbox.newest(1), []);
});

test('a UICC of older data has no remote management', (context) => {
  const { issue, gateway, operator, subscribers } = testOperator(context);
  const { iccid } = issue();
  operator.database.command('UPDATE uicc SET managed = 0').run();
  assert.equal(subscribers.personalisation(iccid)?.management, undefined);
  assert.deepEqual(gateway.script({ ...SCRIPT, iccid }), { kind: 'refused', why: 'noRemoteManagement' });
});

test('an order to the lock that a newer one overtakes is done again, a script is not', async (context) => {
  const { issue, gateway, poll, clock, receive } = testOperator(context);
  const phone = issue();
  const { iccid } = phone;
  gateway.script({ ...SCRIPT, iccid });
  gateway.command({ iccid, order: 'rePair', author: 'Ada', reason: 'new board' });
  await poll();
  await receive(phone, phone.uicc.report(testImei(1)));
  clock.advance(MINUTE);
  await poll();
  const orders = gateway.outbox.newest(9).map(({ order, state }) => `${order} ${state}`);
  assert.deepEqual(
    orders.filter((line) => line.startsWith('script')),
    ['script sent'],
  );
  assert.ok(orders.includes('rePair superseded') && orders.includes('rePair queued'), orders.join());
});
