import { CodecError } from '#base/codec/index.ts';
import {
  type CheckAlgorithm,
  type CipherAlgorithm,
  type CommandProtection,
  checkAlgorithm,
  cipherAlgorithm,
  type ProofRequest,
  proofOf,
  protectionOf,
} from './security-parameters.ts';

/** Octets of the checksum that this house writes and accepts: a CMAC cut to 8 (TS 102 225 5.1.3.2). */
export const PACKET_CHECK_LENGTH = 8;

/** Octets of a TAR. */
export const TAR_LENGTH = 3;
/** CPL, CHL, SPI, KIc, KID, TAR: what is never ciphered. */
export const COMMAND_HEADER_LENGTH = 10;
/** CHL without a checksum: SPI to PCNTR. */
export const BARE_HEADER = 13;
/** CNTR and PCNTR. */
const COUNTERS = 6;

/** What a command packet says before any key is used (TS 102 225 5.1): enough to look up keys, and for a trace. */
export interface CommandHeader {
  readonly protection: CommandProtection;
  readonly proof: ProofRequest;
  readonly cipher: { readonly algorithm: CipherAlgorithm; readonly keySet: number };
  readonly check: { readonly algorithm: CheckAlgorithm; readonly keySet: number };
  /** Three octets, a view. */
  readonly tar: Uint8Array;
  /** Octets of RC, CC or DS. */
  readonly checkLength: number;
}

/** Throws unless the length field at the front counts exactly what follows it. */
export function checkPacketLength(packet: Uint8Array, field: string, least: number): void {
  if (packet.length < least)
    throw new CodecError(field, packet.length, `expected at least ${least} octets, got ${packet.length}`);
  const length = ((packet[0] as number) << 8) | (packet[1] as number);
  if (length !== packet.length - 2) throw new CodecError(field, 0, `expected ${packet.length - 2}, got ${length}`);
}

/**
 * The header of a command packet, from CPL on (the user data header 02 70 00 is not part of it). Throws CodecError for
 * lengths that do not fit.
 */
export function decodeCommandHeader(packet: Uint8Array): CommandHeader {
  checkPacketLength(packet, 'CPL', COMMAND_HEADER_LENGTH + COUNTERS);
  const checkLength = (packet[2] as number) - BARE_HEADER;
  const room = packet.length - COMMAND_HEADER_LENGTH - COUNTERS;
  if (checkLength < 0 || checkLength > room)
    throw new CodecError('CHL', 2, `expected ${BARE_HEADER} to ${BARE_HEADER + room}, got ${packet[2]}`);
  const protection = protectionOf(packet[3] as number);
  if ((protection.integrity === 'none') !== (checkLength === 0))
    throw new CodecError(
      'CHL',
      2,
      `a packet with integrity '${protection.integrity}' cannot have ${checkLength} octets of check`,
    );
  const kic = packet[5] as number;
  const kid = packet[6] as number;
  return {
    protection,
    proof: proofOf(packet[4] as number, 4),
    cipher: { algorithm: cipherAlgorithm(kic), keySet: kic >> 4 },
    check: { algorithm: checkAlgorithm(kid, protection.integrity), keySet: kid >> 4 },
    tar: packet.subarray(7, COMMAND_HEADER_LENGTH),
    checkLength,
  };
}
