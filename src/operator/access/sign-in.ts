import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import type { Passwords } from './password.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import { userOf } from './user.ts';
import type { KeptPasswords } from './users.ts';

/** From where somebody signs in. */
export interface Visitor {
  /** The network address, as attempts are counted by. */
  readonly address: string;
  /** User-Agent. */
  readonly agent: string;
}

/** What became of an attempt. `refused` does not say what was wrong; `pause`: seconds to wait before the next attempt is looked at. */
export type SignIn =
  | { readonly outcome: 'signedIn'; readonly secret: string; readonly session: Session }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'pause'; readonly seconds: number };

/** Every time so many failures more, the log hears of it: a flood of guesses must not become a flood of entries. */
const FAILURES_NOTED = 5;

/** Signs people in by name and password. The same work is done for a name that nobody has. Rejects with AccessError `busy`. */
export function openSignIn(options: {
  readonly users: KeptPasswords;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly attempts: SignInAttempts;
}): (given: { readonly name: string; readonly password: string }, visitor: Visitor) => Promise<SignIn> {
  const { users, sessions, passwords, audit, clock, attempts } = options;

  /** Only names that somebody has: others may be passwords typed in the wrong place. */
  const noteFailure = (name: string, address: string) => {
    const failures = attempts.failures(name, address, clock.now());
    if (failures % FAILURES_NOTED !== 0) return;
    const detail = { change: 'refused', failures, address };
    audit.append({ kind: 'session', author: 'anyone', subject: name, detail });
  };

  return async ({ name, password }, { address, agent }) => {
    const seconds = attempts.begin(name, address, clock.now());
    if (seconds > 0) return { outcome: 'pause', seconds };
    const row = users.row(name);
    const { isRight, isOutdated } = await passwords.judge(password, row?.password);
    // Judging takes a while, and so does keeping anew: what was changed meanwhile counts.
    const mayEnter = () => {
      const now = isRight ? users.row(name) : undefined;
      return now?.enabled === true && now.password === row?.password ? now : undefined;
    };
    const renewed = isOutdated && mayEnter() !== undefined ? await passwords.keep(password) : undefined;
    const now = mayEnter();
    if (now === undefined) {
      if (row !== undefined) noteFailure(row.name, address);
      return { outcome: 'refused' };
    }
    attempts.succeeded(name, address);
    if (renewed !== undefined) users.renew(now.id, renewed);
    users.signedIn(now.id);
    return { outcome: 'signedIn', ...sessions.begin({ user: userOf(now), method: 'password', address, agent }) };
  };
}
