import type { Imei } from '#base/identity/index.ts';

/** The lists of a register: TS 22.016 4 calls them black, grey and white; people are told Prohibited, Tracking, Permitted. */
export const LISTS = ['black', 'grey', 'white'] as const;
/** A list of the register. */
export type ListName = (typeof LISTS)[number];

/** Why an IMEI is listed. `duplicate` is about its copies: the handset that proves the IMEI is the original, and spared. */
export const LIST_REASONS = [
  'stolen',
  'lost',
  'fraud',
  'unpaid',
  'duplicate',
  'malformed',
  'regulator',
  'other',
] as const;
/** Why an IMEI is listed. */
export type ListReason = (typeof LIST_REASONS)[number];

/** An IMEI on a list. */
export interface ListEntry {
  readonly imei: Imei;
  readonly list: ListName;
  readonly reason: ListReason;
  /** The reason in the words of its source; may be empty. */
  readonly note: string;
  /** Case or complaint number; may be empty. */
  readonly caseReference: string;
  /** The person or system that put it there. */
  readonly author: string;
  /** Whose list this is (a regulator, a partner, this operator): each source removes only its own entries. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  /** Milliseconds since 1970 from which it no longer counts; undefined: until it is removed. */
  readonly expiresAt: number | undefined;
  /** The imported file it came with. */
  readonly batch: number | undefined;
}

/** Longest texts an entry keeps, in characters. */
export const LONGEST_TEXT = 200;

/** The closed reason that a source's own words mean; `other` when none is in them. */
export function reasonOf(words: string): ListReason {
  const lower = words.toLowerCase();
  return (
    LIST_REASONS.find((reason) => lower.includes(reason)) ?? (/clon|copy|copies/.test(lower) ? 'duplicate' : 'other')
  );
}
