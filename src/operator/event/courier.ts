import type { Clock, Random } from '#base/port/index.ts';
import type { Database } from '#operator/database/index.ts';
import { type Evidence, FINDING_SENTENCES, type FindingSaid } from '#operator/evidence/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { bodyOf } from './body.ts';
import type { Deliveries, DueDelivery } from './deliveries.ts';
import type { EventLog } from './event-log.ts';
import type { Poster, PostOutcome } from './post.ts';
import { signedHeaders } from './signature.ts';
import { originOf } from './target.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

/** Times and limits of deliveries. */
export interface CourierSettings {
  /** Pause before the second attempt; doubled each time, half of it by chance, up to `longestRetryMilliseconds`. */
  readonly retryMilliseconds: number;
  readonly longestRetryMilliseconds: number;
  /** Attempts after which an event is given up with a finding. */
  readonly mostAttempts: number;
  /** Attempts under way at once, in all and to one webhook. */
  readonly mostUnderWay: number;
  readonly mostUnderWayEach: number;
  /** Deliveries queued for one webhook; further events wait in the log. */
  readonly mostQueued: number;
  /** From the beginning of an attempt to the end of its answer. */
  readonly timeoutMilliseconds: number;
  /** How long attempts under way are waited for at the end. */
  readonly closeMilliseconds: number;
}

/** Beyond the time-out, until another process may take a delivery over. */
const LEASE_MARGIN_MILLISECONDS = 5000;
/** Attempts that failed one after another, from which a webhook is only tried by one at a time. */
const FAILURES_TO_SLOW = 5;
/** Events queued for one webhook in one round. */
const QUEUED_AT_ONCE = 500;

/** An attempt that says nothing about the receiver: to be made anew, or never. */
interface Unposted {
  readonly trouble: string;
  readonly again: boolean;
}

interface Begun {
  readonly delivery: DueDelivery;
  readonly webhook: Webhook;
}

interface Finished extends Begun {
  readonly outcome: PostOutcome | Unposted;
}

/** What a courier works with. */
export interface CourierOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly log: EventLog;
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly poster: Poster;
  readonly settings: CourierSettings;
  readonly evidence: Pick<Evidence, 'recordFinding'>;
  /** The beginning of every message id: other operators have others. */
  readonly idPrefix: string;
  /** Something has finished: there is a round to be done soon. */
  soon(): void;
}

