import { CodecError } from './codec-error.ts';
import { type Format, format } from './format.ts';
import { Reader } from './reader.ts';
import { lengthOctets, Writer } from './writer.ts';

/** One data object as received: its tag as a number, its value only to be read (`partOf`), and where it starts. */
export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
  /** Index of the first octet of the tag. */
  readonly start: number;
  /** Index after the last octet of the value. */
  readonly end: number;
  /** COMPREHENSION-TLV only: the receiver must understand this object or refuse the whole. */
  readonly comprehensionRequired: boolean;
}

/** How tags and lengths are coded; BER-TLV and COMPREHENSION-TLV differ only here. */
interface TlvSyntax {
  readonly name: string;
  readonly readTag: (reader: Reader) => { tag: number; comprehensionRequired: boolean };
  readonly writeTag: (writer: Writer, tag: number) => void;
  readonly longestLength: 1 | 2 | 3;
}

const INDEFINITE = 0x80;

/** Length field of BER (ITU-T X.690 8.1.3.4-5) and of TS 101 220 7.1.2: 00-7F, 81 xx, 82 xxxx (BER also 83). */
function readLength(reader: Reader, longest: number): number {
  const at = reader.position;
  const first = reader.u8();
  if (first < INDEFINITE) return first;
  const count = first - INDEFINITE;
  if (count === 0 || count > longest)
    throw reader.error(`expected a length of at most ${longest} octets, got ${first.toString(16)}`, at);
  return reader.uint(count as 1 | 2 | 3);
}

/** Tag of ISO/IEC 7816-4 5.2.2.1: low five bits 1F mean that further octets follow while bit 8 is set; at most 3 octets. */
function readBerTag(reader: Reader): { tag: number; comprehensionRequired: boolean } {
  let tag = reader.u8();
  if ((tag & 0x1f) === 0x1f) {
    let octet: number;
    do {
      if (tag > 0xffff) throw reader.error('expected a tag of at most 3 octets');
      octet = reader.u8();
      tag = tag * 256 + octet;
    } while ((octet & 0x80) !== 0);
  }
  return { tag, comprehensionRequired: false };
}

function writeBerTag(writer: Writer, tag: number): void {
  writer.uint(tag > 0xffff ? 3 : tag > 0xff ? 2 : 1, tag);
}

const EXTENDED_TAG = 0x7f;
/** Bit that asks for comprehension in a declared COMPREHENSION-TLV tag of one octet (TS 101 220 7.1.1). */
export const COMPREHENSION_REQUIRED = 0x80;
const COMPREHENSION_REQUIRED_LONG = 0x8000;

/** Tag of TS 101 220 7.1.1: one octet with the CR flag in bit 8, or 7F and two octets with it in bit 16. Returned without the flag. */
function readComprehensionTag(reader: Reader): { tag: number; comprehensionRequired: boolean } {
  const at = reader.position;
  const first = reader.u8();
  if (first === EXTENDED_TAG) {
    const long = reader.uint(2);
    return {
      tag: long & ~COMPREHENSION_REQUIRED_LONG,
      comprehensionRequired: (long & COMPREHENSION_REQUIRED_LONG) !== 0,
    };
  }
  if (first === 0 || first === 0x80 || first === 0xff)
    throw reader.error(`expected a tag, got ${first.toString(16)} (reserved)`, at);
  return { tag: first & ~COMPREHENSION_REQUIRED, comprehensionRequired: (first & COMPREHENSION_REQUIRED) !== 0 };
}

function writeComprehensionTag(writer: Writer, tag: number): void {
  if (tag > 0xff) writer.u8(EXTENDED_TAG);
  writer.uint(tag > 0xff ? 2 : 1, tag);
}

const BER: TlvSyntax = { name: 'BER-TLV', readTag: readBerTag, writeTag: writeBerTag, longestLength: 3 };
const COMPREHENSION: TlvSyntax = {
  name: 'COMPREHENSION-TLV',
  readTag: readComprehensionTag,
  writeTag: writeComprehensionTag,
  longestLength: 2,
};

function readTlv(reader: Reader, syntax: TlvSyntax): Tlv {
  const start = reader.position;
  const { tag, comprehensionRequired } = syntax.readTag(reader);
  const length = readLength(reader, syntax.longestLength);
  const value = reader.take(length);
  return { tag, value, start, end: reader.position, comprehensionRequired };
}

const MOST_OBJECTS = 256;

