import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { RowOf, Value } from './column.ts';
import {
  type Columns,
  type Command,
  copyStatement,
  type Database,
  givenValue,
  type Parameter,
  type Query,
  rowReader,
} from './database.ts';
import { DatabaseError, explained, isBusy } from './database-error.ts';

/** Rows of one statement: each statement has a price of its own, as much as that of two rows. */
const ROWS_TOGETHER = 25;
/** Nobody is kept waiting by a scrub that waits for others itself. */
const SCRUB_PATIENCE_MILLISECONDS = 50;
const given = (parameters: readonly Parameter[]): Value[] => parameters.map(givenValue);

/** One connection to a file of SQLite. */
export class SqliteDatabase implements Database {
  readonly path: string;
  readonly rowsTogether = 2000;
  readonly #connection: DatabaseSync;
  #inTransaction = false;

  constructor(connection: DatabaseSync, path: string) {
    this.#connection = connection;
    this.path = path;
  }

  query<C extends Columns>(sql: string, columns: C): Query<RowOf<C>> {
    const statement = this.#prepare(sql);
    statement.setReturnArrays(true);
    const found = statement.columns().map((column) => column.name);
    return this.#queryOf(statement, rowReader(columns, found, sql), sql);
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

  command(sql: string): Command {
    const statement = this.#prepare(sql);
    return {
      run: (...parameters) => {
        const done = this.#explain(() => statement.run(...given(parameters)));
        return { changes: Number(done.changes) };
      },
    };
  }

  execute(sql: string): void {
    this.#explain(() => this.#connection.exec(sql));
  }

  /** BEGIN IMMEDIATE: the one writer is known before `work` reads anything. */
  transaction<T>(work: () => T): T {
    // A scratch database is one transaction from beginning to end.
    if (this.#inTransaction || this.#connection.isTransaction) return work();
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

  copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly Parameter[]>,
    replacing?: readonly string[],
  ): number {
    const { head, tail } = copyStatement(table, columns, replacing);
    const one = `(${columns.map(() => '?').join(', ')})`;
    const put = (rows: number) => this.#prepare(`${head} VALUES ${Array(rows).fill(one).join(', ')}${tail}`);
    return this.transaction(() => {
      let count = 0;
      let values: Value[] = [];
      const many = put(ROWS_TOGETHER);
      for (const row of rows) {
        for (const value of row) values.push(givenValue(value));
        if (values.length < ROWS_TOGETHER * columns.length) continue;
        count += Number(this.#explain(() => many.run(...values)).changes);
        values = [];
      }
      if (values.length > 0)
        count += Number(this.#explain(() => put(values.length / columns.length).run(...values)).changes);
      return count;
    });
  }

  overwriting<T>(work: () => T): T {
    this.execute('PRAGMA secure_delete = ON');
    try {
      return work();
    } finally {
      // A connection that was closed meanwhile deletes nothing any more.
      if (this.#connection.isOpen) this.#connection.exec('PRAGMA secure_delete = FAST');
    }
  }

  /** A page that was split may keep a copy of a cell that went elsewhere, whatever secure_delete says: only VACUUM leaves none. */
  scrub(mostOctets: number): 'done' | 'larger' | 'busy' {
    const pragma = (name: string) => Number(this.#one(`PRAGMA ${name}`)[0]);
    const isSmall = pragma('page_count') * pragma('page_size') <= mostOctets;
    const patience = pragma('busy_timeout');
    this.execute(`PRAGMA busy_timeout = ${SCRUB_PATIENCE_MILLISECONDS}`);
    try {
      if (isSmall) this.#connection.exec('VACUUM');
      const isInUse = this.#one('PRAGMA wal_checkpoint(TRUNCATE)')[0] !== 0;
      return isInUse ? 'busy' : isSmall ? 'done' : 'larger';
    } catch (error) {
      if (isBusy(error)) return 'busy';
      throw explained(this.path, error);
    } finally {
      this.execute(`PRAGMA busy_timeout = ${patience}`);
    }
  }

  #one(sql: string): readonly SQLOutputValue[] {
    return this.#explain(() => Object.values(this.#connection.prepare(sql).get() ?? {}));
  }

  /** Reads the whole file. */
  integrityProblems(): readonly string[] {
    const found = this.#explain(() => this.#connection.prepare('PRAGMA integrity_check(100)').all());
    return found.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok');
  }

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
  const database = new SqliteDatabase(new DatabaseSync(''), 'temporary database');
  // Nobody else sees it and nothing of it lasts: one transaction that never ends.
  database.execute(`PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN; ${schema}`);
  return database;
}
