import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The process itself, not bin/assay.mjs, which starts it as a child: a test kills it. */
const MAIN = join(fileURLToPath(new URL('../..', import.meta.url)), 'src', 'cli', 'main.ts');
const START_MILLISECONDS = 20_000;

/** A register node in a process of its own. */
export interface NodeProcess {
  readonly port: number;
  /** What it printed about itself when it listened. */
  readonly serving: Readonly<Record<string, unknown>>;
  readonly child: ChildProcess;
  /** Ends it; SIGTERM lets it drain, SIGKILL does not. Kept when it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Whatever says when a test is over: its context, or what a program has instead. */
interface Over {
  after(end: () => Promise<void>): void;
}

/** Starts `assay register serve` with N5g-eir; kept when it listens. */
export async function startNode(
  context: Over,
  {
    data,
    port = 0,
    more = [],
    env = {},
  }: { data: string; port?: number; more?: readonly string[]; env?: Record<string, string> },
): Promise<NodeProcess> {
  const args = ['register', 'serve', '--json', '--n5g-eir-port', String(port), '--data', data, ...more];
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  context.after(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  let [printed, warned] = ['', ''];
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk: string) => {
    warned += chunk;
  });
  const serving = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the node did not start: ${warned}`)), START_MILLISECONDS);
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}: ${warned}`)));
    child.stdout.on('data', (chunk: string) => {
      printed += chunk;
      if (!printed.includes('\n')) return;
      clearTimeout(late);
      resolve((JSON.parse(printed) as { serving: Record<string, unknown> }).serving);
    });
  });
  const address = String(serving['N5g-eir (HTTP/2)']);
  return {
    port: Number(address.slice(address.lastIndexOf(':') + 1)),
    serving,
    child,
    async end(signal) {
      child.kill(signal);
      await gone;
    },
  };
}

/** What a check came to: a status, an HTTP status, or that the connection broke. */
export type Outcome = 'WHITELISTED' | 'GREYLISTED' | 'BLACKLISTED' | `HTTP ${string}` | 'broken';

/** A core network's side: one connection that is opened again when it breaks, as an AMF does. */
export class Asker {
  readonly #port: number;
  #session: ClientHttp2Session | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Asks once; `broken` when no answer came because the connection ended. */
  async ask(query: string): Promise<Outcome> {
    const session = this.#open();
    return new Promise((resolve) => {
      let [status, body] = ['', ''];
      const stream = session.request({ ':path': `/n5g-eir-eic/v1/equipment-status?${query}`, 'user-agent': 'AMF' });
      stream.setEncoding('utf8');
      stream.on('response', (headers) => {
        status = String(headers[':status']);
      });
      stream.on('data', (chunk: string) => {
        body += chunk;
      });
      stream.on('error', () => {});
      stream.on('close', () => {
        if (status === '') resolve('broken');
        else
          resolve(status === '200' ? ((JSON.parse(body) as { status: Outcome }).status ?? 'broken') : `HTTP ${status}`);
      });
    });
  }

  /** Asks until an answer comes: a request that was not answered may be repeated (RFC 9113 8.7), as a real AMF's library does. */
  async insist(query: string, tries = 50): Promise<Outcome> {
    for (let left = tries; left > 0; left--) {
      const outcome = await this.ask(query);
      if (outcome !== 'broken') return outcome;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return 'broken';
  }

  close(): void {
    this.#session?.close();
  }

  #open(): ClientHttp2Session {
    const open = this.#session;
    if (open !== undefined && !open.closed && !open.destroyed) return open;
    const session = connect(`http://127.0.0.1:${this.#port}`);
    const forget = () => {
      if (this.#session === session) this.#session = undefined;
    };
    session.on('error', forget);
    session.on('goaway', forget);
    session.on('close', forget);
    this.#session = session;
    return session;
  }
}

/** Asserts that it holds before `milliseconds` are over; gives how long it took. */
export async function within(milliseconds: number, holds: () => Promise<boolean>): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < milliseconds) {
    if (await holds()) return performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`expected it to hold within ${milliseconds} ms`);
}
