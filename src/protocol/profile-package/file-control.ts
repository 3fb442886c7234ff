import { berTlvSet, type Infer, octets, optional, rest, u8 } from '#base/codec/index.ts';

/** ProprietaryInfo (SAIP 8.3.2): how a file is filled, and its largest size when it is a BER-TLV file. */
const proprietary = berTlvSet({
  special: optional(0xc0, u8),
  /** Written once, its last octet again and again to the end (TS 102 222 6.3.2.2). */
  fillPattern: optional(0xc1, rest(1, 200)),
  /** Written again and again to the end. */
  repeatPattern: optional(0xc2, rest(1, 200)),
  maximumSize: optional(0x86, rest(1, 4)),
  details: optional(0x84, u8),
});
/** ProprietaryInfo (SAIP 8.3.2). */
export type ProprietaryInformation = Infer<typeof proprietary>;

/** Fcp (SAIP 8.3.2): what a file is, where it is otherwise than its template. */
export const fileControl = berTlvSet({
  descriptor: optional(0x82, rest(2, 5)),
  identifier: optional(0x83, octets(2)),
  aid: optional(0x84, rest(5, 16)),
  lifeCycle: optional(0x8a, u8),
  /** Record of an EF.ARR, or its identifier and record. */
  security: optional(0x8b, rest(1, 3)),
  size: optional(0x80, rest(1, 4)),
  pinStatus: optional(0xc6, rest(0, 64)),
  shortIdentifier: optional(0x88, rest(0, 1)),
  proprietary: optional(0xa5, proprietary),
  /** Path of the file whose content it shares; empty: a content of its own after all. */
  link: optional(0xc7, rest(0, 8)),
});
/** Fcp (SAIP 8.3.2). */
export type FileControl = Infer<typeof fileControl>;
