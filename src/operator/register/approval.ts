import { fromHex } from '#base/codec/index.ts';
import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { type ErasureOrder, maskedSubject } from '#operator/privacy/index.ts';
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
  type UndoChange,
} from './list-change.ts';
import { type Approved, checkTexts, type Lists } from './lists.ts';
import type { PairRules } from './pair-rules.ts';
import type { Ranges } from './ranges.ts';
import { REGISTER_REFUSALS } from './refusals.ts';
import { type KeptSettings, type SettingName, settingMustWait } from './register-settings.ts';

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

/** What became of the wish to undo an import; `changed`: entries. */
export type UndoProposal =
  | { readonly outcome: 'done'; readonly changed: number }
  | { readonly outcome: 'waiting'; readonly id: number };

/** A new value of a setting, as it is proposed. */
export type NewSetting = Omit<SettingChange, 'before'>;

/** Changes of the lists by two persons. What has returned is durable and in the audit log. */
export interface Approvals {
  /** Makes a change, or keeps it until a second person approves, as the setting `approval` says. Throws RangeError for a change that makes no sense. */
  propose(change: EntryChange | NewSetting | ErasureChange | MakerChange, author: string, reason: string): Proposal;
  /** Takes an import back, or keeps the wish until a second person approves. Throws RangeError for one that does not stand. */
  proposeUndo(batch: number, author: string, reason: string): UndoProposal;
  /**
   * The word of a second person: the change is made in the proposer's name, or never. Throws RangeError when it is the proposer himself, when
   * the change does not wait (any more), for a file (which is approved by importing it again), and when it can no longer be made.
   */
  decide(id: number, verdict: ApprovalVerdict): { readonly changed: boolean };
  /** One of them, whatever its state. */
  find(id: number): ProposedChange | undefined;
  /** Changes that wait, the oldest first, at most `most` (1000). */
  waiting(most: number): readonly ProposedChange[];
  /** All of them, the newest first, at most `most` (1000). */
  newest(most: number): readonly ProposedChange[];
  /** Makes proposed erasures nameless that nobody can decide about any more; how many. */
  forgetSettled(): number;
}

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

