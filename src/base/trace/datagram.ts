import { concat } from '#base/codec/index.ts';

const IP_HEADER = 20;
const UDP_HEADER = 8;
const PROTOCOL_UDP = 17;
const TIME_TO_LIVE = 64;

/** An end of a datagram: IPv4 address as four octets, and port. */
export interface Endpoint {
  readonly address: Uint8Array;
  readonly port: number;
}

/** The Internet checksum (RFC 1071) over all 16-bit words; an odd last octet is padded with 0. */
export function internetChecksum(octets: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] as number) << 8) | (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function udp(from: Endpoint, to: Endpoint, payload: Uint8Array): Uint8Array {
  const segment = new Uint8Array(UDP_HEADER + payload.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint16(4, segment.length);
  segment.set(payload, UDP_HEADER);
  const pseudoHeader = Uint8Array.of(0, PROTOCOL_UDP, segment.length >> 8, segment.length & 0xff);
  const sum = internetChecksum(concat(from.address, to.address, pseudoHeader, segment));
  // A computed 0 is sent as FFFF, because 0 says "no checksum" (RFC 768).
  view.setUint16(6, sum === 0 ? 0xffff : sum);
  return segment;
}

/** An IPv4 packet (RFC 791) with one UDP datagram (RFC 768), both checksums right; `payload` up to 65,507 octets. */
export function ipv4Datagram(from: Endpoint, to: Endpoint, payload: Uint8Array): Uint8Array {
  const segment = udp(from, to, payload);
  const header = new Uint8Array(IP_HEADER);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x45); // version 4, five words
  view.setUint16(2, IP_HEADER + segment.length);
  view.setUint8(8, TIME_TO_LIVE);
  view.setUint8(9, PROTOCOL_UDP);
  header.set(from.address, 12);
  header.set(to.address, 16);
  view.setUint16(10, internetChecksum(header));
  return concat(header, segment);
}
