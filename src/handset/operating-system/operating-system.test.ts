import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { Imei, ImeiSv } from '#base/identity/index.ts';
import { airFrames, type Effect, runNow } from '#handset/connector/index.ts';
import { nasMessage, relayMessage } from '#protocol/nas/index.ts';
import {
  decodeProactiveCommand,
  decodeTerminalResponse,
  encodeProactiveCommand,
  GENERAL_RESULT,
  type ProactiveCommand,
  type TerminalResponse,
  terminalProfile,
  textString,
} from '#protocol/usat/index.ts';
import { loadVectors } from '#test/vectors.ts';
import { OperatingSystem, PERFORMED_FEATURES, VARIANTS } from './index.ts';

const FLASH = {
  imei: Imei.parse('49015420323751'),
  imeiSv: ImeiSv.parse('4901542032375101'),
  terminalProfile: terminalProfile(PERFORMED_FEATURES),
};
const OTHER = Imei.parse('35145120990033');

/** A UICC that offers one proactive command after TERMINAL PROFILE and keeps what the terminal answers. */
function scripted(command: ProactiveCommand, around: (effect: Effect) => Uint8Array | undefined = () => undefined) {
  const octets = encodeProactiveCommand(command);
  const answers: TerminalResponse[] = [];
  const shown: string[] = [];
  const answer = (effect: Effect): Uint8Array => {
    const own = around(effect);
    if (own !== undefined) return own;
    if (effect.type === 'display') shown.push(effect.text);
    if (effect.type !== 'uicc') return effect.type === 'resetUicc' ? fromHex('3B00') : NO_OCTETS;
    const [, ins] = effect.command;
    if (ins === 0x10) return Uint8Array.of(0x91, octets.length & 0xff);
    if (ins === 0x12) return Uint8Array.from([...octets, 0x90, 0x00]);
    if (ins === 0x14) answers.push(decodeTerminalResponse(effect.command.subarray(5)));
    if (ins === 0xb2) return fromHex('61094F07A0000000871002 9000');
    if (ins === 0xb0 && effect.command[2] === 0x87) return fromHex('080910100000000010 9000');
    return fromHex('9000');
  };
  const system = new OperatingSystem(FLASH);
  runNow(system.boot(), answer);
  return { answers, shown, system, answer };
}

test('a C-APDU goes to the reader and its R-APDU comes back, both as they are', () => {
  const carried: Uint8Array[] = [];
  const { answers } = scripted(
    { number: 1, type: 'PERFORM CARD APDU', reader: 1, apdu: fromHex('80CADF2000') },
    (effect) => {
      if (effect.type !== 'reader') return undefined;
      carried.push(effect.command);
      return fromHex('01029000');
    },
  );
  assert.deepEqual(carried.map(toHex), ['80CADF2000']);
  assert.equal(toHex(answers[0]?.responseApdu ?? NO_OCTETS), '01029000');
});

test('what the terminal cannot do it says: a mute card, no card, no service, an unknown command', () => {
  const [mute] = scripted({ number: 1, type: 'PERFORM CARD APDU', reader: 1, apdu: fromHex('80CADF2000') }).answers;
  assert.deepEqual([mute?.general, mute?.additional[0]], [GENERAL_RESULT.multipleCardError, 0x06]);
  const [absent] = scripted({ number: 1, type: 'POWER ON CARD', reader: 1 }).answers;
  assert.deepEqual([absent?.general, absent?.additional[0]], [GENERAL_RESULT.multipleCardError, 0x02]);
  const [noService] = scripted({
    number: 1,
    type: 'SEND SHORT MESSAGE',
    packing: false,
    tpdu: fromHex('4101'),
  }).answers;
  assert.deepEqual([noService?.general, noService?.additional[0]], [GENERAL_RESULT.terminalBusy, 0x04]);
  const [unknown] = scripted({
    number: 1,
    type: 'UNKNOWN',
    code: 0x45,
    qualifier: 0,
    destination: 0x82,
    objects: NO_OCTETS,
  }).answers;
  assert.equal(unknown?.general, GENERAL_RESULT.typeNotUnderstood);
});

test('it claims the IMEI and IMEISV of its flash, and shows text to the person', () => {
  const [imei] = scripted({ number: 1, type: 'PROVIDE LOCAL INFORMATION', information: 'imei' }).answers;
  assert.equal(Imei.fromOctets(imei?.imei ?? NO_OCTETS).equipment, FLASH.imei.equipment);
  const [imeiSv] = scripted({ number: 1, type: 'PROVIDE LOCAL INFORMATION', information: 'imeiSv' }).answers;
  assert.equal(ImeiSv.fromOctets(imeiSv?.imeiSv ?? NO_OCTETS).softwareVersion, '01');
  const text = textString('Service is blocked.');
  const { shown } = scripted({
    number: 1,
    type: 'DISPLAY TEXT',
    priority: 'high',
    cleared: 'afterDelay',
    text,
    immediateResponse: false,
  });
  assert.deepEqual(shown, ['Service is blocked.']);
});

