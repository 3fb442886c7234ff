import { fromHex, toHex } from '#base/codec/index.ts';
import { digest } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type Database, DatabaseError, integer, nullable, oneOf, settings, text } from '#operator/database/index.ts';
import { AccessError } from './access-error.ts';
import { ACCESS_REFUSALS } from './refusals.ts';
import { USER_ROW, type User, userOf } from './user.ts';

/** What the secret of a session looks like: 256 bits in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const SECRET_OCTETS = 32;

const MINUTE = 60_000;
/** A session that nobody used for so long ends. */
export const IDLE_MILLISECONDS: number = 60 * MINUTE;
/** No session lasts longer: whoever works on signs in again. */
export const LONGEST_SESSION_MILLISECONDS: number = 12 * 60 * MINUTE;
/** Last use is noted at most so often: a note is a durable write. */
const USE_NOTE_MILLISECONDS = MINUTE;
/** Sessions of one person at once; one more ends the oldest. */
const MOST_OF_ONE = 20;
const LONGEST_AGENT = 200;
/** The setting with the number of the session that began last. */
const LAST_SESSION = 'last session';

/** How somebody signed in. */
export const SIGN_IN_METHODS = ['password', 'firstLink', 'openId'] as const;
/** How somebody signed in. */
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** Somebody who is signed in. Times are milliseconds since 1970. */
export interface Session {
  readonly id: number;
  readonly user: User;
  readonly method: SignInMethod;
  /** From which address, with which program. */
  readonly address: string;
  readonly agent: string;
  readonly createdAt: number;
  /** To the minute. */
  readonly usedAt: number;
  /** When it ends if nobody uses it. */
  readonly endsAt: number;
  /** When it ends in any case. */
  readonly endsAtLatest: number;
}

/** What a session is begun with. */
export interface NewSession {
  readonly user: User;
  readonly method: SignInMethod;
  readonly address: string;
  readonly agent: string;
  /** ID token of the OpenID provider, which it wants back at the end (OpenID Connect RP-Initiated Logout 2, id_token_hint). */
  readonly providerToken?: string;
  /** The session that the same browser had until now (see sessionMark): it ends. */
  readonly earlier?: string | undefined;
}

const MARK = /^[0-9A-F]{64}$/;

/** By what a session can be named without opening it: what its secret is kept as, in hexadecimal. */
export const sessionMark = (secret: string): string => toHex(digestOf(secret));

/** Why a session opens nothing. */
export type SessionRefusal = 'unknown' | 'ended';

/** The sessions of a database. */
export interface Sessions {
  /** Begins one. The secret is seen this once. */
  begin(order: NewSession): { readonly secret: string; readonly session: Session };
  /** Whose session this is, or why it opens nothing. */
  authenticate(secret: string): Session | SessionRefusal;
  /** True while this session has not ended and its user may sign in. */
  isLive(id: number): boolean;
  /** The living sessions of one user, the oldest first. */
  of(user: number): readonly Session[];
  /** Ends a session of this user at once; gives what the OpenID provider wants back. Throws AccessError when there is no such. */
  end(id: number, user: number): { readonly providerToken: string | undefined };
  /** Ends all of a user, `except` one; how many. */
  endAll(user: number, except?: number): number;
  /** Ends those of everybody; how many. */
  endEvery(): number;
}

const COLUMNS = Object.keys(USER_ROW)
  .filter((name) => name !== 'id' && name !== 'createdAt')
  .map((name) => `user_account.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`)
  .join(', ');

const ROW = {
  ...USER_ROW,
  account: integer,
  accountCreatedAt: integer,
  method: oneOf(...SIGN_IN_METHODS),
  address: text,
  agent: text,
  usedAt: integer,
};

function sessionQueries(database: Database) {
  const select = (where: string) =>
    database.query(
      `SELECT user_session.id, user_session.created_at, account, method, address, agent, used_at, ${COLUMNS},
       user_account.created_at AS account_created_at
       FROM user_session JOIN user_account ON user_account.id = user_session.account ${where}`,
      ROW,
    );
  return {
    byDigest: select('WHERE digest = ?'),
    byId: select('WHERE user_session.id = ?'),
    ofUser: select('WHERE account = ? ORDER BY user_session.id LIMIT 100'),
    token: database.query('SELECT provider_token FROM user_session WHERE id = ?', { providerToken: nullable(text) }),
    put: database.query(
      `INSERT INTO user_session (id, digest, account, method, address, agent, provider_token, created_at, used_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) RETURNING id`,
      { id: integer },
    ),
    highest: database.query('SELECT coalesce(max(id), 0) AS id FROM user_session', { id: integer }),
    used: database.command('UPDATE user_session SET used_at = ? WHERE id = ?'),
    end: database.command('DELETE FROM user_session WHERE id = ? AND account = ?'),
    endAll: database.command('DELETE FROM user_session WHERE account = ? AND id <> ?'),
    endEvery: database.command('DELETE FROM user_session'),
    endOld: database.command('DELETE FROM user_session WHERE used_at <= ? OR created_at <= ?'),
  };
}

