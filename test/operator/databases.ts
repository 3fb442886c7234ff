// Tests that run on SQLite and, where a server is installed, on PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { type Random, seededRandom } from '#base/port/index.ts';
import { type OpenDataDirectory, openDataDirectory } from '#operator/database/index.ts';
import { type CopiedDatabases, copiedDatabases } from './copied-databases.ts';
import { hasPostgres, POSTGRES_MISSING, startPostgres, type TestPostgres } from './postgres-server.ts';

let shared: Promise<TestPostgres> | undefined;
let copies: Promise<CopiedDatabases> | undefined;
let schemas = 0;
/** A test on PostgreSQL: its own database, which has the schema already, and the address of every data directory it has. */
interface OnPostgres {
  readonly database: string;
  readonly addresses: Map<string, string>;
}
const onPostgres = new WeakMap<TestContext, OnPostgres>();

/** The one server of this process; it ends with it. */
export function sharedPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres();
  return shared;
}

/** A directory that is gone after the test. */
export function temporaryDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-operator-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What `openDataDirectory` needs to know of the database that this test keeps the data of `directory` in. */
export function databaseOf(context: TestContext, directory: string): { readonly databaseUrl?: string } {
  const found = onPostgres.get(context);
  if (found === undefined) return {};
  const { database, addresses } = found;
  // The first directory has what is made ahead; others, which few tests have, a schema of their own.
  const databaseUrl =
    addresses.get(directory) ?? (addresses.size === 0 ? database : `${database}?schema=test${++schemas}`);
  addresses.set(directory, databaseUrl);
  return { databaseUrl };
}

/** How a test opens its database; closed at its end. */
export type OpenDatabase = (options?: {
  readonly directory?: string;
  readonly random?: Random;
  readonly busyMilliseconds?: number;
}) => OpenDataDirectory;

/** Opens the database that this test keeps the data of a directory in; closed when the test ends. */
export function openDatabase(context: TestContext, given: Parameters<OpenDatabase>[0] = {}): OpenDataDirectory {
  const { directory = temporaryDirectory(context), random = seededRandom(directory), ...options } = given;
  const opened = openDataDirectory({ directory, random, ...options, ...databaseOf(context, directory) });
  context.after(() => opened.database.close());
  return opened;
}

/** A test of what is written for any database: it runs on each of them. */
export function onBothDatabases(
  name: string,
  body: (context: TestContext, open: OpenDatabase) => void | Promise<void>,
): void {
  test(name, (context) => body(context, (options) => openDatabase(context, options)));
  onPostgresOnly(name, body);
}

/** A test that needs a PostgreSQL; without one it is skipped, but not where everything must be tested. */
export function onPostgresOnly(
  name: string,
  body: (context: TestContext, open: OpenDatabase) => void | Promise<void>,
): void {
  const skip = hasPostgres || process.env['CI'] !== undefined ? false : POSTGRES_MISSING;
  test(`PostgreSQL: ${name}`, { skip }, async (context) => {
    copies ??= sharedPostgres().then(copiedDatabases);
    onPostgres.set(context, { database: await (await copies).take(), addresses: new Map() });
    await body(context, (options) => openDatabase(context, options));
  });
}

/** Holds the one writer's place in the database of a directory until the function that comes back is called, or the test ends. */
export function lockWriters(context: TestContext, directory: string): () => void {
  const { databaseUrl } = databaseOf(context, directory);
  if (databaseUrl === undefined) {
    const lock = new DatabaseSync(join(directory, 'operator.sqlite'));
    context.after(() => lock.close());
    lock.exec('BEGIN IMMEDIATE');
    return () => lock.exec('ROLLBACK');
  }
  const { database } = openDataDirectory({ directory, random: seededRandom('lock'), databaseUrl });
  context.after(() => database.close());
  database.execute('BEGIN');
  database.execute('SELECT version FROM assay_schema FOR UPDATE');
  return () => database.execute('ROLLBACK');
}
