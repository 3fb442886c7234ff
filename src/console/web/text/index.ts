import { keep, kept } from '../kept.ts';
import { openStore } from '../store.ts';
import { type CatalogueText, fill, type TextValues } from './catalogue.ts';
import type { TextName, Texts } from './texts.ts';

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

const load = async (wanted: Language): Promise<Texts> =>
  wanted === 'fr' ? (await import('./fr/index.ts')).fr : (await import('./en/index.ts')).en;

/** Changes the language; also done once before anything is drawn. Rejects when its texts cannot be loaded. */
export async function applyLanguage(wanted: Language): Promise<void> {
  texts = await load(wanted);
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
  const [screen = '', key = ''] = name.split('.', 2);
  const catalogues: Readonly<Record<string, Readonly<Record<string, CatalogueText>>>> | undefined = texts;
  const text = catalogues?.[screen]?.[key];
  return text === undefined ? name : fill(text, language.get(), values);
}

/** A number as the language writes it. */
export const numberText = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(language.get(), options).format(value);

/** Date and time to the second, in the zone of this machine. */
export const timeText = (iso: string): string =>
  new Intl.DateTimeFormat(language.get(), { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso));

/** The time of day to the second, in the zone of this machine. */
export const clockText = (milliseconds: number): string =>
  new Intl.DateTimeFormat(language.get(), { timeStyle: 'medium' }).format(milliseconds);

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
  return new Intl.RelativeTimeFormat(language.get(), { numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
}
