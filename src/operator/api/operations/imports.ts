import Type, { type Static } from 'typebox';
import {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type ImportOptions,
  type ImportResult,
  LIST_REASONS,
  LISTS,
  type Register,
} from '#operator/register/index.ts';
import { callerMay } from '../caller.ts';
import { momentOf } from '../given.ts';
import { type Call, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import {
  CaseReference,
  Count,
  closed,
  GivenTime,
  Limit,
  list,
  names,
  Reason,
  rowsOf,
  Source,
  Text,
  Time,
} from '../schema.ts';
import { type StreamLimits, streamedBody } from '../streamed-body.ts';
import { importView } from '../view.ts';

const ImportOf = closed({
  batch: Count,
  at: Time,
  list: names(LISTS),
  source: Text,
  author: Text,
  name: Text,
  state: names(['running', 'done', 'undone'], 'running: begun and not finished; the same import again does the rest'),
  added: Count,
  removed: Count,
  updated: Count,
  bad: Count,
});

/** What a file does, or would do. */
const Effect = closed({
  lines: Count,
  added: Count,
  removed: Count,
  updated: Count,
  alreadyThere: Count,
  notThere: Count,
  duplicates: Count,
  notInForce: Count,
  bad: Count,
  badLines: list(closed({ number: Count, problem: Text })),
  subscribersHit: Type.Integer({ minimum: 0, description: 'UICCs that have proved an IMEI which the file lists anew' }),
  before: Count,
  after: Count,
});

const MOST_LIMIT = 1_000_000_000;
const limitOf = (words: string, standard: number) =>
  Type.Integer({
    minimum: 0,
    maximum: MOST_LIMIT,
    description: `${words}; default ${standard}, more needs an approver.`,
  });

const Query = closed({
  list: names(LISTS, 'The list to change.'),
  source: { ...Source, description: 'Whose list it is; only entries of this source change.' },
  name: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Name of the file, for the log; default `upload`.' }),
  ),
  format: Type.Optional(
    names(['csv'], 'Text with one IMEI a line: DIRBS lists and deltas, or any header with a column `imei`.'),
  ),
  kind: Type.Optional(
    names(
      ['delta', 'full'],
      '`full`: what this source had listed and the file does not hold is removed. Default `delta`.',
    ),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'Only show the effect.' })),
  reason: Type.Optional(names(LIST_REASONS, 'For lines that name none.')),
  caseReference: Type.Optional(CaseReference),
  expiresAt: Type.Optional({ ...GivenTime, description: 'For lines that name none.' }),
  changeLimit: Type.Optional(limitOf('Most entries that may change', DEFAULT_CHANGE_LIMIT)),
  subscriberLimit: Type.Optional(limitOf('Most own subscribers that may be hit', DEFAULT_SUBSCRIBER_LIMIT)),
});

/** A file of a whole country is about 40 octets a line. */
export const UPLOAD_LIMITS: StreamLimits = {
  mostOctets: 1024 ** 3,
  idleMilliseconds: 10_000,
  wholeMilliseconds: 1_800_000,
};

/** One file must not block a country: whoever uploads may not by himself say that it may. */
function mayRaise({ caller, query }: Call<undefined, Static<typeof Query>>): void {
  const raised = [
    ...((query.changeLimit ?? 0) > DEFAULT_CHANGE_LIMIT || (query.kind === 'full' && query.changeLimit !== undefined)
      ? ['changeLimit']
      : []),
    ...((query.subscriberLimit ?? 0) > DEFAULT_SUBSCRIBER_LIMIT ? ['subscriberLimit'] : []),
  ];
  if (raised.length === 0 || callerMay(caller, 'imports.raise')) return;
  throw new ProblemError('not-permitted', {
    expected: 'an approver, to raise a limit',
    got: 'a role that may not',
    advice: 'look at the effect with dryRun=true, and let an approver import the file',
    at: raised[0] ?? '',
  });
}

