// The register's lists in shared memory: of each 14-digit equipment number two bits, for every thread at once, changed in place.
// Standards: TS 23.003 6.2.1 (TAC and serial number), TS 22.016 5 (lists); ECMA-262 29 (memory model). None for the memory or the snapshot.
// Must never: give a wrong answer or an old one, keep a reader waiting for more than one change, load a snapshot that is not whole.
export { copyEquipmentIndex } from './copy.ts';
export {
  type ChangeOutcome,
  createEquipmentIndex,
  EquipmentIndex,
  type EquipmentIndexOptions,
  takeOverEquipmentIndex,
} from './equipment-index.ts';
export { type EquipmentNumber, isEquipmentNumber, type Tag } from './equipment-number.ts';
export { attachEquipmentIndex, EquipmentIndexError, EquipmentReader } from './equipment-reader.ts';
export { type EquipmentIndexHandle, MAX_CAPACITY } from './shared.ts';
export { readSnapshot, type SnapshotAnswer, type SnapshotRefusal, writeSnapshot } from './snapshot.ts';
