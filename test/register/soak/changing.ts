import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Acknowledgement, Change, Dump, Order } from './change.ts';

const PROGRAM = fileURLToPath(new URL('./changing-process.ts', import.meta.url));
const PATIENCE_MILLISECONDS = 60_000;

/** What became of an order; undefined when the process was killed before it said so. */
type Said = Acknowledgement | undefined;

/** The changing process, as the soak speaks with it. */
export class Changing {
  readonly #child: ChildProcess;
  readonly #data: string;
  readonly #waiting = new Map<number, (said: Said) => void>();
  readonly #gone: Promise<void>;
  #id = 0;
  #complaint = '';

  private constructor(data: string, databaseUrl: string | undefined) {
    this.#data = data;
    const args = databaseUrl === undefined ? [data] : [data, databaseUrl];
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said: Acknowledgement = JSON.parse(line);
      this.#waiting.get(said.id)?.(said);
      this.#waiting.delete(said.id);
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    // `close`: all it has printed was read.
    this.#gone = new Promise((resolve) =>
      child.once('close', () => {
        process.off('exit', kill);
        for (const hear of this.#waiting.values()) hear(undefined);
        this.#waiting.clear();
        resolve();
      }),
    );
  }

  /** Starts it; kept when it takes orders. */
  static async start(data: string, databaseUrl: string | undefined): Promise<Changing> {
    const changing = new Changing(data, databaseUrl);
    const ready = await changing.#heard(0);
    if (ready === undefined) throw new Error(`the changing process did not start: ${changing.#complaint}`);
    return changing;
  }

  make(change: Change): Promise<Said> {
    return this.#order((id) => ({ id, make: change }));
  }

  /** All that stands; undefined when it cannot be read now. */
  async dump(): Promise<Dump | undefined> {
    const path = join(this.#data, 'dump.json');
    const said = await this.#order((id) => ({ id, dump: path }));
    if (said?.outcome !== 'done') return undefined;
    const dump: Dump = JSON.parse(readFileSync(path, 'utf8'));
    rmSync(path);
    return dump;
  }

  /** What is wrong with the data as a whole. */
  async verify(): Promise<readonly string[]> {
    const said = await this.#order((id) => ({ id, verify: true }));
    return said?.problems ?? [`the data could not be looked at: ${said?.problem}`];
  }

  /** SIGKILL; kept when all it acknowledged was heard. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #order(order: (id: number) => Order): Promise<Said> {
    const id = ++this.#id;
    const said = this.#heard(id);
    this.#child.stdin?.write(`${JSON.stringify(order(id))}\n`);
    return said;
  }

  #heard(id: number): Promise<Said> {
    return new Promise((resolve, reject) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return resolve(undefined);
      const late = setTimeout(
        () => reject(new Error(`the changing process says nothing: ${this.#complaint}`)),
        PATIENCE_MILLISECONDS,
      );
      this.#waiting.set(id, (said) => {
        clearTimeout(late);
        resolve(said);
      });
    });
  }
}
