import { parentPort, workerData } from 'node:worker_threads';
import { type EquipmentIndexHandle, takeOverEquipmentIndex } from '#operator/register/index.ts';

/** What the writing thread of the bench of lookups is given. */
export interface ChangingPlan {
  readonly handle: EquipmentIndexHandle;
  /** Word 0: not 0 when it shall end; the second double: changes made. */
  readonly progress: SharedArrayBuffer;
  readonly numbers: Float64Array;
}

const { handle, progress, numbers }: ChangingPlan = workerData;
const index = takeOverEquipmentIndex(handle);
const end = new Int32Array(progress);
const changes = new Float64Array(progress, 8);
parentPort?.postMessage('ready');
for (let at = 0; Atomics.load(end, 0) === 0; at = (at + 1) % numbers.length) {
  index.remove(numbers[at]!);
  index.set(numbers[at]!, 3);
  changes[0]! += 2;
}
