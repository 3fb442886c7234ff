import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import {
  alphaIdentifier,
  CARD_READER_PROBLEM,
  COMMAND_TYPE,
  callControlAnswer,
  commandDetails,
  decodeEnvelope,
  decodeProactiveCommand,
  decodeTerminalResponse,
  detailsOf,
  type Envelope,
  EVENT,
  encodeEnvelope,
  encodeProactiveCommand,
  encodeTerminalResponse,
  GENERAL_RESULT,
  type ProactiveCommand,
  resultClass,
  supports,
  TERMINAL_FEATURE,
  type TerminalFeature,
  type TerminalResponse,
  terminalFeatures,
  terminalProfile,
  textOf,
  textOfAlpha,
  textString,
} from './index.ts';
import { declaredProactiveCommand } from './proactive-codec.ts';
import { declaredTerminalResponse } from './terminal-response.ts';

const hex = (text: string): string => toHex(fromHex(text));

/** Arrays of TS 31.124 and TS 102 384 (facts/uicc.md 8.4), and two built by the same rules (POWER ON and OFF CARD). */
const COMMANDS: Readonly<Record<string, readonly [octets: string, command: ProactiveCommand]>> = {
  'PERFORM CARD APDU, reader 1, SELECT MF': [
    'D012 8103013000 82028111 A207 A0A40000023F00',
    { type: 'PERFORM CARD APDU', number: 1, reader: 1, apdu: fromHex('A0A40000023F00') },
  ],
  'PERFORM CARD APDU, GET RESPONSE': [
    'D010 8103013000 82028111 A205 A0C000001B',
    { type: 'PERFORM CARD APDU', number: 1, reader: 1, apdu: fromHex('A0C000001B') },
  ],
  'PERFORM CARD APDU, UPDATE BINARY': [
    'D028 8103013000 82028111 A21D A0D6000018000102030405060708090A0B0C0D0E0F1011121314151617',
    {
      type: 'PERFORM CARD APDU',
      number: 1,
      reader: 1,
      apdu: fromHex('A0D6000018000102030405060708090A0B0C0D0E0F1011121314151617'),
    },
  ],
  'PERFORM CARD APDU, reader 7': [
    'D012 8103013000 82028117 A207 A0A40000023F00',
    { type: 'PERFORM CARD APDU', number: 1, reader: 7, apdu: fromHex('A0A40000023F00') },
  ],
  'POWER ON CARD': ['D009 8103013100 82028111', { type: 'POWER ON CARD', number: 1, reader: 1 }],
  'POWER OFF CARD': ['D009 8103013200 82028111', { type: 'POWER OFF CARD', number: 1, reader: 1 }],
  'GET READER STATUS': ['D009 8103013300 82028182', { type: 'GET READER STATUS', number: 1, ask: 'status' }],
  'GET READER STATUS, identifier': [
    'D009 8103013301 82028111',
    { type: 'GET READER STATUS', number: 1, ask: 'identifier', reader: 1 },
  ],
  'PROVIDE LOCAL INFORMATION, IMEI': [
    'D009 8103012601 82028182',
    { type: 'PROVIDE LOCAL INFORMATION', number: 1, information: 'imei' },
  ],
  'PROVIDE LOCAL INFORMATION, IMEISV': [
    'D009 8103012608 82028182',
    { type: 'PROVIDE LOCAL INFORMATION', number: 1, information: 'imeiSv' },
  ],
  'PROVIDE LOCAL INFORMATION, location': [
    'D009 8103012600 82028182',
    { type: 'PROVIDE LOCAL INFORMATION', number: 1, information: 'location' },
  ],
  'DISPLAY TEXT "Toolkit Test 1"': [
    'D01A 8103012180 82028102 8D0F 04 546F6F6C6B697420546573742031',
    {
      type: 'DISPLAY TEXT',
      number: 1,
      priority: 'normal',
      cleared: 'byUser',
      text: textString('Toolkit Test 1'),
      immediateResponse: false,
    },
  ],
  'SEND SHORT MESSAGE': [
    'D037 8103011300 82028183 8507 53656E6420534D 8609 9111223344556677F8 8B18 0100099110325476F840F40C54657374204D657373616765',
    {
      type: 'SEND SHORT MESSAGE',
      number: 1,
      packing: false,
      alphaIdentifier: fromHex('53656E6420534D'),
      address: fromHex('9111223344556677F8'),
      tpdu: fromHex('0100099110325476F840F40C54657374204D657373616765'),
    },
  ],
  'SET UP CALL': [
    'D01E 8103011000 82028183 85084E6F742062757379 8609911032042143651C2C',
    {
      type: 'SET UP CALL',
      number: 1,
      when: 'notBusy',
      alphaIdentifier: fromHex('4E6F742062757379'),
      address: fromHex('911032042143651C2C'),
    },
  ],
  'SET UP EVENT LIST': ['D00C 8103010500 82028182 9901 07', { type: 'SET UP EVENT LIST', number: 1, events: [7] }],
  'SET UP EVENT LIST, none': ['D00B 8103010500 82028182 9900', { type: 'SET UP EVENT LIST', number: 1, events: [] }],
  'TIMER MANAGEMENT, start 1 for 5 minutes': [
    'D011 8103012700 82028182 A40101 A503 005000',
    { type: 'TIMER MANAGEMENT', number: 1, action: 'start', timer: 1, seconds: 300 },
  ],
  'TIMER MANAGEMENT, deactivate': [
    'D00C 8103012701 82028182 A40101',
    { type: 'TIMER MANAGEMENT', number: 1, action: 'deactivate', timer: 1 },
  ],
  'TIMER MANAGEMENT, get value': [
    'D00C 8103012702 82028182 A40101',
    { type: 'TIMER MANAGEMENT', number: 1, action: 'getValue', timer: 1 },
  ],
  'REFRESH, file change': [
    'D010 8103010101 82028182 9205 01 3F002FE2',
    { type: 'REFRESH', number: 1, mode: 'fileChange', files: { count: 1, paths: fromHex('3F002FE2') } },
  ],
  'REFRESH, UICC reset': ['D009 8103010104 82028182', { type: 'REFRESH', number: 1, mode: 'uiccReset' }],
  'POLLING OFF': ['D009 8103010400 82028182', { type: 'POLLING OFF', number: 1 }],
  'MORE TIME': ['D009 8103010200 82028182', { type: 'MORE TIME', number: 1 }],
  'POLL INTERVAL, 20 seconds': [
    'D00D 8103010300 82028182 8402 0114',
    { type: 'POLL INTERVAL', number: 1, interval: { unit: 'seconds', interval: 20 } },
  ],
  'RUN AT COMMAND': [
    'D012 8103013400 82028182 A807 41542B43474D49',
    { type: 'RUN AT COMMAND', number: 1, atCommand: fromHex('41542B43474D49') },
  ],
  'PLAY TONE, dial tone for 5 seconds': [
    'D010 8103012000 82028103 8E0101 84020105',
    { type: 'PLAY TONE', number: 1, vibrates: false, tone: 1, duration: { unit: 'seconds', interval: 5 } },
  ],
  'SERVICE SEARCH, not known here': [
    'D00D 8103014500 82028182 C3021234',
    { type: 'UNKNOWN', number: 1, code: 0x45, qualifier: 0, destination: 0x82, objects: fromHex('C3021234') },
  ],
};

