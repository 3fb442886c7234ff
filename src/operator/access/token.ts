import { fromHex, toHex } from '#base/codec/index.ts';
import { digest } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type Database, DatabaseError, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { AccessError } from './access-error.ts';
import { checkName, checkReason, plainName } from './author-name.ts';
import { ROLES, type Role } from './permission.ts';
import { ACCESS_REFUSALS } from './refusals.ts';

/** What a token looks like: a beginning that scanners of leaked secrets find, and 256 bits in base64url. */
export const TOKEN_PATTERN = '^assay_[A-Za-z0-9_-]{43}$';
const TOKEN = new RegExp(TOKEN_PATTERN);
const TOKEN_OCTETS = 32;

const DAY = 24 * 3_600_000;
/** How long a token lives unless its expiry is given. */
export const STANDARD_LIFE_MILLISECONDS: number = 90 * DAY;
/** No token lives longer. */
export const LONGEST_LIFE_MILLISECONDS: number = 366 * DAY;

/** Last use is noted at most so often: a note is a durable write. */
const USE_NOTE_MILLISECONDS = 60_000;
const MOST_PER_PAGE = 1000;

/** What is known of a token; not the token itself. Times are milliseconds since 1970. */
export interface ApiToken {
  readonly id: number;
  /** The author of what is done with it. */
  readonly name: string;
  readonly role: Role;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** To the minute. */
  readonly lastUsedAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly revokedBy: string | undefined;
}

/** What a token is made from. */
export interface NewToken {
  /** 1 to 80 letters, digits, spaces, `.`, `_`, `@`, `-`; no other living token has it. */
  readonly name: string;
  readonly role: Role;
  readonly author: string;
  readonly reason: string;
  /** Default STANDARD_LIFE_MILLISECONDS from now. */
  readonly expiresAt?: number;
}

/** A token as it is made: the only time it is seen. */
export interface CreatedToken {
  readonly token: string;
  readonly record: ApiToken;
}

/** Why a token opens nothing. */
export type TokenRefusal = 'unknown' | 'expired' | 'revoked';

/** What a token is made from, with its end. */
export type DatedToken = NewToken & { readonly expiresAt: number };

/** The tokens of a database. Every change is durable and in the audit log when it returns. */
export interface Access {
  /** True once any token was made, also when none lives any more: from then on nobody is let in without one. */
  hasTokens(): boolean;
  /** Makes a token. Throws AccessError. */
  create(order: NewToken): CreatedToken;
  /** A new token, and what it will be known by; it opens nothing until it is made of that. */
  draw(): { readonly token: string; readonly kept: string };
  /** When a token ends unless somebody says it. */
  standardEnd(): number;
  /** Throws AccessError for a token that could not be made now. */
  check(order: DatedToken): void;
  /** Makes a token that was drawn. Throws AccessError. */
  make(order: DatedToken & { readonly kept: string }): ApiToken;
  /** Whose token this is, or why it opens nothing. */
  authenticate(presented: string): ApiToken | TokenRefusal;
  /**
   * Who made the tokens that somebody of this name could have used then, and who made theirs. A token is shown to its maker, who may do what it may.
   */
  makersOf(name: string, at: number): readonly string[];
  /** True when tokens of this name were made and all of them are revoked. */
  isRevoked(name: string): boolean;
  /** True while this token is neither expired nor revoked. */
  isLive(id: number): boolean;
  /** Tokens above this number in the order of their making, at most `most` (1000), also those that are dead. */
  page(after: number, most: number): readonly ApiToken[];
  /** Ends a token at once. Throws AccessError when there is none or it is revoked already. */
  revoke(what: { readonly id: number; readonly author: string; readonly reason: string }): ApiToken;
}

const ROW = {
  id: integer,
  name: text,
  role: oneOf(...ROLES),
  reason: text,
  createdBy: text,
  createdAt: integer,
  expiresAt: integer,
  lastUsedAt: nullable(integer),
  revokedAt: nullable(integer),
  revokedBy: nullable(text),
};
const COLUMNS = 'id, name, role, reason, created_by, created_at, expires_at, last_used_at, revoked_at, revoked_by';

