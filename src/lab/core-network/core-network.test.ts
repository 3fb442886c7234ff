import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { Imsi } from '#base/identity/index.ts';
import { collectingTrace } from '#base/trace/index.ts';
import {
  acknowledgeShortMessage,
  call,
  detach,
  emergencyCall,
  exchange,
  locationUpdate,
  refuseShortMessage,
  shortMessageService,
  submitShortMessage,
} from '#handset/baseband/index.ts';
import { messagesOf } from '#handset/connector/index.ts';
import { nasMessage, REJECT_CAUSE, SPEECH } from '#protocol/nas/index.ts';
import { NOWHERE, over, SERVICE_CENTRE, TestTerminal, testPorts } from './core-network.fixture.ts';
import { MOST_WAITING } from './handset-connection.ts';
import { type CoreNetworkNowOptions, coreNetworkNow, NETWORK_DEFAULTS } from './index.ts';

const ALICE = '001010000000001';
const BOB = '001010000000002';
const IMEI = '356938035643809';
const NUMBER = fromHex('912143');
const TPDU = fromHex('41170591');

function lab(settings: Partial<CoreNetworkNowOptions> = {}) {
  const ports = testPorts();
  const network = coreNetworkNow({ ...ports.options, ...settings });
  const terminal = new TestTerminal(ALICE, IMEI);
  const link = network.connect('A');
  const attach = () => over(link, locationUpdate(terminal, terminal.imsi, NOWHERE));
  const dial = () => over(link, call(terminal, terminal.imsi, NUMBER));
  const help = () => over(link, emergencyCall(terminal, terminal.identity(2)));
  const text = () => over(link, submitShortMessage(terminal, terminal.imsi, SERVICE_CENTRE, TPDU, 7));
  return { ...ports, network, terminal, link, attach, dial, help, text };
}

