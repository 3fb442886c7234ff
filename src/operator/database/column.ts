import type { Said } from '#base/sentence/index.ts';
import { DatabaseError } from './database-error.ts';

/** What a database keeps in a column. */
export type Value = null | number | bigint | string | Uint8Array;

/** Reads one column of a row; throws DatabaseError when the value is of another type (the file was changed by hand). */
export type Column<T> = (value: Value | undefined, name: string) => T;

/** The row that a set of columns reads. */
export type RowOf<C> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };

function wrong(name: string, expected: string, value: Value | undefined): DatabaseError {
  return new DatabaseError(`column ${name}: expected ${expected}, got ${value === null ? 'NULL' : typeof value}`);
}

/** TEXT. */
export const text: Column<string> = (value, name) => {
  if (typeof value !== 'string') throw wrong(name, 'text', value);
  return value;
};
/** INTEGER that a double holds exactly. */
export const integer: Column<number> = (value, name) => {
  if (typeof value !== 'number') throw wrong(name, 'a whole number', value);
  return value;
};
/** INTEGER 0 or 1. */
export const flag: Column<boolean> = (value, name) => integer(value, name) !== 0;
/** BLOB. */
export const blob: Column<Uint8Array> = (value, name) => {
  if (!(value instanceof Uint8Array)) throw wrong(name, 'octets', value);
  return value;
};
/** NULL as undefined, or the inner column. */
export function nullable<T>(inner: Column<T>): Column<T | undefined> {
  return (value, name) => (value === null ? undefined : inner(value, name));
}
/** TEXT that is one of these names. */
export function oneOf<N extends string>(...names: readonly N[]): Column<N> {
  return (value, column) => {
    const name = names.find((candidate) => candidate === value);
    if (name === undefined) throw wrong(column, `one of ${names.join(', ')}`, value);
    return name;
  };
}

const isSaid = (one: unknown): one is Said =>
  typeof one === 'object' && one !== null && 'code' in one && typeof one.code === 'string' && 'values' in one;

/**
 * TEXT that `saidText` wrote; undefined for NULL (the row is older than its code), and when one of the sentences is none of `known`: an older or
 * a newer program said it, and its words stand beside it.
 */
export function saidBy<C extends string>(known: {
  has(code: string): code is C;
}): Column<readonly Said<C>[] | undefined> {
  const isKnown = (one: unknown): one is Said<C> => isSaid(one) && known.has(one.code);
  return (value, name) => {
    if (value === null) return undefined;
    const list: unknown = JSON.parse(text(value, name));
    return Array.isArray(list) && list.every(isKnown) ? list : undefined;
  };
}

/** What was said, as a column keeps it; undefined stays NULL. */
export const saidText = (said: readonly Said[] | undefined): string | undefined => said && JSON.stringify(said);
