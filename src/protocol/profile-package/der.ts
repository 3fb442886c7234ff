import { CodecError, type Format, format, Reader } from '#base/codec/index.ts';

/** Tags of the universal class. */
export const UNIVERSAL = { integer: 0x02, octets: 0x04, identifier: 0x06, sequence: 0x30 } as const;
const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;

/** Tag of [number] as AUTOMATIC TAGS give it (ITU-T X.680 24.2); numbers from 31 on take a second octet. */
export function contextTag(number: number, isConstructed: boolean): number {
  const first = CONTEXT | (isConstructed ? CONSTRUCTED : 0);
  return number < LONG_TAG ? first | number : ((first | LONG_TAG) << 8) | number;
}

/** The number of a context tag; undefined for a tag of another class. */
export function contextNumber(tag: number): number | undefined {
  const first = tag > 0xff ? tag >> 8 : tag;
  if (tag > 0xffff || (first & 0xc0) !== CONTEXT) return undefined;
  return tag > 0xff ? tag & 0xff : tag & LONG_TAG;
}

/** An INTEGER from 0 on in at most 4 octets (ITU-T X.690 8.3). */
export const integer: Format<number> = format(
  (reader) => {
    const { remaining } = reader;
    if (remaining < 1 || remaining > 5) throw reader.error(`expected an integer of 1 to 5 octets, got ${remaining}`);
    const first = reader.peek();
    if (first >= 0x80) throw reader.error('expected an integer from 0 on, got a negative one');
    return reader.uint(remaining as 1 | 2 | 3 | 4 | 5);
  },
  (writer, value) => {
    const width = value < 0x80 ? 1 : value < 0x8000 ? 2 : value < 0x800000 ? 3 : 4;
    writer.uint(width, value);
  },
);

const MOST_ARCS = 16;

/** An OBJECT IDENTIFIER as 2.23.143.1.2.1 (ITU-T X.690 8.19). */
export const objectIdentifier: Format<string> = format(
  (reader) => {
    const arcs: number[] = [];
    while (reader.remaining > 0) {
      let arc = 0;
      for (let more = true; more; ) {
        const octet = reader.u8();
        arc = arc * 128 + (octet & 0x7f);
        more = octet >= 0x80;
        if (arc > 0xffffff) throw reader.error('expected arcs of at most 24 bits');
      }
      arcs.push(arc);
      if (arcs.length > MOST_ARCS) throw reader.error(`expected at most ${MOST_ARCS} arcs`);
    }
    const [first = 0, ...others] = arcs;
    const root = Math.min(2, Math.floor(first / 40));
    return [root, first - root * 40, ...others].join('.');
  },
  (writer, text) => {
    const [root = 0, second = 0, ...others] = text.split('.').map(Number);
    for (const arc of [root * 40 + second, ...others]) {
      const groups = [arc & 0x7f];
      for (let rest = arc >> 7; rest > 0; rest >>= 7) groups.unshift((rest & 0x7f) | 0x80);
      writer.put(Uint8Array.from(groups));
    }
  },
);

/** A data object of DER where it stands: errors name positions in the whole package. */
export interface DerObject {
  readonly tag: number;
  readonly position: number;
  /** A cursor over its value. */
  value(): Reader;
}

/** Objects in one list: a file of 254 records has each record and an offset between. */
const MOST_OBJECTS = 2048;

function readTag(reader: Reader): number {
  let tag = reader.u8();
  if ((tag & LONG_TAG) !== LONG_TAG) return tag;
  let octet: number;
  do {
    if (tag > 0xffff) throw reader.error('expected a tag of at most 3 octets');
    octet = reader.u8();
    tag = tag * 256 + octet;
  } while (octet >= 0x80);
  return tag;
}

/** A definite length in as few octets as it needs (ITU-T X.690 10.1). */
function readLength(reader: Reader): number {
  const at = reader.position;
  const first = reader.u8();
  if (first < 0x80) return first;
  const count = first - 0x80;
  if (count < 1 || count > 3) throw reader.error('expected a definite length of at most 3 octets', at);
  const length = reader.uint(count as 1 | 2 | 3);
  if (length < 0x80 || length < 2 ** (8 * (count - 1)))
    throw reader.error('expected the shortest form of a length', at);
  return length;
}

/** The next data object; the cursor stands behind it afterwards. */
export function readDer(reader: Reader, field: string): DerObject {
  reader.field = field;
  const position = reader.position;
  const tag = readTag(reader);
  const length = readLength(reader);
  reader.need(length);
  const from = reader.position;
  reader.position = from + length;
  return {
    tag,
    position,
    value() {
      const value = new Reader(reader.octets, from, from + length);
      value.field = field;
      return value;
    },
  };
}

/** All data objects up to the end. */
export function derObjects(reader: Reader, field: string, most: number = MOST_OBJECTS): readonly DerObject[] {
  const found: DerObject[] = [];
  while (reader.remaining > 0) {
    if (found.length === most) throw reader.error(`expected at most ${most} elements`);
    found.push(readDer(reader, field));
  }
  return found;
}

/** What a format says of the value of an object; octets it leaves over are an error. */
export function decoded<T>(object: DerObject, inner: Format<T>): T {
  const reader = object.value();
  const value = inner.read(reader);
  reader.finish();
  return value;
}

/** Refuses an object. */
export function refuse(object: DerObject, field: string, problem: string): never {
  throw new CodecError(field, object.position, problem);
}

/** A format of what is only read here: nobody writes profile packages. */
export const readOnly = <T>(read: (reader: Reader) => T): Format<T> =>
  format(read, (writer) => {
    throw writer.error('expected to be read only');
  });

/** A SEQUENCE OF: `inner` for each element, all of which have this tag. */
export const sequenceOf = <T>(inner: Format<T>, tag: number, most: number): Format<readonly T[]> =>
  readOnly((reader) =>
    derObjects(reader, reader.field, most).map((object) => {
      if (object.tag !== tag)
        refuse(object, 'SEQUENCE OF', `expected tag ${tag.toString(16)}, got ${object.tag.toString(16)}`);
      return decoded(object, inner);
    }),
  );
