import Type from 'typebox';
import { RefusalError } from '#base/sentence/index.ts';
import {
  type BadLine,
  type FileRefusal,
  type ImportEffect,
  type ImportOptions,
  type ImportResult,
  LINE_PROBLEMS,
  NORMALISATIONS,
  refusalWords,
} from '#operator/register/index.ts';
import { BadLineAnswer } from '../bad-line-answer.ts';
import type { Identities } from '../identities.ts';
import type { OtherAnswer } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { refusedDecision, tooManyWait, Waiting, waits } from '../proposal.ts';
import { FILE } from '../refusals.ts';
import { Count, closed, Identity, list, names, SaidAs, Text, Time } from '../schema.ts';
import { time } from '../view.ts';
import type { Upload } from './import-request.ts';

/** A line that cannot be used. */
export const BadLineOf = closed(
  {
    number: Type.Integer({ minimum: 1, description: 'line of the file, or in JSON the record; from 1' }),
    problem: { ...Text, description: 'what was expected, what came, what to do; the column first where there is one' },
    said: SaidAs(LINE_PROBLEMS.codes),
    column: Type.Optional({ ...Text, description: 'whose value is wrong' }),
    line: { ...Text, description: 'its text, at most 200 characters' },
  },
  'the first of them',
);

/** What a file does, or would do. */
export const Effect = closed({
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
  badLines: list(BadLineOf),
  problems: list(
    closed(
      { code: names(LINE_PROBLEMS.codes), column: Type.Optional(Text), count: Count },
      'how many bad lines have this problem in this column; the most frequent first',
    ),
  ),
  normalisations: list(
    closed(
      {
        ...{ text: Text, said: SaidAs(NORMALISATIONS.codes), count: Count },
        examples: list(closed({ number: Count, imei: Text }, 'the first lines, and the IMEI that is kept of each')),
      },
      'to how many lines this was done; the most frequent first',
    ),
  ),
  subscribersHit: Type.Integer({
    minimum: 0,
    description: 'own subscribers in use whose handset comes onto the black list',
  }),
  hitHandsets: list(closed({ imei: Text, imsi: Identity, lastSeenAt: Type.Optional(Time) }, 'the first of them')),
  before: Count,
  after: Count,
});

/** Seconds after which another import may have ended. */
const IMPORT_PAUSE = 10;
const effectView = ({ hitHandsets, normalisations, ...counts }: ImportEffect, identities: Identities) => ({
  ...counts,
  normalisations: normalisations.map(({ code, count, examples }) => {
    const said = NORMALISATIONS.say(code);
    return {
      ...{ text: NORMALISATIONS.words(said), said, count },
      examples: examples.map(({ number, imei }) => ({ number, imei: identities.imei(imei) })),
    };
  }),
  hitHandsets: hitHandsets.map(({ imei, imsi, lastSeenAt }) => ({
    imei: identities.imei(imei),
    imsi: identities.show(imsi),
    lastSeenAt: lastSeenAt === undefined ? undefined : time(lastSeenAt),
  })),
});

/** What an import ended with. Throws ProblemError when nothing was done. */
export function answerOf(result: ImportResult, call: Upload) {
  const { identities } = call;
  switch (result.outcome) {
    case 'applied':
    case 'dryRun':
      return { ...result, effect: effectView(result.effect, identities) };
    case 'waiting':
      return {
        outcome: result.outcome,
        effect: effectView(result.effect, identities),
        ...waits(call, result.id, 'import'),
      };
    case 'refused':
      throw new ProblemError('change-refused', {
        ...FILE.say('changesTooMuch'),
        got: result.problem,
        effect: effectView(result.effect, identities),
        refusal: result.said,
      });
    case 'cancelled':
      throw cancelled(result);
    case 'malformed':
      throw unusable(result.refusal);
  }
}

const unusable = (refusal: FileRefusal) =>
  new ProblemError('unusable-file', {
    ...FILE.say('noList'),
    got: refusalWords(refusal),
    file: refusal,
  });

const cancelled = ({ by, reason }: Extract<ImportResult, { readonly outcome: 'cancelled' }>) =>
  new ProblemError('conflict', FILE.say('importWasCancelled', { by, reason }));

const REPORT_HEADERS = {
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': 'attachment; filename="bad-lines.csv"',
};

/** The dry run whose answer is its bad lines. */
export async function reported(call: Upload, file: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<string> {
  const { register, scheduler, onFailure } = call.sources;
  const report = new BadLineAnswer(() => call.takeOver(REPORT_HEADERS), scheduler, call.limits);
  try {
    const onBadLine = (line: BadLine) => report.put(line);
    const result = await register.importList(report.paced(file), { ...options, onBadLine });
    if (result.outcome === 'cancelled') throw cancelled(result);
    if (result.outcome === 'malformed' && report.lines === 0) throw unusable(result.refusal);
    await report.end(result.outcome === 'malformed' ? result.refusal : undefined);
  } catch (error) {
    if (!report.hasBegun) throw error;
    const isGone = call.request.destroyed && !call.request.complete;
    report.abandon();
    if (!(isGone || error instanceof ProblemError)) onFailure(error);
  }
  return '';
}

/** What an import that waits answers. */
export const IMPORT_WAITS = {
  status: 202,
  description:
    'Nothing was changed: the setting `approval` asks for a second person, who sends the same file with `approve`.',
  answer: closed({ outcome: names(['waiting']), effect: Effect, waiting: Waiting, text: Text }),
} as const satisfies OtherAnswer;
/** The answer that is a report. */
export const REPORT = {
  status: 200,
  description:
    'With `report=full`: a row `line,problem,text,code` for each bad line. It is sent when the file was read, but what exceeds some megabytes before: read while you send. A row of line 0 says why the file could not be read further.',
  answer: Type.String({ description: 'CSV (RFC 4180)' }),
  mediaType: 'text/csv',
} as const satisfies OtherAnswer;

/** Two files are not written at once, in whatever process: the second one is to come again. Approvals have their own reasons. */
export function refusedImport(error: unknown, isApproval: boolean): unknown {
  if (!(error instanceof RefusalError && BESIDE.includes(error.refusal.said.code)))
    return isApproval ? atItsField(refusedDecision(error)) : tooManyWait(error);
  return new ProblemError('unavailable', { ...error.refusal, retryAfter: IMPORT_PAUSE });
}

/** An approval is refused for its number, or for what is meant otherwise than it was proposed. */
function atItsField(error: unknown): unknown {
  if (!(error instanceof ProblemError) || error.words.at !== undefined) return error;
  const { code, values } = error.words.said;
  const at = code === 'otherMeaning' ? String(values['member']) : 'approve';
  return new ProblemError(error.code, { ...error.words, at });
}

const BESIDE: readonly string[] = ['importUnderWay', 'importedMeanwhile'];
