import { type EquipmentIndex, takeOverEquipmentIndex } from './equipment-index.ts';
import { LEVEL_OCTETS, MAX_PAGES, pagesFor } from './shard.ts';

/**
 * A copy with room for so many more entries, made at the speed of memory; the thread that writes `index` calls it. A batch goes into the
 * copy, and the copy takes the index's place: whoever looks something up sees all of the batch or none of it.
 */
export function copyEquipmentIndex(index: EquipmentIndex, room: number): EquipmentIndex {
  const { control, slots } = index.handle;
  const pages = pagesFor(index.size + room);
  // As when memory is first shared: one step of growth above the need.
  const most = Math.min(MAX_PAGES, pages + 2 + (pages >> 3)) * LEVEL_OCTETS;
  const copied = {
    control: new SharedArrayBuffer(control.byteLength),
    slots: new SharedArrayBuffer(slots.byteLength, { maxByteLength: Math.max(slots.byteLength, most) }),
  };
  new Int32Array(copied.control).set(new Int32Array(control));
  new Int32Array(copied.slots).set(new Int32Array(slots));
  return takeOverEquipmentIndex(copied);
}
