import Type from 'typebox';
import { PERMISSIONS, permissionsOf, ROLES } from '#operator/access/index.ts';
import { type Caller, callerName, callerRole } from './caller.ts';
import { closed, list, names, Time } from './schema.ts';
import { time } from './view.ts';

/** Who asks, as it is answered. */
export const CallerOf = closed({
  kind: names(
    ['token', 'session', 'laboratory', 'loopback', 'anyone'],
    'session: somebody who signed in; laboratory: somebody on the machine of a laboratory; loopback: somebody on this machine while there is neither user nor token',
  ),
  name: Type.String({ description: 'signs what you change' }),
  role: names(ROLES),
  expiresAt: Type.Optional({ ...Time, description: 'when the token ends, or the session in any case' }),
  permissions: list(names(PERMISSIONS)),
});

/** When somebody has to come with another token, or sign in again. */
function expiryOf(caller: Caller): number | undefined {
  if (caller.kind === 'token') return caller.token.expiresAt;
  return caller.kind === 'session' ? caller.session.endsAtLatest : undefined;
}

/** Who asks. */
export function callerView(caller: Caller) {
  const role = callerRole(caller) ?? 'viewer';
  const expiresAt = expiryOf(caller);
  return {
    ...{ kind: caller.kind, name: callerName(caller), role },
    expiresAt: expiresAt === undefined ? undefined : time(expiresAt),
    permissions: permissionsOf(role),
  };
}
