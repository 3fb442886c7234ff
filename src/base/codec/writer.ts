import { CodecError } from './codec-error.ts';

const FIRST_CAPACITY = 512;
/** The least number that does not fit, by width in octets. */
const BEYOND = Array.from({ length: 7 }, (_, width) => 256 ** width);

/** The octets of a length field in its shortest form, up to 3 octets of number (ITU-T X.690 8.1.3.4-5). */
export function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length <= 0xff) return Uint8Array.of(0x81, length);
  if (length <= 0xffff) return Uint8Array.of(0x82, length >> 8, length & 0xff);
  return Uint8Array.of(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
}

/** Octets being built, most significant first. Grows as needed; `finish` hands out a copy and leaves it reusable. */
export class Writer {
  private octets = new Uint8Array(FIRST_CAPACITY);
  /** Octets written so far. */
  length = 0;
  /** Name of the element being written, for errors. */
  field = 'value';

  private room(length: number): void {
    if (this.length + length <= this.octets.length) return;
    const larger = new Uint8Array(Math.max(this.octets.length * 2, this.length + length));
    larger.set(this.octets.subarray(0, this.length));
    this.octets = larger;
  }

  /** A CodecError at the current length. */
  error(problem: string): CodecError {
    return new CodecError(this.field, this.length, problem);
  }

  /** One octet. */
  u8(value: number): void {
    this.room(1);
    this.octets[this.length++] = value;
  }

  /** An unsigned number in `width` octets (1 to 6); a number that does not fit is a CodecError. */
  uint(width: number, value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= (BEYOND[width] as number))
      throw this.error(`expected a whole number of ${width} octets, got ${value}`);
    this.room(width);
    let left = value;
    for (let i = width - 1; i >= 0; i--) {
      this.octets[this.length + i] = left % 256;
      left = Math.floor(left / 256);
    }
    this.length += width;
  }

  /** All octets as they stand. */
  put(octets: Uint8Array): void {
    this.room(octets.length);
    this.octets.set(octets, this.length);
    this.length += octets.length;
  }

  /** Writes the BER length (ITU-T X.690 8.1.3.4-5) of what `write` appends, in front of it. Returns nothing. */
  withBerLength(write: (writer: Writer) => void): void {
    const start = this.beginBerLength();
    write(this);
    this.endBerLength(start);
  }

  /** Leaves room for a BER length; give what is returned to `endBerLength` behind the octets it counts. */
  beginBerLength(): number {
    this.u8(0);
    return this.length - 1;
  }

  /** Writes the BER length of everything since `beginBerLength`. */
  endBerLength(start: number): void {
    const length = this.length - start - 1;
    if (length < 0x80) {
      this.octets[start] = length;
      return;
    }
    const header = lengthOctets(length);
    this.room(header.length - 1);
    this.octets.copyWithin(start + header.length, start + 1, this.length);
    this.octets.set(header, start);
    this.length += header.length - 1;
  }

  /** Writes what `write` appends behind its length, which `writeLength` codes in the same number of octets for every length. */
  withFixedLength(writeLength: (writer: Writer, length: number) => void, write: (writer: Writer) => void): void {
    const start = this.length;
    writeLength(this, 0);
    const from = this.length;
    write(this);
    const end = this.length;
    this.length = start;
    writeLength(this, end - from);
    this.length = end;
  }

  /** A view of everything written, good until anything more is. */
  written(): Uint8Array {
    return this.octets.subarray(0, this.length);
  }

  /** A copy of everything written; the writer starts again. */
  finish(): Uint8Array {
    const out = this.octets.slice(0, this.length);
    this.length = 0;
    return out;
  }
}
