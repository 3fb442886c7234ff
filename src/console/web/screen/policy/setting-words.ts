import type { AnswerOf } from '../../api/client.ts';
import { numberText, type TextName, t } from '../../text/index.ts';

type AnySetting = AnswerOf<'GET /api/v1/settings'>['settings'][number]['name'];

/** A setting of the register; those of privacy are with the access screen. */
export type SettingName = Exclude<AnySetting, `retention.${string}`>;

/** A setting that is shown here. */
export const isOfRegister = (name: string): name is SettingName => !name.startsWith('retention.');

/** Milliseconds. */
export const MINUTE = 60_000;
/** Minutes. */
const DAY = 1440;
const TIMES: ReadonlySet<SettingName> = new Set([
  'proofGrace',
  'oldestList',
  'duplicate.period',
  'duplicate.conflictTime',
]);

/** The unit of a setting that is a time; undefined for others. */
export const timeOf = (name: SettingName): 'minutes' | undefined => (TIMES.has(name) ? 'minutes' : undefined);

const WORDS: Readonly<Record<string, TextName>> = {
  enforce: 'policy.value-enforce',
  track: 'policy.value-track',
  off: 'policy.value-off',
  permitted: 'part.permitted',
  tracking: 'part.tracking',
  prohibited: 'part.prohibited',
  unknown: 'policy.value-unknown',
  unavailable: 'policy.value-unavailable',
  asListed: 'policy.value-asListed',
  never: 'policy.value-never',
  prohibiting: 'policy.value-prohibiting',
  always: 'policy.value-always',
};

/** A value in words. */
export function settingWord(name: SettingName, value: string): string {
  if (TIMES.has(name)) {
    const minutes = Number(value) / MINUTE;
    const isDays = minutes > 0 && minutes % DAY === 0;
    return isDays ? t('policy.inDays', { count: minutes / DAY }) : t('policy.inMinutes', { count: minutes });
  }
  const word = WORDS[value];
  if (word !== undefined) return t(word);
  return /^\d+$/.test(value) ? numberText(Number(value)) : value;
}

const RETENTION = 'retention.';

/** What a setting of any screen is called; undefined for what is no setting. */
export function settingName(name: string): string | undefined {
  const key = name.startsWith(RETENTION) ? `access.retention-${name.slice(RETENTION.length)}` : `policy.set-${name}`;
  const words = t(key as TextName);
  return words === key ? undefined : words;
}

/** A value of a setting of any screen in words; undefined for what is no setting. */
export function settingValue(name: string, value: string): string | undefined {
  if (settingName(name) === undefined) return undefined;
  return isOfRegister(name) ? settingWord(name, value) : t('policy.inDays', { count: Number(value) });
}

const UNKNOWN = ['permitted', 'tracking', 'prohibited', 'unknown'] as const;

/** The values of a setting that has a few; undefined for one that is a number. */
export function settingChoices(name: SettingName): readonly string[] | undefined {
  if (name === 'mode') return ['enforce', 'track', 'off'];
  if (name === 'cloneStatus') return ['tracking', 'prohibited'];
  if (name === 'approval.fleet' || name === 'approval.users') return ['never', 'always'];
  if (name === 'approval') return ['never', 'prohibiting', 'always'];
  if (name.startsWith('unknown.')) return UNKNOWN;
  return name.startsWith('failure.') ? [...UNKNOWN, 'unavailable', 'asListed'] : undefined;
}
