import type { ScryptCost } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import type { Database } from '#operator/database/index.ts';
import { type FirstLink, openFirstLink } from './first-link.ts';
import { type OpenId, type OpenIdSettings, openOpenId } from './open-id.ts';
import { openPasswords, STANDARD_SCRYPT } from './password.ts';
import { openSessions, type Session, type Sessions } from './sessions.ts';
import { openSignIn, type SignIn, type Visitor } from './sign-in.ts';
import { SignInAttempts } from './sign-in-attempts.ts';
import type { Access } from './token.ts';
import { openUsers, type Users } from './users.ts';

/** The people who may use the operator's API. */
export interface People {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly firstLink: FirstLink;
  /** The OpenID provider, when there is one. */
  readonly openId: OpenId | undefined;
  /** Signs somebody in by name and password. Rejects with AccessError `busy`. */
  signIn(given: { readonly name: string; readonly password: string }, visitor: Visitor): Promise<SignIn>;
  /** Gives a person another password who knows the present one; other sessions end. Rejects with AccessError. */
  changePassword(session: Session, given: NewPassword): Promise<PasswordChange>;
}

/** What became of it; `pause`: seconds to wait before the next attempt is looked at. */
export type PasswordChange =
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'pause'; readonly seconds: number };

/** A password that its owner changes. */
export interface NewPassword {
  readonly current: string;
  readonly next: string;
}

/** The people in this database. `cost`: of passwords that are kept from now on. */
export function openPeople(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
  readonly access: Access;
  readonly cost?: ScryptCost;
  readonly openId?: OpenIdSettings;
}): People {
  const { access, random, cost = STANDARD_SCRYPT, openId, ...rest } = options;
  const { clock } = rest;
  const attempts = new SignInAttempts();
  const passwords = openPasswords({ random, cost });
  const sessions = openSessions({ ...rest, random });
  const users = openUsers({ ...rest, passwords, sessions });
  const isGuarded = () => users.hasAny() || access.hasTokens();
  return {
    users,
    sessions,
    openId: openId && openOpenId(openId, { random }),
    firstLink: openFirstLink({ ...rest, random, users, isGuarded }),
    signIn: openSignIn({ ...rest, users, sessions, passwords, attempts }),
    async changePassword({ id, user, address }, { current, next }) {
      // Who has got hold of a session must not guess the password with it.
      const seconds = attempts.begin(user.name, address, clock.now());
      if (seconds > 0) return { outcome: 'pause', seconds };
      const { isRight } = await passwords.judge(current, users.row(user.name)?.password);
      if (!isRight) return { outcome: 'refused' };
      attempts.succeeded(user.name, address);
      const change = { author: user.name, reason: 'by the user', keepingSession: id };
      await users.change(user.id, { ...change, password: next });
      return { outcome: 'changed' };
    },
  };
}
