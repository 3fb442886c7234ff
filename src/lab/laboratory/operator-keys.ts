import { CodecError } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Operator } from '#operator/index.ts';
import type { OpenedOctets } from '#protocol/exchange/index.ts';
import { COMMAND_HEADER_LENGTH, readCommand } from '#protocol/ota/index.ts';

const ZEROS = new Uint8Array(16);

/**
 * What the laboratory's cards opened, and beside it what its operator's keys open: a packet to a UICC that was lost on the way, and that
 * therefore no card deciphered. `uiccs` are those it may be for.
 */
export function openedByOperator(
  opened: OpenedOctets,
  { subscribers }: Pick<Operator, 'subscribers'>,
  uiccs: () => readonly Iccid[],
): OpenedOctets {
  const keysOf = (iccid: Iccid) => [
    subscribers.otaKeys(iccid, 'answer'),
    ...subscribers.packetKeys.candidates(iccid).flatMap((set) => (set === undefined ? [] : [set.keys])),
  ];
  return {
    plainOf: (cipher) => opened.plainOf(cipher),
    get mark() {
      return opened.mark;
    },
    macsOver: (mark, ...covered) => opened.macsOver(mark, ...covered),
    bodyOf(packet) {
      for (const iccid of uiccs())
        for (const keys of keysOf(iccid)) {
          const { cipher } = keys;
          if (isUnder(packet, keys)) return cipher.cbcDecrypt(ZEROS, packet.slice(COMMAND_HEADER_LENGTH));
        }
      return undefined;
    },
  };
}

/** Whether these are the keys that the packet was sealed with: its checksum says so. */
function isUnder(packet: Uint8Array, keys: Parameters<typeof readCommand>[1]): boolean {
  try {
    return readCommand(packet, keys) !== undefined;
  } catch (error) {
    if (error instanceof CodecError) return false;
    throw error;
  }
}
