import { fromHex, toHex } from '#base/codec/index.ts';
import { digest, equalOctets } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { AUDIT_REASONS } from '#operator/audit/index.ts';
import { type Database, settings } from '#operator/database/index.ts';
import { AccessError } from './access-error.ts';
import { ACCESS_REFUSALS } from './refusals.ts';
import type { User } from './user.ts';
import type { Users } from './users.ts';

/** How long a link to make the first administrator works. */
export const FIRST_LINK_MILLISECONDS: number = 24 * 3_600_000;

const SECRET_OCTETS = 32;
const SETTING = 'first administrator';

/** The way in while there is nobody yet. */
export interface FirstLink {
  /** A new secret; the one before ends. Undefined when there is a user or a token already. */
  issue(): string | undefined;
  /** True while a link can be used. */
  isOpen(): boolean;
  /** Makes the administrator of a link, and ends it. Rejects with AccessError. */
  use(secret: string, given: { readonly name: string; readonly password: string }): Promise<User>;
}

const digestOf = (secret: string): Uint8Array => digest('sha256', new TextEncoder().encode(secret));

/** The first link of this database. `isGuarded`: somebody may sign in or has a token. */
export function openFirstLink(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly users: Users;
  readonly isGuarded: () => boolean;
}): FirstLink {
  const { database, clock, random, users, isGuarded } = options;
  const kept = settings(database);

  const current = (): { readonly digest: Uint8Array; readonly until: number } | undefined => {
    const [hex = '', until = ''] = (kept.get(SETTING) ?? '').split(' ');
    return hex === '' || Number(until) <= clock.now() ? undefined : { digest: fromHex(hex), until: Number(until) };
  };

  const check = (secret: string) => {
    const link = isGuarded() ? undefined : current();
    if (link === undefined || !equalOctets(digestOf(secret), link.digest))
      throw new AccessError('missing', 'link', ACCESS_REFUSALS.say('firstLinkEnded'));
  };

  return {
    issue() {
      if (isGuarded()) return undefined;
      const secret = Buffer.from(random.octets(SECRET_OCTETS)).toString('base64url');
      kept.set(SETTING, `${toHex(digestOf(secret))} ${clock.now() + FIRST_LINK_MILLISECONDS}`);
      return secret;
    },
    isOpen: () => !isGuarded() && current() !== undefined,
    async use(secret, { name, password }) {
      check(secret);
      const reason = AUDIT_REASONS.say('firstLink');
      const order = { name, password, role: 'administrator', author: name, reason } as const;
      return users.create(order, () => {
        check(secret);
        kept.set(SETTING, '');
      });
    },
  };
}
