import { type Format, type Infer, struct, u8, u24, u32 } from '#base/codec/index.ts';

/** Octets of the Diameter header (RFC 6733 3). */
export const HEADER_LENGTH = 20;
/** The version of the protocol (RFC 6733 3). */
export const VERSION = 1;

/** Command Flags (RFC 6733 3): Request, Proxiable, Error, potentially re-Transmitted; the low four are reserved. */
export const FLAG = { R: 0x80, P: 0x40, E: 0x20, T: 0x10, RESERVED: 0x0f } as const;

/** The Diameter header (RFC 6733 3). `length` counts the whole message in octets, header included. */
export const header = struct({
  version: u8,
  length: u24,
  flags: u8,
  command: u24,
  application: u32,
  hopByHop: u32,
  endToEnd: u32,
});
/** A Diameter header. */
export type Header = Infer<typeof header>;
const headerFormat: Format<Header> = header;

/** The header at the start of at least 20 octets. Any 20 octets are one: what it says is judged later. */
export function headerAt(octets: Uint8Array, start = 0): Header {
  return headerFormat.decode(octets.subarray(start, start + HEADER_LENGTH));
}

/** One message: header and body, with the right length. `body` is AVPs, each padded to four octets. */
export function messageOctets(head: Omit<Header, 'version' | 'length'>, body: Uint8Array): Uint8Array {
  const length = HEADER_LENGTH + body.length;
  const octets = new Uint8Array(length);
  octets.set(headerFormat.encode({ ...head, version: VERSION, length }));
  octets.set(body, HEADER_LENGTH);
  return octets;
}

/** The same octets, four at a time where that is wanted. */
export const viewOf = (octets: Uint8Array): DataView =>
  new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
