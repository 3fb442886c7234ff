import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Imei } from '#base/identity/index.ts';
import { MalformedFile } from '../csv.ts';
import type { AnyLine, ColumnMapping, ListFormat, ReadOptions } from './index.ts';
import { cut, inWords, linesIn, octetsOf } from './list-format.fixture.ts';

const words = async (file: string, options: ReadOptions) => (await linesIn(file, options)).map(inWords);

test('the DIRBS stolen list and its delta', async () => {
  const file =
    '\ufeffIMEI,Reporting_Date,Status,change_type\r\n' +
    '37006845010211,20190826,blacklist,add\r' +
    '370068450102115,,,update\n' +
    '370068450102110,20190826,recovered,remove\n\n' +
    '3700684501021199,20190826,pending,add\r\n' +
    '37006845010211,20190231,blacklist,add\n' +
    '37006845010211,20190826,greylisted,delete\n' +
    '37006845010211,20190826,Greylisted,';
  assert.deepEqual(await words(file, { format: 'dirbs-stolen' }), [
    '2: 37006845010211 add',
    '3: 37006845010211 update, check digit dropped',
    '4: 37006845010211 remove, spare digit 0 dropped',
    '6: 37006845010211 add, not in force, software version dropped',
    "7: reporting_date: expected a date YYYYMMDD or YYYY-MM-DD from 2000 on, or nothing; got '20190231'",
    "8: change_type: expected add, remove or update, got 'delete'",
    '9: 37006845010211 add, grey',
  ]);
  const [line] = await linesIn('imei,reporting_date\n37006845010211,20190826', { format: 'dirbs-stolen' });
  assert.ok(line !== undefined && 'about' in line);
  assert.equal(line.reportedAt, Date.UTC(2019, 7, 26));
});

test('lists of DIRBS with and without their header line', async () => {
  const expected: readonly (readonly [ListFormat, string, string, string])[] = [
    ['dirbs-black-list', 'imei,block_date,reasons', '37006845010211,20190826,Stolen|Duplicate', '37006845010211 add'],
    ['dirbs-barred', 'imei,change_type', '37006845010211,remove', '37006845010211 remove'],
    ['dirbs-barred-tac', 'TAC,change_type', '37006845,add', 'TAC 37006845 add'],
    [
      'dirbs-pairing',
      'imei,imsi,msisdn',
      '37006845010211,001010000000001,491',
      'allow 37006845010211 001010000000001 491 add',
    ],
    [
      'dirbs-pairing',
      'imei,imsi,change_type',
      '37006845010211,001010000000001,remove',
      'allow 37006845010211 001010000000001 remove',
    ],
    [
      'dirbs-exceptions',
      'imei,imsi,msisdn',
      '37006845010211,001010000000001,',
      'allow 37006845010211 001010000000001 add',
    ],
    [
      'dirbs-notifications',
      'imei,imsi,msisdn,block_date,reasons',
      '37006845010211,001010000000001,491,20300101,Stolen',
      'notify 37006845010211 001010000000001 491 add',
    ],
  ];
  for (const [format, header, row, line] of expected) {
    assert.deepEqual(await words(`${header}\n${row}\n`, { format }), [`2: ${line}`]);
    assert.deepEqual(await words(`${row}\n`, { format }), [`1: ${line}`]);
  }
});

test('what a file does not say, its options say', async () => {
  const pair = 'imei,imsi\n37006845010211,001010000000001\n';
  assert.deepEqual(await words(pair, { format: 'dirbs-exceptions', change: 'remove', pairs: 'lock' }), [
    '2: lock 37006845010211 001010000000001 remove',
  ]);
  const lost = 'imei\n440015202000\n4400152020002\n4400152020003\n';
  assert.deepEqual(await words(lost, { format: 'csv' }), [
    '2: imei: expected 14 to 16 digits, got 12; leading zeros lost? format the column as text and export again',
    '3: imei: expected 14 to 16 digits, got 13; leading zeros lost? format the column as text and export again',
    '4: imei: expected 14 to 16 digits, got 13; leading zeros lost? format the column as text and export again',
  ]);
  assert.deepEqual(await words(lost, { format: 'csv', lostZeros: 15 }), [
    '2: imei: expected check digit 3 after the leading zeros were put back, got 0; look for a mistyped digit',
    '3: 00440015202000 add, leading zeros put back, check digit dropped',
    '4: imei: expected check digit 2 after the leading zeros were put back, got 3; look for a mistyped digit',
  ]);
  assert.deepEqual((await words(lost, { format: 'csv', lostZeros: 14 })).slice(0, 1), [
    '2: 00440015202000 add, leading zeros put back',
  ]);
});