function readAll(octets: Uint8Array, syntax: TlvSyntax): readonly Tlv[] {
  const reader = new Reader(octets);
  reader.field = syntax.name;
  const list: Tlv[] = [];
  while (reader.remaining > 0) {
    if (list.length === MOST_OBJECTS) throw reader.error(`expected at most ${MOST_OBJECTS} data objects`);
    list.push(readTlv(reader, syntax));
  }
  return list;
}

/** Reads one BER-TLV data object at the cursor. */
export const readBerTlv = (reader: Reader): Tlv => readTlv(reader, BER);
/** All BER-TLV data objects of these octets, at most 256; positions are relative to `octets`. */
export const berTlvs = (octets: Uint8Array): readonly Tlv[] => readAll(octets, BER);
/** All COMPREHENSION-TLV data objects of these octets, at most 256 (ETSI TS 101 220 7.1). */
export const comprehensionTlvs = (octets: Uint8Array): readonly Tlv[] => readAll(octets, COMPREHENSION);

/** Encodes one BER-TLV data object; `tag` is written in as many octets as it has (7F21 in two). */
export function berTlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  return encodeTlv(BER, tag, values);
}

/** Encodes one COMPREHENSION-TLV data object; add COMPREHENSION_REQUIRED to a one-octet tag to set its CR flag. */
export function comprehensionTlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  return encodeTlv(COMPREHENSION, tag, values);
}

function encodeTlv(syntax: TlvSyntax, tag: number, values: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const value of values) length += value.length;
  const header = lengthOctets(length);
  const tagLength = syntax === BER ? (tag > 0xffff ? 3 : tag > 0xff ? 2 : 1) : tag > 0xff ? 3 : 1;
  const out = new Uint8Array(tagLength + header.length + length);
  let at = tagLength;
  if (tagLength === 1) out[0] = tag;
  else {
    const writer = new Writer();
    syntax.writeTag(writer, tag);
    out.set(writer.finish());
  }
  out.set(header, at);
  at += header.length;
  for (const value of values) {
    out.set(value, at);
    at += value.length;
  }
  return out;
}

/** One object of a declared set: its tag, the format of its value, and how often it may occur. */
export interface TlvField<T> {
  readonly tag: number;
  readonly value: Format<unknown>;
  readonly occurrence: 'required' | 'optional' | 'many';
  /** Carries the type only. */
  readonly type?: T;
}

/** An object that must be there. */
export const required = <T>(tag: number, value: Format<T>): TlvField<T> => ({
  tag,
  value: value as Format<unknown>,
  occurrence: 'required',
});
/** An object that may be missing; the member is then absent. */
export const optional = <T>(tag: number, value: Format<T>): TlvField<T | undefined> => ({
  tag,
  value: value as Format<unknown>,
  occurrence: 'optional',
});
/** An object that may be there any number of times; the member is an array, empty when there is none. */
export const many = <T>(tag: number, value: Format<T>): TlvField<readonly T[]> => ({
  tag,
  value: value as Format<unknown>,
  occurrence: 'many',
});

type TlvFields = Readonly<Record<string, TlvField<unknown>>>;
type FieldValue<F> = F extends TlvField<infer T> ? T : never;
type OptionalKeys<F> = { [K in keyof F]: undefined extends FieldValue<F[K]> ? K : never }[keyof F];
/** The value of a declared set of data objects. */
export type TlvSetOf<F> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: FieldValue<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: Exclude<FieldValue<F[K]>, undefined>;
};

/** What to do with a tag that is not declared. */
export type UnknownTags = 'refuse' | 'ignore';

/** A declared object, ready for use. */
interface TlvMember {
  readonly name: string;
  readonly tag: number;
  readonly value: Format<unknown>;
  readonly read: (reader: Reader) => unknown;
  readonly occurrence: TlvField<unknown>['occurrence'];
  /** Its bit in what has been read. */
  readonly bit: number;
}

/** Most objects of a declared set: one bit each. */
const MOST_MEMBERS = 31;

function membersOf(fields: TlvFields): readonly TlvMember[] {
  const entries = Object.entries(fields);
  if (entries.length > MOST_MEMBERS)
    throw new RangeError(`a TLV set: expected at most ${MOST_MEMBERS} objects, got ${entries.length}: split it`);
  return entries.map(([name, { tag, value, occurrence }], i) => {
    const read = (reader: Reader) => value.read(reader);
    return { name, tag, value, read, occurrence, bit: 1 << i };
  });
}

