import { Imei } from '#base/identity/index.ts';
import { integer, nullable, oneOf, type RowOf, text } from '#operator/database/index.ts';
import { LIST_REASONS, LISTS, type ListEntry } from './list-entry.ts';

/** Columns of an entry, in the order in which entries are written. */
export const ENTRY_COLUMNS = 'imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch';

/** The same of what a batch took away, in `list_history`: with which batch it had come. */
export const AWAY_COLUMNS: string = ENTRY_COLUMNS.replace('batch', 'entry_batch AS batch');

/** How these columns are read. */
export const ENTRY_ROW = {
  imei: integer,
  list: oneOf(...LISTS),
  source: text,
  reason: oneOf(...LIST_REASONS),
  note: text,
  caseReference: text,
  author: text,
  addedAt: integer,
  expiresAt: nullable(integer),
  batch: nullable(integer),
};
/** A row of `list_entry`. */
export type EntryRow = RowOf<typeof ENTRY_ROW>;

/** A row as others see it. */
export const entryOf = (row: EntryRow): ListEntry => ({ ...row, imei: Imei.fromNumber(row.imei) });

/** Batches that are being written: what they added does not count yet, and what they took still does. */
export const RUNNING_BATCHES = "SELECT id FROM list_batch WHERE state = 'running'";
/** True of an entry that counts. */
export const STANDS: string = `(batch IS NULL OR batch NOT IN (${RUNNING_BATCHES}))`;
/**
 * True of an entry that a batch took away, in `list_history`, and that still counts: the batch does not yet, or no longer. Not when the entry
 * itself came with such a batch, nor when somebody has made it anew since.
 */
export const AWAY: string = `(batch IN (${RUNNING_BATCHES}) AND (entry_batch IS NULL OR entry_batch NOT IN (${RUNNING_BATCHES}))
  AND NOT EXISTS (SELECT 1 FROM list_entry AS standing WHERE standing.imei = list_history.imei AND standing.list = list_history.list
    AND standing.source = list_history.source AND (standing.batch IS NULL OR standing.batch NOT IN (${RUNNING_BATCHES}))))`;
