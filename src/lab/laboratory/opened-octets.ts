import type { Iccid } from '#base/identity/index.ts';
import { managementPacketBody, packetBody } from '#operator/exchange/index.ts';
import type { Operator } from '#operator/index.ts';
import type { OpenedOctets } from '#protocol/exchange/index.ts';

/**
 * What the laboratory's cards opened, and beside it what its operator's keys open: a packet to a UICC that was lost on the way, and that
 * therefore no card deciphered. `uiccs` are those it may be for.
 */
export function openedByOperator(
  opened: OpenedOctets,
  { subscribers }: Pick<Operator, 'subscribers'>,
  uiccs: () => readonly Iccid[],
): OpenedOctets {
  return {
    plainOf: (cipher) => opened.plainOf(cipher),
    get mark() {
      return opened.mark;
    },
    macsOver: (mark, ...covered) => opened.macsOver(mark, ...covered),
    bodyOf(packet, kind) {
      for (const iccid of uiccs()) {
        const body = packetBody(subscribers, iccid, packet, kind) ?? managementPacketBody(subscribers, iccid, packet);
        if (body !== undefined) return body;
      }
      return undefined;
    },
  };
}