describe('registration', () => {
  test('a subscriber with a permitted handset is registered, checked with IMEI and IMSI', () => {
    const { attach, network, asked, centre, terminal } = lab();
    assert.deepEqual(attach(), { kind: 'accepted', locationArea: NETWORK_DEFAULTS.locationArea });
    assert.deepEqual(asked, [`${IMEI} ${ALICE}`]);
    assert.deepEqual(
      [...network.registrations()],
      [{ imsi: terminal.imsi, handset: 'A', imei: terminal.imei, since: 1_000_000 }],
    );
    assert.deepEqual([...centre.present.keys()], [ALICE]);
  });

  test('tracking is let in, prohibited is illegal ME, and so is a handset that names no IMEI', () => {
    for (const [status, expected] of [
      ['tracking', 'accepted'],
      ['prohibited', 'rejected'],
    ] as const) {
      const { attach, lists, network } = lab();
      lists.set(IMEI.slice(0, 14), status);
      const result = attach();
      assert.equal(result.kind, expected);
      if (result.kind === 'rejected') assert.equal(result.cause, REJECT_CAUSE.illegalMe);
      assert.equal(network.registered, expected === 'accepted' ? 1 : 0);
    }
    const { attach, terminal } = lab();
    terminal.imei = undefined;
    assert.deepEqual(attach(), { kind: 'rejected', cause: REJECT_CAUSE.illegalMe });
  });

  test('a network that does not check asks for no IMEI', () => {
    const { attach, lists, asked, network } = lab({ equipmentCheck: 'off' });
    lists.set(IMEI.slice(0, 14), 'prohibited');
    assert.equal(attach().kind, 'accepted');
    assert.deepEqual(asked, []);
    assert.equal([...network.registrations()][0]?.imei, undefined);
  });

  test('a register that breaks down stops nobody; a home network that does is a network failure', () => {
    const broken = () => {
      throw new Error('down');
    };
    assert.equal(lab({ equipment: { check: broken } }).attach().kind, 'accepted');
    const subscribers = { authenticationVector: broken, resynchronise: broken };
    assert.deepEqual(lab({ subscribers }).attach(), { kind: 'rejected', cause: REJECT_CAUSE.networkFailure });
  });

  test('an unknown subscriber, a wrong RES and a false AUTN are refused', () => {
    const stranger = lab();
    stranger.home.unknown.add(ALICE);
    assert.deepEqual(stranger.attach(), { kind: 'rejected', cause: REJECT_CAUSE.imsiUnknownInHlr });
    const impostor = lab();
    impostor.terminal.isImpostor = true;
    assert.deepEqual(impostor.attach(), { kind: 'rejected', cause: REJECT_CAUSE.illegalMs });
    const falseNetwork = lab();
    falseNetwork.home.spoil = (vector) => ({ ...vector, autn: vector.autn.toReversed() });
    assert.deepEqual(falseNetwork.attach(), { kind: 'rejected', cause: REJECT_CAUSE.illegalMs });
    for (const { network, asked } of [stranger, impostor, falseNetwork])
      assert.deepEqual([network.registered, asked.length], [0, 0]);
  });

  test('a USIM ahead of the home network brings it in step, once', () => {
    const { attach, terminal, home } = lab();
    terminal.sqn = 1000;
    assert.equal(attach().kind, 'accepted');
    assert.deepEqual([home.resynchronised, terminal.sqn], [1, 1001]);
    terminal.isNeverInStep = true;
    assert.deepEqual(attach(), { kind: 'rejected', cause: REJECT_CAUSE.illegalMs });
    assert.equal(home.resynchronised, 2);
  });

  test('AUTS that the home network does not believe is the end', () => {
    const { attach, terminal, home, network } = lab();
    terminal.sqn = 1000;
    home.resynchronise = (_, rand, auts) => rand.length + auts.length !== 30;
    assert.deepEqual(attach(), { kind: 'rejected', cause: REJECT_CAUSE.illegalMs });
    assert.equal(network.registered, 0);
  });

  test('a UICC that refuses AUTHENTICATE keeps its handset out', () => {
    const { attach, terminal, network } = lab();
    terminal.isBlocked = true;
    assert.deepEqual(attach(), { kind: 'uiccRefused', statusWord: 0x6985 });
    assert.equal(network.registered, 0);
  });

  test('a failed new registration ends the one before, and so does signing off', () => {
    const { attach, lists, network, centre, link, terminal } = lab();
    attach();
    lists.set(IMEI.slice(0, 14), 'prohibited');
    assert.equal(attach().kind, 'rejected');
    assert.deepEqual([network.registered, centre.present.size], [0, 0]);
    lists.clear();
    attach();
    over(link, detach(Imsi.parse(BOB)));
    assert.equal(network.registered, 1, 'another subscriber cannot be signed off from here');
    over(link, detach(terminal.imsi));
    assert.deepEqual([network.registered, centre.present.size], [0, 0]);
  });

  test('another card in the same handset replaces the subscriber', () => {
    const { attach, link, network, centre } = lab();
    attach();
    const bob = new TestTerminal(BOB, IMEI);
    assert.equal(over(link, locationUpdate(bob, bob.imsi, NOWHERE)).kind, 'accepted');
    assert.deepEqual([network.registered, [...centre.present.keys()]], [1, [BOB]]);
  });

  test('a subscriber is where it proved itself last; a claim without proof moves nobody', () => {
    const { attach, network, terminal, dial } = lab();
    attach();
    const thief = network.connect('thief');
    const claimed = new TestTerminal(ALICE, IMEI);
    claimed.isImpostor = true;
    assert.equal(over(thief, locationUpdate(claimed, claimed.imsi, NOWHERE)).kind, 'rejected');
    assert.equal(dial().kind, 'connected');
    const second = network.connect('B');
    assert.equal(over(second, locationUpdate(terminal, terminal.imsi, NOWHERE)).kind, 'accepted');
    assert.deepEqual(
      [...network.registrations()].map(({ handset }) => handset),
      ['B'],
    );
    assert.deepEqual(dial(), { kind: 'rejected', cause: 4 });
    assert.equal(over(second, call(terminal, terminal.imsi, NUMBER)).kind, 'connected');
  });
});

