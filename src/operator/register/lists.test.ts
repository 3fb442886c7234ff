import assert from 'node:assert/strict';
import { test as onSqlite, type TestContext } from 'node:test';
import fc from 'fast-check';
import { Imei } from '#base/identity/index.ts';
import { fixedClock } from '#base/port/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { changeFeed, integer } from '#operator/database/index.ts';
import { openDatabase, onBothDatabases as test } from '#test/operator/databases.ts';
import { openApprovals } from './approval.ts';
import { fieldsOf, linesOf, MalformedFile } from './csv.ts';
import { EntryCensus } from './entry-census.ts';
import { openImsiDefaults } from './imsi-defaults.ts';
import { problemWords } from './line-problem.ts';
import type { ListEntry } from './list-entry.ts';
import { entryRecord, exportList } from './list-format/index.ts';
import { listImei } from './list-imei.ts';
import {
  beginUndo,
  type ImportOptions,
  type ImportResult,
  importedFiles,
  importList,
  undoImport,
} from './list-import/index.ts';
import { openLists } from './lists.ts';
import { openPairRules } from './pair-rules.ts';
import { openRanges } from './ranges.ts';
import { registerSettings } from './register-settings.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 24);

function store(context: TestContext) {
  const { database, masterKey } = openDatabase(context);
  const clock = fixedClock(NOW);
  const audit = openAudit({ database, masterKey, clock });
  const feed = changeFeed(database, clock);
  const parts = { database, audit, clock, feed };
  const lists = openLists({ ...parts, census: new EntryCensus(parts) });
  const rules = { ...parts, lists, ranges: openRanges(parts), pairRules: openPairRules(parts) };
  const settings = registerSettings(parts);
  const others = {
    undo: (what: Parameters<typeof beginUndo>[1]) => beginUndo(rules, what),
    set: settings.set,
    erase() {},
    withdrawMaker: () => false,
    people: { hasOtherDecider: () => true, isSamePerson: () => false, isStopped: () => false, check() {}, make() {} },
  };
  const batches = {
    ...rules,
    approvals: openApprovals({ ...rules, settings, imsiDefaults: openImsiDefaults(parts), others }),
  };
  const standard = { list: 'black', source: 'regulator', author: 'Ada', name: 'stolen.csv' } as const;
  const load = (file: string | Iterable<Uint8Array>, options: Partial<ImportOptions> = {}) =>
    importList(batches, typeof file === 'string' ? [octetsOf(file)] : file, {
      ...standard,
      ...options,
    });
  return { database, clock, audit, batches, lists, load };
}

const octetsOf = (text: string) => new TextEncoder().encode(text);
const imei = (digits: string) => Imei.parse(digits);
const effectOf = (result: ImportResult) => {
  assert.ok('effect' in result, 'problem' in result ? result.problem : '');
  return result.effect;
};

test('an entry is found by every spelling of its IMEI, until it expires or is removed', (context) => {
  const { lists, clock } = store(context);
  lists.add({
    imei: imei('490154203237518'),
    list: 'black',
    reason: 'stolen',
    author: 'Ada',
    caseReference: 'A-7',
    expiresAt: NOW + DAY,
  });
  lists.add({ imei: imei('49015420323751'), list: 'grey', reason: 'other', author: 'Ada' });
  const found = lists.about(imei('4901542032375186'));
  assert.deepEqual(
    found.map(({ list, caseReference }) => [list, caseReference]),
    [
      ['black', 'A-7'],
      ['grey', ''],
    ],
  );
  clock.advance(DAY);
  assert.deepEqual(
    lists.about(imei('49015420323751')).map(({ list }) => list),
    ['grey'],
  );
  assert.deepEqual(lists.counts()[0], { list: 'black', entries: 1, expired: 1 });
  assert.equal(lists.remove({ imei: imei('49015420323751'), list: 'grey', author: 'Ada', reason: 'found' }), true);
  assert.equal(lists.remove({ imei: imei('49015420323751'), list: 'grey', author: 'Ada', reason: 'found' }), false);
  assert.deepEqual(lists.about(imei('49015420323751')), []);
});

