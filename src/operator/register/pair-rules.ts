import { Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { type DecisionFacts, noteDetails } from './decision.ts';
import { type Approved, approvedBy, checkTexts, OWN_SOURCE } from './lists.ts';
import { type ImeiRange, rangeSubject } from './ranges.ts';
import { REGISTER_REFUSALS } from './refusals.ts';

/** `allow`: these IMSIs may use these IMEIs whatever a list says. `lock`: they belong together, and to nobody else. */
export const PAIR_RULES = ['allow', 'lock'] as const;
/** Kind of a rule about handset and subscriber together. */
export type PairRuleKind = (typeof PAIR_RULES)[number];

/** IMSIs from one to another, both included; both have the same number of digits. */
export interface ImsiRange {
  readonly firstImsi: Imsi;
  readonly lastImsi: Imsi;
}

/** A rule about handsets and subscribers. */
export interface PairRule extends ImeiRange, ImsiRange {
  readonly id: number;
  readonly kind: PairRuleKind;
  readonly source: string;
  readonly note: string;
  readonly caseReference: string;
  readonly author: string;
  readonly addedAt: number;
  readonly expiresAt: number | undefined;
  readonly batch: number | undefined;
}

/** What a person gives for a rule. */
export interface NewPairRule extends ImeiRange, ImsiRange, Approved {
  readonly kind: PairRuleKind;
  readonly author: string;
  readonly source?: string;
  readonly note?: string;
  readonly caseReference?: string;
  readonly expiresAt?: number;
  readonly batch?: number;
}

/** What the rules say about one pair. */
export interface PairVerdict {
  /** What a rule says that allows it. */
  readonly allowedPair: DecisionFacts['allowedPair'];
  readonly brokenLock: DecisionFacts['brokenLock'];
}

/** The rules about pairs. Each change is durable, in the feed and in the audit log when it returns. */
export interface PairRules {
  /** What the rules in force at `at` (default now) say about this pair; without an IMSI a lock is not broken. */
  about(imei: Imei, imsi: Imsi | undefined, at?: number): PairVerdict;
  /** Makes a rule, or changes the same one of the same source. Throws RangeError. */
  add(rule: NewPairRule): void;
  /** Takes a rule back; false when that source had not made it. */
  remove(
    what: ImeiRange & ImsiRange & Approved & { kind: PairRuleKind; author: string; reason: string; source?: string },
  ): boolean;
  /** Rules above this number, at most `most`, in the order of their making. */
  page(after: number, most: number): readonly PairRule[];
  count(): number;
}

const COLUMNS =
  'id, kind, first_imei, last_imei, first_imsi, last_imsi, source, note, case_reference, author, added_at, expires_at, batch';
const ROW = {
  id: integer,
  kind: oneOf(...PAIR_RULES),
  firstImei: integer,
  lastImei: integer,
  firstImsi: text,
  lastImsi: text,
  source: text,
  note: text,
  caseReference: text,
  author: text,
  addedAt: integer,
  expiresAt: nullable(integer),
  batch: nullable(integer),
};
const MOST_PER_PAGE = 10_000;
/** Rules that concern one pair and are looked at. */
const MOST_ABOUT_ONE = 64;
export const NO_PAIR_RULE: PairVerdict = { allowedPair: undefined, brokenLock: undefined };

/** The rules of this database. */
export function openPairRules(options: {
  database: Database;
  audit: Audit;
  clock: Clock;
  feed: ChangeFeed;
}): PairRules {
  const { database, audit, clock, feed } = options;
  const concerning = (which: string) =>
    database.query(
      `SELECT ${COLUMNS} FROM pair_rule WHERE (expires_at IS NULL OR expires_at > ?1) AND ${which} ORDER BY id LIMIT ?2`,
      ROW,
    );
  const ofImei = concerning('first_imei <= ?3 AND last_imei >= ?3');
  const ofImsi = concerning('length(first_imsi) = length(?3) AND first_imsi <= ?3 AND last_imsi >= ?3');
  const put = database.command(
    `INSERT INTO pair_rule (kind, first_imei, last_imei, first_imsi, last_imsi, source, note, case_reference, author, added_at, expires_at, batch)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, first_imei, last_imei, first_imsi, last_imsi, source) DO UPDATE SET note = excluded.note,
       case_reference = excluded.case_reference, author = excluded.author, added_at = excluded.added_at,
       expires_at = excluded.expires_at, batch = excluded.batch`,
  );
  const take = database.command(
    `DELETE FROM pair_rule WHERE kind = ? AND first_imei = ? AND last_imei = ? AND first_imsi = ? AND last_imsi = ? AND source = ?`,
  );
  const paged = database.query(`SELECT ${COLUMNS} FROM pair_rule WHERE id > ? ORDER BY id LIMIT ?`, ROW);
  const count = database.query('SELECT count(*) AS number FROM pair_rule', { number: integer });
  const reconsider = database.command(
    `INSERT INTO reconsideration (imei) SELECT DISTINCT proved_imei FROM uicc_state WHERE proved_imei BETWEEN ? AND ?
     ON CONFLICT (imei) DO NOTHING`,
  );
  const changed = (
    rule: ImeiRange & ImsiRange,
    author: string,
    detail: Readonly<Record<string, string | number | null>>,
  ) => {
    reconsider.run(rule.first.number, rule.last.number);
    feed.note({ kind: 'pair', key: rule.firstImsi.digits, lastKey: rule.lastImsi.digits });
    const subscribers = { firstImsi: rule.firstImsi.digits, lastImsi: rule.lastImsi.digits };
    audit.append({ kind: 'list', author, subject: rangeSubject(rule), detail: { ...detail, ...subscribers } });
  };
  return {
    about(imei, imsi, at = clock.now()) {
      const forImei = ofImei.all(at, MOST_ABOUT_ONE, imei.number).map(ruleOf);
      const forImsi = imsi === undefined ? [] : ofImsi.all(at, MOST_ABOUT_ONE, imsi.digits).map(ruleOf);
      return pairVerdict(imei, imsi, forImei, forImsi);
    },
    add(rule) {
      const {
        kind,
        first,
        last,
        firstImsi,
        lastImsi,
        author,
        source = OWN_SOURCE,
        note = '',
        caseReference = '',
      } = rule;
      checkTexts({ author, source, note, caseReference });
      checkBounds(rule);
      const { expiresAt, batch } = rule;
      if (expiresAt !== undefined && expiresAt <= clock.now())
        throw new RefusalError(REGISTER_REFUSALS.say('expiryPassed'), 'expiry');
      database.transaction(() => {
        put.run(
          ...[kind, first.number, last.number, firstImsi.digits, lastImsi.digits],
          ...[source, note, caseReference, author, clock.now(), expiresAt, batch],
        );
        const said = { kind, source, note, caseReference, expiresAt: expiresAt ?? null };
        changed(rule, author, { change: 'added', ...said, ...approvedBy(rule) });
      });
    },
    remove: (what) =>
      database.transaction(() => {
        const { kind, first, last, firstImsi, lastImsi, author, reason, source = OWN_SOURCE } = what;
        checkTexts({ author, reason });
        const { changes } = take.run(kind, first.number, last.number, firstImsi.digits, lastImsi.digits, source);
        if (changes === 0) return false;
        changed(what, author, { change: 'removed', kind, source, reason, ...approvedBy(what) });
        return true;
      }),
    page: (after, most) => paged.all(after, Math.min(most, MOST_PER_PAGE)).map(ruleOf),
    count: () => count.only().number,
  };
}

/** Throws RangeError for bounds that no rule can have. */
export function checkBounds({ first, last, firstImsi, lastImsi }: ImeiRange & ImsiRange): void {
  if (first.number > last.number)
    throw new RefusalError(
      REGISTER_REFUSALS.say('pairImeisBackwards', { first: first.equipment, last: last.equipment }),
      'IMEIs',
    );
  if (firstImsi.digits.length !== lastImsi.digits.length || firstImsi.digits > lastImsi.digits)
    throw new RefusalError(REGISTER_REFUSALS.say('pairImsisBackwards'), 'IMSIs');
}

/** Bounds of a rule, as far as a verdict needs them. */
export type PairBounds = ImeiRange & ImsiRange & { readonly kind: PairRuleKind; readonly note: string };

/** True when an IMSI lies in a range. */
export const holdsImsi = ({ firstImsi, lastImsi }: ImsiRange, { digits }: Imsi): boolean =>
  digits.length === firstImsi.digits.length && digits >= firstImsi.digits && digits <= lastImsi.digits;
/** True when an IMEI lies in a range. */
export const holdsImei = ({ first, last }: ImeiRange, { equipment }: Imei): boolean =>
  equipment >= first.equipment && equipment <= last.equipment;

/**
 * The verdict on a pair, from the rules that hold its IMEI and those that hold its IMSI. A handset or a subscriber under locks is free with
 * any of the partners its locks name.
 */
export function pairVerdict(
  imei: Imei,
  imsi: Imsi | undefined,
  forImei: readonly PairBounds[],
  forImsi: readonly PairBounds[],
): PairVerdict {
  if (imsi === undefined) return NO_PAIR_RULE;
  const allowing = forImsi.find((rule) => rule.kind === 'allow' && holdsImei(rule, imei));
  const allowedPair = allowing && noteDetails(allowing.note);
  const [handset, subscriber] = [forImei, forImsi].map((rules) => rules.filter(({ kind }) => kind === 'lock'));
  const details = (rule: PairBounds | undefined) => noteDetails(rule?.note ?? '');
  if (handset !== undefined && handset.length > 0 && !handset.some((rule) => holdsImsi(rule, imsi)))
    return { allowedPair, brokenLock: { code: 'lockedHandset', details: details(handset[0]) } };
  if (subscriber !== undefined && subscriber.length > 0 && !subscriber.some((rule) => holdsImei(rule, imei)))
    return { allowedPair, brokenLock: { code: 'lockedSubscriber', details: details(subscriber[0]) } };
  return { allowedPair, brokenLock: undefined };
}

function ruleOf({
  firstImei,
  lastImei,
  firstImsi,
  lastImsi,
  ...row
}: Omit<PairRule, 'first' | 'last' | 'firstImsi' | 'lastImsi'> & {
  readonly firstImei: number;
  readonly lastImei: number;
  readonly firstImsi: string;
  readonly lastImsi: string;
}): PairRule {
  return {
    ...row,
    first: Imei.fromNumber(firstImei),
    last: Imei.fromNumber(lastImei),
    firstImsi: Imsi.parse(firstImsi),
    lastImsi: Imsi.parse(lastImsi),
  };
}
