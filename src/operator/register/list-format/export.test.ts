import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Imei, Imsi, Msisdn, Tac } from '#base/identity/index.ts';
import { fieldsOf } from '../csv.ts';
import { lineProblem } from '../line-problem.ts';
import { LIST_REASONS, LISTS } from '../list-entry.ts';
import type { BadLine, ExportRecord, ListExportFormat, ListExportOptions, ListRecord } from './index.ts';
import {
  badLine,
  badLineReport,
  CHANGES,
  detectFormat,
  dirbsFileName,
  EXPORT_FORMATS,
  entryRecord,
  exportList,
  listLines,
  PAIR_KINDS,
} from './index.ts';
import { cut, inWords, linesIn, octetsOf, told } from './list-format.fixture.ts';

const written = (records: Iterable<ExportRecord>, format: ListExportFormat, options?: ListExportOptions) =>
  [...exportList(records, format, options)].join('');

/** A file read again: its records, as text. */
async function readAgain(file: string, format: ListExportFormat) {
  const lines = await linesIn(cut(octetsOf(file), 1000), { format: EXPORT_FORMATS[format] });
  return lines.map((line) => ('problem' in line ? line : told(line)));
}

const DAY = Date.UTC(2026, 10, 24);
const RECORD: ExportRecord = {
  about: 'imei',
  imei: Imei.parse('37006845010211'),
  change: 'add',
  list: 'black',
  reason: 'stolen',
  note: '=cmd()|"x"',
  caseReference: 'A;1',
  reportedAt: DAY,
  expiresAt: undefined,
  source: 'regulator',
  author: 'Ada',
};
const PAIR: ExportRecord = {
  ...RECORD,
  about: 'pair',
  kind: 'allow',
  first: RECORD.imei,
  last: RECORD.imei,
  firstImsi: Imsi.parse('001010000000001'),
  lastImsi: Imsi.parse('001010000000001'),
  msisdn: Msisdn.parse('49151'),
};
const TAC: ExportRecord = { ...RECORD, about: 'tac', tac: Tac.parse('37006845') };

test('each format, as it is written', () => {
  const all = [RECORD, PAIR, TAC, { ...PAIR, kind: 'notify' as const }, { ...RECORD, change: 'remove' as const }];
  assert.equal(
    written(all, 'csv'),
    'imei,last_imei,tac,imsi,last_imsi,msisdn,about,list,change_type,reporting_date,reason,note,case_reference,expires,source,author\r\n' +
      `37006845010211,,,,,,imei,black,add,2026-11-24T00:00:00.000Z,stolen,"'=cmd()|""x""","A;1",,regulator,Ada\r\n` +
      `37006845010211,,,001010000000001,,49151,allow,black,add,2026-11-24T00:00:00.000Z,stolen,"'=cmd()|""x""","A;1",,regulator,Ada\r\n` +
      `,,37006845,,,,tac,black,add,2026-11-24T00:00:00.000Z,stolen,"'=cmd()|""x""","A;1",,regulator,Ada\r\n` +
      `37006845010211,,,001010000000001,,49151,notify,black,add,2026-11-24T00:00:00.000Z,stolen,"'=cmd()|""x""","A;1",,regulator,Ada\r\n` +
      `37006845010211,,,,,,imei,black,remove,2026-11-24T00:00:00.000Z,stolen,"'=cmd()|""x""","A;1",,regulator,Ada\r\n`,
  );
  assert.equal(
    written([{ ...RECORD, note: '' }], 'dirbs-black-list', { imeiDigits: 15 }),
    'imei,block_date,reasons\r\n370068450102115,20261124,stolen\r\n',
  );
  assert.equal(
    written(all, 'dirbs-black-list-delta').split('\r\n')[2],
    `37006845010211,20261124,"'=cmd()|""x""",remove`,
  );
  assert.equal(written(all, 'dirbs-barred-tac'), 'tac\r\n37006845\r\n');
  assert.equal(written(all, 'dirbs-exceptions'), 'imei,imsi,msisdn\r\n37006845010211,001010000000001,49151\r\n');
  assert.equal(written([{ ...PAIR, kind: 'lock' }], 'dirbs-exceptions'), 'imei,imsi,msisdn\r\n');
  assert.equal(
    written(all, 'open5gs'),
    '{"pei":"imei-370068450102115","status":"BLACKLISTED"}\n{"pei":"imei-370068450102115","supi":"imsi-001010000000001","status":"WHITELISTED"}\n',
  );
  assert.equal(
    written(all, 'pyhss'),
    '[\n{"imei":"37006845010211","imsi":"","regex_mode":0,"match_response_code":1},\n' +
      '{"imei":"37006845010211","imsi":"001010000000001","regex_mode":0,"match_response_code":0},\n' +
      '{"imei":"^37006845","imsi":"","regex_mode":1,"match_response_code":1}\n]\n',
  );
  assert.deepEqual(JSON.parse(written([], 'pyhss')), []);
});

