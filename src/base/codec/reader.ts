import { CodecError } from './codec-error.ts';
import { partOf } from './octets.ts';

/** A cursor over received octets. Every read past the end is a CodecError that names the field being read. */
export class Reader {
  readonly octets: Uint8Array;
  position: number;
  /** Index after the last octet that may be read. */
  end: number;
  /** Name of the element being read; formats set it so that an error can say where it stands. */
  field = 'octets';

  constructor(octets: Uint8Array, position = 0, end = octets.length) {
    this.octets = octets;
    this.position = position;
    this.end = end;
  }

  /** Octets left before the end. */
  get remaining(): number {
    return this.end - this.position;
  }

  /** A CodecError at the current position, or at `position`. */
  error(problem: string, position = this.position): CodecError {
    return new CodecError(this.field, position, problem);
  }

  /** Throws unless `length` octets are left. */
  need(length: number): void {
    if (this.end - this.position < length)
      throw this.error(`expected ${length} more octets, got ${this.end - this.position}`);
  }

  /** The next octet without taking it; -1 at the end. */
  peek(): number {
    return this.position < this.end ? (this.octets[this.position] as number) : -1;
  }

  /** An unsigned number of 1 to 6 octets, most significant first. */
  uint(width: number): number {
    this.need(width);
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (this.octets[this.position++] as number);
    return value;
  }

  /** One octet. */
  u8(): number {
    if (this.position >= this.end) throw this.error('expected 1 more octets, got 0');
    return this.octets[this.position++] as number;
  }

  /** The next `length` octets, only to be read: they may be a view (`partOf`). */
  take(length: number): Uint8Array {
    this.need(length);
    const from = this.position;
    this.position = from + length;
    return partOf(this.octets, from, this.position);
  }

  /** A copy of the next `length` octets, made in one step. */
  copy(length: number): Uint8Array {
    this.need(length);
    const from = this.position;
    this.position = from + length;
    return this.octets.slice(from, this.position);
  }

  /** All that is left, only to be read. */
  rest(): Uint8Array {
    return this.take(this.end - this.position);
  }

  /** Runs `read` on exactly the next `length` octets; octets it leaves over are an error. */
  within<T>(length: number, read: (reader: Reader) => T): T {
    this.need(length);
    const outerEnd = this.end;
    this.end = this.position + length;
    const value = read(this);
    this.finish();
    this.end = outerEnd;
    return value;
  }

  /** Throws when octets are left. */
  finish(): void {
    if (this.position !== this.end) throw this.error(`expected the end, got ${this.end - this.position} more octets`);
  }
}
