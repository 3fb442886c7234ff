import { type Format, format } from './format.ts';

/** An unsigned number of `width` octets (1 to 6), most significant first. */
export function uint(width: 1 | 2 | 3 | 4 | 5 | 6): Format<number> {
  return format(
    (reader) => reader.uint(width),
    (writer, value) => writer.uint(width, value),
  );
}

/** One octet as a number. */
export const u8: Format<number> = format(
  (reader) => reader.u8(),
  (writer, value) => writer.uint(1, value),
);
/** Two octets as a number. */
export const u16: Format<number> = uint(2);
/** Three octets as a number. */
export const u24: Format<number> = uint(3);
/** Four octets as a number. */
export const u32: Format<number> = uint(4);

/** A number that stands for a name. A code that is not in the table is a CodecError: use a plain number where codes are open. */
export function enumeration<N extends string>(width: Format<number>, codes: Readonly<Record<N, number>>): Format<N> {
  const names = new Map<number, N>();
  for (const name in codes) names.set(codes[name], name);
  return format(
    (reader) => {
      const at = reader.position;
      const code = width.read(reader);
      const name = names.get(code);
      if (name === undefined)
        throw reader.error(`expected one of ${[...names.values()].join(', ')}, got code ${code}`, at);
      return name;
    },
    (writer, name) => {
      const code = codes[name];
      if (code === undefined) throw writer.error(`expected one of ${[...names.values()].join(', ')}, got '${name}'`);
      width.write(writer, code);
    },
  );
}

/** Part of an octet group: bits `low` to `low + width - 1`, bit 0 being the least significant ("b1" of the standards). */
export interface BitField<T> {
  readonly low: number;
  readonly width: number;
  /** The value of these bits; undefined when they are no defined code. */
  from(value: number): T | undefined;
  /** The bits of a value; NaN when it has none. */
  to(value: T): number;
}

/** A number in `width` bits from bit `low` (0 = least significant). */
export function bitNumber(low: number, width: number): BitField<number> {
  return { low, width, from: (value) => value, to: (value) => value };
}

/** A single bit as a boolean. */
export function bitFlag(low: number): BitField<boolean> {
  return { low, width: 1, from: (value) => value === 1, to: (value) => (value ? 1 : 0) };
}

/** A few bits that stand for a name; codes without a name are a CodecError. */
export function bitNames<N extends string>(
  low: number,
  width: number,
  codes: Readonly<Record<N, number>>,
): BitField<N> {
  const names = new Map<number, N>();
  for (const name in codes) names.set(codes[name], name);
  return {
    low,
    width,
    from: (value) => names.get(value),
    to: (name) => codes[name] ?? Number.NaN,
  };
}

type BitValues<F> = { readonly [K in keyof F]: F[K] extends BitField<infer T> ? T : never };

/** Bit fields inside 1 to 4 octets. Bits that no field names are reserved: ignored when read, written as 0. */
export function bits<F extends Readonly<Record<string, BitField<unknown>>>>(
  octets: 1 | 2 | 3 | 4,
  fields: F,
): Format<BitValues<F>> {
  const entries = Object.entries(fields);
  return format(
    (reader) => {
      const at = reader.position;
      const word = reader.uint(octets);
      const value: Record<string, unknown> = {};
      for (const [name, field] of entries) {
        const raw = Math.floor(word / 2 ** field.low) % 2 ** field.width;
        const part = field.from(raw);
        if (part === undefined) throw reader.error(`${name}: expected a defined code, got ${raw}`, at);
        value[name] = part;
      }
      // The record was filled from the same table the type is inferred from.
      return value as BitValues<F>;
    },
    (writer, value) => {
      let word = 0;
      for (const [name, field] of entries) {
        const part = field.to((value as Record<string, unknown>)[name]);
        if (!(part >= 0 && part < 2 ** field.width))
          throw writer.error(`${name}: expected ${field.width} bits, got ${part}`);
        word += part * 2 ** field.low;
      }
      writer.uint(octets, word);
    },
  );
}
