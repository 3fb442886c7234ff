import { NO_OCTETS } from '#base/codec/index.ts';
import { AES_BLOCK, type Aes, equalOctets } from '#base/crypto/index.ts';
import { PACKET_CHECK_LENGTH } from './command-header.ts';

/** The keys of one key set: for ciphering (KIc) and for checksums (KID). */
export interface OtaKeys {
  readonly cipher: Aes;
  readonly check: Aes;
}

/**
 * Where command and response packets differ: what the check covers before the packet, where ciphering begins, and what
 * stands before the check.
 */
export interface PacketLayout {
  /** Octets before the packet that the check covers too. */
  readonly before: Uint8Array;
  /** Where CNTR stands and ciphering begins. */
  readonly body: number;
  /** Octets from CNTR to before the check. */
  readonly counters: number;
}

/** A command packet: CNTR, PCNTR (TS 102 225 5.1). */
export const COMMAND_LAYOUT: PacketLayout = { before: NO_OCTETS, body: 10, counters: 6 };
/** A response packet: CNTR, PCNTR, status; its check covers the user data header as well (TS 31.115 4.4). */
export const RESPONSE_LAYOUT: PacketLayout = { before: Uint8Array.of(0x02, 0x71, 0x00), body: 6, counters: 7 };

/** How a body is deciphered and checked. */
export interface BodyReading {
  /** The plain body; undefined when it is not of whole blocks. */
  decipher(body: Uint8Array): Uint8Array | undefined;
  /** The full check over the parts one after another; it is cut to the length the packet has. */
  check(before: Uint8Array, header: Uint8Array, counters: Uint8Array, data: Uint8Array): Uint8Array;
}

/** What stands in a packet behind its header. */
export interface PacketContent {
  readonly counter: number;
  /** Response packets: the status code; command packets: 0. */
  readonly status: number;
  /** A view. */
  readonly data: Uint8Array;
}

const ZEROS = new Uint8Array(AES_BLOCK);

/** AES-CBC from zero (TS 102 225 5.1.2); undefined when the body is not of whole blocks. */
export function aesDecipher(cipher: Aes, body: Uint8Array): Uint8Array | undefined {
  return body.length % AES_BLOCK === 0 ? cipher.cbcDecrypt(ZEROS, body) : undefined;
}

/** Reading with AES in both places. */
export function aesReading({ cipher, check }: OtaKeys): BodyReading {
  return {
    decipher: (body) => aesDecipher(cipher, body),
    check: (before, header, counters, data) => check.cmac(before, header, counters, data),
  };
}

/**
 * The content of a packet whose check is right. Undefined for every other cause alike, so that nothing tells an
 * attacker how far a forged packet came. The check is over plain text (TS 102 225 5.1.3), so deciphering comes first;
 * of what it gives, only the check is computed until the check is right.
 */
export function openBody(
  packet: Uint8Array,
  { before, body, counters }: PacketLayout,
  checkLength: number,
  isCiphered: boolean,
  reading: BodyReading,
): PacketContent | undefined {
  const received = packet.subarray(body);
  const plain = isCiphered ? reading.decipher(received) : received;
  const dataAt = counters + checkLength;
  if (plain === undefined || plain.length < dataAt) return undefined;
  if (checkLength > 0) {
    const check = reading.check(before, packet.subarray(0, body), plain.subarray(0, counters), plain.subarray(dataAt));
    if (!equalOctets(check.subarray(0, checkLength), plain.subarray(counters, dataAt))) return undefined;
  }
  const padding = plain[5] as number;
  if (padding > (isCiphered ? Math.min(AES_BLOCK - 1, plain.length - dataAt) : 0)) return undefined;
  return {
    counter: readCounter(plain),
    status: counters === RESPONSE_LAYOUT.counters ? (plain[6] as number) : 0,
    data: plain.subarray(dataAt, plain.length - padding),
  };
}

function readCounter(plain: Uint8Array): number {
  const low =
    ((plain[1] as number) << 24) | ((plain[2] as number) << 16) | ((plain[3] as number) << 8) | (plain[4] as number);
  return (plain[0] as number) * 2 ** 32 + (low >>> 0);
}

/** Writes a counter of five octets at `at`. */
export function writeCounter(packet: Uint8Array, at: number, counter: number): void {
  packet[at] = Math.floor(counter / 2 ** 32);
  packet[at + 1] = counter >>> 24;
  packet[at + 2] = counter >>> 16;
  packet[at + 3] = counter >>> 8;
  packet[at + 4] = counter;
}

/** Fills in the check of a packet that is otherwise complete, then ciphers its body in place when asked to. */
export function sealBody(
  packet: Uint8Array,
  { before, body, counters }: PacketLayout,
  isCiphered: boolean,
  keys: OtaKeys,
): void {
  const at = body + counters;
  const check = keys.check.cmac(before, packet.subarray(0, at), packet.subarray(at + PACKET_CHECK_LENGTH));
  for (let i = 0; i < PACKET_CHECK_LENGTH; i++) packet[at + i] = check[i] as number;
  if (isCiphered) packet.set(keys.cipher.cbcEncrypt(ZEROS, packet.subarray(body)), body);
}
