import type { Value } from './column.ts';
import type { PostgresAddress } from './postgres-address.ts';
import type { PostgresFailure } from './postgres-error.ts';

/** What a session is made from. */
export interface SessionSettings {
  readonly address: PostgresAddress;
  /** How long a writer waits for another one, in milliseconds. */
  readonly busyMilliseconds: number;
  /** The newest version of the schema that this program knows. */
  readonly schemaVersion: number;
}

/** A value, or the values of one column of many rows. */
export type SentValue = Value | readonly Value[];

/** What the session is asked to do. */
export type Step =
  /** A statement outside a transaction that changes nothing. */
  | { readonly kind: 'read'; readonly sql: string; readonly parameters: readonly SentValue[] }
  /** A statement that is a transaction of its own, one writer at a time. */
  | { readonly kind: 'write'; readonly sql: string; readonly parameters: readonly SentValue[] }
  /** A statement of the open transaction. */
  | { readonly kind: 'inside'; readonly sql: string; readonly parameters: readonly SentValue[] }
  /** A COPY … FROM STDIN of the open transaction, and what it is sent (see postgres-copy.ts). */
  | { readonly kind: 'copy'; readonly sql: string; readonly text: string }
  /** Statements as they are, in the open transaction or outside. */
  | { readonly kind: 'execute'; readonly sql: string }
  /** Opens a transaction once no other writer has one. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'close' };

/** What a statement gave. */
export interface StatementResult {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  readonly changes: number;
}

/** The result of what gives none. */
export const NO_RESULT: StatementResult = { fields: [], rows: [], changes: 0 };

/** A step on its way to the thread. */
export interface Asked {
  readonly number: number;
  readonly step: Step;
}

/** Its answer. */
export interface Answered {
  readonly number: number;
  readonly outcome: { readonly result: StatementResult } | { readonly failure: PostgresFailure };
}

/** How a connection to the thread begins: `port` carries Asked and Answered; `signal[0]` is the number of the last step answered. */
export interface Opening {
  readonly port: import('node:worker_threads').MessagePort;
  readonly signal: Int32Array;
  readonly settings: SessionSettings;
}

/** The row that a writer holds from BEGIN to COMMIT; its version is that of the schema. */
export const LOCK_SQL = 'SELECT version FROM assay_schema WHERE id = 1 FOR UPDATE';
