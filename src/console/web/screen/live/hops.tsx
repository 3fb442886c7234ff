import { Select } from '../../part/field.tsx';
import { Empty } from '../../part/states.tsx';
import { Tabs } from '../../part/tabs.tsx';
import { t } from '../../text/index.ts';
import { HopTable } from './hop-table.tsx';
import { Ladder } from './ladder.tsx';
import { Playback } from './playback.tsx';
import type { Hop } from './types.ts';

/** The same hops, as a drawing or as a table. */
export type View = 'drawing' | 'table';
/** Which of them: those that tell the story, or all. */
export type Filter = 'story' | 'all';

/** How the hops of an exchange are looked at. */
export interface HopsView {
  readonly hops: readonly Hop[];
  readonly selected: number | undefined;
  readonly view: View;
  readonly exchange: number | undefined;
  onSelect(hop: Hop): void;
  onView(view: View): void;
}

/** The hops of the exchange, drawn or in a table, and their export. */
export function Hops({ hops, selected, view, exchange, onSelect, onView }: HopsView) {
  return (
    <section class="live-hops" aria-label={t('live.hopsOf')}>
      <Tabs
        label={t('live.view')}
        tabs={[
          ['drawing', t('live.drawing')],
          ['table', t('live.table')],
        ]}
        open={view}
        onOpen={onView}
      >
        {hops.length === 0 ? (
          <Empty>{t('live.noHops')}</Empty>
        ) : view === 'table' ? (
          <HopTable hops={hops} selected={selected} onSelect={onSelect} />
        ) : (
          <Ladder hops={hops} selected={selected} onSelect={onSelect} />
        )}
      </Tabs>
      {exchange !== undefined && (
        <p class="exports">
          <a href={`/api/v1/laboratory/exchanges/${exchange}/capture`} download>
            {t('live.exportPcapng')}
          </a>
          <a href={`/api/v1/laboratory/exchanges/${exchange}/record`} download={`assay-${exchange}.json`}>
            {t('live.exportJson')}
          </a>
        </p>
      )}
    </section>
  );
}

/** What is shown of the hops, and playback. */
export function HopsBar({
  hops,
  all,
  selected,
  filter,
  onSelect,
  onFilter,
}: {
  readonly hops: readonly Hop[];
  /** How many there are, the filter left aside. */
  readonly all: number;
  readonly selected: number | undefined;
  readonly filter: Filter;
  onSelect(hop: Hop): void;
  onFilter(filter: Filter): void;
}) {
  return (
    <>
      <Select
        label={t('live.filter')}
        value={filter}
        options={[
          ['story', t('live.filterStory')],
          ['all', t('live.filterAll', { count: all })],
        ]}
        onChange={onFilter}
      />
      <Playback hops={hops} selected={selected} onSelect={onSelect} />
    </>
  );
}
