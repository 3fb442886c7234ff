import type { Imei } from '#base/identity/index.ts';
import { IDENTITY_TYPE, type NasMessageOf } from '#protocol/nas/index.ts';
import { type Flash, OperatingSystem } from '../operating-system.ts';

/**
 * T02 nas-imei-mismatch: honest to the UICC, relays every proof, and tells the network the IMEI of another handset. Nothing in the handset
 * can see it; the register can, because it knows what this subscriber's UICC proved.
 */
export class LiesToNetwork extends OperatingSystem {
  readonly #told: Imei;
  constructor(flash: Flash, told: Imei) {
    super(flash);
    this.#told = told;
  }

  override identity(type: number): NasMessageOf<'identityResponse'>['identity'] {
    return type === IDENTITY_TYPE.imei ? { type: 'imei', imei: this.#told } : super.identity(type);
  }
}
