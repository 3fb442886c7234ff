import { useState } from 'preact/hooks';
import { type Problem, read, send } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { authorWords } from '../../part/author-words.ts';
import { Badge, StatusBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Confirm } from '../../part/confirm.tsx';
import { Dialog } from '../../part/dialog.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Form } from '../../part/form.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { type Column, Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { endOfDay } from './entry-dialog.tsx';
import { type ListName, listOptions, type Reason, reasonOptions, STATUS_OF, sourceWords } from './reasons.ts';

/** What both kinds of rules have. */
interface Rule {
  readonly id: number;
  readonly firstImei: string;
  readonly lastImei: string;
  readonly tac?: string | undefined;
  readonly source: string;
  readonly note: string;
  readonly caseReference: string;
  readonly author: string;
  readonly addedAt: string;
  readonly expiresAt?: string | undefined;
  readonly list?: ListName;
  readonly reason?: Reason;
  readonly kind?: 'allow' | 'lock';
  readonly firstImsi?: string;
  readonly lastImsi?: string;
}

const handsetsOf = ({ tac, firstImei, lastImei }: Rule): string =>
  tac !== undefined ? `TAC ${tac}` : firstImei === lastImei ? firstImei : `${firstImei} – ${lastImei}`;
const bounds = ({ tac, firstImei, lastImei }: Rule) => (tac === undefined ? { firstImei, lastImei } : { tac });

/** Rules about types and ranges of handsets, or about handset and subscriber together. */
export function Rules({ of }: { readonly of: 'ranges' | 'pairs' }) {
  const pages = usePages();
  const after = pages.cursor === undefined ? undefined : Number(pages.cursor);
  const ranges = useRead('/api/v1/ranges', of === 'ranges' ? { query: { after } } : undefined);
  const pairs = useRead('/api/v1/pair-rules', of === 'pairs' ? { query: { after } } : undefined);
  const { problem, again } = of === 'ranges' ? ranges : pairs;
  const rows: readonly Rule[] | undefined = of === 'ranges' ? ranges.value?.ranges : pairs.value?.rules;
  const next = of === 'ranges' ? ranges.value?.next : pairs.value?.next;
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Rule>();
  const done = (text: string) => {
    setAdding(false);
    setRemoving(undefined);
    say(text, 'good');
    again();
  };
  return (
    <>
      <p class="soft">{t(`lists.${of}Words`)}</p>
      {may('lists.change') && (
        <div class="actions">
          <Button kind="primary" onClick={() => setAdding(true)}>
            {t('lists.addRule')}
          </Button>
        </div>
      )}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {rows === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <Table
          caption={t(`lists.${of}`)}
          isCaptionHidden
          rows={rows}
          keyOf={({ id }) => id}
          empty={t('lists.noRules')}
          columns={[...columnsOf(of), ...(may('lists.change') ? [removal(setRemoving)] : [])]}
        />
      )}
      <Pager caption={t(`lists.${of}`)} {...pages.steps(next)} />
      {isAdding && <RuleDialog of={of} onDone={done} onClose={() => setAdding(false)} />}
      {removing && (
        <Confirm
          title={t('lists.removeRule')}
          action={t('lists.remove')}
          kind="danger"
          act={(reason) => removeRule(of, removing, reason)}
          onDone={(value) => done('waiting' in value ? t('lists.waits') : t('lists.ruleRemoved'))}
          onClose={() => setRemoving(undefined)}
        >
          <p>{handsetsOf(removing)}</p>
        </Confirm>
      )}
    </>
  );
}

