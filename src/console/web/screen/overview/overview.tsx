import { useCallback } from 'preact/hooks';
import { useRead } from '../../api/use-read.ts';
import { useHappenings } from '../../live.ts';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { Table } from '../../part/table.tsx';
import { Tile, Tiles } from '../../part/tiles.tsx';
import { numberText, t } from '../../text/index.ts';
import { ScreenHeading } from '../screen-heading.tsx';

const AGAIN_MILLISECONDS = 5000;

/** Screen 1: how the operator is doing. */
export default function Overview() {
  const { value, problem, again } = useRead('/api/v1/status', {}, AGAIN_MILLISECONDS);
  useHappenings(useCallback(() => again(), [again]));
  return (
    <>
      <ScreenHeading title={t('overview.title')} />
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Status status={value} />}
    </>
  );
}

type StatusAnswer = NonNullable<ReturnType<typeof useRead<'/api/v1/status'>>['value']>;

function Status({ status: { levels, subscribers, outbox, lists, problem } }: { readonly status: StatusAnswer }) {
  const count = (...names: readonly string[]) => names.reduce((sum, name) => sum + (levels[name] ?? 0), 0);
  const waiting = (outbox['queued'] ?? 0) + (outbox['built'] ?? 0) + (outbox['sent'] ?? 0);
  return (
    <>
      {problem && (
        <p class="note bad" role="alert">
          {t('overview.trouble', { problem })}
        </p>
      )}
      <Tiles label={t('overview.title')}>
        <Tile words={t('overview.uiccs', { count: subscribers })} value={subscribers} />
        <Tile words={t('overview.proved')} value={count('attested', 'attested-static', 'signed')} tone="good" />
        <Tile words={t('overview.claimed')} value={count('claimed')} tone="watch" />
        <Tile words={t('overview.refuted')} value={count('refuted')} tone="bad" />
        <Tile words={t('overview.ordersWaiting')} value={waiting} />
        <Tile words={t('overview.ordersFailed')} value={outbox['failed'] ?? 0} tone="bad" />
      </Tiles>
      <Table
        caption={t('overview.lists')}
        rows={lists}
        keyOf={({ list }) => list}
        empty=""
        columns={[
          { name: 'list', heading: t('overview.list'), isRowHeading: true, cell: ({ list }) => t(`overview.${list}`) },
          {
            name: 'entries',
            heading: t('overview.entries'),
            isNumber: true,
            cell: ({ entries }) => numberText(entries),
          },
          {
            name: 'expired',
            heading: t('overview.expired'),
            isNumber: true,
            cell: ({ expired }) => numberText(expired),
          },
        ]}
      />
    </>
  );
}
