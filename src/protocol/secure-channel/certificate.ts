import type { PublicKey } from '#base/crypto/index.ts';

/** Whom a leaf certificate makes: the card (security domain), or the off-card entity. */
export type CertificateRole = 'sd' | 'oce';

/** A certificate as the verifier of a chain sees it, whatever its format. Structure and point are already checked. */
export interface Certificate {
  readonly kind: 'gp' | 'x509';
  readonly serial: Uint8Array;
  /** Identifier of the issuer: CA identifier 42, or the issuer's Name in DER. */
  readonly issuer: Uint8Array;
  /** Identifier of the subject: 5F20, or the subject's Name in DER. */
  readonly subject: Uint8Array;
  readonly publicKey: PublicKey;
  readonly mayAgreeKeys: boolean;
  readonly mayCertify: boolean;
  /** Roles the certificate is limited to; undefined when it names none (GlobalPlatform certificates never do). */
  readonly roles: readonly CertificateRole[] | undefined;
  /** First and last day as the number YYYYMMDD. */
  readonly validFrom: number | undefined;
  readonly validTo: number;
  /** True when the signature is by this key. */
  isSignedBy(authority: PublicKey): boolean;
}
