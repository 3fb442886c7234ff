// Who may use the operator's API: tokens, the roles they carry, and one table of what each role may do.
// Standards: RFC 6750 (Bearer tokens), FIPS 180-4 (SHA-256); the roles are those of facts/users.md 6.
// Must never: keep or log a token itself, forget who made or revoked one, or let a name stand for two living tokens.
export {
  mayUse,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  type Role,
} from './permission.ts';
export {
  type Access,
  AccessError,
  type ApiToken,
  type CreatedToken,
  LONGEST_LIFE_MILLISECONDS,
  type NewToken,
  openAccess,
  STANDARD_LIFE_MILLISECONDS,
  TOKEN_PATTERN,
  type TokenRefusal,
} from './token.ts';
