import type { Clock } from '#base/port/index.ts';
import { integer, nullable, oneOf, text } from './column.ts';
import type { Database } from './database.ts';

/** What a change is about: entries of an IMEI, of ranges, pair rules, the standing of a subscriber, a setting. */
export const CHANGE_KINDS = ['imei', 'range', 'pair', 'subscriber', 'setting'] as const;
/** What a change is about. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A change as noted: whoever follows reads what stands there now. */
export interface NewChange {
  readonly kind: ChangeKind;
  /** The IMEI's 14 digits, the IMSI, the name of the setting; of an imported block of IMEIs its first. */
  readonly key: string;
  /** The last IMEI of an imported block. */
  readonly lastKey?: string;
  /** The batch that changed the block. */
  readonly batch?: number;
}

/** A change of the feed. */
export interface Change extends Required<Omit<NewChange, 'batch'>> {
  /** 1, 2, 3 … without a gap, in the order in which changes became visible. */
  readonly sequence: number;
  readonly batch: number | undefined;
}

/** The feed that every register node follows. */
export interface ChangeFeed {
  /** Notes a change; call it inside the transaction that makes the change. */
  note(change: NewChange): void;
  /** Changes above `sequence`, in order, at most `most`. */
  after(sequence: number, most: number): readonly Change[];
  /** The newest sequence number; 0 when nothing ever changed. */
  newest(): number;
  /** The oldest sequence number still kept; a follower that has not seen the one before it must load everything anew. */
  oldest(): number;
  /** Forgets all but the newest `keep` changes. */
  prune(keep: number): void;
  /** Leaves out so many numbers and forgets all changes: every follower loads everything anew. Joins a transaction. */
  leap(numbers: number): void;
}

const ROW = {
  sequence: integer,
  kind: oneOf(...CHANGE_KINDS),
  firstKey: text,
  lastKey: text,
  batch: nullable(integer),
};

/**
 * The change feed of a database. A number is taken by raising the one row of `change_counter`, which the transaction holds until it ends:
 * so numbers become visible in their order, and one that was rolled back is given again.
 */
export function changeFeed(database: Database, clock: Clock): ChangeFeed {
  const raise = database.query('UPDATE change_counter SET last = last + 1 WHERE id = 1 RETURNING last', {
    last: integer,
  });
  const put = database.command(
    'INSERT INTO register_change (sequence, at, kind, first_key, last_key, batch) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const after = database.query(
    'SELECT sequence, kind, first_key, last_key, batch FROM register_change WHERE sequence > ? ORDER BY sequence LIMIT ?',
    ROW,
  );
  const newest = database.query('SELECT last FROM change_counter WHERE id = 1', { last: integer });
  const oldest = database.query('SELECT min(sequence) AS oldest FROM register_change', { oldest: nullable(integer) });
  const prune = database.command('DELETE FROM register_change WHERE sequence <= ?');
  const leap = database.command('UPDATE change_counter SET last = last + ? WHERE id = 1');
  return {
    note: ({ kind, key, lastKey = key, batch }) =>
      database.transaction(() => {
        put.run(raise.only().last, clock.now(), kind, key, lastKey, batch);
      }),
    after: (sequence, most) =>
      after.all(sequence, most).map(({ firstKey, ...change }) => ({ ...change, key: firstKey })),
    newest: () => newest.only().last,
    oldest: () => oldest.only().oldest ?? newest.only().last + 1,
    prune(keep) {
      prune.run(newest.only().last - keep);
    },
    leap(numbers) {
      prune.run(newest.only().last);
      leap.run(numbers);
    },
  };
}
