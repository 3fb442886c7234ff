import type { Clock } from '#base/port/index.ts';
import type { Audit, ProgramAuthor } from '#operator/audit/index.ts';
import type { Database } from '#operator/database/index.ts';
import type { KnownBrowsers } from './known-browsers.ts';
import type { Passwords } from './password.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Attempt, SignInAttempts } from './sign-in-attempts.ts';
import { type UserRow, userOf } from './user.ts';
import type { KeptPasswords } from './users.ts';

/** From where somebody signs in. */
export interface Visitor {
  /** The network address, as attempts are counted by. */
  readonly address: string;
  /** User-Agent. */
  readonly agent: string;
  /** What this browser keeps of earlier sign-ins (see KnownBrowsers). */
  readonly marks?: string | undefined;
  /** The session that this browser brings (see sessionMark): it ends when another begins. */
  readonly earlier?: string | undefined;
}

/** What became of an attempt. `refused` does not say what was wrong; `pause`: seconds to wait before the next attempt is looked at. */
export type SignIn =
  | {
      readonly outcome: 'signedIn';
      readonly secret: string;
      readonly session: Session;
      /** What the browser is to keep, so that it is known next time. */
      readonly marks: string;
    }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'pause'; readonly seconds: number };

/** Every time so many failures more, the log hears of it: a flood of guesses must not become a flood of entries. */
const FAILURES_NOTED = 5;

/** Signs people in by name and password. The same work is done for a name that nobody has. Rejects with AccessError `busy`. */
export function openSignIn(options: {
  readonly database: Database;
  readonly users: KeptPasswords;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly browsers: KnownBrowsers;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly attempts: SignInAttempts;
}): (given: { readonly name: string; readonly password: string }, visitor: Visitor) => Promise<SignIn> {
  const { database, users, sessions, passwords, browsers, audit, clock, attempts } = options;

  /** Only names that somebody has: others may be passwords typed in the wrong place. */
  const noteFailure = (name: string, attempt: Attempt) => {
    const failures = attempts.failures(attempt, clock.now());
    if (failures % FAILURES_NOTED !== 0) return;
    const detail = { change: 'refused', failures, address: attempt.address };
    audit.append({ kind: 'session', author: 'anyone' satisfies ProgramAuthor, subject: name, detail });
  };

  const enter = (row: UserRow, { marks, ...visitor }: Visitor): SignIn => {
    users.signedIn(row.id);
    const begun = sessions.begin({ user: userOf(row), method: 'password', ...visitor });
    return { outcome: 'signedIn', ...begun, marks: browsers.marked(marks, row) };
  };

  return async ({ name, password }, visitor) => {
    const row = users.row(name);
    const attempt = { name, address: visitor.address, browser: row && browsers.find(visitor.marks, row) };
    const seconds = attempts.begin(attempt, clock.now());
    if (seconds > 0) return { outcome: 'pause', seconds };
    const { isRight, isOutdated } = await passwords.judge(password, row?.password);
    // Judging takes a while, and so does keeping anew: what was changed meanwhile counts, here and in other processes.
    const mayEnter = () => {
      const now = isRight ? users.row(name) : undefined;
      return now?.enabled === true && now.password === row?.password ? now : undefined;
    };
    const renewed = isOutdated && mayEnter() !== undefined ? await passwords.keep(password) : undefined;
    const made = database.transaction(() => {
      const now = mayEnter();
      if (now === undefined) return undefined;
      if (renewed !== undefined) users.renew(now.id, renewed);
      return enter({ ...now, password: renewed ?? now.password }, visitor);
    });
    if (made !== undefined) attempts.succeeded(attempt);
    else if (row !== undefined) noteFailure(row.name, attempt);
    return made ?? { outcome: 'refused' };
  };
}