test('what a format cannot say is left out and told; a change chooses the records of one file of a delta', () => {
  const leftOut: ExportRecord[] = [];
  const grey = { ...RECORD, list: 'grey' as const };
  assert.equal(
    written([grey, TAC, PAIR], 'dirbs-black-list', { onLeftOut: (record) => leftOut.push(record) }),
    'imei,block_date,reasons\r\n',
  );
  assert.deepEqual(leftOut, [grey, TAC, PAIR]);
  const removal = { ...RECORD, change: 'remove' as const, note: 'found' };
  assert.equal(
    written([RECORD, removal], 'dirbs-black-list', { change: 'remove' }),
    'imei,block_date,reasons\r\n37006845010211,20261124,found\r\n',
  );
});

test('an entry of a list is a record', async () => {
  const { imei, reason, note, caseReference, expiresAt } = RECORD;
  const entry = { imei, list: 'grey', reason: reason ?? 'other', note, caseReference, expiresAt, batch: 1 } as const;
  const record = entryRecord({ ...entry, author: 'Ada', source: 'regulator', addedAt: DAY });
  assert.deepEqual(told(record), told({ ...RECORD, list: 'grey' }));
  assert.deepEqual(await readAgain(written([record], 'csv'), 'csv'), [told(record)]);
});

/** An IMEI, some with leading zeros. */
const someImei = fc.integer({ min: 0, max: 99_999_999_999_999 }).map((equipment) => Imei.fromNumber(equipment));
const someDigits = (low: number, high: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: low, maxLength: high });
const someTac = someDigits(8, 8).map((digits) => Tac.parse(digits));
const someImsi = someDigits(6, 15).map((digits) => Imsi.parse(digits));
const someMsisdn = fc.option(
  someDigits(3, 15).map((digits) => Msisdn.parse(digits)),
  { nil: undefined },
);
/** Texts with all that CSV and spreadsheets trip over, no spaces around them. */
const someText = fc
  .string({
    unit: fc.constantFrom('a', 'é', '😀', '"', "'", ',', ';', '|', ' ', '=', '+', '-', '@', '1'),
    maxLength: 20,
  })
  .map((text) => text.trim());
const someDate = fc.option(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) }), { nil: undefined });

const someRange = fc
  .tuple(someImei, someImei)
  .map(([a, b]) => (a.number <= b.number ? [a, b] : [b, a]) as [Imei, Imei]);
const someImsis = someImsi.chain((first) =>
  someDigits(first.digits.length, first.digits.length).map((digits) =>
    digits < first.digits ? ([Imsi.parse(digits), first] as const) : ([first, Imsi.parse(digits)] as const),
  ),
);

/** One handset. */
const imeiSubject = someImei.map((imei) => ({ about: 'imei', imei }) as const);
/** A TAC. */
const tacSubject = someTac.map((tac) => ({ about: 'tac', tac }) as const);
/** A range that is no TAC and more than one IMEI. */
const rangeSubject = someRange
  .filter(([first, last]) => !first.equals(last) && last.number - first.number !== 999_999)
  .map(([first, last]) => ({ about: 'range', first, last }) as const);
/** One handset and one subscriber. */
const onePair = fc
  .tuple(someImei, someImsi, someMsisdn, fc.constantFrom(...PAIR_KINDS))
  .map(
    ([imei, imsi, msisdn, kind]) =>
      ({ about: 'pair', kind, first: imei, last: imei, firstImsi: imsi, lastImsi: imsi, msisdn }) as const,
  );
const widePair = fc
  .tuple(someRange, someImsis, someMsisdn, fc.constantFrom(...PAIR_KINDS))
  .map(
    ([[first, last], [firstImsi, lastImsi], msisdn, kind]) =>
      ({ about: 'pair', kind, first, last, firstImsi, lastImsi, msisdn }) as const,
  );
