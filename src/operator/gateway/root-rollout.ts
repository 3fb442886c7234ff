import { toHex } from '#base/codec/index.ts';
import { compressedPoint, importPublicKey } from '#base/crypto/index.ts';
import type { Clock } from '#base/port/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { blob, type Database, flag, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import type { Evidence } from '#operator/evidence/index.ts';
import { orderCommand } from '#operator/policy/index.ts';
import { REASON_SENTENCES } from '#operator/register/index.ts';
import {
  asRoot,
  type CertificateAuthority,
  policyOf,
  type Subscriber,
  type Subscribers,
} from '#operator/subscriber/index.ts';
import { answer, MOST_ROOTS, rootName } from '#protocol/imei-lock/index.ts';
import { commandPacketLength, packetToSegments } from '#protocol/ota/index.ts';
import type { openCommanded } from './commanded.ts';
import { ORDER_STATES, type OrderState, type Outbox } from './outbox.ts';

/** What it would do to let all UICCs believe a set of roots, as far as the operator knows. */
export interface RolloutEffect {
  /** UICCs issued. */
  readonly uiccs: number;
  /** Of those, UICCs that believe this set already: nothing is sent to them. */
  readonly holding: number;
  /** UICCs that said that they know no such order: nothing is sent to them. */
  readonly fixed: number;
  /** UICCs that would be ordered. */
  readonly ordered: number;
  /** Short messages for each of them. */
  readonly messages: number;
  /** Of the ordered: those whose handset was proved by a root that is not in the set: without service at its next proof. */
  readonly losing: number;
  /** Of the losing: UICCs locked to that handset, which serve in no other. */
  readonly locked: number;
  /** Of the ordered: those whose last proof does not say its root (reports of version 1): what becomes of them is not known. */
  readonly unknown: number;
}

/** A roll-out and how far it is. */
export interface Rollout {
  readonly id: number;
  readonly author: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly roots: readonly CertificateAuthority[];
  /** `ordering`: UICCs are still being ordered; `ordered`: each has its order. */
  readonly state: 'ordering' | 'ordered';
  readonly uiccs: number;
  /** UICCs that believe the set: as they came, or as they acknowledged. */
  readonly holding: number;
  /** Orders that wait for their turn, for the SMSC or for the UICC. */
  readonly underWay: number;
  /** UICCs that know no such order. */
  readonly fixed: number;
}

/** Why nothing is rolled out. */
export type RolloutRefusal = 'noAuthorOrReason' | 'noRoot' | 'tooManyRoots' | 'underWay';
/** The refusals in words, each with what to do. */
export const ROLLOUT_REFUSALS: Readonly<Record<RolloutRefusal, string>> = {
  noAuthorOrReason: 'expected an author and a reason for the roll-out',
  noRoot: 'expected a maker: a UICC without any root would serve in no handset; add one first',
  tooManyRoots: `expected at most ${MOST_ROOTS} makers: a UICC keeps no more; take one away first`,
  underWay: 'expected other roots than those of the roll-out under way; wait for its end',
};

/** What became of the request. */
export type RolloutResult =
  | { readonly kind: 'begun'; readonly rollout: Rollout }
  | { readonly kind: 'refused'; readonly why: RolloutRefusal };

/** UICCs ordered in one round of the gateway, and orders that may wait for the SMSC until the next are given. */
const MOST_PER_ROUND = 200;
const MOST_WAITING = 1000;
/** The newest order of its kind to a UICC: how far it is. Along an index of its own. */
const LAST_ORDER =
  "(SELECT state FROM outbox WHERE outbox.iccid = uicc.iccid AND orders = 'setRoots' ORDER BY id DESC LIMIT 1) AS last_order";
/** UICCs looked at before other work gets its turn. */
const BATCH = 1000;

const AUTHOR = 'register';

