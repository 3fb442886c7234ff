import type { ComponentChildren } from 'preact';
import { t } from '../text/index.ts';
import { Button } from './button.tsx';

/** One column: its heading, and what a row shows in it. */
export interface Column<Row> {
  readonly name: string;
  readonly heading: string;
  /** Figures, set to the end of the line. */
  readonly isNumber?: boolean;
  /** Octets and identities: figures of one width. */
  readonly isCode?: boolean;
  /** The cell that names the row. */
  readonly isRowHeading?: boolean;
  cell(row: Row): ComponentChildren;
}

/** A table of one page of rows. `empty` is what stands there when there are none. Rows that lead somewhere have a link in their heading cell. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
  selected,
  empty,
  isCaptionHidden = false,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string | number;
  /** The key of the row that is shown elsewhere on the screen. */
  readonly selected?: string | number | undefined;
  readonly empty: ComponentChildren;
  readonly isCaptionHidden?: boolean;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the screen is scrolled by itself, by keyboard too (WCAG 2.1.1)
    <section class="table" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={isCaptionHidden ? 'unseen' : undefined}>{caption}</caption>
        <thead>
          <tr>
            <Headings columns={columns} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            return (
              <tr key={key} aria-current={key === selected || undefined}>
                {columns.map((column) => (
                  <Cell key={column.name} column={column} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && <p class="state">{empty}</p>}
    </section>
  );
}

/** The headings of a table's columns, within their row. */
export function Headings<Row>({ columns }: { readonly columns: readonly Column<Row>[] }) {
  return columns.map(({ name, heading, isNumber }) => (
    <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
      {heading}
    </th>
  ));
}

/** What a row shows in one column. */
export function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const { isNumber, isCode, isRowHeading, cell } = column;
  const look = [isNumber && 'number', isCode && 'code'].filter(Boolean).join(' ') || undefined;
  return isRowHeading ? (
    <th scope="row" class={look}>
      {cell(row)}
    </th>
  ) : (
    <td class={look}>{cell(row)}</td>
  );
}

/** The way through a list that the operator gives page by page (`use-pages.ts`). */
export function Pager({
  caption,
  count,
  onFirst,
  onPrevious,
  onNext,
}: {
  readonly caption: string;
  /** Rows there are in all, where that is known. */
  readonly count?: number | undefined;
  readonly onFirst?: (() => void) | undefined;
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
}) {
  return (
    <nav class="pager" aria-label={t('part.pages', { caption })}>
      {count !== undefined && <span class="soft">{t('part.rows', { count })}</span>}
      <Button isDisabled={onFirst === undefined} onClick={() => onFirst?.()}>
        {t('part.firstPage')}
      </Button>
      <Button icon="previous" isDisabled={onPrevious === undefined} onClick={() => onPrevious?.()}>
        {t('part.previousPage')}
      </Button>
      <Button icon="next" isDisabled={onNext === undefined} onClick={() => onNext?.()}>
        {t('part.nextPage')}
      </Button>
    </nav>
  );
}
