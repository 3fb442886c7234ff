import type pg from 'pg';
import { givenValue, type Parameter } from './database.ts';
import { DatabaseError } from './database-error.ts';

// Rows on their way into a table by COPY … FROM STDIN (PostgreSQL manual: COPY, "Text Format"; protocol 55.2.6): a line for each row, columns
// between tabs, \N for NULL, the characters that would end a value or begin an escape behind a backslash.

/** Rows of one COPY: enough that its own price does not count, few enough that a block is milliseconds of work. */
const MOST_ROWS = 10_000;
/** Characters of one COPY, unless a single row has more. */
const MOST_LENGTH = 4 << 20;
/** Characters of one row; the server takes messages below 1 GB (protocol 55.7, Int32). */
const LONGEST_ROW = 64 << 20;

const NULL = '\\N';
const SPECIAL = /[\\\t\n\r]/g;
const ESCAPE: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in the text format; octets in bytea's hex format, whose backslash is escaped as any other. */
function copyValue(given: Parameter): string {
  const value = givenValue(given);
  switch (typeof value) {
    case 'string':
      return value.search(SPECIAL) < 0 ? value : value.replaceAll(SPECIAL, (found) => ESCAPE[found] as string);
    case 'object':
      return value === null ? NULL : `\\\\x${Buffer.from(value).toString('hex')}`;
    default:
      return String(value);
  }
}

/** One row with the end of its line. Throws DatabaseError for a text that cannot be kept exactly, and for a row that is too long. */
export function copyLine(row: readonly Parameter[]): string {
  let line = '';
  for (let at = 0; at < row.length; at++) line += at === 0 ? copyValue(row[at]) : `\t${copyValue(row[at])}`;
  if (line.length > LONGEST_ROW)
    throw new DatabaseError(`a row: expected at most ${LONGEST_ROW} characters, got ${line.length}; shorten its texts`);
  return `${line}\n`;
}

/** Rows that go together, and what COPY is sent for them. */
export interface CopyBlock {
  readonly rows: readonly (readonly Parameter[])[];
  readonly text: string;
}

/** Any number of rows in blocks. */
export function* copyBlocks(rows: Iterable<readonly Parameter[]>): Generator<CopyBlock> {
  let [block, text]: [(readonly Parameter[])[], string] = [[], ''];
  for (const row of rows) {
    block.push(row);
    text += copyLine(row);
    if (block.length < MOST_ROWS && text.length < MOST_LENGTH) continue;
    yield { rows: block, text };
    [block, text] = [[], ''];
  }
  if (block.length > 0) yield { rows: block, text };
}

/** The parts of pg's connection that its declared types leave out. */
interface CopyConnection {
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

/**
 * A COPY … FROM STDIN as pg sends what is no query of its own: the text goes out when the server asks for it. Statements before and after it
 * in the same `sql` are run too.
 */
export class CopyIn implements pg.Submittable {
  /** How many rows went in; rejects with the error of the server or connection. */
  readonly done: Promise<number>;
  readonly #sql: string;
  readonly #text: string;
  #rows = 0;
  #resolve: (rows: number) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(sql: string, text: string) {
    this.#sql = sql;
    this.#text = text;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(Buffer.from(this.#text));
    connection.endCopyFrom();
  }

  /** The tag of a COPY is `COPY` and the number of its rows (protocol 55.7, CommandComplete). */
  handleCommandComplete({ text }: { readonly text: string }): void {
    const [command, rows] = text.split(' ');
    if (command === 'COPY') this.#rows = Number(rows);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#rows);
  }

  handleError(error: Error): void {
    this.#reject(error);
  }
}
