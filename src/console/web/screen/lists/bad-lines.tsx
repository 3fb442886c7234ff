import { useState } from 'preact/hooks';
import type { Answer, Problem } from '../../api/client.ts';
import { Button } from '../../part/button.tsx';
import { Select } from '../../part/field.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { t } from '../../text/index.ts';
import type { Effect } from './effect.tsx';
import { ImportProblem, lineWords } from './refusal.tsx';

const PAGE = 50;
type Kind = Effect['problems'][number];

/** Reads the file again, and gives the report of all its bad lines. */
export type Report = () => Promise<Answer<Blob>>;

const kindOf = ({ code, column = '' }: Pick<Kind, 'code' | 'column'>): string => `${code} ${column}`;
const kindWords = ({ code, column }: Kind): string => {
  const what = t(`badLine.${code}`);
  return column === undefined ? what : t('lists.because', { what: column, why: what });
};

/** Lines that cannot be used: those of a kind, page by page, and the report of all. */
export function BadLines({ effect, report }: { readonly effect: Effect; readonly report: Report | undefined }) {
  const [kind, setKind] = useState('');
  const [first, setFirst] = useState(0);
  const { bad, problems } = effect;
  const lines = effect.badLines.filter(
    ({ said, column }) => kind === '' || kindOf({ code: said.code, column }) === kind,
  );
  const choose = (chosen: string) => {
    setKind(chosen);
    setFirst(0);
  };
  const caption = t('lists.badLines', { count: bad });
  return (
    <>
      <div class="filters">
        <Select
          label={t('lists.kindOfProblem')}
          value={kind}
          options={[
            ['', t('lists.allProblems', { count: bad })],
            ...problems.map(
              (one) => [kindOf(one), t('lists.oneProblem', { what: kindWords(one), count: one.count })] as const,
            ),
          ]}
          onChange={choose}
        />
        {report && <Download report={report} />}
      </div>
      {effect.badLines.length < bad && <p class="soft">{t('lists.badLinesKept', { count: effect.badLines.length })}</p>}
      <Table
        caption={caption}
        rows={lines.slice(first, first + PAGE)}
        keyOf={({ number }) => number}
        empty={t('lists.noneOfKind')}
        columns={[
          {
            name: 'number',
            heading: t('lists.line'),
            isNumber: true,
            isRowHeading: true,
            cell: ({ number }) => number,
          },
          { name: 'problem', heading: t('lists.problem'), cell: (line) => lineWords(line, line.problem) },
          { name: 'line', heading: t('lists.text'), isCode: true, cell: ({ line }) => line },
        ]}
      />
      {lines.length > PAGE && (
        <Pager
          caption={caption}
          count={lines.length}
          onFirst={first === 0 ? undefined : () => setFirst(0)}
          onPrevious={first === 0 ? undefined : () => setFirst(first - PAGE)}
          onNext={first + PAGE >= lines.length ? undefined : () => setFirst(first + PAGE)}
        />
      )}
    </>
  );
}

/** The report as a file. */
function Download({ report }: { readonly report: Report }) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const download = async () => {
    setBusy(true);
    setProblem(undefined);
    const answer = await report();
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem);
    const address = URL.createObjectURL(answer.value);
    const link = document.createElement('a');
    link.href = address;
    link.download = 'bad-lines.csv';
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      <Button isBusy={isBusy} onClick={() => void download()}>
        {isBusy ? t('lists.reporting') : t('lists.report')}
      </Button>
      {problem && <ImportProblem problem={problem} />}
    </>
  );
}
