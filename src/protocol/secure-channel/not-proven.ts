import type { CertificateFault } from './certificate-fault.ts';

/**
 * Why an answer proves nothing.
 * - `errorStatusWord`: any status word but 9000, 62XX, 63XX. It is never protected (GPC Amendment D 6.2.5): anybody on the way can make it.
 * - `tooShort`: not even a status word, or fewer octets than a MAC has.
 * - `missingMac`: a status word that must come with an R-MAC came alone.
 * - `wrongMac`: the R-MAC is wrong, or the padding under it: one and the same result for both.
 * - `malformed`: a handshake answer that does not follow its format, or is longer than the limits.
 * - `wrongCryptogram`: the card cryptogram of SCP03 is wrong: the card does not hold the keys.
 * - `wrongReceipt`: the receipt of SCP11 is wrong: the card saw another command, or does not hold the certified key.
 * - `wrongKey`: the card answers for another key set, another key or a point that is on no curve.
 * - `notSupported`: the card says that it cannot do the level or the mode this host demands.
 * - `certificate`: the certificates do not verify; `certificate` says how.
 */
export type NotProvenReason =
  | 'errorStatusWord'
  | 'tooShort'
  | 'missingMac'
  | 'wrongMac'
  | 'malformed'
  | 'wrongCryptogram'
  | 'wrongReceipt'
  | 'wrongKey'
  | 'notSupported'
  | 'certificate';

/** The answer proves nothing, and the session or handshake it belongs to has ended for good. It is not a proof of the contrary. */
export interface NotProven {
  readonly kind: 'notProven';
  readonly reason: NotProvenReason;
  /** The status word as received, when there was one. Unprotected: for logs, not for decisions. */
  readonly statusWord?: number;
  /** With reason `certificate`. */
  readonly certificate?: CertificateFault;
}

/** A result that proves nothing. */
export function notProven(reason: NotProvenReason, statusWord?: number): NotProven {
  return statusWord === undefined ? { kind: 'notProven', reason } : { kind: 'notProven', reason, statusWord };
}
