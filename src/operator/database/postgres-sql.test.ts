import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { onPostgresOnly } from '#test/operator/databases.ts';
import { text } from './column.ts';
import { numberedParameters, postgresSchema } from './postgres-sql.ts';
import { readValue } from './postgres-value.ts';
import { MIGRATIONS } from './schema.ts';

test("parameters become numbers; texts, names in quotes and comments stay (SQLite's rule for mixed ones)", () => {
  for (const [given, expected] of [
    ['SELECT ?, ?', 'SELECT $1, $2'],
    ['SELECT ?2, ?1, ?2', 'SELECT $2, $1, $2'],
    ['SELECT ?3, ?, ?1, ?', 'SELECT $3, $4, $1, $5'],
    [`SELECT '?', 'it''s ?', "a?", ? -- why?\n, ? /* ? */`, `SELECT '?', 'it''s ?', "a?", $1 -- why?\n, $2 /* ? */`],
  ] as const)
    assert.equal(numberedParameters(given), expected);
});

test('a step that uses more of SQLite than is known is refused', () => {
  for (const step of [
    'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;',
    'PRAGMA foreign_keys = ON;',
    'INSERT OR IGNORE INTO a VALUES (1);',
    'CREATE TABLE a (b REAL) STRICT;',
  ])
    assert.throws(() => postgresSchema(step), /expected words that PostgreSQL knows/, step);
});

test('values come as SQLite would give them; whole numbers are exact', () => {
  assert.deepEqual(
    [
      readValue(20, '9007199254740991'),
      readValue(20, '-9007199254740993'),
      readValue(1700, '12'),
      readValue(1700, '1.5'),
      readValue(16, 't'),
      readValue(16, 'f'),
      readValue(17, '\\x00ff'),
      readValue(25, '12'),
    ],
    [9007199254740991, -9007199254740993n, 12, '1.5', 1, 0, Uint8Array.of(0, 255), '12'],
  );
});

const TYPES: Readonly<Record<string, string>> = { INTEGER: 'bigint', TEXT: 'text', BLOB: 'bytea' };

onPostgresOnly('both databases declare the same tables, columns, types, NULLs and keys', (_context, open) => {
  const raw = new DatabaseSync(':memory:');
  for (const step of MIGRATIONS) raw.exec(step);
  const rows = (sql: string) =>
    raw
      .prepare(sql)
      .all()
      .map((row) => String(row['line']));
  const declared = raw
    .prepare(
      `SELECT m.name AS "table", c.name, c.type, c."notnull" + c.pk > 0 AS filled FROM sqlite_schema m, pragma_table_info(m.name) c
       WHERE m.type = 'table'`,
    )
    .all()
    .map((row) => `${row['table']}.${row['name']} ${TYPES[String(row['type'])]} ${row['filled'] ? 'NO' : 'YES'}`);
  // Unique sets of columns: primary keys, UNIQUE, unique indexes. SQLite's own key of an integer has no index.
  const keys = [
    ...rows(`SELECT m.name || ' ' || c.name AS line FROM sqlite_schema m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) WHERE origin = 'pk')`),
    ...rows(`SELECT m.name || ' ' || (SELECT group_concat(i.name, ' ') FROM pragma_index_info(l.name) i) AS line
       FROM sqlite_schema m, pragma_index_list(m.name) l WHERE m.type = 'table' AND l."unique"`),
  ];
  raw.close();
  const { database } = open();
  const lines = (sql: string) =>
    database
      .query(sql, { line: text })
      .all()
      .map(({ line }) => line);
  const ours = "n.nspname = current_schema() AND t.relname <> 'assay_schema'";
  assert.deepEqual(
    lines(`SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable AS line
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'assay_schema'`).toSorted(),
    declared.toSorted(),
  );
  assert.deepEqual(
    lines(`SELECT t.relname || ' ' || (SELECT string_agg(a.attname, ' ' ORDER BY k.at) FROM unnest(i.indkey) WITH ORDINALITY k(number, at)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS line
       FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
       WHERE i.indisunique AND ${ours}`).toSorted(),
    keys.toSorted(),
  );
  assert.deepEqual(
    lines(`SELECT DISTINCT coalesce(co.collname, '') AS line FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = t.relnamespace LEFT JOIN pg_collation co ON co.oid = a.attcollation
       WHERE a.atttypid = 25 AND t.relkind = 'r' AND ${ours}`),
    ['C'],
  );
  assert.deepEqual(database.integrityProblems(), []);
  database.execute('DROP VIEW listed');
  assert.ok(database.integrityProblems().includes('column listed.imei is missing'));
});
