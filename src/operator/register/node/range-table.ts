import type { ListName } from '../list-entry.ts';

/** A range as the table is made of: 14-digit numbers, bounds included. */
export interface ListedRange {
  readonly first: number;
  readonly last: number;
  readonly list: ListName;
}

/** Memory of a table, for other threads: disjoint pieces in ascending order, each with the tag of the range that decides there. */
export interface RangeTableHandle {
  readonly bounds: SharedArrayBuffer;
  readonly tags: SharedArrayBuffer;
}

/** Tags as the equipment index has them. */
export const LIST_TAG = { white: 1, grey: 2, black: 3 } as const;
/** A tag of a list; 0: no list. */
export type ListTag = 0 | 1 | 2 | 3;

/** The table's pieces from ranges in any order: the narrowest range decides, among equally narrow ones the most severe list. */
export function rangeTable(ranges: readonly ListedRange[]): RangeTableHandle {
  const pieces = piecesOf(ranges);
  const bounds = new SharedArrayBuffer(Math.max(1, pieces.length) * 2 * Float64Array.BYTES_PER_ELEMENT);
  const tags = new SharedArrayBuffer(pieces.length);
  const numbers = new Float64Array(bounds);
  const tagged = new Uint8Array(tags);
  // An empty table has one piece that holds no number.
  if (pieces.length === 0) numbers.fill(-1);
  pieces.forEach(({ first, last, tag }, at) => {
    numbers[2 * at] = first;
    numbers[2 * at + 1] = last;
    tagged[at] = tag;
  });
  return { bounds, tags };
}

interface Piece {
  readonly first: number;
  last: number;
  readonly tag: ListTag;
}

/** Sweeps from bound to bound with a heap of the open ranges, the deciding one on top: n log n whatever the nesting. */
function piecesOf(ranges: readonly ListedRange[]): readonly Piece[] {
  const starts = ranges.toSorted((a, b) => a.first - b.first);
  const bounds = Float64Array.from(ranges.flatMap(({ first, last }) => [first, last + 1])).sort();
  const open: ListedRange[] = [];
  const pieces: Piece[] = [];
  let next = 0;
  for (let i = 0; i < bounds.length; i++) {
    const at = bounds[i] as number;
    const until = bounds[i + 1];
    while (next < starts.length && (starts[next] as ListedRange).first === at)
      push(open, starts[next++] as ListedRange);
    while (open[0] !== undefined && open[0].last < at) pop(open);
    if (until === undefined || until === at || open[0] === undefined) continue;
    const tag = LIST_TAG[open[0].list];
    const before = pieces.at(-1);
    if (before !== undefined && before.last === at - 1 && before.tag === tag) before.last = until - 1;
    else pieces.push({ first: at, last: until - 1, tag });
  }
  return pieces;
}

function decidesBefore(a: ListedRange, b: ListedRange): boolean {
  const difference = a.last - a.first - (b.last - b.first);
  return difference < 0 || (difference === 0 && LIST_TAG[a.list] > LIST_TAG[b.list]);
}

function push(heap: ListedRange[], range: ListedRange): void {
  let at = heap.push(range) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!decidesBefore(range, heap[parent] as ListedRange)) break;
    heap[at] = heap[parent] as ListedRange;
    at = parent;
  }
  heap[at] = range;
}

function pop(heap: ListedRange[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && decidesBefore(heap[child + 1] as ListedRange, heap[child] as ListedRange)) child++;
    if (!decidesBefore(heap[child] as ListedRange, last)) break;
    heap[at] = heap[child] as ListedRange;
    at = child;
  }
  heap[at] = last;
}

/** Finds the tag of the range that decides about a number. */
export class RangeReader {
  readonly #bounds: Float64Array;
  readonly #tags: Uint8Array;

  constructor({ bounds, tags }: RangeTableHandle) {
    this.#bounds = new Float64Array(bounds);
    this.#tags = new Uint8Array(tags);
  }

  /** 0 when it is in no range. */
  lookup(equipment: number): ListTag {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length / 2 - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((bounds[2 * middle] as number) <= equipment) low = middle;
      else high = middle - 1;
    }
    const isInside = (bounds[2 * low] as number) <= equipment && equipment <= (bounds[2 * low + 1] as number);
    return isInside ? ((this.#tags[low] ?? 0) as ListTag) : 0;
  }
}