test('every change of a list is in the audit log with its author; nonsense is refused', (context) => {
  const { lists, audit } = store(context);
  const entry = { imei: imei('49015420323751'), list: 'black', reason: 'lost', author: 'Ada' } as const;
  lists.add(entry);
  lists.remove({ imei: entry.imei, list: 'black', author: 'Bob', reason: 'mistake' });
  assert.deepEqual(
    audit.after(0).map(({ author, subject, detail }) => [author, subject, detail?.['change']]),
    [
      ['Ada', '49015420323751', 'added'],
      ['Bob', '49015420323751', 'removed'],
    ],
  );
  assert.throws(() => lists.add({ ...entry, author: ' ' }), /author: expected a name/);
  assert.throws(() => lists.add({ ...entry, note: 'x'.repeat(201) }), /at most 200 characters/);
  assert.throws(() => lists.add({ ...entry, expiresAt: NOW }), /a time to come/);
});

for (const [written, expected] of [
  ['49015420323751', '49015420323751'],
  ['490154203237518', '49015420323751'],
  ['490154203237510', '49015420323751'],
  ['4901542032375186', '49015420323751'],
  [' 49-015420-323751-8 ', '49015420323751'],
  ['imeisv-8665070400405301', '86650704004053'],
  ['00440015202000', '00440015202000'],
  ['440015202000', /leading zeros lost/],
  ['490154203237515', /expected check digit 8 \(or 0, spare\), got 5/],
  ['4.90154E+14', /spreadsheet rounded/],
  ['A0000000123456', /MEID/],
  ['4901542032375O', /got 'O' at place 14/],
  ['0', /got 1/],
  ['', /got nothing/],
  ['49015420323751861', /got 17/],
] as const)
  test(`an IMEI written '${written}'`, () => {
    const found = listImei(written);
    if (typeof expected === 'string') assert.equal('imei' in found && found.imei.equipment, expected);
    else assert.match('problem' in found ? problemWords(found) : '', expected);
  });

test('the DIRBS stolen delta: columns, status, dates, changes, bad lines by their number', async (context) => {
  const { lists, load } = store(context);
  const file =
    '\ufeffIMEI,Reporting_Date,Status,change_type\r\n' + // 1
    '37006845010211,20190826,blacklist,add\r\n' + // 2
    '"37006845010212",,,add\r\n' + // 3
    '37006845010213,20190826,pending,add\r\n' + // 4
    '\r\n' + // 5
    '3700684501021,20190826,blacklist,add\r\n' + // 6
    '37006845010214,20190231,blacklist,add\r\n' + // 7
    '37006845010215,20190826,blacklist,delete\r\n' + // 8
    '37006845010211,20190826,blacklist,update\r\n' + // 9
    '"37006845010216,20190826,blacklist,add\r\n' + // 10
    '37006845010217,,blacklist,remove'; // 11
  const effect = effectOf(await load(file));
  assert.deepEqual(
    effect.badLines.map(({ number, problem }) => [number, problem.slice(0, 24)]),
    [
      [6, 'imei: expected 14 to 16 '],
      [7, 'reporting_date: expected'],
      [8, 'change_type: expected ad'],
      [10, 'expected a closing quote'],
    ],
  );
  const { lines, added, removed, notThere, duplicates, notInForce, bad, before, after } = effect;
  assert.deepEqual(
    { lines, added, removed, notThere, duplicates, notInForce, bad, before, after },
    { lines: 9, added: 2, removed: 0, notThere: 1, duplicates: 1, notInForce: 1, bad: 4, before: 0, after: 2 },
  );
  assert.equal(lists.about(imei('37006845010211'))[0]?.reason, 'stolen');
});

test('a dry run and a refused import change nothing; the same file again is already there', async (context) => {
  const { lists, load, audit } = store(context);
  const file = 'imei;reason;case\n37006845010211;Stolen in Lyon;"A;1"\n37006845010212;cloned box;B-2\n';
  assert.deepEqual(
    await load(file, { dryRun: true })
      .then(effectOf)
      .then(({ added }) => added),
    2,
  );
  const refused = await load(file, { changeLimit: 1 });
  assert.ok(refused.outcome === 'refused' && /changes 2 entries, the limit is 1/.test(refused.problem));
  assert.deepEqual(lists.counts()[0]?.entries, 0);
  assert.equal(audit.head().id, 0);
  assert.equal((await load(file)).outcome, 'applied');
  assert.deepEqual(
    lists.page('black', undefined, 10).map(({ reason, note, caseReference }) => [reason, note, caseReference]),
    [
      ['stolen', 'Stolen in Lyon', 'A;1'],
      ['duplicate', 'cloned box', 'B-2'],
    ],
  );
  const again = effectOf(await load(file));
  assert.deepEqual([again.added, again.alreadyThere], [0, 2]);
});

