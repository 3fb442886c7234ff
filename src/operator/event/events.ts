import { toHex } from '#base/codec/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type Database, DatabaseError, type MasterKey } from '#operator/database/index.ts';
import type { Evidence, EvidenceWatcher } from '#operator/evidence/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { testBody } from './body.ts';
import { Courier, type CourierSettings, troubleOf } from './courier.ts';
import { type DeadLetter, openDeliveries } from './deliveries.ts';
import type { OperatorEvent } from './event.ts';
import { openEventLog } from './event-log.ts';
import { ImeiChanges } from './imei-changes.ts';
import { type LookupAll, Poster } from './post.ts';
import { signedHeaders } from './signature.ts';
import { type NewWebhook, openWebhooks, type Webhook } from './webhooks.ts';

/** Times and limits of events and their deliveries. */
export interface EventSettings extends CourierSettings {
  /** How often it is looked for events of other processes and for what is due. */
  readonly pollMilliseconds: number;
  /** How long events are kept. */
  readonly keepMilliseconds: number;
  /** Octets of an answer's body that are read. */
  readonly answerOctets: number;
}

/** Settings for a real receiver: one that is down for the night takes everything in the morning. */
export const STANDARD_EVENT_SETTINGS: EventSettings = {
  pollMilliseconds: 250,
  keepMilliseconds: 30 * 24 * 3_600_000,
  retryMilliseconds: 5000,
  longestRetryMilliseconds: 3_600_000,
  mostAttempts: 24,
  mostUnderWay: 32,
  mostUnderWayEach: 8,
  mostQueued: 10_000,
  timeoutMilliseconds: 10_000,
  answerOctets: 65_536,
  closeMilliseconds: 2000,
};

/** How often events are looked at for their age. */
const PRUNE_MILLISECONDS = 10_000;

/** A webhook and how it does. */
export interface WebhookStatus extends Webhook {
  /** Deliveries not done, and events given up. */
  readonly waiting: number;
  readonly dead: number;
  /** Number of the newest event: what lies between it and `queuedTo` is not queued yet. */
  readonly newest: number;
}

/** What a test said. */
export interface WebhookTest {
  readonly isTaken: boolean;
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  /** For people. */
  readonly text: string;
  readonly milliseconds: number;
}

/** Events and webhooks. As a watcher of the evidence it finds changes of IMEI, and keeps duplicates as events. */
export interface Events extends EvidenceWatcher {
  /** Events above `sequence`, in order, at most `most` (1000). */
  after(sequence: number, most: number): readonly OperatorEvent[];
  /** What happened to one subscriber below `before`, the newest first, at most `most` (1000). */
  about(imsi: string, before: number, most: number): readonly OperatorEvent[];
  /** Number of the newest event; 0 before the first. */
  newest(): number;
  /** Leaves out so many numbers: an older database was put back, and those behind it were given already. Joins a transaction. */
  leap(numbers: number): void;
  /** Tells a receiver of events from the next one on; audited. The secret is given here, and never again. Throws RangeError. */
  subscribe(webhook: NewWebhook): { readonly id: number; readonly secret: string };
  /** False when there is no webhook of this number; audited. What waits for it is dropped. */
  unsubscribe(id: number, author: string, reason: string): boolean;
  list(): readonly WebhookStatus[];
  /** Events given up for a webhook, newest first. */
  deadLetters(id: number, most: number): readonly DeadLetter[];
  /** Sends a test at once, outside the queue; undefined when there is no webhook of this number. */
  test(id: number): Promise<WebhookTest | undefined>;
  /** One round: writes what waits, follows other processes, sends what is due. Does not wait for receivers. */
  poll(): void;
  /** Kept when nothing is under way. */
  settled(): Promise<void>;
  /** Begins to poll. Without it `poll` is the caller's to call. */
  start(): void;
  /** What the last round failed at, for people; undefined when it went well. */
  problem(): string | undefined;
  /** Ends deliveries, writes what waits. */
  close(): Promise<void>;
}

