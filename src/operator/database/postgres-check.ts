import { DatabaseSync } from 'node:sqlite';
import { integer, nullable, text } from './column.ts';
import type { Database } from './database.ts';
import { MIGRATIONS } from './schema.ts';

/** Every column of the schema as `table.column`, in order. */
export function declaredColumns(): readonly string[] {
  const database = new DatabaseSync(':memory:');
  try {
    for (const step of MIGRATIONS) database.exec(step);
    const rows = database
      .prepare(
        `SELECT m.name || '.' || c.name AS name FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type IN ('table', 'view') ORDER BY 1`,
      )
      .all();
    return rows.map((row) => String(row['name']));
  } finally {
    database.close();
  }
}

/** What is wrong with a PostgreSQL database of ours, as far as the server knows. */
export function postgresProblems(database: Database): readonly string[] {
  return [...unsafeSettings(database), ...missingColumns(database), ...badIndexes(database), ...badPages(database)];
}

function unsafeSettings(database: Database): string[] {
  const { fsync, pages, commit } = database
    .query(
      `SELECT current_setting('fsync', true) AS fsync, current_setting('full_page_writes', true) AS pages,
         current_setting('synchronous_commit', true) AS commit`,
      { fsync: nullable(text), pages: nullable(text), commit: nullable(text) },
    )
    .only();
  return [
    ...(fsync === 'off' ? ['fsync is off: a power cut could lose what was acknowledged'] : []),
    ...(pages === 'off' ? ['full_page_writes is off: a power cut could damage pages'] : []),
    ...(commit === 'off' || commit === 'local'
      ? [`synchronous_commit is ${commit}: acknowledged changes could be lost`]
      : []),
  ];
}

function missingColumns(database: Database): string[] {
  const found = database
    .query(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = current_schema()`,
      { name: text },
    )
    .all();
  const names = new Set(found.map(({ name }) => name));
  return declaredColumns()
    .filter((name) => !names.has(name))
    .map((name) => `column ${name} is missing`);
}

/** An index whose making was broken off is not used and does not keep values unique. */
function badIndexes(database: Database): string[] {
  return database
    .query(
      `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT i.indisvalid`,
      { name: text },
    )
    .all()
    .map(({ name }) => `index ${name} is not valid; run REINDEX`);
}

function badPages(database: Database): string[] {
  const { failures } = database
    .query('SELECT checksum_failures AS failures FROM pg_stat_database WHERE datname = current_database()', {
      failures: nullable(integer),
    })
    .only();
  return failures === undefined || failures === 0 ? [] : [`${failures} pages with wrong checksums; restore a backup`];
}
