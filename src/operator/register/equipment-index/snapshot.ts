import type { FileHandle } from 'node:fs/promises';
import { sameOctets } from '#base/codec/index.ts';
import { crc32 } from '#base/crypto/index.ts';
import { EquipmentIndex } from './equipment-index.ts';
import type { EquipmentReader, ShardImage } from './equipment-reader.ts';
import { MIN_PAGES, PAGE_OCTETS, PAGE_SLOTS, slotAddress } from './shard.ts';
import { COUNT, type EquipmentIndexHandle, keyOf, PAGES, shareMemory, takeUntouched } from './shared.ts';
import {
  BLOCK_HEAD,
  BLOCK_SHARDS,
  BLOCKS,
  decodeBlockHead,
  encodeBlock,
  HEADER,
  MAGIC,
  piecesOf,
  type ShardHead,
  SNAPSHOT_VERSION,
  type SnapshotHeader,
  snapshotHeader,
} from './snapshot-format.ts';
import { BYTE_ORDER, CHECK, checked, fill, isWhole, openIfThere, writeWholeFile } from './whole-file.ts';

/** Shards copied in one go: a millisecond or two of work at 100 million entries. */
const IMAGES_TOGETHER = 16;
/** Pieces of a file asked for in one call; systems take 1,024. */
const PIECES_TOGETHER = 512;

/** Why a snapshot was not loaded. */
export type SnapshotRefusal = 'absent' | 'otherVersion' | 'truncated' | 'damaged' | 'tooLarge';

/** A snapshot that was loaded, or why not: then the caller makes the index from the lists themselves. */
export type SnapshotAnswer =
  | { readonly kind: 'loaded'; readonly index: EquipmentIndex; readonly sequence: number }
  | { readonly kind: 'refused'; readonly reason: SnapshotRefusal; readonly message: string };

/**
 * Writes an index to a file, whole or not at all: to `PATH.unfinished`, flushed, then renamed. Changes may go on meanwhile in any thread:
 * every change up to `sequence` is in the file, of later ones some; who loads it makes the changes after `sequence` again, in their order.
 * Rejects with the file system's error; the old snapshot is then still there.
 */
export async function writeSnapshot(
  index: EquipmentReader,
  path: string,
  { sequence }: { readonly sequence: number },
): Promise<void> {
  await writeWholeFile(path, async (file) => {
    await file.writeFile(checked(snapshotHeader.encode(headerOf(index, sequence))));
    for (let block = 0; block < BLOCKS; block++) await file.writeFile(encodeBlock(block, await imagesOf(index, block)));
  });
}

