import type { Imei } from '#base/identity/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { type Flash, OperatingSystem } from '../operating-system.ts';

/** Reader number at which the thief's link to a genuine handset elsewhere is heard. */
const ELSEWHERE = 7;

/**
 * T19 relay-clean-se: carries the UICC's C-APDUs over a link of its own to the storage support of another, genuine handset, and claims that
 * handset's IMEI. Cryptography between UICC and support is then honest; only the pairing and the operator can see it.
 */
export class RelaysElsewhere extends OperatingSystem {
  constructor(flash: Flash, victim: Imei) {
    super({ ...flash, imei: victim });
  }

  protected override relay(_reader: number, apdu: Uint8Array): Procedure<Uint8Array> {
    return super.relay(ELSEWHERE, apdu);
  }

  protected override resetReader(): Procedure<Uint8Array> {
    return super.resetReader(ELSEWHERE);
  }
}
