import assert from 'node:assert/strict';
import fc from 'fast-check';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { blob, type Column, type Database, DatabaseError, integer, nullable, settings, text } from './index.ts';

const REPORT = ['iccid', 'counter', 'at', 'imsi', 'level', 'result', 'reason', 'imei', 'support', 'octets'];
const report = (counter: number, imei: number | undefined = undefined) => [
  ...['1', counter, 7, '2', 'claimed', 'proved', '', imei, undefined, Uint8Array.of(counter & 255)],
];
const counters = (database: Database) => database.query('SELECT counter FROM report ORDER BY id', { counter: integer });

test('a row comes back as it was given; the number it got too', (_context, open) => {
  const { database } = open();
  const insert = database.query(
    `INSERT INTO report (${REPORT.join(', ')}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id`,
    { id: integer },
  );
  assert.deepEqual([insert.only(...report(1)), insert.only(...report(2, 99_999_999_999_999))], [{ id: 1 }, { id: 2 }]);
  const read = database.query('SELECT * FROM report WHERE counter = ?', {
    imei: nullable(integer),
    octets: blob,
    id: integer,
  });
  assert.deepEqual(read.all(2), [{ imei: 99_999_999_999_999, octets: Uint8Array.of(2), id: 2 }]);
  assert.deepEqual([read.first(1)?.imei, read.first(3)], [undefined, undefined]);
  assert.throws(() => read.only(3), /expected a row of/);
  assert.equal(database.command('UPDATE report SET at = ? WHERE counter >= ?').run(8, 1).changes, 2);
  assert.throws(
    () => insert.only(...report(1)),
    (error) => error instanceof DatabaseError && !error.temporary && !error.isOutcomeUnknown,
  );
});

test('a number that a double cannot hold is an error, not another number', (_context, open) => {
  const { database } = open();
  database.command('INSERT INTO reconsideration (imei) VALUES (?)').run(9_007_199_254_740_993n);
  assert.throws(() => database.query('SELECT imei FROM reconsideration', { imei: integer }).only());
});

test('property: every text and all octets come back; what no database keeps exactly is refused', (_context, open) => {
  const { database } = open();
  const kept = settings(database);
  const put = database.command(
    `INSERT INTO certificate_authority (identifier, role, public_point) VALUES (?, 'maker', ?)
     ON CONFLICT (identifier) DO UPDATE SET public_point = excluded.public_point`,
  );
  const point = database.query('SELECT public_point FROM certificate_authority WHERE identifier = ?', {
    publicPoint: blob,
  });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ minLength: 1, maxLength: 40 }), (words, octets) => {
      if (words.includes('\0')) {
        assert.throws(() => kept.set('words', words), /expected Unicode without U\+0000/);
        return;
      }
      kept.set('words', words);
      assert.equal(kept.get('words'), words);
      put.run(octets, octets);
      assert.deepEqual(point.only(octets).publicPoint, octets);
    }),
    { numRuns: 60 },
  );
  for (const bad of ['a\0b', '\ud800', 'a\udc00'])
    assert.throws(() => kept.set('bad', bad), { name: 'DatabaseError', message: /expected Unicode/ });
});

test('texts are in the order of their octets, and compared so', (_context, open) => {
  const { database } = open();
  const kept = settings(database);
  const names = ['x10', 'X2', 'x2', 'xä', 'xz', 'x 1', 'X', 'x-1'];
  for (const name of names) kept.set(name, '');
  const ordered = database.query("SELECT name FROM setting WHERE lower(name) LIKE 'x%' ORDER BY name", { name: text });
  const expected = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual(
    ordered.all().map(({ name }) => name),
    expected,
  );
  const above = database.query("SELECT count(*) AS number FROM setting WHERE lower(name) LIKE 'x%' AND name > ?", {
    number: integer,
  });
  assert.equal(above.only('x').number, 6);
});

test('many rows at once: all or none, replaced by their key where that is wanted', (_context, open) => {
  const { database } = open();
  const rows = function* (from: number, to: number) {
    for (let counter = from; counter < to; counter++) yield report(counter, counter % 3 === 0 ? undefined : counter);
  };
  assert.equal(database.copyIn('report', REPORT, rows(0, 5000)), 5000);
  assert.equal(database.copyIn('report', REPORT, []), 0);
  assert.throws(() => database.copyIn('report', REPORT, rows(4999, 7000)), DatabaseError);
  const count = database.query('SELECT count(*) AS number, count(imei) AS imeis, max(counter) AS last FROM report', {
    number: integer,
    imeis: integer,
    last: integer,
  });
  assert.deepEqual(count.only(), { number: 5000, imeis: 3333, last: 4999 });
  assert.deepEqual(
    database.query('SELECT octets FROM report WHERE counter = 4999', { octets: blob }).only().octets,
    Uint8Array.of(4999 & 255),
  );
  const put = (value: string) =>
    database.copyIn(
      'setting',
      ['name', 'value'],
      [
        ['a', value],
        ['b', value],
      ],
      ['name'],
    );
  assert.deepEqual([put('1'), put('2')], [2, 2]);
  assert.equal(settings(database).get('b'), '2');
  assert.equal(database.copyIn('report_demand', ['imsi', 'reason'], [['1', 'it\'s "\\N", {x},\n\t']]), 1);
  assert.equal(
    database.query('SELECT reason FROM report_demand', { reason: text }).only().reason,
    'it\'s "\\N", {x},\n\t',
  );
  for (const [table, column] of [
    ['a; b', 'c'],
    ['setting', 'name)'],
  ] as const)
    assert.throws(() => database.copyIn(table, [column], []), /expected names of the schema/);
  assert.throws(
    () =>
      database.transaction(() => {
        put('3');
        throw new Error('stop');
      }),
    /stop/,
  );
  assert.equal(settings(database).get('b'), '2');
});

