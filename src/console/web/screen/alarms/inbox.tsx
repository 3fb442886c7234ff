import { useCallback, useEffect } from 'preact/hooks';
import { addressText, useAddress } from '../../address.ts';
import type { GivenOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { Badge } from '../../part/badge.tsx';
import { Select } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { Age } from '../../part/time.tsx';
import { session } from '../../session.ts';
import { useStore } from '../../store.ts';
import { numberText, t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { AlarmDetail } from './alarm-detail.tsx';
import { type Alarm, KINDS, kindWords, SEVERITIES, SEVERITY_LOOK, STATES, stateWords } from './words.ts';

type Filter = NonNullable<GivenOf<'GET /api/v1/alarms'>['query']>;

const ROWS = 50;

const oneOf = <const V extends string>(values: readonly V[], text: string | undefined): V | undefined =>
  values.find((value) => value === text);

function useMyName(): string {
  const now = useStore(session);
  return now.state === 'signedIn' ? now.caller.name : '';
}

/** Alarms as an inbox: filters and place in the address, the chosen one beside the list. */
export function Inbox() {
  const { query, setQuery } = useAddress();
  const me = useMyName();
  const pages = usePages();
  const filter: Filter = {
    state: oneOf(STATES, query['state']),
    kind: oneOf(KINDS, query['kind']),
    severity: oneOf(SEVERITIES, query['severity']),
    assignee: query['assignee'] === 'me' && me !== '' ? me : undefined,
  };
  const { value, problem, again } = useRead('/api/v1/alarms', {
    query: { ...filter, after: pages.cursor, limit: ROWS },
  });
  const counts = useRead('/api/v1/alarms/counts', {});
  const changed = useCallback(() => {
    again();
    counts.again();
  }, [again, counts.again]);
  useHappenings(
    useCallback(
      (found) => {
        if (found.some(({ kind }) => kind === 'finding' || kind === 'alarm')) changed();
      },
      [changed],
    ),
  );
  const chosen = Number(query['alarm']) || undefined;
  useKeys(value?.alarms ?? [], chosen, (id) => setQuery({ alarm: String(id) }, 'replace'));
  return (
    <>
      {counts.value && <Severities counts={counts.value.counts} />}
      <Filters hasName={me !== ''} />
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <div class="inbox">
          <div class="inbox-list">
            <AlarmTable rows={value.alarms} chosen={chosen} />
            <Pager caption={t('alarms.table')} {...pages.steps(value.next)} />
          </div>
          <AlarmDetail key={chosen} id={chosen} me={me} onChanged={changed} />
        </div>
      )}
    </>
  );
}

/** j and k go down and up, while nothing is written and no dialog is open; everything is reached by Tab too. */
function useKeys(rows: readonly Alarm[], chosen: number | undefined, choose: (id: number) => void): void {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      const isElsewhere =
        event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog') !== null;
      if (step === 0 || isElsewhere || event.ctrlKey || event.metaKey || event.altKey || rows.length === 0) return;
      const at = rows.findIndex(({ id }) => id === chosen);
      const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
      if (next !== undefined) choose(next.id);
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  });
}

function Severities({
  counts,
}: {
  readonly counts: readonly {
    readonly severity: Alarm['severity'];
    readonly open: number;
    readonly acknowledged: number;
  }[];
}) {
  const number = (severity: Alarm['severity']) =>
    counts.reduce((sum, one) => sum + (one.severity === severity ? one.open + one.acknowledged : 0), 0);
  return (
    <Tiles label={t('alarms.bySeverity')}>
      {SEVERITIES.map((severity) => (
        <Tile
          key={severity}
          words={t(`alarms.${severity}`)}
          value={number(severity)}
          tone={SEVERITY_LOOK[severity][0]}
          href={addressText('/alarms', { severity })}
        />
      ))}
    </Tiles>
  );
}

function Filters({ hasName }: { readonly hasName: boolean }) {
  const { query, setQuery } = useAddress();
  // Another filter is another list: its pages begin anew.
  const set = (changes: Readonly<Record<string, string | undefined>>) => setQuery({ ...changes, after: undefined });
  const any = ['', t('alarms.any')] as const;
  return (
    <form class="filters" aria-label={t('alarms.filter')} onSubmit={(event) => event.preventDefault()}>
      <Select
        label={t('alarms.state')}
        value={oneOf(STATES, query['state']) ?? 'unsettled'}
        options={STATES.map((state) => [state, stateWords(state)] as const)}
        onChange={(state) => set({ state: state === 'unsettled' ? undefined : state })}
      />
      <Select
        label={t('alarms.severity')}
        value={query['severity'] ?? ''}
        options={[any, ...SEVERITIES.map((severity) => [severity, t(`alarms.${severity}`)] as const)]}
        onChange={(severity) => set({ severity: severity || undefined })}
      />
      <Select
        label={t('alarms.kind')}
        value={query['kind'] ?? ''}
        options={[any, ...KINDS.map((kind) => [kind, kindWords(kind)] as const)]}
        onChange={(kind) => set({ kind: kind || undefined })}
      />
      {hasName && (
        <Select
          label={t('alarms.assignee')}
          value={query['assignee'] === 'me' ? 'me' : ''}
          options={[
            ['', t('alarms.anybody')],
            ['me', t('alarms.mine')],
          ]}
          onChange={(assignee) => set({ assignee: assignee || undefined })}
        />
      )}
    </form>
  );
}

/** How grave an alarm is. */
export function SeverityBadge({ severity }: { readonly severity: Alarm['severity'] }) {
  const [tone, icon] = SEVERITY_LOOK[severity];
  return <Badge {...{ tone, icon }}>{t(`alarms.${severity}`)}</Badge>;
}

function AlarmTable({ rows, chosen }: { readonly rows: readonly Alarm[]; readonly chosen: number | undefined }) {
  const { path, query } = useAddress();
  return (
    <Table<Alarm>
      caption={t('alarms.table')}
      rows={rows}
      keyOf={({ id }) => id}
      selected={chosen}
      empty={t('alarms.none')}
      columns={[
        {
          name: 'kind',
          heading: t('alarms.what'),
          isRowHeading: true,
          cell: ({ id, kind, imei, imsi, support }) => (
            <>
              <a href={addressText(path, { ...query, alarm: String(id) })}>{kindWords(kind)}</a>
              <div class="soft code">{imei ?? imsi ?? support}</div>
            </>
          ),
        },
        {
          name: 'severity',
          heading: t('alarms.severity'),
          cell: ({ severity }) => <SeverityBadge severity={severity} />,
        },
        { name: 'state', heading: t('alarms.state'), cell: ({ state }) => stateWords(state) },
        {
          name: 'assignee',
          heading: t('alarms.assignee'),
          cell: ({ assignee }) => assignee ?? <span class="soft">{t('alarms.nobody')}</span>,
        },
        { name: 'times', heading: t('alarms.times'), isNumber: true, cell: ({ times }) => numberText(times) },
        { name: 'last', heading: t('alarms.last'), cell: ({ lastAt }) => <Age at={lastAt} /> },
      ]}
    />
  );
}