describe('services', () => {
  test('calls and short messages are for registered subscribers', () => {
    const { dial, text, attach, centre } = lab();
    assert.deepEqual(dial(), { kind: 'rejected', cause: 4 });
    assert.equal(text(), false);
    attach();
    assert.deepEqual(dial(), { kind: 'connected' });
    assert.equal(text(), true);
    assert.deepEqual(centre.submitted, [`${ALICE} 4`]);
  });

  test('SETUP and CP-DATA without an accepted service are dropped', () => {
    const { attach, link, terminal, centre } = lab();
    attach();
    const setup = exchange({ name: 'setup', bearer: SPEECH, called: NUMBER });
    assert.deepEqual(over(link, setup), []);
    assert.equal(over(link, shortMessageService(terminal, terminal.imsi)), true);
    assert.deepEqual(over(link, exchange({ name: 'setup', bearer: SPEECH, called: NUMBER })), []);
    assert.deepEqual(over(link, exchange({ name: 'cpDataUplink', rpdu: fromHex('FF00') })), []);
    assert.equal(centre.submitted.length, 0);
  });

  test('a service nobody offers is refused', () => {
    const { attach, link, terminal } = lab();
    attach();
    const supplementary = { name: 'cmServiceRequest', service: 0x78, classmark: new Uint8Array(3) } as const;
    const heard = over(link, exchange({ ...supplementary, identity: { type: 'imsi', imsi: terminal.imsi } }));
    assert.deepEqual(heard, [{ name: 'cmServiceReject', cause: REJECT_CAUSE.serviceOptionNotSupported }]);
  });

  test('with verification at every access, a lock or a list acts at the next call, and signs off', () => {
    const { attach, dial, text, terminal, asked, lists, network } = lab({ verify: 'every access' });
    attach();
    assert.equal(dial().kind, 'connected');
    assert.equal(text(), true);
    assert.equal(asked.length, 3);
    terminal.isBlocked = true;
    assert.deepEqual(dial(), { kind: 'uiccRefused', statusWord: 0x6985 });
    terminal.isBlocked = false;
    lists.set(IMEI.slice(0, 14), 'prohibited');
    assert.deepEqual(dial(), { kind: 'rejected', cause: REJECT_CAUSE.illegalMe });
    assert.equal(network.registered, 0);
  });

  test('cancelled by the operator, a subscriber is out at the next access', () => {
    const { attach, dial, text, network, terminal, centre } = lab();
    attach();
    assert.equal(network.cancelLocation(terminal.imsi), true);
    assert.equal(network.cancelLocation(terminal.imsi), false);
    assert.deepEqual([network.registered, centre.present.size], [0, 0]);
    assert.deepEqual(dial(), { kind: 'rejected', cause: 4 });
    assert.equal(text(), false);
    assert.equal(attach().kind, 'accepted');
  });
});

describe('emergency calls', () => {
  const CONNECTED = { kind: 'connected' };
  test('never attached, rejected, blocked, cancelled, unknown, registered: always', () => {
    const { help, attach, lists, terminal, network, home } = lab();
    assert.deepEqual(help(), CONNECTED, 'never attached');
    lists.set(IMEI.slice(0, 14), 'prohibited');
    attach();
    assert.deepEqual(help(), CONNECTED, 'rejected');
    terminal.isBlocked = true;
    attach();
    assert.deepEqual(help(), CONNECTED, 'in the middle of an authentication that the UICC refused');
    terminal.isBlocked = false;
    lists.clear();
    attach();
    assert.deepEqual(help(), CONNECTED, 'registered');
    network.cancelLocation(terminal.imsi);
    assert.deepEqual(help(), CONNECTED, 'cancelled');
    home.unknown.add(ALICE);
    attach();
    assert.deepEqual(help(), CONNECTED, 'unknown');
  });

  test('with an IMSI, an IMEI or no identity, and however the elements are coded', () => {
    const { link, terminal } = lab();
    for (const identity of [{ type: 'imsi', imsi: terminal.imsi }, terminal.identity(2), { type: 'none' }] as const)
      assert.deepEqual(over(link, emergencyCall(terminal, identity)), CONNECTED);
    // A TMSI that this network never gave, and an emergency category that this network does not know.
    assert.equal(toHex(link.air(fromHex('0524 72 03531981 05 F412345678'))), '00020521');
    assert.equal(toHex(link.air(fromHex('05E4 72'))), '00020521');
    const answers = messagesOf(link.air(fromHex('030E 2E0101'))).map((octets) => nasMessage.decode(octets).name);
    assert.deepEqual(answers, ['callProceeding', 'connect']);
  });

  test('an emergency call disturbs no registration, and nothing ends it', () => {
    const { link, terminal, network, lists } = lab();
    const lai = { typeAndKeySequence: 0x72, locationArea: NOWHERE, classmark: 0x53 } as const;
    const request = {
      name: 'locationUpdatingRequest',
      ...lai,
      identity: { type: 'imsi', imsi: terminal.imsi },
    } as const;
    const [challenge] = over(link, exchange(request));
    assert.equal(challenge?.name, 'authenticationRequest');
    over(link, emergencyCall(terminal, { type: 'none' }));
    if (challenge?.name !== 'authenticationRequest') return;
    const answer = over(link, terminal.authenticate(challenge.rand, challenge.autn));
    assert.equal(answer.kind, 'response');
    if (answer.kind !== 'response') return;
    const message = {
      name: 'authenticationResponse',
      res: answer.res.slice(0, 4),
      extension: answer.res.slice(4),
    } as const;
    assert.deepEqual(over(link, exchange(message)), [{ name: 'identityRequest', identityType: 2 }]);
    over(link, exchange({ name: 'emergencySetup' }));
    lists.set(IMEI.slice(0, 14), 'prohibited');
    const rejected = over(link, exchange({ name: 'identityResponse', identity: terminal.identity(2) }));
    assert.deepEqual(rejected, [{ name: 'locationUpdatingReject', cause: REJECT_CAUSE.illegalMe }]);
    network.cancelLocation(terminal.imsi);
    assert.deepEqual(over(link, exchange({ name: 'release' })), [{ name: 'releaseComplete' }]);
  });
});