test('pairs are bad lines when one of the two is', async () => {
  const file =
    'imei,imsi,msisdn\n37006845010211,,\n37006845010211,12345,\n3700684501021,001010000000001,\n' +
    '37006845010211,00101000000000O,\n37006845010211,001010000000001,12\n37006845010211,imsi-001010000000001,+49151';
  assert.deepEqual(await words(file, { format: 'dirbs-exceptions' }), [
    '2: imsi: expected an IMSI of 6 to 15 digits, got nothing',
    '3: imsi: expected an IMSI of 6 to 15 digits, got 5 digits',
    '4: imei: expected 14 to 16 digits, got 13; leading zeros lost? format the column as text and export again',
    "5: imsi: expected an IMSI of 6 to 15 digits, got 'O' at place 15",
    '6: msisdn: expected an MSISDN of 3 to 15 digits, or nothing; got 2 digits',
    '7: allow 37006845010211 001010000000001 49151 add',
  ]);
});

test('plain CSV: any columns in any order, an IMSI beside an IMEI makes no pair, a range is one', async () => {
  const file =
    'Owner;IMSI;IMEI;Last IMEI;TAC;About\n' +
    'Ada;001010000000001;imeisv-3700684501021199;;;\n' +
    ';;37006845010211;37006845010300;;\n' +
    ';;37006845000000;37006845999999;;range\n' +
    ';;37006845010211;37006845010211;;\n' +
    ';;37006845010211;37006845010200;;\n' +
    ';;;;37006845;\n' +
    ';;;;3700684;tac\n' +
    ';001010000000001;37006845010211;;;lock\n' +
    ';;37006845010211;;;colour\n';
  assert.deepEqual(await words(file, { format: 'csv' }), [
    '2: 37006845010211 add, prefix or separators dropped, software version dropped',
    '3: 37006845010211-37006845010300 add',
    '4: TAC 37006845 add',
    '5: 37006845010211 add',
    '6: last_imei: expected one not below the first, got a lower one; exchange them',
    '7: TAC 37006845 add',
    '8: tac: expected a TAC of 8 digits, got 7 digits; leading zeros lost? format the column as text and export again',
    '9: lock 37006845010211 001010000000001 add',
    "10: about: expected imei, range, tac, allow, lock, notify or nothing, got 'colour'",
  ]);
  assert.deepEqual(await words('37006845010211,Samsung,red\n37006845010212\n', { format: 'csv' }), [
    '1: 37006845010211 add',
    '2: 37006845010212 add',
  ]);
});

const GSMA: ColumnMapping = {
  imei: 'From IMEI',
  lastImei: 'To IMEI',
  reason: { column: 'Code', values: { '0011': 'stolen', '0012': 'lost' } },
  date: { column: 5, pattern: 'DD-Mon-YYYY hh:mm' },
  list: { column: 'Colour', values: { B: 'black', G: 'grey' } },
  remove: { column: 'Action', values: ['D', 'delete'] },
  ignore: { column: 'From IMEI', values: ['trailer'] },
  separator: '|',
};
const GSMA_HEADER = 'From IMEI|To IMEI|Code|Action|When|Colour\n';

