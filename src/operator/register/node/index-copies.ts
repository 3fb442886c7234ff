import {
  copyEquipmentIndex,
  type EquipmentIndex,
  type EquipmentIndexHandle,
  takeOverEquipmentIndex,
} from '../equipment-index/index.ts';
import { LEVEL_OCTETS, pagesFor } from '../equipment-index/shard.ts';

/**
 * Copies of an index, each to take the place of the one before. Shared memory that nobody needs any more is returned only when both threads
 * happen to collect garbage, of which its size is no part: after a hundred files that would be a hundred copies. So the memory of an index
 * whose place was taken is kept, and the next copy is made in it: there are two, whatever comes.
 */
export class IndexCopies {
  #spare: EquipmentIndexHandle | undefined;

  /** A copy with room for so many more entries. */
  copy(index: EquipmentIndex, room: number): EquipmentIndex {
    const spare = this.#spare;
    this.#spare = undefined;
    const { control, slots } = index.handle;
    const octets = pagesFor(index.size + room) * LEVEL_OCTETS;
    if (spare === undefined || spare.slots.maxByteLength < Math.max(octets, slots.byteLength))
      return copyEquipmentIndex(index, room);
    if (spare.slots.byteLength < slots.byteLength) spare.slots.grow(slots.byteLength);
    new Int32Array(spare.control).set(new Int32Array(control));
    const words = new Int32Array(spare.slots);
    words.set(new Int32Array(slots));
    words.fill(0, slots.byteLength / words.BYTES_PER_ELEMENT);
    return takeOverEquipmentIndex(spare);
  }

  /** Memory that nobody reads or writes any more. */
  giveBack(handle: EquipmentIndexHandle): void {
    this.#spare = handle;
  }
}
