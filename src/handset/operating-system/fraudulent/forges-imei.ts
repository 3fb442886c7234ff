import type { Imei } from '#base/identity/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { type Flash, OperatingSystem } from '../operating-system.ts';

const INS_GET_DATA = 0xca;
const SECURED = 0x04;
/** Octets of the cipher block that carries the IMEI under level 33. */
const CIPHER_BLOCK = 16;

/**
 * T01 os-forges-imei: claims the IMEI of another handset everywhere, and writes it into the answer of the storage support on its way to
 * the UICC. It holds no key, so all it can do is put octets of its own where the cipher text was.
 */
export class ForgesImei extends OperatingSystem {
  readonly #forged: Imei;
  constructor(flash: Flash, forged: Imei) {
    super({ ...flash, imei: forged });
    this.#forged = forged;
  }

  protected override *relay(reader: number, apdu: Uint8Array): Procedure<Uint8Array> {
    const response = yield* super.relay(reader, apdu);
    const isRead = apdu[1] === INS_GET_DATA && ((apdu[0] as number) & SECURED) !== 0;
    if (!isRead || response.length < CIPHER_BLOCK + 2) return response;
    const forged = response.slice();
    forged.set([0x80, 0x08, ...this.#forged.toOctets(), 0x82, 0x03, 0x00, 0x00, 0x01, 0x80]);
    return forged;
  }
}
