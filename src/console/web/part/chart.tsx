import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { clockText, dayText, numberText, t, timeText } from '../text/index.ts';
import { Table } from './table.tsx';
import 'uplot/dist/uPlot.min.css';

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Lengths of dashes and gaps: lines differ by more than their colour (WCAG 1.4.1). */
  readonly dash?: readonly number[];
  /** A token of style/tokens.css. */
  readonly colour: '--accent' | '--good' | '--watch' | '--bad' | '--soft';
}

/** A peak stays within the drawing. */
const HEADROOM = 1.08;
const HEIGHT = 160;
const DAY = 86_400_000;

/** The colour that a token has now: a canvas knows no custom properties. */
function colourOf(box: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * Lines over time, and the same as a table (for those who do not see the drawing). `times` are milliseconds since 1970. It is drawn again when
 * `times` or `series` are other lists: keep them by `useMemo` where the component around it is drawn often.
 */
export function Chart({
  caption,
  times,
  series,
}: {
  readonly caption: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
}) {
  const [isTable, setTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const reopen = useRef(() => {});
  const data = useMemo<uPlot.AlignedData>(
    () => [times.map((time) => time / 1000), ...series.map(({ values }) => [...values])],
    [times, series],
  );
  const latest = useRef(data);
  latest.current = data;
  const names = series.map(({ name, colour }) => `${name} ${colour}`).join(',');
  useEffect(() => {
    const place = box.current;
    if (place === null) return undefined;
    let isGone = false;
    const open = async () => {
      // The operator may be away just now: the table is there, and the next figures try again.
      const UPlot = await import('uplot').then(
        ({ default: loaded }) => loaded,
        () => undefined,
      );
      if (isGone || UPlot === undefined) return;
      plot.current?.destroy();
      plot.current = new UPlot(optionsOf(place, series), latest.current, place);
    };
    reopen.current = () => void open();
    reopen.current();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: place.clientWidth, height: HEIGHT }));
    resized.observe(place);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => void open();
    dark.addEventListener('change', recolour);
    const themed = new MutationObserver(recolour);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      isGone = true;
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', recolour);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [names]);
  useEffect(() => {
    if (plot.current === undefined) reopen.current();
    else plot.current.setData(data);
  }, [data]);
  return (
    <figure class="chart">
      <figcaption>{caption}</figcaption>
      <ul class="legend">
        {series.map(({ name, colour, dash }) => (
          <li key={name} class={colour.slice(2)}>
            <Sample dash={dash} />
            {name}
          </li>
        ))}
      </ul>
      <div ref={box} aria-hidden="true" class="plot" />
      <details onToggle={({ currentTarget }) => setTable(currentTarget.open)}>
        <summary>{t('part.asTable')}</summary>
        {isTable && <ChartTable {...{ caption, times, series }} />}
      </details>
    </figure>
  );
}

function optionsOf(place: HTMLElement, series: readonly Series[]): uPlot.Options {
  const [soft, line] = [colourOf(place, '--soft'), colourOf(place, '--line')];
  const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * HEADROOM)] } },
    axes: [
      { ...axis, values: (_plot, ticks) => tickTexts(ticks.map((tick) => tick * 1000)), space: 70 },
      { ...axis, values: (_plot, ticks) => ticks.map((tick) => numberText(tick)), size: 52 },
    ],
    series: [
      {},
      ...series.map(({ colour, dash }) => ({
        ...{ stroke: colourOf(place, colour), width: 1.5, points: { show: false } },
        ...(dash && { dash: [...dash] }),
      })),
    ],
  };
}

/** Days where ticks are days apart, else the time. */
function tickTexts(ticks: readonly number[]): string[] {
  const [first = 0, second = 0] = ticks;
  return ticks.map((tick) => (second - first >= DAY ? dayText(tick) : clockText(tick, 'minute')));
}

/** The line as it is drawn, beside its name. */
function Sample({ dash }: { readonly dash: readonly number[] | undefined }) {
  return (
    <svg viewBox="0 0 28 4" aria-hidden="true" focusable="false">
      <path d="M0 2h28" stroke-dasharray={dash?.join(' ')} />
    </svg>
  );
}

interface Row {
  readonly time: number;
  readonly index: number;
}

function ChartTable({
  caption,
  times,
  series,
}: {
  readonly caption: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
}) {
  const rows = times.map((time, index): Row => ({ time, index })).reverse();
  return (
    <Table<Row>
      caption={caption}
      isCaptionHidden
      rows={rows}
      keyOf={({ time }) => time}
      empty=""
      columns={[
        {
          name: 'time',
          heading: t('part.time'),
          isRowHeading: true,
          cell: ({ time }) => timeText(new Date(time).toISOString()),
        },
        ...series.map(({ name, values }) => ({
          name,
          heading: name,
          isNumber: true,
          cell: ({ index }: Row) => {
            const value = values[index];
            return value === null || value === undefined ? '' : numberText(value);
          },
        })),
      ]}
    />
  );
}