function optionsOf({ query, author }: Call<undefined, Static<typeof Query>>): ImportOptions {
  const { format: _read, expiresAt, name = 'upload', ...rest } = query;
  return { ...rest, name, author, ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, 'expiresAt') }) };
}

function answerOf(result: ImportResult) {
  switch (result.outcome) {
    case 'applied':
    case 'dryRun':
      return result;
    case 'refused':
      throw new ProblemError('change-refused', {
        expected: 'a file that changes less',
        got: result.problem,
        advice: 'look at `effect`; if it is right, let an approver raise the limit',
        effect: result.effect,
      });
    case 'malformed':
      throw new ProblemError('unusable-file', {
        expected: 'UTF-8 text with one IMEI a line',
        got: result.problem,
        advice: 'nothing was changed; correct the file',
      });
  }
}

function imported(register: Register, batch: number) {
  const found = register.imports(Number.MAX_SAFE_INTEGER).find((one) => one.batch === batch);
  if (found !== undefined) return found;
  throw new ProblemError('no-such-resource', {
    expected: 'the number of an import',
    got: 'another, or one too old to be shown',
    advice: 'look at /api/v1/imports',
  });
}

/** Files of list entries. */
export const importOperations = [
  operation({
    id: 'getImports',
    method: 'GET',
    path: '/api/v1/imports',
    tag: 'lists',
    summary: 'Imported files, the newest first.',
    permission: 'imports.read',
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ imports: list(ImportOf) }),
    run: ({ sources: { register }, query }) => ({ imports: register.imports(rowsOf(query.limit)).map(importView) }),
  }),
  operation({
    id: 'getImport',
    method: 'GET',
    path: '/api/v1/imports/:batch',
    tag: 'lists',
    summary: 'One imported file.',
    permission: 'imports.read',
    params: closed({ batch: Type.Integer({ minimum: 1 }) }),
    answer: closed({ import: ImportOf }),
    problems: ['no-such-resource'],
    run: ({ sources: { register }, params }) => ({ import: importView(imported(register, params.batch)) }),
  }),
  operation({
    id: 'importList',
    method: 'POST',
    path: '/api/v1/imports',
    tag: 'lists',
    summary: 'Reads a list file as it comes, and applies it or shows its effect.',
    description:
      'A file that changes more than the limits allow changes nothing and answers 409 with its effect. Bad lines are skipped and reported.',
    permission: 'imports.upload',
    query: Query,
    streamed: { types: ['text/csv', 'text/plain'], description: 'the file, UTF-8' },
    answer: closed({
      outcome: names(['applied', 'dryRun']),
      effect: Effect,
      batch: Type.Optional(Type.Integer({ description: 'number of the import, to undo it by; missing for a dry run' })),
    }),
    problems: ['change-refused', 'unusable-file', 'too-slow', 'unavailable'],
    async run(call) {
      mayRaise(call);
      const { register, scheduler } = call.sources;
      const options = optionsOf(call);
      return answerOf(await register.importList(streamedBody(call.request, scheduler, UPLOAD_LIMITS), options));
    },
  }),
  operation({
    id: 'undoImport',
    method: 'POST',
    path: '/api/v1/imports/:batch/undo',
    tag: 'lists',
    summary: 'Takes an import back: what it added goes, what it removed or replaced returns.',
    permission: 'imports.undo',
    params: closed({ batch: Type.Integer({ minimum: 1 }) }),
    body: closed({ reason: Reason }),
    answer: closed({ changed: Count, import: ImportOf }),
    problems: ['conflict', 'no-such-resource'],
    run({ sources: { register }, params: { batch }, body, author }) {
      const { state } = imported(register, batch);
      if (state === 'undone')
        throw new ProblemError('conflict', {
          expected: 'an import that still stands',
          got: 'one that was undone',
          advice: 'nothing is left to do',
        });
      const changed = register.undoImport({ batch, author, reason: body.reason });
      return { changed, import: importView(imported(register, batch)) };
    },
  }),
] as const;
