import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromHex, toHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { databaseOf, onBothDatabases, temporaryDirectory } from '#test/operator/databases.ts';
import { DatabaseError, integer, openDataDirectory, openMasterKey, SCHEMA_VERSION, settings, text } from './index.ts';

const random = seededRandom('database');
const open = (directory: string, busyMilliseconds = 1000) => openDataDirectory({ directory, random, busyMilliseconds });
/** The database of this test, whichever it runs on. */
const openOf = (context: TestContext, directory: string) =>
  openDataDirectory({ directory, random, ...databaseOf(context, directory) });

test('a fresh directory becomes WAL, synchronous FULL, private, of this version, and sound', (context) => {
  const directory = join(temporaryDirectory(context), 'new', 'deep');
  const { database } = open(directory);
  context.after(() => database.close());
  assert.equal(database.query('PRAGMA journal_mode', { journalMode: text }).only().journalMode, 'wal');
  assert.equal(database.query('PRAGMA synchronous', { synchronous: integer }).only().synchronous, 2);
  assert.equal(database.query('PRAGMA user_version', { userVersion: integer }).only().userVersion, SCHEMA_VERSION);
  assert.deepEqual(database.integrityProblems(), []);
  for (const file of ['operator.sqlite', 'master.key'])
    assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file);
});

test('a database of a newer version is refused, and says what to do', (context) => {
  const directory = temporaryDirectory(context);
  open(directory).database.close();
  const raw = new DatabaseSync(join(directory, 'operator.sqlite'));
  raw.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  raw.close();
  assert.throws(() => open(directory), /newer Assay.*run the newer one, or restore a backup/);
});

