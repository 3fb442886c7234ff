import type { Database } from '#operator/database/index.ts';
import { settings } from '#operator/database/index.ts';

const DAY = 24 * 3_600_000;

/** A setting about duplicates: its standard value and the least and greatest it may have. */
export interface NumberRule {
  readonly standard: number;
  readonly least: number;
  readonly most: number;
  /** What it is, in words. */
  readonly expected: string;
}

const rule = (standard: number, least: number, most: number, expected: string): NumberRule => ({
  standard,
  least,
  most,
  expected: `${expected}, a whole number from ${least} to ${most}`,
});

/**
 * When an IMEI is taken to be in several handsets (ITU-T Q.5052 7.1.1, 7.1.2, 7.4, which leave the figures to the regulator; these are ours).
 * Times are milliseconds.
 */
export const DUPLICATE_RULES = {
  'duplicate.subscribers': rule(10, 2, 1_000_000, 'subscribers of one IMEI within the period'),
  'duplicate.period': rule(120 * DAY, 60_000, 400 * DAY, 'the period in milliseconds'),
  'duplicate.dailyAverage': rule(4, 2, 1_000_000, 'subscribers a day on average over 30 days'),
  'duplicate.conflicts': rule(2, 1, 64, 'conflicts of time or place within a day'),
  'duplicate.conflictTime': rule(
    600_000,
    1000,
    DAY,
    'milliseconds within which another subscriber in between is a conflict',
  ),
  'duplicate.speed': rule(1000, 10, 100_000, 'kilometres an hour that no handset travels'),
} as const satisfies Readonly<Record<string, NumberRule>>;

/** A setting about duplicates. */
export type DuplicateSettingName = keyof typeof DUPLICATE_RULES;

/** Every setting about duplicates, as it stands. */
export type DuplicateSettings = Readonly<Record<DuplicateSettingName, number>>;

/** Whether a text is a value of this setting. */
export function admitsDuplicateSetting(name: DuplicateSettingName, value: string): boolean {
  const { least, most } = DUPLICATE_RULES[name];
  return /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most;
}

/** Reads the settings kept in this database; a value that this version does not know counts as the standard one. */
export function duplicateSettings(database: Database): () => DuplicateSettings {
  const kept = settings(database);
  const names = Object.keys(DUPLICATE_RULES) as DuplicateSettingName[];
  const value = (name: DuplicateSettingName) => {
    const found = kept.get(name);
    return found !== undefined && admitsDuplicateSetting(name, found) ? Number(found) : DUPLICATE_RULES[name].standard;
  };
  return () => Object.fromEntries(names.map((name) => [name, value(name)])) as DuplicateSettings;
}
