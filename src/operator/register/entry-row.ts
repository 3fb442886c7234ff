import { Imei } from '#base/identity/index.ts';
import { integer, nullable, oneOf, type RowOf, text } from '#operator/database/index.ts';
import { LIST_REASONS, LISTS, type ListEntry } from './list-entry.ts';

/** Columns of an entry, in the order in which entries are written. */
export const ENTRY_COLUMNS = 'imei, list, source, reason, note, case_reference, author, added_at, expires_at, batch';

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