/**
 * Takes events to webhooks, each at least once. A round is one transaction: what became of attempts, what is new, what is begun. A process
 * that dies leaves what it had begun to be sent again, by whoever comes.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #underWay = new Map<Promise<void>, number>();
  readonly #failures = new Map<number, number>();
  #finished: readonly Finished[] = [];
  #isStopped = false;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** One round; does not wait for receivers. */
  look(): void {
    const { database, clock, webhooks } = this.#options;
    const now = clock.now();
    if (this.#finished.length === 0 && (this.#isStopped || !this.#hasWork(webhooks.all(), now))) return;
    const finished = this.#finished;
    const begun = database.transaction(() => {
      for (const one of finished) this.#settle(one, now);
      return this.#isStopped ? [] : this.#takeAll(now);
    });
    this.#finished = [];
    for (const { webhook, delivery } of begun) this.#begin(webhook, delivery);
  }

  /** Kept when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.keys());
  }

  /** Begins nothing more, waits a little for what is under way, cuts the rest, writes what became of all. */
  async close(): Promise<void> {
    const { scheduler, settings, poster } = this.#options;
    this.#isStopped = true;
    const stopTimer = scheduler.after(settings.closeMilliseconds, () => poster.abort());
    await this.settled();
    stopTimer();
    poster.close();
    this.look();
  }

  #hasWork(all: readonly Webhook[], now: number): boolean {
    if (all.length === 0) return false;
    const { log, deliveries } = this.#options;
    const newest = log.newest();
    return all.some(({ id, queuedTo }) => queuedTo < newest || (this.#room(id, 0) > 0 && deliveries.isDue(id, now)));
  }

  /** Makes deliveries of events that are new to a webhook, as many as there is room for. */
  #queue(webhook: Webhook, now: number): void {
    const { log, deliveries, settings, webhooks } = this.#options;
    const { id, kinds } = webhook;
    const room = Math.min(QUEUED_AT_ONCE, settings.mostQueued - deliveries.open(id, settings.mostQueued));
    if (room <= 0) return;
    const after = this.#skipForgotten(webhook);
    const events = log.after(after, room);
    for (const event of events) if (kinds.includes(event.kind)) deliveries.queue(id, event, now);
    const last = events.at(-1)?.sequence ?? after;
    if (last > webhook.queuedTo) webhooks.queuedTo(id, last);
  }

  /** Events that became too old while there was no room for them are lost to this webhook, and that is said. */
  #skipForgotten(webhook: Webhook): number {
    const lost = this.#options.log.oldest() - 1 - webhook.queuedTo;
    if (lost <= 0) return webhook.queuedTo;
    this.#tell(webhook, (of) => FINDING_SENTENCES.say('eventsTooOld', { ...of, events: lost }));
    return webhook.queuedTo + lost;
  }

  #takeAll(now: number): readonly Begun[] {
    const { deliveries, settings, webhooks } = this.#options;
    const lease = settings.timeoutMilliseconds + LEASE_MARGIN_MILLISECONDS;
    const begun: Begun[] = [];
    for (const webhook of webhooks.all()) {
      this.#queue(webhook, now);
      const room = this.#room(webhook.id, begun.length);
      if (room <= 0) continue;
      for (const delivery of deliveries.take(webhook.id, now, room, lease)) begun.push({ webhook, delivery });
    }
    return begun;
  }

  /**
   * Attempts that may be begun for a webhook, with so many that are about to be; while it fails, one. Every webhook may have one, whatever
   * the others do.
   */
  #room(webhook: number, begun: number): number {
    const { mostUnderWay, mostUnderWayEach } = this.#options.settings;
    let own = 0;
    for (const id of this.#underWay.values()) if (id === webhook) own++;
    const each = (this.#failures.get(webhook) ?? 0) >= FAILURES_TO_SLOW ? 1 : mostUnderWayEach;
    const left = Math.max(mostUnderWay - this.#underWay.size - begun, own === 0 ? 1 : 0);
    return Math.min(each - own, left);
  }

  #begin(webhook: Webhook, delivery: DueDelivery): void {
    const attempt = this.#attempt(webhook, delivery)
      // A database that does not answer, a secret of another master key.
      .catch((error: unknown) => ({ trouble: error instanceof Error ? error.message : 'unknown' }))
      .then((outcome) => {
        this.#underWay.delete(attempt);
        this.#countFailures(webhook.id, outcome);
        this.#finished = [...this.#finished, { delivery, webhook, outcome }];
        this.#options.soon();
      });
    this.#underWay.set(attempt, webhook.id);
  }

  async #attempt(webhook: Webhook, delivery: DueDelivery): Promise<Finished['outcome']> {
    const { log, webhooks, poster, clock, idPrefix } = this.#options;
    const [event] = log.after(delivery.sequence - 1, 1);
    const secret = webhooks.secret(webhook.id);
    if (event?.sequence !== delivery.sequence) return { trouble: 'it is too old and no longer kept', again: false };
    if (secret === undefined) return { trouble: 'the webhook was removed', again: false };
    const body = bodyOf(event, webhook.identities);
    const id = `${idPrefix}_${webhook.id}_${event.sequence}`;
    const headers = { 'content-type': 'application/json', ...signedHeaders(id, clock.now(), body, secret) };
    const outcome = await poster.post({ url: new URL(webhook.url), headers, body, allowPrivate: webhook.allowPrivate });
    return this.#isStopped && 'trouble' in outcome ? { trouble: 'the operator stopped', again: true } : outcome;
  }

  #settle({ delivery, webhook, outcome }: Finished, now: number): void {
    const { deliveries, settings } = this.#options;
    const trouble = troubleOf(outcome);
    if (isTaken(outcome)) deliveries.taken(delivery, now);
    else if ('again' in outcome && outcome.again) deliveries.postpone(delivery, now, trouble, false);
    else if (!('again' in outcome) && delivery.attempts < settings.mostAttempts)
      deliveries.postpone(delivery, now + this.#pause(delivery.attempts, outcome), trouble, true);
    else if (deliveries.bury(delivery, now, trouble))
      this.#tell(webhook, (of) => {
        const { sequence: event, attempts } = delivery;
        return 'status' in outcome
          ? FINDING_SENTENCES.say('answeredOther', { ...of, event, attempts, status: outcome.status })
          : FINDING_SENTENCES.say('notReached', { ...of, event, attempts, trouble });
      });
  }

  #tell(
    { id, url }: Webhook,
    saying: (of: { readonly webhook: number; readonly address: string }) => FindingSaid,
  ): void {
    const said = saying({ webhook: id, address: originOf(url) });
    this.#options.evidence.recordFinding({ kind: 'webhookUndelivered', key: `webhook ${id}`, said: [said] });
  }

  #countFailures(webhook: number, outcome: Finished['outcome']): void {
    if (isTaken(outcome)) this.#failures.delete(webhook);
    else if (!('again' in outcome)) this.#failures.set(webhook, (this.#failures.get(webhook) ?? 0) + 1);
  }

  #pause(attempts: number, outcome: Finished['outcome']): number {
    const { settings, random } = this.#options;
    const { retryMilliseconds, longestRetryMilliseconds } = settings;
    const whole = Math.min(longestRetryMilliseconds, retryMilliseconds * 2 ** Math.min(attempts - 1, 30));
    const [octet] = random.octets(1) as Uint8Array & [number];
    const asked = 'status' in outcome ? (outcome.retryAfterMilliseconds ?? 0) : 0;
    return Math.max(asked, Math.ceil(whole / 2 + (whole / 2) * (octet / 256)));
  }
}

const isTaken = (outcome: Finished['outcome']): boolean =>
  'status' in outcome && outcome.status >= 200 && outcome.status < 300;

/** Why an outcome is no taking, for people. */
export const troubleOf = (outcome: PostOutcome): string =>
  'status' in outcome ? `it answered ${outcome.status}` : outcome.trouble;
