import { NO_OCTETS } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Audit, AuditDetail, AuditSaid } from '#operator/audit/index.ts';
import { blob, type Database, integer, nullable, oneOf, saidBy, saidText, text } from '#operator/database/index.ts';
import { type Evidence, FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { REASON_SENTENCES, type ReasonSaid } from '#operator/register/index.ts';
import type { PacketKeySet, Subscribers } from '#operator/subscriber/index.ts';
import { ISSUER_KEY_VERSION, REMOTE_MANAGEMENT_TAR } from '#protocol/card-management/index.ts';
import { type Answer, answer, IMEI_LOCK_TAR, type Order, OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import { PROOF_BY_SUBMIT, securedCommand } from '#protocol/ota/index.ts';
import { ORDER_OUTCOMES, type OrderFailed, type OutcomeSaid } from './order-outcomes.ts';
import { KEY_QUESTION, rotationScript } from './rotation-script.ts';

/** How far orders may be. */
export const ORDER_STATES = [
  /** Wants to be sent; has no counter yet. */
  'queued',
  /** Its packet with its counter is stored. */
  'built',
  /** The SMSC has taken it. */
  'sent',
  /** The UICC proved that it received it. */
  'acknowledged',
  /** Given up. */
  'failed',
  /** A newer order took its place. */
  'superseded',
] as const;
/** How far an order is. */
export type OrderState = (typeof ORDER_STATES)[number];

/** An order to a UICC. */
export interface OutboxOrder {
  readonly id: number;
  readonly at: number;
  readonly iccid: string;
  readonly order: string;
  readonly author: string;
  readonly reason: string;
  /** The same by codes and values; undefined when a person wrote it, or when it is older than its code. */
  readonly reasonSaid: readonly ReasonSaid[] | undefined;
  readonly caseReference: string;
  readonly state: OrderState;
  /** Undefined until it is built; then never another. */
  readonly counter: number | undefined;
  /** The secured packet, from CPL on: the same octets at every attempt. */
  readonly packet: Uint8Array | undefined;
  /** While nobody knows which keys a UICC holds: the same under the other set, and its counter. One of the two is silence to the UICC. */
  readonly otherCounter: number | undefined;
  readonly otherPacket: Uint8Array | undefined;
  /** Of an order that brings keys: their generation. */
  readonly generation: number | undefined;
  readonly attempts: number;
  readonly sentAt: number | undefined;
  /** When the SMSC said that the handset has it. */
  readonly deliveredAt: number | undefined;
  readonly doneAt: number | undefined;
  /** How it ended, or the last trouble, for people. */
  readonly outcome: string;
  /** The same by codes and values; undefined while there is none, or when it is older than its code. */
  readonly outcomeSaid: readonly OutcomeSaid[] | undefined;
  /** A script of remote management: where it goes; undefined for orders to the IMEI lock. */
  readonly tar: Uint8Array | undefined;
  /** What the UICC answered to a script. */
  readonly response: Uint8Array | undefined;
  /** Number of the report that it answers. */
  readonly report: number | undefined;
}

/** A script of remote management to queue. */
export interface NewScript {
  readonly iccid: string;
  readonly tar: Uint8Array;
  readonly script: Uint8Array;
  readonly author: string;
  readonly reason: string;
  readonly caseReference: string;
}

/** What the outbox calls a script of remote management. */
export const SCRIPT_ORDER = 'script';
/** What it calls the script that brings a new key set of packets. */
export const ROTATION_ORDER = 'rotateKeys';

/** New packet keys to queue; their script is made when it is their turn. */
export type NewRotation = Omit<NewScript, 'tar' | 'script'> & { readonly generation: number };

/** From where a page of orders goes on; the bound is excluded. */
export type OutboxFrom = { readonly below: number } | { readonly above: number };

/** What to queue. */
export interface NewOrder {
  readonly iccid: string;
  readonly answer: Answer;
  readonly author: string;
  readonly reason: string;
  /** The same by codes and values, unless a person wrote it. */
  readonly reasonSaid?: readonly ReasonSaid[];
  /** Code of the decisive reason, kept with a standing order. */
  readonly reasonCode: string;
  readonly caseReference: string;
  /** Number of the report that it answers. */
  readonly report?: number;
  /** Number of the revocation that it teaches: acknowledged with it. */
  readonly revocation?: number;
}

/** Orders that set the state of a UICC: a newer one takes the place of an older one. The others are done one after another. */
const STANDING: ReadonlySet<Order> = new Set<Order>(['permit', 'track', 'block', 'stopKeys', 'unblock']);
/** Orders of which a newer one says all that an older one did: the older one is not sent any more. */
const REPLACING: ReadonlySet<Order> = new Set<Order>(['setRoots']);
/** Orders built, or looked at for sending, in one round. */
const MOST_PER_ROUND = 200;
const MOST_SHOWN = 1000;

/** The orders of this database. Every change is durable when it returns. */
export interface Outbox {
  /** Queues an order; an older standing order that is still open makes room. Joins a transaction. Returns its number. */
  queue(order: NewOrder): number;
  /** Queues a script of remote management: scripts of one UICC are done one after another, beside the orders to its lock. Returns its number. */
  queueScript(script: NewScript): number;
  /** Queues the packet keys of a generation, as a script to card management. Joins a transaction. Returns its number. */
  queueRotation(rotation: NewRotation): number;
  /** Gives queued orders their counter and packet, of each UICC that has none under way: a standing one first, else the oldest. Returns how many. */
  build(): number;
  /** Orders to be sent now; each is taken off until `retryMilliseconds(attempts)` have passed, so that nobody else sends it. */
  takeDue(retryMilliseconds: (attempts: number) => number): readonly OutboxOrder[];
  /** The SMSC took the packet, and calls it so. */
  sent(id: number, message: string): void;
  /** The SMSC says that the handset has the message it calls so; false when no order waits for that. */
  delivered(message: string): boolean;
  /** The SMSC gave up the message that it calls so: the order says it until it is sent again; false when no order waits for that. */
  notDelivered(message: string, trouble: OutcomeSaid): boolean;
  /** It could not be sent: again after so many milliseconds; `isAttempt` false forgets this attempt. */
  postpone(id: number, milliseconds: number, trouble: OutcomeSaid, isAttempt: boolean): void;
  /** Gives an order up, with a finding; one that has ended stays as it is. */
  fail(id: number, outcome: OrderFailed): void;
  /** Gives up every order that has not ended, each with a finding; their numbers. Joins a transaction. */
  endOpen(outcome: OrderFailed): readonly number[];
  /** Ends an order by the UICC's proof of receipt, unless it was ended by one already. */
  acknowledge(id: number, outcome: OutcomeSaid, response?: Uint8Array): void;
  /** The order whose packet, under either key set, has this counter. */
  byCounter(iccid: string, counter: number): OutboxOrder | undefined;
  /** Whether the UICC acknowledged the order of this counter, or a later one: its proof then says how it was, not how it is. */
  isPast(iccid: string, counter: number): boolean;
  /** Makes a packet that the UICC takes for old anew, with a new counter: what became of the one before is not known. Not for one that is done. */
  rebuild(id: number, trouble: OutcomeSaid): void;
  /** Orders that a dead process had begun to send are due at once. */
  resume(): void;
  /** Whether an order of this kind waits or is under way. */
  hasOpen(iccid: string, order: Order | typeof ROTATION_ORDER): boolean;
  /** Whether a packet with this counter is newer than every one that was made to bring this key set, and none is still to be made. */
  isAfterRotation(iccid: string, generation: number, counter: number): boolean;
  /** The newest orders, of one UICC when `iccid` is given. */
  newest(most: number, iccid?: string): readonly OutboxOrder[];
  /** Orders of one UICC with a number below `before`, the newest first. */
  before(iccid: string, before: number, most: number): readonly OutboxOrder[];
  /** Orders in these states (default all) below a number, the newest first, or above one, the oldest first; at most `most` (1000). */
  page(states: readonly OrderState[] | undefined, from: OutboxFrom, most: number): readonly OutboxOrder[];
  /** The order that answers a report. */
  answerTo(report: number): OutboxOrder | undefined;
  byId(id: number): OutboxOrder | undefined;
  counts(): Readonly<Partial<Record<OrderState, number>>>;
}

const ROW = {
  id: integer,
  at: integer,
  iccid: text,
  orders: text,
  author: text,
  reason: text,
  reasonSaid: saidBy(REASON_SENTENCES),
  caseReference: text,
  state: oneOf(...ORDER_STATES),
  counter: nullable(integer),
  packet: nullable(blob),
  otherCounter: nullable(integer),
  otherPacket: nullable(blob),
  generation: nullable(integer),
  attempts: integer,
  sentAt: nullable(integer),
  deliveredAt: nullable(integer),
  doneAt: nullable(integer),
  outcome: text,
  outcomeSaid: saidBy(ORDER_OUTCOMES),
  tar: nullable(blob),
  response: nullable(blob),
  report: nullable(integer),
};

/** What is asked of the table. */
function outboxQueries(database: Database) {
  const select = (where: string) => database.query(`SELECT * FROM outbox ${where}`, ROW);
  return {
    // One order under way for each key set of a UICC: a later one would raise its counter above the earlier one's.
    buildable: database.query(
      `SELECT coalesce(min(CASE WHEN standing = 1 THEN id END), min(id)) AS id FROM outbox
     WHERE state IN ('queued', 'built', 'sent') GROUP BY iccid, tar IS NULL HAVING count(CASE WHEN state <> 'queued' THEN 1 END) = 0 LIMIT ?`,
      { id: integer },
    ),
    queued: database.query("SELECT iccid, generation, payload, tar FROM outbox WHERE id = ? AND state = 'queued'", {
      iccid: text,
      generation: nullable(integer),
      payload: blob,
      tar: nullable(blob),
    }),
    due: select("WHERE state IN ('built', 'sent') AND next_at <= ? ORDER BY next_at, id LIMIT ?"),
    byCounter: select('WHERE iccid = ? AND counter = ?'),
    past: database.query(
      "SELECT id FROM outbox WHERE iccid = ? AND counter >= ? AND state = 'acknowledged' AND tar IS NULL LIMIT 1",
      { id: integer },
    ),
    byOtherCounter: select('WHERE iccid = ? AND other_counter = ?'),
    open: database.query(
      "SELECT id FROM outbox WHERE iccid = ? AND orders = ? AND state IN ('queued', 'built', 'sent') LIMIT 1",
      { id: integer },
    ),
    allOpen: database.query("SELECT id FROM outbox WHERE state IN ('queued', 'built', 'sent') ORDER BY id", {
      id: integer,
    }),
    bringing: database.query(
      `SELECT id FROM outbox WHERE iccid = ? AND orders = '${ROTATION_ORDER}' AND generation = ? AND (counter IS NULL OR counter >= ?) LIMIT 1`,
      { id: integer },
    ),
    newest: select('ORDER BY id DESC LIMIT ?'),
    newestOf: select('WHERE iccid = ? ORDER BY id DESC LIMIT ?'),
    before: select('WHERE iccid = ? AND id < ? ORDER BY id DESC LIMIT ?'),
    allBelow: select('WHERE id < ? ORDER BY id DESC LIMIT ?'),
    allAbove: select('WHERE id > ? ORDER BY id LIMIT ?'),
    below: select("WHERE state = ? AND orders <> '' AND id < ? ORDER BY id DESC LIMIT ?"),
    above: select("WHERE state = ? AND orders <> '' AND id > ? ORDER BY id LIMIT ?"),
    answerTo: select('WHERE report = ? ORDER BY id LIMIT 1'),
    byId: select('WHERE id = ?'),
    counts: database.query("SELECT state, count(*) AS number FROM outbox WHERE orders <> '' GROUP BY state", {
      state: oneOf(...ORDER_STATES),
      number: integer,
    }),
  };
}

/** What changes because the SMSC says what became of a message. */
const receiptCommands = (database: Database) => ({
  deliver: database.query(
    'UPDATE outbox SET delivered_at = ? WHERE message = ? AND delivered_at IS NULL RETURNING id, iccid, orders, author',
    { id: integer, iccid: text, orders: text, author: text },
  ),
  undelivered: database.command(
    `UPDATE outbox SET outcome = ?, outcome_said = ? WHERE message = ? AND delivered_at IS NULL AND state = 'sent'`,
  ),
});

/** What is changed in it. */
function outboxCommands(database: Database) {
  return {
    insert: database.query(
      `INSERT INTO outbox (at, iccid, orders, standing, author, reason, case_reference, payload, state, next_at, report, revocation,
       reason_said)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?1, ?9, ?10, ?11) RETURNING id`,
      { id: integer },
    ),
    insertScript: database.query(
      `INSERT INTO outbox (at, iccid, orders, standing, author, reason, case_reference, payload, state, next_at, tar, generation)
     VALUES (?1, ?2, ?8, 0, ?3, ?4, ?5, ?6, 'queued', ?1, ?7, ?9) RETURNING id`,
      { id: integer },
    ),
    keepResponse: database.command('UPDATE outbox SET response = ? WHERE id = ?'),
    store: database.command(
      `UPDATE outbox SET state = 'built', counter = ?, packet = ?, other_counter = ?, other_packet = ?, next_at = ?
     WHERE id = ?`,
    ),
    unbuild: database.command(
      `UPDATE outbox SET state = 'queued', counter = NULL, packet = NULL, other_counter = NULL, other_packet = NULL, outcome = ?,
       outcome_said = ?
     WHERE id = ? AND state IN ('built', 'sent')`,
    ),
    lease: database.command('UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?'),
    accept: database.command(
      "UPDATE outbox SET state = 'sent', sent_at = ?, outcome = '', outcome_said = NULL, message = ? WHERE id = ? AND state IN ('built', 'sent')",
    ),
    delay: database.command(
      "UPDATE outbox SET next_at = ?, outcome = ?, outcome_said = ?, attempts = attempts - ? WHERE id = ? AND state IN ('built', 'sent')",
    ),
    finish: database.command('UPDATE outbox SET state = ?, done_at = ?, outcome = ?, outcome_said = ? WHERE id = ?'),
    taught: database.command(
      `INSERT INTO revocation_told (iccid, revocation, at) SELECT iccid, revocation, ?1 FROM outbox
     WHERE id = ?2 AND revocation IS NOT NULL ON CONFLICT (iccid, revocation) DO NOTHING`,
    ),
    countTaught: database.command(
      'UPDATE revocation SET told = told + 1 WHERE id = (SELECT revocation FROM outbox WHERE id = ?)',
    ),
    again: database.command("UPDATE outbox SET next_at = ? WHERE state = 'built' AND next_at > ?"),
  };
}

/** What a newer order changes in older ones. */
function replacingCommands(database: Database) {
  return {
    supersede: database.command(
      `UPDATE outbox SET state = 'superseded', done_at = ?, outcome = ?, outcome_said = ?
     WHERE iccid = ? AND id <> ? AND standing = 1 AND state IN ('queued', 'built', 'sent')`,
    ),
    replace: database.command(
      `UPDATE outbox SET state = 'superseded', done_at = ?, outcome = ?, outcome_said = ?
     WHERE iccid = ? AND id <> ? AND orders = ? AND state IN ('queued', 'built', 'sent')`,
    ),
    // What is under way has a lower counter than a standing order built now, so it is done again after it.
    requeue: database.command(
      `INSERT INTO outbox (at, iccid, orders, standing, author, reason, case_reference, payload, state, next_at, revocation,
       reason_said)
     SELECT at, iccid, orders, 0, author, reason, case_reference, payload, 'queued', ?1, revocation, reason_said FROM outbox
     WHERE iccid = ?2 AND standing = 0 AND tar IS NULL AND state IN ('built', 'sent')`,
    ),
    supersedeUnderWay: database.command(
      `UPDATE outbox SET state = 'superseded', done_at = ?, outcome = ?, outcome_said = ?
     WHERE iccid = ? AND standing = 0 AND tar IS NULL AND state IN ('built', 'sent')`,
    ),
  };
}

/** The outbox in this database. */
export function openOutbox(options: {
  database: Database;
  audit: Audit;
  clock: Clock;
  subscribers: Subscribers;
  evidence: Evidence;
  random: Random;
}): Outbox {
  const { database, audit, clock, subscribers, evidence, random } = options;
  const sql = {
    ...{ ...outboxQueries(database), ...outboxCommands(database) },
    ...{ ...replacingCommands(database), ...receiptCommands(database) },
  };

  const log = (
    row: { iccid: string; orders: string; author: string },
    id: number,
    event: string,
    why: { readonly detail: AuditDetail; readonly said?: AuditSaid | undefined } = { detail: {} },
  ) =>
    audit.append({
      kind: 'order',
      author: row.author,
      subject: row.iccid,
      detail: { number: id, order: row.orders, event, ...why.detail },
      said: why.said,
    });

  const end = (row: OutboxRow, state: 'acknowledged' | 'failed', outcome: OutcomeSaid) =>
    database.transaction(() => {
      sql.finish.run(state, clock.now(), ...outcomeColumns(outcome), row.id);
      log(row, row.id, state, {
        detail: { outcome: ORDER_OUTCOMES.words(outcome) },
        said: { outcome: [outcome] },
      });
    });

  const fail = (row: OutboxRow, outcome: OrderFailed) =>
    database.transaction(() => {
      end(row, 'failed', outcome);
      const imsi = subscribers.byIccid(row.iccid)?.imsi.digits;
      const failed = FINDING_SENTENCES.say('orderFailed', { number: row.id, order: row.orders });
      const key = `${row.iccid} ${row.orders}`;
      evidence.recordFinding({ kind: 'orderUnanswered', key, imsi, said: [failed, outcome] });
    });

  const insertScript = (order: string, given: NewScript, generation?: number) =>
    database.transaction(() => {
      const { iccid, tar, script, author, reason, caseReference } = given;
      const kept = [author, reason, caseReference, script, tar, order, generation] as const;
      const { id } = sql.insertScript.only(clock.now(), iccid, ...kept);
      log({ iccid, orders: order, author }, id, 'queued', { detail: { reason } });
      return id;
    });

  const buildOne = (id: number) => {
    const row = sql.queued.first(id);
    // Another process was quicker.
    if (row === undefined) return;
    const { iccid } = subscribers.byIccid(row.iccid) ?? { iccid: undefined };
    if (iccid === undefined) return void sql.finish.run('failed', clock.now(), ...outcomeColumns(say('noUicc')), id);
    const packets =
      row.tar === undefined
        ? [orderPacket(subscribers, iccid, row.payload)]
        : row.generation === undefined
          ? scriptPackets(subscribers, iccid, row.tar, row.payload)
          : keyPackets(subscribers, iccid, row.tar, row.generation, random);
    const [packet, other] = packets;
    if (packet === undefined) {
      const whole = sql.byId.only(id);
      const isHeld = subscribers.packetKeys.candidates(iccid)[0].generation === row.generation;
      if (isHeld) end(whole, 'acknowledged', say('holdsKeys', { generation: row.generation ?? 0 }));
      else end(whole, 'failed', say('keysNotTakenMeanwhile'));
      return;
    }
    sql.store.run(packet.counter, packet.octets, other?.counter, other?.octets, clock.now(), id);
  };

  return {
    queue: ({ iccid, answer: value, author, reason, reasonSaid, reasonCode, caseReference, report, revocation }) =>
      database.transaction(() => {
        const isStanding = STANDING.has(value.order);
        const now = clock.now();
        const kept = [author, reason, caseReference, answer.encode(value), report, revocation] as const;
        const { id } = sql.insert.only(now, iccid, value.order, isStanding, ...kept, saidText(reasonSaid));
        if (isStanding) {
          sql.supersede.run(now, ...outcomeColumns(say('replaced', { number: id })), iccid, id);
          sql.requeue.run(now, iccid);
          sql.supersedeUnderWay.run(now, ...outcomeColumns(say('afterNewer')), iccid);
          evidence.recordStandingOrder(iccid, value.order, reasonCode);
        }
        if (REPLACING.has(value.order))
          sql.replace.run(now, ...outcomeColumns(say('replaced', { number: id })), iccid, id, value.order);
        log({ iccid, orders: value.order, author }, id, 'queued', {
          detail: { reason },
          said: reasonSaid && { reason: reasonSaid },
        });
        return id;
      }),
    queueScript: (script) => insertScript(SCRIPT_ORDER, script),
    queueRotation: (rotation) =>
      insertScript(
        ROTATION_ORDER,
        { ...rotation, tar: REMOTE_MANAGEMENT_TAR.applications, script: NO_OCTETS },
        rotation.generation,
      ),
    build() {
      const ids = sql.buildable.all(MOST_PER_ROUND);
      if (ids.length === 0) return 0;
      database.transaction(() => {
        for (const { id } of ids) buildOne(id);
      });
      return ids.length;
    },
    takeDue(retryMilliseconds) {
      const now = clock.now();
      if (sql.due.first(now, 1) === undefined) return [];
      return database.transaction(() => {
        const rows = sql.due.all(now, MOST_PER_ROUND);
        for (const row of rows) sql.lease.run(now + retryMilliseconds(row.attempts + 1), row.id);
        return rows.map((row) => orderOf({ ...row, attempts: row.attempts + 1 }));
      });
    },
    sent: (id, message) =>
      database.transaction(() => {
        const row = sql.byId.first(id);
        if (sql.accept.run(clock.now(), message, id).changes === 0) return;
        // The first time: that a packet is sent again is told by its attempts.
        if (row?.state === 'built') log(row, id, 'sent');
      }),
    delivered: (message) =>
      database.transaction(() => {
        const row = sql.deliver.first(clock.now(), message);
        if (row !== undefined) log(row, row.id, 'delivered');
        return row !== undefined;
      }),
    notDelivered: (message, trouble) => sql.undelivered.run(...outcomeColumns(trouble), message).changes > 0,
    postpone: (id, milliseconds, trouble, isAttempt) => {
      sql.delay.run(clock.now() + milliseconds, ...outcomeColumns(trouble), isAttempt ? 0 : 1, id);
    },
    fail: (id, outcome) => {
      const row = sql.byId.first(id);
      if (row !== undefined && row.state !== 'acknowledged') fail(row, outcome);
    },
    endOpen: (outcome) =>
      database.transaction(() => {
        const ids = sql.allOpen.all().map(({ id }) => id);
        for (const id of ids) fail(sql.byId.only(id), outcome);
        return ids;
      }),
    acknowledge(id, outcome, response) {
      const row = sql.byId.first(id);
      if (row === undefined || row.state === 'acknowledged') return;
      database.transaction(() => {
        if (response !== undefined) sql.keepResponse.run(response, row.id);
        end(row, 'acknowledged', outcome);
        if (sql.taught.run(clock.now(), row.id).changes > 0) sql.countTaught.run(row.id);
      });
    },
    byCounter(iccid, counter) {
      const row = sql.byCounter.first(iccid, counter) ?? sql.byOtherCounter.first(iccid, counter);
      return row && orderOf(row);
    },
    isPast: (iccid, counter) => sql.past.first(iccid, counter) !== undefined,
    rebuild: (id, trouble) => {
      sql.unbuild.run(...outcomeColumns(trouble), id);
    },
    resume: () => {
      sql.again.run(clock.now(), clock.now());
    },
    hasOpen: (iccid, order) => sql.open.first(iccid, order) !== undefined,
    isAfterRotation: (iccid, generation, counter) => sql.bringing.first(iccid, generation, counter) === undefined,
    page(states, from, most) {
      const rows = Math.min(most, MOST_SHOWN);
      const [bound, all, one] =
        'below' in from ? [from.below, sql.allBelow, sql.below] : [from.above, sql.allAbove, sql.above];
      if (states === undefined) return all.all(bound, rows).map(orderOf);
      // A range of the index for each state: the nearest of all are among the nearest of each.
      const found = [...new Set(states)].flatMap((state) => one.all(state, bound, rows));
      const nearest = found.toSorted((a, b) => ('below' in from ? b.id - a.id : a.id - b.id));
      return nearest.slice(0, rows).map(orderOf);
    },
    newest(most, iccid) {
      const rows = Math.min(most, MOST_SHOWN);
      return (iccid === undefined ? sql.newest.all(rows) : sql.newestOf.all(iccid, rows)).map(orderOf);
    },
    before: (iccid, before, most) => sql.before.all(iccid, before, Math.min(most, MOST_SHOWN)).map(orderOf),
    answerTo(report) {
      const row = sql.answerTo.first(report);
      return row && orderOf(row);
    },
    byId(id) {
      const row = sql.byId.first(id);
      return row && orderOf(row);
    },
    counts: () => Object.fromEntries(sql.counts.all().map(({ state, number }) => [state, number])),
  };
}

type OutboxRow = { readonly [K in keyof typeof ROW]: ReturnType<(typeof ROW)[K]> };

const { say } = ORDER_OUTCOMES;

/** An outcome in English, and by its code. */
const outcomeColumns = (said: OutcomeSaid) => [ORDER_OUTCOMES.words(said), saidText([said])] as const;

function orderOf({ orders, ...rest }: OutboxRow): OutboxOrder {
  return { ...rest, order: orders };
}

/** A packet as it is stored. */
interface BuiltPacket {
  readonly counter: number;
  readonly octets: Uint8Array;
}

const COMMON = { counterMode: 'higher', proof: PROOF_BY_SUBMIT } as const;

/** SPI 16 39; KIc and KID 12 (facts/ota.md 1). */
function orderPacket(subscribers: Subscribers, iccid: Iccid, payload: Uint8Array): BuiltPacket {
  const counter = subscribers.nextAnswerCounter(iccid);
  const message = { ...COMMON, counter, tar: IMEI_LOCK_TAR, keySet: OTA_KEY_SET.answer };
  return { counter, octets: securedCommand(message, subscribers.otaKeys(iccid, 'answer'), payload) };
}

const scriptPacket = (
  subscribers: Subscribers,
  iccid: Iccid,
  tar: Uint8Array,
  { keys }: PacketKeySet,
  script: Uint8Array,
): BuiltPacket => {
  const counter = subscribers.nextAnswerCounter(iccid);
  return {
    counter,
    octets: securedCommand({ ...COMMON, counter, tar, keySet: ISSUER_KEY_VERSION.packets }, keys, script),
  };
};

/**
 * SPI 16 39; KIc and KID 32; a packet for each key set that the UICC may hold. Their counters are of one row for all sets of a UICC, so each set
 * sees rising ones.
 */
function scriptPackets(
  subscribers: Subscribers,
  iccid: Iccid,
  tar: Uint8Array,
  script: Uint8Array,
): readonly BuiltPacket[] {
  const sets = subscribers.packetKeys.candidates(iccid);
  return sets.flatMap((set) => (set === undefined ? [] : [scriptPacket(subscribers, iccid, tar, set, script)]));
}

/** New keys go under the old ones; the other packet asks under the new ones whether they are there. None when that is settled already. */
function keyPackets(
  subscribers: Subscribers,
  iccid: Iccid,
  tar: Uint8Array,
  generation: number,
  random: Random,
): readonly BuiltPacket[] {
  const [held, coming] = subscribers.packetKeys.candidates(iccid);
  if (coming?.generation !== generation) return [];
  return [
    scriptPacket(subscribers, iccid, tar, held, rotationScript(held, coming, random)),
    scriptPacket(subscribers, iccid, tar, coming, KEY_QUESTION),
  ];
}
