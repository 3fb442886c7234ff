import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Imei } from '#base/identity/index.ts';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { hasPostgres, POSTGRES_MISSING, startPostgres } from '#test/operator/postgres-server.ts';
import { startRegisterNode } from './child.ts';
import type { Measured } from './imports-work.ts';
import { type Bench, type BenchOptions, type Row, times } from './measure.ts';
import { S13Peer } from './s13-peer.ts';

const MILLION = 1_000_000;
const WORK = fileURLToPath(new URL('./imports-work.ts', import.meta.url));
const BAR = '10 M in under 60 s';
const CHANGES = 20;
/** A node looks for changes so often, in milliseconds. */
const BETWEEN_LOOKS = 100;
/** New entries of a day: 15 million a year (facts/eir.md 11). */
const DELTA = 41_000;
const LONGEST = 60_000;
const STATUS = { white: 0, black: 1 } as const;
const DATABASE_URL = 'ASSAY_DATABASE_URL';
/** What a server of its own would have at least: Debian's standard is for the smallest machine. */
const SERVER_SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB' };

const run = promisify(execFile);

/** One task in a process of its own. */
async function measured(task: string, directory: string, rows: number): Promise<Measured> {
  const { stdout } = await run(process.execPath, [WORK, task, directory, String(rows)]);
  return JSON.parse(stdout) as Measured;
}

const seconds = (milliseconds = 0): string => `${(milliseconds / 1000).toFixed(2)} s`;
const rate = (rows: number, milliseconds = 0): string =>
  `${Math.round((rows * 1000) / milliseconds).toLocaleString('en-US')} rows/s`;
const megaoctets = (octets: number): string => `${Math.round(octets / MILLION).toLocaleString('en-US')} MB`;
/** IMEIs of a type that no list names. */
const fresh = (serial: number) => String(86_000_000_000_000 + serial);

/** Where a list is imported into. */
interface Place {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** The data directory of `assay`. */
  readonly data: string;
  readonly databaseUrl?: string;
}

async function importRows({ name, data }: Place, rows: number): Promise<readonly Row[]> {
  const directory = join(data, 'operator');
  const { phases, memory } = await measured('import', directory, rows);
  const { reading = 0, comparing = 0, writing = 0, finishing = 0, total = 0, octets = 0 } = phases;
  const bare = await measured(name === 'SQLite' ? 'bare' : 'bareCopy', data, rows);
  const exported = await measured('export', directory, rows);
  const least = bare.phases['total'] ?? 0;
  const parts = `reading ${seconds(reading)}, comparing ${seconds(comparing)}, writing ${seconds(writing + finishing)}`;
  const size = name === 'SQLite' ? statSync(join(directory, 'operator.sqlite')).size : octets;
  return [
    {
      what: `import into ${name}, durable`,
      result: `${seconds(total)}, ${rate(rows, total)}: ${parts}`,
      ratio: times(least, total),
      goal: BAR,
    },
    { what: 'its memory, its database', result: `${megaoctets(memory)}, ${megaoctets(size)}` },
    {
      what: name === 'SQLite' ? 'bare bulk insert of the same rows' : 'bare COPY of the same rows, by psql',
      result: `${seconds(least)}, ${rate(rows, least)}`,
      ratio: '1.0 x',
    },
    {
      what: 'export to CSV',
      result: `${seconds(exported.phases['total'])}, ${rate(rows, exported.phases['total'])}, ${megaoctets(exported.memory)}`,
    },
  ];
}

/** Starts a node twice: from the database, then from the snapshot that it wrote when it ended. */
async function startRows({ data }: Place): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const from of ['database', 'snapshot']) {
    const node = await startRegisterNode(data);
    assert.match(String(node.serving['memory']), new RegExp(`^from the ${from}`));
    rows.push({ what: `node start from the ${from}`, result: seconds(node.startedIn) });
    await node.end();
  }
  const files = ['node.snapshot', 'node.snapshot.spared', 'node.snapshot.parts'];
  const size = files.reduce((sum, file) => sum + statSync(join(data, 'operator', file)).size, 0);
  return [...rows, { what: 'its snapshot', result: megaoctets(size) }];
}

