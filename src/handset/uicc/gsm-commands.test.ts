import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { recordingApplication } from './application.fixture.ts';
import { directoryStructure, fileStructure } from './file-system/gsm-structure.ts';
import { RAND, SELECT_USIM, type Subject, subject } from './uicc.fixture.ts';

const CHV1 = '34373131FFFFFFFF';
const PUK = '3837363534333231';

/** SELECT, and what GET RESPONSE gives. */
function select(card: Subject, identifier: string): Uint8Array {
  const ready = card.send(`A0A4000002${identifier}`);
  assert.match(ready, /^9F/, identifier);
  const response = card.send(`A0C00000${ready.slice(2)}`);
  assert.match(response, /9000$/);
  return fromHex(response.slice(0, -4));
}

test('SELECT tells the structure of the MF, of DF.GSM and of EFs as 2G reads it (TS 51.011 9.2.1)', () => {
  const card = subject({ pin: '4711', unblockCode: '87654321', pin2: '2222', unblockCode2: '12345678' });
  const master = directoryStructure.decode(select(card, '3F00'));
  assert.equal(master.type, 'master');
  assert.deepEqual([master.directories, master.files], [2, 5]);
  assert.deepEqual([master.chv1, master.unblock1, master.chv2, master.unblock2], [0x83, 0x8a, 0x83, 0x8a]);
  assert.equal(master.characteristics, 0x33, '3 V and 1.8 V, clock stop, CHV1 enabled');
  assert.equal(toHex(select(card, '2FE2')), '0000000A2FE204000FFF4401020000');
  assert.equal(directoryStructure.decode(select(card, '7F20')).type, 'directory');
  select(card, '7F10');
  const sms = fileStructure.decode(select(card, '6F3C'));
  assert.deepEqual(sms, {
    reserved: 0,
    size: 1760,
    identifier: 0x6f3c,
    type: 'file',
    increase: 0,
    conditions: fromHex('11FF44'),
    status: 1,
    following: 2,
    structure: 'linear',
    recordLength: 176,
  });
  const chv2 = fileStructure.decode(select(card, '6F3B'));
  assert.equal(toHex(chv2.conditions), '12FF22');
  select(card, '3F00');
  select(card, '7F20');
  const meter = fileStructure.decode(select(card, '6F39'));
  assert.deepEqual([meter.structure, meter.increase, toHex(meter.conditions)], ['cyclic', 0x40, '121F44']);
});

test('the class of the first command says what the card is until the next reset', () => {
  const card = subject();
  card.expect(['A0A40000023F00', '9F16'], ['00A4000C023F00', '6E00'], ['80F2000C', '6E00'], ['A0F2000001', '009000']);
  card.card.reset();
  card.expect(['00A4000C023F00', '9000'], ['A0A40000023F00', '6E00'], ['80F2000C', '9000']);
});

test('GET RESPONSE and STATUS give as many octets as P3 says; data waits for one command only', () => {
  const card = subject();
  card.expect(
    ['A0A40000022FE2', '9F0F'],
    ['A0C0000004', '0000000A9000'],
    ['A0C000000F', '6F00'],
    ['A0A40000022FE2', '9F0F'],
    ['A0C0000010', '670F'],
    ['A0F2000000', '6716'],
    ['A0F2000017', '6716'],
    ['A0B000000A', '989400010000000010F99000'],
    ['A0B000000B', '670A'],
    ['A0B0000A01', '9402'],
    ['A0B0820001', '6B00'],
    ['A0B2010401', '9408'],
  );
});

test('P3 00 is 256 octets, and a command that came without P3 had it: 67XX says how many there are (TS 51.011 9.2, 9.4.6)', () => {
  const card = subject();
  select(card, '2FE2');
  card.expect(
    ['A0B0000000', '670A'],
    ['A0B00000', '670A'],
    ['A0F20000', '6716'],
    ['A0B000000A', '989400010000000010F99000'],
  );
  card.expect(['A0A40000022FE2', '9F0F'], ['A0C0000000', '670F'], ['A0C000000F', '6F00']);
  select(card, '7F10');
  select(card, '6F3A');
  card.expect(['A0B2010400', '671C'], ['A0B201041B', '671C'], ['A0B201041D', '671C']);
  card.expect(['A0A4000000', '6702'], ['A020000100', '6708'], ['A088000000', '6710'], ['A0FA000001', '6700']);
  card.expect(['A004000001', '6700'], ['A044000008', '6700']);
});