for (const [name, [octets, command]] of Object.entries(COMMANDS)) {
  test(`proactive command ${name}`, () => {
    assert.deepEqual(decodeProactiveCommand(fromHex(octets)), command);
    assert.equal(toHex(encodeProactiveCommand(command)), hex(octets));
    assert.equal(toHex(declaredProactiveCommand.encode(command)), hex(octets));
    assert.deepEqual(declaredProactiveCommand.decode(fromHex(octets)), command);
    assert.deepEqual(detailsOf(command), commandDetails(fromHex(octets)));
  });
}

const done = (type: number, qualifier: number) => ({
  details: { number: 1, type, qualifier },
  general: GENERAL_RESULT.performed,
  additional: NO_OCTETS,
});

const RESPONSES: Readonly<Record<string, readonly [octets: string, response: TerminalResponse]>> = {
  'PERFORM CARD APDU': [
    '8103013000 82028281 830100 2304 01029000',
    { ...done(COMMAND_TYPE['PERFORM CARD APDU'], 0), responseApdu: fromHex('01029000') },
  ],
  'PERFORM CARD APDU, card removed': [
    '8103013000 82028281 83023802',
    {
      ...done(COMMAND_TYPE['PERFORM CARD APDU'], 0),
      general: GENERAL_RESULT.multipleCardError,
      additional: Uint8Array.of(CARD_READER_PROBLEM.cardRemoved),
    },
  ],
  'POWER ON CARD': [
    '8103013100 82028281 830100 2104 3B000102',
    { ...done(COMMAND_TYPE['POWER ON CARD'], 0), atr: fromHex('3B000102') },
  ],
  'GET READER STATUS': [
    '8103013300 82028281 830100 200179',
    {
      ...done(COMMAND_TYPE['GET READER STATUS'], 0),
      readers: [{ reader: 1, isRemovable: true, isPresent: true, isId1Size: true, hasCard: true, isPowered: false }],
    },
  ],
  'PROVIDE LOCAL INFORMATION, IMEI': [
    '8103012601 82028281 830100 9408 1A32547698103254',
    { ...done(COMMAND_TYPE['PROVIDE LOCAL INFORMATION'], 1), imei: fromHex('1A32547698103254') },
  ],
  'PROVIDE LOCAL INFORMATION, IMEISV': [
    '8103012608 82028281 830100 E209 1332547698103254F6',
    { ...done(COMMAND_TYPE['PROVIDE LOCAL INFORMATION'], 8), imeiSv: fromHex('1332547698103254F6') },
  ],
  'PROVIDE LOCAL INFORMATION, location': [
    '8103012600 82028281 830100 9307 00F11000010001',
    { ...done(COMMAND_TYPE['PROVIDE LOCAL INFORMATION'], 0), location: fromHex('00F11000010001') },
  ],
  'SEND SHORT MESSAGE': ['8103011300 82028281 830100', done(COMMAND_TYPE['SEND SHORT MESSAGE'], 0)],
  'TIMER MANAGEMENT, start': [
    '8103012700 82028281 830100 A40101',
    { ...done(COMMAND_TYPE['TIMER MANAGEMENT'], 0), timer: 1 },
  ],
  'TIMER MANAGEMENT, value': [
    '8103012702 82028281 830100 A40101 A503 003095',
    { ...done(COMMAND_TYPE['TIMER MANAGEMENT'], 2), timer: 1, seconds: 3 * 60 + 59 },
  ],
  'POLL INTERVAL': [
    '8103010300 82028281 830100 84020001',
    { ...done(COMMAND_TYPE['POLL INTERVAL'], 0), interval: { unit: 'minutes', interval: 1 } },
  ],
  'RUN AT COMMAND': [
    '8103013400 82028281 830100 A905 2B43474D49',
    { ...done(COMMAND_TYPE['RUN AT COMMAND'], 0), atResponse: fromHex('2B43474D49') },
  ],
};

