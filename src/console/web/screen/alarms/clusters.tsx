import { useCallback } from 'preact/hooks';
import type { AnswerOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { Badge } from '../../part/badge.tsx';
import { Identity } from '../../part/identity.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Pager, Table } from '../../part/table.tsx';
import { numberText, t, timeText } from '../../text/index.ts';
import { usePages } from '../../use-pages.ts';

type Cluster = AnswerOf<'GET /api/v1/clusters'>['clusters'][number];
const ROWS = 50;

/** Why this one is genuine, or why nobody is named. */
export function argumentWords({ because }: Pick<Cluster, 'because'>): string {
  const { code, supports = [], support = '', provedAt, uiccs = 0 } = because;
  const at = provedAt === undefined ? '' : timeText(provedAt);
  switch (code) {
    case 'nobodyProves':
      return t('alarms.nobodyProves');
    case 'severalSupports':
      return t('alarms.severalSupports', { supports: supports.join(', ') });
    case 'proved':
      return t('alarms.proved', { support, at });
    case 'provedToSeveral':
      return t('alarms.provedToSeveral', { support, at, count: uiccs });
  }
}

/** How many use it; above a thousand as it was counted. */
export const subscribersText = ({ subscribers, isExact }: Pick<Cluster, 'subscribers' | 'isExact'>): string =>
  isExact ? numberText(subscribers) : t('alarms.estimated', { number: numberText(subscribers) });

/** The subscriber whose handset is genuine. */
export function Genuine({ genuine }: { readonly genuine: string | undefined }) {
  if (genuine === undefined) return <span class="soft">{t('alarms.notKnown')}</span>;
  return (
    <Badge tone="good" icon="permitted">
      <Identity value={genuine} />
    </Badge>
  );
}

/** IMEIs that several subscribers use, the most used first. */
export function Clusters() {
  const pages = usePages();
  const { value, problem, again } = useRead('/api/v1/clusters', { query: { after: pages.cursor, limit: ROWS } });
  useHappenings(
    useCallback(
      (found) => {
        if (found.some(({ kind }) => kind === 'finding' || kind === 'report')) again();
      },
      [again],
    ),
  );
  if (problem !== undefined) return <ProblemNote problem={problem} onRetry={again} />;
  if (value === undefined) return <Loading />;
  const place = (imei: string) => (/^\d+$/.test(imei) ? { href: `/alarms/duplicates/${imei}` } : {});
  return (
    <>
      <Table<Cluster>
        caption={t('alarms.clusters')}
        rows={value.clusters}
        keyOf={({ imei, subscribers }) => `${imei} ${subscribers}`}
        empty={t('alarms.noClusters')}
        columns={[
          {
            name: 'imei',
            heading: t('alarms.imei'),
            isRowHeading: true,
            cell: ({ imei }) => <Identity value={imei} {...place(imei)} />,
          },
          { name: 'subscribers', heading: t('alarms.subscribers'), isNumber: true, cell: subscribersText },
          { name: 'genuine', heading: t('alarms.genuine'), cell: ({ genuine }) => <Genuine genuine={genuine} /> },
          { name: 'argument', heading: t('alarms.argument'), cell: argumentWords },
        ]}
      />
      <Pager caption={t('alarms.clusters')} {...pages.steps(value.next)} />
    </>
  );
}