function writeMember(writer: Writer, syntax: TlvSyntax, { name, tag, value }: TlvMember, one: unknown): void {
  writer.field = name;
  syntax.writeTag(writer, tag);
  const start = writer.beginBerLength();
  value.write(writer, one);
  writer.endBerLength(start);
}

function tlvSet<F extends TlvFields>(syntax: TlvSyntax, fields: F, unknown: UnknownTags): Format<TlvSetOf<F>> {
  const members = membersOf(fields);
  const strip = (tag: number) =>
    syntax === BER ? tag : tag > 0xff ? tag & ~COMPREHENSION_REQUIRED_LONG : tag & ~COMPREHENSION_REQUIRED;
  const byTag = new Map(members.map((member) => [strip(member.tag), member]));
  const lists = members.filter(({ occurrence }) => occurrence === 'many');
  const needed = members.filter(({ occurrence }) => occurrence === 'required');
  const neededBits = needed.reduce((bits, { bit }) => bits | bit, 0);
  /** Reads one object; the bits of what has been read, with its own. */
  const readInto = (reader: Reader, value: Record<string, unknown>, seen: number): number => {
    const at = reader.position;
    const { tag, comprehensionRequired } = syntax.readTag(reader);
    const length = readLength(reader, syntax.longestLength);
    const member = byTag.get(tag);
    if (member === undefined) {
      if (unknown === 'refuse' || comprehensionRequired) {
        const names = members.map(({ name }) => name).join(', ');
        throw reader.error(`expected one of ${names}, got tag ${tag.toString(16).toUpperCase()}`, at);
      }
      reader.take(length);
      return seen;
    }
    const { name, bit, occurrence } = member;
    reader.field = name;
    const read = reader.within(length, member.read);
    if (occurrence === 'many') (value[name] as unknown[]).push(read);
    else if ((seen & bit) !== 0) throw reader.error('expected once, got it again', at);
    else value[name] = read;
    return seen | bit;
  };
  return format(
    (reader) => {
      const value: Record<string, unknown> = {};
      for (const { name } of lists) value[name] = [];
      let seen = 0;
      for (let count = 0; reader.remaining > 0; count++) {
        if (count === MOST_OBJECTS) throw reader.error(`expected at most ${MOST_OBJECTS} data objects`);
        seen = readInto(reader, value, seen);
      }
      if ((seen & neededBits) !== neededBits) {
        const missing = needed.find(({ bit }) => (seen & bit) === 0) as TlvMember;
        throw new CodecError(missing.name, reader.position, 'expected, but missing');
      }
      // The record was filled from the same table the type is inferred from.
      return value as TlvSetOf<F>;
    },
    (writer, value) => {
      for (const member of members) {
        const part = (value as Record<string, unknown>)[member.name];
        if (part === undefined && member.occurrence !== 'required') continue;
        if (member.occurrence === 'many')
          for (const one of part as readonly unknown[]) writeMember(writer, syntax, member, one);
        else writeMember(writer, syntax, member, part);
      }
    },
  );
}

/**
 * A set of BER-TLV data objects up to the end: written in the declared order, read in any order. An object of a tag
 * that is not declared is refused, or ignored when `unknown` says so.
 */
export function berTlvSet<F extends TlvFields>(fields: F, unknown: UnknownTags = 'refuse'): Format<TlvSetOf<F>> {
  return tlvSet(BER, fields, unknown);
}

/**
 * A set of COMPREHENSION-TLV data objects up to the end. Tags are declared with their CR flag as it is to be written; either
 * flag is understood when read. Undeclared objects are ignored, unless they ask to be understood (TS 101 220 7.1.1).
 */
export function comprehensionTlvSet<F extends TlvFields>(fields: F): Format<TlvSetOf<F>> {
  return tlvSet(COMPREHENSION, fields, 'ignore');
}

/** One BER-TLV data object of a known tag around a format: `tagged(0x66, tagged(0x73, …))`. */
export function tagged<T>(tag: number, inner: Format<T>): Format<T> {
  return format(
    (reader) => {
      const at = reader.position;
      const found = readBerTag(reader).tag;
      if (found !== tag)
        throw reader.error(
          `expected tag ${tag.toString(16).toUpperCase()}, got ${found.toString(16).toUpperCase()}`,
          at,
        );
      return reader.within(readLength(reader, BER.longestLength), (content) => inner.read(content));
    },
    (writer, value) => {
      writeBerTag(writer, tag);
      writer.withBerLength(() => inner.write(writer, value));
    },
  );
}
