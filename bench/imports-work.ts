// One piece of work on a data directory in a process of its own, so that its memory is its own: the task, the directory, how many rows.
// ASSAY_DATABASE_URL names the PostgreSQL that it works on instead of a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { integer } from '#operator/database/index.ts';
import { openOperator } from '#operator/index.ts';
import { entryRecord, exportList, type ImportProgress } from '#operator/register/index.ts';
import { listFile } from './list-file.ts';

/** What a task measured: milliseconds by phase, and the most memory that its process had, in octets. */
export interface Measured {
  readonly phases: Readonly<Record<string, number>>;
  readonly memory: number;
}

const MOST_CHANGES = 1_000_000_000;
const EXPORT_CHUNK = 64 * 1024;
const LIMIT_TOGETHER = 100_000;
const DATABASE_SIZE = 'SELECT pg_database_size(current_database()) AS octets';

const databaseUrl = process.env['ASSAY_DATABASE_URL'] ?? '';

const open = (directory: string) =>
  openOperator({
    ...{ dataDirectory: directory, clock: systemClock, random: systemRandom },
    ...(databaseUrl !== '' && { databaseUrl }),
  });

/** Imports the file; ready and written is durable. */
async function importing(directory: string, rows: number): Promise<Record<string, number>> {
  const file = listFile(rows);
  const operator = open(directory);
  const ends: Partial<Record<ImportProgress['phase'] | 'start' | 'end', number>> = { start: performance.now() };
  const result = await operator.register.importList(file.chunks(), {
    ...{ list: 'black', source: 'regulator', author: 'bench', name: 'bench.csv' },
    ...{ changeLimit: MOST_CHANGES, subscriberLimit: MOST_CHANGES },
    onProgress: ({ phase }) => {
      ends[phase] = performance.now();
    },
  });
  ends.end = performance.now();
  if (result.outcome !== 'applied' || result.effect.added !== rows)
    throw new Error(`imports: ${JSON.stringify(result)}`);
  const octets = databaseUrl === '' ? 0 : operator.database.query(DATABASE_SIZE, { octets: integer }).only().octets;
  await operator.close();
  const { start = 0, reading = 0, comparing = reading, writing = 0, end } = ends;
  return {
    reading: reading - start - file.spent,
    comparing: comparing - reading,
    writing: writing - comparing,
    finishing: end - writing,
    generating: file.spent,
    total: end - start - file.spent,
    octets,
  };
}

/** Exports the list to a file beside the data. */
async function exporting(directory: string): Promise<Record<string, number>> {
  const operator = open(directory);
  const start = performance.now();
  const file = openSync(join(directory, 'export.csv'), 'w');
  const records = (function* () {
    for (const entry of operator.register.lists.each('black')) yield entryRecord(entry);
  })();
  let chunk = '';
  let octets = 0;
  for (const piece of exportList(records, 'csv')) {
    chunk += piece;
    if (chunk.length < EXPORT_CHUNK) continue;
    octets += writeSync(file, chunk);
    chunk = '';
  }
  octets += writeSync(file, chunk);
  fsyncSync(file);
  closeSync(file);
  const total = performance.now() - start;
  await operator.close();
  return { total, octets };
}

/** What SQLite needs for the same rows at least: the same columns in ascending order, no second index, nothing read or compared. */
function bare(directory: string, rows: number): Record<string, number> {
  const { numbers } = listFile(rows);
  const database = new DatabaseSync(join(directory, 'bare.sqlite'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE list_entry (imei INTEGER NOT NULL, list TEXT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
      case_reference TEXT NOT NULL, author TEXT NOT NULL, added_at INTEGER NOT NULL, expires_at INTEGER, batch INTEGER,
      PRIMARY KEY (imei, list, source)) STRICT, WITHOUT ROWID`);
  const put = database.prepare('INSERT INTO list_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const start = performance.now();
  for (let at = 0; at < numbers.length; ) {
    database.exec('BEGIN IMMEDIATE');
    for (const end = Math.min(at + LIMIT_TOGETHER, numbers.length); at < end; at++)
      put.run(numbers[at]!, 'black', 'regulator', 'stolen', 'STOLEN', '', 'bench', 1_795_000_000_000, null, 1);
    database.exec('COMMIT');
  }
  const total = performance.now() - start;
  database.close();
  return { total };
}

/** What PostgreSQL needs for the same rows at least: one COPY by its own client, the same columns, no second index. */
async function bareCopy(_directory: string, rows: number): Promise<Record<string, number>> {
  const { numbers } = listFile(rows);
  const [, host = ''] = /@([^/]+)\//.exec(databaseUrl) ?? [];
  const psql = spawn(
    'psql',
    [
      ...['-h', decodeURIComponent(host), '-U', 'assay', '-d', 'postgres', '-q', '-v', 'ON_ERROR_STOP=1'],
      '-c',
      `CREATE TABLE bare (imei BIGINT NOT NULL, list TEXT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
        case_reference TEXT NOT NULL, author TEXT NOT NULL, added_at BIGINT NOT NULL, expires_at BIGINT, batch BIGINT,
        PRIMARY KEY (imei, list, source))`,
      ...['-c', '\\copy bare from stdin'],
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  const ended = once(psql, 'close');
  const start = performance.now();
  let text = '';
  for (const number of numbers) {
    text += `${number}\tblack\tregulator\tstolen\tSTOLEN\t\tbench\t1795000000000\t\\N\t1\n`;
    if (text.length < 1 << 20) continue;
    if (!psql.stdin.write(text)) await once(psql.stdin, 'drain');
    text = '';
  }
  psql.stdin.end(text);
  const [code] = await ended;
  if (code !== 0) throw new Error(`imports: psql ended with ${code}`);
  return { total: performance.now() - start };
}

const [task = '', directory = '', rows = '0'] = process.argv.slice(2);
const tasks: Readonly<Record<string, () => Record<string, number> | Promise<Record<string, number>>>> = {
  import: () => importing(directory, Number(rows)),
  export: () => exporting(directory),
  bare: () => bare(directory, Number(rows)),
  bareCopy: () => bareCopy(directory, Number(rows)),
};
const work = tasks[task];
if (work === undefined) throw new Error(`imports: expected one of ${Object.keys(tasks).join(', ')}, got '${task}'`);
const measured: Measured = { phases: await work(), memory: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(measured));
