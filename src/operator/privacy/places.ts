import { type Column, type Database, integer, type Parameter, text } from '#operator/database/index.ts';
import type { RemainsReason } from './remains.ts';
import type { SubjectKeys } from './subject.ts';

/** A table in which somebody's identity stands, what is given out of it, and what becomes of it when the subject is erased. */
export interface Place {
  readonly table: string;
  /** The primary key, by which it is read in pages. */
  readonly key: readonly string[];
  /** Columns that are given out, beside nothing secret. */
  readonly columns: readonly string[];
  readonly imsi?: readonly string[];
  readonly msisdn?: readonly string[];
  readonly iccid?: readonly string[];
  readonly imei?: readonly string[];
  /** Columns of these that no index begins with: the table is looked through, part by part. A test finds those that are missing here. */
  readonly unindexed?: readonly string[];
  /** Sentences that may name other IMEIs than those columns: looked through whole. */
  readonly sentences?: readonly string[];
  /** Rows that may go; missing: they stay, and `stays` says why. */
  readonly erased?: 'all' | string;
  /** Why rows stay, for whoever asked. */
  readonly stays?: RemainsReason;
}

/** Every place where identities stand, but the audit log and the events, which are erased in their own ways. A test finds tables that are missing here. */
export const PLACES: readonly Place[] = [
  {
    ...{ table: 'uicc', key: ['iccid'], columns: ['iccid', 'imsi', 'msisdn', 'algorithm', 'policy', 'issued_at'] },
    ...{ imsi: ['imsi'], msisdn: ['msisdn'], iccid: ['iccid'] },
    stays: 'subscriptionLives',
  },
  {
    ...{ table: 'packet_key_set', key: ['iccid', 'generation'], iccid: ['iccid'] },
    columns: ['iccid', 'generation', 'state', 'made_at', 'made_by', 'settled_at'],
    stays: 'cardNeedsKeys',
  },
  {
    unindexed: ['imei'],
    ...{ table: 'report', key: ['id'], imsi: ['imsi'], iccid: ['iccid'], imei: ['imei'], erased: 'all' },
    columns: ['id', 'at', 'iccid', 'imsi', 'counter', 'level', 'result', 'reason', 'imei', 'support', 'octets'],
  },
  {
    unindexed: ['claimed_imei'],
    ...{ table: 'uicc_state', key: ['iccid'], imsi: ['imsi'], iccid: ['iccid'], erased: 'all' },
    imei: ['proved_imei', 'claimed_imei'],
    columns: ['iccid', 'imsi', 'last_report_at', 'level', 'result', 'lock_state', 'proved_imei', 'claimed_imei'],
  },
  {
    unindexed: ['imsi', 'imei'],
    ...{ table: 'pairing', key: ['id'], imsi: ['imsi'], iccid: ['iccid'], imei: ['imei'], erased: 'all' },
    columns: ['id', 'iccid', 'imsi', 'support', 'imei', 'from_at', 'until_at'],
  },
  {
    ...{ table: 'observation', key: ['imei', 'imsi'], imsi: ['imsi'], imei: ['imei'], erased: 'all' },
    columns: ['imei', 'imsi', 'first_at', 'last_at', 'times', 'level'],
  },
  {
    ...{ table: 'finding', key: ['id'], imsi: ['imsi'], imei: ['imei'], sentences: ['text'], erased: 'all' },
    columns: ['id', 'kind', 'first_at', 'last_at', 'times', 'imsi', 'imei', 'support', 'text', 'said'],
  },
  { ...{ table: 'report_demand', key: ['imsi'], imsi: ['imsi'], erased: 'all' }, columns: ['imsi', 'reason'] },
  {
    ...{ table: 'commanded', key: ['iccid'], iccid: ['iccid'] },
    columns: ['iccid', 'orders', 'author', 'reason', 'case_reference', 'at', 'expires_at'],
    stays: 'orderStands',
  },
  {
    ...{ table: 'revocation_told', key: ['iccid', 'revocation'], iccid: ['iccid'] },
    columns: ['iccid', 'revocation', 'at'],
    stays: 'cardWasTold',
  },
  {
    ...{ table: 'outbox', key: ['id'], iccid: ['iccid'] },
    columns: [
      'id',
      'at',
      'iccid',
      'orders',
      'author',
      'reason',
      'reason_said',
      'case_reference',
      'state',
      'sent_at',
      'done_at',
      'outcome',
      'outcome_said',
    ],
    erased: "state IN ('acknowledged', 'failed', 'superseded')",
    stays: 'orderUnderWay',
  },
  {
    unindexed: ['imei', 'claimed_imei', 'proved_imei'],
    ...{ table: 'subscriber_equipment', key: ['imsi'], imsi: ['imsi'], erased: 'all' },
    imei: ['imei', 'claimed_imei', 'proved_imei'],
    columns: ['imsi', 'imei', 'claimed_imei', 'proved_imei', 'changed_at'],
  },
  {
    ...{ table: 'imei_cluster', key: ['imei'], imei: ['imei'], erased: 'all' },
    columns: ['imei', 'subscribers', 'conflicts'],
  },
  {
    ...{ table: 'imei_claimants', key: ['id'], imei: ['imei'], erased: 'all' },
    columns: ['id', 'imei', 'subscribers'],
  },
  {
    ...{ table: 'list_entry', key: ['imei', 'list', 'source'], imei: ['imei'], stays: 'aboutHandset' },
    columns: ['imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at', 'expires_at'],
  },
  {
    unindexed: ['imei'],
    ...{ table: 'list_history', key: ['id'], imei: ['imei'], stays: 'aboutHandset' },
    columns: ['id', 'imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at'],
  },
  {
    unindexed: ['first_imsi', 'last_imsi', 'first_imei', 'last_imei'],
    ...{ table: 'pair_rule', key: ['id'], imsi: ['first_imsi', 'last_imsi'], imei: ['first_imei', 'last_imei'] },
    columns: ['id', 'kind', 'first_imei', 'last_imei', 'first_imsi', 'last_imsi', 'source', 'note', 'added_at'],
    stays: 'ruleStands',
  },
  {
    unindexed: ['last_imei'],
    ...{ table: 'range_entry', key: ['id'], imei: ['first_imei', 'last_imei'], stays: 'aboutHandset' },
    columns: ['id', 'first_imei', 'last_imei', 'list', 'source', 'reason', 'note', 'author', 'added_at'],
  },
  {
    unindexed: ['imsi', 'msisdn', 'imei'],
    ...{ table: 'list_run_line', key: ['id'], imsi: ['imsi'], msisdn: ['msisdn'], imei: ['imei'] },
    columns: ['id', 'list', 'imei', 'imsi', 'msisdn', 'block_date', 'reasons'],
    stays: 'givenToOthers',
  },
  {
    ...{ table: 'reconsideration', key: ['imei'], imei: ['imei'], columns: ['imei'] },
    stays: 'goneInSeconds',
  },
];

