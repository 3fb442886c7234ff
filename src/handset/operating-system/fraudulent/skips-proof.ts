import { NO_OCTETS } from '#base/codec/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { OperatingSystem } from '../operating-system.ts';

/** T03 os-skips-attestation: no C-APDU ever reaches the storage support; the UICC hears that the card is mute. */
export class SkipsProof extends OperatingSystem {
  // biome-ignore lint/correctness/useYield: it relays nothing, and that is the fraud
  protected override *relay(): Procedure<Uint8Array> {
    return NO_OCTETS;
  }
}
