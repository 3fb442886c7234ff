import type { Clock } from '#base/port/index.ts';
import type { People } from '#operator/access/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { changeFeed, copyMadeAt, type Database, unmarkCopy } from '#operator/database/index.ts';
import type { Events } from '#operator/event/index.ts';
import { type Gateway, ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';

/**
 * How far every number leaps. More than a UICC is sent, or a subscriber signs in to a network, between copy and restore; 2 to the power of 40
 * counters leave room for a million restores, and a USIM takes a leap of its SEQ by up to 2 to the power of 28.
 */
const LEAP = 2 ** 20;

/** What was done to a copy, so that work goes on. */
export interface Recovered {
  /** When the copy was made, as far as it says so. */
  readonly copyMadeAt: number | undefined;
  /** UICCs whose counters and sequence numbers leapt, and how far. */
  readonly uiccs: number;
  readonly leap: number;
  /** Numbers of the orders that were under way or waited, ended now. */
  readonly orders: readonly number[];
  /** Sessions of people, ended. */
  readonly sessions: number;
}

/** The rooms of an operator whose numbers leap. */
export interface RecoveredRooms {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly subscribers: Subscribers;
  readonly gateway: Pick<Gateway, 'outbox'>;
  readonly events: Events;
  readonly people: People;
}

/**
 * Makes an older copy of the database fit to work, in one transaction. UICCs have seen higher counters than it knows, so all leap. An order that
 * had not ended may have been carried out since, or another one in its place: it is ended with a finding, and people give it again. Sessions
 * end. Numbers of events and changes leap, so that no webhook, follower or node takes a new one for one it knows.
 */
export function recovered(
  rooms: RecoveredRooms,
  { author, reason }: { readonly author: string; readonly reason: string },
): Recovered {
  const { database, clock, audit, subscribers, gateway, events, people } = rooms;
  return database.transaction(() => {
    const madeAt = copyMadeAt(database);
    const uiccs = subscribers.leap(LEAP);
    // They may have taken other makers' roots since: a roll-out is not to spare a UICC for what it believed then.
    subscribers.trusts.forget();
    const orders = gateway.outbox.endOpen(ORDER_OUTCOMES.say('olderCopy'));
    const sessions = people.sessions.endEvery();
    events.leap(LEAP);
    changeFeed(database, clock).leap(LEAP);
    unmarkCopy(database, clock.now());
    const copied = madeAt === undefined ? {} : { copyMadeAt: new Date(madeAt).toISOString() };
    const detail = { change: 'restored', reason, ...copied, uiccs, leap: LEAP, orders: orders.length, sessions };
    audit.append({ kind: 'setting', author, subject: AUDIT_SUBJECTS.say('database'), detail });
    return { copyMadeAt: madeAt, uiccs, leap: LEAP, orders, sessions };
  });
}
