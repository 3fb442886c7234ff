import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Problem } from '../api/client.ts';
import { t } from '../text/index.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { boxHeight, type Heights, isAtWrongEnd, type Scroll, scrolled, scrollTo } from './long-scroll.ts';
import { NO_ROWS, type RowsHeld, type ScrollPage, type Wanted, wantedOf, withPage } from './rows-held.ts';
import { Head, ROW_HEIGHT, Rows, Space } from './scrolled-rows.tsx';
import { ProblemNote } from './states.tsx';
import type { Column } from './table.tsx';

export type { ScrollPage } from './rows-held.ts';

/** Rows drawn above and below what is seen. */
const MARGIN = 12;
/** After the last scrolling, until the view counts as at rest. */
const REST_MILLISECONDS = 250;
/** Until numbers that are being counted are asked for again. */
const AGAIN_MILLISECONDS = 2000;

/** What a ScrollTable is given. */
interface ScrollTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly query: string;
  /** Reads a page: the one behind `cursor`, which the page before gave as its `next`; of pages with a `place`, what `wanted` says. */
  load(cursor: string | undefined, wanted: Wanted<Row>): Promise<Answer<ScrollPage<Row>>>;
  keyOf(row: Row): string;
  readonly selected?: string | undefined;
  /** Rows there are in all, where that is known otherwise. */
  readonly total?: number | undefined;
  readonly empty: ComponentChildren;
  /** From where it is shown at first, as `onRest` told; understood by `load` alone. */
  readonly start?: string | undefined;
  /** Hears which row is the first one seen, when the view rests; undefined: the first of all. */
  onRest?(row: Row | undefined): void;
}

/**
 * A table of any length that is scrolled: rows are read as they come into view, and only those are in the page, so that a million rows scroll
 * as a hundred do. Where the pages say which row they begin with, the scroll bar, Home, End and a row number jump to any place. `query` names
 * what is shown: another one begins at `start`. Rows are of one height.
 */
export function ScrollTable<Row>(props: ScrollTableProps<Row>) {
  const { caption, columns, keyOf, selected, total, empty } = props;
  const frame = useRef<HTMLElement>(null);
  const { held, problem, again, number, view, height, move, onScroll } = useRows(frame, props);
  const from = Math.max(0, view.first - held.first);
  const shown = held.rows
    .slice(from, Math.max(from, view.last + 1 - held.first))
    .map((row, at) => [held.first + from + at, row] as const);
  const above = (shown[0]?.[0] ?? view.first) * ROW_HEIGHT + view.offset;
  const below = Math.max(0, height - above - shown.length * ROW_HEIGHT);
  const isKnown = held.isExact || (held.total === undefined && held.isEnd);
  const isEmpty = held.isEnd && held.rows.length === 0 && held.first === 0;
  return (
    <>
      <section
        class="table scroll"
        aria-label={caption}
        aria-busy={shown.length === 0 && !isEmpty}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by itself, by keyboard too (WCAG 2.1.1)
        tabIndex={0}
        ref={frame}
        onScroll={onScroll}
      >
        <table aria-rowcount={isKnown ? number + 1 : (total ?? -1)}>
          <caption class="unseen">{caption}</caption>
          <Head columns={columns} />
          <tbody>
            <Space pixels={above} columns={columns.length} />
            <Rows {...{ shown, columns, keyOf, selected }} isNumbered={isKnown || held.total === undefined} />
            <Space pixels={below} columns={columns.length} />
          </tbody>
        </table>
        {problem && <ProblemNote problem={problem} onRetry={again} />}
        {isEmpty && <p class="state">{empty}</p>}
        {held === NO_ROWS && problem === undefined && <p class="state">{t('part.loading')}…</p>}
      </section>
      <Place first={Math.floor(view.top)} seen={view.seen} held={held} onGo={move} />
    </>
  );
}

/** The rows that are there, read as they come into view. */
function useRows<Row>(
  frame: { readonly current: HTMLElement | null },
  { query, load, keyOf, start, onRest }: ScrollTableProps<Row>,
) {
  const [held, setHeld] = useState<RowsHeld<Row>>(NO_ROWS);
  const [problem, setProblem] = useState<Problem>();
  const number = held.total ?? held.first + held.rows.length + (held.isEnd ? 0 : MARGIN);
  const { view, height, move, shift, onScroll } = useView(frame, number);
  const reading = useRef('');
  const read = (wanted: Wanted<Row>) => {
    const name = `${query} ${JSON.stringify(wanted)}`;
    if (reading.current !== '') return;
    reading.current = name;
    void load('after' in wanted ? held.next : undefined, wanted).then((answer) => {
      if (reading.current !== name) return;
      reading.current = '';
      if (!answer.ok) return setProblem(answer.problem);
      const { rows, by } = withPage(held, wanted, answer.value, keyOf);
      setHeld(rows);
      if ('from' in wanted) move(rows.first);
      else shift(by);
    });
  };
  useEffect(() => {
    setHeld(NO_ROWS);
    setProblem(undefined);
    reading.current = '';
    if (start === undefined) move(0);
  }, [query]);
  useEffect(() => {
    const wanted = held === NO_ROWS && start !== undefined ? { from: start } : wantedOf(held, view);
    if (wanted !== undefined && problem === undefined) read(wanted);
  });
  const again = () => {
    reading.current = '';
    setProblem(undefined);
  };
  const isCounting = held !== NO_ROWS && held.total !== undefined && !held.isExact;
  useRepeated(isCounting, () => {
    const seen = held.rows[Math.floor(view.top) - held.first];
    if (seen !== undefined) read({ again: seen });
  });
  useRest(view.top, () => {
    const seen = held.rows[Math.ceil(view.top) - held.first];
    if (seen !== undefined) onRest?.(view.top < 1 ? undefined : seen);
  });
  return { held, problem, again, number, view, height, move, onScroll };
}

