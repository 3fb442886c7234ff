import { CodecError } from '#base/codec/index.ts';
import { IdentityError } from '#base/identity/index.ts';

/** Exit statuses of every command. */
export const EXIT = { ok: 0, no: 1, usage: 2, machine: 3, peer: 4, fault: 70 } as const;

/** A command that cannot go on: what was expected, what came, what to do; and its exit status. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Wrong input, in a line. */
export const wrongInput = (message: string): Failure => new Failure(EXIT.usage, message);

/** Runs what refuses with RangeError what makes no sense: that is wrong input then. */
export function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof RangeError ? wrongInput(error.message) : error;
  }
}

/** The same for what a promise rejects with. */
export async function refusingLater<T>(act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    return refusing(() => {
      throw error;
    });
  }
}

/** Errors of rooms that mean wrong input. */
const INPUT_ERRORS: ReadonlySet<string> = new Set([
  'AccessError',
  'SubscriberError',
  'WorkshopError',
  'FactoryError',
  'UiccPersonalisationError',
  'ProfileError',
  'FilePlanError',
  'MalformedFile',
  'InvalidArgumentError',
  'TraceFileError',
  'SlotNameError',
]);
/** Errors of rooms that mean this machine: disk, permission, version, another process. */
const MACHINE_ERRORS: ReadonlySet<string> = new Set([
  'DatabaseError',
  'CardMemoryError',
  'InUse',
  'SlotError',
  'PcscError',
  'MuteCardError',
]);
const PEER_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
]);

/** What the operating system says, in words, with what to do. */
const SYSTEM_ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'no permission: choose a directory or port that this user may use',
  EPERM: 'not permitted: choose a directory that this user may use',
  ENOSPC: 'the disk is full: make room, nothing acknowledged was lost',
  EROFS: 'the disk is read-only: choose another directory with --data',
  EADDRINUSE: 'the port is in use: stop the other program, or choose another port',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is no directory: choose another with --data',
  EISDIR: 'this is a directory, expected a file',
  ECONNREFUSED: 'nobody listens there: start it first, or check host and port',
};

const statusOf = (code: string) => (PEER_CODES.has(code) ? EXIT.peer : EXIT.machine);

function codeIn(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The exit status and the line for a person of any error. Unknown errors are faults of the program: they say where to look. */
export function explained(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof IdentityError || error instanceof CodecError) return new Failure(EXIT.usage, error.message);
  if (!(error instanceof Error)) return new Failure(EXIT.fault, String(error));
  if (INPUT_ERRORS.has(error.name)) return new Failure(EXIT.usage, error.message);
  if (MACHINE_ERRORS.has(error.name)) return new Failure(EXIT.machine, error.message);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && code in SYSTEM_ADVICE)
    return new Failure(statusOf(code), `${path ?? error.message}: ${SYSTEM_ADVICE[code]}`);
  // Rooms that open ports say themselves what to do, and keep the system's error as the cause.
  const because = codeIn(error.cause);
  if (because !== undefined) return new Failure(statusOf(because), error.message);
  return new Failure(EXIT.fault, `${error.message} (a fault of Assay: --log-level traffic shows where)`);
}
