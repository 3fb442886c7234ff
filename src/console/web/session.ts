import { type AnswerOf, onProblem, type Problem, read } from './api/client.ts';
import { openStore } from './store.ts';

/** Who is here, and what they may do. */
export type Caller = AnswerOf<'GET /api/v1/caller'>;
/** Something that a role may do. */
export type Permission = Caller['permissions'][number];

/** Whether somebody is signed in. */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'signedOut' }
  | { readonly state: 'signedIn'; readonly caller: Caller }
  | { readonly state: 'failed'; readonly problem: Problem };

/** The session of this page. */
export const session = openStore<Session>({ state: 'unknown' });

const UNAUTHENTICATED = 401;

// A session that ended meanwhile: the sign-in appears where the person is, and afterwards they are still there.
onProblem(({ status }) => {
  if (status === UNAUTHENTICATED) session.set({ state: 'signedOut' });
});

/** Asks the operator who this is. */
export async function loadSession(): Promise<void> {
  const answer = await read('/api/v1/caller');
  if (answer.ok) session.set({ state: 'signedIn', caller: answer.value });
  else if (answer.problem.status !== UNAUTHENTICATED) session.set({ state: 'failed', problem: answer.problem });
}

/** True when whoever is signed in may do this. */
export function may(permission: Permission): boolean {
  const now = session.get();
  return now.state === 'signedIn' && now.caller.permissions.includes(permission);
}
