import type { SomeSaidTexts } from '../../texts.ts';
import { author } from './author.ts';
import { refusal } from './refusal.ts';

/** Sentences of the operator that a person at this page is told in other words than a program. */
export const said: SomeSaidTexts = { author, refusal };
