import { concat } from '#base/codec/index.ts';
import { FIELD_OVERHEAD } from './field.ts';
import { HEADER_TABLE_SIZE } from './hpack-decoder.ts';
import { huffmanEncode, huffmanLength } from './huffman.ts';
import { STATIC_TABLE, staticFieldIndex, staticNameIndex } from './static-table.ts';

/** Patterns before the integers of RFC 7541 6. */
const INDEXED = 0x80;
const WITH_INDEXING = 0x40;
const SIZE_UPDATE = 0x20;
const WITHOUT_INDEXING = 0x00;

/** An integer behind `pattern`, with a prefix of `bits` bits (RFC 7541 5.1). */
export function encodeInteger(pattern: number, bits: number, value: number): Uint8Array {
  const full = (1 << bits) - 1;
  if (value < full) return Uint8Array.of(pattern | value);
  const octets = [pattern | full];
  let rest = value - full;
  for (; rest >= 0x80; rest >>>= 7) octets.push(0x80 | (rest & 0x7f));
  return Uint8Array.from([...octets, rest]);
}

/** A string of ISO 8859-1, Huffman-coded when that is shorter (RFC 7541 5.2). */
export function encodeString(text: string): Uint8Array {
  const plain = Buffer.from(text, 'latin1');
  const length = huffmanLength(plain);
  if (length >= plain.length) return concat(encodeInteger(0, 7, plain.length), plain);
  return concat(encodeInteger(0x80, 7, length), huffmanEncode(plain));
}

function literal(pattern: number, bits: number, nameIndex: number, name: string, value: string): Uint8Array {
  const index = encodeInteger(pattern, bits, nameIndex);
  return nameIndex > 0 ? concat(index, encodeString(value)) : concat(index, encodeString(name), encodeString(value));
}

/** A field that leaves no trace in the dynamic table (RFC 7541 6.2.2), or a reference to the static one (6.1). */
export function encodePlainField(name: string, value: string): Uint8Array {
  const index = staticFieldIndex(name, value);
  if (index > 0) return encodeInteger(INDEXED, 7, index);
  return literal(WITHOUT_INDEXING, 4, staticNameIndex(name), name, value);
}

/**
 * An encoder of field blocks (RFC 7541), one for each connection. It never evicts: what does not fit into the dynamic table any more goes
 * without. `insertions` tells whether a block made earlier, without an insertion of its own, is still right.
 */
export class HpackEncoder {
  readonly #inserted = new Map<string, number>();
  #size = 0;
  #capacity = HEADER_TABLE_SIZE;
  /** Size updates that the next block must begin with. */
  #updates: Uint8Array = new Uint8Array(0);
  /** Changes with every change of the dynamic table. */
  insertions = 0;

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. The table begins anew: with sizes 0 and then this (RFC 7541 4.2). */
  resize(size: number): void {
    const capacity = Math.min(size, HEADER_TABLE_SIZE);
    if (capacity === this.#capacity) return;
    this.#capacity = capacity;
    this.#inserted.clear();
    this.#size = 0;
    this.insertions++;
    this.#updates = concat(encodeInteger(SIZE_UPDATE, 5, 0), encodeInteger(SIZE_UPDATE, 5, capacity));
  }

  /** The updates of size that must stand before the next block; none the next time. */
  takeUpdates(): Uint8Array {
    const updates = this.#updates;
    if (updates.length > 0) this.#updates = new Uint8Array(0);
    return updates;
  }

  /** A field: a reference if there is one, otherwise a literal that goes into the dynamic table if it has room. */
  encode(name: string, value: string): Uint8Array {
    const fixed = staticFieldIndex(name, value);
    if (fixed > 0) return encodeInteger(INDEXED, 7, fixed);
    const key = `${name}\0${value}`;
    const at = this.#inserted.get(key);
    if (at !== undefined) return encodeInteger(INDEXED, 7, STATIC_TABLE.length + this.#inserted.size - at);
    const size = name.length + value.length + FIELD_OVERHEAD;
    if (this.#size + size > this.#capacity) return encodePlainField(name, value);
    const octets = literal(WITH_INDEXING, 6, staticNameIndex(name), name, value);
    this.#inserted.set(key, this.#inserted.size);
    this.#size += size;
    this.insertions++;
    return octets;
  }
}
