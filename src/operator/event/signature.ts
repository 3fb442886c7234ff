import { hmac } from '#base/crypto/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { EVENT_REFUSALS } from './refusals.ts';

/** What a secret begins with when people are shown it (Standard Webhooks 1.0.0). */
const SECRET_PREFIX = 'whsec_';
const SHORTEST_SECRET = 24;
const LONGEST_SECRET = 64;
/** Octets of a secret that is drawn. */
export const SECRET_OCTETS = 32;

const encoder = new TextEncoder();
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

/** The headers of a delivery that a receiver checks. */
export interface SignatureHeaders {
  /** The same at every attempt: a receiver that knows it already has taken the event. */
  readonly 'webhook-id': string;
  /** Seconds since 1970, at this attempt. */
  readonly 'webhook-timestamp': string;
  /** `v1,` and the Base64 of HMAC-SHA256 over id, timestamp and body with dots between. */
  readonly 'webhook-signature': string;
}

/** Signs a delivery (Standard Webhooks 1.0.0, symmetric signature). `at` is milliseconds since 1970; `id` has no dot. */
export function signedHeaders(id: string, at: number, body: Uint8Array, secret: Uint8Array): SignatureHeaders {
  const seconds = String(Math.floor(at / 1000));
  const mac = hmac('sha256', secret, encoder.encode(`${id}.${seconds}.`), body);
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${base64(mac)}` };
}

/** A secret as people pass it on. */
export const secretText = (secret: Uint8Array): string => SECRET_PREFIX + base64(secret);

/** A secret from its text. Throws RangeError, without the text. */
export function secretOf(text: string): Uint8Array {
  const encoded = text.startsWith(SECRET_PREFIX) ? text.slice(SECRET_PREFIX.length) : '';
  const octets = new Uint8Array(Buffer.from(encoded, 'base64'));
  if (octets.length < SHORTEST_SECRET || octets.length > LONGEST_SECRET || base64(octets) !== encoded)
    throw new RefusalError(
      EVENT_REFUSALS.say('badSecret', { prefix: SECRET_PREFIX, least: SHORTEST_SECRET, most: LONGEST_SECRET }),
      'secret',
    );
  return octets;
}
