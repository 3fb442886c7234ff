import { berTlv, concat, fromHex } from '#base/codec/index.ts';
import { SUPPORT_KEY_VERSION } from '#protocol/imei-lock/index.ts';

const GLOBALPLATFORM = fromHex('2A864886FC6B');
const oid = (tail: string) => berTlv(0x06, GLOBALPLATFORM, fromHex(tail));

/**
 * Card recognition data (GPC 2.3.1 H.2): GlobalPlatform 2.3.1, SCP03 with i = 70, SCP11a without S16 (Amendment F identifier 01). The
 * same on every support: nothing in it says which handset this is.
 */
export const CARD_RECOGNITION: Uint8Array = berTlv(
  0x66,
  berTlv(
    0x73,
    oid('01'),
    berTlv(0x60, oid('02020301')),
    berTlv(0x63, oid('03')),
    berTlv(0x64, oid('040370')),
    berTlv(0x64, oid('041101')),
  ),
);

const AES_128 = [0x88, 0x10];
const ECC_P256 = [0xb0, 0x41, 0xf0, 0x00];

/** Key information template (GPC 2.3.1 table 11-28): the agreement key, and the pairing key versions that are taken. */
export function keyInformation(pairings: readonly number[]): Uint8Array {
  const component = (identifier: number, version: number, type: readonly number[]) =>
    berTlv(0xc0, Uint8Array.of(identifier, version, ...type));
  const sets = pairings.flatMap((version) => [1, 2, 3].map((identifier) => component(identifier, version, AES_128)));
  return berTlv(0xe0, concat(component(0x11, SUPPORT_KEY_VERSION.scp11, ECC_P256), ...sets));
}
