import Type from 'typebox';
import { RefusalError } from '#base/sentence/index.ts';
import { EVENT_KINDS, type Events, IDENTITIES, type WebhookStatus } from '#operator/event/index.ts';
import { type Caller, callerMay } from '../caller.ts';
import { type Operation, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { REQUEST, RESOURCE } from '../refusals.ts';
import { Author, Count, closed, Limit, list, names, Reason, rowsOf, Text, Time } from '../schema.ts';
import { time } from '../view.ts';

const LONGEST_URL = 2048;
const LONGEST_SECRET = 100;
/** Tests under way at most: each of them may take seconds of a receiver that does not answer. */
const MOST_TESTS = 4;
/** Seconds after which a test may have ended. */
const PAUSE = 10;

const WebhookOf = closed({
  id: Count,
  url: Type.String({
    description: 'only scheme, host and port for whoever may not change it: the rest may be a secret',
  }),
  kinds: list(names(EVENT_KINDS)),
  identities: names(IDENTITIES, 'how IMSI and IMEI are in the bodies it is sent'),
  allowPrivate: Type.Boolean({ description: 'it may be in a network of your own' }),
  author: Author,
  addedAt: Time,
  queuedTo: Type.Integer({ minimum: 0, description: 'number of the last event that was queued for it' }),
  newest: Type.Integer({ minimum: 0, description: 'number of the newest event' }),
  waiting: Type.Integer({ minimum: 0, description: 'events queued and not taken yet' }),
  dead: Type.Integer({ minimum: 0, description: 'events given up' }),
});

const webhookView = ({ url, addedAt, ...rest }: WebhookStatus, caller: Caller) => ({
  ...rest,
  url: callerMay(caller, 'webhooks.change') ? url : new URL(url).origin,
  addedAt: time(addedAt),
});

const missing = () => new ProblemError('no-such-resource', RESOURCE.say('webhookUnknown'));

function found(events: Events, id: number): WebhookStatus {
  const one = events.list().find((webhook) => webhook.id === id);
  if (one === undefined) throw missing();
  return one;
}

/** The problem of an operator that has as many webhooks as there may be; any other error as it is. */
function tooMany(error: unknown): unknown {
  if (!(error instanceof RefusalError && error.refusal.said.code === 'tooManyWebhooks')) return error;
  return new ProblemError('conflict', error.refusal);
}

const Id = closed({ id: Type.Integer({ minimum: 1 }) });

const changing: readonly Operation[] = [
  operation({
    id: 'addWebhook',
    method: 'POST',
    path: '/api/v1/webhooks',
    tag: 'equipmentEvents',
    summary: 'Tells a receiver of events from the next one on. The secret is in this answer and never again.',
    description:
      'A delivery is a POST of JSON with the headers of Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp`, and `webhook-signature`, the HMAC-SHA256 by the secret. Any status 2xx takes it; else it is tried again, later and later. Events of one subscriber come in order.',
    permission: 'webhooks.change',
    body: closed({
      url: Type.String({ minLength: 1, maxLength: LONGEST_URL, description: 'http or https.' }),
      kinds: Type.Optional(
        Type.Array(names(EVENT_KINDS), { minItems: 1, maxItems: EVENT_KINDS.length, description: 'Default all.' }),
      ),
      identities: Type.Optional(names(IDENTITIES, 'How IMSI and IMEI are in the body; default masked.')),
      allowPrivate: Type.Optional(
        Type.Boolean({ description: 'It may be this machine, or one in a network of your own; default no.' }),
      ),
      secret: Type.Optional(
        Type.String({
          maxLength: LONGEST_SECRET,
          description: 'whsec_ and the Base64 of 24 to 64 octets; without it one is drawn.',
        }),
      ),
      reason: Reason,
    }),
    status: 201,
    answer: closed({ secret: Text, webhook: WebhookOf }),
    problems: ['conflict'],
    run({ sources: { events }, body: { kinds = EVENT_KINDS, ...body }, caller, author }) {
      try {
        const { id, secret } = events.subscribe({ ...body, kinds, author });
        return { secret, webhook: webhookView(found(events, id), caller) };
      } catch (error) {
        throw tooMany(error);
      }
    },
  }),
  operation({
    id: 'removeWebhook',
    method: 'POST',
    path: '/api/v1/webhooks/:id/removal',
    tag: 'equipmentEvents',
    summary: 'Tells a receiver no more, and drops what waits for it.',
    permission: 'webhooks.change',
    params: Id,
    body: closed({ reason: Reason }),
    answer: closed({ removed: Type.Boolean() }),
    problems: ['no-such-resource'],
    run({ sources: { events }, params: { id }, body, author }) {
      if (!events.unsubscribe(id, author, body.reason)) throw missing();
      return { removed: true };
    },
  }),
];

/** Sends to a machine elsewhere, and waits for it. */
function openTest(): Operation {
  let underWay = 0;
  return operation({
    id: 'testWebhook',
    method: 'POST',
    path: '/api/v1/webhooks/:id/test',
    tag: 'equipmentEvents',
    summary: 'Sends a receiver a test now, outside the queue, and tells what it said.',
    permission: 'webhooks.change',
    params: Id,
    answer: closed({
      isTaken: Type.Boolean(),
      status: Type.Optional(Type.Integer({ description: 'missing when there was no answer' })),
      text: Text,
      milliseconds: Count,
    }),
    problems: ['no-such-resource', 'unavailable'],
    async run({ sources: { events }, params }) {
      if (underWay >= MOST_TESTS)
        throw new ProblemError('unavailable', {
          ...REQUEST.say('tooManyWebhookTests', { most: MOST_TESTS }),
          retryAfter: PAUSE,
        });
      underWay++;
      try {
        const said = await events.test(params.id);
        if (said === undefined) throw missing();
        return said;
      } finally {
        underWay--;
      }
    },
  });
}

/** Receivers that are told of changed IMEIs and duplicates. */
export const webhookOperations = (): readonly Operation[] => [
  operation({
    id: 'getWebhooks',
    method: 'GET',
    path: '/api/v1/webhooks',
    tag: 'equipmentEvents',
    summary: 'Every receiver that is told of events, and how it does; never its secret.',
    permission: 'webhooks.read',
    answer: closed({ webhooks: list(WebhookOf) }),
    run: ({ sources: { events }, caller }) => ({
      webhooks: events.list().map((webhook) => webhookView(webhook, caller)),
    }),
  }),
  operation({
    id: 'getDeadLetters',
    method: 'GET',
    path: '/api/v1/webhooks/:id/dead-letters',
    tag: 'equipmentEvents',
    summary: 'Events that a receiver did not take in any attempt, the newest first.',
    permission: 'webhooks.read',
    params: Id,
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({
      deadLetters: list(
        closed({
          sequence: Type.Integer({ description: 'number of the event' }),
          attempts: Count,
          trouble: Type.String({ description: 'of the last attempt' }),
        }),
      ),
    }),
    problems: ['no-such-resource'],
    run({ sources: { events }, params: { id }, query }) {
      found(events, id);
      return { deadLetters: events.deadLetters(id, rowsOf(query.limit)) };
    },
  }),
  ...changing,
  openTest(),
];
