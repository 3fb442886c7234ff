import { useCallback, useState } from 'preact/hooks';
import { addressText, useAddress } from '../../address.ts';
import type { AnswerOf, GivenOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { LevelBadge, StatusBadge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { Field, Select } from '../../part/field.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Age } from '../../part/time.tsx';
import { t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { KINDS, kindWords } from '../alarms/words.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { SearchHits } from './search-hits.tsx';
import { lockWords } from './words.ts';

type Filter = NonNullable<GivenOf<'GET /api/v1/devices'>['query']>;
type Row = AnswerOf<'GET /api/v1/devices'>['devices'][number];

const LEVELS = ['attested', 'attested-static', 'signed', 'claimed', 'refuted'] as const;
const VERDICTS = ['permitted', 'tracking', 'prohibited', 'none'] as const;
const ROWS = 50;
const TAC = /^\d{8}$/;

const oneOf = <const V extends string>(values: readonly V[], text: string | undefined): V | undefined =>
  values.find((value) => value === text);

/** The table of all UICCs, filtered by the address; what was searched stands above it. */
export function DeviceList() {
  const { query } = useAddress();
  const pages = usePages();
  const { value, problem, again } = useRead('/api/v1/devices', {
    query: { ...filterOf(query), after: pages.cursor, limit: ROWS },
  });
  useHappenings(
    useCallback(
      (found) => {
        if (found.some(({ kind }) => kind === 'report' || kind === 'order' || kind === 'issue')) again();
      },
      [again],
    ),
  );
  return (
    <>
      <ScreenHeading title={t('devices.title')} />
      {query['search'] && <SearchHits text={query['search']} />}
      <Filters />
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <DeviceTable rows={value.devices} />
          <Pager caption={t('devices.table')} {...pages.steps(value.next)} />
        </>
      )}
    </>
  );
}

function filterOf(query: Readonly<Record<string, string>>): Filter {
  const tac = query['tac'] ?? '';
  return {
    level: oneOf(LEVELS, query['level']),
    verdict: oneOf(VERDICTS, query['verdict']),
    finding: oneOf(KINDS, query['finding']),
    tac: TAC.test(tac) ? tac : undefined,
    reported: oneOf(['never'], query['reported']),
  };
}

function Filters() {
  const { query, setQuery } = useAddress();
  const [tac, setTac] = useState(query['tac'] ?? '');
  const [isTried, setTried] = useState(false);
  // Another filter is another list: its pages begin anew.
  const set = (changes: Readonly<Record<string, string | undefined>>) => setQuery({ ...changes, after: undefined });
  const any = ['', t('devices.any')] as const;
  return (
    <form
      class="filters"
      aria-label={t('devices.filter')}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (tac === '' || TAC.test(tac)) set({ tac: tac || undefined });
      }}
    >
      <Select
        label={t('devices.level')}
        value={query['level'] ?? ''}
        options={[any, ...LEVELS.map((level) => [level, LEVEL_WORDS()[level]] as const)]}
        onChange={(level) => set({ level: level || undefined })}
      />
      <Select
        label={t('devices.verdict')}
        value={query['verdict'] ?? ''}
        options={[any, ...VERDICTS.map((verdict) => [verdict, verdictWords(verdict)] as const)]}
        onChange={(verdict) => set({ verdict: verdict || undefined })}
      />
      <Select
        label={t('devices.finding')}
        value={query['finding'] ?? ''}
        options={[any, ...KINDS.map((kind) => [kind, kindWords(kind)] as const)]}
        onChange={(finding) => set({ finding: finding || undefined })}
      />
      <Select
        label={t('devices.reported')}
        value={query['reported'] ?? ''}
        options={[
          ['', t('devices.reportedAny')],
          ['never', t('devices.reportedNever')],
        ]}
        onChange={(reported) => set({ reported: reported || undefined })}
      />
      <Field
        label={t('devices.tac')}
        hint={t('devices.tacHint')}
        error={isTried && tac !== '' && !TAC.test(tac) ? t('devices.tacWrong') : undefined}
        isCode
        value={tac}
        onInput={setTac}
      />
      <Button type="submit">{t('devices.apply')}</Button>
    </form>
  );
}

const LEVEL_WORDS = () => ({
  attested: t('part.attested'),
  'attested-static': t('part.attestedStatic'),
  signed: t('part.signed'),
  claimed: t('part.claimed'),
  refuted: t('part.refuted'),
});

const verdictWords = (verdict: (typeof VERDICTS)[number]): string =>
  verdict === 'none' ? t('devices.verdictNone') : t(`part.${verdict}`);

/** The verdict of the order that stands. */
export function VerdictBadge({ verdict }: { readonly verdict: (typeof VERDICTS)[number] }) {
  return verdict === 'none' ? <span class="soft">{t('devices.verdictNone')}</span> : <StatusBadge status={verdict} />;
}

/** Maker and model in a line. */
export const modelText = (model: { readonly maker: string; readonly model: string } | undefined): string | undefined =>
  model && [model.maker, model.model].filter(Boolean).join(' ');

function DeviceTable({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <Table<Row>
      caption={t('devices.table')}
      rows={rows}
      keyOf={({ iccid }) => iccid}
      empty={t('devices.none')}
      columns={[
        {
          name: 'iccid',
          heading: t('devices.iccid'),
          isRowHeading: true,
          cell: ({ iccid }) => <Identity value={iccid} href={addressText(`/devices/${iccid}`)} />,
        },
        {
          name: 'imei',
          heading: t('devices.imei'),
          cell: ({ imei, model }) => (
            <>
              <Identity value={imei} />
              {model && <div class="soft">{modelText(model)}</div>}
            </>
          ),
        },
        { name: 'imsi', heading: t('devices.imsi'), cell: ({ imsi }) => <Identity value={imsi} /> },
        { name: 'level', heading: t('devices.level'), cell: ({ level }) => <LevelBadge level={level} /> },
        { name: 'verdict', heading: t('devices.verdict'), cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
        { name: 'lock', heading: t('devices.lockShort'), cell: ({ lockState }) => lockState && lockWords(lockState) },
        {
          name: 'last',
          heading: t('devices.lastShort'),
          cell: ({ lastReportAt }) =>
            lastReportAt === undefined ? <span class="soft">{t('devices.never')}</span> : <Age at={lastReportAt} />,
        },
      ]}
    />
  );
}
