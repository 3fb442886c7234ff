import { CodecError, fromHex } from '#base/codec/index.ts';
import { IdentityError } from '#base/identity/index.ts';

/** A document that makes no card: where in it, what was expected, what came. Says nothing of a value that may be secret. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** Reads a value that stands at a place in the document. */
export type Read<T> = (value: unknown, at: string) => T;

/** Refuses what stands at a place. */
export function refuse(at: string, expected: string, came: string): never {
  throw new ProfileError(`${at === '' ? 'the document' : at}: expected ${expected}, got ${came}`);
}

/** What came, without repeating it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
}

const below = (at: string, name: string) => (at === '' ? name : `${at}.${name}`);

/** The members of an object, by name. */
export function membersOf(value: unknown, at: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(at, 'an object', kindOf(value));
  return new Map(Object.entries(value));
}

type Reads = Readonly<Record<string, Read<unknown>>>;
type ReadBy<F> = { readonly [K in keyof F]: F[K] extends Read<infer T> ? T : never };

/** An object with these members and no others. `required` must be there; another that is missing is left out. */
export function object<R extends Reads, O extends Reads>(
  required: R,
  optional: O,
): Read<ReadBy<R> & Partial<ReadBy<O>>> {
  return (value, at) => {
    const members = membersOf(value, at);
    const all = { ...required, ...optional };
    for (const name of members.keys())
      if (!Object.hasOwn(all, name)) refuse(below(at, name), `one of ${Object.keys(all).join(', ')}`, 'another name');
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(all)) {
      const member = members.get(name);
      if (member !== undefined) read[name] = reader(member, below(at, name));
      else if (Object.hasOwn(required, name)) refuse(below(at, name), 'this member', 'nothing');
    }
    // The record was filled from the same tables the type is inferred from.
    return read as ReadBy<R> & Partial<ReadBy<O>>;
  };
}

/** A list of up to `most`. */
export function list<T>(one: Read<T>, most: number): Read<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return refuse(at, 'a list', kindOf(value));
    if (value.length > most) return refuse(at, `at most ${most} entries`, String(value.length));
    return value.map((entry: unknown, i) => one(entry, `${at}[${i}]`));
  };
}

/** A text that a pattern fits; `expected` says it in words. */
export function text(pattern: RegExp, expected: string): Read<string> {
  return (value, at) =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(at, expected, kindOf(value));
}

/** Digits: YAML reads a number without quotes as a number, which loses zeros in front. */
export const digits = (least: number, most: number): Read<string> =>
  text(new RegExp(`^\\d{${least},${most}}$`), `${least === most ? least : `${least} to ${most}`} digits in quotes`);

/** A whole number. */
export function whole(least: number, most: number): Read<number> {
  return (value, at) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : refuse(at, `a whole number from ${least} to ${most}`, kindOf(value));
}

/** True or false. */
export const truth: Read<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : refuse(at, 'true or false', kindOf(value));

/** One of some words. */
export function word<W extends string | number>(...words: readonly W[]): Read<W> {
  return (value, at) => words.find((one) => one === value) ?? refuse(at, `one of ${words.join(', ')}`, kindOf(value));
}

/** Octets in hexadecimal. */
export function hex(least: number, most: number): Read<Uint8Array> {
  const size = least === most ? `${least}` : `${least} to ${most}`;
  return (value, at) =>
    typeof value === 'string' &&
    /^(?:[0-9a-f]{2})*$/i.test(value) &&
    value.length >= 2 * least &&
    value.length <= 2 * most
      ? fromHex(value)
      : refuse(at, `${size} octets in hexadecimal`, kindOf(value));
}

/** Octets, or the word `fresh`: they are to be drawn. */
export const hexOrFresh =
  (least: number, most: number): Read<Uint8Array | 'fresh'> =>
  (value, at) =>
    value === 'fresh' ? 'fresh' : hex(least, most)(value, at);

/** What a class of base/identity reads. */
export function identity<T>(parse: (text: string) => T): Read<T> {
  return (value, at) => {
    if (typeof value !== 'string') return refuse(at, 'digits in quotes', kindOf(value));
    try {
      return parse(value);
    } catch (error) {
      if (error instanceof IdentityError || error instanceof CodecError)
        throw new ProfileError(`${at}: ${error.message}`);
      throw error;
    }
  };
}
