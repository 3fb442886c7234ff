import { toHex } from '#base/codec/index.ts';
import { digest } from '#base/crypto/index.ts';
import type { Caller } from './caller.ts';

/** How long a caller is known that nobody could ask the database about since, in milliseconds. */
const KNOWN_MILLISECONDS = 3_600_000;
const MOST_KNOWN = 100;

/** Callers that the database let in not long ago, for what is answered also while it is away. Tokens and sessions are kept as digests only. */
export class KnownCallers {
  readonly #known = new Map<string, { readonly caller: Caller; readonly at: number }>();

  /** The database lets this caller in at `now`. */
  remember(presented: string | undefined, caller: Caller, now: number): void {
    const key = keyOf(presented);
    // Written anew, it stands last: the first of the map is always the one seen longest ago.
    this.#known.delete(key);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, { caller, at: now });
  }

  /** The database does not. */
  forget(presented: string | undefined): void {
    this.#known.delete(keyOf(presented));
  }

  /** Whom it let in within the last hour, and whose token or session lives on. */
  find(presented: string | undefined, now: number): Caller | undefined {
    const known = this.#known.get(keyOf(presented));
    if (known === undefined || Math.abs(now - known.at) > KNOWN_MILLISECONDS) return undefined;
    return hasEnded(known.caller, now) ? undefined : known.caller;
  }
}

function hasEnded(caller: Caller, now: number): boolean {
  if (caller.kind === 'token') return caller.token.expiresAt <= now;
  return caller.kind === 'session' && caller.session.endsAt <= now;
}

/** Nobody on this machine has no token. */
const keyOf = (presented: string | undefined): string =>
  presented === undefined ? 'loopback' : toHex(digest('sha256', new TextEncoder().encode(presented)));