test("another program's database, and a file that is none, are refused", (context) => {
  const directory = temporaryDirectory(context);
  const path = join(directory, 'operator.sqlite');
  openMasterKey(directory, random, false);
  const raw = new DatabaseSync(path);
  raw.exec('CREATE TABLE theirs (a)');
  raw.close();
  assert.throws(() => open(directory), /another program's/);
  writeFileSync(path, 'imei,reporting_date\n'.repeat(100));
  assert.throws(() => open(directory), /is no SQLite database/);
});

test('a directory that is a file, and one without permission, are clear errors', (context) => {
  const directory = temporaryDirectory(context);
  const file = join(directory, 'file');
  writeFileSync(file, '');
  assert.throws(() => open(file), { name: 'DatabaseError', message: /expected a directory.*got a file|it is a file/ });
  assert.throws(() => open(join(file, 'below')), { name: 'DatabaseError', message: /expected a directory/ });
});

onBothDatabases('a lost master key, a readable one, a short one and a foreign one are refused', (context) => {
  const directory = temporaryDirectory(context);
  openOf(context, directory).database.close();
  const path = join(directory, 'master.key');
  const key = readFileSync(path);
  chmodSync(path, 0o644);
  assert.throws(() => openOf(context, directory), /others may read it; run chmod 600/);
  unlinkSync(path);
  assert.throws(() => openOf(context, directory), /missing.*restore it from its backup/);
  writeFileSync(path, key.subarray(1), { mode: 0o600 });
  assert.throws(() => openOf(context, directory), /expected 32 octets, got 31/);
  writeFileSync(
    path,
    key.map((octet) => octet ^ 1),
  );
  assert.throws(() => openOf(context, directory), /another database's/);
  writeFileSync(path, key);
  openOf(context, directory).database.close();
});

test('a locked database is a temporary error, a full one too, and what was acknowledged stays', (context) => {
  const directory = temporaryDirectory(context);
  const first = open(directory, 10).database;
  const second = open(directory, 10).database;
  context.after(() => [first.close(), second.close()]);
  first.execute('BEGIN IMMEDIATE');
  assert.throws(
    () => settings(second).set('a', 'b'),
    (error) => error instanceof DatabaseError && error.temporary && /locked by another process/.test(error.message),
  );
  first.execute('ROLLBACK');
  const kept = settings(first);
  kept.set('before', 'yes');
  const { pageCount } = first.query('PRAGMA page_count', { pageCount: integer }).only();
  first.execute(`PRAGMA max_page_count = ${pageCount}`);
  assert.throws(
    () => kept.set('big', 'x'.repeat(1_000_000)),
    (error) => error instanceof DatabaseError && error.temporary && /disk is full/.test(error.message),
  );
  assert.throws(() => first.transaction(() => kept.set('big', 'x'.repeat(1_000_000))), /disk is full/);
  assert.equal(settings(second).get('before'), 'yes');
  first.execute('PRAGMA max_page_count = 1000000');
  kept.set('big', 'x'.repeat(1_000_000));
});

onBothDatabases('a transaction that throws leaves nothing; a nested one belongs to the outer', (_context, opened) => {
  const { database } = opened();
  const kept = settings(database);
  const work = () =>
    database.transaction(() => {
      kept.set('outer', '1');
      database.transaction(() => kept.set('inner', '1'));
      throw new Error('stop');
    });
  assert.throws(work, /stop/);
  assert.deepEqual([kept.get('outer'), kept.get('inner')], [undefined, undefined]);
});

onBothDatabases('a column of another type is an error, not a wrong value', (_context, opened) => {
  const { database } = opened();
  settings(database).set('a', 'b');
  const asNumber = database.query("SELECT value FROM setting WHERE name = 'a'", { value: integer });
  assert.throws(() => asNumber.only(), /column value: expected a whole number, got string/);
  assert.throws(() => database.query('SELECT 1', { value: integer }).first(), /expected a column value/);
});

test('wrapped secrets come back for their purpose and owner only; derived keys differ by both', (context) => {
  const { masterKey, database } = open(temporaryDirectory(context));
  context.after(() => database.close());
  const owner = fromHex('98101032547698103214');
  const secret = fromHex('00112233445566778899AABBCCDDEEFF00');
  const wrapped = masterKey.wrap('uicc', owner, secret);
  assert.ok(!toHex(wrapped).includes('00112233'));
  assert.deepEqual(masterKey.unwrap('uicc', owner, wrapped), secret);
  assert.throws(() => masterKey.unwrap('other', owner, wrapped), DatabaseError);
  assert.throws(() => masterKey.unwrap('uicc', fromHex('00'), wrapped), DatabaseError);
  for (let at = 0; at < wrapped.length; at++) {
    const changed = wrapped.map((octet, index) => (index === at ? octet ^ 1 : octet));
    assert.throws(() => masterKey.unwrap('uicc', owner, changed), DatabaseError);
  }
  const keys = [
    masterKey.derive('kic', owner, 16),
    masterKey.derive('kid', owner, 16),
    masterKey.derive('kic', fromHex('00'), 16),
    masterKey.derive('kic', owner, 32).subarray(0, 16),
  ];
  assert.equal(new Set(keys.map(toHex)).size, keys.length);
  assert.deepEqual(masterKey.derive('kic', owner, 16), keys[0]);
});

const WRITER = fileURLToPath(new URL('../../../test/operator/database-writer.ts', import.meta.url));

/** Starts a writer, kills it with SIGKILL after `milliseconds` of writing, and gives the last number it acknowledged. */
async function killedWriter(
  { directory, databaseUrl = '' }: { readonly directory: string; readonly databaseUrl?: string },
  name: string,
  milliseconds: number,
): Promise<number> {
  const child = spawn(process.execPath, [WRITER, directory, name, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    if (printed === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
    printed += chunk;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...how) => resolve(how)),
  );
  assert.deepEqual([code, signal], [null, 'SIGKILL'], 'the writer must die by the kill, not by itself');
  const whole = printed.slice(0, printed.lastIndexOf('\n')).split('\n');
  return Number(whole.at(-1));
}

test('what is deleted is nowhere in the file any more', (context) => {
  const { database } = openOf(context, temporaryDirectory(context));
  const kept = settings(database);
  for (let number = 0; number < 50; number++) kept.set(`name ${number}`, `word ${number}.`);
  database.command("DELETE FROM setting WHERE name = 'name 25'").run();
  database.close();
  const octets = readFileSync(database.path, 'latin1');
  assert.deepEqual([octets.includes('word 24.'), octets.includes('word 25.')], [true, false]);
});

onBothDatabases(
  'two processes killed with SIGKILL between and during writes: nothing acknowledged is missing, nothing is half',
  async (context) => {
    const directory = temporaryDirectory(context);
    for (const round of [0, 1, 2]) {
      const names = [`a${round}`, `b${round}`];
      const last = await Promise.all(
        names.map((name, index) =>
          killedWriter({ directory, ...databaseOf(context, directory) }, name, 20 + 37 * round + 11 * index),
        ),
      );
      const { database } = openOf(context, directory);
      const kept = settings(database);
      names.forEach((name, index) => {
        for (let number = 0; number <= (last[index] ?? 0); number++)
          assert.ok(kept.get(`${name} first ${number}`), `${name} ${number} was acknowledged and is gone`);
      });
      const { half } = database
        .query(
          `SELECT count(*) AS half FROM setting a WHERE a.name LIKE '% first %'
         AND NOT EXISTS (SELECT 1 FROM setting b WHERE b.name = replace(a.name, 'first', 'second'))`,
          { half: integer },
        )
        .only();
      assert.equal(half, 0);
      assert.deepEqual(database.integrityProblems(), []);
      database.close();
    }
  },
);
