import { type Format, format, type Infer } from './format.ts';
import { toHex } from './octets.ts';
import type { Reader } from './reader.ts';

/** Exactly `length` octets, copied out of what was received. */
export function octets(length: number): Format<Uint8Array> {
  return format(
    (reader) => reader.copy(length),
    (writer, value) => {
      if (value.length !== length) throw writer.error(`expected ${length} octets, got ${value.length}`);
      writer.put(value);
    },
  );
}

/** All octets up to the end, between `least` and `most` of them, copied. */
export function rest(least = 0, most = 0xffff): Format<Uint8Array> {
  const check = (length: number) => length >= least && length <= most;
  return format(
    (reader) => {
      if (!check(reader.remaining)) throw reader.error(`expected ${least} to ${most} octets, got ${reader.remaining}`);
      return reader.copy(reader.remaining);
    },
    (writer, value) => {
      if (!check(value.length)) throw writer.error(`expected ${least} to ${most} octets, got ${value.length}`);
      writer.put(value);
    },
  );
}

/** Octets that must stand there and carry no information. */
export function constant(expected: Uint8Array): Format<undefined> {
  return format(
    (reader) => {
      const at = reader.position;
      reader.need(expected.length);
      for (const octet of expected) if (reader.u8() !== octet) throw reader.error(`expected ${toHex(expected)}`, at);
      return undefined;
    },
    (writer) => writer.put(expected),
  );
}

/** `inner` behind a count of its octets. */
export function lengthPrefixed<T>(length: Format<number>, inner: Format<T>): Format<T> {
  const read = (reader: Reader) => inner.read(reader);
  return format(
    (reader) => reader.within(length.read(reader), read),
    (writer, value) => writer.withFixedLength(length.write, () => inner.write(writer, value)),
  );
}

/** `inner` again and again up to the end, at most `most` times. */
export function listOf<T>(inner: Format<T>, most = 1024): Format<readonly T[]> {
  return format(
    (reader) => {
      const list: T[] = [];
      while (reader.remaining > 0) {
        if (list.length === most) throw reader.error(`expected at most ${most} elements`);
        list.push(inner.read(reader));
      }
      return list;
    },
    (writer, list) => {
      for (const value of list) inner.write(writer, value);
    },
  );
}

/** `inner` when octets are left, otherwise undefined: for a last element that may be missing. */
export function optionalAtEnd<T>(inner: Format<T>): Format<T | undefined> {
  return format(
    (reader) => (reader.remaining > 0 ? inner.read(reader) : undefined),
    (writer, value) => {
      if (value !== undefined) inner.write(writer, value);
    },
  );
}

type Fields = Readonly<Record<string, Format<never> | Format<unknown>>>;
type OptionalFields<F> = { [K in keyof F]: undefined extends Infer<F[K]> ? K : never }[keyof F];
type Constants<F> = { [K in keyof F]: [Infer<F[K]>] extends [undefined] ? K : never }[keyof F];
/** The value of a struct: one member per field; constants are left out, optionalAtEnd fields may be. */
export type StructOf<F> = { readonly [K in Exclude<keyof F, OptionalFields<F>>]: Infer<F[K]> } & {
  readonly [K in Exclude<OptionalFields<F>, Constants<F>>]?: Exclude<Infer<F[K]>, undefined>;
};

/** Fields one after another, in the order written here. */
export function struct<F extends Fields>(fields: F): Format<StructOf<F>> {
  const names = Object.keys(fields);
  const formats = Object.values(fields) as readonly Format<unknown>[];
  return format(
    (reader) => {
      const value: Record<string, unknown> = {};
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as string;
        reader.field = name;
        const part = (formats[i] as Format<unknown>).read(reader);
        if (part !== undefined) value[name] = part;
      }
      // The record was filled from the same table the type is inferred from.
      return value as StructOf<F>;
    },
    (writer, value) => {
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as string;
        writer.field = name;
        (formats[i] as Format<unknown>).write(writer, (value as Record<string, unknown>)[name]);
      }
    },
  );
}
