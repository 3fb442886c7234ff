import { type RowOf, text, type Value } from './column.ts';
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
import { DatabaseError } from './database-error.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { postgresProblems } from './postgres-check.ts';
import { copyBlocks } from './postgres-copy.ts';
import { KeyTaken, SerialisationFailure } from './postgres-error.ts';
import type { SentValue, StatementResult } from './postgres-message.ts';
import { numberedParameters } from './postgres-sql.ts';
import { PostgresChannel } from './postgres-thread.ts';
import { SCHEMA_VERSION } from './schema.ts';

const given = (parameters: readonly Parameter[]): Value[] => parameters.map(givenValue);

/** A transaction that met another writer is run so many times more. */
const MOST_RETRIES = 5;
/** Rows of a long list that are fetched at once. */
const FETCHED_ROWS = 1000;
/** Where `copyIn` goes back to when a row of a block has a key that is taken. */
const SAVEPOINT = 'before_copy';
/** Rows that came into a table before the server is told to look at it, and how many times more before the next time. */
const ANALYSED = { first: 10_000, factor: 8 };
/** Statements that change nothing, however they are run. */
const READING = /^\s*SELECT\b/i;

/** One connection to PostgreSQL; it is made anew when it was lost. */
export class PostgresDatabase implements Database {
  readonly path: string;
  readonly rowsTogether = 10_000;
  readonly #channel: PostgresChannel;
  #inTransaction = false;
  #isOpen = true;
  #cursors = 0;
  #preparing: (() => void) | undefined;
  /** By table: rows that came by `copyIn` since the server looked at it, and how many make it look again. */
  readonly #copied = new Map<string, { readonly rows: number; readonly due: number }>();

  /** `busyMilliseconds`: how long a writer waits for another one. */
  constructor(address: PostgresAddress, busyMilliseconds: number) {
    this.path = address.shown;
    this.#channel = new PostgresChannel({ address, busyMilliseconds, schemaVersion: SCHEMA_VERSION });
  }

  /** Has `prepare` run before anything else is asked, as soon as the server answers; while it throws, so does everything. */
  whenReached(prepare: () => void): void {
    this.#preparing = prepare;
  }