type SessionRow = ReturnType<ReturnType<typeof sessionQueries>['byId']['only']>;

function sessionOf(row: SessionRow): Session {
  const { id, account, accountCreatedAt, method, address, agent, createdAt, usedAt, ...user } = row;
  const endsAtLatest = createdAt + LONGEST_SESSION_MILLISECONDS;
  return {
    ...{ id, method, address, agent, createdAt, usedAt, endsAtLatest },
    user: userOf({ ...user, id: account, createdAt: accountCreatedAt }),
    endsAt: Math.min(usedAt + IDLE_MILLISECONDS, endsAtLatest),
  };
}

/** A 256-bit random value cannot be guessed from its digest: neither salt nor slowness is needed. */
const digestOf = (secret: string): Uint8Array => digest('sha256', new TextEncoder().encode(secret));

/** The sessions in this database. */
export function openSessions(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): Sessions {
  const { database, audit, clock, random } = options;
  const queries = sessionQueries(database);
  const kept = settings(database);

  /** A number that no session had before: streams know theirs by it, and one that has ended must not live on in the next. */
  const nextId = () => {
    const id = Math.max(Number(kept.get(LAST_SESSION) ?? 0), queries.highest.only().id) + 1;
    kept.set(LAST_SESSION, String(id));
    return id;
  };

  const isDead = ({ endsAt, user }: Session) => endsAt <= clock.now() || !user.isEnabled;

  const noteUse = ({ id, usedAt }: Session) => {
    const now = clock.now();
    if (now - usedAt < USE_NOTE_MILLISECONDS) return;
    try {
      queries.used.run(now, id);
    } catch (error) {
      // A full disk or a lock must not keep people from looking what is wrong.
      if (!(error instanceof DatabaseError && error.temporary)) throw error;
    }
  };

  /** Nobody who knew the session before may go on in the one that begins (session fixation). */
  const endEarlier = (mark = '') => {
    const row = MARK.test(mark) ? queries.byDigest.first(fromHex(mark)) : undefined;
    if (row === undefined) return;
    queries.end.run(row.id, row.account);
    const detail = { change: 'ended', session: row.id, because: 'another sign-in in the same browser' };
    audit.append({ kind: 'session', author: row.name, subject: row.name, detail });
  };

  const living = (user: number) =>
    queries.ofUser
      .all(user)
      .map(sessionOf)
      .filter((session) => !isDead(session));

  return {
    begin({ user, method, address, agent, providerToken, earlier }) {
      const secret = Buffer.from(random.octets(SECRET_OCTETS)).toString('base64url');
      return database.transaction(() => {
        const now = clock.now();
        endEarlier(earlier);
        queries.endOld.run(now - IDLE_MILLISECONDS, now - LONGEST_SESSION_MILLISECONDS);
        for (const old of living(user.id).slice(0, -MOST_OF_ONE + 1)) queries.end.run(old.id, user.id);
        const shown = agent.slice(0, LONGEST_AGENT).toWellFormed().replaceAll('\0', '');
        const { id } = queries.put.only(
          nextId(),
          digestOf(secret),
          user.id,
          method,
          address,
          shown,
          providerToken,
          now,
        );
        const detail = { change: 'signed in', session: id, role: user.role, method, address };
        audit.append({ kind: 'session', author: user.name, subject: user.name, detail });
        return { secret, session: sessionOf(queries.byId.only(id)) };
      });
    },
    authenticate(secret) {
      const row = SECRET.test(secret) ? queries.byDigest.first(digestOf(secret)) : undefined;
      if (row === undefined) return 'unknown';
      const session = sessionOf(row);
      if (isDead(session)) return 'ended';
      noteUse(session);
      return session;
    },
    isLive(id) {
      const row = queries.byId.first(id);
      return row !== undefined && !isDead(sessionOf(row));
    },
    of: living,
    end: (id, user) =>
      database.transaction(() => {
        const row = queries.byId.first(id);
        const providerToken = queries.token.first(id)?.providerToken;
        if (row === undefined || queries.end.run(id, user).changes === 0)
          throw new AccessError('missing', 'session', ACCESS_REFUSALS.say('noSuchSession', { id }));
        const detail = { change: 'ended', session: id };
        audit.append({ kind: 'session', author: row.name, subject: row.name, detail });
        return { providerToken };
      }),
    endAll: (user, except = 0) => queries.endAll.run(user, except).changes,
    endEvery: () => queries.endEvery.run().changes,
  };
}
