import type { Clock } from '#base/port/index.ts';
import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import type { Commanded } from '#operator/policy/index.ts';

/** Orders that a person's decision can be until it ends. */
const LASTING = ['permit', 'track', 'block', 'stopKeys'] as const;
/** A decision that lasts. */
export type LastingOrder = (typeof LASTING)[number];

/** Whether an order is a decision that lasts, and not an act. */
export function isLasting(order: string): order is LastingOrder {
  return LASTING.some((name) => name === order);
}

const MOST_PER_ROUND = 200;

/** What people decided about UICCs, until it expires or is taken back. */
export function openCommanded(options: { database: Database; clock: Clock }) {
  const { database, clock } = options;
  const columns = { order: oneOf(...LASTING), reason: text, caseReference: text, expiresAt: nullable(integer) };
  const find = database.query(
    'SELECT orders AS "order", reason, case_reference, expires_at FROM commanded WHERE iccid = ? AND (expires_at IS NULL OR expires_at > ?)',
    columns,
  );
  const put = database.command(
    `INSERT INTO commanded (iccid, orders, author, reason, case_reference, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (iccid) DO UPDATE SET orders = excluded.orders, author = excluded.author, reason = excluded.reason,
       case_reference = excluded.case_reference, at = excluded.at, expires_at = excluded.expires_at`,
  );
  const take = database.command('DELETE FROM commanded WHERE iccid = ?');
  const over = database.query('SELECT iccid, orders AS "order" FROM commanded WHERE expires_at <= ? LIMIT ?', {
    iccid: text,
    order: oneOf(...LASTING),
  });
  return {
    of: (iccid: string): (Commanded & { readonly expiresAt: number | undefined }) | undefined =>
      find.first(iccid, clock.now()),
    set(
      iccid: string,
      order: LastingOrder,
      what: { author: string; reason: string; caseReference: string; expiresAt: number | undefined },
    ): void {
      put.run(iccid, order, what.author, what.reason, what.caseReference, clock.now(), what.expiresAt);
    },
    end(iccid: string): void {
      take.run(iccid);
    },
    /** Decisions whose time is over. */
    expired: (): readonly { readonly iccid: string; readonly order: LastingOrder }[] =>
      over.all(clock.now(), MOST_PER_ROUND),
  };
}
