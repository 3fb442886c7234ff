// Who may use the operator's API: users with passwords and sessions, tokens, the roles they carry, and one table of what each role may do.
// Standards: RFC 7914 (scrypt), RFC 8265 (passwords), RFC 6750 (Bearer tokens), OpenID Connect Core 1.0, FIPS 180-4 (SHA-256); the roles are those of facts/users.md 6.
// Must never: keep or log a token, a password or a session's secret, forget who made or ended one, or lock a person out for good.
export { AccessError } from './access-error.ts';
export { checkReason, LABORATORY_NAMES, type LaboratoryName, plainName } from './author-name.ts';
export { FIRST_LINK_MILLISECONDS, type FirstLink } from './first-link.ts';
export { isProviderAddress, type OpenId, type OpenIdSettings, type PendingSignIn } from './open-id.ts';
export { LONGEST_PASSWORD_OCTETS, SHORTEST_PASSWORD } from './password.ts';
export { type NewPassword, openPeople, type PasswordChange, type People } from './people.ts';
export {
  mayUse,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  type Role,
} from './permission.ts';
export { ACCESS_REFUSALS } from './refusals.ts';
export {
  IDLE_MILLISECONDS,
  LONGEST_SESSION_MILLISECONDS,
  type Session,
  type SessionRefusal,
  type Sessions,
  SIGN_IN_METHODS,
  sessionMark,
} from './sessions.ts';
export type { SignIn, Visitor } from './sign-in.ts';
export {
  type Access,
  type ApiToken,
  type CreatedToken,
  type DatedToken,
  LONGEST_LIFE_MILLISECONDS,
  type NewToken,
  openAccess,
  STANDARD_LIFE_MILLISECONDS,
  TOKEN_PATTERN,
  type TokenRefusal,
} from './token.ts';
export { USER_ROLES, type User, type UserRole } from './user.ts';
export type { KeptUser, KeptUserChange, NewUser, UserChange, Users } from './users.ts';
