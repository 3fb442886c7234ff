/** A data directory, database or master key that cannot be used: what was expected, what was found, what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** True when the same call may succeed later (locked, full disk): a sender should repeat what it sent. */
  readonly temporary: boolean;
  /** True when the change may have been kept or not: the connection ended during its commit. */
  readonly isOutcomeUnknown: boolean;
  constructor(
    message: string,
    options: { readonly temporary?: boolean; readonly isOutcomeUnknown?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.temporary = options.temporary ?? false;
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? false;
  }
}

/** Result codes of SQLite (sqlite.org/rescode.html), low octet, with what a person can do about each. */
const ADVICE: Readonly<Record<number, { readonly problem: string; readonly temporary: boolean }>> = {
  3: { problem: 'no permission; check owner and mode of the data directory', temporary: false },
  5: { problem: 'locked by another process for too long; try again, or stop the other process', temporary: true },
  6: { problem: 'a table is locked; try again', temporary: true },
  8: { problem: 'not writable; check owner and mode of the data directory', temporary: false },
  10: { problem: 'the disk failed to read or write; check the disk', temporary: true },
  11: { problem: 'damaged; stop, keep a copy, restore a backup', temporary: false },
  13: { problem: 'the disk is full; free some space, nothing acknowledged was lost', temporary: true },
  14: { problem: 'cannot be opened; check that the data directory exists and is yours', temporary: false },
  26: { problem: 'is no SQLite database; move the file away or choose another data directory', temporary: false },
};

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** An error of node:sqlite about the file at `path` as a DatabaseError; any other value comes back as it is. */
export function explained(path: string, error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const advice = ADVICE[code];
  const problem = advice?.problem ?? (error as Error).message;
  return new DatabaseError(`${path}: ${problem}`, { temporary: advice?.temporary ?? false, cause: error });
}

/** True when SQLite says that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === 5;
}
