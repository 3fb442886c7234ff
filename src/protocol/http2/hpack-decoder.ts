import { CodecError } from '#base/codec/index.ts';
import { FIELD_OVERHEAD, type Field, type FieldKind, fieldOf, kindOfName } from './field.ts';
import { decoded, huffmanDecode } from './huffman.ts';
import { OCTET_CLASS } from './octet-class.ts';
import { STATIC_TABLE } from './static-table.ts';

/** SETTINGS_HEADER_TABLE_SIZE (RFC 9113 6.5.2): the first value, and the one we keep. */
export const HEADER_TABLE_SIZE = 4096;

/** More entries than ever fit: each counts 32 octets at least. A power of two. */
const RING = HEADER_TABLE_SIZE / FIELD_OVERHEAD;
/** Integers of more octets than this after the prefix are refused (RFC 7541 5.1). */
const MOST_INTEGER_OCTETS = 4;

/** The fields of one block, within limits. */
export class FieldList {
  /** The first `count` are those of the block. */
  readonly fields: Field[] = [];
  count = 0;
  /** Size of all, also of those left out (RFC 9113 6.5.2). */
  size = 0;
  readonly #mostFields: number;
  readonly #mostOctets: number;
  #total = 0;

  /** Fields above either limit are counted and left out. */
  constructor(mostFields: number, mostOctets: number) {
    this.#mostFields = mostFields;
    this.#mostOctets = mostOctets;
  }

  /** Whether some were left out. */
  get isTooLarge(): boolean {
    return this.#total > this.count;
  }

  /** Forgets the block before. */
  clear(): void {
    this.count = 0;
    this.size = 0;
    this.#total = 0;
  }

  /** Takes one more. */
  add(field: Field): void {
    this.size += field.size;
    this.#total++;
    if (this.#total <= this.#mostFields && this.size <= this.#mostOctets) this.fields[this.count++] = field;
  }
}

/** The dynamic table (RFC 7541 2.3.2), newest first, as a ring. */
class DynamicTable {
  readonly #ring: Field[] = [];
  #newest = 0;
  #count = 0;
  #size = 0;
  #capacity = HEADER_TABLE_SIZE;

  get count(): number {
    return this.#count;
  }

  at(index: number): Field {
    return this.#ring[(this.#newest - index) & (RING - 1)] as Field;
  }

  /** An entry larger than the table empties it, and that is no error (RFC 7541 4.4). */
  insert(field: Field): void {
    this.#evict(this.#capacity - field.size);
    if (field.size > this.#capacity) return;
    this.#newest = (this.#newest + 1) & (RING - 1);
    this.#ring[this.#newest] = field;
    this.#count++;
    this.#size += field.size;
  }

  resize(capacity: number): void {
    this.#capacity = capacity;
    this.#evict(capacity);
  }

  #evict(until: number): void {
    while (this.#count > 0 && this.#size > until) this.#size -= this.at(--this.#count).size;
  }
}

/** Strings are decoded here, one after another, by all connections. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** A decoder of field blocks (RFC 7541), one for each connection: its table lives as long as that. */
export class HpackDecoder {
  readonly #table = new DynamicTable();
  #octets: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #classes = 0;

  /**
   * Decodes the whole block `start` to `end` into `into`, which is cleared first. Throws CodecError for octets that are no block: then the
   * connection is over (COMPRESSION_ERROR, RFC 9113 4.3).
   */
  decode(octets: Buffer, start: number, end: number, into: FieldList): void {
    into.clear();
    this.#octets = octets;
    this.#at = start;
    this.#end = end;
    this.#sizeUpdates();
    while (this.#at < end) {
      const first = octets[this.#at] as number;
      if (first >= 0x80) into.add(this.#entry(this.#integer(7)));
      else if (first >= 0x40) {
        const field = this.#literal(6);
        this.#table.insert(field);
        into.add(field);
      } else if (first >= 0x20) throw this.#error('table size update', 'expected only before the first field');
      else into.add(this.#literal(4));
    }
  }

  /** Updates of the table's size, at most two, at the beginning (RFC 7541 4.2). */
  #sizeUpdates(): void {
    let most = 2;
    while (this.#at < this.#end && ((this.#octets[this.#at] as number) & 0xe0) === 0x20) {
      if (most-- === 0) throw this.#error('table size update', 'expected at most two');
      const size = this.#integer(5);
      if (size > HEADER_TABLE_SIZE) {
        throw this.#error('table size update', `expected at most ${HEADER_TABLE_SIZE}, got ${size}`);
      }
      this.#table.resize(size);
    }
  }

  /** A literal field (RFC 7541 6.2) whose name index has `bits` bits. */
  #literal(bits: number): Field {
    const index = this.#integer(bits);
    if (index === 0) {
      const name = this.#string();
      const nameKind = kindOfName(name, this.#classes);
      return this.#withValue(name, nameKind);
    }
    const { name, nameKind } = this.#entry(index);
    return this.#withValue(name, nameKind);
  }

  #withValue(name: string, nameKind: FieldKind): Field {
    const value = this.#string();
    return fieldOf(name, nameKind, value, this.#classes);
  }

  #entry(index: number): Field {
    const fixed = STATIC_TABLE[index - 1];
    if (fixed !== undefined) return fixed;
    const at = index - STATIC_TABLE.length - 1;
    if (index === 0 || at >= this.#table.count) {
      throw this.#error('index', `expected 1 to ${STATIC_TABLE.length + this.#table.count}, got ${index}`);
    }
    return this.#table.at(at);
  }

  /** An integer with a prefix of `bits` bits (RFC 7541 5.1). */
  #integer(bits: number): number {
    if (this.#at >= this.#end) throw this.#error('integer', 'expected an octet, got the end of the block');
    const full = (1 << bits) - 1;
    let value = (this.#octets[this.#at++] as number) & full;
    if (value < full) return value;
    for (let shift = 0; shift < 7 * MOST_INTEGER_OCTETS; shift += 7) {
      if (this.#at >= this.#end) throw this.#error('integer', 'expected another octet, got the end of the block');
      const octet = this.#octets[this.#at++] as number;
      value += (octet & 0x7f) << shift;
      if (octet < 0x80) return value;
    }
    throw this.#error('integer', `expected at most ${MOST_INTEGER_OCTETS} octets after the prefix`);
  }

  /** A string literal (RFC 7541 5.2); its classes are in `#classes`. */
  #string(): string {
    const isHuffman = ((this.#octets[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    if (length > this.#end - start) {
      throw this.#error('string', `expected ${length} octets, got ${this.#end - start}`);
    }
    this.#at += length;
    return isHuffman ? this.#huffman(start) : this.#plain(start);
  }

  #plain(start: number): string {
    const octets = this.#octets;
    let classes = 0;
    for (let at = start; at < this.#at; at++) classes |= OCTET_CLASS[octets[at] as number] as number;
    this.#classes = classes;
    return octets.toString('latin1', start, this.#at);
  }

  #huffman(start: number): string {
    if ((this.#at - start) * 2 > scratch.length) scratch = Buffer.allocUnsafeSlow((this.#at - start) * 2);
    if (!huffmanDecode(this.#octets, start, this.#at, scratch)) {
      throw this.#error('Huffman code', 'expected codes, then less than 8 ones');
    }
    this.#classes = decoded.classes;
    return scratch.toString('latin1', 0, decoded.length);
  }

  #error(field: string, problem: string): CodecError {
    return new CodecError(field, this.#at, problem);
  }
}
