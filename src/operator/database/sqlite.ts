import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { Column, RowOf } from './column.ts';
import { DatabaseError, explained } from './database-error.ts';

/** What may stand for a `?`; undefined is NULL, a boolean 0 or 1. */
export type Parameter = SQLInputValue | undefined | boolean;

/** A prepared question. */
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
  /** Runs it; the number of rows changed and the row id of the last one inserted. */
  run(...parameters: readonly Parameter[]): { readonly changes: number; readonly rowId: number };
}

const given = (parameters: readonly Parameter[]): SQLInputValue[] =>
  parameters.map((value) => (value === undefined ? null : typeof value === 'boolean' ? Number(value) : value));

/** `answerCounter` of a row is `answer_counter` of a table. */
const columnName = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** One connection to a database file. All calls are synchronous: what has returned is durable. */
export class Database {
  readonly path: string;
  readonly #connection: DatabaseSync;
  #inTransaction = false;

  constructor(connection: DatabaseSync, path: string) {
    this.#connection = connection;
    this.path = path;
  }

  /** Prepares a SELECT (or RETURNING) whose columns are declared in camelCase for its snake_case names. */
  query<C extends Readonly<Record<string, Column<unknown>>>>(sql: string, columns: C): Query<RowOf<C>> {
    const statement = this.#prepare(sql);
    statement.setReturnArrays(true);
    const found = statement.columns().map((column) => column.name);
    const places = Object.entries(columns).map(([name, read]) => {
      const at = found.indexOf(columnName(name));
      if (at < 0) throw new DatabaseError(`expected a column ${columnName(name)} in: ${sql}`);
      return { name, read, at };
    });
    const row = (values: readonly SQLOutputValue[]): RowOf<C> => {
      const made: Record<string, unknown> = {};
      for (const place of places) made[place.name] = place.read(values[place.at], place.name);
      // Filled from the same table the type is inferred from.
      return made as RowOf<C>;
    };
    return this.#queryOf(statement, row, sql);
  }

  #queryOf<Row>(statement: StatementSync, row: (values: readonly SQLOutputValue[]) => Row, sql: string): Query<Row> {
    // setReturnArrays makes rows arrays; the declared type of node:sqlite does not follow it.
    const arrays = (value: unknown) => value as readonly SQLOutputValue[];
    const first = (...parameters: readonly Parameter[]) => {
      const found = this.#explain(() => statement.get(...given(parameters)));
      return found === undefined ? undefined : row(arrays(found));
    };
    const path = this.path;
    return {
      first,
      only(...parameters) {
        const found = first(...parameters);
        if (found === undefined) throw new DatabaseError(`${path}: expected a row of: ${sql}`);
        return found;
      },
      all: (...parameters) =>
        this.#explain(() => statement.all(...given(parameters))).map((values) => row(arrays(values))),
      *each(...parameters) {
        for (const values of statement.iterate(...given(parameters))) yield row(arrays(values));
      },
    };
  }

  /** Prepares an INSERT, UPDATE or DELETE. */
  command(sql: string): Command {
    const statement = this.#prepare(sql);
    return {
      run: (...parameters) => {
        const done = this.#explain(() => statement.run(...given(parameters)));
        return { changes: Number(done.changes), rowId: Number(done.lastInsertRowid) };
      },
    };
  }

  /** Runs statements that return nothing. */
  execute(sql: string): void {
    this.#explain(() => this.#connection.exec(sql));
  }

  /**
   * All or nothing, durable when it returns, one writer at a time (BEGIN IMMEDIATE). Inside another transaction it joins that one.
   * `work` must not wait for anything.
   */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    this.execute('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // A full disk may already have ended the transaction.
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** What SQLite finds wrong with the file; empty when it is sound. Reads the whole file. */
  integrityProblems(): readonly string[] {
    const found = this.#explain(() => this.#connection.prepare('PRAGMA integrity_check(100)').all());
    return found.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok');
  }

  /** Ends the connection; a second call does nothing. */
  close(): void {
    if (this.#connection.isOpen) this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    return this.#explain(() => this.#connection.prepare(sql));
  }

  #explain<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(this.path, error);
    }
  }
}

/** A private database on disk that is gone when it is closed: for work that does not fit in memory. */
export function scratchDatabase(schema: string): Database {
  const database = new Database(new DatabaseSync(''), 'temporary database');
  // Nobody else sees it and nothing of it lasts: one transaction that never ends.
  database.execute(`PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN; ${schema}`);
  return database;
}