/** Anything a list can be about. */
const someSubject = fc.oneof(imeiSubject, tacSubject, rangeSubject, onePair, widePair);

/** What a record says about its subject. */
const someFacts = fc.record({
  change: fc.constantFrom(...CHANGES),
  list: fc.option(fc.constantFrom(...LISTS), { nil: undefined }),
  reason: fc.option(fc.constantFrom(...LIST_REASONS), { nil: undefined }),
  note: someText,
  caseReference: someText,
  reportedAt: someDate,
  expiresAt: someDate,
});

test('property: the full CSV comes back as it was, whatever it is about', async () => {
  const record = fc.tuple(someSubject, someFacts).map(([subject, facts]): ListRecord => ({ ...subject, ...facts }));
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (records) => {
      assert.deepEqual(await readAgain(written(records, 'csv'), 'csv'), records.map(told));
    }),
    { numRuns: 200 },
  );
});

/** A day, for formats without a time of day. */
const someDay = fc.integer({ min: 0, max: 36_000 }).map((days) => Date.UTC(2000, 0, 1) + days * 86_400_000);
const NOTHING = {
  list: undefined,
  reason: undefined,
  note: '',
  caseReference: '',
  reportedAt: undefined,
  expiresAt: undefined,
};
const reasons = fc.constantFrom(['stolen', 'Stolen|GSMA'], ['other', '=1+1'], ['other', "'+49"], [
  undefined,
  '',
] as const) as fc.Arbitrary<readonly ['stolen' | 'other' | undefined, string]>;
const dated = fc
  .tuple(someDay, reasons)
  .map(([reportedAt, [reason, note]]) => ({ ...NOTHING, reportedAt, reason, note }) as const);
const change = fc.constantFrom('add', 'remove', 'update').map((one) => ({ change: one }) as const);
const added = fc.constant({ change: 'add' } as const);
const inList = fc.constantFrom('black', 'grey', 'white').map((list) => ({ ...NOTHING, list }) as const);
const ofKind = (kind: 'allow' | 'notify') => onePair.map((pair) => ({ ...pair, kind }) as const);
const allowed = ofKind('allow').map((pair) => ({ ...pair, msisdn: undefined }));
const nothing = fc.constant(NOTHING);
const white = fc.constant({ ...NOTHING, list: 'white' } as const);

const ROUND_TRIPS: readonly (readonly [ListExportFormat, fc.Arbitrary<ListRecord>])[] = [
  ['dirbs-black-list', fc.tuple(imeiSubject, dated, added).map(merged)],
  ['dirbs-black-list-delta', fc.tuple(imeiSubject, dated, change).map(merged)],
  ['dirbs-barred-tac', fc.tuple(tacSubject, nothing, added).map(merged)],
  ['dirbs-exceptions', fc.tuple(ofKind('allow'), nothing, added).map(merged)],
  ['dirbs-notifications', fc.tuple(ofKind('notify'), dated, added).map(merged)],
  ['open5gs', fc.oneof(fc.tuple(imeiSubject, inList, added).map(merged), fc.tuple(allowed, white, added).map(merged))],
  [
    'pyhss',
    fc.oneof(
      fc.tuple(fc.oneof(imeiSubject, tacSubject), inList, added).map(merged),
      fc.tuple(allowed, white, added).map(merged),
    ),
  ],
];

function merged<A, B, C>([subject, facts, more]: readonly [A, B, C]): A & B & C {
  return { ...subject, ...facts, ...more };
}

for (const [format, record] of ROUND_TRIPS)
  test(`property: ${format} comes back as it was`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
        assert.deepEqual(await readAgain(written(records, format), format), records.map(told));
      }),
      { numRuns: 100 },
    );
  });

