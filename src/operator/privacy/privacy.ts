import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type Database, settings } from '#operator/database/index.ts';
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
  readonly evidence: Pick<Evidence, 'flush'>;
}): Privacy {
  const { database, audit, clock, scheduler, subscribers, evidence } = options;
  const kept = settings(database);
  const erasures = openErasures({
    ...{ database, audit, clock, evidence },
    keysOf: (subject) => keysOf(subject, subscribers),
  });
  const days = (name: RetentionName) => Number(kept.get(name) ?? RETENTION_RULES[name].standard);

  function* everything(): Generator<void, RetentionRun> {
    yield* erasures.work();
    const run = yield* retentionSteps({ database, audit, clock, daysOf: days });
    kept.set(LAST_RUN, JSON.stringify(run));
    return run;
  }

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
    later(HOUR, everything);
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
