import { NO_OCTETS } from '#base/codec/index.ts';
import { ELEMENT, type InformationElement, segments, type UserData } from '#protocol/sms/index.ts';

/** A secured packet, from CPL or RPL on, and which of the two it is (TS 31.115 4.2). */
export interface SecuredPacket {
  readonly kind: 'command' | 'response';
  readonly packet: Uint8Array;
}

const IDENTIFIER = { command: ELEMENT.commandPacket, response: ELEMENT.responsePacket } as const;
const FIRST = {
  command: [{ identifier: IDENTIFIER.command, data: NO_OCTETS }],
  response: [{ identifier: IDENTIFIER.response, data: NO_OCTETS }],
};

/**
 * A packet as user data of short messages: one when it fits, otherwise several with a concatenation reference of 8 bits
 * (0 to 255). The identifier 70 or 71 stands in the first only (TS 31.115 4.2).
 */
export function packetToSegments({ kind, packet }: SecuredPacket, reference: number): readonly UserData[] {
  return segments(packet, { reference, first: FIRST[kind] });
}

/**
 * The secured packet in a message that is complete (`splitUserData` of one, or what `reassemble` gave); undefined when
 * it is none.
 */
export function securedPacketOf(message: {
  readonly elements: readonly InformationElement[];
  readonly payload: Uint8Array;
}): SecuredPacket | undefined {
  for (const { identifier } of message.elements) {
    if (identifier === IDENTIFIER.command) return { kind: 'command', packet: message.payload };
    if (identifier === IDENTIFIER.response) return { kind: 'response', packet: message.payload };
  }
  return undefined;
}