/** Rows looked at or changed before others get their turn. */
export const ROWS_AT_ONCE = 500;
/** Rows that are only looked through before others get their turn: some milliseconds. */
const ROWS_PASSED = 5000;

/** A condition, and what stands in its places. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Parameter[];
}

/** What finds the rows of a subject in a place, and whether indexes lead to them all; undefined when no name of his stands there. */
export function conditionOf(
  place: Place,
  keys: SubjectKeys,
): (Condition & { readonly isIndexed: boolean }) | undefined {
  const columns: string[] = [];
  const values: Parameter[] = [];
  for (const name of ['imsi', 'msisdn', 'iccid', 'imei'] as const) {
    const value = keys[name];
    if (value === undefined) continue;
    for (const column of place[name] ?? []) {
      columns.push(column);
      values.push(value);
    }
  }
  const sentences = keys.imei === undefined ? [] : (place.sentences ?? []);
  for (const _ of sentences) values.push(`%${String(keys.imei).padStart(14, '0')}%`);
  const parts = [...columns.map((column) => `${column} = ?`), ...sentences.map((column) => `${column} LIKE ?`)];
  if (parts.length === 0) return undefined;
  const isIndexed = sentences.length === 0 && !columns.some((column) => place.unindexed?.includes(column));
  return { sql: `(${parts.join(' OR ')})`, values, isIndexed };
}

/** The name of a column as rows have it. */
export const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_found, letter: string) => letter.toUpperCase());

/** Keys are numbers and texts. */
const keyPart: Column<number | string> = (value, name) =>
  typeof value === 'string' ? text(value, name) : integer(value, name);

/** All of a place in parts of so many rows, in the order of its key, whatever comes or goes meanwhile. */
export function* partsOf(database: Database, { table, key }: Place): Generator<Condition> {
  const [names, places] = [key.join(', '), key.map(() => '?').join(', ')];
  const columns = Object.fromEntries(key.map((name) => [camelCase(name), keyPart]));
  const end = (where: string) =>
    database.query(
      `SELECT ${names} FROM ${table} ${where} ORDER BY ${names} LIMIT 1 OFFSET ${ROWS_PASSED - 1}`,
      columns,
    );
  const [first, next] = [end(''), end(`WHERE (${names}) > (${places})`)];
  const valuesOf = (row: Readonly<Record<string, Parameter>>) => key.map((name) => row[camelCase(name)]);
  let last = first.first();
  if (last === undefined) return yield { sql: 'true', values: [] };
  yield { sql: `(${names}) <= (${places})`, values: valuesOf(last) };
  for (;;) {
    const from = valuesOf(last);
    last = next.first(...from);
    if (last === undefined) return yield { sql: `(${names}) > (${places})`, values: from };
    yield { sql: `(${names}) > (${places}) AND (${names}) <= (${places})`, values: [...from, ...valuesOf(last)] };
  }
}

/** Erases what may go of a subject in a place, in steps; each yields the rows that went. */
export function* eraseIn(database: Database, place: Place, keys: SubjectKeys): Generator<number> {
  const condition = place.erased === undefined ? undefined : conditionOf(place, keys);
  if (condition === undefined) return;
  const key = place.key.join(', ');
  const where = place.erased === 'all' ? condition.sql : `${condition.sql} AND ${place.erased}`;
  const parts = condition.isIndexed ? [{ sql: 'true', values: [] }] : partsOf(database, place);
  for (const part of parts) {
    const erase = database.command(
      `DELETE FROM ${place.table} WHERE (${key}) IN (SELECT ${key} FROM ${place.table} WHERE ${where} AND ${part.sql} LIMIT ${ROWS_AT_ONCE})`,
    );
    for (let changes = ROWS_AT_ONCE; changes === ROWS_AT_ONCE; ) {
      changes = erase.run(...condition.values, ...part.values).changes;
      yield changes;
    }
  }
}
