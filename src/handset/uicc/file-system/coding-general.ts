import {
  berTlvSet,
  type Format,
  format,
  fromHex,
  listOf,
  map,
  NO_OCTETS,
  octets,
  optional,
  Reader,
  required,
  rest,
  swappedBcd,
  tagged,
  toHex,
  u8,
} from '#base/codec/index.ts';
import { septetsOf, textOfSeptets, textOfUcs2, ucs2Octets } from '#protocol/sms/index.ts';

const FILLER = 0xff;
const UCS2 = 0x80;

/** `inner` up to the FF that fill the rest of a file or record. */
export function untilFiller<T>(inner: Format<T>): Format<T> {
  return format(
    (reader) => {
      const octets = reader.take(reader.remaining);
      let end = octets.length;
      while (end > 0 && octets[end - 1] === FILLER) end--;
      return inner.decode(octets.slice(0, end));
    },
    (writer, value) => inner.write(writer, value),
  );
}

/** `inner`, which knows its own end, and FF after it. */
export function thenFiller<T>(inner: Format<T>): Format<T> {
  return format(
    (reader) => {
      const value = inner.read(reader);
      if (reader.copy(reader.remaining).some((octet) => octet !== FILLER)) throw reader.error('expected only FF');
      return value;
    },
    (writer, value) => inner.write(writer, value),
  );
}

/** `inner`, or undefined while all octets are FF: an empty record. */
export function orEmpty<T>(inner: Format<T>): Format<T | undefined> {
  return format(
    (reader) => {
      const octets = reader.take(reader.remaining);
      return octets.every((octet) => octet === FILLER) ? undefined : inner.decode(octets.slice());
    },
    (writer, value) => {
      if (value !== undefined) inner.write(writer, value);
    },
  );
}

/** Exactly `length` octets in hexadecimal. */
export const hexOf = (length: number): Format<string> =>
  map(
    octets(length),
    (value) => toHex(value),
    (text) => fromHex(text),
  );
/** All octets that are left, in hexadecimal. */
export const hexRest: Format<string> = map(
  rest(),
  (octets) => toHex(octets),
  (text) => fromHex(text),
);

/** A data object, or undefined where nothing stands. */
export function orEmptyTlv<T>(inner: Format<T>): Format<T | undefined> {
  return format(
    (reader) => (reader.remaining === 0 ? undefined : inner.read(reader)),
    (writer, value) => {
      if (value !== undefined) inner.write(writer, value);
    },
  );
}

/** `inner` behind an octet of length. */
export function prefixed<T>(inner: Format<T>): Format<T> {
  return format(
    (reader) => inner.decode(reader.copy(reader.u8())),
    (writer, value) => writer.withFixedLength(u8.write, () => inner.write(writer, value)),
  );
}

/** `inner` in exactly `length` octets, filled with FF. */
export function fixed<T>(length: number, inner: Format<T>): Format<T> {
  return format(
    (reader) => inner.decode(reader.copy(length)),
    (writer, value) => {
      const octets = inner.encode(value);
      if (octets.length > length) throw writer.error(`expected at most ${length} octets, got ${octets.length}`);
      writer.put(octets);
      writer.put(new Uint8Array(length - octets.length).fill(FILLER));
    },
  );
}

/** `first` in all octets but the last ones, then `last` in exactly `length` octets: an alpha identifier and what follows it. */
export function beforeLast<A, B>(
  first: Format<A>,
  length: number,
  last: Format<B>,
  whole: number,
): Format<readonly [A, B]> {
  return format(
    (reader) => {
      const head = reader.copy(reader.remaining - length);
      return [first.decode(head), last.decode(reader.copy(length))] as const;
    },
    (writer, [a, b]) => {
      fixed(whole - length, first).write(writer, a);
      fixed(length, last).write(writer, b);
    },
  );
}

