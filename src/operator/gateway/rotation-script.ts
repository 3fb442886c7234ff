import { fromHex, sameOctets } from '#base/codec/index.ts';
import { nodeAes } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import type { PacketKeySet } from '#operator/subscriber/index.ts';
import { encodeCommand, SW } from '#protocol/apdu/index.ts';
import { ISSUER_KEY_VERSION } from '#protocol/card-management/index.ts';
import { compactResponse, writeRemoteScript } from '#protocol/ota/index.ts';
import { putKey, putKeyAnswer } from '#protocol/secure-channel/index.ts';

/** GET DATA of the key information template (GPC 2.3.1 11.3.3.1), by which a UICC proves that it holds the keys of the packet, and changes nothing. */
export const KEY_QUESTION: Uint8Array = writeRemoteScript('compact', [fromHex('80CA00E000')]);

const keysOf = ({ octets: { first, second, dek } }: PacketKeySet) => ({
  ...{ version: ISSUER_KEY_VERSION.packets, enc: first, mac: second, dek },
});

/** The script that puts `coming` in place of `held`, under the held set's key for keys: PUT KEY with P1 03 (GPC 2.3.1 11.8, TS 102 226 8.2.1.5). */
export function rotationScript(held: PacketKeySet, coming: PacketKeySet, random: Random): Uint8Array {
  const command = putKey(nodeAes, held.dek, ISSUER_KEY_VERSION.packets, keysOf(coming), random);
  return writeRemoteScript('compact', [encodeCommand(command)]);
}

const RESPONSE_WAITS = 0x61;

/**
 * Whether a UICC answers that it took `coming`: it compared the check values before it said so. With data, they are those of these keys; a compact
 * script has no room for Le, so most cards say 61XX and keep them. Throws CodecError when it answers in no format.
 */
export function tookKeys(coming: PacketKeySet, response: Uint8Array): boolean {
  const { statusWord, data } = compactResponse.decode(response);
  if (statusWord !== SW.ok && statusWord >> 8 !== RESPONSE_WAITS) return false;
  return data.length === 0 || sameOctets(data, putKeyAnswer(nodeAes, keysOf(coming)));
}