function rolloutQueries(database: Database) {
  const columns = {
    ...{ id: integer, trust: integer, author: text, reason: text, at: integer, above: text },
    ...{ state: oneOf('ordering', 'ordered'), renewed: flag },
  };
  const known = { trust: nullable(integer), rootsFixed: flag, lastOrder: nullable(oneOf(...ORDER_STATES)) };
  return {
    newest: database.query('SELECT * FROM root_rollout ORDER BY id DESC LIMIT 1', columns),
    insert: database.query(
      "INSERT INTO root_rollout (trust, author, reason, at, above, state, renewed) VALUES (?, ?, ?, ?, '', 'ordering', ?) RETURNING *",
      columns,
    ),
    // Also the lock: of several gateways one goes on.
    take: database.query(
      "UPDATE root_rollout SET above = above WHERE id = ? AND state = 'ordering' RETURNING *",
      columns,
    ),
    goOn: database.command('UPDATE root_rollout SET above = ?, state = ? WHERE id = ?'),
    part: database.query(
      `SELECT iccid, trust, roots_fixed, issued_at, ${LAST_ORDER} FROM uicc WHERE iccid > ? ORDER BY iccid LIMIT ?`,
      { iccid: text, ...known, issuedAt: integer },
    ),
    known: database.query(`SELECT trust, roots_fixed, ${LAST_ORDER} FROM uicc WHERE iccid = ?`, known),
    later: database.query(
      "SELECT id FROM outbox WHERE iccid = ? AND orders = 'setRoots' AND state = 'acknowledged' AND counter > ? LIMIT 1",
      { id: integer },
    ),
    looked: database.query(
      `SELECT uicc.iccid, uicc.trust, uicc.roots_fixed, ${LAST_ORDER}, uicc.policy, state.result, state.proved_level, state.root
       FROM uicc LEFT JOIN uicc_state AS state ON state.iccid = uicc.iccid WHERE uicc.iccid > ? ORDER BY uicc.iccid LIMIT ?`,
      {
        ...{ iccid: text, ...known, policy: text },
        ...{ result: nullable(text), provedLevel: nullable(text), root: nullable(blob) },
      },
    ),
    waiting: database.query(
      `SELECT count(*) AS number FROM (SELECT id FROM outbox WHERE state IN ('queued', 'built') AND orders = 'setRoots' LIMIT ${MOST_WAITING})
       AS first`,
      { number: integer },
    ),
    underWay: database.query(
      "SELECT count(*) AS number FROM outbox WHERE state IN ('queued', 'built', 'sent') AND orders = 'setRoots'",
      { number: integer },
    ),
    uiccs: database.query('SELECT count(*) AS number FROM uicc', { number: integer }),
  };
}

/**
 * True when a UICC believes a set for sure. An order for another set that it has not acknowledged it may have obeyed, or may obey yet: what was
 * known of its roots before is of no weight then.
 */
const isHolding = (
  { trust, lastOrder }: { readonly trust: number | undefined; readonly lastOrder: OrderState | undefined },
  set: number | undefined,
): boolean => set !== undefined && trust === set && (lastOrder === undefined || lastOrder === 'acknowledged');

/** Lets whatever else waits in this process go on. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The roots as an order carries them. */
const sent = (roots: readonly CertificateAuthority[]) => ({
  roots: roots.map(({ identifier, publicPoint }) => ({
    caIdentifier: identifier,
    publicPoint: compressedPoint(importPublicKey('P-256', publicPoint)),
  })),
});

/** The order that lets a UICC believe these roots and no other. */
const orderOf = (roots: readonly CertificateAuthority[], at: number) =>
  orderCommand('setRoots', { at, text: '', trust: sent(roots) });

/** Short messages that such an order takes. */
function messagesOf(roots: readonly CertificateAuthority[], at: number): number {
  const octets = answer.encode(orderOf(roots, at)).length;
  return packetToSegments({ kind: 'command', packet: new Uint8Array(commandPacketLength(octets)) }, 0).length;
}

/** What the roll-out works with. */
interface RolloutOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly subscribers: Subscribers;
  readonly evidence: Evidence;
  readonly commanded: ReturnType<typeof openCommanded>;
}

