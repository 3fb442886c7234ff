import { fromHex, toHex } from '#base/codec/index.ts';

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The meaning of a file's octets as JSON: octets inside it become {"hex": …}; what is undefined is left out. */
export function jsonOf(value: unknown): Json {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, jsonOf(member)]])),
    );
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The inverse of `jsonOf`. */
export function meaningOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaningOf);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'hex' && typeof only[1] === 'string' && /^(?:[0-9a-f]{2})*$/i.test(only[1]))
    return fromHex(only[1]);
  return Object.fromEntries(entries.map(([name, member]) => [name, meaningOf(member)]));
}

/** True when two JSON values say the same, whatever the order of members. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((entry, i) => sameJson(entry, other[i]));
  if (typeof one !== 'object' || one === null) return Object.is(one, other);
  if (typeof other !== 'object' || other === null || Array.isArray(other)) return false;
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return left.size === right.size && [...left].every(([name, member]) => sameJson(member, right.get(name)));
}
