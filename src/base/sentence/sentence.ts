import { filled } from './filled.ts';

/** What stands in a sentence, by the names in its braces. */
export type SaidValues = Readonly<Record<string, string | number>>;

/** Something said to people: which sentence, and what stands in it. Whoever shows it may say it in another language. */
export interface Said<C extends string = string> {
  readonly code: C;
  readonly values: SaidValues;
}

/** The names in the braces of a sentence. */
export type ValueName<T extends string> = T extends `${string}{${infer N}}${infer Rest}` ? N | ValueName<Rest> : never;

/** The values that a sentence wants: no argument where it has no braces. */
type Given<T extends string> = [ValueName<T>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<ValueName<T>, string | number>>];

/** The sentences of one room. */
export interface Sentences<S extends Readonly<Record<string, string>>> {
  /** Their codes, in the order of the table. */
  readonly codes: readonly (keyof S & string)[];
  /** True for the code of one of them. */
  has(code: string): code is keyof S & string;
  /** Says one; a value that is missing or is not in the sentence is a type error. */
  say<C extends keyof S & string>(code: C, ...given: Given<S[C]>): Said<C>;
  /** What was said, in English; several sentences follow each other. */
  words(said: Said<keyof S & string> | readonly Said<keyof S & string>[]): string;
}

/** Words of values that are codes, by the names they stand under. */
export type ValueWords = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Declares sentences once, in English: from the table come their codes, their values' types and their words. Values stand as `{name}`, and
 * those that are codes are said by `valueWords`.
 * `sentences({ tooLong: 'expected at most {most} digits' }).say('tooLong', { most: 15 })`
 */
export const sentences = <const S extends Readonly<Record<string, string>>>(
  table: S,
  valueWords: ValueWords = {},
): Sentences<S> => {
  const shown = ([name, value]: [string, string | number]) => [name, valueWords[name]?.[value] ?? value] as const;
  const wordsOf = ({ code, values }: Said<keyof S & string>): string =>
    filled(table[code] ?? code, Object.fromEntries(Object.entries(values).map(shown)));
  return {
    codes: Object.keys(table),
    has: (code): code is keyof S & string => Object.hasOwn(table, code),
    say: (code, ...[values = {}]) => ({ code, values }),
    words: (said) => ('code' in said ? [said] : said).map(wordsOf).join(' '),
  };
};
