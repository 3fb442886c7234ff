import type { Problem } from '../api/client.ts';
import type { TextValues } from '../text/catalogue.ts';
import { language, saidWords, type TextName, t } from '../text/index.ts';
import { type Permission, permissionWords, roleWords } from './role-words.ts';

const TITLES: Readonly<Record<Problem['code'], TextName>> = {
  'malformed-request': 'problem.malformed-request',
  'invalid-value': 'problem.invalid-value',
  'token-needed': 'problem.token-needed',
  'token-refused': 'problem.token-refused',
  'session-ended': 'problem.session-ended',
  'sign-in-refused': 'problem.sign-in-refused',
  'foreign-origin': 'problem.foreign-origin',
  'not-permitted': 'problem.not-permitted',
  'no-such-resource': 'problem.no-such-resource',
  'method-not-allowed': 'problem.method-not-allowed',
  'too-slow': 'problem.too-slow',
  conflict: 'problem.conflict',
  'change-refused': 'problem.change-refused',
  'too-large': 'problem.too-large',
  'unsupported-media-type': 'problem.unsupported-media-type',
  'wrong-host': 'problem.wrong-host',
  'unusable-file': 'problem.unusable-file',
  'rate-limited': 'problem.rate-limited',
  fault: 'problem.fault',
  unavailable: 'problem.unavailable',
  unreachable: 'problem.unreachable',
};

/** What went wrong, in a sentence. */
export const problemTitle = ({ code }: Problem): string => t(TITLES[code] ?? 'problem.other');

const LIST_WORDS: Readonly<Record<string, TextName>> = {
  black: 'part.prohibited',
  grey: 'part.tracking',
  white: 'part.permitted',
};

/** Values that are words of the API, by their name in a sentence. */
const VALUE_WORDS: Readonly<Record<string, (value: string) => string>> = {
  permission: (value) => permissionWords(value as Permission),
  role: roleWords,
  member: (value) => placeWords(value) ?? value,
  list: (value) => (LIST_WORDS[value] ? t(LIST_WORDS[value]) : value),
};

const inWords = (values: TextValues): TextValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, VALUE_WORDS[name]?.(String(value)) ?? value]),
  );

/** Why it was refused and what to do, in the reader's language; empty when nobody said. */
export function problemWords(problem: Problem): string {
  if (problem.code === 'unreachable') return t('part.unreachable');
  const { said, expected, got, advice } = problem;
  const english = `Expected ${expected}, got ${got}; ${advice}.`;
  return saidWords('refusal', said, language.get() === 'en' ? english : t('part.noWords'), inWords);
}

/** The same beside a field, where nobody else says what went wrong. */
export const fieldWords = (problem: Problem): string =>
  problem.code === 'invalid-value' ? problemWords(problem) : `${problemTitle(problem)} ${problemWords(problem)}`;

const lastMember = (at: string): string =>
  at
    .split('/')
    .findLast((part) => part !== '' && !/^\d+$/.test(part))
    ?.replaceAll(/\W/g, '') ?? '';

/** What a place in a request is called in a form; undefined for one that no form has. */
export function placeWords(at: string | undefined): string | undefined {
  if (at === undefined) return undefined;
  const name: TextName | `field.${string}` = `field.${lastMember(at)}`;
  const words = t(name as TextName);
  return words === name ? undefined : words;
}
