import type { DuplicateSettings } from './duplicate-settings.ts';
import type { DuplicateCause } from './sighting.ts';

/** What is known of the use of one IMEI. */
export interface UseFacts {
  /** Within `duplicate.period`. */
  readonly subscribers: number;
  /** Over 30 days; undefined while there are too few of them. */
  readonly dailyAverage: number | undefined;
  /** Within a day. */
  readonly conflicts: number;
}

/** What was announced of it before. */
export interface Announced {
  readonly subscribers: number;
  readonly subscribersAt: number | undefined;
  readonly conflicts: number;
  readonly conflictsAt: number | undefined;
}

/** Conflicts are counted over so long, and announced again after it. */
export const CONFLICT_PERIOD: number = 24 * 3_600_000;

/**
 * The thresholds that were crossed and not announced: by the number of subscribers (ITU-T Q.5052 7.1.1) or their daily average (7.1.2),
 * again at each doubling or after a whole period; by conflicts of time and place (7.4), at most once a day.
 */
export function newCauses(
  facts: UseFacts,
  announced: Announced | undefined,
  settings: DuplicateSettings,
  now: number,
): readonly DuplicateCause[] {
  const causes: DuplicateCause[] = [];
  const isNews =
    announced?.subscribersAt === undefined ||
    now - announced.subscribersAt > settings['duplicate.period'] ||
    facts.subscribers >= 2 * announced.subscribers;
  if (isNews && facts.subscribers >= settings['duplicate.subscribers']) causes.push('subscribers');
  else if (isNews && (facts.dailyAverage ?? 0) >= settings['duplicate.dailyAverage']) causes.push('dailyAverage');
  const isNewConflict = announced?.conflictsAt === undefined || now - announced.conflictsAt > CONFLICT_PERIOD;
  if (isNewConflict && facts.conflicts >= settings['duplicate.conflicts']) causes.push('conflicts');
  return causes;
}
