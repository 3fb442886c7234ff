import { useCallback, useState } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import { type Answer, type AnswerOf, addressOf, read } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { authorWords } from '../../part/author-words.ts';
import { StatusBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Dialog } from '../../part/dialog.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import type { Wanted } from '../../part/rows-held.ts';
import { type ScrollPage, ScrollTable } from '../../part/scroll-table.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { type Column, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { say } from '../../part/toast.tsx';
import { may } from '../../session.ts';
import { numberText, t } from '../../text/index.ts';
import { EntryDialog, RemovalDialog } from './entry-dialog.tsx';
import {
  isList,
  isReason,
  type ListName,
  listOptions,
  reasonOptions,
  STATUS_OF,
  sourceOf,
  sourceWords,
} from './reasons.ts';

/** One entry as the operator tells it. */
export type Entry = NonNullable<AnswerOf<'GET /api/v1/lists'>['entries']>[number];

const ROWS = 200;
const IMEI_DIGITS = 14;

/** A place in the list as the operator is asked for it. A short page goes on where the operator stopped looking. */
function placeOf(wanted: Wanted<Entry>, cursor: string | undefined) {
  if ('row' in wanted) return { row: wanted.row };
  if ('from' in wanted) return { from: wanted.from };
  if ('again' in wanted) return { from: wanted.again.imei };
  if ('before' in wanted) return { before: wanted.before.imei };
  return { after: cursor ?? wanted.after?.imei };
}

type Asked = { readonly kind: 'add' } | { readonly kind: 'change' | 'remove' | 'history'; readonly entry: Entry };

/** The filter that an address names; what cannot be one counts for none. */
function filterOf(query: Readonly<Record<string, string>>) {
  return {
    prefix: /^\d{1,14}$/.test(query['prefix'] ?? '') ? query['prefix'] : undefined,
    source: query['source'] && sourceOf(query['source']),
    reason: isReason(query['reason']) ? query['reason'] : undefined,
    caseReference: query['case'],
    batch: /^[1-9]\d{0,9}$/.test(query['batch'] ?? '') ? Number(query['batch']) : undefined,
  };
}

/** Entries about single handsets: filtered, scrolled through whatever their number, added, changed, removed. */
export function Entries() {
  const { query, setQuery } = useAddress();
  const list = isList(query['list']) ? query['list'] : 'black';
  const filter = filterOf(query);
  const [asked, ask] = useState<Asked>();
  const [times, setTimes] = useState(0);
  const counts = useRead('/api/v1/lists', { query: {} }, 10_000).value?.lists;
  const total = counts?.find((one) => one.list === list)?.entries;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const name = JSON.stringify([list, filter, times]);
  const load = useCallback(
    async (cursor: string | undefined, wanted: Wanted<Entry>): Promise<Answer<ScrollPage<Entry>>> => {
      const answer = await read('/api/v1/lists', {
        query: { list, ...filter, ...placeOf(wanted, cursor), limit: ROWS },
      });
      if (!answer.ok) return answer;
      const { entries = [], next, place } = answer.value;
      return { ok: true, value: { rows: entries, next, place } };
    },
    [name],
  );
  const done = (text: string) => {
    ask(undefined);
    say(text, 'good');
    setTimes((before) => before + 1);
  };
  return (
    <>
      <Filters />
      <div class="actions">
        {total !== undefined && <span class="soft">{t('lists.ofList', { count: total })}</span>}
        {may('lists.change') && (
          <Button kind="primary" onClick={() => ask({ kind: 'add' })}>
            {t('lists.add')}
          </Button>
        )}
        <a class="button plain" href={addressOf('/api/v1/lists/{list}/export', { list })} download={`${list}.csv`}>
          {t('lists.export')}
        </a>
        {isFiltered && (
          <Button
            kind="quiet"
            onClick={() =>
              setQuery({
                prefix: undefined,
                source: undefined,
                reason: undefined,
                case: undefined,
                batch: undefined,
                at: undefined,
              })
            }
          >
            {t('lists.clearFilter')}
          </Button>
        )}
      </div>
      <ScrollTable
        caption={t('lists.entries')}
        query={name}
        load={load}
        keyOf={(entry) => `${entry.imei} ${entry.source}`}
        total={isFiltered ? undefined : total}
        start={/^\d{14}$/.test(query['at'] ?? '') ? query['at'] : undefined}
        onRest={(entry) => {
          const at = entry?.imei.slice(0, IMEI_DIGITS);
          if (at !== query['at']) setQuery({ at }, 'replace');
        }}
        empty={isFiltered ? t('lists.noneFits') : t('lists.none')}
        columns={columnsOf(ask)}
      />
      <AskedDialog {...{ asked, list, done }} onClose={() => ask(undefined)} />
    </>
  );
}