/** Milliseconds until an answer on S13 is this. */
async function until(peer: S13Peer, imei: string, status: number): Promise<number> {
  const begun = performance.now();
  while ((await peer.check(imei)) !== status)
    if (performance.now() - begun > LONGEST) throw new Error(`imports: ${imei} was not answered ${status} in a minute`);
  return performance.now() - begun;
}

/** Changes made by one process, seen in the answers of another. */
async function changeRows({ data, databaseUrl }: Place): Promise<readonly Row[]> {
  const node = await startRegisterNode(data);
  const operator = openOperator({
    ...{ dataDirectory: join(data, 'operator'), clock: systemClock, random: systemRandom },
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const peer = await S13Peer.open(node.port);
  const seen: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    await until(peer, fresh(i), STATUS.white);
    // At any moment between two looks of the node, not right after one.
    await pause((i * 37) % BETWEEN_LOOKS);
    operator.register.lists.add({ imei: Imei.parse(fresh(i)), list: 'black', reason: 'stolen', author: 'bench' });
    seen.push(await until(peer, fresh(i), STATUS.black));
  }
  seen.sort((a, b) => a - b);
  const lines = Array.from({ length: DELTA }, (_, i) => fresh(1000 + i));
  const options = { list: 'black', source: 'regulator', author: 'bench', name: 'delta.csv' } as const;
  const begun = performance.now();
  const file = [Buffer.from(`imei\n${lines.join('\n')}\n`)];
  const { outcome } = await operator.register.importList(file, { ...options, changeLimit: DELTA });
  assert.equal(outcome, 'applied');
  const written = performance.now() - begun;
  const visible = await until(peer, lines[0]!, STATUS.black);
  peer.close();
  await operator.close();
  await node.end();
  const middle = seen[seen.length >> 1] ?? 0;
  return [
    {
      what: `one change, made durable to answered by a node (${CHANGES} of them)`,
      result: `median ${middle.toFixed(0)} ms, longest ${(seen.at(-1) ?? 0).toFixed(0)} ms`,
      goal: 'a second (eir.md)',
    },
    {
      what: `${DELTA.toLocaleString('en-US')} new lines beside them: written, then answered after`,
      result: `${seconds(written)}, ${seconds(visible)}`,
    },
  ];
}

/** Everything in one place; what is started finds the database by its environment, as `assay` does. */
async function placeRows(place: Place, millions: number): Promise<readonly Row[]> {
  mkdirSync(join(place.data, 'operator'), { mode: 0o700, recursive: true });
  process.env[DATABASE_URL] = place.databaseUrl ?? '';
  try {
    const found = [
      ...(await importRows(place, millions * MILLION)),
      ...(await startRows(place)),
      ...(await changeRows(place)),
    ];
    return found.map((row) => ({ ...row, what: `${millions} M, ${place.name}: ${row.what}` }));
  } finally {
    delete process.env[DATABASE_URL];
  }
}

/** A PostgreSQL of its own on the same disk as SQLite. */
async function postgresRows(data: string, millions: number): Promise<readonly Row[]> {
  if (!hasPostgres) return [{ what: 'PostgreSQL', result: POSTGRES_MISSING }];
  const server = await startPostgres(SERVER_SETTINGS, undefined, tmpdir());
  try {
    return await placeRows({ name: 'PostgreSQL', data, databaseUrl: server.url('bench') }, millions);
  } finally {
    await server.stop();
  }
}

/** Lists by the million. */
export const imports: Bench = {
  name: 'imports',
  what: 'a list of 1 M imported, exported, loaded by a node, changed, on SQLite and PostgreSQL (--full: 10 M; 8 GB of disk, minutes)',
  async run({ isFull }: BenchOptions): Promise<readonly Row[]> {
    const data = mkdtempSync(join(tmpdir(), 'assay-bench-'));
    const millions = isFull ? 10 : 1;
    try {
      const sqlite = await placeRows({ name: 'SQLite', data: join(data, 'sqlite') }, millions);
      return [...sqlite, ...(await postgresRows(join(data, 'postgresql'), millions))];
    } finally {
      rmSync(data, { recursive: true });
    }
  },
};
