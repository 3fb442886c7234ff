import type { FileHandle } from 'node:fs/promises';
import { sameOctets } from '#base/codec/index.ts';
import { EquipmentIndex } from './equipment-index.ts';
import type { EquipmentReader } from './equipment-reader.ts';
import { MIN_PAGES, PAGE_SLOTS, slotAddress } from './shard.ts';
import { COUNT, type EquipmentIndexHandle, keyOf, PAGES, shareMemory, takeLevels } from './shared.ts';
import {
  BLOCK_HEAD,
  BLOCK_SHARDS,
  BLOCKS,
  decodeBlockHead,
  encodeBlock,
  HEADER,
  MAGIC,
  SNAPSHOT_VERSION,
  type SnapshotHeader,
  snapshotHeader,
} from './snapshot-format.ts';
import { BYTE_ORDER, CHECK, checked, fill, isWhole, openIfThere, writeWholeFile } from './whole-file.ts';

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
    for (let block = 0; block < BLOCKS; block++) {
      const images = Array.from({ length: BLOCK_SHARDS }, (_, i) => index.image(block * BLOCK_SHARDS + i));
      await file.writeFile(encodeBlock(block, images));
    }
  });
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
    const loader = new Loader(handle);
    for (let block = 0; block < BLOCKS; block++) {
      const trouble = await loader.take(file, block);
      if (trouble !== undefined) return refused(trouble, path, `block ${block} of ${BLOCKS}`);
    }
    if (await fill(file, new Uint8Array(1))) return refused('damaged', path, `octets follow its ${BLOCKS} blocks`);
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

/** Fills memory that no other thread knows of yet, hence without Atomics. */
class Loader {
  readonly #handle: EquipmentIndexHandle;
  readonly #control: Int32Array;
  #slots: Int32Array;
  #block = new ArrayBuffer(0);

  constructor(handle: EquipmentIndexHandle) {
    this.#handle = handle;
    this.#control = new Int32Array(handle.control);
    this.#slots = new Int32Array(handle.slots, 0, handle.slots.byteLength >>> 2);
  }

  /** Takes the next block of the file, which should be this one. */
  async take(file: FileHandle, number: number): Promise<SnapshotRefusal | undefined> {
    const head = new Uint8Array(BLOCK_HEAD);
    if (!(await fill(file, head))) return 'truncated';
    const shards = decodeBlockHead(number, head);
    if (shards === undefined) return 'damaged';
    const length = shards.reduce((sum, { pages }) => sum + pages * PAGE_SLOTS * 4, BLOCK_HEAD);
    // A damaged head could ask for much; what it asks for is first looked for in the file.
    if ((await file.stat()).size < length) return 'truncated';
    if (this.#block.byteLength < length + CHECK) this.#block = new ArrayBuffer(length + CHECK);
    const block = new Uint8Array(this.#block, 0, length + CHECK);
    block.set(head);
    if (!(await fill(file, block.subarray(BLOCK_HEAD)))) return 'truncated';
    if (!isWhole(block)) return 'damaged';
    if (!this.#takeMemory(Math.max(...shards.map(({ pages }) => pages)))) return 'tooLarge';
    let at = BLOCK_HEAD;
    for (const [i, { pages, count }] of shards.entries()) {
      const words = new Int32Array(this.#block, at, pages * PAGE_SLOTS);
      // Every search ends at a shard's last slot.
      if (words.at(-1) !== 0) return 'damaged';
      this.#put(number * BLOCK_SHARDS + i, words, count);
      at += words.byteLength;
    }
    return undefined;
  }

  #takeMemory(pages: number): boolean {
    const { slots } = this.#handle;
    if (!takeLevels(slots, pages)) return false;
    if (this.#slots.length !== slots.byteLength >>> 2) this.#slots = new Int32Array(slots, 0, slots.byteLength >>> 2);
    return true;
  }

  #put(shard: number, words: Int32Array, count: number): void {
    for (let slot = 0; slot < words.length; slot += PAGE_SLOTS)
      this.#slots.set(words.subarray(slot, slot + PAGE_SLOTS), slotAddress(shard, slot));
    this.#control[PAGES + shard] = words.length / PAGE_SLOTS;
    this.#control[COUNT + shard] = count;
  }
}
