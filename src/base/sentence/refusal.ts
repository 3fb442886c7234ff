import { filled } from './filled.ts';
import type { Said, ValueName } from './sentence.ts';

/** A refusal in English: what was expected, what came, what to do. Values stand as `{name}` in any of the three. */
export type RefusalText = readonly [expected: string, got: string, advice: string];

/** What was refused, in English and as a code with values that whoever shows it may say in another language. */
export interface Refusal<C extends string = string> {
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
  readonly said: Said<C>;
}

type Given<T extends RefusalText> = [ValueName<T[number]>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<ValueName<T[number]>, string | number>>];

/** The refusals of one room. */
export interface Refusals<R extends Readonly<Record<string, RefusalText>>> {
  /** Their codes, in the order of the table. */
  readonly codes: readonly (keyof R & string)[];
  /** What stands in the table under a code, its values still in braces. */
  text(code: keyof R & string): RefusalText;
  /** Refuses; a value that is missing or is not in the three is a type error. */
  say<C extends keyof R & string>(code: C, ...given: Given<R[C]>): Refusal<C>;
}

/**
 * Declares refusals once, in English: one code is one whole refusal. From the table come codes, types of values and words.
 * `refusals({ tooLong: ['at most {most} digits', '{came}', 'leave some out'] }).say('tooLong', { most: 15, came: 17 })`
 */
export const refusals = <const R extends Readonly<Record<string, RefusalText>>>(table: R): Refusals<R> => ({
  codes: Object.keys(table),
  text: (code) => table[code] as RefusalText,
  say(code, ...[values = {}]) {
    const [expected, got, advice] = table[code] as RefusalText;
    const fill = (text: string) => filled(text, values);
    return { expected: fill(expected), got: fill(got), advice: fill(advice), said: { code, values } };
  },
});

/** A refusal that says what it is about. */
export const refusalAbout = <R extends Refusal>(refusal: R, about: string): R => ({
  ...refusal,
  expected: `${about}: ${refusal.expected}`,
});

/** A value that makes no sense where it stands, or does not fit what stands there; what it says is for whoever gave it. */
export class RefusalError extends RangeError {
  readonly refusal: Refusal;
  /** What it is about, by the name it has for a person: `expiry`, `url`. */
  readonly about: string | undefined;
  constructor(refusal: Refusal, about?: string) {
    const { expected, got, advice } = refusal;
    super(`${about === undefined ? '' : `${about}: `}expected ${expected}, got ${got}; ${advice}`);
    [this.refusal, this.about] = [refusal, about];
  }
}