/** What is changed in other ways than entry by entry. */
export interface OtherChanges {
  /** The undoing of an import with its effect. Throws RangeError for one that does not stand. */
  undoChange(batch: number): UndoChange;
  /** Gives how many entries changed. Throws RangeError for an import that does not stand. */
  undo(what: { readonly batch: number; readonly author: string; readonly reason: string } & Approved): number;
  set(name: SettingName, value: string, author: string, reason: string, approved: Approved): void;
  /** Begins the erasure of a subject's data. */
  erase(order: ErasureOrder): void;
  /** Withdraws a maker's root; false when there is none of this name. */
  withdrawMaker(identifier: Uint8Array, by: { readonly author: string; readonly reason: string } & Approved): boolean;
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
}): Approvals & FileApprovals {
  const { database, audit, clock, settings, others } = options;
  const kept = proposals(database, clock);
  const make = maker(options);

  const mustWait = (change: ListChange): boolean => {
    const { approval } = settings.read();
    if (change.about === 'erasure') return true;
    if (change.about === 'setting') return settingMustWait(change, approval);
    return approval === 'always' || (approval === 'prohibiting' && isProhibiting(change));
  };

  const keep = (change: ListChange, author: string, reason: string): number => {
    const id = kept.put(change, author, reason);
    // `why`: an entry has a closed `reason` of its own.
    const detail = { ...nameless(change), change: 'proposed', action: actionOf(change), proposal: id, why: reason };
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
    return proposed;
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
    propose: (given, author, reason) =>
      database.transaction(() => {
        const change = listChange(given.about === 'setting' ? { ...given, before: settings.value(given.name) } : given);
        if (change.about === 'file') throw new RefusalError(REGISTER_REFUSALS.say('fileIsImported'), 'change');
        if (change.about === 'undo') throw new RefusalError(REGISTER_REFUSALS.say('undoIsNoChange'), 'change');
        checkTexts({ author, reason });
        if (!mustWait(change)) return { outcome: 'done', changed: make(change, { author, reason }) };
        if ('expiresAt' in change && change.expiresAt !== undefined && change.expiresAt <= clock.now())
          throw new RefusalError(REGISTER_REFUSALS.say('expiryPassed'), 'expiry');
        return { outcome: 'waiting', id: keep(change, author, reason) };
      }),
    proposeUndo: (batch, author, reason) =>
      database.transaction(() => {
        checkTexts({ author, reason });
        const change = others.undoChange(batch);
        if (mustWait(change)) return { outcome: 'waiting', id: keep(change, author, reason) };
        return { outcome: 'done', changed: others.undo({ batch, author, reason }) };
      }),
    decide: (id, said) =>
      database.transaction(() => {
        const proposed = decidable(id, said.approver);
        checkTexts({ reason: said.reason });
        const { change, author, reason } = proposed;
        const isApproved = said.verdict === 'approve';
        if (isApproved && change.about === 'file')
          throw new RefusalError(REGISTER_REFUSALS.say('fileWanted', { name: change.name }), `change ${id}`);
        const changed =
          isApproved &&
          change.about !== 'file' &&
          make(change, { author, reason, approvedBy: said.approver, proposal: id });
        decided(proposed, said, isApproved ? { changed } : {});
        return { changed };
      }),
    find: kept.find,
    waiting: kept.waiting,
    newest: kept.newest,
    forgetSettled: () =>
      database.transaction(() => {
        const named = kept.settledErasures();
        for (const proposed of named) kept.rename(proposed);
        return named.length;
      }),
    proposeFile: (change, author) =>
      database.transaction(() =>
        mustWait(change) ? keep(listChange(change), author, change.caseReference ?? '') : undefined,
      ),
    proposedFile({ id, approver }) {
      const proposed = decidable(id, approver);
      const { change } = proposed;
      if (change.about !== 'file')
        throw new RefusalError(REGISTER_REFUSALS.say('changeIsNoImport', { about: subjectOf(change) }), `change ${id}`);
      return { ...proposed, change };
    },
    fileWritten: ({ id, approver }) =>
      database.transaction(() =>
        decided(decidable(id, approver), { approver, verdict: 'approve', reason: '' }, { changed: true }),
      ),
  };
}

/** An erasure without its digits: they are what is to be forgotten. */
const nameless = (change: ListChange): ListChange =>
  change.about === 'erasure'
    ? { ...change, digits: maskedSubject(change).slice(`${change.identity} `.length) }
    : change;

const actionOf = (change: ListChange): string =>
  change.about === 'file'
    ? 'import'
    : change.about === 'undo' || change.about === 'setting' || change.about === 'erasure'
      ? change.about
      : change.change;
function auditKind({ about }: ListChange): 'list' | 'setting' | 'erasure' {
  if (about === 'erasure') return about;
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
  const settledErasures = select(
    `WHERE (state <> 'waiting' OR at <= ?) AND change LIKE '%"about":"erasure"%' AND change NOT LIKE '%…%' ORDER BY id LIMIT ?`,
  );
  const rename = database.command('UPDATE pending_change SET change = ?, reason = ? WHERE id = ?');
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
    settledErasures: () => settledErasures.all(expiry(), MOST_PER_PAGE),
    /** Takes digits out of a proposed erasure, also out of its reason. */
    rename({ id, change, reason }: Pick<ProposedChange, 'id' | 'change' | 'reason'>): void {
      if (change.about !== 'erasure' || change.digits.includes('…')) return;
      const after = nameless(change);
      rename.run(JSON.stringify(after), reason.replaceAll(change.digits, subjectOf(change)), id);
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
        return others.undo({ ...by, batch: change.batch }) > 0;
      case 'erasure': {
        const { author, reason, approvedBy = author, proposal = 0 } = by;
        others.erase({ subject: change, author, approvedBy, reason, proposal });
        return true;
      }
      case 'maker':
        return others.withdrawMaker(fromHex(change.identifier), by);
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