for (const [name, [octets, response]] of Object.entries(RESPONSES)) {
  test(`terminal response to ${name}`, () => {
    assert.deepEqual(decodeTerminalResponse(fromHex(octets)), response);
    assert.deepEqual(declaredTerminalResponse.decode(fromHex(octets)), response);
    assert.equal(toHex(encodeTerminalResponse(response)), hex(octets));
    assert.equal(toHex(declaredTerminalResponse.encode(response)), hex(octets));
  });
}

/** Arrays of TS 31.124 (facts/uicc.md 8.5). */
const ENVELOPES: Readonly<Record<string, readonly [octets: string, envelope: Envelope]>> = {
  'SMS-PP DOWNLOAD': [
    'D12D 82028381 0609 9111223344556677F8 8B1C 04049121437F1689101000000000 0D 53686F7274204D657373616765',
    {
      type: 'SMS-PP DOWNLOAD',
      address: fromHex('9111223344556677F8'),
      tpdu: fromHex('04049121437F16891010000000000D53686F7274204D657373616765'),
    },
  ],
  'SMS-PP DOWNLOAD of a secured packet': [
    'D13E 82028381 0609 9111223344556677F8 8B2D 44 04 912143 7FF6 89101000000000 1E 0270000019000D00000000BFFF00000000000100DCDCDCDCDCDCDCDCDCDC',
    {
      type: 'SMS-PP DOWNLOAD',
      address: fromHex('9111223344556677F8'),
      tpdu: fromHex('44 04 912143 7FF6 89101000000000 1E 0270000019000D00000000BFFF00000000000100DCDCDCDCDCDCDCDCDCDC'),
    },
  ],
  'CALL CONTROL': [
    'D425 82028281 860B 9110325476981032547698 0707 06600402000581 1309 00F110000100010001',
    {
      type: 'CALL CONTROL',
      address: fromHex('9110325476981032547698'),
      capabilities: [fromHex('06600402000581')],
      location: fromHex('00F110000100010001'),
    },
  ],
  'EVENT DOWNLOAD, card reader status': [
    'D60A 990106 82028281 A001 79',
    {
      type: 'EVENT DOWNLOAD',
      event: 'cardReaderStatus',
      reader: { reader: 1, isRemovable: true, isPresent: true, isId1Size: true, hasCard: true, isPowered: false },
    },
  ],
  'EVENT DOWNLOAD, network rejection': [
    'D617 990112 82028381 7D05 00F1100001 BF0108 F40109 F5010B',
    {
      type: 'EVENT DOWNLOAD',
      event: 'networkRejection',
      trackingArea: fromHex('00F1100001'),
      accessTechnology: 8,
      updateAttachType: 9,
      rejectionCause: 0x0b,
    },
  ],
  'TIMER EXPIRATION': ['D70C 82028281 A40101 A503 000001', { type: 'TIMER EXPIRATION', timer: 1, seconds: 10 }],
  'MO SHORT MESSAGE CONTROL': [
    'D518 82028281 8606 919999999999 8604 91214365 1304 00F11000',
    {
      type: 'MO SHORT MESSAGE CONTROL',
      serviceCentre: fromHex('919999999999'),
      destination: fromHex('91214365'),
      location: fromHex('00F11000'),
    },
  ],
  'EVENT DOWNLOAD, not known here': [
    'D607 990117 82028281',
    { type: 'EVENT DOWNLOAD', event: 'UNKNOWN', code: EVENT.imsRegistration, objects: fromHex('82028281') },
  ],
  'MMS TRANSFER STATUS, not known here': [
    'DA07 82028281 EA0101',
    { type: 'UNKNOWN', tag: 0xda, objects: fromHex('82028281EA0101') },
  ],
};

