import { acknowledgeShortMessage, relayedIn } from '#handset/baseband/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import type { NasMessage } from '#protocol/nas/index.ts';
import { OperatingSystem } from '../operating-system.ts';
import { isDataDownload, readDeliver } from '../short-message.ts';

/** T16 ota-mt-suppressed: acknowledges to the network what is meant for the UICC, and keeps it from the UICC (step 104 never arrives). */
export class SuppressesAnswer extends OperatingSystem {
  protected override *deliver(message: NasMessage): Procedure<void> {
    const relayed = relayedIn(message);
    const delivered = relayed?.name === 'dataDownlink' ? readDeliver(relayed.tpdu) : undefined;
    if (relayed === undefined || delivered === undefined || !isDataDownload(delivered))
      return yield* super.deliver(message);
    yield* acknowledgeShortMessage(this, relayed.reference);
  }
}
