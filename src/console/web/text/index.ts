import { keep, kept } from '../kept.ts';
import { openStore } from '../store.ts';
import { type CatalogueText, fill, type TextValues } from './catalogue.ts';
import type { SaidTexts, SomeSaidTexts, TextName, Texts } from './texts.ts';

export type { TextName, TextNameOf } from './texts.ts';

/** The languages of the page, each named in itself. */
export const LANGUAGES = { en: 'English', fr: 'Français' } as const;
/** One of them. */
export type Language = keyof typeof LANGUAGES;

const isLanguage = (text: string | undefined): text is Language => text !== undefined && Object.hasOwn(LANGUAGES, text);

/** What was chosen, else the first that the browser asks for and that there is, else English. */
function firstLanguage(): Language {
  const chosen = kept('language');
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.split('-', 1)[0]).find(isLanguage) ?? 'en';
}

/** The language in use. */
export const language = openStore<Language>(firstLanguage());
let texts: Texts | undefined;
let saidTexts: SomeSaidTexts | undefined;

async function load(wanted: Language): Promise<readonly [Texts, SomeSaidTexts]> {
  if (wanted === 'en') {
    const { en, said } = await import('./en/index.ts');
    return [en, said];
  }
  const { fr, said } = await import('./fr/index.ts');
  return [fr, said];
}

/** Changes the language; also done once before anything is drawn. Rejects when its texts cannot be loaded. */
export async function applyLanguage(wanted: Language): Promise<void> {
  [texts, saidTexts] = await load(wanted);
  document.documentElement.lang = wanted;
  language.set(wanted);
}

/** Changes the language for good. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  await applyLanguage(wanted);
  keep('language', wanted);
}

/** A visible text in the language in use. */
export function t(name: TextName, values: TextValues = {}): string {
  const at = name.indexOf('.');
  const [screen, key] = [name.slice(0, at), name.slice(at + 1)];
  const catalogues: Readonly<Record<string, Readonly<Record<string, CatalogueText>>>> | undefined = texts;
  const text = catalogues?.[screen]?.[key];
  return text === undefined ? name : fill(text, language.get(), values);
}

/** What the operator said to people: the code of its sentence, and what stands in it. */
export interface Said {
  readonly code: string;
  readonly values: TextValues;
}

/**
 * What the operator said, in the language in use; `shown` puts words in the place of values that are codes. `english`, the operator's own words,
 * where this page has none, as for an older or a newer operator.
 */
export function saidWords(
  group: keyof SaidTexts,
  said: Said | readonly Said[] | undefined,
  english: string,
  shown: (values: TextValues) => TextValues = (values) => values,
): string {
  const words: Readonly<Record<string, string>> | undefined = saidTexts?.[group];
  if (said === undefined || words === undefined) return english;
  const sentences = ('code' in said ? [said] : said).map(({ code, values }) => {
    const text = words[code];
    return text === undefined ? undefined : fill(text, language.get(), shown(values));
  });
  return sentences.includes(undefined) ? english : sentences.join(' ');
}

/** The code whose words somebody wrote; what is no such words stays. */
export function codeOf(group: keyof SaidTexts, written: string): string {
  const words: Readonly<Record<string, string>> = saidTexts?.[group] ?? {};
  const wanted = written.trim().toLowerCase();
  return Object.entries(words).find(([, text]) => text.toLowerCase() === wanted)?.[0] ?? written;
}

/** Sentences that are said together, in the language in use; in English when one of them has no words here. */
export function saidTogether(group: keyof SaidTexts, said: readonly Said[], english: string): string {
  const words = said.map((one) => saidWords(group, one, ''));
  return words.length === 0 || words.includes('') ? english : words.join(', ');
}

/** The language as this browser's person writes numbers and dates in it: `en-GB` where the browser says so. */
const region = (): string => {
  const spoken = language.get();
  return navigator.languages.find((tag) => tag === spoken || tag.startsWith(`${spoken}-`)) ?? spoken;
};

/** Twenty-four hours, and months in words where the language has them: nobody takes a day for a month. */
const DAY_AND_TIME: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' };

const made = new Map<string, unknown>();

/** Writers of numbers and times take long to make and are asked for often: each is made once for a language. */
function once<T>(kind: string, make: (locale: string) => T): T {
  const locale = region();
  const name = `${locale} ${kind}`;
  const known = made.get(name);
  // What is kept under a kind was made by that kind's one caller.
  if (known !== undefined) return known as T;
  const writer = make(locale);
  made.set(name, writer);
  return writer;
}

/** A number as the language writes it. */
export const numberText = (value: number, options?: Intl.NumberFormatOptions): string =>
  once(
    `number ${options === undefined ? '' : JSON.stringify(options)}`,
    (locale) => new Intl.NumberFormat(locale, options),
  ).format(value);

/** Date and time to the second, in the zone of this machine. */
export const timeText = (iso: string): string =>
  once('time', (locale) => new Intl.DateTimeFormat(locale, DAY_AND_TIME)).format(new Date(iso));

/** The time of day in the zone of this machine: to the minute, or to the second. */
export const clockText = (milliseconds: number, to: 'minute' | 'second' = 'second'): string =>
  once(`clock ${to}`, (locale) => {
    const timeStyle = to === 'minute' ? 'short' : 'medium';
    return new Intl.DateTimeFormat(locale, { timeStyle, hourCycle: 'h23' });
  }).format(milliseconds);

/** Day and month in the zone of this machine. */
export const dayText = (milliseconds: number): string =>
  once('day', (locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })).format(milliseconds);

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago something was, in its greatest unit: "3 minutes ago". Of the future: "in 3 minutes". */
export function ageText(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const writer = once('age', (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  return writer.format(Math.trunc(seconds / length), unit);
}
