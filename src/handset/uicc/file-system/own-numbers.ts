import { MEMORY_KEY } from '../memory-key.ts';

/**
 * Numbers of files that a plan has and no table: each is the first of the memory keys that belong to the file alone (its content or newest
 * record, its life cycle, then a key for each record). Numbers are given in the order of the plan, so a plan is the format of its cards.
 */
export const FIRST_OWN = MEMORY_KEY.ownFile;
/** The last key of files that no table has. */
export const LAST_OWN = 0x7fff;
/** Keys of such a file before those of its records. */
export const OWN_KEYS = 2;

/** True for the number of a file that a plan has and no table. */
export const isOwnNumber = (number: number): boolean => number >= FIRST_OWN;
