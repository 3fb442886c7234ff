import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { SELECT_USIM, subject } from '../uicc.fixture.ts';
import { directoryFcp, LIFE_CYCLE, referenced } from './file-control-parameters.ts';

const select = (identifier: string) => `00A4000402${identifier}00`;
const ADM1_IS = '0020000A080102030405060708';

test('FCPs that real modems accepted, octet for octet (facts/uicc.md 3)', () => {
  const card = subject();
  card.expect(
    [select('2F00'), '621A82054221002602 83022F00 8A0105 8B032F0602 8002004C 8801F0 9000'],
    [select('2FE2'), '621782024121 83022FE2 8A0105 8B032F0603 8002000A 880110 9000'],
  );
  card.send(SELECT_USIM);
  card.expect(
    [select('6F07'), '621782024121 83026F07 8A0105 8B036F0605 80020009 880138 9000'],
    [select('6FE4'), '621A82054221003601 83026FE4 8A0105 8B036F0604 80020036 8801C0 9000'],
  );
});

test('FCP templates of directories (facts/uicc.md 3), and the PIN status ours have besides', () => {
  const security = referenced(0x2f06, 0x0f);
  const none = new Uint8Array(0);
  const proprietary = fromHex('8001F1870100880100');
  const master = directoryFcp({ identifier: 0x3f00, proprietary, security }, LIFE_CYCLE.activated, none);
  assert.equal(toHex(master), '621B8202782183023F00A5098001F18701008801008A01058B032F060F');
  const aid = fromHex('A0000000871002FFFFFFFF8907090000');
  const usim = directoryFcp({ identifier: 0x7ff0, aid, security }, LIFE_CYCLE.activated, none);
  assert.equal(toHex(usim), '62228202782183027FF08410A0000000871002FFFFFFFF89070900008A01058B032F060F');
  subject().expect([
    '00A40404 10 A0000000871002FFFFFFFF8907090000 00',
    '622A82027821 83027FF0 8410A0000000871002FFFFFFFF8907090000 8A0105 8B032F0607 C606900100830101 9000',
  ]);
  const enabled = subject({ pin: '4711' });
  assert.match(enabled.send(select('3F00')), /C606900180830101 9000$|C6069001808301019000$/);
  assert.match(subject().send(select('3F00')), /C6069001008301019000$/);
});

test('the start-up probe of pySim-shell finds what is there and 6A82 for the rest (facts/uicc.md 14)', () => {
  const card = subject();
  const probe = ([command, response]: readonly [string, RegExp]) => {
    card.card.reset();
    const first = card.send(command);
    const whole = first.startsWith('61') ? card.send(`00C00000${first.slice(2)}`) : first;
    assert.match(whole, response, command);
  };
  const found = /^62.*9000$/;
  const missing = /^6A82$/;
  const aids = [
    'A0000005591010FFFFFFFF8900000100',
    'A0000005591010FFFFFFFF8900000200',
    'A000000003000000',
    'A00000015141434C00',
    'A0000000871004',
    'A000000087100A',
    'A000000087100B',
  ];
  const probes: (readonly [string, RegExp])[] = [
    ['00A40004023F00', found],
    ['00A40004022F00', found],
    ...aids.map((aid) => [`00A40404${(aid.length / 2).toString(16).padStart(2, '0')}${aid}`, missing] as const),
    ...['7FE0', '7F25'].map((identifier) => [`00A4000402${identifier}`, missing] as const),
    ['00A4040407A0000000871002', found],
    ['A0A40000023F00', /^9F16$/],
  ];
  for (const one of probes) probe(one);
  card.card.reset();
  card.send('00A40004022F00');
  card.expect(
    ['00B2010426', '61194F10A0000000871002FFFFFFFF890709000050055553696D31FFFFFFFFFFFFFFFFFFFFFF9000'],
    ['00B2020426', `${'FF'.repeat(38)}9000`],
    ['00B2030426', '6A83'],
  );
});

