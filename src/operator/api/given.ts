import { IdentityError } from '#base/identity/index.ts';
import { refusalAbout } from '#base/sentence/index.ts';
import { ProblemError } from './problem.ts';
import { VALUE } from './refusals.ts';

/** Milliseconds since 1970 of a time that fits GivenTime; throws ProblemError for a day or hour that no calendar has. */
export function momentOf(written: string, at: string): number {
  const found = Date.parse(written);
  // 30 February is read as 2 March: what comes back must begin with what was written.
  if (!Number.isNaN(found) && new Date(found).toISOString().startsWith(written.slice(0, 19))) return found;
  throw new ProblemError('invalid-value', { ...VALUE.say('noSuchDay'), at });
}

/** `written` read by `parse` (Imei.parse …); an IdentityError becomes a ProblemError that names the place. */
export function parsed<T>(parse: (text: string) => T, written: string, at: string): T {
  try {
    return parse(written);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    throw new ProblemError('invalid-value', { ...refusalAbout(error.refusal, error.identity), at });
  }
}

/** Why an entry is taken away: the register keeps one text for it. */
export const withCase = (reason: string, caseReference = ''): string =>
  caseReference === '' ? reason : `${reason} (case ${caseReference})`;