/** What events need. */
export interface EventOptions {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly audit: Audit;
  /** Takes the findings about webhooks, and is written at every round, so that what it finds is told. */
  readonly evidence: Pick<Evidence, 'recordFinding' | 'flush' | 'erased'>;
  readonly settings?: Partial<EventSettings>;
  /** How names of receivers are looked up; default by the machine. */
  readonly lookup?: LookupAll;
}

/** Opens them. Let `evidence.watch` know of it. */
export function openEvents(options: EventOptions): Events {
  const { database, clock, scheduler, random, evidence } = options;
  const settings = { ...STANDARD_EVENT_SETTINGS, ...options.settings };
  const log = openEventLog(database);
  const changes = new ImeiChanges(database, log, evidence.erased);
  const webhooks = openWebhooks({ ...options, log });
  const deliveries = openDeliveries(database);
  const poster = new Poster(scheduler, settings, options.lookup);
  // Two operators that tell one receiver have two master keys.
  const idPrefix = `evt_${options.masterKey.checkValue}`;
  let stopTimer = () => {};
  let stopSoon: (() => void) | undefined;
  let prunedAt = clock.now();
  let isStarted = false;
  let isClosed = false;
  let problem: string | undefined;

  const poll = () => {
    // What is seen comes by the evidence, and is written with it.
    evidence.flush();
    changes.follow();
    courier.look();
    const now = clock.now();
    if (now - prunedAt < PRUNE_MILLISECONDS) return;
    prunedAt = now;
    log.prune(now - settings.keepMilliseconds);
  };
  /** A full disk or a lock must not end the server: it is shown, and tried again. */
  const tryPoll = () => {
    try {
      poll();
      problem = undefined;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      problem = error.message;
    }
  };
  const soon = () => {
    if (!isStarted || isClosed || stopSoon !== undefined) return;
    stopSoon = scheduler.after(0, () => {
      stopSoon = undefined;
      tryPoll();
    });
  };
  const tick = () => {
    stopTimer = scheduler.after(settings.pollMilliseconds, () => {
      tryPoll();
      if (!isClosed) tick();
    });
  };
  const courier = new Courier({ ...options, settings, log, webhooks, deliveries, poster, idPrefix, soon });

  return {
    sighted: (sighting) => changes.take(sighting),
    duplicate: (duplicate) => void log.append({ kind: 'duplicateImei', ...duplicate }),
    flush: () => changes.flush(),
    after: (sequence, most) => log.after(sequence, most),
    about: (imsi, before, most) => log.about(imsi, before, most),
    newest: () => log.newest(),
    leap: (numbers) => log.leap(numbers),
    subscribe: (webhook) => webhooks.add(webhook),
    unsubscribe: (id, author, reason) => webhooks.remove(id, author, reason),
    list() {
      const newest = log.newest();
      return webhooks.all().map((webhook) => ({ ...webhook, ...deliveries.counts(webhook.id), newest }));
    },
    deadLetters: (id, most) => deliveries.dead(id, most),
    async test(id) {
      const webhook = webhooks.find(id);
      const secret = webhooks.secret(id);
      if (webhook === undefined || secret === undefined) return undefined;
      const begun = clock.now();
      const body = testBody(begun);
      const messageId = `${idPrefix}_${id}_test_${toHex(random.octets(8))}`;
      const headers = { 'content-type': 'application/json', ...signedHeaders(messageId, begun, body, secret) };
      const { url, allowPrivate } = webhook;
      const outcome = await poster.post({ url: new URL(url), headers, body, allowPrivate });
      const status = 'status' in outcome ? outcome.status : undefined;
      const isTaken = status !== undefined && status >= 200 && status < 300;
      return { isTaken, status, text: troubleOf(outcome), milliseconds: clock.now() - begun };
    },
    poll,
    settled: () => courier.settled(),
    start() {
      isStarted = true;
      tryPoll();
      tick();
    },
    problem: () => problem,
    async close() {
      if (isClosed) return;
      isClosed = true;
      stopTimer();
      stopSoon?.();
      changes.flush();
      await courier.close();
    },
  };
}
