import Type, { type Static } from 'typebox';
import { RefusalError, refusalAbout } from '#base/sentence/index.ts';
import {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type ImportOptions,
  LIST_FORMATS,
  LIST_REASONS,
  LISTS,
  parseMapping,
} from '#operator/register/index.ts';
import { callerMay } from '../caller.ts';
import { momentOf } from '../given.ts';
import type { Call } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { DOOR, VALUE } from '../refusals.ts';
import { CaseReference, closed, GivenTime, names, Source } from '../schema.ts';

const MOST_LIMIT = 1_000_000_000;
const limitOf = (words: string, standard: number) =>
  Type.Integer({
    minimum: 0,
    maximum: MOST_LIMIT,
    description: `${words}; default ${standard}, more needs an approver.`,
  });

/** How to read a file. */
export const ImportQuery = closed({
  list: names(LISTS, 'The list to change.'),
  source: { ...Source, description: 'Whose list it is; only entries of this source change.' },
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Name of the file, for the log; default `upload`.' }),
  ),
  format: Type.Optional(names(LIST_FORMATS, 'What the file is; default: it says so itself.')),
  mapping: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description:
        'Columns of a file that says nothing itself, by name in its header or by number, instead of `format`: `imei=2,reason=why,date=3:DD.MM.YYYY,remove=5:deleted|withdrawn,header=no,separator=bar`.',
    }),
  ),
  pairs: Type.Optional(names(['allow', 'lock'], 'What pairs of IMEI and IMSI mean; default `allow`.')),
  change: Type.Optional(names(['add', 'remove', 'update'], 'What a line does that does not say it; default `add`.')),
  lostZeros: Type.Optional(
    names(['14', '15'], 'IMEIs lost leading zeros: the digits they had. Default: such lines are bad.'),
  ),
  kind: Type.Optional(
    names(
      ['delta', 'full'],
      '`full`: what this source had listed and the file does not hold is removed. Default `delta`.',
    ),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'Only show the effect.' })),
  report: Type.Optional(
    names(
      ['first', 'full'],
      '`full`, with `dryRun`: the answer is all bad lines as CSV. Default `first`: the first 1,000.',
    ),
  ),
  approve: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Number of the change that waits, which this file is: it is imported in the name of who proposed it. `list`, `source`, `kind` and `mapping` as they were proposed; needs approvals.decide.',
    }),
  ),
  reason: Type.Optional(names(LIST_REASONS, 'For lines that name none.')),
  caseReference: Type.Optional(CaseReference),
  expiresAt: Type.Optional({ ...GivenTime, description: 'For lines that name none.' }),
  changeLimit: Type.Optional(limitOf('Most entries that may change', DEFAULT_CHANGE_LIMIT)),
  subscriberLimit: Type.Optional(limitOf('Most own subscribers that may be hit', DEFAULT_SUBSCRIBER_LIMIT)),
});

/** A request that brings a file. */
export type Upload = Call<undefined, Static<typeof ImportQuery>>;

/** Who uploads may not therefore approve. Throws ProblemError. */
export function mayApprove({ caller, query }: Upload): void {
  if (query.approve === undefined || callerMay(caller, 'approvals.decide')) return;
  throw new ProblemError('not-permitted', { ...DOOR.say('approverNeeded'), at: 'approve' });
}

/** One file must not block a country: whoever uploads may not by himself say that it may. Throws ProblemError. */
export function mayRaise({ caller, query }: Upload): void {
  const raised = [
    ...((query.changeLimit ?? 0) > DEFAULT_CHANGE_LIMIT || (query.kind === 'full' && query.changeLimit !== undefined)
      ? ['changeLimit']
      : []),
    ...((query.subscriberLimit ?? 0) > DEFAULT_SUBSCRIBER_LIMIT ? ['subscriberLimit'] : []),
  ];
  if (raised.length === 0 || callerMay(caller, 'limits.raise')) return;
  throw new ProblemError('not-permitted', { ...DOOR.say('limitNeedsApprover'), at: raised[0] ?? '' });
}

function mappingOf({ mapping, format }: Static<typeof ImportQuery>): Pick<ImportOptions, 'mapping'> {
  if (mapping === undefined) return {};
  if (format !== undefined)
    throw new ProblemError('invalid-value', { ...VALUE.say('formatAndMapping'), at: 'mapping' });
  try {
    return { mapping: parseMapping(mapping) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { refusal, about = 'mapping' } = error;
    throw new ProblemError('invalid-value', { ...refusalAbout(refusal, about), at: 'mapping' });
  }
}

/** What the importer is asked for. Throws ProblemError. */
export function optionsOf({ query, author }: Upload): ImportOptions {
  const { expiresAt, lostZeros, name = 'upload', mapping: _mapping, report, approve, ...rest } = query;
  if (report === 'full' && rest.dryRun !== true)
    throw new ProblemError('invalid-value', { ...VALUE.say('reportOfImport'), at: 'report' });
  return {
    ...{ ...rest, name, author, ...mappingOf(query) },
    ...(approve !== undefined && { approval: { id: approve, approver: author } }),
    ...(lostZeros !== undefined && { lostZeros: lostZeros === '15' ? 15 : 14 }),
    ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, 'expiresAt') }),
  };
}
