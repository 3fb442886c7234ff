// pcscd with vpcd, our cards as `assay card serve` has them, and a PC/SC client on pyscard: each a process of its own, ended by its number.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');
const CLIENT = join(import.meta.dirname, 'client.py');
const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
/** Debian's own Python, for which its pyscard is. */
const PYTHON = '/usr/bin/python3';
/** A port of our own: a pcscd that somebody else runs would have 35963. */
const PORT = 36_163;
export const READERS = ['Virtual PCD 00 00', 'Virtual PCD 00 01'] as const;

const PACKAGES = 'pcscd vsmartcard-vpcd opensc pcsc-tools python3-pyscard';
const isThere =
  existsSync(DRIVER) &&
  [
    ['pcscd', '--version'],
    ['opensc-tool', '--version'],
    ['scriptor', '-h'],
    [PYTHON, '-c', 'import smartcard'],
  ].every(([program = '', ...words]) => spawnSync(program, words).error === undefined) &&
  spawnSync(PYTHON, ['-c', 'import smartcard']).status === 0;
/** On a build machine a missing peer is a failure, elsewhere a visible skip. pcscd has one socket for the machine, which is root's to make. */
export const missing: string | false =
  process.env['CI'] !== undefined
    ? false
    : !isThere
      ? `a program is missing: install the packages ${PACKAGES}`
      : process.getuid?.() === 0
        ? false
        : 'pcscd needs root';

/** Who ends what was started: a test, or whoever else has an end. */
export type Owner = Pick<TestContext, 'after'>;

/** The process of a pcscd that runs, as it notes it; undefined when there is none. */
function otherPcscd(): number | undefined {
  try {
    const owner = Number.parseInt(readFileSync('/run/pcscd/pcscd.pid', 'latin1'), 10);
    process.kill(owner, 0);
    return owner;
  } catch {
    return undefined;
  }
}

/** Runs `attempt` until it does not throw, for twenty seconds or as long as is said. */
export async function eventually<T>(attempt: () => T | Promise<T>, milliseconds = 20_000): Promise<T> {
  for (const end = Date.now() + milliseconds; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(100);
    }
  }
}

/** Ends a process and waits until it is gone. */
export async function kill(one: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (one.exitCode !== null || one.signalCode !== null) return;
  one.kill(signal);
  await once(one, 'exit');
}

/** What the client says, or the number of a PC/SC error. */
export interface ClientAnswer {
  readonly error?: string;
  readonly readers?: readonly string[];
  readonly present?: readonly boolean[];
  readonly protocol?: string;
  readonly atr?: string;
  readonly response?: string;
  readonly milliseconds?: readonly number[];
}

/** A PC/SC client in a process of its own. */
export class Client {
  readonly program: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(context: Owner) {
    this.program = spawn(PYTHON, [CLIENT], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.program;
    assert.ok(stdout);
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
    context.after(() => kill(this.program));
  }

  async ask(request: Readonly<Record<string, unknown>>): Promise<ClientAnswer> {
    this.program.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    assert.ok(done !== true, 'the client ended');
    return JSON.parse(value) as ClientAnswer;
  }

  /** Asks until no PC/SC error comes. */
  async done(request: Readonly<Record<string, unknown>>): Promise<ClientAnswer> {
    return eventually(async () => {
      const answer = await this.ask(request);
      assert.equal(answer.error, undefined, JSON.stringify(request));
      return answer;
    });
  }

  async transmit(slot: number, apdu: string): Promise<string> {
    const { response, error } = await this.ask({ do: 'transmit', slot, apdu: apdu.replaceAll(' ', '') });
    return response ?? `error ${error}`;
  }

  /** Sends commands and expects these answers. */
  async expect(slot: number, ...pairs: readonly (readonly [command: string, response: string])[]): Promise<void> {
    for (const [command, response] of pairs)
      assert.equal(await this.transmit(slot, command), response.replaceAll(' ', ''), command);
  }
}

/** pcscd, data directories and cards of one test. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'assay-pcsc-'));
  #pcscd: ChildProcess | undefined;

  private constructor(context: Owner) {
    context.after(async () => {
      await this.killPcscd();
      rmSync(this.folder, { recursive: true });
    });
  }

  /** A world whose pcscd runs, and whose vpcd listens for cards. */
  static async open(context: Owner): Promise<World> {
    const world = new World(context);
    world.#configure(`/dev/null:0x${PORT.toString(16).toUpperCase()}`, PORT);
    await world.startPcscd();
    return world;
  }

  #configure(device: string, port: number): void {
    const channel = `CHANNELID 0x${port.toString(16).toUpperCase()}`;
    const reader = ['FRIENDLYNAME "Virtual PCD"', `DEVICENAME ${device}`, `LIBPATH ${DRIVER}`, channel];
    writeFileSync(join(this.folder, 'readers'), `${reader.join('\n')}\n`);
  }

  /** Starts pcscd, of which there is one on a machine: another one is waited for, and then complained of. */
  async startPcscd(): Promise<void> {
    await eventually(() => {
      const other = otherPcscd();
      assert.equal(other, undefined, `pcscd runs already, as process ${other}: stop it`);
    }, 120_000);
    const program = spawn('pcscd', ['--foreground', '--error', '--config', join(this.folder, 'readers')], {
      stdio: 'ignore',
    });
    this.#pcscd = program;
    await eventually(() => {
      assert.match(
        execFileSync('opensc-tool', ['--list-readers'], { encoding: 'utf8', stdio: 'pipe' }),
        /Virtual PCD 00 01/,
      );
    });
  }

  async killPcscd(): Promise<void> {
    if (this.#pcscd) await kill(this.#pcscd);
  }

  /** `assay` to its end; what it printed. */
  assay(...args: readonly string[]): string {
    return execFileSync(process.execPath, [MAIN, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ASSAY_DATA: join(this.folder, 'data') },
    });
  }

  /** `assay card serve`, when pcscd sees as many cards as it should. */
  async serve(context: Owner, cards: number, ...args: readonly string[]): Promise<ChildProcess> {
    const program = this.#cards(context, '--connect', `127.0.0.1:${PORT}`, ...args);
    await this.sees(cards);
    return program;
  }

  #cards(context: Owner, ...args: readonly string[]): ChildProcess {
    const program = spawn(process.execPath, [MAIN, 'card', 'serve', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ASSAY_DATA: join(this.folder, 'data') },
    });
    // What nobody reads may not fill the pipe.
    program.stdout.resume();
    context.after(() => kill(program));
    return program;
  }

  /** Waits until opensc-tool lists so many cards. */
  sees(cards: number): Promise<void> {
    return eventually(() => {
      const list = execFileSync('opensc-tool', ['--list-readers'], { encoding: 'utf8' });
      assert.equal(list.match(/Yes/g)?.length ?? 0, cards, list);
    });
  }
}
