import type { AnswerOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { Badge, LevelBadge } from '../../part/badge.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { Time } from '../../part/time.tsx';
import { useWholeIdentities, WholeIdentitiesSwitch } from '../../part/whole-identities.tsx';
import { numberText, t } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';
import { ScreenHeading } from '../screen-heading.tsx';
import { argumentWords, Genuine, subscribersText } from './clusters.tsx';

type Claimant = AnswerOf<'GET /api/v1/clusters/{imei}/claimants'>['claimants'][number];
const ROWS = 50;

/** One IMEI: which handset is genuine, the argument, and all who use it page by page. */
export function ClusterDetail({ imei }: { readonly imei: string }) {
  const whole = useWholeIdentities();
  const pages = usePages();
  const found = useRead('/api/v1/imei/{imei}', { path: { imei }, query: whole.query });
  const { value, problem, again } = useRead('/api/v1/clusters/{imei}/claimants', {
    path: { imei },
    query: { ...whole.query, after: pages.cursor, limit: ROWS },
  });
  return (
    <>
      <nav aria-label={t('alarms.back')}>
        <a href="/alarms/duplicates">{t('alarms.back')}</a>
      </nav>
      <ScreenHeading title={t('alarms.cluster', { imei })}>
        <WholeIdentitiesSwitch {...whole.switch} />
      </ScreenHeading>
      {found.problem && <ProblemNote problem={found.problem} onRetry={found.again} />}
      {found.value && (
        <section class="panel" aria-label={t('alarms.argument')}>
          <p>
            {t('alarms.genuineOne')} <Genuine genuine={found.value.genuine} />
          </p>
          <p>{argumentWords(found.value)}</p>
          <p class="soft">
            {t('alarms.subscribers')}: {subscribersText(found.value)} ·{' '}
            <a href={`/devices/${imei}`}>{t('alarms.device')}</a>
          </p>
        </section>
      )}
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Claimants rows={value.claimants} />}
      {value && <Pager caption={t('alarms.claimants')} {...pages.steps(value.next)} />}
    </>
  );
}

function Claimants({ rows }: { readonly rows: readonly Claimant[] }) {
  return (
    <Table<Claimant>
      caption={t('alarms.claimants')}
      rows={rows}
      keyOf={({ imsi, firstAt, lastAt }) => `${imsi} ${firstAt} ${lastAt}`}
      empty={t('alarms.noClusters')}
      columns={[
        {
          name: 'imsi',
          heading: t('alarms.imsi'),
          isRowHeading: true,
          cell: ({ imsi, iccid }) => (
            <Identity value={imsi} {...(iccid !== undefined && { href: `/devices/${iccid}` })} />
          ),
        },
        {
          name: 'genuine',
          heading: t('alarms.genuine'),
          cell: ({ isGenuine }) =>
            isGenuine ? (
              <Badge tone="good" icon="permitted">
                {t('alarms.isGenuine')}
              </Badge>
            ) : (
              <span class="soft">{t('alarms.claims')}</span>
            ),
        },
        { name: 'level', heading: t('alarms.evidence'), cell: ({ level }) => <LevelBadge level={level} /> },
        { name: 'first', heading: t('alarms.first'), cell: ({ firstAt }) => <Time at={firstAt} /> },
        { name: 'last', heading: t('alarms.last'), cell: ({ lastAt }) => <Time at={lastAt} /> },
        { name: 'times', heading: t('alarms.times'), isNumber: true, cell: ({ times }) => numberText(times) },
      ]}
    />
  );
}
