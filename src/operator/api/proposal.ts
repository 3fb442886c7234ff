import Type from 'typebox';
import { RefusalError, refusalAbout } from '#base/sentence/index.ts';
import type { Proposable, UndoEffect } from '#operator/register/index.ts';
import type { Call, OtherAnswer } from './operation.ts';
import { ProblemError } from './problem.ts';
import { closed, Text } from './schema.ts';

/** What waits, as it is answered. */
export const Waiting = closed({
  id: Type.Integer({ minimum: 1, description: 'number of the change: /api/v1/approvals/{id} tells what became of it' }),
  author: Type.String({ description: 'who proposed it' }),
  needs: Type.Enum(['another person'], {
    type: 'string',
    description: 'to approve it with a token that has approvals.decide and another name, within 30 days',
  }),
});

/** The answer to a change that is not made yet. */
export const WAITS = {
  status: 202,
  description:
    'Nothing was changed: a setting (`approval`, `approval.fleet`, `approval.users`) asks for a second person.',
  answer: closed({ waiting: Waiting, text: Text }),
} as const satisfies OtherAnswer;

/** Answers with 202 that this proposal waits. */
export function waits({ author, accept }: Pick<Call, 'author' | 'accept'>, id: number, how = 'approval') {
  accept();
  const needs: 'another person' = 'another person';
  return { waiting: { id, author, needs }, text: `change ${id} waits for a second person's ${how}` };
}

/** Changes an entry, a rule, a setting or a person, or answers that it waits. `inTransaction`: as of Approvals. Throws ProblemError. */
export function proposed(
  call: Pick<Call, 'sources' | 'author' | 'accept'>,
  change: Proposable,
  why: string,
  inTransaction?: () => void,
): { readonly isChanged: boolean } | ReturnType<typeof waits> {
  try {
    const proposal = call.sources.register.propose(change, call.author, why, inTransaction);
    return proposal.outcome === 'done' ? { isChanged: proposal.changed } : waits(call, proposal.id);
  } catch (error) {
    throw tooManyWait(error);
  }
}

/** Takes an import back, or answers that it waits. Throws ProblemError. */
export async function proposedUndo(
  call: Pick<Call, 'sources' | 'author' | 'accept'>,
  batch: number,
  why: string,
): Promise<{ readonly effect: UndoEffect } & ({ readonly changed: number } | ReturnType<typeof waits>)> {
  try {
    const proposal = await call.sources.register.proposeUndo(batch, call.author, why);
    const { effect } = proposal;
    if (proposal.outcome === 'waiting') return { effect, ...waits(call, proposal.id) };
    return { effect, changed: proposal.changed };
  } catch (error) {
    throw tooManyWait(error);
  }
}

/** The problem of a register in which nothing more may wait; any other error as it is. */
export function tooManyWait(error: unknown): unknown {
  if (!(error instanceof RefusalError && error.refusal.said.code === 'tooManyWait')) return error;
  return new ProblemError('conflict', error.refusal);
}

/** The problem of a decision that this person may not make, or nobody any more; any other error as it is. */
export function refusedDecision(error: unknown): unknown {
  if (!(error instanceof RefusalError)) return error;
  const { refusal, about = '' } = error;
  const { code } = refusal.said;
  const words = refusalAbout(refusal, about);
  if (code === 'ownProposal' || code === 'samePerson' || code === 'approverMissing')
    return new ProblemError('not-permitted', words);
  return DECIDED_OTHERWISE.has(code) ? new ProblemError('conflict', words) : error;
}

/** What has happened meanwhile to a change, or is not as it was proposed. */
const DECIDED_OTHERWISE: ReadonlySet<string> = new Set([
  ...['changeIsMissing', 'changeIsApproved', 'changeIsRejected', 'changeIsExpired', 'decidedMeanwhile'],
  ...['fileWanted', 'changeIsNoImport', 'otherMeaning', 'otherFile', 'expiryPassed'],
  ...['fleetNotApproved', 'fleetTooLate', 'fleetGrew', 'stateIsAnother', 'proposerStopped'],
  ...['importIsMissing', 'importIsRunning', 'importIsUndone'],
]);
