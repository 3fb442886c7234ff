import { flag, integer } from './column.ts';
import { DatabaseError } from './database-error.ts';
import type { PostgresDatabase } from './postgres.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { postgresSchema } from './postgres-sql.ts';
import { MIGRATIONS, newerSchema, SCHEMA_VERSION } from './schema.ts';

const MOST_TRIES = 5;

/**
 * Brings an older schema up to date, or makes it. `isExpected`: one must be there. Throws DatabaseError: not there, no permission, a newer
 * version, another program's.
 */
export function preparePostgres(database: PostgresDatabase, { schema }: PostgresAddress, isExpected: boolean): void {
  if (isExpected && !exists(database, `${TABLE} AND table_name = ?`, 'assay_schema'))
    throw new DatabaseError(
      `${database.path}: expected the database that this node has known, got an empty one; restore a backup, or start the node again`,
    );
  if (schema !== undefined) createSchema(database, schema);
  createVersionRow(database);
  migrate(database);
}

function exists(database: PostgresDatabase, sql: string, ...parameters: readonly string[]): boolean {
  return database.query(`SELECT CAST(EXISTS (${sql}) AS INTEGER) AS found`, { found: flag }).only(...parameters).found;
}

/** Another process may make the same at the same time: then it is there. */
function unlessThere(isThere: () => boolean, make: () => void): void {
  for (let left = MOST_TRIES; !isThere(); left--) {
    try {
      make();
    } catch (error) {
      if (left === 0 || !(error instanceof DatabaseError) || !isThere()) throw error;
    }
  }
}

function createSchema(database: PostgresDatabase, schema: string): void {
  unlessThere(
    () => exists(database, 'SELECT 1 FROM pg_namespace WHERE nspname = ?', schema),
    () => database.execute(`CREATE SCHEMA ${schema}`),
  );
}

const TABLE = 'SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema()';

/** The row that says which version the schema has, and that a writer holds while it writes. */
function createVersionRow(database: PostgresDatabase): void {
  unlessThere(
    () => exists(database, `${TABLE} AND table_name = ?`, 'assay_schema'),
    () => {
      if (exists(database, TABLE))
        throw new DatabaseError(
          `${database.path}: expected a database of Assay, got another program's; choose another database or schema`,
        );
      // One transaction: nobody sees the table without its row.
      database.execute(
        `CREATE TABLE assay_schema (id BIGINT PRIMARY KEY CHECK (id = 1), version BIGINT NOT NULL);
         INSERT INTO assay_schema (id, version) VALUES (1, 0)`,
      );
    },
  );
}

function migrate(database: PostgresDatabase): void {
  const found = database.query('SELECT version FROM assay_schema WHERE id = 1', { version: integer });
  const isReady = (version: number) => {
    if (version > SCHEMA_VERSION) throw newerSchema(database.path, version);
    return version === SCHEMA_VERSION;
  };
  if (isReady(found.only().version)) return;
  database.transaction(() => {
    const { version } = found.only();
    if (isReady(version)) return;
    for (const step of MIGRATIONS.slice(version)) database.execute(postgresSchema(step));
    database.command('UPDATE assay_schema SET version = ? WHERE id = 1').run(SCHEMA_VERSION);
  });
}
