import { useCallback, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { type AnswerOf, type Problem, read } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { authorOf, authorWords } from '../../part/author-words.ts';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { may } from '../../session.ts';
import { saidWords, type TextName, t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { settingName } from '../policy/setting-words.ts';
import { Facts } from './facts.tsx';

const ROWS = 50;

type Answer = AnswerOf<'GET /api/v1/audit'>;
type Entry = Answer['entries'][number];
type Kind = Entry['kind'];

const KINDS: readonly Kind[] = [
  ...(['issue', 'keys', 'policy', 'list', 'setting', 'check', 'report', 'order', 'finding', 'alarm'] as const),
  ...(['erasure', 'token', 'read', 'user', 'session'] as const),
];
const isKind = (text: string | undefined): text is Kind => KINDS.some((kind) => kind === text);
const kindWords = (kind: Kind): string => t(`access.kind-${kind}` as TextName);

/** What an entry is about: a setting by its name, what has no name in words. */
const subjectWords = ({ kind, subject, said }: Entry): string =>
  (kind === 'setting' ? settingName(subject) : undefined) ?? saidWords('auditSubject', said?.subject, subject);

/** A day of the calendar, in the zone of this machine, as a moment of the API. */
function momentOf(day: string | undefined, isEnd: boolean): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day ?? '')) return undefined;
  const at = new Date(`${day}T${isEnd ? '23:59:59' : '00:00:00'}`);
  return Number.isNaN(at.getTime()) ? undefined : `${at.toISOString().slice(0, 19)}Z`;
}

/** The log, the newest entries first, by what is looked for. */
export function AuditLog() {
  const { query } = useAddress();
  const pages = usePages('before');
  const [reason, setReason] = useState<string>();
  const asked = {
    ...{ limit: ROWS, before: pages.cursor === undefined ? undefined : Number(pages.cursor) },
    ...{
      kind: isKind(query['kind']) ? query['kind'] : undefined,
      author: query['author'] && authorOf(query['author']),
      subject: query['subject'],
    },
    ...{ from: momentOf(query['from'], false), to: momentOf(query['to'], true) },
    ...(reason !== undefined && { identities: 'whole' as const, identitiesReason: reason }),
  };
  const { value, problem, again } = useRead('/api/v1/audit', { query: asked });
  const isFirst = pages.cursor === undefined;
  useHappenings(useCallback(() => isFirst && reason === undefined && again(), [again, isFirst, reason]));
  return (
    <>
      <Filters />
      <div class="access-acts">
        <Verification head={value?.head} />
        {may('identities.whole') && <Unmask isWhole={reason !== undefined} onReason={setReason} />}
      </div>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Entries entries={value.entries} />}
      {value && <Pager caption={t('access.audit')} {...pages.steps(value.next)} />}
    </>
  );
}

function Filters() {
  const { query, setQuery } = useAddress();
  const set = (name: string) => (value: string) =>
    setQuery({ [name]: value === '' ? undefined : value, before: undefined }, 'replace');
  return (
    <search class="filters" aria-label={t('access.filter')}>
      <Select
        label={t('access.kind')}
        value={isKind(query['kind']) ? query['kind'] : ''}
        options={[['', t('access.any')], ...KINDS.map((kind) => [kind, kindWords(kind)] as const)]}
        onChange={set('kind')}
      />
      <Field label={t('access.author')} value={query['author'] ?? ''} onInput={set('author')} />
      <Field label={t('access.subject')} isCode value={query['subject'] ?? ''} onInput={set('subject')} />
      <Field label={t('access.from')} type="date" value={query['from'] ?? ''} onInput={set('from')} />
      <Field label={t('access.to')} type="date" value={query['to'] ?? ''} onInput={set('to')} />
    </search>
  );
}

const Entries = ({ entries }: { readonly entries: readonly Entry[] }) => (
  <Table
    caption={t('access.audit')}
    isCaptionHidden
    rows={entries}
    keyOf={({ id }) => id}
    empty={t('access.noEntries')}
    columns={[
      { name: 'id', heading: t('access.number'), isNumber: true, isRowHeading: true, cell: ({ id }) => id },
      { name: 'at', heading: t('access.time'), cell: ({ at }) => <Time at={at} /> },
      { name: 'kind', heading: t('access.kind'), cell: ({ kind }) => kindWords(kind) },
      { name: 'author', heading: t('access.author'), cell: ({ author }) => authorWords(author) },
      { name: 'subject', heading: t('access.subject'), isCode: true, cell: (entry) => subjectWords(entry) },
      {
        name: 'detail',
        heading: t('access.detail'),
        cell: ({ detail, said, subject }) =>
          detail === undefined ? (
            <span class="soft">{t('access.erased')}</span>
          ) : (
            <Facts facts={detail} said={said} setting={subject} />
          ),
      },
    ]}
  />
);

type Verified = AnswerOf<'GET /api/v1/audit/verification'>;

/** The button that looks whether the chain holds, and what that proves. */
function Verification({ head }: { readonly head: Answer['head'] | undefined }) {
  const [verified, setVerified] = useState<Verified>();
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    const answer = await read('/api/v1/audit/verification');
    setBusy(false);
    setVerified(answer.ok ? answer.value : undefined);
    setProblem(answer.ok ? undefined : answer.problem);
  };
  return (
    <section class="access-act" aria-label={t('access.chain')}>
      {may('audit.verify') && (
        <Button icon="audit" isBusy={isBusy} onClick={() => void verify()}>
          {t('access.verify')}
        </Button>
      )}
      {head && (
        <span>
          {t('access.head', { id: head.id })} <span class="code access-facts">{head.chain}</span>
        </span>
      )}
      <div role="status">
        {verified && (
          <p class={`note ${verified.isSound ? 'good' : 'bad'}`}>
            {verified.fault === undefined
              ? t('access.sound', { count: verified.entries })
              : t('access.broken', {
                  id: verified.fault.id,
                  problem: saidWords('auditFault', verified.fault.said, verified.fault.problem),
                })}
          </p>
        )}
      </div>
      {verified && <p class="soft">{t('access.proves')}</p>}
      {problem && <ProblemNote problem={problem} />}
    </section>
  );
}

/** Whole identities, for a reason that is recorded. */
function Unmask({ isWhole, onReason }: { readonly isWhole: boolean; onReason(reason: string | undefined): void }) {
  const [isAsking, setAsking] = useState(false);
  if (isWhole)
    return (
      <p class="access-act">
        {t('access.wholeNow')} <Button onClick={() => onReason(undefined)}>{t('access.mask')}</Button>
      </p>
    );
  return (
    <p class="access-act">
      <Button icon="lock" onClick={() => setAsking(true)}>
        {t('access.unmask')}
      </Button>
      {isAsking && (
        <Confirm
          title={t('access.unmask')}
          action={t('access.unmaskAct')}
          act={async (reason) => ({ ok: true, value: reason })}
          onDone={(reason) => {
            setAsking(false);
            onReason(reason);
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('access.unmaskText')}</p>
        </Confirm>
      )}
    </p>
  );
}
