import Type from 'typebox';
import { type ActivityStep, type ActivitySum, ANSWERS, STEPS } from '#operator/activity/index.ts';
import { EVIDENCE_LEVELS, SEVERITIES } from '#operator/evidence/index.ts';
import { ORDER_STATES } from '#operator/gateway/index.ts';
import { LISTS, REGISTER_MODES } from '#operator/register/index.ts';
import { momentOf } from '../given.ts';
import { type Operation, operation } from '../operation.ts';
import { keptCounts, type OverviewCounts } from '../overview-counts.ts';
import { powerOnView } from '../power-on.ts';
import { ProblemError } from '../problem.ts';
import { VALUE } from '../refusals.ts';
import { Count, closed, GivenTime, IccidText, Identity, list, names, ShownImei, Text, Time } from '../schema.ts';
import type { ApiSources } from '../sources.ts';
import { optionalTime, time } from '../view.ts';

const EvidenceLevel = names(EVIDENCE_LEVELS);
const STEP_STATES = ['done', 'failed', 'waits', 'unknown'] as const;

const PowerOn = closed({
  report: Count,
  at: Time,
  iccid: IccidText,
  imsi: Identity,
  imei: Type.Optional(ShownImei),
  level: EvidenceLevel,
  result: Text,
  reason: Text,
  steps: Type.Array(closed({ step: Type.Integer({ minimum: 101, maximum: 104 }), state: names(STEP_STATES) }), {
    description: 'of the patent’s figure 2, as far as the operator knows them',
  }),
  answer: Type.Optional(
    closed({
      id: Count,
      order: Text,
      state: names(ORDER_STATES),
      sentAt: Type.Optional(Time),
      deliveredAt: Type.Optional(Time),
      doneAt: Type.Optional(Time),
      outcome: Text,
    }),
  ),
});

const ListAge = closed({
  list: names(LISTS),
  source: Text,
  importedAt: { ...Time, description: 'the last file that stands' },
  name: Type.String({ description: 'of that file' }),
  expectedMilliseconds: Type.Optional({
    ...Count,
    description:
      'the usual time between two files of this list and source: the median of the last ten; missing before the third',
  }),
  isLate: Type.Boolean({ description: 'more than twice that time has gone by' }),
});

const Overview = closed({
  time: Time,
  mode: names(REGISTER_MODES),
  subscribers: { ...Count, description: 'UICCs issued' },
  proved: { ...Count, description: 'UICCs whose last report proved the IMEI' },
  unproved: { ...Count, description: 'UICCs that never reported, or whose last report proved nothing' },
  refuted: { ...Count, description: 'UICCs whose last report refuted the IMEI' },
  mismatches: { ...Count, description: 'subscribers of whom the network was told another IMEI than the proved one' },
  prohibitedHits: { ...Count, description: 'checks answered Prohibited within the last 24 hours' },
  localBlocks: { ...Count, description: 'UICCs that blocked by themselves, without the network' },
  levels: Type.Record(Text, Count, { description: `UICCs by evidence: ${EVIDENCE_LEVELS.join(', ')}` }),
  lists: list(closed({ list: names(LISTS), entries: Count, expired: Count })),
  listAges: list(ListAge),
  checksPerSecond: Type.Number({ minimum: 0, description: 'of all processes, over the last whole 30 seconds' }),
  alarms: closed(
    {
      open: Type.Record(Text, Count, { description: `by severity: ${SEVERITIES.join(', ')}` }),
      acknowledged: Type.Record(Text, Count),
    },
    'findings that are not closed',
  ),
  powerOns: Type.Array(PowerOn, { description: 'the newest first' }),
});

const MOST_POINTS = 2000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SERIES_STEPS = ['tenSeconds', 'minute', 'hour', 'day'] as const;
type SeriesStep = (typeof SERIES_STEPS)[number];
const LENGTH: Readonly<Record<SeriesStep, number>> = {
  tenSeconds: STEPS.tenSeconds.milliseconds,
  minute: STEPS.minute.milliseconds,
  hour: STEPS.hour.milliseconds,
  day: DAY,
};

const Point = closed({
  from: { ...Time, description: 'when this step began' },
  checks: Type.Record(Text, Count, { description: `by answer: ${ANSWERS.join(', ')}` }),
  reports: Type.Record(Text, Count, { description: `by evidence: ${EVIDENCE_LEVELS.join(', ')}` }),
});