test('property: a range comes back from PyHSS in parts, without a gap and nothing more', async () => {
  await fc.assert(
    fc.asyncProperty(rangeSubject, async (range) => {
      const file = written([{ ...RECORD, ...range }], 'pyhss');
      let next = range.first.number;
      for await (const line of listLines([octetsOf(file)], { format: 'pyhss' })) {
        assert.ok('about' in line && line.about !== 'pair');
        const first =
          line.about === 'tac' ? `${line.tac}000000` : (line.about === 'imei' ? line.imei : line.first).equipment;
        const last =
          line.about === 'tac' ? `${line.tac}999999` : (line.about === 'imei' ? line.imei : line.last).equipment;
        assert.equal(Number(first), next);
        next = Number(last) + 1;
      }
      assert.equal(next, range.last.number + 1);
    }),
    { numRuns: 200 },
  );
  const all = { ...RECORD, about: 'range', first: Imei.fromNumber(0), last: Imei.fromNumber(1e14 - 1) } as const;
  const lines = await linesIn(written([all], 'pyhss'), { format: 'pyhss' });
  assert.equal(lines.length, 100);
  assert.equal(inWords(lines[99]!), '100: 99000000000000-99999999999999 add, black, pattern read as a range');
});

test('no field of a file is the start of a formula or more than one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('=', '+', "'", 'a', '\r', '\n', '\t', '\0', '"', ',') }), (note) => {
      const file = written([{ ...RECORD, note, source: note, author: note, caseReference: note }], 'csv');
      assert.equal(file.split('\r\n').length, 3);
      assert.ok(!/\r(?!\n)|(?<!\r)\n|[\t\0]/.test(file));
      const fields = fieldsOf(file.split('\r\n')[1] ?? '', ',');
      assert.ok(!('code' in fields) && fields.length === 16);
      assert.ok(!fields.some((field) => /^[=+@-]/.test(field)));
    }),
  );
});

test('the report of bad lines has each with its number, problem and text, however many there are', async () => {
  async function* lines(): AsyncGenerator<BadLine | (ListRecord & { number: number })> {
    yield { ...RECORD, number: 2 };
    yield badLine(3, { problem: lineProblem('imeiMissing'), column: 'imei' }, '=1+1,"x');
    for (let number = 4; number < 1000; number++)
      yield badLine(number, { problem: lineProblem('recordQuote') }, 'y'.repeat(300));
  }
  const pieces: string[] = [];
  for await (const piece of badLineReport(lines())) pieces.push(piece);
  const rows = pieces.join('').split('\r\n');
  assert.deepEqual(rows.slice(0, 3), [
    'line,problem,text,code',
    `3,"imei: expected an IMEI, got nothing","'=1+1,""x",imeiMissing`,
    `4,expected a closing quote on the same line,${'y'.repeat(200)},recordQuote`,
  ]);
  assert.equal(rows.length, 999);
  assert.ok(pieces.length > 3 && pieces.every((piece) => piece.length < 256 * 300));
});

test('names of the files of DIRBS', () => {
  assert.deepEqual(dirbsFileName('20260101_120000_blacklist.csv'), {
    list: 'blacklist',
    operator: undefined,
    date: '20260101_120000',
    delta: undefined,
  });
  assert.deepEqual(dirbsFileName('20260101_120000_blacklist_delta_41_42_unblocked.csv')?.delta, {
    base: 41,
    run: 42,
    what: 'unblocked',
    change: 'remove',
  });
  assert.deepEqual(dirbsFileName('20260101_120000_exceptions_operator-1_delta_41_42_added.csv'), {
    list: 'exceptions',
    operator: 'operator-1',
    date: '20260101_120000',
    delta: { base: 41, run: 42, what: 'added', change: 'add' },
  });
  assert.equal(
    dirbsFileName('20260101_120000_notifications_one_delta_1_2_no_longer_seen.csv')?.delta?.change,
    'remove',
  );
  for (const name of [
    'stolen.csv',
    '20260101_120000_blacklist_delta_1_2_added.csv',
    '20260101_120000_exceptions.csv',
    '20260101_120000_blacklist_delta_1_2_constructor.csv',
  ])
    assert.equal(dirbsFileName(name), undefined);
});

test('what is exported is found again', () => {
  const formats = Object.keys(EXPORT_FORMATS) as ListExportFormat[];
  fc.assert(
    fc.property(fc.constantFrom(...formats), onePair, someFacts, (format, pair, facts) => {
      const tac = pair.first.tac;
      const record = { ...facts, list: 'black', change: 'add' } as const;
      const records = [
        { ...record, about: 'imei', imei: pair.first } as const,
        { ...record, about: 'tac', tac } as const,
        { ...record, ...pair },
      ];
      const found = detectFormat(octetsOf([...exportList(records, format)].join('')));
      assert.equal('format' in found ? found.format : found.said.code, EXPORT_FORMATS[format]);
    }),
    { numRuns: 200 },
  );
});
