import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Octets of the heap that are in use once everything that nothing holds is gone. */
export function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