for (const [name, [octets, envelope]] of Object.entries(ENVELOPES)) {
  test(`envelope ${name}`, () => {
    assert.deepEqual(decodeEnvelope(fromHex(octets)), envelope);
    assert.equal(toHex(encodeEnvelope(envelope)), hex(octets));
  });
}

const octetString = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const number = fc.integer({ min: 1, max: 254 });
const reader = fc.integer({ min: 0, max: 7 });
const timer = fc.integer({ min: 1, max: 8 });
const seconds = fc.integer({ min: 0, max: 86_399 });
const interval = fc.record({
  unit: fc.constantFrom('minutes', 'seconds', 'tenthsOfSecond' as const),
  interval: fc.nat(255),
});
const optionally: { requiredKeys: [] } = { requiredKeys: [] };
/** fast-check gives records without a prototype; decoders give plain ones. */
const plain = <T>(value: T): T => structuredClone(value);

const command: fc.Arbitrary<ProactiveCommand> = fc.oneof(
  fc.record({ type: fc.constant('PERFORM CARD APDU' as const), number, reader, apdu: octetString(1, 230) }),
  fc.record({ type: fc.constantFrom('POWER ON CARD' as const, 'POWER OFF CARD' as const), number, reader }),
  fc.record({ type: fc.constant('GET READER STATUS' as const), number, ask: fc.constant('status' as const) }),
  fc.record({
    type: fc.constant('GET READER STATUS' as const),
    number,
    ask: fc.constant('identifier' as const),
    reader,
  }),
  fc.record({
    type: fc.constant('PROVIDE LOCAL INFORMATION' as const),
    number,
    information: fc.constantFrom('imei' as const, 'imeiSv' as const, 'location' as const, 'batteryState' as const),
  }),
  fc.record(
    {
      type: fc.constant('DISPLAY TEXT' as const),
      number,
      priority: fc.constantFrom('normal' as const, 'high' as const),
      cleared: fc.constantFrom('afterDelay' as const, 'byUser' as const),
      text: fc.record({ codingScheme: fc.nat(255), octets: octetString(0, 200) }),
      immediateResponse: fc.boolean(),
      duration: interval,
    },
    { requiredKeys: ['type', 'number', 'priority', 'cleared', 'text', 'immediateResponse'] },
  ),
  fc.record(
    {
      type: fc.constant('SEND SHORT MESSAGE' as const),
      number,
      packing: fc.boolean(),
      alphaIdentifier: octetString(0, 20),
      address: octetString(1, 11),
      tpdu: octetString(1, 164),
    },
    { requiredKeys: ['type', 'number', 'packing', 'tpdu'] },
  ),
  fc.record({
    type: fc.constant('SET UP EVENT LIST' as const),
    number,
    events: fc.array(fc.nat(255), { maxLength: 20 }),
  }),
  fc.record({
    type: fc.constant('TIMER MANAGEMENT' as const),
    number,
    action: fc.constant('start' as const),
    timer,
    seconds,
  }),
  fc.record({ type: fc.constantFrom('POLLING OFF' as const, 'MORE TIME' as const), number }),
  fc.record(
    {
      type: fc.constant('RUN AT COMMAND' as const),
      number,
      alphaIdentifier: octetString(0, 9),
      atCommand: octetString(1, 99),
    },
    { requiredKeys: ['type', 'number', 'atCommand'] },
  ),
);