/** Which rows are seen, and the way to another one. */
function Place({
  first,
  seen,
  held: { total, isExact },
  onGo,
}: {
  readonly first: number;
  readonly seen: number;
  readonly held: RowsHeld<unknown>;
  onGo(row: number): void;
}) {
  const [row, setRow] = useState('');
  if (total === undefined || total === 0) return null;
  const values = { first: first + 1, last: Math.min(total, first + seen), total };
  return (
    <form
      class="place"
      onSubmit={(event) => {
        event.preventDefault();
        if (/^\d{1,15}$/.test(row)) onGo(Math.max(1, Number(row)) - 1);
      }}
    >
      <span class="soft">{t(isExact ? 'part.rowsSeen' : 'part.rowsSeenAbout', values)}</span>
      {total > seen && (
        <>
          <Field label={t('part.row')} type="number" value={row} onInput={setRow} />
          <Button type="submit">{t('part.goToRow')}</Button>
        </>
      )}
    </form>
  );
}

interface View {
  /** Rows to draw, and the first one seen, as a number that may have a part. */
  readonly first: number;
  readonly last: number;
  readonly top: number;
  /** Whole rows that fit. */
  readonly seen: number;
  /** From where a row stands among all rows to where it stands in the box, in pixels. */
  readonly offset: number;
}

/** What is seen of a number of rows in a box that is scrolled. */
function useView(frame: { readonly current: HTMLElement | null }, number: number) {
  const at = useRef<Scroll>({ top: 0, box: 0 });
  const [view, setView] = useState<View>({ first: 0, last: 40, top: 0, seen: 1, offset: 0 });
  const heights = (): Heights => {
    const headings = frame.current?.querySelector('thead')?.clientHeight ?? 0;
    return { rows: number * ROW_HEIGHT, seen: Math.max(ROW_HEIGHT, (frame.current?.clientHeight ?? 0) - headings) };
  };
  const look = () => {
    const { seen } = heights();
    const { top, box } = at.current;
    const offset = box - top;
    // What would stand above the box cannot be drawn.
    const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - MARGIN, Math.ceil(-offset / ROW_HEIGHT));
    const last = Math.min(number, Math.ceil((top + seen) / ROW_HEIGHT) + MARGIN);
    const next = { first, last, top: top / ROW_HEIGHT, seen: Math.floor(seen / ROW_HEIGHT), offset };
    setView((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  };
  /** Puts the box where the rows are. */
  const put = (top: number) => {
    at.current = scrollTo(top, heights());
    if (frame.current !== null && frame.current.scrollTop !== at.current.box) frame.current.scrollTop = at.current.box;
    look();
  };
  /** A row to go to, once the box is as tall as all rows are. */
  const [wish, setWish] = useState<{ readonly row: number }>();
  const done = useRef<object | undefined>(undefined);
  useLayoutEffect(() => {
    if (wish === undefined || done.current === wish) return look();
    done.current = wish;
    put(wish.row * ROW_HEIGHT);
  }, [number, wish]);
  useRest(view.top, () => {
    if (frame.current !== null && Math.abs(frame.current.scrollTop - at.current.box) <= 1) put(at.current.top);
  });
  const latest = useRef(number);
  latest.current = number;
  useEffect(() => {
    const box = frame.current;
    // The ends of a box that is less tall than its rows are not those of the browser.
    const toEnd = (event: KeyboardEvent) => {
      if (event.target !== box || (event.key !== 'Home' && event.key !== 'End')) return;
      event.preventDefault();
      setWish({ row: event.key === 'Home' ? 0 : latest.current });
    };
    box?.addEventListener('keydown', toEnd);
    return () => box?.removeEventListener('keydown', toEnd);
  }, []);
  return {
    view,
    height: boxHeight({ rows: number * ROW_HEIGHT, seen: view.seen * ROW_HEIGHT }),
    move: (row: number) => setWish({ row }),
    /** Rows came or went above what is seen: the same ones are seen on. */
    shift: (by: number) => {
      if (by !== 0) setWish({ row: at.current.top / ROW_HEIGHT + by });
    },
    onScroll() {
      if (frame.current === null || frame.current.scrollTop === at.current.box) return;
      at.current = scrolled(at.current, frame.current.scrollTop, heights());
      if (isAtWrongEnd(at.current, heights())) put(at.current.top);
      else look();
    },
  };
}

/** Does something when a number has not changed for a while. */
function useRest(number: number, then: () => void) {
  const latest = useRef(then);
  latest.current = then;
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [number]);
}

/** Does something again and again while something is so. */
function useRepeated(isSo: boolean, then: () => void) {
  const latest = useRef(then);
  latest.current = then;
  useEffect(() => {
    if (!isSo) return;
    const timer = setInterval(() => latest.current(), AGAIN_MILLISECONDS);
    return () => clearInterval(timer);
  }, [isSo]);
}