describe('short messages', () => {
  test('a refusal of the service centre, and one that is down, are RP-ERROR', () => {
    const { attach, link, terminal, centre } = lab();
    attach();
    const submit = () => {
      over(link, shortMessageService(terminal, terminal.imsi));
      const heard = over(link, exchange({ name: 'cpDataUplink', rpdu: fromHex('0007000391214304 41170591') }));
      return heard.map((message) => (message.name === 'cpDataDownlink' ? toHex(message.rpdu) : message.name));
    };
    assert.deepEqual(submit(), ['cpAckDownlink', '0307']);
    centre.outcome = { accepted: false, cause: 0x2a };
    assert.deepEqual(submit(), ['cpAckDownlink', '0507012A']);
    centre.submit = () => {
      throw new Error('down');
    };
    assert.deepEqual(submit(), ['cpAckDownlink', '05070126']);
  });

  test('messages for a handset come one at a time with the answers it listens to, and are acknowledged', () => {
    const { attach, terminal, centre, link, dial, text, network } = lab();
    const ends: string[] = [];
    attach();
    for (const last of [1, 2, 3]) centre.deliver(terminal.imsi, Uint8Array.of(4, last), ends);
    assert.equal(dial().kind, 'connected');
    assert.equal(text(), true);
    const first = terminal.takeShortMessage();
    assert.deepEqual(first?.tpdu, Uint8Array.of(4, 1));
    assert.equal(terminal.served.length, 0, 'the second waits for the acknowledgement of the first');
    over(link, acknowledgeShortMessage(terminal, first?.reference ?? 0, fromHex('0000')));
    const second = terminal.takeShortMessage();
    assert.deepEqual(second?.tpdu, Uint8Array.of(4, 2));
    over(link, refuseShortMessage(terminal, (second?.reference ?? 0) + 1, 0x16));
    assert.deepEqual(ends, ['delivered'], 'an acknowledgement of another message counts for nothing');
    over(link, refuseShortMessage(terminal, second?.reference ?? 0, 0x16));
    assert.deepEqual(terminal.takeShortMessage()?.tpdu, Uint8Array.of(4, 3));
    assert.deepEqual(ends, ['delivered', 'refused 22']);
    assert.equal(network.pending(terminal.imsi).length, 0);
    assert.deepEqual(ends, ['delivered', 'refused 22', 'unanswered']);
  });

  test('a message comes by itself when the network is asked for what waits', () => {
    const { attach, terminal, centre, network } = lab();
    attach();
    const ends: string[] = [];
    centre.deliver(terminal.imsi, Uint8Array.of(4, 1), ends);
    const [octets] = messagesOf(network.pending(terminal.imsi));
    assert.equal(toHex(octets ?? new Uint8Array()), '8901 0D 0101 06912143658709 00 02 0401'.replaceAll(' ', ''));
    assert.equal(network.pending(Imsi.parse(BOB)).length, 0);
  });

  test('what cannot go says so: nobody there, too long, too many, gone before it was acknowledged', () => {
    const { attach, terminal, centre, network, link } = lab();
    const ends: string[] = [];
    attach();
    const deliver = centre.present.get(ALICE);
    centre.deliver(terminal.imsi, new Uint8Array(177), ends);
    for (let i = 0; i <= MOST_WAITING; i++) centre.deliver(terminal.imsi, TPDU, ends);
    assert.deepEqual(ends, ['refused 95', 'refused 22']);
    link.pending();
    network.cancelLocation(terminal.imsi);
    assert.equal(ends.filter((end) => end === 'absent').length, MOST_WAITING);
    deliver?.(TPDU, ({ kind }) => ends.push(kind));
    assert.equal(ends.length, MOST_WAITING + 3);
  });

  test('a handset that switches on again has lost the message it did not acknowledge', () => {
    const { attach, terminal, centre, link } = lab();
    const ends: string[] = [];
    attach();
    centre.deliver(terminal.imsi, TPDU, ends);
    link.pending();
    assert.equal(attach().kind, 'accepted');
    assert.deepEqual(ends, ['unanswered']);
    link.disconnect();
    assert.equal(centre.present.size, 0);
  });
});