function tokenQueries(database: Database) {
  const select = (where: string) => database.query(`SELECT ${COLUMNS} FROM api_token ${where}`, ROW);
  return {
    any: database.query('SELECT id FROM api_token LIMIT 1', { id: integer }),
    byDigest: select('WHERE digest = ?'),
    byId: select('WHERE id = ?'),
    living: select('WHERE name = ? AND revoked_at IS NULL'),
    all: select(''),
    user: database.query('SELECT name FROM user_account WHERE plain_name = ?', { name: text }),
    page: select('WHERE id > ? ORDER BY id LIMIT ?'),
    put: database.query(
      `INSERT INTO api_token (digest, name, role, reason, created_by, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      { id: integer },
    ),
    used: database.command('UPDATE api_token SET last_used_at = ? WHERE id = ?'),
    revoke: database.command('UPDATE api_token SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL'),
  };
}

/** The tokens in this database. */
export function openAccess(options: { database: Database; audit: Audit; clock: Clock; random: Random }): Access {
  const { database, audit, clock, random } = options;
  const queries = tokenQueries(database);
  let hasAny = false;

  const refusalOf = (token: ApiToken): TokenRefusal | undefined =>
    token.revokedAt !== undefined ? 'revoked' : token.expiresAt <= clock.now() ? 'expired' : undefined;

  const noteUse = (token: ApiToken) => {
    const now = clock.now();
    if (now - (token.lastUsedAt ?? Number.NEGATIVE_INFINITY) < USE_NOTE_MILLISECONDS) return;
    try {
      queries.used.run(now, token.id);
    } catch (error) {
      // A full disk or a lock must not keep people from looking what is wrong.
      if (!(error instanceof DatabaseError && error.temporary)) throw error;
    }
  };

  const check = (order: DatedToken) => {
    const { name, author, expiresAt } = order;
    checkName(name);
    checkReason(order);
    checkExpiry(expiresAt, clock.now());
    if (queries.living.first(name) !== undefined)
      throw new AccessError('conflict', 'name', ACCESS_REFUSALS.say('livingTokenExists', { name }));
    const plain = plainName(name);
    if (plain !== plainName(author) && queries.user.first(plain) !== undefined)
      throw new AccessError('conflict', 'name', ACCESS_REFUSALS.say('userMakesToken', { name }));
  };

  const make = (order: DatedToken, kept: string): ApiToken => {
    check(order);
    const { name, role, author, reason, expiresAt } = order;
    const { id } = queries.put.only(fromHex(kept), name, role, reason, author, clock.now(), expiresAt);
    const detail = { change: 'created', token: id, role, reason, before: null, after: 'live', expiresAt };
    audit.append({ kind: 'token', author, subject: name, detail });
    return queries.byId.only(id);
  };

  const draw = () => {
    const token = `assay_${Buffer.from(random.octets(TOKEN_OCTETS)).toString('base64url')}`;
    return { token, kept: toHex(digestOf(token)) };
  };
  const standardEnd = () => clock.now() + STANDARD_LIFE_MILLISECONDS;

  return {
    hasTokens() {
      hasAny ||= queries.any.first() !== undefined;
      return hasAny;
    },
    create(order) {
      const { token, kept } = draw();
      const dated = { ...order, expiresAt: order.expiresAt ?? standardEnd() };
      return { token, record: database.transaction(() => make(dated, kept)) };
    },
    ...{ draw, standardEnd, check },
    make: ({ kept, ...order }) => database.transaction(() => make(order, kept)),
    authenticate(presented) {
      const token = TOKEN.test(presented) ? queries.byDigest.first(digestOf(presented)) : undefined;
      if (token === undefined) return 'unknown';
      const refusal = refusalOf(token);
      if (refusal !== undefined) return refusal;
      noteUse(token);
      return token;
    },
    makersOf(name, at) {
      const tokens = queries.all.all();
      const couldUse = ({ createdAt, expiresAt, revokedAt = at }: ApiToken) =>
        createdAt <= at && expiresAt > at && revokedAt >= at;
      const makers = (of: string, among: readonly ApiToken[]) =>
        among.filter((token) => plainName(token.name) === plainName(of)).map(({ createdBy }) => createdBy);
      const found = new Set(makers(name, tokens.filter(couldUse)));
      // A set that grows is walked to its end.
      for (const maker of found) for (const before of makers(maker, tokens)) found.add(before);
      return [...found];
    },
    isRevoked(name) {
      const named = queries.all.all().filter((token) => plainName(token.name) === plainName(name));
      return named.length > 0 && named.every(({ revokedAt }) => revokedAt !== undefined);
    },
    isLive(id) {
      const token = queries.byId.first(id);
      return token !== undefined && refusalOf(token) === undefined;
    },
    page: (after, most) => queries.page.all(after, Math.min(most, MOST_PER_PAGE)),
    revoke: ({ id, author, reason }) =>
      database.transaction(() => {
        checkReason({ author, reason });
        const before = queries.byId.first(id);
        if (before === undefined) throw new AccessError('missing', 'token', ACCESS_REFUSALS.say('noSuchToken', { id }));
        if (queries.revoke.run(clock.now(), author, id).changes === 0)
          throw new AccessError('conflict', 'token', ACCESS_REFUSALS.say('tokenRevokedAlready'));
        const detail = { change: 'revoked', token: id, role: before.role, reason };
        const was = refusalOf(before) ?? 'live';
        audit.append({
          kind: 'token',
          author,
          subject: before.name,
          detail: { ...detail, before: was, after: 'revoked' },
        });
        return queries.byId.only(id);
      }),
  };
}

/** A 256-bit random value cannot be guessed from its digest: neither salt nor slowness is needed, and a look-up by it tells nothing by its time. */
const digestOf = (token: string): Uint8Array => digest('sha256', new TextEncoder().encode(token));

function checkExpiry(expiresAt: number, now: number): void {
  if (!(expiresAt > now && expiresAt <= now + LONGEST_LIFE_MILLISECONDS))
    throw new AccessError(
      'invalid',
      'expiry',
      ACCESS_REFUSALS.say('badTokenExpiry', { days: LONGEST_LIFE_MILLISECONDS / DAY }),
    );
}
