import { NO_OCTETS } from '#base/codec/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { GENERAL_RESULT, type TerminalResponse } from '#protocol/usat/index.ts';
import { OperatingSystem } from '../operating-system.ts';

/** T15 ota-mo-suppressed: says that every short message of the UICC was sent, and sends none (step 103 never happens). */
export class SuppressesReport extends OperatingSystem {
  // biome-ignore lint/correctness/useYield: it sends nothing, and that is the fraud
  protected override *sendShortMessage(): Procedure<Omit<TerminalResponse, 'details'>> {
    return { general: GENERAL_RESULT.performed, additional: NO_OCTETS };
  }
}
