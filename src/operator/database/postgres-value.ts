import type { Value } from './column.ts';

/** Object identifiers of the types that we read (PostgreSQL's pg_type.dat). */
const BOOLEAN = 16;
const BYTEA = 17;
const INTEGERS: readonly number[] = [20, 21, 23, 26, 1700];
const HEX = '\\x';

/** A whole number: as a double when that holds it exactly, as a bigint otherwise; what is not whole stays text. */
function whole(text: string): Value {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  return /^-?\d+$/.test(text) ? BigInt(text) : text;
}

/** A value in PostgreSQL's text format (manual, 8) as a column takes it: what SQLite would give for the same. */
export function readValue(type: number, text: string): Value {
  if (type === BOOLEAN) return text === 't' ? 1 : 0;
  if (INTEGERS.includes(type)) return whole(text);
  // bytea_output is hex in every session of ours. A copy of its own: Buffer.from shares its memory with others.
  if (type === BYTEA && text.startsWith(HEX)) return new Uint8Array(Buffer.from(text.slice(HEX.length), 'hex'));
  return text;
}
