import { addressOf } from '../../api/client.ts';
import { Select } from '../../part/field.tsx';
import { Empty } from '../../part/states.tsx';
import { Tabs } from '../../part/tabs.tsx';
import type { WholeIdentities } from '../../part/whole-identities.tsx';
import { may } from '../../session.ts';
import { t } from '../../text/index.ts';
import { HopTable } from './hop-table.tsx';
import { Ladder } from './ladder.tsx';
import { Playback } from './playback.tsx';
import type { Hop, Place } from './types.ts';
import { OPERATOR_PARTIES, PARTIES } from './words.ts';

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
  readonly place: Place;
  /** How octets are asked for; without it an operator gives none. */
  readonly whole: WholeIdentities;
  onSelect(hop: Hop): void;
  onView(view: View): void;
}

/** The hops of the exchange, drawn or in a table, and their export. */
export function Hops({ hops, selected, view, exchange, place, whole, onSelect, onView }: HopsView) {
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
          <Ladder
            hops={hops}
            parties={place === 'operator' ? OPERATOR_PARTIES : PARTIES}
            selected={selected}
            onSelect={onSelect}
          />
        )}
      </Tabs>
      {exchange !== undefined && <Exports {...{ exchange, place, whole }} />}
    </section>
  );
}

/** The exchange as a file. What has octets of real people in it is asked for as they are. */
function Exports({ exchange, place, whole }: Pick<HopsView, 'place' | 'whole'> & { readonly exchange: number }) {
  if (place === 'operator' && whole.identities === undefined)
    return may('identities.whole') ? <p class="soft">{t('live.exportWhole')}</p> : null;
  const begin = place === 'operator' ? '/api/v1' : '/api/v1/laboratory';
  const of = (what: string) => addressOf(`${begin}/exchanges/{exchange}/${what}`, { exchange }, whole);
  return (
    <p class="exports">
      <a href={of('capture')} download>
        {t('live.exportPcapng')}
      </a>
      <a href={of('record')} download={`assay-${exchange}.json`}>
        {t('live.exportJson')}
      </a>
    </p>
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