  query<C extends Columns>(sql: string, columns: C): Query<RowOf<C>> {
    const statement = numberedParameters(sql);
    const read = ({ fields, rows }: StatementResult) => {
      const row = rowReader(columns, fields, sql);
      return rows.map((values) => row(values));
    };
    const all = (...parameters: readonly Parameter[]) => read(this.#run(statement, given(parameters)));
    const first = (...parameters: readonly Parameter[]) => all(...parameters)[0];
    const path = this.path;
    return {
      all,
      first,
      only(...parameters) {
        const found = first(...parameters);
        if (found === undefined) throw new DatabaseError(`${path}: expected a row of: ${sql}`);
        return found;
      },
      each: (...parameters) => this.#each(statement, given(parameters), read),
    };
  }

  command(sql: string): Command {
    const statement = numberedParameters(sql);
    return { run: (...parameters) => ({ changes: this.#run(statement, given(parameters)).changes }) };
  }

  execute(sql: string): void {
    this.#ask({ kind: 'execute', sql });
  }

  /** The writers' row is held from its beginning to its end. */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    for (let left = MOST_RETRIES; ; left--) {
      try {
        return this.#attempt(work);
      } catch (error) {
        if (left === 0 || !(error instanceof SerialisationFailure)) throw error;
      }
    }
  }

  #attempt<T>(work: () => T): T {
    this.#ask({ kind: 'begin' });
    this.#inTransaction = true;
    try {
      const result = work();
      this.#ask({ kind: 'commit' });
      return result;
    } catch (error) {
      this.#ask({ kind: 'rollback' });
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
    const copy = `COPY ${table} (${columns.join(', ')}) FROM STDIN`;
    return this.transaction(() => {
      let count = 0;
      for (const { rows: block, text } of copyBlocks(rows))
        count +=
          (replacing === undefined
            ? this.#ask({ kind: 'copy', sql: copy, text }).changes
            : this.#tryCopy(copy, text)) ?? this.#putBlock(table, columns, block, { head, tail });
      this.#analyse(table, count);
      return count;
    });
  }

  /**
   * Has the server look at a table that has grown by far. It does so by itself within a minute or so (autovacuum); until then it plans as for
   * a small table, and reads all of a large one for each group of keys.
   */
  #analyse(table: string, more: number): void {
    const { rows, due } = this.#copied.get(table) ?? { rows: 0, due: ANALYSED.first };
    const isDue = rows + more >= due;
    // Some thousand rows tell it what it needs; it reads more of them by itself later, while nobody waits for it.
    if (isDue) this.execute(`SET LOCAL default_statistics_target = 10; ANALYZE ${table}`);
    this.#copied.set(table, isDue ? { rows: 0, due: due * ANALYSED.factor } : { rows: rows + more, due });
  }

  /** COPY replaces nothing: undefined, and nothing done, when a row of the block has a key that is taken. */
  #tryCopy(copy: string, text: string): number | undefined {
    const sql = `SAVEPOINT ${SAVEPOINT}; ${copy}; RELEASE SAVEPOINT ${SAVEPOINT}`;
    try {
      return this.#ask({ kind: 'copy', sql, text }).changes;
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
      this.execute(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}; RELEASE SAVEPOINT ${SAVEPOINT}`);
      return undefined;
    }
  }

  /** The same block by an INSERT that replaces: half as fast. */
  #putBlock(
    table: string,
    columns: readonly string[],
    block: readonly (readonly Parameter[])[],
    { head, tail }: ReturnType<typeof copyStatement>,
  ): number {
    const types = this.#typesOf(table);
    const arrays = columns.map((name, at) => `$${at + 1}::${types.get(name) ?? 'text'}[]`);
    return this.#run(
      `${head} SELECT * FROM unnest(${arrays.join(', ')})${tail}`,
      columns.map((_name, at) => block.map((row) => givenValue(row[at]))),
    ).changes;
  }

  /** Settings that could lose data, tables and columns that are missing, indexes and pages that the server knows to be bad. */
  /** Rows that were deleted stay in their pages until VACUUM takes them; that is the server's to do. */
  overwriting<T>(work: () => T): T {
    return work();
  }

  scrub(): 'done' {
    return 'done';
  }

  integrityProblems(): readonly string[] {
    return postgresProblems(this);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#channel.close();
  }

  #typesOf(table: string): ReadonlyMap<string, string> {
    const found = this.query(
      'SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?',
      { columnName: text, dataType: text },
    ).all(table);
    return new Map(found.map(({ columnName, dataType }) => [columnName, dataType]));
  }

  /** A cursor: held by the open transaction, or kept by the server until it is closed. */
  *#each<Row>(
    statement: string,
    parameters: readonly Value[],
    read: (result: StatementResult) => readonly Row[],
  ): IterableIterator<Row> {
    const name = `c${++this.#cursors}`;
    const hold = this.#inTransaction ? '' : 'WITH HOLD ';
    this.#read(`DECLARE ${name} NO SCROLL CURSOR ${hold}FOR ${statement}`, parameters);
    try {
      for (;;) {
        const rows = read(this.#read(`FETCH ${FETCHED_ROWS} FROM ${name}`, []));
        yield* rows;
        if (rows.length < FETCHED_ROWS) return;
      }
    } finally {
      this.#forget(name);
    }
  }

  /** A cursor that went with its transaction or connection is gone already. */
  #forget(cursor: string): void {
    try {
      if (this.#isOpen) this.#read(`CLOSE ${cursor}`, []);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }

  #run(sql: string, parameters: readonly SentValue[]): StatementResult {
    return READING.test(sql) ? this.#read(sql, parameters) : this.#change(sql, parameters);
  }

  #read(sql: string, parameters: readonly SentValue[]): StatementResult {
    return this.#ask({ kind: this.#inTransaction ? 'inside' : 'read', sql, parameters });
  }

  #change(sql: string, parameters: readonly SentValue[]): StatementResult {
    return this.#ask({ kind: this.#inTransaction ? 'inside' : 'write', sql, parameters });
  }

  #ask(step: Parameters<PostgresChannel['ask']>[0]): StatementResult {
    if (!this.#isOpen) throw new DatabaseError(`${this.path}: closed; open it again`);
    this.#prepare();
    return this.#channel.ask(step);
  }

  #prepare(): void {
    const prepare = this.#preparing;
    if (prepare === undefined) return;
    // What it asks itself goes through.
    this.#preparing = undefined;
    try {
      prepare();
    } catch (error) {
      this.#preparing = prepare;
      throw error;
    }
  }
}