test('contents are those of the USIM: one content, two places', () => {
  const card = subject();
  select(card, '7F20');
  select(card, '6F07');
  card.expect(['A0B0000009', '0809101000000000109000']);
  select(card, '6F7E');
  card.expect(['A0D600000411223344', '9000']);
  select(card, '7F10');
  select(card, '6F3A');
  card.expect([`A0DC01041C4164${'FF'.repeat(12)}${'FF'.repeat(14)}`, '9000']);
  card.card.reset();
  card.send(SELECT_USIM);
  card.expect(['00B08B0004', '112233449000'], ['00A4080C067F105F3A4F3A', '9000']);
  assert.match(card.send('00B2010400'), /^4164FF.*9000$/);
});

test('what is not there, not selected, not of this kind', () => {
  const card = subject();
  card.expect(
    ['A0A40000027FFF', '9404'],
    ['A0A40000026F07', '9404'],
    ['A0B0000001', '9400'],
    ['A004000000', '9400'],
    ['A0A4040C07A0000000871002', '6B00'],
    ['A0A40000013F', '6702'],
    ['A0FA000000', '9000'],
    ['A099000000', '6D00'],
  );
  select(card, '7F10');
  select(card, '5F3B');
  card.expect(['A0A40000024F47', '9404']);
});

test('SEEK finds records, forward and backward, from either end or the current one', () => {
  const card = subject();
  select(card, '7F10');
  select(card, '6F3A');
  const name = (text: string) => `${text}${'FF'.repeat(28 - text.length / 2)}`;
  for (const [record, text] of [
    ['02', '4142'],
    ['05', '4143'],
    ['09', '4142'],
  ] as const)
    card.expect([`A0DC${record}041C${name(text)}`, '9000']);
  card.expect(
    ['A0A2001002' + '4142', '9F01'],
    ['A0C0000001', '029000'],
    ['A0A2001202' + '4142', '9F01'],
    ['A0C0000001', '099000'],
    ['A0A2000202' + '4142', '9404'],
    ['A0A2001302' + '4142', '9F01'],
    ['A0C0000001', '029000'],
    ['A0A2001102' + '4143', '9F01'],
    ['A0C0000001', '059000'],
    ['A0B200041C', `${name('4143')}9000`],
    ['A0A2000401AA', '6B00'],
  );
});

test('CHVs: verified, blocked, unblocked, switched; their words are those of 2G', () => {
  const card = subject({ pin: '4711', unblockCode: '87654321' });
  select(card, '7F20');
  select(card, '6F07');
  card.expect(
    ['A0B0000009', '9804'],
    [`A020000108${CHV1}`, '9000'],
    ['A0B0000009', '0809101000000000109000'],
    ['A02000010830303030FFFFFFFF', '9804'],
    ['A02000010830303030FFFFFFFF', '9804'],
    ['A02000010830303030FFFFFFFF', '9840'],
    [`A020000108${CHV1}`, '9840'],
    [`A02C000010${PUK}${CHV1}`, '9000'],
    [`A028000108${CHV1}`, '9808'],
    [`A026000108${CHV1}`, '9000'],
    [`A020000108${CHV1}`, '9808'],
    [`A020000208${CHV1}`, '9802'],
    ['A0200001021122', '6708'],
    [`A020010108${CHV1}`, '6B00'],
  );
});

test('INVALIDATE and REHABILITATE after the administrative code; INCREASE gives the sum and what was added', () => {
  const card = subject();
  select(card, '7F20');
  select(card, '6F46');
  card.expect(
    ['A004000000', '9804'],
    ['A020000A080102030405060708', '9000'],
    ['A004000000', '9000'],
    ['A0B0000001', '9810'],
  );
  assert.equal(fileStructure.decode(select(card, '6F46')).status, 0);
  card.expect(['A044000000', '9000'], ['A0B0000001', '009000']);
  const meter = subject({ pin: '4711', pin2: '2222' });
  select(meter, '7F20');
  select(meter, '6F39');
  meter.expect(
    ['A032000003000005', '9804'],
    [`A020000108${CHV1}`, '9000'],
    ['A032000003000005', '9F06'],
    ['A0C0000006', '0000050000059000'],
    ['A032000003FFFFFF', '9850'],
    ['A0B2010403', '0000059000'],
  );
});

