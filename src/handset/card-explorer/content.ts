import { CodecError, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import type { Coding } from '#handset/uicc/index.ts';

/** A value as JSON has it: octets are hexadecimal. */
export type Content = null | boolean | number | string | readonly Content[] | { readonly [name: string]: Content };

/** What octets of a file or record mean, by the coding of its table; undefined when they mean nothing there, or are empty. */
export function contentOf(coding: Coding | undefined, octets: Uint8Array): Content | undefined {
  if (coding === undefined || octets.every((octet) => octet === 0xff)) return undefined;
  try {
    return plainly(coding.format.decode(octets));
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** A value as JSON has it; undefined for what JSON has not. */
export function plainly(value: unknown): Content | undefined {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map((one) => plainly(one) ?? null);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member]) => {
      const inner = plainly(member);
      return inner === undefined ? [] : [[name, inner] as const];
    });
    return Object.fromEntries(members);
  }
  const isPlain =
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : undefined;
}

/** JSON with octets where the example of the coding has octets. */
function likeExample(value: unknown, example: unknown): unknown {
  if (example instanceof Uint8Array && typeof value === 'string') return fromHex(value);
  if (Array.isArray(value)) {
    const one = Array.isArray(example) ? example[0] : undefined;
    return value.map((member) => likeExample(member, one));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members: Readonly<Record<string, unknown>> =
    typeof example === 'object' && example !== null ? { ...example } : {};
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, likeExample(member, members[name])]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether everything that was said is in what is read back, which may have more: empty places at the end of a list. */
function isIn(said: unknown, read: unknown): boolean {
  if (!isObject(said) || !isObject(read)) return said === read;
  const isAlike = Array.isArray(said) === Array.isArray(read);
  return isAlike && Object.entries(said).every(([name, member]) => isIn(member, read[name]));
}

/** The octets of a value; undefined for what the coding cannot encode, wherever in it that shows first. */
function encoded(coding: Coding, content: unknown): Uint8Array | undefined {
  try {
    return coding.format.encode(likeExample(content, coding.meaning));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/**
 * The octets of a meaning, filled with FF up to `length`. Throws CodecError for what has another shape than the coding wants: what does not
 * come back as it went would write something else than was said.
 */
export function encodeContent(coding: Coding, content: unknown, length: number): Uint8Array {
  const octets = encoded(coding, content);
  if (octets !== undefined && octets.length > length)
    throw new CodecError('content', length, `expected at most ${length} octets, got ${octets.length}`);
  const filled = new Uint8Array(length).fill(0xff);
  filled.set(octets ?? NO_OCTETS);
  if (octets === undefined || !isIn(content, contentOf(coding, filled)))
    throw new CodecError('content', 0, `expected the shape of ${JSON.stringify(plainly(coding.meaning))}`);
  return filled;
}