test('a full list removes what its own source no longer lists, and undo brings all back', async (context) => {
  const { lists, load, database, clock, batches } = store(context);
  lists.add({ imei: imei('37006845010299'), list: 'black', reason: 'stolen', author: 'Ada' });
  await load('imei,case\n37006845010211,1\n37006845010212,2\n');
  const file = 'imei,case\n37006845010212,22\n37006845010213,3\n';
  const broken = await load(file, { kind: 'full' });
  assert.ok(broken.outcome === 'refused' && /removes 1 of 2 entries, a broken file/.test(broken.problem));
  const second = await load(file, { kind: 'full', name: 'second.csv', changeLimit: 3 });
  const { added, removed, updated, before, after } = effectOf(second);
  assert.deepEqual(
    { added, removed, updated, before, after },
    { added: 1, removed: 1, updated: 1, before: 2, after: 2 },
  );
  const cases = () =>
    lists.page('black', undefined, 10).map((entry) => `${entry.imei.equipment.slice(-2)} ${entry.caseReference}`);
  assert.deepEqual(cases(), ['12 22', '13 3', '99 ']);
  assert.ok(second.outcome === 'applied');
  const undo = () => undoImport(batches, { batch: second.batch, author: 'Ada', reason: 'wrong file' });
  await undo();
  assert.deepEqual(cases(), ['11 1', '12 2', '99 ']);
  await assert.rejects(undo, /expected an import that still stands, got undone/);
  assert.deepEqual(
    importedFiles({ database, clock }, 9).map(({ name, state, added, removed, updated }) => [
      name,
      state,
      added,
      removed,
      updated,
    ]),
    [
      ['second.csv', 'undone', 1, 1, 1],
      ['stolen.csv', 'done', 2, 0, 0],
    ],
  );
});

test('own subscribers that a file would hit are counted, limited, and noted for a new decision', async (context) => {
  const { load, database } = store(context);
  database.execute(
    `INSERT INTO uicc_state (iccid, imsi, last_report_at, level, result, reason, lock_state, proved_imei, unanswered)
     VALUES ('1', '1', 0, 'attested', 'proved', 'none', 'enabled', 37006845010211, 0)`,
  );
  const file = 'imei\n37006845010211\n37006845010212\n';
  const refused = await load(file, { subscriberLimit: 0 });
  assert.ok(refused.outcome === 'refused' && /hits 1 of our own subscribers, the limit is 0/.test(refused.problem));
  await load(file);
  const noted = database.query('SELECT imei FROM reconsideration', { imei: integer }).all();
  assert.deepEqual(noted, [{ imei: 37006845010211 }]);
});

for (const [what, file, problem] of [
  ['an empty file', '', /empty file/],
  ['a list of something else', 'name,colour\nAda,red\n', /expected a list with a column 'imei'/],
  ['two IMEI columns', 'imei,IMEI\n1,2\n', /expected one column 'imei', got 2/],
  ['only bad lines', 'imei\n1\n2\n', /no line can be used; the first: line 2: imei/],
  ['a packed file', 'PK\u0003\u0004\0\0', /a ZIP archive or a spreadsheet/],
  ['octets that are no UTF-8', Uint8Array.of(0x69, 0x6d, 0x65, 0x69, 0x0a, 0xff, 0xfe, 0x31), /expected UTF-8 text/],
] as const)
  test(`${what} is malformed and changes nothing`, async (context) => {
    const { load, lists } = store(context);
    const result = await load(typeof file === 'string' ? file : [file]);
    assert.ok(result.outcome === 'malformed');
    assert.match(result.problem, problem);
    assert.equal(lists.counts()[0]?.entries, 0);
  });

test('a file without a header is read by the columns of DIRBS', async (context) => {
  const { load, lists } = store(context);
  await load('37006845010211,20190826,blacklist,add\n37006845010212,20190826,pending,add\n');
  assert.deepEqual(lists.page('black', undefined, 10).map(String).length, 1);
});