test('a short message for the UICC goes into ENVELOPE, its answer into the delivery report; another is shown', () => {
  const { system, answer, shown } = scripted({ number: 1, type: 'MORE TIME' });
  const deliver = (pidAndDcs: string) =>
    nasMessage.decode(
      nasMessage.encode({
        name: 'cpDataDownlink',
        rpdu: relayMessage.encode({
          name: 'dataDownlink',
          reference: 7,
          originator: fromHex('912143'),
          tpdu: fromHex(`4405912143F5${pidAndDcs}6211529105020005 0270000102`),
        }),
      }),
    );
  const envelopes: Uint8Array[] = [];
  const uplink: Uint8Array[] = [];
  const around = (effect: Effect): Uint8Array => {
    if (effect.type === 'air') {
      uplink.push(effect.message);
      return airFrames([]);
    }
    if (effect.type !== 'uicc' || effect.command[1] !== 0xc2) return answer(effect);
    envelopes.push(effect.command);
    return fromHex('027100009000');
  };
  runNow(system.downlink(deliver('7FF6')), around);
  assert.equal(envelopes.length, 1);
  const sent = nasMessage.decode(uplink[0] ?? NO_OCTETS);
  const report = sent.name === 'cpDataUplink' ? relayMessage.decode(sent.rpdu) : undefined;
  assert.equal(report?.name, 'ackUplink');
  assert.ok(report?.name === 'ackUplink' && toHex(report.tpdu ?? NO_OCTETS).endsWith('02710000'));
  runNow(system.downlink(deliver('0004')), around);
  assert.equal(envelopes.length, 1);
  assert.deepEqual(shown, ['A short message has arrived.']);
});

test('an emergency number needs no card, no attach and no leave of the UICC (R50)', () => {
  const system = new OperatingSystem(FLASH);
  const accept = (effect: Effect): Uint8Array => {
    if (effect.type !== 'air') return NO_OCTETS;
    const { name } = nasMessage.decode(effect.message);
    if (name === 'cmServiceRequest') return airFrames([nasMessage.encode({ name: 'cmServiceAccept' })]);
    return name === 'emergencySetup' ? airFrames([nasMessage.encode({ name: 'connect' })]) : airFrames([]);
  };
  assert.deepEqual(runNow(system.boot(), accept), { kind: 'noUsim' });
  for (const number of ['112', '911', '999'])
    assert.deepEqual(runNow(system.call(number), accept), { kind: 'connected' });
  assert.equal(runNow(system.call('12345'), accept).kind, 'notAllowed');
});

test('property: whatever cards and network answer, every procedure of every operating system ends, and none throws', () => {
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(
      fromHex('9000'),
      fromHex('910B'),
      fromHex('6104'),
      fromHex('6C05'),
      fromHex('61094F07A00000008710029000'),
      fromHex('0809101000000000109000'),
    ),
    fc.uint8Array({ maxLength: 20 }).map((tail) => Uint8Array.from([0xd0, tail.length, ...tail, 0x90, 0x00])),
  );
  const names = Object.keys(VARIANTS) as (keyof typeof VARIANTS)[];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.infiniteStream(octets), (name, stream) => {
      const system = VARIANTS[name].make(FLASH, OTHER);
      let effects = 0;
      const hostile = (effect: Effect) => {
        assert.ok(++effects < 20_000, 'expected an end');
        const { value } = stream.next();
        return effect.type === 'display' || value === undefined ? NO_OCTETS : value;
      };
      runNow(system.boot(), hostile);
      runNow(system.call('0301234567'), hostile);
      runNow(system.poll(), hostile);
      runNow(system.powerOff(), hostile);
    }),
    { numRuns: 150 },
  );
});

/** Commands that this terminal performs, as its TERMINAL PROFILE says; the others it refuses. */
const PERFORMS: ReadonlySet<string> = new Set([
  ...['PERFORM CARD APDU', 'PROVIDE LOCAL INFORMATION', 'SEND SHORT MESSAGE', 'SET UP CALL', 'DISPLAY TEXT'],
  ...['SET UP EVENT LIST', 'POLL INTERVAL', 'POLLING OFF', 'MORE TIME', 'REFRESH'],
]);

test('every published command is performed, or refused as beyond its capabilities (30)', () => {
  for (const { id, kind, encoded, refused } of loadVectors('usat-commands')) {
    if (refused) continue;
    const { answers } = scripted(decodeProactiveCommand(fromHex(encoded)));
    const [first] = answers;
    assert.ok(first, id);
    if (!PERFORMS.has(kind)) assert.equal(first.general, GENERAL_RESULT.beyondCapabilities, id);
    else assert.notEqual(first.general, GENERAL_RESULT.typeNotUnderstood, id);
  }
});

test('REFRESH: what was read at power-on is read again; a reset of the card in its session is refused', () => {
  let imsi = '080910100000000010';
  const read: string[] = [];
  const { answers, system } = scripted(
    { number: 1, type: 'REFRESH', mode: 'fileChange', files: { count: 1, paths: fromHex('7FFF6F07') } },
    (effect) => {
      if (effect.type !== 'uicc' || effect.command[1] !== 0xb0 || effect.command[2] !== 0x87) return undefined;
      read.push(imsi);
      const response = fromHex(`${imsi} 9000`);
      imsi = '080910100000000020';
      return response;
    },
  );
  assert.equal(answers[0]?.general, GENERAL_RESULT.performed);
  assert.deepEqual(read, ['080910100000000010', '080910100000000020']);
  assert.equal(system.isAttached, false);
  const [reset] = scripted({ number: 1, type: 'REFRESH', mode: 'uiccReset' }).answers;
  assert.equal(reset?.general, GENERAL_RESULT.beyondCapabilities);
});
