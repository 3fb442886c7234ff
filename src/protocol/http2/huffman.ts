import { OCTET_CLASS } from './octet-class.ts';

/**
 * Length in bits of the code of each octet, then of EOS (RFC 7541 appendix B). The code is canonical: codes of one length are
 * consecutive numbers in the order of their symbols, so lengths say everything.
 */
// biome-ignore format: a table of 16 columns
const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const EOS = 256;
const LONGEST_CODE = 30;
/** Padding is shorter than an octet and made of ones, the beginning of EOS (RFC 7541 5.2). */
const LONGEST_PADDING = 7;

/** Code of each symbol, most significant bit first. */
function canonicalCodes(): Uint32Array {
  const codes = new Uint32Array(CODE_LENGTHS.length);
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    for (let symbol = 0; symbol < codes.length; symbol++) if (CODE_LENGTHS[symbol] === length) codes[symbol] = code++;
    code *= 2;
  }
  return codes;
}

const CODES = canonicalCodes();

// An entry of the decoder's table: the next state (8 bits), how many octets ended (2), those octets, the classes of both (4), failure (1).
const COUNT_SHIFT = 8;
const FIRST_SHIFT = 10;
const SECOND_SHIFT = 18;
const CLASS_SHIFT = 26;
const FAILS = 1 << 30;
const CLASSES = 15;

/** The code as a tree: node 0 is the root, a child is a node, or below zero a symbol: `~symbol`. */
function codeTree(): { readonly children: readonly number[][]; readonly mayEnd: readonly boolean[] } {
  const children: number[][] = [[]];
  const mayEnd: boolean[] = [true];
  CODES.forEach((code, symbol) => {
    let node = 0;
    const length = CODE_LENGTHS[symbol] as number;
    for (let bit = length - 1; bit > 0; bit--) {
      const branch = children[node] as number[];
      const side = (code >>> bit) & 1;
      if (branch[side] === undefined) {
        const depth = length - bit;
        // All ones so far, and not too many.
        mayEnd[children.length] = code >>> bit === 2 ** depth - 1 && depth <= LONGEST_PADDING;
        branch[side] = children.push([]) - 1;
      }
      node = branch[side] as number;
    }
    (children[node] as number[])[code & 1] = ~symbol;
  });
  return { children, mayEnd };
}

const TREE = codeTree();

/** What four more bits do in each state: the next one, and the symbol that ended (-1: none). No code has fewer than five bits. */
function halfSteps(): { readonly next: Uint8Array; readonly symbols: Int16Array } {
  const [next, symbols] = [new Uint8Array(256 * 16), new Int16Array(256 * 16).fill(-1)];
  for (let at = 0; at < next.length; at++) {
    let node = at >> 4;
    for (let bit = 3; bit >= 0; bit--) {
      const child = TREE.children[node]?.[(at >> bit) & 1] as number;
      node = child < 0 ? 0 : child;
      if (child < 0) symbols[at] = ~child;
    }
    next[at] = node;
  }
  return { next, symbols };
}

/** What a whole octet does in each state: at most two octets end. */
function transitions(): Int32Array {
  const { next, symbols } = halfSteps();
  return new Int32Array(256 * 256).map((_, at) => {
    const high = at >> 4;
    const low = ((next[high] as number) << 4) | (at & 15);
    const [a, b] = [symbols[high] as number, symbols[low] as number];
    if (a === EOS || b === EOS) return FAILS;
    const [first, second] = a < 0 ? [b, -1] : [a, b];
    const classes = (OCTET_CLASS[first] ?? 0) | (OCTET_CLASS[second] ?? 0);
    const count = (first < 0 ? 0 : 1) + (second < 0 ? 0 : 1);
    const ended = (Math.max(first, 0) << FIRST_SHIFT) | (Math.max(second, 0) << SECOND_SHIFT);
    return (next[low] as number) | (count << COUNT_SHIFT) | ended | (classes << CLASS_SHIFT);
  });
}

/** Made when the first string comes: it takes some milliseconds, and most programs of the house decode none. */
let table: Int32Array | undefined;
const MAY_END = Uint8Array.from({ length: 256 }, (_, state) => (TREE.mayEnd[state] === true ? 1 : 0));

/** What a Huffman-coded string was decoded to. One object that every call overwrites: this is a hot path. */
export const decoded = { length: 0, classes: 0 };

/**
 * Decodes octets `start` to `end` (RFC 7541 5.2) into `out`, which has room for 8 octets for every 5, and 2 more. True when they were
 * well-formed; then `decoded` holds the count of octets and their classes. False for EOS inside, or padding that is too long or not of ones.
 */
export function huffmanDecode(octets: Uint8Array, start: number, end: number, out: Uint8Array): boolean {
  table ??= transitions();
  const steps = table;
  let state = 0;
  let length = 0;
  let seen = 0;
  for (let at = start; at < end; at++) {
    const entry = steps[(state << 8) | (octets[at] as number)] as number;
    // Both are written, those that ended are counted.
    out[length] = entry >> FIRST_SHIFT;
    out[length + 1] = entry >> SECOND_SHIFT;
    length += (entry >> COUNT_SHIFT) & 3;
    state = entry & 0xff;
    seen |= entry;
  }
  decoded.length = length;
  decoded.classes = (seen >> CLASS_SHIFT) & CLASSES;
  return (seen & FAILS) === 0 && MAY_END[state] === 1;
}

/** Octets that `huffmanEncode` makes of these. */
export function huffmanLength(octets: Uint8Array): number {
  let bits = 0;
  for (const octet of octets) bits += CODE_LENGTHS[octet] as number;
  return (bits + 7) >> 3;
}

/** The Huffman code of octets, padded with ones (RFC 7541 5.2). */
export function huffmanEncode(octets: Uint8Array): Uint8Array {
  const out = new Uint8Array(huffmanLength(octets));
  let [at, free] = [0, 8];
  for (const octet of octets) {
    const code = CODES[octet] as number;
    let left = CODE_LENGTHS[octet] as number;
    while (left > 0) {
      const taken = Math.min(left, free);
      left -= taken;
      free -= taken;
      out[at] = (out[at] as number) | (((code >>> left) & (2 ** taken - 1)) << free);
      if (free > 0) continue;
      at++;
      free = 8;
    }
  }
  if (free < 8) out[at] = (out[at] as number) | (2 ** free - 1);
  return out;
}
