import type { AnswerOf } from '../../api/client.ts';
import { Badge } from '../../part/badge.tsx';
import { Table } from '../../part/table.tsx';
import { Age } from '../../part/time.tsx';
import { t } from '../../text/index.ts';
import { sourceWords } from '../lists/reasons.ts';

type OverviewAnswer = AnswerOf<'GET /api/v1/overview'>;
type ListAge = OverviewAnswer['listAges'][number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A time between files, to the hour, and to the minute below one. */
const interval = (milliseconds: number): string =>
  milliseconds >= HOUR
    ? t('overview.hours', { count: Math.round(milliseconds / HOUR) })
    : t('overview.minutes', { count: Math.max(1, Math.round(milliseconds / MINUTE)) });

/** How old the lists are: one that nobody renews permits what should be stopped. */
export function ListAges({ lists, listAges }: Pick<OverviewAnswer, 'lists' | 'listAges'>) {
  return (
    <div class="list-ages">
      <Table<ListAge>
        caption={t('overview.lists')}
        rows={listAges}
        keyOf={({ list, source }) => `${list} ${source}`}
        empty={t('overview.noFiles')}
        columns={[
          { name: 'list', heading: t('overview.list'), isRowHeading: true, cell: ({ list }) => t(`overview.${list}`) },
          { name: 'source', heading: t('overview.source'), cell: ({ source }) => sourceWords(source) },
          { name: 'file', heading: t('overview.lastFile'), cell: ({ name }) => name },
          { name: 'age', heading: t('overview.age'), cell: ({ importedAt }) => <Age at={importedAt} /> },
          {
            name: 'expected',
            heading: t('overview.expected'),
            cell: ({ expectedMilliseconds, isLate }) =>
              expectedMilliseconds === undefined ? (
                <span class="soft">{t('overview.noExpectation')}</span>
              ) : (
                <>
                  {interval(expectedMilliseconds)}{' '}
                  <Badge tone={isLate ? 'bad' : 'good'} icon={isLate ? 'tracking' : 'permitted'}>
                    {t(isLate ? 'overview.late' : 'overview.onTime')}
                  </Badge>
                </>
              ),
          },
        ]}
      />
      <ul class="counts">
        {lists.map(({ list, entries }) => (
          <li key={list}>
            {t(`overview.${list}`)} <span class="soft">{t('overview.entriesIn', { count: entries })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
