import { STEPS } from '#operator/activity/index.ts';
import { FINDING_SEVERITY } from '#operator/evidence/index.ts';
import type { ImportedFile, ListCount, ListName } from '#operator/register/index.ts';
import { COUNTS_MILLISECONDS } from './list-counts.ts';
import type { ApiSources } from './sources.ts';

const DAY = 24 * 3_600_000;
/** Files of one list and source that its usual interval is made of. */
const MOST_GAPS = 10;
const FEWEST_GAPS = 2;
const FILES_LOOKED_AT = 1000;
/** Steps of ten seconds over which checks per second are counted. */
const RATE_STEPS = 3;

/** How old the last file of one list and source is. */
export interface ListAge {
  readonly list: ListName;
  readonly source: string;
  readonly importedAt: number;
  readonly name: string;
  readonly expectedMilliseconds?: number;
  readonly isLate: boolean;
}

/** Numbers that whole tables are read for. */
export interface OverviewCounts {
  readonly subscribers: number;
  readonly proved: number;
  readonly unproved: number;
  readonly refuted: number;
  readonly mismatches: number;
  readonly prohibitedHits: number;
  readonly localBlocks: number;
  readonly levels: Readonly<Record<string, number>>;
  readonly lists: readonly ListCount[];
  readonly listAges: readonly ListAge[];
  readonly checksPerSecond: number;
  readonly alarms: {
    readonly open: Readonly<Record<string, number>>;
    readonly acknowledged: Readonly<Record<string, number>>;
  };
}

/** The counts, taken anew after COUNTS_MILLISECONDS: a screen that renews itself costs little. */
export function keptCounts(): (sources: ApiSources) => OverviewCounts {
  let kept: { readonly at: number; readonly counts: OverviewCounts } | undefined;
  return (sources) => {
    const now = sources.clock.now();
    if (kept === undefined || Math.abs(now - kept.at) >= COUNTS_MILLISECONDS)
      kept = { at: now, counts: counted(sources) };
    return kept.counts;
  };
}

function counted(sources: ApiSources): OverviewCounts {
  const { clock, subscribers, evidence, activity, register } = sources;
  const now = clock.now();
  const levels = evidence.levels();
  const issued = subscribers.count();
  const [proved, refuted] = [
    (levels.attested ?? 0) + (levels['attested-static'] ?? 0) + (levels.signed ?? 0),
    levels.refuted ?? 0,
  ];
  const hits = activity.sums('hour', now - DAY, now + 1).filter(({ counter }) => counter === 'answer.prohibited');
  return {
    ...{ subscribers: issued, proved, refuted, unproved: Math.max(0, issued - proved - refuted) },
    mismatches: evidence.devices.mismatches(),
    prohibitedHits: hits.reduce((sum, { number }) => sum + number, 0),
    localBlocks: evidence.devices.localBlocks(),
    levels,
    lists: register.lists.counts(),
    listAges: listAges(register.imports(FILES_LOOKED_AT), now),
    checksPerSecond: rate(sources, now),
    alarms: alarms(sources),
  };
}

function rate({ activity }: ApiSources, now: number): number {
  const { milliseconds } = STEPS.tenSeconds;
  const to = Math.floor(now / milliseconds) * milliseconds;
  const sums = activity.sums('tenSeconds', to - RATE_STEPS * milliseconds, to);
  const checks = sums.reduce((sum, { counter, number }) => sum + (counter.startsWith('answer.') ? number : 0), 0);
  return checks / ((RATE_STEPS * milliseconds) / 1000);
}

function alarms({ evidence }: ApiSources): OverviewCounts['alarms'] {
  const made = { open: {} as Record<string, number>, acknowledged: {} as Record<string, number> };
  for (const { kind, state, number } of evidence.alarms.counts()) {
    if (state === 'closed') continue;
    const severity = FINDING_SEVERITY[kind];
    made[state][severity] = (made[state][severity] ?? 0) + number;
  }
  return made;
}

/** Of each list and source the last file that stands, newest files first among those given. */
export function listAges(files: readonly ImportedFile[], now: number): readonly ListAge[] {
  const standing = files.filter(({ state }) => state === 'done');
  const groups = Map.groupBy(standing, ({ list, source }) => `${list} ${source}`);
  return [...groups.values()].flatMap((group) => {
    const [newest] = group;
    if (newest === undefined) return [];
    const gaps = group.slice(1, MOST_GAPS + 1).map((file, at) => (group[at]?.at ?? file.at) - file.at);
    const expectedMilliseconds = gaps.length < FEWEST_GAPS ? undefined : median(gaps);
    const { list, source, at: importedAt, name } = newest;
    const isLate = expectedMilliseconds !== undefined && now - importedAt > 2 * expectedMilliseconds;
    return [
      { list, source, importedAt, name, ...(expectedMilliseconds !== undefined && { expectedMilliseconds }), isLate },
    ];
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}
