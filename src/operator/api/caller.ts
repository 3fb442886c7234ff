import type { ApiToken, LaboratoryName, Permission, Role, Session } from '#operator/access/index.ts';
import { mayUse } from '#operator/access/index.ts';

/**
 * Who asks: the holder of a token, somebody who is signed in, a person of the laboratory, or somebody on this machine while there is neither
 * token nor user, who may look as a viewer may.
 */
export type Caller =
  | { readonly kind: 'token'; readonly token: ApiToken }
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'laboratory'; readonly name: LaboratoryName }
  | { readonly kind: 'loopback' }
  | { readonly kind: 'anyone' };

/** The role of a caller; undefined for somebody nobody knows. */
export function callerRole(caller: Caller): Role | undefined {
  switch (caller.kind) {
    case 'token':
      return caller.token.role;
    case 'session':
      return caller.session.user.role;
    case 'laboratory':
      return 'administrator';
    case 'loopback':
      return 'viewer';
    case 'anyone':
      return undefined;
  }
}

/** True when this caller may do it. */
export function callerMay(caller: Caller, permission: Permission): boolean {
  const role = callerRole(caller);
  return role !== undefined && mayUse(role, permission);
}

/** How a caller is named in the audit log. */
export function callerName(caller: Caller): string {
  switch (caller.kind) {
    case 'token':
      return caller.token.name;
    case 'session':
      return caller.session.user.name;
    case 'laboratory':
      return caller.name;
    default:
      return caller.kind;
  }
}
