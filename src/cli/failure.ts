import { CodecError } from '#base/codec/index.ts';
import { IdentityError } from '#base/identity/index.ts';

/** Exit statuses of every command. */
export const EXIT = { yes: 0, no: 1, wrongUse: 2, thisMachine: 3, peer: 4 } as const;

/** A command that cannot go on: what was expected, what came, what to do; and its exit status. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Errors of rooms that mean wrong input. */
const INPUT_ERRORS: ReadonlySet<string> = new Set([
  'SubscriberError',
  'WorkshopError',
  'FactoryError',
  'UiccPersonalisationError',
  'MalformedFile',
  'InvalidArgumentError',
  'TraceFileError',
  'RangeError',
]);
/** Errors of rooms that mean this machine: disk, permission, version, another process. */
const MACHINE_ERRORS: ReadonlySet<string> = new Set(['DatabaseError', 'CardMemoryError', 'InUse']);
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

/** The exit status and the line for a person of any error. Unknown errors are faults of the program: they say where to look. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof IdentityError || error instanceof CodecError) return new Failure(EXIT.wrongUse, error.message);
  if (!(error instanceof Error)) return new Failure(EXIT.thisMachine, String(error));
  if (INPUT_ERRORS.has(error.name)) return new Failure(EXIT.wrongUse, error.message);
  if (MACHINE_ERRORS.has(error.name)) return new Failure(EXIT.thisMachine, error.message);
  const { code, path } = error as NodeJS.ErrnoException;
  const advice = code === undefined ? undefined : SYSTEM_ADVICE[code];
  if (advice !== undefined) {
    const about = path === undefined ? error.message : path;
    return new Failure(PEER_CODES.has(code ?? '') ? EXIT.peer : EXIT.thisMachine, `${about}: ${advice}`);
  }
  return new Failure(EXIT.thisMachine, `${error.message} (set ASSAY_DEBUG=1 to see where)`);
}
