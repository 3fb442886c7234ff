import { useRef } from 'preact/hooks';
import { Head, ROW_HEIGHT, Rows, Space } from '../../part/scrolled-rows.tsx';
import type { Column } from '../../part/table.tsx';
import { t } from '../../text/index.ts';
import { useRowsInView } from './rows-in-view.ts';
import type { Hop } from './types.ts';
import { hopText, partyText, resultText } from './words.ts';

/** The hops of the drawing in a table, for people who do not see it. However many there are, only the rows in view are in the page. */
export function HopTable({
  hops,
  selected,
  onSelect,
}: {
  readonly hops: readonly Hop[];
  readonly selected: number | undefined;
  onSelect(hop: Hop): void;
}) {
  const frame = useRef<HTMLElement>(null);
  const at = hops.findIndex(({ number }) => number === selected);
  const { first, last } = useRowsInView(frame, { rows: hops.length, height: ROW_HEIGHT, at });
  const columns = columnsOf(onSelect);
  const shown = hops.slice(first, last).map((hop, i) => [first + i, hop] as const);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by itself, by keyboard too (WCAG 2.1.1)
    <section class="table scroll" aria-label={t('live.hops')} tabIndex={0} ref={frame}>
      <table aria-rowcount={hops.length + 1}>
        <caption class="unseen">{t('live.hops')}</caption>
        <Head columns={columns} />
        <tbody>
          <Space pixels={first * ROW_HEIGHT} columns={columns.length} />
          <Rows {...{ shown, columns, selected }} keyOf={({ number }) => number} />
          <Space pixels={(hops.length - last) * ROW_HEIGHT} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

const columnsOf = (onSelect: (hop: Hop) => void): readonly Column<Hop>[] => [
  {
    ...{ name: 'number', heading: t('live.number'), isRowHeading: true },
    cell: (hop) => (
      <button type="button" class="button quiet" onClick={() => onSelect(hop)}>
        {hop.number}
      </button>
    ),
  },
  { name: 'step', heading: t('live.step'), cell: ({ step }) => step ?? '' },
  { name: 'from', heading: t('live.from'), cell: ({ from }) => partyText(from) },
  { name: 'to', heading: t('live.to'), cell: ({ to }) => partyText(to) },
  {
    ...{ name: 'what', heading: t('live.what') },
    cell: (hop) => (
      <>
        {hopText(hop)}
        {hop.isAltered && <strong class="node-failed"> {t('live.altered')}</strong>}
      </>
    ),
  },
  { name: 'clause', heading: t('live.clause'), cell: ({ clause }) => clause ?? '' },
  { name: 'result', heading: t('live.result'), isCode: true, cell: resultText },
];