test('property: proactive commands come back as they were, quick and declared paths alike', () => {
  fc.assert(
    fc.property(command.map(plain), (value) => {
      const octets = encodeProactiveCommand(value);
      assert.deepEqual(decodeProactiveCommand(octets), value);
      assert.deepEqual(declaredProactiveCommand.decode(octets), value);
      assert.equal(toHex(declaredProactiveCommand.encode(value)), toHex(octets));
      assert.deepEqual(detailsOf(value), commandDetails(octets));
      const fetched = Uint8Array.of(...octets, 0x90, 0x00);
      assert.equal(toHex(encodeProactiveCommand(value, 2)), `${toHex(octets)}0000`);
      assert.deepEqual(decodeProactiveCommand(fetched, octets.length), value);
      assert.deepEqual(commandDetails(fetched, octets.length), detailsOf(value));
    }),
  );
});

const response: fc.Arbitrary<TerminalResponse> = fc
  .record({
    details: fc.record({ number: fc.nat(255), type: fc.nat(255), qualifier: fc.nat(255) }),
    general: fc.nat(255),
    additional: octetString(0, 5),
    others: fc.oneof(
      fc.record({ responseApdu: octetString(0, 200) }, optionally),
      fc.record({ imei: octetString(8, 8) }, optionally),
      fc.record({ timer, seconds, interval, imeiSv: octetString(9, 9), atr: octetString(0, 33) }, optionally),
      fc.record({ location: octetString(0, 9), batteryState: fc.nat(255), language: octetString(2, 2) }, optionally),
    ),
  })
  .map(({ others, ...fixed }) => ({ ...fixed, ...others }));

test('property: terminal responses come back as they were, quick and declared paths alike', () => {
  fc.assert(
    fc.property(response.map(plain), (value) => {
      const octets = encodeTerminalResponse(value);
      assert.deepEqual(decodeTerminalResponse(octets), value);
      assert.deepEqual(declaredTerminalResponse.decode(octets), value);
      assert.equal(toHex(declaredTerminalResponse.encode(value)), toHex(octets));
      assert.equal(toHex(encodeTerminalResponse(value, 5)), `0000000000${toHex(octets)}`);
    }),
  );
});

