import { DatabaseError } from './database-error.ts';

/** What went wrong, as it comes from the thread that speaks with the server. Nothing of it is secret. */
export interface PostgresFailure {
  /**
   * `refused`: the server says no. `gone`: no server, or the connection ended; nothing was changed. `unknown`: it ended while a change was
   * being committed. `newer`: the schema was brought to a newer version.
   */
  readonly kind: 'refused' | 'gone' | 'unknown' | 'newer';
  /** SQLSTATE, when the server has said one (PostgreSQL manual, appendix A). */
  readonly state: string | undefined;
  readonly message: string;
}

/** A conflict with another writer after which the whole transaction should be run again. */
export class SerialisationFailure extends DatabaseError {}
/** A row that has the key of another one. */
export class KeyTaken extends DatabaseError {}

/** What a person can do about a SQLSTATE, or about the class that its first two characters are. */
const ADVICE: Readonly<Record<string, { readonly problem: string; readonly temporary: boolean }>> = {
  '22': { problem: 'a value that its column cannot hold', temporary: false },
  '22021': { problem: 'a text that the database cannot hold; its encoding must be UTF8', temporary: false },
  '25006': { problem: 'the server takes no writes (a standby?); nothing was changed, try again', temporary: true },
  '25P02': { problem: 'an earlier statement of this transaction failed; nothing of it was kept', temporary: false },
  '28': { problem: 'user or password refused; check the address of the database and pg_hba.conf', temporary: false },
  '34000': { problem: 'the connection was lost while a long list was read; read it again', temporary: true },
  '3D000': { problem: 'there is no such database; create it, or correct the address', temporary: false },
  '3F000': { problem: 'there is no such schema; create it, or correct the address', temporary: false },
  '42501': { problem: 'no permission; make our user the owner of the database or schema', temporary: false },
  '53': { problem: 'the server has no room for this now (memory, connections); try again', temporary: true },
  '53100': {
    problem: 'the disk of the server is full; free some space, nothing acknowledged was lost',
    temporary: true,
  },
  '55P03': {
    problem: 'locked by another process for too long; try again, or stop the other process',
    temporary: true,
  },
  '57014': { problem: 'a statement took too long and was stopped; nothing of it was kept', temporary: true },
  '58': { problem: 'the disk of the server failed to read or write; check it', temporary: true },
  XX: { problem: 'the data are damaged; stop, keep a copy, restore a backup', temporary: false },
};
/** Classes whose messages name tables and constraints, but no data. */
const HARMLESS = /^(?:23|42|0A|P0|40)/;
/** Serialization failure and deadlock: the transaction was undone and may be run again. */
const CONFLICTS: readonly string[] = ['40001', '40P01'];
const UNIQUE_VIOLATION = '23505';

/** A failure as the error that callers see. */
export function failureError(shown: string, failure: PostgresFailure): DatabaseError {
  const { kind, state, message } = failure;
  switch (kind) {
    case 'gone':
      return new DatabaseError(
        `${shown}: the database cannot be reached (${message}); nothing was changed; check that it runs, then try again`,
        { temporary: true },
      );
    case 'unknown':
      return new DatabaseError(
        `${shown}: the connection ended while a change was being committed (${message}); ` +
          'whether the change was kept is not known: look before you make it again',
        { temporary: true, isOutcomeUnknown: true },
      );
    case 'newer':
      return new DatabaseError(
        `${shown}: ${message} was written by a newer Assay; run the newer one, or restore a backup from before the update`,
      );
    case 'refused':
      return state === undefined ? new DatabaseError(`${shown}: ${message}`) : refusal(shown, state, message);
  }
}

function refusal(shown: string, state: string, message: string): DatabaseError {
  const words = HARMLESS.test(state) ? message : `SQLSTATE ${state}`;
  if (CONFLICTS.includes(state))
    return new SerialisationFailure(`${shown}: another process changed the same (${words}); try again`, {
      temporary: true,
    });
  if (state === UNIQUE_VIOLATION) return new KeyTaken(`${shown}: ${words}`);
  const advice = ADVICE[state] ?? ADVICE[state.slice(0, 2)];
  if (advice === undefined) return new DatabaseError(`${shown}: ${words}`);
  return new DatabaseError(`${shown}: ${advice.problem} (${words})`, { temporary: advice.temporary });
}
