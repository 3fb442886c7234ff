import { decoded, huffmanDecode } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

type Pair = readonly [string, string];

/** A decoder of field blocks written as RFC 7541 reads, one array for the table; undefined for what is no block. It is not fast. */
export function referenceDecoder(mostTable: number): (block: Uint8Array) => Pair[] | undefined {
  let table: Pair[] = [];
  let capacity = mostTable;
  const sizeOf = (pairs: readonly Pair[]) =>
    pairs.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  const shrink = () => {
    while (sizeOf(table) > capacity) table = table.slice(0, -1);
  };
  return (block) => {
    let rest = [...block];
    const fail = (): never => {
      throw new RangeError('no block');
    };
    const octet = (): number => rest.shift() ?? fail();
    const integer = (bits: number): number => {
      const full = 2 ** bits - 1;
      let value = octet() % (full + 1);
      if (value < full) return value;
      for (let power = 0; power < 4; power++) {
        const next = octet();
        value += (next % 128) * 128 ** power;
        if (next < 128) return value;
      }
      return fail();
    };
    const text = (): string => {
      const isCoded = (rest[0] ?? fail()) >= 128;
      const length = integer(7);
      if (length > rest.length) fail();
      const octets = Buffer.from(rest.slice(0, length));
      rest = rest.slice(length);
      if (!isCoded) return octets.toString('latin1');
      const out = Buffer.alloc(2 * length + 2);
      return huffmanDecode(octets, 0, length, out) ? out.toString('latin1', 0, decoded.length) : fail();
    };
    const entry = (index: number): Pair => {
      const all: Pair[] = [...STATIC_TABLE.map(({ name, value }): Pair => [name, value]), ...table];
      return all[index - 1] ?? fail();
    };
    const literal = (bits: number): Pair => {
      const index = integer(bits);
      const name = index === 0 ? text() : entry(index)[0];
      return [name, text()];
    };
    const fields: Pair[] = [];
    let updates = 0;
    try {
      while (rest.length > 0) {
        const first = rest[0] as number;
        if (first >= 128) fields.push(entry(integer(7)));
        else if (first >= 64) {
          const field = literal(6);
          fields.push(field);
          table = [field, ...table];
          shrink();
        } else if (first >= 32) {
          capacity = integer(5);
          if (capacity > mostTable || fields.length > 0 || ++updates > 2) fail();
          shrink();
        } else fields.push(literal(4));
      }
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    return fields;
  };
}