const envelopeValue: fc.Arbitrary<Envelope> = fc.oneof(
  fc.record(
    { type: fc.constant('SMS-PP DOWNLOAD' as const), address: octetString(1, 11), tpdu: octetString(1, 164) },
    { requiredKeys: ['type', 'tpdu'] },
  ),
  fc.record({ type: fc.constant('TIMER EXPIRATION' as const), timer, seconds }),
  fc.record(
    {
      type: fc.constant('CALL CONTROL' as const),
      address: octetString(1, 11),
      ussd: octetString(1, 40),
      capabilities: fc.array(octetString(0, 10), { maxLength: 2 }),
      location: octetString(0, 9),
    },
    { requiredKeys: ['type', 'capabilities'] },
  ),
  fc.record(
    {
      type: fc.constant('EVENT DOWNLOAD' as const),
      event: fc.constant('networkRejection' as const),
      location: octetString(0, 9),
      rejectionCause: fc.nat(255),
    },
    { requiredKeys: ['type', 'event'] },
  ),
);

test('property: envelopes come back as they were', () => {
  fc.assert(
    fc.property(envelopeValue.map(plain), (value) => assert.deepEqual(decodeEnvelope(encodeEnvelope(value)), value)),
  );
});

/** What a decoder does with octets: its value, or the word for a CodecError; other errors fail the test. */
function outcome<T>(decode: (octets: Uint8Array) => T, octets: Uint8Array): T | 'CodecError' {
  try {
    return decode(octets);
  } catch (error) {
    if (error instanceof CodecError) return 'CodecError';
    throw error;
  }
}

test('property: hostile octets are refused alike by quick and declared paths, with nothing but CodecError', () => {
  // Good octets with a few of them changed reach deeper than pure noise.
  const good = [...Object.values(COMMANDS), ...Object.values(RESPONSES), ...Object.values(ENVELOPES)];
  const damaged = fc
    .record({
      from: fc.constantFrom(...good.map(([octets]) => octets)),
      changes: fc.array(fc.tuple(fc.nat(40), fc.oneof(fc.nat(255), fc.constantFrom(0x7f, 0x80, 0x81, 0x82, 0xff))), {
        maxLength: 3,
      }),
      cut: fc.integer({ min: -2, max: 3 }),
    })
    .map(({ from, changes, cut }) => {
      const octets = fromHex(from);
      for (const [at, value] of changes) if (at < octets.length) octets[at] = value;
      return cut < 0 ? Uint8Array.of(...octets, ...new Uint8Array(-cut)) : octets.subarray(0, octets.length - cut);
    });
  fc.assert(
    fc.property(fc.oneof(damaged, octetString(0, 60)), (octets) => {
      assert.deepEqual(
        outcome(decodeProactiveCommand, octets),
        outcome((hostile) => declaredProactiveCommand.decode(hostile), octets),
      );
      assert.deepEqual(
        outcome(decodeTerminalResponse, octets),
        outcome((hostile) => declaredTerminalResponse.decode(hostile), octets),
      );
      outcome(decodeEnvelope, octets);
      outcome((hostile) => callControlAnswer.decode(hostile), octets);
      commandDetails(octets);
    }),
    { numRuns: 3000 },
  );
});

test('values that do not fit are refused, not cut', () => {
  const apdu = { type: 'PERFORM CARD APDU', number: 1, reader: 1, apdu: fromHex('00B0000000') } as const;
  for (const bad of [
    { number: 0 },
    { number: 255 },
    { number: 1.5 },
    { reader: 8 },
    { reader: -1 },
    { apdu: NO_OCTETS },
  ])
    assert.throws(() => encodeProactiveCommand({ ...apdu, ...bad }), CodecError);
  assert.throws(() => encodeProactiveCommand({ ...apdu, apdu: new Uint8Array(250) }), /at most 256 octets, got 265/);
  assert.throws(
    () => encodeTerminalResponse({ ...done(0x30, 0), responseApdu: new Uint8Array(245) }),
    /at most 255 octets/,
  );
  assert.throws(() => encodeTerminalResponse({ ...done(0x26, 1), imei: new Uint8Array(7) }), CodecError);
});

test('a refused command still tells the terminal what to answer', () => {
  const unknownMode = fromHex('D009 8103050177 82028182');
  assert.throws(() => decodeProactiveCommand(unknownMode), CodecError);
  assert.deepEqual(commandDetails(unknownMode), { number: 5, type: COMMAND_TYPE.REFRESH, qualifier: 0x77 });
  assert.equal(commandDetails(fromHex('D0098103')), undefined);
});

