import { type Database, integer, text } from '#operator/database/index.ts';
import { type OperatorEvent, orderKeyOf } from './event.ts';

/** Events given up for one webhook that are kept to be looked at. */
const MOST_DEAD = 1000;

/** A delivery that is to be attempted now. */
export interface DueDelivery {
  readonly webhook: number;
  /** The event. */
  readonly sequence: number;
  readonly orderKey: string;
  /** This attempt's number, 1 for the first. */
  readonly attempts: number;
}

/** An event that a webhook did not take. */
export interface DeadLetter {
  readonly sequence: number;
  readonly attempts: number;
  readonly trouble: string;
}

/**
 * What is to be delivered, in the database. Of each webhook and order key one delivery is `next`, those after it are `behind`: so a later
 * event is not sent before the earlier was taken or given up, whatever process sends it. Call the changes inside a transaction.
 */
export interface Deliveries {
  /** Deliveries of a webhook that are not done, at most `most`. */
  open(webhook: number, most: number): number;
  queue(webhook: number, event: OperatorEvent, now: number): void;
  /** Whether one of these could be taken now. */
  isDue(webhook: number, now: number): boolean;
  /** Takes deliveries that are due; nobody else takes them until `leaseMilliseconds` have passed. */
  take(webhook: number, now: number, most: number, leaseMilliseconds: number): readonly DueDelivery[];
  /** The receiver took it. Nothing happens when another process took this delivery over meanwhile; so with the next two. */
  taken(delivery: DueDelivery, now: number): void;
  /** Again at `at`; `isAttempt` false forgets this attempt. */
  postpone(delivery: DueDelivery, at: number, trouble: string, isAttempt: boolean): void;
  /** Gives it up; true when it was still this process's. */
  bury(delivery: DueDelivery, now: number, trouble: string): boolean;
  /** The newest events given up for a webhook. */
  dead(webhook: number, most: number): readonly DeadLetter[];
  counts(webhook: number): { readonly waiting: number; readonly dead: number };
}

/** The deliveries of this database. */
export function openDeliveries(database: Database): Deliveries {
  const row = { webhook: integer, sequence: integer, orderKey: text, attempts: integer };
  const open = database.query(
    "SELECT count(*) AS open FROM (SELECT 1 FROM webhook_delivery WHERE webhook = ? AND state <> 'dead' LIMIT ?) AS found",
    { open: integer },
  );
  const insert = database.command(
    `INSERT INTO webhook_delivery (webhook, sequence, order_key, state, attempts, next_at, trouble)
     VALUES (?1, ?2, ?3, CASE WHEN EXISTS (SELECT 1 FROM webhook_delivery WHERE webhook = ?1 AND order_key = ?3 AND state <> 'dead')
       THEN 'behind' ELSE 'next' END, 0, ?4, '')`,
  );
  const due = database.query(
    `SELECT webhook, sequence, order_key, attempts FROM webhook_delivery
     WHERE webhook = ? AND state = 'next' AND next_at <= ? ORDER BY next_at, sequence LIMIT ?`,
    row,
  );
  const lease = database.command(
    'UPDATE webhook_delivery SET attempts = ?, next_at = ? WHERE webhook = ? AND sequence = ?',
  );
  // A row's id may be given again, and its attempt another process's.
  const OURS = "WHERE webhook = ? AND sequence = ? AND attempts = ? AND state = 'next'";
  const remove = database.command(`DELETE FROM webhook_delivery ${OURS}`);
  const later = database.command(
    `UPDATE webhook_delivery SET next_at = ?, trouble = ?, attempts = attempts - ? ${OURS}`,
  );
  const bury = database.command(`UPDATE webhook_delivery SET state = 'dead', trouble = ? ${OURS}`);
  const promote = database.command(
    `UPDATE webhook_delivery SET state = 'next', next_at = ?1 WHERE webhook = ?2 AND sequence =
       (SELECT min(sequence) FROM webhook_delivery WHERE webhook = ?2 AND order_key = ?3 AND state = 'behind')`,
  );
  const forget = database.command(
    `DELETE FROM webhook_delivery WHERE webhook = ?1 AND state = 'dead' AND sequence <=
       (SELECT sequence FROM webhook_delivery WHERE webhook = ?1 AND state = 'dead' ORDER BY sequence DESC LIMIT 1 OFFSET ${MOST_DEAD})`,
  );
  const dead = database.query(
    "SELECT sequence, attempts, trouble FROM webhook_delivery WHERE webhook = ? AND state = 'dead' ORDER BY sequence DESC LIMIT ?",
    { sequence: integer, attempts: integer, trouble: text },
  );
  const counts = database.query(
    `SELECT count(CASE WHEN state <> 'dead' THEN 1 END) AS waiting, count(CASE WHEN state = 'dead' THEN 1 END) AS dead
     FROM webhook_delivery WHERE webhook = ?`,
    { waiting: integer, dead: integer },
  );
  return {
    open: (webhook, most) => open.only(webhook, most).open,
    queue: (webhook, event, now) => {
      insert.run(webhook, event.sequence, orderKeyOf(event), now);
    },
    isDue: (webhook, now) => due.first(webhook, now, 1) !== undefined,
    take: (webhook, now, most, leaseMilliseconds) =>
      due.all(webhook, now, most).map((found) => {
        const attempts = found.attempts + 1;
        lease.run(attempts, now + leaseMilliseconds, webhook, found.sequence);
        return { ...found, attempts };
      }),
    taken({ webhook, sequence, attempts, orderKey }, now) {
      if (remove.run(webhook, sequence, attempts).changes > 0) promote.run(now, webhook, orderKey);
    },
    postpone({ webhook, sequence, attempts }, at, trouble, isAttempt) {
      later.run(at, trouble, isAttempt ? 0 : 1, webhook, sequence, attempts);
    },
    bury({ webhook, sequence, attempts, orderKey }, now, trouble) {
      if (bury.run(trouble, webhook, sequence, attempts).changes === 0) return false;
      promote.run(now, webhook, orderKey);
      forget.run(webhook);
      return true;
    },
    dead: (webhook, most) => dead.all(webhook, Math.min(most, MOST_DEAD)),
    counts: (webhook) => counts.only(webhook),
  };
}
