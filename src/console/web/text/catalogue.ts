/** Forms of a text by number, as `Intl.PluralRules` names them; the number is `{count}`. */
export interface PluralText {
  readonly one: string;
  readonly other: string;
  /** Of languages that have it: French for millions. */
  readonly many?: string;
}

/** One visible text. Values stand as `{name}`. */
export type CatalogueText = string | PluralText;

/** The texts of one screen in one language. */
export type Catalogue = Readonly<Record<string, CatalogueText>>;

/** The same texts in another language: a missing or a foreign one is a type error. */
export type Translated<C extends Catalogue> = { readonly [K in keyof C]: C[K] extends string ? string : PluralText };

/** What may stand in a text. Numbers are written as the language writes them. */
export type TextValues = Readonly<Record<string, string | number>>;

/** Fills in a text for a language. A value that is not given stays visible as its name, so that it is noticed. */
export function fill(text: CatalogueText, language: string, values: TextValues): string {
  const template = spaced(typeof text === 'string' ? text : pluralForm(text, language, values['count']), language);
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}

/** French sets a space before two-part signs and percents and inside its quotation marks, and no line may end there. */
function spaced(text: string, language: string): string {
  return language === 'fr' ? text.replaceAll(/ ([:;?!»%])/g, '\u202F$1').replaceAll('« ', '«\u202F') : text;
}

function pluralForm(text: PluralText, language: string, count: string | number | undefined): string {
  const form = new Intl.PluralRules(language).select(Number(count));
  if (form === 'one') return text.one;
  return (form === 'many' ? text.many : undefined) ?? text.other;
}
