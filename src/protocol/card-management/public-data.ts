import { berTlv, concat, fromHex } from '#base/codec/index.ts';

const GLOBALPLATFORM = fromHex('2A864886FC6B');

/** An object identifier below GlobalPlatform's 1.2.840.114283. */
export const oid = (tail: string): Uint8Array => berTlv(0x06, GLOBALPLATFORM, fromHex(tail));

/** Card recognition data (GPC 2.3.1 H.2) of a GlobalPlatform 2.3.1 card with these secure channel protocols, each an `oid`. */
export function cardRecognitionData(protocols: readonly Uint8Array[]): Uint8Array {
  const channels = protocols.map((protocol) => berTlv(0x64, protocol));
  return berTlv(0x66, berTlv(0x73, oid('01'), berTlv(0x60, oid('02020301')), berTlv(0x63, oid('03')), ...channels));
}

/** One key as the key information template names it: identifier, version, then type and length octets. */
export interface KeyComponent {
  readonly identifier: number;
  readonly version: number;
  readonly type: readonly number[];
}

/** Key information template (GPC 2.3.1 table 11-28). */
export function keyInformation(components: readonly KeyComponent[]): Uint8Array {
  const objects = components.map(({ identifier, version, type }) =>
    berTlv(0xc0, Uint8Array.of(identifier, version, ...type)),
  );
  return berTlv(0xe0, concat(...objects));
}

/** Data of the answer to SELECT: AID and longest command data (GPC 2.3.1 table 11-70). */
export function applicationFci(aid: Uint8Array): Uint8Array {
  return berTlv(0x6f, berTlv(0x84, aid), berTlv(0xa5, fromHex('9F6501FF')));
}