/** The shards of a block; whatever else there is to do in this thread is done between some and others. */
async function imagesOf(index: EquipmentReader, block: number): Promise<readonly ShardImage[]> {
  const images: ShardImage[] = [];
  while (images.length < BLOCK_SHARDS) {
    images.push(index.image(block * BLOCK_SHARDS + images.length));
    if (images.length % IMAGES_TOGETHER === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return images;
}

function headerOf(index: EquipmentReader, sequence: number): SnapshotHeader {
  const { a, b, c, d } = keyOf(new Int32Array(index.handle.control));
  const key = { a: a >>> 0, b: b >>> 0, c: c >>> 0, d: d >>> 0 };
  return { magic: MAGIC, version: SNAPSHOT_VERSION, byteOrder: BYTE_ORDER, sequence, ...key };
}

/**
 * The index of a snapshot, for at most `capacity` entries, and the newest change that is in it. Anything but a whole file of this version is
 * refused. Rejects with the file system's error when the file is there and cannot be read.
 */
export async function readSnapshot(path: string, { capacity }: { readonly capacity: number }): Promise<SnapshotAnswer> {
  const file = await openIfThere(path);
  if (file === undefined) return refused('absent', path, 'expected a snapshot, there is no such file');
  try {
    const octets = new Uint8Array(HEADER + CHECK);
    if (!(await fill(file, octets))) return refused('truncated', path, `expected a header of ${octets.length} octets`);
    const header = snapshotHeader.decode(octets.subarray(0, HEADER));
    const problem = whyOther(header);
    if (problem !== undefined) return refused('otherVersion', path, problem);
    if (!isWhole(octets)) return refused('damaged', path, 'the header does not agree with its CRC-32');
    const handle = shareMemory(capacity, MIN_PAGES, header);
    const trouble = await new Loader(file, handle).takeAll();
    if (trouble !== undefined) return refused(trouble.reason, path, trouble.where);
    return { kind: 'loaded', index: new EquipmentIndex(handle), sequence: header.sequence };
  } finally {
    await file.close();
  }
}

const ADVICE: Readonly<Record<SnapshotRefusal, string>> = {
  absent: 'make the index from the lists',
  otherVersion: 'make the index from the lists',
  truncated: 'it ends too early; make the index from the lists',
  damaged: 'its octets have changed; make the index from the lists',
  tooLarge: 'it holds more than the capacity that was asked for; ask for more',
};

const refused = (reason: SnapshotRefusal, path: string, problem: string): SnapshotAnswer => ({
  kind: 'refused',
  reason,
  message: `${path}: ${problem}: ${ADVICE[reason]}`,
});

function whyOther({ magic, version, byteOrder }: SnapshotHeader): string | undefined {
  if (!sameOctets(magic, MAGIC)) return 'expected a snapshot of an equipment index, this is something else';
  if (version !== SNAPSHOT_VERSION) return `expected version ${SNAPSHOT_VERSION}, got ${version}`;
  return sameOctets(byteOrder, BYTE_ORDER) ? undefined : 'written by a processor of another byte order';
}

/** Reads as many octets as there is room in all of these, one after another. False: the file ends before. */
async function fillAll(file: FileHandle, room: readonly Uint8Array[]): Promise<boolean> {
  for (let at = 0; at < room.length; at += PIECES_TOGETHER) {
    let open = room.slice(at, at + PIECES_TOGETHER);
    while (open.length > 0) {
      const { bytesRead } = await file.readv(open);
      if (bytesRead === 0) return false;
      open = withoutFirst(open, bytesRead);
    }
  }
  return true;
}

/** What is left of these after so many octets. */
function withoutFirst(room: readonly Uint8Array[], octets: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let rest = octets;
  for (const piece of room) {
    if (piece.length > rest) left.push(piece.subarray(rest));
    rest = Math.max(0, rest - piece.length);
  }
  return left;
}

/** What is wrong with a snapshot. */
interface Trouble {
  readonly reason: SnapshotRefusal;
  readonly where: string;
}

/** A block with the places of memory that its slots belong to. */
interface Block {
  readonly number: number;
  readonly shards: readonly ShardHead[];
  /** The head, the slots, the check. */
  readonly parts: readonly Uint8Array[];
}

/**
 * Fills memory that no other thread knows of yet, hence without Atomics. What is read is in its place before it is known to be whole: when
 * it is not, all of the memory is given up.
 */
class Loader {
  readonly #file: FileHandle;
  readonly #handle: EquipmentIndexHandle;
  readonly #control: Int32Array;
  /** Octets of the file up to the end of the block that was begun last. */
  #end = HEADER + CHECK;

  constructor(file: FileHandle, handle: EquipmentIndexHandle) {
    this.#file = file;
    this.#handle = handle;
    this.#control = new Int32Array(handle.control);
  }

  /** Takes all blocks: while one is read, in a thread of the system's, the one before is checked in this. */
  async takeAll(): Promise<Trouble | undefined> {
    const { size } = await this.#file.stat();
    let before: Block | undefined;
    for (let number = 0; number < BLOCKS; number++) {
      const block = await this.#begin(number, size);
      if (!('parts' in block)) return block;
      const reading = fillAll(this.#file, block.parts.slice(1));
      const isBeforeRight = before === undefined || this.#isRight(before);
      if (!(await reading)) return troubleIn(number, 'truncated');
      if (!isBeforeRight) return troubleIn(number - 1, 'damaged');
      before = block;
    }
    if (before !== undefined && !this.#isRight(before)) return troubleIn(before.number, 'damaged');
    const isLonger = await fill(this.#file, new Uint8Array(1));
    return isLonger ? { reason: 'damaged', where: `octets follow its ${BLOCKS} blocks` } : undefined;
  }

  /** Reads the head of the next block, which should be this one, and takes memory for it. */
  async #begin(number: number, size: number): Promise<Block | Trouble> {
    const head = new Uint8Array(BLOCK_HEAD);
    if (!(await fill(this.#file, head))) return troubleIn(number, 'truncated');
    const shards = decodeBlockHead(number, head);
    if (shards === undefined) return troubleIn(number, 'damaged');
    this.#end += shards.reduce((sum, { pages }) => sum + pages * PAGE_OCTETS, BLOCK_HEAD + CHECK);
    // Looked for before memory is taken for it.
    if (this.#end > size) return troubleIn(number, 'truncated');
    const { slots } = this.#handle;
    if (!takeUntouched(slots, Math.max(...shards.map(({ pages }) => pages)))) return troubleIn(number, 'tooLarge');
    const pieces = Array.from(piecesOf(shards), ({ page, first, end }) => {
      const start = slotAddress(number * BLOCK_SHARDS + first, page * PAGE_SLOTS);
      return new Uint8Array(slots, start * 4, (end - first) * PAGE_OCTETS);
    });
    return { number, shards, parts: [head, ...pieces, new Uint8Array(CHECK)] };
  }

  /** Whether a block that was read is whole; then its shards are known. */
  #isRight({ number, shards, parts }: Block): boolean {
    const check = parts.at(-1);
    if (check === undefined || !sameOctets(crc32(...parts.slice(0, -1)), check)) return false;
    const slots = new Int32Array(this.#handle.slots, 0, this.#handle.slots.byteLength >>> 2);
    for (const [i, { pages, count }] of shards.entries()) {
      const shard = number * BLOCK_SHARDS + i;
      // Every search ends at a shard's last slot.
      if (slots[slotAddress(shard, pages * PAGE_SLOTS - 1)] !== 0) return false;
      this.#control[PAGES + shard] = pages;
      this.#control[COUNT + shard] = count;
    }
    return true;
  }
}

const troubleIn = (number: number, reason: SnapshotRefusal): Trouble => ({
  reason,
  where: `block ${number} of ${BLOCKS}`,
});
