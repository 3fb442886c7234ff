import Type, { type Static } from 'typebox';
import type { Role } from '#operator/access/index.ts';
import { type Caller, callerMay, callerRole } from './caller.ts';
import { Identities } from './identities.ts';
import { ProblemError } from './problem.ts';
import { DOOR } from './refusals.ts';
import { names } from './schema.ts';

const LONGEST_REASON = 200;

/** How identities are asked for, in the query of every operation that shows some. */
export const IDENTITIES_QUERY = {
  identities: Type.Optional(
    names(
      ['masked', 'whole'],
      'IMSI and MSISDN. `whole` needs `identities.whole`, and of people who have signed in a reason; it is recorded. Default: whole for a token that may, else masked.',
    ),
  ),
  identitiesReason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LONGEST_REASON,
      description: 'Why they are to be whole; for the audit log.',
    }),
  ),
};

/** What a query says of it. */
export type IdentitiesAsked = Static<ReturnType<typeof Type.Object<typeof IDENTITIES_QUERY>>>;

/** How identities are shown to this caller who asks so. Throws ProblemError for whole ones that he may not see, or without a reason. */
export function identitiesFor(caller: Caller, { identities, identitiesReason }: IdentitiesAsked): Identities {
  const equipment = callerMay(caller, 'imeis.whole');
  const isProgram = caller.kind === 'token';
  const may = callerMay(caller, 'identities.whole');
  const subscribers = identities === undefined ? may && isProgram : identities === 'whole';
  if (subscribers && !may)
    throw new ProblemError('not-permitted', { ...wholeNeeded(callerRole(caller)), at: 'identities' });
  if (subscribers && !isProgram && (identitiesReason ?? '').trim() === '')
    throw new ProblemError('invalid-value', {
      ...DOOR.say('wholeIdentitiesReason', { longest: LONGEST_REASON }),
      at: 'identitiesReason',
    });
  return new Identities({
    ...{ subscribers, equipment },
    ...(identitiesReason !== undefined && { reason: identitiesReason }),
  });
}

const wholeNeeded = (role: Role | undefined) =>
  role === undefined ? DOOR.say('wholeIdentitiesOfNobody') : DOOR.say('wholeIdentitiesNeeded', { role });
