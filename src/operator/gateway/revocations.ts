import { NO_OCTETS, toHex } from '#base/codec/index.ts';
import type { Clock } from '#base/port/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { blob, type Database, integer, text } from '#operator/database/index.ts';
import { orderCommand } from '#operator/policy/index.ts';
import { REASON_SENTENCES } from '#operator/register/index.ts';
import { policyOf, type Subscriber } from '#operator/subscriber/index.ts';
import { MOST_REVOKED, type Report } from '#protocol/imei-lock/index.ts';
import type { Outbox } from './outbox.ts';

/** A certificate that UICCs are told not to believe any more. */
export interface Revocation {
  readonly id: number;
  /** Its serial number, 1 to 16 octets as they stand in it. */
  readonly serial: Uint8Array;
  readonly reason: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** UICCs that acknowledged it. */
  readonly told: number;
}

/** Whom a revocation concerns, as far as the operator knows: UICCs whose last report was proved by a support of that identity. */
export interface RevocationPreview {
  /** UICCs issued. */
  readonly uiccs: number;
  readonly inUse: number;
  /** Of those in use that are looked at: UICCs locked to the support, which keep their pairing. */
  readonly locked: number;
  /** Of those in use: how many would be, or were, sent an order at once. */
  readonly ordered: number;
}

/** Why nothing is revoked. */
export type RevocationRefusal = 'noAuthorOrReason' | 'noSerial' | 'alreadyRevoked' | 'tooMany';
/** What became of the request; `revocation` is undefined for a dry run. */
export type RevocationResult =
  | { readonly kind: 'revoked'; readonly revocation: Revocation | undefined; readonly preview: RevocationPreview }
  | { readonly kind: 'refused'; readonly why: RevocationRefusal };

/** What is to be revoked, and by whom. */
export interface RevocationRequest {
  readonly serial: Uint8Array;
  readonly author: string;
  readonly reason: string;
  /** Only say what it would do. */
  readonly dryRun?: boolean;
}

/** The refusals in words, each with what to do. */
export const REVOCATION_REFUSALS: Readonly<Record<RevocationRefusal, string>> = {
  noAuthorOrReason: 'expected an author and a reason for the revocation',
  noSerial: 'serial: expected 1 to 16 octets as they stand in the certificate',
  alreadyRevoked: 'serial: expected one that is not revoked yet',
  tooMany: `expected at most ${MOST_REVOKED} revocations: a UICC keeps no more; to end a whole maker, take its root away and roll the makers out`,
};

/** UICCs ordered at once; the others are when they report. */
const MOST_ORDERED = 500;
const LONGEST_SERIAL = 16;

function revocationQueries(database: Database) {
  const columns = { id: integer, serial: blob, reason: text, author: text, at: integer, told: integer };
  return {
    all: database.query('SELECT * FROM revocation ORDER BY id DESC', columns),
    bySerial: database.query('SELECT * FROM revocation WHERE serial = ?', columns),
    insert: database.query(
      'INSERT INTO revocation (serial, reason, author, at) VALUES (?, ?, ?, ?) RETURNING *',
      columns,
    ),
    next: database.query(
      `SELECT id, serial FROM revocation AS r
       WHERE NOT EXISTS (SELECT 1 FROM revocation_told AS t WHERE t.iccid = ? AND t.revocation = r.id)
       ORDER BY CASE WHEN serial = ? THEN 0 ELSE 1 END, id LIMIT 1`,
      { id: integer, serial: blob },
    ),
    told: database.query('SELECT 1 AS found FROM revocation_told WHERE iccid = ? AND revocation = ?', {
      found: integer,
    }),
    inUse: database.query(
      "SELECT count(*) AS number FROM uicc_state WHERE support = ? AND result IN ('proved', 'provedOther')",
      { number: integer },
    ),
    using: database.query(
      `SELECT uicc.iccid, uicc.policy FROM uicc_state AS state JOIN uicc ON uicc.iccid = state.iccid
       WHERE state.support = ? AND state.result IN ('proved', 'provedOther') ORDER BY uicc.iccid LIMIT ?`,
      { iccid: text, policy: text },
    ),
    uiccs: database.query('SELECT count(*) AS number FROM uicc', { number: integer }),
  };
}