test('export and import give the same list; no field becomes a formula', async (context) => {
  const { load, lists } = store(context);
  lists.add({
    imei: imei('00440015202000'),
    list: 'black',
    reason: 'other',
    note: '=cmd()|"x",\r\ny',
    author: 'Ada',
    expiresAt: NOW + DAY,
  });
  lists.add({ imei: imei('37006845010211'), list: 'black', reason: 'lost', author: 'Ada', caseReference: 'C,"3"' });
  const records = () => Array.from(lists.each('black'), entryRecord);
  const exported = [...exportList(records(), 'csv')];
  assert.match(
    exported[1] ?? '',
    /^00440015202000,.*,other,"'=cmd\(\)\|""x"", y",,2026-11-25T00:00:00.000Z,operator,Ada\r\n$/,
  );
  effectOf(await load(exported.join('')));
  const seen = ({ imei: { equipment }, reason, caseReference, expiresAt }: ListEntry) => [
    equipment,
    reason,
    caseReference,
    expiresAt,
  ];
  const all = lists.page('black', undefined, 10);
  const of = (source: string) => all.filter((entry) => entry.source === source).map(seen);
  assert.deepEqual(of('regulator'), of('operator'));
  assert.ok([...exportList(records(), 'dirbs-black-list')].includes('37006845010211,20261124,lost\r\n'));
});

onSqlite('20,000 lines in several transactions, arriving in odd pieces', async (context) => {
  const { load, lists } = store(context);
  const lines = Array.from(
    { length: 20_000 },
    (_, index) => `35${String(index).padStart(12, '0')},20260101,blacklist\r\n`,
  );
  const file = octetsOf(`imei,reporting_date,status\r\n${lines.join('')}`);
  const pieces = Array.from({ length: Math.ceil(file.length / 977) }, (_, index) =>
    file.subarray(index * 977, (index + 1) * 977),
  );
  const effect = effectOf(await load(pieces, { changeLimit: 20_000 }));
  assert.deepEqual([effect.lines, effect.added, effect.bad], [20_000, 20_000, 0]);
  assert.equal(lists.counts()[0]?.entries, 20_000);
});

test('property: the fields of a line written as RFC 4180 come back', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', ' ', '1', 'é') });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 8 }), (fields) => {
      const line = fields.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
      assert.deepEqual(fieldsOf(line, ','), fields);
    }),
  );
});

test('property: lines keep their numbers however the octets are cut and whatever ends them', async () => {
  const parts = fc.array(
    fc.tuple(fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀') }), fc.constantFrom('\n', '\r\n', '\r')),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 7 }), async (lines, size) => {
      const written = lines.flat().join('');
      const octets = octetsOf(written);
      const pieces = Array.from({ length: Math.ceil(octets.length / size) }, (_, index) =>
        octets.subarray(index * size, (index + 1) * size),
      );
      const found: { number: number; text: string }[] = [];
      for await (const line of linesOf(pieces)) found.push(line);
      const expected = written.split(/\r\n|\n|\r/).map((text, index) => ({ number: index + 1, text }));
      assert.deepEqual(
        found,
        expected.filter(({ text }) => text !== ''),
      );
    }),
  );
});

test('property: hostile octets are bad lines or a malformed file, never another error, and never more entries than lines', async (context) => {
  const { load, lists } = store(context);
  const hostile = fc.string({
    unit: fc.constantFrom('3', '5', '0', '"', ',', ';', '\n', '\r', '\t', 'imei', 'E', '\u2028', 'é', '=', '-'),
  });
  await fc.assert(
    fc.asyncProperty(hostile, fc.boolean(), async (body, header) => {
      const result = await load(`${header ? 'imei,reporting_date,status\n' : ''}${body}`, { dryRun: true });
      if (result.outcome === 'malformed') assert.ok(result.problem.length > 0);
      else assert.ok(effectOf(result).added <= effectOf(result).lines);
    }),
    { numRuns: 150 },
  );
  assert.equal(lists.counts()[0]?.entries, 0);
});

onSqlite('a line of 1 GiB costs no memory and is one bad line', async (context) => {
  const { load } = store(context);
  const before = process.memoryUsage().rss;
  let highest = before;
  function* endless() {
    yield octetsOf('imei\n37006845010211\n');
    const mebibyte = octetsOf('9'.repeat(2 ** 20));
    for (let count = 0; count < 1024; count++) {
      yield mebibyte;
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    yield octetsOf('\n37006845010212\n');
  }
  const effect = effectOf(await load(endless()));
  assert.deepEqual(
    effect.badLines.map(({ number, problem, line }) => [number, problem, line.length]),
    [[3, 'expected at most 4096 characters', 200]],
  );
  assert.equal(effect.added, 2);
  assert.ok(highest - before < 256 * 2 ** 20, `${highest - before} octets more than before`);
});

test('MalformedFile says after which line', async () => {
  const read = async () => {
    for await (const line of linesOf([octetsOf('a\nb\n'), Uint8Array.of(0xff)])) assert.ok(line);
  };
  await assert.rejects(read, (error) => error instanceof MalformedFile && /after line 2/.test(error.message));
});
