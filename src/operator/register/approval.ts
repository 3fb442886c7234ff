import { fromHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { Audit, AuditDetail, AuditKind } from '#operator/audit/index.ts';
import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { type ErasureOrder, maskedSubject } from '#operator/privacy/index.ts';
import { type AccessChange, isGranting, withoutSecret } from './access-change.ts';
import { type FleetChange, type FleetNumbers, isMoreThan, rulesText } from './fleet-change.ts';
import type { ImsiDefaults } from './imsi-defaults.ts';
import {
  type EntryChange,
  type ErasureChange,
  type FileChange,
  imeisOf,
  imsisOf,
  isProhibiting,
  type ListChange,
  listChange,
  listChangeColumn,
  type MakerChange,
  type SettingChange,
  subjectOf,
  subjectText,
  type UndoChange,
} from './list-change.ts';
import { type Approved, checkTexts, type Lists } from './lists.ts';
import type { PairRules } from './pair-rules.ts';
import type { Ranges } from './ranges.ts';
import { REGISTER_REFUSALS } from './refusals.ts';
import { asksOthers, type KeptSettings, type SettingName, settingMustWait } from './register-settings.ts';

/** A change waits so long for a second person; then nobody can approve it any more. */
export const LONGEST_WAIT_MILLISECONDS = 30 * 24 * 3_600_000;
/** Changes that may wait at once. */
const MOST_WAITING = 10_000;
/** Changes shown at once. */
const MOST_PER_PAGE = 1000;

const KEPT_STATES = ['waiting', 'approved', 'rejected'] as const;

/** A change that was proposed where a second person is asked for. */
export interface ProposedChange {
  readonly id: number;
  /** When it was proposed, in milliseconds since 1970. */
  readonly at: number;
  readonly author: string;
  /** Why, in the proposer's words; may be empty. */
  readonly reason: string;
  readonly change: ListChange;
  /** `expired`: nobody decided in 30 days. */
  readonly state: (typeof KEPT_STATES)[number] | 'expired';
  readonly decidedBy: string | undefined;
  readonly decidedAt: number | undefined;
}

/** What became of a proposal. `changed`: false when there was nothing to take away. */
export type Proposal =
  | { readonly outcome: 'done'; readonly changed: boolean }
  | { readonly outcome: 'waiting'; readonly id: number };

/** What the second person says. */
export interface ApprovalVerdict {
  readonly approver: string;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string;
}

/** A new value of a setting, as it is proposed. */
export type NewSetting = Omit<SettingChange, 'before'>;

/** Changes of the lists by two persons. What has returned is durable and in the audit log. */
export interface Approvals {
  /**
   * Makes a change, or keeps it until a second person approves, as the settings say. `inTransaction` runs before it and may throw. An order to a fleet is
   * not carried out here. Throws RangeError or AccessError for a change that makes no sense.
   */
  propose(change: Proposable, author: string, reason: string, inTransaction?: () => void): Proposal;
  /**
   * The word of a second person: the change is made in the proposer's name, or never. Throws RangeError when it is the proposer himself, when
   * the change does not wait (any more), for a file (which is approved by importing it again), and when it can no longer be made. What an
   * undoing leaves in the tables, which does not count, is then for the register's `settleImports`.
   */
  decide(id: number, verdict: ApprovalVerdict): { readonly changed: boolean };
  /** True when an order to a fleet by this person would wait. */
  fleetMustWait(author: string): boolean;
  /**
   * Compares what an order to a fleet would do now with what was shown when it was proposed; when it is more, the new numbers are shown from now on.
   * False then: nobody has agreed to that. Throws RangeError when it does not wait.
   */
  lookedAgain(id: number, now: FleetNumbers, by: string): boolean;
  /**
   * Carries out a part of an order to a fleet that was approved within the last day, at most as many UICCs (`most`) as are left of those that were shown:
   * nobody has agreed to more, nor to the same again. Undefined when none is left. Throws RangeError for any other change.
   */
  carryOut<P extends { readonly queued: number }>(
    id: number,
    order: (fleet: ApprovedFleet, most: number) => P,
  ): P | undefined;
  /** One of them, whatever its state. */
  find(id: number): ProposedChange | undefined;
  /** Changes that wait, the oldest first, at most `most` (1000). */
  waiting(most: number): readonly ProposedChange[];
  /** All of them, the newest first, at most `most` (1000). */
  newest(most: number): readonly ProposedChange[];
  /** Makes proposed erasures nameless that nobody can decide about any more; how many. */
  forgetSettled(): number;
}

/** What people and programs propose. */
export type Proposable = EntryChange | NewSetting | ErasureChange | MakerChange | AccessChange | FleetChange;

/** An order to a fleet, and who proposed it. */
export type ApprovedFleet = FleetChange & { readonly author: string; readonly reason: string };

/** An approved order is carried out within this time: later the fleet is another. */
const FLEET_ORDER_MILLISECONDS = 24 * 3_600_000;

/** Who approves the import of a file, and as which proposal. */
export interface FileApproval {
  readonly id: number;
  readonly approver: string;
}

/** The same for files, which are not kept: the importer asks before it writes, and says so in its last transaction. */
export interface FileApprovals {
  /** The proposal's number when this import has to wait, or undefined when it may be written at once. */
  proposeFile(change: FileChange, author: string): number | undefined;
  /** The proposal that somebody wants to approve. Throws RangeError when he may not. */
  proposedFile(approval: FileApproval): ProposedChange & { readonly change: FileChange };
  /** The file is written: to be called in the transaction by which it counts. Throws RangeError when somebody else has decided meanwhile. */
  fileWritten(approval: FileApproval): void;
}

/** The same for the undoing of imports, whose effect takes a while to count: who undoes asks in the transaction in which it begins. */
export interface UndoApprovals {
  /** The proposal's number when this undoing has to wait, or undefined when it may begin at once. */
  keepUndo(change: UndoChange, author: string, reason: string): number | undefined;
}

/** What is changed in other ways than entry by entry. */
export interface OtherChanges {
  /** Begins the undoing of an import, which counts at once. Throws RangeError for one that does not stand. */
  undo(what: { readonly batch: number; readonly author: string; readonly reason: string } & Approved): void;
  set(name: SettingName, value: string, author: string, reason: string, approved: Approved): void;
  /** Begins the erasure of a subject's data. */
  erase(order: ErasureOrder): void;
  /** Withdraws a maker's root; false when there is none of this name. */
  withdrawMaker(identifier: Uint8Array, by: { readonly author: string; readonly reason: string } & Approved): boolean;
  readonly people: AccessChanges;
}

/** How users and tokens are changed, by whoever knows them. */
export interface AccessChanges {
  /** True when somebody else than this person may sign in and decide about what is proposed. */
  hasOtherDecider(author: string): boolean;
  /** True when one of these names may be used by whoever has the other: who made the token, or gave the password that is in use. Milliseconds since 1970. */
  isSamePerson(author: string, approver: string, at: { readonly proposed: number; readonly decided: number }): boolean;
  /** True for a user who may sign in no more, and for a name whose tokens are revoked. */
  isStopped(author: string): boolean;
  /** Throws AccessError or RangeError for a change that could not be made now, or that is about another state than the present. */
  check(change: AccessChange, by: { readonly author: string; readonly reason: string }): void;
  /** Makes it; the same. */
  make(change: AccessChange, by: { readonly author: string; readonly reason: string }): void;
}

/** Names are the same whatever their capitals, and the space around them. */
const plainName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** The changes that two persons make, in this database. */
export function openApprovals(options: {
  database: Database;
  audit: Audit;
  clock: Clock;
  settings: KeptSettings;
  lists: Lists;
  ranges: Ranges;
  pairRules: PairRules;
  imsiDefaults: ImsiDefaults;
  others: OtherChanges;
}): Approvals & FileApprovals & UndoApprovals {
  const { database, audit, clock, settings, others } = options;
  const kept = proposals(database, clock);
  const make = maker(options);

  const fleetMustWait = (author: string): boolean =>
    settings.read().fleetApproval === 'always' && others.people.hasOtherDecider(author);

  /** Where nobody else could decide, what is about people and fleets is left to one: else nobody could ever do it. */
  const mustWait = (change: ListChange, author: string): boolean => {
    const { approval, userApproval } = settings.read();
    const isAsked = () => others.people.hasOtherDecider(author);
    if (change.about === 'erasure') return true;
    if (change.about === 'setting') return settingMustWait(change, approval) && (!asksOthers(change.name) || isAsked());
    if (change.about === 'fleet') return fleetMustWait(author);
    if (isOfAccess(change)) return userApproval === 'always' && isGranting(change) && isAsked();
    return approval === 'always' || (approval === 'prohibiting' && isProhibiting(change));
  };

  const keep = (change: ListChange, author: string, reason: string): number => {
    const id = kept.put(change, author, reason);
    // `why`: an entry has a closed `reason` of its own.
    const detail = { ...factsOf(change), change: 'proposed', action: actionOf(change), proposal: id, why: reason };
    audit.append({ kind: auditKind(change), author, subject: subjectOf(change), detail });
    return id;
  };

  /** A proposal that this person may decide about now. */
  const decidable = (id: number, approver: string): ProposedChange => {
    checkTexts({ approver });
    if (plainName(approver) === '') throw new RefusalError(REGISTER_REFUSALS.say('approverMissing'), 'approver');
    const proposed = kept.find(id);
    if (proposed?.state !== 'waiting')
      throw new RefusalError(REGISTER_REFUSALS.say(WAITS_NO_MORE[proposed?.state ?? 'missing']), `change ${id}`);
    if (plainName(approver) === plainName(proposed.author))
      throw new RefusalError(REGISTER_REFUSALS.say('ownProposal', { author: proposed.author, id }), 'approver');
    const at = { proposed: proposed.at, decided: clock.now() };
    // Where users are left to one, anybody who makes them can be as many persons as needed.
    if (settings.read().userApproval === 'always' && others.people.isSamePerson(proposed.author, approver, at))
      throw new RefusalError(REGISTER_REFUSALS.say('samePerson', { author: proposed.author, id }), 'approver');
    return proposed;
  };

  /** One that this person may agree to now: what somebody proposed who was stopped since is not made any more. */
  const approvable = (id: number, approver: string): ProposedChange => {
    const proposed = decidable(id, approver);
    if (!others.people.isStopped(proposed.author)) return proposed;
    throw new RefusalError(REGISTER_REFUSALS.say('proposerStopped', { author: proposed.author }), `change ${id}`);
  };

  const approvedFleet = (id: number) => {
    const found = kept.find(id);
    const { change, state, decidedAt = 0 } = found ?? {};
    if (found === undefined || change?.about !== 'fleet' || state !== 'approved')
      throw new RefusalError(REGISTER_REFUSALS.say('fleetNotApproved'), `change ${id}`);
    if (decidedAt <= clock.now() - FLEET_ORDER_MILLISECONDS)
      throw new RefusalError(REGISTER_REFUSALS.say('fleetTooLate'), `change ${id}`);
    return { change, author: found.author, reason: found.reason };
  };

  const decided = (
    proposed: ProposedChange,
    { approver, verdict, reason }: ApprovalVerdict,
    facts: { changed?: boolean },
  ) => {
    const state = verdict === 'approve' ? 'approved' : 'rejected';
    kept.settle(proposed.id, state, approver);
    // What is to be erased is known to the erasure by now, and to nobody when it was rejected.
    kept.rename(proposed);
    const detail = { change: state, proposal: proposed.id, proposedBy: proposed.author, reason, ...facts };
    audit.append({ kind: auditKind(proposed.change), author: approver, subject: subjectOf(proposed.change), detail });
  };

  return {
    propose: (given, author, reason, inTransaction) =>
      database.transaction(() => {
        inTransaction?.();
        const change = listChange(given.about === 'setting' ? { ...given, before: settings.value(given.name) } : given);
        if (change.about === 'file') throw new RefusalError(REGISTER_REFUSALS.say('fileIsImported'), 'change');
        if (change.about === 'undo') throw new RefusalError(REGISTER_REFUSALS.say('undoIsNoChange'), 'change');
        checkTexts({ author, reason });
        if (isOfAccess(change)) others.people.check(change, { author, reason });
        if (!mustWait(change, author)) return { outcome: 'done', changed: make(change, { author, reason }) };
        if ('expiresAt' in change && change.expiresAt !== undefined && change.expiresAt <= clock.now())
          throw new RefusalError(REGISTER_REFUSALS.say('expiryPassed'), 'expiry');
        return { outcome: 'waiting', id: keep(change, author, reason) };
      }),
    keepUndo: (change, author, reason) =>
      database.transaction(() => {
        checkTexts({ author, reason });
        return mustWait(change, author) ? keep(change, author, reason) : undefined;
      }),
    decide: (id, said) =>
      database.transaction(() => {
        const isApproved = said.verdict === 'approve';
        const proposed = (isApproved ? approvable : decidable)(id, said.approver);
        checkTexts({ reason: said.reason });
        const { change, author, reason } = proposed;
        if (isApproved && change.about === 'file')
          throw new RefusalError(REGISTER_REFUSALS.say('fileWanted', { name: change.name }), `change ${id}`);
        const changed =
          isApproved &&
          change.about !== 'file' &&
          make(change, { author, reason, approvedBy: said.approver, proposal: id });
        decided(proposed, said, isApproved ? { changed } : {});
        return { changed };
      }),
    fleetMustWait,
    lookedAgain: (id, now, by) =>
      database.transaction(() => {
        const { change } = approvable(id, by);
        if (change.about !== 'fleet' || !isMoreThan(now, change)) return true;
        kept.show(id, { ...change, ...now });
        const detail = { change: 'shown again', proposal: id, ...now };
        audit.append({ kind: auditKind(change), author: by, subject: subjectOf(change), detail });
        return false;
      }),
    carryOut: (id, order) =>
      database.transaction(() => {
        const { change, author, reason } = approvedFleet(id);
        const { ordered = 0, changed } = change;
        if (ordered >= changed) return undefined;
        const part = order({ ...change, author, reason }, changed - ordered);
        if (part.queued > 0) kept.show(id, { ...change, ordered: ordered + part.queued });
        return part;
      }),
    find: kept.find,
    waiting: kept.waiting,
    newest: kept.newest,
    forgetSettled: () =>
      database.transaction(() => {
        const named = kept.settledSecrets();
        for (const proposed of named) kept.rename(proposed);
        return named.length;
      }),
    proposeFile: (change, author) =>
      database.transaction(() =>
        mustWait(change, author) ? keep(listChange(change), author, change.caseReference ?? '') : undefined,
      ),
    proposedFile({ id, approver }) {
      const proposed = approvable(id, approver);
      const { change } = proposed;
      if (change.about !== 'file')
        throw new RefusalError(
          REGISTER_REFUSALS.say('changeIsNoImport', { about: subjectText(change) }),
          `change ${id}`,
        );
      return { ...proposed, change };
    },
    fileWritten: ({ id, approver }) =>
      database.transaction(() =>
        decided(approvable(id, approver), { approver, verdict: 'approve', reason: '' }, { changed: true }),
      ),
  };
}

/** An erasure without its digits: they are what is to be forgotten. */
const nameless = (change: ErasureChange): ErasureChange => ({
  ...change,
  digits: maskedSubject(change).slice(`${change.identity} `.length),
});

/** Users, their roles and passwords, and tokens. */
const isOfAccess = (change: ListChange): change is AccessChange => change.about === 'user' || change.about === 'token';

/** What the log is told of a change. */
function factsOf(change: ListChange): AuditDetail {
  if (isOfAccess(change)) return withoutSecret(change);
  if (change.about === 'fleet') return { ...change, select: rulesText(change.select), rules: rulesText(change.rules) };
  return change.about === 'erasure' ? { ...nameless(change) } : { ...change };
}

function actionOf(change: ListChange): string {
  if (change.about === 'file') return 'import';
  return 'change' in change ? change.change : change.about;
}

function auditKind({ about }: ListChange): AuditKind {
  if (about === 'erasure' || about === 'user' || about === 'token') return about;
  if (about === 'fleet') return 'order';
  return about === 'setting' || about === 'imsiDefault' || about === 'maker' ? 'setting' : 'list';
}

const WAITS_NO_MORE = {
  missing: 'changeIsMissing',
  approved: 'changeIsApproved',
  rejected: 'changeIsRejected',
  expired: 'changeIsExpired',
} as const;

/** The table of proposals. */
function proposals(database: Database, clock: Clock) {
  const columns = {
    id: integer,
    at: integer,
    author: text,
    reason: text,
    change: listChangeColumn,
    state: oneOf(...KEPT_STATES),
    decidedBy: nullable(text),
    decidedAt: nullable(integer),
  };
  const select = (where: string) =>
    database.query(
      `SELECT id, at, author, reason, change, state, decided_by, decided_at FROM pending_change ${where}`,
      columns,
    );
  const one = select('WHERE id = ?');
  const waiting = select("WHERE state = 'waiting' AND at > ? ORDER BY id LIMIT ?");
  const newest = select('ORDER BY id DESC LIMIT ?');
  const count = database.query("SELECT count(*) AS number FROM pending_change WHERE state = 'waiting' AND at > ?", {
    number: integer,
  });
  const insert = database.query(
    "INSERT INTO pending_change (at, author, reason, change, state) VALUES (?, ?, ?, ?, 'waiting') RETURNING id",
    { id: integer },
  );
  const settledSecrets = select(
    `WHERE (state <> 'waiting' OR at <= ?) AND ((change LIKE '%"about":"erasure"%' AND change NOT LIKE '%…%') OR change LIKE '%"kept":%')
     ORDER BY id LIMIT ?`,
  );
  const rename = database.command('UPDATE pending_change SET change = ?, reason = ? WHERE id = ?');
  const show = database.command('UPDATE pending_change SET change = ? WHERE id = ?');
  const settle = database.command(
    "UPDATE pending_change SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'waiting'",
  );
  /** What was proposed then or before has expired. */
  const expiry = () => clock.now() - LONGEST_WAIT_MILLISECONDS;
  const aged = (
    row: Omit<ProposedChange, 'state'> & { readonly state: (typeof KEPT_STATES)[number] },
  ): ProposedChange => (row.state === 'waiting' && row.at <= expiry() ? { ...row, state: 'expired' } : row);
  const limited = (most: number) => Math.min(most, MOST_PER_PAGE);
  return {
    find(id: number) {
      const row = one.first(id);
      return row && aged(row);
    },
    waiting: (most: number) => waiting.all(expiry(), limited(most)),
    newest: (most: number) => newest.all(limited(most)).map(aged),
    settledSecrets: () => settledSecrets.all(expiry(), MOST_PER_PAGE),
    /** Shows a change otherwise from now on. */
    show: (id: number, change: ListChange) => void show.run(JSON.stringify(change), id),
    /** Takes digits out of a proposed erasure, also out of its reason; and what a password or token is kept as. */
    rename({ id, change, reason }: Pick<ProposedChange, 'id' | 'change' | 'reason'>): void {
      if (isOfAccess(change)) show.run(JSON.stringify(withoutSecret(change)), id);
      if (change.about !== 'erasure' || change.digits.includes('…')) return;
      const after = nameless(change);
      rename.run(JSON.stringify(after), reason.replaceAll(change.digits, subjectText(change)), id);
    },
    put(change: ListChange, author: string, reason: string): number {
      if (count.only(expiry()).number >= MOST_WAITING)
        throw new RefusalError(REGISTER_REFUSALS.say('tooManyWait', { most: MOST_WAITING }));
      return insert.only(clock.now(), author, reason, JSON.stringify(change)).id;
    },
    settle(id: number, state: 'approved' | 'rejected', by: string): void {
      if (settle.run(state, by, clock.now(), id).changes !== 1)
        throw new RefusalError(REGISTER_REFUSALS.say('decidedMeanwhile'), `change ${id}`);
    },
  };
}

/** What makes a change; false when there was nothing to take away. */
function maker({
  lists,
  ranges,
  pairRules,
  imsiDefaults,
  others,
}: {
  lists: Lists;
  ranges: Ranges;
  pairRules: PairRules;
  imsiDefaults: ImsiDefaults;
  others: OtherChanges;
}) {
  return (
    change: Exclude<ListChange, FileChange>,
    by: { readonly author: string; readonly reason: string; readonly proposal?: number } & Approved,
  ): boolean => {
    switch (change.about) {
      case 'undo':
        others.undo({ ...by, batch: change.batch });
        return true;
      case 'erasure': {
        const { author, reason, approvedBy = author, proposal = 0 } = by;
        others.erase({ subject: change, author, approvedBy, reason, proposal });
        return true;
      }
      case 'maker':
        return others.withdrawMaker(fromHex(change.identifier), by);
      case 'user':
      case 'token':
        others.people.make(change, by);
        return true;
      case 'fleet':
        // Whoever has the gateway carries it out, part after part.
        return change.changed > 0;
      case 'setting':
        others.set(change.name, change.value, by.author, by.reason, by);
        return true;
      case 'imsiDefault':
        if (change.change === 'remove') return imsiDefaults.remove({ ...change, ...by });
        imsiDefaults.set({ ...by, ...change });
        return true;
      case 'imei': {
        const imei = Imei.parse(change.imei);
        if (change.change === 'remove') return lists.remove({ ...change, ...by, imei });
        lists.add({ ...by, ...change, imei });
        return true;
      }
      case 'range': {
        const range = imeisOf(change);
        if (change.change === 'remove') return ranges.remove({ ...change, ...by, ...range });
        ranges.add({ ...by, ...change, ...range });
        return true;
      }
      case 'pair': {
        const bounds = { ...imeisOf(change), ...imsisOf(change) };
        if (change.change === 'remove') return pairRules.remove({ ...change, ...by, ...bounds });
        pairRules.add({ ...by, ...change, ...bounds });
        return true;
      }
    }
  };
}
