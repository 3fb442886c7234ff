import type { Column, RowOf, Value } from './column.ts';
import { DatabaseError } from './database-error.ts';

/** What may stand for a `?`; undefined is NULL, a boolean 0 or 1. */
export type Parameter = Value | undefined | boolean;

/** A prepared question. A write among them (RETURNING) is durable when it returns, as a command is. */
export interface Query<Row> {
  /** The first row, or undefined. */
  first(...parameters: readonly Parameter[]): Row | undefined;
  /** The first row; throws DatabaseError when there is none. */
  only(...parameters: readonly Parameter[]): Row;
  /** All rows: give the statement a LIMIT. */
  all(...parameters: readonly Parameter[]): readonly Row[];
  /** Row by row, for lists that do not fit in memory. Do not write to the same tables meanwhile. */
  each(...parameters: readonly Parameter[]): IterableIterator<Row>;
}

/** A prepared change. */
export interface Command {
  /** Runs it; the number of rows changed. */
  run(...parameters: readonly Parameter[]): { readonly changes: number };
}

/** The columns a query reads, in camelCase for their snake_case names. */
export type Columns = Readonly<Record<string, Column<unknown>>>;

/**
 * One connection to a database. All calls are synchronous and throw DatabaseError; what has returned is durable. Statements are written so
 * that SQLite and PostgreSQL understand them: `?` or `?1` for parameters, `ON CONFLICT`, `CASE`, columns of a conflict by their table's name.
 */
export interface Database {
  /** Where the data are, for people: a file, or an address without its password. */
  readonly path: string;
  /** Rows best written in one transaction of many: enough to be quick, few enough that this thread, and other writers, do not wait long. */
  readonly rowsTogether: number;
  /** Prepares a SELECT (or RETURNING). A column that the statement does not give is a DatabaseError, at the latest when it first runs. */
  query<C extends Columns>(sql: string, columns: C): Query<RowOf<C>>;
  /** Prepares an INSERT, UPDATE or DELETE. */
  command(sql: string): Command;
  /** Runs statements that return nothing, as they are. */
  execute(sql: string): void;
  /**
   * All or nothing, durable when it returns, one writer at a time. Inside another transaction it joins that one. `work` must not wait for
   * anything, and may be run again after a conflict with another writer: nothing of its first run is kept.
   */
  transaction<T>(work: () => T): T;
  /**
   * Inserts many rows, all or none; returns how many. `replacing`: the columns of a unique key; a row that has the same key is replaced.
   * A key may stand only once among the rows. Table and columns are names of the schema, never text from outside.
   */
  copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly Parameter[]>,
    replacing?: readonly string[],
  ): number;
  /** What `work` deletes is overwritten in the file at once, also in pages that become free by it. It costs writes: for erasing on purpose. */
  overwriting<T>(work: () => T): T;
  /**
   * Writes the whole file anew when it has at most `mostOctets`, and empties its log, so that no trace of what was deleted stands anywhere
   * in them. Others wait meanwhile. `larger`: only the log was emptied; `busy`: somebody else is in it, try again later.
   */
  scrub(mostOctets: number): 'done' | 'larger' | 'busy';
  /** What is wrong with the data as far as the database can tell; empty when it is sound. May take long. */
  integrityProblems(): readonly string[];
  /** Ends the connection; a second call does nothing. */
  close(): void;
}

/** A parameter as databases take it. Throws DatabaseError for a text that cannot be kept exactly: U+0000, half a surrogate pair. */
export function givenValue(value: Parameter): Value {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
    throw new DatabaseError(
      'a text: expected Unicode without U+0000 and without half surrogate pairs; change the text',
    );
  return value;
}

/** `answerCounter` of a row is `answer_counter` of a table. */
const columnName = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What makes rows of the columns that a statement gives. Throws DatabaseError when it does not give one of them. */
export function rowReader<C extends Columns>(
  columns: C,
  found: readonly string[],
  sql: string,
): (values: readonly Value[]) => RowOf<C> {
  const places = Object.entries(columns).map(([name, read]) => {
    const at = found.indexOf(columnName(name));
    if (at < 0) throw new DatabaseError(`expected a column ${columnName(name)} in: ${sql}`);
    return { name, read, at };
  });
  return (values) => {
    const made: Record<string, unknown> = {};
    for (const place of places) made[place.name] = place.read(values[place.at], place.name);
    // Filled from the same table the type is inferred from.
    return made as RowOf<C>;
  };
}

const NAME = /^[a-z][a-z_]*$/;

/** The INSERT of a `copyIn`, up to the rows (`head`) and from them on (`tail`). Throws DatabaseError for names that are none. */
export function copyStatement(
  table: string,
  columns: readonly string[],
  replacing: readonly string[] | undefined,
): { readonly head: string; readonly tail: string } {
  const bad = [table, ...columns, ...(replacing ?? [])].find((name) => !NAME.test(name));
  if (bad !== undefined || columns.length === 0)
    throw new DatabaseError(`expected names of the schema, got '${bad ?? 'no columns'}'`);
  const head = `INSERT INTO ${table} (${columns.join(', ')})`;
  if (replacing === undefined) return { head, tail: '' };
  const others = columns.filter((name) => !replacing.includes(name)).map((name) => `${name} = excluded.${name}`);
  const action = others.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${others.join(', ')}`;
  return { head, tail: ` ON CONFLICT (${replacing.join(', ')}) ${action}` };
}
