import { type Infer, octets, struct, u16, u32, uint } from '#base/codec/index.ts';
import { crc32 } from '#base/crypto/index.ts';
import type { ShardImage } from './equipment-reader.ts';
import { MAX_PAGES, MIN_PAGES, PAGE_OCTETS, PAGE_SLOTS, SHARDS } from './shard.ts';
import { CHECK, checked, isWhole } from './whole-file.ts';

// A snapshot: the header, its CRC-32, and SHARDS / BLOCK_SHARDS blocks, each with its own CRC-32; nothing after them.
// A block: its number, then pages and count of each of its shards, a CRC-32 of these, then their slots as they lie in memory: page 0 of each,
// page 1 of each that has one … So a file is read straight to where it belongs, in long pieces.
// Slots are words in the processor's own order, so that they are copied and not read; the header tells the order.

/** What the file begins with, before its version. */
export const MAGIC: Uint8Array = new TextEncoder().encode('ASSAYEIR');
/** The version of the format, and of the permutation and slots it carries. */
export const SNAPSHOT_VERSION = 2;
/** Shards of a block: some 14 MB at 100 million entries, in pieces of 128 KiB. */
export const BLOCK_SHARDS = 128;
/** Blocks of a snapshot. */
export const BLOCKS: number = SHARDS / BLOCK_SHARDS;

/** The beginning of a snapshot. Shards and the slots of a page belong to the version. */
export const snapshotHeader = struct({
  magic: octets(8),
  version: u16,
  byteOrder: octets(4),
  /** The number of the newest change that is in it for sure. */
  sequence: uint(6),
  a: u32,
  b: u32,
  c: u32,
  d: u32,
});
/** The beginning of a snapshot. */
export type SnapshotHeader = Infer<typeof snapshotHeader>;
/** Octets of the header, without its check. */
export const HEADER = 36;

const shardHead = struct({ pages: u16, count: u32 });
/** How large a shard is. */
export type ShardHead = Infer<typeof shardHead>;
/** Octets of a block's number and its shards' pages and counts, with their check. */
export const BLOCK_HEAD: number = 4 + 6 * BLOCK_SHARDS + CHECK;

/** A page of some neighbouring shards of a block: from `first` up to `end`. */
export interface Piece {
  readonly page: number;
  readonly first: number;
  readonly end: number;
}

/** The slots of a block in their order, by how many pages each of its shards has. */
export function* piecesOf(shards: readonly { readonly pages: number }[]): Generator<Piece> {
  const most = Math.max(...shards.map(({ pages }) => pages));
  for (let page = 0; page < most; page++) {
    const hasPage = (shard: number) => (shards[shard]?.pages ?? 0) > page;
    for (let first = 0, end = 0; first < shards.length; first = end + 1) {
      for (end = first; hasPage(end); ) end++;
      if (end > first) yield { page, first, end };
    }
  }
}

/** A block with its check. */
export function encodeBlock(number: number, images: readonly ShardImage[]): Uint8Array {
  const words = images.reduce((sum, image) => sum + image.words.length, 0);
  const block = new Uint8Array(BLOCK_HEAD + 4 * words + CHECK);
  const heads = images.flatMap(({ pages, count }) => [...shardHead.encode({ pages, count })]);
  block.set(checked(Uint8Array.of(...u32.encode(number), ...heads)));
  let at = BLOCK_HEAD;
  for (const { page, first, end } of piecesOf(images))
    for (const { words: shard } of images.slice(first, end)) {
      block.set(new Uint8Array(shard.buffer, page * PAGE_OCTETS, PAGE_OCTETS), at);
      at += PAGE_OCTETS;
    }
  block.set(crc32(block.subarray(0, at)), at);
  return block;
}

/** Pages and count of each shard of block `number`; undefined for another block's, what no shard can have, or octets that have changed. */
export function decodeBlockHead(number: number, head: Uint8Array): readonly ShardHead[] | undefined {
  const shards = Array.from({ length: BLOCK_SHARDS }, (_, i) => shardHead.decode(head.subarray(4 + 6 * i, 10 + 6 * i)));
  const isPossible = shards.every(
    ({ pages, count }) => pages >= MIN_PAGES && pages <= MAX_PAGES && count < pages * PAGE_SLOTS,
  );
  return isWhole(head) && isPossible && u32.decode(head.subarray(0, 4)) === number ? shards : undefined;
}
