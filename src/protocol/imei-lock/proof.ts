import { berTlvSet, type Infer, octets, optional, required, u8, u24 } from '#base/codec/index.ts';
import { SUPPORT_IDENTITY_LENGTH } from './names.ts';

/**
 * Answer of the storage support to GET DATA of an IMEI or IMEISV inside the channel (102). With an IMEI exactly 15 octets: one
 * cipher block of 16 with its padding. The counter rises with every answer and never repeats: an order of proofs that a copy of
 * the support cannot keep. Example: `80 08 1A32547698103254 82 03 000007`.
 */
export const imeiProof = berTlvSet({
  imei: optional(0x80, octets(8)),
  imeiSv: optional(0x81, octets(9)),
  counter: required(0x82, u24),
});
/** What the storage support proved: octets of TS 24.008 10.5.1.4, and its counter. */
export type ImeiProof = Infer<typeof imeiProof>;

/** Answer to GET DATA of the identity inside the channel: whose keys these are, and where the pairing keys of this UICC may stand. */
export const supportIdentity = berTlvSet({
  identity: required(0x84, octets(SUPPORT_IDENTITY_LENGTH)),
  pairingKeyVersion: required(0x83, u8),
  counter: required(0x82, u24),
});
/** The storage support's identity as read inside the channel. */
export type SupportIdentity = Infer<typeof supportIdentity>;

/** Answer in static-key mode: one exchange brings everything, because there is no session to ask more in. */
export const staticProof = berTlvSet({
  imei: required(0x80, octets(8)),
  counter: required(0x82, u24),
  support: required(0x84, octets(SUPPORT_IDENTITY_LENGTH)),
});
/** What the storage support proves in static-key mode. */
export type StaticProof = Infer<typeof staticProof>;
