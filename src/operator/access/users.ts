import type { Clock } from '#base/port/index.ts';
import { AUDIT_REASONS, type Audit, type AuditDetail, type ProgramAuthor } from '#operator/audit/index.ts';
import { type Database, integer, nullable, text } from '#operator/database/index.ts';
import { AccessError } from './access-error.ts';
import { checkName, checkReason, plainName, type Signed } from './author-name.ts';
import { checkPassword, type Passwords } from './password.ts';
import { ACCESS_REFUSALS } from './refusals.ts';
import type { Sessions } from './sessions.ts';
import { USER_ROW, type User, type UserRole, type UserRow, userOf } from './user.ts';

const MOST_PER_PAGE = 1000;

/** What a user is made from. */
export interface NewUser extends Signed {
  /** 1 to 80 letters, digits, spaces, `.`, `_`, `@`, `-`; no other user has it, whatever the capitals. */
  readonly name: string;
  readonly role: UserRole;
  readonly password: string;
}

/** What is to be different about a user. */
export interface UserChange extends Signed {
  readonly role?: UserRole;
  readonly isEnabled?: boolean;
  readonly password?: string;
  /** Runs in the transaction of the change, before it: whoever may no longer make it throws here. Keeping a password takes a while. */
  readonly inTransaction?: () => void;
}

/** What a user is made from whose password is kept already (see Users.keep). */
export type KeptUser = Omit<NewUser, 'password'> & { readonly kept: string };

/** What is to be different about a user, whose new password is kept already. */
export type KeptUserChange = Omit<UserChange, 'password' | 'inTransaction'> & { readonly kept?: string };

/** A user as an OpenID provider tells. */
export interface ProvidedUser {
  readonly issuer: string;
  /** `sub` of the provider. */
  readonly subject: string;
  readonly name: string;
  readonly role: UserRole;
}

/** The users of a database. Every change is durable and in the audit log when it returns; all of them throw or reject with AccessError. */
export interface Users {
  /** True once any user was made. */
  hasAny(): boolean;
  /** One of them. */
  find(id: number): User | undefined;
  /** One of them. Throws AccessError when there is none. */
  existing(id: number): User;
  /** The one of this name, whatever its capitals. */
  named(name: string): User | undefined;
  /** Users above this number in the order of their making, at most `most` (1000). */
  page(after: number, most: number): readonly User[];
  /** Makes one. `inTransaction` runs in the same transaction before it, and may throw. */
  create(order: NewUser, inTransaction?: () => void): Promise<User>;
  /** Changes one, and ends the sessions of that person. The last administrator who can sign in stays one. */
  change(id: number, change: UserChange): Promise<User>;
  /** What the password of somebody of this name is kept as. Rejects with AccessError for one that is none. */
  keep(password: string, name: string): Promise<string>;
  /** Throws AccessError for a user who could not be made now. */
  checkNew(order: Pick<NewUser, 'name' | 'author'>): void;
  /** Makes one. */
  make(order: KeptUser): User;
  /** Throws AccessError for a change that could not be made now. */
  checkChange(id: number, change: Pick<UserChange, 'role' | 'isEnabled'>): void;
  /** Changes one, as `change` does. */
  alter(id: number, change: KeptUserChange): User;
  /** True when somebody of another name has one of these roles and may sign in. */
  hasOther(name: string, roles: readonly UserRole[]): boolean;
  /** Who gave this person the present password; undefined when the person has chosen it, or there is none of this name. */
  passwordFrom(name: string): string | undefined;
  /** Ends all sessions of a user; how many. */
  endSessions(id: number, by: Signed): number;
  /** The user whom a provider has signed in: made when there is none, with the role that the provider says. */
  provided(given: ProvidedUser): User;
}

/** The kept password of a name, for whoever judges one. */
export interface KeptPasswords {
  /** The row of this name. */
  row(name: string): UserRow | undefined;
  /** Keeps the same password at other costs. */
  renew(id: number, password: string): void;
  /** Keeps another password, and ends all sessions; to be called in a transaction that has looked at `before`. */
  replace(before: UserRow, password: string, by: Signed): void;
  /** Notes that this user has signed in. */
  signedIn(id: number): void;
}

