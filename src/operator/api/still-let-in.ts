import type { Caller } from './caller.ts';
import { ProblemError } from './problem.ts';
import { DOOR } from './refusals.ts';
import type { ApiSources } from './sources.ts';

/** True while the token or session of a caller who was let in has not ended. A role that changes ends the sessions of its person. */
export function isStillLetIn({ access, people }: Pick<ApiSources, 'access' | 'people'>, caller: Caller): boolean {
  if (caller.kind === 'token') return access.isLive(caller.token.id);
  if (caller.kind === 'session') return people.sessions.isLive(caller.session.id);
  return caller.kind === 'laboratory' || !(access.hasTokens() || people.users.hasAny());
}

/** Throws ProblemError when it has: for what takes a while between being let in and being written. */
export function checkStillLetIn(sources: Pick<ApiSources, 'access' | 'people'>, caller: Caller): void {
  if (isStillLetIn(sources, caller)) return;
  throw new ProblemError('session-ended', DOOR.say('sessionEnded'));
}
