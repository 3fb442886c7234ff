import { t } from '../../text/index.ts';

/** The lists, the severest first. */
export const LISTS = ['black', 'grey', 'white'] as const;
/** One of them. */
export type ListName = (typeof LISTS)[number];
/** What a list means, as a badge names it. */
export const STATUS_OF = { black: 'prohibited', grey: 'tracking', white: 'permitted' } as const;

/** Why a handset is listed. */
export const REASONS = ['stolen', 'lost', 'fraud', 'unpaid', 'duplicate', 'malformed', 'regulator', 'other'] as const;
/** One of them. */
export type Reason = (typeof REASONS)[number];

/** Choices of a list. */
export const listOptions = () => LISTS.map((list) => [list, t(`part.${STATUS_OF[list]}`)] as const);
/** Choices of a reason. */
export const reasonOptions = () => REASONS.map((reason) => [reason, t(`lists.reason-${reason}`)] as const);

const OWN_SOURCE = 'operator';
/** Whose an entry is: the operator's own in words, another by its name. */
export const sourceWords = (source: string): string => (source === OWN_SOURCE ? t('lists.ownSource') : source);

/** The name of a source that was written, also in words. */
export const sourceOf = (words: string): string =>
  words.trim().toLowerCase() === t('lists.ownSource').toLowerCase() ? OWN_SOURCE : words;

/** True for the name of a list. */
export const isList = (text: string | undefined): text is ListName => LISTS.some((list) => list === text);
/** True for the name of a reason. */
export const isReason = (text: string | undefined): text is Reason => REASONS.some((reason) => reason === text);