const COLUMNS = 'id, name, role, enabled, password, issuer, created_by, created_at, signed_in_at';

function userQueries(database: Database) {
  const select = (where: string) => database.query(`SELECT ${COLUMNS} FROM user_account ${where}`, USER_ROW);
  const update = (columns: string) => database.command(`UPDATE user_account SET ${columns} WHERE id = ?`);
  return {
    any: database.query('SELECT id FROM user_account LIMIT 1', { id: integer }),
    byId: select('WHERE id = ?'),
    byName: select('WHERE plain_name = ?'),
    bySubject: select('WHERE issuer = ? AND subject = ?'),
    page: select('WHERE id > ? ORDER BY id LIMIT ?'),
    otherAdministrator: database.query(
      "SELECT id FROM user_account WHERE role = 'administrator' AND enabled = 1 AND id <> ? LIMIT 1",
      { id: integer },
    ),
    other: database.query('SELECT id FROM user_account WHERE role = ? AND enabled = 1 AND plain_name <> ? LIMIT 1', {
      id: integer,
    }),
    passwordBy: database.query('SELECT password_by FROM user_account WHERE plain_name = ?', {
      passwordBy: nullable(text),
    }),
    tokens: database.query('SELECT name FROM api_token WHERE revoked_at IS NULL', { name: text }),
    put: database.query(
      `INSERT INTO user_account (name, plain_name, role, password, password_by, issuer, subject, enabled, created_by, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?) RETURNING id`,
      { id: integer },
    ),
    role: update('role = ?'),
    enabled: update('enabled = ?'),
    password: update('password = ?'),
    passwordOf: update('password = ?, password_by = ?'),
    signedIn: update('signed_in_at = ?'),
  };
}