test('an object that must be understood and is not refuses the command; another one is skipped', () => {
  const head = 'D00E 8103010400 82028182';
  assert.throws(() => decodeProactiveCommand(fromHex(`${head} 9E03 010203`)), /got tag 1E/);
  assert.deepEqual(decodeProactiveCommand(fromHex(`${head} 1E03 010203`)), { type: 'POLLING OFF', number: 1 });
});

test('SEND SHORT MESSAGE as a real card sent it: empty alpha identifier without comprehension flag', () => {
  const octets = fromHex('D00F 8103011300 82028183 0500 8B02 4100');
  assert.deepEqual(decodeProactiveCommand(octets), {
    type: 'SEND SHORT MESSAGE',
    number: 1,
    packing: false,
    alphaIdentifier: NO_OCTETS,
    tpdu: fromHex('4100'),
  });
});

test('reader states come as one object each or as one object with all', () => {
  const apart = decodeTerminalResponse(fromHex('8103013300 82028281 830100 200158 200109'));
  assert.deepEqual(apart, decodeTerminalResponse(fromHex('8103013300 82028281 830100 A0025809')));
  assert.deepEqual(
    apart.readers?.map(({ reader }) => reader),
    [0, 1],
  );
});

test('general results: done, try again later, do not repeat', () => {
  assert.equal(resultClass(GENERAL_RESULT.naaNotActive), 'done');
  assert.equal(resultClass(GENERAL_RESULT.helpRequired), 'done');
  assert.equal(resultClass(GENERAL_RESULT.terminalBusy), 'tryAgainLater');
  assert.equal(resultClass(GENERAL_RESULT.multipleCardError), 'doNotRepeat');
  assert.equal(resultClass(0xff), 'doNotRepeat');
});

test('call control answers: none is allowed; 00, 01, 02 with what was changed', () => {
  assert.equal(callControlAnswer.decode(NO_OCTETS).decision, 'allowed');
  assert.deepEqual(callControlAnswer.decode(fromHex('0100')), {
    decision: 'notAllowed',
    change: { addresses: [] },
  });
  const changed = { decision: 'allowedWithModifications', change: { addresses: [fromHex('9121')] } } as const;
  assert.equal(toHex(callControlAnswer.encode(changed)), '020486029121');
  assert.deepEqual(callControlAnswer.decode(fromHex('0204 86029121')), changed);
  assert.equal(callControlAnswer.decode(fromHex('01')).decision, 'notAllowed');
  assert.throws(() => callControlAnswer.decode(fromHex('0300')), CodecError);
});

test('terminal profile: octet and bit of every feature, and a profile of a real client', () => {
  assert.equal(
    toHex(terminalProfile(['profileDownload', 'performCardApdu', 'imeiSv'])),
    '010000000000040000000000000000000040',
  );
  const features = Object.keys(TERMINAL_FEATURE) as TerminalFeature[];
  assert.deepEqual(terminalFeatures(terminalProfile(features)), features);
  assert.equal(new Set(features.map((feature) => String(TERMINAL_FEATURE[feature]))).size, features.length);
  const real = fromHex('FFFFFFFF7F9D00DFFF00001FE2000000C36B000700004000500000000008');
  assert.equal(supports(real, 'provideLocalInformation'), true);
  assert.equal(supports(real, 'sendShortMessage'), true);
  assert.equal(supports(real, 'cardReaderStatusEvent'), false);
  assert.equal(supports(real, 'performCardApdu'), false);
  assert.equal(supports(fromHex('FF'), 'performCardApdu'), false);
});

test('text strings: 8-bit, UCS2, and 7-bit packed as read', () => {
  assert.deepEqual(textString('Hello'), { codingScheme: 0x04, octets: fromHex('48656C6C6F') });
  assert.deepEqual(textString('Ж'), { codingScheme: 0x08, octets: fromHex('0416') });
  // The usual example of TS 23.038 packing: "hellohello" in nine octets; seven octets hold eight septets, or seven and padding.
  assert.equal(textOf({ codingScheme: 0, octets: fromHex('E8329BFD4697D9EC37') }), 'hellohello');
  assert.equal(textOf({ codingScheme: 0, octets: fromHex('E8329BFD4697D9') }), 'hellohel');
  assert.equal(textOf({ codingScheme: 0, octets: fromHex('E8329BFD46971B') }), 'hellohe');
  assert.throws(() => textOf({ codingScheme: 0x0c, octets: NO_OCTETS }), CodecError);
  assert.equal(textOf({ codingScheme: 0x08, octets: fromHex('041604') }), 'Ж');
  assert.throws(() => textString('x'.repeat(241)), /at most 240 octets/);
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => assert.equal(textOf(textString(text)), text)));
});

