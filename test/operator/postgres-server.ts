// A private PostgreSQL for tests: its own directory, a Unix socket, no network; it ends with the process that started it.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The package to install when there is none. */
export const POSTGRES_MISSING = 'PostgreSQL is not installed here: install the package postgresql';
const START_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 20;
const MEMORY = '/dev/shm';
const LEAST_MEMORY = 1 << 30;

/** Folders that may hold the programs of a server, the newest version first. */
function* folders(): Generator<string> {
  yield* (process.env['PATH'] ?? '').split(delimiter);
  for (const [above, below] of [
    ['/usr/lib/postgresql', 'bin'],
    ['/opt/homebrew/opt', 'bin'],
    ['/usr/local/opt', 'bin'],
    ['/usr', 'bin'],
  ] as const) {
    if (!existsSync(above)) continue;
    const versions = readdirSync(above).filter(
      (name) => above.endsWith('postgresql') || /^(?:postgresql@|pgsql-)\d/.test(name),
    );
    for (const name of versions.toSorted().toReversed()) yield join(above, name, below);
  }
}

/** The folder of all its programs; some systems link only a few of them into another one. */
const found = [...folders()].find(
  (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
);

const home = found && dirname(realpathSync(join(found, 'initdb')));

/** False when no PostgreSQL is installed. */
export const hasPostgres = home !== undefined && process.platform !== 'win32';

/** Memory where there is enough of it: many tests commit often. */
function workplace(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > LEAST_MEMORY ? MEMORY : tmpdir();
}

/** The server refuses to run as root. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** One server. */
export interface TestPostgres {
  /** Where it keeps its data. */
  readonly data: string;
  /** The directory of its socket, as a host of an address. */
  readonly host: string;
  /** An address; the schema is made when it is first opened. */
  url(schema: string): string;
  /** The address of another database than the standard one. */
  urlOf(database: string): string;
  /** SIGKILL to the server and all its processes, as a power cut would do. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  /** Stops all its processes where they are. */
  pause(): void;
  /** Lets them go on. */
  resume(): void;
  /** Makes a standby the primary. */
  promote(): void;
  /** From now on over TCP only with TLS and a password; the server gets copies of these files. */
  encrypt(files: { readonly certificate: string; readonly key: string }): void;
  /** Runs statements, each in a transaction of its own. */
  sql(...statements: readonly string[]): void;
  /** Runs a statement in another process again and again, from now on, until it gives a row. */
  later(statement: string): Promise<void>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

function run(program: string, args: readonly string[]): void {
  const done = spawnSync(join(home ?? '', program), args, { ...owner(), cwd: tmpdir(), encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
}

/**
 * Starts a fresh server; `settings` are lines of postgresql.conf; `copyOf`: a standby of this one instead; `place`: the directory that holds
 * its own, memory where there is enough unless it is named.
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  copyOf?: TestPostgres,
  place: string = workplace(),
): Promise<TestPostgres> {
  if (home === undefined) throw new Error(POSTGRES_MISSING);
  const host = mkdtempSync(join(place, 'assay-pg-'));
  const account = owner();
  if (account !== undefined) chownSync(host, account.uid, account.gid);
  const data = join(host, 'data');
  if (copyOf === undefined)
    run('initdb', ['-D', data, '-U', 'assay', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']);
  else
    run('pg_basebackup', [
      '-D',
      data,
      '-h',
      copyOf.host,
      '-U',
      'assay',
      '-R',
      '-X',
      'stream',
      '--no-sync',
      '-d',
      'application_name=standby',
    ]);
  const server = new Server(host, data, settings);
  await server.start();
  return server;
}

/** The server dies when its standard input ends, and that is when this process does. */
const GUARD =
  '"$0" "$@" & server=$!; read _; kill -QUIT $server 2>/dev/null; wait $server; rm -rf "$ASSAY_TEST_DIRECTORY"';

class Server implements TestPostgres {
  readonly host: string;
  readonly data: string;
  readonly #settings: Readonly<Record<string, string>>;
  #guard: ChildProcess | undefined;

  constructor(host: string, data: string, settings: Readonly<Record<string, string>>) {
    this.host = host;
    this.data = data;
    this.#settings = settings;
  }

  url(schema: string): string {
    return `${this.urlOf('postgres')}?schema=${schema}`;
  }

  urlOf(database: string): string {
    return `postgres://assay:not-asked-for@${encodeURIComponent(this.host)}/${database}`;
  }

  async start(): Promise<void> {
    const standard = {
      unix_socket_directories: this.host,
      listen_addresses: '',
      max_connections: '50',
      shared_buffers: '16MB',
      // Its memory goes with its directory, also when it is killed.
      dynamic_shared_memory_type: 'mmap',
    };
    const settings = Object.entries({ ...standard, ...this.#settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const log = openSync(join(this.host, 'log'), 'a');
    this.#guard = spawn('/bin/sh', ['-c', GUARD, join(home ?? '', 'postgres'), '-D', this.data, ...settings], {
      ...owner(),
      cwd: this.host,
      env: { ...process.env, ASSAY_TEST_DIRECTORY: this.host },
      stdio: ['pipe', 'ignore', log],
      detached: true,
    });
    closeSync(log);
    this.#guard.unref();
    // Typed as a stream; a pipe is a socket.
    (this.#guard.stdin as Socket).unref();
    for (const until = Date.now() + START_MILLISECONDS; !this.#isReady(); await setTimeout(POLL_MILLISECONDS))
      if (Date.now() > until)
        throw new Error(`PostgreSQL does not start: ${readFileSync(join(this.host, 'log'), 'utf8')}`);
  }

  /** Line 8 of postmaster.pid (storage.html). */
  #isReady(): boolean {
    const lines = this.#lockFile();
    return /^(?:ready|standby)/.test(lines[7] ?? '');
  }

  #lockFile(): readonly string[] {
    const path = join(this.data, 'postmaster.pid');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  }

  /** A signal to the postmaster first: it would start anew what dies under it. */
  #signal(signal: NodeJS.Signals): void {
    const postmaster = this.#lockFile()[0] ?? '';
    const children = spawnSync('pgrep', ['-P', postmaster], { encoding: 'utf8' }).stdout.split('\n');
    for (const pid of [postmaster, ...children].map(Number)) if (pid > 0) kill(pid, signal);
  }

  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  promote(): void {
    run('pg_ctl', ['promote', '-w', '-D', this.data]);
  }

  encrypt({ certificate, key }: { readonly certificate: string; readonly key: string }): void {
    const put = (name: string, content: string) => {
      const path = join(this.data, name);
      writeFileSync(path, content, { mode: 0o600 });
      const account = owner();
      if (account !== undefined) chownSync(path, account.uid, account.gid);
    };
    put('server.crt', readFileSync(certificate, 'utf8'));
    put('server.key', readFileSync(key, 'utf8'));
    put('pg_hba.conf', 'local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n');
    this.sql('ALTER SYSTEM SET ssl = on', 'SELECT pg_reload_conf()');
  }

  sql(...statements: readonly string[]): void {
    run('psql', [...this.#psql(), ...statements.flatMap((statement) => ['-c', statement])]);
  }

  async later(statement: string): Promise<void> {
    const loop = 'until [ -n "$("$0" "$@")" ]; do sleep 0.05; done';
    const child = spawn('/bin/sh', ['-c', loop, join(home ?? '', 'psql'), ...this.#psql(), '-c', statement], {
      ...owner(),
      cwd: this.host,
    });
    await once(child, 'close');
  }

  #psql(): readonly string[] {
    return ['-h', this.host, '-p', this.#settings['port'] ?? '5432', '-U', 'assay', '-d', 'postgres', '-q', '-t', '-A'];
  }

  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#ended((guard) => guard.kill('SIGKILL'));
    // The dead postmaster may not be buried yet: its locks would then look held.
    for (const lock of [join(this.data, 'postmaster.pid'), join(this.host, '.s.PGSQL.5432.lock')]) rmSync(lock);
  }

  async stop(): Promise<void> {
    await this.#ended((guard) => guard.stdin?.end());
    rmSync(this.host, { recursive: true, force: true });
  }

  async #ended(how: (guard: ChildProcess) => void): Promise<void> {
    const guard = this.#guard;
    if (guard === undefined) return;
    this.#guard = undefined;
    const over = new Promise((resolve) => guard.once('close', resolve));
    guard.ref();
    how(guard);
    await over;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // A child that ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
