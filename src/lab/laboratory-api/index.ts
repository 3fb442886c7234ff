// The laboratory over HTTP: operations beside the operator's own, declared the same way, in the same document.
// Standards: as operator/api.
// Must never: answer a caller from another machine, or do what needs an operator's rights outside its own loopback world.
import { systemRandom } from '#base/port/index.ts';
import type { Laboratory } from '#lab/laboratory/index.ts';
import type { EventStreams, Operation } from '#operator/api/index.ts';
import { exchangeOperations } from './exchange-operations.ts';
import { handsetOperations } from './handset-operations.ts';
import { messageOperations, overviewOperation } from './message-operations.ts';
import { ofLaboratory } from './operation.ts';
import { replayOperation } from './replay-operation.ts';

/** Everything that can be asked of a laboratory. */
export function laboratoryOperations(laboratory: Laboratory, streams: EventStreams): readonly Operation[] {
  return ofLaboratory([
    overviewOperation(laboratory),
    ...handsetOperations(laboratory),
    ...exchangeOperations(laboratory, streams),
    ...messageOperations(laboratory),
    replayOperation(laboratory, systemRandom),
  ]);
}
export { DRIVING_REFUSALS } from './operation.ts';
