import { accessSync, chmodSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateDirectory, type Random } from '#base/port/index.ts';
import { integer } from './column.ts';
import type { Database } from './database.ts';
import { DatabaseError, explained, isBusy } from './database-error.ts';
import { hasMasterKey, type MasterKey, openMasterKey } from './master-key.ts';
import { PostgresDatabase } from './postgres.ts';
import { type PostgresAddress, parseDatabaseUrl } from './postgres-address.ts';
import { preparePostgres } from './postgres-open.ts';
import { APPLICATION_ID, MIGRATIONS, newerSchema, SCHEMA_VERSION } from './schema.ts';
import { settings } from './settings.ts';
import { SqliteDatabase } from './sqlite.ts';

const FILE_NAME = 'operator.sqlite';
const DEFAULT_BUSY_MILLISECONDS = 5000;
const WAL_TRIES = 100;
const WAL_PAUSE_MILLISECONDS = 20;
const KEY_CHECK = 'masterKeyCheck';

/** A data directory, open. */
export interface OpenDataDirectory {
  readonly directory: string;
  readonly database: Database;
  readonly masterKey: MasterKey;
}

/**
 * Opens `directory` (made with mode 0700 when it is missing) with its database and master key, bringing an older schema up to date. The
 * database is a file of SQLite in it, or the PostgreSQL that `databaseUrl` names; the master key is always in the directory.
 * Several processes may have it open. Throws DatabaseError: no directory, no permission, a newer version, a lost or foreign master key.
 */
export function openDataDirectory(options: {
  readonly directory: string;
  readonly random: Random;
  /** How long a write waits for another process, in milliseconds. */
  readonly busyMilliseconds?: number;
  /** postgres://user:password@host:port/database?… (see parseDatabaseUrl); it is shown nowhere with its password. */
  readonly databaseUrl?: string;
  /**
   * A PostgreSQL that does not answer now is opened when it does: until then every call throws what keeps it away. The master key must be
   * there. For who can do something without it.
   */
  readonly mayBeAway?: boolean;
}): OpenDataDirectory {
  const { directory } = options;
  prepareDirectory(directory);
  const busyMilliseconds = options.busyMilliseconds ?? DEFAULT_BUSY_MILLISECONDS;
  if (options.databaseUrl !== undefined) {
    const address = parseDatabaseUrl(options.databaseUrl);
    const database = new PostgresDatabase(address, busyMilliseconds);
    return openBeside(options, database, address);
  }
  const path = join(directory, FILE_NAME);
  // The key is made before the database, so a database without a key means that the key was lost.
  const masterKey = openMasterKey(directory, options.random, existsSync(path));
  const database = connect(path, busyMilliseconds);
  try {
    database.transaction(() => migrate(database));
    checkMasterKey(database, masterKey);
  } catch (error) {
    database.close();
    throw error;
  }
  return { directory, database, masterKey };
}

/** A database elsewhere: it knows whether a master key belongs to it already. */
function openBeside(
  { directory, random, mayBeAway = false }: { directory: string; random: Random; mayBeAway?: boolean },
  database: PostgresDatabase,
  address: PostgresAddress,
): OpenDataDirectory {
  try {
    preparePostgres(database, address, false);
    const isExpected = settings(database).get(KEY_CHECK) !== undefined;
    const masterKey = openMasterKey(directory, random, isExpected);
    checkMasterKey(database, masterKey);
    return { directory, database, masterKey };
  } catch (error) {
    const isAway = error instanceof DatabaseError && error.temporary;
    if (mayBeAway && isAway && hasMasterKey(directory)) return openLater({ directory, random }, database, address);
    database.close();
    throw error;
  }
}

/** The same when the database is there: it then has to be the one that the master key belongs to. */
function openLater(
  { directory, random }: { directory: string; random: Random },
  database: PostgresDatabase,
  address: PostgresAddress,
): OpenDataDirectory {
  const masterKey = openMasterKey(directory, random, true);
  database.whenReached(() => {
    preparePostgres(database, address, true);
    checkMasterKey(database, masterKey);
  });
  return { directory, database, masterKey };
}

function prepareDirectory(directory: string): void {
  try {
    makePrivateDirectory(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason =
      existsSync(directory) && !statSync(directory).isDirectory() ? 'it is a file' : (error as Error).message;
    throw new DatabaseError(
      `${directory}: expected a directory to keep data in (${reason}); choose one you may write to`,
      {
        cause: error,
      },
    );
  }
  if (!statSync(directory).isDirectory())
    throw new DatabaseError(`${directory}: expected a directory, got a file; choose another data directory`);
}

function connect(path: string, busyMilliseconds: number): SqliteDatabase {
  try {
    const connection = new DatabaseSync(path, { timeout: busyMilliseconds, enableForeignKeyConstraints: true });
    writeAheadLog(connection);
    connection.exec('PRAGMA synchronous = FULL');
    // What is deleted is overwritten, where that costs no write of its own: else it stands in the file until its place is used anew.
    connection.exec('PRAGMA secure_delete = FAST');
    // Personal data: nobody but the owner reads the file. SQLite gives its log files the mode of the database.
    chmodSync(path, 0o600);
    return new SqliteDatabase(connection, path);
  } catch (error) {
    throw explained(path, error);
  }
}

/** WAL is a property of the file. The switch needs the file alone and does not wait for others by itself. */
function writeAheadLog(connection: DatabaseSync): void {
  for (let left = WAL_TRIES; ; left--) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (left === 0 || !isBusy(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE_MILLISECONDS);
    }
  }
}

function migrate(database: Database): void {
  const { userVersion } = database.query('PRAGMA user_version', { userVersion: integer }).only();
  const { applicationId } = database.query('PRAGMA application_id', { applicationId: integer }).only();
  const { tables } = database.query('SELECT count(*) AS tables FROM sqlite_schema', { tables: integer }).only();
  if (applicationId !== APPLICATION_ID && tables > 0)
    throw new DatabaseError(
      `${database.path}: expected a database of Assay, got another program's; choose another directory`,
    );
  if (userVersion > SCHEMA_VERSION) throw newerSchema(database.path, userVersion);
  if (userVersion === SCHEMA_VERSION) return;
  for (const step of MIGRATIONS.slice(userVersion)) database.execute(step);
  database.execute(`PRAGMA user_version = ${SCHEMA_VERSION}; PRAGMA application_id = ${APPLICATION_ID}`);
}

/** A database and a key that do not belong together must not be used together: nothing in it could be read. */
function checkMasterKey(database: Database, masterKey: MasterKey): void {
  const kept = settings(database);
  const expected = masterKey.checkValue;
  database.transaction(() => {
    const found = kept.get(KEY_CHECK);
    if (found === undefined) kept.set(KEY_CHECK, expected);
    else if (found !== expected)
      throw new DatabaseError(
        `${database.path}: the master key beside it is another database's; put the right master.key back`,
      );
  });
}
