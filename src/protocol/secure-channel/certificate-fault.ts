/**
 * Why a chain of certificates was refused.
 * - `malformed`: octets that are no certificate, or that this verifier does not understand in full.
 * - `noLeaf`: no certificate, or not exactly one that certifies no other of the list.
 * - `tooLong`: more certificates than the limit.
 * - `foreignRoot`: the chain ends at an issuer that is not pinned. Refutes the peer rather than leaving it unproven.
 * - `wrongSignature`: a signature does not verify. Refutes likewise.
 * - `wrongUsage`: a leaf that may not agree keys, an issuer that may not certify, or the wrong role.
 * - `expired`, `notYetValid`: dates, when the date is known.
 * - `revoked`: the serial number is on the list.
 * - `wrongCurve`: a key on a curve that is not accepted, or a point that is not on its curve.
 */
export type CertificateFault =
  | 'malformed'
  | 'noLeaf'
  | 'tooLong'
  | 'foreignRoot'
  | 'wrongSignature'
  | 'wrongUsage'
  | 'expired'
  | 'notYetValid'
  | 'revoked'
  | 'wrongCurve';
