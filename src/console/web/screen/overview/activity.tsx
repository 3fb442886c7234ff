import { useMemo } from 'preact/hooks';
import { useAddress } from '../../address.ts';
import type { AnswerOf } from '../../api/client.ts';
import { useRead } from '../../api/use-read.ts';
import { useNow } from '../../clock.ts';
import { Chart, type Series } from '../../part/chart.tsx';
import { Select } from '../../part/field.tsx';
import { Loading, ProblemNote } from '../../part/states.tsx';
import { useStore } from '../../store.ts';
import { language, t } from '../../text/index.ts';

type Point = AnswerOf<'GET /api/v1/overview/series'>['points'][number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What can be looked at: how long, in steps of what, and over what its reports are counted. */
const SPANS = {
  '30m': { length: 30 * MINUTE, step: 'tenSeconds', stepLength: 10 * SECOND, reportsPer: MINUTE },
  '24h': { length: DAY, step: 'minute', stepLength: MINUTE, reportsPer: MINUTE },
  '30d': { length: 30 * DAY, step: 'hour', stepLength: HOUR, reportsPer: HOUR },
} as const;
type SpanName = keyof typeof SPANS;

const isSpan = (text: string | undefined): text is SpanName => text !== undefined && Object.hasOwn(SPANS, text);

/** Checks and reports over time; the span is in the address. */
export function Activity({ isPaused }: { readonly isPaused: boolean }) {
  const { query, setQuery } = useAddress();
  const name = isSpan(query['span']) ? query['span'] : '30m';
  const { length, step, stepLength } = SPANS[name];
  const now = useNow(isPaused ? DAY : 10 * SECOND);
  // Whole steps alone: the one that has only begun would look like a fall.
  const to = Math.floor(now / stepLength) * stepLength;
  const { value, problem, again } = useRead('/api/v1/overview/series', {
    query: { from: new Date(to - length).toISOString(), to: new Date(to).toISOString(), step },
  });
  return (
    <section class="activity" aria-label={t('overview.activity')}>
      <header>
        <h2>{t('overview.activity')}</h2>
        <Select
          label={t('overview.span')}
          value={name}
          options={[
            ['30m', t('overview.span30m')],
            ['24h', t('overview.span24h')],
            ['30d', t('overview.span30d')],
          ]}
          onChange={(chosen) => setQuery({ span: chosen })}
        />
      </header>
      {problem && <ProblemNote problem={problem} onRetry={again} />}
      {value === undefined ? problem === undefined && <Loading /> : <Charts points={value.points} span={name} />}
    </section>
  );
}

/** Figures after the point are noise in a drawing. */
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** The lines of both drawings. */
function linesOf(points: readonly Point[], span: SpanName) {
  const { stepLength, reportsPer } = SPANS[span];
  const times = points.map(({ from }) => Date.parse(from));
  const checks = (name: string) => points.map(({ checks }) => rounded(((checks[name] ?? 0) * SECOND) / stepLength));
  const reports = (...names: readonly string[]) =>
    points.map(({ reports }) => {
      const sum = names.reduce((found, name) => found + (reports[name] ?? 0), 0);
      return rounded((sum * reportsPer) / stepLength);
    });
  const checkLines: readonly Series[] = [
    { name: t('part.permitted'), values: checks('permitted'), colour: '--good' },
    { name: t('part.tracking'), values: checks('tracking'), colour: '--watch', dash: [6, 3] },
    { name: t('part.prohibited'), values: checks('prohibited'), colour: '--bad', dash: [2, 2] },
    { name: t('overview.unknown'), values: checks('unknown'), colour: '--soft', dash: [8, 3, 2, 3] },
  ];
  const proved = reports('attested', 'attested-static', 'signed');
  const reportLines: readonly Series[] = [
    { name: t('overview.provedReports'), values: proved, colour: '--good' },
    { name: t('overview.claimedReports'), values: reports('claimed'), colour: '--watch', dash: [6, 3] },
    { name: t('overview.refutedReports'), values: reports('refuted'), colour: '--bad', dash: [2, 2] },
  ];
  return { times, checkLines, reportLines };
}

function Charts({ points, span }: { readonly points: readonly Point[]; readonly span: SpanName }) {
  const spoken = useStore(language);
  const { times, checkLines, reportLines } = useMemo(() => linesOf(points, span), [points, span, spoken]);
  return (
    <div class="charts">
      <Chart caption={t('overview.checksOverTime')} times={times} series={checkLines} />
      <Chart
        caption={t(span === '30d' ? 'overview.reportsPerHour' : 'overview.reportsOverTime')}
        times={times}
        series={reportLines}
      />
    </div>
  );
}
