import { useCallback, useState } from 'preact/hooks';
import { type AnswerOf, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { authorWords } from '../../part/author-words.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field, Select } from '../../part/field.tsx';
import { ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, saidWords, t } from '../../text/index.ts';

const NAMES = ['imsi', 'msisdn', 'iccid', 'imei'] as const;
type IdentityName = (typeof NAMES)[number];
type Erasures = AnswerOf<'GET /api/v1/erasures'>;

/** Gives a document of the operator to the person, as a file. */
function download(name: string, value: unknown): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(value, undefined, 1)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** What is kept about one subscriber or handset: given out, or erased. */
export function Subject() {
  const [identity, setIdentity] = useState<IdentityName>('imsi');
  const [digits, setDigits] = useState('');
  const [act, setAct] = useState<'export' | 'erase'>();
  const [isTried, setTried] = useState(false);
  const isMissing = digits.trim() === '';
  const begin = (what: 'export' | 'erase') => {
    setTried(true);
    if (!isMissing) setAct(what);
  };
  return (
    <section class="access-block" aria-label={t('access.subjectTitle')}>
      <h2>{t('access.subjectTitle')}</h2>
      <p>{t('access.subjectText')}</p>
      <div class="filters">
        <Select
          label={t('access.identity')}
          value={identity}
          options={NAMES.map((name) => [name, name.toUpperCase()] as const)}
          onChange={(one) => setIdentity(one)}
        />
        <Field
          label={t('access.digits')}
          at="/digits"
          isCode
          error={isTried && isMissing ? t('access.digitsMissing') : undefined}
          value={digits}
          onInput={setDigits}
        />
        <Button onClick={() => begin('export')}>{t('access.export')}</Button>
        {may('privacy.erase') && <Button onClick={() => begin('erase')}>{t('access.erase')}</Button>}
      </div>
      {act !== undefined && (
        <Act act={act} identity={identity} digits={digits.trim()} onClose={() => setAct(undefined)} />
      )}
      {may('privacy.erase') && <ErasureList />}
    </section>
  );
}

function Act({
  act,
  identity,
  digits,
  onClose,
}: {
  readonly act: 'export' | 'erase';
  readonly identity: IdentityName;
  readonly digits: string;
  onClose(): void;
}) {
  const about = { identity, digits };
  const words = { identity: identity.toUpperCase(), digits };
  if (act === 'export')
    return (
      <Confirm
        title={t('access.exportTitle', words)}
        action={t('access.export')}
        act={(reason) => send('POST /api/v1/subject-exports', { body: { ...about, reason } })}
        onDone={(value) => {
          download('subject.json', value);
          say(t('access.exported'), 'good');
          onClose();
        }}
        onClose={onClose}
      >
        <p>{t('access.exportText')}</p>
      </Confirm>
    );
  return (
    <Confirm
      title={t('access.eraseTitle', words)}
      action={t('access.propose')}
      kind="danger"
      act={(reason) => send('POST /api/v1/erasures', { body: { ...about, reason } })}
      onDone={(value) => {
        if ('waiting' in value) say(t('access.erasureWaits', { id: value.waiting.id }));
        onClose();
      }}
      onClose={onClose}
    >
      <p>{t('access.eraseText')}</p>
    </Confirm>
  );
}

function ErasureList() {
  const { value, problem, again } = useRead('/api/v1/erasures', { query: { limit: 50 } });
  useHappenings(useCallback((found) => found.some(({ kind }) => kind === 'erasure') && again(), [again]));
  if (problem) return <ProblemNote problem={problem} onRetry={again} />;
  if (value === undefined) return null;
  return (
    <>
      <Table
        caption={t('access.erasures')}
        rows={value.erasures}
        keyOf={({ id }) => id}
        empty={t('access.noErasures')}
        columns={[
          {
            name: 'subject',
            heading: t('access.subject'),
            isCode: true,
            isRowHeading: true,
            cell: ({ subject }) => subject,
          },
          { name: 'at', heading: t('access.time'), cell: ({ at }) => <Time at={at} /> },
          { name: 'by', heading: t('access.proposedBy'), cell: ({ author }) => authorWords(author) },
          { name: 'and', heading: t('access.agreedBy'), cell: ({ approvedBy }) => approvedBy },
          {
            name: 'done',
            heading: t('access.done'),
            cell: ({ doneAt }) => (doneAt === undefined ? t('access.goesOn') : <Time at={doneAt} />),
          },
          { name: 'erased', heading: t('access.erasedRows'), isNumber: true, cell: ({ erased }) => numberText(erased) },
        ]}
      />
      <Remains remains={value.remains} />
    </>
  );
}

const Remains = ({ remains }: { readonly remains: Erasures['remains'] }) => (
  <details>
    <summary>{t('access.remains')}</summary>
    <dl>
      {remains.map(({ what, why, said }) => (
        <>
          <dt class="code" key={what}>
            {what}
          </dt>
          <dd key={`${what} why`}>{saidWords('remains', said, why)}</dd>
        </>
      ))}
    </dl>
  </details>
);
