import { CodecError, sameOctets } from '#base/codec/index.ts';
import { AES_BLOCK } from '#base/crypto/index.ts';
import { checkPacketLength, PACKET_CHECK_LENGTH, TAR_LENGTH } from './command-header.ts';
import { aesReading, type OtaKeys, openBody, RESPONSE_LAYOUT, sealBody, writeCounter } from './packet-body.ts';
import { POR_STATUS, type PorStatus } from './por-status.ts';
import { isWritable, type WritableProof } from './security-parameters.ts';

/** RHL without a check: TAR to status (TS 102 225 5.2). */
const BARE_HEADER = 0x0a;
/** RPL, RHL, TAR, CNTR, PCNTR, status. */
const SHORTEST = 13;
const LONGEST_PACKET = 0xffff + 2;

/**
 * A proof of receipt to be written: TAR, counter and proof of the command it answers, keys of that command's key set.
 */
export interface ResponseMessage {
  readonly tar: Uint8Array;
  readonly counter: number;
  readonly proof: WritableProof;
  readonly status: PorStatus;
}

/** Whether a command wants a proof of receipt with this status. */
export function wantsProof(proof: WritableProof, status: PorStatus): boolean {
  return proof.when === 'always' || (proof.when === 'onError' && status !== POR_STATUS.ok);
}

/**
 * The response packet, from RPL on: protected as the command asked (TS 102 225 5.2). Only for an authentic command: its
 * answer is a checksum and a cipher text under the OTA keys. Throws CodecError when it gets too long.
 */
export function securedResponse(message: ResponseMessage, keys: OtaKeys, data: Uint8Array): Uint8Array {
  const { proof } = message;
  if (!isWritable(proof)) throw new CodecError('response packet', 0, 'expected a proof with checksum, or a bare one');
  if (proof.integrity === 'none') return barePacket(message, data);
  const { body, counters } = RESPONSE_LAYOUT;
  const before = counters + PACKET_CHECK_LENGTH;
  const padding = proof.ciphered ? -(before + data.length) & (AES_BLOCK - 1) : 0;
  const packet = headed(message, PACKET_CHECK_LENGTH, body + before + data.length + padding);
  packet[body + 5] = padding;
  packet.set(data, body + before);
  sealBody(packet, RESPONSE_LAYOUT, proof.ciphered, keys);
  return packet;
}

/**
 * The only answer, besides silence, to a packet that is not authentic: status 01, no checksum, and a counter of zero,
 * for the one in the packet would be a deciphered octet of an attacker's choice.
 */
export function unprotectedRefusal(tar: Uint8Array): Uint8Array {
  return barePacket({ tar, counter: 0, status: POR_STATUS.checkFailed }, new Uint8Array(0));
}

type Answered = Pick<ResponseMessage, 'tar' | 'counter' | 'status'>;

function barePacket(message: Answered, data: Uint8Array): Uint8Array {
  const packet = headed(message, 0, SHORTEST + data.length);
  packet.set(data, SHORTEST);
  return packet;
}

function headed({ tar, counter, status }: Answered, checkLength: number, length: number): Uint8Array {
  if (length > LONGEST_PACKET || tar.length !== TAR_LENGTH)
    throw new CodecError(
      'response packet',
      0,
      `expected a TAR of 3 octets and at most ${LONGEST_PACKET} octets, got ${length}`,
    );
  const packet = new Uint8Array(length);
  packet[0] = (length - 2) >> 8;
  packet[1] = length - 2;
  packet[2] = BARE_HEADER + checkLength;
  packet.set(tar, 3);
  writeCounter(packet, RESPONSE_LAYOUT.body, counter);
  packet[SHORTEST - 1] = status;
  return packet;
}

/** What a response packet says before any key is used. */
export interface ResponseHeader {
  /** Three octets, a view. */
  readonly tar: Uint8Array;
  /** Octets of RC, CC or DS. */
  readonly checkLength: number;
}

/** The header of a response packet, from RPL on. Throws CodecError for lengths that do not fit. */
export function decodeResponseHeader(packet: Uint8Array): ResponseHeader {
  checkPacketLength(packet, 'RPL', SHORTEST);
  const checkLength = (packet[2] as number) - BARE_HEADER;
  const room = packet.length - SHORTEST;
  if (checkLength < 0 || checkLength > room)
    throw new CodecError('RHL', 2, `expected ${BARE_HEADER} to ${BARE_HEADER + room}, got ${packet[2]}`);
  return { tar: packet.subarray(3, RESPONSE_LAYOUT.body), checkLength };
}

/** What a response packet is worth. `data` is a view. */
export type OpenedResponse =
  /** Its checksum is right: the card says so. Compare `counter` with the command's. */
  | { readonly kind: 'authentic'; readonly status: number; readonly counter: number; readonly data: Uint8Array }
  /** Without a checksum: anyone can have written it, so it proves nothing. */
  | { readonly kind: 'unprotected'; readonly status: number; readonly counter: number; readonly data: Uint8Array }
  /** Something is wrong with it; what, is nobody's business. */
  | { readonly kind: 'refused' };

/**
 * Opens a response packet to a command that asked for `proof` on `tar`, under that command's keys. Throws CodecError
 * only when lengths do not fit.
 */
export function openResponse(
  packet: Uint8Array,
  expected: { readonly tar: Uint8Array; readonly proof: WritableProof },
  keys: OtaKeys,
): OpenedResponse {
  const { tar, checkLength } = decodeResponseHeader(packet);
  if (!sameOctets(tar, expected.tar)) return { kind: 'refused' };
  const { integrity, ciphered } = expected.proof;
  // A card that could not verify the command answers bare, whatever was asked.
  const isBare = checkLength === 0;
  if (!isBare && (integrity !== 'CC' || checkLength !== PACKET_CHECK_LENGTH)) return { kind: 'refused' };
  const content = openBody(packet, RESPONSE_LAYOUT, checkLength, ciphered && !isBare, aesReading(keys));
  return content === undefined ? { kind: 'refused' } : { kind: isBare ? 'unprotected' : 'authentic', ...content };
}
