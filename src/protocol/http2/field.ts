import { classesOf, NOT_IN } from './octet-class.ts';

/** What a field means for the form of a request (RFC 9113 8.2, 8.3). */
export const FIELD_KIND = {
  ORDINARY: 0,
  METHOD: 1,
  SCHEME: 2,
  AUTHORITY: 3,
  PATH: 4,
  CONTENT_LENGTH: 5,
  HOST: 6,
  TE: 7,
  COOKIE: 8,
  /** Makes every message malformed: no field name or value, of a connection, or a pseudo-field that no request has. */
  MALFORMED: 9,
} as const;
/** One of FIELD_KIND. */
export type FieldKind = (typeof FIELD_KIND)[keyof typeof FIELD_KIND];

/** Octets that the tables of RFC 7541 4.1 and the lists of RFC 9113 6.5.2 count beside name and value. */
export const FIELD_OVERHEAD = 32;

/** A field as it was decoded, judged once however often the dynamic table refers to it. */
export interface Field {
  readonly name: string;
  /** Octets as characters of ISO 8859-1. */
  readonly value: string;
  /** RFC 7541 4.1. */
  readonly size: number;
  readonly kind: FieldKind;
  /** What the name alone says: for other fields that take their name from this one. */
  readonly nameKind: FieldKind;
}

const { ORDINARY, MALFORMED } = FIELD_KIND;
const KIND_OF_NAME: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  [':method', FIELD_KIND.METHOD],
  [':scheme', FIELD_KIND.SCHEME],
  [':authority', FIELD_KIND.AUTHORITY],
  [':path', FIELD_KIND.PATH],
  ['content-length', FIELD_KIND.CONTENT_LENGTH],
  ['host', FIELD_KIND.HOST],
  ['te', FIELD_KIND.TE],
  ['cookie', FIELD_KIND.COOKIE],
  // Fields of a connection of HTTP/1.1 (RFC 9113 8.2.2).
  ['connection', MALFORMED],
  ['proxy-connection', MALFORMED],
  ['keep-alive', MALFORMED],
  ['transfer-encoding', MALFORMED],
  ['upgrade', MALFORMED],
]);

/** What a field's name says; `classes` are those of its octets. */
export function kindOfName(name: string, classes: number): FieldKind {
  return KIND_OF_NAME.get(name) ?? ((classes & NOT_IN.NAME) !== 0 || name.length === 0 ? MALFORMED : ORDINARY);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;

/** A value's own judgement: what stays of `nameKind`. */
function kindOf(nameKind: FieldKind, value: string, classes: number): FieldKind {
  if ((classes & NOT_IN.VALUE) !== 0) return MALFORMED;
  const { length } = value;
  if (length > 0 && (isSpace(value.charCodeAt(0)) || isSpace(value.charCodeAt(length - 1)))) return MALFORMED;
  switch (nameKind) {
    case FIELD_KIND.METHOD:
      return length > 0 && (classes & NOT_IN.TOKEN) === 0 ? nameKind : MALFORMED;
    case FIELD_KIND.SCHEME:
      return /^[A-Za-z][A-Za-z0-9+.-]*$/.test(value) ? nameKind : MALFORMED;
    case FIELD_KIND.PATH:
      return length > 0 && (classes & NOT_IN.URI) === 0 ? nameKind : MALFORMED;
    case FIELD_KIND.AUTHORITY:
      return (classes & NOT_IN.URI) === 0 ? nameKind : MALFORMED;
    case FIELD_KIND.CONTENT_LENGTH:
      return /^\d{1,15}$/.test(value) ? nameKind : MALFORMED;
    case FIELD_KIND.TE:
      return value === 'trailers' ? nameKind : MALFORMED;
    default:
      return nameKind;
  }
}

/** A field of a name that is judged already. `classes` are those of the value's octets. */
export function fieldOf(name: string, nameKind: FieldKind, value: string, classes: number): Field {
  const size = name.length + value.length + FIELD_OVERHEAD;
  return { name, value, size, kind: nameKind === MALFORMED ? MALFORMED : kindOf(nameKind, value, classes), nameKind };
}

/** A field of two texts. */
export function fieldOfText(name: string, value: string): Field {
  return fieldOf(name, kindOfName(name, classesOf(name)), value, classesOf(value));
}
