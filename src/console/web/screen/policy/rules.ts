import type { GivenOf } from '../../api/client.ts';
import { numberText, t } from '../../text/index.ts';

/** Rules to change, as the operator takes them. */
export type Change = GivenOf<'POST /api/v1/policies/preview'>['body']['change'];
/** A rule of the lock. */
export type RuleName = keyof Change;

/** Rules with a few values. */
export const CHOICES = {
  gate: ['open', 'enable'],
  terminalCannotProve: ['permit', 'grace', 'block'],
  pairing: ['free', 'locked'],
  proveAtBoot: ['yes', 'no'],
  proveBeforeCall: ['yes', 'no'],
} as const satisfies Partial<Record<RuleName, readonly string[]>>;
/** A rule with a few values. */
export type ChoiceName = keyof typeof CHOICES;
/** Rules that count, and the most of each. */
export const COUNTS = {
  graceAuthentications: 65_535,
  proveEvery: 65_535,
  reportEvery: 65_535,
  unansweredLimit: 255,
  brokenProtectionLimit: 255,
} as const satisfies Partial<Record<RuleName, number>>;
/** A rule that counts. */
export type CountName = keyof typeof COUNTS;

/** Their names, in the order they are shown. */
export const CHOICE_NAMES = Object.keys(CHOICES) as readonly ChoiceName[];
/** Their names, in the order they are shown. */
export const COUNT_NAMES = Object.keys(COUNTS) as readonly CountName[];

/** True for the name of a rule. */
export const isRule = (name: string): name is RuleName => Object.hasOwn(CHOICES, name) || Object.hasOwn(COUNTS, name);

const isChoice = (name: string): name is ChoiceName => Object.hasOwn(CHOICES, name);

/** The word of a value. */
export function valueWord(name: RuleName, value: string | number | boolean): string {
  if (typeof value === 'number') return value === 0 ? t('policy.never') : numberText(value);
  const word = typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
  return isChoice(name) ? choiceWord(name, word) : word;
}

/** The word of one choice of a rule. */
export function choiceWord(name: ChoiceName, value: string): string {
  if (name === 'gate') return value === 'open' ? t('policy.gate-open') : t('policy.gate-enable');
  if (name === 'pairing') return value === 'free' ? t('policy.pairing-free') : t('policy.pairing-locked');
  if (name !== 'terminalCannotProve') return value === 'yes' ? t('policy.yes') : t('policy.no');
  if (value === 'permit') return t('policy.terminal-permit');
  return value === 'grace' ? t('policy.terminal-grace') : t('policy.terminal-block');
}

/** What was chosen, as a change; empty texts are left as they are. */
export function changeOf(chosen: Readonly<Partial<Record<RuleName, string>>>): Change {
  const found = Object.entries(chosen).filter(([, value]) => value !== '' && value !== undefined);
  return Object.fromEntries(
    found.map(([name, value]) => [
      name,
      value === 'yes' ? true : value === 'no' ? false : Object.hasOwn(COUNTS, name) ? Number(value) : value,
    ]),
  );
}

/** The first count that is none, by name. */
export const wrongCount = (chosen: Readonly<Partial<Record<RuleName, string>>>): CountName | undefined =>
  COUNT_NAMES.find((name) => {
    const value = chosen[name] ?? '';
    return value !== '' && (!/^\d{1,5}$/.test(value) || Number(value) > COUNTS[name]);
  });