test('property: rows that are copied in come back as they were: quotes, tabs, line ends, backslashes, NULL, octets', (_context, open) => {
  const { database } = open();
  const note = fc.oneof(
    fc.string({ unit: fc.constantFrom('\\', 'N', '\t', '\n', '\r', '.', "'", '"', ',', '{', '}', '\u{1f4f1}') }),
    fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0') && value.isWellFormed()),
  );
  const back = database.query('SELECT reason, imei, octets FROM report WHERE iccid = ? ORDER BY counter', {
    reason: text,
    imei: nullable(integer),
    octets: blob,
  });
  let run = 0;
  const imei = fc.option(fc.nat(), { nil: undefined });
  const row = fc.record({ reason: note, imei, octets: fc.uint8Array() }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
      const iccid = `copy ${run++}`;
      database.copyIn(
        'report',
        ['at', 'iccid', 'imsi', 'counter', 'level', 'result', 'reason', 'imei', 'octets'],
        rows.map(({ reason, imei, octets }, counter) => [1, iccid, '1', counter, 'claimed', '', reason, imei, octets]),
      );
      assert.deepEqual(back.all(iccid), rows);
    }),
    { numRuns: 60 },
  );
});

test('rows of which some are there already replace those, in every block, also inside a larger transaction', (_context, open) => {
  const { database } = open();
  const put = (from: number, value: string) =>
    database.copyIn(
      'setting',
      ['name', 'value'],
      Array.from({ length: 12_000 }, (_, i) => [`n${from + i}`, value]),
      ['name'],
    );
  const count = database.query("SELECT count(*) AS number FROM setting WHERE name LIKE 'n%' AND value = ?", {
    number: integer,
  });
  put(0, 'first');
  database.transaction(() => {
    settings(database).set('beside', 'kept');
    // The first block has 1,000 names that are there, the second none.
    assert.equal(put(11_000, 'second'), 12_000);
  });
  assert.deepEqual([count.only('first').number, count.only('second').number], [11_000, 12_000]);
  assert.equal(settings(database).get('beside'), 'kept');
});

test('a long list is read row by row, inside a transaction and outside, also not to its end', (_context, open) => {
  const { database } = open();
  database.copyIn(
    'report',
    REPORT,
    Array.from({ length: 2500 }, (_, counter) => report(counter)),
  );
  const read = () => Array.from(counters(database).each(), ({ counter }) => counter);
  const expected = Array.from({ length: 2500 }, (_, counter) => counter);
  assert.deepEqual(read(), expected);
  assert.deepEqual(database.transaction(read), expected);
  const kept = settings(database);
  let last = 0;
  for (const { counter } of counters(database).each()) {
    kept.set('last', String(counter));
    last = counter;
    if (counter === 1200) break;
  }
  assert.deepEqual([last, kept.get('last'), database.transaction(() => kept.get('last'))], [1200, '1200', '1200']);
});

test('a statement that fails inside a transaction undoes it when the error goes on; the next one is whole', (_context, open) => {
  const { database } = open();
  const kept = settings(database);
  const bad = database.command('INSERT INTO setting (name, value) VALUES (?, ?)');
  assert.throws(() =>
    database.transaction(() => {
      kept.set('a', '1');
      bad.run('b', undefined);
    }),
  );
  assert.equal(kept.get('a'), undefined);
  database.transaction(() => kept.set('a', '2'));
  assert.equal(kept.get('a'), '2');
});

test('a column that is not there is an error that names it', (_context, open) => {
  const { database } = open();
  const anything: Column<unknown> = (value) => value;
  assert.throws(() => database.query('SELECT 1 AS one', { two: anything }).first(), /expected a column two/);
});

test('after close everything is refused, and closing again does nothing', (_context, open) => {
  const { database } = open();
  const kept = settings(database);
  database.close();
  database.close();
  assert.throws(() => kept.get('a'));
  assert.throws(() => database.transaction(() => 1));
});