test('alpha identifiers: default alphabet, UCS2, and the two short codings of UCS2 (TS 102 221 annex A)', () => {
  assert.equal(toHex(alphaIdentifier('Menu')), '4D656E75');
  assert.equal(toHex(alphaIdentifier('Ж')), '800416');
  // Base 0400 in units of 80, then an offset 16 and a character of the default alphabet; the same with a base of two octets.
  assert.equal(textOfAlpha(fromHex('81 02 08 96 41')), 'ЖA');
  assert.equal(textOfAlpha(fromHex('82 02 0400 96 41')), 'ЖA');
  assert.equal(textOfAlpha(fromHex('4D65FFFF')), 'Me');
  assert.equal(textOfAlpha(NO_OCTETS), '');
  for (const cut of ['80', '8004', '81', '8105', '820904']) textOfAlpha(fromHex(cut));
  assert.throws(() => alphaIdentifier('x'.repeat(241)), /at most 240 octets/);
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => assert.equal(textOfAlpha(alphaIdentifier(text)), text)),
  );
});

test('a null text is an empty object; a menu is removed by one empty item, and no item is an empty one beside others', () => {
  const none = textString('');
  const shown = { type: 'SET UP IDLE MODE TEXT', number: 1, text: none } as const;
  assert.equal(toHex(encodeProactiveCommand(shown)), hex('D00B 8103012800 82028182 8D00'));
  const removal = fromHex('D00D 8103012500 82028182 8500 8F00');
  const menu = decodeProactiveCommand(removal);
  assert.ok(menu.type === 'SET UP MENU');
  assert.deepEqual(menu.items, []);
  assert.equal(toHex(encodeProactiveCommand(menu)), toHex(removal));
  assert.throws(() => decodeProactiveCommand(fromHex('D012 8103012500 82028182 8500 8F00 8F0301 4142')), CodecError);
});

test('channels: server mode, links, dynamic addresses; what is no channel or no address is refused', () => {
  const open = {
    type: 'OPEN CHANNEL',
    number: 1,
    isImmediate: true,
    reconnects: false,
    isInBackground: false,
    bufferSize: 1024,
    credentials: [],
    transport: { protocol: 'tcpServer', port: 8080 },
  } as const;
  const octets = encodeProactiveCommand(open);
  assert.equal(toHex(octets), hex('D012 8103014001 82028182 39020400 3C03031F90'));
  assert.deepEqual(decodeProactiveCommand(octets), open);
  const dynamic = decodeTerminalResponse(fromHex('8103014001 82028281 830100 38028100 3E00'));
  assert.deepEqual(dynamic.localAddress, { type: 'dynamic' });
  assert.deepEqual(dynamic.channels, [{ channel: 1, link: 'established', information: 0 }]);
  assert.throws(() => decodeTerminalResponse(fromHex('8103014001 82028281 830100 3802C100')), CodecError);
  assert.throws(() => decodeTerminalResponse(fromHex('8103014001 82028281 830100 3E0421010101')), CodecError);
  assert.throws(() => decodeProactiveCommand(fromHex('D00C 8103014200 82028182 B701C8')), /another device/);
  const short = { type: 'ipv4', octets: NO_OCTETS } as const;
  assert.throws(() => encodeProactiveCommand({ ...open, remoteAddress: short }), /4 octets/);
});

test('call control answers with what was changed: number, capability, text (TS 31.111 7.3.1.6)', () => {
  const answer = callControlAnswer.decode(fromHex('02 0E 8604 91214365 8702 01A0 8502 4F4B'));
  assert.deepEqual(answer, {
    decision: 'allowedWithModifications',
    change: { addresses: [fromHex('91214365')], capability: fromHex('01A0'), alphaIdentifier: fromHex('4F4B') },
  });
});