async function removeRule(of: 'ranges' | 'pairs', rule: Rule, reason: string) {
  const { id, source, list = 'black', kind = 'allow' } = rule;
  const common = { ...bounds(rule), source, reason };
  if (of === 'ranges') return send('POST /api/v1/ranges/removals', { body: { ...common, list } });
  // Subscribers are masked where they are only shown; to name them is recorded, with the same reason.
  const whole = await read('/api/v1/pair-rules', {
    query: { after: id - 1, limit: 1, identities: 'whole', identitiesReason: reason },
  });
  if (!whole.ok) return whole;
  const { firstImsi = '', lastImsi = '' } = whole.value.rules[0] ?? {};
  return send('POST /api/v1/pair-rules/removals', { body: { ...common, kind, firstImsi, lastImsi } });
}

const removal = (remove: (rule: Rule) => void): Column<Rule> => ({
  name: 'actions',
  heading: t('lists.actions'),
  cell: (rule) => (
    <Button kind="quiet" onClick={() => remove(rule)}>
      {t('lists.remove')}
    </Button>
  ),
});

function columnsOf(of: 'ranges' | 'pairs'): readonly Column<Rule>[] {
  const own: readonly Column<Rule>[] =
    of === 'ranges'
      ? [
          {
            name: 'list',
            heading: t('lists.list'),
            cell: ({ list }) => list && <StatusBadge status={STATUS_OF[list]} />,
          },
          { name: 'reason', heading: t('lists.reason'), cell: ({ reason }) => reason && t(`lists.reason-${reason}`) },
        ]
      : [
          {
            name: 'subscribers',
            heading: t('lists.subscribers'),
            isCode: true,
            cell: ({ firstImsi = '', lastImsi = '' }) =>
              firstImsi === lastImsi ? firstImsi : `${firstImsi} – ${lastImsi}`,
          },
          {
            name: 'kind',
            heading: t('lists.kind'),
            cell: ({ kind = 'allow' }) => (
              <Badge icon={kind === 'allow' ? 'permitted' : 'lock'}>{t(`lists.kind-${kind}`)}</Badge>
            ),
          },
        ];
  return [
    { name: 'handsets', heading: t('lists.handsets'), isRowHeading: true, isCode: true, cell: handsetsOf },
    ...own,
    { name: 'source', heading: t('lists.source'), cell: ({ source }) => sourceWords(source) },
    { name: 'case', heading: t('lists.case'), cell: ({ caseReference }) => caseReference },
    { name: 'note', heading: t('lists.note'), cell: ({ note }) => note },
    { name: 'author', heading: t('lists.author'), cell: ({ author }) => authorWords(author) },
    { name: 'added', heading: t('lists.added'), cell: ({ addedAt }) => <Time at={addedAt} /> },
    { name: 'expires', heading: t('lists.expires'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  ];
}

interface Given {
  readonly by: 'tac' | 'imeis';
  readonly tac: string;
  readonly firstImei: string;
  readonly lastImei: string;
  readonly firstImsi: string;
  readonly lastImsi: string;
  readonly list: ListName;
  readonly reason: Reason;
  readonly kind: 'allow' | 'lock';
  readonly note: string;
  readonly caseReference: string;
  readonly day: string;
}
const NOTHING_GIVEN: Given = {
  ...{ by: 'tac', tac: '', firstImei: '', lastImei: '', firstImsi: '', lastImsi: '' },
  ...{ list: 'black', reason: 'malformed', kind: 'allow', note: '', caseReference: '', day: '' },
};
interface FieldsOf {
  readonly given: Given;
  set(change: Partial<Given>): void;
}

function ruled(of: 'ranges' | 'pairs', given: Given) {
  const { by, tac, firstImei, lastImei, firstImsi, lastImsi, list, reason, kind, note, caseReference } = given;
  const expiresAt = endOfDay(given.day);
  const common = {
    ...(by === 'tac' ? { tac } : { firstImei, ...(lastImei !== '' && { lastImei }) }),
    ...{ note, caseReference },
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return of === 'ranges'
    ? send('POST /api/v1/ranges', { body: { ...common, list, reason } })
    : send('POST /api/v1/pair-rules', { body: { ...common, kind, firstImsi, ...(lastImsi !== '' && { lastImsi }) } });
}

function RuleDialog({
  of,
  onDone,
  onClose,
}: {
  readonly of: 'ranges' | 'pairs';
  onDone(text: string): void;
  onClose(): void;
}) {
  const [given, setGiven] = useState(NOTHING_GIVEN);
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const set = (change: Partial<Given>) => setGiven({ ...given, ...change });
  const submit = async () => {
    setBusy(true);
    const answer = await ruled(of, given);
    setBusy(false);
    if (!answer.ok) setProblem(answer.problem);
    else onDone('waiting' in answer.value ? t('lists.waits') : t('lists.ruleAdded'));
  };
  return (
    <Dialog title={t('lists.addRule')} onClose={onClose}>
      <Form
        problem={problem}
        onSubmit={() => {
          if (!isBusy) void submit();
        }}
        actions={
          <footer>
            <Button onClick={onClose}>{t('part.cancel')}</Button>
            <Button type="submit" kind="primary" isBusy={isBusy}>
              {t('lists.addRule')}
            </Button>
          </footer>
        }
      >
        <HandsetFields {...{ given, set }} />
        {of === 'ranges' ? <ListFields {...{ given, set }} /> : <PairFields {...{ given, set }} />}
        <Field label={t('lists.note')} at="/note" value={given.note} onInput={(note) => set({ note })} />
        <Field
          label={t('lists.case')}
          at="/caseReference"
          value={given.caseReference}
          onInput={(caseReference) => set({ caseReference })}
        />
        <Field
          label={t('lists.expires')}
          at="/expiresAt"
          hint={t('lists.expiresHint')}
          type="date"
          value={given.day}
          onInput={(day) => set({ day })}
        />
      </Form>
    </Dialog>
  );
}

function HandsetFields({ given: { by, tac, firstImei, lastImei }, set }: FieldsOf) {
  return (
    <>
      <Select
        label={t('lists.handsets')}
        value={by}
        options={[
          ['tac', t('lists.byTac')],
          ['imeis', t('lists.byImeis')],
        ]}
        onChange={(value) => set({ by: value })}
      />
      {by === 'tac' ? (
        <Field
          label={t('lists.tac')}
          at="/tac"
          isCode
          isRequired
          value={tac}
          onInput={(value) => set({ tac: value })}
        />
      ) : (
        <>
          <Field
            label={t('lists.firstImei')}
            at="/firstImei"
            isCode
            isRequired
            value={firstImei}
            onInput={(value) => set({ firstImei: value })}
          />
          <Field
            label={t('lists.lastImei')}
            at="/lastImei"
            hint={t('lists.onlyFirst')}
            isCode
            value={lastImei}
            onInput={(value) => set({ lastImei: value })}
          />
        </>
      )}
    </>
  );
}

function ListFields({ given: { list, reason }, set }: FieldsOf) {
  return (
    <>
      <Select label={t('lists.list')} value={list} options={listOptions()} onChange={(value) => set({ list: value })} />
      <Select
        label={t('lists.reason')}
        value={reason}
        options={reasonOptions()}
        onChange={(value) => set({ reason: value })}
      />
    </>
  );
}

function PairFields({ given: { firstImsi, lastImsi, kind }, set }: FieldsOf) {
  return (
    <>
      <Field
        label={t('lists.firstImsi')}
        at="/firstImsi"
        isCode
        isRequired
        value={firstImsi}
        onInput={(value) => set({ firstImsi: value })}
      />
      <Field
        label={t('lists.lastImsi')}
        at="/lastImsi"
        hint={t('lists.onlyFirst')}
        isCode
        value={lastImsi}
        onInput={(value) => set({ lastImsi: value })}
      />
      <Select
        label={t('lists.kind')}
        value={kind}
        options={[
          ['allow', t('lists.kind-allow')],
          ['lock', t('lists.kind-lock')],
        ]}
        onChange={(value) => set({ kind: value })}
      />
    </>
  );
}