/** Makers' roots on their way to the UICCs in the field: one set at a time, the newest. */
export function openRootRollout(options: RolloutOptions) {
  const { database, audit, clock, outbox, subscribers } = options;
  const { trusts } = subscribers;
  const sql = rolloutQueries(database);

  const refusalOf = (
    roots: readonly CertificateAuthority[],
    by: { readonly author: string; readonly reason: string },
  ): RolloutRefusal | undefined => {
    if (by.author.trim() === '' || by.reason.trim() === '') return 'noAuthorOrReason';
    if (roots.length === 0) return 'noRoot';
    return roots.length > MOST_ROOTS ? 'tooManyRoots' : undefined;
  };

  const order = (iccid: string, { trust, author, reason }: ReturnType<typeof sql.newest.only>) =>
    outbox.queue({
      ...{ iccid, author, reason, reasonCode: 'commanded', caseReference: '' },
      answer: orderOf(trusts.roots(trust), clock.now()),
    });

  const shown = (row: ReturnType<typeof sql.newest.only>): Rollout => ({
    ...{ id: row.id, author: row.author, reason: row.reason, at: row.at, state: row.state },
    roots: trusts.roots(row.trust),
    uiccs: sql.uiccs.only().number,
    holding: trusts.holding(row.trust),
    underWay: sql.underWay.only().number,
    fixed: trusts.counts().fixed,
  });

  return {
    /** What a roll-out of these roots would do. Reads along the key, and lets other work go on in between. */
    effect: (roots: readonly CertificateAuthority[]): Promise<RolloutEffect> => effectOf(options, sql, roots),
    /** Begins to let all UICCs issued so far believe the makers as they stand now; one that was under way ends. Durable when it returns. */
    begin: (by: { readonly author: string; readonly reason: string }): RolloutResult =>
      database.transaction(() => {
        const roots = subscribers.makerRoots();
        const why = refusalOf(roots, by);
        if (why !== undefined) return { kind: 'refused', why };
        const trust = trusts.numberOf(roots);
        const before = sql.newest.first();
        const isSame = before?.trust === trust;
        if (isSame && before.state === 'ordering') return { kind: 'refused', why: 'underWay' };
        if (before !== undefined) sql.goOn.run('', 'ordered', before.id);
        const row = sql.insert.only(trust, by.author, by.reason, clock.now(), isSame);
        audit.append({
          kind: 'setting',
          author: by.author,
          subject: AUDIT_SUBJECTS.say('makers'),
          detail: {
            change: 'rolledOut',
            reason: by.reason,
            makers: roots.map(({ identifier }) => toHex(identifier)),
          },
        });
        return { kind: 'begun', rollout: shown(row) };
      }),
    /** The newest roll-out; undefined before the first. */
    newest(): Rollout | undefined {
      const row = sql.newest.first();
      return row && shown(row);
    },
    /** One round: orders the next UICCs, unless enough orders wait for the SMSC. */
    goOn(): void {
      const { id, state } = sql.newest.first() ?? {};
      if (id === undefined || state !== 'ordering' || sql.waiting.only().number >= MOST_WAITING) return;
      database.transaction(() => {
        const row = sql.take.first(id);
        if (row === undefined) return;
        const part = sql.part.all(row.above, MOST_PER_ROUND);
        for (const { iccid, issuedAt, ...known } of part) {
          // One that is issued later comes with the makers of its day.
          if (issuedAt > row.at || isHolding(known, row.trust) || known.rootsFixed) continue;
          if (!(row.renewed && outbox.hasOpen(iccid, 'setRoots'))) order(iccid, row);
        }
        const last = part.at(-1)?.iccid;
        const isEnd = last === undefined || part.length < MOST_PER_ROUND;
        sql.goOn.run(isEnd ? '' : last, isEnd ? 'ordered' : 'ordering', row.id);
      });
    },
    /** After a report: a UICC whose order was given up is ordered once more, as it can be reached again. */
    follow({ iccid, issuedAt }: Subscriber): void {
      const row = sql.newest.first();
      if (row === undefined || issuedAt > row.at || (row.state === 'ordering' && iccid.digits > row.above)) return;
      const known = sql.known.only(iccid.digits);
      if (isHolding(known, row.trust) || known.rootsFixed || outbox.hasOpen(iccid.digits, 'setRoots')) return;
      order(iccid.digits, row);
    },
    /**
     * A UICC said which set it believes since the order of this counter. One that had refuted its handset for an unknown root, and knows another root
     * now, is let prove again. What it said before it acknowledged a later order is not kept.
     */
    acknowledged(iccid: string, counter: number, digest: Uint8Array): void {
      if (sql.later.first(iccid, counter) !== undefined) return;
      if (trusts.keep(iccid, digest)) letProveAgain(options, iccid);
    },
  };
}

/**
 * A block for an unknown root is lifted, unless a person decided about this UICC: what it proves now decides. The block that a UICC made itself
 * for an unknown root it took back itself; where it still says that it is blocked so, that is for another reason.
 */
function letProveAgain({ outbox, clock, evidence, commanded }: RolloutOptions, iccid: string): void {
  const standing = evidence.standingOf(iccid);
  const isForeign = standing?.result === 'refuted' && standing.reason === 'foreignRoot';
  if (!isForeign || standing.lockState !== 'blockedByOperator' || commanded.of(iccid) !== undefined) return;
  const said = REASON_SENTENCES.say('rootsChanged');
  outbox.queue({
    ...{ iccid, author: AUTHOR, reasonCode: 'refutedProof', caseReference: '' },
    answer: orderCommand('unblock', { at: clock.now(), text: '' }),
    reason: REASON_SENTENCES.words(said),
    reasonSaid: [said],
  });
}

async function effectOf(
  { clock, subscribers: { trusts } }: RolloutOptions,
  sql: ReturnType<typeof rolloutQueries>,
  roots: readonly CertificateAuthority[],
): Promise<RolloutEffect> {
  const trust = trusts.find(roots);
  const names = new Set(roots.map((root) => toHex(rootName(asRoot(root)))));
  const counts = { uiccs: 0, holding: 0, fixed: 0, ordered: 0, losing: 0, locked: 0, unknown: 0 };
  for (let last = ''; ; await breathe()) {
    const rows = sql.looked.all(last, BATCH);
    for (const row of rows) {
      counts.uiccs++;
      if (isHolding(row, trust)) counts.holding++;
      else if (row.rootsFixed) counts.fixed++;
      else {
        counts.ordered++;
        // It serves in no handset as it is: nothing can be lost.
        if (row.result === undefined || row.result === 'refuted') continue;
        if (row.root === undefined) counts.unknown += row.provedLevel === 'attested' ? 1 : 0;
        else if (!names.has(toHex(row.root))) {
          counts.losing++;
          if (policyOf(row.policy).pairing === 'locked') counts.locked++;
        }
      }
    }
    last = rows.at(-1)?.iccid ?? '';
    if (rows.length < BATCH) break;
  }
  return { ...counts, messages: messagesOf(roots, clock.now()) };
}

/** The roll-outs of a gateway. */
export type RootRollout = ReturnType<typeof openRootRollout>;