test('RUN GSM ALGORITHM: in DF.GSM, after CHV1; what refuses AUTHENTICATE refuses it too', () => {
  const app = recordingApplication();
  const card = subject({ pin: '4711' }, { application: app.make });
  const run = `A088000010${RAND}`;
  card.expect([run, '9408']);
  select(card, '7F20');
  card.expect(
    [run, '9804'],
    [`A020000108${CHV1}`, '9000'],
    [run, '9F0C'],
    ['A0C000000C', '46F8416AEAE4BE823AF9A08B9000'],
  );
  assert.ok(app.heard.includes('authenticateRequested') && app.heard.includes('authenticated'));
  const locked = recordingApplication({ authenticateRequested: () => 0x6985 });
  const refused = subject({}, { application: locked.make });
  select(refused, '7F20');
  refused.expect([run, '9804'], ['A0C000000C', '6F00']);
  assert.ok(!locked.heard.includes('authenticated'));
});

test('the toolkit under class A0: profile, 91XX, FETCH, TERMINAL RESPONSE', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  assert.ok(app.port.issue({ type: 'MORE TIME' }, () => app.heard.push('answered')));
  card.expect(['A0100000021FFF', '910B'], ['A0F2000001', '00910B']);
  card.expect(['A014000002A100', '6F00']);
  card.expect(['A012000000', '670B'], ['A0120000FF', '670B'], ['A0120000', '670B']);
  card.expect(['A01200000B', 'D00981030102008202818290 00'.replace(' ', '')]);
  card.expect(['A01400000C810301020082028281830100', '9000']);
  card.expect(['A01200000B', '6F00'], ['A0C2000001FF', '6F00']);
  assert.ok(app.heard.includes('answered') && app.heard.includes('statusPolled'));
});

test('property: whatever comes in class A0, the card answers, and tells no secret', () => {
  const octet = fc.nat(255);
  const known = fc.constantFrom(...fromHex('A4F2B0D6B2DCA232202426282C044488FA10C21214C0'));
  const command = fc
    .tuple(known, octet, octet, fc.uint8Array({ maxLength: 20 }), fc.boolean())
    .map(([ins, p1, p2, data, isZero]) => {
      const body = data.length === 0 ? [octetOf(p1)] : [data.length, ...data];
      return Uint8Array.of(0xa0, ins, isZero ? 0 : p1, isZero ? p2 & 0x1f : p2, ...body);
    });
  const selects = fc
    .constantFrom('3F00', '7F20', '7F10', '6F07', '6F3A', '6F39', '6F3C', '5F3A', '2FE2')
    .map((identifier) => fromHex(`A0A4000002${identifier}`));
  fc.assert(
    fc.property(fc.array(fc.oneof(command, selects), { maxLength: 60 }), (commands) => {
      const { card } = subject({ pin: '4711', pin2: '2222' });
      for (const octets of commands) {
        const response = toHex(card.transmit(octets));
        assert.ok(response.length >= 4 && response.length <= 516);
        assert.ok(!response.includes('465B5CE8B199B49FAA5F0A2EE238A6BC') && !response.includes('0102030405060708'));
      }
    }),
    { numRuns: 150, seed: 51 },
  );
});

const octetOf = (value: number) => value & 0x3f;

test('an emergency number that only the SIM has is never asked about (TS 51.011 10.3.27)', () => {
  const app = recordingApplication({ callControl: () => 'notAllowed' });
  const card = subject({}, { application: app.make });
  const call = (digits: string) => `A0C200000CD40A82028281860481${digits}`;
  card.expect(['A020000A080102030405060708', '9000'], ['A0100000021FFF', '9000']);
  assert.match(card.send(call('2143F5')), /^9F/);
  select(card, '7F20');
  select(card, '6FB7');
  card.expect(['A0D60003032143F5', '9000'], [call('2143F5'), '9000']);
});
