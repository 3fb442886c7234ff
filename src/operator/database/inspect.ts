import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Random } from '#base/port/index.ts';
import { integer, text } from './column.ts';
import type { Database } from './database.ts';
import { DatabaseError, explained } from './database-error.ts';
import { type MasterKey, openMasterKey } from './master-key.ts';
import { PostgresDatabase } from './postgres.ts';
import { parseDatabaseUrl } from './postgres-address.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { settings } from './settings.ts';
import { SqliteDatabase } from './sqlite.ts';

/** A database that is looked at and never changed. */
export interface InspectedDatabase {
  readonly kind: 'SQLite' | 'PostgreSQL';
  /** Version of the server, or of the library. */
  readonly version: string;
  readonly database: Database;
  readonly schemaVersion: number;
  /** The version that this program works with; an older one is brought up to date by the next start. */
  readonly expectedSchemaVersion: number;
  /** What does not keep an acknowledged write through a power cut; none when all is well. */
  readonly durabilityProblems: readonly string[];
  /** The database's own clock, in milliseconds since 1970; SQLite has none. */
  readonly now: number | undefined;
  /** Octets of the file; undefined for a server. */
  readonly octets: number | undefined;
  /** Reads the whole file and says what is wrong in it; a server looks after its own. */
  integrityProblems(): readonly string[];
  /** The master key beside it. Throws DatabaseError: missing, readable by others, another database's. */
  masterKey(): MasterKey;
  close(): void;
}

const MOST_PROBLEMS = 10;
const FILE_NAME = 'operator.sqlite';
const SERVER_WAIT_MILLISECONDS = 3000;

/** True when a data directory holds a database of its own. */
export const hasSqlite = (directory: string): boolean => existsSync(join(directory, FILE_NAME));

/**
 * Opens the database of a data directory for reading: no migration, no file made, no key made. Throws DatabaseError when there is none, when it
 * cannot be read, or when a server does not answer.
 */
export function inspectDatabase(options: {
  readonly directory: string;
  readonly databaseUrl?: string;
  readonly random: Random;
}): InspectedDatabase {
  const { directory, databaseUrl, random } = options;
  const found = databaseUrl === undefined ? inspectSqlite(join(directory, FILE_NAME)) : inspectPostgres(databaseUrl);
  return {
    ...found,
    expectedSchemaVersion: SCHEMA_VERSION,
    masterKey() {
      const masterKey = openMasterKey(directory, random, true);
      const expected = settings(found.database).get('masterKeyCheck');
      if (expected !== masterKey.checkValue)
        throw new DatabaseError('master.key: it is another database’s; put the right one back from its backup');
      return masterKey;
    },
    close: () => found.database.close(),
  };
}

type Found = Omit<InspectedDatabase, 'expectedSchemaVersion' | 'masterKey' | 'close'>;

function inspectSqlite(path: string): Found {
  if (!existsSync(path)) throw new DatabaseError(`${path}: expected a database, got none: the first start makes it`);
  const url = pathToFileURL(path);
  // Without a log nobody has it open: then it is read without making one.
  if (!existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1');
  try {
    const connection = new DatabaseSync(url, { readOnly: true, timeout: SERVER_WAIT_MILLISECONDS });
    const database = new SqliteDatabase(connection, path);
    const { journalMode } = database.query('PRAGMA journal_mode', { journalMode: text }).only();
    const isLogged = journalMode === 'wal' || url.searchParams.has('immutable');
    return {
      ...{ kind: 'SQLite', database, now: undefined, octets: statSync(path).size },
      version: database.query('SELECT sqlite_version() AS version', { version: text }).only().version,
      schemaVersion: database.query('PRAGMA user_version', { userVersion: integer }).only().userVersion,
      durabilityProblems: isLogged ? [] : [`journal_mode is ${journalMode}, expected wal`],
      integrityProblems: () =>
        connection
          .prepare(`PRAGMA quick_check(${MOST_PROBLEMS})`)
          .all()
          .map((row) => String(row['quick_check']))
          .filter((line) => line !== 'ok'),
    };
  } catch (error) {
    throw explained(path, error);
  }
}

function inspectPostgres(databaseUrl: string): Found {
  const database = new PostgresDatabase(parseDatabaseUrl(databaseUrl), SERVER_WAIT_MILLISECONDS);
  try {
    const one = (sql: string) => database.query(`SELECT ${sql} AS value`, { value: text }).only().value;
    const setting = (name: string) => one(`current_setting('${name}')`);
    const problems = [
      ['fsync', ['on']],
      ['full_page_writes', ['on']],
      // "local" and "remote_…" wait for this server's disk too.
      ['synchronous_commit', ['on', 'local', 'remote_write', 'remote_apply']],
    ] as const;
    return {
      ...{ kind: 'PostgreSQL', database, octets: undefined },
      version: setting('server_version'),
      now: Number(one('CAST(CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS TEXT)')),
      schemaVersion: database.query('SELECT version FROM assay_schema WHERE id = 1', { version: integer }).only()
        .version,
      durabilityProblems: problems.flatMap(([name, good]) => {
        const value = setting(name);
        return (good as readonly string[]).includes(value) ? [] : [`${name} is ${value}, expected ${good[0]}`];
      }),
      integrityProblems: () => [],
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