test('a mapping says where the columns of a foreign file stand', async () => {
  const file =
    GSMA_HEADER +
    '370068450102115|370068450102115|0011|I|26-Aug-2019 13:05|B\n' +
    '370068450102115|370068450103006|0012|d||g\n' +
    '370068450102115||Fraud|I|26-Aug-19|B\n' +
    '370068450102115||Fraud|I|31-Apr-2019 00:00|B\n' +
    '370068450102115||Fraud|I||X\n' +
    'Trailer|2\n';
  const options: ReadOptions = { format: 'mapped', mapping: GSMA };
  assert.deepEqual(await words(file, options), [
    '2: 37006845010211 add, black, check digit dropped',
    '3: 37006845010211-37006845010300 remove, grey, check digit dropped',
    "4: reporting_date: expected a date DD-Mon-YYYY hh:mm from 2000 on, or nothing; got '26-Aug-19'",
    "5: reporting_date: expected a date DD-Mon-YYYY hh:mm from 2000 on, or nothing; got '31-Apr-2019 00:00'",
    "6: list: expected black, grey or white, got 'X'",
  ]);
  const [first] = await linesIn(file, options);
  assert.ok(first !== undefined && 'about' in first);
  assert.deepEqual([first.reason, first.note, first.reportedAt], ['stolen', '0011', Date.UTC(2019, 7, 26, 13, 5)]);
  const pairs = { imei: 2, imsi: 1, header: false } as const;
  assert.deepEqual(await words('001010000000001,37006845010211', { format: 'mapped', mapping: pairs }), [
    '1: allow 37006845010211 001010000000001 add',
  ]);
  assert.deepEqual(await words('code\n37006845', { format: 'mapped', mapping: { tac: 'CODE' } }), [
    '2: TAC 37006845 add',
  ]);
});

for (const [what, mapping, file, problem] of [
  [
    'a name that is not there',
    { imei: 'handset' },
    'imei,colour',
    /expected one column 'handset' for 'imei'; got the columns 1 'imei', 2 'colour'/,
  ],
  ['a name that is there twice', { imei: 'imei' }, 'imei,IMEI', /expected one column 'imei'/],
  [
    'a number that is not there',
    { imei: 3 },
    'imei,colour',
    /expected a column 3 for 'imei' \(from 1\); got the columns/,
  ],
  ['a name without a header', { imei: 'imei', header: false }, 'imei', /expected a column number for 'imei'/],
  ['neither IMEI nor TAC', { note: 1 }, 'imei', /expected a column for 'imei' or 'tac', got neither/],
  [
    'a pattern without a day',
    { imei: 1, date: { column: 1, pattern: 'MM/YYYY' } },
    'imei',
    /expected a date pattern with/,
  ],
  [
    'a pattern with two months',
    { imei: 1, date: { column: 1, pattern: 'DD MM Mon YYYY' } },
    'imei',
    /expected a date pattern with/,
  ],
  ['an endless pattern', { imei: 1, date: { column: 1, pattern: 'DD'.repeat(40) } }, 'imei', /at most 40 characters/],
] as const)
  test(`a mapping with ${what} is refused`, async () => {
    await assert.rejects(
      linesIn(file, { format: 'mapped', mapping }),
      (error) => error instanceof MalformedFile && problem.test(error.message),
    );
  });

for (const [what, format, file, problem] of [
  ['nothing', 'csv', '\n\r\n', /empty file/],
  [
    'other columns',
    'csv',
    'name,colour\n',
    /expected a header with a column 'imei' or 'tac', or a number first; got the columns 1 'name', 2 'colour'/,
  ],
  ['pairs without IMSI', 'dirbs-exceptions', 'imei,msisdn\n', /a column 'imei' and 'imsi'/],
  ['a header line with a broken quote', 'csv', '"imei\n', /line 1: expected a closing quote/],
  ['octets 00', 'dirbs-barred', 'imei\n37006845010211\n\0', /after line 2: expected text, got octets 00/],
  ['two IMEI columns', 'dirbs-barred', 'imei,IMEI\n', /expected one column 'imei', got 2/],
] as const)
  test(`a file of ${what} is malformed as ${format}`, async () => {
    await assert.rejects(
      linesIn(file, { format }),
      (error) => error instanceof MalformedFile && problem.test(error.message),
    );
  });

test('a bad line shows what stands there, at most 200 characters, also when it has no end', async () => {
  const [bad] = await linesIn(`imei\n${'x'.repeat(300)}`, { format: 'csv' });
  assert.ok(bad !== undefined && 'problem' in bad);
  assert.equal(bad.line, 'x'.repeat(200));
  function* endless() {
    yield octetsOf('imei\n37006845010211\n');
    const piece = octetsOf('€'.repeat(100_000));
    for (let count = 0; count < 300; count++) yield piece;
    yield octetsOf('\n37006845010212\n');
  }
  const before = process.memoryUsage().arrayBuffers;
  const lines = await linesIn(endless(), { format: 'csv' });
  assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000);
  assert.deepEqual(lines.map(inWords), [
    '2: 37006845010211 add',
    '3: expected at most 4096 characters',
    '4: 37006845010212 add',
  ]);
});

