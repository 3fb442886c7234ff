import { type Format, struct, u8, u16, u24, u32 } from '#base/codec/index.ts';

/** Frame types (RFC 9113 6). */
export const FRAME = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

/** Flags of those types (RFC 9113 6). */
export const FLAG = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 0x20 } as const;

/** Error codes (RFC 9113 7). */
export const ERROR_CODE = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
} as const;

/** Identifiers of settings (RFC 9113 6.5.2). */
export const SETTING = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

/** Octets of a frame header (RFC 9113 4.1). */
export const HEADER_LENGTH = 9;
/** SETTINGS_MAX_FRAME_SIZE before any other was said (RFC 9113 6.5.2); ours stays at it. */
export const FIRST_MAX_FRAME_SIZE = 16_384;
/** The largest SETTINGS_MAX_FRAME_SIZE there may be. */
export const LARGEST_MAX_FRAME_SIZE = 16_777_215;
/** Every window before any other size was said (RFC 9113 6.9.2). */
export const FIRST_WINDOW = 65_535;
/** The largest window (RFC 9113 6.9.1), and the largest stream identifier. */
export const LARGEST_31_BITS = 0x7fff_ffff;
/** What a client says first (RFC 9113 3.4). */
export const PREFACE: Uint8Array = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** The header of a frame (RFC 9113 4.1). The highest bit of the stream identifier is reserved: ignored when it comes. */
export interface FrameHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
}

/** Declaration of the frame header; the connection reads it by hand, and a test holds the two together. */
export const frameHeader: Format<FrameHeader> = struct({ length: u24, type: u8, flags: u8, streamId: u32 });

/** Declaration of one setting (RFC 9113 6.5.1). */
export const settingFormat: Format<{ readonly identifier: number; readonly value: number }> = struct({
  identifier: u16,
  value: u32,
});

/** Four octets as a number of 32 bits. */
export function u32At(octets: Uint8Array, at: number): number {
  return (
    (((octets[at] as number) << 24) |
      ((octets[at + 1] as number) << 16) |
      ((octets[at + 2] as number) << 8) |
      (octets[at + 3] as number)) >>>
    0
  );
}

/** Four octets as a number of 31 bits: stream identifiers and window increments, whose highest bit is reserved. */
export function u31At(octets: Uint8Array, at: number): number {
  return (
    (((octets[at] as number) & 0x7f) << 24) |
    ((octets[at + 1] as number) << 16) |
    ((octets[at + 2] as number) << 8) |
    (octets[at + 3] as number)
  );
}

/** Writes a number of 32 bits. */
export function putU32(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24;
  octets[at + 1] = value >>> 16;
  octets[at + 2] = value >>> 8;
  octets[at + 3] = value;
}

/** Writes a frame header. */
export function putFrameHeader(
  octets: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  octets[at] = length >>> 16;
  octets[at + 1] = length >>> 8;
  octets[at + 2] = length;
  octets[at + 3] = type;
  octets[at + 4] = flags;
  putU32(octets, at + 5, streamId);
}
