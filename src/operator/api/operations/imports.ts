import Type, { type Static } from 'typebox';
import {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type ImportEffect,
  type ImportOptions,
  type ImportResult,
  LIST_FORMATS,
  LIST_REASONS,
  LISTS,
  type Register,
} from '#operator/register/index.ts';
import { callerMay } from '../caller.ts';
import { momentOf } from '../given.ts';
import type { Identities } from '../identities.ts';
import { type Call, operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import {
  CaseReference,
  Count,
  closed,
  GivenTime,
  Identity,
  Limit,
  list,
  names,
  Reason,
  rowsOf,
  Source,
  Text,
  Time,
} from '../schema.ts';
import { streamedBody } from '../streamed-body.ts';
import { importView, time } from '../view.ts';

const ImportOf = closed({
  batch: Count,
  at: Time,
  list: names(LISTS),
  source: Text,
  author: Text,
  name: Text,
  state: names(['running', 'done', 'undone'], 'running: being written, or cut off; it counts for nothing'),
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
  updated: Type.Integer({ minimum: 0, description: 'listed already, with another reason, case or expiry' }),
  alreadyThere: Count,
  notThere: Type.Integer({ minimum: 0, description: 'removals of what was not listed' }),
  duplicates: Type.Integer({
    minimum: 0,
    description: 'further lines about an IMEI of the same file; the last one counts',
  }),
  notInForce: Type.Integer({ minimum: 0, description: 'lines whose status says the case is not decided' }),
  notifications: Type.Integer({ minimum: 0, description: 'lines about subscribers to be told, which list nothing' }),
  normalised: Type.Integer({ minimum: 0, description: 'lines whose value was brought to its spelling' }),
  rules: Type.Integer({ minimum: 0, description: 'entries about ranges and pairs among the added and removed' }),
  bad: Count,
  badLines: list(closed({ number: Count, problem: Text, line: Text }, 'the first of them')),
  subscribersHit: Type.Integer({
    minimum: 0,
    description: 'own subscribers in use whose handset comes onto the black list',
  }),
  hitHandsets: list(closed({ imei: Text, imsi: Identity, lastSeenAt: Type.Optional(Time) }, 'the first of them')),
  before: Count,
  after: Count,
});

const MOST_LIMIT = 1_000_000_000;
/** Seconds after which another import may have ended. */
const IMPORT_PAUSE = 10;
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
  format: Type.Optional(names(LIST_FORMATS, 'What the file is; default: it says so itself.')),
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
  reason: Type.Optional(names(LIST_REASONS, 'For lines that name none.')),
  caseReference: Type.Optional(CaseReference),
  expiresAt: Type.Optional({ ...GivenTime, description: 'For lines that name none.' }),
  changeLimit: Type.Optional(limitOf('Most entries that may change', DEFAULT_CHANGE_LIMIT)),
  subscriberLimit: Type.Optional(limitOf('Most own subscribers that may be hit', DEFAULT_SUBSCRIBER_LIMIT)),
});

/** One file must not block a country: whoever uploads may not by himself say that it may. */
function mayRaise({ caller, query }: Call<undefined, Static<typeof Query>>): void {
  const raised = [
    ...((query.changeLimit ?? 0) > DEFAULT_CHANGE_LIMIT || (query.kind === 'full' && query.changeLimit !== undefined)
      ? ['changeLimit']
      : []),
    ...((query.subscriberLimit ?? 0) > DEFAULT_SUBSCRIBER_LIMIT ? ['subscriberLimit'] : []),
  ];
  if (raised.length === 0 || callerMay(caller, 'limits.raise')) return;
  throw new ProblemError('not-permitted', {
    expected: 'an approver, to raise a limit',
    got: 'a role that may not',
    advice: 'look at the effect with dryRun=true, and let an approver import the file',
    at: raised[0] ?? '',
  });
}

function optionsOf({ query, author }: Call<undefined, Static<typeof Query>>): ImportOptions {
  const { expiresAt, lostZeros, name = 'upload', ...rest } = query;
  return {
    ...{ ...rest, name, author },
    ...(lostZeros !== undefined && { lostZeros: lostZeros === '15' ? 15 : 14 }),
    ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt, 'expiresAt') }),
  };
}

const effectView = ({ hitHandsets, ...counts }: ImportEffect, identities: Identities) => ({
  ...counts,
  hitHandsets: hitHandsets.map(({ imei, imsi, lastSeenAt }) => ({
    imei,
    imsi: identities.show(imsi),
    lastSeenAt: lastSeenAt === undefined ? undefined : time(lastSeenAt),
  })),
});

function answerOf(result: ImportResult, identities: Identities) {
  switch (result.outcome) {
    case 'applied':
    case 'dryRun':
      return { ...result, effect: effectView(result.effect, identities) };
    case 'refused':
      throw new ProblemError('change-refused', {
        expected: 'a file that changes less',
        got: result.problem,
        advice: 'look at `effect`; if it is right, let an approver raise the limit',
        effect: effectView(result.effect, identities),
      });
    case 'malformed':
      throw new ProblemError('unusable-file', {
        expected: 'UTF-8 text with one IMEI a line',
        got: result.problem,
        advice: 'nothing was changed; correct the file',
      });
  }
}

/** Two files are not written at once, in whatever process: the second one is to come again. */
function beingWritten(error: unknown): unknown {
  if (!(error instanceof RangeError && error.message.startsWith('another import'))) return error;
  const [got = '', advice = 'wait for its end'] = error.message.split('; ');
  return new ProblemError('unavailable', {
    expected: 'no other import under way',
    got,
    advice,
    retryAfter: IMPORT_PAUSE,
  });
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
      const release = call.takeUpload();
      try {
        return answerOf(
          await register.importList(streamedBody(call.request, scheduler, call.limits), options),
          call.identities,
        );
      } catch (error) {
        throw beingWritten(error);
      } finally {
        release();
      }
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
      if (state !== 'done')
        throw new ProblemError('conflict', {
          expected: 'an import that still stands',
          got: `one that is ${state}`,
          advice: 'nothing of it stands; an import under way is to be undone when it has ended',
        });
      const changed = register.undoImport({ batch, author, reason: body.reason });
      return { changed, import: importView(imported(register, batch)) };
    },
  }),
] as const;