const columnsOf = (ask: (asked: Asked) => void): readonly Column<Entry>[] => [
  {
    name: 'imei',
    heading: t('lists.imei'),
    isRowHeading: true,
    cell: ({ imei }) => <Identity value={imei} href={`/devices?search=${imei}`} />,
  },
  { name: 'list', heading: t('lists.list'), cell: (entry) => <StatusBadge status={STATUS_OF[entry.list]} /> },
  { name: 'reason', heading: t('lists.reason'), cell: ({ reason }) => t(`lists.reason-${reason}`) },
  { name: 'source', heading: t('lists.source'), cell: ({ source }) => sourceWords(source) },
  { name: 'case', heading: t('lists.case'), cell: ({ caseReference }) => caseReference },
  { name: 'note', heading: t('lists.note'), cell: ({ note }) => <span title={note}>{shortened(note)}</span> },
  { name: 'added', heading: t('lists.added'), cell: ({ addedAt }) => <Time at={addedAt} /> },
  { name: 'expires', heading: t('lists.expires'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  {
    name: 'actions',
    heading: t('lists.actions'),
    cell: (entry) => (
      <span class="actions">
        <Button kind="quiet" onClick={() => ask({ kind: 'history', entry })}>
          {t('lists.history')}
        </Button>
        {may('lists.change') && (
          <>
            <Button kind="quiet" onClick={() => ask({ kind: 'change', entry })}>
              {t('lists.change')}
            </Button>
            <Button kind="quiet" onClick={() => ask({ kind: 'remove', entry })}>
              {t('lists.remove')}
            </Button>
          </>
        )}
      </span>
    ),
  },
];

/** What was asked about an entry, or for a new one. */
function AskedDialog({
  asked,
  list,
  done,
  onClose,
}: {
  readonly asked: Asked | undefined;
  readonly list: ListName;
  done(text: string): void;
  onClose(): void;
}) {
  if (asked === undefined) return null;
  if (asked.kind === 'remove') return <RemovalDialog entry={asked.entry} onDone={done} onClose={onClose} />;
  if (asked.kind === 'history') return <History entry={asked.entry} onClose={onClose} />;
  const entry = asked.kind === 'change' ? asked.entry : undefined;
  return <EntryDialog list={list} entry={entry} onDone={done} onClose={onClose} />;
}

const LONGEST_NOTE = 40;
const shortened = (note: string): string => (note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE)}…` : note);

function Filters() {
  const { query, setQuery } = useAddress();
  const list = isList(query['list']) ? query['list'] : 'black';
  const reason = isReason(query['reason']) ? query['reason'] : '';
  const prefix = query['prefix'] ?? '';
  const typed = (name: string) => (value: string) => setQuery({ [name]: value || undefined, at: undefined }, 'replace');
  return (
    <search class="filters" aria-label={t('lists.filter')}>
      <Select
        label={t('lists.list')}
        value={list}
        options={listOptions()}
        onChange={(value) => setQuery({ list: value, at: undefined })}
      />
      <Field
        label={t('lists.prefix')}
        type="search"
        isCode
        value={prefix}
        error={prefix === '' || /^\d{1,14}$/.test(prefix) ? undefined : t('lists.prefixWrong')}
        onInput={typed('prefix')}
      />
      <Select
        label={t('lists.reason')}
        value={reason}
        options={[['', t('lists.any')], ...reasonOptions()]}
        onChange={(value) => setQuery({ reason: value || undefined, at: undefined })}
      />
      <Field label={t('lists.source')} type="search" value={query['source'] ?? ''} onInput={typed('source')} />
      <Field label={t('lists.case')} type="search" value={query['case'] ?? ''} onInput={typed('case')} />
    </search>
  );
}

/** What the audit log keeps of one IMEI: every change one by one; files are there by their number. */
function History({ entry, onClose }: { readonly entry: Entry; onClose(): void }) {
  const subject = entry.imei.slice(0, 14);
  const { value, problem } = useRead('/api/v1/audit', { query: { subject, kind: 'list', limit: 50 } });
  return (
    <Dialog title={t('lists.historyOf', { imei: entry.imei })} onClose={onClose}>
      <p class="soft">
        {entry.batch === undefined
          ? t('lists.madeBy', { author: authorWords(entry.author) })
          : t('lists.madeByImport', { author: authorWords(entry.author), batch: numberText(entry.batch) })}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <Table
          caption={t('lists.history')}
          isCaptionHidden
          rows={value.entries}
          keyOf={({ id }) => id}
          empty={t('lists.noHistory')}
          columns={[
            { name: 'at', heading: t('part.time'), isRowHeading: true, cell: ({ at }) => <Time at={at} /> },
            { name: 'author', heading: t('lists.author'), cell: ({ author }) => authorWords(author) },
            {
              name: 'change',
              heading: t('lists.what'),
              cell: ({ detail }) => (detail ? wordsOf(detail as Readonly<Record<string, unknown>>) : ''),
            },
          ]}
        />
      )}
    </Dialog>
  );
}

/** The facts of an audit entry, as the log keeps them. */
const wordsOf = (detail: Readonly<Record<string, unknown>>): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