/** Sums of a day from those of its hours; of other steps as they are. */
const rowsOfStep = (step: SeriesStep): ActivityStep => (step === 'day' ? 'hour' : step);

/** Every step from `from` on, those in which nothing happened too. */
function points(sums: readonly ActivitySum[], step: SeriesStep, from: number, to: number) {
  const length = LENGTH[step];
  const first = Math.floor(from / length) * length;
  const made = Array.from({ length: Math.ceil((to - first) / length) }, (_, at) => ({
    from: time(first + at * length),
    checks: {} as Record<string, number>,
    reports: {} as Record<string, number>,
  }));
  for (const { from: at, counter, number } of sums) {
    const point = made[Math.floor((at - first) / length)];
    const [what = '', name = ''] = counter.split('.');
    const into = what === 'answer' ? point?.checks : point?.reports;
    if (into !== undefined) into[name] = (into[name] ?? 0) + number;
  }
  return made;
}

function span(now: number, query: { readonly from?: string; readonly to?: string; readonly step?: SeriesStep }) {
  const to = query.to === undefined ? now : momentOf(query.to, 'to');
  const from = query.from === undefined ? to - HOUR : momentOf(query.from, 'from');
  if (from >= to) throw new ProblemError('invalid-value', { ...VALUE.say('timesBackwards'), at: 'from' });
  const { tenSeconds, minute, hour } = STEPS;
  const step =
    query.step ??
    (to - from <= HOUR / 2 && now - from < tenSeconds.keptFor
      ? 'tenSeconds'
      : to - from <= DAY && now - from < minute.keptFor
        ? 'minute'
        : to - from <= 60 * DAY && now - from < hour.keptFor
          ? 'hour'
          : 'day');
  if ((to - from) / LENGTH[step] > MOST_POINTS)
    throw new ProblemError('invalid-value', { ...VALUE.say('tooManySteps', { most: MOST_POINTS }), at: 'step' });
  return { from, to, step };
}

function overview(sources: ApiSources, counts: OverviewCounts) {
  const { clock, register } = sources;
  return {
    time: time(clock.now()),
    mode: register.mode(),
    ...counts,
    listAges: counts.listAges.map(({ importedAt, ...age }) => ({ ...age, importedAt: time(importedAt) })),
  };
}

/** How the operator is doing at one look. */
export function overviewOperations(): readonly Operation[] {
  const counts = keptCounts();
  return [
    operation({
      id: 'getOverview',
      method: 'GET',
      path: '/api/v1/overview',
      tag: 'operation',
      summary:
        'How the operator is doing at one look: what is proved and what is not, hits, alarms, ages of the lists, the newest power-ons.',
      description: 'Numbers of whole tables may be 5 seconds old; the newest power-ons are not.',
      permission: 'status.read',
      showsIdentities: true,
      query: closed({
        powerOns: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'How many; default 20.' })),
      }),
      answer: Overview,
      run: ({ sources, query, identities }) => ({
        ...overview(sources, counts(sources)),
        powerOns: sources.evidence
          .reports(query.powerOns ?? 20)
          .map((report) => powerOnView(report, sources.gateway.outbox.answerTo(report.id), identities)),
      }),
    }),
    operation({
      id: 'getOverviewSeries',
      method: 'GET',
      path: '/api/v1/overview/series',
      tag: 'operation',
      summary: 'Checks by answer and reports by evidence over time, of all processes together.',
      description:
        'Ten seconds are kept for an hour, minutes for three days, hours for 400 days. Without `step` the shortest that makes a picture.',
      permission: 'status.read',
      query: closed({
        from: Type.Optional({ ...GivenTime, description: 'Default an hour before `to`.' }),
        to: Type.Optional({ ...GivenTime, description: 'Not included; default now.' }),
        step: Type.Optional(names(SERIES_STEPS)),
      }),
      answer: closed({ from: Time, to: Time, step: names(SERIES_STEPS), points: list(Point) }),
      run({ sources: { activity, clock }, query }) {
        const { from, to, step } = span(clock.now(), query);
        const length = LENGTH[step];
        const sums = activity.sums(rowsOfStep(step), Math.floor(from / length) * length, to);
        return { from: time(from), to: optionalTime(to) ?? '', step, points: points(sums, step, from, to) };
      },
    }),
  ];
}