test('two handsets at once do not mix', () => {
  const { network, attach, dial } = lab();
  const bob = new TestTerminal(BOB, '490154203237518');
  const link = network.connect('B');
  const lai = { typeAndKeySequence: 0x72, locationArea: NOWHERE, classmark: 0x53 } as const;
  over(link, exchange({ name: 'locationUpdatingRequest', ...lai, identity: { type: 'imsi', imsi: bob.imsi } }));
  assert.equal(attach().kind, 'accepted');
  assert.equal(over(link, locationUpdate(bob, bob.imsi, NOWHERE)).kind, 'accepted');
  assert.equal(dial().kind, 'connected');
  assert.deepEqual(
    [...network.registrations()].map(({ imsi, imei }) => `${imsi} ${imei}`),
    [`${ALICE} ${IMEI}`, `${BOB} 490154203237518`],
  );
});

test('hostile octets bring down whole messages or nothing, and a handset lives on after them', () => {
  const { attach, link, network, dial } = lab();
  attach();
  // Beginnings of real messages, so that the noise reaches every decoder and every state.
  const heads = [
    '',
    '05',
    '0508',
    '0514',
    '051C',
    '0519',
    '0524',
    '0501',
    '0305',
    '030E',
    '032D',
    '0901',
    '0904',
    '8901',
  ];
  const noise = fc.tuple(fc.constantFrom(...heads.map(fromHex)), fc.uint8Array({ maxLength: 260 }));
  fc.assert(
    fc.property(noise, ([head, tail]) => {
      const octets = Uint8Array.of(...head, ...tail);
      for (const message of messagesOf(link.air(octets))) nasMessage.decode(message);
    }),
    { numRuns: 3000 },
  );
  assert.ok(network.registered <= 1);
  assert.equal(attach().kind, 'accepted');
  assert.equal(dial().kind, 'connected');
});

test('every message and every answer is in the trace, with names, clauses and causes', () => {
  const trace = collectingTrace();
  const { attach, lists, link } = lab({ trace });
  lists.set(IMEI.slice(0, 14), 'prohibited');
  attach();
  link.air(fromHex('FFFF'));
  assert.deepEqual(
    trace.records.map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`)),
    [
      'LOCATION UPDATING REQUEST',
      'SEND AUTHENTICATION INFO: authentication vector',
      'AUTHENTICATION REQUEST',
      'AUTHENTICATION RESPONSE',
      'IDENTITY REQUEST',
      'IDENTITY RESPONSE',
      'CHECK IMEI: prohibited',
      'LOCATION UPDATING REJECT: cause 6, illegal ME',
      'no message: octets that are no layer 3 message of this network: dropped',
    ],
  );
  assert.ok(trace.records.every(({ handset, at }) => handset === 'A' && at === 1_000_000));
  assert.equal(toHex(trace.records.at(-2)?.octets ?? new Uint8Array()), '050406');
});
