import { cardRecognitionData, keyInformation as keyInformationTemplate, oid } from '#protocol/card-management/index.ts';
import { SUPPORT_KEY_VERSION } from '#protocol/imei-lock/index.ts';

/**
 * Card recognition data: SCP03 with i = 70, SCP11a without S16 (Amendment F identifier 01). The same on every support: nothing in it says
 * which handset this is.
 */
export const CARD_RECOGNITION: Uint8Array = cardRecognitionData([oid('040370'), oid('041101')]);

const AES_128 = [0x88, 0x10];
const ECC_P256 = [0xb0, 0x41, 0xf0, 0x00];
const AGREEMENT_KEY = { identifier: 0x11, version: SUPPORT_KEY_VERSION.scp11, type: ECC_P256 };

/** Key information template: the agreement key, and the pairing key versions that are taken. */
export function keyInformation(pairings: readonly number[]): Uint8Array {
  const sets = pairings.flatMap((version) => [1, 2, 3].map((identifier) => ({ identifier, version, type: AES_128 })));
  return keyInformationTemplate([AGREEMENT_KEY, ...sets]);
}
