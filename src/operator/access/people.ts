import type { ScryptCost } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { AUDIT_REASONS, type Audit } from '#operator/audit/index.ts';
import type { Database, MasterKey } from '#operator/database/index.ts';
import { AccessError } from './access-error.ts';
import { type FirstLink, openFirstLink } from './first-link.ts';
import { openKnownBrowsers } from './known-browsers.ts';
import { type OpenId, type OpenIdSettings, openOpenId } from './open-id.ts';
import { checkPassword, openPasswords, STANDARD_SCRYPT } from './password.ts';
import { ACCESS_REFUSALS } from './refusals.ts';
import { openSessions, type Session, type Sessions } from './sessions.ts';
import { openSignIn, type SignIn, type Visitor } from './sign-in.ts';
import { SignInAttempts } from './sign-in-attempts.ts';
import type { Access } from './token.ts';
import { userOf } from './user.ts';
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
  /**
   * Gives a person another password who knows the present one. All sessions end, and one begins in their place: who had stolen the cookie has
   * nothing any more. Rejects with AccessError; `conflict` when the password or the state of the person was changed meanwhile.
   */
  changePassword(session: Session, given: NewPassword, visitor: Visitor): Promise<PasswordChange>;
}

/** What became of it; `pause`: seconds to wait before the next attempt is looked at. */
export type PasswordChange =
  | { readonly outcome: 'changed'; readonly secret: string; readonly marks: string }
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
  readonly masterKey: MasterKey;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
  readonly access: Access;
  readonly cost?: ScryptCost;
  readonly openId?: OpenIdSettings;
}): People {
  const { access, random, cost = STANDARD_SCRYPT, openId, masterKey, ...rest } = options;
  const { clock } = rest;
  const attempts = new SignInAttempts();
  const passwords = openPasswords({ random, cost });
  const sessions = openSessions({ ...rest, random });
  const users = openUsers({ ...rest, passwords, sessions });
  const browsers = openKnownBrowsers({ masterKey, random });
  const isGuarded = () => users.hasAny() || access.hasTokens();
  return {
    users,
    sessions,
    openId: openId && openOpenId(openId, { random }),
    firstLink: openFirstLink({ ...rest, random, users, isGuarded }),
    signIn: openSignIn({ ...rest, users, sessions, passwords, browsers, attempts }),
    async changePassword({ id, user, method }, { current, next }, { marks, ...visitor }) {
      // Who has got hold of a session must not guess the password with it; what strangers guess makes its owner not wait.
      const attempt = { name: user.name, address: visitor.address, browser: `session ${id}` };
      const seconds = attempts.begin(attempt, clock.now());
      if (seconds > 0) return { outcome: 'pause', seconds };
      const judged = users.row(user.name)?.password;
      const { isRight } = await passwords.judge(current, judged);
      if (!isRight) return { outcome: 'refused' };
      attempts.succeeded(attempt);
      checkPassword(next, user.name);
      const kept = await passwords.keep(next);
      return rest.database.transaction(() => {
        const before = users.row(user.name);
        // Keeping it took a while: whoever was reset, let in no more or signed out meanwhile sets no password behind that.
        if (before === undefined || before.password !== judged || !sessions.isLive(id)) throw changedMeanwhile();
        users.replace(before, kept, { author: user.name, reason: AUDIT_REASONS.say('byTheUser') });
        const row = { ...before, password: kept };
        const { secret } = sessions.begin({ user: userOf(row), method, ...visitor });
        return { outcome: 'changed', secret, marks: browsers.marked(marks, row) };
      });
    },
  };
}

const changedMeanwhile = () => new AccessError('conflict', 'password', ACCESS_REFUSALS.say('passwordChangedMeanwhile'));