test('SELECT by every way: FID, child, parent, path, AID, 7FFF; what cannot be found changes nothing', () => {
  const card = subject();
  const noData = (p1: string, data: string) => `00A4${p1}0C${(data.length / 2).toString(16).padStart(2, '0')}${data}`;
  card.expect(
    [noData('00', '7FFF'), '6A82'],
    [noData('08', '7FFF6F07'), '6A82'],
    [noData('04', 'A0000000871002'), '9000'],
    [noData('00', '6F07'), '9000'],
    ['00B0000000', '0809101000000000109000'],
    [noData('00', '6F99'), '6A82'],
    ['00B0000003', '0809109000'],
    [noData('01', '5FC0'), '9000'],
    [noData('00', '4F06'), '9000'],
    ['00B0000000', '000000009000'],
    [noData('00', '5F3B'), '9000'],
    ['00B0810000', 'FFFFFFFFFFFFFFFF079000'],
    ['00A4030C', '9000'],
    ['00B0870000', '0809101000000000109000'],
    [noData('08', '2FE2'), '9000'],
    ['00B0000000', '989400010000000010F9 9000'],
    [noData('08', '7FFF5FC04F06'), '9000'],
    [noData('00', '7FFF'), '9000'],
    [noData('09', '5F3B4F20'), '9000'],
    [noData('08', '3F002F05'), '9000'],
    [noData('00', '3F00'), '9000'],
    ['00A4030C', '6A82'],
    ['00A4000C0100', '6700'],
    ['00A4020C026F07', '6A86'],
    ['80F2000100', '8410A0000000871002FFFFFFFF89070900009000'],
    ['80F2000C', '9000'],
    ['80F2030C', '6A86'],
  );
});

test('transparent files: short identifiers, offsets, lengths, what the end is', () => {
  const card = subject();
  card.send(SELECT_USIM);
  card.expect(
    ['00B08B0000', 'FFFFFFFFFFFFFF0000FF019000'],
    ['00B000070A', '6C04'],
    ['00B0000704', '0000FF019000'],
    ['00B0000B00', '6B00'],
    ['00D6000703AABBCC', '9000'],
    ['00B0000000', 'FFFFFFFFFFFFFFAABBCC019000'],
    ['00D6000A020000', '6B00'],
    ['00D68B00020102', '9000'],
    ['00B08B0002', '01029000'],
    ['00B0E00000', '6A86'],
    ['00B09F0000', '6A82'],
    ['00B2010400', '6981'],
  );
});

test('linear files: absolute, next, previous, current, by short identifier', () => {
  const card = subject();
  card.send(SELECT_USIM);
  card.expect(
    ['00B2010C00', '11F2FF009000'],
    ['00B2020C00', 'FFFFFF009000'],
    ['00B2000200', '11F2FF009000'],
    ['00B2000400', '11F2FF009000'],
    ['00B2000200', 'FFFFFF009000'],
    ['00B2000200', '6A83'],
    ['00B2000300', '11F2FF009000'],
    ['00B2000300', '6A83'],
    ['00B2010405', '6C04'],
    ['00A2010401F200', '019000'],
    ['00A2010402AAAA00', '6282'],
    ['00A2020501FF00', '02019000'],
    ['00DC01040411F2FF00', '6982'],
    [ADM1_IS, '9000'],
    ['00DC02040499999900', '9000'],
    ['00DC020401AA', '6700'],
    ['00B2020400', '999999009000'],
  );
});

test('access rules: PIN1 and ADM1 open what their records of EF.ARR say, never means never', () => {
  const card = subject({ pin: '4711' });
  card.send(SELECT_USIM);
  card.expect(
    ['00B0870000', '6982'],
    ['00B0830000', '000000029000'],
    ['00D68B0001AA', '6982'],
    ['002000010834373131FFFFFFFF', '9000'],
    ['00B0870000', '0809101000000000109000'],
    ['00D6870001AA', '6982'],
    [ADM1_IS, '9000'],
    ['00D68300020000', '9000'],
    ['00A4000C023F00', '9000'],
    ['00D6820001AA', '6982'],
  );
  card.card.reset();
  card.send(SELECT_USIM);
  card.expect(['00B0870000', '6982']);
  card.expect(['00A4000C026F06', '9000']);
  // Read always, update and INCREASE after PIN1, all else after ADM1.
  const adm1 = 'A40683010A950108';
  const pin1 = 'A406830101950108';
  card.expect([
    '00B2010400',
    `8001019000 800102${pin1} 800118${adm1} 800160${adm1} 8401D4${adm1} 840132${pin1} ${'FF'.repeat(20)} 9000`,
  ]);
});

