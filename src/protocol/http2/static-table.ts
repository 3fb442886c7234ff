import { type Field, fieldOf, kindOfName } from './field.ts';
import { classesOf } from './octet-class.ts';

// biome-ignore format: one line each, as the appendix has them
const ENTRIES: readonly (readonly [string, string])[] = [
  [':authority', ''], [':method', 'GET'], [':method', 'POST'], [':path', '/'], [':path', '/index.html'],
  [':scheme', 'http'], [':scheme', 'https'], [':status', '200'], [':status', '204'], [':status', '206'],
  [':status', '304'], [':status', '400'], [':status', '404'], [':status', '500'], ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'], ['accept-language', ''], ['accept-ranges', ''], ['accept', ''],
  ['access-control-allow-origin', ''], ['age', ''], ['allow', ''], ['authorization', ''], ['cache-control', ''],
  ['content-disposition', ''], ['content-encoding', ''], ['content-language', ''], ['content-length', ''],
  ['content-location', ''], ['content-range', ''], ['content-type', ''], ['cookie', ''], ['date', ''], ['etag', ''],
  ['expect', ''], ['expires', ''], ['from', ''], ['host', ''], ['if-match', ''], ['if-modified-since', ''],
  ['if-none-match', ''], ['if-range', ''], ['if-unmodified-since', ''], ['last-modified', ''], ['link', ''],
  ['location', ''], ['max-forwards', ''], ['proxy-authenticate', ''], ['proxy-authorization', ''], ['range', ''],
  ['referer', ''], ['refresh', ''], ['retry-after', ''], ['server', ''], ['set-cookie', ''],
  ['strict-transport-security', ''], ['transfer-encoding', ''], ['user-agent', ''], ['vary', ''], ['via', ''],
  ['www-authenticate', ''],
];

/** The static table (RFC 7541 appendix A): index 1 is at 0. */
export const STATIC_TABLE: readonly Field[] = ENTRIES.map(([name, value]) => {
  const field = fieldOf(name, kindOfName(name, classesOf(name)), value, classesOf(value));
  return field;
});

const NAME_INDEX = new Map<string, number>();
const FIELD_INDEX = new Map<string, number>();
ENTRIES.forEach(([name, value], at) => {
  if (!NAME_INDEX.has(name)) NAME_INDEX.set(name, at + 1);
  FIELD_INDEX.set(`${name}\0${value}`, at + 1);
});

/** The lowest index of a name in the static table; 0 when it is not there. */
export function staticNameIndex(name: string): number {
  return NAME_INDEX.get(name) ?? 0;
}

/** The index of a whole field in the static table; 0 when it is not there. */
export function staticFieldIndex(name: string, value: string): number {
  return FIELD_INDEX.get(`${name}\0${value}`) ?? 0;
}
