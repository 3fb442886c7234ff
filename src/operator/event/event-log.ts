import { Imei } from '#base/identity/index.ts';
import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import {
  type DuplicateImei,
  EVENT_KINDS,
  type ImeiChanged,
  type NewEvent,
  type OperatorEvent,
  orderKeyOf,
} from './event.ts';

/** Events given at once. */
const MOST = 1000;
/** Events looked at for their age in one round. */
const PRUNED_AT_ONCE = 10_000;

const ROW = {
  sequence: integer,
  at: integer,
  kind: oneOf(...EVENT_KINDS),
  imsi: nullable(text),
  imei: integer,
  detail: text,
};
type Row = { readonly [K in keyof typeof ROW]: ReturnType<(typeof ROW)[K]> };

/** Events, kept in the order of commits. */
export interface EventLog {
  /** Keeps an event; inside a transaction it stands or falls with it. Its number. */
  append(event: NewEvent): number;
  /** Events above `sequence`, in order, at most `most` (1000). */
  after(sequence: number, most: number): readonly OperatorEvent[];
  /** What happened to one subscriber below `before`, the newest first, at most `most` (1000). */
  about(imsi: string, before: number, most: number): readonly OperatorEvent[];
  /** The newest number ever given; 0 before the first. */
  newest(): number;
  /** The oldest number still kept; one more than the newest when none is. */
  oldest(): number;
  /** Forgets events before `time`, ten thousand at most; how many. */
  prune(time: number): number;
  /** Leaves out so many numbers. Joins a transaction. */
  leap(numbers: number): void;
}

/** What a row keeps beside its columns. */
type Detail =
  | (Pick<ImeiChanged, 'by' | 'level' | 'equipmentStatus'> & { readonly from: number })
  | Pick<DuplicateImei, 'cause' | 'subscribers' | 'conflicts' | 'genuine' | 'argument'>;

/**
 * The events of a database. A number is taken by raising the one row of `event_counter`, which the transaction holds until it ends: so
 * numbers become visible in their order, and one that was rolled back is given again.
 */
export function openEventLog(database: Database): EventLog {
  const raise = database.query('UPDATE event_counter SET last = last + 1 WHERE id = 1 RETURNING last', {
    last: integer,
  });
  const put = database.command(
    'INSERT INTO operator_event (sequence, at, kind, order_key, imsi, imei, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const after = database.query('SELECT * FROM operator_event WHERE sequence > ? ORDER BY sequence LIMIT ?', ROW);
  const about = database.query(
    'SELECT * FROM operator_event WHERE imsi = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
    ROW,
  );
  const newest = database.query('SELECT last FROM event_counter WHERE id = 1', { last: integer });
  const oldest = database.query('SELECT min(sequence) AS oldest FROM operator_event', { oldest: nullable(integer) });
  const upToDate = database.command(
    'UPDATE webhook SET queued_to = queued_to + ? WHERE queued_to = (SELECT last FROM event_counter WHERE id = 1)',
  );
  const leap = database.command('UPDATE event_counter SET last = last + ? WHERE id = 1');
  const prune = database.command(
    `DELETE FROM operator_event WHERE sequence IN
       (SELECT sequence FROM (SELECT sequence, at FROM operator_event ORDER BY sequence LIMIT ?) AS oldest WHERE at < ?)`,
  );
  return {
    append: (event) =>
      database.transaction(() => {
        const { last } = raise.only();
        const [imsi, imei] = event.kind === 'imeiChanged' ? [event.imsi, event.to] : [undefined, event.imei];
        put.run(last, event.at, event.kind, orderKeyOf(event), imsi, imei.number, JSON.stringify(detailOf(event)));
        return last;
      }),
    after: (sequence, most) => after.all(sequence, Math.min(most, MOST)).map(eventOf),
    about: (imsi, before, most) => about.all(imsi, before, Math.min(most, MOST)).map(eventOf),
    newest: () => newest.only().last,
    oldest: () => oldest.only().oldest ?? newest.only().last + 1,
    prune: (time) => prune.run(PRUNED_AT_ONCE, time).changes,
    leap: (numbers) => {
      // Who has all events so far has missed none of those that are left out.
      upToDate.run(numbers);
      leap.run(numbers);
    },
  };
}

function detailOf(event: NewEvent): Detail {
  if (event.kind === 'imeiChanged') {
    const { by, level, equipmentStatus, from } = event;
    return { by, level, equipmentStatus, from: from.number };
  }
  const { cause, subscribers, conflicts, genuine, argument } = event;
  return { cause, subscribers, conflicts, genuine, argument };
}

function eventOf({ sequence, at, kind, imsi, imei, detail }: Row): OperatorEvent {
  // Written by append() alone, from a Detail of this kind.
  const kept = JSON.parse(detail) as Detail;
  if (kind === 'imeiChanged' && 'from' in kept) {
    const { from, by, level, equipmentStatus } = kept;
    return {
      sequence,
      kind,
      at,
      imsi: imsi ?? '',
      from: Imei.fromNumber(from),
      to: Imei.fromNumber(imei),
      by,
      level,
      equipmentStatus,
    };
  }
  const { cause, subscribers, conflicts, genuine, argument } = kept as Exclude<Detail, { from: number }>;
  return {
    sequence,
    kind: 'duplicateImei',
    at,
    imei: Imei.fromNumber(imei),
    cause,
    subscribers,
    conflicts,
    genuine,
    argument,
  };
}