test('a deactivated file is found with a warning, says so, and is not read', () => {
  const card = subject();
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026F46', '9000'],
    ['00040000', '6982'],
    [ADM1_IS, '9000'],
    ['00040000', '9000'],
    ['00B0000000', '6984'],
    [select('6F46'), '621682024121 83026F46 8A0104 8B036F0602 80020011 8800 6283'],
    ['00440000026F46', '9000'],
    ['00B0000001', '009000'],
  );
});

test('personal files say what personalisation gave', () => {
  const card = subject();
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026F40', '9000'],
    ['00B2010400', `${'FF'.repeat(14)} 08 91 947100000000F1 ${'FF'.repeat(3)} FFFF 9000`],
    ['00A4000C026F42', '9000'],
    ['00B2010400', `${'FF'.repeat(24)} E5 ${'FF'.repeat(12)} 06 91 9471909999 ${'FF'.repeat(5)} FF00A8 9000`],
    ['00B0860000', '00029000'],
    ['00B0930005', '00F110C8809000'],
    ['00B09D0004', '00F110FF9000'],
  );
});

test('SEARCH RECORD, enhanced: from an offset, behind an octet, from the next record, backward (TS 102 221 11.1.7)', () => {
  const card = subject();
  card.send('00A4080C047F106F3A');
  const name = (text: string) => `${text}${'FF'.repeat(28 - text.length / 2)}`;
  for (const [record, text] of [
    ['02', '4142'],
    ['05', '4143'],
    ['09', '434142'],
  ] as const)
    card.expect([`00DC${record}041C${name(text)}`, '9000']);
  card.expect(
    ['00A20106040400414200', '02099000'],
    ['00A20106040401414200', '099000'],
    ['00A20106040C43414200', '099000'],
    ['00A20106040CAA414200', '6282'],
    ['00A20906040500414200', '09029000'],
    ['00A20006040600414200', '6282'],
    ['00A20206040600414200', '6282'],
    ['00A2010604F400414200', '6A80'],
    ['00A20106020400', '6700'],
  );
});

test('a short identifier makes its file the current one, and leaves it without a current record (TS 102 221 11.1.5)', () => {
  const card = subject();
  card.send(SELECT_USIM);
  card.send('00A40004023F00');
  const first = card.send('00B201F400');
  assert.equal(card.send('00B200F200'), first);
  assert.equal(card.send('00B200F200'), first, 'next, with the short identifier: the first again');
  assert.notEqual(card.send('00B2000200'), first, 'next, without: the second');
});

test('INCREASE by short identifier, and only on cyclic files', () => {
  const card = subject({ pin: '4711', pin2: '2222' });
  card.send(SELECT_USIM);
  card.expect(
    ['803200000101', '6986'],
    ['00A4000C026F39', '9000'],
    ['803200000101', '6982'],
    ['002000010834373131FFFFFFFF', '9000'],
    // The meter is counted on by PIN1, and set by PIN2 (TS 31.102 4.2.9).
    ['00DC000303000000', '6982'],
    ['803200000101', '6104'],
    ['00C0000004', '000001019000'],
    ['8032000004FFFFFFFF', '6700'],
    ['8032000003FFFFFF', '9850'],
    ['803283000101', '6981'],
    ['80329F000101', '6A82'],
    ['803200010101', '6A86'],
    ['0020000A080102030405060708', '9000'],
    ['00A4000C026F39', '9000'],
    ['00E80000', '9000'],
    ['803200000101', '6985'],
  );
});
