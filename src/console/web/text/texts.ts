import type { Translated } from './catalogue.ts';
import type { en } from './en/index.ts';
import type { said } from './fr/said/index.ts';

/** All catalogues of a language, as the English ones have them. */
export type Texts = { readonly [S in keyof typeof en]: Translated<(typeof en)[S]> };

/** What the operator says to people, in another language than its own English: by group, then by the code of the sentence. */
export type SaidTexts = typeof said;

/** Some of them: what English says in other words than the operator. */
export type SomeSaidTexts = { readonly [G in keyof SaidTexts]?: Partial<SaidTexts[G]> };

/** The name of a text: catalogue, dot, key. */
export type TextName = { [S in keyof typeof en]: `${S}.${Extract<keyof (typeof en)[S], string>}` }[keyof typeof en];

/** The names of one catalogue's texts. */
export type TextNameOf<S extends keyof typeof en> = `${S}.${Extract<keyof (typeof en)[S], string>}`;
