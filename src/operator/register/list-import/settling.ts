import { integer, nullable } from '#operator/database/index.ts';
import { ENTRY_COLUMNS } from '../entry-row.ts';
import { type BatchPorts, endAbandoned, isAnyBegun } from './batch.ts';
import { type BatchSlices, batchSlices } from './batch-slices.ts';
import { breathe } from './breathe.ts';
import { Pace } from './pace.ts';

/** Entries taken back in one transaction at most. */
const MOST_TAKEN = 4000;
/** UICCs looked at in one transaction. */
const NOTED_TOGETHER = 5000;

/**
 * Does what is left to do about batches, some of it at a time: takes back what stands of those that count no more, and notes whose last order
 * must be thought over. `afterEach` hears of each step, and ends the work by throwing. It may be left at any time, by a kill too, and be taken up again by whoever calls this next; two may do it at once.
 */
export async function settleBatches(ports: BatchPorts, afterEach: () => void = () => {}): Promise<void> {
  const settling = new Settling(ports);
  while (settling.step()) {
    afterEach();
    await breathe();
  }
}

/** The same, of what processes that died were writing too. Rejects with RangeError while another import is being written, unless one may. */
export async function settleAbandoned(
  ports: BatchPorts,
  { mayLive = false, afterEach = () => {} }: { readonly mayLive?: boolean; readonly afterEach?: () => void } = {},
): Promise<void> {
  if (isAnyBegun(ports.database)) ports.database.transaction(() => endAbandoned(ports, mayLive));
  await settleBatches(ports, afterEach);
}

/** How many entries were taken back of a batch so far. */
export const takenBack = ({ database }: BatchPorts, batch: number): number =>
  database.query('SELECT taken_back FROM list_batch WHERE id = ?', { takenBack: integer }).only(batch).takenBack;

class Settling {
  readonly #ports: BatchPorts;
  readonly #statements;
  readonly #slices: BatchSlices;
  readonly #pace: Pace;
  /** Behind which IMEI there may be more of a batch: what was before has been looked at. */
  readonly #behind = new Map<number, number>();

  constructor(ports: BatchPorts) {
    this.#ports = ports;
    this.#statements = statementsOf(ports);
    this.#slices = batchSlices(ports.database);
    this.#pace = new Pace(ports.clock, MOST_TAKEN);
  }

  /** A little more of it; false when nothing is left. */
  step(): boolean {
    const { ended, noting } = this.#statements;
    // Nothing is written, and nobody waited for, where there is nothing to do.
    if (ended.first() === undefined && noting.first() === undefined) return false;
    return this.#pace.step(() =>
      this.#ports.database.transaction(() => {
        // The newest first: what it took from an older one is taken back with that one.
        const batch = ended.first()?.id;
        if (batch !== undefined) this.#takeBack(batch);
        const toNote = noting.first();
        if (toNote !== undefined) this.#note(toNote.id, toNote.notedTo);
        return true;
      }),
    );
  }

  #takeBack(batch: number): void {
    const { keep, drop, giveBack, settle, touch, end } = this.#statements;
    const behind = this.#behind.get(batch) ?? -1;
    const next = this.#slices.next(batch, behind);
    if (next === undefined && behind >= 0) {
      // Once more from the beginning: nobody adds to it any more, but that costs one look.
      this.#behind.delete(batch);
      return;
    }
    if (next === undefined) {
      end.run(batch);
      return;
    }
    const last = this.#slices.last(batch, next - 1, this.#pace.rows);
    // What goes is kept too: every node's memory has to learn which numbers that were.
    keep.run(batch, behind, last);
    const gone = drop.run(batch, behind, last).changes;
    const back = giveBack.run(batch, behind, last).changes;
    settle.run(batch, behind, last);
    touch.run(gone + back, this.#ports.clock.now(), batch);
    this.#behind.set(batch, last);
  }

  #note(batch: number, from: number): void {
    const { proofsBound, note, notedTo } = this.#statements;
    const { last } = proofsBound.only(from);
    if (last !== undefined) note.run(batch, from, last);
    notedTo.run(last, batch);
  }
}

/** Each is about the IMEIs above ?2, up to ?3, of the batch ?1. */
const OF_BATCH = 'batch = ?1 AND imei > ?2 AND imei <= ?3';

function statementsOf({ database }: BatchPorts) {
  const touches = (table: string, batch: string) =>
    `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.batch = ${batch} AND ${table}.imei = uicc_state.proved_imei)`;
  return {
    ended: database.query(
      "SELECT id FROM list_batch WHERE state = 'running' AND ended IS NOT NULL ORDER BY id DESC LIMIT 1",
      { id: integer },
    ),
    noting: database.query('SELECT id, noted_to FROM list_batch WHERE noted_to IS NOT NULL ORDER BY id LIMIT 1', {
      id: integer,
      notedTo: integer,
    }),
    keep: database.command(
      `INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch)
       SELECT -CAST(?1 AS BIGINT), ${ENTRY_COLUMNS} FROM list_entry WHERE ${OF_BATCH}`,
    ),
    drop: database.command(`DELETE FROM list_entry WHERE ${OF_BATCH}`),
    giveBack: database.command(
      `INSERT INTO list_entry (${ENTRY_COLUMNS})
       SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch
       FROM list_history WHERE ${OF_BATCH} ORDER BY id ON CONFLICT (imei, list, source) DO NOTHING`,
    ),
    settle: database.command(`UPDATE list_history SET batch = -batch WHERE ${OF_BATCH}`),
    touch: database.command('UPDATE list_batch SET taken_back = taken_back + ?, touched_at = ? WHERE id = ?'),
    end: database.command("UPDATE list_batch SET state = 'undone' WHERE id = ?"),
    proofsBound: database.query(
      `SELECT max(proved_imei) AS last FROM
         (SELECT proved_imei FROM uicc_state WHERE proved_imei > ? ORDER BY proved_imei LIMIT ${NOTED_TOGETHER}) AS next_ones`,
      { last: nullable(integer) },
    ),
    note: database.command(
      `INSERT INTO reconsideration (imei) SELECT DISTINCT proved_imei FROM uicc_state WHERE proved_imei > ?2 AND proved_imei <= ?3 AND (
         ${touches('list_entry', '?1')} OR ${touches('list_history', '?1')} OR ${touches('list_history', '-CAST(?1 AS BIGINT)')})
       ON CONFLICT (imei) DO NOTHING`,
    ),
    notedTo: database.command('UPDATE list_batch SET noted_to = ? WHERE id = ?'),
  };
}
