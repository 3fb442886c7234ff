// One piece of work on a data directory in a process of its own, so that its memory is its own: the task, the directory, how many rows.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock, systemRandom } from '#base/port/index.ts';
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

const open = (directory: string) =>
  openOperator({ dataDirectory: directory, clock: systemClock, random: systemRandom });

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
  await operator.close();
  const { start = 0, reading = 0, comparing = reading, writing = 0, end } = ends;
  return {
    reading: reading - start - file.spent,
    comparing: comparing - reading,
    writing: writing - comparing,
    finishing: end - writing,
    generating: file.spent,
    total: end - start - file.spent,
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

const [task = '', directory = '', rows = '0'] = process.argv.slice(2);
const tasks: Readonly<Record<string, () => Record<string, number> | Promise<Record<string, number>>>> = {
  import: () => importing(directory, Number(rows)),
  export: () => exporting(directory),
  bare: () => bare(directory, Number(rows)),
};
const work = tasks[task];
if (work === undefined) throw new Error(`imports: expected one of ${Object.keys(tasks).join(', ')}, got '${task}'`);
const measured: Measured = { phases: await work(), memory: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(measured));
