import type { AnswerOf, Problem } from '../../api/client.ts';
import { problemTitle } from '../../part/problem-words.ts';
import { ProblemNote } from '../../part/states.tsx';
import { saidWords, t } from '../../text/index.ts';

type Proposal = AnswerOf<'POST /api/v1/imports/proposal'>;
type FileRefusal = NonNullable<Proposal['refusal']>;
type LineWrong = Pick<BadLine, 'said' | 'column'>;

/** A line that cannot be used. */
export type BadLine = Extract<
  AnswerOf<'POST /api/v1/imports'>,
  { readonly outcome: 'applied' | 'dryRun' }
>['effect']['badLines'][number];

/** Why a file is no list; `english` are the operator's own words. */
export function fileWords({ said, line }: FileRefusal, english: string): string {
  const words = saidWords('fileProblem', said, '');
  if (words === '') return english;
  return line === undefined ? words : t('lists.because', { what: words, why: lineWords(line, '') });
}

/** What is wrong with a line. */
export function lineWords({ said, column }: LineWrong, english: string): string {
  const words = saidWords('lineProblem', said, '');
  if (words === '') return english;
  return column === undefined ? words : t('lists.because', { what: column, why: words });
}

/** Why an import changed nothing: of a file and its effect in the language of the page. */
export function ImportProblem({ problem }: { readonly problem: Problem }) {
  const words = wordsOf(problem);
  if (words === undefined) return <ProblemNote problem={problem} />;
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{problemTitle(problem)}</strong>
      </p>
      <p>{words}</p>
    </div>
  );
}

function wordsOf(problem: Problem): string | undefined {
  if (problem.code === 'unreachable') return undefined;
  if (problem.file !== undefined) return fileWords(problem.file, problem.got);
  return problem.refusal && saidWords('importRefusal', problem.refusal, problem.got);
}
