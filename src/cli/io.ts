import { userInfo } from 'node:os';
import { type Clock, type Random, systemClock, systemRandom } from '#base/port/index.ts';
import { type Scheduler, systemScheduler } from '#protocol/smpp/index.ts';

/** What a command has of the world around it: what it prints to, its environment, time and chance, and how it is told to end. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output; kept when there is room for more. */
  write(text: string): Promise<void>;
  /** Standard error. */
  warn(text: string): void;
  /** Standard output is a terminal that shows colours. */
  readonly isColoured: boolean;
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
    isColoured: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
    stdin: process.stdin,
    clock: systemClock,
    random: systemRandom,
    scheduler: systemScheduler,
    userName: nameOf(process.env),
    interrupted,
    exitCode: 0,
  };
}
