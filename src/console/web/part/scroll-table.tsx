import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Problem } from '../api/client.ts';
import { t } from '../text/index.ts';
import { ProblemNote } from './states.tsx';
import { Cell, type Column, Headings } from './table.tsx';

/** A page of rows, and where the next one begins; undefined at the end. */
export interface ScrollPage<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Pages kept; what is far away is read again when it comes back. */
const MOST_KEPT = 12;
const ROW_HEIGHT = 32;
/** Rows drawn above and below what is seen. */
const MARGIN = 12;

interface Held<Row> {
  /** Where each page begins, as far as was read. */
  readonly cursors: readonly (string | undefined)[];
  readonly sizes: readonly number[];
  readonly pages: ReadonlyMap<number, readonly Row[]>;
  readonly isEnd: boolean;
}

const nothing = <Row,>(): Held<Row> => ({ cursors: [undefined], sizes: [], pages: new Map(), isEnd: false });

/**
 * A table of any length that is scrolled: pages are read as they come into view, and only the rows in view are in the page, so that a million
 * rows scroll as a hundred do. `query` names what is shown: another one begins at the top. Rows are of one height.
 */
export function ScrollTable<Row>({
  caption,
  columns,
  query,
  load,
  keyOf,
  selected,
  total,
  empty,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly query: string;
  load(cursor: string | undefined): Promise<Answer<ScrollPage<Row>>>;
  keyOf(row: Row): string;
  readonly selected?: string | undefined;
  /** Rows there are in all, where that is known. */
  readonly total?: number | undefined;
  readonly empty: ComponentChildren;
}) {
  const frame = useRef<HTMLElement>(null);
  const [held, setHeld] = useState<Held<Row>>(nothing);
  const [view, setView] = useState({ first: 0, last: 40 });
  const [problem, setProblem] = useState<Problem>();
  const reading = useRef('');
  useEffect(() => {
    setHeld(nothing());
    setProblem(undefined);
    reading.current = '';
    frame.current?.scrollTo({ top: 0 });
  }, [query]);
  const wanted = wantedPage(held, view);
  useEffect(() => {
    const name = `${query} ${wanted}`;
    if (wanted === undefined || reading.current === name || problem !== undefined) return;
    reading.current = name;
    void load(held.cursors[wanted]).then((answer) => {
      if (reading.current !== name) return;
      reading.current = '';
      if (answer.ok) setHeld((before) => withPage(before, wanted, answer.value));
      else setProblem(answer.problem);
    });
  });
  const look = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = frame.current ?? {};
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - MARGIN);
    const last = Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT) + MARGIN;
    setView((before) => (before.first === first && before.last === last ? before : { first, last }));
  }, []);
  useEffect(look, [look]);
  const known = held.sizes.reduce((sum, size) => sum + size, 0);
  const shown = rowsIn(held, view);
  const above = shown[0]?.[0] ?? 0;
  const below = Math.max(0, known - above - shown.length);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by itself, by keyboard too (WCAG 2.1.1)
    <section class="table scroll" aria-label={caption} tabIndex={0} ref={frame} onScroll={look}>
      <table aria-rowcount={held.isEnd ? known + 1 : (total ?? -1)}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr aria-rowindex={1}>
            <Headings columns={columns} />
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Space rows={above} columns={columns.length} />}
          {shown.map(([index, row]) => {
            const key = keyOf(row);
            return (
              <tr key={key} aria-rowindex={index + 2} aria-current={key === selected || undefined}>
                {columns.map((column) => (
                  <Cell key={column.name} column={column} row={row} />
                ))}
              </tr>
            );
          })}
          {below > 0 && <Space rows={below} columns={columns.length} />}
        </tbody>
      </table>
      {problem && (
        <ProblemNote
          problem={problem}
          onRetry={() => {
            reading.current = '';
            setProblem(undefined);
          }}
        />
      )}
      {held.isEnd && known === 0 && <p class="state">{empty}</p>}
      {!held.isEnd && problem === undefined && <p class="state">{t('part.loading')}…</p>}
    </section>
  );
}

/** The room of rows that are not drawn. */
const Space = ({ rows, columns }: { readonly rows: number; readonly columns: number }) => (
  <tr class="space" style={{ blockSize: `${rows * ROW_HEIGHT}px` }}>
    <td colSpan={columns} />
  </tr>
);

/** The page to read next: one in view that is not here, or the one after the last when its end comes into view. */
function wantedPage<Row>(held: Held<Row>, view: { readonly first: number; readonly last: number }): number | undefined {
  let start = 0;
  for (const [page, size] of held.sizes.entries()) {
    const isInView = start <= view.last && start + size >= view.first;
    if (isInView && !held.pages.has(page)) return page;
    start += size;
  }
  return !held.isEnd && start <= view.last ? held.sizes.length : undefined;
}

function withPage<Row>(held: Held<Row>, page: number, { rows, next }: ScrollPage<Row>): Held<Row> {
  const pages = new Map(held.pages).set(page, rows);
  // The farthest from the one just read goes.
  while (pages.size > MOST_KEPT) {
    const [first = page] = pages.keys();
    const farthest = [...pages.keys()].reduce(
      (far, one) => (Math.abs(one - page) > Math.abs(far - page) ? one : far),
      first,
    );
    pages.delete(farthest);
  }
  if (page < held.sizes.length)
    return { ...held, pages, sizes: held.sizes.map((size, at) => (at === page ? rows.length : size)) };
  return {
    pages,
    sizes: [...held.sizes, rows.length],
    cursors: next === undefined ? held.cursors : [...held.cursors, next],
    isEnd: next === undefined,
  };
}

function rowsIn<Row>(
  held: Held<Row>,
  view: { readonly first: number; readonly last: number },
): readonly (readonly [index: number, row: Row])[] {
  const found: (readonly [number, Row])[] = [];
  let start = 0;
  for (const [page, size] of held.sizes.entries()) {
    if (start <= view.last && start + size >= view.first)
      for (const [at, row] of (held.pages.get(page) ?? []).entries())
        if (start + at >= view.first && start + at <= view.last) found.push([start + at, row]);
    start += size;
  }
  return found;
}