const someImei = fc.integer({ min: 0, max: 1e14 - 1 }).map((equipment) => Imei.fromNumber(equipment));
const someRest = fc.constantFrom(
  ...[
    '',
    ',',
    ',20190826,blacklist,add',
    ',20190826,pending,add',
    ',,stolen,',
    ',20191399,,',
    ',,,delete',
    ', 20190826 ,black , remove',
  ],
  ...[',"20190826",,', ',\t', ',é', ',"', `,,${'x'.repeat(70)}`, ';', ',,,,,,,37006845010299'],
);
const someWritten = fc.oneof(
  fc.tuple(someImei, fc.constantFrom('', '0', '5', '00', '99')).map(([{ equipment }, more]) => equipment + more),
  someImei.map((imei) => imei.withCheckDigit),
  fc.constantFrom(
    '37006845010211',
    '37006845010299',
    '3700684501021',
    ' 37006845010211',
    'imei-370068450102115',
    '',
    'x',
    '3700684501021é',
  ),
);

test('property: the short way for common lines and the general way say the same', async () => {
  const header = 'imei,reporting_date,status,change_type,a,b,c,last_imei\n';
  const rows = fc.array(fc.tuple(someWritten, someRest, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 200 }), async (lines, size) => {
      const plain = octetsOf(header + lines.flat().join(''));
      // With a column before it, the IMEI does not stand first: only the general way reads such a file.
      const shifted = `x,${header}${lines.map(([imei, rest, end]) => (imei + rest === '' ? end : `,${imei}${rest}${end}`)).join('')}`;
      const [short, general] = await Promise.all([
        linesIn(cut(plain, size), { format: 'csv' }),
        linesIn(shifted, { format: 'csv' }),
      ]);
      const withoutText = (line: AnyLine) =>
        'problem' in line ? [line.number, line.column, line.said.code, Object.keys(line.said.values)] : line;
      assert.deepEqual(short.map(withoutText), general.map(withoutText));
    }),
    { numRuns: 300 },
  );
});

test('more different lines than are remembered: each keeps its own words', async () => {
  const cases = Array.from({ length: 20_000 }, (_, index) => String(index).padStart(5, '0'));
  const file = `imei,case\n${cases.map((one) => `37006845010211,${one}\n37006845010212,${one}\n`).join('')}`;
  const found = (await linesIn(file, { format: 'csv' })).map((line) => 'about' in line && line.caseReference);
  assert.equal(found.length, 2 * cases.length);
  assert.equal(
    found.findIndex((one, index) => one !== cases[index >> 1]),
    -1,
  );
});

test('property: hostile octets are lines, bad lines or MalformedFile, in every format', async () => {
  const unit = fc.constantFrom(
    ...[
      '3',
      '5',
      '0',
      '"',
      ',',
      ';',
      '|',
      '\n',
      '\r',
      '\t',
      '37006845010211',
      '37006845',
      'imei',
      'imsi',
      'tac',
      'about',
      'E',
      "'",
    ],
    ...[
      '\u2028',
      'é',
      '=',
      '-',
      '\0',
      '\ufeff',
      'remove',
      '20190826',
      '001010000000001',
      'last_imei',
      'match_response_code',
      'regex_mode',
      'pei',
    ],
  );
  const header = fc.constantFrom(
    '',
    'imei,imsi,last_imei,about\n',
    'tac\n',
    'imei,match_response_code,regex_mode,imsi\n',
    'pei,supi,status\n',
  );
  const body = fc.oneof(fc.string({ unit, maxLength: 60 }).map(octetsOf), fc.uint8Array({ maxLength: 60 }));
  const formats = [
    'csv',
    'dirbs-barred-tac',
    'dirbs-exceptions',
    'dirbs-notifications',
    'pyhss-csv',
    'open5gs-csv',
  ] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...formats), header, body, async (format, first, rest) => {
      try {
        for (const line of await linesIn([octetsOf(first), rest], { format })) assert.ok(line.number > 0);
      } catch (error) {
        assert.ok(error instanceof MalformedFile, String(error));
      }
    }),
    { numRuns: 1500 },
  );
});
