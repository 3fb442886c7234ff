import { type Infer, octets, struct, u16, u32, uint } from '#base/codec/index.ts';
import { crc32 } from '#base/crypto/index.ts';
import type { ShardImage } from './equipment-reader.ts';
import { MAX_PAGES, MIN_PAGES, PAGE_SLOTS, SHARDS } from './shard.ts';
import { CHECK } from './whole-file.ts';

// A snapshot: the header, its CRC-32, and SHARDS / BLOCK_SHARDS blocks, each with its own CRC-32; nothing after them.
// A block: its number, then pages and count of each of its shards, then their slots, as they lie in memory.
// Slots are words in the processor's own order, so that they are copied and not read; the header tells the order.

/** What the file begins with, before its version. */
export const MAGIC: Uint8Array = new TextEncoder().encode('ASSAYEIR');
/** The version of the format, and of the permutation and slots it carries. */
export const SNAPSHOT_VERSION = 1;
/** Shards of a block: some 2 MB at 100 million entries. */
export const BLOCK_SHARDS = 16;
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
/** Octets of a block's number and its shards' pages and counts; even, so that the slots after it lie as words do. */
export const BLOCK_HEAD: number = 4 + 6 * BLOCK_SHARDS;

/** A block with its check. */
export function encodeBlock(number: number, images: readonly ShardImage[]): Uint8Array {
  const words = images.reduce((sum, image) => sum + image.words.length, 0);
  const block = new Uint8Array(BLOCK_HEAD + 4 * words + CHECK);
  block.set(u32.encode(number));
  let at = BLOCK_HEAD;
  for (const [i, { pages, count, words: shard }] of images.entries()) {
    block.set(shardHead.encode({ pages, count }), 4 + 6 * i);
    block.set(new Uint8Array(shard.buffer), at);
    at += shard.byteLength;
  }
  block.set(crc32(block.subarray(0, at)), at);
  return block;
}

/** Pages and count of each shard of block `number`; undefined for another block's, or what no shard can have. */
export function decodeBlockHead(number: number, head: Uint8Array): readonly Infer<typeof shardHead>[] | undefined {
  const shards = Array.from({ length: BLOCK_SHARDS }, (_, i) => shardHead.decode(head.subarray(4 + 6 * i, 10 + 6 * i)));
  const isPossible = shards.every(
    ({ pages, count }) => pages >= MIN_PAGES && pages <= MAX_PAGES && count < pages * PAGE_SLOTS,
  );
  return isPossible && u32.decode(head.subarray(0, 4)) === number ? shards : undefined;
}
