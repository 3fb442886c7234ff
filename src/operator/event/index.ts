// What happened, numbered, for others to follow: changes of a subscriber's IMEI, duplicates; and webhooks that are told of it.
// Standards: Standard Webhooks 1.0.0 (headers, signature, body), RFC 2104 (HMAC), RFC 6890 (addresses that are not public).
// Must never: send a later event of a subscriber before an earlier one is taken or given up, follow a redirect, or reach a private address unasked.
export { IDENTITIES, type IdentityView } from './body.ts';
export type { CourierSettings } from './courier.ts';
export type { DeadLetter } from './deliveries.ts';
export { type DuplicateImei, EVENT_KINDS, type EventKind, type ImeiChanged, type OperatorEvent } from './event.ts';
export {
  type EventOptions,
  type EventSettings,
  type Events,
  openEvents,
  STANDARD_EVENT_SETTINGS,
  type WebhookStatus,
  type WebhookTest,
} from './events.ts';
export type { LookupAll } from './post.ts';
export { EVENT_REFUSALS } from './refusals.ts';
export type { NewWebhook, Webhook } from './webhooks.ts';
