import { toHex } from '#base/codec/index.ts';
import { type Column, type Database, integer, nullable, text } from '#operator/database/index.ts';
import { type Condition, camelCase, conditionOf, PLACES, type Place, partsOf, ROWS_AT_ONCE } from './places.ts';
import { type SubjectKeys, textsOf } from './subject.ts';

/** A value as JSON has it; octets in hexadecimal. */
const anything: Column<string | number | null> = (value) =>
  value instanceof Uint8Array ? toHex(value) : typeof value === 'bigint' ? String(value) : (value ?? null);

type Row = Readonly<Record<string, string | number | null>>;

/** Nothing yet: others get their turn. */
const TURN = undefined;
type Turn = typeof TURN;

/** The rows of a subject in a place, in the order of its key and in parts: between them others read and write. */
function* rowsIn(database: Database, place: Place, keys: SubjectKeys): Generator<Row | Turn> {
  const condition = conditionOf(place, keys);
  if (condition === undefined) return;
  const columns = Object.fromEntries(place.columns.map((name) => [camelCase(name), anything]));
  const key = place.key.join(', ');
  const names = place.columns.join(', ');
  const behind = `(${key}) > (${place.key.map(() => '?').join(', ')})`;
  const everything: Condition = { sql: 'true', values: [] };
  for (const part of condition.isIndexed ? [everything] : partsOf(database, place)) {
    const page = (more: string) =>
      database.query(
        `SELECT ${names} FROM ${place.table} WHERE ${condition.sql} AND ${part.sql} AND ${more} ORDER BY ${key} LIMIT ${ROWS_AT_ONCE}`,
        columns,
      );
    const given = [...condition.values, ...part.values];
    let rows = page('true').all(...given);
    for (const next = page(behind); rows.length > 0; ) {
      yield* rows;
      const last = rows.at(-1) ?? {};
      rows = rows.length < ROWS_AT_ONCE ? [] : next.all(...given, ...place.key.map((name) => last[camelCase(name)]));
    }
    yield TURN;
  }
}

const LOGGED = { id: integer, at: integer, kind: text, author: text, subject: text, detail: nullable(text) };
const HAPPENED = { sequence: integer, at: integer, kind: text, imsi: nullable(text), imei: integer, detail: text };

/** Entries of the audit log that name a subject; the whole log is looked through, page by page. */
function* auditRows(database: Database, keys: SubjectKeys): Generator<object | Turn> {
  const page = database.query('SELECT * FROM audit_entry WHERE id > ? ORDER BY id LIMIT ?', LOGGED);
  const words = textsOf(keys);
  for (let rows = page.all(0, ROWS_AT_ONCE); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? 0, ROWS_AT_ONCE)) {
    for (const row of rows)
      if (words.some((word) => row.subject.includes(word) || row.detail?.includes(word) === true))
        yield { ...row, detail: row.detail === undefined ? null : (JSON.parse(row.detail) as unknown) };
    yield TURN;
  }
}

function* eventRows(database: Database, keys: SubjectKeys): Generator<object | Turn> {
  const page = database.query('SELECT * FROM operator_event WHERE sequence > ? ORDER BY sequence LIMIT ?', HAPPENED);
  for (
    let rows = page.all(0, ROWS_AT_ONCE);
    rows.length > 0;
    rows = page.all(rows.at(-1)?.sequence ?? 0, ROWS_AT_ONCE)
  ) {
    for (const row of rows) if (isOfSubject(row, keys)) yield { ...row, detail: JSON.parse(row.detail) as unknown };
    yield TURN;
  }
}

/** True when an event names the subject. */
export function isOfSubject(
  { imsi, imei, detail }: { readonly imsi: string | undefined; readonly imei: number; readonly detail: string },
  keys: SubjectKeys,
): boolean {
  if (keys.imei !== undefined && (imei === keys.imei || detail.includes(`"from":${keys.imei}`))) return true;
  return keys.imsi !== undefined && (imsi === keys.imsi || detail.includes(`"${keys.imsi}"`));
}

/**
 * All that is kept about a subject, as one JSON object in pieces: `about`, `at`, then for each place an array of its rows. IMEIs are 14
 * digits as a number, times milliseconds since 1970, octets hexadecimal. An empty piece says that others may have their turn.
 */
export function* exportOf(database: Database, keys: SubjectKeys, at: number): Generator<string> {
  const { imei, ...names } = keys;
  const about = { ...names, ...(imei !== undefined && { imei: String(imei).padStart(14, '0') }) };
  yield `{"about":${JSON.stringify(about)},"at":${JSON.stringify(new Date(at).toISOString())}`;
  const parts: readonly (readonly [string, Iterable<object | Turn>])[] = [
    ...PLACES.map((place) => [camelCase(place.table), rowsIn(database, place, keys)] as const),
    ['operatorEvent', eventRows(database, keys)],
    ['auditEntry', auditRows(database, keys)],
  ];
  for (const [name, rows] of parts) {
    yield `,\n${JSON.stringify(name)}:[`;
    let separator = '';
    for (const row of rows) {
      yield row === TURN ? '' : `${separator}\n${JSON.stringify(row)}`;
      if (row !== TURN) separator = ',';
    }
    yield ']';
  }
  yield '}\n';
}
