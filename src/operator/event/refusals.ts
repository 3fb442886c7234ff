import { refusals } from '#base/sentence/index.ts';

/** Why a webhook is not added. */
export const EVENT_REFUSALS = refusals({
  urlTooLong: ['at most {most} characters', '{came}', 'shorten it'],
  noUrl: ['http://… or https://…', 'no URL', 'correct the address'],
  urlScheme: ['http or https', '{came}', 'correct the address'],
  urlWithPassword: ['no user and password: deliveries are signed instead', 'some', 'leave them out'],
  urlWithFragment: ['no fragment', 'one', 'leave out what is behind #'],
  urlNotPublic: [
    'an address of the public internet, unless private targets are allowed for this webhook',
    '{came}',
    'name another, or allow private targets',
  ],
  badSecret: ['{prefix} and the Base64 of {least} to {most} octets', 'another text', 'leave it out to have one drawn'],
  tooManyWebhooks: ['at most {most} webhooks', 'one more', 'remove one first'],
  badKinds: ['some of {kinds}', '{came}', 'correct the kinds'],
  noWebhookReason: ['an author and a reason for the webhook', 'nothing', 'say who adds it, and why'],
});
