import Type from 'typebox';
import { RefusalError } from '#base/sentence/index.ts';
import { type GeneratedRun, NOTICE_DAYS } from '#operator/register/index.ts';
import { operation } from '../operation.ts';
import { ProblemError } from '../problem.ts';
import { Author, Count, closed, Limit, list, names, rowsOf, Time } from '../schema.ts';
import { time } from '../view.ts';

const Run = closed({
  run: Type.Integer({ minimum: 1, description: 'its number, which deltas name' }),
  at: Time,
  author: Author,
  asOfChange: { ...Count, description: 'the newest change of the register that it knows' },
  state: names(['running', 'done', 'abandoned'], 'abandoned: its process died; it counts for nothing'),
});

const runView = ({ at, sequence, ...run }: GeneratedRun) => ({ ...run, at: time(at), asOfChange: sequence });

/** Runs of the lists that are generated for other registers. */
export const listRunOperations = [
  operation({
    id: 'getListRuns',
    method: 'GET',
    path: '/api/v1/list-runs',
    tag: 'lists',
    summary: 'Runs of the lists for other registers, the newest first.',
    description: '`assay list generate --run N --base M` writes the files of any of them.',
    permission: 'lists.read',
    query: closed({ limit: Type.Optional(Limit) }),
    answer: closed({ runs: list(Run) }),
    run: ({ sources: { register }, query }) => ({
      runs: register.generation.runs(rowsOf(query.limit)).map(runView),
    }),
  }),
  operation({
    id: 'generateLists',
    method: 'POST',
    path: '/api/v1/list-runs',
    tag: 'lists',
    summary:
      'Writes down what the lists say now, as the next run: black list, exceptions (allowed pairs), notifications.',
    description:
      'Answers when the run is whole, which takes minutes for millions of entries. The author is the name of the token.',
    permission: 'lists.change',
    body: closed({
      noticeDays: Type.Integer({
        minimum: 0,
        maximum: NOTICE_DAYS.most,
        description: "Days from a handset's coming onto the grey list to the block that its subscribers are told of.",
      }),
    }),
    status: 201,
    answer: closed({ run: Run }),
    problems: ['conflict'],
    async run({ sources: { register }, author, body: { noticeDays } }) {
      try {
        return { run: runView(await register.generation.generate({ author, noticeDays })) };
      } catch (error) {
        throw anotherRun(error);
      }
    },
  }),
] as const;

/** The problem of a run beside another one; any other error as it is. */
function anotherRun(error: unknown): unknown {
  if (!(error instanceof RefusalError && BESIDE.includes(error.refusal.said.code))) return error;
  return new ProblemError('conflict', error.refusal);
}

const BESIDE: readonly string[] = ['runUnderWay', 'runTakenBack'];
