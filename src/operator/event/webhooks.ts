import type { Clock, Random } from '#base/port/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { blob, type Database, flag, integer, type MasterKey, oneOf, settings, text } from '#operator/database/index.ts';
import { IDENTITIES, type IdentityView } from './body.ts';
import { EVENT_KINDS, type EventKind } from './event.ts';
import type { EventLog } from './event-log.ts';
import { EVENT_REFUSALS } from './refusals.ts';
import { SECRET_OCTETS, secretOf, secretText } from './signature.ts';
import { originOf, targetOf } from './target.ts';

/** Webhooks of one operator, at most. */
const MOST_WEBHOOKS = 100;
const PURPOSE = 'webhook';
/** The setting that holds the last number given. */
const LAST_ID = 'webhook.last';

/** A receiver to be told of events. */
export interface NewWebhook {
  readonly url: string;
  readonly kinds: readonly EventKind[];
  /** whsec_ and the Base64 of 24 to 64 octets; without it one is drawn. */
  readonly secret?: string;
  /** Whether IMSI and IMEI are in the body whole; default masked. */
  readonly identities?: IdentityView;
  /** Whether it may be this machine or one in a network of the operator's own; default no. */
  readonly allowPrivate?: boolean;
  readonly author: string;
  readonly reason: string;
}

/** A receiver that is told of events. */
export interface Webhook {
  readonly id: number;
  readonly url: string;
  readonly kinds: readonly EventKind[];
  readonly identities: IdentityView;
  readonly allowPrivate: boolean;
  readonly author: string;
  readonly addedAt: number;
  /** Number of the last event that was queued for it. */
  readonly queuedTo: number;
}

/** The subscriptions of a database. */
export interface Webhooks {
  /** From the next event on. The secret is given here, and never again. Throws RangeError for what makes no sense. */
  add(webhook: NewWebhook): { readonly id: number; readonly secret: string };
  /** What waits for it is dropped; false when there is none of this number. */
  remove(id: number, author: string, reason: string): boolean;
  all(): readonly Webhook[];
  find(id: number): Webhook | undefined;
  /** The secret it signs with; undefined when there is none of this number. */
  secret(id: number): Uint8Array | undefined;
  queuedTo(id: number, sequence: number): void;
}

const KINDS = new Set<string>(EVENT_KINDS);
const contextOf = (id: number): Uint8Array => new TextEncoder().encode(String(id));

/** Opens them. Secrets are kept under the master key. */
export function openWebhooks(options: {
  database: Database;
  masterKey: MasterKey;
  clock: Clock;
  random: Random;
  audit: Audit;
  log: EventLog;
}): Webhooks {
  const { database, masterKey, clock, random, audit, log } = options;
  const columns = {
    id: integer,
    url: text,
    kinds: text,
    identities: oneOf(...IDENTITIES),
    privateTarget: flag,
    author: text,
    addedAt: integer,
    queuedTo: integer,
  };
  const select = (where: string) => database.query(`SELECT * FROM webhook ${where}`, columns);
  const every = select(`ORDER BY id LIMIT ${MOST_WEBHOOKS}`);
  const one = select('WHERE id = ?');
  const insert = database.command(
    `INSERT INTO webhook (id, url, kinds, identities, private_target, wrapped_secret, author, added_at, queued_to)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const kept = settings(database);
  const secretRow = database.query('SELECT wrapped_secret FROM webhook WHERE id = ?', { wrappedSecret: blob });
  const queued = database.command('UPDATE webhook SET queued_to = ? WHERE id = ?');
  const drop = database.command('DELETE FROM webhook WHERE id = ?');
  const dropDeliveries = database.command('DELETE FROM webhook_delivery WHERE webhook = ?');

  return {
    add(given) {
      const { kinds, identities = 'masked', allowPrivate = false, author, reason } = checked(given);
      const url = targetOf(given.url, allowPrivate).href;
      const secret = given.secret === undefined ? random.octets(SECRET_OCTETS) : secretOf(given.secret);
      return database.transaction(() => {
        if (every.all().length >= MOST_WEBHOOKS)
          throw new RefusalError(EVENT_REFUSALS.say('tooManyWebhooks', { most: MOST_WEBHOOKS }));
        // A number is never given twice: the audit log and late deliveries name a webhook by it.
        const id = Number(kept.get(LAST_ID) ?? 0) + 1;
        kept.set(LAST_ID, String(id));
        insert.run(
          ...[id, url, kinds.join(' '), identities, allowPrivate, masterKey.wrap(PURPOSE, contextOf(id), secret)],
          ...[author, clock.now(), log.newest()],
        );
        const detail = { webhook: 'added', to: originOf(url), kinds, identities, allowPrivate, reason };
        audit.append({ kind: 'setting', author, subject: AUDIT_SUBJECTS.say('webhook', { webhook: id }), detail });
        return { id, secret: secretText(secret) };
      });
    },
    remove: (id, author, reason) =>
      database.transaction(() => {
        const found = one.first(id);
        if (found === undefined) return false;
        drop.run(id);
        dropDeliveries.run(id);
        const detail = { webhook: 'removed', to: originOf(found.url), reason };
        audit.append({ kind: 'setting', author, subject: AUDIT_SUBJECTS.say('webhook', { webhook: id }), detail });
        return true;
      }),
    all: () => every.all().map(webhookOf),
    find(id) {
      const found = one.first(id);
      return found && webhookOf(found);
    },
    secret(id) {
      const found = secretRow.first(id);
      return found && masterKey.unwrap(PURPOSE, contextOf(id), found.wrappedSecret);
    },
    queuedTo: (id, sequence) => {
      queued.run(sequence, id);
    },
  };
}

function checked(given: NewWebhook): NewWebhook {
  const kinds = [...new Set(given.kinds)];
  const unknown = kinds.find((kind) => !KINDS.has(kind));
  if (unknown !== undefined || kinds.length === 0)
    throw new RefusalError(
      EVENT_REFUSALS.say('badKinds', { kinds: EVENT_KINDS.join(', '), came: unknown?.slice(0, 40) ?? 'none' }),
      'kinds',
    );
  if (given.author.trim() === '' || given.reason.trim() === '')
    throw new RefusalError(EVENT_REFUSALS.say('noWebhookReason'));
  return { ...given, kinds };
}

function webhookOf(row: {
  readonly id: number;
  readonly url: string;
  readonly kinds: string;
  readonly identities: IdentityView;
  readonly privateTarget: boolean;
  readonly author: string;
  readonly addedAt: number;
  readonly queuedTo: number;
}): Webhook {
  const { privateTarget, kinds, ...rest } = row;
  // A kind that this version does not know is not sent.
  return { ...rest, allowPrivate: privateTarget, kinds: EVENT_KINDS.filter((kind) => kinds.split(' ').includes(kind)) };
}
