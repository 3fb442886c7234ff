import { type Answer, type AnswerOf, onProblem, type Problem, read, send } from './api/client.ts';
import { openStore } from './store.ts';

/** Who is here and how one can sign in, as the operator says it. */
export type SessionAnswer = AnswerOf<'GET /api/v1/session'>;
/** Who is here, and what they may do. */
export type Caller = NonNullable<SessionAnswer['caller']>;
/** Something that a role may do. */
export type Permission = Caller['permissions'][number];

/** Whether somebody is signed in. */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'signedOut'; readonly answer: SessionAnswer; readonly because?: Problem | undefined }
  | { readonly state: 'signedIn'; readonly answer: SessionAnswer; readonly caller: Caller }
  | { readonly state: 'failed'; readonly problem: Problem };

/** The session of this page. */
export const session = openStore<Session>({ state: 'unknown' });

const UNAUTHENTICATED = 401;
/** A sign-in that was refused is for the form to tell. */
const OF_THE_FORM = 'sign-in-refused';

/** Takes what the operator said about who is here. */
export function takeSession(answer: SessionAnswer, because?: Problem): void {
  const { caller } = answer;
  session.set(caller === undefined ? { state: 'signedOut', answer, because } : { state: 'signedIn', answer, caller });
}

/** Asks the operator who this is; `because` is the problem that raised the question. */
export async function loadSession(because?: Problem): Promise<void> {
  const answer = await read('/api/v1/session');
  if (answer.ok) takeSession(answer.value, because);
  else session.set({ state: 'failed', problem: answer.problem });
}

// A session that ended meanwhile: the sign-in appears where the person is, and afterwards they are still there.
onProblem((problem) => {
  const isOver = problem.status === UNAUTHENTICATED && problem.code !== OF_THE_FORM;
  if (isOver && session.get().state === 'signedIn') void loadSession(problem);
});

/** Signs out; the page then asks who is there. */
export async function signOut(): Promise<void> {
  const answer = await send('POST /api/v1/session/end');
  if (answer.ok && answer.value.continueAt !== undefined) {
    location.assign(answer.value.continueAt);
    return;
  }
  await loadSession();
}

/** Whoever an answer says is signed in from now on; the problem when there is none. */
export function enter(answer: Answer<SessionAnswer>): Problem | undefined {
  if (!answer.ok) return answer.problem;
  takeSession(answer.value);
  return undefined;
}

/** True when whoever is signed in may do this. */
export function may(permission: Permission): boolean {
  const now = session.get();
  return now.state === 'signedIn' && now.caller.permissions.includes(permission);
}

/** True when a laboratory runs behind this console. */
export function hasLaboratory(): boolean {
  const now = session.get();
  return now.state === 'signedIn' && now.answer.hasLaboratory;
}
