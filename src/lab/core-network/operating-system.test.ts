import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import { messagesOf, runNow, surroundingsNow } from '#handset/connector/index.ts';
import { OperatingSystem, PERFORMED_FEATURES } from '#handset/operating-system/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { nasMessage } from '#protocol/nas/index.ts';
import { octetUserData, smsDeliver } from '#protocol/sms/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import { over, TestTerminal, testPorts } from './core-network.fixture.ts';
import { coreNetworkNow, ofOperator } from './index.ts';

const ALICE = '001010000000001';
const IMEI = '35693803564380';

/** A UICC with nothing but a USIM that authenticates; of envelopes it keeps the tag and the last octet. */
class TestUicc implements Card {
  readonly usim = new TestTerminal(ALICE);
  readonly envelopes: string[] = [];

  reset(): Uint8Array {
    return fromHex('3B00');
  }
  powerOff(): void {}

  transmit(command: Uint8Array): Uint8Array {
    const ins = command[1];
    if (ins === 0xb2) return fromHex('61094F07A0000000871002 9000');
    if (ins === 0xb0 && command[2] === 0x87) return concat(this.usim.imsi.toEf(), fromHex('9000'));
    if (ins === 0x88) return this.#authenticate(command.subarray(6, 22), command.subarray(23, 39));
    if (ins === 0xc2) this.envelopes.push(toHex(Uint8Array.of(command[5] ?? 0, command.at(-2) ?? 0)));
    return fromHex('9000');
  }

  #authenticate(rand: Uint8Array, autn: Uint8Array): Uint8Array {
    const answer = over({ air: () => NO_OCTETS }, this.usim.authenticate(rand, autn));
    if (answer.kind === 'response') return concat(fromHex('DB08'), answer.res, fromHex('9000'));
    return answer.kind === 'synchronisationFailure'
      ? concat(fromHex('DC0E'), answer.auts, fromHex('9000'))
      : fromHex(answer.kind === 'macFailure' ? '9862' : '6985');
  }
}

function lab() {
  const { home, centre, lists, options } = testPorts();
  const operator = ofOperator(
    {
      authenticationVector(imsi, amf) {
        assert.equal(amf, 0);
        const vector = home.authenticationVector(imsi);
        return vector && { ...vector, ck: NO_OCTETS, ik: NO_OCTETS };
      },
      resynchronise: (imsi, rand, auts) => home.resynchronise(imsi, rand, auts),
    },
    { check: ({ imei }) => ({ equipmentStatus: lists.get(imei.equipment) ?? 'permitted' }) },
  );
  const network = coreNetworkNow({ ...options, ...operator });
  const uicc = new TestUicc();
  const link = network.connect('A');
  const shown: string[] = [];
  const answer = surroundingsNow({
    uicc,
    readers: new Map(),
    air: (message) => link.air(message),
    display: (text) => shown.push(text),
  });
  const flash = { imei: Imei.parse(IMEI), terminalProfile: terminalProfile(PERFORMED_FEATURES) };
  return { home, centre, lists, network, uicc, link, shown, answer, system: new OperatingSystem(flash) };
}

const forUicc = (last: number) =>
  smsDeliver.encode({
    type: 'SMS-DELIVER',
    moreMessages: false,
    loopPrevention: false,
    statusReport: false,
    replyPath: false,
    originator: { typeOfNumber: 'international', numberingPlan: 1, value: '1234' },
    protocolIdentifier: 0x7f,
    dataCoding: 0xf6,
    timestamp: new Uint8Array(7),
    userData: octetUserData(Uint8Array.of(last)),
  });

test('an operating system boots, resynchronises, calls, and carries short messages to its UICC', () => {
  const { centre, home, network, uicc, link, answer, system } = lab();
  uicc.usim.sqn = 50;
  const booted = runNow(system.boot(), answer);
  assert.deepEqual([booted.kind === 'booted' && booted.network.kind, home.resynchronised], ['accepted', 1]);
  const ends: string[] = [];
  for (const last of [1, 2, 3]) centre.deliver(uicc.usim.imsi, forUicc(last), ends);
  for (const octets of messagesOf(link.pending())) runNow(system.downlink(nasMessage.decode(octets)), answer);
  assert.deepEqual(
    [ends, uicc.envelopes],
    [
      ['delivered', 'delivered', 'delivered'],
      ['D101', 'D102', 'D103'],
    ],
  );
  assert.equal(runNow(system.call('55512'), answer).kind, 'connected');
  runNow(system.powerOff(), answer);
  assert.equal(network.registered, 0);
});

test('messages that waited at the service centre come with the registration itself', () => {
  const { centre, uicc, answer, system } = lab();
  const ends: string[] = [];
  const attached = centre.attached.bind(centre);
  centre.attached = (imsi, deliver) => {
    attached(imsi, deliver);
    for (const last of [1, 2]) centre.deliver(imsi, forUicc(last), ends);
  };
  runNow(system.boot(), answer);
  assert.deepEqual([ends, uicc.envelopes.length], [['delivered', 'delivered'], 2]);
});

test('a prohibited handset, and one whose UICC is blocked, can call for help and nothing else', () => {
  const { lists, uicc, shown, answer, system } = lab();
  lists.set(IMEI, 'prohibited');
  assert.deepEqual(runNow(system.boot(), answer), { kind: 'booted', network: { kind: 'rejected', cause: 6 } });
  assert.match(shown.join(), /Emergency calls only/);
  assert.equal(runNow(system.call('55512'), answer).kind, 'noNetwork');
  assert.equal(runNow(system.call('112'), answer).kind, 'connected');
  lists.clear();
  uicc.usim.isBlocked = true;
  const blocked = runNow(system.boot(), answer);
  assert.deepEqual(blocked, { kind: 'booted', network: { kind: 'uiccRefused', statusWord: 0x6985 } });
  assert.equal(runNow(system.call('112'), answer).kind, 'connected');
});

test('without a card a handset calls for help with its IMEI', () => {
  const { link, answer, system } = lab();
  const withoutCard = surroundingsNow({
    uicc: undefined,
    readers: new Map(),
    air: (message) => link.air(message),
    display: () => {},
  });
  assert.deepEqual(runNow(system.boot(), withoutCard), { kind: 'noUsim' });
  assert.equal(runNow(system.call('112'), withoutCard).kind, 'connected');
  assert.equal(runNow(system.boot(), answer).kind, 'booted');
});
