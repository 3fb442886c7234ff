import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { type Clock, type Random, systemClock, systemRandom } from '#base/port/index.ts';
import { type Scheduler, systemScheduler } from '#protocol/smpp/index.ts';

/** How much is told on standard error, the least first: `traffic` shows every hop between operator, SMSC and networks, and where a fault came from. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'traffic'] as const;
/** How much is told on standard error. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** True when a message of this level is told. */
export const tells = (io: Pick<Io, 'logLevel'>, level: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(io.logLevel ?? 'info');

/** Tells a line on standard error, when the log level has it. */
export function note(io: Pick<Io, 'logLevel' | 'warn'>, level: LogLevel, text: string): void {
  if (tells(io, level)) io.warn(`${text}\n`);
}

/** Who sits at the terminal. */
export interface Person {
  /** Shows a question, keeps the line that is typed; undefined when there is none any more (Ctrl-D). */
  ask(question: string): Promise<string | undefined>;
}

/** What a command has of the world around it: what it prints to, its environment, time and chance, and how it is told to end. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output; kept when there is room for more. */
  write(text: string): Promise<void>;
  /** Standard error. */
  warn(text: string): void;
  /** Standard output shows colours: it is a terminal, or FORCE_COLOR says so; never with NO_COLOR or --no-color. */
  readonly isColoured: boolean;
  /** The person at the terminal; undefined when a program runs the command. */
  readonly person?: Person;
  /** Standard error is a terminal: one line of it may be written again and again. */
  readonly showsProgress?: boolean;
  /** What is told on standard error; default `info`. */
  readonly logLevel?: LogLevel;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Who runs the command, as a log names him. */
  readonly userName: string;
  /** Kept when somebody wants the program to end (Ctrl-C, SIGTERM, SIGHUP). From the first call on, that is the caller's to do. */
  interrupted(): Promise<void>;
  /** How the command ended (EXIT). */
  exitCode: number;
}

function nameOf(env: Io['env']): string {
  const name = env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'];
  if (name !== undefined && name !== '') return name;
  try {
    return userInfo().username;
  } catch {
    // A process of a user number without a name, as in containers.
    return 'command line';
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** 128 and the number of SIGINT, as shells count. */
const IMPATIENT = 130;

let interruption: Promise<void> | undefined;

/** A second Ctrl-C ends the process at once: what is acknowledged is on the disk already. */
function interrupted(): Promise<void> {
  interruption ??= new Promise((resolve) => {
    let isAsked = false;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (isAsked) process.exit(IMPATIENT);
        isAsked = true;
        resolve();
      });
  });
  return interruption;
}

/** https://no-color.org, and FORCE_COLOR as Node itself reads it. */
export function hasColours(env: Io['env'], isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** Questions go to standard error: standard output is for what the command gives. Lines that were pasted at once answer one question each. */
function personAtTerminal(): Person {
  const pasted: string[] = [];
  return {
    ask(question) {
      const ready = pasted.shift();
      if (ready !== undefined) {
        process.stderr.write(`${question}${ready}\n`);
        return Promise.resolve(ready);
      }
      return typedLine(question, pasted);
    },
  };
}

/** The line that is typed now; further ones that came with it are put into `more`. The terminal is as before when it is given. */
function typedLine(question: string, more: string[]): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let first: string | undefined;
  // Readline holds back the signal: here it ends the program as everywhere.
  lines.once('SIGINT', () => {
    process.stderr.write('\n');
    lines.close();
    process.kill(process.pid, 'SIGINT');
  });
  lines.on('line', (line) => {
    if (first !== undefined) {
      more.push(line);
      return;
    }
    first = line;
    setImmediate(() => lines.close());
  });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(first));
    lines.setPrompt(question);
    lines.prompt();
  });
}

/** The process's own. A reader that has enough (`| head`) is no error: what is written further is lost. */
export function processIo(): Io {
  let isGone = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      isGone = true;
    });
  return {
    env: process.env,
    write(text) {
      if (isGone || process.stdout.write(text)) return Promise.resolve();
      return new Promise((resolve) => {
        process.stdout.once('drain', resolve);
        process.stdout.once('error', () => resolve());
      });
    },
    warn: (text) => void process.stderr.write(text),
    isColoured: hasColours(process.env, process.stdout.isTTY === true),
    ...(process.stdin.isTTY === true && process.stderr.isTTY === true && { person: personAtTerminal() }),
    showsProgress: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    stdin: process.stdin,
    clock: systemClock,
    random: systemRandom,
    scheduler: systemScheduler,
    userName: nameOf(process.env),
    interrupted,
    exitCode: 0,
  };
}
