import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { changeFeed, type Database, settings } from '#operator/database/index.ts';
import type { Evidence } from '#operator/evidence/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { type ErasureOrder, type ErasureRecord, openErasures } from './erasure.ts';
import { exportOf } from './export.ts';
import { RETENTION_RULES, type RetentionName, type RetentionRun, retentionSteps } from './retention.ts';
import { keysOf, maskedSubject, type Subject, type SubjectIdentity, subjectOf } from './subject.ts';

const HOUR = 3_600_000;
/** Between two steps, in which others get their turn. */
const PAUSE_MILLISECONDS = 20;
/** A file up to this size is written anew when something was erased out of it: some tenths of a second in which others wait. */
const MOST_SCRUBBED_OCTETS = 16 * 1024 ** 2;
const SCRUB_WANTED = 'scrub wanted';
/** Nodes that follow the changes of the register learn within seconds whose proof is gone; then its name goes out of the changes too. */
const FOLLOWED_MILLISECONDS = 60_000;
const FORGET_CHANGES = 'changes to forget';
const LAST_RUN = 'retention last run';

/** Personal data of an operator. */
export interface Privacy {
  /** A subject as somebody writes it. Throws IdentityError. */
  subject(identity: SubjectIdentity, text: string): Subject;
  /** All that is kept about a subject, as JSON in pieces; that it was given out is in the audit log. */
  export(subject: Subject, author: string, reason: string): Generator<string>;
  /** Orders an erasure that two people agreed to; it is done from then on, step by step. Inside a transaction it stands or falls with it. */
  order(order: ErasureOrder): void;
  /** Erasures, the newest first, at most `most` (1000). */
  erasures(most: number): readonly ErasureRecord[];
  /** Days that something is kept. */
  days(name: RetentionName): number;
  /** What the last run of the retention erased. */
  lastRun(): RetentionRun | undefined;
  /** Erases now what is too old and what was ordered, to the end. */
  run(): RetentionRun;
  /** Begins to do so each hour, and erasures as they are ordered. */
  start(onFailure: (error: unknown) => void): void;
  /** Ends between two steps. */
  close(): Promise<void>;
}

/** The personal data in this database. */
export function openPrivacy(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly subscribers: Subscribers;
  readonly evidence: Pick<Evidence, 'flush' | 'erased'>;
  /** Makes proposed erasures nameless that are decided or have expired. */
  forgetProposals(): number;
}): Privacy {
  const { database, audit, clock, scheduler, subscribers, evidence, forgetProposals } = options;
  const kept = settings(database);
  const feed = changeFeed(database, clock);
  const erasures = openErasures({
    ...{ database, audit, clock, evidence },
    keysOf: (subject) => keysOf(subject, subscribers),
  });
  const days = (name: RetentionName) => Number(kept.get(name) ?? RETENTION_RULES[name].standard);

  function* everything(): Generator<void, RetentionRun> {
    const erased = (yield* erasures.work()) + database.overwriting(forgetProposals);
    if (erased > 0) {
      kept.set(SCRUB_WANTED, 'yes');
      kept.set(FORGET_CHANGES, `${feed.newest()} ${clock.now()}`);
    }
    yield;
    forgetChanges();
    scrub();
    const run = yield* retentionSteps({ database, audit, clock, daysOf: days });
    kept.set(LAST_RUN, JSON.stringify(run));
    return run;
  }

  /** Changes say who; a node that has not seen them by now loads everything anew. */
  const forgetChanges = () => {
    const [to = '', at = ''] = (kept.get(FORGET_CHANGES) ?? '').split(' ');
    if (at === '' || clock.now() - Number(at) < FOLLOWED_MILLISECONDS) return;
    database.overwriting(() => feed.prune(feed.newest() - Number(to)));
    kept.set(FORGET_CHANGES, '');
  };

  /** No trace of what was erased is to stand in the files. Where somebody else is in them it is tried again within the hour. */
  const scrub = () => {
    if ((kept.get(FORGET_CHANGES) ?? '') !== '' || kept.get(SCRUB_WANTED) !== 'yes') return;
    if (database.scrub(MOST_SCRUBBED_OCTETS) !== 'busy') kept.set(SCRUB_WANTED, '');
  };

  let stop = () => {};
  let onFailure: (error: unknown) => void = () => {};
  let isStarted = false;
  const later = (milliseconds: number, work: () => Generator<void, unknown>) => {
    stop();
    stop = scheduler.after(milliseconds, () => step(work()));
  };
  const step = (work: Generator<void, unknown>) => {
    try {
      if (work.next().done !== true) {
        stop = scheduler.after(PAUSE_MILLISECONDS, () => step(work));
        return;
      }
    } catch (error) {
      onFailure(error);
    }
    const isFollowed = (kept.get(FORGET_CHANGES) ?? '') === '';
    later(isFollowed ? HOUR : 2 * FOLLOWED_MILLISECONDS, everything);
  };

  return {
    subject: subjectOf,
    days,
    *export(subject, author, reason) {
      audit.append({
        kind: 'read',
        author,
        subject: maskedSubject(subject),
        detail: { what: 'subject export', reason },
      });
      // What waits to be written is kept too.
      evidence.flush();
      yield* exportOf(database, keysOf(subject, subscribers), clock.now());
    },
    order(order) {
      erasures.order(order);
      // What was begun is begun again: each step finds what is left.
      if (isStarted) later(PAUSE_MILLISECONDS, everything);
    },
    erasures: erasures.newest,
    lastRun() {
      const run = kept.get(LAST_RUN);
      // Written by everything() alone.
      return run === undefined ? undefined : (JSON.parse(run) as RetentionRun);
    },
    run() {
      const work = everything();
      for (;;) {
        const made = work.next();
        if (made.done === true) return made.value;
      }
    },
    start(told) {
      isStarted = true;
      onFailure = told;
      later(PAUSE_MILLISECONDS, everything);
    },
    async close() {
      isStarted = false;
      stop();
    },
  };
}