/** Certificates that are revoked, and which UICC is to hear of which. A revocation is not taken back: no order makes a UICC forget it. */
export function openRevocations(options: { database: Database; audit: Audit; clock: Clock; outbox: Outbox }) {
  const { database, audit, clock, outbox } = options;
  const sql = revocationQueries(database);

  const using = (serial: Uint8Array) =>
    sql.using
      .all(serial, MOST_ORDERED)
      .map(({ iccid, policy }) => ({ iccid, isLocked: policyOf(policy).pairing === 'locked' }));

  /** A free UICC meets the support anew, and so reads its certificate; a locked one keeps whom it is locked to, and only learns. */
  const tell = (iccid: string, isLocked: boolean, { id, serial, reason, author }: Revocation) => {
    const said = REASON_SENTENCES.say('certificateRevoked', { serial: toHex(serial), words: reason });
    outbox.queue({
      iccid,
      answer: orderCommand(isLocked ? 'reportNow' : 'rePair', { at: clock.now(), text: '', revoked: serial }),
      author,
      reason: REASON_SENTENCES.words(said),
      reasonSaid: [said],
      reasonCode: 'revoked',
      caseReference: '',
      revocation: id,
    });
  };

  const refusalOf = ({ serial, author, reason }: RevocationRequest): RevocationRefusal | undefined => {
    if (author.trim() === '' || reason.trim() === '') return 'noAuthorOrReason';
    if (serial.length === 0 || serial.length > LONGEST_SERIAL) return 'noSerial';
    if (sql.bySerial.first(serial) !== undefined) return 'alreadyRevoked';
    return sql.all.all().length >= MOST_REVOKED ? 'tooMany' : undefined;
  };

  return {
    /** The newest first; at most as many as a UICC keeps. */
    all: (): readonly Revocation[] => sql.all.all(),
    /** Revokes a certificate: UICCs in use with it are ordered at once, the others learn it with an answer. Durable when it returns. */
    revoke: (request: RevocationRequest): RevocationResult =>
      database.transaction(() => {
        const why = refusalOf(request);
        if (why !== undefined) return { kind: 'refused', why };
        const { serial, author, reason } = request;
        const found = using(serial);
        const preview = {
          uiccs: sql.uiccs.only().number,
          inUse: sql.inUse.only(serial).number,
          locked: found.filter(({ isLocked }) => isLocked).length,
          ordered: found.length,
        };
        if (request.dryRun === true) return { kind: 'revoked', revocation: undefined, preview };
        const revocation = sql.insert.only(serial, reason, author, clock.now());
        audit.append({
          kind: 'setting',
          author,
          subject: AUDIT_SUBJECTS.say('certificate', { serial: toHex(serial) }),
          detail: { change: 'revoked', reason, ...preview },
        });
        for (const { iccid, isLocked } of found) tell(iccid, isLocked, revocation);
        return { kind: 'revoked', revocation, preview };
      }),
    /** What the answer to a report teaches: one the UICC did not acknowledge yet, that of its own support before others. */
    next: (iccid: string, support: Uint8Array | undefined) => sql.next.first(iccid, support ?? NO_OCTETS),
    /** After a report: a UICC that proved by keys agreed with a revoked support before it knew is to meet it anew. */
    follow({ iccid, policy }: Subscriber, { result, evidence, support }: Report): void {
      if (support === undefined || policy.pairing === 'locked') return;
      if (result !== 'proved' && result !== 'provedOther') return;
      const revocation = sql.bySerial.first(support);
      if (revocation === undefined || outbox.hasOpen(iccid.digits, 'rePair')) return;
      const isFirstMeeting = evidence === 'scp11a' && sql.told.first(iccid.digits, revocation.id) === undefined;
      if (evidence === 'scp03' || isFirstMeeting) tell(iccid.digits, false, revocation);
    },
  };
}

/** The revocations of a gateway. */
export type Revocations = ReturnType<typeof openRevocations>;
