import { type Format, format, listOf, type Reader } from '#base/codec/index.ts';
import { RESULT } from './result-code.ts';

/** AVP Flags (RFC 6733 4.1): Vendor-Specific, Mandatory, Protected (obsolete); the low five are reserved. */
export const AVP_FLAG = { V: 0x80, M: 0x40, P: 0x20, RESERVED: 0x1f } as const;

const SHORT_HEADER = 8;
const LONG_HEADER = 12;

/** One AVP (RFC 6733 4.1). `vendor` is 0 when the V flag is clear; `data` is without padding. */
export interface Avp {
  readonly code: number;
  readonly flags: number;
  readonly vendor: number;
  readonly data: Uint8Array;
}

/** Why a message is refused: the Result-Code, the AVP that belongs into Failed-AVP, and a sentence for people. */
export class AvpFault {
  readonly resultCode: number;
  readonly failed: Avp | undefined;
  readonly problem: string;
  constructor(resultCode: number, failed: Avp | undefined, problem: string) {
    this.resultCode = resultCode;
    this.failed = failed;
    this.problem = problem;
  }
}

/** How much of a message is read before it is refused: AVPs in all, and how deep grouped AVPs lie in each other. */
export interface AvpBudget {
  avps: number;
  depth: number;
}

/** Octets of an AVP with these flags before its data. */
export function avpHeaderLength(flags: number): number {
  return (flags & AVP_FLAG.V) === 0 ? SHORT_HEADER : LONG_HEADER;
}

/** A length with its padding to a multiple of four (RFC 6733 4.1). */
export function padded(length: number): number {
  return (length + 3) & ~3;
}

function readAvp(reader: Reader): Avp {
  reader.field = 'AVP';
  const start = reader.position;
  const code = reader.uint(4);
  const flags = reader.u8();
  reader.field = 'AVP Length';
  const length = reader.uint(3);
  const head = avpHeaderLength(flags);
  if (length < head || start + padded(length) > reader.end)
    throw reader.error(`expected ${head} to ${reader.end - start} octets, got ${length}`, start + 5);
  const vendor = head === LONG_HEADER ? reader.uint(4) : 0;
  const data = reader.take(length - head);
  reader.position = start + padded(length);
  return { code, flags, vendor, data };
}

/** One AVP with its padding (RFC 6733 4.1). `data` is a view of the octets read. */
export const avp: Format<Avp> = format(readAvp, (writer, { code, flags, vendor, data }) => {
  const length = avpHeaderLength(flags) + data.length;
  writer.uint(4, code);
  writer.uint(1, flags);
  writer.uint(3, length);
  if ((flags & AVP_FLAG.V) !== 0) writer.uint(4, vendor);
  writer.put(data);
  for (let i = length; i < padded(length); i++) writer.u8(0);
});

/** AVPs one after another, as the body of a message or of a grouped AVP. */
export const avps: Format<readonly Avp[]> = listOf(avp, 1024);

const NOTHING = new Uint8Array(0);

/** An AVP whose length cannot be: into Failed-AVP goes its header with no payload (RFC 6733 7.1.5, 5014). */
function badLength(octets: Uint8Array, at: number, end: number): AvpFault {
  const head = new Uint8Array(LONG_HEADER); // An incomplete header is filled up with zeros.
  head.set(octets.subarray(at, Math.min(end, at + LONG_HEADER)));
  const view = new DataView(head.buffer);
  const flags = head[4] as number;
  const vendor = (flags & AVP_FLAG.V) === 0 ? 0 : view.getUint32(8);
  const failed = { code: view.getUint32(0), flags, vendor, data: NOTHING };
  const length = view.getUint32(4) & 0xffffff;
  const least = avpHeaderLength(flags);
  return new AvpFault(
    RESULT.INVALID_AVP_LENGTH,
    failed,
    `AVP ${failed.code} at octet ${at}: expected a length of ${least} to ${end - at}, got ${length}`,
  );
}

/**
 * Reads the AVPs between two indexes into `into`, as views, and gives the first fault, or undefined. What stands before a fault has been
 * read: an error answer needs its Session-Id and Proxy-Info. Never throws.
 */
export function readAvps(
  octets: Uint8Array,
  start: number,
  end: number,
  budget: AvpBudget,
  into: Avp[],
): AvpFault | undefined {
  for (let at = start; at < end; ) {
    if (end - at < SHORT_HEADER) return badLength(octets, at, end);
    const flags = octets[at + 4] as number;
    const length = ((octets[at + 5] as number) << 16) | ((octets[at + 6] as number) << 8) | (octets[at + 7] as number);
    const head = avpHeaderLength(flags);
    if (length < head || length > end - at) return badLength(octets, at, end);
    if (budget.avps-- <= 0) return new AvpFault(RESULT.UNABLE_TO_COMPLY, undefined, 'more AVPs than are read');
    into.push({
      code: uint32(octets, at),
      flags,
      vendor: head === LONG_HEADER ? uint32(octets, at + 8) : 0,
      data: octets.subarray(at + head, at + length),
    });
    at += padded(length);
  }
  return undefined;
}

function uint32(octets: Uint8Array, at: number): number {
  return (
    (((octets[at] as number) << 24) |
      ((octets[at + 1] as number) << 16) |
      ((octets[at + 2] as number) << 8) |
      (octets[at + 3] as number)) >>>
    0
  );
}
