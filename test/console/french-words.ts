// Which words of a page are not French: words of the French catalogue and what the platform writes are; the rest is data, or was left in English.
import type { CatalogueText } from '#console/web/text/catalogue.ts';
import { fr, said } from '#console/web/text/fr/index.ts';

const WORD = /\p{L}[\p{L}\p{M}]+/gu;
/** Digits with letters are identities and octets. */
const MIXED = /[\p{L}\d_]*\d[\p{L}\d_]*/gu;
/** Standards write the names of commands and messages in capitals; octets in hexadecimal are in capitals too. */
const CAPITALS = /^[A-Z]+$/;

const wordsOf = (text: string): readonly string[] => text.match(WORD) ?? [];

/** What the platform itself writes in French: months, units of ages. */
function platformWords(): readonly string[] {
  const month = new Intl.DateTimeFormat('fr', { dateStyle: 'medium', timeStyle: 'medium' });
  const age = new Intl.RelativeTimeFormat('fr', { numeric: 'auto' });
  const months = Array.from({ length: 12 }, (_, at) => month.format(Date.UTC(2026, at, 15)));
  const units = ['second', 'minute', 'hour', 'day'] as const;
  return [...months, ...units.flatMap((unit) => [-2, -1, 0, 1, 2].map((count) => age.format(count, unit)))];
}

type Texts = Readonly<Record<string, CatalogueText>>;
const formsOf = (text: CatalogueText): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text).filter((form) => form !== undefined);
const catalogueTexts = (groups: Readonly<Record<string, Texts>>): readonly string[] =>
  Object.values(groups).flatMap((texts) => Object.values(texts).flatMap(formsOf));

const KNOWN: ReadonlySet<string> = new Set(
  [...catalogueTexts(fr), ...catalogueTexts(said), ...platformWords()]
    .flatMap((text) => wordsOf(text.replaceAll(/\{\w+\}/g, ' ')))
    .map((word) => word.toLowerCase()),
);

/** `isFrench` gives the words of a text that are not; `names` and `terms` may stand in every text. */
export function frenchWords(names: readonly string[], terms: readonly string[]) {
  const data = new RegExp(
    [...names, ...terms]
      .toSorted((a, b) => b.length - a.length)
      .map((one) => `(?<![\\p{L}_])${RegExp.escape(one)}(?![\\p{L}_])`)
      .join('|'),
    'gu',
  );
  return {
    isFrench: (text: string): readonly string[] =>
      wordsOf(text.replaceAll(data, ' ').replaceAll(MIXED, ' ')).filter(
        (word) => !CAPITALS.test(word) && !KNOWN.has(word.toLowerCase()),
      ),
  };
}
