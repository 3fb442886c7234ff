import type { Database, Parameter } from '#operator/database/index.ts';
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
    ...{ table: 'report', key: ['id'], imsi: ['imsi'], iccid: ['iccid'], imei: ['imei'], erased: 'all' },
    columns: ['id', 'at', 'iccid', 'imsi', 'counter', 'level', 'result', 'reason', 'imei', 'support', 'octets'],
  },
  {
    ...{ table: 'uicc_state', key: ['iccid'], imsi: ['imsi'], iccid: ['iccid'], erased: 'all' },
    imei: ['proved_imei', 'claimed_imei'],
    columns: ['iccid', 'imsi', 'last_report_at', 'level', 'result', 'lock_state', 'proved_imei', 'claimed_imei'],
  },
  {
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
    ...{ table: 'list_history', key: ['id'], imei: ['imei'], stays: 'aboutHandset' },
    columns: ['id', 'imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at'],
  },
  {
    ...{ table: 'pair_rule', key: ['id'], imsi: ['first_imsi', 'last_imsi'], imei: ['first_imei', 'last_imei'] },
    columns: ['id', 'kind', 'first_imei', 'last_imei', 'first_imsi', 'last_imsi', 'source', 'note', 'added_at'],
    stays: 'ruleStands',
  },
  {
    ...{ table: 'range_entry', key: ['id'], imei: ['first_imei', 'last_imei'], stays: 'aboutHandset' },
    columns: ['id', 'first_imei', 'last_imei', 'list', 'source', 'reason', 'note', 'author', 'added_at'],
  },
  {
    ...{ table: 'list_run_line', key: ['id'], imsi: ['imsi'], msisdn: ['msisdn'], imei: ['imei'] },
    columns: ['id', 'list', 'imei', 'imsi', 'msisdn', 'block_date', 'reasons'],
    stays: 'givenToOthers',
  },
  {
    ...{ table: 'reconsideration', key: ['imei'], imei: ['imei'], columns: ['imei'] },
    stays: 'goneInSeconds',
  },
];

/** What finds the rows of a subject in a place; undefined when no name of his stands there. */
export function conditionOf(
  place: Place,
  keys: SubjectKeys,
): { readonly sql: string; readonly values: Parameter[] } | undefined {
  const parts: string[] = [];
  const values: Parameter[] = [];
  for (const name of ['imsi', 'msisdn', 'iccid', 'imei'] as const) {
    const value = keys[name];
    if (value === undefined) continue;
    for (const column of place[name] ?? []) {
      parts.push(`${column} = ?`);
      values.push(value);
    }
  }
  if (keys.imei !== undefined)
    for (const column of place.sentences ?? []) {
      parts.push(`${column} LIKE ?`);
      values.push(`%${String(keys.imei).padStart(14, '0')}%`);
    }
  return parts.length === 0 ? undefined : { sql: `(${parts.join(' OR ')})`, values };
}

/** Rows looked at or changed before others get their turn. */
export const ROWS_AT_ONCE = 500;

/** Erases what may go of a subject in a place, in steps; each yields the rows that went. */
export function* eraseIn(database: Database, place: Place, keys: SubjectKeys): Generator<number> {
  const condition = place.erased === undefined ? undefined : conditionOf(place, keys);
  if (condition === undefined) return;
  const key = place.key.join(', ');
  const where = place.erased === 'all' ? condition.sql : `${condition.sql} AND ${place.erased}`;
  const erase = database.command(
    `DELETE FROM ${place.table} WHERE (${key}) IN (SELECT ${key} FROM ${place.table} WHERE ${where} LIMIT ${ROWS_AT_ONCE})`,
  );
  for (;;) {
    const { changes } = erase.run(...condition.values);
    yield changes;
    if (changes < ROWS_AT_ONCE) return;
  }
}
