import type { ApiToken, Permission } from '#operator/access/index.ts';
import { mayUse } from '#operator/access/index.ts';

/** Who asks: the holder of a token, or somebody on this machine while no token exists, who may look as a viewer may. */
export type Caller =
  | { readonly kind: 'token'; readonly token: ApiToken }
  | { readonly kind: 'loopback' }
  | { readonly kind: 'anyone' };

/** True when this caller may do it. */
export function callerMay(caller: Caller, permission: Permission): boolean {
  if (caller.kind === 'token') return mayUse(caller.token.role, permission);
  return caller.kind === 'loopback' && mayUse('viewer', permission);
}

/** How a caller is named in the audit log. */
export const callerName = (caller: Caller): string => (caller.kind === 'token' ? caller.token.name : caller.kind);
