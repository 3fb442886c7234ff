import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/**
 * A wire format, declared once: it decodes, encodes and, through inference (`Infer`), is the type.
 * `decode` wants exactly these octets (left-over ones are an error) and throws nothing but CodecError;
 * `decode(encode(x))` equals x.
 */
export interface Format<T> {
  /** The value of exactly these octets. */
  decode(octets: Uint8Array): T;
  /** The octets of a value; a value that does not fit is a CodecError. */
  encode(value: T): Uint8Array;
  /** Reads one value at the cursor. */
  read(reader: Reader): T;
  /** Appends one value. */
  write(writer: Writer, value: T): void;
}

/** The type a format carries. */
export type Infer<F> = F extends Format<infer T> ? T : never;

// A few writers serve all encoders: the first the outermost, the next an encode inside it (a format that encodes another), and so on.
const writers: Writer[] = [];
let writersInUse = 0;

function encodeWith<T>(write: (writer: Writer, value: T) => void, value: T): Uint8Array {
  if (writersInUse === writers.length) writers.push(new Writer());
  const writer = writers[writersInUse++] as Writer;
  try {
    writer.length = 0;
    write(writer, value);
    return writer.finish();
  } finally {
    writersInUse--;
  }
}

/** A format from its two directions: for layouts that the ready-made formats cannot declare. */
export function format<T>(read: (reader: Reader) => T, write: (writer: Writer, value: T) => void): Format<T> {
  return {
    decode(octets) {
      const reader = new Reader(octets);
      const value = read(reader);
      reader.finish();
      return value;
    },
    encode: (value) => encodeWith(write, value),
    read,
    write,
  };
}

/** The same octets seen as another type: `to` after reading (throw `reader.error(…)` to refuse), `from` before writing. */
export function map<A, B>(
  inner: Format<A>,
  to: (value: A, reader: Reader) => B,
  from: (value: B, writer: Writer) => A,
): Format<B> {
  return format(
    (reader) => to(inner.read(reader), reader),
    (writer, value) => inner.write(writer, from(value, writer)),
  );
}