/** The users in this database. */
export function openUsers(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: Pick<Sessions, 'endAll'>;
}): Users & KeptPasswords {
  const { database, audit, clock, passwords, sessions } = options;
  const queries = userQueries(database);
  let hasAny = false;

  const noted = ({ author, reason }: Signed, subject: string, detail: AuditDetail) =>
    typeof reason === 'string'
      ? audit.append({ kind: 'user', author, subject, detail: { ...detail, reason } })
      : audit.append({
          ...{ kind: 'user', author, subject, said: { reason: [reason] } },
          detail: { ...detail, reason: AUDIT_REASONS.words(reason) },
        });

  const existing = (id: number): UserRow => {
    const row = queries.byId.first(id);
    if (row === undefined) throw new AccessError('missing', 'user', ACCESS_REFUSALS.say('noSuchUser', { id }));
    return row;
  };

  const checkFree = ({ name, author }: Pick<NewUser, 'name' | 'author'>) => {
    const plain = plainName(name);
    if (queries.byName.first(plain) !== undefined)
      throw new AccessError('conflict', 'name', ACCESS_REFUSALS.say('userExists', { name }));
    const isOfToken = () => queries.tokens.all().some((token) => plainName(token.name) === plain);
    if (plain !== plainName(author) && isOfToken())
      throw new AccessError('conflict', 'name', ACCESS_REFUSALS.say('livingTokenExists', { name }));
  };

  const put = (order: Omit<NewUser, 'password'> & { password?: string; issuer?: string; subject?: string }): User => {
    const { name, role, password, issuer, subject, author } = order;
    checkFree(order);
    const by = password === undefined ? undefined : giver(author, name);
    const { id } = queries.put.only(name, plainName(name), role, password, by, issuer, subject, author, clock.now());
    noted(order, name, { change: 'created', user: id, role, before: null, after: role });
    return userOf(existing(id));
  };

  /** Somebody has to be able to let others in. */
  const checkAdministrators = (before: UserRow, { role, isEnabled }: Pick<UserChange, 'role' | 'isEnabled'>) => {
    const was = before.role === 'administrator' && before.enabled;
    const stays = (role ?? before.role) === 'administrator' && (isEnabled ?? before.enabled);
    if (was && !stays && queries.otherAdministrator.first(before.id) === undefined)
      throw new AccessError('conflict', 'user', ACCESS_REFUSALS.say('lastAdministrator'));
  };

  const apply = (before: UserRow, change: KeptUserChange) => {
    const { role, isEnabled, kept } = change;
    const detail = { user: before.id };
    if (role !== undefined && role !== before.role) {
      queries.role.run(role, before.id);
      noted(change, before.name, { change: 'role', ...detail, before: before.role, after: role });
    }
    if (isEnabled !== undefined && isEnabled !== before.enabled) {
      const words = (on: boolean) => (on ? 'enabled' : 'disabled');
      queries.enabled.run(isEnabled, before.id);
      noted(change, before.name, {
        change: 'state',
        ...detail,
        before: words(before.enabled),
        after: words(isEnabled),
      });
    }
    if (kept !== undefined) {
      queries.passwordOf.run(kept, giver(change.author, before.name), before.id);
      noted(change, before.name, { change: 'password', ...detail });
    }
    sessions.endAll(before.id);
  };

  async function keep(password: string, name: string): Promise<string> {
    checkPassword(password, name);
    return passwords.keep(password);
  }

  function make({ kept, ...order }: KeptUser): User {
    checkName(order.name);
    checkReason(order);
    return put({ ...order, password: kept });
  }

  function alter(before: UserRow, change: KeptUserChange): User {
    checkReason(change);
    checkAdministrators(before, change);
    apply(before, change);
    return userOf(existing(before.id));
  }

  return {
    hasAny() {
      hasAny ||= queries.any.first() !== undefined;
      return hasAny;
    },
    find(id) {
      const row = queries.byId.first(id);
      return row && userOf(row);
    },
    existing: (id) => userOf(existing(id)),
    named(name) {
      const row = queries.byName.first(plainName(name));
      return row && userOf(row);
    },
    page: (after, most) => queries.page.all(after, Math.min(most, MOST_PER_PAGE)).map(userOf),
    async create(order, inTransaction) {
      checkName(order.name);
      checkReason(order);
      const { password, ...rest } = order;
      const kept = await keep(password, order.name);
      return database.transaction(() => {
        inTransaction?.();
        return make({ ...rest, kept });
      });
    },
    async change(id, { password, inTransaction, ...change }) {
      checkReason(change);
      const kept = password === undefined ? undefined : await keep(password, existing(id).name);
      return database.transaction(() => {
        const before = existing(id);
        inTransaction?.();
        return alter(before, { ...change, ...(kept !== undefined && { kept }) });
      });
    },
    keep,
    checkNew(order) {
      checkName(order.name);
      checkFree(order);
    },
    make: (order) => database.transaction(() => make(order)),
    checkChange: (id, change) => checkAdministrators(existing(id), change),
    alter: (id, change) => database.transaction(() => alter(existing(id), change)),
    hasOther: (name, roles) => roles.some((role) => queries.other.first(role, plainName(name)) !== undefined),
    passwordFrom: (name) => queries.passwordBy.first(plainName(name))?.passwordBy,
    endSessions: (id, by) =>
      database.transaction(() => {
        checkReason(by);
        const { name } = existing(id);
        const ended = sessions.endAll(id);
        noted(by, name, { change: 'sessions ended', user: id, sessions: ended });
        return ended;
      }),
    provided: (given) => database.transaction(() => providedUser(given)),
    row: (name) => queries.byName.first(plainName(name)),
    renew: (id, password) => void queries.password.run(password, id),
    replace: (before, password, by) => apply(before, { ...by, kept: password }),
    signedIn: (id) => void queries.signedIn.run(clock.now(), id),
  };

  function providedUser({ issuer, subject, name, role }: ProvidedUser): User {
    const author: ProgramAuthor = 'operator';
    const reason = AUDIT_REASONS.say('asProviderSays');
    const before = queries.bySubject.first(issuer, subject);
    if (before === undefined) {
      checkName(name);
      return put({ name, role, issuer, subject, author, reason });
    }
    if (before.role !== role) {
      checkAdministrators(before, { role });
      apply(before, { role, author, reason });
    }
    return userOf(existing(before.id));
  }
}

/** Who gives somebody of this name a password; undefined when it is that person. */
const giver = (author: string, name: string): string | undefined =>
  plainName(author) === plainName(name) ? undefined : author;
