import { useId, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import type { AnswerOf, Problem } from '../../api/client.ts';
import { Button } from '../../part/button.tsx';
import { Field, FieldFrame, Select } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { Table, type Column as TableColumn } from '../../part/table.tsx';
import { may } from '../../session.ts';
import { numberText, saidWords, t } from '../../text/index.ts';
import { type Effect, EffectView } from './effect.tsx';
import { useImportRuns } from './import-runs.ts';
import { Undo } from './imports.tsx';
import { type ListName, listOptions, type Reason, reasonOptions } from './reasons.ts';
import { fileWords, ImportProblem } from './refusal.tsx';
import { UnderWay } from './under-way.tsx';
import { type ImportAnswer, proposalOf, reportOf, upload } from './upload.ts';

type Proposal = AnswerOf<'POST /api/v1/imports/proposal'>;

const STEPS = ['choose', 'columns', 'check', 'done'] as const;
type Step = (typeof STEPS)[number];
/** Octets of a file by which the operator tells what it is. */
const BEGINNING = 8192;
const COLUMNS = [
  'imei',
  'tac',
  'imsi',
  'msisdn',
  'reason',
  'note',
  'caseReference',
  'date',
  'expires',
  'list',
] as const;
type Column = (typeof COLUMNS)[number];
type Meaning = Column | 'nothing';

interface Choice {
  readonly list: ListName;
  readonly source: string;
  readonly kind: 'delta' | 'full';
  readonly reason: Reason | '';
  /** Number of the change that waits, of whoever approves it. */
  readonly approve: string;
}

/** A file comes onto a list: chosen, its columns named, tried, written, and taken back if it was wrong. */
export function Wizard() {
  const [step, setStep] = useState<Step>('choose');
  const [file, setFile] = useState<File>();
  const [choice, setChoice] = useState<Choice>({ list: 'black', source: '', kind: 'delta', reason: '', approve: '' });
  const [proposal, setProposal] = useState<Proposal>();
  const [meanings, setMeanings] = useState<readonly Meaning[]>([]);
  const [effect, setEffect] = useState<Effect>();
  const [ended, setEnded] = useState<ImportAnswer>();
  const [problem, setProblem] = useState<Problem>();
  const [sent, setSent] = useState<{ readonly part: number; readonly isReading: boolean }>();
  const runs = useImportRuns();
  // Read by the operator, who tells how far it is.
  const isTold = runs.some(
    ({ state, name, source }) => state === 'running' && name === file?.name && source === choice.source,
  );
  const mapping = proposal?.format === undefined ? mappingText(meanings, proposal) : undefined;

  const start = async () => {
    if (file === undefined) return;
    const answer = await proposalOf(file.slice(0, BEGINNING));
    if (!answer.ok) return setProblem(answer.problem);
    setProblem(undefined);
    setProposal(answer.value);
    setMeanings(meaningsOf(answer.value));
    setStep('columns');
  };
  const bring = async (dryRun: boolean) => {
    if (file === undefined) return;
    setProblem(undefined);
    setSent({ part: 0, isReading: false });
    const { approve } = choice;
    const changeLimit = !dryRun && may('limits.raise') && effect !== undefined ? limitFor(effect) : undefined;
    const query = {
      ...{ ...queryOf(choice, file, mapping), dryRun, changeLimit },
      ...(approve !== '' && !dryRun && { approve: Number(approve) }),
    };
    const answer = await upload(file, query, (loaded, of) =>
      setSent({ part: of === 0 ? 1 : loaded / of, isReading: loaded === of }),
    );
    setSent(undefined);
    if (!answer.ok) {
      setProblem(answer.problem);
      if (isOfChoice(answer.problem)) setStep('choose');
      // What a refused file would do is told with the refusal.
      if ('effect' in answer.problem && answer.problem.effect !== undefined) setEffect(answer.problem.effect as Effect);
      return;
    }
    setEffect(answer.value.effect);
    if (dryRun) return setStep('check');
    setEnded(answer.value);
    setStep('done');
  };
  const report = file && (() => reportOf(file, { ...queryOf(choice, file, mapping), dryRun: true, report: 'full' }));
  const restart = () => {
    setStep('choose');
    setFile(undefined);
    setProposal(undefined);
    setEffect(undefined);
    setEnded(undefined);
    setProblem(undefined);
  };
  return (
    <>
      <ol class="wizard-steps" aria-label={t('lists.import')}>
        {STEPS.map((one, at) => (
          <li key={one} aria-current={one === step ? 'step' : undefined}>
            {numberText(at + 1)}. {t(`lists.step-${one}`)}
          </li>
        ))}
      </ol>
      <UnderWay runs={effect === undefined ? runs : runs.filter(({ state }) => state !== 'dryRun')} />
      {problem && !(step === 'choose' && isOfChoice(problem)) && <ImportProblem problem={problem} />}
      {sent && !isTold && <Progress {...sent} />}
      {step === 'choose' && (
        <Choose
          {...{ file, choice }}
          problem={problem && isOfChoice(problem) ? problem : undefined}
          onFile={setFile}
          onChoice={setChoice}
          onNext={() => void start()}
        />
      )}
      {step === 'columns' && proposal && (
        <Columns
          {...{ proposal, meanings, isBusy: sent !== undefined }}
          canGoOn={proposal.format !== undefined || mapping !== undefined}
          onMeanings={setMeanings}
          onBack={() => setStep('choose')}
          onNext={() => void bring(true)}
        />
      )}
      {step === 'check' && effect && (
        <>
          <EffectView effect={effect} report={report} />
          <div class="actions">
            <Button onClick={() => setStep('columns')}>{t('lists.back')}</Button>
            <Button kind="primary" isBusy={sent !== undefined} onClick={() => void bring(false)}>
              {t('lists.write', { count: effect.added + effect.removed + effect.updated })}
            </Button>
          </div>
        </>
      )}
      {step === 'done' && ended && <Ended ended={ended} onRestart={restart} />}
    </>
  );
}

/** What is asked for in the first step, as the operator names it. */
const CHOSEN: ReadonlySet<string> = new Set(['list', 'source', 'kind', 'reason', 'approve']);
/** True when a field of the first step is what was refused. */
const isOfChoice = ({ at }: Problem): boolean => at !== undefined && CHOSEN.has(at);
const isChangeNumber = (text: string): boolean => /^[1-9]\d{0,8}$/.test(text);

/** What is said about the file whatever is done with it. */
const queryOf = ({ list, source, kind, reason }: Choice, file: File, mapping: string | undefined) => ({
  ...{ list, source, kind, name: file.name.slice(0, 200), mapping },
  ...(reason !== '' && { reason }),
});

/** Who may raise the limit has seen the effect, and says yes to that many changes. */
const limitFor = ({ added, removed, updated }: Effect): number => added + removed + updated;

const meaningsOf = ({ rows, columns }: Proposal): readonly Meaning[] =>
  (rows[0] ?? []).map((_, at) => COLUMNS.find((column) => columns[column] === at + 1) ?? 'nothing');

/** The columns as the operator reads them: `imei=2,reason=3,header=yes`; undefined while none is the IMEI or the TAC. */
function mappingText(meanings: readonly Meaning[], proposal: Proposal | undefined): string | undefined {
  if (!meanings.some((meaning) => meaning === 'imei' || meaning === 'tac')) return undefined;
  const columns = meanings.flatMap((meaning, at) => (meaning === 'nothing' ? [] : [`${meaning}=${at + 1}`]));
  return [...columns, `header=${proposal?.hasHeader === false ? 'no' : 'yes'}`].join(',');
}

function Progress({ part, isReading }: { readonly part: number; readonly isReading: boolean }) {
  const id = useId();
  return (
    <div role="status">
      <label for={id}>{isReading ? t('lists.reading') : t('lists.sending', { part: percentText(part) })}</label>
      {isReading ? <progress id={id} /> : <progress id={id} value={part} max={1} />}
    </div>
  );
}

const percentText = (part: number): string => numberText(Math.round(part * 100));

function Choose({
  file,
  choice,
  problem,
  onFile,
  onChoice,
  onNext,
}: {
  readonly file: File | undefined;
  readonly choice: Choice;
  readonly problem: Problem | undefined;
  onFile(file: File | undefined): void;
  onChoice(choice: Choice): void;
  onNext(): void;
}) {
  const [isTried, setTried] = useState(false);
  const isWhole = file !== undefined && choice.source.trim() !== '';
  const isNumberRight = choice.approve === '' || isChangeNumber(choice.approve);
  return (
    <Form
      className="form"
      problem={problem}
      onSubmit={() => {
        setTried(true);
        if (isWhole && isNumberRight) onNext();
      }}
      actions={
        <div class="actions">
          <Button type="submit" kind="primary">
            {t('lists.next')}
          </Button>
        </div>
      }
    >
      <FileField isMissing={isTried && file === undefined} onFile={onFile} />
      <Meant {...{ choice, onChoice }} isTried={isTried} />
      {may('approvals.decide') && (
        <Field
          label={t('lists.approve')}
          hint={t('lists.approveHint')}
          isCode
          at="approve"
          error={isTried && !isNumberRight ? t('lists.approveWrong') : undefined}
          value={choice.approve}
          onInput={(approve) => onChoice({ ...choice, approve })}
        />
      )}
    </Form>
  );
}

/** The file to bring. */
function FileField({ isMissing, onFile }: { readonly isMissing: boolean; onFile(file: File | undefined): void }) {
  return (
    <FieldFrame
      label={t('lists.file')}
      hint={t('lists.fileHint')}
      error={isMissing ? t('lists.fileMissing') : undefined}
      control={(attributes) => (
        <input
          {...attributes}
          type="file"
          accept=".csv,.txt,.json,text/csv,text/plain"
          onChange={({ currentTarget }) => onFile(currentTarget.files?.[0])}
        />
      )}
    />
  );
}

/** Whose list the file is, and how its lines are meant. */
function Meant({
  choice,
  isTried,
  onChoice,
}: {
  readonly choice: Choice;
  readonly isTried: boolean;
  onChoice(choice: Choice): void;
}) {
  const isMissing = choice.source.trim() === '';
  return (
    <>
      <Select
        label={t('lists.list')}
        at="list"
        value={choice.list}
        options={listOptions()}
        onChange={(list) => onChoice({ ...choice, list })}
      />
      <Field
        label={t('lists.source')}
        hint={t('lists.sourceHint')}
        isRequired
        at="source"
        value={choice.source}
        error={isTried && isMissing ? t('lists.sourceMissing') : undefined}
        onInput={(source) => onChoice({ ...choice, source })}
      />
      <Select
        label={t('lists.fileKind')}
        hint={t('lists.fileKindHint')}
        at="kind"
        value={choice.kind}
        options={[
          ['delta', t('lists.kind-delta')],
          ['full', t('lists.kind-full')],
        ]}
        onChange={(kind) => onChoice({ ...choice, kind })}
      />
      <Select
        label={t('lists.standardReason')}
        at="reason"
        value={choice.reason}
        options={[['', t('lists.asFileSays')], ...reasonOptions()]}
        onChange={(reason) => onChoice({ ...choice, reason })}
      />
    </>
  );
}

type Line = TableColumn<{ readonly at: number; readonly fields: readonly string[] }>;

function Columns({
  proposal,
  meanings,
  canGoOn,
  isBusy,
  onMeanings,
  onBack,
  onNext,
}: {
  readonly proposal: Proposal;
  readonly meanings: readonly Meaning[];
  readonly canGoOn: boolean;
  readonly isBusy: boolean;
  onMeanings(meanings: readonly Meaning[]): void;
  onBack(): void;
  onNext(): void;
}) {
  const { format, rows, why, whySaid, problem, refusal } = proposal;
  return (
    <>
      {format === undefined ? (
        <p>{rows.length === 0 && refusal ? fileWords(refusal, problem) : t('lists.sayColumns')}</p>
      ) : (
        <p>
          {t('lists.known', { format })} {saidWords('formatGuess', whySaid, why)}
        </p>
      )}
      <FirstLines proposal={proposal} />
      {format === undefined && rows.length > 0 && <Meanings {...{ proposal, meanings, onMeanings }} />}
      <div class="actions">
        <Button onClick={onBack}>{t('lists.back')}</Button>
        <Button kind="primary" isBusy={isBusy} isDisabled={!canGoOn} onClick={onNext}>
          {t('lists.try')}
        </Button>
        {!canGoOn && rows.length > 0 && <span class="soft">{t('lists.needsImei')}</span>}
      </div>
    </>
  );
}

/** The beginning of the file, as the operator took it apart. */
function FirstLines({ proposal: { rows, hasHeader } }: { readonly proposal: Proposal }) {
  const [header] = rows;
  if (header === undefined) return null;
  const below = hasHeader ? rows.slice(1) : rows;
  return (
    <Table
      caption={t('lists.firstLines')}
      rows={below.map((fields, at) => ({ at, fields }))}
      keyOf={({ at }) => at}
      empty={t('lists.onlyHeader')}
      columns={header.map(
        (name, at): Line => ({
          name: String(at),
          heading: hasHeader ? name : t('lists.columnNumber', { number: at + 1 }),
          isCode: true,
          cell: ({ fields }) => fields[at] ?? '',
        }),
      )}
    />
  );
}

/** Which column is what. */
function Meanings({
  proposal: { rows, hasHeader },
  meanings,
  onMeanings,
}: {
  readonly proposal: Proposal;
  readonly meanings: readonly Meaning[];
  onMeanings(meanings: readonly Meaning[]): void;
}) {
  const [header = []] = rows;
  const options: readonly (readonly [Meaning, string])[] = [
    ['nothing', t('lists.column-nothing')],
    ...COLUMNS.map((column) => [column, t(`lists.column-${column}`)] as const),
  ];
  return (
    <div class="filters">
      {header.map((name, at) => (
        <Select
          key={at}
          label={hasHeader && name !== '' ? name : t('lists.columnNumber', { number: at + 1 })}
          value={meanings[at] ?? 'nothing'}
          options={options}
          onChange={(meaning) => onMeanings(meanings.map((one, place) => (place === at ? meaning : one)))}
        />
      ))}
    </div>
  );
}

function Ended({ ended, onRestart }: { readonly ended: ImportAnswer; onRestart(): void }) {
  const { goTo } = useAddress();
  const [isUndoing, setUndoing] = useState(false);
  const [undone, setUndone] = useState<string>();
  const batch = 'batch' in ended ? ended.batch : undefined;
  return (
    <>
      <p class={`note ${undone === undefined ? 'good' : 'watch'}`} role="status">
        {undone ?? (batch === undefined ? t('lists.fileWaits') : t('lists.imported', { batch: numberText(batch) }))}
      </p>
      <EffectView effect={ended.effect} />
      <div class="actions">
        <Button kind="primary" onClick={onRestart}>
          {t('lists.another')}
        </Button>
        <Button onClick={() => goTo('/lists/imports')}>{t('lists.imports')}</Button>
        {batch !== undefined && undone === undefined && may('imports.undo') && (
          <Button onClick={() => setUndoing(true)}>{t('lists.undo')}</Button>
        )}
      </div>
      {isUndoing && batch !== undefined && (
        <Undo
          batch={batch}
          onDone={(text) => {
            setUndoing(false);
            setUndone(text);
          }}
          onClose={() => setUndoing(false)}
        />
      )}
    </>
  );
}
