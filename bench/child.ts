import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
/** Clock ticks a second in /proc: 100 on every Linux there is. */
const TICKS = 100;

/** A process of a bench that serves. */
export interface Child {
  /** The first line it printed. */
  readonly said: string;
  /** Milliseconds from its start to that line. */
  readonly startedIn: number;
  /** Seconds of processor that it has used so far, all threads; undefined where the system does not say. */
  processor(): number | undefined;
  /** Ends it by SIGTERM; kept when it is gone. */
  end(): Promise<void>;
}

/** Starts a program and waits for its first line. Rejects with what it complained of when it ends before. */
export async function startChild(program: string, ...options: readonly string[]): Promise<Child> {
  const begun = performance.now();
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  let warned = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    warned += text;
  });
  // A bench that fails leaves nothing behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    gone.then((code) => Promise.reject(new Error(`${program} ended with ${code}: ${warned}`))),
    new Promise<never>((_, reject) => child.once('error', reject)),
  ]);
  return {
    said,
    startedIn: performance.now() - begun,
    processor: () => processorOf(child),
    async end() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** A script of this folder, or of another, run by this Node. */
export const startScript = (file: URL, ...options: readonly string[]): Promise<Child> =>
  startChild(process.execPath, fileURLToPath(file), ...options);

/** A register node with S13 for `mme.test`, over this data; `port` is where it listens. */
export async function startRegisterNode(data: string, ...more: readonly string[]) {
  const fronts = [
    '--s13-port',
    '0',
    '--s13-peer',
    'mme.test=127.0.0.1',
    '--origin-host',
    'eir.test',
    '--realm',
    'test',
  ];
  const options = ['register', 'serve', '--json', '--data', data, ...fronts, ...more];
  const child = await startChild(process.execPath, MAIN, ...options);
  const { serving } = JSON.parse(child.said) as { readonly serving: Readonly<Record<string, unknown>> };
  const address = String(serving['S13 (Diameter)']);
  return { ...child, serving, port: Number(address.slice(address.lastIndexOf(':') + 1)) };
}

/** Whether a program is installed: it can be run with these options. */
export const isThere = (program: string, ...options: readonly string[]): boolean =>
  spawnSync(program, options, { stdio: 'ignore' }).error === undefined;

/** A port that nobody listens on, for a program that does not say which one it took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Seconds of processor that a process has used, all threads; undefined where the system does not say. */
export function processorOf({ pid }: Pick<ChildProcess, 'pid'>): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name in brackets, which may hold anything: user time is the 12th word, system time the 13th.
  const words = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(words[11]) + Number(words[12])) / TICKS;
}
