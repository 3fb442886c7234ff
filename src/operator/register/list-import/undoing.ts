import { integer } from '#operator/database/index.ts';
import type { UndoApprovals } from '../approval.ts';
import type { UndoChange } from '../list-change.ts';
import type { Approved } from '../lists.ts';
import { type BatchPorts, beginUndo } from './batch.ts';
import { settleAbandoned, settleBatches, takenBack } from './settling.ts';
import { standing, type UndoEffect, undoEffect } from './undo-effect.ts';

/** What became of the wish to undo an import, and what its effect was counted to be; `changed`: entries. */
export type UndoProposal = { readonly effect: UndoEffect } & (
  | { readonly outcome: 'done'; readonly changed: number }
  | { readonly outcome: 'waiting'; readonly id: number }
);

/**
 * Takes back what an import did: what it added goes, what it removed or replaced returns as it was. Entries changed since by someone else
 * stay. It counts at once and as a whole, and is written a slice at a time; what a process that died has left of another is written first, as
 * what this one gives back may be of that one. Gives how many entries changed; rejects with RangeError when
 * there is no such batch, it was undone before, or another one is being written.
 */
export async function undoImport(
  ports: BatchPorts,
  what: { readonly batch: number; readonly author: string; readonly reason: string } & Approved,
): Promise<number> {
  await settleAbandoned(ports);
  beginUndo(ports, what);
  await settleBatches(ports);
  return takenBack(ports, what.batch);
}

/** Takes an import back, or keeps the wish until a second person approves. Rejects with RangeError for one that does not stand. */
export async function proposeUndo(
  ports: BatchPorts & { readonly approvals: UndoApprovals },
  { batch, author, reason }: { readonly batch: number; readonly author: string; readonly reason: string },
): Promise<UndoProposal> {
  const { database, approvals, feed } = ports;
  await settleAbandoned(ports);
  const sequence = feed.newest();
  const effect = await undoEffect(ports, batch);
  const waiting = database.transaction(() => {
    const id = approvals.keepUndo(changeOf(ports, batch, effect, sequence), author, reason);
    if (id === undefined) beginUndo(ports, { batch, author, reason });
    return id;
  });
  if (waiting !== undefined) return { outcome: 'waiting', id: waiting, effect };
  await settleBatches(ports);
  return { outcome: 'done', changed: takenBack(ports, batch), effect };
}

const MOST_CHANGES = 1000;

/**
 * The undoing as a change that a second person may have to approve. Whether it brings something Prohibited back decides whether one person
 * may do it: where lists changed since it was counted (the feed's change `sequence`), all that it took from the black list may come back.
 */
function changeOf(ports: BatchPorts, batch: number, effect: UndoEffect, sequence: number): UndoChange {
  const { database, feed } = ports;
  const { hitHandsets: _, ...numbers } = effect;
  const { name, list, source } = standing(ports, batch);
  const change: UndoChange = { about: 'undo', batch, name, list, source, ...numbers };
  const changes = feed.after(sequence, MOST_CHANGES);
  const isAsCounted = changes.length < MOST_CHANGES && changes.every(({ kind }) => kind !== 'imei');
  if (isAsCounted || change.prohibiting > 0) return change;
  const { number } = database
    .query(
      "SELECT count(*) AS number FROM (SELECT id FROM list_history WHERE batch = ? AND list = 'black' LIMIT 1) AS one",
      { number: integer },
    )
    .only(batch);
  return { ...change, prohibiting: number };
}
