import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { seededRandom } from '#base/port/index.ts';
import { openDataDirectory } from '#operator/database/index.ts';
import type { TestPostgres } from './postgres-server.ts';

/** Fresh databases of one server that have our schema already. */
export interface CopiedDatabases {
  /** The address of the next one; the one before is dropped. */
  take(): Promise<string>;
}

interface Unreferable {
  ref(): void;
  unref(): void;
}

const TEMPLATE = 'assay_template';

/**
 * Databases as copies of one: to make the schema anew takes as long as many a test, and hundreds of schemas in one database make each slower.
 * The next copy is made while the test before it runs.
 */
export async function copiedDatabases(server: TestPostgres): Promise<CopiedDatabases> {
  // The types leave out that it can be let go of, as a socket can.
  const client = new pg.Client({ host: server.host, user: 'assay', database: 'postgres' }) as pg.Client & Unreferable;
  await client.connect();
  client.on('error', () => undefined);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  const directory = mkdtempSync(join(tmpdir(), 'assay-template-'));
  const { database } = openDataDirectory({
    ...{ directory, random: seededRandom('template'), databaseUrl: server.urlOf(TEMPLATE) },
  });
  // Which master key belongs to it: each test has its own.
  database.execute('DELETE FROM setting');
  database.close();
  rmSync(directory, { recursive: true });
  let made = 0;
  const make = async () => {
    const name = `copy${++made}`;
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    if (made > 2) await client.query(`DROP DATABASE copy${made - 2} WITH (FORCE)`);
    return name;
  };
  let next = make();
  // The server ends with this process: it does not keep the process alive.
  client.unref();
  return {
    async take() {
      client.ref();
      const name = await next;
      client.unref();
      next = make();
      // Whoever takes it hears of it.
      next.catch(() => undefined);
      return server.urlOf(name);
    },
  };
}
