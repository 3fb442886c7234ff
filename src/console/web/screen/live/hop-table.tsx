import { useRef } from 'preact/hooks';
import { Cell, type Column, Headings } from '../../part/table.tsx';
import { t } from '../../text/index.ts';
import { useRowsInView } from './rows-in-view.ts';
import type { Hop } from './types.ts';
import { hopText, partyText, resultText } from './words.ts';

/** Height of a row in pixels, as the style of a table that scrolls has it. */
const ROW = 32;

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
  const { first, last } = useRowsInView(frame, { rows: hops.length, height: ROW, at });
  const columns = columnsOf(onSelect);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by itself, by keyboard too (WCAG 2.1.1)
    <section class="table scroll" aria-label={t('live.hops')} tabIndex={0} ref={frame}>
      <table aria-rowcount={hops.length + 1}>
        <caption class="unseen">{t('live.hops')}</caption>
        <thead>
          <tr aria-rowindex={1}>
            <Headings columns={columns} />
          </tr>
        </thead>
        <tbody>
          <Undrawn rows={first} columns={columns.length} />
          {hops.slice(first, last).map((hop, i) => (
            <tr key={hop.number} aria-rowindex={first + i + 2} aria-current={hop.number === selected || undefined}>
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={hop} />
              ))}
            </tr>
          ))}
          <Undrawn rows={hops.length - last} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

/** The room of rows that are not drawn. */
const Undrawn = ({ rows, columns }: { readonly rows: number; readonly columns: number }) =>
  rows > 0 ? (
    <tr class="space" style={{ blockSize: `${rows * ROW}px` }}>
      <td colSpan={columns} />
    </tr>
  ) : null;

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