/** Text of an alpha identifier, filled with FF: GSM default alphabet, one octet a character, or 80 and UCS2 (TS 102 221 annex A). */
export const alpha: Format<string> = format(
  (reader) => {
    const octets = reader.take(reader.remaining);
    if (octets[0] === UCS2) {
      let end = octets.length;
      while (end > 2 && octets[end - 1] === FILLER && octets[end - 2] === FILLER) end -= 2;
      return textOfUcs2(octets.slice(1, end - ((end - 1) % 2)));
    }
    const end = octets.indexOf(FILLER);
    return textOfSeptets(octets.slice(0, end < 0 ? octets.length : end));
  },
  (writer, text) => {
    const septets = septetsOf(text);
    if (septets !== undefined) writer.put(septets);
    else {
      writer.u8(UCS2);
      writer.put(ucs2Octets(text));
    }
  },
);

/** UTF-8 text up to the end. */
export const utf8: Format<string> = map(
  rest(),
  (octets) => new TextDecoder().decode(octets),
  (text) => new TextEncoder().encode(text),
);

/** Languages, two letters each; FFFF is none (TS 102 221 13.3). */
export const languages: Format<readonly string[]> = untilFiller(
  listOf(
    format(
      (reader) => String.fromCharCode(...reader.copy(2)),
      (writer, text) => writer.put(Uint8Array.from(text, (letter) => letter.charCodeAt(0))),
    ),
    64,
  ),
);

/** A table of services with `width` bits each; a service is there when all its bits are set. */
function services(length: number, width: 1 | 2): Format<readonly number[]> {
  const all = (1 << width) - 1;
  const each = 8 / width;
  return format(
    (reader) => {
      const table = reader.copy(length);
      const isSet = (i: number) => (((table[Math.floor(i / each)] as number) >> (width * (i % each))) & all) === all;
      return Array.from({ length: each * length }, (_, i) => i + 1).filter((service) => isSet(service - 1));
    },
    (writer, list) => {
      const table = new Uint8Array(length);
      for (const service of list) {
        const at = Math.floor((service - 1) / each);
        if (service < 1 || at >= length) throw writer.error(`expected services 1 to ${each * length}, got ${service}`);
        table[at] = (table[at] as number) | (all << (width * ((service - 1) % each)));
      }
      writer.put(table);
    },
  );
}

/** Numbers of services whose bit is set, service 1 being b1 of the first octet (TS 31.102 4.2.8). */
export const serviceTable = (length: number): Format<readonly number[]> => services(length, 1);
/** Services of EF.SST that are allocated and activated, two bits each (TS 51.011 10.3.7). */
export const simServiceTable = (length: number): Format<readonly number[]> => services(length, 2);

/** Digits in `length` octets, swapped, FF when there are none. */
export const digits = (length: number): Format<string> => fixed(length, untilDigits(length));
const untilDigits = (length: number): Format<string> =>
  format(
    (reader) => swappedBcd(length).decode(reader.copy(reader.remaining)),
    (writer, text) => swappedBcd((text.length + 1) >> 1).write(writer, text),
  );

/** `inner` behind an octet of length, in `length` octets altogether; null when the length is FF. */
export function counted<T>(length: number, inner: Format<T>): Format<T | null> {
  return fixed(
    length,
    format(
      (reader) => {
        const count = reader.u8();
        const octets = reader.copy(reader.remaining);
        return count === FILLER ? null : inner.decode(new Reader(octets).copy(count));
      },
      (writer, value) => {
        const octets = value === null ? NO_OCTETS : inner.encode(value);
        writer.u8(value === null ? FILLER : octets.length);
        writer.put(octets);
      },
    ),
  );
}

/** An application in EF.DIR (TS 102 221 13.1). */
export const applicationTemplate = untilFiller(
  orEmptyTlv(tagged(0x61, berTlvSet({ aid: required(0x4f, hexRest), label: optional(0x50, utf8) }, 'ignore'))),
);
